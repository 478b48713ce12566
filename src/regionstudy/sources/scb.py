"""Statistics Sweden's database, and any other PxWeb with the v2 interface."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import orjson
import pandas as pd

from regionstudy.errors import ConfigError, SourceError
from regionstudy.sources.faults import source_error
from regionstudy.sources.http import ask_json
from regionstudy.sources.pxweb_client import PxWebClient
from regionstudy.sources.pxweb_reading import (
    read_codelist,
    read_limits,
    read_metadata,
    read_table,
)
from regionstudy.sources.pxweb_search import (
    list_tables,
    narrowing_searches,
    similarity,
    tables_frame,
)
from regionstudy.sources.selection import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

    import requests

    from regionstudy.sources.http import Answer
    from regionstudy.sources.pxweb_requests import Request
    from regionstudy.sources.pxweb_tables import Codelist, Limits, Table, TableMetadata
    from regionstudy.sources.selection import Chosen

__all__ = ["BASE_URL", "PxWeb"]

BASE_URL = "https://statistikdatabasen.scb.se/api/v2"


class PxWeb(PxWebClient):
    """
    A client of a PxWeb service with the v2 interface; nothing is asked before it is needed.

    Parameters
    ----------
    base_url : str, optional
        The service's address; Statistics Sweden's if not given.
    session : requests.Session, optional
        From `http.open_session`, with the call window that the service wants. Without it a
        session is opened with the window that the service announces, and no cache.
    lang : str, default "sv"
        The language of texts; codes are the same in all.
    """

    def __init__(
        self, base_url: str = BASE_URL, *, session: requests.Session | None = None, lang: str = "sv"
    ) -> None:
        super().__init__(base_url, session=session, lang=lang)
        self._lists: dict[str, Codelist] = {}

    def search(
        self, text: str, *, updated_within_days: int | None = None, discontinued: bool = False
    ) -> pd.DataFrame:
        """
        Search the service's tables.

        Parameters
        ----------
        text : str
            Words that must all occur; ``title:word`` looks in titles only.
        updated_within_days : int, optional
            Only tables that were updated in so many days.
        discontinued : bool, default False
            Whether tables that get no new figures are included.

        Returns
        -------
        DataFrame, a row a table
            ``table`` (its id), ``title``, ``first_period``, ``last_period``, ``updated``,
            ``time_unit``, ``variables``, ``subject`` and ``discontinued`` (bool).

        Raises
        ------
        SourceError
            If the service fails, or gives fewer tables than it counts.
        """
        return tables_frame(
            self._tables(text, updated_within_days=updated_within_days, discontinued=discontinued)
        )

    def similar(self, title: str, *, most: int = 5) -> pd.DataFrame:
        """
        Offer tables for a title that is known from elsewhere; none is chosen.

        Parameters
        ----------
        title : str
            Such as an indicator's title in the catalogue.
        most : int, default 5
            How many to offer.

        Returns
        -------
        DataFrame, a row a table
            As `search`, and ``similarity`` of the titles (0 to 1), the most alike first; empty
            if no word of the title is found.

        Raises
        ------
        SourceError
            As `search`.
        """
        found: list[Table] = []
        for text in narrowing_searches(title):
            found = self._tables(text)
            if found:
                break
        frame = tables_frame(found)
        alike = [similarity(title, other) for other in frame["title"]]
        frame = frame.assign(similarity=pd.Series(alike, dtype="float64"))
        frame = frame.sort_values("similarity", ascending=False, kind="stable", ignore_index=True)
        return frame.head(most)

    def table(self, table: str, *, refresh: bool = False) -> Table:
        """
        Read a table's entry in the service's list: the small call that tells of an update.

        Parameters
        ----------
        table : str
            The table's id.
        refresh : bool, default False
            Whether to ask although the cache has an answer.

        Returns
        -------
        Table
            Its title, periods and the publisher's stamp.

        Raises
        ------
        SourceError
            If there is no such table.
        """
        body, answer = self._get_table(table, "", what=f"Table {table}", refresh=refresh)
        return read_table(body, answer)

    def codelist(self, codelist: str) -> Codelist:
        """
        Read a codelist; it is asked for once.

        Parameters
        ----------
        codelist : str
            Its id, which begins with "agg_" or "vs_".

        Returns
        -------
        Codelist
            Its values and what they are made of.

        Raises
        ------
        SourceError
            If there is no such codelist.
        """
        if codelist not in self._lists:
            body, answer = ask_json(
                self.session,
                "GET",
                f"{self.base_url}/codelists/{quote(codelist, safe='')}",
                params={"lang": self.lang},
                what=f"Codelist {codelist}",
            )
            self._lists[codelist] = read_codelist(body, answer)
        return self._lists[codelist]

    def _tables(self, text: str, **options: Any) -> list[Table]:
        self.config()  # refuses a language that the service does not speak
        url = f"{self.base_url}/tables"
        return list_tables(self.session, url, text=text, lang=self.lang, **options)

    def _read_limits(self, session: requests.Session) -> Limits:
        body, answer = ask_json(
            session, "GET", f"{self.base_url}/config", what="The service's limits"
        )
        return read_limits(body, answer)

    def _read_metadata(self, table: str, *, refresh: bool) -> TableMetadata:
        what = f"The metadata of {table}"
        body, answer = self._get_table(table, "/metadata", what=what, refresh=refresh)
        return read_metadata(body, answer, table=table)

    def _get_table(self, table: str, part: str, *, what: str, refresh: bool) -> tuple[Any, Answer]:
        self.config()  # refuses a language that the service does not speak
        try:
            return ask_json(
                self.session,
                "GET",
                f"{self._address(table)}{part}",
                params={"lang": self.lang},
                what=what,
                refresh=refresh,
            )
        except SourceError as error:
            if error.status == 404:
                raise self._no_table(table, error) from error
            raise

    def _codelists(
        self,
        metadata: TableMetadata,
        codelists: Mapping[str, str],
        selection: Mapping[str, Chosen],  # noqa: ARG002 # v1 needs it
    ) -> dict[str, Codelist]:
        found = {}
        for name, wanted in codelists.items():
            variable = metadata.variable(name)
            if wanted not in variable.codelists:
                known = variable.codelists
                shown = ", ".join(f"{code} ({label})" for code, label in known.items()) or "none"
                hint = nearest(wanted, known, labels=known)
                msg = (
                    f'{metadata.id}: {variable.code} has no codelist "{wanted}".{hint} '
                    f"It has {shown}."
                )
                raise ConfigError(msg)
            found[variable.code] = self.codelist(wanted)
        return found

    def _call(self, request: Request) -> tuple[str, dict[str, str], dict[str, Any]]:
        chosen = []
        for choice in request.choices:
            one: dict[str, Any] = {"variableCode": choice.variable}
            if choice.codelist:
                one["codelist"] = choice.codelist
            chosen.append({**one, "valueCodes": list(choice.codes)})
        params = {"lang": self.lang, "outputFormat": "json-stat2"}
        return f"{self._address(request.table)}/data", params, {"selection": chosen}

    def _too_many_cells(self, error: SourceError) -> bool:
        # The server answers 400 "Too many cells selected"; the specification says 403, with
        # the reason in the detail. Any other 403 (a firewall's page) has nothing to do with it.
        if error.status not in (400, 403):
            return False
        try:
            body = orjson.loads(error.content)
        except orjson.JSONDecodeError:
            return False
        told = f"{body.get('title')} {body.get('detail')}" if isinstance(body, dict) else ""
        return "cell" in told.casefold()

    def _no_table(self, table: str, error: SourceError) -> SourceError:
        """Tell a table that is unknown from one whose metadata failed, which is a 404 too."""
        try:
            if not error.url.split("?")[0].endswith(f"/tables/{quote(table, safe='')}"):
                self.table(table)
                return source_error(
                    "the service has this table, but could not give it just now",
                    what=error.what,
                    url=error.url,
                    status=404,
                    remedy="Try again later.",
                    content=error.content,
                )
            # Nothing has the id itself; some may begin alike.
            near = self._tables(f"{table[:-1]}*", discontinued=True)
            known = {one.id: one.label for one in near}
        except SourceError as inner:
            if inner.status == 404:
                return inner
            known = {}
        return source_error(
            f'there is no table "{table}".{nearest(table, known, labels=known)}'.rstrip("."),
            what=error.what,
            url=error.url,
            status=404,
            remedy='Search for it by its title: regionstudy search "words of its title" '
            "--source scb",
            content=error.content,
        )

    def _address(self, table: str) -> str:
        return f"{self.base_url}/tables/{quote(table, safe='')}"
