"""Compare regions pair by pair, so that no indicator makes up for another."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from regionstudy.analysis.composite.ranks import rank_rows
from regionstudy.analysis.composite.values import as_series, check_values
from regionstudy.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from regionstudy.analysis.composite.values import Array

__all__ = ["copeland_many", "copeland_scores", "on_grid", "outranking"]

# Sums of weights that should cancel do so but for rounding.
TIE = 1e-12
# The same in single precision, for weights on a grid of 2^-16 of the largest.
GRID_TIE = 2.0**-18
# Pairs and sets of weights compared at a time, so that they stay in the processor's cache.
PAIRS = 4096
SETS = 64


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


def copeland_many(parts: Sequence[Array], weights: Array) -> Array:
    """
    Compute Copeland scores under many sets of weights.

    Parameters
    ----------
    parts : sequence of array, shape (regions,) or (variants, regions)
        The indicators, the same in all variants or one row a variant; missing is NaN.
    weights : array, shape (variants, parts)
        Weights on any scale; 0 leaves a part out. On the grid of `on_grid` the sums
        of signs below are exact in single precision.

    Returns
    -------
    array, shape (variants, regions)
        Copeland scores; missing where a region has no part that weighs anything.
    """
    variants, regions = len(weights), parts[0].shape[-1]
    width = -(-regions // 8) * 8  # whole bytes of flags; the columns added tie with everyone
    share = (weights / power_of_two(weights.max())).astype(np.float32)
    fixed = [k for k, part in enumerate(parts) if part.ndim == 1]
    signs = np.zeros((len(fixed), regions, width), dtype=np.float32)
    for row, k in enumerate(fixed):
        signs[row, :, :regions] = _signs(parts[k])
    moving = [(k, _places(part, width)) for k, part in enumerate(parts) if part.ndim == 2]
    gaps = any(np.isnan(parts[k]).any() for k, _ in moving)
    scores = np.zeros((variants, regions))
    rows = max(1, PAIRS // width)
    # Made once: fresh memory for every block would cost more than the sums.
    room = np.empty((2, SETS, rows, width), dtype=np.float32)
    for first, start in itertools.product(range(0, variants, SETS), range(0, regions, rows)):
        some = slice(first, min(first + SETS, variants))
        own = slice(start, min(start + rows, regions))
        size = (some.stop - first, own.stop - start)
        lead = room[0].ravel()[: size[0] * size[1] * width].reshape(*size, width)
        if fixed:
            own_signs = signs[:, own].reshape(len(fixed), -1)
            np.matmul(share[some][:, fixed], own_signs, out=lead.reshape(size[0], -1))
        else:
            lead.fill(0.0)
        for k, places in moving:
            ahead = room[1].ravel()[: lead.size].reshape(lead.shape)
            np.subtract(places[some, own, None], places[some, None, :], out=ahead)
            np.clip(ahead, -1, 1, out=ahead)
            ahead *= share[some, k, None, None]
            lead += np.nan_to_num(ahead, copy=False) if gaps else ahead
        lead[:, :, regions:] = 0.0
        scores[some, own] = _count(lead > GRID_TIE) - _count(lead < -GRID_TIE)
    present = np.zeros((variants, regions), dtype=bool)
    for k, part in enumerate(parts):
        present |= np.isfinite(part) & (weights[:, [k]] > 0)
    return np.where(present, scores, np.nan)


def on_grid(weights: Array, nominal: Array) -> Array:
    """
    Round drawn weights of siblings to 16 binary digits, for exact sums of up to 256 of them.

    Parameters
    ----------
    weights : array, shape (variants, siblings)
        Drawn weights.
    nominal : array, shape (siblings,)
        The weights they were drawn around.

    Returns
    -------
    array, shape (variants, siblings)
        Weights in steps of about 1/65536 of the largest nominal one.
    """
    step = power_of_two(nominal.max()) / 2**16
    return np.asarray(np.round(weights / step) * step)


def power_of_two(number: float) -> float:
    """
    Find the power of two from a positive number upwards.

    Parameters
    ----------
    number : float
        The number.

    Returns
    -------
    float
        The smallest power of two that is no less; 1 for 0.
    """
    return float(2.0 ** np.ceil(np.log2(number))) if number > 0 else 1.0


def _signs(part: Array) -> NDArray[np.int8]:
    """+1 where the row's region is above the column's, -1 where it is below."""
    ahead = part[:, None] > part[None, :]
    return ahead.view(np.int8) - ahead.T.view(np.int8)


def _places(part: Array, width: int) -> NDArray[np.float32]:
    """The order within each row as whole numbers, high is good."""
    places = np.zeros((len(part), width), dtype=np.float32)
    places[:, : part.shape[1]] = np.where(np.isnan(part), np.nan, -rank_rows(part))
    return places


def _count(flags: NDArray[np.bool_]) -> NDArray[np.int64]:
    # Eight flags to a byte, and its set bits counted: faster than adding up truth values.
    bits = np.packbits(flags.reshape(-1)).reshape(*flags.shape[:-1], -1)
    return np.asarray(np.bitwise_count(bits).sum(axis=-1, dtype=np.int64))


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
