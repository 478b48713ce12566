"""How specialised regions are, and how concentrated industries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from regionstudy.analysis.clusters.coding import nonzero, statuses, worst
from regionstudy.analysis.clusters.cube import Jobs, read_jobs
from regionstudy.analysis.statuses import MISSING, NOT_APPLICABLE

if TYPE_CHECKING:
    from typing import TypeAlias

    from numpy.typing import NDArray

    Array: TypeAlias = NDArray[np.float64]

__all__ = ["concentration", "specialisation"]


def specialisation(employed: pd.DataFrame, *, reference: str = "00") -> pd.DataFrame:
    """
    Measure how much each region's jobs differ by industry from the reference's.

    With s the region's shares of jobs by industry, t the reference's, and n industries:

    - ``gini`` of the location quotients R = s/t, in ascending order:
      ``2 / (n² mean(R)) Σ rank (R - mean(R))``; 0 where all are equal;
    - ``hoover = ½ Σ |s - t|``, the share of jobs that would have to change industry;
    - ``krugman = Σ |s - t|``, and ``krugman_others`` against the mean of the shares of the
      other regions, each counting the same;
    - ``herfindahl = Σ s²``, ``herfindahl_normalised = (H - 1/n) / (1 - 1/n)`` from 0 to 1, and
      ``equivalent_number = 1/H``: so many industries of equal size are as concentrated.

    Shares are of the sum of the industries, since they must add up to 1.

    Parameters
    ----------
    employed : DataFrame
        ``region``, ``industry``, ``value``, optionally ``period`` and ``status``, as
        `location_quotients` takes them.
    reference : str, default "00"
        Region compared with.

    Returns
    -------
    DataFrame
        ``region``, ``period`` where given, ``industries`` (how many the reference has),
        ``gini``, ``hoover``, ``krugman``, ``krugman_others``, ``herfindahl``,
        ``herfindahl_normalised``, ``equivalent_number``, ``status``. NaN with ".." where an
        industry is missing, "." where the region has no jobs. ``krugman_others`` is NaN, too,
        without other regions, or where one of them lacks a figure.

    Raises
    ------
    DataError
        If the frame cannot be used (see `location_quotients`).

    References
    ----------
    Farhauer & Kröll (2014), Standorttheorien, Springer; Krugman (1991), Geography and trade,
    MIT Press; Hoover (1936), Review of Economics and Statistics 18(4), 162-171.

    Examples
    --------
    >>> jobs = pd.DataFrame({"region": ["00", "00", "2281", "2281"],
    ...     "industry": ["J", "K", "J", "K"], "value": [300., 700., 6., 4.]})
    >>> specialisation(jobs)[["region", "hoover", "krugman", "herfindahl"]].round(2)
      region  hoover  krugman  herfindahl
    0   2281     0.3      0.6        0.52
    """
    jobs = read_jobs(employed, reference=reference)
    share = jobs.count / nonzero(jobs.whole)[:, np.newaxis, :]
    base_share = jobs.base / nonzero(jobs.base_whole)
    code = np.maximum(jobs.whole_code, jobs.base_whole_code)
    result = _measures(share, base_share[np.newaxis], code)
    result["industries"] = np.broadcast_to((jobs.base > 0).sum(axis=0), code.shape)
    names = ["industries", "gini", "hoover", "krugman", "krugman_others", *_HERFINDAHL]
    return _frame(jobs, result, code, ["region", "period"], names, employed)


def concentration(employed: pd.DataFrame, *, reference: str = "00") -> pd.DataFrame:
    """
    Measure how unevenly each industry is spread over the regions.

    As `specialisation`, with the two axes exchanged: s are the regions' shares of the jobs of
    an industry, t their shares of all jobs, both among the regions given. Give regions of one
    level, which do not overlap.

    Parameters
    ----------
    employed : DataFrame
        ``region``, ``industry``, ``value``, optionally ``period`` and ``status``.
    reference : str, default "00"
        The country's code, whose rows are left out.

    Returns
    -------
    DataFrame
        ``industry``, ``period`` where given, ``regions`` (how many have jobs), ``gini``,
        ``hoover``, ``krugman``, ``krugman_others`` (against the mean of the other industries),
        ``herfindahl``, ``herfindahl_normalised``, ``equivalent_number``, ``status``. NaN with
        ".." where a region is missing, "." where no region has jobs in the industry.

    Raises
    ------
    DataError
        If the frame cannot be used (see `location_quotients`).

    References
    ----------
    Farhauer & Kröll (2014), Standorttheorien, Springer.

    Examples
    --------
    >>> jobs = pd.DataFrame({"region": ["00", "00", "1", "1", "2", "2"],
    ...     "industry": ["J", "K"] * 3, "value": [6., 14., 6., 4., 0., 10.]})
    >>> concentration(jobs)[["industry", "hoover", "herfindahl"]].round(2)
      industry  hoover  herfindahl
    0        J    0.50        1.00
    1        K    0.21        0.59
    """
    jobs = read_jobs(employed, reference=reference)
    whole = jobs.count.sum(axis=0)
    share = np.swapaxes(jobs.count / nonzero(whole), 0, 1)
    of_all = jobs.whole / nonzero(jobs.whole.sum(axis=0))
    code = np.maximum(worst(jobs.count_code, axis=0), worst(jobs.whole_code, axis=0))
    result = _measures(share, of_all[np.newaxis], code)
    result["regions"] = np.broadcast_to((jobs.whole > 0).sum(axis=0), code.shape)
    names = ["regions", "gini", "hoover", "krugman", "krugman_others", *_HERFINDAHL]
    return _frame(jobs, result, code, ["industry", "period"], names, employed)


_HERFINDAHL = ("herfindahl", "herfindahl_normalised", "equivalent_number")


def _measures(share: Array, base_share: Array, code: NDArray[np.int8]) -> dict[str, Array]:
    """Compare shares along the second axis with those of the reference."""
    hoover = np.abs(share - base_share).sum(axis=1) / 2
    rows, parts = share.shape[0], share.shape[1]
    others = np.full_like(hoover, np.nan)
    if rows > 1:
        mean = (share.sum(axis=0) - share) / (rows - 1)
        others = np.abs(share - mean).sum(axis=1)
    herfindahl = (share**2).sum(axis=1)
    least = 1 / parts if parts else np.nan
    spread = 1 - least if parts > 1 else np.nan
    return {
        "gini": np.where(code < MISSING, _gini(share / nonzero(base_share)), np.nan),
        "hoover": hoover,
        "krugman": 2 * hoover,
        "krugman_others": others,
        "herfindahl": herfindahl,
        "herfindahl_normalised": (herfindahl - least) / spread,
        "equivalent_number": 1 / nonzero(herfindahl),
    }


def _gini(quotient: Array) -> Array:
    """Give the Gini coefficient along the second axis, without what the reference lacks."""
    # Missing ones sort last, so that ranks count the others alone.
    ascending = np.sort(quotient, axis=1)
    known = ~np.isnan(ascending)
    count = known.sum(axis=1)
    mean = np.where(known, ascending, 0.0).sum(axis=1) / np.where(count == 0, np.nan, count)
    rank = np.arange(1, quotient.shape[1] + 1)[np.newaxis, :, np.newaxis]
    above = np.where(known, rank * (ascending - mean[:, np.newaxis]), 0.0).sum(axis=1)
    return np.asarray(2 * above / (np.where(count == 0, np.nan, count) ** 2 * nonzero(mean)))


def _frame(
    jobs: Jobs,
    measures: dict[str, Array],
    code: NDArray[np.int8],
    axes: list[str],
    names: list[str],
    employed: pd.DataFrame,
) -> pd.DataFrame:
    # Known figures, and still no share: there are no jobs to share out.
    nothing = np.isnan(measures["hoover"]) & (code < MISSING)
    code = np.where(nothing, NOT_APPLICABLE, code).astype(np.int8)
    columns = {name: measures[name].reshape(-1) for name in names}
    result = pd.DataFrame({**jobs.keys(*axes), **columns, "status": statuses(code)})
    result.attrs = dict(employed.attrs)
    return result
