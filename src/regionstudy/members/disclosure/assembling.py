"""Tables of the same persons written as one system of sums."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from regionstudy.members.disclosure.sums import SumSystem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from regionstudy.members.disclosure.linked import TableCells
    from regionstudy.members.disclosure.unpublished import Unpublished

__all__ = ["assemble"]


def assemble(tables: Sequence[TableCells], hosts: Unpublished, *, zeros_shown: bool) -> SumSystem:
    """
    Write the cells of tables, and those that bind them, as one system of sums.

    Parameters
    ----------
    tables : sequence of TableCells
        The tables.
    hosts : Unpublished
        The unpublished cells.
    zeros_shown : bool
        Whether zeros are published.

    Returns
    -------
    SumSystem
        The published cells, then the unpublished. ``smallest`` is what each table alone asks
        for; several together can ask for more.
    """
    from scipy.sparse import coo_array, csr_array, vstack

    size = max((int(table.place.max(initial=-1)) for table in tables), default=-1) + 1
    values, smallest = np.zeros(size), np.zeros(size)
    for table in tables:
        values[table.place] = table.counts
        np.maximum.at(smallest, table.place, table.holding)
    # An unpublished cell that is one published cell alone is that cell.
    parts = np.bincount(hosts.definition, minlength=len(hosts.cell))
    alone = parts[hosts.definition] == 1
    column = np.full(len(hosts.counts), -1)
    column[hosts.part[alone]] = hosts.cell[hosts.definition[alone]]
    loose = column < 0
    column[loose] = size + np.arange(loose.sum())
    width = size + int(loose.sum())

    lines, chosen = _lines(tables, width)
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
        smallest=np.concatenate([smallest * zeros_shown, np.zeros(width - size)]),
        lines=lines,
        latent=np.arange(width) >= size,
        known=np.zeros(width, dtype=bool),
        zeros_shown=zeros_shown,
    )


def _lines(tables: Sequence[TableCells], width: int) -> tuple[csr_array, NDArray[np.intp]]:
    """List the sums along each dimension, and of those one for each margin."""
    from scipy.sparse import coo_array, csr_array

    rows, columns, signs, chosen = [], [], [], []
    first = 0
    for cells in tables:
        codes, where = cells.codes, cells.place
        steps = np.cumprod([1, *(codes.max(axis=0, initial=0) + 1)])[:-1]
        key = codes @ steps
        order = np.argsort(key)
        met = np.zeros(len(codes), dtype=bool)
        for number, name in enumerate(cells.table.dimensions):
            if name in cells.table.separate:
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
    none = np.array([], dtype=np.intp)
    entries = (np.concatenate([none, *rows]), np.concatenate([none, *columns]))
    matrix = coo_array((np.concatenate([none, *signs]), entries), shape=(first, width)).tocsr()
    matrix.sum_duplicates()
    matrix.eliminate_zeros()
    return csr_array(matrix), np.concatenate([none, *chosen])
