"""Read the rows of one member sheet: every row is used, or said to be at fault."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from regionstudy.members.cells import read_cell
from regionstudy.members.example_line import example_line, is_example_line
from regionstudy.members.findings import Finding, Findings, MendedCell, told
from regionstudy.members.layout import column_letter, find_header, place_columns
from regionstudy.words import LANGUAGES

if TYPE_CHECKING:
    from regionstudy.members.schema import Column, Sheet
    from regionstudy.members.workbooks import Grid

__all__ = ["Table", "read_table"]

# One number merged over several rows would be counted for each of them.
_QUANTITIES = frozenset({"count", "number"})


@dataclass(frozen=True)
class Table:
    """
    A sheet as it was read.

    Parameters
    ----------
    grid : Grid
        Where it stood.
    sheet : Sheet
        Which it is.
    frame : DataFrame
        Its values, None where empty or at fault; the index holds the spreadsheet's row numbers.
    extra : DataFrame
        The columns that the sheet does not ask for, as text.
    letters : dict of str to str
        The columns that were found, and their letters.
    """

    grid: Grid
    sheet: Sheet
    frame: pd.DataFrame
    extra: pd.DataFrame
    letters: dict[str, str]

    def finding(self, row: Any, column: str, value: str, what: str, **params: Any) -> Finding:
        """
        Say that one of its cells is at fault.

        Parameters
        ----------
        row : int
            The spreadsheet's row number.
        column : str
            The column, one of `letters`.
        value : str
            What stands there.
        what : str
            The id of the problem, as `told` takes it; that of its remedy ends in ``_do``.
        **params : object
            Values for the fields of both.

        Returns
        -------
        Finding
            The fault.
        """
        where = (self.grid.file, self.grid.name, f"{self.letters[column]}{row}", value)
        return Finding(*where, told(what, **params), told(f"{what}_do", **params))


def read_table(grid: Grid, sheet: Sheet, found: Findings) -> Table | None:
    """
    Read a member sheet.

    Parameters
    ----------
    grid : Grid
        The cells.
    sheet : Sheet
        What they should hold.
    found : Findings
        What is wrong and what was mended is added to it.

    Returns
    -------
    Table or None
        The sheet; None where it has no row of headers.
    """
    top = find_header(grid, sheet, found.faults)
    if top is None:
        return None
    places = place_columns(grid, sheet, top, found.faults)
    letters = {name: column_letter(place) for name, place in places.items()}
    _ask_about_rows(grid, sheet, top, places, found)
    rows = _unmerged(grid, sheet, top, places, found)
    filled = _filled(grid, rows, sheet, top, places, found)
    kept = [rows[number] for number in filled]
    index = pd.Index([number + 1 for number in filled], name="row")
    data: dict[str, list[Any]] = {}
    for column in sheet.columns:
        if column.name in places:
            place = places[column.name]
            texts = [row[place] for row in kept]
            data[column.name] = _read_column(texts, index, column, grid, place, found)
        else:
            data[column.name] = [read_cell("", column).value] * len(kept)
    frame = pd.DataFrame(data, index=index, columns=[c.name for c in sheet.columns], dtype=object)
    extra = pd.DataFrame(_extra(grid, top, places, kept), index=index, dtype=str)
    return Table(grid, sheet, frame, extra, letters)


def _filled(
    grid: Grid,
    rows: list[list[str]],
    sheet: Sheet,
    top: int,
    places: dict[str, int],
    found: Findings,
) -> list[int]:
    """Tell which rows hold anything, but for the example that the template shows."""
    filled = [number for number in range(top + 1, len(rows)) if any(rows[number])]
    # Its first column tells nearly every row from the example; the others are not looked at.
    first, place = next(iter(places.items()), ("", 0))
    begins = {example_line(sheet.name, lang).get(first, "") for lang in LANGUAGES}
    examples = {
        number
        for number in filled
        if rows[number][place] in begins
        and is_example_line({name: rows[number][at] for name, at in places.items()}, sheet)
    }
    for number in sorted(examples):
        where = (grid.file, grid.name, f"A{number + 1}", rows[number][0])
        found.repairs.append(MendedCell(*where, told("example_line")))
    return [number for number in filled if number not in examples]


def _read_column(
    texts: list[str],
    index: pd.Index[int],
    column: Column,
    grid: Grid,
    place: int,
    found: Findings,
) -> list[Any]:
    letter = column_letter(place)
    # Each distinct text is read once: a column of 10,000 rows holds some tens of them.
    readings = {text: read_cell(text, column) for text in dict.fromkeys(texts)}
    values = [readings[text].value for text in texts]
    spoken = {text for text, reading in readings.items() if reading.problem or reading.repair}
    odd = grid.marks.without_value
    if not spoken and not odd:
        return values
    for number, (row, text) in enumerate(zip(index, texts, strict=True)):
        cell = f"{letter}{row}"
        if cell in odd:
            what = "error_value" if odd[cell].startswith("#") else "not_computed"
            where = (grid.file, grid.name, cell, odd[cell])
            found.faults.append(Finding(*where, told(what), told(f"{what}_do")))
            values[number] = None
        elif text in spoken:
            reading = readings[text]
            where = (grid.file, grid.name, cell, text)
            if reading.problem:
                found.faults.append(Finding(*where, reading.problem, reading.remedy))
            else:
                found.repairs.append(MendedCell(*where, reading.repair))
    return values


def _unmerged(
    grid: Grid, sheet: Sheet, top: int, places: dict[str, int], found: Findings
) -> list[list[str]]:
    """Write a cell merged over several rows into each of them."""
    if not grid.marks.merged:
        return grid.rows
    rows = [list(row) for row in grid.rows]
    columns = {places[column.name]: column for column in sheet.columns if column.name in places}
    for span in grid.marks.merged:
        wide = [place for place in columns if span.left <= place <= span.right]
        if span.bottom <= top or not wide or span.top >= len(rows):
            continue
        cell = f"{column_letter(span.left)}{span.top + 1}"
        written = rows[span.top][span.left] if span.left < len(rows[span.top]) else ""
        quantity = columns[wide[0]].type in _QUANTITIES and span.bottom > span.top
        if span.top <= top or len(wide) > 1 or quantity:
            what = "merged_number" if quantity and len(wide) == 1 else "merged_over"
            merged = f"{cell}:{column_letter(span.right)}{span.bottom + 1}"
            where = (grid.file, grid.name, cell, written)
            told_of = (told(what, cells=merged), told(f"{what}_do"))
            found.faults.append(Finding(*where, *told_of))
            continue
        for number in range(span.top + 1, min(span.bottom + 1, len(rows))):
            # Below the last filled row a merged cell is only how it looks.
            if any(grid.rows[number]) and written:
                rows[number][wide[0]] = written
                below = f"{column_letter(wide[0])}{number + 1}"
                where = (grid.file, grid.name, below, "")
                change = told("read_merged", value=written, cell=cell)
                found.repairs.append(MendedCell(*where, change))
    return rows


def _ask_about_rows(
    grid: Grid, sheet: Sheet, top: int, places: dict[str, int], found: Findings
) -> None:
    """Ask about what may have been left out by mistake: hidden rows, rows above the headers."""
    filled = [number for number in range(top + 1, len(grid.rows)) if any(grid.rows[number])]
    if grid.marks.hidden and filled:
        where = (grid.file, grid.name, "A1", "")
        found.faults.append(Finding(*where, told("hidden_sheet"), told("hidden_sheet_do")))
    hidden = [number for number in filled if number in grid.marks.hidden_rows]
    for first, last in _runs(hidden):
        where = (grid.file, grid.name, f"A{first + 1}", grid.rows[first][0])
        what = "hidden_rows" if last > first else "hidden_row"
        question = told(what, first=str(first + 1), last=str(last + 1))
        found.faults.append(Finding(*where, question, told("hidden_rows_do")))
    needed = [places[c.name] for c in sheet.columns if c.required and c.name in places]
    for number in range(top):
        # A title fills a cell or two, a row of figures all that must be filled in.
        if len(needed) > 1 and all(grid.rows[number][place] for place in needed):
            where = (grid.file, grid.name, f"A{number + 1}", grid.rows[number][0])
            found.faults.append(Finding(*where, told("above_headers"), told("above_headers_do")))


def _runs(numbers: list[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs


def _extra(
    grid: Grid, top: int, places: dict[str, int], rows: list[list[str]]
) -> dict[str, list[str]]:
    """Keep aside what the sheet does not ask for; a column without a header by its letter."""
    used = set(places.values())
    extra: dict[str, list[str]] = {}
    for place, header in enumerate(grid.rows[top]):
        if place in used:
            continue
        texts = [row[place] for row in rows]
        name = header or column_letter(place)
        if header or any(texts):
            extra[f"{name} ({column_letter(place)})" if name in extra else name] = texts
    return extra
