"""What an observation frame of the store must be, and its order of rows and columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from regionstudy.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "STATUSES",
    "WITHOUT_VALUE",
    "breakdowns",
    "count_levels",
    "key_columns",
    "tidy_observations",
]

# DESIGN, 'Data model'. "" published, ".." not available, "." not applicable, "-" nothing to
# report (0), "p" preliminary, "r" revised, "i" imputed by us.
STATUSES = ("", "..", ".", "-", "p", "r", "i")
WITHOUT_VALUE = ("..", ".")
_FIXED = ("region", "indicator", "period", "value", "status")
_LEVEL_OF_LENGTH = {2: "county", 4: "municipality"}


def breakdowns(frame: pd.DataFrame) -> list[str]:
    """
    Give the breakdown columns of observations.

    Parameters
    ----------
    frame : DataFrame
        Observations.

    Returns
    -------
    list of str
        Every column but region, indicator, period, value and status, in the frame's order.

    Examples
    --------
    >>> breakdowns(pd.DataFrame(columns=["region", "period", "sex", "value", "status"]))
    ['sex']
    """
    return [column for column in frame.columns if column not in _FIXED]


def key_columns(frame: pd.DataFrame) -> list[str]:
    """
    Give the columns that together name one observation.

    Parameters
    ----------
    frame : DataFrame
        Observations.

    Returns
    -------
    list of str
        Every column but value and status.
    """
    return [column for column in frame.columns if column not in ("value", "status")]


def count_levels(regions: pd.Series[str]) -> dict[str, int]:
    """
    Count the regions of each level.

    Parameters
    ----------
    regions : Series of str
        Region codes, repeated as they come.

    Returns
    -------
    dict of str to int
        Number of different codes by level: country, county, municipality.

    Examples
    --------
    >>> count_levels(pd.Series(["00", "22", "2281", "2281"]))
    {'country': 1, 'county': 1, 'municipality': 1}
    """
    codes = pd.Series(regions.unique(), dtype="str")
    levels = codes.str.len().map(_LEVEL_OF_LENGTH).mask(codes.eq("00"), "country")
    counts = levels.value_counts()
    return {level: int(counts.get(level, 0)) for level in ("country", "county", "municipality")}


def tidy_observations(frame: pd.DataFrame, *, indicator: str) -> pd.DataFrame:
    """
    Check one indicator's observations and put them into the store's form and order.

    Parameters
    ----------
    frame : DataFrame, shape (n, k)
        ``region``, ``indicator``, ``period``, breakdowns, ``value`` and ``status``.
    indicator : str
        The only indicator that may be in it.

    Returns
    -------
    DataFrame, shape (n, k)
        A new frame: codes as str, ``value`` float64, ``status`` categorical, rows sorted by
        breakdowns, period and region, columns in the order above.

    Raises
    ------
    DataError
        If a column is absent, a key is missing or repeats, the indicator is another, a value is
        no number, a status is unknown, or a status and its value contradict each other.
    """
    absent = [column for column in _FIXED if column not in frame.columns]
    if absent:
        msg = f"{indicator}: the observations lack the columns {', '.join(absent)}. Add them."
        raise DataError(msg)
    keys = ["region", "indicator", "period", *breakdowns(frame)]
    _require_keys(frame, keys, indicator)
    tidy = frame[keys].astype("str")
    tidy["value"] = _numbers(frame["value"], indicator)
    tidy["status"] = _statuses(frame["status"], indicator)
    _require_agreement(tidy, indicator)
    order = [*breakdowns(frame), "period", "region"]
    tidy = tidy.sort_values(order, kind="stable", ignore_index=True)
    tidy.attrs = {}
    return tidy


def _require_keys(frame: pd.DataFrame, keys: Sequence[str], indicator: str) -> None:
    empty = [column for column in keys if frame[column].isna().any()]
    if empty:
        msg = f"{indicator}: {', '.join(empty)} is missing in some rows. Every code must be given."
        raise DataError(msg)
    others = set(frame["indicator"].astype("str").unique()) - {indicator}
    if others:
        msg = f"{indicator}: the rows belong to {', '.join(sorted(others)[:5])}. One frame an id."
        raise DataError(msg)
    twice = frame.duplicated(list(keys), keep=False)
    if twice.any():
        row = frame.loc[twice, keys].iloc[0]
        shown = ", ".join(f"{column} {code}" for column, code in row.items())
        msg = (
            f"{indicator}: {int(twice.sum())} rows share their key with another, the first at "
            f"{shown}. One row a key."
        )
        raise DataError(msg)


def _numbers(values: pd.Series, indicator: str) -> pd.Series:
    try:
        return pd.to_numeric(values).astype("float64")
    except (TypeError, ValueError) as error:
        msg = f"{indicator}: a value is not a number ({error}). Missing is empty, with a status."
        raise DataError(msg) from error


def _statuses(status: pd.Series, indicator: str) -> pd.Categorical[str]:
    words = status.astype("str")
    unknown = sorted(set(words.unique()) - set(STATUSES))
    if unknown or status.isna().any():
        shown = ", ".join(f'"{word}"' for word in unknown[:5]) or "an empty one"
        valid = ", ".join(f'"{word}"' for word in STATUSES)
        msg = f"{indicator}: unknown status {shown}. Use one of {valid}."
        raise DataError(msg)
    return pd.Categorical(words, categories=list(STATUSES))


def _require_agreement(tidy: pd.DataFrame, indicator: str) -> None:
    clash = tidy["value"].isna() != tidy["status"].isin(WITHOUT_VALUE)
    if clash.any():
        row = tidy.loc[clash].iloc[0]
        msg = (
            f'{indicator}: {int(clash.sum())} rows have a value beside ".." or "." or no value '
            f"without one, the first at {row['region']} {row['period']} (value {row['value']}, "
            f'status "{row["status"]}"). A missing value carries ".." or ".", no other does.'
        )
        raise DataError(msg)
