"""
The cells that nobody publishes and that bind the tables to each other.

Two tables of the same persons, by organisation and municipality and by organisation and
occupation, fit together only if one could count persons by all three. What is possible for
tables is therefore what is possible for such finer, unpublished cells. Where tables overlap
as a tree (each shares with the next all that it shares with any), it is enough that they
agree where they overlap: finer cells can then always be found (Vorob'ev's theorem). So the
attributes that occur together are gathered in cliques of a chordal graph, and cliques joined
in a tree.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, product
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from regionstudy.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from regionstudy.members.disclosure.linked import Classes, LinkedTable, TableCells

__all__ = ["Unpublished", "unpublished_cells"]

_MOST_CELLS = 2_000_000


@dataclass(frozen=True)
class Unpublished:
    """
    Unpublished cells, what is published of them, and where they must agree.

    Parameters
    ----------
    counts : ndarray of float64
        The cells.
    cell : ndarray of int
        For each definition, the published cell that it is the sum for.
    definition, part : ndarray of int
        Pairs of a definition and an unpublished cell in it.
    equation, side : ndarray of int
        Pairs of an equation and an unpublished cell in it.
    sign : ndarray of float64
        1 or -1: on which side of the equation it stands.
    """

    counts: NDArray[np.float64]
    cell: NDArray[np.intp]
    definition: NDArray[np.intp]
    part: NDArray[np.intp]
    equation: NDArray[np.intp]
    side: NDArray[np.intp]
    sign: NDArray[np.float64]


@dataclass(frozen=True)
class _Labels:
    """The values of one attribute that are told apart: a row a value, as numbers."""

    columns: list[str]
    codes: NDArray[np.intp]


@dataclass
class _Clique:
    """Attributes counted together: the codes of each cell, and for each table its row."""

    attributes: tuple[str, ...]
    codes: dict[str, NDArray[np.intp]]
    counts: NDArray[np.float64]
    rows: dict[str, NDArray[np.intp]]
    first: int = 0

    def keep(self, alive: NDArray[np.bool_]) -> None:
        self.codes = {name: code[alive] for name, code in self.codes.items()}
        self.rows = {name: row[alive] for name, row in self.rows.items()}
        self.counts = self.counts[alive]

    def projected(self, names: Sequence[str], sizes: Mapping[str, int]) -> NDArray[np.intp]:
        code = np.zeros(len(self.counts), dtype=np.intp)
        for name in names:
            code = code * sizes[name] + self.codes[name]
        return code


def unpublished_cells(
    tables: Sequence[TableCells],
    classes: Mapping[str, Classes],
    *,
    counts: NDArray[np.float64],
    zeros_shown: bool,
) -> Unpublished:
    """
    Find the unpublished cells that bind tables.

    Parameters
    ----------
    tables : sequence of TableCells
        The tables.
    classes : mapping of str to Classes
        For each attribute, its values as far as the tables tell them apart.
    counts : ndarray of float64
        The counts of the rows that `classes` speaks of.
    zeros_shown : bool
        Whether zeros are published, so that nobody can be where they stand.

    Returns
    -------
    Unpublished
        The cells.

    Raises
    ------
    ConfigError
        If so many dimensions hang together that there are more than two million.
    """
    inner: dict[str, NDArray[np.intp]] = {}
    for cells in tables:
        kept = (cells.codes > 0).all(axis=1) & ((not zeros_shown) | (cells.counts > 0))
        inner[cells.table.name] = np.flatnonzero(kept)
    starts = dict(zip(inner, np.cumsum([0, *map(len, inner.values())]), strict=False))
    cliques: list[_Clique] = []
    equations: list[tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]] = []
    equation = first = 0
    for covering, allowed in _strata(tables, classes):
        made, sizes = _cliques(covering, classes, allowed, inner, counts)
        edges = _tree([clique.attributes for clique in made])
        _prune(made, edges, sizes)
        for clique in made:
            clique.first = first
            first += len(clique.counts)
        for one, other in edges:
            shared = [a for a in made[one].attributes if a in made[other].attributes]
            left, right = (made[n].projected(shared, sizes) for n in (one, other))
            agreed, place = np.unique(np.concatenate([left, right]), return_inverse=True)
            side = np.concatenate(
                [made[n].first + np.arange(len(made[n].counts)) for n in (one, other)]
            )
            sign = np.repeat([1.0, -1.0], [len(left), len(right)])
            equations.append((place + equation, side, sign))
            equation += len(agreed)
        cliques += made
    definition, part = [], []
    for clique in cliques:
        for name, row in clique.rows.items():
            definition.append(starts[name] + row)
            part.append(clique.first + np.arange(len(row)))
    none = np.array([], dtype=np.intp)
    return Unpublished(
        counts=np.concatenate([none, *(clique.counts for clique in cliques)]),
        cell=np.concatenate([none, *(cells.place[inner[cells.table.name]] for cells in tables)]),
        definition=np.concatenate([none, *definition]),
        part=np.concatenate([none, *part]),
        equation=np.concatenate([none, *(found[0] for found in equations)]),
        side=np.concatenate([none, *(found[1] for found in equations)]),
        sign=np.concatenate([none, *(found[2] for found in equations)]),
    )


def _strata(
    tables: Sequence[TableCells], classes: Mapping[str, Classes]
) -> Iterator[tuple[list[TableCells], dict[str, NDArray[np.intp]]]]:
    """Part the persons by the tables that count them: a `where` makes two parts of them."""
    patterns = []
    for found in classes.values():
        counted = np.column_stack([found.counted[cells.table.name] for cells in tables])
        unique, which = np.unique(counted, axis=0, return_inverse=True)
        which = which.reshape(-1)
        patterns.append([(row, np.flatnonzero(which == n)) for n, row in enumerate(unique)])
    for chosen in product(*patterns):
        counted_by = np.logical_and.reduce([row for row, _ in chosen])
        covering = [table for table, does in zip(tables, counted_by, strict=True) if does]
        if covering:
            yield covering, dict(zip(classes, (allowed for _, allowed in chosen), strict=True))


def _cliques(
    tables: Sequence[TableCells],
    classes: Mapping[str, Classes],
    allowed: Mapping[str, NDArray[np.intp]],
    inner: Mapping[str, NDArray[np.intp]],
    counts: NDArray[np.float64],
) -> tuple[list[_Clique], dict[str, int]]:
    import networkx as nx

    asked = {column for cells in tables for column in cells.table.dimensions}
    used = {cells.table.name: _attributes(cells.table, classes) for cells in tables}
    groups: dict[str, NDArray[np.intp]] = {}
    labels: dict[str, _Labels] = {}
    inside = np.ones(len(counts), dtype=bool)
    for attribute, found in classes.items():
        here = np.zeros(len(found.codes), dtype=bool)
        here[allowed[attribute]] = True
        inside &= here[found.of_rows]
        columns = [n for n, column in enumerate(found.columns) if column in asked]
        if columns:
            told, number = np.unique(found.codes[here][:, columns], axis=0, return_inverse=True)
            groups[attribute] = np.full(len(found.codes), -1)
            groups[attribute][here] = number.reshape(-1)
            labels[attribute] = _Labels([found.columns[n] for n in columns], told)
    sizes = {attribute: len(found.codes) for attribute, found in labels.items()}
    graph: nx.Graph[Any] = nx.Graph()
    graph.add_nodes_from(sorted(labels))
    for attributes in used.values():
        graph.add_edges_from(combinations(attributes, 2))
    chordal, _ = nx.complete_to_chordal_graph(graph)
    made: list[_Clique] = []
    defined: set[str] = set()
    for members in sorted(tuple(sorted(found)) for found in nx.chordal_graph_cliques(chordal)):
        _require_few(members, sizes, tables)
        shape = [sizes[name] for name in members]
        flat = np.zeros(len(counts), dtype=np.intp)
        for name in members:
            flat = flat * sizes[name] + groups[name][classes[name].of_rows]
        summed = np.bincount(flat[inside], weights=counts[inside], minlength=prod(shape))
        codes = dict(zip(members, np.indices(shape).reshape(len(shape), -1), strict=True))
        hosted = [cells for cells in tables if set(used[cells.table.name]) <= set(members)]
        rows = {
            cells.table.name: _rows_of(cells, codes, labels, inner[cells.table.name])
            for cells in hosted
        }
        # Where a table has no cell, or a published 0, nobody can be.
        alive = np.ones(len(summed), dtype=bool)
        for row in rows.values():
            alive &= row >= 0
        # Each table is defined once, by the first clique that holds its attributes.
        rows = {name: row for name, row in rows.items() if name not in defined}
        defined.update(rows)
        clique = _Clique(members, codes, summed.astype(np.float64), rows)
        clique.keep(alive)
        made.append(clique)
    return made, sizes


def _require_few(
    members: Sequence[str], sizes: Mapping[str, int], tables: Sequence[TableCells]
) -> None:
    size = prod(sizes[name] for name in members)
    if size > _MOST_CELLS:
        named = ", ".join(cells.table.name for cells in tables)
        msg = (
            f"The released tables {named} hang together by {', '.join(members)}: {size:,} cells, "
            f"too many to prove that nothing leaks. Declare tables of fewer dimensions, or of "
            f"groups such as occupation_major."
        )
        raise ConfigError(msg)


def _attributes(table: LinkedTable, classes: Mapping[str, Classes]) -> list[str]:
    found = (
        name
        for name, one in classes.items()
        if any(column in table.dimensions for column in one.columns)
    )
    return sorted(found)


def _rows_of(
    cells: TableCells,
    codes: Mapping[str, NDArray[np.intp]],
    labels: Mapping[str, _Labels],
    inner: NDArray[np.intp],
) -> NDArray[np.intp]:
    """Find, for each unpublished cell, the row of a table that counts it; -1 for none."""
    size = len(next(iter(codes.values())))
    cell, row, step = np.zeros(size, dtype=np.intp), np.zeros(len(inner), dtype=np.intp), 1
    for number, name in enumerate(cells.table.dimensions):
        attribute = next(one for one in codes if name in labels[one].columns)
        told = labels[attribute]
        code = told.codes[:, told.columns.index(name)]
        cell += code[codes[attribute]] * step
        row += cells.codes[inner, number] * step
        step *= int(max(code.max(initial=0), cells.codes[:, number].max(initial=0))) + 1
    place = np.full(step, -1)
    place[row] = np.arange(len(inner))
    return place[cell]


def _tree(cliques: Sequence[tuple[str, ...]]) -> list[tuple[int, int]]:
    """Join cliques in a tree, those that share most first."""
    import networkx as nx

    graph: nx.Graph[Any] = nx.Graph()
    graph.add_nodes_from(range(len(cliques)))
    for one, other in combinations(range(len(cliques)), 2):
        graph.add_edge(one, other, weight=len(set(cliques[one]) & set(cliques[other])))
    return sorted(nx.maximum_spanning_edges(graph, data=False))


def _prune(
    cliques: list[_Clique], edges: Sequence[tuple[int, int]], sizes: Mapping[str, int]
) -> None:
    """Take out the cells that another clique shows to be empty."""
    changed = True
    while changed:
        changed = False
        for one, other in [*edges, *((b, a) for a, b in edges)]:
            shared = [a for a in cliques[one].attributes if a in cliques[other].attributes]
            here = cliques[one].projected(shared, sizes)
            alive = np.isin(here, cliques[other].projected(shared, sizes))
            if not alive.all():
                cliques[one].keep(alive)
                changed = True
