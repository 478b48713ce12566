"""The formulas that join the children of one node, on arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from regionstudy.analysis.composite.outranking import copeland_scores
from regionstudy.errors import ConfigError, DataError

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from regionstudy.analysis.composite.values import Array, Flags

__all__ = ["AGGREGATIONS", "QUASI_ARITHMETIC", "Siblings", "power_of"]


@dataclass(frozen=True, slots=True)
class Siblings:
    """
    The children of one node, ready to be joined.

    Parameters
    ----------
    x : array, shape (regions, children)
        Scores on a common scale; missing is NaN.
    weights : array, shape (children,)
        Weights, adding up to 1.
    node : str
        The parent's id.
    children : tuple of str
        The children's ids.
    regions : Index
        Names of the rows.
    """

    x: Array
    weights: Array
    node: str
    children: tuple[str, ...]
    regions: pd.Index[str]

    @property
    def counted(self) -> Flags:
        """Where a child is present and weighs something, shape (regions, children)."""
        return np.isfinite(self.x) & (self.weights > 0)

    def mean(self, transformed: Array) -> Array:
        """
        Average the present children, their weights scaled up to 1 again.

        Parameters
        ----------
        transformed : array, shape (regions, children)
            The scores, or a function of them.

        Returns
        -------
        array, shape (regions,)
            Missing where no child that weighs anything is present.
        """
        if self.weights.any() and np.isfinite(self.x).all():
            return np.asarray(transformed @ self.weights)
        counted = self.counted
        total = counted @ self.weights
        summed = np.where(counted, transformed, 0.0) @ self.weights
        missing = np.full(len(total), np.nan)
        return np.asarray(np.divide(summed, total, out=missing, where=total > 0))

    def require_positive(self, what: str) -> None:
        """
        Refuse scores for which a mean of logarithms or reciprocals does not exist.

        Parameters
        ----------
        what : str
            The mean's name, for the message.

        Raises
        ------
        DataError
            If a present score is 0 or less; names child, region and remedy.
        """
        bad = self.counted & ~(self.x > 0)
        if bad.any():
            row, column = np.argwhere(bad)[0]
            raise DataError(
                f"{what} of '{self.node}': '{self.children[column]}' is "
                f"{self.x[row, column]:g} in region '{self.regions[row]}', and needs to be "
                "above 0. Normalise with range=(1, 100), or aggregate arithmetically."
            )


def _arithmetic(siblings: Siblings) -> Array:
    return siblings.mean(siblings.x)


def _geometric(siblings: Siblings) -> Array:
    siblings.require_positive("The geometric mean")
    return np.exp(siblings.mean(np.log(_safe(siblings))))


def _harmonic(siblings: Siblings) -> Array:
    siblings.require_positive("The harmonic mean")
    return 1 / siblings.mean(1 / _safe(siblings))


def _generalised(siblings: Siblings, *, power: float) -> Array:
    if power == 0:
        return _geometric(siblings)  # its limit
    siblings.require_positive("The generalised mean")
    mean: Array = siblings.mean(_safe(siblings) ** power) ** (1 / power)
    return mean


def _mazziotta_pareto(siblings: Siblings, *, polarity: str = "positive") -> Array:
    return _penalised(siblings, polarity, sample=True)


def _adjusted_mazziotta_pareto(siblings: Siblings, *, polarity: str = "positive") -> Array:
    return _penalised(siblings, polarity, sample=False)


def _penalised(siblings: Siblings, polarity: str, *, sample: bool) -> Array:
    """Mean less (plus) the penalty S²/M for children that are out of balance."""
    if polarity not in ("negative", "positive"):
        raise ConfigError(f"polarity='{polarity}' is unknown. Choose one of negative, positive.")
    mean = siblings.mean(siblings.x)
    if (mean <= 0).any():
        where = siblings.regions[np.flatnonzero(mean <= 0)[0]]
        raise DataError(
            f"The Mazziotta-Pareto index of '{siblings.node}': the mean is 0 or less in region "
            f"'{where}', so its penalty would be a reward. Normalise with zscore (mean=100, sd=10)."
        )
    variance = siblings.mean((siblings.x - mean[:, None]) ** 2)
    if sample:
        count = siblings.counted.sum(axis=1)
        # One child alone is in balance with itself: no penalty.
        variance = variance * count / np.maximum(count - 1, 1)
    penalty = variance / mean
    return mean - penalty if polarity == "positive" else mean + penalty


def _copeland(siblings: Siblings) -> Array:
    return copeland_scores(siblings.x, siblings.weights)


def _safe(siblings: Siblings) -> Array:
    # A child of weight 0 may be 0 or less; it is not counted, but its logarithm would warn.
    return np.where(siblings.counted, siblings.x, 1.0)


AGGREGATIONS: dict[str, Callable[..., Array]] = {
    "ampi": _adjusted_mazziotta_pareto,
    "arithmetic": _arithmetic,
    "copeland": _copeland,
    "generalised": _generalised,
    "geometric": _geometric,
    "harmonic": _harmonic,
    "mpi": _mazziotta_pareto,
}
# Means of the form f⁻¹(Σ w f(x)), by the power of f; 0 stands for the logarithm.
QUASI_ARITHMETIC = {"arithmetic": 1.0, "geometric": 0.0, "harmonic": -1.0}


def power_of(method: str, power: float | None = None) -> float | None:
    """
    Say which power a mean is made of.

    Parameters
    ----------
    method : str
        An aggregation.
    power : float, optional
        The generalised mean's own.

    Returns
    -------
    float or None
        1 for the arithmetic mean, 0 for the geometric, -1 for the harmonic; None where
        the aggregation is no such mean.
    """
    return power if method == "generalised" else QUASI_ARITHMETIC.get(method)
