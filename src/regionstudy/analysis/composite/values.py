"""Check a frame of indicator values once, where it enters the method."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from regionstudy.analysis.composite.registry import name_some, nearest
from regionstudy.errors import ConfigError, DataError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Flags = NDArray[np.bool_]

__all__ = ["as_series", "check_values", "filled"]


def check_values(values: pd.DataFrame, *, what: str = "values") -> pd.DataFrame:
    """
    Refuse a frame that no composite indicator can be computed from.

    Parameters
    ----------
    values : DataFrame, shape (regions, indicators)
        Index region (or region and period), columns indicator ids, numbers; missing is NaN.
    what : str, default "values"
        The frame's name, for the messages.

    Returns
    -------
    DataFrame
        The same figures as float64.

    Raises
    ------
    DataError
        If the frame is empty, a region or an indicator repeats, a column holds no
        numbers, or a figure is infinite.
    """
    if values.shape[0] == 0 or values.shape[1] == 0:
        raise DataError(
            f"{what}: there is nothing in it. Give a row a region, a column an indicator."
        )
    if not values.index.is_unique:
        twice = values.index[values.index.duplicated()].unique()
        raise DataError(
            f"{what}: the regions {name_some(twice)} occur more than once. "
            "Keep one row a region (and period)."
        )
    if not values.columns.is_unique:
        twice = values.columns[values.columns.duplicated()].unique()
        raise DataError(f"{what}: the indicators {name_some(twice)} occur more than once.")
    try:
        numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
    except (TypeError, ValueError) as error:
        bad = [
            name for name, kind in values.dtypes.items() if not pd.api.types.is_numeric_dtype(kind)
        ]
        raise DataError(
            f"{what}: the indicators {name_some(bad)} hold something other than numbers. "
            "Convert them, with missing as NaN."
        ) from error
    infinite = np.isinf(numbers)
    if infinite.any():
        row, column = np.argwhere(infinite)[0]
        raise DataError(
            f"{what}: '{values.columns[column]}' is infinite in region '{values.index[row]}'. "
            "Look for a division by zero, and make it missing or mend it."
        )
    checked = pd.DataFrame(numbers, index=values.index, columns=values.columns)
    checked.attrs = values.attrs
    return checked


def filled(values: pd.DataFrame, *, what: str = "values") -> pd.DataFrame:
    """
    Check as `check_values`, and refuse an indicator that no region has.

    Parameters
    ----------
    values : DataFrame, shape (regions, indicators)
        See `check_values`.
    what : str, default "values"
        The frame's name, for the messages.

    Returns
    -------
    DataFrame
        The same figures as float64.

    Raises
    ------
    DataError
        As `check_values`, and if there is but one region or an indicator is all missing.
    """
    checked = check_values(values, what=what)
    if len(checked) < 2:
        raise DataError(
            f"{what}: there is but one region, '{checked.index[0]}', and nothing to compare it "
            "with. Give at least two."
        )
    empty = np.isnan(checked.to_numpy()).all(axis=0)
    if empty.any():
        raise DataError(
            f"{what}: {name_some(checked.columns[empty])} is missing in every region. "
            "Drop the indicator from the structure, or fetch it."
        )
    return checked


def as_series(
    given: Mapping[str, float] | pd.Series[float], columns: Iterable[str], *, what: str
) -> Array:
    """
    Align a number an indicator with the columns of a frame.

    Parameters
    ----------
    given : mapping or Series of float
        Indicator id to number.
    columns : iterable of str
        The indicators that need one.
    what : str
        What the numbers are, for the message.

    Returns
    -------
    array of float, shape (indicators,)
        In the order of `columns`.

    Raises
    ------
    ConfigError
        If an indicator has none.
    """
    known = dict(given.items())
    lacking = [name for name in columns if not np.isfinite(known.get(name, np.nan))]
    if lacking:
        raise ConfigError(
            f"{what}: none is given for {name_some(lacking)}.{nearest(lacking[0], known)}"
        )
    return np.array([float(known[name]) for name in columns])
