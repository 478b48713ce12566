"""Numbers, periods, dates and lists as Swedish and English write them."""

from __future__ import annotations

import datetime as dt
import math
import re
from functools import cache
from typing import TYPE_CHECKING

from babel.core import Locale
from babel.dates import format_date as babel_date
from babel.dates import get_month_names
from babel.lists import format_list as babel_list
from babel.numbers import NumberPattern, parse_pattern

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["format_date", "format_list", "format_number", "format_period"]

# English as a Swedish agency writes it: day before month, comma for thousands.
_LOCALES = {"sv": "sv_SE", "en": "en_GB"}
MINUS = "−"
NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
_SUB_PERIOD = re.compile(r"(?P<year>\d{4})(?P<kind>[MK])(?P<number>\d{1,2})")


def format_number(value: float, decimals: int = 0, *, lang: str, signed: bool = False) -> str:
    r"""
    Write a number with a fixed count of decimals.

    Parameters
    ----------
    value : float
        The number; a missing one (NaN) is written as an en dash.
    decimals : int, default 0
        How many decimals to show; rounding is half to even on the decimal value.
    lang : {"sv", "en"}
        The language.
    signed : bool, default False
        Write a plus before a positive number, as changes are written.

    Returns
    -------
    str
        With U+2212 as the minus, and never a minus before zero.

    Examples
    --------
    >>> format_number(-1234.56, 1, lang="sv")
    '−1\xa0234,6'
    >>> format_number(1234.56, 1, lang="en", signed=True)
    '+1,234.6'
    >>> format_number(-0.04, 1, lang="sv")
    '0,0'
    """
    if value is None or math.isnan(value):
        return "–"
    rounded = round(float(value), decimals)
    text = str(_pattern(decimals).apply(abs(rounded), _locale(lang)))
    # Babel separates Swedish thousands by a no-break space already; keep it so in every version.
    text = text.replace("\N{NARROW NO-BREAK SPACE}", NO_BREAK_SPACE)
    if rounded < 0:
        return MINUS + text
    return "+" + text if signed and rounded > 0 else text


@cache
def _pattern(decimals: int) -> NumberPattern:
    return parse_pattern("#,##0" + ("." + "0" * decimals if decimals else ""))


@cache
def _locale(lang: str) -> Locale:
    return Locale.parse(_LOCALES[lang])


def format_period(period: str, *, lang: str) -> str:
    """
    Write a period code in words.

    Parameters
    ----------
    period : str
        Such as "2024", "2024M05" or "2024K3"; anything else is given back as it is.
    lang : {"sv", "en"}
        The language.

    Returns
    -------
    str
        The period in words.

    Examples
    --------
    >>> format_period("2024M05", lang="sv"), format_period("2024K3", lang="en")
    ('maj 2024', 'Q3 2024')
    """
    match = _SUB_PERIOD.fullmatch(period)
    if match is None:
        return period
    number = int(match["number"])
    if match["kind"] == "M":
        months = get_month_names("wide", locale=_LOCALES[lang])
        return f"{months[number]} {match['year']}"
    quarter = f"kvartal {number}" if lang == "sv" else f"Q{number}"
    return f"{quarter} {match['year']}"


def format_date(date: dt.date | str, *, lang: str) -> str:
    """
    Write a date in words.

    Parameters
    ----------
    date : date or str
        A date, or its ISO form.
    lang : {"sv", "en"}
        The language.

    Returns
    -------
    str
        Day, month in words and year.

    Examples
    --------
    >>> format_date("2026-11-24", lang="sv")
    '24 november 2026'
    """
    day = dt.date.fromisoformat(date[:10]) if isinstance(date, str) else date
    return str(babel_date(day, format="long", locale=_LOCALES[lang]))


def format_list(items: Sequence[str], *, lang: str) -> str:
    """
    Join items into one phrase, with "och" or "and" before the last.

    Parameters
    ----------
    items : sequence of str
        What to join; may be empty.
    lang : {"sv", "en"}
        The language.

    Returns
    -------
    str
        The phrase.

    Examples
    --------
    >>> format_list(["Timrå", "Ånge", "Härnösand"], lang="sv")
    'Timrå, Ånge och Härnösand'
    """
    return str(babel_list(list(items), locale=_locale(lang)))
