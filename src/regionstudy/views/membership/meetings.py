"""Who takes part: the picture of attendance, and the members that have fallen silent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from regionstudy.analysis import membership
from regionstudy.figures import charts, note, table
from regionstudy.figures.content import Column, Measure
from regionstudy.views.membership.facts import text

if TYPE_CHECKING:
    from regionstudy.figures.shown import Note, StudyFigure, Table
    from regionstudy.views.membership.facts import MembershipFacts

__all__ = ["attendance_chart", "regularity_table"]


def attendance_chart(facts: MembershipFacts | None, **about: Any) -> StudyFigure | Note:
    """
    Draw who came to which meeting, those that come most first.

    Parameters
    ----------
    facts : MembershipFacts or None
        From `membership_facts`.
    **about
        Passed on to `regionstudy.figures.charts.attendance_grid`.

    Returns
    -------
    StudyFigure or Note
        The picture; or what is missing.
    """
    if facts is None or not facts.met:
        return note(text("missing.members"), tone="missing")
    matrix = membership.attendance(facts.participation)
    regular = facts.regularity
    matrix = matrix.loc[regular["org_id"].iloc[::-1]]
    steady = int((regular["rate"] >= 0.8).sum())
    title = text("attendance_title", steady=steady, n=len(regular))
    options: dict[str, Any] = {
        "title": title,
        "measure": Measure(text("attendance_measure"), period=facts.period),
        "id": "attendance",
        **facts.about,
    }
    return charts.attendance_grid(matrix, names=facts.names, **(options | about))


def regularity_table(facts: MembershipFacts | None) -> Table | Note:
    """
    List the members that take part least.

    Parameters
    ----------
    facts : MembershipFacts or None
        From `membership_facts`.

    Returns
    -------
    Table or Note
        Members that are silent or came to fewer than half of their meetings; or a line that
        there is none.
    """
    if facts is None or not facts.met:
        return note(text("missing.members"), tone="missing")
    regular = facts.regularity
    frame = regular[regular["silent"] | (regular["rate"] < 0.5)].reset_index(drop=True)
    never = sorted(set(facts.names) - set(regular["org_id"]))
    if frame.empty and not never:
        return note(text("nobody_silent", n=facts.silent_after))
    frame["name"] = frame["org_id"].map(facts.names)
    frame["last_text"] = (
        frame["last"]
        .dt.strftime("%Y-%m-%d")
        .map(lambda one: text("never") if pd.isna(one) else text("date", date=one))
    )
    frame["rate"] = 100 * frame["rate"]
    columns = [
        Column("name", text("column.member")),
        Column("invited", text("column.invited"), "number"),
        Column("rate", text("column.rate"), "number"),
        Column("absence", text("column.absence"), "number"),
        Column("longest_absence", text("column.longest_absence"), "number"),
        Column("last_text", text("column.last")),
    ]
    caption = text("silent_caption", n=facts.silent_after)
    if never:
        caption = text(
            "joined",
            list=[caption, text("never_invited", list=[facts.names[one] for one in never])],
        )
    return table(
        frame,
        columns=columns,
        title=text("silent_title", n=int(regular["silent"].sum())),
        caption=caption,
        **facts.about,
    )
