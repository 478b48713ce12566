"""How Kolada's answers are read: lists of things, and values by KPI, region, year and sex."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]

from regionstudy.sources.faults import changed
from regionstudy.sources.kolada_requests import region_code

__all__ = ["KPI_FIELDS", "read_kpis", "read_list", "read_members", "read_values"]

KPI_FIELDS = (
    "id",
    "title",
    "description",
    "is_divided_by_gender",
    "municipality_type",
    "auspice",
    "operating_area",
    "perspective",
    "prel_publication_date",
    "publication_date",
    "publ_period",
    "has_ou_data",
)
_DATES = ("prel_publication_date", "publication_date")
_FLAGS = ("is_divided_by_gender", "has_ou_data")
_SEXES = {"T": "total", "M": "1", "K": "2"}
_STATUSES = ["", ".."]
_CELL = pa.struct(
    [
        ("gender", pa.string()),
        ("status", pa.string()),
        ("value", pa.float64()),
        ("isdeleted", pa.bool_()),
    ]
)
_ROW = pa.struct(
    [
        ("kpi", pa.string()),
        ("period", pa.int64()),
        ("municipality", pa.string()),
        ("values", pa.list_(_CELL)),
    ]
)


def read_list(
    items: Sequence[Mapping[str, Any]], fields: Sequence[str], *, url: str, what: str
) -> pd.DataFrame:
    """
    Make a table of a list that Kolada answered with.

    Parameters
    ----------
    items : sequence of mapping
        The ``values`` of the answer.
    fields : sequence of str
        The fields that each must have.
    url, what : str
        What was asked, for the error.

    Returns
    -------
    DataFrame
        A row an item, a column a field; "" where the service has null.

    Raises
    ------
    SourceError
        If a field is missing: the service has changed.
    """
    _require_fields(items, fields, url=url, what=what)
    return pd.DataFrame.from_records(
        [[item[field] for field in fields] for item in items], columns=list(fields)
    ).fillna("")


def read_kpis(items: Sequence[Mapping[str, Any]], *, url: str, what: str) -> pd.DataFrame:
    """
    Make a table of KPI metadata.

    Parameters
    ----------
    items : sequence of mapping
        The ``values`` of the answer.
    url, what : str
        What was asked, for the error.

    Returns
    -------
    DataFrame
        A row a KPI, with the twelve fields of version 3: texts ("" where null), dates
        (datetime64, NaT where null), ``is_divided_by_gender`` and ``has_ou_data`` (boolean,
        NA where null).

    Raises
    ------
    SourceError
        If a field is missing or a date is none: the service has changed.
    """
    _require_fields(items, KPI_FIELDS, url=url, what=what)
    records = [[item[field] for field in KPI_FIELDS] for item in items]
    table = pd.DataFrame.from_records(records, columns=list(KPI_FIELDS))
    for field in _FLAGS:
        table[field] = table[field].astype("boolean")
    for field in _DATES:
        said = table[field].where(table[field].notna(), None)
        table[field] = pd.to_datetime(said, format="%Y-%m-%d", errors="coerce")
        wrong = said[said.notna() & table[field].isna()]
        if not wrong.empty:
            problem = f"the field {field} is not a day: {wrong.iloc[0]!r}"
            raise changed(problem, url=url, what=what)
    texts = [field for field in KPI_FIELDS if field not in (*_DATES, *_FLAGS)]
    table[texts] = table[texts].fillna("").astype("str")
    return table


def read_members(items: Sequence[Mapping[str, Any]], *, url: str, what: str) -> pd.DataFrame:
    """
    Make a table of groups and their members.

    Parameters
    ----------
    items : sequence of mapping
        The ``values`` of the answer.
    url, what : str
        What was asked, for the error.

    Returns
    -------
    DataFrame, a row a member
        ``id`` and ``title`` of the group, ``member`` and ``member_title``.

    Raises
    ------
    SourceError
        If a field is missing: the service has changed.
    """
    _require_fields(items, ("id", "title", "members"), url=url, what=what)
    members = [member for item in items for member in item["members"]]
    _require_fields(members, ("member_id", "member_title"), url=url, what=what)
    records = [
        (item["id"], item["title"], member["member_id"], member["member_title"])
        for item in items
        for member in item["members"]
    ]
    return pd.DataFrame.from_records(
        records, columns=["id", "title", "member", "member_title"]
    ).astype("str")


def read_values(rows: Sequence[Mapping[str, Any]], *, url: str, what: str) -> pd.DataFrame:
    """
    Make observations of the values that Kolada answered with.

    Parameters
    ----------
    rows : sequence of mapping
        The ``values`` of the answer: a row a KPI, region and year, with a cell a sex.
    url, what : str
        What was asked, for the error.

    Returns
    -------
    DataFrame, a row a cell
        ``region`` (SCB's code), ``indicator`` (KPI id), ``period``, ``sex`` ("total",
        "1" men, "2" women), ``value`` (float64), ``status`` (category: "" or "..") and
        ``deleted`` (bool). A missing value is NaN beside "..", never 0; a zero stays one.

    Raises
    ------
    SourceError
        If a field is missing or holds another type, or a sex is unknown: the service has changed.

    Warns
    -----
    UserWarning
        If a published value carries a status word that we do not know: the value is kept.
    """
    _require_fields(rows, _ROW.names, url=url, what=what)
    filled: Sequence[Mapping[str, Any]] = next((row["values"] for row in rows if row["values"]), [])
    _require_fields(filled[:1], _CELL.names, url=url, what=what)
    try:
        table = pa.array(rows, type=_ROW)
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        problem = f"a field holds another type than it should: {error}"
        raise changed(problem, url=url, what=what) from error
    if any(type(one["value"]) is bool for row in rows for one in row["values"] or ()):
        problem = "the field value holds true or false where a number should stand"
        raise changed(problem, url=url, what=what)
    parent = pc.list_parent_indices(table.field("values"))
    cell = pc.list_flatten(table.field("values"))
    absent = [
        name
        for name, column in [
            *((name, table.field(name)) for name in ("kpi", "period", "municipality")),
            *((name, cell.field(name)) for name in ("gender", "isdeleted")),
        ]
        if column.null_count
    ]
    if absent:
        problem = f"the service left {', '.join(absent)} empty"
        raise changed(problem, url=url, what=what)
    frame = pd.DataFrame(
        {
            "region": _take(table, "municipality", parent).map(region_code),
            "indicator": _take(table, "kpi", parent),
            "period": _take(table, "period", parent).astype("str"),
            "sex": cell.field("gender").to_pandas().astype("str"),
            "value": cell.field("value").to_pandas().astype("float64"),
            "deleted": cell.field("isdeleted").to_pandas().astype("bool"),
        }
    )
    _require_sexes(frame["sex"], url=url, what=what)
    frame["sex"] = frame["sex"].map(_SEXES)
    words = cell.field("status").to_pandas().astype("str").fillna("")
    _warn_of_words(words[frame["value"].notna() & ~frame["deleted"]], what)
    symbols = pd.Series("", index=frame.index).mask(frame["value"].isna(), "..")
    frame["status"] = pd.Categorical(symbols, categories=_STATUSES)
    return frame[["region", "indicator", "period", "sex", "value", "status", "deleted"]]


def _take(table: Any, name: str, parent: Any) -> pd.Series:
    column: pd.Series = table.field(name).take(parent).to_pandas()
    return column if name == "period" else column.astype("str")


def _require_fields(
    items: Sequence[Mapping[str, Any]], fields: Sequence[str], *, url: str, what: str
) -> None:
    for item in items:
        if not isinstance(item, Mapping):
            problem = f"the answer holds {str(item)[:40]!r} where fields should stand"
            raise changed(problem, url=url, what=what)
        missing = [field for field in fields if field not in item]
        if missing:
            had = ", ".join(str(one) for one in item)
            problem = f"the answer lacks the field {', '.join(missing)}; it has {had}"
            raise changed(problem, url=url, what=what)


def _require_sexes(sexes: pd.Series, *, url: str, what: str) -> None:
    unknown = sorted(set(sexes.unique()) - set(_SEXES))
    if unknown:
        problem = f"the answer has gender {', '.join(unknown)}; known are T, K and M"
        raise changed(problem, url=url, what=what)


def _warn_of_words(words: pd.Series, what: str) -> None:
    unknown = sorted(set(words.unique()) - {""})
    if unknown:
        shown = ", ".join(f'"{word}"' for word in unknown)
        msg = f"{what}: Kolada marks published values with {shown}; they are kept as they are."
        warnings.warn(msg, UserWarning, stacklevel=4)
