"""Several tables of the same persons as one system of sums."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from regionstudy.members.disclosure.assembling import assemble
from regionstudy.members.disclosure.attack import smallest_possible
from regionstudy.members.disclosure.sums import TOTAL
from regionstudy.members.disclosure.unpublished import Inner, unpublished_cells

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from regionstudy.members.disclosure.sums import SumSystem

__all__ = ["Classes", "LinkedTable", "LinkedTables", "link"]


@dataclass(frozen=True)
class LinkedTable:
    """
    One of several tables that are made from the same rows.

    Parameters
    ----------
    name : str
        Its name.
    dimensions : tuple of str
        The columns it is summed by.
    where : mapping of str to sequence of str
        For a column, the values of the rows that count.
    separate : sequence of str
        Dimensions that are not added up, such as the years of a stock.
    """

    name: str
    dimensions: tuple[str, ...]
    where: Mapping[str, Sequence[str]] = field(default_factory=dict)
    separate: Sequence[str] = ()

    def passes(self, rows: pd.DataFrame, columns: Sequence[str] | None = None) -> NDArray[np.bool_]:
        """
        Tell which rows count.

        Parameters
        ----------
        rows : DataFrame
            The rows.
        columns : sequence of str, optional
            Look at these columns alone.

        Returns
        -------
        ndarray of bool
            Whether each does.
        """
        keep = np.ones(len(rows), dtype=bool)
        for column, values in self.where.items():
            if columns is None or column in columns:
                keep &= rows[column].isin(list(values)).to_numpy()
        return keep


@dataclass(frozen=True)
class Classes:
    """
    The values of one attribute, as far as the tables tell them apart.

    Parameters
    ----------
    columns : list of str
        The columns that say something of it.
    labels : DataFrame
        A row a class: its values in the columns that tables are summed by.
    counted : mapping of str to ndarray of bool
        For each table, the classes of which the rows count.
    of_rows : ndarray of int
        The class of each row.
    """

    columns: list[str]
    labels: pd.DataFrame
    counted: Mapping[str, NDArray[np.bool_]]
    of_rows: NDArray[np.intp]


@dataclass(frozen=True)
class LinkedTables:
    """
    Tables of the same rows, and the one system of sums that their cells form.

    Parameters
    ----------
    cells : mapping of str to DataFrame
        Each table: its dimensions and the count, margins included.
    place : mapping of str to ndarray of int
        For each row of a table, its cell in the system. A cell that stands in several tables,
        such as an organisation's total, is one cell.
    system : SumSystem
        The cells, then the unpublished ones that bind them.
    """

    cells: Mapping[str, pd.DataFrame]
    place: Mapping[str, NDArray[np.intp]]
    system: SumSystem


def link(
    rows: pd.DataFrame,
    tables: Sequence[LinkedTable],
    *,
    groupings: Mapping[str, str],
    count: str = "headcount",
    threshold: int = 5,
    zeros_shown: bool = True,
) -> LinkedTables:
    """
    Make tables of the same rows and find every sum that binds their cells.

    Parameters
    ----------
    rows : DataFrame
        The columns that the tables use (str), and `count`.
    tables : sequence of LinkedTable
        The tables.
    groupings : mapping of str to str
        For a column that is a grouping of another, that other: a reader knows which
        occupation belongs to which group.
    count : str, default "headcount"
        The column of counts.
    threshold : int, default 5
        Counts below it are small.
    zeros_shown : bool, default True
        Whether zeros are published.

    Returns
    -------
    LinkedTables
        The tables and their system. A reader who knows every margin of every table, and how
        they follow from the same persons, can bound a cell as the system does, no better.
    """
    classes = _classify(rows, tables, groupings)
    cells = {table.name: _cells(rows, table, classes, count, zeros_shown) for table in tables}
    keys = pd.concat([_keys(cells[t.name], t, classes) for t in tables], ignore_index=True)
    number = keys.groupby(list(keys.columns), sort=False).ngroup().to_numpy(np.intp)
    every = np.concatenate([cells[table.name][count].to_numpy(np.float64) for table in tables])
    values = np.zeros(int(number.max(initial=-1)) + 1)
    values[number] = every
    ends = np.cumsum([len(cells[table.name]) for table in tables])
    pieces: list[NDArray[np.intp]] = np.split(number, ends[:-1])
    place = dict(zip([table.name for table in tables], pieces, strict=True))
    hosts = unpublished_cells(
        tables,
        classes,
        inner={t.name: _inner(cells[t.name], t, place[t.name], count, zeros_shown) for t in tables},
        counts=rows[count].to_numpy(np.float64),
    )
    system = assemble(values, hosts, tables, cells, place, zeros_shown=zeros_shown)
    small = np.flatnonzero(system.small(threshold))
    system.smallest[small] = smallest_possible(system, small, threshold=threshold)
    return LinkedTables(cells=cells, place=place, system=system)


def _classify(
    rows: pd.DataFrame, tables: Sequence[LinkedTable], groupings: Mapping[str, str]
) -> dict[str, Classes]:
    attributes: dict[str, list[str]] = {}
    for table in tables:
        for column in (*table.dimensions, *table.where):
            columns = attributes.setdefault(groupings.get(column, column), [])
            if column not in columns:
                columns.append(column)
    found = {}
    for name, columns in attributes.items():
        summed = [one for one in columns if any(one in table.dimensions for table in tables)]
        told = rows[summed].assign(
            **{f"in {table.name}": table.passes(rows, columns) for table in tables}
        )
        number = told.groupby(list(told.columns), sort=True).ngroup().to_numpy()
        groups = told.iloc[np.unique(number, return_index=True)[1]]
        found[name] = Classes(
            columns=columns,
            labels=groups[summed].reset_index(drop=True),
            counted={table.name: groups[f"in {table.name}"].to_numpy() for table in tables},
            of_rows=number.astype(np.intp),
        )
    return found


def _cells(
    rows: pd.DataFrame,
    table: LinkedTable,
    classes: Mapping[str, Classes],
    count: str,
    zeros_shown: bool,
) -> pd.DataFrame:
    names = list(table.dimensions)
    inner = rows.loc[table.passes(rows)].groupby(names, sort=True)[[count]].sum().reset_index()
    if not zeros_shown and len(inner):
        inner = _with_zeros(inner, names, classes, count)
    summed = [name for name in names if name not in table.separate]
    blocks = []
    for size in range(len(summed) + 1):
        for away in combinations(summed, size):
            block = inner.assign(**dict.fromkeys(away, TOTAL))
            blocks.append(block.groupby(names, sort=True)[[count]].sum().reset_index())
    return pd.concat(blocks, ignore_index=True)


def _with_zeros(
    inner: pd.DataFrame, names: list[str], classes: Mapping[str, Classes], count: str
) -> pd.DataFrame:
    """Add the cells that hold nobody: every pairing of values that occur."""
    used = [[name for name in names if name in one.columns] for one in classes.values()]
    whole, *others = [inner[columns].drop_duplicates() for columns in used if columns]
    for values in others:
        whole = whole.merge(values, how="cross")
    found = whole.merge(inner, on=names, how="left", validate="one_to_one")
    # Nobody was counted there, which is what 0 says; no figure is missing.
    return found.assign(**{count: found[count].fillna(0)}).sort_values(names, ignore_index=True)


def _keys(cells: pd.DataFrame, table: LinkedTable, classes: Mapping[str, Classes]) -> pd.DataFrame:
    """Tell cells apart by the classes that each takes in, attribute by attribute."""
    keys = {}
    for attribute, found in classes.items():
        counted = found.counted[table.name]
        used = [name for name in table.dimensions if name in found.columns]
        if not used:
            keys[attribute] = np.full(len(cells), _written(counted), dtype=object)
            continue
        patterns = pd.MultiIndex.from_frame(cells[used].drop_duplicates())
        labels = {name: found.labels[name].to_numpy(dtype=object) for name in used}
        written = np.empty(len(patterns), dtype=object)
        for number, pattern in enumerate(patterns):
            taken = counted.copy()
            for name, label in zip(used, pattern, strict=True):
                if label != TOTAL:
                    taken &= labels[name] == label
            written[number] = _written(taken)
        keys[attribute] = written[patterns.get_indexer(pd.MultiIndex.from_frame(cells[used]))]
    return pd.DataFrame(keys)


def _written(taken: NDArray[np.bool_]) -> str:
    return np.packbits(taken).tobytes().hex()


def _inner(
    cells: pd.DataFrame,
    table: LinkedTable,
    place: NDArray[np.intp],
    count: str,
    zeros_shown: bool,
) -> Inner:
    """Keep the cells that are no margin; a published 0 tells that nobody stands behind it."""
    names = list(table.dimensions)
    keep = (cells[names] != TOTAL).all(axis=1)
    if zeros_shown:
        keep &= cells[count] > 0
    return Inner(cells.loc[keep, names], place[keep.to_numpy()])
