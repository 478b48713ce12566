"""Line pull, indicators, groups and baselines up by region, and refuse what can't be fitted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from regionstudy.analysis.composite.registry import name_some
from regionstudy.analysis.composite.values import check_values
from regionstudy.errors import ConfigError, DataError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from regionstudy.analysis.revealed.penalised import Array, Rows

__all__ = ["FEWEST_GROUPS", "Sample", "check_bootstrap", "check_order_in_time", "line_up"]

# Fewer say nothing of how far a fit carries, and a bootstrap draws too few different sets.
FEWEST_GROUPS = 5


@dataclass(frozen=True)
class Sample:
    """
    The regions that a regression is fitted on, sorted by group and region.

    Parameters
    ----------
    regions, names : Index
        Codes of the regions, ids of the indicators.
    labels : array of str, shape (regions,)
        The group of each region.
    groups : array of int, shape (regions,)
        The same, numbered from 0.
    target, before, size : array, shape (regions,)
        Pull, pull earlier, and the logarithm of the population.
    indicators : array, shape (regions, indicators)
        Missing is NaN.
    left_out : DataFrame
        ``region`` and ``reason``.
    """

    regions: pd.Index
    names: pd.Index
    labels: Array
    groups: Rows
    target: Array
    before: Array
    size: Array
    indicators: Array
    left_out: pd.DataFrame


def line_up(
    target: pd.Series[float],
    indicators: pd.DataFrame,
    *,
    groups: Mapping[str, str] | pd.Series[str],
    before: pd.Series[float],
    population: pd.Series[float],
) -> Sample:
    """
    Line up what `pull_regression` is given.

    Parameters
    ----------
    target, indicators, groups, before, population
        As `pull_regression` takes them.

    Returns
    -------
    Sample
        The regions with a target, an earlier target, a population and any indicator.

    Raises
    ------
    DataError
        See `pull_regression`.
    """
    wide = check_values(indicators, what="indicators")
    columns = {
        name: _numbers(series, name)
        for name, series in (("target", target), ("before", before), ("population", population))
    }
    # A region with a target and no row of indicators is named below, not lost.
    wide = wide.reindex(wide.index.union(columns["target"].dropna().index))
    frame = pd.DataFrame({name: series.reindex(wide.index) for name, series in columns.items()})
    frame["group"] = pd.Series(dict(groups.items()), dtype=object).reindex(wide.index)
    ungrouped = frame.index[frame["group"].isna()]
    if len(ungrouped):
        raise DataError(
            f"groups: none is given for the regions {name_some(ungrouped)}. Give each its county."
        )
    frame["group"] = frame["group"].astype(str)
    if (frame["population"] <= 0).any():
        empty = frame.index[frame["population"] <= 0]
        raise DataError(
            f"population: {name_some(empty)} has nobody, and no logarithm. Make it missing."
        )
    known = frame[["target", "before", "population"]].notna()
    known["indicators"] = wide.notna().any(axis=1)
    reasons = [f"no {name}" for name in known.columns]
    lacking = known.index[~known.all(axis=1)]
    # argmin: the first that is missing names the reason.
    why = [reasons[place] for place in known.loc[lacking].to_numpy().argmin(axis=1)]
    left_out = pd.DataFrame({"region": lacking, "reason": why}).sort_values(
        "region", ignore_index=True
    )
    kept = frame.loc[known.all(axis=1)].rename_axis("region").reset_index()
    kept = kept.sort_values(["group", "region"], ignore_index=True)
    wide = wide.loc[kept["region"]]
    _require_enough(kept, wide)
    return Sample(
        regions=pd.Index(kept["region"], name="region"),
        names=pd.Index(wide.columns, name="indicator"),
        labels=kept["group"].to_numpy(),
        groups=pd.factorize(kept["group"])[0],
        target=kept["target"].to_numpy(),
        before=kept["before"].to_numpy(),
        size=np.log(kept["population"].to_numpy()),
        indicators=wide.to_numpy(),
        left_out=left_out,
    )


def _numbers(series: pd.Series[float], what: str) -> pd.Series[float]:
    return check_values(series.to_frame(what), what=what)[what]


def _require_enough(kept: pd.DataFrame, wide: pd.DataFrame) -> None:
    count = kept["group"].nunique()
    if count < FEWEST_GROUPS:
        raise DataError(
            f"groups: {count} with a pull; leaving whole groups out needs {FEWEST_GROUPS} or "
            "more. Give all counties, not those of one region."
        )
    if kept["target"].max() == kept["target"].min():
        raise DataError("target: every region has the same pull; there is nothing to predict.")
    if kept["before"].max() == kept["before"].min():
        raise DataError("before: every region has the same earlier pull. Give the true one.")
    constant = wide.columns[wide.max() == wide.min()]
    if len(constant):
        raise DataError(
            f"indicators: {name_some(constant)} is the same in every region. Leave it out."
        )
    sparse = wide.columns[wide.notna().mean() < 0.5]
    if len(sparse):
        raise DataError(
            f"indicators: {name_some(sparse)} is missing in more than half of the regions; "
            "to impute it would be to invent it. Leave it out or take another year."
        )


def check_order_in_time(
    periods: Mapping[str, str] | pd.Series[str], *, target_from: str, needed: Sequence[str]
) -> None:
    """
    Refuse an indicator that was not known before the target period.

    Parameters
    ----------
    periods : mapping of str to str
        Indicator to its period, such as "2021" or "2021K4".
    target_from : str
        First period of the target.
    needed : sequence of str
        The indicators used.

    Raises
    ------
    ConfigError
        If an indicator has no period, or a period does not start with a year.
    DataError
        If an indicator's year is that of the target's first period or later; names it.
    """
    given = {str(name): str(period) for name, period in periods.items()}
    lacking = [name for name in needed if name not in given]
    if lacking:
        raise ConfigError(f"periods: none is given for {name_some(lacking)}. Give its period.")
    first = _year(target_from, "target_from")
    late = [name for name in needed if _year(given[name], f"periods: {name}") >= first]
    if late:
        raise DataError(
            f"indicators: {name_some(late)} is of {given[late[0]]}, not before the target, which "
            f"begins {target_from}. Take an earlier year."
        )


def _year(period: str, what: str) -> int:
    if not re.match(r"\d{4}(?!\d)", period):
        raise ConfigError(f"{what}: '{period}' does not begin with a year such as 2024.")
    return int(period[:4])


def check_bootstrap(draws: int, coverage: float) -> None:
    """
    Check how many draws are asked for, and the share of them an interval is to hold.

    Parameters
    ----------
    draws : int
        At least 100: a tail of 5 % of fewer is a handful.
    coverage : float
        Between 0 and 1.

    Raises
    ------
    ConfigError
        If either is out of range.
    """
    if draws < 100:
        raise ConfigError(f"draws={draws}: give at least 100, or the interval's ends are noise.")
    if not 0 < coverage < 1:
        raise ConfigError(f"coverage={coverage}: give a share between 0 and 1, such as 0.9.")
