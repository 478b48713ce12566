"""Protect tables of counts: hide, attack, repair."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from regionstudy.errors import ConfigError
from regionstudy.members.disclosure.editions import mark_earlier
from regionstudy.members.disclosure.hiding import hide
from regionstudy.members.disclosure.linked import LinkedTable, link
from regionstudy.members.disclosure.rounding import round_consistently
from regionstudy.members.disclosure.sums import build_sums

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from regionstudy.members.disclosure.editions import EarlierTable
    from regionstudy.members.disclosure.linked import TableCells
    from regionstudy.members.disclosure.sums import Hierarchies

__all__ = ["Protection", "protect", "protect_jointly", "true_cells"]

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
    hidden, _ = hide(system, threshold=int(threshold), width=int(threshold))
    result[count] = np.where(hidden, np.nan, system.counts)
    result["status"] = pd.Categorical.from_codes(hidden.astype(int), categories=_STATUSES)
    return result


@dataclass(frozen=True)
class Protection:
    """
    Tables that were protected together.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Each table as `protect` gives it, with all its margins.
    audit : DataFrame
        For the analyst alone, a row a hidden cell: ``table``, ``cell`` (its values of the
        dimensions), ``count``, ``reason`` ("small", "secondary" or "earlier") and ``proved``,
        False where only a reader who does not take the last edition for unchanged is kept from
        knowing it.
    """

    tables: Mapping[str, pd.DataFrame]
    audit: pd.DataFrame


def protect_jointly(
    rows: pd.DataFrame,
    tables: Sequence[LinkedTable],
    *,
    groupings: Mapping[str, str],
    count: str = "headcount",
    threshold: int = 5,
    width: int | None = None,
    zeros_shown: bool = True,
    earlier: Sequence[EarlierTable] = (),
    rounding: int = 0,
) -> Protection:
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
    earlier : sequence of EarlierTable, optional
        The tables of the last edition, which readers may hold too.
    rounding : int, default 0
        Round what is published to multiples of this, totals being the sums of their rounded
        parts; 0 for none.

    Returns
    -------
    Protection
        The tables, and for the analyst what was hidden and why.

    Examples
    --------
    >>> rows = pd.DataFrame({"org": ["a", "a", "b"], "place": ["x", "y", "x"],
    ...     "headcount": [2, 30, 20]})
    >>> found = protect_jointly(rows, [LinkedTable("orgs", ("org",)),
    ...     LinkedTable("places", ("place",), where={"org": ["a"]})], groupings={})
    >>> found.tables["places"]
       place  headcount      status
    0      x        NaN  suppressed
    1      y        NaN  suppressed
    2  total       32.0
    >>> found.audit[["table", "cell", "count", "reason"]]
        table     cell  count     reason
    0  places  place x    2.0      small
    1  places  place y   30.0  secondary
    """
    every = [*tables, *(one.table for one in earlier)]
    linked = link(rows, every, groupings=groupings, count=count, zeros_shown=zeros_shown)
    names = [table.name for table in tables]
    system, kept = mark_earlier(linked, earlier, names)
    hidden, unproved = hide(system, threshold=threshold, width=width or threshold, kept=kept)
    # Readers may know a small count from before; it is not shown to them again.
    hidden |= replace(system, known=np.zeros(len(hidden), dtype=bool)).small(threshold)
    shown = round_consistently(system, hidden, base=rounding) if rounding > 1 else system.counts
    found, audits = {}, []
    for name in names:
        cells = linked.cells[name]
        away = hidden[cells.place]
        frame = cells.frame.copy()
        frame[count] = np.where(away, np.nan, shown[cells.place])
        frame["status"] = pd.Categorical.from_codes(away.astype(int), categories=_STATUSES)
        found[name] = frame
        audits.append(_audited(cells, away, kept, unproved, threshold))
    return Protection(found, pd.concat(audits, ignore_index=True))


def true_cells(rows: pd.DataFrame, table: LinkedTable, *, count: str = "headcount") -> pd.DataFrame:
    """
    Give a table as it was counted: for the private state alone, never for a page.

    Parameters
    ----------
    rows : DataFrame
        The columns that the table uses (str), and `count`.
    table : LinkedTable
        The table.
    count : str, default "headcount"
        The column of counts.

    Returns
    -------
    DataFrame
        The dimensions and `count`, margins included.
    """
    cells = link(rows, [table], groupings={}, count=count).cells[table.name]
    return cells.frame.assign(**{count: cells.counts})


def _audited(
    cells: TableCells,
    away: NDArray[np.bool_],
    kept: NDArray[np.bool_],
    unproved: NDArray[np.bool_],
    threshold: int,
) -> pd.DataFrame:
    chosen = np.flatnonzero(away)
    labels = cells.frame.iloc[chosen]
    told = [
        ", ".join(f"{name} {value}" for name, value in zip(labels.columns, row, strict=True))
        for row in labels.itertuples(index=False)
    ]
    counts, place = cells.counts[chosen], cells.place[chosen]
    reason = np.where(kept[place], "earlier", "secondary")
    return pd.DataFrame(
        {
            "table": cells.table.name,
            "cell": told,
            "count": counts,
            "reason": np.where(counts < threshold, "small", reason),
            "proved": ~unproved[place],
        }
    )
