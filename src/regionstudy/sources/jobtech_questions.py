"""What can be asked of JobTech's ads: official codes and days become the services' own."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from regionstudy.geography import level_of
from regionstudy.sources.call_window import shared_window
from regionstudy.sources.faults import source_error
from regionstudy.sources.http import open_session
from regionstudy.sources.jobtech_search import Area, Question
from regionstudy.sources.jobtech_times import days_between
from regionstudy.sources.taxonomy import BASE_URL as TAXONOMY_URL
from regionstudy.sources.taxonomy import Taxonomy

if TYPE_CHECKING:
    import requests

    from regionstudy.sources.selection import Chosen

__all__ = ["BASE_URL", "CALLS_A_SECOND", "HISTORICAL_URL", "TAXONOMY_URL", "JobTechQuestions"]

BASE_URL = "https://jobsearch.api.jobtechdev.se"
HISTORICAL_URL = "https://historical.api.jobtechdev.se"
# The service does not say how many calls it takes; this is gentle.
CALLS_A_SECOND = 5
_FIRST_HISTORICAL = dt.date(2016, 1, 1)
# The past ads' service gives up early if not asked to take its time (seconds).
_PATIENCE = (("request-timeout", "100"),)
_PARAMETERS = {"country": "country", "county": "region", "municipality": "municipality"}


class JobTechQuestions:
    """
    Put questions about job ads into JobTech's words.

    Parameters
    ----------
    base_url : str
        The address of the open ads (JobSearch).
    taxonomy_url : str
        The address of the taxonomy.
    historical_url : str
        The address of the past ads.
    session : Session or None
        A session of `http.open_session`; None opens one without a cache on disk.
    """

    def __init__(
        self,
        base_url: str = BASE_URL,
        taxonomy_url: str = TAXONOMY_URL,
        historical_url: str = HISTORICAL_URL,
        *,
        session: requests.Session | None = None,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self.historical_url = historical_url.rstrip("/")
        self._session = session or open_session(
            source="jobtech", window=shared_window(self.base_url, CALLS_A_SECOND, 1)
        )
        self.taxonomy = Taxonomy(taxonomy_url, session=self._session)

    def _open(
        self,
        text: str,
        regions: Chosen | None,
        occupations: Chosen | None,
        since: dt.date | str | None,
        until: dt.date | str | None,
    ) -> Question:
        url = f"{self.base_url}/search"
        after, before = days_between(since, until, url)
        return Question(
            url,
            "Open job ads",
            text,
            self._areas(regions),
            self._groups(occupations),
            after,
            before,
        )

    def _past(
        self,
        text: str,
        regions: Chosen | None,
        occupations: Chosen | None,
        since: dt.date | str,
        until: dt.date | str,
    ) -> Question:
        url = f"{self.historical_url}/search"
        after, before = days_between(since, until, url)
        if after is None or before is None or after.date() < _FIRST_HISTORICAL:
            problem = f"the service has those from {_FIRST_HISTORICAL:%Y} on, between two days"
            remedy = "For earlier years use the yearly files: regionstudy ads import."
            raise source_error(problem, what="Past job ads", url=url, remedy=remedy)
        return Question(
            url,
            "Past job ads",
            text,
            self._areas(regions),
            self._groups(occupations),
            after,
            before,
            ("historical-from", "historical-to"),
            _PATIENCE,
        )

    def _areas(self, regions: Chosen | None) -> tuple[Area, ...]:
        if regions is None:
            return ()
        concepts = self.taxonomy.region_concepts(regions)
        return tuple(
            Area(code, _PARAMETERS[level_of(code)], concept) for code, concept in concepts.items()
        )

    def _groups(self, occupations: Chosen | None) -> tuple[str, ...]:
        if occupations is None:
            return ()
        return tuple(self.taxonomy.group_concepts(occupations).values())
