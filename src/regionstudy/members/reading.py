"""Read a member workbook or a folder of CSV: forgiving in form, strict in content."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from regionstudy.errors import Fault, MemberDataError
from regionstudy.members.cells import read_cell
from regionstudy.members.layout import (
    column_letter,
    find_header,
    place_columns,
    place_sheets,
)
from regionstudy.members.schema import Column, Sheet, match_key, sheets, spellings, words
from regionstudy.members.tables import Members, Repair
from regionstudy.members.workbooks import Grid, checksum, read_grids

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["load", "read"]

_DTYPES = {
    "count": "Int64",
    "year": "Int64",
    "share": "float64",
    "number": "float64",
    "date": "datetime64[s]",
    "flag": "bool",
}
_FICTITIOUS = frozenset(
    match_key(word) for word in ("fictitious", "påhittad", "påhittade", "fiktiv")
)


@dataclass
class _Findings:
    """What reading brings to light, gathered over all sheets."""

    faults: list[Fault] = field(default_factory=list)
    repairs: list[Repair] = field(default_factory=list)


@dataclass(frozen=True)
class _Table:
    """A sheet as it was read: its frame, and where each of its cells stood."""

    grid: Grid
    sheet: Sheet
    frame: pd.DataFrame
    extra: pd.DataFrame
    letters: dict[str, str]

    def fault(self, row: Any, column: str, value: str, problem: str, remedy: str) -> Fault:
        cell = f"{self.letters[column]}{row}"
        return Fault(self.grid.file, self.grid.name, cell, value, problem, remedy)


def load(path: str | Path, *, releases: str | Path | None = None) -> Members:
    """
    Load the member tables, or list everything that is wrong with them.

    Parameters
    ----------
    path : str or Path
        A workbook (.xlsx) or a folder of CSV files named after the sheets.
    releases : str or Path, optional
        The ``releases.toml`` that declares what may be published. Left out, it is looked
        for beside `path` and in the folder above.

    Returns
    -------
    Members
        The tables, whether they are fictitious, and what was mended in reading them.

    Raises
    ------
    MemberDataError
        If anything is wrong; all of it stands in ``faults``.
    ConfigError
        If ``releases.toml`` has an entry that cannot be used.

    See Also
    --------
    regionstudy.members.check : The same faults as a list.
    """
    from regionstudy.members.declarations import find_declarations

    path = Path(path)
    members, faults = read(path)
    if faults or members is None:
        raise MemberDataError(faults)
    declarations = find_declarations(path, releases)
    return Members(**{**vars(members), "declarations": declarations})


def read(path: Path) -> tuple[Members | None, list[Fault]]:
    """
    Read the member tables with everything that is wrong with them.

    Parameters
    ----------
    path : Path
        A workbook (.xlsx) or a folder of CSV files.

    Returns
    -------
    members : Members or None
        The tables, None where there are faults.
    faults : list of Fault
        What is wrong, in the order of sheets and rows.
    """
    try:
        grids = read_grids(path)
    except MemberDataError as error:
        return None, error.faults
    found = _Findings()
    placed, about, aside = place_sheets(grids, found.faults)
    tables = {name: _read_sheet(grid, sheets()[name], found) for name, grid in placed.items()}
    read_tables = {name: table for name, table in tables.items() if table is not None}
    for table in read_tables.values():
        _check_references(table, read_tables, found)
        _check_order(table, found)
        _check_unique(table, found)
    if found.faults:
        order = {grid.name: number for number, grid in enumerate(grids)}
        return None, sorted(found.faults, key=lambda fault: _place_of(fault, order))
    frames = {
        name: _typed(read_tables[name].frame if name in read_tables else _empty(sheet), sheet)
        for name, sheet in sheets().items()
    }
    members = Members(
        source=path,
        checksum=checksum(path),
        fictitious=_is_fictitious(about),
        tables=frames,
        extras={
            name: table.extra.reset_index(drop=True)
            for name, table in read_tables.items()
            if len(table.extra.columns)
        },
        aside=tuple(aside),
        repairs=tuple(found.repairs),
    )
    return members, []


def _read_sheet(grid: Grid, sheet: Sheet, found: _Findings) -> _Table | None:
    top = find_header(grid, sheet, found.faults)
    if top is None:
        return None
    places = place_columns(grid, sheet, top, found.faults)
    filled = [number for number in range(top + 1, len(grid.rows)) if any(grid.rows[number])]
    rows = [grid.rows[number] for number in filled]
    index = pd.Index([number + 1 for number in filled], name="row")
    letters = {name: column_letter(place) for name, place in places.items()}
    data: dict[str, list[Any]] = {}
    for column in sheet.columns:
        if column.name in places:
            texts = [row[places[column.name]] for row in rows]
            data[column.name] = _read_column(
                texts, index, column, grid, letters[column.name], found
            )
        else:
            data[column.name] = [read_cell("", column).value] * len(rows)
    used = set(places.values())
    extra = {
        header: [row[place] for row in rows]
        for place, header in enumerate(grid.rows[top])
        if header and place not in used
    }
    frame = pd.DataFrame(data, index=index, columns=[c.name for c in sheet.columns], dtype=object)
    return _Table(grid, sheet, frame, pd.DataFrame(extra, index=index, dtype=str), letters)


def _read_column(
    texts: list[str],
    index: pd.Index[int],
    column: Column,
    grid: Grid,
    letter: str,
    found: _Findings,
) -> list[Any]:
    # Each distinct text is read once: a column of 10,000 rows holds some tens of them.
    readings = {text: read_cell(text, column) for text in dict.fromkeys(texts)}
    spoken = {text for text, reading in readings.items() if reading.problem or reading.repair}
    if spoken:
        for row, text in zip(index, texts, strict=True):
            if text not in spoken:
                continue
            reading = readings[text]
            where = (grid.file, grid.name, f"{letter}{row}", text)
            if reading.problem:
                found.faults.append(Fault(*where, reading.problem, reading.remedy))
            else:
                found.repairs.append(Repair(*where, reading.repair))
    return [readings[text].value for text in texts]


def _check_references(table: _Table, tables: dict[str, _Table], found: _Findings) -> None:
    for column in table.sheet.columns:
        if not column.references or column.references not in tables:
            continue
        key = sheets()[column.references].key[0]
        valid = list(tables[column.references].frame[key].dropna())
        valid += list(words(column.besides)) if column.besides else []
        values = table.frame[column.name].dropna()
        for row, value in values[~values.isin(set(valid))].items():
            near = difflib.get_close_matches(value, valid, n=1)
            hint = f"Did you mean {near[0]}? " if near else ""
            found.faults.append(
                table.fault(
                    row,
                    column.name,
                    value,
                    f"is not on the sheet {column.references}.",
                    f"{hint}Add it there, or write its id as it stands there.",
                )
            )


def _check_order(table: _Table, found: _Findings) -> None:
    for low, high in table.sheet.ordered:
        if not {low, high} <= table.letters.keys():
            continue
        both = table.frame[[low, high]].dropna()
        for row, first, second in both[both[low] > both[high]].itertuples():
            found.faults.append(
                table.fault(
                    row,
                    high,
                    str(second),
                    f"is below {low}, {first}.",
                    f"Correct {high} or {low}.",
                )
            )


def _check_unique(table: _Table, found: _Findings) -> None:
    key = [name for name in table.sheet.key if name in table.letters]
    needed = [column.name for column in table.sheet.columns if column.required]
    # A row whose key could not be read has its own fault already.
    complete = table.frame[key].dropna(subset=[name for name in key if name in needed])
    repeated = complete[complete.duplicated(key)]
    if repeated.empty:
        return
    firsts = complete.drop_duplicates(key).reset_index().set_index(key)["row"].to_dict()
    for row, *values in repeated.itertuples():
        first = firsts.get(tuple(values) if len(key) > 1 else values[0])
        seen = f"row {first}" if first is not None else "a row above"
        found.faults.append(
            table.fault(
                row,
                key[0],
                ", ".join(str(value) for value in values),
                f"repeats {seen} ({', '.join(key)}).",
                "Add the two rows up, or delete one.",
            )
        )


def _empty(sheet: Sheet) -> pd.DataFrame:
    return pd.DataFrame({column.name: [] for column in sheet.columns}, dtype=object)


def _typed(frame: pd.DataFrame, sheet: Sheet) -> pd.DataFrame:
    dtypes = {column.name: _DTYPES.get(column.type, "str") for column in sheet.columns}
    whole = {c.name: "int64" for c in sheet.columns if c.required and dtypes[c.name] == "Int64"}
    return frame.astype({**dtypes, **whole}).reset_index(drop=True)


def _place_of(fault: Fault, order: Mapping[str, int]) -> tuple[int, int, int, str]:
    letters = fault.cell.rstrip("0123456789")
    row = int(fault.cell[len(letters) :] or 0)
    return order.get(fault.sheet, -1), row, len(letters), letters


def _is_fictitious(about: Grid | None) -> bool:
    yes = {spelling for spelling, word in spellings("flag").items() if word == "yes"}
    return about is not None and any(
        match_key(row[0]) in _FICTITIOUS and match_key(row[1]) in yes
        for row in about.rows
        if len(row) > 1
    )
