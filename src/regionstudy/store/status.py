"""What `regionstudy status` tells: what the store holds, how old it is, and what is missing."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping

    from regionstudy.catalogue import Indicator
    from regionstudy.store.snapshot import Snapshot

__all__ = ["due_date", "period_end", "status_table"]

# SCB's slowest yearly tables (incomes) come 14 months after their year; none of ours is later.
_YEARLY_LAG_MONTHS = 14
# Monthly and quarterly tables come within three months, preliminary at first.
_SHORT_LAG_MONTHS = 3
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
            return _later(end, 12 * _ELECTION_EVERY_YEARS + _YEARLY_LAG_MONTHS)
        if update in _MONTHS_OF:
            return _later(end, _MONTHS_OF[update] + _SHORT_LAG_MONTHS)
        return None
    latest = _later(end, 12 + _YEARLY_LAG_MONTHS)
    days = [_month_end(year, month) for year in (latest.year - 1, latest.year) for month in update]
    return max(day for day in days if day <= latest)


def status_table(
    snapshot: Snapshot, catalogue: Mapping[str, Indicator], *, today: dt.date
) -> pd.DataFrame:
    """
    Tell of every indicator what the store holds, how old it is, or why nothing is there.

    Parameters
    ----------
    snapshot : Snapshot
        The store.
    catalogue : mapping of str to Indicator
        The catalogue; ids of the snapshot that it lacks come last.
    today : date
        The day that ages are counted to.

    Returns
    -------
    DataFrame, a row an indicator
        ``indicator``, ``domain``, ``title_sv``, ``title_en``, ``state`` ("figures", "formula",
        "missing"), the columns of `Snapshot.summary`, ``age_days`` (from the newest period's end
        to `today`), ``due`` (when the next period must have come), ``overdue`` (bool),
        ``reason`` (why there are no figures) and ``command`` (which would fetch them).
    """
    held = snapshot.summary().set_index("indicator")
    rows = []
    for one in [*catalogue, *(name for name in held.index if name not in catalogue)]:
        entry = catalogue.get(one)
        row = {"indicator": one, **_described(entry), "state": _state(one, entry, held)}
        if one in held.index:
            last = str(held.loc[one, "last"])
            row |= {"age_days": (today - period_end(last)).days, **_cycle(entry, last, today)}
        else:
            row |= _absence(entry)
        rows.append(row)
    columns = ["indicator", "domain", "title_sv", "title_en", "state", "age_days", "due"]
    columns += ["overdue", "reason", "command"]
    table = pd.DataFrame(rows, columns=columns)
    table["overdue"] = table["overdue"].eq(other=True)
    table[["reason", "command"]] = table[["reason", "command"]].fillna("")
    counts = ["periods", "country", "county", "municipality", "rows", "missing", "age_days"]
    table = table.merge(held.reset_index(), on="indicator", how="left", validate="1:1")
    table["transcribed"] = table["transcribed"].eq(other=True)
    table[counts] = table[counts].astype("Int64")
    order = [*columns[:5], *held.columns, *columns[5:]]
    return table[order]


def _state(one: str, entry: Indicator | None, held: pd.DataFrame) -> str:
    if one in held.index:
        return "figures"
    return "formula" if entry is not None and entry.formula else "missing"


def _described(entry: Indicator | None) -> dict[str, str]:
    if entry is None:
        return {"domain": "", "title_sv": "", "title_en": ""}
    return {"domain": entry.domain, "title_sv": entry.title.sv, "title_en": entry.title.en}


def _cycle(entry: Indicator | None, last: str, today: dt.date) -> dict[str, Any]:
    if entry is None:
        return {"reason": "held, but not in the catalogue"}
    ended = entry.last_period is not None and last >= entry.last_period
    due = None if ended else due_date(last, update=entry.update)
    return {"due": due, "overdue": due is not None and today > due}


def _absence(entry: Indicator | None) -> dict[str, str]:
    if entry is None or entry.formula:
        return {"reason": f"computed: {entry.formula}" if entry else "", "command": ""}
    if entry.source is not None and entry.source.kind == "other":
        reason = f"{entry.source} has no service that regionstudy fetches from"
        return {"reason": reason, "command": ""}
    return {
        "reason": f"not among the embedded figures; published by {entry.source}",
        "command": f"regionstudy fetch --indicator {entry.id}",
    }


def _later(day: dt.date, months: int) -> dt.date:
    years, month = divmod(day.month - 1 + months, 12)
    return _month_end(day.year + years, month + 1)


def _month_end(year: int, month: int) -> dt.date:
    following = dt.date(year + month // 12, month % 12 + 1, 1)
    return following - dt.timedelta(days=1)
