"""Gross and net migration rates: domestic, from abroad and within the county told apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from regionstudy.analysis.checks import require_columns, require_unique
from regionstudy.analysis.migration.bands import age_limits, sum_ages
from regionstudy.analysis.migration.flows import rates
from regionstudy.analysis.migration.moves import read_moves
from regionstudy.analysis.statuses import MISSING, severity, words
from regionstudy.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

__all__ = ["count_interval", "gross_rates"]

_BREAKDOWNS = ("age", "sex")


def count_interval(
    count: NDArray[np.float64] | pd.Series[float], *, level: float = 0.95
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """
    Give the exact interval for the mean of a Poisson count.

    ``low = gammainc⁻¹(k, α / 2)`` and ``high = gammainc⁻¹(k + 1, 1 - α / 2)``, where
    ``α = 1 - level``; the low end for a count of 0 is 0.

    Parameters
    ----------
    count : array of float, shape (n,)
        Counts; NaN where missing.
    level : float, default 0.95
        Share of such intervals that hold the mean, at the least.

    Returns
    -------
    tuple of ndarray
        Low and high ends, NaN where the count is.

    Raises
    ------
    DataError
        If `level` is not between 0 and 1.

    References
    ----------
    Garwood (1936), Fiducial limits for the Poisson distribution, Biometrika 28, 437-442.

    Examples
    --------
    >>> low, high = count_interval(np.array([0.0, 10.0]))
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.0, 4.795], [3.689, 18.39])
    """
    if not 0 < level < 1:
        msg = f"level={level} is not a share between 0 and 1, such as 0.95."
        raise DataError(msg)
    counted = np.asarray(count, dtype=np.float64)
    tail = (1 - level) / 2
    # The inverse at 0 is not defined, though its limit, 0, is.
    from scipy import special  # longer to import than flows take to net

    low = np.where(counted == 0, 0.0, special.gammaincinv(np.maximum(counted, 1e-9), tail))
    high = special.gammaincinv(counted + 1, 1 - tail)
    return low, np.asarray(high, dtype=np.float64)


def gross_rates(
    moves: pd.DataFrame,
    population: pd.DataFrame,
    *,
    bands: Mapping[str, tuple[int, int]] | None = None,
    by: Sequence[str] = (),
    level: float = 0.95,
) -> pd.DataFrame:
    """
    Give in-, out- and net migration per 1,000 mean population, by kind.

    ``rate = 1000 * persons / ((P(t - 1) + P(t)) / 2)`` with P at year end in the same
    region, age and sex. The interval of in and out is that of a Poisson count
    (`count_interval`); that of the net combines both by the method of variance estimates
    recovery: ``net - √((in - in_low)² + (out_high - out)²)`` and
    ``net + √((in_high - in)² + (out - out_low)²)``.

    The registers count everyone, so that the interval is no sampling error. It says how
    much the rate could differ by chance if people moved one by one; as families and
    friends move together, true chance is wider. Noise from 2025 (CKM) is not in it.

    Parameters
    ----------
    moves : DataFrame
        As `read_moves` takes them.
    population : DataFrame
        Population at year end: ``region``, ``period``, ``value``, ``status``, and ``age``
        and ``sex`` where there are any; years before and from 2025 one after another.
    bands : mapping of str to tuple of int, optional
        Lowest and highest age of each band, by its name; without it, each age that is
        published in both frames, "total" among them.
    by : sequence of str, default ()
        "age", "sex" or both: what to keep apart. The total is taken of the others.
    level : float, default 0.95
        Coverage of the intervals.

    Returns
    -------
    DataFrame
        ``region``, those of `by`, ``period``, ``kind`` (see `KINDS`), ``flow`` ("in",
        "out", "net"), ``persons``, ``mean_population``, ``value`` (per 1,000), ``low``,
        ``high``, ``cells`` (published figures behind the persons), ``status``. NaN with
        ".." where a part is missing, and "." where nobody lives.
        ``attrs["notes"]`` has "interval_of_counts".

    Raises
    ------
    DataError
        If a column is absent, `by` names another breakdown or `bands` stand without
        "age", no row is left, or the frames are not as described.

    References
    ----------
    Zou & Donner (2008), Construction of confidence limits about effect measures,
    Statistics in Medicine 27(10), 1693-1702 (the difference); Bell et al. (2002),
    Cross-national comparison of internal migration, J. Royal Statistical Society A
    165(3), 435-464 (rates).

    Examples
    --------
    >>> moves = pd.DataFrame({"region": "2281", "period": "2019", "value": [3000.0, 2800.0],
    ...     "indicator": ["migration_in_domestic", "migration_out_domestic"], "status": ""})
    >>> people = pd.DataFrame({"region": "2281", "period": ["2018", "2019"],
    ...     "value": [98850.0, 99449.0], "status": ""})
    >>> gross_rates(moves, people)[["kind", "flow", "value", "low", "high"]].round(1)
           kind flow  value   low  high
    0  domestic   in   30.3  29.2  31.4
    1  domestic  net    2.0   0.5   3.5
    2  domestic  out   28.2  27.2  29.3
    """
    kept = list(by)
    _require_breakdowns(kept, bands)
    counts = _chosen(read_moves(_wanted(moves, kept, bands)), kept, bands)
    residents = _chosen(_residents(_wanted(population, kept, bands)), kept, bands)
    residents = residents.drop(columns="cells")
    if counts.empty:
        msg = f"moves has no row left by {', '.join(kept) or 'totals'}; are ages or sexes missing?"
        raise DataError(msg)
    joined = _both_ways(counts, ["region", *kept, "period", "kind"])
    low, high = _intervals(joined, level)
    parts = []
    for flow in ("in", "out", "net"):
        persons = joined.assign(
            flow=flow,
            value=joined[flow],
            persons=joined[flow],
            cells=joined[f"cells_{flow}"],
            low_persons=low[flow],
            high_persons=high[flow],
            status=words(joined[f"severity_{flow}"].to_numpy(dtype=np.int8)),
        )
        parts.append(persons[persons[f"cells_{flow}"] > 0])
    rated = rates(pd.concat(parts, ignore_index=True), residents)
    there = rated["value"].notna()
    for end in ("low", "high"):
        rated[end] = (1000 * rated[f"{end}_persons"] / rated["mean_population"]).where(there)
    keys = ["region", *kept, "period", "kind", "flow"]
    columns = ["persons", "mean_population", "value", "low", "high", "cells", "status"]
    result = rated.sort_values(keys, ignore_index=True)[[*keys, *columns]]
    sources = [frame.attrs.get("provenance", {}) for frame in (moves, population)]
    result.attrs = {
        **moves.attrs,
        "provenance": {**sources[0], **sources[1]},
        "notes": [*moves.attrs.get("notes", []), "interval_of_counts"],
    }
    return result


def _require_breakdowns(kept: list[str], bands: Mapping[str, tuple[int, int]] | None) -> None:
    other = [name for name in kept if name not in _BREAKDOWNS]
    if other:
        msg = f"by={kept} names {', '.join(other)}; moves can be kept apart by age and sex."
        raise DataError(msg)
    if bands is not None and "age" not in kept:
        msg = 'bands are given, but by lacks "age"; add it, or leave bands out.'
        raise DataError(msg)


def _wanted(
    frame: pd.DataFrame, kept: list[str], bands: Mapping[str, tuple[int, int]] | None
) -> pd.DataFrame:
    """Leave out ages that nothing is asked of, before any work is done on them."""
    if "age" not in frame.columns or ("age" in kept and bands is None):
        return frame
    codes, ages = pd.factorize(frame["age"].astype(object).fillna("total"))
    if "age" in kept:
        asked = (bands or {}).values()
        limits = [age_limits(str(age)) for age in ages]
        inside = [
            span is not None and any(span[0] <= high and low <= span[1] for low, high in asked)
            for span in limits
        ]
    else:
        inside = [age in ("total", "") for age in ages]
    rows = frame[np.asarray(inside, dtype=bool)[codes]] if len(ages) else frame
    # With nothing left, what is wrong is said where all rows are read.
    return rows if len(rows) else frame


def _residents(population: pd.DataFrame) -> pd.DataFrame:
    """Give residents with age and sex, both sexes together summed where not published."""
    require_columns(population, ["region", "period", "value", "status"], name="population")
    filled = population.assign(
        **{
            name: population[name].astype(object).fillna("total").astype(str)
            if name in population.columns
            else "total"
            for name in _BREAKDOWNS
        }
    )
    keys = ["region", "period", *_BREAKDOWNS]
    filled = filled[[*keys, "value", "status"]]
    require_unique(filled, keys, name="population")
    code = np.where(filled["value"].isna(), MISSING, severity(filled["status"]))
    apart = filled.assign(severity=code)[filled["sex"].isin(["1", "2"])]
    summed = apart.groupby(["region", "period", "age"], as_index=False, observed=True).agg(
        value=("value", "sum"), severity=("severity", "max"), given=("sex", "size")
    )
    code = summed["severity"].where(summed["given"] == 2, MISSING).to_numpy(dtype=np.int8)
    both = summed.assign(
        sex="total", value=summed["value"].where(code < MISSING), status=words(code)
    )
    together = pd.concat([filled.astype({"status": object}), both.astype({"status": object})])
    # The published total stands first, and stays.
    together = together[[*keys, "value", "status"]].drop_duplicates(keys, ignore_index=True)
    return together.assign(cells=1)


def _chosen(
    counts: pd.DataFrame, kept: list[str], bands: Mapping[str, tuple[int, int]] | None
) -> pd.DataFrame:
    for name in _BREAKDOWNS:
        if name not in kept:
            counts = counts[counts[name] == "total"].drop(columns=name)
    return counts if bands is None else sum_ages(counts, bands=bands)


def _both_ways(counts: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Set in- and out-migration side by side; what has no row has no cells."""
    code = np.where(counts["value"].isna(), MISSING, severity(counts["status"]))
    rows = counts.assign(severity=code)
    sides = [
        rows.loc[rows["flow"] == flow, [*keys, "value", "cells", "severity"]].rename(
            columns={"value": flow, "cells": f"cells_{flow}", "severity": f"severity_{flow}"}
        )
        for flow in ("in", "out")
    ]
    joined = sides[0].merge(sides[1], on=keys, how="outer", validate="one_to_one")
    for flow in ("in", "out"):
        joined[f"cells_{flow}"] = joined[f"cells_{flow}"].fillna(0).astype(int)
        joined[f"severity_{flow}"] = joined[f"severity_{flow}"].fillna(MISSING)
    both = (joined["cells_in"] > 0) & (joined["cells_out"] > 0)
    joined["net"] = joined["in"] - joined["out"]
    joined["cells_net"] = (joined["cells_in"] + joined["cells_out"]).where(both, 0)
    joined["severity_net"] = joined[["severity_in", "severity_out"]].max(axis=1)
    return joined


def _intervals(
    joined: pd.DataFrame, level: float
) -> tuple[dict[str, NDArray[np.float64]], dict[str, NDArray[np.float64]]]:
    low, high = {}, {}
    for flow in ("in", "out"):
        low[flow], high[flow] = count_interval(joined[flow], level=level)
    arrived, left = joined["in"].to_numpy(), joined["out"].to_numpy()
    net = arrived - left
    low["net"] = net - np.hypot(arrived - low["in"], high["out"] - left)
    high["net"] = net + np.hypot(high["in"] - arrived, left - low["out"])
    return low, high
