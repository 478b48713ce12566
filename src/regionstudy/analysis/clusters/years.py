"""Jobs at the years that are compared, where they are the same regions and industries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np
import pandas as pd

from regionstudy.analysis.checks import require_columns, years
from regionstudy.analysis.clusters.cube import Jobs, read_jobs
from regionstudy.errors import DataError

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["read_years"]


def read_years(
    employed: pd.DataFrame,
    *,
    start: str,
    end: str,
    reference: str,
    totals: str = "sum",
    every: bool = False,
) -> Jobs:
    """
    Read the jobs of a first and a last year, and see that they can be compared.

    Parameters
    ----------
    employed : DataFrame
        As `shift_share` takes it.
    start, end : str
        The years.
    reference : str
        The region compared with.
    totals : {"sum", "published"}
        What all jobs are.
    every : bool, default False
        Read the years in between, too.

    Returns
    -------
    Jobs
        With two periods, or with every year.

    Raises
    ------
    DataError
        If the years do not ascend, one is absent, a region or an industry has rows in one of
        the years only, or the frame itself is wrong (`read_jobs`).
    """
    require_columns(employed, ["period"], name="employed")
    if str(start) >= str(end):
        msg = f"start={start} is not before end={end}; swap them."
        raise DataError(msg)
    wanted = [str(start), str(end)]
    if every and all(period.isdigit() for period in wanted):
        wanted = [str(year) for year in range(int(start), int(end) + 1)]
    jobs = read_jobs(employed, reference=reference, totals=totals, periods=wanted)
    absent = [period for period in wanted if period not in jobs.periods.names]
    if absent:
        _refuse(employed["period"], absent, every=every)
    _require_same(jobs, reference)
    return jobs


def _refuse(periods: pd.Series[Any], absent: list[str], *, every: bool) -> NoReturn:
    known = pd.Series(sorted(periods.astype(str).unique()), dtype=str)
    years(known, name="employed")
    more = f" and {len(absent) - 5} more" if len(absent) > 5 else ""
    remedy = " With dynamic=True every year is needed; leave it out, or fill the gap."
    msg = (
        f"employed lacks the year {', '.join(absent[:5])}{more}; it has: {', '.join(known)}."
        f"{remedy if every else ''}"
    )
    raise DataError(msg)


def _require_same(jobs: Jobs, reference: str) -> None:
    """Refuse what has rows in some of the years, and not one in another."""
    if jobs.held.all() and jobs.base_held.all():
        return
    apart = "Add up the regions that belong together first, or leave them out"
    recode = "Recode the older years first, or leave the industry out"
    checks: tuple[tuple[NDArray[np.bool_], pd.Index[str], str, str], ...] = (
        (
            np.asarray(jobs.held.any(axis=1)),
            jobs.regions.names,
            "Region",
            f"Was the municipality divided or merged? {apart}",
        ),
        (
            np.atleast_2d(jobs.base_held.any(axis=0)),
            pd.Index([reference]),
            "Region",
            "Choose years that the reference has",
        ),
        (
            np.asarray(jobs.held.any(axis=0) | jobs.base_held),
            jobs.industries.names,
            "Industry",
            f"Is it another version of the classification? {recode}",
        ),
    )
    for held, names, what, remedy in checks:
        partly = np.flatnonzero(held.any(axis=1) & ~held.all(axis=1))
        if len(partly):
            first = int(partly[0])
            more = f" (as have {len(partly) - 1} more)" if len(partly) > 1 else ""
            msg = (
                f"{what} {names[first]} has rows in {_periods(jobs, held[first])} but none in "
                f"{_periods(jobs, ~held[first])}{more}. {remedy}."
            )
            raise DataError(msg)


def _periods(jobs: Jobs, which: NDArray[np.bool_]) -> str:
    names = [str(name) for name in jobs.periods.names[which]]
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
