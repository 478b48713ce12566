"""Write rows and values into a member workbook, and the workbook into its place."""

from __future__ import annotations

import datetime as dt
import os
from typing import TYPE_CHECKING, Any

from regionstudy.errors import ConfigError
from regionstudy.members.schema import sheets, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from openpyxl.cell import Cell
    from openpyxl.workbook import Workbook

__all__ = [
    "FORMATS",
    "TEXT_FORMAT",
    "in_words",
    "put_value",
    "require_xlsx",
    "save_workbook",
    "write_rows",
]

TEXT_FORMAT = "@"
FORMATS = {"date": "yyyy-mm-dd", "share": "0%", "count": "0", "year": "0", "number": "#,##0.00"}


def in_words(sheet: str, row: Mapping[Any, Any], lang: str) -> dict[str, Any]:
    """
    Write the fixed words of a row as a workbook has them.

    Parameters
    ----------
    sheet : str
        The sheet, such as "mobility".
    row : mapping
        The row as frames hold it.
    lang : {"sv", "en"}
        The workbook's language.

    Returns
    -------
    dict of str to object
        The row, with its words in that language.
    """
    told = dict(row)
    for column in sheets()[sheet].columns:
        value = told.get(column.name)
        if column.type == "flag" and isinstance(value, bool):
            value = "yes" if value else "no"
        listed = column.list_name if not column.codes else ""
        for name in filter(None, (listed, column.besides)):
            value = words(name)[str(value)].render(lang) if value in words(name) else value
        if value is not None:
            # Sheets hold days, not moments.
            told[column.name] = value.date() if isinstance(value, dt.datetime) else value
    return told


def put_value(cell: Cell | Any, value: Any) -> None:
    """
    Write a value; a text that begins like a formula stays a text.

    Parameters
    ----------
    cell : openpyxl.cell.Cell
        The cell.
    value : object
        The value.
    """
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
        if value.startswith(("=", "+", "-", "@")):
            cell.quotePrefix = True


def require_xlsx(path: Path) -> Path:
    """
    Return a path, or say that a workbook ends otherwise.

    Parameters
    ----------
    path : Path
        Where a workbook is to be written.

    Returns
    -------
    Path
        The same path.

    Raises
    ------
    ConfigError
        If it does not end in .xlsx.
    """
    if path.suffix.lower() != ".xlsx":
        msg = f'{path.name}: a member workbook ends in .xlsx; try "{path.with_suffix(".xlsx")}".'
        raise ConfigError(msg)
    return path


def save_workbook(workbook: Workbook, path: Path) -> None:
    """
    Write a workbook aside in the same folder, then put it in its place.

    Parameters
    ----------
    workbook : openpyxl.Workbook
        The workbook.
    path : Path
        Where it belongs. A failed write never leaves half of it.
    """
    aside = path.with_name(f".{path.name}.part")
    workbook.save(aside)
    os.replace(aside, path)  # noqa: PTH105


def write_rows(
    workbook: Workbook, sheet: str, rows: Iterable[Mapping[str, Any]], *, lang: str, first: int = 2
) -> None:
    """
    Write rows under the header of a member sheet.

    Parameters
    ----------
    workbook : openpyxl.Workbook
        A workbook of `member_workbook`.
    sheet : str
        The sheet, such as "staff".
    rows : iterable of dict
        A dict a row: column name and value; what is absent stays empty.
    lang : {"sv", "en"}
        The workbook's language.
    first : int, default 2
        The spreadsheet's row to begin with.
    """
    entry = sheets()[sheet]
    worksheet = workbook[entry.title.render(lang)]
    for number, row in enumerate(rows, first):
        for place, column in enumerate(entry.columns, 1):
            if row.get(column.name) is not None:
                cell = worksheet.cell(number, place)
                put_value(cell, row[column.name])
                cell.number_format = FORMATS.get(column.type, TEXT_FORMAT)
