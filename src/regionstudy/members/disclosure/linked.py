"""Several tables of the same persons as one system of sums."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from regionstudy.members.disclosure.assembling import assemble
from regionstudy.members.disclosure.sums import TOTAL
from regionstudy.members.disclosure.unpublished import unpublished_cells

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from regionstudy.members.disclosure.sums import SumSystem

__all__ = ["Classes", "LinkedTable", "LinkedTables", "TableCells", "link"]


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


@dataclass(frozen=True)
class Classes:
    """
    The values of one attribute, as far as the tables tell them apart.

    Parameters
    ----------
    columns : list of str
        The columns that say something of it and that tables are summed by.
    codes : ndarray of int, shape (classes, columns)
        Their values for each class, as numbers from 1.
    counted : mapping of str to ndarray of bool
        For each table, the classes of which the rows count.
    of_rows : ndarray of int
        The class of each row.
    """

    columns: list[str]
    codes: NDArray[np.intp]
    counted: Mapping[str, NDArray[np.bool_]]
    of_rows: NDArray[np.intp]


@dataclass(frozen=True)
class TableCells:
    """
    The cells of one table, margins included.

    Parameters
    ----------
    table : LinkedTable
        The table.
    codes : ndarray of int, shape (cells, dimensions)
        The value of each dimension as a number from 1; 0 where it is summed over.
    counts : ndarray of float64
        How many persons are in each.
    holding : ndarray of float64
        Of how many cells that are no margin and hold somebody each is made up.
    place : ndarray of int
        For each, its cell in the system. A cell that stands in several tables, such as an
        organisation's total, is one cell.
    labels : tuple of ndarray of object
        For each dimension, what its numbers stand for.
    """

    table: LinkedTable
    codes: NDArray[np.intp]
    counts: NDArray[np.float64]
    holding: NDArray[np.float64]
    place: NDArray[np.intp]
    labels: tuple[NDArray[np.object_], ...]

    @cached_property
    def frame(self) -> pd.DataFrame:
        """
        The dimensions as text; margins are rows whose dimension value is "total".

        Returns
        -------
        DataFrame
            A row a cell.
        """
        columns = zip(self.table.dimensions, self.labels, self.codes.T, strict=True)
        return pd.DataFrame({name: pd.Series(known[code]) for name, known, code in columns})


@dataclass(frozen=True)
class LinkedTables:
    """
    Tables of the same rows, and the one system of sums that their cells form.

    Parameters
    ----------
    cells : mapping of str to TableCells
        Each table's cells.
    system : SumSystem
        The cells of all tables, then the unpublished ones that bind them.
    """

    cells: Mapping[str, TableCells]
    system: SumSystem


def link(
    rows: pd.DataFrame,
    tables: Sequence[LinkedTable],
    *,
    groupings: Mapping[str, str],
    count: str = "headcount",
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
    zeros_shown : bool, default True
        Whether zeros are published.

    Returns
    -------
    LinkedTables
        The tables and their system. A reader who knows every margin of every table, and how
        they follow from the same persons, can bound a cell as the system does, no better.
    """
    values = rows[count].to_numpy(np.float64)
    coded = _coded(rows, tables)
    classes = _classify(coded, tables, groupings, len(rows))
    made = [_cells(coded, values, table, classes, zeros_shown) for table in tables]
    number = _numbered([_keys(one.codes, one.table, classes) for one in made])
    ends = np.cumsum([len(one.counts) for one in made])[:-1]
    pieces: list[NDArray[np.intp]] = np.split(number, ends)
    cells = {
        one.table.name: replace(one, place=place) for one, place in zip(made, pieces, strict=True)
    }
    system = assemble(
        list(cells.values()),
        unpublished_cells(list(cells.values()), classes, counts=values, zeros_shown=zeros_shown),
        zeros_shown=zeros_shown,
    )
    return LinkedTables(cells=cells, system=system)


@dataclass(frozen=True)
class _Coded:
    """A column as numbers from 1, what they stand for, and whether each row counts."""

    codes: NDArray[np.intp]
    labels: NDArray[np.object_]
    counted: Mapping[str, NDArray[np.bool_]]


def _coded(rows: pd.DataFrame, tables: Sequence[LinkedTable]) -> dict[str, _Coded]:
    found = {}
    for column in dict.fromkeys(c for t in tables for c in (*t.dimensions, *t.where)):
        codes, labels = pd.factorize(rows[column], sort=True)
        counted = {
            table.name: np.isin(codes, labels.get_indexer(pd.Index(list(table.where[column]))))
            for table in tables
            if column in table.where
        }
        known = np.array([TOTAL, *labels], dtype=object)
        found[column] = _Coded(codes.astype(np.intp) + 1, known, counted)
    return found


def _classify(
    coded: Mapping[str, _Coded],
    tables: Sequence[LinkedTable],
    groupings: Mapping[str, str],
    size: int,
) -> dict[str, Classes]:
    attributes: dict[str, list[str]] = {}
    for column in coded:
        attributes.setdefault(groupings.get(column, column), []).append(column)
    found = {}
    for name, columns in attributes.items():
        summed = [one for one in columns if any(one in table.dimensions for table in tables)]
        counted = {table.name: np.ones(size, dtype=bool) for table in tables}
        for column in columns:
            for table, passes in coded[column].counted.items():
                counted[table] = counted[table] & passes
        told = np.column_stack([*(coded[one].codes for one in summed), *counted.values()])
        unique, of_rows = np.unique(told, axis=0, return_inverse=True)
        passing = unique[:, len(summed) :].astype(bool)
        found[name] = Classes(
            columns=summed,
            codes=unique[:, : len(summed)].astype(np.intp),
            counted=dict(zip(counted, passing.T, strict=True)),
            of_rows=of_rows.reshape(-1),
        )
    return found


def _cells(
    coded: Mapping[str, _Coded],
    values: NDArray[np.float64],
    table: LinkedTable,
    classes: Mapping[str, Classes],
    zeros_shown: bool,
) -> TableCells:
    """Sum the rows that count by the dimensions, and by all but some of them."""
    counts = np.ones(len(values), dtype=bool)
    for column in table.where:
        counts &= coded[column].counted[table.name]
    rows = np.column_stack([coded[name].codes[counts] for name in table.dimensions])
    inner, summed = _sums(rows, values[counts])
    if not zeros_shown:
        inner, summed = _with_zeros(inner, summed, table, classes)
    codes, summed_up, holding = [], [], []
    away = [n for n, name in enumerate(table.dimensions) if name not in table.separate]
    for size in range(len(away) + 1):
        for chosen in combinations(away, size):
            block = inner.copy()
            block[:, list(chosen)] = 0
            unique, found = _sums(block, summed)
            codes.append(unique)
            summed_up.append(found)
            holding.append(_sums(block, (summed > 0).astype(np.float64))[1])
    return TableCells(
        table=table,
        codes=np.concatenate(codes),
        counts=np.concatenate(summed_up),
        holding=np.concatenate(holding),
        place=np.array([], dtype=np.intp),
        labels=tuple(coded[name].labels for name in table.dimensions),
    )


def _sums(
    codes: NDArray[np.intp], values: NDArray[np.float64]
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    unique, place = np.unique(codes, axis=0, return_inverse=True)
    summed = np.bincount(place.reshape(-1), weights=values, minlength=len(unique))
    return unique, summed.astype(np.float64)


def _with_zeros(
    inner: NDArray[np.intp],
    summed: NDArray[np.float64],
    table: LinkedTable,
    classes: Mapping[str, Classes],
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Add the cells that hold nobody: every pairing of values that the table can have."""
    whole = np.zeros((1, inner.shape[1]), dtype=np.intp)
    for one in classes.values():
        used = [n for n, name in enumerate(table.dimensions) if name in one.columns]
        if used:
            asked = [one.columns.index(table.dimensions[n]) for n in used]
            values = np.unique(one.codes[one.counted[table.name]][:, asked], axis=0)
            whole, values = np.repeat(whole, len(values), axis=0), np.tile(values, (len(whole), 1))
            whole[:, used] = values
    return _sums(np.concatenate([whole, inner]), np.concatenate([np.zeros(len(whole)), summed]))


def _keys(
    codes: NDArray[np.intp], table: LinkedTable, classes: Mapping[str, Classes]
) -> list[NDArray[np.object_]]:
    """Tell cells apart by the classes that each takes in, attribute by attribute."""
    keys = []
    for found in classes.values():
        used = [n for n, name in enumerate(table.dimensions) if name in found.columns]
        patterns, place = np.unique(codes[:, used], axis=0, return_inverse=True)
        asked = [found.columns.index(table.dimensions[n]) for n in used]
        taken = (
            (patterns[:, None, :] == 0) | (found.codes[None][:, :, asked] == patterns[:, None, :])
        ).all(axis=2) & found.counted[table.name]
        written = [packed.tobytes() for packed in np.packbits(taken, axis=1)]
        keys.append(np.array(written, dtype=object)[place.reshape(-1)])
    return keys


def _numbered(keys: Sequence[Sequence[NDArray[np.object_]]]) -> NDArray[np.intp]:
    """Number the cells of all tables, equal ones alike."""
    size = sum(len(table[0]) for table in keys)
    told = np.zeros((size, len(keys[0])), dtype=np.intp)
    for attribute, columns in enumerate(zip(*keys, strict=True)):
        told[:, attribute] = pd.factorize(np.concatenate(columns))[0]
    unique, first, place = np.unique(told, axis=0, return_index=True, return_inverse=True)
    # In the order in which they are met.
    order = np.empty(len(unique), dtype=np.intp)
    order[np.argsort(first)] = np.arange(len(unique))
    return order[place.reshape(-1)]
