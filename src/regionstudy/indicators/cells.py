"""Choosing a breakdown's cells, and following cohorts through single ages."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from regionstudy.indicators.panel import Floats, Panel, combine, from_rows, join, shift

if TYPE_CHECKING:
    import pandas as pd

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
    with_ages = observations[observations["age"].isin([str(age) for age in range(high + 1)])]
    found: list[Panel] = []
    for earlier, later in itertools.pairwise(sorted(with_ages["period"].unique())):
        years = int(later[:4]) - int(earlier[:4])
        if years < 1 or earlier[4:] != later[4:] or low < years:
            continue
        ends = (low, later), (low - years, earlier)
        counts = [
            choose(
                with_ages[with_ages["period"] == period],
                {**selection, "age": [str(first + step) for step in range(high - low + 1)]},
                default=default,
            )
            for first, period in ends
        ]
        if all(count.published for count in counts):
            end, start = counts[0], shift(counts[1], years)
            found.append(combine(partial(_rate, years), end, start))
    return join(*found)[0] if found else from_rows(observations.iloc[:0])


def _rate(years: int, end: Floats, start: Floats) -> Floats:
    return 1000 * (end - start) / ((end + start) / 2) / years


def _sum(observations: pd.DataFrame, cells: dict[str, tuple[str, ...]]) -> Panel:
    keep = np.ones(len(observations), dtype=bool)
    for name, codes in cells.items():
        # A breakdown that an observation does not have is one it is not broken down by.
        keep &= observations[name].fillna(TOTAL).isin(codes).to_numpy()
    parts = math.prod(len(codes) for codes in cells.values())
    return from_rows(observations[keep], parts=parts)
