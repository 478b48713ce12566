"""What `regionstudy search --source` prints: what a source has that fits, the best first."""

from __future__ import annotations

import difflib
import re
import warnings
from typing import TYPE_CHECKING

import pandas as pd

from regionstudy.console.messages import waiting
from regionstudy.console.search import closing_line, period_text, read_words
from regionstudy.console.tables import table_text
from regionstudy.errors import SourceError
from regionstudy.sources.kolada_checks import nearest_titles

if TYPE_CHECKING:
    from collections.abc import Callable

    from regionstudy.sources.clients import Clients

__all__ = ["search_source"]

_FOR = {"K": "municipalities", "L": "regions", "A": "municipalities, regions"}
_NAMES_SHOWN = 4


def search_source(text: str, *, source: str, clients: Clients, most: int) -> str:
    """
    List what a source has that fits some words.

    Parameters
    ----------
    text : str
        The words; all must be found.
    source : {"scb", "kolada", "jobtech"}
        Where to look.
    clients : Clients
        The sources' clients.
    most : int
        How many to list.

    Returns
    -------
    str
        A table, the best first, and how many more there are; or that there are none, and what
        to try.

    Raises
    ------
    ConfigError
        If there is no word.
    SourceError
        If the source fails.
    """
    return _SEARCHES[source](read_words(text), clients, most)


def _search_scb(text: str, clients: Clients, most: int) -> str:
    with waiting("Asking SCB"):
        found, said = clients.scb.search(text), ""
        if found.empty and re.fullmatch(r"[\w\s]+", text):
            # The service looks for whole words: "hyra" is not "hyror".
            found = clients.scb.search(" ".join(f"{word}*" for word in text.split()))
            said = f'No table has the words "{text}"; these have words that begin so.\n'
        if found.empty:
            found = clients.scb.similar(text, most=most)
            said = f'No table has all of "{text}"; these have some of it.\n'
    if found.empty:
        return (
            f'No table of SCB matches "{text}". Write Swedish words as in a table\'s title, '
            f'fewer of them, or the beginning of one and a star: "bostad*".'
        )
    rows = found.assign(
        id=found["table"],
        period=[
            period_text(first, last)
            for first, last in zip(found["first_period"], found["last_period"], strict=True)
        ],
        updated=found["updated"].str[:10],
    )
    if not said:
        rows = _best_first(rows, text, newest="last_period")
    table = table_text(["id", "title", "period", "updated", "variables"], rows[:most])
    return said + table + closing_line(len(rows), most, "regionstudy describe TAB…")


def _search_kolada(text: str, clients: Clients, most: int) -> str:
    with waiting("Asking Kolada"):
        found = clients.kolada.kpis(text, empty_ok=True)
        near = nearest_titles(text, clients.kolada.kpis()) if found.empty else ""
    if found.empty:
        return (
            f'No key figure of Kolada has "{text}" in its title. {near} '
            f"Write Swedish words, or the beginning of one."
        )
    rows = _best_first(found, text).fillna({"publ_period": ""})
    rows = rows.assign(
        period=rows["publ_period"],
        published=rows["publication_date"].dt.strftime("%Y-%m-%d").fillna(""),
        variables=rows["is_divided_by_gender"].map({True: "women, men, total", False: "total"}),
        published_for=rows["municipality_type"].map(_FOR),
    )
    columns = ["id", "title", "period", "published", "variables", "published_for"]
    return table_text(columns, rows[:most]) + closing_line(
        len(rows), most, "regionstudy describe N…"
    )


def _search_jobtech(text: str, clients: Clients, most: int) -> str:
    with waiting("Asking JobTech"):
        known = clients.taxonomy.occupation_names()
        found = _occupations(known, text.casefold().split())
        counts = _count_open(clients, found["id"].head(most).tolist())
    if found.empty:
        hint = _nearest_occupations(text.casefold(), known["label"])
        return (
            f'No occupation of JobTech\'s taxonomy has "{text}". {hint}'
            f"Write Swedish words, a part of one, or the first digits of an SSYK code."
        )
    rows = found.assign(open_ads=[counts.get(code, "") for code in found["id"]])
    said = (
        "\nThe id is the code of SSYK 2012, names are those of the occupation in ads; open ads "
        "are those of all Sweden, and an ad may offer several vacancies."
    )
    table = table_text(["id", "title", "names", "open_ads"], rows[:most])
    return table + closing_line(len(rows), most, "") + said


def _nearest_occupations(text: str, names: pd.Series) -> str:
    by_word: dict[str, str] = {}
    for name in names:
        for word in (name.casefold(), *re.findall(r"\w+", name.casefold())):
            by_word.setdefault(word, name)
    near = difflib.get_close_matches(text, by_word, n=3, cutoff=0.7)
    found = dict.fromkeys(by_word[word] for word in near)
    return f"Nearest: {'; '.join(found)}. " if found else ""


def _occupations(known: pd.DataFrame, words: list[str]) -> pd.DataFrame:
    """Find unit groups by their code, title or names: ``id``, ``title``, ``names``."""
    titles, names = known["group"].str.casefold(), known["label"].str.casefold()
    in_title = pd.Series(True, index=known.index)
    in_name = in_title.copy()
    for word in words:
        by_code = known["occupation"].str.startswith(word) & word.isdigit()
        in_title &= by_code | titles.str.contains(word, regex=False)
        in_name &= by_code | names.str.contains(word, regex=False)
    # The names that fit stand first.
    found = known[in_title | in_name].assign(other=~in_name).sort_values("other", kind="stable")
    rows = [
        (code, title, _some(part["label"].tolist()))
        for (code, title), part in found.groupby(["occupation", "group"], sort=False)
    ]
    table = pd.DataFrame(rows, columns=["id", "title", "names"], dtype="str")
    return _best_first(table, " ".join(words), also="names")


_SEARCHES: dict[str, Callable[[str, Clients, int], str]] = {
    "scb": _search_scb,
    "kolada": _search_kolada,
    "jobtech": _search_jobtech,
}


def _count_open(clients: Clients, codes: list[str]) -> dict[str, int]:
    """Count open ads; without the count the list is still of use."""
    if not codes:
        return {}
    try:
        return clients.jobtech.count_open(codes)
    except SourceError as error:
        warnings.warn(f"Open ads could not be counted. {error}", UserWarning, stacklevel=2)
        return {}


def _best_first(rows: pd.DataFrame, text: str, *, newest: str = "", also: str = "") -> pd.DataFrame:
    """Sort by how well the title fits: the phrase, whole words, living series, short titles."""
    plain = text.casefold()
    titles = (rows["title"] + (" " + rows[also] if also else "")).str.casefold()
    words = [set(re.findall(r"\w+", title)) for title in titles]
    ordered = rows.assign(
        _phrase=[-bool(re.search(rf"\b{re.escape(plain)}", title)) for title in titles],
        _whole=[-len(words_of & set(plain.split())) for words_of in words],
        _age=-pd.to_numeric(rows[newest].str[:4], errors="coerce").fillna(0) if newest else 0,
        _length=rows["title"].str.len(),
    ).sort_values(["_phrase", "_whole", "_age", "_length"], kind="stable", ignore_index=True)
    return ordered.drop(columns=["_phrase", "_whole", "_age", "_length"])


def _some(names: list[str]) -> str:
    told = list(dict.fromkeys(names))
    rest = len(told) - _NAMES_SHOWN
    return "; ".join(told[:_NAMES_SHOWN]) + (f" and {rest} more" if rest > 0 else "")
