"""Find the sheets, headers and columns of a member workbook, wherever they stand."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

from regionstudy.members.findings import Finding, told
from regionstudy.members.schema import (
    ABOUT_SHEETS,
    FAULT_SHEETS,
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
    grids: Sequence[Grid], faults: list[Finding]
) -> tuple[dict[str, Grid], Grid | None, list[str]]:
    """
    Tell which grid is which sheet.

    Parameters
    ----------
    grids : sequence of Grid
        What the workbook holds, at least one.
    faults : list of Finding
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
    written_by_us = (GUIDANCE_SHEETS, LIST_SHEETS, FAULT_SHEETS)
    ours = {match_key(name) for names in written_by_us for name in names.values()}
    placed: dict[str, Grid] = {}
    about, aside = None, []
    for grid in grids:
        written = match_key(grid.name)
        name = known.get(written, "")
        if name in placed:
            faults.append(_sheet_fault(grid, "sheet_twice", sheet=placed[name].name))
        elif name:
            placed[name] = grid
        elif written in about_names:
            about = grid
        elif written not in ours:
            near = difflib.get_close_matches(written, known, n=1, cutoff=0.8)
            if near:
                meant = sheets()[known[near[0]]].title
                faults.append(_sheet_fault(grid, "sheet_misspelt", meant=meant))
            aside.append(grid.name)
    for name, sheet in sheets().items():
        if sheet.required and name not in placed:
            absent = (told("sheet_missing"), told("sheet_missing_do"))
            faults.append(Finding(grids[0].file, sheet.title.sv, "", "", *absent))
    return {name: placed[name] for name in sheets() if name in placed}, about, aside


def find_header(grid: Grid, sheet: Sheet, faults: list[Finding]) -> int | None:
    """
    Find the row of headers.

    Parameters
    ----------
    grid : Grid
        The cells.
    sheet : Sheet
        What they should hold.
    faults : list of Finding
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
        expected = [column.title for column in sheet.columns if column.required]
        faults.append(_sheet_fault(grid, "no_headers", headers=expected))
    return None


def place_columns(grid: Grid, sheet: Sheet, top: int, faults: list[Finding]) -> dict[str, int]:
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
    faults : list of Finding
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
            written = grid.rows[top][matching[1]]
            twice = (
                told("column_twice", column=column.title, first=first),
                told("column_twice_do"),
            )
            faults.append(Finding(grid.file, grid.name, second, written, *twice))
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


def _missing_column(grid: Grid, column: Column, headers: list[str], top: int) -> Finding:
    remedy = told("column_missing_do", sv=column.title.sv, en=column.title.en)
    for place, header in enumerate(headers):
        if difflib.get_close_matches(header, sorted(column.headers), n=1, cutoff=0.8):
            written = grid.rows[top][place]
            cell = f"{column_letter(place)}{top + 1}"
            problem = told("column_misspelt", column=column.title)
            return Finding(grid.file, grid.name, cell, written, problem, remedy)
    problem = told("column_missing", column=column.title)
    return Finding(grid.file, grid.name, f"A{top + 1}", "", problem, remedy)


def _sheet_fault(grid: Grid, what: str, **params: Any) -> Finding:
    problem, remedy = told(what, **params), told(f"{what}_do", **params)
    return Finding(grid.file, grid.name, "A1", "", problem, remedy)
