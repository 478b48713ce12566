"""Kolada, the database of municipalities and regions: its key figures' values, API version 3."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

import pandas as pd

from regionstudy.errors import ConfigError, SourceError
from regionstudy.sources.faults import source_error
from regionstudy.sources.kolada_answers import read_values
from regionstudy.sources.kolada_checks import (
    KEY,
    absent_codes,
    list_some,
    require_asked,
    require_figures,
    require_single,
)
from regionstudy.sources.kolada_lists import BASE_URL, KoladaLists, as_list
from regionstudy.sources.kolada_pages import read_pages
from regionstudy.sources.kolada_requests import KoladaRequest, plan_data, plan_lookup
from regionstudy.sources.selection import as_items

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    from regionstudy.sources.selection import Chosen

__all__ = ["BASE_URL", "Kolada", "KoladaRequest"]

_SEXES = ("total", "1", "2")
_HOW = {"sv": "Hämtad från Koladas API, version 3.", "en": "Fetched from Kolada's API, version 3."}


class Kolada(KoladaLists):
    """
    Ask Kolada, and check that what came back is what was asked for.

    Parameters
    ----------
    base_url : str
        The service's address.
    session : Session or None
        A session of `http.open_session`; None opens one without a cache on disk.
    """

    def plan(
        self,
        kpis: str | Sequence[str],
        *,
        regions: Chosen | None = None,
        years: Chosen | None = None,
    ) -> list[KoladaRequest]:
        """
        List the requests that `data` would send, without sending any.

        Parameters
        ----------
        kpis : str or sequence of str
            KPI ids.
        regions : str, iterable of str or None
            SCB's region codes, or ids of Kolada's groups; None for all regions.
        years : int, str, iterable of them or None
            Years; None for all.

        Returns
        -------
        list of KoladaRequest
            First those that check the ids, then those that bring values. `calls` and `cells`
            are upper limits: only pages with figures are sent for.

        Raises
        ------
        SourceError
            If a region or year is none, or nothing or too little is asked for.
        """
        ids = as_list(kpis)
        lookups = plan_lookup(f"{self.base_url}/kpi", ids)
        return lookups + plan_data(self.base_url, ids, regions=regions, years=years)

    def run(self, requests: Iterable[KoladaRequest]) -> pd.DataFrame:
        """
        Send requests of one plan, all or some of them.

        Parameters
        ----------
        requests : iterable of KoladaRequest
            From `plan`.

        Returns
        -------
        DataFrame
            The columns of `data`; a KPI without values has no rows. ``attrs["retrieved"]``
            gives the day by KPI.

        Raises
        ------
        SourceError
            If an id is unknown, what came is not what was asked for, or the service fails.
        """
        planned = list(requests)
        self.metadata([kpi for one in planned if not one.brings_values for kpi in one.kpis])
        valued = [one for one in planned if one.brings_values]
        frame, days = self._values(valued, as_list([kpi for one in valued for kpi in one.kpis]))
        kept = frame[~frame["deleted"]].drop(columns="deleted")
        kept = kept.sort_values(KEY, ignore_index=True)
        kept.attrs = {"retrieved": days}
        return kept

    def as_curl(self, request: KoladaRequest) -> str:
        """
        Write a request as a command line that anyone can paste.

        Parameters
        ----------
        request : KoladaRequest
            From `plan`.

        Returns
        -------
        str
            A curl command.
        """
        return shlex.join(["curl", str(request)])

    def data(
        self,
        kpis: str | Sequence[str],
        *,
        regions: Chosen | None = None,
        years: Chosen | None = None,
        sex: str | Sequence[str] | None = None,
        empty_ok: bool = False,
    ) -> pd.DataFrame:
        """
        Fetch values.

        Parameters
        ----------
        kpis : str or sequence of str
            KPI ids.
        regions : str, iterable of str or None
            SCB's region codes, or ids of Kolada's groups (the unweighted mean of those
            members that have a value); None for every municipality, region and the country.
        years : int, str, iterable of them or None
            Years; None for all.
        sex : {"total", "1", "2"}, a sequence of them, or None
            Which sexes to keep: both together, men, women; None for all that are published.
        empty_ok : bool, default False
            Whether a KPI without a single value is no error, as when asking for news.

        Returns
        -------
        DataFrame, a row a value
            Observations: ``region`` (SCB's code), ``indicator`` (the KPI's id), ``period``,
            ``sex``, ``value`` (NaN where missing) and ``status`` ("" or ".."), sorted.
            ``attrs["provenance"]`` says by KPI where they are from; ``attrs["kpis"]`` holds
            its title, unit being part of it, and its publication dates; ``attrs["absent"]``
            the regions and years that were asked for and have no row.

        Raises
        ------
        SourceError
            If a KPI, region or year is none (the nearest are named), a KPI has no value at
            all, what came is not what was asked for, or the service fails or has changed.
        ConfigError
            If a sex is none.
        """
        ids = as_list(kpis)
        kept = _sexes(sex)
        codes = None if regions is None else list(dict.fromkeys(as_items(regions)))
        periods = None if years is None else list(dict.fromkeys(as_items(years)))
        requests = plan_data(self.base_url, ids, regions=codes, years=periods)
        known = self.metadata(ids)
        frame, days = self._values(requests, ids)
        frame = frame[~frame["deleted"] & frame["sex"].isin(kept)].drop(columns="deleted")
        # Kolada also has groups of municipalities; without regions only real ones are meant.
        if codes is None:
            frame = frame[~frame["region"].str.startswith("G")]
        frame = frame.sort_values(KEY, ignore_index=True)
        if not empty_ok:
            require_figures(frame, known, url=str(requests[0]))
        frame.attrs = {
            "provenance": {one: self._provenance(one, requests, days) for one in ids},
            "kpis": _describe(known),
            "absent": {one: absent_codes(frame, one, codes, periods) for one in ids},
        }
        return frame

    def changed_since(
        self,
        date: dt.date | str,
        *,
        kpis: str | Sequence[str],
        regions: Chosen | None = None,
        years: Chosen | None = None,
    ) -> pd.DataFrame:
        """
        Ask which values have been added, changed or deleted since a day.

        Parameters
        ----------
        date : date or str
            The day, YYYY-MM-DD.
        kpis : str or sequence of str
            KPI ids.
        regions : str, iterable of str or None
            SCB's region codes; None for all.
        years : int, str, iterable of them or None
            Years; None for all. Either these or the regions must be given.

        Returns
        -------
        DataFrame, a row a value; empty where nothing has changed
            The columns of `data`, and ``deleted``: the value has been withdrawn.

        Raises
        ------
        SourceError
            As `data`, but having nothing new is no error.
        """
        ids = as_list(kpis)
        day = _day(date, self.base_url)
        requests = plan_data(self.base_url, ids, regions=regions, years=years, from_date=day)
        self.metadata(ids)
        # What the cache holds is what was had before: news are asked for anew.
        frame, _ = self._values(requests, ids, refresh=True)
        return frame.sort_values(KEY, ignore_index=True)

    def _values(
        self, requests: Sequence[KoladaRequest], ids: Sequence[str], *, refresh: bool = False
    ) -> tuple[pd.DataFrame, dict[str, str]]:
        what = f"Kolada's figures of {list_some(ids)}"
        parts = [read_values([], url=self.base_url, what=what)]
        retrieved: dict[str, str] = {}
        for request in requests:
            for page, answer in read_pages(self._session, request, what=what, refresh=refresh):
                try:
                    part = read_values(page, url=answer.url, what=what)
                    require_asked(part, request, what=what)
                except SourceError as error:
                    # Kept for whoever reports it.
                    error.content = error.content or answer.content
                    raise
                parts.append(part)
                day = answer.retrieved.date().isoformat()
                # The oldest answer counts: the figures are no newer than that.
                for one in request.kpis:
                    retrieved[one] = min(day, retrieved.get(one, day))
        # A page may shift while it is read, so that a row comes twice: the same one is dropped.
        frame = pd.concat(parts, ignore_index=True).drop_duplicates(ignore_index=True)
        require_single(frame, url=self.base_url, what=what)
        return frame, retrieved

    def _provenance(
        self, kpi: str, requests: Sequence[KoladaRequest], days: dict[str, str]
    ) -> dict[str, Any]:
        return {
            "publisher": "RKA",
            "source": "Kolada",
            "table": kpi,
            "query": next(str(request) for request in requests if kpi in request.kpis),
            "how": dict(_HOW),
            "retrieved": days.get(kpi),
            "updated": None,
            "licence": "CC0-1.0",
            "note": None,
            "transcribed": False,
            "url": self.base_url,
        }


def _sexes(sex: str | Sequence[str] | None) -> list[str]:
    asked = list(_SEXES) if sex is None else [sex] if isinstance(sex, str) else list(sex)
    unknown = [one for one in asked if one not in _SEXES]
    if unknown:
        msg = f'"{unknown[0]}" is not a sex; use one of: {", ".join(_SEXES)} (1 men, 2 women).'
        raise ConfigError(msg)
    return asked


def _day(date: dt.date | str, url: str) -> str:
    try:
        return pd.to_datetime(date, format="ISO8601").date().isoformat()
    except ValueError as error:
        problem = f'"{date}" is not a day'
        remedy = "Write it as 2026-11-25."
        raise source_error(problem, what="Changes in Kolada", url=url, remedy=remedy) from error


def _describe(known: pd.DataFrame) -> dict[str, Any]:
    table = known.set_index("id")[
        ["title", "publ_period", "publication_date", "prel_publication_date"]
    ].copy()
    for column in ("publication_date", "prel_publication_date"):
        table[column] = table[column].dt.strftime("%Y-%m-%d").fillna("")
    return {str(kpi): facts for kpi, facts in table.to_dict(orient="index").items()}
