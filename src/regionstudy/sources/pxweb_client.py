"""What the clients of PxWeb's two interfaces share: limits, plans, checks and data."""

from __future__ import annotations

import shlex
import threading
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

import orjson

from regionstudy.errors import ConfigError, QuestionError, SourceError
from regionstudy.sources.call_window import known_window, shared_window
from regionstudy.sources.http import ask, open_session
from regionstudy.sources.pxweb_answers import collect
from regionstudy.sources.pxweb_checks import Finding, check_query
from regionstudy.sources.pxweb_requests import plan_requests

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping
    from pathlib import Path
    from typing import Self

    import pandas as pd
    import requests

    from regionstudy.sources.http import Answer
    from regionstudy.sources.pxweb_checks import Query
    from regionstudy.sources.pxweb_requests import Request
    from regionstudy.sources.pxweb_tables import Codelist, Limits, Table, TableMetadata
    from regionstudy.sources.selection import Chosen

__all__ = ["UNANNOUNCED", "PxWebClient"]

# Where a service announces no call window, that is no licence to hurry.
UNANNOUNCED = (1, 1.0)


class PxWebClient(ABC):
    """
    A client of one PxWeb service; nothing is asked before it is needed.

    Parameters
    ----------
    base_url : str
        The service's address.
    session : requests.Session, optional
        From `http.open_session`, with the call window that the service wants. Without it a
        session is opened with the window that the service announces, and no cache.
    lang : str, default "sv"
        The language of texts; codes are the same in all.
    """

    def __init__(
        self, base_url: str, *, session: requests.Session | None = None, lang: str = "sv"
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self.lang = lang
        self._session = session
        self._options: dict[str, Any] = {"source": "scb"}
        self._calls: Path | None = None
        self._limits: Limits | None = None
        self._metadata: dict[str, TableMetadata] = {}
        self._lock = threading.RLock()

    @classmethod
    def connect(
        cls, base_url: str, *, lang: str = "sv", calls: Path | None = None, **options: Any
    ) -> Self:
        """
        Make a client that opens its own session, with the call window the service announces.

        Parameters
        ----------
        base_url : str
            The service's address.
        lang : str, default "sv"
            The language of texts.
        calls : Path, optional
            The file in which processes that ask the same service share its call window.
        **options : Any
            For `http.open_session`: ``source``, ``cache``, ``offline``, ``expire_after``,
            ``contact``, ``patience``.

        Returns
        -------
        PxWebClient
            The client.
        """
        client = cls(base_url, lang=lang)
        client._options |= options
        client._calls = calls
        return client

    def config(self) -> Limits:
        """
        Read what the service allows; it is asked once.

        Returns
        -------
        Limits
            Cells a request, calls a time window, languages.

        Raises
        ------
        ConfigError
            If the service does not speak the client's language.
        SourceError
            If it gives no such answer.
        """
        with self._lock:
            if self._limits is None:
                if self._session is None:
                    self._open()
                else:
                    self._limits = self._read_limits(self._session)
            limits = self._limits
        assert limits is not None
        if limits.languages and self.lang not in limits.languages:
            msg = (
                f'{self.base_url} does not answer in the language "{self.lang}". '
                f"Choose one of {', '.join(limits.languages)}."
            )
            raise ConfigError(msg)
        return limits

    def metadata(self, table: str, *, refresh: bool = False) -> TableMetadata:
        """
        Read a table's variables, values, codelists and notes; a table is asked for once.

        Parameters
        ----------
        table : str
            The table's id.
        refresh : bool, default False
            Whether to ask again.

        Returns
        -------
        TableMetadata
            The metadata.

        Raises
        ------
        SourceError
            If there is no such table, or its metadata cannot be read.
        """
        if refresh or table not in self._metadata:
            self._metadata[table] = self._read_metadata(table, refresh=refresh)
        return self._metadata[table]

    def plan(
        self,
        table: str,
        selection: Mapping[str, Chosen],
        *,
        codelists: Mapping[str, str] | None = None,
    ) -> list[Request]:
        """
        Make the requests that a selection takes, without sending them.

        Parameters
        ----------
        table : str
            The table's id.
        selection : mapping of str to str, int or iterable of them
            Values and selection expressions of each variable, as in `selection.resolve`; of
            variables that are not named see `pxweb_requests.choose`.
        codelists : mapping of str to str, optional
            Ids of the codelists whose values are chosen, by variable.

        Returns
        -------
        list of Request
            Each with its cells, none above the service's limit; each cell is in one of them.

        Raises
        ------
        QuestionError
            If a variable, value, expression or codelist is not one of the table's; a
            SourceError and a ConfigError.
        SourceError
            If the service has no such table, or fails.
        """
        limits = self.config()
        metadata = self.metadata(table)
        try:
            lists = self._codelists(metadata, codelists or {}, selection)
            return plan_requests(metadata, selection, limit=limits.cells, codelists=lists)
        except ConfigError as error:
            raise self.question_error(table, str(error)) from error

    def data(
        self,
        table: str,
        selection: Mapping[str, Chosen],
        *,
        codelists: Mapping[str, str] | None = None,
    ) -> pd.DataFrame:
        """
        Fetch the figures of a selection, in as many calls as its size takes.

        Parameters
        ----------
        table : str
            The table's id.
        selection : mapping of str to str, int or iterable of them
            Values and selection expressions of each variable, as in `plan`.
        codelists : mapping of str to str, optional
            Ids of the codelists whose values are chosen, by variable.

        Returns
        -------
        DataFrame
            A categorical column of codes a variable, ``value`` (float64) and ``status``; see
            `pxweb_answers.read_answer` for missing values, zeros and ``attrs``.

        Raises
        ------
        QuestionError
            As `plan`.
        SourceError
            As `plan`, and if an answer is not the one asked for.
        """
        return self.run(self.plan(table, selection, codelists=codelists))

    def run(self, requests: Iterable[Request]) -> pd.DataFrame:
        """
        Send requests of one plan, all or some of them.

        Parameters
        ----------
        requests : iterable of Request
            From `plan`.

        Returns
        -------
        DataFrame
            As `data`.

        Raises
        ------
        SourceError
            If the service fails, or an answer is not the one asked for.
        """
        return collect(list(requests), send=self._send)

    def check(
        self, query: Query, *, table: Table | None = None, today: dt.date | None = None
    ) -> list[Finding]:
        """
        Check a query against the table's metadata; no data is asked for.

        Parameters
        ----------
        query : Query
            The query.
        table : Table, optional
            The table's entry in the service's list, to see whether it has frozen.
        today : date, optional
            The day to count to; without it nothing is said of frozen tables.

        Returns
        -------
        list of Finding
            As `pxweb_checks.check_query`.

        Raises
        ------
        SourceError
            If the service has no such table, or fails.
        """
        metadata = self.metadata(query.table)
        try:
            lists = self._codelists(metadata, query.codelists, query.selection)
        except ConfigError as error:
            return [Finding("selection", "", str(error))]
        return check_query(metadata, query, codelists=lists, table=table, today=today)

    def as_curl(self, request: Request) -> str:
        """
        Write a request as a command line that anyone can paste.

        Parameters
        ----------
        request : Request
            From `plan`.

        Returns
        -------
        str
            A curl command.
        """
        url, params, body = self._call(request)
        query = "&".join(f"{key}={value}" for key, value in params.items())
        address = f"{url}?{query}" if query else url
        parts = ["curl", address, "-H", "Content-Type: application/json"]
        return shlex.join([*parts, "-d", orjson.dumps(body).decode()])

    def question_error(self, table: str, problem: str) -> QuestionError:
        """
        Make an error of a question that does not fit its table.

        Parameters
        ----------
        table : str
            The table's id.
        problem : str
            What does not fit, and what would.

        Returns
        -------
        QuestionError
            With the table's address.
        """
        what = f"The question to {table}"
        return QuestionError(problem, url=self._address(table), status=200, what=what)

    @property
    def session(self) -> requests.Session:
        """The session, opened with the service's call window."""
        with self._lock:
            if self._session is None:
                self._open()
            assert self._session is not None
            return self._session

    def close(self) -> None:
        """Close the session, if one has been opened."""
        with self._lock:
            if self._session is not None:
                self._session.close()

    def _open(self) -> None:
        """Ask for the call window first, then open the session that keeps it."""
        # Another client of this process may have used the window up already.
        known = None if self._calls else known_window(self.base_url)
        with open_session(window=known, **self._options) as first:
            limits = self._read_limits(first)
        calls, seconds = (limits.calls, limits.seconds) if limits.calls else UNANNOUNCED
        window = shared_window(self.base_url, calls, seconds, store=self._calls)
        if window is not known:
            # The call that asked for the limits counts too.
            window.begin()
            window.end()
        self._session = open_session(window=window, **self._options)
        self._limits = limits

    def _send(self, request: Request, /, *, refresh: bool) -> Answer | None:
        url, params, body = self._call(request)
        try:
            return ask(
                self.session,
                "POST",
                url,
                params=params,
                json=body,
                what=f"Data of {request.table}",
                refresh=refresh,
            )
        except SourceError as error:
            if self._too_many_cells(error):
                return None
            if error.status == 404:
                raise self._no_table(request.table, error) from error
            raise

    @abstractmethod
    def _address(self, table: str) -> str:
        """Give a table's address."""

    @abstractmethod
    def _read_limits(self, session: requests.Session) -> Limits:
        """Ask for what the service allows."""

    @abstractmethod
    def _read_metadata(self, table: str, *, refresh: bool) -> TableMetadata:
        """Ask for a table's metadata."""

    @abstractmethod
    def _codelists(
        self,
        metadata: TableMetadata,
        codelists: Mapping[str, str],
        selection: Mapping[str, Chosen],
    ) -> dict[str, Codelist]:
        """Find the codelists that are named by their ids."""

    @abstractmethod
    def _call(self, request: Request) -> tuple[str, dict[str, str], dict[str, Any]]:
        """Write a request as address, query and body."""

    @abstractmethod
    def _too_many_cells(self, error: SourceError) -> bool:
        """Tell whether the service refused a request for its size."""

    @abstractmethod
    def _no_table(self, table: str, error: SourceError) -> SourceError:
        """Say that a table is unknown, and which may be meant."""
