"""One cell of a member sheet: from what was written to the value it means, or what is wrong."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from typing import TYPE_CHECKING

from regionstudy.members.codes import read_code
from regionstudy.members.readings import Reading
from regionstudy.members.schema import Column, match_key, spellings, words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["read_cell", "to_text"]

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
            return Reading(problem="is empty.", remedy=f"Fill in {column.title.en.lower()}.")
        return Reading()
    besides = spellings(column.besides).get(match_key(text)) if column.besides else None
    return Reading(value=besides) if besides else _READERS[column.type](text, column)


def _read_text(text: str, _: Column) -> Reading:
    return Reading(value=text)


def _read_id(text: str, _: Column) -> Reading:
    # "total" is what margins are called, "outside" everyone who is no member.
    if len(text) > 40 or re.search(r"\s", text) or text in ("total", "outside"):
        return Reading(
            problem="is not an id.", remedy="Use a short id without blanks, such as org-01."
        )
    return Reading(value=text)


def _read_word(text: str, column: Column) -> Reading:
    known = spellings(column.words)
    written = match_key(text)
    if written in known:
        return Reading(value=known[written])
    if column.open:
        return Reading(value=text)
    valid = ", ".join(known_words.en for known_words in words(column.words).values())
    near = difflib.get_close_matches(written, known, n=1)
    hint = f"Did you mean {words(column.words)[known[near[0]]].en}? " if near else ""
    return Reading(
        problem=f"is not one of the words of {column.name}.", remedy=f"{hint}Use one of: {valid}."
    )


def _read_flag(text: str, _: Column) -> Reading:
    value = spellings("flag").get(match_key(text))
    if value is None:
        return Reading(problem="is neither yes nor no.", remedy="Write yes (ja) or no (nej).")
    return Reading(value=value == "yes")


def _read_number(text: str, _: Column) -> Reading:
    value = _parse_number(text)
    if value is None or value < 0:
        return Reading(
            problem="is not a number of 0 or more.", remedy="Write digits only, such as 1250,5."
        )
    return Reading(value=value)


def _read_count(text: str, _: Column) -> Reading:
    value = _parse_number(text)
    if value is None or value < 0 or not value.is_integer() or value > 10_000_000:
        return Reading(
            problem="is not a whole number of 0 or more.",
            remedy="Write the number of persons in digits; leave the row out if it is not known.",
        )
    return Reading(value=int(value))


def _read_share(text: str, _: Column) -> Reading:
    percent = text.endswith("%")
    value = _parse_number(text.rstrip("%").strip())
    if value is not None and percent:
        value /= 100
    if value is None or not 0 <= value <= 1:
        return Reading(
            problem="is not a share between 0 and 1.", remedy="Write 0,5 or 50 % for a half."
        )
    return Reading(value=value)


def _read_year(text: str, _: Column) -> Reading:
    # A year typed into a date cell comes as a date.
    digits = re.fullmatch(r"(\d{4})(-\d\d-\d\d)?", text)
    if not digits or not 1990 <= int(digits[1]) <= 2100:
        return Reading(
            problem="is not a year between 1990 and 2100.",
            remedy="Write four digits, such as 2026.",
        )
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
    return Reading(problem="is not a date.", remedy="Write it as YYYY-MM-DD, such as 2026-03-01.")


def _read_url(text: str, _: Column) -> Reading:
    # Anything but http(s) could run as a script where the page shows it as a link.
    if not re.fullmatch(r"https?://[^\s<>\"']+", text):
        return Reading(
            problem="is not a web address.", remedy="Write it whole, beginning with https://."
        )
    return Reading(value=text)


def _read_org_number(text: str, _: Column) -> Reading:
    digits = re.sub(r"[\s-]", "", text)
    digits = digits[2:] if len(digits) == 12 and digits.startswith("16") else digits
    if not re.fullmatch(r"\d{10}", digits):
        return Reading(
            problem="is not an organisation number.", remedy="Write ten digits, NNNNNN-NNNN."
        )
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
