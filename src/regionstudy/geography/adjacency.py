"""Which regions share a border."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from regionstudy.errors import ConfigError
from regionstudy.geography.boundaries import regions
from regionstudy.geography.membership import municipalities_in

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["neighbours", "surroundings"]


@cache
def _pairs(level: str) -> pd.DataFrame:
    frame = regions(level)
    shapes = np.asarray(frame.geometry.array)
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    # The map is a coverage: two regions meet in a line or in points, never in an area.
    # A corner where four meet is no border.
    border = shapely.length(shapely.intersection(shapes[one], shapes[other]))
    bordering = (one != other) & (border > 0)
    codes = frame["region"].to_numpy()
    pairs = pd.DataFrame({"region": codes[one[bordering]], "neighbour": codes[other[bordering]]})
    return pairs.sort_values(["region", "neighbour"], ignore_index=True)


def neighbours(level: str = "municipality") -> pd.DataFrame:
    """
    Give every pair of regions that share a border.

    The borders are those of the generalised map, which runs along the coast and leaves
    the great lakes out: regions with only water between them are not neighbours, and
    islands have none.

    Parameters
    ----------
    level : {"country", "county", "fa_region", "municipality"}, default "municipality"
        The level.

    Returns
    -------
    DataFrame
        ``region`` and ``neighbour`` (codes), each pair in both directions, in the order
        of codes.

    Raises
    ------
    ConfigError
        If the level is unknown.

    Examples
    --------
    >>> pairs = neighbours("county")
    >>> pairs.loc[pairs["region"] == "22", "neighbour"].tolist()
    ['21', '23', '24']
    """
    return _pairs(level).copy()


def surroundings(codes: str | Iterable[str], *, steps: int = 1) -> tuple[str, ...]:
    """
    Give the municipalities of a region and those around it.

    Parameters
    ----------
    codes : str or iterable of str
        The home: codes of any level.
    steps : int, default 1
        How many borders may be crossed; 0 gives the home alone.

    Returns
    -------
    tuple of str
        Municipality codes, the home's among them, in the order of codes.

    Raises
    ------
    ConfigError
        If a code is not a region of today or `steps` is negative.

    Examples
    --------
    >>> surroundings("2262")
    ('2262', '2280', '2281')
    """
    if steps < 0:
        msg = f"steps={steps} is negative; use 0 for the home alone, 1 for its neighbours."
        raise ConfigError(msg)
    reached = set(municipalities_in(codes))
    pairs = _pairs("municipality")
    for _ in range(steps):
        reached |= set(pairs.loc[pairs["region"].isin(reached), "neighbour"])
    return tuple(sorted(reached))
