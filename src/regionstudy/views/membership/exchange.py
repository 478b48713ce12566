"""What members give each other: competence, moves between them, and whom they win and lose."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from regionstudy.analysis import membership
from regionstudy.figures import note, table
from regionstudy.figures.content import Column, Measure
from regionstudy.figures.flows import flow_chord
from regionstudy.figures.values import joined
from regionstudy.geography import name as region_name
from regionstudy.views.membership.facts import text

if TYPE_CHECKING:
    from regionstudy.figures.shown import Note, StudyFigure, Table
    from regionstudy.study import Study
    from regionstudy.views.membership.facts import MembershipFacts
    from regionstudy.words import Message

__all__ = [
    "contributions_table",
    "fitting_table",
    "hires_table",
    "moves_chart",
    "moves_table",
    "turnover_tables",
]

_TOTAL = "total"
_HIDDEN = "suppressed"
_GROUP = "occupation_major"
_MOST = 12


def contributions_table(facts: MembershipFacts | None) -> Table | Note:
    """
    Pair what members want with what others offer.

    Parameters
    ----------
    facts : MembershipFacts or None
        From `membership_facts`.

    Returns
    -------
    Table or Note
        A row a pair, and what has no partner in the caption; or what is missing.
    """
    if facts is None or facts.contributions.empty:
        return note(text("missing.contributions"), tone="missing")
    found = membership.match_contributions(facts.contributions)
    left = text(
        "matches_left",
        wanted=_listed(found.wanted["competence"]),
        offered=_listed(found.offered["competence"]),
    )
    if found.pairs.empty:
        return note(joined([text("no_matches"), left]))
    pairs = found.pairs
    frame = pd.DataFrame(
        {
            "wanted": pairs["wanted"],
            "wanted_by": pairs["wanted_by"].map(facts.names),
            "offered_by": pairs["offered_by"].map(facts.names),
            "offered": pairs["offered"],
        }
    )
    columns = [
        Column("wanted", text("column.wanted_what")),
        Column("wanted_by", text("column.wanted_by")),
        Column("offered_by", text("column.offered_by")),
    ]
    if (frame["wanted"].str.casefold() != frame["offered"].str.casefold()).any():
        columns.append(Column("offered", text("column.offered_what")))
    title = text("matches_title", n=len(pairs), of=len(pairs) + len(found.wanted))
    return table(frame, columns=columns, title=title, caption=left, **facts.about)


def moves_chart(
    study: Study, facts: MembershipFacts | None, **about: Any
) -> StudyFigure | Note | None:
    """
    Draw who has moved or been lent between which members.

    Parameters
    ----------
    study : Study
        The study.
    facts : MembershipFacts or None
        From `membership_facts`.
    **about
        Passed on to `regionstudy.figures.flows.flow_chord`.

    Returns
    -------
    StudyFigure, Note or None
        The picture; a line where fewer than three pairs may be shown, as most groups are too
        small; nothing without members, which `moves_table` says.
    """
    if facts is None or study.members is None:
        return None
    moves = study.members.release("moves_between_members")
    inner = moves[(moves["from_org"] != _TOTAL) & (moves["to_org"] != _TOTAL)]
    shown = inner[inner["headcount"] > 0]
    if len(shown) < 3:
        return note(text("moves_hidden", n=moves.attrs["threshold"]))
    ends = sorted(set(shown["from_org"]) | set(shown["to_org"]), key=lambda one: facts.names[one])
    # A pair that no row is about had no moves; a hidden one stays without a figure.
    matrix = (
        inner.pivot(index="from_org", columns="to_org", values="headcount")  # noqa: PD010 - keys are unique
        .reindex(index=ends, columns=ends)
        .astype(float)
    )
    known = inner.set_index(["from_org", "to_org"]).index
    absent = ~pd.MultiIndex.from_product([ends, ends]).isin(known)
    values = matrix.to_numpy().copy()
    values[absent.reshape(values.shape)] = 0.0
    matrix = pd.DataFrame(values, index=ends, columns=ends)
    options: dict[str, Any] = {
        "title": text("moves_title", n=len(shown)),
        "measure": Measure(text("moves_measure"), period=text("year", **_told(moves))),
        "names": facts.names,
        "notes": [text("moves_note", n=moves.attrs["threshold"])],
        "id": "moves",
        **facts.about_with(moves),
    }
    return flow_chord(matrix, **(options | about))


def moves_table(study: Study, facts: MembershipFacts | None) -> Table | Note:
    """
    Tell how many each member has lent or let go to the others, and taken.

    Parameters
    ----------
    study : Study
        The study.
    facts : MembershipFacts or None
        From `membership_facts`.

    Returns
    -------
    Table or Note
        A row a member; or what is missing.
    """
    if facts is None or study.members is None:
        return note(text("missing.members"), tone="missing")
    moves = study.members.release("moves_between_members")
    if moves.empty:
        return note(text("missing.moves"), tone="missing")
    frame = pd.DataFrame({"org_id": list(facts.names)})
    for column, end, other in (("left", "from_org", "to_org"), ("came", "to_org", "from_org")):
        margin = moves[moves[other] == _TOTAL].set_index(end)
        frame = frame.assign(**_released(margin, list(frame["org_id"]), column))
    frame["name"] = frame["org_id"].map(facts.names)
    idle = (frame["left"] == 0) & (frame["came"] == 0)
    few = frame["left"].isna() & frame["came"].isna()
    counted = {"still": int(idle.sum()), "few": int(few.sum())}
    frame = frame[~idle & ~few].sort_values(
        ["came", "name"], ascending=[False, True], ignore_index=True
    )
    columns = [
        Column("name", text("column.member")),
        Column("left", text("column.moved_from"), "number"),
        Column("came", text("column.moved_to"), "number"),
    ]
    told = _told(moves)
    caption = [text("moves_caption", **told)]
    caption += [text(f"moves_{key}", count=n, **told) for key, n in counted.items() if n]
    return table(
        frame,
        columns=columns,
        title=text("moves_members_title"),
        caption=joined(caption),
        **facts.about_with(moves),
    )


def fitting_table(study: Study, facts: MembershipFacts | None) -> Table | Note:
    """
    List the moves between members that would fit best.

    Parameters
    ----------
    study : Study
        The study.
    facts : MembershipFacts or None
        From `membership_facts`.

    Returns
    -------
    Table or Note
        The best moves, one for each member in need and group of occupations; or what is
        missing.
    """
    if facts is None or study.members is None:
        return note(text("missing.members"), tone="missing")
    staff = study.members.release("staff_by_organisation_and_occupation")
    needs = study.members.release("needs_by_organisation_and_occupation")
    needs = needs[needs["scenario"] == "middle"]
    needs = needs.assign(**{_GROUP: needs["occupation_minor"].str[0]})
    if staff.empty or needs.empty:
        return note(text("missing.fits"), tone="missing")
    year = int(needs["year"].min())
    found = membership.fitting_moves(staff, needs[needs["year"] == year], group=_GROUP)
    best = found.drop_duplicates(["to_org", _GROUP]).head(_MOST).reset_index(drop=True)
    if best.empty:
        return note(text("no_fits"))
    frame = best.assign(
        from_name=best["from_org"].map(facts.names),
        to_name=best["to_org"].map(facts.names),
        group=best[_GROUP].map(_major),
    )
    columns = [
        Column("to_name", text("column.needs")),
        Column("group", text("column.group")),
        Column("needed", text("column.needed"), "number"),
        Column("from_name", text("column.has")),
        Column("staff", text("column.staff"), "number"),
    ]
    return table(
        frame,
        columns=columns,
        title=text("fits_title"),
        caption=text("fits_caption", year=str(year)),
        **facts.about_with(staff, needs),
    )


def hires_table(study: Study, facts: MembershipFacts | None) -> Table | Note:
    """
    Tell from where members have hired, and how many of them returned to the region.

    Parameters
    ----------
    study : Study
        The study.
    facts : MembershipFacts or None
        From `membership_facts`.

    Returns
    -------
    Table or Note
        A row a region of origin; or what is missing.
    """
    if facts is None or study.members is None:
        return note(text("missing.members"), tone="missing")
    hires = study.members.release("hires_by_origin")
    if hires.empty:
        return note(text("missing.hires"), tone="missing")
    wide = hires.set_index(["from_region", "returned"])
    regions = [one for one in dict.fromkeys(hires["from_region"]) if one != _TOTAL]
    frame = pd.DataFrame({"from_region": [*regions, _TOTAL]})
    for column, returned in (("all", _TOTAL), ("returned", "yes")):
        keys = [(one, returned) for one in frame["from_region"]]
        frame = frame.assign(**_released(wide, keys, column))
    frame["name"] = frame["from_region"].map(_origin)
    order = frame["all"].where(frame["from_region"] != _TOTAL, np.inf)
    frame = frame.iloc[order.argsort(kind="stable")[::-1]].reset_index(drop=True)
    columns = [
        Column("name", text("column.origin")),
        Column("all", text("column.hired"), "number"),
        Column("returned", text("column.returned"), "number"),
    ]
    told = _told(hires)
    return table(
        frame,
        columns=columns,
        title=_hires_title(frame),
        caption=text("hires_caption", **told),
        **facts.about_with(hires),
    )


def turnover_tables(study: Study, facts: MembershipFacts | None) -> list[Table | Note]:
    """
    Tell which part of their staff members keep, by member and by group of occupations.

    Parameters
    ----------
    study : Study
        The study.
    facts : MembershipFacts or None
        From `membership_facts`.

    Returns
    -------
    list of Table or Note
        A table by member and one by group; or what is missing.
    """
    if facts is None or study.members is None:
        return [note(text("missing.members"), tone="missing")]
    staff = study.members.release("staff_by_organisation_and_occupation")
    left = study.members.release("leavers_by_organisation")
    if staff.empty or left.empty:
        return [note(text("missing.turnover"), tone="missing")]
    if staff.attrs["year"] != left.attrs["year"]:
        years = {"staff": staff.attrs["year"], "left": left.attrs["year"]}
        return [note(text("missing.turnover_year", **years), tone="missing")]
    left = left.rename(columns={"from_org": "org_id"})
    kept = membership.turnover(staff, left, keys=("org_id", _GROUP))
    for column in ("staff", "leavers", "kept"):
        kept[f"{column}_status"] = kept["status"].astype(str)
    kept["kept"] = 100 * kept["kept"]
    members = kept[(kept[_GROUP] == _TOTAL) & (kept["org_id"] != _TOTAL)]
    groups = kept[(kept["org_id"] == _TOTAL) & (kept[_GROUP] != _TOTAL)]
    told, about = _told(staff), facts.about_with(staff, left)
    return [
        _turnover(members.assign(name=members["org_id"].map(facts.names)), "members", told, about),
        _turnover(groups.assign(name=groups[_GROUP].map(_major)), "groups", told, about),
    ]


def _turnover(frame: pd.DataFrame, by: str, told: dict[str, Any], about: dict[str, Any]) -> Table:
    columns = [
        Column("name", text(f"column.{'member' if by == 'members' else 'group'}")),
        Column("staff", text("column.staff"), "number"),
        Column("leavers", text("column.leavers"), "number"),
        Column("kept", text("column.kept"), "number"),
    ]
    few = frame["status"] == _HIDDEN
    ordered = frame[~few].sort_values("kept", kind="stable", ignore_index=True)
    return table(
        ordered,
        columns=columns,
        title=text(f"turnover_{by}"),
        caption=text(f"turnover_caption_{by}", few=int(few.sum()), **told),
        **about,
    )


def _released(rows: pd.DataFrame, keys: list[Any], column: str) -> dict[str, Any]:
    """Give the figure of each key and its status; a key that no row is about has nobody."""
    known = rows.reindex(keys)
    absent = known["status"].isna().to_numpy()
    return {
        column: np.where(absent, 0.0, known["headcount"].to_numpy(dtype=float)),
        f"{column}_status": known["status"].astype(object).mask(absent, "").to_numpy(),
    }


def _told(released: pd.DataFrame) -> dict[str, Any]:
    """Give the years and the threshold of a released table."""
    return {
        "year": str(released.attrs["year"]).replace("-", "–"),
        "n": released.attrs["threshold"],
    }


def _hires_title(frame: pd.DataFrame) -> Message:
    """Tell how many returned, where that may be told."""
    whole = frame[frame["from_region"] == _TOTAL].iloc[0]
    if np.isnan(whole["all"]) or np.isnan(whole["returned"]):
        return text("hires_title_plain")
    return text("hires_title", all=float(whole["all"]), returned=float(whole["returned"]))


def _origin(code: str) -> str | Message:
    named = {_TOTAL: "all_regions", "abroad": "abroad", "": "origin_unknown"}
    return text(named[code]) if code in named else region_name(code)


def _major(code: object) -> Message:
    return text(f"major.{code}")


def _listed(competences: pd.Series) -> Message:
    found = sorted(set(competences), key=str.casefold)
    return text("listed", list=found) if found else text("nothing")
