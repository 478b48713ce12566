"""What is done to one file's figures before they may enter the store: pure functions."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import pandas as pd

from regionstudy.catalogue.cycle import PERIOD
from regionstudy.errors import DataError
from regionstudy.geography.code_list import former_regions, region_list
from regionstudy.geography.codes import nearest_match, valid_codes
from regionstudy.store.observations import STATUSES, key_columns

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from regionstudy.store.extract_plan import Series

__all__ = ["add_totals", "apply_series", "blank_zeros", "recode_period", "require_codes"]

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_SCHOOL_YEAR = re.compile(r"(\d{4})/(\d{4})")


def recode_period(period: str) -> str:
    """
    Write a period as the store does.

    Parameters
    ----------
    period : str
        "2024", "2024-05", "2018/2019" (a school year, named by its end) or the store's own.

    Returns
    -------
    str
        "2024", "2024M05" or "2024K3".

    Raises
    ------
    DataError
        If it is none of these.

    Examples
    --------
    >>> recode_period("2022-08"), recode_period("2018/2019"), recode_period("2024K3")
    ('2022M08', '2019', '2024K3')
    """
    if month := _MONTH.fullmatch(period):
        return f"{month[1]}M{month[2]}"
    if (school := _SCHOOL_YEAR.fullmatch(period)) and int(school[2]) == int(school[1]) + 1:
        return school[2]
    if PERIOD.fullmatch(period):
        return period
    msg = (
        f'"{period}" is not a period. Write "2024", "2024-05" or "2024M05", "2024K3", or '
        f'"2018/2019".'
    )
    raise DataError(msg)


def apply_series(frame: pd.DataFrame, series: Series, *, file: str) -> pd.DataFrame:
    """
    Turn a file's rows into observations of one of our ids.

    Parameters
    ----------
    frame : DataFrame
        The file as text: ``region``, ``indicator``, ``period``, breakdowns, ``value``,
        ``status``.
    series : Series
        Which rows, and what is done to them.
    file : str
        The file's name, for errors.

    Returns
    -------
    DataFrame
        New rows with ``indicator`` = `series.into`; ``value`` float64.

    Raises
    ------
    DataError
        If a value is no number, or a breakdown that `series` names is not there.
    """
    rows = frame[frame["indicator"].isin(series.read)].copy()
    rows["period"] = rows["period"].map(
        {period: recode_period(period) for period in rows["period"].unique()}
    )
    if series.periods:
        rows = rows[rows["period"].between(*series.periods)]
    # A file of several series fills a breakdown only in the rows that have it.
    blank = [column for column in rows.columns[3:-2] if rows[column].eq("").all()]
    rows = rows.drop(columns=blank)
    if series.name_as:
        rows[series.name_as] = rows["indicator"]
    rows = rows.rename(columns=series.rename)
    named = {*series.replace, *series.sum_over, *series.keep, *series.drop}
    _require_breakdowns(rows, named, file, series)
    for column, codes in series.replace.items():
        rows[column] = rows[column].replace(codes)
    rows["indicator"] = series.into
    try:
        rows["value"] = pd.to_numeric(rows["value"]).astype("float64") * series.factor
    except (TypeError, ValueError) as error:
        msg = f"{file}: a value is not a number ({error}). Missing is empty, with a status."
        raise DataError(msg) from error
    if series.complete:
        rows = _complete(rows)
    rows = add_totals(rows, over=series.sum_over)
    for column, code in series.keep.items():
        rows = rows[rows[column] == code]
    rows = rows.drop(columns=list(series.drop)).assign(**series.add)
    # "total" where a sibling series of the same file has the breakdown and this one lacks it.
    for column in rows.columns.difference(["value", "status"]):
        rows[column] = rows[column].replace("", "total")
    return rows[[*key_columns(rows), "value", "status"]].reset_index(drop=True)


def add_totals(frame: pd.DataFrame, *, over: Sequence[str]) -> pd.DataFrame:
    """
    Add the sums over breakdowns whose parts are exhaustive.

    Parameters
    ----------
    frame : DataFrame
        Observations without totals of these breakdowns.
    over : sequence of str
        Breakdowns; each gets rows with code "total", of the others' totals too.

    Returns
    -------
    DataFrame
        A new frame, the totals last. A sum over a missing part is "..", never smaller.

    Examples
    --------
    >>> parts = pd.DataFrame({"region": "2281", "sex": ["1", "2"], "value": [2.0, 3.0],
    ...     "status": ""})
    >>> add_totals(parts, over=["sex"])
      region    sex  value status
    0   2281      1    2.0
    1   2281      2    3.0
    2   2281  total    5.0
    """
    for column in over:
        keys = [key for key in key_columns(frame) if key != column]
        missing = frame["value"].isna()
        groups = frame.assign(missing=missing).groupby(keys, sort=False, as_index=False)
        sums = groups.agg(value=("value", "sum"), missing=("missing", "any"))
        sums["value"] = sums["value"].mask(sums["missing"])
        sums["status"] = sums["missing"].map({True: "..", False: ""})
        sums[column] = "total"
        frame = pd.concat([frame, sums[list(frame.columns)]], ignore_index=True)
    return frame


def blank_zeros(frame: pd.DataFrame) -> pd.DataFrame:
    """
    Turn the zeros of municipalities that did not exist yet into "not available".

    Sources write 0 there (Knivsta before 2003, Gnesta and Trosa before 1992): it means that
    there was no municipality, not that nobody lived or moved there.

    Parameters
    ----------
    frame : DataFrame
        Observations, of today's codes or old ones.

    Returns
    -------
    DataFrame
        A new frame, with NaN and ".." in those rows.

    Examples
    --------
    >>> early = pd.DataFrame({"region": ["0330", "0330"], "period": ["2001", "2003"],
    ...     "value": [0.0, 148.0], "status": ""})
    >>> blank_zeros(early)["status"].tolist()
    ['..', '']
    """
    formed = _formed()
    # The few regions that were formed late, and their zeros: nothing else need be looked at.
    late = frame.loc[frame["region"].isin(list(formed)) & frame["value"].eq(0)]
    # astype: where nothing is late, map gives an empty column of text.
    before = late["period"].str[:4].astype(int) < late["region"].map(formed).astype(int)
    zero = before.reindex(frame.index, fill_value=False)
    return frame.assign(
        value=frame["value"].mask(zero), status=frame["status"].mask(zero, "..").astype("str")
    )


def require_codes(frame: pd.DataFrame, *, division: int | None, file: str) -> None:
    """
    Check region codes against the code list of the figures' year.

    Parameters
    ----------
    frame : DataFrame
        Observations.
    division : int or None
        The year of the division that the codes are of; None is each figure's own year.
    file : str
        The file's name, for errors.

    Raises
    ------
    DataError
        If a region, an origin or a destination was not a code then, or a status is unknown.
    """
    wrong: list[str] = []
    for place in ("region", "origin", "destination"):
        if place in frame.columns:
            wrong += _wrong_codes(frame[place], frame["period"], division)
    if wrong:
        shown = ", ".join(wrong[:5]) + (f" and {len(wrong) - 5} more" if len(wrong) > 5 else "")
        near = nearest_match(wrong[0].split(" ")[0])
        meant = f" Did you mean {near}?" if near else ""
        msg = (
            f"{file}: not region codes of their year: {shown}.{meant} Correct the file, or state "
            f"the division its codes are of in extracts.toml."
        )
        raise DataError(msg)
    unknown = sorted(set(frame["status"].unique()) - set(STATUSES))
    if unknown:
        msg = f'{file}: unknown status "{unknown[0]}". Known: {", ".join(map(repr, STATUSES))}.'
        raise DataError(msg)


def _wrong_codes(codes: pd.Series[str], periods: pd.Series[str], division: int | None) -> list[str]:
    year_of = {period: division or int(period[:4]) for period in periods.unique()}
    always = frozenset.intersection(*map(_codes_of, year_of.values())) if year_of else frozenset()
    # Only codes that were not valid in all the years need their own years looked up.
    doubtful = codes[codes.isin(list(set(codes.unique()) - always))]
    pairs = zip(doubtful, periods.loc[doubtful.index].map(year_of), strict=True)
    return [f"{code} ({year})" for code, year in sorted(set(pairs)) if code not in _codes_of(year)]


@cache
def _codes_of(year: int) -> frozenset[str]:
    levels = ("country", "county", "municipality")
    return frozenset[str]().union(*(valid_codes(level, year) for level in levels))


def _require_breakdowns(rows: pd.DataFrame, named: set[str], file: str, series: Series) -> None:
    absent = sorted(named - set(rows.columns))
    if absent:
        msg = (
            f"{file}: {', '.join(series.read)} has no breakdown {', '.join(absent)}; it has "
            f"{', '.join(rows.columns[3:])}. Correct extracts.toml."
        )
        raise DataError(msg)


def _complete(rows: pd.DataFrame) -> pd.DataFrame:
    keys = key_columns(rows)
    every = pd.MultiIndex.from_product([rows[key].unique() for key in keys], names=keys)
    whole = rows.set_index(keys).reindex(every).reset_index()
    return whole.assign(status=whole["status"].fillna(".."))


def _formed() -> Mapping[str, int]:
    """Give the year that municipalities formed since 1968 began, under each of their codes."""
    former = former_regions()
    renumbered = {one.successor: one.valid_from for one in former.values()}
    first = {
        code: renumbered.get(code, one.valid_from)
        for code, one in (region_list() | former).items()
        if one.level == "municipality"
    }
    return {code: int(day[:4]) for code, day in first.items() if day}
