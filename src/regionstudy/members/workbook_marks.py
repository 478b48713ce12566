"""What a worksheet says beside its values: merged cells, hidden rows, formulas without a value."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.etree import ElementTree

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Mapping

__all__ = ["Marks", "Span", "column_place", "read_marks", "sheet_parts"]

_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*?\bref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*?)(?<!/)>(.*?)</(?:\w+:)?c>", re.DOTALL)
_VALUE = re.compile(rb"<(?:\w+:)?v\b[^>/]*>([^<]+)</")
_FORMULA = re.compile(rb"<(?:\w+:)?f\b[^>]*?(?:/>|>([^<]*)<)")
_REFERENCE = re.compile(rb'\br="([A-Z]+)?(\d+)"')
_TYPE = re.compile(rb'\bt="(\w+)"')
_HIDDEN = re.compile(rb'\bhidden="(?:1|true)"')
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(frozen=True, slots=True)
class Span:
    """
    A block of cells merged into one, counted from 0, its last row and place included.

    Parameters
    ----------
    top, left, bottom, right : int
        Its first row and place, and its last.
    """

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Marks:
    """
    What a worksheet says beside its values.

    Parameters
    ----------
    hidden : bool
        Whether the whole sheet is hidden.
    hidden_rows : frozenset of int
        The rows that are hidden, counted from 0.
    merged : tuple of Span
        The merged cells.
    without_value : mapping of str to str
        Cells that hold an error, or a formula that nobody has computed: "B5" and what it is.
    """

    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    merged: tuple[Span, ...] = ()
    without_value: Mapping[str, str] = field(default_factory=dict)


def sheet_parts(archive: zipfile.ZipFile) -> dict[str, tuple[str, bool]]:
    """
    Tell in which part of a workbook each sheet lies.

    Parameters
    ----------
    archive : ZipFile
        The open workbook.

    Returns
    -------
    dict of str to pair of str and bool
        The part by the sheet's name, and whether the sheet is hidden.

    Raises
    ------
    ValueError
        If the workbook's list of sheets declares entities, as no spreadsheet program does.
    KeyError, xml.etree.ElementTree.ParseError
        If the list is absent or broken.
    """
    targets = {
        node.get("Id", ""): node.get("Target", "")
        for node in _parse(archive, "xl/_rels/workbook.xml.rels").iter()
    }
    parts = {}
    for node in _parse(archive, "xl/workbook.xml").iter():
        if node.tag.rpartition("}")[2] != "sheet":
            continue
        # The strict form of the format has another namespace for the same attribute.
        relation = next((v for k, v in node.items() if k == _RELATION or k.endswith("}id")), "")
        target = targets.get(relation, "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        hidden = node.get("state", "visible") != "visible"
        parts[node.get("name", "")] = (part, hidden)
    return parts


def column_place(letters: str) -> int:
    """
    Tell in which place a column stands.

    Parameters
    ----------
    letters : str
        The column, as spreadsheets name it.

    Returns
    -------
    int
        Its place, counted from 0.

    Examples
    --------
    >>> column_place("A"), column_place("AA")
    (0, 26)
    """
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1


def read_marks(content: bytes, *, hidden: bool = False) -> Marks:
    """
    Find what a worksheet says beside its values.

    Parameters
    ----------
    content : bytes
        The worksheet's XML.
    hidden : bool, default False
        Whether the sheet is hidden.

    Returns
    -------
    Marks
        What it says; each is looked for only where a sign of it is there.

    Examples
    --------
    >>> marks = read_marks(b'<row r="4" hidden="1"/><mergeCell ref="A1:A3"/>')
    >>> sorted(marks.hidden_rows), marks.merged
    ([3], (Span(top=0, left=0, bottom=2, right=0),))
    """
    rows = _hidden_rows(content) if b"hidden=" in content else frozenset()
    # Plain searches come first: they take a tenth of the time that patterns take.
    merged = tuple(
        Span(
            int(first) - 1, column_place(left.decode()), int(last) - 1, column_place(right.decode())
        )
        for left, first, right, last in (
            _MERGED.findall(content) if b"mergeCell" in content else ()
        )
    )
    odd = b't="e"' in content or any(
        sign + end in content for sign in (b"<f", b":f") for end in (b">", b" ", b"/")
    )
    return Marks(hidden, rows, merged, _without_value(content) if odd else {})


def _parse(archive: zipfile.ZipFile, part: str) -> ElementTree.Element:
    content = archive.read(part)
    # Entities are how a small file becomes a huge one.
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        msg = f"{part} declares entities"
        raise ValueError(msg)
    return ElementTree.fromstring(content)  # noqa: S314 (entities are refused above)


def _hidden_rows(content: bytes) -> frozenset[int]:
    found, number = set(), 0
    for attributes in _ROW.findall(content):
        reference = _REFERENCE.search(attributes)
        # A row that does not say its number follows the one before.
        number = int(reference[2]) if reference else number + 1
        if _HIDDEN.search(attributes):
            found.add(number - 1)
    return frozenset(found)


def _without_value(content: bytes) -> dict[str, str]:
    found = {}
    for attributes, inner in _CELL.findall(content):
        kind = _TYPE.search(attributes)
        reference = _REFERENCE.search(attributes)
        value, formula = _VALUE.search(inner), _FORMULA.search(inner)
        wrong = kind is not None and kind[1] == b"e"
        # A formula may well come to an empty text; then its type says so.
        missing = formula and not value and (kind is None or kind[1] != b"str")
        if reference is None or reference[1] is None or not (wrong or missing):
            continue
        shown = value[1] if value else b"=" + ((formula[1] if formula else b"") or b"")
        cell = (reference[1] + reference[2]).decode()
        found[cell] = shown.decode("utf-8", errors="replace")
    return found
