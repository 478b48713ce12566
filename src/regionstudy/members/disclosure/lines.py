"""The line phase: no sum may hold a single hidden cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from regionstudy.members.disclosure.sums import SumSystem

__all__ = ["cover_lines"]


def cover_lines(system: SumSystem, hidden: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """
    Hide cells until every sum with a hidden cell has at least two.

    Parameters
    ----------
    system : SumSystem
        The table.
    hidden : ndarray of bool, shape (n,)
        The cells that are hidden already.

    Returns
    -------
    ndarray of bool, shape (n,)
        Those and the added ones: in each sum the smallest count, preferring cells that
        serve several sums at once. Zeros stay published.
    """
    hidden = hidden.copy()
    occurs = abs(system.sums)
    line = np.repeat(np.arange(occurs.shape[0]), np.diff(occurs.indptr))
    cell = occurs.indices
    while True:
        lonely = occurs @ hidden.astype(float) == 1
        serves = occurs.T @ lonely.astype(float)
        open_ = lonely[line] & ~hidden[cell] & (system.counts[cell] > 0)
        if not open_.any():
            return hidden
        lines, cells = line[open_], cell[open_]
        cost = system.counts[cells] / serves[cells]
        order = np.lexsort((cells, cost, lines))
        cheapest = order[np.unique(lines[order], return_index=True)[1]]
        hidden[cells[cheapest]] = True
