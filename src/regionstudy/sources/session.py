"""
The session with one service: its cache on disk, its call window, and the way out.

Proxies and certificates come from the environment: ``HTTPS_PROXY``, ``NO_PROXY``,
``REQUESTS_CA_BUNDLE``, ``SSL_CERT_FILE``.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from datetime import timedelta
from importlib.metadata import version
from typing import TYPE_CHECKING

import requests
from requests_cache import CachedSession

from regionstudy.sources.faults import explain_error
from regionstudy.sources.transport import Adapter, OfflineAdapter, Patience

if TYPE_CHECKING:
    from pathlib import Path

    from regionstudy.sources.call_window import CallWindow

__all__ = ["open_session"]

_LIFETIME = timedelta(days=1)


def open_session(
    *,
    source: str,
    cache: Path | None = None,
    offline: bool = False,
    window: CallWindow | None = None,
    expire_after: timedelta | None = None,
    contact: str = "",
    patience: Patience | None = None,
) -> requests.Session:
    """
    Open a session with one service.

    Parameters
    ----------
    source : str
        The service's short name; its cache is ``<source>.sqlite``.
    cache : Path, optional
        The folder of caches. Without it nothing is kept.
    offline : bool, default False
        Whether only the cache may answer, however old it is.
    window : CallWindow, optional
        The service's call window. Answers from the cache cost no call.
    expire_after : timedelta, optional
        How long an answer is taken from the cache unasked; a day if not given. An older one
        is asked for again (by its ETag where it has one), and used with a
        `StaleAnswerWarning` if the service fails.
    contact : str, optional
        An address at which the service's keeper can reach the reader; sent with each call.
    patience : Patience, optional
        Time-outs and repeats, if others than usual.

    Returns
    -------
    requests.Session
        For `ask` and `ask_json`; threads may share it. Close it when done.

    Raises
    ------
    SourceError
        If the cache cannot be opened.
    """
    session: requests.Session
    if cache is None:
        session = requests.Session()
    else:
        path = cache / f"{source}.sqlite"
        try:
            cache.mkdir(parents=True, exist_ok=True)
            _require_writable(path)
            session = CachedSession(
                path,
                backend="sqlite",
                serializer="orjson",  # not pickle: who can write to the cache runs no code here
                wal=True,
                busy_timeout=60_000,
                expire_after=expire_after or _LIFETIME,
                allowable_methods=("GET", "POST"),
            )
        except (OSError, sqlite3.Error) as error:
            raise explain_error(error, what=f"The cache of {source}", url=str(path)) from error
    adapter = (
        OfflineAdapter() if offline else Adapter(patience=patience or Patience(), window=window)
    )
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    who = f" ({contact})" if contact else ""
    session.headers["User-Agent"] = f"regionstudy/{version('regionstudy')}{who}"
    session.headers["Accept"] = "application/json, */*;q=0.5"
    # requests knows REQUESTS_CA_BUNDLE, which wins; the rest of an agency's tools use this one.
    session.verify = os.environ.get("SSL_CERT_FILE") or True
    return session


def _require_writable(path: Path) -> None:
    """Try to write: where it cannot, requests-cache would try again for ever."""
    with closing(sqlite3.connect(path, timeout=60, isolation_level=None)) as database:
        database.execute("BEGIN IMMEDIATE")
        database.execute("ROLLBACK")
