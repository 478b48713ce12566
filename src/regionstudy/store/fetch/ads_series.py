"""The counts of job ads: month by month, and those open today, for a study's own region."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from regionstudy.errors import DataError
from regionstudy.store.fetch.tasks import Series, Task

if TYPE_CHECKING:
    from collections.abc import Sequence

    from regionstudy.catalogue import Indicator
    from regionstudy.sources.jobtech import JobTech

__all__ = ["plan_ads"]

# Whole ads are read to be counted, and the service asks not to be copied: a year is taken
# unless more is asked for. The years before come as files (`regionstudy ads import`).
_MONTHS = 12
_FIRST_YEAR = 2016
_GOOD_FOR = dt.timedelta(days=1)
_PAGE = 100


def plan_ads(
    client: JobTech,
    indicators: Sequence[Indicator],
    *,
    regions: Sequence[str],
    since: int | None,
    today: dt.date,
) -> list[Series]:
    """
    Plan the counting of job ads; nothing is asked.

    Parameters
    ----------
    client : JobTech
        The service.
    indicators : sequence of Indicator
        Entries with a source in JobTech.
    regions : sequence of str
        The municipalities to count in.
    since : int or None
        The first year wanted; None for the last twelve months.
    today : date
        The last month counted is its.

    Returns
    -------
    list of Series
        One an indicator; those of one kind share tasks.
    """
    this_month = pd.Period(today, freq="M")
    first = pd.Period(year=max(since, _FIRST_YEAR), month=1, freq="M") if since else None
    months = pd.period_range(first or this_month - _MONTHS + 1, this_month, freq="M")
    where = ",".join(regions)
    by_count = {
        "published": tuple(
            Task(
                source="jobtech",
                key=f"{client.historical_url} published {month} {where} {today}",
                what=f"job ads published in {month}",
                cells=0,
                calls=2,
                asks=f"municipalities of the region, {month}",
                command=f"curl '{client.historical_url}/search?limit={_PAGE}' (once a page)",
                run=partial(
                    client.vacancies,
                    regions=list(regions),
                    since=month.start_time.date(),
                    until=month.end_time.date(),
                ),
                good_for=_GOOD_FOR,
            )
            for month in months
        ),
        "open": (
            Task(
                source="jobtech",
                key=f"{client.base_url} open {where} {today}",
                what="job ads that are open now",
                cells=0,
                calls=2,
                asks="municipalities of the region, today",
                command=f"curl '{client.base_url}/search?limit={_PAGE}' (once a page)",
                run=partial(client.open_vacancies, regions=list(regions)),
                good_for=_GOOD_FOR,
            ),
        ),
    }
    return [
        Series(
            one,
            "jobtech",
            one.id,
            by_count[_count(one)],
            today.isoformat(),
            (),
            partial(_read, one),
        )
        for one in indicators
    ]


def _count(indicator: Indicator) -> str:
    source = indicator.source
    assert source is not None
    assert source.kind == "jobtech"
    return source.count


def _read(
    indicator: Indicator, answers: Sequence[pd.DataFrame]
) -> tuple[pd.DataFrame, dict[str, Any]]:
    parts = [answer[answer["indicator"] == indicator.id] for answer in answers]
    rows = pd.concat(parts, ignore_index=True)
    if rows.empty:
        msg = f"{indicator.id}: JobTech counted no such thing. Check the id in the catalogue."
        raise DataError(msg)
    facts = dict(answers[0].attrs["provenance"][indicator.id])
    days = [answer.attrs["provenance"][indicator.id]["retrieved"] for answer in answers]
    return rows, facts | {"retrieved": min(days), "note": {"sv": "", "en": ""}}
