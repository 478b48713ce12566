"""Columns of a frame as numbers: labels as codes, counts with the severity of their status."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from regionstudy.analysis.statuses import MISSING, severity, words
from regionstudy.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = [
    "Labels",
    "label_codes",
    "nonzero",
    "only_periods",
    "read_counts",
    "statuses",
    "worst",
]

_SYMBOLS = list(words(np.arange(6, dtype=np.int8)))


@dataclass(frozen=True)
class Labels:
    """
    The labels of one axis, in ascending order.

    Parameters
    ----------
    names : Index of str
        The labels.
    categorical : bool
        Whether the frame had them as categories; results then have, too.
    """

    names: pd.Index[str]
    categorical: bool

    def at(self, places: NDArray[np.intp]) -> Any:
        """
        Write the labels of places along the axis.

        Parameters
        ----------
        places : array of int
            Places from 0.

        Returns
        -------
        Categorical or Index of str
            The labels.
        """
        if self.categorical:
            dtype = pd.CategoricalDtype(self.names)
            return pd.Categorical.from_codes(places, dtype=dtype, validate=False)
        return self.names.take(places)


def label_codes(column: pd.Series[Any], axis: str) -> tuple[NDArray[Any], Labels]:
    """
    Number a column's labels in ascending order.

    Parameters
    ----------
    column : Series
        Labels, as categories or not.
    axis : str
        What the column is called in messages.

    Returns
    -------
    codes : array of int
        The place of each row's label.
    labels : Labels
        The labels, those that no row has among them.

    Raises
    ------
    DataError
        If a row has no label.
    """
    categorical = isinstance(column.dtype, pd.CategoricalDtype)
    if categorical:
        codes, found = np.asarray(column.cat.codes), column.cat.categories
    else:
        codes, found = pd.factorize(column)
    names = pd.Index(found).astype(str)
    if len(codes) and codes.min() < 0:
        msg = f"employed has {int((codes < 0).sum())} rows without a {axis}; give each its code."
        raise DataError(msg)
    if not names.is_monotonic_increasing:
        order = names.argsort()
        place = np.empty(len(order), dtype=np.intp)
        place[order] = np.arange(len(order))
        codes, names = place[codes], names[order]
    return codes, Labels(names, categorical)


def only_periods(
    coded: tuple[NDArray[Any], Labels], periods: Sequence[str]
) -> tuple[Any, tuple[NDArray[Any], Labels]]:
    """
    Find the rows of some periods, and number those periods alone.

    Parameters
    ----------
    coded : tuple of array and Labels
        As `label_codes` gives them.
    periods : sequence of str
        The periods; one that is not there is left out.

    Returns
    -------
    rows : array of int, or slice
        Places of the rows; a slice, which copies nothing, where all are wanted.
    coded : tuple of array and Labels
        Of those rows.
    """
    codes, labels = coded
    wanted = np.flatnonzero(labels.names.isin(list(periods)))
    if len(wanted) == len(labels.names):
        return slice(None), coded
    found = np.zeros(len(codes), dtype=bool)
    for period in wanted:
        found |= codes == period
    rows = np.flatnonzero(found)
    place = np.zeros(len(labels.names), dtype=codes.dtype)
    place[wanted] = np.arange(len(wanted))
    return rows, (place[codes[rows]], Labels(labels.names[wanted], labels.categorical))


def read_counts(employed: pd.DataFrame, rows: Any) -> tuple[NDArray[np.float64], NDArray[np.int8]]:
    """
    Give the values of rows and their severities; a hidden number does not count.

    Parameters
    ----------
    employed : DataFrame
        ``region``, ``industry``, ``value``, optionally ``status``.
    rows : array of int, or slice
        Places of the rows.

    Returns
    -------
    value : array of float
        NaN where missing.
    code : array of int8
        Severities.

    Raises
    ------
    DataError
        If a value is no number, negative or infinite.
    """
    column = employed["value"]
    if not pd.api.types.is_numeric_dtype(column.dtype):
        msg = (
            f"employed has a column value of type {column.dtype}, which is not numbers. "
            "Read it as numbers, and symbols such as .. into a column status."
        )
        raise DataError(msg)
    value = column.to_numpy(dtype=float, na_value=np.nan)[rows]
    # Both are false where anything is missing: only then is every number looked at.
    sound = bool(len(value)) and bool(value.min() >= 0) and bool(value.max() < np.inf)
    wrong = np.zeros(0, dtype=bool) if sound else (value < 0) | np.isinf(value)
    if wrong.any():
        first = employed.iloc[np.arange(len(employed))[rows][wrong][0]]
        where = f"region {first['region']}, industry {first['industry']}"
        msg = (
            f"employed has {first['value']:g} persons at {where}; a count is finite and never "
            "negative. Is it a change, or a code for missing?"
        )
        raise DataError(msg)
    if sound:
        code = np.zeros(len(value), dtype=np.int8)
    else:
        code = np.where(np.isnan(value), np.int8(MISSING), np.int8(0))
    if "status" not in employed.columns:
        return value, code
    status = employed["status"]
    if isinstance(status.dtype, pd.CategoricalDtype):
        # Few symbols on many rows; the last place is for rows without a symbol.
        ranks = np.append(severity(pd.Series(status.cat.categories)), np.int8(MISSING))
        code = np.maximum(code, ranks[np.asarray(status.cat.codes)[rows]])
    else:
        code = np.maximum(code, severity(status)[rows])
    return np.where(code >= MISSING, np.nan, value), code


def nonzero(denominator: NDArray[np.float64]) -> NDArray[np.float64]:
    """
    Put missing for 0, so that no quotient is ever infinite.

    Parameters
    ----------
    denominator : array
        What is divided by.

    Returns
    -------
    array
        The same, NaN where it was 0.
    """
    return np.where(denominator == 0, np.nan, denominator)


def statuses(codes: NDArray[np.int8]) -> pd.Categorical:
    """
    Write severities as statuses, without looking at each.

    Parameters
    ----------
    codes : array of int8, any shape
        Severities as `regionstudy.analysis.statuses` numbers them.

    Returns
    -------
    Categorical
        Statuses, flattened.

    Examples
    --------
    >>> list(statuses(np.array([[0, 4], [5, 2]], dtype=np.int8)))
    ['', '..', '.', 'p']
    """
    dtype = pd.CategoricalDtype(_SYMBOLS)
    return pd.Categorical.from_codes(codes.reshape(-1), dtype=dtype, validate=False)


def worst(codes: NDArray[np.int8], *, axis: int) -> NDArray[np.int8]:
    """
    Give the worst severity along an axis.

    Parameters
    ----------
    codes : array of int8
        Severities.
    axis : int
        The axis.

    Returns
    -------
    array of int8
        One dimension less; 0 along an empty axis.

    Examples
    --------
    >>> worst(np.array([[0, 4], [1, 0]], dtype=np.int8), axis=1).tolist()
    [4, 1]
    """
    if not codes.any():
        # All published, as most are: telling so is far quicker than short maxima.
        return np.zeros(np.delete(codes.shape, axis), dtype=np.int8)
    return np.asarray(codes.max(axis=axis, initial=0), dtype=np.int8)
