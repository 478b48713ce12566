"""Write the workbook that an organisation fills in."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from regionstudy.errors import ConfigError
from regionstudy.geography.codes import region_list
from regionstudy.members.occupations import occupation_labels
from regionstudy.members.schema import (
    ABOUT_SHEETS,
    GUIDANCE_SHEETS,
    LIST_SHEETS,
    Column,
    Sheet,
    sheets,
    words,
)
from regionstudy.words import LANGUAGES, Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from openpyxl.cell import Cell
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["member_workbook", "write_rows", "write_template"]

_LAST_ROW = 5000
_TEXT_FORMAT = "@"
_FORMATS = {"date": "yyyy-mm-dd", "share": "0%", "count": "0", "year": "0", "number": "#,##0.00"}
_FIELDS = {
    "organisation": Words(sv="Organisation", en="Organisation"),
    "fictitious": Words(sv="Påhittade", en="Fictitious"),
}
_GUIDANCE = (
    Words(sv="Så fyller ni i arbetsboken", en="How to fill in this workbook"),
    Words(
        sv="En rad för varje uppgift. Rubriker med * måste fyllas i på varje rad.",
        en="One row for each fact. Headers with * are needed on every row.",
    ),
    Words(
        sv="Koder är text: 0180, inte 180. Välj ur listan där det finns en.",
        en="Codes are text: 0180, not 180. Choose from the list where there is one.",
    ),
    Words(
        sv="Skriv aldrig namn på enskilda personer. Små grupper döljs innan något visas.",
        en="Never write the names of persons. Small groups are hidden before anything is shown.",
    ),
    Words(
        sv="Kontrollera med: regionstudy members check FIL",
        en="Check with: regionstudy members check FILE",
    ),
    Words(
        sv="Exempel, en rad för varje blad (påhittat):",
        en="An example, one row for each sheet (made up):",
    ),
)
_EXAMPLE: dict[str, dict[str, str]] = {
    "organisations": {
        "org_id": "exempel",
        "name": "Exempelverket",
        "municipality": "2281",
        "level": "1",
        "joined": "2026-01-01",
    },
    "staff": {
        "org_id": "exempel",
        "municipality": "2281",
        "occupation": "2512",
        "age_band": "30-39",
        "headcount": "12",
        "year": "2025",
    },
    "needs": {
        "org_id": "exempel",
        "occupation": "2512",
        "year": "2027",
        "headcount": "5",
        "scenario": "middle",
    },
    "assignments": {
        "org_id": "exempel",
        "title": "Exempeluppdrag",
        "occupation": "2512",
        "municipality": "2281",
        "remote_share": "0,5",
    },
}


def write_template(path: str | Path, *, lang: str = "sv", org: str | None = None) -> Path:
    """
    Write an empty member workbook, ready to be filled in.

    Parameters
    ----------
    path : str or Path
        Where to write it; ends in .xlsx.
    lang : {"sv", "en"}, default "sv"
        The language of sheets, headers and notes.
    org : str, optional
        The organisation's id; it then stands on the first row already.

    Returns
    -------
    Path
        The file that was written.

    Raises
    ------
    ConfigError
        If the language is unknown or `path` does not end in .xlsx.
    """
    path = Path(path)
    if path.suffix.lower() != ".xlsx":
        msg = f'{path.name}: a member workbook ends in .xlsx; try "{path.with_suffix(".xlsx")}".'
        raise ConfigError(msg)
    workbook = member_workbook(lang=lang, org=org or "")
    if org:
        write_rows(workbook, "organisations", [{"org_id": org}], lang=lang)
    # Aside in the same folder: a failed write never leaves half a workbook.
    aside = path.with_name(f".{path.name}.part")
    workbook.save(aside)
    os.replace(aside, path)  # noqa: PTH105
    return path


def member_workbook(*, lang: str, org: str = "", fictitious: bool = False) -> Workbook:
    """
    Lay out an empty member workbook.

    Parameters
    ----------
    lang : {"sv", "en"}
        The language of sheets, headers and notes.
    org : str, default ""
        The organisation's id.
    fictitious : bool, default False
        Whether the workbook says of itself that what it holds is made up.

    Returns
    -------
    openpyxl.Workbook
        The guidance, the sheet about the workbook, the member sheets and the lists.

    Raises
    ------
    ConfigError
        If the language is unknown.
    """
    if lang not in LANGUAGES:
        msg = f'"{lang}" is not a language of the study; use one of: {", ".join(LANGUAGES)}.'
        raise ConfigError(msg)
    from openpyxl import Workbook

    workbook = Workbook()
    guidance = workbook.worksheets[0]
    guidance.title = GUIDANCE_SHEETS[lang]
    _write_guidance(guidance, lang)
    about = workbook.create_sheet(ABOUT_SHEETS[lang])
    mark = words("flag")["yes" if fictitious else "no"].render(lang)
    for row, (field, value) in enumerate({"organisation": org, "fictitious": mark}.items(), 1):
        _put(about.cell(row, 1), _FIELDS[field].render(lang))
        _put(about.cell(row, 2), value)
    lists = workbook.create_sheet(LIST_SHEETS[lang])
    ranges = _write_lists(lists, lang)
    for sheet in sheets().values():
        _write_sheet(workbook.create_sheet(sheet.title.render(lang)), sheet, ranges, lang)
    workbook.move_sheet(lists, offset=len(sheets()))
    # A list is chosen from, not edited.
    lists.protection.enable()
    workbook.active = workbook.worksheets.index(
        workbook[sheets()["organisations"].title.render(lang)]
    )
    return workbook


def write_rows(
    workbook: Workbook, sheet: str, rows: Iterable[dict[str, Any]], *, lang: str
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
    """
    entry = sheets()[sheet]
    worksheet = workbook[entry.title.render(lang)]
    for number, row in enumerate(rows, 2):
        for place, column in enumerate(entry.columns, 1):
            if row.get(column.name) is not None:
                cell = worksheet.cell(number, place)
                _put(cell, row[column.name])
                cell.number_format = _FORMATS.get(column.type, _TEXT_FORMAT)


def _write_sheet(worksheet: Worksheet, sheet: Sheet, ranges: dict[str, str], lang: str) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    for place, column in enumerate(sheet.columns, 1):
        head = worksheet.cell(1, place)
        _put(head, column.title.render(lang) + (" *" if column.required else ""))
        head.font = Font(bold=True)
        head.fill = PatternFill("solid", fgColor="E3ECF2")
        head.comment = Comment(column.note.render(lang), "regionstudy", height=60, width=260)
        letter = get_column_letter(place)
        worksheet.column_dimensions[letter].width = max(14, len(str(head.value)) + 3)
        # Of the whole column, so that a code typed in row 400 keeps its zero too.
        worksheet.column_dimensions[letter].number_format = _FORMATS.get(column.type, _TEXT_FORMAT)
        source = ranges.get(column.list_name)
        if source:
            # Typing a bare code is right too, so the list offers and does not forbid.
            choice = DataValidation(
                type="list", formula1=source, allow_blank=True, showErrorMessage=False
            )
            choice.add(f"{letter}2:{letter}{_LAST_ROW}")
            worksheet.add_data_validation(choice)
    worksheet.freeze_panes = "A2"


def _write_lists(worksheet: Worksheet, lang: str) -> dict[str, str]:
    """Write the lists to choose from; give each list's range."""
    from openpyxl.utils import get_column_letter

    used = dict.fromkeys(
        column.list_name
        for sheet in sheets().values()
        for column in sheet.columns
        if not column.codes and column.list_name
    )
    municipalities = [
        f"{code} {region.name}"
        for code, region in region_list().items()
        if region.level == "municipality"
    ]
    lists: dict[str, Sequence[str]] = {
        "municipality": municipalities,
        "occupation": [f"{code} {label}" for code, label in occupation_labels().items()],
        **{name: [word.render(lang) for word in words(name).values()] for name in used if name},
    }
    ranges = {}
    for place, (name, values) in enumerate(lists.items(), 1):
        letter = get_column_letter(place)
        for row, value in enumerate(values, 1):
            cell = worksheet.cell(row, place)
            _put(cell, value)
            cell.number_format = _TEXT_FORMAT
        ranges[name] = f"'{worksheet.title}'!${letter}$1:${letter}${len(values)}"
    return ranges


def _write_guidance(worksheet: Worksheet, lang: str) -> None:
    from openpyxl.styles import Font

    lines = [[text.render(lang)] for text in _GUIDANCE]
    for sheet in sheets().values():
        example = _EXAMPLE.get(sheet.name, {})
        shown = [column for column in sheet.columns if column.name in example]
        lines += [[], [sheet.title.render(lang), *(_title(column, lang) for column in shown)]]
        lines += [["", *(example[column.name] for column in shown)]]
    for number, line in enumerate(lines, 1):
        for place, text in enumerate(line, 1):
            _put(worksheet.cell(number, place), text)
    worksheet.cell(1, 1).font = Font(bold=True, size=14)
    worksheet.column_dimensions["A"].width = 24


def _title(column: Column, lang: str) -> str:
    return column.title.render(lang)


def _put(cell: Cell | Any, value: Any) -> None:
    """Write a value; a text that begins like a formula stays a text."""
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
        if value.startswith(("=", "+", "-", "@")):
            cell.quotePrefix = True
