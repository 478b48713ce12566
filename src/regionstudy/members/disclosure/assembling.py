"""Tables of the same persons written as one system of sums."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from regionstudy.members.disclosure.sums import TOTAL, SumSystem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from regionstudy.members.disclosure.linked import LinkedTable
    from regionstudy.members.disclosure.unpublished import Unpublished

__all__ = ["assemble"]


def assemble(
    values: NDArray[np.float64],
    hosts: Unpublished,
    tables: Sequence[LinkedTable],
    cells: Mapping[str, pd.DataFrame],
    place: Mapping[str, NDArray[np.intp]],
    *,
    zeros_shown: bool,
) -> SumSystem:
    """
    Write the cells of tables, and those that bind them, as one system of sums.

    Parameters
    ----------
    values : ndarray of float64
        The published cells.
    hosts : Unpublished
        The unpublished ones.
    tables : sequence of LinkedTable
        The tables.
    cells : mapping of str to DataFrame
        Each table's cells, margins included.
    place : mapping of str to ndarray of int
        For each row of a table, its cell among `values`.
    zeros_shown : bool
        Whether zeros are published.

    Returns
    -------
    SumSystem
        The published cells, then the unpublished. ``smallest`` is 1 (0 where zeros are
        hidden) for all: sums can ask for more.
    """
    from scipy.sparse import coo_array, csr_array, vstack

    size = len(values)
    # An unpublished cell that is one published cell alone is that cell.
    parts = np.bincount(hosts.definition, minlength=len(hosts.cell))
    alone = parts[hosts.definition] == 1
    column = np.full(len(hosts.counts), -1)
    column[hosts.part[alone]] = hosts.cell[hosts.definition[alone]]
    loose = column < 0
    column[loose] = size + np.arange(loose.sum())
    width = size + int(loose.sum())

    lines, chosen = _lines(tables, cells, place, width)
    defined = coo_array(
        (
            np.concatenate([np.ones(len(hosts.part)), -np.ones(len(hosts.cell))]),
            (
                np.concatenate([hosts.definition, np.arange(len(hosts.cell))]),
                np.concatenate([column[hosts.part], hosts.cell]),
            ),
        ),
        shape=(len(hosts.cell), width),
    )
    equal = coo_array(
        (hosts.sign, (hosts.equation, column[hosts.side])),
        shape=(int(hosts.equation.max(initial=-1)) + 1, width),
    )
    sums = csr_array(vstack([lines[chosen], defined.tocsr(), equal.tocsr()]))
    sums.sum_duplicates()
    sums.eliminate_zeros()
    counts = np.concatenate([values, hosts.counts[loose]])
    return SumSystem(
        counts=counts,
        sums=csr_array(sums[np.diff(sums.indptr) > 0]),
        smallest=np.minimum(counts, 1.0) if zeros_shown else np.zeros(width),
        lines=lines,
        latent=np.arange(width) >= size,
        known=np.zeros(width, dtype=bool),
        zeros_shown=zeros_shown,
    )


def _lines(
    tables: Sequence[LinkedTable],
    cells: Mapping[str, pd.DataFrame],
    place: Mapping[str, NDArray[np.intp]],
    width: int,
) -> tuple[csr_array, NDArray[np.intp]]:
    """List the sums along each dimension, and of those one for each margin."""
    from scipy.sparse import coo_array, csr_array

    rows, columns, signs, chosen = [], [], [], []
    first = 0
    for table in tables:
        frame, where = cells[table.name], place[table.name]
        codes, steps = _codes(frame, table)
        key = codes @ steps
        order = np.argsort(key)
        met = np.zeros(len(frame), dtype=bool)
        for number, name in enumerate(table.dimensions):
            if name in table.separate:
                continue
            part = np.flatnonzero(codes[:, number] > 0)
            wanted = key[part] - codes[part, number] * steps[number]
            margin = order[np.searchsorted(key[order], wanted)]
            margins, line = np.unique(margin, return_inverse=True)
            rows += [line + first, np.arange(len(margins)) + first]
            columns += [where[part], where[margins]]
            signs += [np.ones(len(part)), -np.ones(len(margins))]
            chosen.append(np.flatnonzero(~met[margins]) + first)
            met[margins] = True
            first += len(margins)
    matrix = coo_array(
        (np.concatenate(signs), (np.concatenate(rows), np.concatenate(columns))),
        shape=(first, width),
    ).tocsr()
    matrix.sum_duplicates()
    matrix.eliminate_zeros()
    return csr_array(matrix), np.concatenate(chosen)


def _codes(frame: pd.DataFrame, table: LinkedTable) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    codes, steps, step = [], [], 1
    for name in table.dimensions:
        labels = pd.Index([TOTAL]).append(pd.Index(frame.loc[frame[name] != TOTAL, name].unique()))
        codes.append(labels.get_indexer(pd.Index(frame[name])))
        steps.append(step)
        step *= len(labels)
    return np.column_stack(codes).astype(np.intp), np.array(steps, dtype=np.intp)
