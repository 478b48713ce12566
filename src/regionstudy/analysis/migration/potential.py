"""
Return potential: how many of a region's 18-year-olds are left later, and where it is known.

`cohort_survivors` follows real cohorts wherever each year has figures by age. These
functions say which part of that curve is known, read it at chosen ages, and, where only
two years have all ages, make the curve of a cohort that would live through what all ages
did between them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from regionstudy.analysis.checks import require_columns
from regionstudy.analysis.migration.cube import read_cube
from regionstudy.analysis.statuses import MISSING, NOT_APPLICABLE, severity, words
from regionstudy.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["known_ages", "remaining_at", "synthetic_cohort"]

_ESTIMATED = 3
_NOTES = ["synthetic_cohort", "not_the_same_people", "deaths_ignored", "immigration_included"]


def synthetic_cohort(
    population: pd.DataFrame,
    *,
    from_age: int = 18,
    to_age: int = 40,
    start: int | None = None,
    end: int | None = None,
) -> pd.DataFrame:
    """
    Chain what every age did between two years into the curve of one made-up cohort.

    With k years between, the yearly ratio at age x is
    ``r(x) = (Σ P_end(a + k) / Σ P_start(a)) ** (1 / k)``, summed over the cohorts that were
    aged x on the way, a = x - k + 1, ..., x; ``share(x + 1) = share(x) * r(x)``. With k = 1
    it is P_end(x + 1) / P_start(x). With more, what happens at one age, such as leaving
    school, is spread over the k ages around it: the curve is smoother than life.

    No real cohort lives through it: it says what would be left if the years between `start`
    and `end` went on, with their immigration and their refugees.

    Parameters
    ----------
    population : DataFrame
        Observations: ``region``, ``period`` (years), ``age`` (single years), ``value``
        (persons at the same day of each year), ``status``; sexes are summed.
    from_age, to_age : int, default 18 and 40
        First and last age of the curve.
    start, end : int, optional
        The two years; without them, the last two in the frame.

    Returns
    -------
    DataFrame
        ``region``, ``age``, ``share`` (1 at `from_age`), ``years`` (between the two),
        ``status`` "i", as it is an estimate; NaN with ".." from the age on that a figure
        is missing for, "." from where a cohort was empty.

    Raises
    ------
    DataError
        If the ages or years are not in order or not in the frame, or the frame is not as
        described.

    References
    ----------
    Preston, Heuveline & Guillot (2001), Demography, ch. 3 (synthetic cohorts) and 11.

    Examples
    --------
    >>> people = pd.DataFrame({"region": "2281", "period": ["2018", "2018", "2019", "2019"],
    ...     "age": ["18", "19", "19", "20"], "value": [100.0, 80.0, 90.0, 88.0], "status": ""})
    >>> synthetic_cohort(people, to_age=20)[["age", "share"]].round(2)
       age  share
    0   18   1.00
    1   19   0.90
    2   20   0.99
    """
    if not 0 <= from_age < to_age:
        msg = f"from_age={from_age} and to_age={to_age} are no span of ages; give 18 and 40."
        raise DataError(msg)
    cube = read_cube(population)
    first, last = _two_years(cube.periods.tolist(), start, end)
    gap = last - first
    if from_age not in cube.ages:
        msg = (
            f"from_age={from_age} is not among the ages of population "
            f"({cube.ages[0]}-{cube.ages[-1]})."
        )
        raise DataError(msg)
    begun = np.arange(from_age - gap + 1, to_age)
    before, code_before = cube.at(first, begun)
    after, code_after = cube.at(last, begun + gap)
    windows = np.lib.stride_tricks.sliding_window_view
    steps = to_age - from_age
    sums = [windows(half, gap, axis=1)[:, :steps].sum(axis=-1) for half in (before, after)]
    worst = windows(np.maximum(code_before, code_after), gap, axis=1)[:, :steps].max(axis=-1)
    empty = (worst < MISSING) & (sums[0] == 0)
    ratio = np.divide(sums[1], sums[0], out=np.full(sums[0].shape, np.nan), where=sums[0] > 0)
    share = np.cumprod(np.hstack([np.ones((len(ratio), 1)), ratio ** (1 / gap)]), axis=1)
    # What is unknown at one age stays so at all after it: the chain is cut.
    code = np.where(empty, NOT_APPLICABLE, np.where(worst >= MISSING, MISSING, _ESTIMATED))
    code = np.maximum.accumulate(np.hstack([np.full((len(code), 1), _ESTIMATED), code]), axis=1)
    ages = np.arange(from_age, to_age + 1)
    rows = cube.keys.loc[cube.keys.index.repeat(len(ages))].reset_index(drop=True)
    result = rows.assign(
        age=np.tile(ages, len(cube.keys)),
        share=share.ravel(),
        years=gap,
        status=words(code.astype(np.int8)),
    )
    result.attrs = {**population.attrs, "notes": list(_NOTES)}
    return result


def _two_years(periods: Sequence[int], start: int | None, end: int | None) -> tuple[int, int]:
    there = ", ".join(str(period) for period in periods)
    if len(periods) < 2:
        msg = f"population holds one year only ({there}); a synthetic cohort needs two."
        raise DataError(msg)
    last = periods[-1] if end is None else end
    earlier = [period for period in periods if period < last]
    first = start if start is not None else earlier[-1] if earlier else last
    absent = [year for year in (first, last) if year not in periods]
    if absent or first >= last:
        msg = (
            f"start={first} and end={last} are not two years of population in order; it has: "
            f"{there}."
        )
        raise DataError(msg)
    return first, last


def remaining_at(survivors: pd.DataFrame, *, ages: Sequence[int] = (25, 30, 40)) -> pd.DataFrame:
    """
    Read at chosen ages how much of a cohort is left, from the newest that has got there.

    Parameters
    ----------
    survivors : DataFrame
        As `cohort_survivors` or `synthetic_cohort` gives it.
    ages : sequence of int, default (25, 30, 40)
        The ages.

    Returns
    -------
    DataFrame
        A row a region and age: ``region``, ``age``, ``cohort`` (year of birth, <NA> in a
        synthetic cohort), ``share``, ``change`` (per cent since the first age), ``status``.
        NaN with ".." at an age that no cohort with figures has reached.

    Raises
    ------
    DataError
        If a column is absent or no age is given.

    Examples
    --------
    >>> followed = pd.DataFrame({"region": "2281", "cohort": [1978, 1979], "age": [25, 25],
    ...     "share": [0.9, 0.8], "status": ""})
    >>> remaining_at(followed, ages=[25, 40])[["age", "cohort", "share", "status"]]
       age  cohort  share status
    0   25    1979    0.8
    1   40    <NA>    NaN     ..
    """
    require_columns(survivors, ["region", "age", "share", "status"], name="survivors")
    if not len(ages):
        raise DataError("ages is empty; name the ages to read the curve at, such as 25, 30, 40.")
    known = survivors[_is_known(survivors) & survivors["age"].isin(list(ages))]
    if "cohort" not in known.columns:
        known = known.assign(cohort=pd.Series(pd.NA, index=known.index, dtype="Int64"))
    newest = known.sort_values("cohort").drop_duplicates(["region", "age"], keep="last")
    every = pd.MultiIndex.from_product(
        [sorted(survivors["region"].unique()), sorted(set(ages))], names=["region", "age"]
    ).to_frame(index=False)
    result = every.merge(
        newest[["region", "age", "cohort", "share", "status"]],
        on=["region", "age"],
        how="left",
        validate="one_to_one",
    )
    result["cohort"] = result["cohort"].astype("Int64")
    result["change"] = 100 * (result["share"] - 1)
    result["status"] = result["status"].astype(object).fillna("..")
    result = result[["region", "age", "cohort", "share", "change", "status"]]
    result.attrs = dict(survivors.attrs)
    return result


def _is_known(survivors: pd.DataFrame) -> pd.Series:
    return survivors["share"].notna() & (severity(survivors["status"]) < MISSING)


def known_ages(survivors: pd.DataFrame) -> pd.DataFrame:
    """
    Say at which ages the curve is known, and by how many cohorts.

    Parameters
    ----------
    survivors : DataFrame
        As `cohort_survivors` gives it.

    Returns
    -------
    DataFrame
        A row a region and age of the frame: ``region``, ``age``, ``cohorts`` (with a figure
        there), ``reached`` (cohorts old enough), ``first_cohort``, ``last_cohort`` (years of
        birth of those with a figure, <NA> where none has).

    Raises
    ------
    DataError
        If a column is absent.

    Examples
    --------
    >>> followed = pd.DataFrame({"region": "2281", "cohort": [1978, 1978, 1979],
    ...     "age": [20, 21, 20], "share": [1.0, float("nan"), 1.0], "status": ["", "..", ""]})
    >>> known_ages(followed)[["age", "cohorts", "reached", "last_cohort"]]
       age  cohorts  reached  last_cohort
    0   20        2        2         1979
    1   21        0        1         <NA>
    """
    require_columns(survivors, ["region", "cohort", "age", "share", "status"], name="survivors")
    known = _is_known(survivors)
    rows = survivors.assign(known=known, born=survivors["cohort"].astype("Int64").where(known))
    result = rows.groupby(["region", "age"], as_index=False, observed=True).agg(
        cohorts=("known", "sum"),
        reached=("cohort", "nunique"),
        first_cohort=("born", "min"),
        last_cohort=("born", "max"),
    )
    result.attrs = dict(survivors.attrs)
    return result
