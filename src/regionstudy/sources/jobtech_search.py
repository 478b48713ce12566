"""
How all ads of a question are had, though the service gives at most 2,100 of one query.

A question with more is halved by time of publication until each part has fewer, and by
regions where ads of one moment are too many. The halves meet with a second in common, so that
nothing is lost whether or not the service counts the ends in; ads that come twice are dropped.
"""

from __future__ import annotations

import datetime as dt
from contextlib import nullcontext
from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING, Any, TypeVar

from regionstudy.sources.faults import CHANGED, changed, source_error
from regionstudy.sources.http import ask_json
from regionstudy.sources.jobtech_ads import without_persons

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AbstractContextManager

    import requests

__all__ = ["MOST", "PAGE", "Area", "Question", "find_ads", "newest_ads", "read_page"]

# The service's own limits: ads on a page, and the highest number to begin a page at.
PAGE = 100
_LAST_OFFSET = 2000
MOST = _LAST_OFFSET + PAGE
_LONGEST_LIST = 50
_SECOND = dt.timedelta(seconds=1)
_YEAR = dt.timedelta(days=365)


_Id = TypeVar("_Id", "Area", str)


@dataclass(frozen=True, slots=True)
class Area:
    """
    A region as the service takes it.

    Parameters
    ----------
    code : str
        SCB's code.
    parameter : {"municipality", "region", "country"}
        The service's parameter.
    concept : str
        Its value: the concept id.
    """

    code: str
    parameter: str
    concept: str


@dataclass(frozen=True, slots=True)
class Question:
    """
    What is asked of the ads.

    Parameters
    ----------
    url : str
        The address of the search.
    what : str
        The same in words, for the errors.
    text : str
        Words of the ad.
    areas : tuple of Area
        Regions, any of which will do; none for everywhere.
    groups : tuple of str
        Concept ids of unit groups, any of which will do; none for all.
    after, before : datetime or None
        Time of publication, both ends included; None where open.
    times : tuple of str
        The service's parameters for them.
    extra : tuple of (str, str)
        Further parameters.
    """

    url: str
    what: str
    text: str = ""
    areas: tuple[Area, ...] = ()
    groups: tuple[str, ...] = ()
    after: dt.datetime | None = None
    before: dt.datetime | None = None
    times: tuple[str, str] = ("published-after", "published-before")
    extra: tuple[tuple[str, str], ...] = ()

    def params(
        self, offset: int, limit: int, *, newest_first: bool = False
    ) -> list[tuple[str, str]]:
        """
        Write the parameters of one page.

        Parameters
        ----------
        offset, limit : int
            Which ads to begin with, and how many to give.
        newest_first : bool, default False
            Their order. With the oldest first, an ad that is published while pages are read
            comes last and moves no other.

        Returns
        -------
        list of (str, str)
            The parameters.
        """
        query = [("q", self.text)] if self.text else []
        query += [(area.parameter, area.concept) for area in self.areas]
        query += [("occupation-group", group) for group in self.groups]
        for name, time in zip(self.times, (self.after, self.before), strict=True):
            if time is not None:
                query.append((name, time.isoformat(timespec="seconds")))
        sort = "pubdate-desc" if newest_first else "pubdate-asc"
        order = [("sort", sort), ("offset", str(offset)), ("limit", str(limit))]
        return [*query, *self.extra, *order]


def find_ads(
    session: requests.Session, question: Question, *, now: dt.datetime
) -> dict[str, Mapping[str, Any]]:
    """
    Fetch every ad of a question.

    Parameters
    ----------
    session : requests.Session
        From `http.open_session`.
    question : Question
        What to ask.
    now : datetime
        The present, in Swedish time without a zone: what an open end is counted from.

    Returns
    -------
    dict of str to mapping
        The ads as the service gives them, by their id.

    Raises
    ------
    SourceError
        If the service fails or has changed, ads are missing, ads came that were not asked for,
        or more than 2,100 of one second and region are there.
    """
    if max(len(question.areas), len(question.groups)) > _LONGEST_LIST:
        # Each id adds to the address, and an address that is too long is refused.
        return {
            key: hit
            for areas, groups in product(_batches(question.areas), _batches(question.groups))
            for key, hit in find_ads(
                session, replace(question, areas=areas, groups=groups), now=now
            ).items()
        }
    page, url = read_page(session, question, 0)
    total = page["total"]["value"]
    if total > MOST:
        found: dict[str, Mapping[str, Any]] = {}
        for part in _halves(question, total, now):
            found |= find_ads(session, part, now=now)
    else:
        found = _collect(page)
        for offset in range(PAGE, total, PAGE):
            found |= _collect(read_page(session, question, offset)[0])
    if len(found) < total:
        # Ads are taken down while we read: only what is there at the end can be missed.
        total = read_page(session, question, 0, limit=0)[0]["total"]["value"]
    if len(found) < total:
        problem = f"the service announced {total} ads and gave {len(found)}"
        raise source_error(
            problem, what=question.what, url=url, status=200, remedy="Ask again later."
        )
    _require_asked(found, question, url)
    return found


def newest_ads(
    session: requests.Session, question: Question, *, most: int
) -> tuple[dict[str, Mapping[str, Any]], int]:
    """
    Fetch the newest ads of a question.

    Parameters
    ----------
    session : requests.Session
        From `http.open_session`.
    question : Question
        What to ask.
    most : int
        How many at most; up to 2,100.

    Returns
    -------
    found : dict of str to mapping
        The ads as the service gives them, by their id.
    total : int
        How many there are.

    Raises
    ------
    SourceError
        If the service fails or has changed, more is asked for than it gives, or ads came that
        were not asked for.
    """
    if not 0 < most <= MOST:
        problem = f"{most} ads were asked for; the service gives 1 to {MOST} of the newest"
        raise source_error(problem, what=question.what, url=question.url)
    found: dict[str, Mapping[str, Any]] = {}
    for offset in range(0, most, PAGE):
        limit = min(PAGE, most - offset)
        page, url = read_page(session, question, offset, limit=limit, newest_first=True)
        total: int = page["total"]["value"]
        found |= _collect(page)
        if offset + limit >= total:
            break
    _require_asked(found, question, url)
    return found, total


def _halves(question: Question, total: int, now: dt.datetime) -> tuple[Question, Question]:
    end = question.before or max(now, question.after or now)
    begin = question.after or end - _YEAR
    if end - begin > 2 * _SECOND:
        middle = begin + (end - begin) / 2
        middle = middle.replace(microsecond=0)
        return (
            replace(question, before=middle),
            replace(question, after=middle - _SECOND if middle - _SECOND > begin else middle),
        )
    if len(question.areas) > 1:
        half = len(question.areas) // 2
        return (
            replace(question, areas=question.areas[:half]),
            replace(question, areas=question.areas[half:]),
        )
    if len(question.groups) > 1:
        half = len(question.groups) // 2
        return (
            replace(question, groups=question.groups[:half]),
            replace(question, groups=question.groups[half:]),
        )
    raise source_error(
        f"{total} ads were published at {begin.isoformat()}, and at most {MOST} can be had at once",
        what=question.what,
        url=question.url,
        status=200,
        remedy="Ask for counties, municipalities or occupations.",
    )


def read_page(
    session: requests.Session,
    question: Question,
    offset: int,
    *,
    limit: int = PAGE,
    newest_first: bool = False,
) -> tuple[dict[str, Any], str]:
    """
    Fetch one page of ads, with the number of all.

    Parameters
    ----------
    session : requests.Session
        From `http.open_session`.
    question : Question
        What to ask.
    offset, limit : int
        Which ads to begin with, and how many to give; with 0 they are counted only.
    newest_first : bool, default False
        Their order.

    Returns
    -------
    page : dict
        The answer, in which ``total`` and ``hits`` have the form the service promises.
    url : str
        The address that answered.

    Raises
    ------
    SourceError
        If the service fails or has changed.
    """
    params = question.params(offset, limit, newest_first=newest_first)
    # An ad names its contact persons: it is read, and never kept on disk as it came.
    disabled: Callable[[], AbstractContextManager[Any]]
    disabled = getattr(session, "cache_disabled", nullcontext)
    with disabled():
        page, answer = ask_json(session, "GET", question.url, params=params, what=question.what)
    problem = ""
    if not isinstance(page, dict) or "total" not in page or "hits" not in page:
        had = ", ".join(page) if isinstance(page, dict) else type(page).__name__
        problem = f"the answer lacks total or hits; it has {had}"
    elif not isinstance(page["total"], dict) or not isinstance(page["total"].get("value"), int):
        problem = f"the answer's total is {page['total']!r}, and no number stands in its value"
    elif not isinstance(page["hits"], list) or any(
        not isinstance(hit, dict) for hit in page["hits"]
    ):
        problem = "the answer's hits are no list of ads"
    if problem:
        raise source_error(
            problem,
            what=question.what,
            url=answer.url,
            status=answer.status,
            remedy=CHANGED,
            content=answer.content,
        )
    return page, answer.url


def _batches(ids: tuple[_Id, ...]) -> list[tuple[_Id, ...]]:
    starts = range(0, max(len(ids), 1), _LONGEST_LIST)
    return [ids[start : start + _LONGEST_LIST] for start in starts]


def _collect(page: dict[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {str(hit.get("id")): without_persons(hit) for hit in page["hits"]}


def _require_asked(found: Mapping[str, Mapping[str, Any]], question: Question, url: str) -> None:
    wanted = {area.concept for area in question.areas}
    groups = set(question.groups)
    first = question.after.isoformat()[:10] if question.after else ""
    last = question.before.isoformat()[:10] if question.before else "9999"
    ignored = ""
    for hit in found.values():
        address, group = _part(hit, "workplace_address"), _part(hit, "occupation_group")
        places = {
            address.get(f"{kind}_concept_id") for kind in ("municipality", "region", "country")
        }
        if wanted and not wanted & places:
            ignored = f"an ad in {address.get('municipality') or 'no municipality'}"
        elif groups and group.get("concept_id") not in groups:
            ignored = f"an ad for {group.get('label') or 'no occupation'}"
        elif not first <= str(hit.get("publication_date"))[:10] <= last:
            ignored = f"an ad published {hit.get('publication_date')}"
        if ignored:
            problem = f"{ignored} came, which was not asked for: the service ignored a part of it"
            raise changed(problem, what=question.what, url=url)


def _part(hit: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = hit.get(name)
    return part if isinstance(part, dict) else {}
