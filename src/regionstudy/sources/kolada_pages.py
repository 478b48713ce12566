"""How Kolada's pages are followed: to the last one, on the same host, and none of them cut."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit, urlunsplit

from regionstudy.sources.faults import CHANGED, source_error
from regionstudy.sources.http import ask_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import requests

    from regionstudy.errors import SourceError
    from regionstudy.sources.http import Answer
    from regionstudy.sources.kolada_requests import KoladaRequest

__all__ = ["read_pages"]

_ENVELOPE = ("values", "count", "next_url")


def read_pages(
    session: requests.Session, request: KoladaRequest, *, what: str, refresh: bool = False
) -> Iterator[tuple[list[dict[str, Any]], Answer]]:
    """
    Send a request, and follow its pages.

    Parameters
    ----------
    session : requests.Session
        From `http.open_session`.
    request : KoladaRequest
        What to ask.
    what : str
        The same in words, for the errors.
    refresh : bool, default False
        Whether to ask although the cache has a fresh answer.

    Yields
    ------
    values : list of dict
        What the page holds.
    answer : Answer
        The answer it came in.

    Raises
    ------
    SourceError
        If the service fails, the envelope is another, rows are missing, or the next page is on
        another host or has been read already.
    """
    url = request.url
    params: list[tuple[str, str]] | None = list(request.params)
    asked: set[str] = set()
    came = 0
    while url:
        page, answer = ask_json(session, "GET", url, params=params, what=what, refresh=refresh)
        fail = partial(
            source_error,
            what=what,
            url=answer.url,
            status=answer.status,
            remedy=CHANGED,
            content=answer.content,
        )
        if not isinstance(page, dict) or any(name not in page for name in _ENVELOPE):
            had = ", ".join(page) if isinstance(page, dict) else type(page).__name__
            raise fail(f"the answer lacks one of {', '.join(_ENVELOPE)}; it has {had}")
        if not isinstance(page["values"], list) or not isinstance(page["count"], int):
            raise fail("values is no list in the answer, or count no number")
        if not isinstance(page["next_url"], str | None):
            raise fail(f'the field "next_url" is {page["next_url"]!r}, no address')
        values: list[dict[str, Any]] = page["values"]
        came += len(values)
        # Clients differ over whether `count` is of the page or of the whole answer.
        if page["next_url"] is None and page["count"] > max(came, len(values)):
            raise fail(
                f"{page['count']} rows were announced and {came} came",
                remedy="Fetch again later.",
            )
        yield values, answer
        asked.add(answer.url)
        url, params = _next(page["next_url"], request.url, answer, fail), None
        if url in asked:
            raise fail("the next page is one that has been read already")


def _next(
    next_url: str | None, first: str, answer: Answer, fail: Callable[..., SourceError]
) -> str:
    if next_url is None:
        return ""
    here, there = urlsplit(first), urlsplit(urljoin(answer.url, next_url))
    if there.hostname != here.hostname:
        raise fail(f"the next page is on another host, {next_url}, and is not followed")
    # A server behind a proxy may write http or an inner port; ours is the one that works.
    return urlunsplit((here.scheme, here.netloc, there.path, there.query, ""))
