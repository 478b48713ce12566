"""The cells of a JSON-stat dataset as arrays: values and status symbols, dense or sparse."""

from __future__ import annotations

import struct
import sys
from collections import deque
from itertools import islice, repeat
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]

from regionstudy.errors import DataError
from regionstudy.sources.jsonstat_dimensions import Dimension, cell_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["read_status", "read_values"]

# Numbers are packed so many at a time: fewer is slower, more takes memory.
_CHUNK = 10_000
# Beyond this a float no longer holds every whole number.
_EXACT = 2**53
# What stands in for a null while its neighbours are packed.
_NEITHER_TRUE_NOR_FALSE = 2
_NO_CELLS = (
    "This is a table's description (its metadata), without figures: ask for its data instead."
)


def read_values(
    found: list[Any], status: pd.Categorical, dimensions: list[Dimension]
) -> NDArray[np.float64]:
    """
    Read the values; a missing one becomes NaN.

    Parameters
    ----------
    found : list of one item
        ``value`` as it was parsed: an array with an entry a cell, or an object from the
        cell's position to its value. It is taken out of the list and written in, so that
        the parsed numbers are let go before the frame is built.
    status : Categorical, length n
        The cells' status, as `read_status` gives; services mark their missing values, so
        it tells where to look for them.
    dimensions : list of Dimension
        For messages.

    Returns
    -------
    ndarray, shape (n,)
        NaN where a cell is null or absent. A whole number beyond 2**53 is the nearest float.

    Raises
    ------
    DataError
        If the length is wrong, a position is no cell, or a value is no number.
    """
    value, cells = found.pop(), len(status)
    if isinstance(value, dict):
        positions = _positions("value", list(value), cells)
        values = np.full(cells, np.nan)
        values[positions] = _numbers(list(value.values()), positions, dimensions)
        return values
    if not isinstance(value, list):
        msg = "JSON-stat: value is neither an array nor an object."
        raise DataError(msg)
    if len(value) != cells:
        sizes = " x ".join(str(len(dimension.codes)) for dimension in dimensions)
        remedy = "The answer is not whole: ask again." if value else _NO_CELLS
        msg = (
            f"JSON-stat: value has {len(value)} entries, and size says {sizes} = {cells}. {remedy}"
        )
        raise DataError(msg)
    return _dense(value, np.flatnonzero(status.codes), dimensions)


def read_status(status: Any, cells: int, dimensions: list[Dimension]) -> pd.Categorical:
    """
    Read the status symbols; "" where a cell has none.

    Parameters
    ----------
    status : Any
        ``status`` as it was parsed: nothing, one symbol for all cells (a string, or an array
        of one), an array with an entry a cell, or an object from the cell's position.
    cells : int
        How many cells the dimensions span.
    dimensions : list of Dimension
        For messages.

    Returns
    -------
    Categorical, length cells
        Categories: "", then the symbols that occur, sorted.

    Raises
    ------
    DataError
        If the length is wrong, a position is no cell, or a symbol is no text.
    """
    if not status:
        return _categorical(np.zeros(cells, dtype=np.int8), [])
    if isinstance(status, str):
        status = [status]
    positions: NDArray[np.int64] | slice = slice(None)
    if isinstance(status, dict):
        positions = _positions("status", list(status), cells)
        symbols = list(status.values())
    elif not isinstance(status, list):
        msg = "JSON-stat: status is neither a text, an array nor an object."
        raise DataError(msg)
    elif len(status) in (1, cells):
        symbols = status
    else:
        msg = f"JSON-stat: status has {len(status)} entries for {cells} cells; 1 or {cells} may be."
        raise DataError(msg)
    return _spread(symbols, positions, cells, dimensions)


def _spread(
    symbols: list[Any],
    positions: NDArray[np.int64] | slice,
    cells: int,
    dimensions: list[Dimension],
) -> pd.Categorical:
    of_symbol, distinct = pd.factorize(np.array(symbols, dtype=object))
    odd = [symbol for symbol in distinct if not isinstance(symbol, str)]
    if odd:
        first = int(np.flatnonzero(of_symbol == list(distinct).index(odd[0]))[0])
        place = first if isinstance(positions, slice) else int(positions[first])
        msg = f"JSON-stat: the status of {cell_name(dimensions, place)} is {odd[0]!r}, not a text."
        raise DataError(msg)
    words = sorted(set(distinct) - {""})
    # One more for -1, which factorize gives where there is null: no symbol.
    narrow = np.min_scalar_type(-len(words) - 1)
    code_of = np.array([words.index(word) + 1 if word else 0 for word in distinct] + [0], narrow)
    codes = np.zeros(cells, dtype=narrow)
    codes[positions] = code_of[of_symbol]
    return _categorical(codes, words)


def _categorical(codes: NDArray[Any], words: list[str]) -> pd.Categorical:
    dtype = pd.CategoricalDtype(pd.Index(["", *words], dtype="str"))
    return pd.Categorical.from_codes(codes, dtype=dtype, validate=False)


def _positions(name: str, keys: list[str], cells: int) -> NDArray[np.int64]:
    """Read the keys of a sparse object, each of which must be the position of one cell."""
    try:
        positions = np.array(keys, dtype=np.int64)
    except (ValueError, OverflowError):
        positions = np.full(len(keys), -1)
    outside = (positions < 0) | (positions >= cells)
    if outside.any():
        key = next((key for key in keys if not key.isdecimal() or int(key) >= cells), "")
        msg = f'JSON-stat: {name} has the key "{key}", and the cells are numbered 0 to {cells - 1}.'
        raise DataError(msg)
    in_order = bool((np.diff(positions) > 0).all())
    if not in_order and len(np.unique(positions)) != len(positions):
        msg = f"JSON-stat: {name} names a cell twice, by two spellings of its number."
        raise DataError(msg)
    return positions


def _dense(
    entries: list[Any], marked: NDArray[np.int64], dimensions: list[Dimension]
) -> NDArray[np.float64]:
    """
    Read an array with an entry a cell; the list is ours to write in.

    Packing plain numbers is twice as fast as converting a list with nulls in it. So the
    marked cells, where the nulls are, are read apart; a chunk that holds others as well
    takes the slower way.
    """
    values = np.empty(len(entries))
    places = marked.tolist()
    apart = list(itemgetter(*places, places[0])(entries))[:-1] if places else []
    deque(map(entries.__setitem__, places, repeat(_NEITHER_TRUE_NOR_FALSE)), maxlen=0)
    rest = iter(entries)
    for start in range(0, len(entries), _CHUNK):
        chunk = tuple(islice(rest, _CHUNK))
        packed = _packed(chunk)
        if packed is None:
            packed = _numbers(chunk, np.arange(start, start + len(chunk)), dimensions)
        values[start : start + _CHUNK] = packed
    if _has_truth_values(values, entries):
        raise _no_number(entries, np.arange(len(entries)), dimensions)
    values[marked] = _numbers(apart, marked, dimensions)
    return values


def _packed(chunk: tuple[Any, ...]) -> NDArray[Any] | None:
    """Pack whole numbers or floats; None where something else is among them."""
    for code, dtype in (("q", np.int64), ("d", np.float64)):
        try:
            numbers = np.frombuffer(struct.Struct(f"{len(chunk)}{code}").pack(*chunk), dtype)
        except (struct.error, OverflowError):
            continue
        # Not so of NaN, of an infinity and of a whole number that lost its last digits.
        return numbers if (np.abs(numbers) <= _EXACT).all() else None
    return None


def _numbers(
    entries: Sequence[Any], positions: NDArray[np.int64], dimensions: list[Dimension]
) -> NDArray[np.float64]:
    """Turn numbers and nulls into an array; refuse texts, truth values, NaN and infinities."""
    try:
        try:
            column = pa.array(entries, pa.float64())
        except pa.ArrowInvalid:
            # A whole number that no float holds exactly is taken at the nearest one.
            near = [float(entry) if type(entry) is int else entry for entry in entries]
            column = pa.array(near, pa.float64())
    except (pa.ArrowException, OverflowError, TypeError):
        raise _no_number(entries, positions, dimensions) from None
    numbers: NDArray[np.float64] = column.to_numpy(zero_copy_only=False)
    only_nulls = int((~np.isfinite(numbers)).sum()) == column.null_count
    if not only_nulls or _has_truth_values(numbers, entries):
        raise _no_number(entries, positions, dimensions)
    return numbers


def _no_number(
    entries: Sequence[Any], positions: NDArray[np.int64], dimensions: list[Dimension]
) -> DataError:
    """Name the first entry that is neither a number nor null."""
    place = next(place for place, entry in enumerate(entries) if not _is_number_or_null(entry))
    cell = cell_name(dimensions, int(positions[place]))
    return DataError(
        f"JSON-stat: the value of {cell} is {entries[place]!r}, not a number that a float can "
        f"hold. A missing value must be null: report it to the service's keeper."
    )


def _has_truth_values(numbers: NDArray[Any], entries: Sequence[Any]) -> bool:
    """Tell whether a true or false passed for 1 or 0: only such cells need a look."""
    suspects = np.flatnonzero((numbers == 0) | (numbers == 1)).tolist()
    return bool(suspects) and bool in set(map(type, itemgetter(*suspects, suspects[0])(entries)))


def _is_number_or_null(entry: Any) -> bool:
    if entry is None:
        return True
    if type(entry) is int:
        return abs(entry) <= sys.float_info.max
    return type(entry) is float and bool(np.isfinite(entry))
