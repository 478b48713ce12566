"""The network's common goals: how far it has come, and how fast it would have to go."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from regionstudy.analysis import membership
from regionstudy.common_goals import goal_rows, read_goals
from regionstudy.figures import note, table
from regionstudy.figures.content import Column
from regionstudy.figures.values import joined, number_text
from regionstudy.geography import label, level_of
from regionstudy.views.membership.facts import text
from regionstudy.words import Words

if TYPE_CHECKING:
    from regionstudy.common_goals import Goal, Goals
    from regionstudy.figures.shown import Note, Table
    from regionstudy.study import Study
    from regionstudy.views.membership.facts import MembershipFacts
    from regionstudy.words import Text

__all__ = ["goals_table"]


def goals_table(study: Study, facts: MembershipFacts | None) -> Table | Note:
    """
    Set the goals of ``data/goals.toml`` beside where they stand.

    Parameters
    ----------
    study : Study
        The study.
    facts : MembershipFacts or None
        From `membership_facts`.

    Returns
    -------
    Table or Note
        A row a goal; or a line that there is none.

    Raises
    ------
    ConfigError
        If the file is wrong.
    """
    path = study.folder / "data" / "goals.toml"
    goals = read_goals(path, indicators=study.catalogue) if path.is_file() else None
    if goals is None or not goals.goals:
        return note(text("missing.goals"), tone="missing")
    seen, provenance = _observed(study, goals, facts)
    found = membership.goal_progress(goal_rows(goals), seen)
    rows = [_row(row, goals.goals[str(row.goal)], study) for row in found.itertuples()]
    frame = pd.DataFrame(rows)
    for column in ("base", "now"):
        frame[f"{column}_status"] = np.where(frame[column].isna(), "..", "")
    frame.attrs["provenance"] = provenance
    columns = [
        Column("title", text("column.goal")),
        Column("unit", text("column.unit")),
        Column("base", text("column.base"), "number", 1),
        Column("now", text("column.now"), "number", 1),
        Column("now_year", text("column.now_year"), "period"),
        Column("target", text("column.target")),
        Column("pace", text("column.pace")),
        Column("needed", text("column.needed_pace")),
        Column("state", text("column.state")),
    ]
    measured = any(goal.measure for goal in goals.goals.values())
    rests_on = facts if measured else None
    caption = [text("goals_caption")]
    if goals.example:
        caption.insert(0, text("goals_example"))
    return table(
        frame,
        columns=columns,
        title=_title(found),
        caption=joined(caption),
        sources=[] if rests_on is None else [rests_on.source],
        fictitious=goals.example or (rests_on is not None and rests_on.fictitious),
    )


def _observed(
    study: Study, goals: Goals, facts: MembershipFacts | None
) -> tuple[pd.DataFrame, dict[str, object]]:
    parts: list[pd.DataFrame] = []
    provenance: dict[str, object] = {}
    for name, goal in goals.goals.items():
        if goal.indicator:
            where = goal.region or study.home
            frame = study.indicators(goal.indicator, level=level_of(where))
            own = frame[frame["region"] == where]
            own = own[own["period"].str.fullmatch(r"\d{4}")]
            parts.append(own[["period", "value"]].assign(goal=name))
            provenance |= frame.attrs.get("provenance", {})
        elif facts is not None and facts.met:
            parts.append(_member_measure(facts, str(goal.measure)).assign(goal=name))
    columns = ["goal", "period", "value"]
    empty = pd.DataFrame({"goal": [], "period": [], "value": []}).astype({"period": str})
    return (pd.concat(parts, ignore_index=True)[columns] if parts else empty), provenance


def _member_measure(facts: MembershipFacts, measure: str) -> pd.DataFrame:
    """Work out what members' own data tell, year by year."""
    rows = facts.participation.assign(period=facts.participation["date"].dt.strftime("%Y"))
    came = rows["attended"].astype("boolean").astype(float)
    if measure == "participation":
        values = 100 * came.groupby(rows["period"]).mean()
    else:
        each = came.groupby([rows["period"], rows["date"], rows["meeting"]]).sum()
        values = each.groupby("period").mean()
    return values.rename("value").rename_axis("period").reset_index()


def _row(row: object, goal: Goal, study: Study) -> dict[str, object]:
    signed = {"decimals": 1, "signed": True}
    get = row._asdict()  # type: ignore[attr-defined]
    where = goal.region or study.home
    unit: Text
    if goal.indicator:
        entry = study.catalogue[goal.indicator]
        unit = text("goal_unit", name=entry.label, unit=entry.symbol, place=label(where))
    else:
        unit = text(f"measure.{goal.measure}")
    missing = text("dots")
    return {
        "title": Words(sv=goal.title.sv, en=goal.title.en),
        "unit": unit,
        "base": get["base"],
        "now": get["now"],
        "now_year": "" if pd.isna(get["now_year"]) else f"{get['now_year']:.0f}",
        "target": text("goal_target", value=float(goal.target), year=str(goal.year)),
        "pace": missing if pd.isna(get["pace"]) else number_text(get["pace"], **signed),
        "needed": missing
        if pd.isna(get["needed_pace"])
        else number_text(get["needed_pace"], **signed),
        "state": text(f"state.{get['state']}"),
    }


def _title(found: pd.DataFrame) -> Text:
    counts = found["state"].value_counts()
    well = int(counts.get("reached", 0) + counts.get("on_pace", 0))
    return text("goals_title", well=well, n=len(found))
