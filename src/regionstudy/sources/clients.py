"""The services' clients as the command line opens them: one cache folder, one way offline."""

from __future__ import annotations

import difflib
import threading
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, Self, TypeVar
from urllib.parse import urlsplit

from requests_cache import CachedSession

from regionstudy.errors import ConfigError
from regionstudy.sources.call_window import shared_window
from regionstudy.sources.http import open_session
from regionstudy.sources.jobtech import BASE_URL as JOBTECH_URL
from regionstudy.sources.jobtech import HISTORICAL_URL, TAXONOMY_URL, JobTech
from regionstudy.sources.jobtech_questions import CALLS_A_SECOND as JOBTECH_CALLS
from regionstudy.sources.kolada import BASE_URL as KOLADA_URL
from regionstudy.sources.kolada import Kolada
from regionstudy.sources.kolada_lists import CALLS_A_SECOND as KOLADA_CALLS
from regionstudy.sources.pxweb_client import UNANNOUNCED
from regionstudy.sources.scb import BASE_URL as SCB_URL
from regionstudy.sources.scb import PxWeb

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    import requests

    from regionstudy.sources.http import Patience
    from regionstudy.sources.taxonomy import Taxonomy

__all__ = ["BASE_URLS", "Clients", "open_clients", "read_base_urls"]

BASE_URLS = {
    "scb": SCB_URL,
    "kolada": KOLADA_URL,
    "jobtech": JOBTECH_URL,
    "historical": HISTORICAL_URL,
    "taxonomy": TAXONOMY_URL,
}
"""Where each source answers; "historical" is JobTech's service of past ads."""

_Client = TypeVar("_Client")


class Clients:
    """
    The clients of all services, each made when it is first asked for; `open_clients` makes it.

    Use it as a context manager, or close it when done.

    Parameters
    ----------
    base_urls : mapping of str to str
        Each source's address.
    options : mapping
        For `http.open_session`: ``cache``, ``offline``, ``contact``, ``patience``.
    """

    def __init__(self, base_urls: Mapping[str, str], options: Mapping[str, Any]) -> None:
        self.base_urls = dict(base_urls)
        self._options = dict(options)
        self._made: dict[str, Any] = {}
        self._sessions: list[requests.Session] = []
        self._lock = threading.RLock()

    @property
    def scb(self) -> PxWeb:
        """Statistics Sweden's database, or another PxWeb."""
        return self._once("scb", self._open_scb)

    @property
    def kolada(self) -> Kolada:
        """Kolada."""
        return self._once(
            "kolada",
            lambda: Kolada(self.base_urls["kolada"], session=self._session("kolada", KOLADA_CALLS)),
        )

    @property
    def jobtech(self) -> JobTech:
        """JobTech's open and past ads."""
        return self._once(
            "jobtech",
            lambda: JobTech(
                self.base_urls["jobtech"],
                self.base_urls["taxonomy"],
                self.base_urls["historical"],
                session=self._session("jobtech", JOBTECH_CALLS),
            ),
        )

    @property
    def taxonomy(self) -> Taxonomy:
        """JobTech's taxonomy, which the ads' client asks too."""
        return self.jobtech.taxonomy

    def call_window(self, source: str) -> tuple[int, float]:
        """
        Give a service's call window.

        Parameters
        ----------
        source : {"scb", "kolada", "jobtech"}
            The source.

        Returns
        -------
        calls : int
            How many calls it takes.
        seconds : float
            In how many seconds.
        """
        if source == "scb":
            limits = self.scb.config()
            return (limits.calls, limits.seconds) if limits.calls else UNANNOUNCED
        return {"kolada": KOLADA_CALLS, "jobtech": JOBTECH_CALLS}[source], 1.0

    @contextmanager
    def uncached(self) -> Iterator[None]:
        """Take every answer from the services, and keep none: for what is kept otherwise."""
        opened = [*self._sessions]
        if "scb" in self._made:
            opened.append(self.scb.session)
        with ExitStack() as stack:
            for session in opened:
                if isinstance(session, CachedSession):
                    stack.enter_context(session.cache_disabled())
            yield

    def close(self) -> None:
        """Close what has been opened."""
        with self._lock:
            if "scb" in self._made:
                self._made["scb"].close()
            for session in self._sessions:
                session.close()
            self._made.clear()
            self._sessions.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _once(self, name: str, make: Callable[[], _Client]) -> _Client:
        with self._lock:
            if name not in self._made:
                self._made[name] = make()
            client: _Client = self._made[name]
            return client

    def _open_scb(self) -> PxWeb:
        # Its session waits for the call window that the service itself announces.
        return PxWeb.connect(
            self.base_urls["scb"], calls=self._calls_file("scb"), source="scb", **self._options
        )

    def _session(self, source: str, calls_a_second: int) -> requests.Session:
        store = self._calls_file(source)
        window = shared_window(self.base_urls[source], calls_a_second, 1, store=store)
        session = open_session(source=source, window=window, **self._options)
        self._sessions.append(session)
        return session

    def _calls_file(self, source: str) -> Path | None:
        cache: Path | None = self._options["cache"]
        return None if cache is None else cache / f"{source}-calls.sqlite"


def open_clients(
    *,
    cache: Path | None,
    offline: bool,
    contact: str,
    base_urls: Mapping[str, str],
    patience: Patience | None = None,
) -> Clients:
    """
    Prepare the clients of all services; nothing is opened before it is needed.

    Parameters
    ----------
    cache : Path or None
        The folder in which answers are kept, and in which processes share the call windows.
    offline : bool
        Whether only kept answers are used.
    contact : str
        An address at which the services' keepers can reach the reader; sent with each call.
    base_urls : mapping of str to str
        Other addresses than `BASE_URLS`, by source.
    patience : Patience, optional
        Time-outs and repeats, if others than usual.

    Returns
    -------
    Clients
        With ``scb``, ``kolada``, ``jobtech`` and ``taxonomy``.

    Raises
    ------
    ConfigError
        If a source or an address is none; the nearest source is named.

    Examples
    --------
    >>> urls = {"scb": "http://127.0.0.1:8081/api/v2"}
    >>> with open_clients(cache=None, offline=False, contact="", base_urls=urls) as clients:
    ...     clients.scb.base_url
    'http://127.0.0.1:8081/api/v2'
    """
    for source, url in base_urls.items():
        _require_source(source)
        _require_address(source, url)
    options = {"cache": cache, "offline": offline, "contact": contact, "patience": patience}
    return Clients({**BASE_URLS, **base_urls}, options)


def read_base_urls(given: Iterable[str]) -> dict[str, str]:
    """
    Read the values of ``--base-url``.

    Parameters
    ----------
    given : iterable of str
        Each ``SOURCE=URL``.

    Returns
    -------
    dict of str to str
        The address by source.

    Raises
    ------
    ConfigError
        If one cannot be read, or names no source, no address, or a source that had one.

    Examples
    --------
    >>> read_base_urls(["kolada=http://127.0.0.1:8080/v3"])
    {'kolada': 'http://127.0.0.1:8080/v3'}
    """
    urls: dict[str, str] = {}
    for text in given:
        source, sign, url = text.partition("=")
        if not sign:
            msg = f'--base-url: "{text}" has no "=". Write --base-url scb=https://HOST/api/v2.'
            raise ConfigError(msg)
        _require_source(source)
        _require_address(source, url)
        if source in urls:
            msg = f"--base-url: {source} is given twice. Keep one of its addresses."
            raise ConfigError(msg)
        urls[source] = url
    return urls


def _require_source(source: str) -> None:
    if source not in BASE_URLS:
        near = difflib.get_close_matches(source.casefold(), BASE_URLS, n=1)
        hint = f'Did you mean "{near[0]}"? ' if near else ""
        msg = f'There is no source "{source}". {hint}The sources are {", ".join(BASE_URLS)}.'
        raise ConfigError(msg)


def _require_address(source: str, url: str) -> None:
    try:
        parts = urlsplit(url)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname)
        sound = sound and (parts.port is None or parts.port > 0) and not parts.query
    except ValueError:
        sound = False
    if not sound or " " in url:
        msg = (
            f'"{url}" is no address for {source}. '
            f"Give one that begins with http:// or https://, such as {BASE_URLS[source]}"
        )
        raise ConfigError(msg)
