"""Choosing a breakdown's cells, and following cohorts through single ages."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from regionstudy.indicators.panel import Panel, combine, from_rows, join

__all__ = ["breakdowns", "choose", "cohort_rate"]

TOTAL = "total"
_FIXED = ("region", "indicator", "period", "value", "status")

Selection = Mapping[str, Sequence[str]]


def breakdowns(observations: pd.DataFrame) -> list[str]:
    """
    List the breakdown columns of an observation frame.

    Parameters
    ----------
    observations : DataFrame
        As the store gives it.

    Returns
    -------
    list of str
        Every column but region, indicator, period, value and status.
    """
    return [column for column in observations.columns if column not in _FIXED]


def choose(observations: pd.DataFrame, selection: Selection, *, default: Selection) -> Panel:
    """
    Choose one cell of each breakdown, or sum several.

    Parameters
    ----------
    observations : DataFrame
        One indicator's observations.
    selection : mapping of str to sequence of str
        Codes by breakdown; several are summed, and a sum with a part missing is missing.
    default : mapping of str to sequence of str
        What stands for the whole in a breakdown that is not selected and has no "total".

    Returns
    -------
    Panel
        A published total where there is one, else the default cells' sum.
    """
    columns = breakdowns(observations)
    absent = [name for name in selection if name not in columns]
    if absent:
        return from_rows(observations.iloc[:0])
    candidates = [
        [tuple(selection[name])]
        if name in selection
        else [(TOTAL,), *([tuple(default[name])] if name in default else [])]
        for name in columns
    ]
    found = [
        _sum(observations, dict(zip(columns, codes, strict=True)))
        for codes in itertools.product(*candidates)
    ]
    return join(*found)[0]


def cohort_rate(
    observations: pd.DataFrame,
    selection: Selection,
    *,
    low: int,
    high: int,
    default: Selection,
) -> Panel:
    """
    Follow age cohorts from one count to the next.

    Those aged a + k in the later year less those aged a in the earlier one, over the ages
    `low` to `high` at the end, divided by the mean of the two counts and by the k years
    between them, per 1000. Deaths are left out, which matters little under 45; immigration
    and emigration are in.

    Parameters
    ----------
    observations : DataFrame
        Population with a breakdown ``age`` of single years.
    selection : mapping of str to sequence of str
        Codes of other breakdowns.
    low, high : int
        Ages at the end, both included.
    default : mapping of str to sequence of str
        What stands for the whole where a breakdown has no "total".

    Returns
    -------
    Panel
        Persons per 1000 and year, under the later period; one for each two neighbouring
        periods in which the ages are published.
    """
    if "age" not in breakdowns(observations):
        return from_rows(observations.iloc[:0])
    single = observations[observations["age"].isin([str(age) for age in range(high + 1)])]
    later, years = _next_counts(single["period"].unique())
    if not later:
        return from_rows(observations.iloc[:0])
    starts = single[single["period"].isin(list(later))]
    # Those counted earlier are named by where they will be: the later period, the age then.
    grown = starts["age"].astype(int) + starts["period"].map(years)
    starts = starts.assign(period=starts["period"].map(later), age=grown.astype(str))
    ages = {**selection, "age": [str(age) for age in range(low, high + 1)]}
    end, start = (choose(rows, ages, default=default) for rows in (single, starts))
    rate = combine(lambda end, start: 1000 * (end - start) / ((end + start) / 2), end, start)
    between = pd.Series({after: years[before] for before, after in later.items()}, dtype=float)
    value = rate.value / between.reindex(rate.periods).to_numpy()
    known = np.flatnonzero(np.isfinite(value).any(axis=0))
    return Panel(rate.regions, rate.periods[known], value[:, known], rate.status[:, known])


def _next_counts(periods: Iterable[str]) -> tuple[dict[str, str], dict[str, int]]:
    """Give the period after each, and the years until then, where both are the same season."""
    later, years = {}, {}
    for before, after in itertools.pairwise(sorted(periods)):
        if before[4:] == after[4:]:
            later[before], years[before] = after, int(after[:4]) - int(before[:4])
    return later, years


def _sum(observations: pd.DataFrame, cells: dict[str, tuple[str, ...]]) -> Panel:
    keep = np.ones(len(observations), dtype=bool)
    for name, codes in cells.items():
        # A breakdown that an observation does not have is one it is not broken down by.
        keep &= observations[name].fillna(TOTAL).isin(codes).to_numpy()
    parts = math.prod(len(codes) for codes in cells.values())
    return from_rows(observations[keep], parts=parts)
