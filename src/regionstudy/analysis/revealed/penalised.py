"""
Fit a penalised regression along a path of penalties, and choose one over held-out groups.

With X standardised (mean 0, standard deviation 1) and y centred and divided by its standard
deviation, both on the rows fitted alone, a fit minimises

    |y - Xb|² / 2n + λ·(r·|b|₁ + (1 - r)·|b|² / 2),

with r = 0 for ridge and 1/2 for the elastic net; λ therefore has no unit.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from regionstudy.analysis.composite.registry import find

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Rows = NDArray[np.intp]

__all__ = ["PENALTIES", "STRENGTHS", "Path", "choose_strength", "fit_path", "predict_held_out"]

# From a fit that is hardly penalised to one that predicts the mean.
STRENGTHS = 10.0 ** np.linspace(-3, 2, 26)
_INNER_FOLDS = 10


@dataclass(frozen=True)
class Path:
    """
    The fits along the path of penalties.

    Parameters
    ----------
    rows : array, shape (rows, indicators)
        The rows fitted, with what is missing.
    centre, scale : array, shape (indicators,)
        Mean and standard deviation of each indicator on the rows fitted.
    mean : float
        Mean of the target on the rows fitted.
    slopes : array, shape (penalties, indicators)
        Change of the prediction, in the target's unit, for one `scale` of an indicator.
    """

    rows: Array
    centre: Array
    scale: Array
    mean: float
    slopes: Array

    @cached_property
    def fill(self) -> Array:
        """Median of each indicator on the rows fitted, taken when first asked for."""
        return _medians(self.rows)

    def predict(self, indicators: Array) -> Array:
        """
        Predict the target of other rows.

        Parameters
        ----------
        indicators : array, shape (rows, indicators)
            Missing is NaN, and taken as the median of the rows fitted.

        Returns
        -------
        array, shape (rows, penalties)
            In the target's unit.
        """
        absent = np.isnan(indicators)
        known = np.where(absent, self.fill, indicators) if absent.any() else indicators
        return self.mean + (known - self.centre) / self.scale @ self.slopes.T


def fit_path(indicators: Array, target: Array, *, penalty: str) -> Path:
    """
    Fit the regression once for each penalty in `STRENGTHS`.

    Parameters
    ----------
    indicators : array, shape (rows, indicators)
        Missing is NaN; an indicator that is constant gets the slope 0.
    target : array, shape (rows,)
        Without missing.
    penalty : {"ridge", "elastic_net"}
        The penalty's form.

    Returns
    -------
    Path
        The fits; all that they know of scales comes from these rows.

    Raises
    ------
    ConfigError
        If the penalty is unknown.
    """
    solve = find(PENALTIES, penalty, "penalty")
    # numpy rather than a scikit-learn pipeline, whose checks take ten times as long as the fit:
    # a bootstrap and nested folds fit some thousands of times.
    absent = np.isnan(indicators)
    known = np.where(absent, _medians(indicators), indicators) if absent.any() else indicators
    centre = known.mean(axis=0)
    deviations = known - centre
    scale = np.sqrt((deviations**2).mean(axis=0))
    # A constant column's deviations are rounding errors of its mean.
    constant = scale <= 1e-12 * np.abs(known).max(axis=0)
    scale = np.where(constant, 1.0, scale)
    standardised = np.where(constant, 0.0, deviations / scale)
    mean = float(target.mean())
    spread = float(target.std()) or 1.0
    slopes = solve(standardised, (target - mean) / spread)
    return Path(rows=indicators, centre=centre, scale=scale, mean=mean, slopes=slopes * spread)


def _medians(rows: Array) -> Array:
    """Give each column's median of what is known, 0 where nothing is."""
    medians = np.asarray(np.median(rows, axis=0))
    absent = np.isnan(rows)
    # The median that skips the missing is slow: it is taken of the columns that have some.
    gaps = absent.any(axis=0)
    if gaps.any():
        known = np.where(absent.all(axis=0), 0.0, rows)
        medians[gaps] = np.nanmedian(known[:, gaps], axis=0)
    return medians


def _ridge(standardised: Array, target: Array) -> Array:
    # One eigendecomposition serves every penalty: (Z'Z/n + λ)⁻¹ Z'y/n.
    values, vectors = np.linalg.eigh(standardised.T @ standardised / len(target))
    rotated = vectors.T @ (standardised.T @ target) / len(target)
    return np.asarray((rotated / (values + STRENGTHS[:, np.newaxis])) @ vectors.T)


def _elastic_net(standardised: Array, target: Array) -> Array:
    from sklearn.linear_model import enet_path  # type: ignore[import-untyped]

    strongest_first = STRENGTHS[::-1]
    slopes = enet_path(
        np.asfortranarray(standardised),
        target,
        l1_ratio=0.5,
        alphas=strongest_first,
        max_iter=100_000,
        check_input=False,
    )[1]
    return np.asarray(slopes.T[::-1], dtype=np.float64)


PENALTIES: dict[str, Callable[[Array, Array], Array]] = {
    "ridge": _ridge,
    "elastic_net": _elastic_net,
}


def choose_strength(indicators: Array, target: Array, groups: Rows, *, penalty: str) -> int:
    """
    Choose the penalty that predicts held-out groups best.

    Parameters
    ----------
    indicators, target, groups : array
        Rows to fit; `groups` numbers the group of each.
    penalty : {"ridge", "elastic_net"}
        The penalty's form.

    Returns
    -------
    int
        Place in `STRENGTHS` with the least squared error over (at most ten) folds of whole
        groups; the strongest where several do equally well.
    """
    from sklearn.model_selection import GroupKFold  # type: ignore[import-untyped]

    folds = min(_INNER_FOLDS, len(np.unique(groups)))
    errors = np.zeros(len(STRENGTHS))
    for train, test in GroupKFold(folds).split(indicators, target, groups):
        predicted = fit_path(indicators[train], target[train], penalty=penalty).predict(
            indicators[test]
        )
        errors += ((target[test, np.newaxis] - predicted) ** 2).sum(axis=0)
    return int(np.flatnonzero(errors == errors.min())[-1])


def predict_held_out(
    indicators: Array,
    target: Array,
    groups: Rows,
    splits: Iterable[tuple[Rows, Rows]],
    *,
    penalty: str,
) -> Array:
    """
    Predict each row from a fit that has not seen it, its penalty chosen without it too.

    Parameters
    ----------
    indicators, target, groups : array
        All rows.
    splits : iterable of (train, test)
        Row numbers; the tests together hold each row once.
    penalty : {"ridge", "elastic_net"}
        The penalty's form.

    Returns
    -------
    array, shape (rows,)
        Predictions, in the target's unit.
    """
    predicted = np.full(len(target), np.nan)
    for train, test in splits:
        chosen = choose_strength(indicators[train], target[train], groups[train], penalty=penalty)
        path = fit_path(indicators[train], target[train], penalty=penalty)
        predicted[test] = path.predict(indicators[test])[:, chosen]
    return predicted
