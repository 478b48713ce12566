"""
Birth cohorts followed through their twenties: how many remain, and when they grow again.

A cohort's size is who lives in the region at that age, not who was there before: those
who came count as much as those who never left. A share of 0.8 means that the cohort is
a fifth smaller, not that a fifth has left.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from regionstudy.analysis.checks import require_columns
from regionstudy.analysis.migration.cube import read_cube
from regionstudy.analysis.statuses import MISSING, NOT_APPLICABLE, severity, words
from regionstudy.errors import DataError

__all__ = ["cohort_curve", "cohort_survivors", "turning_points"]

_NOTES = ["not_the_same_people", "deaths_ignored", "immigration_included"]


def cohort_survivors(
    population: pd.DataFrame, *, from_age: int = 20, to_age: int | None = None
) -> pd.DataFrame:
    """
    Follow birth cohorts of each region through single years of age.

    Parameters
    ----------
    population : DataFrame
        Observations: ``region``, ``period`` (years), ``age`` (single years), ``value``
        (persons at year end), ``status``.
    from_age : int, default 20
        The age that later ages are compared with.
    to_age : int, optional
        The last age; without it, the highest in the frame.

    Returns
    -------
    DataFrame
        ``region``, ``cohort`` (year of birth), ``age``, ``period``, ``population``,
        ``share`` (of the cohort's size at `from_age`; 1 there), ``status``. A row for
        each age that a cohort reaches by the last year in the frame; NaN with ".."
        where no figure is, "." where the cohort was empty at `from_age`.

    Raises
    ------
    DataError
        If `from_age` is not among the ages, `to_age` is not above it, or the frame is
        not as described.

    Examples
    --------
    >>> people = pd.DataFrame({"region": "2281", "period": ["1998", "1999", "1999"],
    ...     "age": ["20", "20", "21"], "value": [1092.0, 1145.0, 1130.0], "status": ""})
    >>> cohort_survivors(people)[["cohort", "age", "population", "share"]].round(3)
       cohort  age  population  share
    0    1978   20      1092.0  1.000
    1    1978   21      1130.0  1.035
    2    1979   20      1145.0  1.000
    """
    cube = read_cube(population)
    last = int(cube.ages[-1]) if to_age is None else to_age
    ages = cube.ages[(cube.ages >= from_age) & (cube.ages <= last)]
    if last <= from_age:
        msg = f"to_age={last} is not above from_age={from_age}; a cohort needs two ages."
        raise DataError(msg)
    if from_age not in cube.ages:
        msg = (
            f"from_age={from_age} is not among the ages of population "
            f"({cube.ages[0]}-{cube.ages[-1]})."
        )
        raise DataError(msg)
    parts = []
    for first in cube.periods.tolist():
        reached = ages[first + ages - from_age <= cube.periods[-1]]
        cells = [cube.at(first + age - from_age, np.array([age])) for age in reached.tolist()]
        persons = np.hstack([values for values, _ in cells])
        status = np.hstack([codes for _, codes in cells])
        origin = persons[:, :1]
        share = np.divide(persons, origin, out=np.full_like(persons, np.nan), where=origin > 0)
        status = np.maximum(status, status[:, :1])
        status = np.where((origin == 0) & (status < MISSING), NOT_APPLICABLE, status)
        rows = cube.keys.loc[cube.keys.index.repeat(len(reached))].reset_index(drop=True)
        parts.append(
            rows.assign(
                cohort=first - from_age,
                age=np.tile(reached, len(cube.keys)),
                period=np.tile((first + reached - from_age).astype(str), len(cube.keys)),
                population=persons.ravel(),
                share=share.ravel(),
                status=words(status.astype(np.int8)),
            )
        )
    result = pd.concat(parts, ignore_index=True)
    result = result.sort_values(["region", "cohort", "age"], ignore_index=True)
    result.attrs = {**population.attrs, "notes": list(_NOTES)}
    return result


def cohort_curve(survivors: pd.DataFrame, *, first: int | None = None) -> pd.DataFrame:
    """
    Put all cohorts that are followed to the last age into one curve a region.

    Sizes are summed over cohorts before the share is taken, so that a small cohort
    does not weigh as much as a large one.

    Parameters
    ----------
    survivors : DataFrame
        As `cohort_survivors` gives it.
    first : int, optional
        Leave out cohorts born before this year.

    Returns
    -------
    DataFrame
        ``region``, ``age``, ``population`` (all cohorts), ``share`` (of the first age),
        ``cohorts`` (how many), ``status``. NaN with ".." where any cohort in it is
        missing at any age.

    Raises
    ------
    DataError
        If no cohort reaches the last age.
    """
    require_columns(survivors, ["region", "cohort", "age", "population", "status"])
    whole = survivors.loc[survivors["age"] == survivors["age"].max(), "cohort"]
    keep = survivors["cohort"].isin(whole.unique())
    if first is not None:
        keep &= survivors["cohort"] >= first
    rows = survivors[keep]
    if rows.empty:
        msg = f"No cohort born from {first} on is followed to the age of {survivors['age'].max()}."
        raise DataError(msg)
    rows = rows.assign(
        severity=np.where(rows["population"].isna(), MISSING, severity(rows["status"]))
    )
    curve = rows.groupby(["region", "age"], as_index=False, observed=True).agg(
        population=("population", "sum"),
        cohorts=("cohort", "nunique"),
        severity=("severity", "max"),
    )
    worst = curve.groupby("region")["severity"].transform("max")
    origin = curve.groupby("region")["population"].transform("first")
    known = worst < MISSING
    curve["population"] = curve["population"].where(known)
    curve["share"] = curve["population"] / origin.where(known & (origin > 0))
    curve["status"] = words(worst.to_numpy(dtype=np.int8))
    result = curve[["region", "age", "population", "share", "cohorts", "status"]]
    result.attrs = dict(survivors.attrs)
    return result


def turning_points(survivors: pd.DataFrame) -> pd.DataFrame:
    """
    Find the age at which each cohort is smallest, and grows from then on.

    Parameters
    ----------
    survivors : DataFrame
        As `cohort_survivors` or `cohort_curve` gives it.

    Returns
    -------
    DataFrame
        ``region`` (and ``cohort`` where the frame has it), ``lowest_age``,
        ``lowest_share``, ``last_age``, ``last_share``, ``turns_at`` (age from which the
        curve rises; NaN with status "." where it is no higher at the last age, so that
        no turn has been seen), ``status``. ".." where any age of the cohort is missing.

    Examples
    --------
    >>> curve = pd.DataFrame({"region": "2281", "age": [20, 21, 22, 23],
    ...     "share": [1.0, 0.9, 0.8, 0.85], "status": ""})
    >>> turning_points(curve)[["lowest_age", "lowest_share", "turns_at"]]
       lowest_age  lowest_share  turns_at
    0        22.0           0.8      22.0
    """
    require_columns(survivors, ["region", "age", "share", "status"])
    keys = ["region", "cohort"] if "cohort" in survivors.columns else ["region"]
    rows = survivors.sort_values([*keys, "age"], ignore_index=True)
    rows = rows.assign(severity=np.where(rows["share"].isna(), MISSING, severity(rows["status"])))
    groups = rows.groupby(keys, sort=True, observed=True)
    result = groups.agg(
        last_age=("age", "last"), last_share=("share", "last"), severity=("severity", "max")
    )
    # The earliest age where several are equally low: the first row after sorting by both.
    lowest = (
        rows.sort_values(["share", "age"], na_position="last")
        .groupby(keys, observed=True)[["age", "share"]]
        .first()
        .rename(columns={"age": "lowest_age", "share": "lowest_share"})
    )
    result = result.join(lowest, validate="one_to_one").reset_index()
    known = result["severity"] < MISSING
    result["lowest_age"] = result["lowest_age"].astype(float).where(known)
    result[["lowest_share", "last_share"]] = result[["lowest_share", "last_share"]].where(known)
    turned = known & (result["last_share"] > result["lowest_share"])
    result["turns_at"] = result["lowest_age"].where(turned)
    codes = result["severity"].where(~known | turned, NOT_APPLICABLE)
    result["status"] = words(codes.to_numpy(dtype=np.int8))
    result.attrs = dict(survivors.attrs)
    columns = ["lowest_age", "lowest_share", "last_age", "last_share", "turns_at", "status"]
    return result[[*keys, *columns]]
