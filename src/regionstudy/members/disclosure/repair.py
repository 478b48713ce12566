"""Hide the cheapest cells that give a leaking cell the room it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from regionstudy.members.disclosure.attack import TOLERANCE, Demand, room_above, solve

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from regionstudy.members.disclosure.sums import SumSystem

__all__ = ["hide_more"]


def hide_more(
    system: SumSystem,
    hidden: NDArray[np.bool_],
    leak: int,
    demand: Demand,
    *,
    threshold: int,
) -> NDArray[np.bool_]:
    """
    Hide the cells that must give way for one cell to reach its target.

    Parameters
    ----------
    system : SumSystem
        The table.
    hidden : ndarray of bool, shape (n,)
        The cells that are hidden already.
    leak : int
        The cell whose target is out of reach.
    demand : Demand
        What must be possible for it.
    threshold : int
        Counts below it are small.

    Returns
    -------
    ndarray of bool, shape (n,)
        Those and the added ones. The table in which the published cells change least,
        weighted by their size, shows which to hide; it then is one that the reader cannot
        exclude. Hiding more never narrows what is possible for any other cell.
    """
    from scipy.sparse import csr_array, hstack

    counts = system.counts
    inside = np.flatnonzero(hidden)
    outside = np.flatnonzero(~hidden & (counts > 0))
    inner, outer = system.sums[:, inside], system.sums[:, outside]
    sums = csr_array(hstack([inner, outer, -outer]))
    keep = np.diff(sums.indptr) > 0
    right = inner[keep] @ counts[inside]

    low = np.concatenate([np.full(len(inside), float(demand.least)), np.zeros(2 * len(outside))])
    room = room_above(system, threshold)
    high = np.concatenate(
        [
            room[inside],
            room[outside] - counts[outside],
            np.maximum(counts[outside] - demand.least, 0.0),
        ]
    )
    aimed = int(np.searchsorted(inside, leak))
    low[aimed] = high[aimed] = demand.target[leak]
    price = np.concatenate([np.zeros(len(inside)), counts[outside], counts[outside]])
    values = solve(price, sums[keep], right, low, high)
    change = values[len(inside) : len(inside) + len(outside)] + values[len(inside) + len(outside) :]
    more = hidden.copy()
    more[outside[change > TOLERANCE]] = True
    return more
