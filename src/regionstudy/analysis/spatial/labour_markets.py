"""Local labour markets: centres that few leave, and the municipalities that follow them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from regionstudy.analysis.spatial.commuting import read_commuting
from regionstudy.analysis.spatial.divisions import (
    FunctionalRegions,
    describe,
    outflows,
    require_share,
)
from regionstudy.errors import DataError

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

__all__ = ["local_labour_markets"]


def local_labour_markets(
    flows: pd.DataFrame,
    employed: pd.DataFrame,
    *,
    most_out: float = 0.20,
    most_to_one: float = 0.075,
    longest_chain: int = 3,
) -> FunctionalRegions:
    """
    Join municipalities by the rule of Statistics Sweden's local labour markets.

    A municipality is a centre if at most `most_out` of its employed residents work
    elsewhere and at most `most_to_one` in any single municipality. Every other one
    follows the municipality that most of its commuters go to, through as many steps as
    it takes to come to a centre. Municipalities that follow one another in a ring have
    no centre: the one with the smallest part commuting out becomes it. A chain of more
    than `longest_chain` steps is broken at its weakest one, where the smallest share
    commutes on, and makes two labour markets.

    Parameters
    ----------
    flows : DataFrame
        ``origin`` (residence), ``destination`` (workplace), ``value`` (persons).
    employed : DataFrame
        ``region``, ``value`` (employed residents).
    most_out, most_to_one : float, default 0.20 and 0.075
        The two limits, as shares.
    longest_chain : int, default 3
        Steps from a municipality to its centre.

    Returns
    -------
    FunctionalRegions
        Members and a summary; the centre's code names the region.

    Raises
    ------
    DataError
        If the frames do not fit, a limit is no share, or `longest_chain` is below 1.

    References
    ----------
    Statistics Sweden (2010), Construction and use of labour market areas in Sweden. The
    breaking of chains: Carlsson and others (1993), as M. Johansson cites them on gross
    migration between 109 local labour markets.

    Examples
    --------
    >>> import pandas as pd
    >>> flows = pd.DataFrame({"origin": ["2262", "2281", "2260"],
    ...     "destination": ["2281", "2262", "2281"], "value": [4000.0, 2000.0, 500.0]})
    >>> employed = pd.DataFrame({"region": ["2260", "2262", "2281"],
    ...     "value": [4200.0, 8500.0, 49000.0]})
    >>> local_labour_markets(flows, employed).members[["region", "centre"]]
      region centre
    0   2260   2281
    1   2262   2281
    2   2281   2281
    """
    require_share(most_out=most_out, most_to_one=most_to_one)
    if longest_chain < 1:
        msg = (
            f"longest_chain={longest_chain} lets nobody follow anybody; give 1 or more, such as 3."
        )
        raise DataError(msg)
    commuting = read_commuting(flows, employed)
    out, largest, follows = outflows(commuting)
    place = np.arange(len(out))
    centre = ((out <= most_out) & (largest <= most_to_one)) | (largest == 0)
    step = np.where(centre, place, follows)
    _lead_rings(step, out)
    _break_chains(step, largest, longest=longest_chain)
    return describe(commuting, _heads(step))


def _heads(step: NDArray[np.int64]) -> NDArray[np.int64]:
    """Follow every chain to its end, or into its ring."""
    head = step
    # Each turn doubles the steps taken.
    for _ in range(len(step).bit_length()):
        head = head[head]
    return head


def _lead_rings(step: NDArray[np.int64], out: NDArray[np.float64]) -> None:
    """Make a centre in each ring, where fewest leave; of equals the lowest code."""
    head = _heads(step)
    for start in np.unique(head[step[head] != head]):
        ring = [int(start)]
        while int(step[ring[-1]]) not in ring:
            ring.append(int(step[ring[-1]]))
        # Another municipality of the ring may have led to its centre already.
        if step[ring[-1]] != ring[-1]:
            made = min(ring, key=lambda one: (float(out[one]), one))
            step[made] = made


def _break_chains(step: NDArray[np.int64], largest: NDArray[np.float64], *, longest: int) -> None:
    """Break the longest chain at its weakest step until none is too long."""
    place = np.arange(len(step))
    while True:
        depth = np.zeros(len(step), dtype=int)
        reached = step.copy()
        walking = step != place
        while walking.any():
            depth += walking
            walking = walking & (step[reached] != reached)
            reached = step[reached]
        if depth.max(initial=0) <= longest:
            return
        chain = [int(depth.argmax())]
        while step[chain[-1]] != chain[-1]:
            chain.append(int(step[chain[-1]]))
        weakest = min(chain[:-1], key=lambda one: (float(largest[one]), one))
        step[weakest] = weakest
