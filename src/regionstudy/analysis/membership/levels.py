"""The levels of membership: how each takes part now, and what another division would change."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from regionstudy.analysis.checks import require_columns
from regionstudy.analysis.membership.participants import meets, read_participants, within_reach
from regionstudy.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from regionstudy.analysis.membership.participants import Participants

__all__ = ["LevelScenario", "level_measures", "lone_moves", "merge_levels", "move_member"]

_FEES = ("shared", "level", "kept")
_COLUMNS = (
    "level_before", "level_after", "invited_before", "expected_before", "reach_before",
    "networks_before", "invited_after", "expected_after", "reach_after", "networks_after",
    "rate", "rate_assumed", "fee_before", "fee_after",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LevelScenario:
    """
    What a new division in levels would change.

    Parameters
    ----------
    members : DataFrame
        A row a member: ``org_id`` and, each with ``_before`` and ``_after``, ``level``,
        ``invited`` (meetings), ``expected`` (meetings attended), ``reach`` (other members met
        at one meeting at least), ``networks`` (networks that itself or a member it meets sits
        in), ``fee``; ``rate`` (0-1, assumed the same after) and ``rate_assumed`` (bool, the
        level's mean as the member was never invited). What is after is expected, so it has
        fractions.
    levels : DataFrame
        A row a level and time: ``level``, ``when`` ("before", "after"), ``members``,
        ``invited``, ``rate``, ``reach`` (means), ``networks`` (sat in by any), ``fee`` (sum).
    meetings : DataFrame
        A row a meeting: ``date``, ``meeting``, ``before``, ``after`` (expected number present).
    """

    members: pd.DataFrame
    levels: pd.DataFrame
    meetings: pd.DataFrame


def level_measures(
    organisations: pd.DataFrame,
    participation: pd.DataFrame,
    network_members: pd.DataFrame,
    contributions: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """
    Compare how the levels take part.

    Parameters
    ----------
    organisations : DataFrame
        ``org_id``, ``level`` and, optionally, ``fee``.
    participation : DataFrame
        ``meeting``, ``date``, ``org_id``, ``attended``.
    network_members : DataFrame
        ``network_id``, ``org_id``.
    contributions : DataFrame, optional
        ``org_id``, ``competence``, ``kind`` ("offered", "wanted").

    Returns
    -------
    DataFrame
        A row a level: ``level``, ``members``, ``invited`` and ``attended`` (sums), ``rate``
        (attended of invited), ``networks`` (sat in by any), ``networks_alone`` (by this level
        only), ``offered``, ``wanted`` (contributions; missing without them), ``fee`` (sum,
        missing unless every member of the level has one).

    Raises
    ------
    DataError
        If a column is absent, or a member is written twice or is no organisation.
    """
    known = read_participants(organisations, participation, network_members)
    level, came, sits = known.level, known.came, known.sits
    found = pd.DataFrame({"members": level.groupby(level).size()})
    found["invited"] = came.notna().sum(axis=1).groupby(level).sum()
    found["attended"] = came.eq(1.0).sum(axis=1).groupby(level).sum()
    found["rate"] = found["attended"] / found["invited"].where(found["invited"] > 0)
    held = sits.groupby(level).any()
    found["networks"] = held.sum(axis=1)
    found["networks_alone"] = held.loc[:, held.sum() == 1].sum(axis=1)
    for kind in ("offered", "wanted"):
        found[kind] = np.nan
        if contributions is not None:
            require_columns(contributions, ["org_id", "kind"], name="contributions")
            given = contributions.loc[contributions["kind"] == kind, "org_id"].map(level)
            found[kind] = given.value_counts().reindex(found.index, fill_value=0)
    found["fee"] = known.fee.groupby(level).sum(min_count=1)
    whole = known.fee.notna().groupby(level).all()
    found["fee"] = found["fee"].where(whole)
    return found.rename_axis("level").reset_index()


def merge_levels(
    organisations: pd.DataFrame,
    participation: pd.DataFrame,
    network_members: pd.DataFrame,
    *,
    levels: Sequence[str] | None = None,
    into: str = "1",
    fee: str = "shared",
) -> LevelScenario:
    """
    Work out what changes if levels of membership become one.

    Every meeting that was open to any of the merged levels is then open to all of their
    members. Whoever was invited before is present or not as it was; to a new invitation each
    comes with its own rate as the probability, independently of the others.

    Parameters
    ----------
    organisations, participation, network_members : DataFrame
        As in `level_measures`.
    levels : sequence of str, optional
        The levels to merge; without it, all.
    into : str, default "1"
        What the merged level is called.
    fee : {"shared", "level", "kept"}, default "shared"
        "shared": the merged members' fees are added up and shared equally, so that the sum is
        kept; "level": all pay what the members of `into` paid (their median); "kept": nobody's
        fee changes.

    Returns
    -------
    LevelScenario
        Members, levels and meetings before and after.

    Raises
    ------
    DataError
        As in `level_measures`; if a level has no member, or `fee` is no such rule.

    Examples
    --------
    >>> organisations = pd.DataFrame({"org_id": ["a", "b"], "level": ["1", "2"], "fee": [30, 10]})
    >>> met = pd.DataFrame({"meeting": ["Råd", "Öppet", "Öppet"], "org_id": ["a", "a", "b"],
    ...     "date": pd.to_datetime(["2025-01-01", "2025-02-01", "2025-02-01"]), "attended": True})
    >>> seats = pd.DataFrame({"network_id": ["n"], "org_id": ["a"]})
    >>> found = merge_levels(organisations, met, seats).members
    >>> found[["org_id", "invited_before", "invited_after", "fee_after"]].values.tolist()
    [['a', 2, 2, 20.0], ['b', 1, 2, 20.0]]
    """
    known = read_participants(organisations, participation, network_members)
    level = known.level
    merged = sorted(set(level)) if levels is None else list(levels)
    for one in merged:
        _require_level(one, level)
    after = level.where(~level.isin(merged), into)
    opens = {into: set(merged) | {into}}
    return _scenario(known, after, opens, fee)


def move_member(
    organisations: pd.DataFrame,
    participation: pd.DataFrame,
    network_members: pd.DataFrame,
    *,
    member: str,
    to: str,
    fee: str = "level",
) -> LevelScenario:
    """
    Work out what changes if one member moves to another level.

    Parameters
    ----------
    organisations, participation, network_members : DataFrame
        As in `level_measures`.
    member : str
        The member's id.
    to : str
        The level it moves to: one that has members.
    fee : {"level", "shared", "kept"}, default "level"
        As in `merge_levels`; the rule holds for the member that moves.

    Returns
    -------
    LevelScenario
        As in `merge_levels`.

    Raises
    ------
    DataError
        As in `merge_levels`; or there is no such member.
    """
    known = read_participants(organisations, participation, network_members)
    level = known.level
    if member not in level.index:
        near = difflib.get_close_matches(member, list(level.index), n=1)
        hint = f' Did you mean "{near[0]}"?' if near else ""
        msg = f'There is no member "{member}" among the organisations.{hint}'
        raise DataError(msg)
    _require_level(to, level)
    after = level.copy()
    after[member] = to
    return _scenario(known, after, {}, fee)


def lone_moves(
    organisations: pd.DataFrame,
    participation: pd.DataFrame,
    network_members: pd.DataFrame,
    *,
    fee: str = "level",
) -> pd.DataFrame:
    """
    Work out for each member what changes for it if it alone moves to another level.

    Parameters
    ----------
    organisations, participation, network_members : DataFrame
        As in `level_measures`.
    fee : {"level", "shared", "kept"}, default "level"
        As in `move_member`.

    Returns
    -------
    DataFrame
        A row a member and level it could move to: its own row of what `move_member` gives as
        `LevelScenario.members`, with the same columns.

    Raises
    ------
    DataError
        As in `move_member`.
    """
    _require_fee(fee)
    known = read_participants(organisations, participation, network_members)
    before = _members(known)
    parts = []
    for to in sorted(set(known.level)):
        movers = known.level.index[known.level != to]
        invited = known.invited.loc[movers].copy()
        invited.loc[:] = known.open_to.loc[to].to_numpy()
        paid = known.fee[known.level == to].median() if fee == "level" else known.fee[movers]
        after = _standing(known, invited, _expected(known, invited), known.present)
        rows = before.loc[movers].join(after.add_suffix("_after"))
        parts.append(rows.assign(level_after=to, fee_after=paid))
    found: pd.DataFrame = pd.concat(parts)[list(_COLUMNS)]
    return found.rename_axis("org_id").reset_index()


def _scenario(
    known: Participants, after: pd.Series, opens: Mapping[str, set[str]], fee: str
) -> LevelScenario:
    """Compare levels before and after; `opens` names the levels whose meetings a level gets."""
    _require_fee(fee)
    moved = after != known.level
    if opens:
        moved |= after.isin(list(opens))
    invited = known.invited.copy()
    for name in after[moved].unique():
        from_levels = [one for one in opens.get(name, {name}) if one in known.open_to.index]
        mask = moved & (after == name)
        invited.loc[mask] = known.open_to.loc[from_levels].any().to_numpy()
    present = _expected(known, invited)
    members = _members(known).join(_standing(known, invited, present, present).add_suffix("_after"))
    members = members.assign(level_after=after, fee_after=_fee_after(known, after, moved, fee))
    members = members[list(_COLUMNS)]
    meetings = pd.DataFrame({"before": known.present.sum(), "after": present.sum()})
    return LevelScenario(
        members=members.rename_axis("org_id").reset_index(),
        levels=_level_rows(members, known.sits),
        meetings=meetings.reset_index(),
    )


def _members(known: Participants) -> pd.DataFrame:
    """Give what is known of the members before any move."""
    now = _standing(known, known.invited, known.present, known.present)
    return now.add_suffix("_before").assign(
        level_before=known.level,
        fee_before=known.fee,
        rate=known.rate,
        rate_assumed=known.rate_assumed,
    )


def _expected(known: Participants, invited: pd.DataFrame) -> pd.DataFrame:
    """Give how sure each of the members invited so is to be at a meeting."""
    there = known.present.loc[invited.index]
    # Who was invited already is counted as it came, not by its rate.
    newly = (invited & ~known.invited.loc[invited.index]).astype(float)
    return there.where(invited, 0.0) + newly.mul(known.rate[invited.index], axis=0)


def _standing(
    known: Participants, invited: pd.DataFrame, present: pd.DataFrame, others: pd.DataFrame
) -> pd.DataFrame:
    """Tell how members stand who are invited and present so, among others present so."""
    met = meets(present.to_numpy(), others.to_numpy())
    own = np.arange(len(met)), others.index.get_indexer(present.index)
    near = met.copy()
    met[own], near[own] = 0.0, 1.0
    return pd.DataFrame(
        {
            "invited": invited.sum(axis=1),
            "expected": present.sum(axis=1),
            "reach": met.sum(axis=1),
            "networks": within_reach(near, known.sits.to_numpy(dtype=float)),
        },
        index=present.index,
    )


def _level_rows(members: pd.DataFrame, sits: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for when in ("before", "after"):
        level = members[f"level_{when}"]
        grouped = members.groupby(level)
        rate = grouped[f"expected_{when}"].sum() / grouped[f"invited_{when}"].sum()
        row = pd.DataFrame(
            {
                "members": grouped.size(),
                "invited": grouped[f"invited_{when}"].mean(),
                "rate": rate.where(grouped[f"invited_{when}"].sum() > 0),
                "reach": grouped[f"reach_{when}"].mean(),
                "networks": sits.groupby(level).any().sum(axis=1),
                "fee": grouped[f"fee_{when}"].sum(min_count=1),
            }
        )
        row["fee"] = row["fee"].where(grouped[f"fee_{when}"].apply(lambda fees: fees.notna().all()))
        rows.append(row.rename_axis("level").reset_index().assign(when=when))
    order = ["level", "when", "members", "invited", "rate", "reach", "networks", "fee"]
    return pd.concat(rows, ignore_index=True)[order]


def _fee_after(known: Participants, after: pd.Series, moved: pd.Series, rule: str) -> pd.Series:
    changed = known.fee.copy()
    for name in after[moved].unique() if rule != "kept" else ():
        there = moved & (after == name)
        if rule == "shared":
            whole = known.fee[there].notna().all()
            changed[there] = known.fee[there].mean() if whole else np.nan
        else:
            changed[there] = known.fee[known.level == name].median()
    return changed


def _require_fee(fee: str) -> None:
    if fee not in _FEES:
        msg = f'fee="{fee}" is no rule; use one of: {", ".join(_FEES)}.'
        raise DataError(msg)


def _require_level(one: str, level: pd.Series) -> None:
    if one not in set(level):
        msg = f'No member has level "{one}"; the levels are: {", ".join(sorted(set(level)))}.'
        raise DataError(msg)
