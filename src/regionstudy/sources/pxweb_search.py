"""Finding tables in a v2 service's list, by words or by a title that is known from elsewhere."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, Any

import pandas as pd

from regionstudy.errors import SourceError
from regionstudy.sources.faults import source_error
from regionstudy.sources.fields import Count, Fields, read_as
from regionstudy.sources.http import ask_json
from regionstudy.sources.pxweb_reading import read_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    import requests

    from regionstudy.sources.pxweb_tables import Table

__all__ = ["list_tables", "narrowing_searches", "similarity", "tables_frame"]

_PAGE_SIZE = 100
# Words that every second title has, and years, say nothing about which table is meant.
_EMPTY_WORDS = re.compile(
    r"efter|och|eller|i|för|per|av|på|till|från|med|samt|den|det|en|ett|som|år|kvartal|månad"
    r"|region|kommun|län|kön|ålder|tabellinnehåll"
    r"|by|and|or|in|for|of|on|to|from|with|the|a|year|quarter|month|municipality|county|sex|age"
    r"|observations"
)


class _Page(Fields):
    total_pages: Count
    total_elements: Count


class _List(Fields):
    tables: tuple[Any, ...]
    page: _Page


def list_tables(
    session: requests.Session,
    url: str,
    *,
    text: str,
    lang: str,
    updated_within_days: int | None = None,
    discontinued: bool = False,
) -> list[Table]:
    """
    Read every page of a search.

    Parameters
    ----------
    session : requests.Session
        From `http.open_session`.
    url : str
        The address of the list.
    text : str
        Words that must all occur.
    lang : str
        The language of texts.
    updated_within_days : int, optional
        Only tables that were updated in so many days.
    discontinued : bool, default False
        Whether tables that get no new figures are included.

    Returns
    -------
    list of Table
        In the service's order; empty if nothing is found.

    Raises
    ------
    SourceError
        If the service fails, or gives fewer tables than it counts.
    """
    what = f'Search for "{text}"'
    params: dict[str, Any] = {"lang": lang, "query": text, "pageSize": _PAGE_SIZE}
    params |= {} if updated_within_days is None else {"pastDays": updated_within_days}
    params |= {"includeDiscontinued": "true"} if discontinued else {}
    found: list[Table] = []
    number = pages = 1
    while number <= pages:
        try:
            body, answer = ask_json(
                session, "GET", url, params={**params, "pageNumber": number}, what=what
            )
        except SourceError as error:
            # Where nothing is found there may be no first page either.
            if number == 1 and error.status == 404 and b"page" in error.content:
                return []
            raise
        listed = read_as(_List, body, answer, what=what)
        found += [read_table(one, answer) for one in listed.tables]
        # The service may serve smaller pages than were asked for; its own count holds.
        pages = int(listed.page.total_pages)
        number += 1
    total = int(listed.page.total_elements)
    if len({one.id for one in found}) < total:
        raise source_error(
            f"{len(found)} of {total} tables came",
            what=what,
            url=answer.url,
            status=answer.status,
            remedy="The list may have changed while it was read: search again.",
        )
    return found


def tables_frame(tables: Sequence[Table]) -> pd.DataFrame:
    """
    Lay out tables in a frame.

    Parameters
    ----------
    tables : sequence of Table
        What a search found.

    Returns
    -------
    DataFrame, a row a table
        ``table`` (its id), ``title``, ``first_period``, ``last_period``, ``updated``,
        ``time_unit``, ``variables``, ``subject`` and ``discontinued`` (bool).
    """
    words = {
        "table": [one.id for one in tables],
        "title": [one.label for one in tables],
        "first_period": [one.first_period for one in tables],
        "last_period": [one.last_period for one in tables],
        "updated": [one.updated for one in tables],
        "time_unit": [one.time_unit for one in tables],
        "variables": [", ".join(one.variables) for one in tables],
        "subject": [" > ".join(one.path) for one in tables],
    }
    frame = pd.DataFrame(words, dtype="str")
    return frame.assign(discontinued=[one.discontinued for one in tables]).astype(
        {"discontinued": "bool"}
    )


def narrowing_searches(title: str) -> list[str]:
    """
    Turn a title into searches, from the most of its words to its first.

    Parameters
    ----------
    title : str
        A table's or an indicator's title.

    Returns
    -------
    list of str
        Searches to try in this order until one finds something.

    Examples
    --------
    >>> narrowing_searches("Lediga jobb efter region och näringsgren. År 2015-2024")
    ['lediga jobb näringsgren', 'lediga jobb', 'lediga']
    """
    words = [word for word in re.findall(r"\w+", title.casefold()) if not word.isdigit()]
    telling = list(dict.fromkeys(word for word in words if not _EMPTY_WORDS.fullmatch(word)))[:5]
    return [" ".join(telling[:count]) for count in range(len(telling), 0, -1)]


def similarity(title: str, other: str) -> float:
    """
    Measure how alike two titles are.

    Parameters
    ----------
    title, other : str
        The titles; years do not count.

    Returns
    -------
    float
        From 0 to 1 (the same words in the same order).

    Examples
    --------
    >>> similarity("Lediga jobb efter region", "Lediga jobb efter region. År 2015-2024")
    1.0
    """
    plain = [
        [word for word in re.findall(r"\w+", text.casefold()) if not word.isdigit()]
        for text in (title, re.sub(r"\.\s+(År|Year)\b.*", "", other))
    ]
    return difflib.SequenceMatcher(None, plain[0], plain[1]).ratio()
