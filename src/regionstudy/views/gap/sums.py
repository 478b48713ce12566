"""The gap's sum, term by term: what each is, what it rests on, and what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from regionstudy.analysis.competence import EVERY, NEED, SCENARIOS, SUPPLY
from regionstudy.figures import note, table
from regionstudy.figures.content import Column
from regionstudy.figures.values import joined
from regionstudy.views.gap.official import OFFICIAL, bringing
from regionstudy.views.gap.wording import text

if TYPE_CHECKING:
    from regionstudy.figures.shown import Note, Table
    from regionstudy.study import Study
    from regionstudy.views.gap.facts import CompetenceFacts
    from regionstudy.words import Text

__all__ = ["assumptions_table", "terms_table"]

_HIDDEN = "suppressed"


def terms_table(study: Study, facts: CompetenceFacts | None) -> Table | Note:
    """
    Show the sum from need to gap, a row a term, in the three scenarios.

    Parameters
    ----------
    study : Study
        The study.
    facts : CompetenceFacts or None
        From `competence_facts`.

    Returns
    -------
    Table or Note
        The table; a term that is missing says which command brings it. Without members, what
        is missing.
    """
    if facts is None:
        return note(text("missing.members"), tone="missing")
    sums = {(one["term"], one["scenario"]): one for one in _records(facts.summed_terms)}
    whole = {str(one["scenario"]): one for one in _records(facts.whole)}
    rows = [_term_row(study, term, sums) for term in NEED]
    rows.append(_sum_row("need", whole, "need"))
    rows += [_term_row(study, term, sums) for term in SUPPLY]
    rows.append(_sum_row("supply", whole, "known_supply"))
    gap_row = _sum_row("gap", whole, "remaining")
    partial = any(one["absent"] for one in whole.values())
    gap_row["name"] = text("row.at_most" if partial else "row.gap")
    rows.append(gap_row)
    columns = [
        Column("name", text("column.term")),
        *(Column(one, text(f"column.{one}"), "number") for one in SCENARIOS),
        Column("range", text("column.range")),
        Column("rests", text("column.rests")),
    ]
    captions: list[Text] = [text("terms_caption")]
    if facts.past:
        captions.append(text("note.past", year=str(facts.staff_year)))
    if facts.gathered.without:
        captions.append(text("note.without", n=facts.gathered.without))
    if facts.gathered.unmatched:
        captions.append(text("note.unmatched", list=list(facts.gathered.unmatched)))
    return table(
        pd.DataFrame(rows),
        columns=columns,
        title=text("terms_title", span=facts.span),
        caption=joined(captions),
        **facts.about,
    )


def assumptions_table(study: Study, facts: CompetenceFacts | None) -> Table | None:
    """
    List what the gap assumes, and what would put a figure in its place.

    Parameters
    ----------
    study : Study
        The study.
    facts : CompetenceFacts or None
        From `competence_facts`.

    Returns
    -------
    Table or None
        A row an assumption; None without members, which the answer says.
    """
    if facts is None:
        return None
    chosen = facts.assumptions
    shares = {
        "exit_share": chosen.exit_share,
        "stay_share": chosen.stay_share.values,
        "members_share": chosen.members_share.values,
    }
    rows = [
        {
            "name": text(f"assumed.{name}"),
            **{one: 100 * share for one, share in zip(SCENARIOS, values, strict=True)},
            "instead": text(f"instead.{name}", how=bringing(study, OFFICIAL["employed"])),
        }
        for name, values in shares.items()
    ]
    columns = [
        Column("name", text("column.assumption")),
        *(Column(one, text(f"column.assumed_{one}"), "number") for one in SCENARIOS),
        Column("instead", text("column.instead")),
    ]
    key = "includes" if chosen.needs_include_replacement else "adds"
    return table(
        pd.DataFrame(rows),
        columns=columns,
        title=text("assumptions_title"),
        caption=joined([text("assumptions_caption"), text(f"replacement.{key}")]),
        fictitious=False,
    )


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): value for key, value in one.items()} for one in frame.to_dict("records")]


def _term_row(
    study: Study, term: str, sums: dict[tuple[str, str], dict[str, Any]]
) -> dict[str, Any]:
    row: dict[str, Any] = {"name": text(f"row.{term}"), "range": ""}
    there = [one for one in (*SCENARIOS, EVERY) if (term, one) in sums]
    if not there:
        row |= {one: text("short.missing") for one in SCENARIOS}
        return row | {"rests": _brings(study, term)}
    for one in SCENARIOS:
        found = sums.get((term, one), sums.get((term, EVERY)))
        row[one] = _number(found, "value", hidden=found is not None and found["status"] == _HIDDEN)
    first = sums[term, there[0]]
    if len(there) == 1 and pd.notna(first["value"]) and first["high"] > first["low"]:
        row["range"] = text("band", low=first["low"], high=first["high"])
    grounds = [text(f"rests.{one}") for one in first["rests_on"].split()]
    nothing = str(first["status"]) == "-"
    source = text(f"nothing.{term}" if nothing else f"source.{term}")
    return row | {"rests": text("rests", list=grounds, source=source)}


def _number(found: dict[str, Any] | None, column: str, *, hidden: bool) -> float | Text:
    """Give a number, or the word that stands for want of it."""
    if found is not None and pd.notna(found[column]):
        return float(found[column])
    return text("short.suppressed" if hidden else "short.missing")


def _brings(study: Study, term: str) -> Text:
    """Say what would bring a term that is missing."""
    if term not in OFFICIAL:
        return text(f"brings.{term}")
    return bringing(study, OFFICIAL[term])


def _sum_row(name: str, whole: dict[str, dict[str, Any]], column: str) -> dict[str, Any]:
    row: dict[str, Any] = {"name": text(f"row.{name}"), "range": "", "rests": ""}
    for one in SCENARIOS:
        found = whole.get(one)
        row[one] = _number(found, column, hidden=found is not None and found["state"] == _HIDDEN)
    base = whole.get("middle")
    if column == "remaining" and base is not None and pd.notna(base[column]):
        row["range"] = text("band", low=base["low"], high=base["high"])
    return row
