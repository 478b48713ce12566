"""What the organisations reach together, and what of it hangs on each of them."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse import csgraph

from regionstudy.analysis.networks.incidence import incidence, pairs
from regionstudy.analysis.networks.measures import cuts, two_mode
from regionstudy.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from regionstudy.analysis.networks.incidence import Incidence

__all__ = ["Reach", "drop_member", "farthest", "losses", "reach"]


@dataclass(frozen=True, slots=True)
class Reach:
    """
    What a set of organisations reaches together.

    Parameters
    ----------
    networks : int
        Networks in which at least one of them has a seat.
    single : int
        Those of them where exactly one has.
    meeting : int
        Pairs of organisations that share a network.
    linked : int
        Pairs that a chain of shared networks links, the meeting ones among them.
    """

    networks: int
    single: int
    meeting: int
    linked: int


def reach(seats: pd.DataFrame) -> Reach:
    """
    Count what the organisations reach together.

    Parameters
    ----------
    seats : DataFrame
        ``org_id`` and ``network_id``, a row a seat.

    Returns
    -------
    Reach
        The counts.

    Raises
    ------
    DataError
        If a column or an id is missing.

    Examples
    --------
    >>> seats = pd.DataFrame({"org_id": ["x", "y", "y"], "network_id": ["p", "p", "q"]})
    >>> reach(seats)
    Reach(networks=2, single=1, meeting=1, linked=1)
    """
    found = incidence(seats)
    held = np.asarray(found.matrix.sum(axis=0)).ravel()
    return Reach(
        networks=int((held > 0).sum()),
        single=int((held == 1).sum()),
        meeting=len(pairs(found.matrix)[0]),
        linked=_linked(found.matrix),
    )


def drop_member(seats: pd.DataFrame, org_id: str) -> pd.DataFrame:
    """
    Leave an organisation out.

    Parameters
    ----------
    seats : DataFrame
        ``org_id`` and ``network_id``, a row a seat.
    org_id : str
        The organisation.

    Returns
    -------
    DataFrame
        The other organisations' seats, for `reach` or `map_networks` anew.

    Raises
    ------
    DataError
        If it has no seat; the nearest is named.
    """
    ids = seats["org_id"].astype(str)
    if not (ids == org_id).any():
        near = difflib.get_close_matches(org_id, sorted(set(ids)), n=1)
        hint = f' Did you mean "{near[0]}"?' if near else ""
        msg = f'No organisation "{org_id}" has a seat, so none can be left out.{hint}'
        raise DataError(msg)
    return seats.loc[(ids != org_id).to_numpy()].reset_index(drop=True)


def losses(seats: pd.DataFrame, *, organisations: Sequence[str] | None = None) -> pd.DataFrame:
    """
    Say for each organisation what the others would lose, did it leave.

    Parameters
    ----------
    seats : DataFrame
        ``org_id`` and ``network_id``, a row a seat.
    organisations : sequence of str, optional
        All organisations in the order wanted.

    Returns
    -------
    DataFrame
        ``org_id``; ``networks`` (tuple of the networks where it alone has a seat); ``lost``
        (how many they are); ``parted`` (pairs of other organisations that no chain of shared
        networks would link any more).

    Raises
    ------
    DataError
        If a column or an id is missing, or an organisation is not listed.

    Examples
    --------
    >>> seats = pd.DataFrame({"org_id": ["x", "y", "y", "z", "z"],
    ...     "network_id": ["p", "p", "q", "q", "r"]})
    >>> losses(seats)
      org_id networks  lost  parted
    0      x       ()     0       0
    1      y       ()     0       1
    2      z     (r,)     1       0
    """
    found = incidence(seats, organisations=organisations)
    held = np.asarray(found.matrix.sum(axis=0)).ravel()
    alone = pd.Series(found.networks[held == 1], dtype="str")
    # In a column-wise order of the seats, so that owners stand beside their networks.
    seat = found.matrix[:, np.flatnonzero(held == 1)].tocoo()
    owner = found.organisations[seat.row[np.argsort(seat.col, kind="stable")]]
    groups = alone.groupby(np.asarray(owner)).agg(tuple)
    networks = [groups.get(one, ()) for one in found.organisations]
    return pd.DataFrame(
        {
            "org_id": found.organisations,
            "networks": networks,
            "lost": [len(one) for one in networks],
            "parted": _parted(found),
        }
    )


def farthest(seats: pd.DataFrame) -> tuple[str, str] | None:
    """
    Find the two linked organisations with the longest way between them.

    Parameters
    ----------
    seats : DataFrame
        ``org_id`` and ``network_id``, a row a seat.

    Returns
    -------
    tuple of two str, or None
        The first such pair by id; None where no two meet.

    Raises
    ------
    DataError
        If a column or an id is missing.

    Examples
    --------
    >>> farthest(pd.DataFrame({"org_id": ["x", "y", "y", "z"], "network_id": ["p", "p", "q", "q"]}))
    ('x', 'z')
    """
    found = incidence(seats)
    number = len(found.organisations)
    if not len(pairs(found.matrix)[0]):
        return None
    steps = csgraph.shortest_path(
        _square(found.matrix), unweighted=True, directed=False, indices=np.arange(number)
    )[:, :number]
    steps[~np.isfinite(steps)] = -1
    first, second = divmod(int(np.argmax(steps)), number)
    return str(found.organisations[first]), str(found.organisations[second])


def _linked(matrix: sparse.csr_array) -> int:
    """Count the pairs of rows that chains of shared columns link."""
    _, label = csgraph.connected_components(_square(matrix), directed=False)
    sizes = np.bincount(label[: matrix.shape[0]])
    return int((sizes * (sizes - 1)).sum() // 2)


def _square(matrix: sparse.csr_array) -> sparse.csr_array:
    blocks: Any = [[None, matrix], [matrix.T, None]]
    return sparse.csr_array(sparse.block_array(blocks))


def _parted(found: Incidence) -> np.ndarray:
    """
    Count the pairs of others that each organisation alone links.

    Only a cut vertex parts anything, once networks with one organisation are left out: of
    the rest, each holds another organisation whatever one leaves.
    """
    shared = found.matrix[:, np.flatnonzero(np.asarray(found.matrix.sum(axis=0)).ravel() > 1)]
    number = shared.shape[0]
    parted = np.zeros(number, dtype=int)
    found_cuts = [one for one in cuts(two_mode(shared)) if one < number]
    if not found_cuts:
        return parted
    whole = _linked(shared)
    _, label = csgraph.connected_components(_square(shared), directed=False)
    members = np.bincount(label[:number])
    for one in found_cuts:
        rest = np.delete(np.arange(number), one)
        # Its own pairs go with it, and are no loss to the others.
        parted[one] = whole - (members[label[one]] - 1) - _linked(shared[rest])
    return parted
