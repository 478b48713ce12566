"""Choose what to hide: small cells, then what gives them away, until an attack finds nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from regionstudy.members.disclosure.attack import Demand, demands, find_leaks, find_narrow
from regionstudy.members.disclosure.lines import cover_lines
from regionstudy.members.disclosure.program import UnreachableError
from regionstudy.members.disclosure.repair import hide_more

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from regionstudy.members.disclosure.sums import SumSystem

__all__ = ["hide"]

# A cell of which the interval is narrower than this is as good as published.
_FIXED = 1e-3
_FEW = 3000


def hide(
    system: SumSystem,
    *,
    threshold: int,
    width: int,
    kept: NDArray[np.bool_] | None = None,
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
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
    hidden : ndarray of bool, shape (n,)
        Which cells are hidden.
    unproved : ndarray of bool, shape (n,)
        Hidden cells for which nothing could be hidden that gives them their width. There are
        none unless some cells are known whatever is hidden.
    """
    small = system.small(threshold)
    start = small if kept is None else small | kept
    if not start.any():
        return start, np.zeros(len(small), dtype=bool)
    covered = cover_lines(system, start, threshold=threshold, width=width)
    tried = [_hide_from(system, start, covered, small, threshold, width)]
    if len(small) <= _FEW:
        # Which beginning ends with less hidden differs by table; few cells are quickly tried.
        tried.append(_hide_from(system, start, start, small, threshold, width))
    return min(tried, key=lambda found: (found[1].sum(), system.counts[found[0]].sum()))


def _hide_from(
    system: SumSystem,
    start: NDArray[np.bool_],
    hidden: NDArray[np.bool_],
    small: NDArray[np.bool_],
    threshold: int,
    width: int,
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    rng = np.random.default_rng(0)
    hidden = hidden.copy()
    beyond = np.zeros(len(hidden), dtype=bool)
    # What is hidden for one demand only widens what was reached for those before it.
    for demand in demands(system, width):
        hidden, missed = _repair(system, hidden, np.flatnonzero(small), demand, threshold, rng)
        beyond[missed] = True
    needless = find_narrow(
        system,
        hidden,
        np.flatnonzero(hidden & ~start),
        least=0,
        width=_FIXED,
        threshold=threshold,
        rng=rng,
    )[0]
    # Whoever can work a cell out anyway learns nothing when it is shown.
    hidden[needless] = False
    return _widen(system, hidden, ~small | beyond, threshold=threshold, width=width, rng=rng)


def _repair(
    system: SumSystem,
    hidden: NDArray[np.bool_],
    leaks: NDArray[np.intp],
    demand: Demand,
    threshold: int,
    rng: np.random.Generator,
) -> tuple[NDArray[np.bool_], list[int]]:
    """Hide more until no demand is out of reach; and say for which cells no hiding helps."""
    missed: list[int] = []
    while True:
        leaks = find_leaks(system, hidden, leaks, demand, threshold=threshold, rng=rng)
        if not len(leaks):
            return hidden, missed
        more = hidden
        if len(leaks) > 1:
            more = hide_more(system, hidden, leaks, demand, threshold=threshold)
        if (more == hidden).all():
            # Hiding was dearer than what they lacked together; alone, one must reach it.
            try:
                more = hide_more(system, hidden, leaks[:1], demand, threshold=threshold)
            except UnreachableError:
                missed.append(int(leaks[0]))
            leaks = leaks[1:]
        hidden = more


def _widen(
    system: SumSystem,
    hidden: NDArray[np.bool_],
    others: NDArray[np.bool_],
    *,
    threshold: int,
    width: int,
    rng: np.random.Generator,
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Give the other hidden cells their width too, so that a change of theirs stays unknown."""
    unproved = np.zeros(len(hidden), dtype=bool)
    while True:
        narrow, low, _ = find_narrow(
            system,
            hidden,
            np.flatnonzero(hidden & others & ~unproved),
            least=system.least,
            width=width,
            threshold=threshold,
            rng=rng,
        )
        if not len(narrow):
            return hidden, unproved
        target = np.zeros(len(hidden))
        target[narrow] = low + width
        demand = Demand(least=system.least, sign=1, target=target)
        more, missed = _repair(system, hidden, narrow, demand, threshold, rng)
        unproved[missed] = True
        if (more == hidden).all():
            unproved[narrow] = True
        hidden = more
