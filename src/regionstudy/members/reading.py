"""Read a member workbook or a folder of CSV: forgiving in form, strict in content."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from regionstudy.errors import Fault, MemberDataError
from regionstudy.members.cells import read_cell
from regionstudy.members.schema import (
    ABOUT_SHEETS,
    GUIDANCE_SHEETS,
    LIST_SHEETS,
    Column,
    Sheet,
    match_key,
    sheets,
    spellings,
)
from regionstudy.members.tables import Members, Repair
from regionstudy.members.workbooks import Grid, checksum, read_grids

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["load", "read"]

_DTYPES = {
    "count": "Int64",
    "year": "Int64",
    "share": "float64",
    "number": "float64",
    "date": "datetime64[s]",
    "flag": "bool",
}
# Headers are looked for this far down: some put a title or a logo above them.
_HEADER_ROWS = 10
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
    from regionstudy.members.releases import find_declarations

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
    placed, about, aside = _place(grids, found)
    _require_sheets(path, placed, found)
    tables = {name: _read_sheet(grid, sheets()[name], found) for name, grid in placed.items()}
    read_tables = {name: table for name, table in tables.items() if table is not None}
    for table in read_tables.values():
        _check_references(table, read_tables, found)
        _check_unique(table, found)
    if found.faults:
        order = {grid.name: number for number, grid in enumerate(grids)}
        found.faults.sort(key=lambda fault: order.get(fault.sheet, -1))
        return None, found.faults
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


def _place(
    grids: Sequence[Grid], found: _Findings
) -> tuple[dict[str, Grid], Grid | None, list[str]]:
    """Tell which grid is which sheet; what is none of them is put aside."""
    known = {spelling: name for name, sheet in sheets().items() for spelling in sheet.names}
    about_names = {match_key(name) for name in ABOUT_SHEETS.values()}
    guidance_names = {
        match_key(name) for names in (GUIDANCE_SHEETS, LIST_SHEETS) for name in names.values()
    }
    placed: dict[str, Grid] = {}
    about, aside = None, []
    for grid in grids:
        written = match_key(grid.name)
        name = known.get(written)
        if name in placed:
            found.faults.append(
                _sheet_fault(
                    grid,
                    f"is the sheet {name} once more.",
                    f"Put all its rows on {placed[name].name}.",
                )
            )
        elif name:
            placed[name] = grid
        elif written in about_names:
            about = grid
        elif written not in guidance_names:
            near = difflib.get_close_matches(written, known, n=1, cutoff=0.8)
            if near:
                found.faults.append(
                    _sheet_fault(
                        grid,
                        "is not a sheet of a member workbook.",
                        f"Did you mean {known[near[0]]}?",
                    )
                )
            aside.append(grid.name)
    return {name: placed[name] for name in sheets() if name in placed}, about, aside


def _sheet_fault(grid: Grid, problem: str, remedy: str) -> Fault:
    return Fault(grid.file, grid.name, "A1", "", problem, remedy)


def _require_sheets(path: Path, placed: dict[str, Grid], found: _Findings) -> None:
    for name, sheet in sheets().items():
        if sheet.required and name not in placed:
            found.faults.append(
                Fault(
                    path.name,
                    sheet.title.sv,
                    "",
                    "",
                    f"(the sheet {name}) is missing.",
                    "Write `regionstudy members template PATH` for a workbook that has it.",
                )
            )


def _read_sheet(grid: Grid, sheet: Sheet, found: _Findings) -> _Table | None:
    top = _find_header(grid, sheet)
    if top is None:
        if any(any(row) for row in grid.rows):
            expected = ", ".join(column.title.sv for column in sheet.columns if column.required)
            found.faults.append(
                _sheet_fault(grid, "has no row of headers.", f"Write them in row 1: {expected}.")
            )
        return None
    places = _place_columns(grid, sheet, top, found)
    filled = [number for number in range(top + 1, len(grid.rows)) if any(grid.rows[number])]
    rows = [grid.rows[number] for number in filled]
    index = pd.Index([number + 1 for number in filled], name="row")
    letters = {name: _letter(place) for name, place in places.items()}
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


def _find_header(grid: Grid, sheet: Sheet) -> int | None:
    known = frozenset().union(*(column.headers for column in sheet.columns))
    counts = [
        sum(match_key(cell) in known for cell in row if cell) for row in grid.rows[:_HEADER_ROWS]
    ]
    best = max(range(len(counts)), key=counts.__getitem__, default=None)
    return best if best is not None and counts[best] >= 2 else None


def _place_columns(grid: Grid, sheet: Sheet, top: int, found: _Findings) -> dict[str, int]:
    """Tell in which place each column of the sheet stands."""
    headers = [match_key(cell) for cell in grid.rows[top]]
    places: dict[str, int] = {}
    # A header that is one column's own name is not another column's alias.
    own = {
        match_key(spelling): column.name
        for column in sheet.columns
        for spelling in (column.name, column.title.sv, column.title.en)
    }
    for column in sheet.columns:
        matching = [
            place
            for place, header in enumerate(headers)
            if header in column.headers and own.get(header, column.name) == column.name
        ]
        if len(matching) > 1:
            cell = f"{_letter(matching[1])}{top + 1}"
            found.faults.append(
                Fault(
                    grid.file,
                    grid.name,
                    cell,
                    grid.rows[top][matching[1]],
                    f"is the column {column.name} once more (see {_letter(matching[0])}{top + 1}).",
                    "Delete or rename one of them.",
                )
            )
        if matching:
            places[column.name] = matching[0]
        elif column.required:
            _report_missing_column(grid, column, headers, top, found)
    return places


def _report_missing_column(
    grid: Grid, column: Column, headers: list[str], top: int, found: _Findings
) -> None:
    spelt = sorted(column.headers)
    near = [
        (place, header)
        for place, header in enumerate(headers)
        if header and difflib.get_close_matches(header, spelt, n=1, cutoff=0.8)
    ]
    place, header = near[0] if near else (0, "")
    hint = f' Is it "{header}", misspelt?' if header else ""
    found.faults.append(
        Fault(
            grid.file,
            grid.name,
            f"{_letter(place)}{top + 1}",
            grid.rows[top][place] if header else "",
            f"The column {column.name} is missing.{hint}",
            f'Write the header "{column.title.sv}" or "{column.title.en}".',
        )
    )


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
        valid = tables[column.references].frame[key].dropna()
        values = table.frame[column.name].dropna()
        for row, value in values[~values.isin(set(valid))].items():
            near = difflib.get_close_matches(value, [str(item) for item in valid], n=1)
            hint = f"Did you mean {near[0]}? " if near else ""
            found.faults.append(
                table.fault(
                    row,
                    column.name,
                    value,
                    f"is not on the sheet {column.references}.",
                    f"{hint}Add the organisation there, or write its id as it stands there.",
                )
            )


def _check_unique(table: _Table, found: _Findings) -> None:
    key = [name for name in table.sheet.key if name in table.letters]
    complete = table.frame[key].dropna(subset=[key[0]]) if key else table.frame.iloc[:0]
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
    typed = {}
    for column in sheet.columns:
        dtype = _DTYPES.get(column.type, "str")
        if dtype == "Int64" and column.required:
            dtype = "int64"
        typed[column.name] = frame[column.name].astype(dtype)
    return pd.DataFrame(typed).reset_index(drop=True)


def _is_fictitious(about: Grid | None) -> bool:
    yes = {spelling for spelling, word in spellings("flag").items() if word == "yes"}
    return about is not None and any(
        match_key(row[0]) in _FICTITIOUS and match_key(row[1]) in yes
        for row in about.rows
        if len(row) > 1
    )


def _letter(place: int) -> str:
    """Name a column as spreadsheets do: 0 is A, 26 is AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
