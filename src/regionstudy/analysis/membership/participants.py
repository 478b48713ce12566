"""What is known of the members: level, invitations, attendance, seats in networks, fee."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from regionstudy.analysis.checks import require_columns, require_unique
from regionstudy.analysis.membership.attendance import attendance
from regionstudy.errors import DataError

__all__ = ["Participants", "meets", "read_participants", "within_reach"]


@dataclass(frozen=True)
class Participants:
    """
    What is known of the members; make it with `read_participants`.

    Parameters
    ----------
    level : Series
        Each member's level; its index is that of all other parts.
    came : DataFrame, shape (members, meetings)
        1 where the member came, 0 where not, NaN where it was not invited.
    sits : DataFrame, shape (members, networks)
        Whether the member sits in the network.
    fee : Series
        Each member's fee, NaN where none is given.
    """

    level: pd.Series
    came: pd.DataFrame
    sits: pd.DataFrame
    fee: pd.Series

    @cached_property
    def invited(self) -> pd.DataFrame:
        """Who was invited to which meeting."""
        return self.came.notna()

    @cached_property
    def present(self) -> pd.DataFrame:
        """Who was at which meeting, as 1 and 0."""
        return self.came.fillna(0.0)

    @cached_property
    def open_to(self) -> pd.DataFrame:
        """Which meetings are open to a level, a row each: those any of it was invited to."""
        return self.invited.groupby(self.level).any()

    @cached_property
    def rate_assumed(self) -> pd.Series:
        """Whose rate is its level's, as it was never invited."""
        return self.came.mean(axis=1).isna()

    @cached_property
    def rate(self) -> pd.Series:
        """The part of its invitations that each member followed, from 0 to 1."""
        by_level = self.came.groupby(self.level)
        level_rate = by_level.sum().sum(axis=1) / by_level.count().sum(axis=1)
        return self.came.mean(axis=1).fillna(self.level.map(level_rate))


def read_participants(
    organisations: pd.DataFrame, participation: pd.DataFrame, network_members: pd.DataFrame
) -> Participants:
    """
    Lay out what members' tables tell of them.

    Parameters
    ----------
    organisations : DataFrame
        ``org_id``, ``level`` and, optionally, ``fee``.
    participation : DataFrame
        ``meeting``, ``date``, ``org_id``, ``attended``.
    network_members : DataFrame
        ``network_id``, ``org_id``.

    Returns
    -------
    Participants
        By organisation, sorted.

    Raises
    ------
    DataError
        If a column is absent, or a member is written twice or is no organisation.
    """
    level = _levels(organisations)
    return Participants(
        level=level,
        came=_matrix(participation, level.index),
        sits=_seats(network_members, level.index),
        fee=_fees(organisations, level.index),
    )


def meets(present: np.ndarray, others: np.ndarray) -> np.ndarray:
    """
    Give the probability that two members meet at one meeting at least.

    Parameters
    ----------
    present : ndarray, shape (n, meetings)
        The probability that a member is at a meeting.
    others : ndarray, shape (m, meetings)
        The same of others; each comes independently.

    Returns
    -------
    ndarray, shape (n, m)
        From 0 to 1.
    """
    apart = np.ones((len(present), len(others)))
    for one, other in zip(present.T, others.T, strict=True):
        apart *= 1.0 - np.outer(one, other)
    return 1.0 - apart


def within_reach(near: np.ndarray, sits: np.ndarray) -> np.ndarray:
    """
    Give the expected number of networks that a member, or one that it meets, sits in.

    Parameters
    ----------
    near : ndarray, shape (n, members)
        The probability that each is met; 1 for the member itself.
    sits : ndarray, shape (members, networks)
        1 where a member sits in a network, else 0.

    Returns
    -------
    ndarray, shape (n,)
        Networks.
    """
    without = np.ones((len(near), sits.shape[1]))
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
