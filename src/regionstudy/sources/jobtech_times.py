"""Days and months as JobTech takes them: Swedish time, without a word about the zone."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pandas as pd

from regionstudy.sources.faults import source_error

__all__ = ["days_between", "month_of", "swedish_now"]

_ZONE = ZoneInfo("Europe/Stockholm")


def swedish_now() -> dt.datetime:
    """
    Give the present as the service writes it.

    Returns
    -------
    datetime
        Swedish time, without a zone.
    """
    return dt.datetime.now(_ZONE).replace(tzinfo=None)


def days_between(
    since: dt.date | str | None, until: dt.date | str | None, url: str
) -> tuple[dt.datetime | None, dt.datetime | None]:
    """
    Turn a first and a last day into the moments they begin and end at.

    Parameters
    ----------
    since, until : date, str or None
        The days, both included; None where open.
    url : str
        The service's address, for the error.

    Returns
    -------
    tuple of (datetime or None)
        The first and the last second.

    Raises
    ------
    SourceError
        If a day is none, or the last is before the first.

    Examples
    --------
    >>> [str(moment) for moment in days_between("2026-01-01", "2026-01-31", "")]
    ['2026-01-01 00:00:00', '2026-01-31 23:59:59']
    """
    first, last = (
        None if day is None else _moment(day, time, url)
        for day, time in ((since, dt.time.min), (until, dt.time(23, 59, 59)))
    )
    if first is not None and last is not None and first > last:
        problem = f"the days {first:%Y-%m-%d} to {last:%Y-%m-%d} are in the wrong order"
        raise source_error(problem, what="Job ads", url=url)
    return first, last


def month_of(day: dt.date | str, url: str) -> pd.Period:
    """
    Find the month of a period or day.

    Parameters
    ----------
    day : date or str
        A month ("2026M01", "2026-01") or a day in it.
    url : str
        The service's address, for the error.

    Returns
    -------
    Period
        The month.

    Raises
    ------
    SourceError
        If it is none.

    Examples
    --------
    >>> month_of("2026M01", ""), month_of("2026-01-25", "")
    (Period('2026-01', 'M'), Period('2026-01', 'M'))
    """
    try:
        return pd.Period(str(day).replace("M", "-"), freq="M")
    except ValueError as error:
        problem = f'"{day}" is not a month'
        raise source_error(
            problem, what="JobTech's vacancies", url=url, remedy='Write it as "2026M11".'
        ) from error


def _moment(day: dt.date | str, time: dt.time, url: str) -> dt.datetime:
    try:
        date = pd.to_datetime(day, format="ISO8601").date()
    except ValueError as error:
        problem = f'"{day}" is not a day'
        raise source_error(
            problem, what="Job ads", url=url, remedy="Write it as 2026-11-25."
        ) from error
    return dt.datetime.combine(date, time)
