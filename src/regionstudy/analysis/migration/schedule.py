"""At what age people come and leave, in a region against the country."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from regionstudy.analysis.checks import require_columns, require_unique
from regionstudy.analysis.migration.bands import age_limits
from regionstudy.analysis.migration.cohorts import cohort_net_migration, cohort_rates
from regionstudy.analysis.migration.groups import sum_regions
from regionstudy.analysis.statuses import MISSING, severity, words
from regionstudy.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["age_schedule", "schedule_deviation"]

_KEPT = ("region", "period", "sex", "kind", "flow")


def age_schedule(
    population_start: pd.DataFrame,
    population_end: pd.DataFrame,
    *,
    groups: Mapping[str, Sequence[str]] | None = None,
    country: str = "00",
    bands: Mapping[str, tuple[int, int]] | None = None,
    by: Sequence[str] = (),
) -> pd.DataFrame:
    """
    Give net migration by age between two years, beside the country's.

    Each cohort is followed over the whole span, and placed at its age at the end. The
    deviation from the country takes out most of what all regions share: deaths, and
    immigration to the country as a whole.

    Parameters
    ----------
    population_start, population_end : DataFrame
        Observations of one year each, same day of the year: ``region``, ``period``,
        ``age`` (single years), ``value``, ``status``.
    groups : mapping of str to sequence of str, optional
        Groups of regions to add, by name; summed first, then made a rate.
    country : str, default "00"
        Code of the country. Its own rows are used where they exist; else it is the
        sum of all regions, which must then be of one level.
    bands : mapping of str to tuple of int, optional
        Lowest and highest age at the end of each band, by its name; each single year
        of age where left out.
    by : sequence of str, default ()
        Breakdowns to keep apart, such as "sex".

    Returns
    -------
    DataFrame
        ``region`` (regions, groups and the country), those of `by`, ``period`` (the
        end), ``age`` (str: single year or band, at the end), ``net``,
        ``mean_population``, ``years``, ``rate_per_1000_year``, ``status``,
        ``country_rate`` and ``deviation`` (rate - country_rate; NaN where either is).

    Raises
    ------
    DataError
        If a frame is empty or holds more than one year, the years are not ascending,
        or regions of several levels stand where the country must be summed.

    References
    ----------
    Rogers & Castro (1981), Model Migration Schedules, IIASA RR-81-30 (why age matters).
    """
    start, end = (
        _one_year(frame, name)
        for frame, name in (
            (population_start, "population_start"),
            (population_end, "population_end"),
        )
    )
    if start >= end:
        msg = f"population_start is of {start} and population_end of {end}; swap them."
        raise DataError(msg)
    population = pd.concat([population_start, population_end], ignore_index=True)
    population["status"] = population["status"].astype(str)
    single = population["age"].astype(str).str.fullmatch(r"\d{1,3}")
    population = population[single]
    population = _with_groups(population, dict(groups or {}), country)
    oldest = int(population["age"].astype(int).max())
    youngest = int(population["age"].astype(int).min())
    net = cohort_net_migration(
        population, low=youngest, high=oldest - (int(end) - int(start)), by=by
    )
    if bands is None:
        bands = {str(age): (age, age) for age in np.unique(net["age"]).tolist()}
    rates = cohort_rates(net, bands=bands, by=by)
    keys = [*by, "period", "age"]
    own = rates.loc[rates["region"] == country, [*keys, "rate_per_1000_year"]]
    own = own.rename(columns={"rate_per_1000_year": "country_rate"})
    result = rates.merge(own, on=keys, how="left", validate="many_to_one")
    result["deviation"] = result["rate_per_1000_year"] - result["country_rate"]
    result.attrs = {**population_start.attrs, "notes": net.attrs["notes"]}
    return result


def _one_year(frame: pd.DataFrame, name: str) -> str:
    require_columns(frame, ["region", "period", "age", "value", "status"], name=name)
    found = sorted(frame["period"].astype(str).unique())
    if len(found) != 1:
        shown = ", ".join(found[:5]) or "none"
        msg = f"{name} must hold one year; it holds: {shown}."
        raise DataError(msg)
    return str(found[0])


def _with_groups(
    population: pd.DataFrame, groups: dict[str, Sequence[str]], country: str
) -> pd.DataFrame:
    codes = sorted(population["region"].astype(str).unique())
    if country not in codes and country not in groups:
        if len({len(code) for code in codes}) > 1:
            msg = (
                f'population lacks the country "{country}" and holds regions of several levels, '
                "which cannot be summed to it; keep one level, or name its parts in groups."
            )
            raise DataError(msg)
        groups[country] = codes
    if not groups:
        return population
    return pd.concat([population, sum_regions(population, groups=groups)], ignore_index=True)


def schedule_deviation(
    rates: pd.DataFrame,
    reference: pd.DataFrame,
    *,
    low: int = 20,
    high: int = 34,
) -> pd.DataFrame:
    """
    Set a region's rates by age against the country's or its peers', age by age and in all.

    ``deviation = rate - reference``; ``index = 100 * rate / reference``. Over all of the ages
    the rates are summed first: ``Σ rate`` is how many moves one makes who lives through them.

    Parameters
    ----------
    rates, reference : DataFrame
        ``age`` (single years or the same bands in both), ``value``, optionally ``status``;
        `rates` may have ``region``, ``period``, ``sex``, ``kind`` and ``flow``, which are
        kept apart.
    low, high : int, default 20 and 34
        Lowest and highest age.

    Returns
    -------
    DataFrame
        Those kept apart, ``age`` ("all" last), ``value``, ``reference``, ``deviation``,
        ``index`` (NaN where the reference is not above 0), ``status``. NaN with ".." where
        either is missing, and in "all" where any age is.

    Raises
    ------
    DataError
        If a column is absent, rows repeat, or an age of either frame has no partner.

    Examples
    --------
    >>> home = pd.DataFrame({"age": ["20", "21"], "value": [120.0, 90.0]})
    >>> country = pd.DataFrame({"age": ["20", "21"], "value": [80.0, 90.0]})
    >>> schedule_deviation(home, country, low=20, high=21)[["age", "deviation", "index"]].round(1)
       age  deviation  index
    0   20       40.0  150.0
    1   21        0.0  100.0
    2  all       40.0  123.5
    """
    own = _between(rates, low, high, "rates")
    other = _between(reference, low, high, "reference")
    require_unique(other, ["age"], name="reference")
    kept = [name for name in _KEPT if name in own.columns]
    require_unique(own, [*kept, "age"], name="rates")
    lone = sorted(set(own["age"]) ^ set(other["age"]))
    if lone:
        msg = (
            f"The ages {', '.join(lone[:5])} stand in one of rates and reference only; give both "
            "the same ages."
        )
        raise DataError(msg)
    joined = own.merge(
        other[["age", "value", "severity"]].rename(
            columns={"value": "reference", "severity": "severity_reference"}
        ),
        on="age",
        how="left",
        validate="many_to_one",
    )
    joined["severity"] = joined[["severity", "severity_reference"]].max(axis=1)
    together = (
        joined.assign(kept="")
        .groupby(["kept", *kept], as_index=False, observed=True)
        .agg(value=("value", "sum"), reference=("reference", "sum"), severity=("severity", "max"))
        .assign(age="all", first=np.inf)
    )
    result = pd.concat([joined, together], ignore_index=True)
    known = result["severity"] < MISSING
    result[["value", "reference"]] = result[["value", "reference"]].where(known)
    result["deviation"] = result["value"] - result["reference"]
    result["index"] = 100 * result["value"] / result["reference"].where(result["reference"] > 0)
    result["status"] = words(result["severity"].to_numpy(dtype=np.int8))
    result = result.sort_values([*kept, "first"], kind="stable", ignore_index=True)
    result = result[[*kept, "age", "value", "reference", "deviation", "index", "status"]]
    result.attrs = dict(rates.attrs)
    return result


def _between(frame: pd.DataFrame, low: int, high: int, name: str) -> pd.DataFrame:
    require_columns(frame, ["age", "value"], name=name)
    limits = frame["age"].astype(str).map(age_limits)
    inside = np.array([span is not None and low <= span[0] and span[1] <= high for span in limits])
    if not inside.any():
        msg = f"{name} has no ages among {low}-{high}; fetch rates by age, or choose other limits."
        raise DataError(msg)
    rows = frame[inside]
    code = severity(rows["status"]) if "status" in rows.columns else 0
    listed = [name for name in _KEPT if name in rows.columns]
    return rows[[*listed, "age", "value"]].assign(
        age=rows["age"].astype(str),
        severity=np.where(rows["value"].isna(), MISSING, code),
        first=[float(span[0]) for span in limits[inside]],
    )
