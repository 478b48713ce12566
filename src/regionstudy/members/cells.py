"""One cell of a member sheet: from what was written to the value it means, or what is wrong."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from typing import TYPE_CHECKING, Any

from regionstudy.members.codes import read_code
from regionstudy.members.findings import Reading, told, wrong
from regionstudy.members.schema import Column, match_key, spellings, words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["Texts", "read_cell", "to_text"]

# Where spreadsheets on Windows begin to count days.
_FIRST_DAY = dt.date(1899, 12, 30)


def to_text(cell: object) -> str:
    """
    Write a spreadsheet's cell as a person would have typed it.

    Parameters
    ----------
    cell : str, float, int, bool, date, datetime, time or None
        The cell as it was stored.

    Returns
    -------
    str
        The text, without blanks around it; whole numbers without a decimal point.

    Examples
    --------
    >>> to_text(2281.0), to_text(" 0180 "), to_text(None)
    ('2281', '0180', '')
    """
    if isinstance(cell, str):
        return cell.replace("\u00a0", " ").replace("\u202f", " ").strip()
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date().isoformat()
    return str(cell)


class Texts:
    """Writes many cells as `to_text` does, each distinct text and number once."""

    def __init__(self) -> None:
        self._texts = _Known()
        self._numbers = _Known()

    def row(self, cells: list[Any]) -> list[str]:
        """
        Write one row.

        Parameters
        ----------
        cells : list
            The cells as they were stored.

        Returns
        -------
        list of str
            Their texts.
        """
        texts, numbers = self._texts, self._numbers
        # Told apart by kind: to Python, True and 1.0 are the same key.
        return [
            texts[cell]
            if type(cell) is str
            else numbers[cell]
            if type(cell) is float
            else to_text(cell)
            for cell in cells
        ]


class _Known(dict[Any, str]):
    def __missing__(self, cell: object) -> str:
        text = self[cell] = to_text(cell)
        return text


def read_cell(text: str, column: Column) -> Reading:
    """
    Read the text of one cell as its column asks.

    Parameters
    ----------
    text : str
        The cell, as `to_text` writes it.
    column : Column
        The column it stands in.

    Returns
    -------
    Reading
        The value, or the problem with its remedy.
    """
    if not text and column.default:
        text = column.default
    if not text:
        if column.required:
            return wrong("empty", column=column.title)
        return Reading()
    besides = spellings(column.besides).get(match_key(text)) if column.besides else None
    return Reading(value=besides) if besides else _READERS[column.type](text, column)


def _read_text(text: str, _: Column) -> Reading:
    return Reading(value=text)


def _read_id(text: str, _: Column) -> Reading:
    # "total" is what margins are called, "outside" everyone who is no member.
    if len(text) > 40 or re.search(r"\s", text) or text in ("total", "outside"):
        return wrong("not_id")
    return Reading(value=text)


def _read_word(text: str, column: Column) -> Reading:
    known = spellings(column.words)
    written = match_key(text)
    if written in known:
        return Reading(value=known[written])
    if column.open:
        return Reading(value=text)
    listed = words(column.words)
    near = difflib.get_close_matches(written, known, n=1)
    return wrong(
        "not_word",
        column=column.title,
        hint=told("did_you_mean", meant=listed[known[near[0]]]) if near else "",
        valid=listed.values(),
    )


def _read_flag(text: str, _: Column) -> Reading:
    value = spellings("flag").get(match_key(text))
    if value is None:
        return wrong("not_flag")
    return Reading(value=value == "yes")


def _read_number(text: str, _: Column) -> Reading:
    value = _parse_number(text)
    if value is None or value < 0:
        return wrong("not_number")
    return Reading(value=value)


def _read_count(text: str, _: Column) -> Reading:
    value = _parse_number(text)
    if value is None or value < 0 or not value.is_integer() or value > 10_000_000:
        return wrong("not_count")
    return Reading(value=int(value))


def _read_share(text: str, _: Column) -> Reading:
    percent = text.endswith("%")
    value = _parse_number(text.rstrip("%").strip())
    if value is not None and percent:
        value /= 100
    if value is None or not 0 <= value <= 1:
        return wrong("not_share")
    return Reading(value=value)


def _read_year(text: str, _: Column) -> Reading:
    # A year typed into a date cell comes as a date.
    digits = re.fullmatch(r"(\d{4})(-\d\d-\d\d)?", text)
    if not digits or not 1990 <= int(digits[1]) <= 2100:
        return wrong("not_year")
    return Reading(value=int(digits[1]))


def _read_date(text: str, _: Column) -> Reading:
    for pattern in ("%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%Y%m%d", "%Y/%m/%d", "%d/%m/%Y", "%d.%m.%Y"):
        try:
            return Reading(value=dt.datetime.strptime(text, pattern).date())  # noqa: DTZ007
        except ValueError:
            continue
    # A date in a cell formatted as a number: days since 1899-12-30.
    if text.isdigit() and 30_000 <= int(text) <= 73_000:
        return Reading(value=_FIRST_DAY + dt.timedelta(days=int(text)))
    return wrong("not_date")


def _read_url(text: str, _: Column) -> Reading:
    # Anything but http(s) could run as a script where the page shows it as a link.
    if not re.fullmatch(r"https?://[^\s<>\"']+", text):
        return wrong("not_url")
    return Reading(value=text)


def _read_org_number(text: str, _: Column) -> Reading:
    digits = re.sub(r"[\s-]", "", text)
    digits = digits[2:] if len(digits) == 12 and digits.startswith("16") else digits
    if not re.fullmatch(r"\d{10}", digits):
        return wrong("not_org_number")
    return Reading(value=f"{digits[:6]}-{digits[6:]}")


def _parse_number(text: str) -> float | None:
    plain = re.sub(r"[\s']", "", text)
    if re.fullmatch(r"-?\d{1,3}(\.\d{3})+,\d+", plain):
        plain = plain.replace(".", "")
    plain = plain.replace(",", ".")
    return float(plain) if re.fullmatch(r"-?\d+(\.\d+)?", plain) else None


_READERS: Mapping[str, Callable[[str, Column], Reading]] = {
    "code": read_code,
    "count": _read_count,
    "date": _read_date,
    "flag": _read_flag,
    "id": _read_id,
    "number": _read_number,
    "org_number": _read_org_number,
    "share": _read_share,
    "text": _read_text,
    "url": _read_url,
    "word": _read_word,
    "year": _read_year,
}
