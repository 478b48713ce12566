"""Take the edge off outliers: winsorise, or transform what winsorising cannot mend."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from regionstudy.analysis.composite.registry import check_options, find
from regionstudy.analysis.composite.transform import TRANSFORMATIONS
from regionstudy.analysis.composite.values import check_values
from regionstudy.errors import ConfigError

if TYPE_CHECKING:
    from regionstudy.analysis.composite.values import Array, Flags

__all__ = ["skewness_and_kurtosis", "treat"]


def treat(
    values: pd.DataFrame,
    *,
    max_winsorised: int | None = 5,
    skew: float = 2.0,
    kurtosis: float = 3.5,
    then: str | None = "log",
    **options: Any,
) -> pd.DataFrame:
    """
    Treat the outliers of indicators whose skewness and kurtosis are both too large.

    While an indicator's absolute skewness is at least `skew` and its kurtosis at least
    `kurtosis`, its most extreme points are set to the next value inwards. If it still
    fails when `max_winsorised` points have been moved, it is transformed untouched.

    Parameters
    ----------
    values : DataFrame, shape (regions, indicators)
        Index region, columns indicator ids; missing is NaN and stays so.
    max_winsorised : int or None, default 5
        How many points may be moved in an indicator; None for any number, 0 for none.
        Ties can carry the count past it in the last step.
    skew, kurtosis : float, default 2.0 and 3.5
        Limits for the bias-adjusted sample skewness and excess kurtosis.
    then : str or None, default "log"
        Transformation for what winsorising leaves: "log", "log_shifted", "log_signed",
        "box_cox", "yeo_johnson"; None leaves it winsorised.
    **options
        Options of the transformation, such as ``power``.

    Returns
    -------
    DataFrame, shape (regions, indicators)
        Treated values. ``attrs["treated"]`` lists each touched point as a dict of
        ``region``, ``indicator`` and ``treatment`` ("winsorised_high", "winsorised_low", or
        the transformation); ``attrs["treatment"]`` an entry an indicator that failed:
        ``skew`` and ``kurtosis`` before, ``winsorised`` (count), ``skew_after``,
        ``kurtosis_after``, and the ``treatment`` that was kept.

    Raises
    ------
    ConfigError
        If a limit is negative, or the transformation or its option is unknown.
    DataError
        If the frame is empty, repeats a region or indicator, or holds an infinite figure.

    References
    ----------
    Becker, Caperna, Del Sorbo et al. (2022), COINr, J. Open Source Software 7(78), 4567.

    Examples
    --------
    >>> values = pd.DataFrame({"jobs": [1.0, 2, 3, 4, 5, 6, 7, 90]}, index=list("abcdefgh"))
    >>> treated = treat(values)
    >>> treated["jobs"].tolist()
    [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 7.0]
    >>> treated.attrs["treated"]
    [{'region': 'h', 'indicator': 'jobs', 'treatment': 'winsorised_high'}]
    """
    if skew < 0 or kurtosis < 0 or (max_winsorised is not None and max_winsorised < 0):
        raise ConfigError("treat: skew, kurtosis and max_winsorised are limits, 0 or more.")
    transformation = None if then is None else find(TRANSFORMATIONS, then, "transformation")
    if transformation is not None:
        check_options(transformation, options, word=str(then), what="transformation")
    checked = check_values(values)
    numbers = checked.to_numpy().copy()
    before = skewness_and_kurtosis(numbers)
    failing = np.flatnonzero(_fails(before, skew=skew, kurtosis=kurtosis))
    limit = len(numbers) if max_winsorised is None else max_winsorised
    original = numbers[:, failing]
    treated, high, low = _winsorise(original, limit=limit, skew=skew, kurtosis=kurtosis)
    marks = np.where(high, "winsorised_high", np.where(low, "winsorised_low", "")).astype(object)
    after = skewness_and_kurtosis(treated)
    lost = _fails(after, skew=skew, kurtosis=kurtosis)
    if transformation is not None and then is not None:
        for column in np.flatnonzero(lost):
            treated[:, column] = transformation(original[:, column], **options)
            marks[:, column] = np.where(np.isfinite(original[:, column]), then, "")
        after = skewness_and_kurtosis(treated)
    numbers[:, failing] = treated
    result = pd.DataFrame(numbers, index=values.index, columns=values.columns)
    names, regions = checked.columns[failing].tolist(), checked.index
    report = {
        "skew": before[0][failing],
        "kurtosis": before[1][failing],
        "winsorised": (high | low).sum(axis=0),
        "skew_after": after[0],
        "kurtosis_after": after[1],
        "treatment": np.where(lost & (then is not None), then or "", "winsorise"),
    }
    result.attrs = {
        **values.attrs,
        "treated": [
            {"region": regions[row], "indicator": names[column], "treatment": marks[row, column]}
            for column, row in np.argwhere(marks.T != "").tolist()
        ],
        "treatment": {
            name: {key: column[k].item() for key, column in report.items()}
            for k, name in enumerate(names)
        },
    }
    return result


def skewness_and_kurtosis(x: Array) -> tuple[Array, Array]:
    """
    Compute bias-adjusted sample skewness and excess kurtosis of each column.

    Parameters
    ----------
    x : array, shape (regions, indicators)
        Missing values are left out.

    Returns
    -------
    tuple of array, shape (indicators,)
        Skewness (needs 3 values) and kurtosis (needs 4); NaN where a column has too few
        or does not vary. As pandas' ``skew`` and ``kurt``, in one pass over the array.
    """
    present = np.isfinite(x)
    n = present.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        known = x if present.all() else np.where(present, x, 0.0)
        centred = (known - known.sum(axis=0) / n) * present
        squared = centred * centred
        m2 = squared.sum(axis=0) / n
        g1 = (squared * centred).sum(axis=0) / n / m2**1.5
        g2 = (squared * squared).sum(axis=0) / n / m2**2 - 3
        skewness = np.where(n > 2, g1 * np.sqrt(n * (n - 1.0)) / (n - 2), np.nan)
        kurt = np.where(n > 3, ((n + 1) * g2 + 6) * (n - 1) / ((n - 2.0) * (n - 3)), np.nan)
    return skewness, kurt


def _fails(moments: tuple[Array, Array], *, skew: float, kurtosis: float) -> Flags:
    # An undefined moment (too few values, or all alike) is no reason to treat.
    return np.asarray((np.abs(moments[0]) >= skew) & (moments[1] >= kurtosis))


def _winsorise(x: Array, *, limit: int, skew: float, kurtosis: float) -> tuple[Array, Flags, Flags]:
    """Move each column's extremes inwards until it passes or its count reaches the limit."""
    x = x.copy()
    high = np.zeros(x.shape, dtype=bool)
    low = np.zeros(x.shape, dtype=bool)
    if x.shape[1] == 0:
        return x, high, low
    while True:
        moments = skewness_and_kurtosis(x)
        # Points moved before sit at the extreme and are counted again there, not twice.
        count = high.sum(axis=0) + low.sum(axis=0)
        upwards = np.where(moments[0] >= 0, 1.0, -1.0)
        turned = x * upwards
        top, bottom = np.nanmax(turned, axis=0), np.nanmin(turned, axis=0)
        following = np.max(turned, axis=0, initial=-np.inf, where=turned < top)
        # A step that would make every region the same is not taken.
        goes = (
            _fails(moments, skew=skew, kurtosis=kurtosis) & (count < limit) & (following > bottom)
        )
        if not goes.any():
            return x, high, low
        moved = (turned == top) & goes
        x = np.where(moved, following * upwards, x)
        high = np.where(goes & (upwards > 0), moved, high)
        low = np.where(goes & (upwards < 0), moved, low)
