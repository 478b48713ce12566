"""Populations and rates as arrays of region, sex and single age."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from regionstudy.analysis.checks import require_columns, require_unique, years
from regionstudy.analysis.statuses import MISSING, severity
from regionstudy.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

__all__ = ["MEN", "SEXES", "WOMEN", "People", "lay_out", "read_people", "to_frame"]

SEXES = ("1", "2")
MEN, WOMEN = 0, 1


@dataclass(frozen=True, eq=False, slots=True)
class People:
    """
    A population at one time.

    Parameters
    ----------
    regions : tuple of str
        Codes.
    year : int
        The year.
    ages : tuple of str
        "0", "1", ... and last the open group, as the frame writes it.
    persons : ndarray, shape (regions, 2, ages)
        Men first, then women.
    """

    regions: tuple[str, ...]
    year: int
    ages: tuple[str, ...]
    persons: NDArray[np.float64]


def read_people(
    population: pd.DataFrame, *, open_age: int | None = None, name: str = "population"
) -> People:
    """
    Lay a population out as an array.

    Parameters
    ----------
    population : DataFrame
        ``region``, ``period`` (one year), ``sex`` ("1" men, "2" women), ``age`` (single
        years from "0"; the highest, such as "100+", is open), ``value``, optionally
        ``status``. Rows of "total" are left out.
    open_age : int, optional
        Put everyone of this age and above into one group.
    name : str, default "population"
        What the frame is called in messages.

    Returns
    -------
    People
        The population.

    Raises
    ------
    DataError
        If a column is absent, there are several years, an age is no single year or is
        lacking, rows repeat, or a figure is missing or negative.
    """
    require_columns(population, ["region", "period", "sex", "age", "value"], name=name)
    parts = population[
        (population["sex"].astype(str) != "total") & (population["age"].astype(str) != "total")
    ]
    periods = sorted(parts["period"].astype(str).unique())
    if len(periods) != 1:
        msg = f"{name} has the years {', '.join(periods) or 'none'}; choose the one to begin with."
        raise DataError(msg)
    year = int(years(parts["period"], name=name).iloc[0])
    single = _single_ages(parts["age"].astype(str), name=name)
    parts = parts.assign(age=single.to_numpy())
    ages = np.arange(int(single.max()) + 1)
    regions = tuple(sorted(parts["region"].astype(str).unique()))
    within = {"region": list(regions), "sex": list(SEXES), "age": ages.tolist()}
    persons = lay_out(parts, within, name=name)
    if open_age is not None:
        if not 1 <= open_age <= ages[-1]:
            msg = f"open_age={open_age} is not among the ages of {name} (0-{ages[-1]})."
            raise DataError(msg)
        top = persons[:, :, open_age:].sum(axis=2, keepdims=True)
        persons = np.concatenate([persons[:, :, :open_age], top], axis=2)
        ages = ages[: open_age + 1]
    if len(ages) < 2:
        msg = f"{name} has the age 0 alone; a projection needs single ages and an open group."
        raise DataError(msg)
    labels = (*(str(age) for age in ages[:-1]), f"{ages[-1]}+")
    return People(regions, year, labels, persons)


def lay_out(
    frame: pd.DataFrame,
    within: Mapping[str, Sequence[object]],
    *,
    name: str,
    absent: float | None = None,
    signed: bool = False,
) -> NDArray[np.float64]:
    """
    Lay the values of a frame out over some dimensions.

    Parameters
    ----------
    frame : DataFrame
        ``value``, optionally ``status``, and a column a dimension.
    within : mapping of str to sequence
        The dimensions, and what each holds; rows of anything else are left out.
    name : str
        What the frame is called in messages.
    absent : float, optional
        What a combination without a row counts as; without it, it is an error.
    signed : bool, default False
        Whether values may be negative.

    Returns
    -------
    ndarray
        An axis a dimension.

    Raises
    ------
    DataError
        If rows repeat, or a value is lacking, missing or negative.
    """
    keys = list(within)
    require_unique(frame, keys, name=name)
    values = frame["value"].astype(float)
    if "status" in frame.columns:
        values = values.where(severity(frame["status"]) < MISSING)
    typed = [
        frame[key] if isinstance(within[key][0], int) else frame[key].astype(str) for key in keys
    ]
    wanted = pd.MultiIndex.from_product([within[key] for key in keys], names=keys)
    held = pd.Series(values.to_numpy(), index=pd.MultiIndex.from_arrays(typed, names=keys))
    known = wanted.isin(held.index)
    laid = held.reindex(wanted).to_numpy(dtype=float)
    if absent is not None:
        laid = np.where(known, laid, absent)
    wrong = np.isnan(laid) if signed else ~(laid >= 0)
    if wrong.any():
        place = int(np.flatnonzero(wrong)[0])
        where = ", ".join(f"{key} {one}" for key, one in zip(keys, wanted[place], strict=True))
        what = "negative" if laid[place] < 0 else "missing"
        msg = (
            f"{name} is {what} for {where} ({int(wrong.sum())} such in all); give a figure for "
            "each: a projection cannot begin with a gap."
        )
        raise DataError(msg)
    return np.asarray(laid.reshape([len(within[key]) for key in keys]), dtype=np.float64)


def to_frame(people: People, *, scenario: str, status: str) -> pd.DataFrame:
    """
    Write a population as observations.

    Parameters
    ----------
    people : People
        The population.
    scenario : str
        What it rests on.
    status : str
        The status of every figure.

    Returns
    -------
    DataFrame
        ``region``, ``scenario``, ``period``, ``sex``, ``age``, ``value``, ``status``.
    """
    index = pd.MultiIndex.from_product(
        [people.regions, SEXES, people.ages], names=["region", "sex", "age"]
    )
    frame = index.to_frame(index=False).astype(str)
    return frame.assign(
        scenario=scenario,
        period=str(people.year),
        value=people.persons.ravel(),
        status=pd.Categorical([status] * len(frame), categories=["", "i"]),
    )[["region", "scenario", "period", "sex", "age", "value", "status"]]


def _single_ages(ages: pd.Series, *, name: str) -> pd.Series:
    """Read "0", "1", ..., "100+" as numbers; only the highest may be open."""
    bare = ages.str.removesuffix("+")
    wrong = ages[~bare.str.fullmatch(r"\d{1,3}")]
    if not wrong.empty:
        msg = f'{name} has the age "{wrong.iloc[0]}"; a projection needs single years of age.'
        raise DataError(msg)
    numbers = bare.astype(int)
    open_below = ages[ages.str.endswith("+") & (numbers < numbers.max())]
    if not open_below.empty:
        msg = (
            f'{name} has the open age "{open_below.iloc[0]}" and {numbers.max()} too; leave one '
            "of them out."
        )
        raise DataError(msg)
    return numbers
