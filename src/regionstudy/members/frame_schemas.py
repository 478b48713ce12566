"""The schema of each member table: types, codes, words and keys, held by pandera."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import pandas as pd

from regionstudy.geography.codes import region_list
from regionstudy.members.educations import is_education
from regionstudy.members.occupations import is_occupation
from regionstudy.members.schema import Column, Sheet, sheets, words

if TYPE_CHECKING:
    import pandera.pandas as pa

__all__ = ["empty_frame", "frame_schema", "typed_frame"]

_DTYPES = {
    "count": "Int64",
    "year": "Int64",
    "share": "float64",
    "number": "float64",
    "date": "datetime64[s]",
    "flag": "bool",
}
_LIMITS = {"count": (0, 10_000_000), "year": (1990, 2100), "share": (0, 1)}
_IS_CODE = {"education": is_education, "occupation": is_occupation}
_LEVELS = {"municipality": {"municipality"}, "region": {"municipality", "county"}}


def empty_frame(sheet: Sheet) -> pd.DataFrame:
    """
    Give the table of a sheet that is not there.

    Parameters
    ----------
    sheet : Sheet
        The sheet.

    Returns
    -------
    DataFrame
        No rows; the columns and types of the sheet.
    """
    return typed_frame(pd.DataFrame({column.name: [] for column in sheet.columns}), sheet)


def typed_frame(values: pd.DataFrame, sheet: Sheet) -> pd.DataFrame:
    """
    Give the values of a sheet their types, and hold them against its schema.

    Parameters
    ----------
    values : DataFrame
        What the cells were read as, None where empty; the columns of the sheet.
    sheet : Sheet
        The sheet.

    Returns
    -------
    DataFrame
        A new frame, rows numbered from 0.

    Raises
    ------
    pandera.errors.SchemaErrors
        If a value is not of its schema: then the reader of cells let through what it must not.
    """
    typed = values.astype({column.name: _dtype(column) for column in sheet.columns})
    return frame_schema(sheet.name).validate(typed.reset_index(drop=True), lazy=True)


@cache
def frame_schema(sheet: str) -> pa.DataFrameSchema:
    """
    Give the schema of a member table.

    Parameters
    ----------
    sheet : str
        The sheet, such as "staff".

    Returns
    -------
    pandera.DataFrameSchema
        Types, which columns may have gaps, codes, words, limits, and the key.
    """
    # Loading takes longer than most commands do in all.
    import pandera.pandas as pa

    entry = sheets()[sheet]
    columns = {
        column.name: pa.Column(_dtype(column), _checks(column), nullable=not column.required)
        for column in entry.columns
    }
    ordered = [
        pa.Check(
            lambda rows, low=low, high=high: (
                (rows[low] <= rows[high]) | rows[low].isna() | rows[high].isna()
            ),
            error=f"{low} at most {high}",
        )
        for low, high in entry.ordered
    ]
    return pa.DataFrameSchema(
        columns, checks=ordered, unique=list(entry.key), strict=True, ordered=True
    )


def _dtype(column: Column) -> str:
    dtype = _DTYPES.get(column.type, "str")
    return "int64" if column.required and dtype == "Int64" else dtype


def _checks(column: Column) -> list[Any]:
    import pandera.pandas as pa

    if column.type in _LIMITS:
        low, high = _LIMITS[column.type]
        return [pa.Check.in_range(low, high)]
    if column.type == "number":
        return [pa.Check.ge(0)]
    besides = set(words(column.besides)) if column.besides else set()
    if column.type == "word" and not column.open:
        return [pa.Check.isin([*words(column.words), *besides])]
    if column.codes in _LEVELS:
        levels = _LEVELS[column.codes]
        codes = {code for code, region in region_list().items() if region.level in levels}
        return [pa.Check.isin(sorted(codes | besides))]
    if column.codes in _IS_CODE:
        is_code = _IS_CODE[column.codes]
        # A column of 10,000 rows holds some tens of codes.
        return [
            pa.Check(
                lambda values: values.isin([one for one in values.unique() if is_code(str(one))]),
                error=f"codes of {column.codes}",
            )
        ]
    return []
