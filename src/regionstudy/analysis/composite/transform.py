"""Bend an indicator's scale: logarithms, Box-Cox and Yeo-Johnson."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from regionstudy.analysis.composite.registry import check_options, find
from regionstudy.analysis.composite.values import filled
from regionstudy.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Callable

    from regionstudy.analysis.composite.values import Array

__all__ = ["TRANSFORMATIONS", "transform"]

# The logarithm's offset, as a share of the range (COIN Tool).
OFFSET = 0.01

# scipy.stats takes a second to import, and most indices transform nothing: three functions import
# it themselves.


def transform(values: pd.DataFrame, *, method: str = "log", **options: Any) -> pd.DataFrame:
    r"""
    Transform every indicator, whether its distribution needs it or not.

    With :math:`a = 0.01(\max - \min)`: ``log`` :math:`\ln(x - \min + a)`; ``log_shifted``
    :math:`\ln(x - \min + 1)`; ``log_signed`` ``log`` for positive skew and
    :math:`-\ln(\max + a - x)` for negative; ``box_cox`` on :math:`x - \min + 1` and
    ``yeo_johnson``, with ``power`` (lambda), by maximum likelihood where none is given.

    Parameters
    ----------
    values : DataFrame, shape (regions, indicators)
        Index region, columns indicator ids.
    method : str, default "log"
        One of the methods above.
    **options
        ``power`` of ``box_cox`` and ``yeo_johnson``.

    Returns
    -------
    DataFrame, shape (regions, indicators)
        Transformed values, in the same order; missing stays missing. ``attrs["treated"]``
        lists each point as a dict of ``region``, ``indicator`` and ``treatment``, as `treat`.

    Raises
    ------
    ConfigError
        If the method or an option is unknown.
    DataError
        If an indicator is constant or all missing.

    Examples
    --------
    >>> values = pd.DataFrame({"jobs": [1.0, 2.0, 4.0]}, index=list("abc"))
    >>> transform(values, method="log_shifted")["jobs"].round(3).tolist()
    [0.0, 0.693, 1.386]
    """
    function = find(TRANSFORMATIONS, method, "transformation")
    check_options(function, options, word=method, what="transformation")
    checked = filled(values)
    result = {}
    for name, column in checked.items():
        numbers = column.to_numpy()
        if not np.nanmax(numbers) > np.nanmin(numbers):
            raise DataError(
                f"'{name}' has the same value in every region, and nothing to transform. "
                "Drop the indicator."
            )
        result[name] = function(numbers, **options)
    transformed = pd.DataFrame(result, index=values.index, columns=values.columns)
    regions, names = checked.index.tolist(), checked.columns.tolist()
    transformed.attrs = {
        **values.attrs,
        "treated": [
            {"region": regions[row], "indicator": names[column], "treatment": method}
            for column, row in np.argwhere(checked.notna().to_numpy().T).tolist()
        ],
    }
    return transformed


def _log(x: Array) -> Array:
    low, high = np.nanmin(x), np.nanmax(x)
    return np.asarray(np.log(x - low + OFFSET * (high - low)))


def _log_shifted(x: Array) -> Array:
    return np.asarray(np.log1p(x - np.nanmin(x)))


def _log_signed(x: Array) -> Array:
    from scipy import stats

    if stats.skew(x, nan_policy="omit") >= 0:
        return _log(x)
    low, high = np.nanmin(x), np.nanmax(x)
    return np.asarray(-np.log(high + OFFSET * (high - low) - x))


def _box_cox(x: Array, *, power: float | None = None) -> Array:
    from scipy import special, stats

    positive = x - np.nanmin(x) + 1
    if power is None:
        power = float(stats.boxcox_normmax(positive[np.isfinite(positive)], method="mle"))
    return np.asarray(special.boxcox(positive, power))


def _yeo_johnson(x: Array, *, power: float | None = None) -> Array:
    from scipy import stats

    present = np.isfinite(x)
    result = np.full(len(x), np.nan)
    if power is None:
        result[present], _ = stats.yeojohnson(x[present])
    else:
        result[present] = stats.yeojohnson(x[present], lmbda=power)
    return result


TRANSFORMATIONS: dict[str, Callable[..., Array]] = {
    "box_cox": _box_cox,
    "log": _log,
    "log_shifted": _log_shifted,
    "log_signed": _log_signed,
    "yeo_johnson": _yeo_johnson,
}
