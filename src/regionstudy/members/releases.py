"""The gate: what leaves the member tables is declared, and persons leave protected."""

from __future__ import annotations

import difflib
import hashlib
import time
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from regionstudy.errors import ConfigError
from regionstudy.members.declarations import DERIVED, FILE_NAME, PERSON_SHEETS
from regionstudy.members.disclosure import Protection, true_cells
from regionstudy.members.editions import EditionTable, State
from regionstudy.members.released_rows import all_columns, released_rows, text_of, years_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from regionstudy.members.declarations import Declarations, ReleasedTable
    from regionstudy.members.disclosure import LinkedTable
    from regionstudy.members.tables import Members

__all__ = ["edition_of", "linked_tables", "protection_of", "release"]

_SLOW_S = 0.2
_AUDITED = ("table", "cell", "count", "reason", "proved")
_RULES = {
    "small": "fewer than {n} persons",
    "secondary": "would let a reader work out a hidden group to within fewer than {n}",
    "earlier": "hidden in the last edition, and unchanged since",
}
# What this process has protected, by what it rests on.
_PROTECTED: dict[str, Protection] = {}


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
        frame = protection_of(members, declared).tables[name].copy()
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
        rounding=declared.rounding if table.of_persons else 0,
        fictitious=members.fictitious,
        checksum=members.checksum,
        year=years_of(rows),
    )
    return frame


def protection_of(members: Members, declared: Declarations) -> Protection:
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
    Protection
        The tables by name, and what was hidden and why. They are worked out once for a
        workbook, its declarations and the last edition: kept in this process, and where it
        took long also in the private state, for the other notebooks' kernels.
    """
    state = None if members.state is None else State(members.state)
    before = "" if state is None else state.edition_text()
    facts = (version("regionstudy"), members.checksum, repr(replace(declared, path=Path())), before)
    key = hashlib.sha256("\0".join(facts).encode()).hexdigest()[:32]
    if key not in _PROTECTED:
        found = None if state is None else state.protection(key)
        if found is None:
            began = time.perf_counter()
            found = _protect(members, declared, state)
            if state is not None:
                state.keep_audit(found.audit)
                if time.perf_counter() - began > _SLOW_S:
                    state.keep_protection(key, found)
        _PROTECTED[key] = found
    return _PROTECTED[key]


def _protect(members: Members, declared: Declarations, state: State | None) -> Protection:
    from regionstudy.members.disclosure import protect_jointly

    tables: dict[str, pd.DataFrame] = {}
    audits = []
    for sheet in PERSON_SHEETS:
        asked = [table for table in declared.person_tables if table.sheet == sheet]
        if not asked:
            continue
        rows = all_columns(members, sheet)
        linked = linked_tables(rows, asked)
        earlier = [] if state is None else state.earlier(sheet)
        found = protect_jointly(
            _counted(rows, [*linked, *(one.table for one in earlier)]),
            linked,
            groupings=DERIVED,
            threshold=declared.threshold,
            width=declared.width,
            zeros_shown=declared.zeros == "shown",
            earlier=earlier,
            rounding=declared.rounding,
        )
        tables |= found.tables
        audits.append(found.audit)
    if not audits:
        return Protection({}, pd.DataFrame(columns=[*_AUDITED, "rule"]))
    audit = pd.concat(audits, ignore_index=True)
    rules = {reason: rule.format(n=declared.threshold) for reason, rule in _RULES.items()}
    return Protection(tables, audit.assign(rule=audit["reason"].map(rules)))


def _counted(rows: pd.DataFrame, tables: Sequence[LinkedTable]) -> pd.DataFrame:
    """Count persons by every column that any of the tables uses."""
    columns = sorted({c for table in tables for c in (*table.dimensions, *table.where)})
    texts = rows.assign(**{column: text_of(rows[column]) for column in columns})
    counted = texts.groupby(columns, as_index=False)[["headcount"]].sum()
    return counted.astype({"headcount": "float64"})


def edition_of(members: Members, declared: Declarations) -> dict[str, EditionTable]:
    """
    Say what an edition that is published now tells its readers.

    Parameters
    ----------
    members : Members
        The member tables.
    declared : Declarations
        What is published.

    Returns
    -------
    dict of str to EditionTable
        The tables of persons, by name and by the years they are of: a new year's table does
        not replace the last year's in the readers' hands.
    """
    found = {}
    protected = protection_of(members, declared).tables
    for sheet in PERSON_SHEETS:
        asked = [table for table in declared.person_tables if table.sheet == sheet]
        rows = all_columns(members, sheet)
        for table in linked_tables(rows, asked):
            names = list(table.dimensions)
            shown = protected[table.name]
            true = true_cells(_counted(rows, [table]), table)
            # Of a sheet without such rows both are empty, and neither knows that it holds text.
            text = dict.fromkeys(names, "str")
            cells = (
                shown[[*names, "status"]]
                .astype(text)
                .merge(true.astype(text), on=names, how="left", validate="one_to_one")
            )
            # A hidden zero is a cell that nobody was counted in.
            cells["headcount"] = cells["headcount"].fillna(0.0)
            cells["hidden"] = (cells["status"] == "suppressed").to_numpy()
            cells = cells.rename(columns={"headcount": "count"})[[*names, "count", "hidden"]]
            years = "-".join(table.where.get("year", ()))
            found[f"{table.name} {years}".strip()] = EditionTable(sheet, table, cells)
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
