"""The two levels: what they are now, and what becoming one would change."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from regionstudy.analysis import membership
from regionstudy.figures import note, table
from regionstudy.figures.content import Column
from regionstudy.figures.statements import Answer, KeyFigure, KeyFigures, Sentence
from regionstudy.figures.values import joined, number_text
from regionstudy.views.membership.facts import text
from regionstudy.words import Message

if TYPE_CHECKING:
    from regionstudy.figures.shown import Note, Table
    from regionstudy.views.membership.facts import MembershipFacts
    from regionstudy.words import Text

__all__ = [
    "gains_table",
    "levels_table",
    "lone_moves_table",
    "membership_answer",
    "membership_numbers",
    "scenario_table",
]

# A change smaller than this is shown as none.
_NOTED = 0.05


def membership_answer(facts: MembershipFacts | None) -> Answer:
    """
    Answer whether the levels should be one, in two sentences.

    Parameters
    ----------
    facts : MembershipFacts or None
        From `membership_facts`.

    Returns
    -------
    Answer
        How the levels take part, and what becoming one would change; or what is missing.
    """
    if facts is None or not facts.met:
        return Answer((Sentence(text("missing.answer")),))
    levels = facts.levels
    if len(levels) < 2:
        now = text("answer.one_level", level=str(levels["level"].iloc[0]))
    else:
        rates = levels.set_index("level")["rate"]
        ordered = rates.sort_values(ascending=False)
        told = {
            "most": str(ordered.index[0]),
            "least": str(ordered.index[-1]),
            "most_rate": 100 * ordered.iloc[0],
            "least_rate": 100 * ordered.iloc[-1],
        }
        # Level by level the shares are of few meetings; a point is no difference to speak of.
        alike = round(told["most_rate"]) == round(told["least_rate"])
        now = text("answer.alike" if alike else "answer.now", **told)
    return Answer(
        (
            Sentence(now, fictitious=facts.fictitious),
            Sentence(_change(facts), fictitious=facts.fictitious),
        )
    )


def _change(facts: MembershipFacts) -> Text:
    members = facts.scenario.members
    more = members[members["invited_after"] > members["invited_before"]]
    if more.empty:
        return text("answer.no_change")
    told = {
        "n": len(more),
        "meetings": (more["invited_after"] - more["invited_before"]).mean(),
        "reach": (more["reach_after"] - more["reach_before"]).mean(),
    }
    fees = members[["fee_before", "fee_after"]]
    if fees.isna().any(axis=None):
        return text("answer.change", **told)
    change = fees["fee_after"] - fees["fee_before"]
    told |= {"dearer": int((change > 0).sum()), "cheaper": int((change < 0).sum())}
    return text("answer.change_fee", fee=fees["fee_after"].median(), **told)


def membership_numbers(facts: MembershipFacts | None) -> KeyFigures | Note:
    """
    Give the page's large numbers.

    Parameters
    ----------
    facts : MembershipFacts or None
        From `membership_facts`.

    Returns
    -------
    KeyFigures or Note
        Members, attendance, silent members and networks; or what is missing.
    """
    if facts is None or not facts.met:
        return note(text("missing.members"), tone="missing")
    levels, regular = facts.levels, facts.regularity
    rate = 100 * levels["attended"].sum() / levels["invited"].sum()
    per_level = [
        text("level_members", level=level, n=int(n))
        for level, n in levels.set_index("level")["members"].items()
    ]
    items = [
        KeyFigure(
            label=text("number.members"),
            value=number_text(len(facts.organisations)),
            unit=text("unit.members"),
            note=text("listed", list=per_level),
        ),
        KeyFigure(
            label=text("number.rate"),
            value=number_text(rate),
            unit=text("unit.percent"),
            note=text("number.rate_note", meetings=len(facts.scenario.meetings)),
        ),
        KeyFigure(
            label=text("number.silent"),
            value=number_text(float(regular["silent"].sum())),
            unit=text("unit.members"),
            note=text("number.silent_note", n=facts.silent_after),
        ),
        KeyFigure(
            label=text("number.networks"),
            value=number_text(float(facts.network_members["network_id"].nunique())),
            unit=text("unit.networks"),
            note=text("number.networks_note"),
        ),
    ]
    mark = [Message("words.fictitious")] if facts.fictitious else []
    marked = [replace(item, note=joined([*mark, item.note], ": ")) for item in items]
    return KeyFigures(tuple(marked))


def levels_table(facts: MembershipFacts | None) -> Table | Note:
    """
    Compare the levels as they are.

    Parameters
    ----------
    facts : MembershipFacts or None
        From `membership_facts`.

    Returns
    -------
    Table or Note
        A row a level; or what is missing.
    """
    if facts is None or not facts.met:
        return note(text("missing.members"), tone="missing")
    frame = facts.levels.assign(rate=lambda rows: 100 * rows["rate"])
    frame["meetings"] = frame["invited"] / frame["members"]
    frame["name"] = frame["level"].map(lambda one: text("level", level=one))
    frame["fee_each"] = frame["fee"] / frame["members"]
    for column in ("rate", "fee_each", "offered", "wanted"):
        frame[f"{column}_status"] = np.where(frame[column].isna(), "..", "")
    columns = [
        Column("name", text("column.level")),
        Column("members", text("column.members"), "number"),
        Column("meetings", text("column.invited_each"), "number", 1),
        Column("rate", text("column.rate"), "number"),
        Column("networks", text("column.networks"), "number"),
        Column("networks_alone", text("column.networks_alone"), "number"),
        Column("offered", text("column.offered"), "number"),
        Column("wanted", text("column.wanted"), "number"),
        Column("fee_each", text("column.fee_each"), "number"),
    ]
    return table(
        frame,
        columns=columns,
        title=text("levels_title"),
        caption=text("levels_caption"),
        **facts.about,
    )


def scenario_table(facts: MembershipFacts | None) -> Table | Note:
    """
    Set the levels before beside the one after.

    Parameters
    ----------
    facts : MembershipFacts or None
        From `membership_facts`.

    Returns
    -------
    Table or Note
        A row a level and time; or what is missing.
    """
    if facts is None or not facts.met:
        return note(text("missing.members"), tone="missing")
    frame = facts.scenario.levels.assign(rate=lambda rows: 100 * rows["rate"])
    named = frame["when"] + " " + frame["level"].astype(str)
    frame["name"] = named.map(lambda one: text("level_" + one.split()[0], level=one.split()[1]))
    for column in ("rate", "fee"):
        frame[f"{column}_status"] = np.where(frame[column].isna(), "..", "")
    columns = [
        Column("name", text("column.level")),
        Column("members", text("column.members"), "number"),
        Column("invited", text("column.invited_each"), "number", 1),
        Column("rate", text("column.rate"), "number"),
        Column("reach", text("column.reach"), "number", 1),
        Column("networks", text("column.networks"), "number"),
        Column("fee", text("column.fee_sum"), "number"),
    ]
    meetings = facts.scenario.meetings
    told = {"before": meetings["before"].mean(), "after": meetings["after"].mean()}
    return table(
        frame,
        columns=columns,
        title=text("scenario_title", **told),
        caption=text(f"scenario_caption_{facts.fee}"),
        **facts.about,
    )


def gains_table(facts: MembershipFacts | None) -> Table | Note:
    """
    Tell member by member who gains and who loses if the levels become one.

    Parameters
    ----------
    facts : MembershipFacts or None
        From `membership_facts`.

    Returns
    -------
    Table or Note
        A row a member, those that gain most reach first; or what is missing.
    """
    if facts is None or not facts.met:
        return note(text("missing.members"), tone="missing")
    members = facts.scenario.members
    frame = pd.DataFrame(
        {
            "name": members["org_id"].map(facts.names),
            "level": members["level_before"].map(lambda one: text("level", level=one)),
        }
    )
    for column in ("invited", "reach", "networks", "fee"):
        frame[column] = members[f"{column}_after"] - members[f"{column}_before"]
    frame["fee_status"] = np.where(frame["fee"].isna(), "..", "")
    frame["verdict"] = _verdict(frame).map(lambda one: text(f"verdict.{one}"))
    frame = frame.sort_values(
        ["reach", "invited", "fee", "name"],
        ascending=[False, False, True, True],
        ignore_index=True,
    )
    columns = [
        Column("name", text("column.member")),
        Column("level", text("column.level_now")),
        Column("invited", text("column.more_invited"), "number", signed=True),
        Column("reach", text("column.more_reach"), "number", 1, signed=True),
        *_changed(frame, "networks"),
        Column("fee", text("column.more_fee"), "number", signed=True),
        Column("verdict", text("column.verdict")),
    ]
    caption = [text("gains_caption")]
    if members["rate_assumed"].any():
        assumed = [facts.names[one] for one in members.loc[members["rate_assumed"], "org_id"]]
        caption.append(text("gains_assumed", list=assumed))
    return table(
        frame,
        columns=columns,
        title=text("gains_title"),
        caption=joined(caption),
        **facts.about,
    )


def lone_moves_table(facts: MembershipFacts | None) -> Table | Note:
    """
    Tell what would change for each member if it alone changed level.

    Parameters
    ----------
    facts : MembershipFacts or None
        From `membership_facts`.

    Returns
    -------
    Table or Note
        A row a member and level it could move to, those that gain most meetings first; or what
        is missing.
    """
    if facts is None or not facts.met:
        return note(text("missing.members"), tone="missing")
    moved = membership.lone_moves(facts.organisations, facts.participation, facts.network_members)
    if moved.empty:
        return note(text("one_level"))
    frame = pd.DataFrame({"name": moved["org_id"].map(facts.names)})
    frame["to"] = moved["level_after"].map(lambda one: text("level", level=one))
    for column in ("invited", "reach", "fee"):
        frame[column] = moved[f"{column}_after"] - moved[f"{column}_before"]
    frame["fee_status"] = np.where(frame["fee"].isna(), "..", "")
    frame = frame.sort_values(
        ["invited", "reach", "name"], ascending=[False, False, True], ignore_index=True
    )
    columns = [
        Column("name", text("column.member")),
        Column("to", text("column.level_to")),
        Column("invited", text("column.more_invited"), "number", signed=True),
        Column("reach", text("column.more_reach"), "number", 1, signed=True),
        Column("fee", text("column.more_fee"), "number", signed=True),
    ]
    return table(
        frame,
        columns=columns,
        title=text("lone_title"),
        caption=text("lone_caption"),
        **facts.about,
    )


def _changed(frame: pd.DataFrame, key: str) -> list[Column]:
    """Give the column where it changes for anyone; a column of zeros only takes room."""
    if (frame[key].abs() < _NOTED).all():
        return []
    return [Column(key, text(f"column.more_{key}"), "number", 1, signed=True)]


def _verdict(frame: pd.DataFrame) -> pd.Series:
    """Say in a word what the change is to a member: what it gets beside what it pays."""
    gets = (frame[["reach", "networks"]] >= _NOTED).any(axis=1) | (frame["invited"] > 0)
    dearer, cheaper = frame["fee"] > 0, frame["fee"] < 0
    words = np.select(
        [gets & dearer, gets & cheaper, gets, dearer, cheaper],
        ["more_for_more", "more_for_less", "gains", "pays_more", "pays_less"],
        "same",
    )
    return pd.Series(words, index=frame.index)
