"""How a region's industries stand and move: the growth-portfolio, and what shrinks too fast."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from regionstudy.analysis.clusters.coding import nonzero, statuses, worst
from regionstudy.analysis.clusters.quotients import (
    quotient_arrays,
    require_level,
    share_interval,
)
from regionstudy.analysis.clusters.years import read_years
from regionstudy.analysis.statuses import MISSING, NOT_APPLICABLE

if TYPE_CHECKING:
    from typing import TypeAlias

    from numpy.typing import NDArray

    from regionstudy.analysis.clusters.cube import Jobs

    Array: TypeAlias = NDArray[np.float64]

__all__ = ["PORTFOLIO_GROUPS", "SIGNALS", "portfolio", "shrinkage_alarm"]

# In the consultants' words: star, mature, emerging, transforming.
PORTFOLIO_GROUPS = ("strong_gaining", "strong_losing", "weak_gaining", "weak_losing", "missing")
SIGNALS = ("alarm", "within_chance", "none", "missing")


def portfolio(
    employed: pd.DataFrame,
    *,
    start: str,
    end: str,
    reference: str = "00",
    totals: str = "sum",
    level: float = 0.95,
) -> pd.DataFrame:
    """
    Place each region's industries by size, location quotient and its change.

    An industry is strong where its location quotient at `end` is 1 or more, and gaining where
    the quotient did not fall since `start`. ``firm`` says that neither is within chance: the
    exact interval of the quotient (`location_quotient_intervals`) leaves out 1, and that of
    its change (`shrinkage_alarm`) leaves out none.

    Parameters
    ----------
    employed : DataFrame
        ``region``, ``industry``, ``period`` (years), ``value`` (jobs), optionally ``status``.
    start, end : str
        The years compared.
    reference : str, default "00"
        Region compared with.
    totals : {"sum", "published"}
        What all jobs are (`location_quotients`).
    level : float, default 0.95
        Share of such intervals that hold what they are of.

    Returns
    -------
    DataFrame
        ``region``, ``industry``, ``value`` (jobs at `end`), ``share`` (of the region's),
        ``lq``, ``lq_start``, ``lq_change``, ``growth_percent``,
        ``reference_growth_percent``, ``group`` (one of `PORTFOLIO_GROUPS`), ``firm`` (bool),
        ``status``. What is missing is NaN; its group is "missing".

    Raises
    ------
    DataError
        If the frame cannot be used, or its years cannot be compared (`shift_share`), or
        `level` is not between 0 and 1.

    References
    ----------
    Porter (2003), The economic performance of regions, Regional Studies 37(6-7), 549-578.

    Examples
    --------
    >>> jobs = pd.DataFrame({"region": ["00", "00", "2281", "2281"] * 2,
    ...     "industry": ["J", "K"] * 4, "period": ["2020"] * 4 + ["2024"] * 4,
    ...     "value": [300., 700., 6., 4., 360., 740., 9., 4.]})
    >>> portfolio(jobs, start="2020", end="2024")[["industry", "lq", "group", "firm"]].round(2)
      industry    lq           group   firm
    0        J  2.12  strong_gaining  False
    1        K  0.46     weak_losing  False
    """
    require_level(level)
    jobs = read_years(employed, start=start, end=end, reference=reference, totals=totals)
    quotient, code = quotient_arrays(jobs)
    both = worst(code, axis=2)
    before, after = quotient[..., 0], quotient[..., 1]
    known = ~np.isnan(before) & ~np.isnan(after)
    whole = np.broadcast_to(jobs.whole[:, np.newaxis, 1], after.shape)
    base_share = nonzero(jobs.base[:, 1]) / nonzero(jobs.base_whole[1])
    low, high = share_interval(
        np.where(known, np.minimum(jobs.count[..., 1], whole), np.nan), whole, level=level
    )
    level_firm = (low / base_share > 1) | (high / base_share < 1)
    # The quotient grows with the industry's lead, less that of all the region's jobs.
    lead = (jobs.whole[:, 1] / nonzero(jobs.whole[:, 0])) / (
        jobs.base_whole[1] / nonzero(jobs.base_whole[0])
    )
    _, low, high = _relative_growth(jobs, level)
    change_firm = (low > lead[:, np.newaxis]) | (high < lead[:, np.newaxis])
    group = np.select(
        [~known, (after >= 1) & (after >= before), after >= 1, after >= before],
        ["missing", *PORTFOLIO_GROUPS[:3]],
        "weak_losing",
    )
    return _frame(
        jobs,
        {
            "value": jobs.count[..., 1],
            "share": jobs.count[..., 1] / nonzero(whole),
            "lq": after,
            "lq_start": before,
            "lq_change": after - before,
            **_growth_percent(jobs),
            "group": _category(group, PORTFOLIO_GROUPS),
            "firm": level_firm & change_firm & known,
        },
        np.where(~known & (both < MISSING), NOT_APPLICABLE, both),
        employed,
    )


def shrinkage_alarm(
    employed: pd.DataFrame,
    *,
    start: str,
    end: str,
    reference: str = "00",
    level: float = 0.95,
) -> pd.DataFrame:
    """
    Raise an alarm where an industry shrinks faster than the reference's, and not by chance.

    ``relative = (r1/r0) / (n1/n0)``: what the region's jobs grew to, over what the reference's
    did. Its interval takes the two counts as independent and the reference's growth as known;
    given r0 + r1, r1 is then binomial, and the exact interval of its share (Clopper-Pearson)
    is turned into one of r1/r0. The same people mostly hold the jobs in both years, so that
    true chance is smaller: the alarm errs towards silence. With many industries watched, one
    in forty of those that do not shrink could still sound; give a higher `level` then.

    Parameters
    ----------
    employed : DataFrame
        ``region``, ``industry`` (or cluster, as `cluster_totals` gives them), ``period``
        (years), ``value``, optionally ``status``.
    start, end : str
        The years compared.
    reference : str, default "00"
        Region compared with.
    level : float, default 0.95
        Share of such intervals that hold the relative growth.

    Returns
    -------
    DataFrame
        ``region``, ``industry``, ``start`` and ``end`` (jobs), ``growth_percent``,
        ``reference_growth_percent``, ``relative``, ``low``, ``high``, ``signal``, ``status``.
        The signal is "alarm" where jobs fell and ``high`` is below 1, "within_chance" where
        they fell faster than the reference's but ``high`` is not, "missing" where it cannot
        be told, else "none".

    Raises
    ------
    DataError
        If the frame cannot be used, or its years cannot be compared (`shift_share`), or
        `level` is not between 0 and 1.

    References
    ----------
    Przyborowski & Wilenski (1940), Homogeneity of results in testing samples from Poisson
    series, Biometrika 31(3-4), 313-323.

    Examples
    --------
    >>> jobs = pd.DataFrame({"region": ["00", "00", "22", "22"] * 2,
    ...     "industry": ["J", "K"] * 4, "period": ["2020"] * 4 + ["2024"] * 4,
    ...     "value": [30e3, 70e3, 600., 40., 36e3, 74e3, 500., 39.]})
    >>> shrinkage_alarm(jobs, start="2020", end="2024")[
    ...     ["industry", "relative", "low", "high", "signal"]].round(2)
      industry  relative   low  high         signal
    0        J      0.69  0.62  0.78          alarm
    1        K      0.92  0.58  1.47  within_chance
    """
    require_level(level)
    jobs = read_years(employed, start=start, end=end, reference=reference)
    relative, low, high = _relative_growth(jobs, level)
    before, after = jobs.count[..., 0], jobs.count[..., 1]
    code = np.maximum(worst(jobs.count_code, axis=2), worst(jobs.base_code, axis=1))
    known = ~np.isnan(relative)
    fell = known & (after < before) & (relative < 1)
    signal = np.select(
        [~known, fell & (high < 1), fell], ["missing", "alarm", "within_chance"], "none"
    )
    return _frame(
        jobs,
        {
            "start": before,
            "end": after,
            **_growth_percent(jobs),
            "relative": relative,
            "low": low,
            "high": high,
            "signal": _category(signal, SIGNALS),
        },
        np.where(~known & (code < MISSING), NOT_APPLICABLE, code),
        employed,
    )


def _relative_growth(jobs: Jobs, level: float) -> tuple[Array, Array, Array]:
    """Give the growth over the reference's, and its exact interval."""
    before, after = jobs.count[..., 0], jobs.count[..., 1]
    base_growth = nonzero(jobs.base[:, 1]) / nonzero(jobs.base[:, 0])
    relative = after / nonzero(before) / base_growth
    low, high = share_interval(
        np.where(np.isnan(relative), np.nan, after), before + after, level=level
    )
    # From the share p of jobs at the end to the odds p / (1 - p) = r1 / r0.
    return relative, low / nonzero(1 - low) / base_growth, high / nonzero(1 - high) / base_growth


def _growth_percent(jobs: Jobs) -> dict[str, Array]:
    own = 100 * (jobs.count[..., 1] / nonzero(jobs.count[..., 0]) - 1)
    base = 100 * (jobs.base[:, 1] / nonzero(jobs.base[:, 0]) - 1)
    return {
        "growth_percent": own,
        "reference_growth_percent": np.broadcast_to(base, own.shape),
    }


def _category(names: NDArray[np.str_], known: tuple[str, ...]) -> pd.Categorical[str]:
    return pd.Categorical(names.reshape(-1), categories=list(known))


def _frame(
    jobs: Jobs,
    columns: dict[str, NDArray[np.generic] | pd.Categorical[str]],
    code: NDArray[np.int8],
    employed: pd.DataFrame,
) -> pd.DataFrame:
    flat = {
        name: column if isinstance(column, pd.Categorical) else column.reshape(-1)
        for name, column in columns.items()
    }
    result = pd.DataFrame(
        {**jobs.keys("region", "industry"), **flat, "status": statuses(code.astype(np.int8))}
    )
    result.attrs = dict(employed.attrs)
    return result
