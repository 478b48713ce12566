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

__all__ = ["effective_shares", "root_scores"]


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
        effective = effective_shares(tree, weights)
        # What weighs nothing in any variant may lie outside the mean's domain.
        counted = effective.any(axis=0)
        inner = _product(effective[:, counted], _raise(x[:, counted], power).T)
        return -inner if power < 0 else inner
    return _level_by_level(x, tree, weights, methods, options)


def effective_shares(tree: Tree, weights: Array) -> Array:
    """
    Compute each indicator's share of the index under each set of weights.

    Parameters
    ----------
    tree : Tree
        The structure.
    weights : array, shape (variants, nodes)
        Weights of the tree's nodes, on any scale; a node whose children all weigh nothing
        leaves its own weight to its siblings.

    Returns
    -------
    array, shape (variants, indicators)
        Shares that add up to 1, or to 0 where nothing weighs anything.
    """
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
    # Each node's scores, as the power (0: the logarithm) of them that its own mean is made of: a
    # parent with the same mean takes them as they are.
    found: dict[str, tuple[Array, float]] = {
        name: (column, 1.0) for name, column in zip(tree.indicators, x.T, strict=True)
    }

    def on_scale(child: str, power: float) -> Array:
        array, own = found[child]
        return array if own == power else _raise(_lower(array, own), power)

    for node, children in tree.children.items():
        word = methods[tree.level[node] - 2]
        counted = [name for name in children if weights[:, place[name]].any()] or children[:1]
        own = weights[:, [place[name] for name in counted]]
        power = power_of(word, options.get("power"))
        parts = [on_scale(name, 1.0 if power is None else power) for name in counted]
        if power is not None:
            found[node] = _mean(parts, own), power
        elif word == "copeland":
            found[node] = copeland_many(parts, own), 1.0
        else:
            found[node] = _penalised(parts, own, word, options, node), 1.0
    root, power = found[tree.root]
    return -root if power < 0 else root


def _mean(parts: Sequence[Array], weights: Array) -> Array:
    """Average the parts that are present, shape (variants, regions); missing where none is."""
    summed, total = _sums(parts, weights)
    with np.errstate(invalid="ignore"):
        return np.asarray(summed / total)


def _sums(parts: Sequence[Array], weights: Array) -> tuple[Array, Array]:
    """Weighted sum of the parts that are present, and the sum of their weights."""
    fixed = [k for k, part in enumerate(parts) if part.ndim == 1]
    moving = [k for k, part in enumerate(parts) if part.ndim == 2]
    summed = total = np.zeros(())
    if fixed:
        x = np.array([parts[k] for k in fixed])
        present = np.isfinite(x)
        summed = _product(weights[:, fixed], np.where(present, x, 0.0))
        total = _product(weights[:, fixed], present.astype(np.float64))
    for k in moving:
        weight = weights[:, [k]]
        present = np.isfinite(parts[k])
        if present.all():
            summed = summed + weight * parts[k]
            total = total + weight
        else:
            summed = summed + weight * np.where(present, parts[k], 0.0)
            total = total + weight * present
    return summed, total


def _penalised(
    parts: Sequence[Array], weights: Array, word: str, options: Mapping[str, Any], node: str
) -> Array:
    mean = _mean(parts, weights)
    if (mean <= 0).any():
        raise DataError(
            f"The Mazziotta-Pareto index of '{node}': the mean is 0 or less under drawn weights, "
            "so its penalty would be a reward. Normalise with zscore (mean=100, sd=10)."
        )
    # Mean square less squared mean, about a middle that keeps the two from cancelling out.
    middle = np.nanmean(mean)
    variance = _mean([(part - middle) ** 2 for part in parts], weights) - (mean - middle) ** 2
    if word == "mpi":
        _, count = _sums(parts, (weights > 0).astype(np.float64))
        variance *= count / np.maximum(count - 1, 1)
    penalty = variance / mean
    return np.asarray(mean + penalty if options.get("polarity") == "negative" else mean - penalty)


def _product(weights: Array, parts: Array) -> Array:
    # The matrix product by einsum: BLAS would start threads of its own in each of ours, and
    # they wait for each other.
    return np.asarray(np.einsum("vp,pr->vr", weights, parts))


def _raise(x: Array, power: float) -> Array:
    if power == 0:
        return np.asarray(np.log(x))
    return x if power == 1 else np.asarray(x**power)


def _lower(mean: Array, power: float) -> Array:
    if power == 0:
        return np.asarray(np.exp(mean))
    return mean if power == 1 else np.asarray(mean ** (1 / power))
