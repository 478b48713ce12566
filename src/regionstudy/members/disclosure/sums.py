"""A table of counts with margins as a system of sums."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from regionstudy.errors import ConfigError, DataError

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

__all__ = ["TOTAL", "SumSystem", "build_sums", "with_margins"]

TOTAL = "total"

Hierarchies = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class SumSystem:
    """
    The cells of a table and the sums that bind them.

    Parameters
    ----------
    counts : ndarray of float64, shape (n,)
        The cells, whole numbers of 0 or more.
    sums : csr_array, shape (m, n)
        A row a sum: +1 for each part, -1 for the margin; ``sums @ counts`` is 0.
    smallest : ndarray of float64, shape (n,)
        The smallest value that each cell can have where zeros are known: the number of
        the cells that make it up and are not 0.
    lines : csr_array, shape (k, n)
        The sums that are looked at one by one before the attack, as `sums`.
    latent : ndarray of bool, shape (n,)
        Cells that are never published and only bind the others; zeros among them are not
        known, and they need no protection.
    known : ndarray of bool, shape (n,)
        Cells that the reader knows whatever is hidden here.
    zeros_shown : bool
        Whether zeros are published, so that a hidden cell is at least 1.
    """

    counts: NDArray[np.float64]
    sums: csr_array
    smallest: NDArray[np.float64]
    lines: csr_array
    latent: NDArray[np.bool_]
    known: NDArray[np.bool_]
    zeros_shown: bool = True

    @property
    def least(self) -> int:
        """
        Give the smallest value of a hidden cell, to a reader who knows the rules.

        Returns
        -------
        int
            1 where zeros are published, 0 where they are not.
        """
        return 1 if self.zeros_shown else 0

    def small(self, threshold: int) -> NDArray[np.bool_]:
        """
        Tell which cells must be hidden.

        Parameters
        ----------
        threshold : int
            Counts below it are small.

        Returns
        -------
        ndarray of bool, shape (n,)
            Whether each is small, 0 included where zeros are not published.
        """
        small = (self.counts < threshold) & (self.counts >= self.least) & ~self.latent
        return small & ~self.known


@dataclass(frozen=True)
class _Dimension:
    """Along one dimension: which row is a part of which, and how deep it lies."""

    part: NDArray[np.intp]
    margin: NDArray[np.intp]
    depth: NDArray[np.intp]


def with_margins(
    counts: pd.DataFrame, *, dimensions: Sequence[str], count: str = "headcount"
) -> pd.DataFrame:
    """
    Add every margin to a table of counts.

    Parameters
    ----------
    counts : DataFrame
        The dimensions (str) and `count`, one row a cell; absent cells count as 0.
    dimensions : sequence of str
        The columns that tell the cells apart.
    count : str, default "headcount"
        The column of counts.

    Returns
    -------
    DataFrame
        The dimensions and `count`; the margins are rows whose dimension value is "total".

    Examples
    --------
    >>> cells = pd.DataFrame({"region": ["2281", "2284"], "headcount": [7, 2]})
    >>> with_margins(cells, dimensions=["region"])
      region  headcount
    0   2281          7
    1   2284          2
    2  total          9
    """
    names = list(dimensions)
    cells = counts[[*names, count]].astype(dict.fromkeys(names, "str"))
    blocks: list[pd.DataFrame] = []
    for size in range(len(names) + 1):
        for summed in combinations(names, size):
            block = cells.assign(**dict.fromkeys(summed, TOTAL))
            blocks.append(block.groupby(names, sort=True)[[count]].sum().reset_index())
    return pd.concat(blocks, ignore_index=True)


def build_sums(
    counts: pd.DataFrame,
    *,
    dimensions: Sequence[str],
    count: str,
    hierarchies: Hierarchies | None,
) -> SumSystem:
    """
    Check a table of counts and find the sums that bind its cells.

    Parameters
    ----------
    counts : DataFrame
        The dimensions and `count`, margins included.
    dimensions : sequence of str
        The columns that tell the cells apart.
    count : str
        The column of counts.
    hierarchies : mapping or None
        For a dimension, the value that each value is a part of; "total" where not given.

    Returns
    -------
    SumSystem
        The cells, in the order of the rows, and their sums.

    Raises
    ------
    DataError
        If a column or a margin is missing, a row repeats, a count is not a whole number
        of 0 or more, or a margin is not the sum of its parts.
    ConfigError
        If `hierarchies` names an unknown dimension or goes in a circle.
    """
    from scipy.sparse import coo_array

    names = list(dimensions)
    values = _check_cells(counts, names, count)
    along = [
        _relate(counts, names, number, (hierarchies or {}).get(name, {}))
        for number, name in enumerate(names)
    ]
    unknown = sorted(set(hierarchies or {}) - set(names))
    if unknown:
        msg = f"hierarchies: {', '.join(unknown)} is not among the dimensions {', '.join(names)}."
        raise ConfigError(msg)

    rows, columns, signs = [], [], []
    first = 0
    for name, relation in zip(names, along, strict=True):
        margins, line = np.unique(relation.margin, return_inverse=True)
        expected = np.zeros(len(values))
        np.add.at(expected, relation.margin, values[relation.part])
        _require_equal(
            counts, names, name, count, (hierarchies or {}).get(name, {}), expected, values
        )
        rows += [line + first, np.arange(len(margins)) + first]
        columns += [relation.part, margins]
        signs += [np.ones(len(line)), -np.ones(len(margins))]
        first += len(margins)
    entries = (np.concatenate(signs), (np.concatenate(rows), np.concatenate(columns)))
    sums = coo_array(entries, shape=(first, len(values))).tocsr()
    none = np.zeros(len(values), dtype=bool)
    return SumSystem(
        counts=values,
        sums=sums,
        smallest=_smallest(values, along),
        lines=sums,
        latent=none,
        known=none,
    )


def _check_cells(counts: pd.DataFrame, names: list[str], count: str) -> NDArray[np.float64]:
    if not names:
        msg = "protect needs at least one dimension; name the columns that tell the cells apart."
        raise DataError(msg)
    missing = [column for column in (*names, count) if column not in counts.columns]
    if missing:
        msg = f"The table has no column {', '.join(missing)}; it has {', '.join(counts.columns)}."
        raise DataError(msg)
    empty = counts[names].isna().any(axis=1)
    if empty.any():
        msg = f"The table has {int(empty.sum())} rows without a value of {', '.join(names)}."
        raise DataError(msg)
    repeated = counts.duplicated(names)
    if repeated.any():
        msg = f"The table repeats {_cells(counts, names, repeated)}; a cell is one row."
        raise DataError(msg)
    try:
        values = counts[count].to_numpy(dtype=np.float64, na_value=np.nan)
    except (TypeError, ValueError) as error:
        msg = f"{count} is not a column of numbers: {error}."
        raise DataError(msg) from error
    for wrong, what in (
        (~np.isfinite(values), "is missing"),
        (values < 0, "is negative"),
        (values != np.round(values), "is not a whole number"),
    ):
        if wrong.any():
            msg = f"{count} {what} in {_cells(counts, names, pd.Series(wrong, counts.index))}."
            raise DataError(msg)
    return values


def _relate(
    counts: pd.DataFrame, names: list[str], number: int, parents: Mapping[str, str]
) -> _Dimension:
    """Find, along one dimension, the margin that each row is a part of."""
    name = names[number]
    value = counts[name].astype("str")
    parent = value.map(parents).astype("str").where(value.isin(set(parents)), TOTAL)
    part = np.flatnonzero((value != TOTAL).to_numpy())
    keys = pd.MultiIndex.from_frame(counts[names].astype("str"))
    wanted = counts[names].astype("str").assign(**{name: parent}).iloc[part]
    margin = keys.get_indexer(pd.MultiIndex.from_frame(wanted))
    if (margin < 0).any():
        absent = wanted[margin < 0].drop_duplicates()
        shown = _cells(absent, names, pd.Series(True, absent.index))
        msg = f'The table lacks the margin {shown}; margins are rows whose value is "{TOTAL}".'
        raise DataError(msg)
    return _Dimension(part, margin.astype(np.intp), _depths(name, value, parents)[part])


def _depths(name: str, value: pd.Series[str], parents: Mapping[str, str]) -> NDArray[np.intp]:
    depth: dict[str, int] = {}
    for start in value.unique():
        path = [start]
        while path[-1] != TOTAL:
            path.append(parents.get(path[-1], TOTAL))
            if path[-1] in path[:-1]:
                msg = f"hierarchies: {name} goes in a circle: {' > '.join(path)}."
                raise ConfigError(msg)
        depth[start] = len(path)
    return np.array([depth[item] for item in value], dtype=np.intp)


def _require_equal(
    counts: pd.DataFrame,
    names: list[str],
    name: str,
    count: str,
    parents: Mapping[str, str],
    expected: NDArray[np.float64],
    values: NDArray[np.float64],
) -> None:
    # A margin of which no part is given must be 0, since absent cells are.
    wrong = counts[name].isin([TOTAL, *parents.values()]).to_numpy() & (expected != values)
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        shown = _cells(counts, names, pd.Series(wrong, counts.index))
        msg = (
            f"{count} of the margin {shown} is not the sum over {name}: "
            f"{values[row]:.0f} against {expected[row]:.0f}. Sum it anew from the cells."
        )
        raise DataError(msg)


def _smallest(values: NDArray[np.float64], along: Sequence[_Dimension]) -> NDArray[np.float64]:
    inner = np.ones(len(values), dtype=bool)
    for relation in along:
        inner[relation.margin] = False
    smallest = np.where(inner & (values > 0), 1.0, 0.0)
    # One dimension after the other, from the deepest level up, as one would add by hand.
    for relation in along:
        reached = np.zeros(len(values))
        for depth in np.unique(relation.depth)[::-1]:
            level = relation.depth == depth
            np.add.at(
                reached,
                relation.margin[level],
                smallest[relation.part[level]] + reached[relation.part[level]],
            )
        smallest = smallest + reached
    return smallest


def _cells(counts: pd.DataFrame, names: list[str], chosen: pd.Series[bool]) -> str:
    """Name the first five of the chosen cells, then count the rest."""
    found = counts.loc[chosen.to_numpy(), names]
    shown = "; ".join(
        ", ".join(f"{name} {value}" for name, value in zip(names, row, strict=True))
        for row in found.head(5).itertuples(index=False)
    )
    more = len(found) - 5
    return shown + (f"; and {more} more" if more > 0 else "")
