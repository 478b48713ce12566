"""Arbetsförmedlingen's job ads (JobTech): open ones, past ones, and the vacancies in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from regionstudy.sources.faults import CHANGED, source_error
from regionstudy.sources.http import ask_json
from regionstudy.sources.jobtech_ads import count_ads, read_ads
from regionstudy.sources.jobtech_counts import count_by_group
from regionstudy.sources.jobtech_questions import (
    BASE_URL,
    HISTORICAL_URL,
    TAXONOMY_URL,
    JobTechQuestions,
)
from regionstudy.sources.jobtech_search import find_ads, newest_ads
from regionstudy.sources.jobtech_times import month_of, swedish_now
from regionstudy.sources.selection import as_items

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from regionstudy.sources.jobtech_search import Question
    from regionstudy.sources.selection import Chosen

__all__ = ["BASE_URL", "HISTORICAL_URL", "TAXONOMY_URL", "JobTech"]

_FLOW = ("job_ads", "job_vacancies")
_STOCK = ("job_ads_open", "job_vacancies_open")
_HOW = {
    "sv": "Räknade ur Arbetsförmedlingens annonser, hämtade från JobTechs API.",
    "en": "Counted from Arbetsförmedlingen's ads, fetched from JobTech's API.",
}


class JobTech(JobTechQuestions):
    """
    Ask JobTech for job ads, in official codes, and check that it understood.

    Parameters
    ----------
    base_url : str
        The address of the open ads (JobSearch).
    taxonomy_url : str
        The address of the taxonomy.
    historical_url : str
        The address of the past ads.
    session : Session or None
        A session of `http.open_session`; None opens one without a cache on disk. Ads are
        never kept in the cache, since they name persons.
    """

    def search(
        self,
        text: str = "",
        *,
        regions: Chosen | None = None,
        occupations: Chosen | None = None,
        since: dt.date | str | None = None,
        until: dt.date | str | None = None,
        most: int | None = None,
    ) -> pd.DataFrame:
        """
        Find ads that are open now.

        Parameters
        ----------
        text : str
            Words of the ad; "" for any.
        regions : str, int, iterable of them or None
            SCB's codes of counties and municipalities, "00" for Sweden; None for anywhere.
        occupations : str, int, iterable of them or None
            SSYK 2012 codes of one to four digits; None for all.
        since, until : date, str or None
            First and last day of publication.
        most : int or None
            Take only so many of the newest, up to 2,100; None takes all.

        Returns
        -------
        DataFrame, a row an ad, the newest first
            The columns of `jobtech_ads.read_ads`: contact persons are left out.
            ``attrs["retrieved"]`` is when it was asked, ``attrs["newest"]`` when the newest
            of the ads was published, ``attrs["total"]`` how many ads there are.

        Raises
        ------
        SourceError
            If a region, occupation or day is none, the service fails or has changed, or it
            answers otherwise than it was asked.
        """
        return self._ads(self._open(text, regions, occupations, since, until), most)

    def historical(
        self,
        text: str = "",
        *,
        since: dt.date | str,
        until: dt.date | str,
        regions: Chosen | None = None,
        occupations: Chosen | None = None,
    ) -> pd.DataFrame:
        """
        Find ads that were open once, from 2016 on.

        Parameters
        ----------
        text : str
            Words of the ad; "" for any.
        since, until : date or str
            First and last day of publication.
        regions, occupations : str, int, iterable of them or None
            As in `search`.

        Returns
        -------
        DataFrame, a row an ad, the newest first
            As from `search`.

        Raises
        ------
        SourceError
            As `search`, and if the days are before 2016.
        """
        return self._ads(self._past(text, regions, occupations, since, until), None)

    def vacancies(
        self,
        *,
        regions: Chosen,
        since: dt.date | str,
        until: dt.date | str,
        occupations: Chosen | None = None,
    ) -> pd.DataFrame:
        """
        Count the ads that were published in each month, and the vacancies in them.

        Past ads and those still open are taken together, each once.

        Parameters
        ----------
        regions : str, int or sequence of them
            SCB's codes of counties and municipalities, "00" for Sweden.
        since, until : date or str
            First and last month, such as "2026M01" or any day in it.
        occupations : str, int, sequence of them or None
            SSYK 2012 codes of one to four digits; None for all.

        Returns
        -------
        DataFrame
            Observations of ``job_ads`` and ``job_vacancies``: ``region``, ``indicator``,
            ``period``, ``occupation`` ("total" and SSYK 2012), ``value`` and ``status`` ("p"
            in a month that is not over). ``attrs["provenance"]`` says where they are from.

        Raises
        ------
        SourceError
            As `historical`, and if the months are in the wrong order or have not begun.
        """
        first, last = month_of(since, self.historical_url), month_of(until, self.historical_url)
        now = swedish_now()
        this_month = pd.Period(now, freq="M")
        if not first <= last <= this_month:
            problem = f"the months {first} to {last} are in the wrong order, or have not begun"
            raise source_error(problem, what="JobTech's vacancies", url=self.historical_url)
        days = (first.start_time.date(), last.end_time.date())
        past = find_ads(self._session, self._past("", regions, occupations, *days), now=now)
        still = find_ads(self._session, self._open("", regions, occupations, *days), now=now)
        periods = [f"{month:%Y}M{month:%m}" for month in pd.period_range(first, last, freq="M")]
        current = f"{this_month:%Y}M{this_month:%m}"
        return self._counted({**past, **still}, regions, occupations, periods, _FLOW, current)

    def open_vacancies(
        self,
        *,
        regions: Chosen,
        occupations: Chosen | None = None,
    ) -> pd.DataFrame:
        """
        Count the ads that are open now, and the vacancies in them.

        Parameters
        ----------
        regions : str, int or sequence of them
            SCB's codes of counties and municipalities, "00" for Sweden.
        occupations : str, int, sequence of them or None
            SSYK 2012 codes of one to four digits; None for all.

        Returns
        -------
        DataFrame
            Observations of ``job_ads_open`` and ``job_vacancies_open``, with the present month
            as ``period``: a count of the day it is taken, not of the month.

        Raises
        ------
        SourceError
            As `search`.
        """
        now = swedish_now()
        found = find_ads(self._session, self._open("", regions, occupations, None, None), now=now)
        period = f"{now:%Y}M{now:%m}"
        return self._counted(found, regions, occupations, [period], _STOCK, "")

    def count_open(self, occupations: Chosen, *, regions: Chosen | None = None) -> dict[str, int]:
        """
        Count the ads that are open now by occupation, without fetching them.

        Parameters
        ----------
        occupations : str, int or iterable of them
            SSYK 2012 codes of one to four digits; a shorter one stands for all below it.
        regions : str, int, iterable of them or None
            SCB's codes of counties and municipalities, "00" for Sweden; None for anywhere.

        Returns
        -------
        dict of str to int
            The number of ads by unit group of SSYK 2012. Ads are not vacancies: one may offer
            several.

        Raises
        ------
        SourceError
            If an occupation or region is none, or the service fails or has changed.
        """
        concepts = self.taxonomy.group_concepts(occupations)
        counted = count_by_group(
            self._session, self._open("", regions, None, None, None), tuple(concepts.values())
        )
        return {code: counted[concept] for code, concept in concepts.items()}

    def complete(self, text: str) -> pd.DataFrame:
        """
        Complete the last word of a search.

        Parameters
        ----------
        text : str
            What has been typed.

        Returns
        -------
        DataFrame
            ``value`` (the rest to write), ``found_phrase``, ``type`` (occupation, skill,
            location) and ``occurrences``; empty where nothing fits.

        Raises
        ------
        SourceError
            If the service fails or has changed.
        """
        what = f'Completions of "{text}"'
        fields = ["value", "found_phrase", "type", "occurrences"]
        body, answer = ask_json(
            self._session, "GET", f"{self.base_url}/complete", params={"q": text}, what=what
        )
        try:
            rows = [[item[field] for field in fields] for item in body["typeahead"]]
        except (KeyError, TypeError) as error:
            problem = f"the answer lacks the field {error}"
            raise source_error(
                problem, what=what, url=answer.url, status=answer.status, remedy=CHANGED
            ) from error
        return pd.DataFrame.from_records(rows, columns=fields)

    def newest(self) -> pd.Timestamp:
        """
        Tell when the newest open ad was published: how fresh the service is.

        Returns
        -------
        Timestamp
            In Swedish time.

        Raises
        ------
        SourceError
            If the service has no ads, fails or has changed.
        """
        ads = self.search(most=1)
        if ads.empty:
            url = f"{self.base_url}/search"
            raise source_error("there are none", what="Open job ads", url=url, status=200)
        published: pd.Timestamp = ads["published"].iloc[0]
        return published

    def _ads(self, question: Question, most: int | None) -> pd.DataFrame:
        now = swedish_now()
        if most is None:
            found = find_ads(self._session, question, now=now)
            total = len(found)
        else:
            found, total = newest_ads(self._session, question, most=most)
        ads = read_ads(list(found.values()), url=question.url, what=question.what)
        ads = ads.sort_values(["published", "id"], ascending=False, ignore_index=True)
        newest = "" if ads.empty else ads["published"].iloc[0].isoformat()
        retrieved = now.isoformat(timespec="seconds")
        ads.attrs = {"retrieved": retrieved, "newest": newest, "total": total}
        return ads

    def _counted(
        self,
        found: Mapping[str, Mapping[str, Any]],
        regions: Chosen,
        occupations: Chosen | None,
        periods: list[str],
        indicators: tuple[str, str],
        current: str,
    ) -> pd.DataFrame:
        ads = read_ads(list(found.values()), url=self.base_url, what="Job ads")
        stock = indicators == _STOCK
        ads["period"] = periods[0] if stock else ads["published"].dt.strftime("%YM%m")
        codes = list(dict.fromkeys(as_items(regions)))
        asked = [] if occupations is None else sorted(self.taxonomy.group_concepts(occupations))
        frame = count_ads(
            ads,
            regions=codes,
            periods=periods,
            indicators=indicators,
            occupations=asked,
            current=current,
        )
        frame.attrs["provenance"] = {one: self._provenance(one, stock) for one in indicators}
        return frame

    def _provenance(self, indicator: str, stock: bool) -> dict[str, Any]:
        url = self.base_url if stock else self.historical_url
        return {
            "publisher": "Arbetsförmedlingen",
            "source": "JobTech",
            "table": indicator,
            "query": f"{url}/search",
            "how": dict(_HOW),
            "retrieved": swedish_now().date().isoformat(),
            "updated": None,
            "licence": "CC0-1.0",
            "note": None,
            "transcribed": False,
            "url": url,
        }
