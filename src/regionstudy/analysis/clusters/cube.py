"""Jobs by region, industry and year as one array, with the whole of each region beside it."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from regionstudy.analysis.checks import require_columns, require_unique
from regionstudy.analysis.statuses import MISSING, severity, words
from regionstudy.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["TOTALS", "Jobs", "Labels", "nonzero", "read_jobs", "statuses", "worst"]

# What a total of all industries is called: ours, and Statistics Sweden's own.
TOTALS = ("total", "A-U+US")
_KINDS = ("sum", "published")
# In an array of severities, where there is no row at all.
_ABSENT = 127
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


@dataclass(frozen=True)
class Jobs:
    """
    Jobs of regions and of the reference that they are compared with.

    The shapes are r regions (without the reference), i industries (without totals) and p
    periods. Missing counts are NaN; the arrays of codes hold severities (`statuses`).

    Parameters
    ----------
    regions, industries, periods : Labels
        The axes; one period named "" where the frame has none.
    count, count_code : array, shape (r, i, p)
        Jobs of each region.
    whole, whole_code : array, shape (r, p)
        All jobs of each region.
    base, base_code : array, shape (i, p)
        Jobs of the reference.
    base_whole, base_whole_code : array, shape (p,)
        All jobs of the reference.
    held, base_held : array of bool, shape (r, i, p) and (i, p)
        Whether there is a row, published or not.
    """

    regions: Labels
    industries: Labels
    periods: Labels
    count: NDArray[np.float64]
    count_code: NDArray[np.int8]
    whole: NDArray[np.float64]
    whole_code: NDArray[np.int8]
    base: NDArray[np.float64]
    base_code: NDArray[np.int8]
    base_whole: NDArray[np.float64]
    base_whole_code: NDArray[np.int8]
    held: NDArray[np.bool_]
    base_held: NDArray[np.bool_]

    @property
    def dated(self) -> bool:
        """Whether the frame had a column ``period``."""
        return list(self.periods.names) != [""]

    def keys(self, *axes: str) -> dict[str, Any]:
        """
        Give the label columns of a result, in the order of its flattened array.

        Parameters
        ----------
        *axes : {"region", "industry", "period"}
            The array's axes in order; ``period`` is left out where the frame had none.

        Returns
        -------
        dict of str to array
            A column an axis.
        """
        labels = {"region": self.regions, "industry": self.industries, "period": self.periods}
        sizes = [len(labels[axis].names) for axis in axes]
        columns = {}
        for number, axis in enumerate(axes):
            if axis == "period" and not self.dated:
                continue
            inner, outer = int(np.prod(sizes[number + 1 :])), int(np.prod(sizes[:number]))
            # Small numbers: a column of millions of rows is written several times over.
            small = np.min_scalar_type(-max(sizes[number], 1))
            places = np.tile(np.repeat(np.arange(sizes[number], dtype=small), inner), outer)
            columns[axis] = labels[axis].at(places)
        return columns


def read_jobs(
    employed: pd.DataFrame,
    *,
    reference: str,
    totals: str = "sum",
    periods: Sequence[str] | None = None,
) -> Jobs:
    """
    Check a frame of jobs, and lay it out as arrays.

    A combination without a row is missing, as one with status ".." is: it is no 0. Totals
    of all industries (`TOTALS`) are never counted as an industry.

    Parameters
    ----------
    employed : DataFrame
        ``region``, ``industry``, ``value`` and optionally ``period`` and ``status``.
    reference : str
        The region compared with.
    totals : {"sum", "published"}
        Whether a region's whole is the sum of its industries, or the row of the total.
    periods : sequence of str, optional
        The periods needed; others are left out.

    Returns
    -------
    Jobs
        The arrays.

    Raises
    ------
    DataError
        If a column or the reference is absent, rows repeat, a count is negative or no
        number, several indicators are mixed, or a published total is wanted where none is.
    """
    if totals not in _KINDS:
        msg = f'totals="{totals}" is not known; use one of: {", ".join(_KINDS)}.'
        raise DataError(msg)
    require_columns(employed, ["region", "industry", "value"], name="employed")
    _require_one_indicator(employed)
    axes = ["region", "industry", *(["period"] if "period" in employed.columns else [])]
    coded = {axis: _codes(employed[axis], axis) for axis in axes}
    rows: Any = slice(None)
    if periods is not None:
        rows, coded["period"] = _only(coded["period"], periods)
        for axis in ("region", "industry"):
            coded[axis] = coded[axis][0][rows], coded[axis][1]
    value, code = _counts(employed, rows)
    shape = tuple(len(coded[axis][1].names) for axis in axes)
    flat = coded["region"][0].astype(np.intp)
    for axis, size in zip(axes[1:], shape[1:], strict=True):
        flat *= size
        flat += coded[axis][0]
    count = np.full(shape, np.nan)
    count_code = np.full(shape, _ABSENT, dtype=np.int8)
    count.reshape(-1)[flat] = value
    count_code.reshape(-1)[flat] = code
    seen = count_code != _ABSENT
    rows_seen = np.count_nonzero(seen)
    if rows_seen != len(flat):
        require_unique(employed, axes, name="employed")
    labels = [coded[axis][1] for axis in axes]
    if rows_seen != seen.size:
        count_code[~seen] = MISSING
        for number in range(len(axes)):
            others = tuple(other for other in range(len(axes)) if other != number)
            held = np.asarray(seen.any(axis=others))
            # Categories that no row has are no regions or industries of this frame.
            count, count_code = count.compress(held, number), count_code.compress(held, number)
            seen = seen.compress(held, number)
            labels[number] = Labels(labels[number].names[held], labels[number].categorical)
    if len(axes) == 2:
        count, count_code = count[..., np.newaxis], count_code[..., np.newaxis]
        seen = seen[..., np.newaxis]
        labels.append(Labels(pd.Index([""]), categorical=False))
    return _split(count, count_code, seen, labels, reference=reference, totals=totals)


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


def _require_one_indicator(employed: pd.DataFrame) -> None:
    if "indicator" not in employed.columns:
        return
    names = sorted(str(name) for name in employed["indicator"].unique())
    if len(names) > 1:
        msg = (
            f"employed mixes the indicators {', '.join(names[:5])}, which count differently and "
            "must not be spliced. Choose one of them first."
        )
        raise DataError(msg)


def _codes(column: pd.Series[Any], axis: str) -> tuple[NDArray[Any], Labels]:
    """Number a column's labels in ascending order."""
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


def _only(
    coded: tuple[NDArray[Any], Labels], periods: Sequence[str]
) -> tuple[Any, tuple[NDArray[Any], Labels]]:
    """Find the rows of periods (all of them as a slice, which copies nothing), and number those."""
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


def _counts(employed: pd.DataFrame, rows: Any) -> tuple[NDArray[np.float64], NDArray[np.int8]]:
    """Give the values of rows and their severities; a hidden number does not count."""
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


def _split(
    count: NDArray[np.float64],
    code: NDArray[np.int8],
    held: NDArray[np.bool_],
    labels: list[Labels],
    *,
    reference: str,
    totals: str,
) -> Jobs:
    """Take the reference and the totals out of the industries of regions."""
    regions, industries, periods = labels
    if reference not in regions.names:
        near = difflib.get_close_matches(reference, [str(name) for name in regions.names], n=1)
        hint = f' Did you mean "{near[0]}"?' if near else ""
        msg = f'employed has no rows of the reference "{reference}".{hint}'
        raise DataError(msg)
    is_total = industries.names.isin(TOTALS)
    published = np.flatnonzero(is_total)
    if totals == "published" and len(published) != 1:
        which = "both" if len(published) else "none"
        msg = (
            f"employed has {which} of the industries {' and '.join(TOTALS)}; published totals "
            'need one of them. Keep one, or use totals="sum".'
        )
        raise DataError(msg)
    whole = count[:, published[0]] if totals == "published" else None
    whole_code = code[:, published[0]] if totals == "published" else None
    if is_total.any():
        count, code, held = count[:, ~is_total], code[:, ~is_total], held[:, ~is_total]
    if whole is None or whole_code is None:
        # A sum over a missing part is missing: NaN carries through, and the worst status.
        whole, whole_code = count.sum(axis=1), worst(code, axis=1)
    base = int(np.flatnonzero(regions.names == reference)[0])
    others = np.delete(np.arange(len(regions.names)), base)
    if base == 0:
        # The country's code sorts first: views of all the rest, no copies.
        others = slice(1, None)  # type: ignore[assignment]
    return Jobs(
        regions=Labels(regions.names[others], regions.categorical),
        industries=Labels(industries.names[~is_total], industries.categorical),
        periods=periods,
        count=count[others],
        count_code=code[others],
        whole=whole[others],
        whole_code=whole_code[others],
        base=count[base],
        base_code=code[base],
        base_whole=whole[base],
        base_whole_code=whole_code[base],
        held=held[others],
        base_held=held[base],
    )
