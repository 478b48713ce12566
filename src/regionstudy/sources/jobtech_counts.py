"""How many ads are open, as the service itself counts them: no ad is fetched for it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from regionstudy.sources.faults import changed
from regionstudy.sources.jobtech_search import read_page

if TYPE_CHECKING:
    import requests

    from regionstudy.sources.jobtech_search import Question

__all__ = ["count_by_group"]

# The service lists the counts of at most 30 groups.
_LONGEST_LIST = 30
_FIELD = "occupation-group"


def count_by_group(
    session: requests.Session, question: Question, groups: tuple[str, ...]
) -> dict[str, int]:
    """
    Count the ads of a question by unit group.

    Parameters
    ----------
    session : requests.Session
        From `http.open_session`.
    question : Question
        What to ask, of any unit group.
    groups : tuple of str
        Concept ids of the unit groups to count.

    Returns
    -------
    dict of str to int
        The number of ads by concept id; 0 where the service lists none.

    Raises
    ------
    SourceError
        If the service fails or has changed, or counts what was not asked for.
    """
    counts = dict.fromkeys(groups, 0)
    statistics = (("stats", _FIELD), ("stats.limit", str(_LONGEST_LIST)))
    for start in range(0, len(groups), _LONGEST_LIST):
        batch = groups[start : start + _LONGEST_LIST]
        asked = replace(question, groups=batch, extra=(*question.extra, *statistics))
        page, url = read_page(session, asked, 0, limit=0)
        listed = _listed(page, question.what, url)
        strangers = sorted(set(listed) - set(batch))
        if strangers:
            problem = f"ads of the group {strangers[0]} were counted, which was not asked for"
            raise changed(problem, what=question.what, url=url)
        counts |= listed
    return counts


def _listed(page: dict[str, Any], what: str, url: str) -> dict[str, int]:
    try:
        if page["total"]["value"] == 0:
            return {}
        values = next(one["values"] for one in page["stats"] if one["type"] == _FIELD)
        return {str(one["concept_id"]): int(one["count"]) for one in values}
    except (KeyError, TypeError, ValueError, StopIteration) as error:
        problem = f"the answer has no counts by {_FIELD} ({type(error).__name__} {error})".rstrip()
        raise changed(problem, what=what, url=url) from error
