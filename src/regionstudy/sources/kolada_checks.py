"""Is what Kolada answered what it was asked? It ignores what it does not know, without a word."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from regionstudy.sources.faults import changed, source_error
from regionstudy.sources.kolada_requests import region_code

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from regionstudy.sources.kolada_requests import KoladaRequest

__all__ = [
    "KEY",
    "absent_codes",
    "list_some",
    "nearest_ids",
    "nearest_titles",
    "require_asked",
    "require_figures",
    "require_single",
]

KEY = ["indicator", "region", "period", "sex"]
_PUBLISHED_FOR = {"K": "municipalities", "L": "regions and the country"}
_SHOWN = 5
_DIGITS = str.maketrans("OILS", "0115")


def require_asked(frame: pd.DataFrame, request: KoladaRequest, *, what: str) -> None:
    """
    Check that values are of what was asked for.

    Parameters
    ----------
    frame : DataFrame
        What `read_values` made of the answer.
    request : KoladaRequest
        What was asked.
    what : str
        The same in words, for the error.

    Raises
    ------
    SourceError
        If a KPI, region or year came that was not asked for.
    """
    asked = {
        "indicator": request.kpis,
        "region": [region_code(one) for one in request.areas],
        "period": request.years,
    }
    for column, ids in asked.items():
        strangers = sorted(set(frame[column].unique()) - set(ids)) if ids else []
        if strangers:
            problem = (
                f"{column} {list_some(strangers)} came, which was not asked for "
                f"({list_some(ids)} was): the service ignored a part of the question"
            )
            raise changed(problem, what=what, url=str(request))


def require_single(frame: pd.DataFrame, *, url: str, what: str) -> None:
    """
    Check that each value came once.

    Parameters
    ----------
    frame : DataFrame
        Values of all pages, rows that are alike already dropped.
    url, what : str
        What was asked, for the error.

    Raises
    ------
    SourceError
        If a KPI, region, period and sex has two different values.
    """
    twice = frame[frame.duplicated(KEY, keep=False)]
    if not twice.empty:
        shown = " ".join(str(code) for code in twice.iloc[0][KEY])
        problem = f"two different values came for {shown}"
        remedy = "Kolada may be updating its figures: fetch again later."
        raise source_error(problem, what=what, url=url, status=200, remedy=remedy)


def require_figures(frame: pd.DataFrame, known: pd.DataFrame, *, url: str) -> None:
    """
    Check that each KPI has a value.

    Parameters
    ----------
    frame : DataFrame
        Values.
    known : DataFrame
        Metadata of the KPIs that were asked for.
    url : str
        What was asked, for the error.

    Raises
    ------
    SourceError
        If a KPI has none.
    """
    without = known[~known["id"].isin(frame["indicator"])]
    if without.empty:
        return
    shown = [
        f"{kpi} ({title}; published for {_PUBLISHED_FOR[kind]} only)"
        if kind in _PUBLISHED_FOR
        else f"{kpi} ({title})"
        for kpi, title, kind in without[["id", "title", "municipality_type"]].to_numpy()
    ]
    problem = f"there are none of {list_some(shown)} for these regions, years and sexes"
    remedy = "Ask for other regions, or leave years out to see which there are."
    raise source_error(problem, what="Kolada's figures", url=url, status=200, remedy=remedy)


def absent_codes(
    frame: pd.DataFrame, kpi: str, regions: Sequence[str] | None, years: Sequence[str] | None
) -> dict[str, list[str]]:
    """
    List what was asked for and has no row.

    Parameters
    ----------
    frame : DataFrame
        Values.
    kpi : str
        The KPI.
    regions, years : sequence of str or None
        What was asked for; None for all.

    Returns
    -------
    dict
        ``regions`` and ``years`` without any row of the KPI.
    """
    had = frame[frame["indicator"] == kpi]
    in_regions, in_years = set(had["region"]), set(had["period"])
    return {
        "regions": [one for one in regions or [] if one not in in_regions],
        "years": [one for one in years or [] if one not in in_years],
    }


def nearest_ids(unknown: Sequence[str], every: pd.DataFrame) -> str:
    """
    Name the KPIs that mistyped ids may have meant.

    Parameters
    ----------
    unknown : sequence of str
        The ids.
    every : DataFrame
        Metadata of all KPIs.

    Returns
    -------
    str
        A sentence.
    """
    titles = dict(zip(every["id"], every["title"], strict=True))
    found = []
    for one in unknown[:_SHOWN]:
        typed = one.strip().upper()
        # The commonest slip: letters for digits.
        meant = typed[:1] + typed[1:].translate(_DIGITS)
        near = difflib.get_close_matches(meant, titles, n=3, cutoff=0.6)
        found += [f"{match} {titles[match]}" for match in near]
    if not found:
        return "Search for it by title: regionstudy search TEXT --source kolada."
    return f"Nearest: {'; '.join(dict.fromkeys(found))}."


def nearest_titles(text: str, every: pd.DataFrame) -> str:
    """
    Name the KPIs whose title is near to a text.

    Parameters
    ----------
    text : str
        The text.
    every : DataFrame
        Metadata of all KPIs.

    Returns
    -------
    str
        A sentence.
    """
    by_word: dict[str, str] = {}
    for kpi, title in zip(every["id"], every["title"], strict=True):
        plain = title.casefold()
        for word in (plain, *plain.replace(",", " ").split()):
            by_word.setdefault(word, f"{kpi} {title}")
    near = difflib.get_close_matches(text.casefold(), by_word, n=3, cutoff=0.7)
    found = dict.fromkeys(by_word[word] for word in near)
    return f"Nearest: {'; '.join(found)}." if found else "Try another word of the title."


def list_some(ids: Sequence[str]) -> str:
    """
    Write out the first five of some ids, and the number of the others.

    Parameters
    ----------
    ids : sequence of str
        The ids.

    Returns
    -------
    str
        A part of a sentence.

    Examples
    --------
    >>> list_some(["N01951", "N00003"])
    'N01951, N00003'
    """
    shown = ", ".join(ids[:_SHOWN])
    return f"{shown} and {len(ids) - _SHOWN} more" if len(ids) > _SHOWN else shown
