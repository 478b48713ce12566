"""Population by region, year and single year of age as an array."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from regionstudy.analysis.checks import require_columns, require_unique, years
from regionstudy.analysis.statuses import MISSING, severity, words
from regionstudy.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["PopulationCube", "read_cube"]


@dataclass(frozen=True)
class PopulationCube:
    """
    Population as an array: a layer a region (and group), a row a year, a column an age.

    Parameters
    ----------
    keys : DataFrame, shape (k, 1 + number of breakdowns)
        ``region`` and the breakdowns kept, a row a layer.
    periods : ndarray of int, shape (p,)
        The years, ascending.
    ages : ndarray of int, shape (a,)
        Every age from the lowest to the highest, in single years.
    values : ndarray of float, shape (k, p, a)
        Persons; NaN where none are given.
    statuses : ndarray of int, shape (k, p, a)
        Severity of each value's status, as `regionstudy.analysis.statuses` ranks them.
    """

    keys: pd.DataFrame
    periods: NDArray[np.int64]
    ages: NDArray[np.int64]
    values: NDArray[np.float64]
    statuses: NDArray[np.int8]

    def at(
        self, period: int, ages: NDArray[np.int64]
    ) -> tuple[NDArray[np.float64], NDArray[np.int8]]:
        """
        Give the persons of some ages in one year.

        Parameters
        ----------
        period : int
            The year; one that the cube does not hold is missing throughout.
        ages : ndarray of int, shape (n,)
            The ages; one that the cube does not hold is missing.

        Returns
        -------
        tuple of ndarray, each of shape (k, n)
            Persons, and the severities of their statuses.
        """
        shape = (len(self.keys), len(ages))
        values = np.full(shape, np.nan)
        statuses = np.full(shape, MISSING, dtype=np.int8)
        row = np.flatnonzero(self.periods == period)
        held = np.isin(ages, self.ages)
        if row.size:
            columns = ages[held] - self.ages[0]
            values[:, held] = self.values[:, row[0], :][:, columns]
            statuses[:, held] = self.statuses[:, row[0], :][:, columns]
        return values, statuses


def read_cube(population: pd.DataFrame, *, by: Sequence[str] = ()) -> PopulationCube:
    """
    Arrange population by single year of age as an array.

    Age groups ("20-24", "total", "100+") are left out: only people of one year of
    age can be followed. Both sexes together are the published total of a year and age
    that has one, else the sum of the two, which is missing where either is.

    Parameters
    ----------
    population : DataFrame
        Observations: ``region``, ``period`` (years), ``age``, ``value``, ``status``.
    by : sequence of str, default ()
        Breakdowns to keep apart, such as "sex".

    Returns
    -------
    PopulationCube
        Everything that single years of age say.

    Raises
    ------
    DataError
        If a column is absent, no single ages are there, a period is not a year, or
        rows repeat.
    """
    require_columns(
        population, ["region", "period", "age", "value", "status", *by], name="population"
    )
    single = population[population["age"].astype(str).str.fullmatch(r"\d{1,3}")]
    if single.empty:
        found = ", ".join(sorted(population["age"].astype(str).unique())[:5]) or "no rows"
        msg = f"population has no single years of age (found: {found}); cohorts need them."
        raise DataError(msg)
    if "sex" in single.columns and "sex" not in by:
        sex = single["sex"].astype(str)
        if not (sex == "total").any():
            return _both_sexes(single, by)
        single = _with_totals(single, ["region", *by, "period", "age"])
    return _fill(single, ["region", *by])


def _with_totals(single: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Keep published totals, and sum the sexes where there is none (years before 2025)."""
    rows = single.assign(**{key: single[key].astype(str) for key in [*keys, "sex"]})
    together = rows.loc[rows["sex"] == "total", [*keys, "value", "status"]]
    apart = rows[rows["sex"].isin(["1", "2"])]
    apart = apart.merge(together[keys], on=keys, how="left", indicator=True)
    apart = apart[apart["_merge"] == "left_only"]
    if apart.empty:
        return together
    code = np.where(apart["value"].isna(), MISSING, severity(apart["status"]))
    sums = (
        apart.assign(severity=code)
        .groupby(keys, as_index=False, observed=True)
        .agg(value=("value", "sum"), severity=("severity", "max"), given=("sex", "size"))
    )
    sums["severity"] = sums["severity"].where(sums["given"] == 2, MISSING)
    sums["status"] = words(sums["severity"].to_numpy(dtype=np.int8))
    return pd.concat(
        [
            frame[[*keys, "value", "status"]].astype({"status": object})
            for frame in (together, sums)
        ],
        ignore_index=True,
    )


def _both_sexes(single: pd.DataFrame, by: Sequence[str]) -> PopulationCube:
    apart = read_cube(single, by=[*by, "sex"])
    names = ["region", *by]
    layers = apart.keys.groupby(names, sort=True)
    group, together = layers.ngroup().to_numpy(), layers.size()
    shape = (len(together), *apart.statuses.shape[1:])
    values, statuses = np.zeros(shape), np.zeros(shape, dtype=np.int8)
    np.add.at(values, group, apart.values)
    np.maximum.at(statuses, group, apart.statuses)
    one_sex_only = together.to_numpy() < 2
    values[one_sex_only], statuses[one_sex_only] = np.nan, MISSING
    keys = apart.keys[names].drop_duplicates(ignore_index=True)
    return PopulationCube(keys, apart.periods, apart.ages, values, statuses)


def _fill(single: pd.DataFrame, names: list[str]) -> PopulationCube:
    frame = single.assign(
        **{name: single[name].astype(str) for name in names},
        age=single["age"].astype(str).astype(int),
        period=years(single["period"], name="population"),
    )
    require_unique(frame, [*names, "period", "age"], name="population")
    layer = frame.groupby(names, sort=True).ngroup().to_numpy()
    keys = frame[names].drop_duplicates().sort_values(names, ignore_index=True)
    periods, row = np.unique(frame["period"].to_numpy(), return_inverse=True)
    age = frame["age"].to_numpy()
    ages = np.arange(age.min(), age.max() + 1)
    shape = (len(keys), len(periods), len(ages))
    values = np.full(shape, np.nan)
    statuses = np.full(shape, MISSING, dtype=np.int8)
    cell = (layer, row, age - ages[0])
    values[cell] = frame["value"].to_numpy(dtype=float)
    statuses[cell] = severity(frame["status"])
    # A value that is not a number is missing, whatever its status says; and the reverse.
    lacking = np.isnan(values) | (statuses >= MISSING)
    values[lacking], statuses[lacking] = np.nan, MISSING
    return PopulationCube(keys, periods, ages, values, statuses)
