"""The levels of membership: how each takes part now, and what another division would change."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from regionstudy.analysis.checks import require_columns, require_unique
from regionstudy.analysis.membership.attendance import attendance
from regionstudy.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["LevelScenario", "level_measures", "merge_levels", "move_member"]

_FEES = ("shared", "level", "kept")


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
    level = _levels(organisations)
    came = _matrix(participation, level.index)
    sits = _seats(network_members, level.index)
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
    found["fee"] = _fees(organisations, level.index).groupby(level).sum(min_count=1)
    whole = _fees(organisations, level.index).notna().groupby(level).all()
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
    level = _levels(organisations)
    merged = sorted(set(level)) if levels is None else list(levels)
    for one in merged:
        _require_level(one, level)
    after = level.where(~level.isin(merged), into)
    opens = {into: set(merged) | {into}}
    return _scenario(organisations, participation, network_members, after, opens, fee)


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
    level = _levels(organisations)
    if member not in level.index:
        near = difflib.get_close_matches(member, list(level.index), n=1)
        hint = f' Did you mean "{near[0]}"?' if near else ""
        msg = f'There is no member "{member}" among the organisations.{hint}'
        raise DataError(msg)
    _require_level(to, level)
    after = level.copy()
    after[member] = to
    return _scenario(organisations, participation, network_members, after, {}, fee)


def _scenario(
    organisations: pd.DataFrame,
    participation: pd.DataFrame,
    network_members: pd.DataFrame,
    after: pd.Series,
    opens: Mapping[str, set[str]],
    fee: str,
) -> LevelScenario:
    """Compare levels before and after; `opens` names the levels whose meetings a level gets."""
    if fee not in _FEES:
        msg = f'fee="{fee}" is no rule; use one of: {", ".join(_FEES)}.'
        raise DataError(msg)
    before = _levels(organisations)
    came = _matrix(participation, before.index)
    sits = _seats(network_members, before.index)
    invited = came.notna()
    open_to = invited.groupby(before).any()
    moved = after != before
    if opens:
        moved |= after.isin(list(opens))
    invited_after = invited.copy()
    for name in after[moved].unique():
        from_levels = [one for one in opens.get(name, {name}) if one in open_to.index]
        mask = moved & (after == name)
        invited_after.loc[mask] = open_to.loc[from_levels].any().to_numpy()
    rate = came.mean(axis=1)
    assumed = rate.isna()
    by_level = came.groupby(before)
    level_rate = by_level.sum().sum(axis=1) / by_level.count().sum(axis=1)
    rate = rate.fillna(before.map(level_rate))
    members = pd.DataFrame({"level_before": before, "level_after": after})
    present = came.fillna(0.0)
    # Who was invited already is counted as it came, not by its rate.
    newly = (invited_after & ~invited).astype(float).mul(rate, axis=0)
    present_after = present.where(invited_after, 0.0) + newly
    for when, asked, there in (
        ("before", invited, present),
        ("after", invited_after, present_after),
    ):
        meets = _meets(there.to_numpy())
        members[f"invited_{when}"] = asked.sum(axis=1)
        members[f"expected_{when}"] = there.sum(axis=1)
        members[f"reach_{when}"] = meets.sum(axis=1)
        members[f"networks_{when}"] = _within_reach(meets, sits.to_numpy(dtype=float))
    members["rate"], members["rate_assumed"] = rate, assumed
    members["fee_before"] = _fees(organisations, before.index)
    members["fee_after"] = _fee_after(members["fee_before"], before, after, moved, fee)
    meetings = pd.DataFrame({"before": present.sum(), "after": present_after.sum()})
    return LevelScenario(
        members=members.rename_axis("org_id").reset_index(),
        levels=_level_rows(members, sits),
        meetings=meetings.reset_index(),
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


def _fee_after(
    fees: pd.Series, before: pd.Series, after: pd.Series, moved: pd.Series, rule: str
) -> pd.Series:
    if rule == "kept":
        return fees
    changed = fees.copy()
    for name in after[moved].unique():
        there = moved & (after == name)
        if rule == "shared":
            changed[there] = fees[there].mean() if fees[there].notna().all() else np.nan
        else:
            changed[there] = fees[(before == name) & fees.notna()].median()
    return changed


def _meets(present: np.ndarray) -> np.ndarray:
    """Give the probability that two members meet at one meeting at least."""
    apart = np.ones((len(present), len(present)))
    for meeting in present.T:
        apart *= 1.0 - np.outer(meeting, meeting)
    meets = 1.0 - apart
    np.fill_diagonal(meets, 0.0)
    return meets


def _within_reach(meets: np.ndarray, sits: np.ndarray) -> np.ndarray:
    """Give the expected number of networks that a member, or one that it meets, sits in."""
    near = meets + np.eye(len(meets))
    without = np.ones((len(meets), sits.shape[1]))
    for other, seats in enumerate(sits):
        without *= 1.0 - np.outer(near[:, other], seats)
    return np.asarray((1.0 - without).sum(axis=1))


def _levels(organisations: pd.DataFrame) -> pd.Series:
    require_columns(organisations, ["org_id", "level"], name="organisations")
    require_unique(organisations, ["org_id"], name="organisations")
    level = organisations.set_index("org_id")["level"].astype(str)
    empty = organisations["level"].isna().to_numpy() | (level == "").to_numpy()
    if empty.any():
        msg = f"organisations gives no level for {level.index[empty][0]}; write 1 or 2."
        raise DataError(msg)
    return level.sort_index()


def _fees(organisations: pd.DataFrame, index: pd.Index) -> pd.Series:
    if "fee" not in organisations:
        return pd.Series(np.nan, index=index)
    return organisations.set_index("org_id")["fee"].astype(float).reindex(index)


def _matrix(participation: pd.DataFrame, index: pd.Index) -> pd.DataFrame:
    """Give attendance as 1, 0, NaN, with a row for each organisation."""
    came = attendance(participation)
    _require_known(came.index, index, name="participation")
    return came.reindex(index).astype("Float64").astype(float)


def _seats(network_members: pd.DataFrame, index: pd.Index) -> pd.DataFrame:
    require_columns(network_members, ["network_id", "org_id"], name="network_members")
    _require_known(pd.Index(network_members["org_id"]), index, name="network_members")
    counts = pd.crosstab(network_members["org_id"], network_members["network_id"])
    return counts.reindex(index, fill_value=0) > 0


def _require_known(found: pd.Index, known: pd.Index, *, name: str) -> None:
    strange = found.difference(known)
    if len(strange):
        near = difflib.get_close_matches(str(strange[0]), [str(one) for one in known], n=1)
        hint = f' Did you mean "{near[0]}"?' if near else ""
        msg = f'{name} has "{strange[0]}", which is not among the organisations.{hint}'
        raise DataError(msg)


def _require_level(one: str, level: pd.Series) -> None:
    if one not in set(level):
        msg = f'No member has level "{one}"; the levels are: {", ".join(sorted(set(level)))}.'
        raise DataError(msg)
