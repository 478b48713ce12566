"""Values with a status: what may be shown of them, and in which words."""

from __future__ import annotations

import difflib
import math
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from regionstudy.errors import DataError
from regionstudy.words import LANGUAGES, Message, Text, Words, format_number, render

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "joined",
    "number_text",
    "require_columns",
    "require_one_row",
    "status_text",
    "value_text",
    "visible",
]

# What the disclosure gate and callers write for a protected value.
_HIDDEN = ("hidden", "suppressed")
# A figure that is there needs no word when it is as published, or a true zero.
_SILENT = ("", "-")


def require_columns(frame: pd.DataFrame, columns: Sequence[str], *, where: str) -> None:
    """
    Check that a frame has the columns a figure needs.

    Parameters
    ----------
    frame : DataFrame
        The frame.
    columns : sequence of str
        Names that must be there.
    where : str
        What is being drawn, for the message.

    Raises
    ------
    DataError
        If one is absent; names the columns that are there and the nearest.
    """
    absent = [name for name in columns if name not in frame.columns]
    if not absent:
        return
    there = [str(name) for name in frame.columns]
    near = difflib.get_close_matches(absent[0], there, n=1)
    hint = f' Did you mean "{near[0]}"?' if near else ""
    msg = f"{where} needs the column {', '.join(absent)}; the frame has {', '.join(there)}.{hint}"
    raise DataError(msg)


def require_one_row(frame: pd.DataFrame, keys: Sequence[str], *, where: str) -> None:
    """
    Check that no combination of keys repeats.

    Parameters
    ----------
    frame : DataFrame
        The frame.
    keys : sequence of str
        The columns that name a row.
    where : str
        What is being drawn, for the message.

    Raises
    ------
    DataError
        If a combination repeats; names the first five.
    """
    again = frame.loc[frame.duplicated(list(keys)), list(keys)].drop_duplicates()
    if len(again):
        first = "; ".join(", ".join(map(str, row)) for row in again.head(5).to_numpy())
        msg = (
            f"{where} takes one row for each {' and '.join(keys)}, but {len(again)} repeat "
            f"({first}). Choose one period and the total of each breakdown first."
        )
        raise DataError(msg)


def visible(frame: pd.DataFrame, *, value: str = "value") -> pd.DataFrame:
    """
    Keep of a frame's values only what may be shown.

    Parameters
    ----------
    frame : DataFrame
        With `value`, and ``status`` where there is one.
    value : str, default "value"
        The column of numbers.

    Returns
    -------
    DataFrame
        ``value`` (float) and ``status`` (str), index as in `frame`. A protected value is NaN
        with the status "hidden"; any other NaN has a status that is not "".
    """
    number = frame[value].to_numpy(dtype=float, na_value=np.nan)
    if "status" in frame:
        given = frame["status"].astype(object)
        status = given.where(given.notna(), "").to_numpy()
    else:
        status = np.full(len(frame), "", dtype=object)
    hidden = np.isin(status.astype(str), _HIDDEN)
    number = np.where(hidden, np.nan, number)
    status = np.where(hidden, "hidden", np.where(np.isnan(number) & (status == ""), "..", status))
    return pd.DataFrame({"value": number, "status": status}, index=frame.index)


@lru_cache(maxsize=4096)
def number_text(value: float, decimals: int = 0, *, signed: bool = False) -> Words:
    """
    Write a number in both languages.

    Parameters
    ----------
    value : float
        The number.
    decimals : int, default 0
        Decimals to show.
    signed : bool, default False
        Whether a positive number carries a plus.

    Returns
    -------
    Words
        The number.

    Examples
    --------
    >>> number_text(-1.25, 1)
    Words(sv='−1,2', en='−1.2')
    """
    return Words(*(format_number(value, decimals, lang=lang, signed=signed) for lang in LANGUAGES))


def status_text(status: str) -> Text:
    """
    Write a status as a word.

    Parameters
    ----------
    status : str
        "..", ".", "-", "p", "r", "i" or "hidden".

    Returns
    -------
    Text
        The word.

    Examples
    --------
    >>> status_text("..").render("sv"), status_text("hidden").render("en")
    ('uppgift saknas', 'too few')
    """
    if status in ("", ".."):
        return Message("words.missing")
    return Message("words.hidden" if status == "hidden" else f"figures.status.{status}")


def value_text(
    value: float | None, status: str, *, decimals: int = 0, signed: bool = False
) -> Text:
    """
    Write a number with its status, or the status alone where there is no number.

    Parameters
    ----------
    value : float or None
        The number; None or NaN where missing or protected.
    status : str
        Its status.
    decimals : int, default 0
        Decimals to show.
    signed : bool, default False
        Whether a positive number carries a plus.

    Returns
    -------
    Text
        Such as "12,5", "12,5 (preliminär)", "uppgift saknas" or "för få".

    Examples
    --------
    >>> value_text(12.5, "p", decimals=1).render("sv")
    '12,5 (preliminär)'
    >>> value_text(None, "hidden").render("sv")
    'för få'
    """
    if value is None or math.isnan(value) or status == "hidden":
        return status_text(status)
    number = number_text(value, decimals, signed=signed)
    if status in _SILENT:
        return number
    return Message("figures.with_status", {"value": number, "status": status_text(status)})


def joined(parts: Sequence[Text | str], separator: str = " ") -> Words:
    """
    Join texts in both languages.

    Parameters
    ----------
    parts : sequence of Text or str
        The parts; empty ones are left out.
    separator : str, default " "
        What stands between.

    Returns
    -------
    Words
        The joined text.

    Examples
    --------
    >>> joined(["Sundsvall", Words(sv="plats 1", en="1st")], ": ").en
    'Sundsvall: 1st'
    """
    return Words(*(separator.join(filter(None, (render(p, x) for p in parts))) for x in LANGUAGES))
