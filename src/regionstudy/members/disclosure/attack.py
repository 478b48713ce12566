"""Attack a table with hidden cells as a reader with linear programming would."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from regionstudy.members.disclosure.program import TOLERANCE, Program

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from regionstudy.members.disclosure.sums import SumSystem

__all__ = ["Demand", "demands", "find_leaks", "find_narrow", "room_above"]

_ROUNDS = 6
_MANY = 60


@dataclass(frozen=True)
class Demand:
    """
    What must stay possible for each small count, in one reader's eyes.

    Parameters
    ----------
    least : {0, 1}
        The smallest value that the reader allows a hidden cell: 1 for one who knows that
        zeros are published.
    sign : {-1, 1}
        Whether the cell must be able to be as small (-1) or as large (1) as the target.
    target : ndarray of float64, shape (n,)
        The value that must be possible, for each cell of the table.
    """

    least: int
    sign: int
    target: NDArray[np.float64]


def demands(system: SumSystem, width: int) -> tuple[Demand, ...]:
    """
    List what must stay possible for each small count.

    Parameters
    ----------
    system : SumSystem
        The table.
    width : int
        How wide the interval must be that a reader can work out; the threshold or more.

    Returns
    -------
    tuple of Demand
        Down to the smallest possible and up from there by the width, for a reader who knows
        that zeros are published; down to 0 for one who does not. (That one can also go as
        far up as the first: whatever is possible for the first is so for the second.)
    """
    up = Demand(least=system.least, sign=1, target=system.smallest + width)
    down = Demand(least=system.least, sign=-1, target=system.smallest)
    if not system.zeros_shown:
        return up, down
    return up, down, Demand(least=0, sign=-1, target=np.zeros(len(system.counts)))


def room_above(system: SumSystem, threshold: int) -> NDArray[np.float64]:
    """
    Bound each hidden cell from above, so that no search runs to infinity.

    Parameters
    ----------
    system : SumSystem
        The table.
    threshold : int
        Counts below it are small.

    Returns
    -------
    ndarray of float64, shape (n,)
        Bounds wide enough never to matter: a tighter bound can only make the attack
        stronger, and so hide more.
    """
    return system.counts + 20.0 * threshold


def find_leaks(
    system: SumSystem,
    hidden: NDArray[np.bool_],
    cells: NDArray[np.intp],
    demand: Demand,
    *,
    threshold: int,
    rng: np.random.Generator,
) -> NDArray[np.intp]:
    """
    Find the small counts that a reader can bound too narrowly.

    Parameters
    ----------
    system : SumSystem
        The table.
    hidden : ndarray of bool, shape (n,)
        The cells that are hidden.
    cells : ndarray of int
        The cells to attack.
    demand : Demand
        What must stay possible for them.
    threshold : int
        Counts below it are small.
    rng : Generator
        Chooses the directions of the first searches; the outcome does not depend on it.

    Returns
    -------
    ndarray of int
        The cells of which the target is out of reach; where they are many, some among them
        may not be.
    """
    places, sums, right, low, high = _unknowns(system, hidden, demand.least, threshold)
    position = np.full(len(hidden), -1)
    position[places] = np.arange(len(places))
    target = demand.target[places]
    left = position[cells]
    left = left[demand.sign * (system.counts[places][left] - target[left]) < 0]
    if not len(left):
        return np.array([], dtype=np.intp)

    # One solution shows for many cells at once that their target can be reached; the bound
    # keeps a cell from going further than it must at the cost of the others.
    capped = high.copy()
    if demand.sign > 0:
        capped[left] = np.maximum(target[left], system.counts[places][left])
    together = Program(sums, right, low, capped)
    for _ in range(_ROUNDS):
        weight = np.zeros(len(places))
        weight[left] = -demand.sign * rng.uniform(0.5, 1.5, len(left))
        left = left[~_reached(together.minimise(weight), target, demand)[left]]
        if not len(left):
            return np.array([], dtype=np.intp)
    if len(left) > _MANY:
        # Most of so many do leak, and to repair them together is quicker than to ask of each.
        many: NDArray[np.intp] = places[left]
        return many
    # What is left is searched for cell by cell.
    leaks = []
    alone = Program(sums, right, low, high)
    while len(left):
        aimed, left = left[0], left[1:]
        weight = np.zeros(len(places))
        weight[aimed] = -demand.sign
        reached = _reached(alone.minimise(weight), target, demand)
        if not reached[aimed]:
            leaks.append(places[aimed])
        left = left[~reached[left]]
    return np.array(leaks, dtype=np.intp)


def find_narrow(
    system: SumSystem,
    hidden: NDArray[np.bool_],
    cells: NDArray[np.intp],
    *,
    least: int,
    width: float,
    threshold: int,
    rng: np.random.Generator,
) -> tuple[NDArray[np.intp], NDArray[np.float64], NDArray[np.float64]]:
    """
    Find the hidden cells that a reader can bound within less than a width.

    Parameters
    ----------
    system : SumSystem
        The table.
    hidden : ndarray of bool, shape (n,)
        The cells that are hidden.
    cells : ndarray of int
        The cells to attack.
    least : {0, 1}
        The smallest value that the reader allows a hidden cell.
    width : float
        How wide the interval must be.
    threshold : int
        Counts below it are small.
    rng : Generator
        Chooses the directions of the first searches; the outcome does not depend on it.

    Returns
    -------
    cells : ndarray of int
        Those with a narrower interval.
    low, high : ndarray of float64
        Its ends.
    """
    places, sums, right, bottom, top = _unknowns(system, hidden, least, threshold)
    position = np.full(len(hidden), -1)
    position[places] = np.arange(len(places))
    left = position[cells]
    lowest, highest = system.counts[places].copy(), system.counts[places].copy()
    found: list[int] = []
    program = Program(sums, right, bottom, top) if len(left) else None
    for turn in range(2 * _ROUNDS):
        if program is None or not len(left):
            break
        weight = np.zeros(len(places))
        weight[left] = rng.uniform(-1, 1, len(left)) if turn > 1 else 1 - 2 * turn
        values = program.minimise(weight)
        lowest, highest = np.minimum(lowest, values), np.maximum(highest, values)
        left = left[highest[left] - lowest[left] < width - TOLERANCE]
    while program is not None and len(left):
        aimed = left[0]
        for sign in (1.0, -1.0):
            weight = np.zeros(len(places))
            weight[aimed] = sign
            values = program.minimise(weight)
            lowest, highest = np.minimum(lowest, values), np.maximum(highest, values)
        if highest[aimed] - lowest[aimed] < width - TOLERANCE:
            found.append(int(aimed))
        left = left[1:]
        left = left[highest[left] - lowest[left] < width - TOLERANCE]
    return places[found], lowest[found], highest[found]


def _unknowns(
    system: SumSystem, hidden: NDArray[np.bool_], least: int, threshold: int
) -> tuple[NDArray[np.intp], csr_array, NDArray[np.float64], NDArray[np.float64], Any]:
    """Give what the reader does not know: which cells, their sums and their bounds."""
    places = np.flatnonzero(hidden | system.latent)
    sums = system.sums[:, places]
    sums = sums[np.diff(sums.indptr) > 0]
    right = sums @ system.counts[places]
    low = np.where(system.latent[places], 0.0, float(least))
    return places, sums, right, low, room_above(system, threshold)[places]


def _reached(
    values: NDArray[np.float64], target: NDArray[np.float64], demand: Demand
) -> NDArray[np.bool_]:
    return demand.sign * (values - target) >= -TOLERANCE
