"""What the rows of the sheets must agree on: ids, keys, and pairs of figures."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

import pandas as pd

from regionstudy.members.findings import told
from regionstudy.members.schema import sheets, words

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from regionstudy.members.findings import Findings
    from regionstudy.members.sheet_rows import Table

__all__ = ["check_rules"]


def check_rules(
    tables: Mapping[str, Table], found: Findings, *, elsewhere: Collection[str] | None = None
) -> None:
    """
    Check that the sheets agree with one another and each with itself.

    Parameters
    ----------
    tables : mapping of str to Table
        The sheets that were read, by name.
    found : Findings
        What is wrong is added to it.
    elsewhere : collection of str, optional
        Organisations that other workbooks list. Where they are not known, a workbook of one
        organisation may name others that it moved staff from and to.
    """
    for table in tables.values():
        _check_references(table, tables, found, elsewhere)
        _check_member_named(table, found)
        _check_order(table, found)
        _check_unique(table, found)


def _check_references(
    table: Table,
    tables: Mapping[str, Table],
    found: Findings,
    elsewhere: Collection[str] | None,
) -> None:
    for column in table.sheet.columns:
        # Where the sheet itself is missing, that is the fault to say.
        if not column.references or column.name not in table.letters:
            continue
        named = sheets()[column.references]
        known = tables.get(column.references)
        if known is None and named.required:
            continue
        valid = [] if known is None else list(known.frame[named.key[0]].dropna())
        if column.besides and elsewhere is None and len(valid) == 1:
            continue
        besides = list(words(column.besides)) if column.besides else []
        if named.name == "organisations":
            besides += sorted(elsewhere or ())
        values = table.frame[column.name].dropna()
        for row, value in values[~values.isin({*valid, *besides})].items():
            near = difflib.get_close_matches(value, [*valid, *besides], n=1)
            hint = told("did_you_mean", meant=near[0]) if near else ""
            found.faults.append(
                table.finding(row, column.name, value, "not_on_sheet", sheet=named.title, hint=hint)
            )


def _check_member_named(table: Table, found: Findings) -> None:
    """Find rows that name nobody of the network: a move from outside to outside is not ours."""
    ends = [
        c for c in table.sheet.columns if c.besides and c.references and c.name in table.letters
    ]
    if not ends:
        return
    outside = [table.frame[column.name].isin(list(words(column.besides))) for column in ends]
    nobody = table.frame.loc[pd.concat(outside, axis=1).all(axis=1), ends[0].name]
    titles = [column.title for column in ends]
    found.faults.extend(
        table.finding(row, ends[0].name, value, "no_member", columns=titles)
        for row, value in nobody.items()
    )


def _check_order(table: Table, found: Findings) -> None:
    titles = {column.name: column.title for column in table.sheet.columns}
    for low, high in table.sheet.ordered:
        if not {low, high} <= table.letters.keys():
            continue
        both = table.frame[[low, high]].dropna()
        for row, first, second in both[both[low] > both[high]].itertuples():
            params = {"low": titles[low], "high": titles[high], "least": str(first)}
            found.faults.append(table.finding(row, high, str(second), "below", **params))


def _check_unique(table: Table, found: Findings) -> None:
    key = [name for name in table.sheet.key if name in table.letters]
    needed = [column.name for column in table.sheet.columns if column.required]
    # A row whose key could not be read has its own fault already.
    complete = table.frame[key].dropna(subset=[name for name in key if name in needed])
    repeated = complete[complete.duplicated(key)] if key else complete
    if repeated.empty:
        return
    titles = [column.title for column in table.sheet.columns if column.name in key]
    # Missing parts of a key are equal to one another, here as in `duplicated`.
    spelt = complete.astype(object).where(complete.notna(), None)
    firsts: dict[tuple[object, ...], object] = {}
    for row, *values in spelt.itertuples():
        firsts.setdefault(tuple(values), row)
    for row, *values in spelt.loc[repeated.index].itertuples():
        shown = ", ".join("" if value is None else str(value) for value in values)
        first = str(firsts[tuple(values)])
        found.faults.append(table.finding(row, key[0], shown, "repeats", first=first, key=titles))
