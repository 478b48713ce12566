"""The gate: what leaves the member tables is declared, and persons leave protected."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from regionstudy.errors import ConfigError
from regionstudy.members.declarations import DERIVED, FILE_NAME, PERSON_SHEETS
from regionstudy.members.released_rows import all_columns, released_rows, text_of, years_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from regionstudy.members.declarations import Declarations, ReleasedTable
    from regionstudy.members.disclosure import LinkedTable
    from regionstudy.members.tables import Members

__all__ = ["protected_tables", "release"]


def release(members: Members, name: str) -> pd.DataFrame:
    """
    Give one declared table, with the persons behind it protected.

    Parameters
    ----------
    members : Members
        The member tables.
    name : str
        The table's name in ``releases.toml``.

    Returns
    -------
    DataFrame
        As `Members.release` says.

    Raises
    ------
    ConfigError
        If nothing is declared, or not this table.
    """
    declared = members.declarations
    if declared is None:
        msg = (
            f"No {FILE_NAME} was found beside {members.source.name} or in the folder above; "
            f"give load(..., releases=PATH)."
        )
        raise ConfigError(msg)
    if name not in declared.tables:
        near = difflib.get_close_matches(name, declared.tables, n=1)
        hint = f' Did you mean "{near[0]}"?' if near else ""
        msg = (
            f'The member table "{name}" is not declared in {declared.path.name}, so it must not '
            f'be shown.{hint} To publish it, add: [{name}] sheet = "staff", '
            f'measure = "headcount", dimensions = ["org_id", "municipality"], year = "latest".'
        )
        raise ConfigError(msg)
    table = declared.tables[name]
    rows = released_rows(all_columns(members, table.sheet), table)
    if table.of_persons:
        frame = members.protected[name].copy()
    elif table.measure:
        texts = {d: text_of(rows[d]) for d in table.dimensions if rows[d].hasnans}
        grouped = rows.assign(**texts).groupby(list(table.dimensions), sort=True)
        frame = grouped[[table.measure]].sum().reset_index().assign(status="")
    else:
        frame = rows[list(table.dimensions)].reset_index(drop=True)
    frame.attrs.update(
        release=name,
        measure=table.measure,
        threshold=declared.threshold if table.of_persons else None,
        fictitious=members.fictitious,
        checksum=members.checksum,
        year=years_of(rows),
    )
    return frame


def protected_tables(members: Members, declared: Declarations) -> dict[str, pd.DataFrame]:
    """
    Protect all declared tables of persons, together.

    Parameters
    ----------
    members : Members
        The member tables.
    declared : Declarations
        What may be published.

    Returns
    -------
    dict of str to DataFrame
        The tables by name: dimensions, measure and ``status``.
    """
    from regionstudy.members.disclosure import protect_jointly

    found: dict[str, pd.DataFrame] = {}
    for sheet in PERSON_SHEETS:
        tables = [table for table in declared.person_tables if table.sheet == sheet]
        if not tables:
            continue
        rows = all_columns(members, sheet)
        linked = linked_tables(rows, tables)
        columns = sorted({c for table in linked for c in (*table.dimensions, *table.where)})
        texts = rows.assign(**{column: text_of(rows[column]) for column in columns})
        texts = texts.groupby(columns, as_index=False)[["headcount"]].sum()
        found |= protect_jointly(
            texts.astype({"headcount": "float64"}),
            linked,
            groupings=DERIVED,
            threshold=declared.threshold,
            width=declared.width,
            zeros_shown=declared.zeros == "shown",
        )
    return found


def linked_tables(rows: pd.DataFrame, tables: Sequence[ReleasedTable]) -> list[LinkedTable]:
    """
    Say how declared tables of one sheet are made from its rows.

    Parameters
    ----------
    rows : DataFrame
        From `all_columns`.
    tables : sequence of ReleasedTable
        Tables of persons.

    Returns
    -------
    list of LinkedTable
        The same, "latest" written as the year it is.
    """
    from regionstudy.members.disclosure import LinkedTable

    made = []
    for table in tables:
        where = dict(table.where)
        if table.year == "latest" and len(rows):
            newest = str(rows["year"].max())
            where["year"] = tuple(set(where.get("year", (newest,))) & {newest})
        stock = PERSON_SHEETS[table.sheet] == "stock"
        made.append(
            LinkedTable(
                table.name,
                table.dimensions,
                where=where,
                separate=("year",) if stock and "year" in table.dimensions else (),
            )
        )
    return made
