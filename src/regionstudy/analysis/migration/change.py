"""What makes a population change: births less deaths, migration, and adjustment."""

from __future__ import annotations

import numpy as np
import pandas as pd

from regionstudy.analysis.checks import require_columns, require_unique, years
from regionstudy.analysis.statuses import MISSING, severity, words
from regionstudy.errors import DataError

__all__ = ["decompose_change", "persons_from_rates", "sum_years"]


def persons_from_rates(
    rate: pd.DataFrame, population: pd.DataFrame, *, decimals: int
) -> pd.DataFrame:
    """
    Turn published rates per 1,000 residents at year end back into persons.

    Parameters
    ----------
    rate : DataFrame
        ``region``, ``period``, ``value`` (per 1,000 at the end of the same year),
        ``status``.
    population : DataFrame
        Population at year end: ``region``, ``period``, ``value``, ``status``.
    decimals : int
        Decimals that the rates were rounded to; sets how exact the persons can be.

    Returns
    -------
    DataFrame
        ``region``, ``period``, ``value`` (persons, the nearest whole), ``margin``
        (persons by which rounding can have moved it), ``status``.

    Raises
    ------
    DataError
        If a column is absent or rows repeat.

    Examples
    --------
    >>> rate = pd.DataFrame({"region": ["2281"], "period": ["2019"], "value": [4.53],
    ...     "status": [""]})
    >>> people = pd.DataFrame({"region": ["2281"], "period": ["2019"],
    ...     "value": [99449.0], "status": [""]})
    >>> persons_from_rates(rate, people, decimals=2)[["value", "margin"]].round(1)
       value  margin
    0  451.0     0.5
    """
    columns = ["region", "period", "value", "status"]
    for frame, name in ((rate, "rate"), (population, "population")):
        require_columns(frame, columns, name=name)
        require_unique(frame, ["region", "period"], name=name)
    joined = rate[columns].merge(
        population[columns],
        on=["region", "period"],
        how="left",
        suffixes=("", "_population"),
        validate="one_to_one",
    )
    people = joined["value_population"]
    code = np.maximum(
        severity(joined["status"]),
        severity(joined["status_population"].astype(object).fillna("..")),
    )
    persons = joined["value"] * people / 1000
    code = np.where(persons.isna(), MISSING, code).astype(np.int8)
    known = code < MISSING
    result = joined[["region", "period"]].assign(
        value=persons.round().where(known),
        margin=(0.5 * 10.0**-decimals * people / 1000).where(known),
        status=words(code),
    )
    result.attrs = dict(rate.attrs)
    return result


def decompose_change(
    population: pd.DataFrame, natural: pd.DataFrame, migration: pd.DataFrame
) -> pd.DataFrame:
    """
    Split population change into natural change, net migration and adjustment.

    ``end - start = natural + net_migration + adjustment``, exactly: the adjustment is
    what the registers corrected afterwards, and noise added for protection.

    Parameters
    ----------
    population : DataFrame
        Population at year end: ``region``, ``period``, ``value``, ``status``.
    natural : DataFrame
        Births less deaths in the year, persons: the same columns.
    migration : DataFrame
        Net migration in the year, domestic and foreign, persons: the same columns.

    Returns
    -------
    DataFrame
        A row for each region and year of `migration`: ``region``, ``period``,
        ``start``, ``end``, ``change``, ``natural``, ``net_migration``,
        ``adjustment``, ``status``. A part that is missing stays NaN, and so does the
        adjustment then, with status "..". ``attrs["provenance"]`` names the sources of
        all three frames.

    Raises
    ------
    DataError
        If a column is absent, rows repeat, or a period is not a year.
    """
    columns = ["region", "period", "value", "status"]
    parts = {}
    for frame, name in ((population, "end"), (natural, "natural"), (migration, "net_migration")):
        called = "population" if name == "end" else name
        require_columns(frame, columns, name=called)
        require_unique(frame, ["region", "period"], name=called)
        parts[name] = pd.DataFrame(
            {
                "region": frame["region"].astype(str),
                "period": years(frame["period"], name=called),
                name: frame["value"],
                f"severity_{name}": np.where(
                    frame["value"].isna(), MISSING, severity(frame["status"])
                ),
            }
        )
    start = parts["end"].rename(columns={"end": "start", "severity_end": "severity_start"})
    start["period"] += 1
    result = parts["net_migration"]
    for part in (start, parts["end"], parts["natural"]):
        result = result.merge(part, on=["region", "period"], how="left", validate="one_to_one")
    severities = [name for name in result.columns if name.startswith("severity_")]
    code = result[severities].fillna(MISSING).max(axis=1).to_numpy(dtype=np.int8)
    result["change"] = result["end"] - result["start"]
    result["adjustment"] = result["change"] - result["natural"] - result["net_migration"]
    result["status"] = words(code)
    result["period"] = result["period"].astype(str)
    result = result.sort_values(["region", "period"], ignore_index=True)
    sources = [frame.attrs.get("provenance", {}) for frame in (population, natural, migration)]
    result.attrs = {**population.attrs, "provenance": {k: v for s in sources for k, v in s.items()}}
    order = ["start", "end", "change", "natural", "net_migration", "adjustment", "status"]
    return result[["region", "period", *order]]


def sum_years(parts: pd.DataFrame) -> pd.DataFrame:
    """
    Add yearly parts of population change up over the years given.

    Parameters
    ----------
    parts : DataFrame
        As `decompose_change` gives it, without gaps between years.

    Returns
    -------
    DataFrame
        A row a region: ``region``, ``first`` and ``last`` (years), ``start`` (before the
        first), ``end`` (of the last), ``change``, ``natural``, ``net_migration``,
        ``adjustment``, ``status``. A part is NaN where any year of it is missing, and
        then ``status`` is "..".

    Raises
    ------
    DataError
        If a column is absent, rows repeat, or a region lacks a year between its first
        and its last.
    """
    flows = ["change", "natural", "net_migration", "adjustment"]
    require_columns(parts, ["region", "period", "start", "end", *flows, "status"], name="parts")
    require_unique(parts, ["region", "period"], name="parts")
    rows = parts.assign(year=years(parts["period"], name="parts"))
    rows = rows.assign(severity=severity(rows["status"])).sort_values(["region", "year"])
    groups = rows.groupby("region", as_index=False)
    spans = groups["year"].agg(["min", "max", "size"])
    short = spans[spans["max"] - spans["min"] + 1 != spans["size"]]
    if not short.empty:
        msg = (
            f"parts lacks years of region {short['region'].iloc[0]} between "
            f"{short['min'].iloc[0]} and {short['max'].iloc[0]}; a sum would leave them out."
        )
        raise DataError(msg)
    ends = groups.agg(
        first=("period", "first"), last=("period", "last"), severity=("severity", "max")
    )
    # head and tail, for groupby's own first and last pass over what is missing.
    ends["start"] = groups.head(1)["start"].to_numpy()
    ends["end"] = groups.tail(1)["end"].to_numpy()
    sums = rows.groupby("region")[flows].sum(skipna=False)
    result = ends.merge(sums.reset_index(), on="region", validate="one_to_one")
    result["status"] = words(result["severity"].to_numpy(dtype=np.int8))
    result = result[["region", "first", "last", "start", "end", *flows, "status"]]
    result.attrs = dict(parts.attrs)
    return result
