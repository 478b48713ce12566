"""Catalogue entries' questions to Kolada, asked together, and the answers told apart."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import TYPE_CHECKING, Any

from regionstudy.errors import SourceError
from regionstudy.geography.code_list import region_list
from regionstudy.sources.faults import source_error
from regionstudy.store.fetch.tasks import Series, Task

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from regionstudy.catalogue import Indicator
    from regionstudy.sources.kolada import Kolada, KoladaRequest

__all__ = ["plan_kpis", "years_of"]

# Kolada's municipal figures begin here, but for a few.
_FIRST_YEAR = 1998
# A year of so many key figures, for 290 municipalities, 21 regions and the country, fills a page
# of 5,000 rows: a task is one call, and what is cut off is not asked again.
_KPIS_A_PAGE = 16
# It has no stamp of updates: an answer is good for the rest of the day.
_GOOD_FOR = dt.timedelta(days=1)
_HOW = {"sv": "Hämtad från Koladas API, version 3.", "en": "Fetched from Kolada's API, version 3."}
_COUNTY_NOTE = {
    "sv": "Länets värde gäller för somliga nyckeltal regionen som organisation.",
    "en": "A county's value is for some key figures that of the regional authority.",
}


def plan_kpis(
    client: Kolada, indicators: Sequence[Indicator], *, since: int | None, today: dt.date
) -> tuple[list[Series], dict[str, SourceError]]:
    """
    Check the key figures, and plan the requests that bring them together.

    Parameters
    ----------
    client : Kolada
        The service; asked for its key figures' descriptions only.
    indicators : sequence of Indicator
        Entries with a source in Kolada.
    since : int or None
        The first year wanted; None for all.
    today : date
        The last year wanted is its.

    Returns
    -------
    series : list of Series
        One an indicator that Kolada knows; they share tasks.
    faults : dict of str to SourceError
        What is wrong with the others, by indicator.
    """
    stamps, faults = _stamps(client, indicators)
    known = [one for one in indicators if one.id in stamps]
    if not known:
        return [], faults
    kpis = list(dict.fromkeys(_kpi(one) for one in known))
    requests = [
        request
        for year in years_of(since, today)
        for first in range(0, len(kpis), _KPIS_A_PAGE)
        for request in client.plan(kpis[first : first + _KPIS_A_PAGE], years=[year])
        if request.brings_values
    ]
    tasks = {request: _task(client, request) for request in requests}
    series = []
    for one in known:
        wanted = tuple(task for request, task in tasks.items() if _kpi(one) in request.kpis)
        read = partial(_read, one, client.base_url, since)
        series.append(Series(one, "kolada", _kpi(one), wanted, stamps[one.id], (), read))
    return series, faults


def years_of(since: int | None, today: dt.date) -> range:
    """
    Give the years that Kolada is asked for.

    Parameters
    ----------
    since : int or None
        The first year wanted.
    today : date
        The last one is its.

    Returns
    -------
    range
        The years.
    """
    return range(max(since or _FIRST_YEAR, _FIRST_YEAR), today.year + 1)


def _kpi(indicator: Indicator) -> str:
    source = indicator.source
    assert source is not None
    assert source.kind == "kolada"
    return source.kpi


def _stamps(
    client: Kolada, indicators: Sequence[Indicator]
) -> tuple[dict[str, str], dict[str, SourceError]]:
    """Give the days of publication; where one id is unknown, find out which by asking each."""
    try:
        days = _published(client, indicators)
    except SourceError as error:
        # Only an id that Kolada does not know is the entry's own fault: then it answers, and
        # with what it promises.
        if error.status != 200 or error.content:
            raise
        if len(indicators) == 1:
            return {}, {indicators[0].id: error}
        stamps: dict[str, str] = {}
        faults: dict[str, SourceError] = {}
        for one in indicators:
            found, wrong = _stamps(client, [one])
            stamps |= found
            faults |= wrong
        return stamps, faults
    return days, {}


def _published(client: Kolada, indicators: Sequence[Indicator]) -> dict[str, str]:
    known = client.metadata([_kpi(one) for one in indicators]).set_index("id")
    days = known["publication_date"].dt.strftime("%Y-%m-%d").fillna("")
    return {one.id: str(days[_kpi(one)]) for one in indicators}


def _task(client: Kolada, request: KoladaRequest) -> Task:
    return Task(
        source="kolada",
        key=str(request),
        what=f"{len(request.kpis)} key figures, {request.years[0]}",
        cells=request.cells,
        calls=request.calls,
        asks=f"{', '.join(request.kpis[:3])}{', …' * (len(request.kpis) > 3)}; {request.years[0]}",
        command=client.as_curl(request),
        run=partial(client.run, [request]),
        good_for=_GOOD_FOR,
    )


def _read(
    indicator: Indicator, url: str, since: int | None, answers: Sequence[pd.DataFrame]
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Take one key figure's rows, of the levels and sexes that the catalogue has."""
    import pandas as pd

    kpi = _kpi(indicator)
    mine = [answer[answer["indicator"] == kpi] for answer in answers]
    rows = pd.concat(mine, ignore_index=True)
    known = region_list()
    levels = rows["region"].map({code: one.level for code, one in known.items()})
    rows = rows[levels.isin(list(indicator.levels))]
    source = indicator.source
    assert source is not None
    assert source.kind == "kolada"
    if not source.sexes:
        rows = rows[rows["sex"] == "total"].drop(columns="sex")
    if rows.empty and since is not None:
        # The years wanted have not come, which is no fault of the id.
        return rows, {}
    if rows.empty:
        raise source_error(
            f"it has no value of the levels {', '.join(indicator.levels)} in these years",
            what=f"Kolada's key figure {kpi}",
            url=url,
            status=200,
            remedy=f"Check the id of {indicator.id} in the catalogue: regionstudy describe {kpi}",
        )
    of_counties = rows["region"].str.len().eq(2).any()
    facts = {
        "publisher": "Kolada (RKA)",
        "table": kpi,
        "query": f"data/kpi/{kpi}/year/{rows['period'].min()}–{rows['period'].max()}",
        "how": dict(_HOW),
        "retrieved": min(answer.attrs["retrieved"][kpi] for answer in answers),
        "updated": None,
        "licence": "CC0-1.0",
        "note": dict(_COUNTY_NOTE) if of_counties else {"sv": "", "en": ""},
        "url": url,
    }
    return rows.assign(indicator=indicator.id).reset_index(drop=True), facts
