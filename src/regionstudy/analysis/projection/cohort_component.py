"""The cohort-component method: a population carried on by births, deaths and net migration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from regionstudy.analysis.checks import require_columns
from regionstudy.analysis.projection.arrays import (
    MEN,
    SEXES,
    WOMEN,
    People,
    lay_out,
    read_people,
    to_frame,
)
from regionstudy.errors import DataError

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Projection", "project"]


@dataclass(frozen=True, eq=False, slots=True)
class Projection:
    """
    A projected population, and what changed it.

    Parameters
    ----------
    population : DataFrame
        ``region``, ``scenario``, ``period``, ``sex``, ``age``, ``value``, ``status``: the
        year begun with (status "") and each projected one (status "i").
    components : DataFrame
        A row a region and projected year: ``region``, ``scenario``, ``period``,
        ``population_start``, ``births``, ``deaths``, ``net_migration``,
        ``population_end`` = start + births - deaths + net migration.
    """

    population: pd.DataFrame
    components: pd.DataFrame


def project(
    population: pd.DataFrame,
    fertility: pd.DataFrame,
    mortality: pd.DataFrame,
    migration: pd.DataFrame,
    *,
    years: int,
    scenario: str = "unchanged",
    boys_per_100_girls: float = 106.0,
) -> Projection:
    """
    Project a population by single age and sex, a year at a time.

    Of those who were a - 1 at the end of one year the part 1 - q_a lives at the end of
    the next, aged a; then the net migrants of that age are added. A woman who reaches
    the age a in a year bears f_a children in it, taken on the mean of her birth year's
    number at the two ends; of these the part 1 - q_0 lives at its end. Who moves thus
    counts from the year's end, and half in its births. Nothing is assumed for the
    reader: every rate is given, by region or for all alike, by year or for all alike.

    Parameters
    ----------
    population : DataFrame
        At the end of one year: ``region``, ``period``, ``sex`` ("1" men, "2" women),
        ``age`` (single years from "0", the highest open, such as "100+"), ``value``.
    fertility : DataFrame
        Children a woman, by the age that she reaches in the year: ``age``, ``value``,
        optionally ``region``, ``period``. Ages without a row bear none.
    mortality : DataFrame
        Risk of dying in the year, by the age reached in it ("0": the year's newborn):
        ``sex``, ``age``, ``value`` (0 to 1), optionally ``region``, ``period``. Every
        age needs one; the open group's is of those who reach it and those in it.
    migration : DataFrame
        Net migrants in a year (persons, below 0 where more leave) by age at its end:
        ``sex``, ``age``, ``value``, optionally ``region``, ``period``. Every age needs
        one. `with_goal` makes scenarios of it.
    years : int
        How many years to project.
    scenario : str, default "unchanged"
        What the assumptions are called in the result.
    boys_per_100_girls : float, default 106.0
        Among the newborn; near 106 in Sweden every year.

    Returns
    -------
    Projection
        Population and components. Persons are not rounded: they are expectations.

    Raises
    ------
    DataError
        If a frame lacks a column or a figure, a rate is out of range, or more leave
        than live there.

    References
    ----------
    Preston, Heuveline and Guillot (2001), Demography, Blackwell, chapter 6.

    Examples
    --------
    >>> people = pd.DataFrame({"region": "2281", "period": "2024", "sex": ["1", "1", "2", "2"],
    ...     "age": ["0", "1+"] * 2, "value": [10.0, 100.0, 10.0, 100.0]})
    >>> mothers = pd.DataFrame({"age": ["1+"], "value": [0.1]})
    >>> both = people[["sex", "age"]]
    >>> found = project(people, mothers, both.assign(value=0.1), both.assign(value=2.0), years=1)
    >>> found.components.drop(columns=["region", "scenario"]).round(2)
      period  population_start  births  deaths  net_migration  population_end
    0   2025             220.0   10.55   23.06            8.0           215.5
    """
    if years < 1:
        msg = f"years={years} is no number of years; give 1 or more."
        raise DataError(msg)
    if not boys_per_100_girls > 0:
        msg = f"boys_per_100_girls={boys_per_100_girls:g} must be above 0; it is near 106."
        raise DataError(msg)
    people = read_people(population)
    ahead = [str(people.year + step) for step in range(1, years + 1)]
    born = _rates(fertility, people, ahead, name="fertility", absent=0.0)[:, :, WOMEN]
    dying = _rates(mortality, people, ahead, name="mortality")
    if (dying > 1).any():
        msg = (
            f"mortality holds {dying.max():g}; a risk of dying is at most 1 (divide per 1,000 or "
            "per 100,000 first)."
        )
        raise DataError(msg)
    moving = _rates(migration, people, ahead, name="migration", signed=True)
    boys = boys_per_100_girls / (100 + boys_per_100_girls)
    figures = [to_frame(people, scenario=scenario, status="")]
    components = []
    for step, period in enumerate(ahead):
        before = people.persons
        after, births, deaths = _one_year(
            before, born[:, step], dying[:, step], moving[:, step], boys=boys
        )
        people = People(people.regions, people.year + 1, people.ages, after)
        _require_people(people)
        figures.append(to_frame(people, scenario=scenario, status="i"))
        components.append(
            pd.DataFrame(
                {
                    "region": list(people.regions),
                    "scenario": scenario,
                    "period": period,
                    "population_start": before.sum(axis=(1, 2)),
                    "births": births,
                    "deaths": deaths,
                    "net_migration": moving[:, step].sum(axis=(1, 2)),
                    "population_end": after.sum(axis=(1, 2)),
                }
            )
        )
    population_ahead = pd.concat(figures, ignore_index=True)
    population_ahead.attrs = dict(population.attrs)
    table = pd.concat(components, ignore_index=True)
    table = table.sort_values(["region", "period"], ignore_index=True)
    return Projection(population=population_ahead, components=table)


def _rates(
    frame: pd.DataFrame,
    people: People,
    ahead: list[str],
    *,
    name: str,
    absent: float | None = None,
    signed: bool = False,
) -> NDArray[np.float64]:
    """Give rates as an array of region, year, sex and age, repeated where they are for all."""
    by_sex = name != "fertility"
    require_columns(frame, ["age", "value", *(["sex"] if by_sex else [])], name=name)
    choices = {
        "region": list(people.regions),
        "period": ahead,
        "sex": list(SEXES),
        "age": list(people.ages),
    }
    given = {
        key: held
        for key, held in choices.items()
        if key in frame.columns and (by_sex or key != "sex")
    }
    # The open group may be written with or without its sign.
    open_age = people.ages[-1]
    ages = frame["age"].astype(str).replace({open_age.removesuffix("+"): open_age})
    unknown = sorted(set(ages) - {*people.ages, "total"})
    if unknown:
        msg = (
            f"{name} has the age {unknown[0]}, which population lacks; its ages are "
            f"{people.ages[0]} to {open_age}."
        )
        raise DataError(msg)
    laid = lay_out(
        frame.assign(age=ages.to_numpy()), given, name=name, absent=absent, signed=signed
    )
    # An axis of length 1 stands for a dimension that the frame leaves out.
    shape = [len(held) if key in given else 1 for key, held in choices.items()]
    whole = [len(held) for held in choices.values()]
    return np.broadcast_to(laid.reshape(shape), whole)


def _one_year(
    before: NDArray[np.float64],
    born: NDArray[np.float64],
    dying: NDArray[np.float64],
    moving: NDArray[np.float64],
    *,
    boys: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Carry everyone on by a year: the population after it, births and deaths by region."""
    reached = np.zeros_like(before)
    reached[:, :, 1:] = before[:, :, :-1]
    # Who is in the open group stays in it.
    reached[:, :, -1] += before[:, :, -1]
    after = reached * (1 - dying) + moving
    after[:, :, 0] = 0
    mothers = (reached[:, WOMEN] + after[:, WOMEN]) / 2
    births = (born * mothers).sum(axis=1)
    newborn = np.empty((len(before), len(SEXES)))
    newborn[:, MEN], newborn[:, WOMEN] = births * boys, births * (1 - boys)
    after[:, :, 0] = newborn * (1 - dying[:, :, 0]) + moving[:, :, 0]
    deaths = (reached[:, :, 1:] * dying[:, :, 1:]).sum(axis=(1, 2))
    deaths += (newborn * dying[:, :, 0]).sum(axis=1)
    return after, births, deaths


def _require_people(people: People) -> None:
    below = people.persons < 0
    if below.any():
        region, sex, age = (int(place[0]) for place in np.nonzero(below))
        msg = (
            f"migration takes more persons from region {people.regions[region]} (sex "
            f"{SEXES[sex]}, age {people.ages[age]}) than live there in {people.year}; let fewer "
            "leave, or project fewer years."
        )
        raise DataError(msg)
