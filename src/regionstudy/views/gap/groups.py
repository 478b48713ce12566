"""The gap by group of occupations: year by year, and in the three scenarios side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from regionstudy.analysis.competence import SCENARIOS, TOTAL
from regionstudy.figures import charts, note, table
from regionstudy.figures.cluster_captions import capitalised
from regionstudy.figures.content import Column, Measure
from regionstudy.figures.values import number_text
from regionstudy.views.gap.answer import middle, term_list
from regionstudy.views.gap.wording import occupation, state_text, text

if TYPE_CHECKING:
    from regionstudy.figures.shown import Note, StudyFigure, Table
    from regionstudy.views.gap.facts import CompetenceFacts
    from regionstudy.words import Text

__all__ = ["gap_grid", "gap_table"]

_MIDDLE = "middle"


def gap_grid(facts: CompetenceFacts | None, **about: Any) -> StudyFigure | Note | None:
    """
    Draw the gap by group of occupations and year, the largest on top.

    Parameters
    ----------
    facts : CompetenceFacts or None
        From `competence_facts`.
    **about
        Passed on to `regionstudy.figures.charts.heat`.

    Returns
    -------
    StudyFigure, Note or None
        The grid; a line where no cell has a number; None without members, which the answer
        says.
    """
    if facts is None:
        return None
    cells = facts.cells
    cells = cells[(cells["scenario"] == _MIDDLE) & (cells["occupation"] != TOTAL)]
    if cells["remaining"].isna().all():
        return note(text("missing.grid"), tone="missing")
    order = cells.groupby("occupation")["remaining"].sum(min_count=1)
    place = order.sort_values(ascending=False, kind="stable", na_position="last").index
    cells = cells.set_index("occupation").loc[place].reset_index()
    statuses = cells["state"].map({"suppressed": "suppressed", "missing": ".."}).fillna("")
    frame = pd.DataFrame(
        {
            "row": cells["occupation"],
            "name": [capitalised(occupation(str(code))) for code in cells["occupation"]],
            "column": cells["year"].astype(str),
            "value": cells["remaining"],
            "status": statuses,
            "word": [
                _short(str(state), float(value))
                for state, value in zip(cells["state"], cells["remaining"], strict=True)
            ],
        }
    )
    partial = (cells["state"] == "at_most").any()
    options: dict[str, Any] = {
        "title": _grid_title(facts),
        "measure": Measure(
            text("measure.at_most" if partial else "measure.gap"),
            text("unit.persons"),
            facts.span,
        ),
        "row": text("column.occupation"),
        "scale": "diverging",
        "notes": [text("note.states", n=facts.threshold), *_partial_notes(facts)],
        "id": "gap",
        **facts.about,
    }
    return charts.heat(frame, **(options | about))


def gap_table(facts: CompetenceFacts | None) -> Table | None:
    """
    Set the gap in the three scenarios of need side by side, a row a group of occupations.

    Parameters
    ----------
    facts : CompetenceFacts or None
        From `competence_facts`.

    Returns
    -------
    Table or None
        The table; None without members, which the answer says.
    """
    if facts is None:
        return None
    found = facts.by_occupation
    wide = {one: found[found["scenario"] == one].set_index("occupation") for one in SCENARIOS}
    base = wide[_MIDDLE] if len(wide[_MIDDLE]) else max(wide.values(), key=len)
    order = base["remaining"].sort_values(ascending=False, kind="stable", na_position="last").index
    rows: list[dict[str, Any]] = []
    for code in [*order, TOTAL]:
        by = {one: wide[one].loc[code] for one in SCENARIOS if code in wide[one].index}
        if code == TOTAL:
            by = {str(one["scenario"]): one for _, one in facts.whole.iterrows()}
        rows.append(_row(str(code), by))
    columns = [
        Column("name", text("column.occupation")),
        Column("need", text("column.need"), "number"),
        Column("supply", text("column.supply"), "number"),
        *(Column(one, text(f"column.{one}"), "number") for one in SCENARIOS),
        Column("told", text("column.told")),
    ]
    caption = text("table_caption", level=100 * facts.assumptions.level)
    return table(
        pd.DataFrame(rows),
        columns=columns,
        title=text("table_title", span=facts.span),
        caption=caption,
        **facts.about,
    )


def _row(code: str, by: dict[str, Any]) -> dict[str, Any]:
    base = by.get(_MIDDLE)
    if base is None:
        base = next(iter(by.values()))
    hidden = "suppressed" if base["state"] == "suppressed" else ".."
    row: dict[str, Any] = {
        "name": capitalised(occupation(code)),
        "need": base["need"],
        "need_status": base["need_status"],
        "supply": base["known_supply"],
        "supply_status": hidden if pd.isna(base["known_supply"]) else "",
        "told": text(
            f"told.{base['state']}", band=text("band", low=base["low"], high=base["high"])
        ),
    }
    for one in SCENARIOS:
        there = one in by and pd.notna(by[one]["remaining"])
        row[one] = by[one]["remaining"] if there else float("nan")
        row[f"{one}_status"] = "" if there else hidden
    return row


def _short(state: str, remaining: float) -> Text:
    """Write a cell's word as short as a phone takes it."""
    if state == "at_most":
        return text("short.at_most", n=number_text(remaining))
    if state in ("balance", "suppressed", "missing"):
        return text(f"short.{state}")
    return state_text(state, remaining)


def _grid_title(facts: CompetenceFacts) -> Text:
    found = facts.by_occupation
    found = found[found["scenario"] == _MIDDLE]
    short = int(found["state"].isin(["shortage", "at_most"]).sum())
    top = found.sort_values(["remaining", "occupation"], ascending=[False, True]).iloc[0]
    told = {
        "n": short,
        "of": len(found),
        "name": occupation(str(top["occupation"])),
        "value": top["remaining"],
    }
    if middle(facts.whole)["state"] == "at_most":
        return text("grid_title_most", **told)
    return text("grid_title", **told)


def _partial_notes(facts: CompetenceFacts) -> list[Text]:
    absent = str(middle(facts.whole)["absent"])
    if not absent:
        return []
    return [text("note.partial", absent=term_list(absent))]
