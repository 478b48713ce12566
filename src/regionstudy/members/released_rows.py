"""The rows of a member sheet that a released table is made from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from regionstudy.members.declarations import DERIVED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from regionstudy.members.declarations import ReleasedTable
    from regionstudy.members.tables import Members

__all__ = ["UNKNOWN", "all_columns", "released_rows", "years_of"]

# Where a person's group is not given: a group of its own, so that nobody is lost from a sum.
UNKNOWN = "unknown"
_DIGITS = {"occupation_minor": 3, "occupation_major": 1}


def all_columns(members: Members, sheet: str) -> pd.DataFrame:
    """
    Give the rows of a sheet with the columns that are worked out.

    Parameters
    ----------
    members : Members
        The member tables.
    sheet : str
        The sheet.

    Returns
    -------
    DataFrame
        The sheet's columns and those of `DERIVED` that it can have. Rows that an organisation
        has not approved (its column ``public``) are left out.
    """
    rows = members.table(sheet)
    if "public" in rows.columns:
        rows = rows.loc[rows["public"].to_numpy()]
    facts = members.organisations.set_index("org_id")
    for name, source in DERIVED.items():
        if source not in rows.columns:
            continue
        if name in _DIGITS:
            rows[name] = rows[source].str[: _DIGITS[name]]
        else:
            rows[name] = rows[source].map(facts[name])
    return rows


def released_rows(
    rows: pd.DataFrame, table: ReleasedTable, *, as_text: Sequence[str] = ()
) -> pd.DataFrame:
    """
    Keep the rows that count for a table.

    Parameters
    ----------
    rows : DataFrame
        From `all_columns`.
    table : ReleasedTable
        The table.
    as_text : sequence of str
        Columns to write as text, what is missing as "unknown".

    Returns
    -------
    DataFrame
        The rows of its year and its `where`.
    """
    keep = pd.Series(True, index=rows.index)
    for column, values in table.where.items():
        keep &= text_of(rows[column]).isin(values)
    if table.year == "latest" and len(rows):
        keep &= (rows["year"] == rows["year"].max()).to_numpy()
    found = rows.loc[keep.to_numpy()]
    return found.assign(**{column: text_of(found[column]) for column in as_text})


def text_of(values: pd.Series) -> pd.Series[str]:
    """
    Write a column's values as they stand in a released table.

    Parameters
    ----------
    values : Series
        Text, numbers or yes/no.

    Returns
    -------
    Series of str
        As text; "yes" and "no", and "unknown" where missing.
    """
    if values.dtype == bool:
        return values.map({True: "yes", False: "no"}).astype("str")
    missing = values.isna()
    return values.astype("str").mask(missing, UNKNOWN)


def years_of(rows: pd.DataFrame) -> str:
    """
    Say which years rows are of.

    Parameters
    ----------
    rows : DataFrame
        The rows.

    Returns
    -------
    str
        "2025", "2023-2025", or "" where they have no year.
    """
    if "year" not in rows.columns or rows.empty:
        return ""
    first, last = rows["year"].min(), rows["year"].max()
    return str(first) if first == last else f"{first}-{last}"
