"""Round what is published so that the rounded totals are the sums of their rounded parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from regionstudy.errors import ConfigError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from regionstudy.members.disclosure.sums import SumSystem

__all__ = ["round_consistently"]

# How many steps from its own multiple a cell may move, tried in turn.
_STEPS = (1, 2, 4)
_SECONDS = 10.0
_GAP = 0.02


def round_consistently(
    system: SumSystem, hidden: NDArray[np.bool_], *, base: int
) -> NDArray[np.float64]:
    """
    Round every cell to a multiple of a base, all sums kept.

    Parameters
    ----------
    system : SumSystem
        The tables.
    hidden : ndarray of bool, shape (n,)
        The cells that are hidden, which stay so.
    base : int
        The base, such as 5.

    Returns
    -------
    ndarray of float64, shape (n,)
        Multiples of the base, those of the published cells as near their counts as the sums
        let them together; 0 stays 0, and nothing else becomes 0. (Of hidden cells they only
        serve the sums.) Rounding comes after hiding: it tells a reader less, never more.

    Raises
    ------
    ConfigError
        If no multiples satisfy all the sums.

    References
    ----------
    Cox (1987), J. American Statistical Association 82(398), 520-524, controlled rounding.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array, hstack

    counts = system.counts
    free = np.flatnonzero((counts > 0) | system.latent)
    shown = np.flatnonzero((~hidden & ~system.latent)[free])
    size, distances = len(free), len(shown)
    sums = csr_array(system.sums[:, free])
    pick = csr_array((np.ones(distances), (np.arange(distances), shown)), shape=(distances, size))
    unit = csr_array((np.ones(distances), (np.arange(distances),) * 2), shape=(distances,) * 2)
    nothing = csr_array((sums.shape[0], distances))
    # The distance of each published cell, from above and from below.
    above, below = hstack([base * pick, -unit]), hstack([base * pick, unit])
    constraints = [
        LinearConstraint(csr_array(hstack([sums, nothing])), 0, 0),
        LinearConstraint(csr_array(above), -np.inf, counts[free][shown]),
        LinearConstraint(csr_array(below), counts[free][shown], np.inf),
    ]
    price = np.concatenate([np.zeros(size), np.ones(distances)])
    least = np.zeros(size)
    least[shown] = 1
    for steps in _STEPS:
        low = np.maximum(np.floor(counts[free] / base) - steps + 1, least)
        high = np.ceil(counts[free] / base) + steps - 1
        answer = milp(
            price,
            integrality=np.concatenate([np.ones(size), np.zeros(distances)]),
            bounds=Bounds(
                np.concatenate([low, np.zeros(distances)]),
                np.concatenate([np.maximum(high, 1), np.full(distances, np.inf)]),
            ),
            constraints=constraints,
            options={"time_limit": _SECONDS, "mip_rel_gap": _GAP},
        )
        if answer.x is not None:
            found = np.zeros(len(counts))
            found[free] = base * np.round(answer.x[:size])
            return found
    msg = f"rounding = {base}: no multiples satisfy all sums of the released tables; use 0."
    raise ConfigError(msg)
