"""When a series' next figures come: periods, update cycles and the publishers' usual delays."""

from __future__ import annotations

import datetime as dt
import re

__all__ = [
    "PERIOD",
    "SHORT_LAG_MONTHS",
    "YEARLY_LAG_MONTHS",
    "due_date",
    "may_be_new",
    "months_later",
    "period_end",
]

PERIOD = re.compile(r"\d{4}(K[1-4]|M(0[1-9]|1[0-2]))?")
"""How the study writes a year, a quarter or a month."""

# SCB's slowest yearly tables (incomes) come 14 months after their year; none of ours is later.
YEARLY_LAG_MONTHS = 14
# Monthly and quarterly tables come within three months, preliminary at first.
SHORT_LAG_MONTHS = 3
_ELECTION_EVERY_YEARS = 4
_MONTHS_OF = {"monthly": 1, "quarterly": 3}


def period_end(period: str) -> dt.date:
    """
    Give a period's last day.

    Parameters
    ----------
    period : str
        "2024", "2024K3" or "2024M05".

    Returns
    -------
    date
        The day.

    Examples
    --------
    >>> period_end("2024K3")
    datetime.date(2024, 9, 30)
    """
    month = 12
    if "M" in period:
        month = int(period[5:])
    elif "K" in period:
        month = 3 * int(period[5:])
    return _month_end(int(period[:4]), month)


def due_date(last: str, *, update: str | tuple[int, ...]) -> dt.date | None:
    """
    Give the day by which the period after `last` must have been published.

    Yearly figures come in the catalogue's months, but it does not say how long after the year:
    the last such month within 14 months of the year's end is taken, so that the slowest series
    raises no false alarm.

    Parameters
    ----------
    last : str
        The newest period held.
    update : str or tuple of int
        The catalogue's update cycle.

    Returns
    -------
    date or None
        The day; None for a series that is closed or has no cycle.

    Examples
    --------
    >>> due_date("2024", update=(2,)), due_date("2024", update=(5,))
    (datetime.date(2027, 2, 28), datetime.date(2026, 5, 31))
    >>> due_date("2024M05", update="monthly")
    datetime.date(2024, 9, 30)
    """
    end = period_end(last)
    if isinstance(update, str):
        if update == "election":
            return months_later(end, 12 * _ELECTION_EVERY_YEARS + YEARLY_LAG_MONTHS)
        if update in _MONTHS_OF:
            return months_later(end, _MONTHS_OF[update] + SHORT_LAG_MONTHS)
        return None
    latest = months_later(end, 12 + YEARLY_LAG_MONTHS)
    days = [_month_end(year, month) for year in (latest.year - 1, latest.year) for month in update]
    return max(day for day in days if day <= latest)


def may_be_new(last: str, *, update: str | tuple[int, ...], asked: dt.date, today: dt.date) -> bool:
    """
    Tell whether figures may have come since the publisher was asked.

    The eager counterpart of `due_date`: it says when asking is worth a small call. Figures
    that are late by up to a month are waited for.

    Parameters
    ----------
    last : str
        The newest period held.
    update : str or tuple of int
        The catalogue's update cycle.
    asked : date
        The day the publisher was last asked.
    today : date
        The day it is.

    Returns
    -------
    bool
        Whether a month of publication, or the one after it, lies between the two days; for
        monthly and quarterly figures, whether the next period has ended; for elections,
        whether the year of the next one has come. Never for a series that is closed.

    Examples
    --------
    >>> fetched = dt.date(2026, 4, 2)
    >>> may_be_new("2025", update=(2,), asked=fetched, today=dt.date(2026, 11, 25))
    False
    >>> may_be_new("2025", update=(2,), asked=fetched, today=dt.date(2027, 2, 1))
    True
    >>> may_be_new("2026M03", update="monthly", asked=fetched, today=dt.date(2026, 5, 1))
    True
    """
    if isinstance(update, str):
        if update == "election":
            return today.year >= int(last[:4]) + _ELECTION_EVERY_YEARS
        return update in _MONTHS_OF and today > months_later(period_end(last), _MONTHS_OF[update])
    return any(
        dt.date(year, month, 1) <= today and _month_end(year + month // 12, month % 12 + 1) >= asked
        for year in range(asked.year - 1, today.year + 1)
        for month in update
    )


def months_later(day: dt.date, months: int) -> dt.date:
    """
    Give the last day of the month that lies some months after a day's own.

    Parameters
    ----------
    day : date
        The day.
    months : int
        How many.

    Returns
    -------
    date
        The day.

    Examples
    --------
    >>> months_later(dt.date(2024, 12, 31), 2)
    datetime.date(2025, 2, 28)
    """
    years, month = divmod(day.month - 1 + months, 12)
    return _month_end(day.year + years, month + 1)


def _month_end(year: int, month: int) -> dt.date:
    following = dt.date(year + month // 12, month % 12 + 1, 1)
    return following - dt.timedelta(days=1)
