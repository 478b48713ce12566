"""
JSON-stat 2.0 to a tidy frame and back.

Codes are the key, and labels ride along in ``attrs``: two dimensions may share a label, and
a label changes with the language. A null stays NaN, whatever its symbol means; whether "-"
is a zero is for the module of the service to say.
"""

from __future__ import annotations

import codecs
import copy
import math
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson
import pandas as pd

from regionstudy.errors import DataError
from regionstudy.sources.jsonstat_dimensions import Dimension, read_dimensions
from regionstudy.sources.jsonstat_values import read_status, read_values

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

__all__ = ["decode", "encode"]

_TEXTS = ("label", "source", "updated", "href")


def decode(payload: bytes | str | dict[str, Any]) -> pd.DataFrame:
    """
    Decode a JSON-stat dataset into a tidy frame, a row a cell.

    Parameters
    ----------
    payload : bytes, str or dict
        A dataset, as it came or parsed. A parsed one is left as it is.

    Returns
    -------
    DataFrame
        A categorical column of codes a dimension, named by its id and in the order of the
        cells; ``value`` (float64, NaN where missing, the nearest float beyond 2**53);
        ``status`` (categorical, "" where none). In ``attrs``: ``label``, ``source``,
        ``updated``, ``href`` (str), ``roles`` (role to ids), ``notes``, ``extension``;
        ``labels``, ``units``, ``category_notes`` and ``children`` (id to code to
        what it has); ``dimension_labels``, ``dimension_notes`` and ``dimension_extensions``
        (id to what it has).

    Raises
    ------
    DataError
        If `payload` is no JSON, another class of JSON-stat, or breaks the format.

    References
    ----------
    JSON-stat 2.0, https://json-stat.org/full/.

    Examples
    --------
    >>> decode('''{"class": "dataset", "id": ["Tid"], "size": [2], "value": [99361, null],
    ...     "status": {"1": ".."}, "dimension": {"Tid": {"category": {"index": ["2024", "2025"]}}}}
    ... ''')
        Tid    value status
    0  2024  99361.0
    1  2025      NaN     ..
    """
    dataset = _dataset(payload)
    dimensions = read_dimensions(dataset)
    cells = math.prod(len(dimension.codes) for dimension in dimensions)
    if "value" not in dataset:
        msg = f"JSON-stat: the dataset has no value; it has {', '.join(dataset)}."
        raise DataError(msg)
    status = read_status(dataset.pop("status", None), cells, dimensions)
    found = [dataset.pop("value")]
    if isinstance(payload, dict):
        found = [copy.copy(found[0])]  # the caller's numbers stay as they are
    values = read_values(found, status, dimensions)
    columns: dict[str, Any] = dict(_code_columns(dimensions))
    frame = pd.DataFrame({**columns, "value": values, "status": status}, copy=False)
    frame.attrs.update(_described(dataset, dimensions))
    return frame


def encode(frame: pd.DataFrame) -> bytes:
    """
    Encode a tidy frame as a JSON-stat 2.0 dataset; the inverse of `decode`.

    Parameters
    ----------
    frame : DataFrame
        Columns of codes (categorical, or text in order of appearance), ``value`` and
        ``status``, as `decode` gives; rows in any order, at most one a cell. A cell
        without a row becomes null.

    Returns
    -------
    bytes
        JSON in UTF-8, with a dense ``value`` and a sparse ``status``.

    Raises
    ------
    DataError
        If a column lacks, a code is missing, a cell has two rows, or a value is infinite.

    Examples
    --------
    >>> frame = pd.DataFrame({"Tid": ["2024", "2025"], "value": [99361.0, float("nan")],
    ...     "status": ["", ".."]})
    >>> decode(encode(frame)).equals(decode(encode(decode(encode(frame)))))
    True
    """
    attrs = {str(key): part for key, part in frame.attrs.items()}
    lacking = [column for column in ("value", "status") if column not in frame.columns]
    if lacking:
        msg = f"To encode a frame it needs the column {lacking[0]}; it has {list(frame.columns)}."
        raise DataError(msg)
    ids = [str(column) for column in frame.columns if column not in ("value", "status")]
    codes = {id_: _as_categorical(frame[id_], id_) for id_ in ids}
    size = [len(code.categories) for code in codes.values()]
    cells = math.prod(size)
    positions = _cell_of_row([code.codes for code in codes.values()], size, len(frame))
    if len(np.unique(positions)) != len(positions):
        msg = f"Two rows of the frame are the same cell: the same {', '.join(ids) or 'dataset'}."
        raise DataError(msg)
    values = np.full(cells, np.nan)
    try:
        values[positions] = frame["value"].to_numpy(dtype=np.float64, na_value=np.nan)
    except (TypeError, ValueError) as error:
        msg = f"The column value of the frame holds what is no number: {error}."
        raise DataError(msg) from error
    if np.isinf(values).any():
        msg = "A value of the frame is infinite, which JSON can not hold."
        raise DataError(msg)
    symbols = frame["status"].astype("str").fillna("").to_numpy()
    marked = np.flatnonzero(symbols != "")
    marked = marked[np.argsort(positions[marked])]
    body: dict[str, Any] = {
        "version": "2.0",
        "class": "dataset",
        **{key: attrs[key] for key in _TEXTS if attrs.get(key)},
        **_told({"note": attrs.get("notes"), "role": _roles_of(ids, attrs)}),
        "id": ids,
        "size": size,
        "dimension": {id_: _dimension_body(id_, codes[id_], attrs) for id_ in ids},
        **_told({"extension": attrs.get("extension")}),
        "value": values,
    }
    if len(marked):
        places = positions[marked].astype("str").tolist()
        body["status"] = dict(zip(places, symbols[marked].tolist(), strict=True))
    return orjson.dumps(body, option=orjson.OPT_SERIALIZE_NUMPY)


def _dataset(payload: bytes | str | dict[str, Any]) -> dict[str, Any]:
    """Parse, and refuse what is no dataset; the dict is ours to take apart."""
    if isinstance(payload, dict):
        body: Any = dict(payload)
    elif not isinstance(payload, bytes | str):
        msg = (
            f"JSON-stat: a dataset is read from bytes, a text or a dict, and this is a "
            f"{type(payload).__name__}."
        )
        raise DataError(msg)
    else:
        text = payload.encode(errors="surrogatepass") if isinstance(payload, str) else payload
        try:
            # Some servers begin with a byte order mark, which JSON does not know.
            body = orjson.loads(text.removeprefix(codecs.BOM_UTF8))
        except orjson.JSONDecodeError as error:
            msg = f"JSON-stat: the text is broken JSON: {error}. Ask again."
            raise DataError(msg) from error
    if not isinstance(body, dict):
        msg = f"JSON-stat: a dataset is an object, and this is a {type(body).__name__}."
        raise DataError(msg)
    kind = body.get("class", "dataset")
    if kind != "dataset":
        remedy = "Ask for one of its items." if kind == "collection" else "Ask for the data."
        msg = f"JSON-stat: this is of class {kind}, which holds no figures. {remedy}"
        raise DataError(msg)
    bundled = [key for key, part in body.items() if isinstance(part, dict) and "dimension" in part]
    if bundled and "dimension" not in body:
        msg = (
            f"JSON-stat: this is a bundle (JSON-stat 1) of {', '.join(bundled)}, not a dataset. "
            f"Ask for the format json-stat2, or decode one part of it."
        )
        raise DataError(msg)
    if not isinstance(body.get("extension") or {}, dict):
        msg = "JSON-stat: extension is not an object. Report it to the service's keeper."
        raise DataError(msg)
    return body


def _code_columns(dimensions: list[Dimension]) -> dict[str, pd.Categorical]:
    """Lay out each dimension's codes over all cells, the last dimension fastest."""
    columns = {}
    shape = tuple(len(dimension.codes) for dimension in dimensions)
    for axis, dimension in enumerate(dimensions):
        length = shape[axis]
        # The narrowest integer: it is what pandas keeps, and a cell has one in each column.
        order = np.arange(length, dtype=np.min_scalar_type(-max(length, 1)))
        each = np.repeat(order, math.prod(shape[axis + 1 :]))
        codes = np.tile(each, math.prod(shape[:axis]))
        dtype = pd.CategoricalDtype(pd.Index(dimension.codes, dtype="str"))
        columns[dimension.id] = pd.Categorical.from_codes(codes, dtype=dtype, validate=False)
    return columns


def _described(dataset: Mapping[str, Any], dimensions: list[Dimension]) -> dict[str, Any]:
    notes = dataset.get("note") or []
    return {
        **{key: str(dataset.get(key) or "") for key in _TEXTS},
        "roles": dict(dataset.get("role") or {}),
        "notes": [str(note) for note in notes] if isinstance(notes, list) else [str(notes)],
        "extension": dict(dataset.get("extension") or {}),
        "labels": {dimension.id: dimension.labels for dimension in dimensions},
        "units": {dimension.id: dimension.units for dimension in dimensions},
        "category_notes": {dimension.id: dimension.category_notes for dimension in dimensions},
        "children": {dimension.id: dimension.children for dimension in dimensions},
        "dimension_labels": {dimension.id: dimension.label for dimension in dimensions},
        "dimension_notes": {dimension.id: dimension.notes for dimension in dimensions},
        "dimension_extensions": {dimension.id: dimension.extension for dimension in dimensions},
    }


def _roles_of(ids: list[str], attrs: Mapping[str, Any]) -> dict[str, list[str]]:
    """Take the roles of the columns that are still there."""
    roles = attrs.get("roles", {})
    return {role: [id_ for id_ in members if id_ in ids] for role, members in roles.items()}


def _dimension_body(id_: str, codes: pd.Categorical, attrs: Mapping[str, Any]) -> dict[str, Any]:
    index = {str(code): position for position, code in enumerate(codes.categories)}

    def of_codes(key: str) -> dict[str, Any]:
        # The frame may have lost codes since it was decoded.
        said = attrs.get(key, {}).get(id_, {})
        return {code: part for code, part in said.items() if code in index}

    category = {
        "label": of_codes("labels"),
        "unit": of_codes("units"),
        "note": of_codes("category_notes"),
        "child": of_codes("children"),
    }
    body = {
        "label": attrs.get("dimension_labels", {}).get(id_) or id_,
        "note": attrs.get("dimension_notes", {}).get(id_),
        "extension": attrs.get("dimension_extensions", {}).get(id_),
    }
    return {**_told(body), "category": {"index": index, **_told(category)}}


def _told(parts: dict[str, Any]) -> dict[str, Any]:
    return {key: part for key, part in parts.items() if part}


def _as_categorical(column: pd.Series, id_: str) -> pd.Categorical:
    if column.isna().any():
        msg = f"The column {id_} has rows without a code: a cell without its place."
        raise DataError(msg)
    if isinstance(column.dtype, pd.CategoricalDtype):
        return pd.Categorical(column)
    text = column.astype("str")
    return pd.Categorical(text, categories=text.unique())


def _cell_of_row(codes: list[NDArray[Any]], size: list[int], rows: int) -> NDArray[np.int64]:
    if not codes:
        return np.arange(rows, dtype=np.int64) * 0
    if rows == 0:
        return np.empty(0, dtype=np.int64)
    wide = tuple(code.astype(np.int64) for code in codes)
    return np.ravel_multi_index(wide, tuple(size)).astype(np.int64)
