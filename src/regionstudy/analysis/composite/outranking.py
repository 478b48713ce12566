"""Compare regions pair by pair, so that no indicator makes up for another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from regionstudy.analysis.composite.values import as_series, check_values
from regionstudy.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from regionstudy.analysis.composite.values import Array

__all__ = ["TIE", "copeland_scores", "outranking"]

# Sums of weights that should cancel do so but for rounding.
TIE = 1e-12


def outranking(
    normalised: pd.DataFrame, *, weights: Mapping[str, float] | pd.Series[float] | None = None
) -> pd.DataFrame:
    """
    Compute by how much of the weight each region is ahead of each other.

    Parameters
    ----------
    normalised : DataFrame, shape (regions, indicators)
        High is good; only the order within an indicator matters.
    weights : mapping or Series of float, optional
        Indicator to weight, on any scale; equal where none are given.

    Returns
    -------
    DataFrame, shape (regions, regions)
        Cell (i, j): share of the weight where i is above j, plus half of that where they
        are equal; (j, i) is 1 less that, the diagonal 0. Indicators missing in either of
        a pair do not count; without any in common the cell is missing.

    Raises
    ------
    ConfigError
        If a weight is missing, negative, or all are zero.
    DataError
        If the frame is empty, or regions or indicators repeat.

    References
    ----------
    Munda and Nardo (2009), Applied Economics 41(12), 1513-1523.

    Examples
    --------
    >>> scores = pd.DataFrame({"jobs": [1, 2], "rent": [5, 5]}, index=["2281", "2262"])
    >>> outranking(scores)
          2281  2262
    2281  0.00  0.25
    2262  0.75  0.00
    """
    checked = check_values(normalised, what="normalised")
    share = (
        np.ones(checked.shape[1])
        if weights is None
        else as_series(weights, checked.columns, what="weights")
    )
    if (share < 0).any() or not share.any():
        raise ConfigError("weights: one is negative, or all are zero. Give at least one above 0.")
    lead, common = _leads(checked.to_numpy(), share / share.sum())
    with np.errstate(invalid="ignore"):
        matrix = np.where(common > 0, (lead / common + 1) / 2, np.nan)
    np.fill_diagonal(matrix, 0.0)
    return pd.DataFrame(matrix, index=normalised.index, columns=normalised.index)


def copeland_scores(x: Array, weights: Array) -> Array:
    """
    Count the regions that each region beats, less those that beat it.

    Parameters
    ----------
    x : array, shape (regions, indicators)
        High is good; missing is NaN.
    weights : array, shape (indicators,)
        Weights, adding up to 1.

    Returns
    -------
    array, shape (regions,)
        Copeland scores, from -(n - 1) to n - 1; missing where a region has no value.
    """
    lead, _ = _leads(x, weights)
    scores = (lead > TIE).sum(axis=1) - (lead < -TIE).sum(axis=1)
    present = (np.isfinite(x) & (weights > 0)).any(axis=1)
    return np.where(present, scores, np.nan)


def _leads(x: Array, weights: Array) -> tuple[Array, Array]:
    """Weight where i is above j less that where it is below, and the weight in common."""
    regions = len(x)
    lead = np.zeros((regions, regions))
    common = np.zeros((regions, regions))
    for column, weight in zip(x.T, weights, strict=True):
        present = np.isfinite(column)
        # Comparisons with NaN are False, so that a missing value neither wins nor loses.
        ahead = column[:, None] > column[None, :]
        lead += weight * (ahead.astype(np.int8) - ahead.T)
        common += weight * (present[:, None] & present[None, :])
    return lead, common
