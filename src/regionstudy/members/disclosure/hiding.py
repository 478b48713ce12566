"""Choose what to hide: small cells, then what gives them away, until an attack finds nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from regionstudy.members.disclosure.attack import Demand, demands, find_leaks, find_narrow
from regionstudy.members.disclosure.lines import cover_lines
from regionstudy.members.disclosure.repair import hide_more

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from regionstudy.members.disclosure.sums import SumSystem

__all__ = ["hide"]


def hide(
    system: SumSystem,
    *,
    threshold: int,
    width: int,
    kept: NDArray[np.bool_] | None = None,
) -> NDArray[np.bool_]:
    """
    Choose the cells to hide.

    Parameters
    ----------
    system : SumSystem
        The tables.
    threshold : int
        Counts below it are small.
    width : int
        How wide the interval must be that a reader can work out for a hidden cell.
    kept : ndarray of bool, shape (n,), optional
        Cells to hide in any case.

    Returns
    -------
    ndarray of bool, shape (n,)
        Which cells are hidden.
    """
    small = system.small(threshold)
    start = small if kept is None else small | kept
    if not start.any():
        return start
    rng = np.random.default_rng(0)
    hidden = cover_lines(system, start, threshold=threshold, width=width)
    # What is hidden for one demand only widens what was reached for those before it.
    for demand in demands(system, width):
        hidden = _repair(system, hidden, np.flatnonzero(small), demand, threshold, rng)
    return _widen(system, hidden, small, threshold=threshold, width=width, rng=rng)


def _repair(
    system: SumSystem,
    hidden: NDArray[np.bool_],
    leaks: NDArray[np.intp],
    demand: Demand,
    threshold: int,
    rng: np.random.Generator,
) -> NDArray[np.bool_]:
    while True:
        leaks = find_leaks(system, hidden, leaks, demand, threshold=threshold, rng=rng)
        if not len(leaks):
            return hidden
        more = hide_more(system, hidden, leaks, demand, threshold=threshold)
        if (more == hidden).all():
            # Hiding was dearer than what they lacked together; alone, one must reach it.
            more = hide_more(system, hidden, leaks[:1], demand, threshold=threshold)
            leaks = leaks[1:]
        hidden = more


def _widen(
    system: SumSystem,
    hidden: NDArray[np.bool_],
    small: NDArray[np.bool_],
    *,
    threshold: int,
    width: int,
    rng: np.random.Generator,
) -> NDArray[np.bool_]:
    """Give the other hidden cells their width too, so that a change of theirs stays unknown."""
    while True:
        others = np.flatnonzero(hidden & ~small)
        narrow, low, _ = find_narrow(
            system, hidden, others, least=system.least, width=width, threshold=threshold, rng=rng
        )
        if not len(narrow):
            return hidden
        target = np.zeros(len(hidden))
        target[narrow] = low + width
        demand = Demand(least=system.least, sign=1, target=target)
        more = _repair(system, hidden, narrow, demand, threshold, rng)
        if (more == hidden).all():
            return hidden
        hidden = more
