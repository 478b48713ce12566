"""Hide the cheapest cells that give leaking cells the room they need."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from regionstudy.members.disclosure.attack import Demand, room_above
from regionstudy.members.disclosure.program import TOLERANCE, Program

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from regionstudy.members.disclosure.sums import SumSystem

__all__ = ["hide_more"]


def hide_more(
    system: SumSystem,
    hidden: NDArray[np.bool_],
    leaks: NDArray[np.intp],
    demand: Demand,
    *,
    threshold: int,
) -> NDArray[np.bool_]:
    """
    Hide the cells that must give way for leaking cells to reach their targets.

    Parameters
    ----------
    system : SumSystem
        The table.
    hidden : ndarray of bool, shape (n,)
        The cells that are hidden already.
    leaks : ndarray of int
        The cells whose targets are out of reach.
    demand : Demand
        What must be possible for them.
    threshold : int
        Counts below it are small.

    Returns
    -------
    ndarray of bool, shape (n,)
        Those and the added ones. The table in which the leaking cells come as near their
        targets as they can together, and the published cells change least, weighted by
        their size, shows which to hide; it then is one that the reader cannot exclude. A
        single leak always reaches its target. Hiding more never narrows what is possible
        for any other cell.
    """
    from scipy.sparse import csr_array, hstack

    counts = system.counts
    inside = np.flatnonzero(hidden | system.latent)
    outside = np.flatnonzero(~hidden & ~system.latent & ~system.known & (counts > 0))
    inner, outer = system.sums[:, inside], system.sums[:, outside]
    aimed = np.searchsorted(inside, leaks)
    # What a leaking cell lacks of its target, dearer than all but the longest ways round.
    lacking = -demand.sign * inner[:, aimed]
    sums = csr_array(hstack([inner, outer, -outer, lacking]))
    keep = np.diff(sums.indptr) > 0
    target = demand.target[leaks]
    right = inner[keep] @ counts[inside]

    gap = np.maximum(demand.sign * (target - counts[leaks]), 0.0) * (len(leaks) > 1)
    low = np.concatenate(
        [
            np.where(system.latent[inside], 0.0, float(demand.least)),
            np.zeros(2 * len(outside) + len(leaks)),
        ]
    )
    room = room_above(system, threshold)
    high = np.concatenate(
        [
            room[inside],
            room[outside] - counts[outside],
            np.maximum(counts[outside] - demand.least, 0.0),
            gap,
        ]
    )
    low[aimed] = high[aimed] = target
    price = np.concatenate(
        [
            np.zeros(len(inside)),
            counts[outside],
            counts[outside],
            np.full(len(leaks), 10.0 * counts.max()),
        ]
    )
    values = Program(sums[keep], right, low, high, once=True).minimise(price)
    rise, fall = np.split(values[len(inside) : len(inside) + 2 * len(outside)], 2)
    more = hidden.copy()
    more[outside[rise + fall > TOLERANCE]] = True
    return more
