"""What went wrong with a call, in words: who was asked for what, what came, what to do."""

from __future__ import annotations

import re
import sqlite3
from typing import TYPE_CHECKING, Any

import orjson
import requests
from urllib3.exceptions import NameResolutionError

from regionstudy.errors import SourceError
from regionstudy.sources.body import UnreadableBodyError, parse_json
from regionstudy.sources.transport import OfflineError, cause

if TYPE_CHECKING:
    from requests import Response

__all__ = ["CHANGED", "changed", "explain_error", "explain_status", "source_error"]

CHANGED = "The service has changed: report it with this address, and use the last snapshot."

_LATER = "Try again later."
_AGAIN = "Run the same command again: it goes on where it stopped."
_SHOWN = 300
_MARKUP = re.compile(r"<(script|style).*?</\1>|<[^>]*>", re.DOTALL | re.IGNORECASE)

# The first that fits wins: the classes derive from one another.
_FAULTS: tuple[tuple[type[Exception], str, str], ...] = (
    (
        OfflineError,
        "nothing is kept on disk for this, and --offline forbids to ask",
        "Run it once without --offline.",
    ),
    (
        requests.exceptions.ProxyError,
        "the proxy did not let the call through",
        "Check HTTPS_PROXY and NO_PROXY.",
    ),
    (
        requests.exceptions.SSLError,
        "the certificate could not be verified",
        "If your organisation inspects traffic, point REQUESTS_CA_BUNDLE to its certificate file.",
    ),
    (
        requests.exceptions.ConnectTimeout,
        "no connection within the time-out",
        f"Check the network and HTTPS_PROXY. {_LATER}",
    ),
    (requests.exceptions.ReadTimeout, "the service stopped answering", f"{_AGAIN} {_LATER}"),
    (
        requests.exceptions.ChunkedEncodingError,
        "the answer broke off half-way",
        f"{_AGAIN} {_LATER}",
    ),
    (
        requests.exceptions.ContentDecodingError,
        "the answer's compression is broken",
        f"{_AGAIN} {_LATER}",
    ),
    (
        requests.exceptions.ConnectionError,
        "no connection, or it was cut",
        f"Check the network and HTTPS_PROXY. {_LATER}",
    ),
    (
        sqlite3.Error,
        "the answers' cache on disk cannot be used",
        "Free space on the disk, or remove the cache file if it is damaged.",
    ),
    (
        requests.exceptions.RequestException,
        "the call could not be made",
        "Check the address and the options of the call.",
    ),
    (OSError, "the call could not be made", "Check REQUESTS_CA_BUNDLE and SSL_CERT_FILE."),
)

_REMEDIES = {
    400: "Check the ids and codes that were asked for.",
    401: "The service wants a key or a permission that it did not want before.",
    403: "Ask for less at a time, or check that the service is open to you.",
    404: "Check the id: it may be misspelt, renamed or withdrawn.",
    407: "The proxy wants a name and a password: set them in HTTPS_PROXY.",
    410: "This service or table is closed; a newer one has taken its place.",
    422: "Check the ids and codes that were asked for.",
    429: f"The service wants fewer calls. Wait a few minutes. {_AGAIN}",
}


def source_error(
    problem: str,
    *,
    what: str,
    url: str,
    status: int | None = None,
    remedy: str = "",
    content: bytes = b"",
) -> SourceError:
    """
    Put together the one line that says what went wrong.

    Parameters
    ----------
    problem : str
        What is wrong, without a full stop.
    what : str
        What was asked for.
    url : str
        The address that was asked.
    status : int, optional
        The HTTP status, where an answer came.
    remedy : str, optional
        What the reader can do.
    content : bytes, optional
        The answer as it came.

    Returns
    -------
    SourceError
        To be raised.

    Examples
    --------
    >>> print(source_error("no such table", what="Table TAB1", url="http://x/TAB1", status=404))
    Table TAB1: no such table (HTTP 404, http://x/TAB1).
    """
    shown = url if len(url) <= _SHOWN else f"{url[:_SHOWN]}…"
    where = shown if status is None else f"HTTP {status}, {shown}"
    return SourceError(
        f"{what}: {problem} ({where}).",
        url=url,
        status=status,
        remedy=remedy,
        what=what,
        content=content,
    )


def changed(problem: str, *, what: str, url: str) -> SourceError:
    """
    Say that an answer came, but is not what the service promises.

    Parameters
    ----------
    problem : str
        What is wrong, without a full stop.
    what : str
        What was asked for.
    url : str
        The address that was asked.

    Returns
    -------
    SourceError
        To be raised.
    """
    return source_error(problem, what=what, url=url, status=200, remedy=CHANGED)


def explain_error(error: Exception, *, what: str, url: str) -> SourceError:
    """
    Say why no usable answer came.

    Parameters
    ----------
    error : Exception
        What `requests`, the cache or the adapter raised.
    what, url : str
        What was asked for, and where.

    Returns
    -------
    SourceError
        To be raised from `error`.
    """
    response = getattr(error, "response", None)
    if isinstance(error, UnreadableBodyError) and response is not None:
        return source_error(
            str(error),
            what=what,
            url=url,
            status=response.status_code,
            remedy=_LATER,
            content=_content_of(response),
        )
    inner = cause(error)
    if isinstance(inner, NameResolutionError):
        problem, remedy = "the service's name is not found", f"Check the network. {_LATER}"
    else:
        problem, remedy = next(
            (problem, remedy) for kind, problem, remedy in _FAULTS if isinstance(error, kind)
        )
    detail = "" if isinstance(error, OfflineError) else f": {_short(str(inner))}"
    return source_error(problem + detail, what=what, url=url, remedy=remedy)


def explain_status(response: Response, *, what: str) -> SourceError:
    """
    Say why an answer's status is a fault, in the service's own words where it has any.

    Parameters
    ----------
    response : Response
        The answer.
    what : str
        What was asked for.

    Returns
    -------
    SourceError
        To be raised.
    """
    status = response.status_code
    said = _own_words(response.content)
    problem = f"the service answered {said}" if said else "the service refused, without a reason"
    if status == 429:
        wait = response.headers.get("Retry-After")
        problem = "too many calls" + (f"; the service asks to wait until {wait}" if wait else "")
        if wait is not None and wait.strip().isdigit():
            problem = f"too many calls; the service asks for a wait of {wait.strip()} s"
    elif status >= 500 and not said:
        problem = "the service failed"
    return source_error(
        problem,
        what=what,
        url=response.url,
        status=status,
        remedy=_LATER if status >= 500 else _REMEDIES.get(status, _REMEDIES[400]),
        content=response.content,
    )


def _content_of(response: Response) -> bytes:
    content = getattr(response, "_content", b"")
    return content if isinstance(content, bytes) else b""


def _own_words(content: bytes) -> str:
    """Find the message in an error's body: JSON of any of these services, or text."""
    try:
        body: Any = parse_json(content)
    except orjson.JSONDecodeError:
        text = content[:4000].decode("utf-8", errors="replace")
        return _quoted(_MARKUP.sub(" ", text))
    if isinstance(body, dict):
        # PxWeb: title, detail. Kolada: detail. JobTech: message, errors. v1: error.
        parts = [body.get(key) for key in ("title", "detail", "message", "error", "errors")]
        return _quoted("; ".join(_said(part) for part in parts if part))
    return _quoted(_said(body)) if body else ""


def _said(part: Any) -> str:
    return part if isinstance(part, str) else orjson.dumps(part).decode()


def _quoted(text: str) -> str:
    short = _short(text)
    return f'"{short}"' if short else ""


def _short(text: str) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= _SHOWN else f"{one_line[:_SHOWN]}…"
