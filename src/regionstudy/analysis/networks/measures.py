"""
Measures of the two-mode graph and of what it projects to.

python-igraph computes them whatever the size: it is the quicker from a few hundred seats on,
and one way is easier to trust than two. networkx is what the tests hold it to.
"""

from __future__ import annotations

import random
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np

# igraph imports all of matplotlib where that is installed, which takes longer than most pages
# take to compute: the functions that begin with it import it themselves.
if TYPE_CHECKING:
    from collections.abc import Iterator

    import igraph as ig  # type: ignore[import-untyped]
    from scipy import sparse

__all__ = ["betweenness", "bridges", "communities", "cores", "cuts", "meeting", "place", "two_mode"]

# Kamada and Kawai's layout compares every two nodes, and is the clearer one while they are few.
_FEW = 300


def two_mode(matrix: sparse.csr_array) -> ig.Graph:
    """
    Make the graph of organisations and networks.

    Parameters
    ----------
    matrix : csr_array, shape (organisations, networks)
        1 where an organisation has a seat.

    Returns
    -------
    Graph
        Organisations first, then networks; an edge a seat, in the matrix's order.
    """
    import igraph as ig

    seat = matrix.tocoo()
    edges = np.column_stack([seat.row, seat.col + matrix.shape[0]])
    return ig.Graph(n=sum(matrix.shape), edges=edges)


def betweenness(graph: ig.Graph, *, organisations: int) -> np.ndarray:
    """
    Give the part of all shortest ways that go through each node, 0-1.

    Parameters
    ----------
    graph : Graph
        From `two_mode`.
    organisations : int
        How many of its nodes are organisations.

    Returns
    -------
    ndarray of float
        Organisations first. Divided by the most that a node of its kind can have; 0 where no
        way can pass it.

    References
    ----------
    Borgatti and Halgin (2011), Analyzing affiliation networks, in The Sage Handbook of Social
    Network Analysis. Brandes (2001), Journal of Mathematical Sociology 25(2), 163-177.
    """
    networks = graph.vcount() - organisations
    raw: np.ndarray = np.array(graph.betweenness(directed=False), dtype=float)
    most = np.concatenate(
        [
            np.full(organisations, _most(organisations, networks)),
            np.full(networks, _most(networks, organisations)),
        ]
    )
    share: np.ndarray = np.divide(raw, most, out=np.zeros_like(raw), where=most > 0)
    return share


def _most(own: int, other: int) -> float:
    """Give the largest betweenness of a node, with `own` nodes of its kind."""
    if not own or not other:
        return 0.0
    s, t = divmod(own - 1, other)
    return (other**2 * (s + 1) ** 2 + other * (s + 1) * (2 * t - s - 1) - t * (2 * s - t + 3)) / 2


def bridges(graph: ig.Graph) -> np.ndarray:
    """
    Tell which seats are bridges: without one, the graph falls into more parts.

    Parameters
    ----------
    graph : Graph
        From `two_mode`.

    Returns
    -------
    ndarray of bool
        By edge.
    """
    found = np.zeros(graph.ecount(), dtype=bool)
    found[graph.bridges()] = True
    return found


def cuts(graph: ig.Graph) -> list[int]:
    """
    List the nodes without which the graph falls into more parts.

    Parameters
    ----------
    graph : Graph
        From `two_mode`.

    Returns
    -------
    list of int
        The articulation points, in order.
    """
    return sorted(int(one) for one in graph.articulation_points())


def meeting(number: int, first: np.ndarray, second: np.ndarray) -> ig.Graph:
    """
    Make the graph of organisations that share a network.

    Parameters
    ----------
    number : int
        How many organisations there are.
    first, second : ndarray of int
        The pairs that do, from `pairs`.

    Returns
    -------
    Graph
        An edge a pair, in their order.
    """
    import igraph as ig

    return ig.Graph(n=number, edges=np.column_stack([first, second]))


def cores(graph: ig.Graph) -> np.ndarray:
    """
    Give each organisation's core: the largest k with k others of core k or more that it meets.

    Parameters
    ----------
    graph : Graph
        From `meeting`.

    Returns
    -------
    ndarray of int
        By organisation; 0 for one that meets nobody.

    References
    ----------
    Seidman (1983), Social Networks 5(3), 269-287.
    """
    return np.array(graph.coreness(), dtype=int)


def communities(graph: ig.Graph, weight: np.ndarray, *, seed: int) -> np.ndarray:
    """
    Part the organisations into groups that share networks among themselves more than outwards.

    Parameters
    ----------
    graph : Graph
        From `meeting`.
    weight : ndarray of int
        How many networks each pair shares.
    seed : int
        Start of the random order that nodes are tried in.

    Returns
    -------
    ndarray of int
        By organisation: 1 for the largest group, and so on; 0 for one that meets nobody.

    References
    ----------
    Traag, Waltman and van Eck (2019), Scientific Reports 9, 5233 (Leiden, modularity, each
    pair weighted by the networks it shares).
    """
    with _seeded(seed):
        found = graph.community_leiden(
            objective_function="modularity", weights=list(weight), n_iterations=-1
        )
    label = np.array(found.membership, dtype=int)
    alone = np.array(graph.degree()) == 0
    # Numbered by size; of two as large, the one with the earlier organisation comes first.
    kept = label[~alone]
    names, first, size = np.unique(kept, return_index=True, return_counts=True)
    order = np.lexsort((first, -size))
    number = dict(zip(names[order].tolist(), range(1, len(names) + 1), strict=True))
    return np.array([0 if one else number[at] for at, one in zip(label, alone, strict=True)], int)


def place(graph: ig.Graph, *, seed: int) -> np.ndarray:
    """
    Lay the graph out.

    Parameters
    ----------
    graph : Graph
        From `two_mode`.
    seed : int
        Start of the random places that it begins from.

    Returns
    -------
    ndarray of float, shape (nodes, 2)
        Each axis from 0 to 1; NaN for a node without an edge, which has no place.

    References
    ----------
    Kamada and Kawai (1989), Information Processing Letters 31(1), 7-15; beyond 300 nodes
    Fruchterman and Reingold (1991), Software: Practice and Experience 21(11), 1129-1164.
    """
    places = np.full((graph.vcount(), 2), np.nan)
    linked = np.flatnonzero(np.array(graph.degree()) > 0)
    if not len(linked):
        return places
    part = graph.induced_subgraph(linked)
    start = np.random.default_rng(seed).uniform(-1, 1, size=(len(linked), 2)) * len(linked) ** 0.5
    with _seeded(seed):
        if len(linked) <= _FEW:
            made = part.layout_kamada_kawai(seed=start.tolist())
        else:
            made = part.layout_fruchterman_reingold(seed=start.tolist(), niter=150, grid=True)
    drawn = _whole(np.array(made.coords, dtype=float))
    if len(linked) <= _FEW:
        drawn = _whole(_apart(drawn, 0.9 / len(linked) ** 0.5))
    places[linked] = drawn
    return places


def _whole(drawn: np.ndarray) -> np.ndarray:
    """Fill the picture; a single place, or a line, stands in its middle."""
    span = np.ptp(drawn, axis=0)
    filled: np.ndarray = (drawn - drawn.min(axis=0)) / np.where(span > 0, span, 1)
    return np.where(span > 0, filled, 0.5)


def _apart(drawn: np.ndarray, least: float) -> np.ndarray:
    """Push nodes apart that would cover each other, each pair a little at a time."""
    moved = drawn.copy()
    for _ in range(60):
        gap = moved[:, None] - moved[None, :]
        far = np.hypot(gap[..., 0], gap[..., 1])
        np.fill_diagonal(far, np.inf)
        close = far < least
        if not close.any():
            break
        # Two in one place have no direction to part in; any will do.
        first = np.triu(close & (far == 0))
        gap[first], gap[first.T] = (1.0, 0.0), (-1.0, 0.0)
        push = np.divide(
            least - far, np.where(far > 0, far, 1), out=np.zeros_like(far), where=close
        )
        moved += 0.35 * (gap * push[..., None]).sum(axis=1)
    return moved


@contextmanager
def _seeded(seed: int) -> Iterator[None]:
    """Let igraph draw from a generator of its own; afterwards from Python's, as it does."""
    import igraph as ig

    ig.set_random_number_generator(random.Random(seed))  # noqa: S311 - no secret
    try:
        yield
    finally:
        ig.set_random_number_generator(random)
