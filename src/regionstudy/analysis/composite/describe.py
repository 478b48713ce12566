"""Describe how each indicator is distributed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from regionstudy.analysis.composite.treat import skewness_and_kurtosis
from regionstudy.analysis.composite.values import check_values

__all__ = ["describe_indicators"]


def describe_indicators(
    values: pd.DataFrame,
    *,
    min_available: float = 0.65,
    min_non_zero: float = 0.5,
    min_unique: float = 0.5,
    skew: float = 2.0,
    kurtosis: float = 3.5,
) -> pd.DataFrame:
    """
    Describe each indicator's distribution, with flags where it is thin or skewed.

    Parameters
    ----------
    values : DataFrame, shape (regions, indicators)
        Raw, treated or normalised; missing is NaN.
    min_available, min_non_zero, min_unique : float, default 0.65, 0.5 and 0.5
        Shares below which the flags are raised.
    skew, kurtosis : float, default 2.0 and 3.5
        Limits beyond which, both together, ``flag_outliers`` is raised.

    Returns
    -------
    DataFrame, a row an indicator
        ``min``, ``max``, ``mean``, ``median``, ``sd`` (n - 1), ``skew``, ``kurtosis``,
        ``available``, ``non_zero``, ``unique``, ``same`` (counts: present, not 0, different
        values, the commonest value), ``share_available`` of all regions, ``share_non_zero``,
        ``share_unique`` and ``share_same`` of those present, and ``flag_available``,
        ``flag_non_zero``, ``flag_unique``, ``flag_outliers``.

    Raises
    ------
    DataError
        If the frame is empty, repeats a region or indicator, or holds an infinite figure.
    """
    checked = check_values(values)
    numbers = checked.to_numpy()
    present = np.isfinite(numbers)
    skewness, kurt = skewness_and_kurtosis(numbers)
    described = pd.DataFrame(
        {
            "min": checked.min(),
            "max": checked.max(),
            "mean": checked.mean(),
            "median": checked.median(),
            "sd": checked.std(),
            "skew": skewness,
            "kurtosis": kurt,
            "available": present.sum(axis=0),
            "non_zero": (present & (numbers != 0)).sum(axis=0),
            "unique": checked.nunique(),
            "same": [
                int(column.value_counts().max()) if column.notna().any() else 0
                for _, column in checked.items()
            ],
        },
        index=checked.columns,
    )
    described["share_available"] = described["available"] / len(checked)
    # Among those present: a region that has no figure says nothing of the distribution.
    known = described["available"].where(described["available"] > 0)
    for name in ("non_zero", "unique", "same"):
        described[f"share_{name}"] = described[name] / known
    described["flag_available"] = described["share_available"] < min_available
    described["flag_non_zero"] = described["share_non_zero"] < min_non_zero
    described["flag_unique"] = described["share_unique"] < min_unique
    described["flag_outliers"] = (described["skew"].abs() >= skew) & (
        described["kurtosis"] >= kurtosis
    )
    return described
