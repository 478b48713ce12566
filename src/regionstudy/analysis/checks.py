"""What a frame must hold before anything is computed on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from regionstudy.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

__all__ = ["require_columns", "require_unique", "years"]


def require_columns(frame: pd.DataFrame, columns: Sequence[str], *, name: str = "frame") -> None:
    """
    Check that a frame has the columns that a computation needs.

    Parameters
    ----------
    frame : DataFrame
        Any frame.
    columns : sequence of str
        The columns needed.
    name : str, default "frame"
        What the frame is called in the message.

    Raises
    ------
    DataError
        If one is absent; names it, and the columns that are there.
    """
    absent = [column for column in columns if column not in frame.columns]
    if absent:
        there = ", ".join(str(column) for column in frame.columns) or "none"
        msg = f"{name} lacks the column {', '.join(absent)}; it has: {there}."
        raise DataError(msg)


def require_unique(frame: pd.DataFrame, keys: Sequence[str], *, name: str = "frame") -> None:
    """
    Check that a frame has one row for each combination of keys.

    Parameters
    ----------
    frame : DataFrame
        Any frame.
    keys : sequence of str
        The columns that together tell rows apart.
    name : str, default "frame"
        What the frame is called in the message.

    Raises
    ------
    DataError
        If rows repeat; names the first, and the breakdowns that may tell them apart.
    """
    repeated = frame.duplicated(list(keys))
    if not repeated.any():
        return
    first = frame.loc[repeated, list(keys)].iloc[0]
    where = ", ".join(f"{key} {value}" for key, value in first.items())
    others = [column for column in frame.columns if column not in (*keys, "value", "status")]
    hint = f" Choose one value of {', '.join(others)} first." if others else ""
    msg = f"{name} has {int(repeated.sum())} repeated rows, first at {where}.{hint}"
    raise DataError(msg)


def years(periods: pd.Series, *, name: str = "frame") -> pd.Series:
    """
    Read periods as years.

    Parameters
    ----------
    periods : Series of str
        Periods, such as "2024".
    name : str, default "frame"
        What the frame is called in the message.

    Returns
    -------
    Series of int
        The years.

    Raises
    ------
    DataError
        If a period is a quarter, a month or anything else than a year.
    """
    text = periods.astype(str)
    wrong = text[~text.str.fullmatch(r"\d{4}")]
    if not wrong.empty:
        msg = f'{name} has the period "{wrong.iloc[0]}", which is not a year such as "2024".'
        raise DataError(msg)
    return text.astype(int)
