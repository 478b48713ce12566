"""Series over time: smoothed, cut where they break, and set beside peers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from regionstudy.analysis.checks import require_columns, require_unique, years
from regionstudy.analysis.statuses import MISSING, NOT_APPLICABLE, severity, words
from regionstudy.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["change_between", "compare_with", "moving_mean", "segments", "with_gaps"]

_MEASURES = {"difference", "percent", "percent_per_year"}


def _keys(frame: pd.DataFrame) -> list[str]:
    """Name the columns that tell series apart: everything but time and figure."""
    return [name for name in frame.columns if name not in ("period", "value", "status")]


def _series(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Sort series by year; a number beside a status of missing does not count."""
    require_columns(frame, ["region", "period", "value", "status"])
    keys = _keys(frame)
    require_unique(frame, [*keys, "period"])
    code = severity(frame["status"])
    code = np.where(frame["value"].isna(), MISSING, code)
    rows = frame.assign(
        value=frame["value"].where(code < MISSING), year=years(frame["period"]), severity=code
    )
    return rows.sort_values([*keys, "year"], ignore_index=True), keys


def moving_mean(frame: pd.DataFrame, *, span: int = 3) -> pd.DataFrame:
    """
    Smooth each series with the mean of a year and those before it.

    Parameters
    ----------
    frame : DataFrame
        Observations of years: ``region``, ``period``, ``value``, ``status`` and any
        others, which tell series apart.
    span : int, default 3
        Years in each mean, the last of them named in ``period``.

    Returns
    -------
    DataFrame
        The frame's columns, sorted by series and year. NaN with ".." where any of
        the years is missing or absent: a mean of two is no mean of three.

    Raises
    ------
    DataError
        If `span` is below 1, a column is absent, rows repeat or a period is no year.

    Examples
    --------
    >>> yearly = pd.DataFrame({"region": "2281", "period": ["2017", "2018", "2019"],
    ...     "value": [1.0, 2.0, 6.0], "status": ""})
    >>> moving_mean(yearly)["value"].tolist()
    [nan, nan, 3.0]
    """
    if span < 1:
        msg = f"span={span} is no number of years; give 1 or more."
        raise DataError(msg)
    rows, keys = _series(frame)
    total = np.zeros(len(rows))
    worst = np.zeros(len(rows), dtype=np.int8)
    values, codes = rows["value"].to_numpy(), rows["severity"].to_numpy()
    series, year = rows.groupby(keys, sort=False).ngroup().to_numpy(), rows["year"].to_numpy()
    for back in range(span):
        place = np.arange(len(rows)) - back
        earlier = np.maximum(place, 0)
        # The row `back` places earlier must be the same series, exactly `back` years before.
        found = (place >= 0) & (series[earlier] == series) & (year[earlier] == year - back)
        total += np.where(found, values[earlier], np.nan)
        worst = np.maximum(worst, np.where(found, codes[earlier], MISSING)).astype(np.int8)
    result = rows.assign(value=total / span, status=words(worst))[list(frame.columns)]
    result.attrs = dict(frame.attrs)
    return result


def change_between(
    frame: pd.DataFrame, *, start: str, end: str, measure: str = "difference"
) -> pd.DataFrame:
    """
    Give the change of each series between two years.

    Parameters
    ----------
    frame : DataFrame
        Observations: ``region``, ``period``, ``value``, ``status`` and any others,
        which tell series apart.
    start, end : str
        The years.
    measure : {"difference", "percent", "percent_per_year"}
        In the figure's own unit; in percent of the start; as the constant yearly
        growth in percent that leads from start to end.

    Returns
    -------
    DataFrame
        What tells series apart, ``start``, ``end`` (values), ``change``, ``years``,
        ``status``. NaN with ".." where either year is missing; "." where a percentage
        has no meaning, for the start is not above 0 (or the end below it).

    Raises
    ------
    DataError
        If the years do not ascend, no series has one of them, or `measure` is unknown.

    Examples
    --------
    >>> people = pd.DataFrame({"region": "22", "period": ["2020", "2024"],
    ...     "value": [244554.0, 241458.0], "status": ""})
    >>> change_between(people, start="2020", end="2024")["change"].tolist()
    [-3096.0]
    """
    if measure not in _MEASURES:
        msg = f'"{measure}" is no measure of change; use one of: {", ".join(sorted(_MEASURES))}.'
        raise DataError(msg)
    rows, keys = _series(frame)
    held = sorted(rows["period"].astype(str).unique())
    for period in (start, end):
        if period not in held:
            msg = f'No series has the year "{period}"; there are {held[0]} to {held[-1]}.'
            raise DataError(msg)
    if start >= end:
        msg = f"start={start} is not before end={end}; swap them."
        raise DataError(msg)
    ends = {
        name: rows.loc[rows["period"].astype(str) == period, [*keys, "value", "severity"]].rename(
            columns={"value": name, "severity": f"severity_{name}"}
        )
        for name, period in (("start", start), ("end", end))
    }
    result = ends["start"].merge(ends["end"], on=keys, how="outer", validate="one_to_one")
    code = result[["severity_start", "severity_end"]].fillna(MISSING).max(axis=1)
    span = int(end) - int(start)
    change = result["end"] - result["start"]
    if measure != "difference":
        meaningful = (result["start"] > 0) & (result["end"] >= 0)
        ratio = (result["end"] / result["start"].where(meaningful)).astype(float)
        change = 100 * ((ratio if measure == "percent" else ratio ** (1 / span)) - 1)
        code = code.where(meaningful | (code == MISSING), NOT_APPLICABLE)
    result = result.assign(change=change, years=span, status=words(code.to_numpy(dtype=np.int8)))
    result = result[[*keys, "start", "end", "change", "years", "status"]]
    result.attrs = dict(frame.attrs)
    return result


def segments(frame: pd.DataFrame, *, breaks: Iterable[str] = ()) -> pd.DataFrame:
    """
    Cut series where years are absent or missing, and where the definition breaks.

    A line drawn through one segment at a time shows a gap as a gap.

    Parameters
    ----------
    frame : DataFrame
        Observations of years: ``region``, ``period``, ``value``, ``status`` and any
        others, which tell series apart.
    breaks : iterable of str, default ()
        First years under a new definition ("2020" for employment, where BAS replaced
        RAMS).

    Returns
    -------
    DataFrame
        The rows with a value, sorted by series and year, the frame's columns and
        ``segment`` (0, 1, ... within a series) and ``cut`` (why the row begins a
        segment: "absent", "missing", "break"; "" elsewhere).

    Raises
    ------
    DataError
        If a column is absent, rows repeat or a period is no year.

    Examples
    --------
    >>> yearly = pd.DataFrame({"region": "2281", "period": ["1995", "1996", "2014", "2015"],
    ...     "value": [1.0, 2.0, 3.0, 4.0], "status": ""})
    >>> segments(yearly)[["period", "segment", "cut"]]
      period  segment     cut
    0   1995        0
    1   1996        0
    2   2014        1  absent
    3   2015        1
    """
    rows, keys = _series(frame)
    broken = np.array(sorted(int(period) for period in years(pd.Series([*breaks], dtype=str))))
    # How many breaks lie at or before each year: two rows apart in this lie on two sides.
    rows["era"] = np.searchsorted(broken, rows["year"].to_numpy(), side="right")
    given = rows["severity"] < MISSING
    series = rows.groupby(keys, sort=False)
    gap = series["year"].diff().gt(1)
    # Missing rows vanish below; whether one stood before a row is asked while they are there.
    after_missing = series["severity"].shift(fill_value=0).ge(MISSING)
    rows["absent"] = gap
    rows["missing"] = after_missing
    kept = rows[given].reset_index(drop=True)
    kept_series = kept.groupby(keys, sort=False)
    first = kept_series.cumcount() == 0
    at_break = kept_series["era"].diff().gt(0)
    cut = np.select(
        [first, at_break, kept["missing"], kept["absent"]], ["", "break", "missing", "absent"], ""
    )
    kept["cut"] = pd.Series(cut, index=kept.index, dtype=str)
    kept["segment"] = (kept["cut"] != "").groupby([kept[key] for key in keys]).cumsum().astype(int)
    result = kept[[*frame.columns, "segment", "cut"]]
    result.attrs = dict(frame.attrs)
    return result


def with_gaps(frame: pd.DataFrame) -> pd.DataFrame:
    """
    Give each series a row for every year from its first to its last.

    A year that the frame leaves out is a year without a figure; a line drawn through
    the rows then stops instead of bridging it.

    Parameters
    ----------
    frame : DataFrame
        Observations of years: ``region``, ``period``, ``value``, ``status`` and any
        others, which tell series apart.

    Returns
    -------
    DataFrame
        The frame's columns, sorted by series and year; added years are NaN with "..".

    Raises
    ------
    DataError
        If a column is absent, rows repeat or a period is no year.

    Examples
    --------
    >>> yearly = pd.DataFrame({"region": "2281", "period": ["1996", "1998"],
    ...     "value": [1.0, 2.0], "status": ""})
    >>> with_gaps(yearly)["period"].tolist()
    ['1996', '1997', '1998']
    """
    rows, keys = _series(frame)
    spans = rows.groupby(keys, sort=False, as_index=False, dropna=False, observed=True).agg(
        first=("year", "min"), last=("year", "max")
    )
    every = spans.loc[spans.index.repeat(spans["last"] - spans["first"] + 1)]
    every = every.assign(year=every["first"] + every.groupby(level=0).cumcount())
    every = every.drop(columns=["first", "last"]).reset_index(drop=True)
    filled = every.merge(rows, on=[*keys, "year"], how="left", validate="one_to_one")
    filled["period"] = filled["year"].astype(str)
    filled["status"] = filled["status"].astype(object).fillna("..").astype("category")
    result = filled[list(frame.columns)]
    result.attrs = dict(frame.attrs)
    return result


def compare_with(frame: pd.DataFrame, peers: Sequence[str], *, home: str) -> pd.DataFrame:
    """
    Set the home region's series beside those of its peers.

    Parameters
    ----------
    frame : DataFrame
        Observations: ``region``, ``period``, ``value``, ``status`` and any others,
        which tell series apart.
    peers : sequence of str
        Codes of the regions compared with; `home` among them does not count.
    home : str
        Code of the home region.

    Returns
    -------
    DataFrame
        What tells series apart but the region, ``period``, ``value`` (home's),
        ``median``, ``low`` and ``high`` (quartiles of the peers), ``share_below``
        (0-1: peers with a lower value, those with an equal one counted half),
        ``peers`` (how many have a value), ``peers_missing``, ``status`` (home's).

    Raises
    ------
    DataError
        If there are no peers, `home` has no rows, a column is absent or rows repeat.

    Examples
    --------
    >>> rents = pd.DataFrame({"region": ["2281", "2180", "2480", "1980"], "period": "2022",
    ...     "value": [1118.0, 1100.0, 1200.0, 1300.0], "status": ""})
    >>> compare_with(rents, ["2180", "2480", "1980"], home="2281")[["value", "median", "peers"]]
        value  median  peers
    0  1118.0  1200.0      3
    """
    require_columns(frame, ["region", "period", "value", "status"])
    keys = [*(key for key in _keys(frame) if key != "region"), "period"]
    require_unique(frame, ["region", *keys])
    others = sorted(set(peers) - {home})
    if not others:
        msg = f"No peers to compare {home} with; give at least one other region."
        raise DataError(msg)
    region = frame["region"].astype(str)
    if not (region == home).any():
        msg = f"The frame has no figures of the home region {home}."
        raise DataError(msg)
    given = frame["value"].where(severity(frame["status"]) < MISSING)
    columns = [*keys, "value", "status"]
    own = frame.assign(value=given).loc[region == home, columns]
    rows = frame.assign(value=given).loc[region.isin(others), columns]
    groups = rows.groupby(keys, observed=True)["value"]
    peer: dict[str, Any] = {
        "median": groups.median(),
        "low": groups.quantile(0.25),
        "high": groups.quantile(0.75),
        "peers": groups.count(),
    }
    result = own.merge(pd.DataFrame(peer).reset_index(), on=keys, how="left", validate="one_to_one")
    result["peers"] = result["peers"].fillna(0).astype(int)
    result["peers_missing"] = len(others) - result["peers"]
    beside = rows.merge(
        own[[*keys, "value"]], on=keys, suffixes=("", "_home"), validate="many_to_one"
    )
    below = (beside["value"] < beside["value_home"]) + 0.5 * (
        beside["value"] == beside["value_home"]
    )
    counted = below.groupby([beside[key] for key in keys], observed=True).sum()
    result = result.merge(
        counted.rename("below").reset_index(), on=keys, how="left", validate="one_to_one"
    )
    comparable = result["value"].notna() & (result["peers"] > 0)
    result["share_below"] = (result["below"] / result["peers"]).where(comparable)
    order = ["value", "median", "low", "high", "share_below", "peers", "peers_missing", "status"]
    result = result.sort_values(keys, ignore_index=True)[[*keys, *order]]
    result.attrs = dict(frame.attrs)
    return result
