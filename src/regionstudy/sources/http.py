"""
How every source is asked: one session a source, and one function that asks.

`open_session` gives a `requests` session that caches on disk, keeps the service's call
window, waits and repeats; `ask` and `ask_json` turn each fault into one `SourceError` that
says what was asked, of whom, what came, and what to do.
"""

from __future__ import annotations

import sqlite3
import unicodedata
import warnings
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import orjson
import requests
from requests_cache import CachedSession

from regionstudy.errors import SourceError
from regionstudy.sources.body import parse_json
from regionstudy.sources.call_window import CallWindow
from regionstudy.sources.faults import explain_error, explain_status, source_error
from regionstudy.sources.session import open_session
from regionstudy.sources.transport import OfflineError, Patience

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

__all__ = [
    "Answer",
    "CallWindow",
    "Patience",
    "StaleAnswerWarning",
    "ask",
    "ask_json",
    "open_session",
]

_MOST_REDIRECTS = 5
# To requests-cache: an answer must be asked for again, if only by its ETag. To a cache on the
# way: nothing you hold is fresh for so long.
_ASK_ANEW = {"Cache-Control": "must-revalidate,min-fresh=1000000000"}
_ONLY_KEPT = {"Cache-Control": "only-if-cached,max-stale=1000000000"}


class StaleAnswerWarning(UserWarning):
    """A service failed, and an older answer kept on disk was taken in its place."""


@dataclass(frozen=True, slots=True)
class Answer:
    """
    What a service answered.

    Parameters
    ----------
    content : bytes
        The body, decompressed.
    url : str
        The address that answered, after redirects.
    status : int
        The HTTP status.
    headers : mapping of str to str
        The headers; names in any case.
    from_cache : bool
        Whether the body comes from the disk.
    retrieved : datetime
        When the service gave it, in UTC.
    """

    content: bytes
    url: str
    status: int
    headers: Mapping[str, str]
    from_cache: bool
    retrieved: datetime


def ask(
    session: requests.Session,
    method: str,
    url: str,
    *,
    params: Mapping[str, Any] | list[tuple[str, Any]] | None = None,
    json: Any = None,
    what: str,
    allowed_errors: Collection[int] = (),
    refresh: bool = False,
) -> Answer:
    """
    Ask a service, and take only a whole answer.

    Parameters
    ----------
    session : requests.Session
        From `open_session`.
    method : str
        "GET" or "POST".
    url : str
        The address; letters beyond ASCII are encoded here.
    params : mapping or list of pairs, optional
        The query; a list as value repeats the key.
    json : Any, optional
        The body of a POST.
    what : str
        What is asked for, in the reader's words; begins every message.
    allowed_errors : collection of int, optional
        Statuses above 399 that the caller wants to see for itself.
    refresh : bool, default False
        Whether to ask although the cache has a fresh answer.

    Returns
    -------
    Answer
        With a status of 200 to 299, or one of `allowed_errors`.

    Raises
    ------
    SourceError
        If no answer came, not the whole of it, HTML or broken JSON in its place, a status
        that is a fault, or a redirect to another host.

    Warns
    -----
    StaleAnswerWarning
        If the service failed and the cache had an older answer, which is given instead.
    """
    # A name typed or copied on macOS may hold "a" and a ring apart, which no service knows.
    url = unicodedata.normalize("NFC", url)
    asked = {"params": _composed(params), "json": json}
    try:
        response = _exchange(
            session, method, url, asked, what=what, allowed=allowed_errors, refresh=refresh
        )
    except SourceError as fault:
        kept = _kept(session, method, url, asked) if _may_pass(fault) else None
        if kept is None:
            raise
        answer = _answer(kept)
        offline = isinstance(fault.__cause__, OfflineError)
        why = f"{what}: not asked for anew, because of --offline." if offline else str(fault)
        warnings.warn(
            f"{why} The answer of {answer.retrieved:%Y-%m-%d %H:%M} UTC is used in its place.",
            StaleAnswerWarning,
            stacklevel=2,
        )
        return answer
    return _answer(response)


def ask_json(
    session: requests.Session,
    method: str,
    url: str,
    *,
    params: Mapping[str, Any] | list[tuple[str, Any]] | None = None,
    json: Any = None,
    what: str,
    allowed_errors: Collection[int] = (),
    refresh: bool = False,
) -> tuple[Any, Answer]:
    """
    Ask a service for JSON.

    Parameters
    ----------
    session, method, url, params, json, what, allowed_errors, refresh
        As in `ask`.

    Returns
    -------
    body : Any
        The parsed body; None where an allowed error's body is no JSON.
    answer : Answer
        The answer itself.

    Raises
    ------
    SourceError
        As `ask`, and if the body is no JSON.
    """
    answer = ask(
        session,
        method,
        url,
        params=params,
        json=json,
        what=what,
        allowed_errors=allowed_errors,
        refresh=refresh,
    )
    try:
        return parse_json(answer.content), answer
    except orjson.JSONDecodeError as error:
        if answer.status >= 300:
            return None, answer
        raise source_error(
            f"the answer is broken JSON: {error}",
            what=what,
            url=answer.url,
            status=answer.status,
            remedy="Try again later, and report it if it stays.",
            content=answer.content,
        ) from error


def _exchange(
    session: requests.Session,
    method: str,
    url: str,
    asked: dict[str, Any],
    *,
    what: str,
    allowed: Collection[int],
    refresh: bool,
) -> requests.Response:
    """Send a question, follow redirects within the host, and take only what is an answer."""
    for _ in range(_MOST_REDIRECTS + 1):
        try:
            response = session.request(
                method,
                url,
                headers=dict(_ASK_ANEW) if refresh else None,
                allow_redirects=False,
                **asked,
            )
        except (requests.exceptions.RequestException, sqlite3.Error, OSError) as error:
            raise explain_error(error, what=what, url=url) from error
        if not response.is_redirect:
            break
        url, asked = _redirected(session, response, what=what), asked | {"params": None}
    else:
        raise source_error(
            f"more than {_MOST_REDIRECTS} redirects", what=what, url=url, remedy="Check --base-url."
        )
    if response.status_code >= 300 and response.status_code not in allowed:
        raise explain_status(response, what=what)
    return response


def _may_pass(fault: SourceError) -> bool:
    """Tell a failing service from one that answers no: only the first is like itself before."""
    return fault.status is None or fault.status in (200, 429) or fault.status >= 500


def _kept(
    session: requests.Session, method: str, url: str, asked: dict[str, Any]
) -> requests.Response | None:
    """Take what the cache holds, however old."""
    if not isinstance(session, CachedSession) or session.settings.disabled:
        return None
    try:
        response = session.request(method, url, headers=dict(_ONLY_KEPT), **asked)
    except (requests.exceptions.RequestException, sqlite3.Error, OSError):
        return None
    return response if response.status_code == 200 else None


def _composed(params: Mapping[str, Any] | list[tuple[str, Any]] | None) -> Any:
    if params is None:
        return None
    pairs = params if isinstance(params, list) else list(params.items())
    return [(_nfc(key), _nfc(value)) for key, value in pairs]


def _nfc(part: Any) -> Any:
    if isinstance(part, list | tuple):
        return [_nfc(item) for item in part]
    return unicodedata.normalize("NFC", part) if isinstance(part, str) else part


def _redirected(session: requests.Session, response: requests.Response, *, what: str) -> str:
    """Follow a redirect within the host only: elsewhere other people answer."""
    target = requests.compat.urljoin(response.url, session.get_redirect_target(response) or "")
    here, there = urlsplit(response.url), urlsplit(target)
    safer = (here.scheme, there.scheme) != ("https", "http")
    same = here.hostname == there.hostname and (
        here.port == there.port or here.scheme != there.scheme
    )
    if not (same and safer):
        problem = f"the service sends on to {target}, which is another host"
    elif response.request.method == "POST" and response.status_code not in (307, 308):
        problem = f"the service sends on to {target} and drops the question"
    else:
        return target
    raise source_error(
        problem,
        what=what,
        url=response.url,
        status=response.status_code,
        remedy="If the service has moved, give its new address with --base-url.",
    )


def _answer(response: requests.Response) -> Answer:
    from_cache = bool(getattr(response, "from_cache", False))
    retrieved = datetime.now(UTC)
    if from_cache and not getattr(response, "revalidated", False):
        retrieved = response.created_at.replace(tzinfo=UTC)  # type: ignore[attr-defined]
    return Answer(
        content=response.content,
        url=response.url,
        status=response.status_code,
        headers=response.headers,
        from_cache=from_cache,
        retrieved=retrieved,
    )
