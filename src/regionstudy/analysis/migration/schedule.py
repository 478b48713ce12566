"""At what age people come and leave, in a region against the country."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from regionstudy.analysis.checks import require_columns
from regionstudy.analysis.migration.cohorts import cohort_net_migration, cohort_rates
from regionstudy.analysis.migration.groups import sum_regions
from regionstudy.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["age_schedule"]


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
