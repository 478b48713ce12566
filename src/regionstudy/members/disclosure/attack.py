"""Attack a table with hidden cells as a reader with linear programming would."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from regionstudy.members.disclosure.program import TOLERANCE, Program

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from regionstudy.members.disclosure.sums import SumSystem

__all__ = ["Demand", "demands", "find_leaks", "room_above"]

_ROUNDS = 6


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


def demands(system: SumSystem, threshold: int) -> tuple[Demand, ...]:
    """
    List what must stay possible for each small count.

    Parameters
    ----------
    system : SumSystem
        The table.
    threshold : int
        Counts below it are small.

    Returns
    -------
    tuple of Demand
        Up to the threshold and down to the smallest possible for a reader who knows that
        zeros are published, and down to 0 for one who does not. (That one can also go as
        far up as the first: whatever is possible for the first is so for the second.)
    """
    size = len(system.counts)
    return (
        Demand(least=1, sign=1, target=np.maximum(float(threshold), system.smallest)),
        Demand(least=1, sign=-1, target=system.smallest),
        Demand(least=0, sign=-1, target=np.zeros(size)),
    )


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
        The cells of which the target is out of reach.
    """
    places = np.flatnonzero(hidden)
    position = np.full(len(hidden), -1)
    position[places] = np.arange(len(places))
    sums = system.sums[:, places]
    sums = sums[np.diff(sums.indptr) > 0]
    right = sums @ system.counts[places]
    low = np.full(len(places), float(demand.least))
    high = room_above(system, threshold)[places]
    target = demand.target[places]
    left = position[cells]
    left = left[demand.sign * (system.counts[places][left] - target[left]) < 0]

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


def _reached(
    values: NDArray[np.float64], target: NDArray[np.float64], demand: Demand
) -> NDArray[np.bool_]:
    return demand.sign * (values - target) >= -TOLERANCE
