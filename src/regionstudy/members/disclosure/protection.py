"""Protect tables of counts: hide, attack, repair."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from regionstudy.errors import ConfigError
from regionstudy.members.disclosure.hiding import hide
from regionstudy.members.disclosure.linked import LinkedTable, link
from regionstudy.members.disclosure.sums import build_sums

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from regionstudy.members.disclosure.sums import Hierarchies

__all__ = ["protect", "protect_jointly"]

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
    hidden = hide(system, threshold=int(threshold), width=int(threshold))
    result[count] = np.where(hidden, np.nan, system.counts)
    result["status"] = pd.Categorical.from_codes(hidden.astype(int), categories=_STATUSES)
    return result


def protect_jointly(
    rows: pd.DataFrame,
    tables: Sequence[LinkedTable],
    *,
    groupings: Mapping[str, str],
    count: str = "headcount",
    threshold: int = 5,
    width: int | None = None,
    zeros_shown: bool = True,
) -> dict[str, pd.DataFrame]:
    """
    Make several tables of the same rows and protect them together.

    Parameters
    ----------
    rows : DataFrame
        The columns that the tables use (str), and `count` (persons, whole numbers).
    tables : sequence of LinkedTable
        The tables.
    groupings : mapping of str to str
        For a column that is a grouping of another, that other.
    count : str, default "headcount"
        The column of counts.
    threshold : int, default 5
        Counts below it are hidden.
    width : int, optional
        How wide the interval must be that a reader of all tables can work out for a hidden
        cell; the threshold where not given.
    zeros_shown : bool, default True
        Whether zeros are published.

    Returns
    -------
    dict of str to DataFrame
        Each table as `protect` gives it, with all its margins.

    Examples
    --------
    >>> rows = pd.DataFrame({"org": ["a", "a", "b"], "place": ["x", "y", "x"],
    ...     "headcount": [2, 30, 20]})
    >>> found = protect_jointly(rows, [LinkedTable("orgs", ("org",)),
    ...     LinkedTable("places", ("place",), where={"org": ["a"]})], groupings={})
    >>> found["places"]
       place  headcount      status
    0      x        NaN  suppressed
    1      y        NaN  suppressed
    2  total       32.0
    """
    linked = link(
        rows,
        tables,
        groupings=groupings,
        count=count,
        threshold=threshold,
        zeros_shown=zeros_shown,
    )
    hidden = hide(linked.system, threshold=threshold, width=width or threshold)
    found = {}
    for name, cells in linked.cells.items():
        away = hidden[cells.place]
        frame = cells.frame.copy()
        frame[count] = np.where(away, np.nan, cells.counts)
        frame["status"] = pd.Categorical.from_codes(away.astype(int), categories=_STATUSES)
        found[name] = frame
    return found
