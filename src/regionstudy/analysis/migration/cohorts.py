"""
Net migration by the cohort method: who are more, or fewer, than a year ago.

The people aged a + k in a region are, after k years, those who were a before, less
who died, less who left, plus who came. Under 45 so few die that the difference is
read as net migration. It counts everyone who came or left, immigrants and placed
refugees included, and cannot tell ten who came and ten who left from nobody moving.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from regionstudy.analysis.checks import require_columns
from regionstudy.analysis.migration.cube import PopulationCube, read_cube
from regionstudy.analysis.statuses import MISSING, NOT_APPLICABLE, severity, words
from regionstudy.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["DEATHS_IGNORED_BELOW", "cohort_net_migration", "cohort_rates"]

# In Sweden fewer than 2 in 1,000 die a year up to this age: below what a municipality's
# migration varies by from year to year.
DEATHS_IGNORED_BELOW = 45
_REFUGEE_YEARS = (2015, 2016)


def cohort_net_migration(
    population: pd.DataFrame,
    *,
    low: int = 20,
    high: int = 29,
    by: Sequence[str] = (),
    breaks: Mapping[str, Sequence[str]] | None = None,
) -> pd.DataFrame:
    """
    Count net migration by the cohort method, between each year and the next available.

    Parameters
    ----------
    population : DataFrame
        Observations of one indicator: ``region``, ``period`` (years), ``age`` (single
        years), ``value`` (persons at the same day of each year), ``status``; ``sex``
        is summed unless named in `by`.
    low, high : int, default 20 and 29
        Ages at the start of the youngest and the oldest cohort followed.
    by : sequence of str, default ()
        Breakdowns to keep apart, such as "sex".
    breaks : mapping of str to sequence of str, optional
        For each region whose borders changed, the first years with the new borders
        ("0380": ["2003"] when Knivsta left Uppsala). A cohort is not followed across.

    Returns
    -------
    DataFrame
        ``region``, those of `by`, ``period`` (the end), ``age`` (at the end),
        ``start`` and ``end`` (persons), ``net`` (end - start), ``years`` (between
        them), ``status``. ``net`` is NaN with ".." where a part is missing or the
        borders changed. ``attrs["notes"]`` lists what the figures include and ignore.

    Raises
    ------
    DataError
        If fewer than two years are there, no cohort asked for can be followed, or
        the frame is not as described.

    References
    ----------
    Siegel & Swanson (2004), The Methods and Materials of Demography, 2nd ed., ch. 21
    (residual methods of measuring net migration).

    Examples
    --------
    >>> people = pd.DataFrame({"region": "2281", "period": ["1998", "1999"],
    ...     "age": ["20", "21"], "value": [1092.0, 1130.0], "status": ""})
    >>> cohort_net_migration(people, low=20, high=20)[["period", "age", "net", "years"]]
      period  age   net  years
    0   1999   21  38.0      1
    """
    if low > high or low < 0:
        msg = f"low={low} and high={high} are no range of ages; give 0 <= low <= high."
        raise DataError(msg)
    cube = read_cube(population, by=by)
    if len(cube.periods) < 2:
        only = ", ".join(str(period) for period in cube.periods)
        msg = f"population holds one year only ({only}); the cohort method needs two."
        raise DataError(msg)
    spans = list(pairwise(cube.periods.tolist()))
    ages = np.arange(low, high + 1)
    followed = [
        np.isin(ages, cube.ages).any() and np.isin(ages + end - start, cube.ages).any()
        for start, end in spans
    ]
    if not any(followed):
        msg = (
            f"No cohort aged {low}-{high} at the start can be followed: population has the "
            f"ages {cube.ages[0]}-{cube.ages[-1]}."
        )
        raise DataError(msg)
    result = pd.concat(
        [_follow(cube, start, end, ages, breaks or {}) for start, end in spans], ignore_index=True
    )
    result = result.sort_values(["region", *by, "period", "age"], ignore_index=True)
    result.attrs = dict(population.attrs)
    result.attrs["notes"] = _notes(spans, oldest=int(result["age"].max()))
    return result


def _follow(
    cube: PopulationCube,
    start: int,
    end: int,
    ages: np.ndarray,
    breaks: Mapping[str, Sequence[str]],
) -> pd.DataFrame:
    gap = end - start
    before, before_status = cube.at(start, ages)
    after, after_status = cube.at(end, ages + gap)
    changed = {
        region for region, firsts in breaks.items() if any(start < int(f) <= end for f in firsts)
    }
    across = cube.keys["region"].isin(changed).to_numpy()[:, np.newaxis]
    status = np.where(across, MISSING, np.maximum(before_status, after_status))
    net = np.where(status == MISSING, np.nan, after - before)
    rows = cube.keys.loc[cube.keys.index.repeat(len(ages))].reset_index(drop=True)
    return rows.assign(
        period=str(end),
        age=np.tile(ages + gap, len(cube.keys)),
        start=before.ravel(),
        end=after.ravel(),
        net=net.ravel(),
        years=gap,
        status=words(status.astype(np.int8)),
    )


def _notes(spans: Sequence[tuple[int, int]], *, oldest: int) -> list[str]:
    """Keys of what must be said beside the figures; figures put them into words."""
    notes = ["cohort_method", "immigration_included"]
    notes.append("deaths_ignored" if oldest <= DEATHS_IGNORED_BELOW else "deaths_included_above_45")
    if any(start < year <= end for start, end in spans for year in _REFUGEE_YEARS):
        notes.append("refugees_2015_2016")
    return notes


def cohort_rates(
    net: pd.DataFrame,
    *,
    bands: Mapping[str, tuple[int, int]] | None = None,
    by: Sequence[str] = (),
) -> pd.DataFrame:
    """
    Sum net migration over ages, as a rate on the mean of the cohorts.

    The rate is ``1000 * net / (years * (start + end) / 2)``: net migrants a year for
    each thousand in the cohorts, midway.

    Parameters
    ----------
    net : DataFrame
        As `cohort_net_migration` gives it: ``region``, ``period``, ``age``, ``start``,
        ``end``, ``net``, ``years``, ``status``.
    bands : mapping of str to tuple of int, optional
        Lowest and highest age at the end of each band, by its name; bands may
        overlap. All ages in one band where left out.
    by : sequence of str, default ()
        Breakdowns to keep apart, such as "sex".

    Returns
    -------
    DataFrame
        ``region``, those of `by`, ``period``, ``age`` (the band), ``net``,
        ``mean_population``, ``years``, ``rate_per_1000_year``, ``status``. All three
        figures are NaN with ".." where any age in the band is; the rate is NaN with
        "." where nobody is in the cohorts.

    Raises
    ------
    DataError
        If a column is absent, or a band has no ages in the frame.

    Examples
    --------
    >>> net = pd.DataFrame({"region": "2281", "period": "1999", "age": [21, 22],
    ...     "start": [1092.0, 1217.0], "end": [1130.0, 1204.0], "net": [38.0, -13.0],
    ...     "years": 1, "status": ""})
    >>> cohort_rates(net).round(2)[["age", "net", "mean_population", "rate_per_1000_year"]]
         age   net  mean_population  rate_per_1000_year
    0  21-22  25.0           2321.5               10.77
    """
    keys = ["region", *by, "period"]
    require_columns(net, [*keys, "age", "start", "end", "net", "years", "status"], name="net")
    youngest, oldest = int(net["age"].min()), int(net["age"].max())
    if bands is None:
        bands = {f"{youngest}-{oldest}": (youngest, oldest)}
    ages = np.unique(net["age"])
    for band, (lowest, highest) in bands.items():
        if not ((ages >= lowest) & (ages <= highest)).any():
            msg = (
                f'Band "{band}" ({lowest}-{highest}) has no ages; the cohorts are '
                f"{youngest}-{oldest} at the end."
            )
            raise DataError(msg)
    members = pd.DataFrame(
        [
            (band, int(age))
            for band, (lowest, highest) in bands.items()
            for age in ages[(ages >= lowest) & (ages <= highest)]
        ],
        columns=["band", "age"],
    )
    members["band"] = pd.Categorical(members["band"], categories=list(bands))
    # An age may lie in several bands, and stands in a row of every region and year.
    rows = net.merge(members, on="age", validate="many_to_many")
    result = _sum_bands(rows, ["band", *keys])
    result["age"] = result["band"].astype(str)
    columns = [*keys, "age", "net", "mean_population", "years", "rate_per_1000_year", "status"]
    result = result[columns]
    result.attrs = dict(net.attrs)
    return result


def _sum_bands(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    code = severity(rows["status"])
    rows = rows.assign(
        mean_population=(rows["start"] + rows["end"]) / 2,
        severity=np.where(rows["net"].isna(), MISSING, code),
    )
    summed = rows.groupby(keys, sort=True, observed=True, as_index=False).agg(
        net=("net", "sum"),
        mean_population=("mean_population", "sum"),
        years=("years", "first"),
        severity=("severity", "max"),
    )
    known = summed["severity"] < MISSING
    summed["net"] = summed["net"].where(known)
    summed["mean_population"] = summed["mean_population"].where(known)
    somebody = summed["mean_population"] > 0
    denominator = (summed["mean_population"] * summed["years"]).where(somebody)
    summed["rate_per_1000_year"] = 1000 * summed["net"] / denominator
    nobody = known & ~somebody
    summed["status"] = words(
        summed["severity"].where(~nobody, NOT_APPLICABLE).to_numpy(dtype=np.int8)
    )
    return summed
