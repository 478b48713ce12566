"""Open a member workbook or a folder of CSV safely, as plain grids of text."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NoReturn
from xml.etree import ElementTree

from regionstudy.members.cells import Texts, to_text
from regionstudy.members.findings import Finding, refusal
from regionstudy.members.workbook_marks import Marks, column_place, read_marks, sheet_parts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

__all__ = ["Grid", "UnreadableError", "checksum", "read_grids"]

# A workbook of 10,000 rows holds some 5 MB of XML; a bomb holds gigabytes in a few kB.
_MOST_BYTES = 300_000_000
_MOST_RATIO = 200
_MOST_ROWS = 1_000_000


@dataclass(frozen=True, slots=True)
class Grid:
    """
    The cells of one sheet, as text.

    Parameters
    ----------
    file : str
        The file's name.
    name : str
        The sheet's name, or the CSV file's without its ending.
    rows : list of list of str
        The cells, from "A1"; every row has the same length.
    marks : Marks
        What the sheet says beside its values; nothing of CSV.
    """

    file: str
    name: str
    rows: list[list[str]]
    marks: Marks = field(default_factory=Marks)


class UnreadableError(Exception):
    """
    A file cannot be read at all.

    Parameters
    ----------
    finding : Finding
        Why, and what to do.
    """

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding)
        self.finding = finding


def read_grids(path: Path) -> list[Grid]:
    """
    Read every sheet of a workbook, or every CSV file of a folder.

    Parameters
    ----------
    path : Path
        An .xlsx file, a folder, or one CSV file of it.

    Returns
    -------
    list of Grid
        The sheets, in their order; formulas as their last computed values.

    Raises
    ------
    UnreadableError
        If there is nothing to read, or the file is not a safe, open workbook.
    """
    if path.is_dir():
        files = sorted(item for item in path.iterdir() if item.suffix.lower() == ".csv")
        if not files:
            _refuse(path, "no_csv")
        return [Grid(item.name, item.stem, _read_csv(item)) for item in files]
    if not path.is_file():
        _refuse(path, "no_file")
    if path.suffix.lower() == ".csv":
        return [Grid(path.name, path.stem, _read_csv(path))]
    grids = _read_workbook(path, _refuse_unsafe(path))
    if not grids:
        _refuse(path, "no_sheet")
    return grids


def checksum(path: Path, parts: Sequence[Path] | None = None) -> str:
    """
    Compute the checksum of a workbook, or of a folder's files with their names.

    Parameters
    ----------
    path : Path
        An .xlsx file or a folder.
    parts : sequence of Path, optional
        The folder's workbooks and folders of CSV; without them, its own CSV files count.

    Returns
    -------
    str
        "sha256:" and 64 hexadecimal digits.
    """
    digest = hashlib.sha256()
    if parts is not None:
        for item in parts:
            digest.update(f"{item.name}\0{checksum(item)}\0".encode())
    elif path.is_dir():
        for item in sorted(path.iterdir()):
            if item.suffix.lower() == ".csv":
                digest.update(item.name.encode() + b"\0" + item.read_bytes() + b"\0")
    else:
        digest.update(path.read_bytes())
    return f"sha256:{digest.hexdigest()}"


def _refuse(path: Path, what: str, **params: str) -> NoReturn:
    raise UnreadableError(refusal(path.name, what, **params))


def _refuse_unsafe(path: Path) -> dict[str, Marks]:
    """Refuse what is no safe, open workbook; give what its sheets say beside their values."""
    if path.suffix.lower() in (".xlsm", ".xltm", ".xlam", ".xlsb"):
        _refuse(path, "may_hold_macros")
    with path.open("rb") as stream:
        head = stream.read(8)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        # Excel wraps an encrypted workbook in the container of its old format.
        locked = "EncryptedPackage".encode("utf-16-le") in path.read_bytes()
        _refuse(path, "encrypted" if locked else "old_format")
    try:
        with zipfile.ZipFile(path) as archive:
            _refuse_contents(path, archive)
            return _read_parts(archive)
    # What zipfile, zlib and the XML parser raise on damage depends on which bytes are hit.
    except (
        zipfile.BadZipFile,
        zlib.error,
        ValueError,
        KeyError,
        EOFError,
        NotImplementedError,
        OSError,
        ElementTree.ParseError,
    ) as error:
        raise UnreadableError(refusal(path.name, "damaged")) from error


def _refuse_contents(path: Path, archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    names = {entry.filename.lower() for entry in entries}
    if any(entry.flag_bits & 1 for entry in entries):
        _refuse(path, "encrypted")
    size, packed = (sum(getattr(e, key) for e in entries) for key in ("file_size", "compress_size"))
    if size > _MOST_BYTES or (size > 10_000_000 and size > _MOST_RATIO * max(packed, 1)):
        _refuse(path, "zip_bomb", size=f"{size / 1e6:.0f}")
    if any("vbaproject" in name or "macrosheets/" in name for name in names):
        _refuse(path, "macros")
    if any(name.startswith("xl/externallinks/") for name in names):
        _refuse(path, "external_links")
    if "xl/workbook.xml" not in names:
        _refuse(path, "no_workbook")


def _read_parts(archive: zipfile.ZipFile) -> dict[str, Marks]:
    parts = sheet_parts(archive)
    sheet_of = {part: (name, hidden) for name, (part, hidden) in parts.items()}
    marks = {}
    for entry in archive.infolist():
        # The sizes above are what the file says of itself; reading holds it to them.
        content = archive.read(entry)
        if entry.filename in sheet_of:
            name, hidden = sheet_of[entry.filename]
            marks[name] = read_marks(content, hidden=hidden)
    return marks


def _read_workbook(path: Path, marks: Mapping[str, Marks]) -> list[Grid]:
    from python_calamine import CalamineError, load_workbook

    grids, texts = [], Texts()
    try:
        with load_workbook(path) as workbook:
            for name in workbook.sheet_names:
                sheet = workbook.get_sheet_by_name(name)
                if sheet.total_height > _MOST_ROWS:
                    _refuse(path, "too_many_rows", rows=str(sheet.total_height), sheet=name)
                # Leading empty rows stay, so that row numbers are the spreadsheet's own.
                cells = sheet.to_python(skip_empty_area=False)
                said = marks.get(name, Marks())
                rows = _with_formulas(list(map(texts.row, cells)), said)
                grids.append(Grid(path.name, name, rows, said))
    except CalamineError as error:
        raise UnreadableError(refusal(path.name, "unreadable", error=str(error))) from error
    return grids


def _with_formulas(rows: list[list[str]], marks: Marks) -> list[list[str]]:
    """Show errors and formulas that nobody computed, so that no row of them looks empty."""
    for cell, shown in marks.without_value.items():
        letters = cell.rstrip("0123456789")
        row, place = int(cell[len(letters) :]) - 1, column_place(letters)
        width = max(place + 1, len(rows[0]) if rows else 0)
        rows += [[] for _ in range(row + 1 - len(rows))]
        for one in rows:
            one += [""] * (width - len(one))
        rows[row][place] = shown
    return rows


def _read_csv(path: Path) -> list[list[str]]:
    text = _decoded(path.read_bytes())
    # Some programs tell Excel the delimiter on a line of its own; row numbers keep counting it.
    said = re.match(r"sep=(.)\r?\n", text)
    text = text[said.end() - 1 :] if said else text
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = said[1] if said else max(";,\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        rows = [[to_text(cell) for cell in row] for row in reader]
    except csv.Error as error:
        raise UnreadableError(refusal(path.name, "not_csv", error=str(error))) from error
    width = max(map(len, rows), default=0)
    return [row + [""] * (width - len(row)) for row in rows]


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What Excel on Windows writes in Sweden; a byte that it lacks is kept as a mark.
        return content.decode("cp1252", errors="replace")
