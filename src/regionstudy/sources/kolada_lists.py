"""What Kolada has: its key figures (KPIs), municipalities, groups and organisational units."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pandas as pd

from regionstudy.sources.call_window import shared_window
from regionstudy.sources.faults import changed, source_error
from regionstudy.sources.http import open_session
from regionstudy.sources.kolada_answers import read_kpis, read_list, read_members
from regionstudy.sources.kolada_checks import list_some, nearest_ids, nearest_titles
from regionstudy.sources.kolada_pages import read_pages
from regionstudy.sources.kolada_requests import (
    PAGE,
    KoladaRequest,
    kolada_code,
    plan_lookup,
    region_code,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    import requests

__all__ = ["BASE_URL", "CALLS_A_SECOND", "KoladaLists", "as_list"]

BASE_URL = "https://api.kolada.se/v3"
# No limit is published; five calls a second is what the clients in use keep to.
CALLS_A_SECOND = 5
_KPI = re.compile(r"[NU]\d{5}")


class KoladaLists:
    """
    List what Kolada has, and say so where something asked for is not there.

    Parameters
    ----------
    base_url : str
        The service's address.
    session : Session or None
        A session of `http.open_session`; None opens one without a cache on disk.
    """

    def __init__(
        self, base_url: str = BASE_URL, *, session: requests.Session | None = None
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self._given = session

    @property
    def _session(self) -> requests.Session:
        if self._given is None:
            window = shared_window(self.base_url, CALLS_A_SECOND, 1)
            self._given = open_session(source="kolada", window=window)
        return self._given

    def kpis(self, text: str = "", *, empty_ok: bool = False) -> pd.DataFrame:
        """
        Find KPIs by their title.

        Parameters
        ----------
        text : str
            A part of the title, words of the title in any order, or an id; "" for all KPIs.
        empty_ok : bool, default False
            Whether it is no error that no title has the text.

        Returns
        -------
        DataFrame, a row a KPI
            The columns of `metadata`.

        Raises
        ------
        SourceError
            If no title has them (the nearest are named), or the service fails.
        """
        if _KPI.fullmatch(text.strip().upper()):
            return self.metadata(text.strip().upper())
        what = f'Kolada\'s KPIs with "{text}"' if text else "Kolada's KPIs"
        found = self._kpis(self._search("kpi", text), what)
        if not found.empty or not text.strip():
            return found
        # The service looks for the text as a whole; words in another order are found here.
        every = self._kpis(self._search("kpi", ""), "Kolada's KPIs")
        titles = every["title"].str.casefold()
        keep = pd.Series(True, index=every.index)
        for word in text.casefold().split():
            keep &= titles.str.contains(word, regex=False)
        if keep.any() or empty_ok:
            return every[keep].reset_index(drop=True)
        url = f"{self.base_url}/kpi"
        remedy = nearest_titles(text, every)
        raise source_error("no title has it", what=what, url=url, status=200, remedy=remedy)

    def metadata(self, kpis: str | Sequence[str], *, refresh: bool = False) -> pd.DataFrame:
        """
        Describe KPIs.

        Parameters
        ----------
        kpis : str or sequence of str
            KPI ids.
        refresh : bool, default False
            Whether to ask although the cache has a fresh answer.

        Returns
        -------
        DataFrame, a row a KPI in the order asked for
            Kolada's twelve fields: id, title, description, is_divided_by_gender,
            municipality_type (K, L, or A for both), auspice, operating_area, perspective,
            prel_publication_date, publication_date, publ_period and has_ou_data. The dates
            say when figures of the period come, or came.

        Raises
        ------
        SourceError
            If Kolada does not know an id: the nearest ones are named.
        """
        ids = as_list(kpis)
        what = f"Kolada's KPIs {list_some(ids)}"
        url = f"{self.base_url}/kpi"
        items = [
            item
            for request in plan_lookup(url, ids)
            for item in self._items(request, what, refresh=refresh)
        ]
        found = read_kpis(items, url=url, what=what)
        unknown = [one for one in ids if one not in set(found["id"])]
        if unknown:
            every = self._kpis(self._search("kpi", ""), "Kolada's KPIs")
            problem = f"there is no {list_some(unknown)}"
            remedy = nearest_ids(unknown, every)
            raise source_error(problem, what=what, url=url, status=200, remedy=remedy)
        return found.set_index("id", drop=False).loc[ids].reset_index(drop=True)

    def municipalities(self) -> pd.DataFrame:
        """
        List the municipalities, the regions and the country.

        Returns
        -------
        DataFrame
            ``region`` (SCB's code), ``id``, ``title`` and ``type`` (K municipality, L region
            or country).

        Raises
        ------
        SourceError
            If the service fails or has changed.
        """
        what = "Kolada's municipalities"
        table = self._table(self._search("municipality", ""), ("id", "title", "type"), what)
        table.insert(0, "region", table["id"].map(region_code))
        return table

    def groups(self, text: str = "") -> pd.DataFrame:
        """
        List the groups of municipalities, such as SKR's kinds and the similar ones.

        Parameters
        ----------
        text : str
            A part of the title; "" for all.

        Returns
        -------
        DataFrame, a row a member
            ``id`` and ``title`` of the group, ``region`` (SCB's code) and ``member_title``.

        Raises
        ------
        SourceError
            If no title has the text, or the service fails or has changed.
        """
        what = f'Kolada\'s groups with "{text}"' if text else "Kolada's groups"
        request = self._search("municipality_groups", text)
        items = self._items(request, what)
        if not items:
            remedy = "Ask for a shorter part of the title, or for all groups."
            raise source_error(
                "no title has it", what=what, url=str(request), status=200, remedy=remedy
            )
        table = read_members(items, url=str(request), what=what)
        table["member"] = table["member"].map(region_code)
        return table.rename(columns={"member": "region"})

    def units(self, region: str, *, text: str = "") -> pd.DataFrame:
        """
        List the organisational units (schools, care homes) of a municipality.

        Parameters
        ----------
        region : str
            The municipality's code.
        text : str
            A part of the unit's title.

        Returns
        -------
        DataFrame, a row a unit
            ``region``, ``id`` and ``title``; empty where the municipality has none.

        Raises
        ------
        SourceError
            If the code is none, or the service fails or answers for another municipality.
        """
        code = kolada_code(region, url=self.base_url)
        what = f"Kolada's units in {region}"
        params = [("municipality", code), *([("title", text)] if text else [])]
        request = KoladaRequest(f"{self.base_url}/ou", (*params, ("per_page", str(PAGE))))
        table = self._table(request, ("id", "title", "municipality"), what)
        elsewhere = sorted(set(table["municipality"]) - {code})
        if elsewhere:
            problem = f"units of {list_some(elsewhere)} came: the service ignored the municipality"
            raise changed(problem, what=what, url=str(request))
        table["municipality"] = table["municipality"].map(region_code).astype("str")
        return table.rename(columns={"municipality": "region"})[["region", "id", "title"]]

    def _search(self, path: str, text: str) -> KoladaRequest:
        params = [("title", text)] if text else []
        return KoladaRequest(f"{self.base_url}/{path}", (*params, ("per_page", str(PAGE))))

    def _kpis(self, request: KoladaRequest, what: str) -> pd.DataFrame:
        return read_kpis(self._items(request, what), url=str(request), what=what)

    def _table(self, request: KoladaRequest, fields: Sequence[str], what: str) -> pd.DataFrame:
        items = self._items(request, what)
        return read_list(items, fields, url=str(request), what=what).astype("str")

    def _items(
        self, request: KoladaRequest, what: str, *, refresh: bool = False
    ) -> list[dict[str, Any]]:
        pages = read_pages(self._session, request, what=what, refresh=refresh)
        return [item for page, _ in pages for item in page]


def as_list(ids: str | Sequence[str]) -> list[str]:
    """
    Make a list of one id or several, each once.

    Parameters
    ----------
    ids : str or sequence of str
        The ids.

    Returns
    -------
    list of str
        The ids in their order.
    """
    return [ids] if isinstance(ids, str) else list(dict.fromkeys(ids))
