"""Compute the index for thousands of weight sets at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from regionstudy.analysis.composite.means import power_of
from regionstudy.analysis.composite.outranking_variants import copeland_many
from regionstudy.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from regionstudy.analysis.composite.structure import Tree
    from regionstudy.analysis.composite.values import Array

__all__ = ["root_scores"]


def root_scores(
    x: Array,
    tree: Tree,
    weights: Array,
    *,
    methods: Sequence[str],
    options: Mapping[str, Any],
) -> Array:
    """
    Score every region under every set of weights.

    Parameters
    ----------
    x : array, shape (regions, indicators)
        Normalised values in the order of the tree's indicators; missing is NaN.
    tree : Tree
        The structure.
    weights : array, shape (variants, nodes)
        Weights of the tree's nodes, on any scale; 0 leaves a node out.
    methods : sequence of str
        One aggregation a level, from the bottom up.
    options : mapping
        Options of the aggregations.

    Returns
    -------
    array, shape (variants, regions)
        What orders the regions as their scores do: where one power mean runs through all
        levels, its inner sum (a logarithm, say) and not the score itself.

    Raises
    ------
    DataError
        If drawn weights make the mean of a Mazziotta-Pareto index 0 or less.
    """
    powers = {power_of(word, options.get("power")) for word in methods}
    power = powers.pop() if len(powers) == 1 else None
    if power is not None and np.isfinite(x).all():
        inner = _effective(tree, weights) @ _raise(x, power).T
        return -inner if power < 0 else inner
    return _level_by_level(x, tree, weights, methods, options)


def _effective(tree: Tree, weights: Array) -> Array:
    """Each indicator's weight in the index under each set, shape (variants, indicators)."""
    place = {name: k for k, name in enumerate(tree.nodes)}
    share = np.ascontiguousarray(weights.T)
    total: dict[str, Array] = {}
    for node, children in tree.children.items():
        rows = [place[child] for child in children]
        for child in children:
            if child in total:  # a domain left without children has no say
                share[place[child]] *= total[child] > 0
        total[node] = share[rows].sum(axis=0)
        share[rows] /= np.where(total[node] > 0, total[node], 1.0)
    for node in reversed(tree.aggregates[:-1]):
        share[[place[child] for child in tree.children[node]]] *= share[place[node]]
    return np.asarray(share[: len(tree.indicators)].T)


def _level_by_level(
    x: Array, tree: Tree, weights: Array, methods: Sequence[str], options: Mapping[str, Any]
) -> Array:
    place = {name: k for k, name in enumerate(tree.nodes)}
    scores: dict[str, Array] = dict(zip(tree.indicators, x.T, strict=True))
    for node, children in tree.children.items():
        word = methods[tree.level[node] - 2]
        own = weights[:, [place[child] for child in children]]
        parts = [scores[child] for child in children]
        power = power_of(word, options.get("power"))
        if word == "copeland":
            scores[node] = copeland_many(parts, own)
        elif power is not None:
            mean, _ = _means(parts, own, [lambda part, p=power: _raise(part, p)])
            scores[node] = _lower(mean[0], power)
        else:
            scores[node] = _penalised(parts, own, word, options, node)
    return scores[tree.root]


def _means(
    parts: Sequence[Array], weights: Array, functions: Sequence[Any]
) -> tuple[list[Array], Array]:
    """Weighted means of functions of the parts over those present, and their number."""
    total: Array | float = 0.0
    count: Array | float = 0.0
    sums: list[Array | float] = [0.0 for _ in functions]
    for part, weight in zip(parts, weights.T, strict=True):
        present = np.isfinite(part) & (weight > 0)[:, None]
        counted = np.where(present, weight[:, None], 0.0)
        total = total + counted
        count = count + present
        for k, function in enumerate(functions):
            sums[k] = sums[k] + counted * np.where(
                present, function(np.where(present, part, 1.0)), 0.0
            )
    with np.errstate(invalid="ignore"):
        return [np.asarray(one / total) for one in sums], np.asarray(count)


def _penalised(
    parts: Sequence[Array], weights: Array, word: str, options: Mapping[str, Any], node: str
) -> Array:
    (mean,), count = _means(parts, weights, [lambda part: part])
    if (mean <= 0).any():
        raise DataError(
            f"The Mazziotta-Pareto index of '{node}': the mean is 0 or less under drawn weights, "
            "so its penalty would be a reward. Normalise with zscore (mean=100, sd=10)."
        )
    centred = [part - mean for part in parts]
    (variance,), _ = _means(centred, weights, [np.square])
    if word == "mpi":
        variance = variance * count / np.maximum(count - 1, 1)
    penalty = variance / mean
    return mean + penalty if options.get("polarity") == "negative" else mean - penalty


def _raise(x: Array, power: float) -> Array:
    if power == 0:
        return np.asarray(np.log(x))
    return x if power == 1 else np.asarray(x**power)


def _lower(mean: Array, power: float) -> Array:
    if power == 0:
        return np.asarray(np.exp(mean))
    return mean if power == 1 else np.asarray(mean ** (1 / power))
