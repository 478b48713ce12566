"""Rank scores, and sort them into classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from regionstudy.analysis.composite.registry import check_options, find, name_some
from regionstudy.errors import ConfigError, DataError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from regionstudy.analysis.composite.values import Array

__all__ = ["CLASSIFICATIONS", "classify", "rank", "rank_rows"]

# Scores are told apart in steps of 2^-42 of the largest; up to 4 steps (1e-12) tie.
STEPS = 2.0**42
TIE = 4


def rank(scores: pd.DataFrame, *, within: str | None = None) -> pd.DataFrame:
    """
    Rank regions by score: 1 is the highest, and ties share the lowest rank (1, 2, 2, 4).

    Parameters
    ----------
    scores : DataFrame, shape (regions, nodes)
        Any columns of scores, high is good.
    within : str, optional
        Name of an index level, such as "period": ranks are then counted within each.

    Returns
    -------
    DataFrame, shape (regions, nodes)
        Ranks as float64; a missing score has a missing rank.

    Raises
    ------
    ConfigError
        If the index has no level `within`.
    DataError
        If a score is infinite.

    Examples
    --------
    >>> rank(pd.DataFrame({"index": [9.0, 7.0, 7.0, 1.0]}, index=list("abcd")))["index"].tolist()
    [1.0, 2.0, 2.0, 4.0]
    """
    if within is not None:
        require_level(scores, within)
        parts = [rank(part) for _, part in scores.groupby(level=within, sort=False)]
        return pd.concat(parts).reindex(scores.index)
    numbers = scores.to_numpy(dtype=np.float64)
    _require_finite(numbers)
    ranks = rank_rows(np.ascontiguousarray(numbers.T)).T.astype(np.float64)
    ranks[np.isnan(numbers)] = np.nan
    return pd.DataFrame(ranks, index=scores.index, columns=scores.columns)


def rank_rows(scores: Array) -> NDArray[np.int32]:
    """
    Rank each row of an array, the highest first; ties share the lowest rank.

    Scores that differ by no more than 1e-12 of the row's largest tie, for then they differ
    only by the rounding of sums.

    Parameters
    ----------
    scores : array, shape (rows, regions)
        Missing values come last.

    Returns
    -------
    array of int, shape (rows, regions)
        Ranks from 1.
    """
    rows, regions = scores.shape
    largest = np.fmax.reduce(np.abs(scores), axis=1, keepdims=True, initial=1e-280)
    best = np.fmax.reduce(scores, axis=1, keepdims=True)
    # Distance to the best in whole steps, and the place beneath it in one integer: sorting
    # integers is several times faster than sorting floats together with their places.
    steps = (best - scores) * (STEPS / largest)
    missing = np.isnan(steps)
    if missing.any():
        steps[missing] = 4 * STEPS
    bits = max(regions - 1, 1).bit_length()
    key = steps.astype(np.int64)
    key <<= bits
    key |= np.arange(regions)
    key.sort(axis=1)
    place = key & ((1 << bits) - 1)
    place += np.arange(rows)[:, None] * regions
    key >>= bits
    ranks = np.empty(rows * regions, dtype=np.int32)
    position = np.arange(1, regions + 1, dtype=np.int32)
    tied = key[:, 1:] - key[:, :-1] <= TIE
    if tied.any():
        first = np.broadcast_to(position, scores.shape).copy()
        first[:, 1:][tied] = 0
        ranks[place] = np.maximum.accumulate(first, axis=1)
    else:
        ranks[place] = position
    return ranks.reshape(rows, regions)


def require_level(frame: pd.DataFrame, level: str) -> None:
    """
    Refuse an index without the level that figures are to be taken within.

    Parameters
    ----------
    frame : DataFrame
        The frame.
    level : str
        Name of the index level.

    Raises
    ------
    ConfigError
        If the index has no such level.
    """
    if level not in frame.index.names:
        raise ConfigError(
            f"within='{level}' is no level of the index ({name_some(frame.index.names)}). "
            "Set the index to region and period first."
        )


def _require_finite(scores: Array) -> None:
    if np.isinf(scores).any():
        raise DataError(
            "scores: one is infinite, and no place can be told. Look for a division by zero, "
            "and make it missing or mend it."
        )


def _require_classes(classes: int) -> None:
    if classes < 2:
        raise ConfigError(f"classes={classes}: give at least 2.")


def _quantiles(scores: Array, *, classes: int = 5) -> Array:
    _require_classes(classes)
    return np.asarray(np.quantile(scores, np.arange(1, classes) / classes))


def _equal_intervals(scores: Array, *, classes: int = 5) -> Array:
    _require_classes(classes)
    return np.linspace(scores.min(), scores.max(), classes + 1)[1:-1]


def _mean_and_deviation(scores: Array) -> Array:
    return np.asarray(scores.mean() + scores.std(ddof=1) * np.array([-1.5, -0.5, 0.5, 1.5]))


def _breaks(scores: Array, *, breaks: Sequence[float]) -> Array:  # noqa: ARG001
    return np.asarray(breaks, dtype=np.float64)


CLASSIFICATIONS: dict[str, Callable[..., Array]] = {
    "breaks": _breaks,
    "equal_intervals": _equal_intervals,
    "mean_and_deviation": _mean_and_deviation,
    "quantiles": _quantiles,
}


def classify(
    scores: pd.Series[float], *, method: str = "quantiles", **options: object
) -> pd.Series[int]:
    """
    Sort scores into classes, 1 the lowest.

    Parameters
    ----------
    scores : Series, shape (regions,)
        One score a region.
    method : {"quantiles", "equal_intervals", "mean_and_deviation", "breaks"}
        How the limits are set; the mean's are at -1.5, -0.5, 0.5 and 1.5 standard deviations.
    **options
        ``classes`` (int, default 5) for the first two; ``breaks`` (rising limits) for the last.

    Returns
    -------
    Series of Int64
        The class of each region; a score on a limit falls in the lower class, and a
        missing score has none. ``attrs["limits"]`` holds the limits.

    Raises
    ------
    ConfigError
        If the method or an option is unknown, `classes` is below 2 or `breaks` do not rise.
    DataError
        If fewer than two different scores are present, or one is infinite.

    Examples
    --------
    >>> classify(pd.Series([1.0, 2.0, 3.0, 4.0]), method="quantiles", classes=2).tolist()
    [1, 1, 2, 2]
    """
    function = find(CLASSIFICATIONS, method, "classification")
    check_options(function, options, word=method, what="classification")
    present = np.asarray(scores.dropna(), dtype=np.float64)
    _require_finite(present)
    if len(np.unique(present)) < 2:
        raise DataError(
            f"'{scores.name}' has fewer than two different scores, so there is nothing to classify."
        )
    limits = function(present, **options)
    if (np.diff(limits) < 0).any():
        raise ConfigError(f"The breaks {limits.tolist()} do not rise. Sort them.")
    found = np.searchsorted(limits, scores.to_numpy(dtype=np.float64), side="left") + 1
    classes = pd.Series(found, index=scores.index, name=scores.name, dtype="Int64")
    classes = classes.mask(scores.isna())
    classes.attrs["limits"] = limits.tolist()
    return classes
