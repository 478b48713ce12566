"""Find the sheets, headers and columns of a member workbook, wherever they stand."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from regionstudy.errors import Fault
from regionstudy.members.schema import (
    ABOUT_SHEETS,
    GUIDANCE_SHEETS,
    LIST_SHEETS,
    Column,
    Sheet,
    match_key,
    sheets,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from regionstudy.members.workbooks import Grid

__all__ = ["column_letter", "find_header", "place_columns", "place_sheets"]

# Headers are looked for this far down: some put a title or a logo above them.
_HEADER_ROWS = 10


def place_sheets(
    grids: Sequence[Grid], faults: list[Fault]
) -> tuple[dict[str, Grid], Grid | None, list[str]]:
    """
    Tell which grid is which sheet.

    Parameters
    ----------
    grids : sequence of Grid
        What the workbook holds, at least one.
    faults : list of Fault
        What is wrong is added to it.

    Returns
    -------
    placed : dict of str to Grid
        The member sheets, in the order of the template.
    about : Grid or None
        The sheet that says whose the workbook is.
    aside : list of str
        The names of what is none of them.
    """
    known = {spelling: name for name, sheet in sheets().items() for spelling in sheet.names}
    about_names = {match_key(name) for name in ABOUT_SHEETS.values()}
    ours = {match_key(name) for names in (GUIDANCE_SHEETS, LIST_SHEETS) for name in names.values()}
    placed: dict[str, Grid] = {}
    about, aside = None, []
    for grid in grids:
        written = match_key(grid.name)
        name = known.get(written, "")
        if name in placed:
            problem = f"is the sheet {name} once more."
            faults.append(_sheet_fault(grid, problem, f"Put all its rows on {placed[name].name}."))
        elif name:
            placed[name] = grid
        elif written in about_names:
            about = grid
        elif written not in ours:
            near = difflib.get_close_matches(written, known, n=1, cutoff=0.8)
            if near:
                problem = "is not a sheet of a member workbook."
                faults.append(_sheet_fault(grid, problem, f"Did you mean {known[near[0]]}?"))
            aside.append(grid.name)
    for name, sheet in sheets().items():
        if sheet.required and name not in placed:
            remedy = "Write `regionstudy members template PATH` for a workbook that has it."
            faults.append(Fault(grids[0].file, sheet.title.sv, "", "", "is missing.", remedy))
    return {name: placed[name] for name in sheets() if name in placed}, about, aside


def find_header(grid: Grid, sheet: Sheet, faults: list[Fault]) -> int | None:
    """
    Find the row of headers.

    Parameters
    ----------
    grid : Grid
        The cells.
    sheet : Sheet
        What they should hold.
    faults : list of Fault
        What is wrong is added to it.

    Returns
    -------
    int or None
        The row, counted from 0; None where there is none.
    """
    known = {header for column in sheet.columns for header in column.headers}
    counts = [sum(match_key(cell) in known for cell in row) for row in grid.rows[:_HEADER_ROWS]]
    best = max(range(len(counts)), key=counts.__getitem__, default=-1)
    if best >= 0 and counts[best] >= 2:
        return best
    if any(any(row) for row in grid.rows):
        expected = ", ".join(column.title.sv for column in sheet.columns if column.required)
        remedy = f"Write them in row 1: {expected}."
        faults.append(_sheet_fault(grid, "has no row of headers.", remedy))
    return None


def place_columns(grid: Grid, sheet: Sheet, top: int, faults: list[Fault]) -> dict[str, int]:
    """
    Tell in which place each column of a sheet stands.

    Parameters
    ----------
    grid : Grid
        The cells.
    sheet : Sheet
        What they should hold.
    top : int
        The row of headers.
    faults : list of Fault
        What is wrong is added to it.

    Returns
    -------
    dict of str to int
        The columns that were found, and their places counted from 0.
    """
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
            first, second = (f"{column_letter(place)}{top + 1}" for place in matching[:2])
            problem = f"is the column {column.name} once more (see {first})."
            written = grid.rows[top][matching[1]]
            remedy = "Delete or rename one of them."
            faults.append(Fault(grid.file, grid.name, second, written, problem, remedy))
        if matching:
            places[column.name] = matching[0]
        elif column.required:
            faults.append(_missing_column(grid, column, headers, top))
    return places


def column_letter(place: int) -> str:
    """
    Name a column as spreadsheets do.

    Parameters
    ----------
    place : int
        The column, counted from 0.

    Returns
    -------
    str
        Its letters.

    Examples
    --------
    >>> column_letter(0), column_letter(26)
    ('A', 'AA')
    """
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _missing_column(grid: Grid, column: Column, headers: list[str], top: int) -> Fault:
    remedy = f'Write the header "{column.title.sv}" or "{column.title.en}".'
    problem = f"The column {column.name} is missing."
    for place, header in enumerate(headers):
        if difflib.get_close_matches(header, sorted(column.headers), n=1, cutoff=0.8):
            written = grid.rows[top][place]
            cell = f"{column_letter(place)}{top + 1}"
            problem = f"may be {column.name}, misspelt; that column is missing."
            return Fault(grid.file, grid.name, cell, written, problem, remedy)
    return Fault(grid.file, grid.name, f"A{top + 1}", "", problem, remedy)


def _sheet_fault(grid: Grid, problem: str, remedy: str) -> Fault:
    return Fault(grid.file, grid.name, "A1", "", problem, remedy)
