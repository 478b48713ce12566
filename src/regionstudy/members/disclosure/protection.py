"""Protect a table of counts: hide, attack, repair."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from regionstudy.errors import ConfigError
from regionstudy.members.disclosure.attack import demands, find_leaks
from regionstudy.members.disclosure.lines import cover_lines
from regionstudy.members.disclosure.repair import hide_more
from regionstudy.members.disclosure.sums import build_sums

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from regionstudy.members.disclosure.sums import Hierarchies, SumSystem

__all__ = ["protect"]

_STATUSES = pd.Index(["", "suppressed"])


def protect(
    counts: pd.DataFrame,
    *,
    dimensions: Sequence[str],
    count: str = "headcount",
    threshold: int = 5,
    hierarchies: Hierarchies | None = None,
) -> pd.DataFrame:
    """
    Hide small counts, and what would give them away.

    Parameters
    ----------
    counts : DataFrame, shape (n, ...)
        A row a cell: the dimensions (str) and `count` (persons, whole numbers). Margins are
        rows whose dimension value is "total". Absent cells count as 0.
    dimensions : sequence of str
        The columns that tell the cells apart.
    count : str, default "headcount"
        The column of counts.
    threshold : int, default 5
        Counts from 1 up to below it are hidden; 1 hides nothing. Zeros are published.
    hierarchies : mapping of str to mapping of str to str, optional
        For a dimension with subtotals, the value that each value is a part of
        (``{"municipality": {"2281": "22"}}``); what is not named is a part of "total".

    Returns
    -------
    DataFrame, shape (n, ...)
        The same rows and columns; `count` is float64 and NaN where hidden, and `status` is
        "" or "suppressed".

    Raises
    ------
    DataError
        If a column or a margin is missing, a row repeats, a count is not a whole number of
        0 or more, or a margin is not the sum of its parts.
    ConfigError
        If `threshold` is not a whole number of 1 or more, or `hierarchies` cannot be used.

    References
    ----------
    Fischetti and Salazar (2001), Management Science 47(7), 1008-1027, for the problem.

    Examples
    --------
    >>> table = pd.DataFrame({"region": ["2281", "2284", "2280", "total"],
    ...     "headcount": [31, 2, 9, 42]})
    >>> protect(table, dimensions=["region"])
      region  headcount      status
    0   2281       31.0
    1   2284        NaN  suppressed
    2   2280        NaN  suppressed
    3  total       42.0
    """
    if isinstance(threshold, bool) or not isinstance(threshold, (int, np.integer)) or threshold < 1:
        msg = f"threshold={threshold!r}: use a whole number of 1 or more, such as 5."
        raise ConfigError(msg)
    result = counts.copy()
    system = build_sums(counts, dimensions=dimensions, count=count, hierarchies=hierarchies)
    hidden = _hide(system, int(threshold))
    result[count] = np.where(hidden, np.nan, system.counts)
    result["status"] = pd.Categorical.from_codes(hidden.astype(int), categories=_STATUSES)
    return result


def _hide(system: SumSystem, threshold: int) -> NDArray[np.bool_]:
    small = (system.counts > 0) & (system.counts < threshold)
    if not small.any():
        return small
    cells = np.flatnonzero(small)
    hidden = cover_lines(system, small, threshold=threshold)
    rng = np.random.default_rng(0)
    # What is hidden for one demand only widens what was reached for those before it.
    for demand in demands(system, threshold):
        leaks = cells
        while True:
            leaks = find_leaks(system, hidden, leaks, demand, threshold=threshold, rng=rng)
            if not len(leaks):
                break
            more = hide_more(system, hidden, leaks, demand, threshold=threshold)
            if (more == hidden).all():
                # Hiding was dearer than what they lacked together; alone, one must reach it.
                more = hide_more(system, hidden, leaks[:1], demand, threshold=threshold)
                leaks = leaks[1:]
            hidden = more
    return hidden
