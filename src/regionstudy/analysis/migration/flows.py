"""Migration flows: in, out and net, and their rates on mean population."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from regionstudy.analysis.checks import require_columns, require_unique, years
from regionstudy.analysis.statuses import MISSING, NOT_APPLICABLE, severity, words
from regionstudy.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["net_migration", "rates", "require_gross"]

_ENDS = ("origin", "destination")
# The country and totals are no regions that people move between.
_WHOLES = {"00", "total"}


def net_migration(flows: pd.DataFrame) -> pd.DataFrame:
    """
    Count in-, out- and net migration of each region from flows between regions.

    Over a closed set of regions the nets sum to zero: who leaves one comes to another.

    Parameters
    ----------
    flows : DataFrame
        ``origin``, ``destination``, ``value`` (persons), optionally ``status`` and
        breakdowns such as ``period``, ``age``, ``sex``. People who stay (origin =
        destination) are not migrants and are left out. A pair without a row is a pair
        that nobody moved between.

    Returns
    -------
    DataFrame
        ``region``, the breakdowns, ``inmigration``, ``outmigration``,
        ``net_migration``, ``status``. A count is NaN, with status "..", where any flow
        in it is missing.

    Raises
    ------
    DataError
        If a column is absent, a flow repeats or is negative, or the country ("00") or a
        total stands among the regions.

    Examples
    --------
    >>> flows = pd.DataFrame({"origin": ["2281", "2262", "2281"],
    ...     "destination": ["2262", "2281", "2260"], "value": [30.0, 20.0, 5.0]})
    >>> net_migration(flows)[["region", "inmigration", "outmigration", "net_migration"]]
      region  inmigration  outmigration  net_migration
    0   2260          5.0           0.0            5.0
    1   2262         30.0          20.0           10.0
    2   2281         20.0          35.0          -15.0
    """
    require_columns(flows, ["origin", "destination", "value"], name="flows")
    kept = [name for name in flows.columns if name not in (*_ENDS, "value", "status", "indicator")]
    require_gross(flows, kept)
    code = severity(flows["status"]) if "status" in flows.columns else 0
    rows = flows.assign(
        **{name: flows[name].astype(str) for name in ("origin", "destination", *kept)},
        severity=np.where(flows["value"].isna(), MISSING, code),
    )
    between = rows[rows["origin"] != rows["destination"]]
    # Regions that nobody moved to or from have rows too: their nets are a true 0.
    everywhere = pd.concat(
        [rows.rename(columns={end: "region"})[["region", *kept]] for end in _ENDS]
    )
    result = everywhere.drop_duplicates().sort_values(["region", *kept], ignore_index=True)
    worst = np.zeros(len(result), dtype=np.int8)
    for column, end in (("inmigration", "destination"), ("outmigration", "origin")):
        result = result.merge(
            _sum_at(end, between, kept).rename(
                columns={"value": column, "severity": f"severity_{column}"}
            ),
            on=["region", *kept],
            how="left",
            validate="one_to_one",
        )
        # A pair without a row is a pair that nobody moved between, as said above.
        code = result.pop(f"severity_{column}").fillna(0).to_numpy(dtype=np.int8)
        result[column] = result[column].where(result[column].notna(), 0.0).where(code < MISSING)
        worst = np.maximum(worst, code)
    result["net_migration"] = result["inmigration"] - result["outmigration"]
    result["status"] = words(worst)
    result.attrs = dict(flows.attrs)
    return result


def require_gross(flows: pd.DataFrame, kept: Sequence[str]) -> None:
    """
    Check that flows are gross, each given once, and between regions of one level.

    Parameters
    ----------
    flows : DataFrame
        ``origin``, ``destination``, ``value`` and the breakdowns.
    kept : sequence of str
        Breakdowns that tell rows of one pair apart.

    Raises
    ------
    DataError
        If a flow repeats, is negative, or starts or ends in a whole ("00", "total").
    """
    require_unique(flows, [*_ENDS, *kept], name="flows")
    negative = flows.loc[flows["value"] < 0]
    if not negative.empty:
        first = negative.iloc[0]
        msg = (
            f"flows holds {first['value']:g} persons from {first['origin']} to "
            f"{first['destination']}; a flow is never negative (is it a net already?)."
        )
        raise DataError(msg)
    for end in _ENDS:
        wholes = sorted(set(flows[end].unique()) & _WHOLES)
        if wholes:
            msg = (
                f'flows has the {end} "{wholes[0]}" beside its parts; leave it out, or everyone '
                "is counted twice."
            )
            raise DataError(msg)


def _sum_at(end: str, between: pd.DataFrame, kept: list[str]) -> pd.DataFrame:
    keys = ["region", *kept]
    at_end = between.rename(columns={end: "region"}).groupby(keys, as_index=False)
    return at_end.agg(value=("value", "sum"), severity=("severity", "max"))


def rates(flows: pd.DataFrame, population: pd.DataFrame) -> pd.DataFrame:
    """
    Divide yearly counts by the mean population of the year, per 1,000.

    The mean population of a year is the mean of the population at its end and at the
    end of the year before.

    Parameters
    ----------
    flows : DataFrame
        Counts a year: ``region``, ``period``, ``value``, ``status`` and any
        breakdowns, such as ``flow``, ``age``, ``sex``.
    population : DataFrame
        Population at year end: ``region``, ``period``, ``value``, ``status``, and
        those of the breakdowns that the rate is to be taken within (the others must
        be chosen before).

    Returns
    -------
    DataFrame
        The columns of `flows`, with ``value`` per 1,000 mean population, and
        ``mean_population``. NaN with ".." where the count or either population is
        missing; NaN with "." where the mean population is 0.

    Raises
    ------
    DataError
        If a column is absent, rows repeat, or a period is not a year.

    Examples
    --------
    >>> moves = pd.DataFrame({"region": ["2281"], "period": ["2019"], "value": [451.0],
    ...     "status": [""]})
    >>> people = pd.DataFrame({"region": "2281", "period": ["2018", "2019"],
    ...     "value": [98850.0, 99449.0], "status": ""})
    >>> rates(moves, people)[["value", "mean_population"]].round(3)
       value  mean_population
    0  4.549          99149.5
    """
    require_columns(flows, ["region", "period", "value", "status"], name="flows")
    require_columns(population, ["region", "period", "value", "status"], name="population")
    within = [
        name
        for name in population.columns
        if name in flows.columns and name not in ("indicator", "period", "value", "status")
    ]
    mean = _mean_population(population, within)
    mean["period"] = mean["period"].astype(str)
    counts = flows.assign(**{name: flows[name].astype(str) for name in [*within, "period"]})
    joined = counts.merge(mean, on=[*within, "period"], how="left", validate="many_to_one")
    code = np.maximum(
        severity(joined["status"]), joined["severity"].fillna(MISSING).to_numpy(dtype=np.int8)
    )
    code = np.where(joined["value"].isna(), MISSING, code)
    nobody = (joined["mean_population"] == 0) & (code < MISSING)
    joined["value"] = (1000 * joined["value"] / joined["mean_population"]).where(
        (code < MISSING) & ~nobody
    )
    joined["status"] = words(np.where(nobody, NOT_APPLICABLE, code).astype(np.int8))
    result = joined[[*flows.columns, "mean_population"]]
    result.attrs = dict(flows.attrs)
    return result


def _mean_population(population: pd.DataFrame, within: Sequence[str]) -> pd.DataFrame:
    """Mean of two year ends; the row of year t is missing where t - 1 is."""
    ends = population.assign(
        **{name: population[name].astype(str) for name in within},
        period=years(population["period"], name="population"),
        severity=np.where(population["value"].isna(), MISSING, severity(population["status"])),
    )[[*within, "period", "value", "severity"]]
    require_unique(ends, [*within, "period"], name="population")
    before = ends.assign(period=ends["period"] + 1)
    both = ends.merge(
        before, on=[*within, "period"], how="left", suffixes=("", "_before"), validate="one_to_one"
    )
    both["mean_population"] = (both["value"] + both["value_before"]) / 2
    both["severity"] = both[["severity", "severity_before"]].max(axis=1, skipna=False)
    both["severity"] = both["severity"].fillna(MISSING)
    return both[[*within, "period", "mean_population", "severity"]]
