"""Write the faults of a workbook back into a copy of it, a comment in each cell."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from regionstudy.errors import ConfigError
from regionstudy.members.findings import told
from regionstudy.members.schema import FAULT_SHEETS
from regionstudy.members.workbooks import UnreadableError, read_grids
from regionstudy.words import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openpyxl.workbook import Workbook

    from regionstudy.errors import Fault

__all__ = ["checked_path", "write_faults"]

_AUTHOR = "regionstudy"
_FILL = "FFE3B3"
_SUFFIXES = {"sv": "granskad", "en": "checked"}


def checked_path(path: str | Path, *, lang: str = "en") -> Path:
    """
    Tell where the checked copy of a workbook is written.

    Parameters
    ----------
    path : str or Path
        The workbook, or a folder of CSV.
    lang : {"sv", "en"}, default "en"
        The language of its name.

    Returns
    -------
    Path
        Beside it.

    Examples
    --------
    >>> checked_path("staff/member.xlsx").name
    'member.checked.xlsx'
    """
    path = Path(path)
    return path.with_name(f"{path.stem}.{_SUFFIXES[lang]}.xlsx")


def write_faults(path: str | Path, faults: Sequence[Fault], *, lang: str = "en") -> Path:
    """
    Copy a workbook, with a comment on each cell that is at fault and a sheet that lists all.

    Parameters
    ----------
    path : str or Path
        The workbook, which stays as it is; of a folder of CSV, a workbook is made.
    faults : sequence of Fault
        What `check` found in it.
    lang : {"sv", "en"}, default "en"
        The language of the list's headings.

    Returns
    -------
    Path
        The copy, as `checked_path` names it. It can be mended and checked in its turn: the
        list is not read, and a cell's comment is gone when the copy of the copy is written.

    Raises
    ------
    ConfigError
        If the language is unknown, or the workbook cannot be opened, so that it has no cells.
    """
    path = Path(path)
    if lang not in LANGUAGES:
        msg = f'"{lang}" is not a language of the study; use one of: {", ".join(LANGUAGES)}.'
        raise ConfigError(msg)
    workbook = _open(path)
    _clear(workbook)
    _comment(workbook, faults)
    _list(workbook, faults, lang)
    target = checked_path(path, lang=lang)
    aside = target.with_name(f".{target.name}.part")
    workbook.save(aside)
    os.replace(aside, target)  # noqa: PTH105
    return target


def _open(path: Path) -> Workbook:
    from openpyxl import Workbook, load_workbook

    try:
        # What is unsafe is refused here too.
        grids = read_grids(path)
        if path.is_file():
            return load_workbook(path)
    # What openpyxl raises on a workbook that it does not understand is not documented.
    except (UnreadableError, KeyError, ValueError, TypeError, AttributeError) as error:
        msg = f"{path.name}: cannot be opened, so no comments can be written in it. {_why(error)}"
        raise ConfigError(msg) from error
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for grid in grids:
        worksheet = workbook.create_sheet(grid.name[:31])
        for row in grid.rows:
            worksheet.append(row)
        for cells in worksheet:
            for cell in cells:
                # A text that begins like a formula stays a text.
                cell.data_type = "s" if cell.value is not None else cell.data_type
    return workbook


def _why(error: Exception) -> str:
    if isinstance(error, UnreadableError):
        fault = error.finding.fault("en")
        return f"It {fault.problem} {fault.remedy}"
    return "Save it again in Excel or LibreOffice and try that."


def _clear(workbook: Workbook) -> None:
    """Take away what an earlier check wrote."""
    for name in FAULT_SHEETS.values():
        if name in workbook.sheetnames:
            del workbook[name]
    for worksheet in workbook.worksheets:
        for row in worksheet:
            for cell in row:
                if cell.comment is not None and cell.comment.author == f"{_AUTHOR} check":
                    cell.comment = None


def _comment(workbook: Workbook, faults: Sequence[Fault]) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    texts: dict[tuple[str, str], list[str]] = {}
    for fault in faults:
        if fault.cell and fault.sheet[:31] in workbook.sheetnames:
            shown = f"{fault.value}: " if fault.value else ""
            text = f"{shown}{fault.problem}\n{fault.remedy}"
            texts.setdefault((fault.sheet[:31], fault.cell), []).append(text)
    for (sheet, place), told_of in texts.items():
        cell = workbook[sheet][place]
        # In a merged block only the first cell can bear a comment.
        if type(cell).__name__ == "MergedCell":
            continue
        before = [cell.comment.text] if cell.comment is not None else []
        cell.comment = Comment(
            "\n\n".join([*told_of, *before]), f"{_AUTHOR} check", height=140, width=360
        )
        cell.fill = PatternFill("solid", fgColor=_FILL)


def _list(workbook: Workbook, faults: Sequence[Fault], lang: str) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.worksheet.hyperlink import Hyperlink

    worksheet = workbook.create_sheet(FAULT_SHEETS[lang], 0)
    heads = ("sheet", "cell", "value", "problem", "remedy")
    rows = [[told(f"head_{name}").render(lang) for name in heads]]
    rows += [[getattr(fault, name) for name in heads] for fault in faults]
    for number, row in enumerate(rows, 1):
        for place, text in enumerate(row, 1):
            cell = worksheet.cell(number, place)
            cell.value = text
            # A value that begins like a formula stays a text.
            cell.data_type = "s"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for cell in worksheet[1]:
        cell.font = Font(bold=True)
    # One click from the list to the cell.
    for number, fault in enumerate(faults, 2):
        if fault.cell and fault.sheet[:31] in workbook.sheetnames:
            link = worksheet.cell(number, 2)
            sheet = fault.sheet[:31].replace("'", "''")
            link.hyperlink = Hyperlink(link.coordinate, location=f"'{sheet}'!{fault.cell}")
            link.font = Font(underline="single", color="1F5C99")
    for letter, width in zip("ABCDE", (18, 8, 24, 50, 60), strict=True):
        worksheet.column_dimensions[letter].width = width
    worksheet.freeze_panes = "A2"
    workbook.active = 0
