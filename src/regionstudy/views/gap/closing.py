"""What could close the gap: recruiting together where each needs few."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from regionstudy.analysis.competence import joint_recruitment
from regionstudy.figures import note, table
from regionstudy.figures.cluster_captions import capitalised
from regionstudy.figures.content import Column, as_text
from regionstudy.views.gap.wording import occupation, text

if TYPE_CHECKING:
    from regionstudy.figures.shown import Note, Table
    from regionstudy.views.gap.facts import CompetenceFacts
    from regionstudy.words import Text

__all__ = ["joint_table"]

_MIDDLE = "middle"
# More names than this make a row that nobody reads.
_NAMED = 3
_MOST = 10


def joint_table(facts: CompetenceFacts | None) -> Table | Note | None:
    """
    List the groups that several organisations each need few of in the first year.

    Parameters
    ----------
    facts : CompetenceFacts or None
        From `competence_facts`.

    Returns
    -------
    Table, Note or None
        A row a group; a line where there is none; None without members, which the answer says.
    """
    if facts is None:
        return None
    needs = facts.own_needs
    first = needs[(needs["scenario"] == _MIDDLE) & (needs["year"] == facts.years[0])]
    found = joint_recruitment(
        first[["org_id", "occupation", "headcount"]], few=facts.assumptions.few
    )
    told: dict[str, Any] = {"n": len(found), "year": facts.start, "few": facts.assumptions.few}
    if found.empty:
        return note(text("joint_none", **told))
    told |= {"persons": found["headcount"].sum(), "all": first["headcount"].sum()}
    found = found.head(_MOST)
    frame = found.assign(
        name=found["occupation"].map(lambda code: capitalised(occupation(str(code)))),
        share=100 * found["headcount"] / found["needed"],
        who=found["org_ids"].map(lambda ids: _listed(str(ids).split(), facts)),
    )
    columns = [
        Column("name", text("column.occupation")),
        Column("headcount", text("column.together"), "number"),
        Column("share", text("column.joint_share"), "number"),
        Column("who", text("column.who")),
    ]
    return table(
        frame,
        columns=columns,
        title=text("joint_title", **told),
        caption=text("joint_caption", **told),
        **facts.about,
    )


def _listed(ids: list[str], facts: CompetenceFacts) -> Text:
    # Names hold commas ("Exempelverket, Sundsvall").
    names = "; ".join(facts.names[one] for one in ids[:_NAMED])
    more = len(ids) - _NAMED
    return text("listed_more", list=names, n=more) if more > 0 else as_text(names)
