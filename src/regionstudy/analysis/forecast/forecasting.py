"""Short forecasts of yearly series, each with an interval and a backtest against last year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from regionstudy.analysis.forecast.methods import METHODS, interval
from regionstudy.analysis.trends import segments
from regionstudy.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

__all__ = ["Forecast", "forecast"]

# Further ahead, a line through a dozen years says nothing; a projection by age does.
_LONGEST = 5
# The fewest years that a method is fitted to in the backtest.
_SHORTEST_PAST = 5
_CUTS = {
    "absent": "lacks the year before",
    "break": "has another definition from",
    "missing": "has no figure in the year before",
}


@dataclass(frozen=True, eq=False, slots=True)
class Forecast:
    """
    Forecasts, and how well each method would have done before.

    Parameters
    ----------
    figures : DataFrame
        What tells series apart, ``period`` (the years ahead), ``value``, ``low``,
        ``high``, ``method``, ``origin`` (the last year with a figure), ``status`` "i".
    skill : DataFrame
        A row a series and method: ``method``, ``error`` (mean absolute error of the
        backtest, in the series' unit), ``relative`` (to that of "same as last year"; NaN
        where that is 0), ``covered`` (share of outcomes inside the interval), ``trials``
        (outcomes compared), ``chosen``. The choice is made on these same errors, so that
        the chosen method's are somewhat flattering.
    """

    figures: pd.DataFrame
    skill: pd.DataFrame


def forecast(
    series: pd.DataFrame,
    *,
    horizon: int = 3,
    coverage: float = 0.8,
    breaks: Iterable[str] = (),
    min_years: int = 10,
    least_gain: float = 0.05,
    least: float | None = None,
    most: float | None = None,
) -> Forecast:
    """
    Forecast each series a few years, by the simple method that has done best on it.

    Four methods are tried on every series: "naive" (same as last year), "drift" (last
    year and the mean yearly change), "level" (exponential smoothing) and "damped"
    (exponential smoothing with a trend that fades). Each is fitted to the first years,
    5 or half of `min_years`, and its forecasts are compared with what came; then one
    year more is added, and so on. Another method replaces "naive" only if its mean
    absolute error is at least `least_gain` smaller: often none does, and then "same as
    last year" is the forecast.

    Parameters
    ----------
    series : DataFrame
        Observations of years: ``region``, ``period``, ``value``, ``status`` and any
        others, which tell series apart. Missing years before the first figure or after
        the last one do no harm.
    horizon : int, default 3
        Years ahead, at most 5.
    coverage : float, default 0.8
        Probability that the interval is made for; compare ``covered``.
    breaks : iterable of str, default ()
        First years under a new definition ("2020" for employment).
    min_years : int, default 10
        A shorter series is refused.
    least_gain : float, default 0.05
        How much smaller than that of "naive" another method's error must be, as a share.
    least, most : float, optional
        Limits that the figure cannot pass, such as 0 and 100 for percent.

    Returns
    -------
    Forecast
        Figures and skill.

    Raises
    ------
    DataError
        If a series is short, or has a gap or a break; if an option is out of range.

    Notes
    -----
    The interval is value +- t s sqrt(v_h), where s is the standard error of the one-step
    errors in the past, t Student's quantile and v_h = h for "naive", h (1 + h / (T - 1))
    for "drift", 1 + (h - 1) a^2 for "level" and 1 + sum_j (a (1 + b f_j))^2 for "damped"
    (a, b, f: smoothing of level and trend, damping; f_j = f + ... + f^j).

    References
    ----------
    Hyndman and Athanasopoulos (2021), Forecasting: principles and practice, 3rd edition,
    chapters 5 and 8. Gardner and McKenzie (1985), Management Science 31(10), 1237-1246.

    Examples
    --------
    >>> yearly = pd.DataFrame({"region": "2281", "period": [str(y) for y in range(2010, 2022)],
    ...     "value": [100.0 + 2 * step for step in range(12)], "status": ""})
    >>> found = forecast(yearly, horizon=2)
    >>> found.figures[["period", "value", "method"]]
      period  value method
    0   2022  124.0  drift
    1   2023  126.0  drift
    """
    _check_options(horizon, coverage, min_years, least_gain)
    kept, keys = _whole(series, breaks=breaks, min_years=min_years)
    spans = kept.groupby(keys, as_index=False, observed=True).agg(
        first=("year", "min"), last=("year", "max")
    )
    figures, skills = [], []
    for _, named in spans.groupby(["first", "last"]):
        first, last = int(named["first"].iloc[0]), int(named["last"].iloc[0])
        labels = named[keys].reset_index(drop=True)
        rows = labels.assign(place=np.arange(len(labels))).merge(
            kept, on=keys, how="left", validate="one_to_many"
        )
        past = np.empty((len(labels), last - first + 1))
        past[rows["place"], rows["year"] - first] = rows["value"]
        start = max(_SHORTEST_PAST, min_years // 2)
        skill = _backtest(past, horizon=horizon, coverage=coverage, start=start)
        chosen = _choose(skill["error"], least_gain=least_gain)
        figures.append(_ahead(past, chosen, labels, last, horizon=horizon, coverage=coverage))
        skills.append(_skill_table(skill, chosen, labels))
    result = pd.concat(figures, ignore_index=True)
    limits = ["value", "low", "high"]
    result[limits] = result[limits].clip(lower=least, upper=most)
    result = result.sort_values([*keys, "period"], ignore_index=True)
    result.attrs = {**series.attrs, "coverage": coverage, "horizon": horizon}
    table = pd.concat(skills, ignore_index=True)
    # A stable sort: methods stay in their order within a series.
    table = table.sort_values(keys, kind="stable", ignore_index=True)
    return Forecast(figures=result, skill=table)


def _check_options(horizon: int, coverage: float, min_years: int, least_gain: float) -> None:
    if not 1 <= horizon <= _LONGEST:
        msg = f"horizon={horizon} is no short forecast; give 1 to {_LONGEST} years, or project."
        raise DataError(msg)
    if not 0 < coverage < 1:
        msg = f"coverage={coverage:g} is no probability between 0 and 1; give one such as 0.8."
        raise DataError(msg)
    fewest = _SHORTEST_PAST + horizon
    if min_years < fewest:
        msg = f"min_years={min_years} leaves no year to test on; give {fewest} or more."
        raise DataError(msg)
    if not 0 <= least_gain < 1:
        msg = f"least_gain={least_gain:g} is no share from 0 to below 1; give one such as 0.05."
        raise DataError(msg)


def _whole(
    series: pd.DataFrame, *, breaks: Iterable[str], min_years: int
) -> tuple[pd.DataFrame, list[str]]:
    """Refuse series with gaps, breaks or few years; give the rest with a column of years."""
    kept = segments(series, breaks=breaks)
    keys = [name for name in series.columns if name not in ("period", "value", "status")]
    if kept.empty:
        msg = "series has no figure at all; there is nothing to forecast from."
        raise DataError(msg)
    kept = kept.assign(
        **{key: kept[key].astype(str) for key in keys}, year=kept["period"].astype(int)
    )
    cut = kept[kept["cut"] != ""]
    if not cut.empty:
        first = cut.iloc[0]
        where = ", ".join(f"{key} {first[key]}" for key in keys)
        count = len(cut.drop_duplicates(keys))
        msg = (
            f"series {where} {_CUTS[first['cut']]} {first['period']} ({count} series are cut); "
            "forecast the part after the last cut, as trends.segments gives it."
        )
        raise DataError(msg)
    years = kept.groupby(keys, as_index=False, observed=True).size()
    short = years[years["size"] < min_years]
    if not short.empty:
        first = short.iloc[0]
        where = ", ".join(f"{key} {first[key]}" for key in keys)
        msg = (
            f"series {where} has {first['size']} years ({len(short)} series are short); a forecast "
            f"needs {min_years}: leave them out."
        )
        raise DataError(msg)
    return kept, keys


def _backtest(
    past: NDArray[Any], *, horizon: int, coverage: float, start: int
) -> dict[str, NDArray[Any]]:
    """Forecast from every year since `start`: mean error and coverage, method by series."""
    count, years = past.shape
    missed = {method: np.zeros(count) for method in METHODS}
    inside = {method: np.zeros(count) for method in METHODS}
    trials = 0
    for origin in range(start, years):
        ahead = min(horizon, years - origin)
        trials += ahead
        outcome = past[:, origin : origin + ahead]
        for method in METHODS:
            value, half = interval(method, past[:, :origin], ahead, coverage)
            apart = np.abs(outcome - value)
            missed[method] += apart.sum(axis=1)
            # Rounding must not put an exact forecast outside an interval of no width.
            inside[method] += (apart <= half + 1e-9 * np.abs(outcome)).sum(axis=1)
    return {
        "error": np.stack([missed[method] / trials for method in METHODS]),
        "covered": np.stack([inside[method] / trials for method in METHODS]),
        "trials": np.full(count, trials),
    }


def _choose(error: NDArray[Any], *, least_gain: float) -> NDArray[np.int64]:
    """Give the place of each series' method: the best, if it beats "naive" by enough."""
    best = error.argmin(axis=0)
    gained = error.min(axis=0) <= (1 - least_gain) * error[0]
    # An error of 0 cannot be beaten, and equals any share of itself.
    return np.where(gained & (error[0] > 0), best, 0)


def _ahead(
    past: NDArray[Any],
    chosen: NDArray[np.int64],
    labels: pd.DataFrame,
    last: int,
    *,
    horizon: int,
    coverage: float,
) -> pd.DataFrame:
    parts = [interval(method, past, horizon, coverage) for method in METHODS]
    rows = np.arange(len(past))
    value = np.stack([values for values, _ in parts])[chosen, rows]
    half = np.stack([halves for _, halves in parts])[chosen, rows]
    result = labels.loc[labels.index.repeat(horizon)].reset_index(drop=True)
    return result.assign(
        period=np.tile([str(last + step) for step in range(1, horizon + 1)], len(past)),
        value=value.ravel(),
        low=(value - half).ravel(),
        high=(value + half).ravel(),
        method=np.repeat(np.array(list(METHODS))[chosen], horizon),
        origin=str(last),
        status=pd.Categorical(["i"] * len(result), categories=["", "i"]),
    )


def _skill_table(
    skill: dict[str, NDArray[Any]], chosen: NDArray[np.int64], labels: pd.DataFrame
) -> pd.DataFrame:
    methods = np.array(list(METHODS))
    result = labels.loc[labels.index.repeat(len(methods))].reset_index(drop=True)
    naive = skill["error"][0]
    relative = skill["error"] / np.where(naive > 0, naive, np.nan)
    return result.assign(
        method=np.tile(methods, len(labels)),
        error=skill["error"].T.ravel(),
        relative=relative.T.ravel(),
        covered=skill["covered"].T.ravel(),
        trials=np.repeat(skill["trials"], len(methods)),
        chosen=(np.arange(len(methods))[None, :] == chosen[:, None]).ravel(),
    )
