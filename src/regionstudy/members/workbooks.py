"""Open a member workbook or a folder of CSV safely, as plain grids of text."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from regionstudy.errors import Fault, MemberDataError
from regionstudy.members.cells import to_text

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Grid", "checksum", "read_grids"]

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
    """

    file: str
    name: str
    rows: list[list[str]]


def read_grids(path: Path) -> list[Grid]:
    """
    Read every sheet of a workbook, or every CSV file of a folder.

    Parameters
    ----------
    path : Path
        An .xlsx file or a folder.

    Returns
    -------
    list of Grid
        The sheets, in their order; formulas as their last computed values.

    Raises
    ------
    MemberDataError
        If there is nothing to read, or the file is not a safe, open workbook.
    """
    if path.is_dir():
        files = sorted(item for item in path.iterdir() if item.suffix.lower() == ".csv")
        if not files:
            raise _refusal(
                path, "holds no CSV file.", "Save each sheet as CSV, named after the sheet."
            )
        return [Grid(item.name, item.stem, _read_csv(item)) for item in files]
    if not path.is_file():
        raise _refusal(path, "does not exist.", "Give the path of a workbook or a folder of CSV.")
    _refuse_unsafe(path)
    grids = _read_workbook(path)
    if not grids:
        raise _refusal(path, "holds no sheet.", "Fill in a fresh template.")
    return grids


def checksum(path: Path) -> str:
    """
    Compute the checksum of a workbook, or of a folder's CSV files with their names.

    Parameters
    ----------
    path : Path
        An .xlsx file or a folder.

    Returns
    -------
    str
        "sha256:" and 64 hexadecimal digits.
    """
    digest = hashlib.sha256()
    if path.is_dir():
        for item in sorted(path.iterdir()):
            if item.suffix.lower() == ".csv":
                digest.update(item.name.encode() + b"\0" + item.read_bytes() + b"\0")
    else:
        digest.update(path.read_bytes())
    return f"sha256:{digest.hexdigest()}"


def _refusal(path: Path, problem: str, remedy: str) -> MemberDataError:
    return MemberDataError([Fault(path.name, "", "", "", problem, remedy)])


def _refuse_unsafe(path: Path) -> None:
    save = "Save it as an Excel workbook (.xlsx) and try again."
    if path.suffix.lower() in (".xlsm", ".xltm", ".xlam", ".xlsb"):
        raise _refusal(path, "may hold macros, which are never opened.", save)
    with path.open("rb") as stream:
        head = stream.read(8)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        # Excel wraps an encrypted workbook in the container of its old format.
        if "EncryptedPackage".encode("utf-16-le") in path.read_bytes():
            raise _refusal(
                path, "is encrypted with a password.", "Save a copy without a password and try it."
            )
        raise _refusal(path, "is in Excel's old format.", save)
    try:
        with zipfile.ZipFile(path) as archive:
            _refuse_contents(path, archive)
    # What zipfile and zlib raise on damage depends on which bytes are hit.
    except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, OSError) as error:
        raise _refusal(path, "is not an Excel workbook, or is damaged.", save) from error


def _refuse_contents(path: Path, archive: zipfile.ZipFile) -> None:
    save = "Save it as an Excel workbook (.xlsx) and try again."
    entries = archive.infolist()
    names = {entry.filename.lower() for entry in entries}
    if any(entry.flag_bits & 1 for entry in entries):
        raise _refusal(
            path, "is encrypted with a password.", "Save a copy without a password and try it."
        )
    size, packed = (sum(getattr(e, key) for e in entries) for key in ("file_size", "compress_size"))
    if size > _MOST_BYTES or (size > 10_000_000 and size > _MOST_RATIO * max(packed, 1)):
        raise _refusal(
            path,
            f"unpacks to {size / 1e6:.0f} MB, which no member workbook does (a zip bomb?).",
            "Copy the filled-in cells into a fresh template.",
        )
    if any("vbaproject" in name or "macrosheets/" in name for name in names):
        raise _refusal(path, "holds macros, which are never opened.", save)
    if any(name.startswith("xl/externallinks/") for name in names):
        raise _refusal(
            path,
            "holds links to other workbooks, whose values cannot be checked.",
            "In Excel: Data, Edit Links, Break Link; then save it.",
        )
    if "xl/workbook.xml" not in names:
        raise _refusal(path, "is not an Excel workbook.", save)
    # The sizes above are what the file says of itself; reading holds it to them.
    if archive.testzip() is not None:
        raise zipfile.BadZipFile


def _read_workbook(path: Path) -> list[Grid]:
    from python_calamine import CalamineError, load_workbook

    grids = []
    try:
        with load_workbook(path) as workbook:
            for name in workbook.sheet_names:
                sheet = workbook.get_sheet_by_name(name)
                if sheet.total_height > _MOST_ROWS:
                    raise _refusal(
                        path,
                        f"has {sheet.total_height} rows on the sheet {name}.",
                        "Delete the empty rows below the last filled-in one.",
                    )
                # Leading empty rows stay, so that row numbers are the spreadsheet's own.
                cells = sheet.to_python(skip_empty_area=False)
                grids.append(Grid(path.name, name, [[to_text(c) for c in row] for row in cells]))
    except CalamineError as error:
        raise _refusal(
            path,
            f"cannot be read as a workbook ({error}).",
            "Open it in Excel or LibreOffice and save it again as .xlsx.",
        ) from error
    return grids


def _read_csv(path: Path) -> list[list[str]]:
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What Excel on Windows writes in Sweden; a byte that it lacks is kept as a mark.
        text = content.decode("cp1252", errors="replace")
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(";,\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        rows = [[to_text(cell) for cell in row] for row in reader]
    except csv.Error as error:
        raise _refusal(
            path, f"is not CSV ({error}).", "Save the sheet again as CSV (UTF-8)."
        ) from error
    width = max(map(len, rows), default=0)
    return [row + [""] * (width - len(row)) for row in rows]
