"""
Projection from two counts alone: by how each cohort changed between them (Hamilton and Perry).

The ratios hold survival and net migration together and cannot tell them apart: they are no
death rates. A region that took in refugees between the two counts goes on doing so.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from regionstudy.analysis.checks import require_columns
from regionstudy.analysis.projection.arrays import (
    SEXES,
    WOMEN,
    People,
    lay_out,
    read_people,
    to_frame,
)
from regionstudy.errors import DataError

__all__ = ["cohort_change_ratios", "project_by_ratios"]

# The ages of women that children are counted against.
_MOTHERS = slice(15, 50)


def cohort_change_ratios(
    population_t0: pd.DataFrame, population_t1: pd.DataFrame, *, open_age: int = 90
) -> pd.DataFrame:
    """
    Estimate how each cohort changes by deaths and net migration together.

    For an age x of at least n, the years between the counts: P1(x) / P0(x - n). For
    younger ones, born in between: P1(x) / women of 15-49 at the second count.

    Parameters
    ----------
    population_t0, population_t1 : DataFrame
        Two counts on the same day of two years: ``region``, ``period``, ``sex`` ("1",
        "2"), ``age`` (single years from "0", the highest open), ``value``.
    open_age : int, default 90
        Everyone of this age and above is one group; above it municipalities have too
        few to divide by. At least 50.

    Returns
    -------
    DataFrame
        ``region``, ``sex``, ``age`` (at the second count), ``years`` (n), ``ratio``,
        ``kind`` ("cohort change" or "children per woman"), ``status`` "i". NaN with "."
        where nobody was there to change.

    Raises
    ------
    DataError
        If a frame is not as described, the two hold different regions, the second is not
        later (by fewer years than `open_age`), or `open_age` is below 50.

    References
    ----------
    Hamilton and Perry (1962), Social Forces 41(2), 163-170. Smith and Tayman (2003),
    Population Research and Policy Review 22(4), 295-316.

    Examples
    --------
    >>> ages = [*(str(age) for age in range(50)), "50+"]
    >>> first = pd.DataFrame({"region": "2281", "period": "2018", "sex": ["1"] * 51 + ["2"] * 51,
    ...     "age": ages * 2, "value": 100.0})
    >>> second = first.assign(period="2019", value=103.0)
    >>> found = cohort_change_ratios(first, second, open_age=50)
    >>> found[["age", "ratio", "kind"]].iloc[[0, 1, 50]].round(3)
        age  ratio                kind
    0     0  0.029  children per woman
    1     1  1.030       cohort change
    50  50+  0.515       cohort change
    """
    if open_age < _MOTHERS.stop:
        msg = f"open_age={open_age} hides who is a mother; give {_MOTHERS.stop} or more."
        raise DataError(msg)
    before = read_people(population_t0, open_age=open_age, name="population_t0")
    after = read_people(population_t1, open_age=open_age, name="population_t1")
    span = after.year - before.year
    if not 1 <= span < open_age:
        msg = (
            f"population_t1 is of {after.year}, population_t0 of {before.year}; the second must "
            f"be later, by fewer than {open_age} years."
        )
        raise DataError(msg)
    if before.regions != after.regions:
        lonely = sorted(set(before.regions) ^ set(after.regions))
        msg = f"region {lonely[0]} is in one count only ({len(lonely)} such); leave it out."
        raise DataError(msg)
    base = _base(before, span)
    mothers = after.persons[:, WOMEN, _MOTHERS].sum(axis=1)
    base[:, :, :span] = mothers[:, None, None]
    ratio = np.divide(after.persons, base, out=np.full_like(base, np.nan), where=base > 0)
    frame = to_frame(after, scenario="", status="i").drop(columns=["scenario", "period", "value"])
    young = np.broadcast_to(np.arange(len(after.ages)) < span, ratio.shape).ravel()
    result = frame.assign(
        years=span,
        ratio=ratio.ravel(),
        kind=np.where(young, "children per woman", "cohort change"),
        status=pd.Categorical(
            np.where(np.isnan(ratio.ravel()), ".", "i"), categories=["", "i", "."]
        ),
    )[["region", "sex", "age", "years", "ratio", "kind", "status"]]
    result.attrs = {
        **population_t1.attrs,
        "notes": ["Ratios hold deaths and net migration together; they are no survival rates."],
    }
    return result


def project_by_ratios(
    population: pd.DataFrame,
    ratios: pd.DataFrame,
    *,
    steps: int = 1,
    scenario: str = "as between the counts",
) -> pd.DataFrame:
    """
    Let a population go on changing as its cohorts did between two counts.

    Parameters
    ----------
    population : DataFrame
        At one time: ``region``, ``period``, ``sex``, ``age``, ``value``.
    ratios : DataFrame
        As `cohort_change_ratios` gives them, for the same regions.
    steps : int, default 1
        How many times the span between the two counts to go on; more than two or three
        say little.
    scenario : str
        What the assumption is called in the result.

    Returns
    -------
    DataFrame
        ``region``, ``scenario``, ``period``, ``sex``, ``age``, ``value``, ``status``: the
        population begun with (status "") and one after each step (status "i").

    Raises
    ------
    DataError
        If a frame is not as described, a region has no ratios, or a ratio is missing
        where people are.

    Examples
    --------
    >>> ages = [*(str(age) for age in range(50)), "50+"]
    >>> first = pd.DataFrame({"region": "2281", "period": "2018", "sex": ["1"] * 51 + ["2"] * 51,
    ...     "age": ages * 2, "value": 100.0})
    >>> second = first.assign(period="2019", value=110.0)
    >>> found = project_by_ratios(second, cohort_change_ratios(first, second, open_age=50))
    >>> found[(found["period"] == "2020") & (found["age"] == "20")]["value"].round(6).tolist()
    [121.0, 121.0]
    """
    if steps < 1:
        msg = f"steps={steps} is no number of steps; give 1 or more."
        raise DataError(msg)
    require_columns(ratios, ["region", "sex", "age", "years", "ratio"], name="ratios")
    span, open_age = _span(ratios)
    people = read_people(population, open_age=open_age)
    within = {"region": list(people.regions), "sex": list(SEXES), "age": list(people.ages)}
    # A ratio is missing where nobody was there at the first count, and told from a row
    # that is lacking by its sign.
    held = ratios.assign(value=ratios["ratio"].fillna(-1.0))[["region", "sex", "age", "value"]]
    factor = lay_out(held, within, name="ratios", signed=True)
    frames = [to_frame(people, scenario=scenario, status="")]
    for _ in range(steps):
        base = _base(people, span)
        base[:, :, :span] = 0
        unknown = (factor < 0) & (base > 0)
        if unknown.any():
            region, sex, age = (int(place[0]) for place in np.nonzero(unknown))
            msg = (
                f"ratios has none for region {people.regions[region]} (sex {SEXES[sex]}, age "
                f"{people.ages[age]}), where people are now; take a lower open_age."
            )
            raise DataError(msg)
        after = base * np.maximum(factor, 0)
        mothers = after[:, WOMEN, _MOTHERS].sum(axis=1)
        # Where no women were, their children's ratio is missing, and there are none now.
        after[:, :, :span] = np.maximum(factor[:, :, :span], 0) * mothers[:, None, None]
        people = People(people.regions, people.year + span, people.ages, after)
        frames.append(to_frame(people, scenario=scenario, status="i"))
    result = pd.concat(frames, ignore_index=True)
    result.attrs = dict(population.attrs)
    return result


def _base(people: People, span: int) -> np.ndarray:
    """Give those whom each age will be made of after some years; the open group collects."""
    base = np.zeros_like(people.persons)
    base[:, :, span:] = people.persons[:, :, :-span]
    base[:, :, -1] = people.persons[:, :, -1 - span :].sum(axis=2)
    return base


def _span(ratios: pd.DataFrame) -> tuple[int, int]:
    """Read the years between the counts and the open age off the ratios."""
    spans = ratios["years"].unique()
    ages = ratios["age"].astype(str)
    open_ages = ages[ages.str.endswith("+")].unique()
    if len(spans) != 1 or len(open_ages) != 1:
        msg = (
            f"ratios has {len(spans)} spans of years and {len(open_ages)} open ages; give it as "
            "cohort_change_ratios makes it."
        )
        raise DataError(msg)
    return int(spans[0]), int(open_ages[0].removesuffix("+"))
