"""Write the workbook that an organisation fills in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from regionstudy.errors import ConfigError
from regionstudy.geography.codes import region_list
from regionstudy.members.educations import education_labels
from regionstudy.members.example_line import example_line
from regionstudy.members.occupations import occupation_labels
from regionstudy.members.schema import (
    ABOUT_SHEETS,
    GUIDANCE_SHEETS,
    LIST_SHEETS,
    Sheet,
    sheets,
    words,
)
from regionstudy.members.writing import (
    FORMATS,
    TEXT_FORMAT,
    in_words,
    put_value,
    require_xlsx,
    save_workbook,
    write_rows,
)
from regionstudy.words import LANGUAGES, Words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["member_workbook", "save_rows", "write_template"]

_LAST_ROW = 5000
_LAST_ID = 500
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
        sv="Rad 2 på varje blad är ett påhittat exempel. Skriv över den, eller låt den stå: den räknas inte.",  # noqa: E501
        en="Row 2 of each sheet is a made-up example. Write over it, or leave it: it is not counted.",  # noqa: E501
    ),
    Words(
        sv="Personer är skyddade: Personal och Rörlighet lämnar aldrig analytikern som de står.",
        en="Persons are protected: Staff and Mobility never leave the analyst as they stand.",
    ),
    Words(
        sv="På andra blad säger kolumnen Får visas om raden får lämna er. Kontakter visas aldrig.",
        en="On other sheets the column Public says whether the row may leave. Contacts never do.",
    ),
    Words(sv="Bladen och deras kolumner:", en="The sheets and their columns:"),
)


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
    path = require_xlsx(Path(path))
    workbook = member_workbook(lang=lang, org=org or "")
    for sheet in sheets():
        _write_example(workbook, sheet, lang)
    if org:
        write_rows(workbook, "organisations", [{"org_id": org}], lang=lang, first=3)
    save_workbook(workbook, path)
    return path


def save_rows(
    path: Path, tables: Mapping[str, pd.DataFrame], *, lang: str, fictitious: bool
) -> None:
    """
    Write member tables as one workbook.

    Parameters
    ----------
    path : Path
        Where to write it; ends in .xlsx.
    tables : mapping of str to DataFrame
        The tables by sheet, as `Members` holds them.
    lang : {"sv", "en"}
        The language of sheets, headers, notes and fixed words.
    fictitious : bool
        Whether the workbook says of itself that what it holds is made up.

    Raises
    ------
    ConfigError
        If the language is unknown or `path` does not end in .xlsx.
    """
    require_xlsx(path)
    workbook = member_workbook(lang=lang, fictitious=fictitious)
    for name, frame in tables.items():
        plain = frame.astype(object).where(frame.notna(), None)
        rows = (in_words(name, row, lang) for row in plain.to_dict("records"))
        write_rows(workbook, name, rows, lang=lang)
    save_workbook(workbook, path)


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
        put_value(about.cell(row, 1), _FIELDS[field].render(lang))
        put_value(about.cell(row, 2), value)
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


def _write_example(workbook: Workbook, sheet: str, lang: str) -> None:
    from openpyxl.styles import Font

    numbers: dict[str, Callable[[str], object]] = {"count": int, "year": int, "share": float}
    texts = example_line(sheet, lang)
    line = {
        column.name: numbers.get(column.type, str)(texts[column.name])
        for column in sheets()[sheet].columns
        if texts[column.name]
    }
    worksheet = workbook[sheets()[sheet].title.render(lang)]
    write_rows(workbook, sheet, [line], lang=lang)
    for cell in worksheet[2]:
        cell.font = Font(italic=True, color="7A7A7A")


def _write_sheet(worksheet: Worksheet, sheet: Sheet, ranges: dict[str, str], lang: str) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    for place, column in enumerate(sheet.columns, 1):
        head = worksheet.cell(1, place)
        put_value(head, column.title.render(lang) + (" *" if column.required else ""))
        head.font = Font(bold=True)
        head.fill = PatternFill("solid", fgColor="E3ECF2")
        head.comment = Comment(column.note.render(lang), "regionstudy", height=60, width=260)
        letter = get_column_letter(place)
        worksheet.column_dimensions[letter].width = max(14, len(str(head.value)) + 3)
        # Of the whole column, so that a code typed in row 400 keeps its zero too.
        worksheet.column_dimensions[letter].number_format = FORMATS.get(column.type, TEXT_FORMAT)
        source = ranges.get(column.list_name or column.references)
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
    counties = [
        f"{code} {region.name}"
        for code, region in region_list().items()
        if region.level == "county"
    ]
    lists: dict[str, Sequence[str]] = {
        "municipality": municipalities,
        "occupation": [f"{code} {label}" for code, label in occupation_labels().items()],
        "region": [
            *municipalities,
            *counties,
            *(word.render(lang) for word in words("abroad").values()),
        ],
        "education": [f"{code} {label}" for code, label in education_labels().items()],
        **{name: [word.render(lang) for word in words(name).values()] for name in used if name},
    }
    # Ids are chosen among those that the workbook itself lists.
    ranges = {
        name: f"'{sheet.title.render(lang)}'!$A$2:$A${_LAST_ID}"
        for name, sheet in sheets().items()
        if any(column.references == name for other in sheets().values() for column in other.columns)
    }
    for place, (name, values) in enumerate(lists.items(), 1):
        letter = get_column_letter(place)
        for row, value in enumerate(values, 1):
            cell = worksheet.cell(row, place)
            put_value(cell, value)
            cell.number_format = TEXT_FORMAT
        ranges[name] = f"'{worksheet.title}'!${letter}$1:${letter}${len(values)}"
    return ranges


def _write_guidance(worksheet: Worksheet, lang: str) -> None:
    from openpyxl.styles import Font

    lines = [[text.render(lang)] for text in _GUIDANCE]
    heads = []
    for sheet in sheets().values():
        lines += [[], [sheet.title.render(lang)]]
        heads.append(len(lines))
        lines += [
            ["", column.title.render(lang) + (" *" if column.required else ""), note]
            for column in sheet.columns
            if (note := column.note.render(lang))
        ]
    for number, line in enumerate(lines, 1):
        for place, text in enumerate(line, 1):
            put_value(worksheet.cell(number, place), text)
    worksheet.cell(1, 1).font = Font(bold=True, size=14)
    for number in heads:
        worksheet.cell(number, 1).font = Font(bold=True)
    worksheet.column_dimensions["A"].width = 24
    worksheet.column_dimensions["B"].width = 30
    worksheet.protection.enable()
