"""Location quotients: how much more of its jobs a region has in an industry than the country."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import special

from regionstudy.analysis.clusters.coding import nonzero, statuses
from regionstudy.analysis.clusters.cube import Jobs, read_jobs
from regionstudy.analysis.statuses import MISSING, NOT_APPLICABLE
from regionstudy.errors import DataError

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "location_quotient_intervals",
    "location_quotients",
    "quotient_arrays",
    "require_level",
    "share_interval",
]


def location_quotients(
    employed: pd.DataFrame, *, reference: str = "00", totals: str = "sum"
) -> pd.DataFrame:
    """
    Compute each industry's location quotient in each region.

    ``lq = (e_ij / e_j) / (E_i / E)``: the share of region j's jobs that are in industry i,
    over the same share of the reference. 1 is the reference's share, 2 twice that.

    Parameters
    ----------
    employed : DataFrame, shape (n, 3 to 5)
        ``region`` (str), ``industry`` (str, SNI 2007) and ``value`` (persons by place of
        work), optionally ``period`` and ``status``; a row a combination. A combination
        without a row is missing, not 0.
    reference : str, default "00"
        Region compared with; "00" is the whole country.
    totals : {"sum", "published"}
        What all jobs are: the sum of the industries, or the row of the industry "total" (or
        "A-U+US"), where industries do not add up to it. That row is never an industry.

    Returns
    -------
    DataFrame
        ``region``, ``industry``, ``period`` where given, ``lq`` (ratio), ``status``; sorted,
        without the reference and totals. ``lq`` is NaN with ".." where a part of it is
        missing, and with "." where the region has no jobs, or the reference none of the
        industry.

    Raises
    ------
    DataError
        If a column or `reference` is absent, rows repeat, a count is negative, indicators
        are mixed, or there is no published total to use.

    References
    ----------
    Isserman (1977), The location quotient approach to estimating regional economic impacts,
    Journal of the American Institute of Planners 43(1), 33-41.

    Examples
    --------
    >>> jobs = pd.DataFrame({"region": ["00", "00", "2281", "2281"],
    ...     "industry": ["J", "K", "J", "K"], "value": [300., 700., 6., 4.]})
    >>> location_quotients(jobs)[["region", "industry", "lq"]].round(2)
      region industry    lq
    0   2281        J  2.00
    1   2281        K  0.57
    """
    jobs = read_jobs(employed, reference=reference, totals=totals)
    quotient, code = quotient_arrays(jobs)
    result = pd.DataFrame(
        {
            **jobs.keys("region", "industry", "period"),
            "lq": quotient.reshape(-1),
            "status": statuses(code),
        },
        copy=False,
    )
    result.attrs = dict(employed.attrs)
    return result


def location_quotient_intervals(
    employed: pd.DataFrame, *, reference: str = "00", totals: str = "sum", level: float = 0.95
) -> pd.DataFrame:
    """
    Give location quotients with the interval that small numbers leave.

    The region's share is taken as that of a sample of ``e_j`` jobs, and its exact binomial
    interval (Clopper-Pearson) is divided by the reference's share, which is taken as known.
    The registers count everyone, so it is no sampling error: it says how far a count as small
    as this would move by chance alone. The noise that Statistics Sweden adds is not in it.

    Parameters
    ----------
    employed, reference, totals
        As `location_quotients` takes them.
    level : float, default 0.95
        Share of such intervals that hold the quotient.

    Returns
    -------
    DataFrame
        ``region``, ``industry``, ``period`` where given, ``value`` (jobs), ``share``,
        ``reference_share``, ``lq``, ``low``, ``high``, ``status``. A quotient of 0 has
        ``low`` 0 and a ``high`` above it.

    Raises
    ------
    DataError
        As `location_quotients`; also if `level` is not between 0 and 1, or a published total
        is smaller than one of its industries.

    References
    ----------
    Clopper & Pearson (1934), The use of confidence or fiducial limits illustrated in the case
    of the binomial, Biometrika 26(4), 404-413.

    Examples
    --------
    >>> jobs = pd.DataFrame({"region": ["00", "00", "2281", "2281"],
    ...     "industry": ["J", "K", "J", "K"], "value": [300., 700., 6., 4.]})
    >>> location_quotient_intervals(jobs)[["industry", "lq", "low", "high"]].round(2)
      industry    lq   low  high
    0        J  2.00  0.87  2.93
    1        K  0.57  0.17  1.05
    """
    require_level(level)
    jobs = read_jobs(employed, reference=reference, totals=totals)
    quotient, code = quotient_arrays(jobs)
    whole = jobs.whole[:, np.newaxis, :]
    above = jobs.count > whole
    if above.any():
        region, industry, _ = np.argwhere(above)[0]
        msg = (
            f"Region {jobs.regions.names[region]} has more jobs in industry "
            f'{jobs.industries.names[industry]} than in its published total. Use totals="sum".'
        )
        raise DataError(msg)
    known = code < MISSING
    count = np.where(known, jobs.count, np.nan)
    base_share = nonzero(jobs.base) / jobs.base_whole
    low, high = share_interval(count, np.broadcast_to(whole, count.shape), level=level)
    result = pd.DataFrame(
        {
            **jobs.keys("region", "industry", "period"),
            "value": jobs.count.reshape(-1),
            "share": (jobs.count / nonzero(whole)).reshape(-1),
            "reference_share": np.broadcast_to(
                jobs.base / nonzero(jobs.base_whole), count.shape
            ).reshape(-1),
            "lq": quotient.reshape(-1),
            "low": (low / base_share).reshape(-1),
            "high": (high / base_share).reshape(-1),
            "status": statuses(code),
        }
    )
    result.attrs = dict(employed.attrs)
    return result


def quotient_arrays(jobs: Jobs) -> tuple[NDArray[np.float64], NDArray[np.int8]]:
    """
    Divide shares by the reference's shares.

    Parameters
    ----------
    jobs : Jobs
        Jobs of regions and of the reference.

    Returns
    -------
    quotient : array, shape (regions, industries, periods)
        NaN where it cannot be told.
    code : array of int8, same shape
        Severities.
    """
    base_share = nonzero(jobs.base) / nonzero(jobs.base_whole)
    quotient = jobs.count / nonzero(jobs.whole)[:, np.newaxis, :]
    quotient /= base_share
    code = np.maximum(jobs.count_code, np.maximum(jobs.base_code, jobs.base_whole_code))
    np.maximum(code, jobs.whole_code[:, np.newaxis, :], out=code)
    nothing = (jobs.whole == 0)[:, np.newaxis, :] | ((jobs.base == 0) | (jobs.base_whole == 0))
    if nothing.any():
        code[nothing & (code < MISSING)] = NOT_APPLICABLE
    return quotient, code


def share_interval(
    count: NDArray[np.float64], whole: NDArray[np.float64], *, level: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """
    Give the exact binomial interval of shares (Clopper-Pearson).

    Parameters
    ----------
    count, whole : array
        Counts, and what they are counts of; NaN stays NaN.
    level : float
        Share of such intervals that hold the share.

    Returns
    -------
    low, high : array
        From 0 where the count is 0, to 1 where it is all.

    Examples
    --------
    >>> low, high = share_interval(np.array([0.0]), np.array([10.0]), level=0.95)
    >>> round(float(high[0]), 4)  # 1 - 0.025 ** (1 / 10)
    0.3085
    """
    tail = (1 - level) / 2
    rest = whole - count
    known = ~np.isnan(rest)
    low = np.where(known, 0.0, np.nan)
    high = np.where(known, 1.0, np.nan)
    some, not_all = known & (count > 0), known & (rest > 0)
    low[some] = special.betaincinv(count[some], rest[some] + 1, tail)
    high[not_all] = special.betaincinv(count[not_all] + 1, rest[not_all], 1 - tail)
    return low, high


def require_level(level: float) -> None:
    """
    Check the level of an interval.

    Parameters
    ----------
    level : float
        A share between 0 and 1.

    Raises
    ------
    DataError
        If it is not.
    """
    if not 0 < level < 1:
        msg = f"level={level} is not a share between 0 and 1, such as 0.95."
        raise DataError(msg)
