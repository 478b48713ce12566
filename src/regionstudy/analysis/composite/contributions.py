"""Split a score into contributions that add up to it exactly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from regionstudy.analysis.composite.aggregate import methods_by_level, shares
from regionstudy.analysis.composite.means import power_of
from regionstudy.analysis.composite.shapley import copeland_shapley
from regionstudy.analysis.composite.structure import Tree, read_structure
from regionstudy.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from regionstudy.analysis.composite.values import Array

__all__ = ["contributions"]

SCALES = {0.0: "log", 1.0: "score", -1.0: "reciprocal"}


def contributions(
    scores: pd.DataFrame,
    structure: pd.DataFrame,
    *,
    node: str,
    by: str = "child",
    method: str | Sequence[str] = "arithmetic",
    **options: Any,
) -> pd.DataFrame:
    r"""
    Split each region's score of a node into contributions that add up to it exactly.

    A mean of the form :math:`f^{-1}(\sum w f(x))` is additive in :math:`f`: arithmetic
    contributions :math:`w x` add up to the score, geometric :math:`w \ln x` to its
    logarithm, harmonic :math:`w/x` to its reciprocal, generalised :math:`w x^p` to its
    power. Mazziotta-Pareto means are homogeneous of degree 1, so that by Euler's theorem
    :math:`x\,\partial s/\partial x` adds up to the score. Copeland scores are split by the
    Shapley value over the children.

    Parameters
    ----------
    scores : DataFrame, shape (regions, nodes)
        As `aggregate` gives them.
    structure : DataFrame
        The structure they were made with.
    node : str
        An aggregate.
    by : {"child", "indicator"}
        Parts directly under the node, or the indicators at the bottom. A part that is an
        aggregate passes its contribution down in proportion to its own (Euler) parts.
    method : str or list of str, default "arithmetic"
        The aggregation the scores were made with.
    **options
        Its options.

    Returns
    -------
    DataFrame, shape (regions, parts)
        ``attrs["scale"]``: what a row adds up to: "score", "log" (its logarithm),
        "reciprocal" or "power"; ``attrs["power"]``: 1, 0, -1 or the mean's own (below 0 a
        smaller sum is the higher score). A missing part contributes 0, since its weight went to
        the others; a region without a score has missing contributions.

    Raises
    ------
    ConfigError
        If the node is unknown or an indicator, `by` is unknown, or a Copeland score of
        aggregates is to be split by indicator.

    References
    ----------
    Shapley (1953), A value for n-person games, Annals of Mathematics Studies 28, 307-317.

    Examples
    --------
    >>> structure = pd.DataFrame({"id": ["jobs", "rent", "index"],
    ...     "parent": ["index", "index", ""], "weight": [3, 1, 1], "direction": [1, -1, 1]})
    >>> scores = pd.DataFrame({"jobs": [80.0], "rent": [20.0], "index": [65.0]}, index=["2281"])
    >>> contributions(scores, structure, node="index")
          jobs  rent
    2281  60.0   5.0
    """
    tree = read_structure(structure)
    tree.require_aggregate(node)
    if by not in ("child", "indicator"):
        raise ConfigError(f"by='{by}' is unknown. Choose one of child, indicator.")
    split = _Split(
        tree=tree,
        methods=methods_by_level(method, tree, options),
        power=options.get("power"),
        scores={name: scores[name].to_numpy(dtype=np.float64) for name in tree.nodes},
        deep=by == "indicator",
    )
    own = split.power_at(node)
    scale = 1.0 if own is None else own
    frame = pd.DataFrame(split.parts(node, scale), index=scores.index)
    frame = frame.where(scores[node].notna())
    frame.attrs |= {"scale": SCALES.get(scale, "power"), "power": scale}
    return frame


@dataclass(frozen=True, slots=True)
class _Split:
    """One request to split a node, with what every step of it needs."""

    tree: Tree
    methods: tuple[str, ...]
    power: float | None
    scores: dict[str, Array]
    deep: bool

    def method_at(self, node: str) -> str:
        return self.methods[self.tree.level[node] - 2]

    def power_at(self, node: str) -> float | None:
        return power_of(self.method_at(node), self.power)

    def parts(self, node: str, scale: float) -> dict[str, Array]:
        """Parts that add up to f(score), f being the power (0: the logarithm) `scale`."""
        if self.power_at(node) != scale:
            own = self.euler(node)
            if scale == 1:
                return own
            factor = _on_scale(self.scores[node], scale) / self.scores[node]
            return {name: factor * part for name, part in own.items()}
        found: dict[str, Array] = {}
        for child, weight in self.present_shares(node).items():
            below = (
                self.parts(child, scale)
                if self.opens(child)
                else {child: _on_scale(self.scores[child], scale)}
            )
            found.update({name: _weigh(weight, part) for name, part in below.items()})
        return found

    def euler(self, node: str) -> dict[str, Array]:
        """Score times slope of each part (Copeland: Shapley values); they add up to the score."""
        if self.method_at(node) == "copeland":
            return self.shapley(node)
        found: dict[str, Array] = {}
        for child, slope in self.slopes(node).items():
            below = self.euler(child) if self.opens(child) else {child: self.scores[child]}
            found.update({name: _weigh(slope, part) for name, part in below.items()})
        return found

    def slopes(self, node: str) -> dict[str, Array]:
        """Partial derivatives of a node's score by its children's, 0 for a missing child."""
        weights = self.present_shares(node)
        power = self.power_at(node)
        if power is None:
            return self.penalised_slopes(node, weights)
        if power == 1:
            return weights
        score = self.scores[node]
        return {
            child: _weigh(weight, (score / self.scores[child]) ** (1 - power))
            for child, weight in weights.items()
        }

    def penalised_slopes(self, node: str, weights: dict[str, Array]) -> dict[str, Array]:
        """Slopes of the Mazziotta-Pareto mean M less (plus) S²/M."""
        share = np.column_stack(list(weights.values()))
        x = np.column_stack([self.scores[child] for child in weights])
        x = np.where(share > 0, x, 0.0)
        count = (share > 0).sum(axis=1, keepdims=True)
        # A region without any child has no mean, and no slope.
        mean = np.where(count > 0, (share * x).sum(axis=1, keepdims=True), np.nan)
        sample = self.method_at(node) == "mpi"
        adjust = count / np.maximum(count - 1, 1) if sample else np.ones_like(mean)
        deviation = np.where(share > 0, x - mean, 0.0)
        variance = adjust * (share * deviation**2).sum(axis=1, keepdims=True)
        sign = np.where(self.scores[node][:, None] > mean, 1.0, -1.0)
        slope = share * (1 + sign * (2 * adjust * deviation * mean - variance) / mean**2)
        return dict(zip(weights, slope.T, strict=True))

    def shapley(self, node: str) -> dict[str, Array]:
        children = self.tree.children[node]
        if any(self.opens(child) for child in children):
            raise ConfigError(
                f"'{node}' is a Copeland score of aggregates, which does not split by indicator. "
                "Ask by='child'."
            )
        x = np.column_stack([self.scores[child] for child in children])
        values = copeland_shapley(x, shares(self.tree.weight, children))
        return dict(zip(children, values.T, strict=True))

    def present_shares(self, node: str) -> dict[str, Array]:
        """Each child's share in each region, scaled up where a sibling is missing."""
        children = self.tree.children[node]
        present = np.column_stack([np.isfinite(self.scores[child]) for child in children])
        counted = present * shares(self.tree.weight, children)
        total = counted.sum(axis=1, keepdims=True)
        scaled = np.divide(counted, total, out=np.zeros_like(counted), where=total > 0)
        return dict(zip(children, scaled.T, strict=True))

    def opens(self, child: str) -> bool:
        """Whether a child is to be split further."""
        return self.deep and child in self.tree.children


def _on_scale(x: Array, power: float) -> Array:
    with np.errstate(divide="ignore", invalid="ignore"):  # a child of weight 0 is not counted
        return np.asarray(np.log(x) if power == 0 else x**power)


def _weigh(weight: Array, part: Array) -> Array:
    # 0 weight times a missing or undefined part is nothing, not NaN.
    return np.where(weight != 0, weight * np.where(weight != 0, part, 0.0), 0.0)
