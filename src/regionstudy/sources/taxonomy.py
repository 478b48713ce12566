"""
JobTech's taxonomy: concept ids of occupations and places, and the official codes they stand for.

The search services answer a name, or an id they do not know, with no ads and no word of it;
so codes are turned into concept ids here, and an unknown one is an error.
"""

from __future__ import annotations

import difflib
import re
from functools import partial
from typing import TYPE_CHECKING, Any

import orjson
import pandas as pd

from regionstudy.errors import ConfigError
from regionstudy.geography import level_of, require_region, valid_codes
from regionstudy.sources.faults import CHANGED, changed, source_error
from regionstudy.sources.http import ask_json, open_session
from regionstudy.sources.selection import as_items

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import requests

    from regionstudy.sources.selection import Chosen

__all__ = ["BASE_URL", "SWEDEN", "VERSION", "Taxonomy"]

BASE_URL = "https://taxonomy.api.jobtechdev.se/v1/taxonomy"
# Pinned, so that the same question has the same answer until we choose a newer one.
VERSION = 31
SWEDEN = "i46j_HmG_v64"
_YEAR_OF_MUNICIPALITIES = 2015
_GROUP = re.compile(r"\d{1,4}")


class Taxonomy:
    """
    Turn occupations and regions into JobTech's concept ids and back.

    Parameters
    ----------
    base_url : str
        The service's address.
    session : Session or None
        A session of `http.open_session`; None opens one without a cache on disk.
    version : int
        The taxonomy's version.
    """

    def __init__(
        self,
        base_url: str = BASE_URL,
        *,
        session: requests.Session | None = None,
        version: int = VERSION,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self.version = version
        self._session = session
        self._tables: dict[str, pd.DataFrame] = {}

    def occupation_groups(self) -> pd.DataFrame:
        """
        List the unit groups of SSYK 2012.

        Returns
        -------
        DataFrame
            ``concept`` (id), ``occupation`` (four digits) and ``label``.

        Raises
        ------
        SourceError
            If the service fails or has changed.
        """
        return self._table("ssyk-level-4", "ssyk_code_2012").rename(columns={"code": "occupation"})

    def occupation_names(self) -> pd.DataFrame:
        """
        List the occupation names that ads use, with the unit group of each.

        Returns
        -------
        DataFrame
            ``concept`` (id), ``label`` (the name), ``occupation`` (SSYK 2012, four digits)
            and ``group`` (the unit group's label).

        Raises
        ------
        SourceError
            If the service fails or has changed.
        """
        kind = "occupation-name"
        if kind not in self._tables:
            broader = 'broader(type:"ssyk-level-4"){id preferred_label ssyk_code_2012}'
            items, url = self._concepts(kind, broader, ("id", "preferred_label", "ssyk_code_2012"))
            rows = [
                (
                    item["id"],
                    item["preferred_label"],
                    group["ssyk_code_2012"],
                    group["preferred_label"],
                )
                for item in items
                for group in item["broader"]
            ]
            columns = ["concept", "label", "occupation", "group"]
            table = pd.DataFrame.from_records(rows, columns=columns).astype("str")
            self._require_some(table, kind, url)
            self._tables[kind] = table
        return self._tables[kind].copy(deep=False)

    def regions(self) -> pd.DataFrame:
        """
        List the counties and municipalities, checked against SCB's codes.

        Returns
        -------
        DataFrame
            ``concept`` (id), ``region`` (SCB's code) and ``label``.

        Raises
        ------
        SourceError
            If a county or municipality of today is missing, or the service fails.
        """
        counties = self._table("region", "national_nuts_level_3_code_2019")
        municipalities = self._table("municipality", "lau_2_code_2015")
        table = pd.concat(
            [
                counties[counties["code"].isin(valid_codes("county", _YEAR_OF_MUNICIPALITIES))],
                municipalities[municipalities["code"].str.len() == 4],
            ],
            ignore_index=True,
        )
        expected = {
            code
            for level in ("county", "municipality")
            for code in valid_codes(level, _YEAR_OF_MUNICIPALITIES)
        }
        absent = sorted(expected - set(table["code"]))
        if absent:
            problem = f"{len(absent)} regions are missing, such as {', '.join(absent[:5])}"
            raise changed(problem, what="JobTech's regions", url=self.base_url)
        return table.rename(columns={"code": "region"})

    def ssyk(self, names: str | Iterable[str]) -> pd.DataFrame:
        """
        Find the SSYK code of occupation names.

        Parameters
        ----------
        names : str or iterable of str
            Names as in ads, in Swedish; upper and lower case are alike.

        Returns
        -------
        DataFrame, a row a name and unit group
            ``name`` (as given), ``concept``, ``label``, ``occupation`` and ``group``.

        Raises
        ------
        SourceError
            If a name is unknown: the nearest are named.
        """
        given = [names] if isinstance(names, str) else list(dict.fromkeys(names))
        asked = pd.DataFrame({"name": given, "key": [name.strip().casefold() for name in given]})
        known = self.occupation_names()
        known["key"] = known["label"].str.casefold()
        found = asked.merge(known, on="key", how="left", validate="many_to_many")
        unknown = found.loc[found["concept"].isna(), "name"].tolist()
        if unknown:
            labels = dict(zip(known["key"], known["label"], strict=True))
            near = [
                labels[match]
                for name in unknown[:5]
                for match in difflib.get_close_matches(name.casefold(), labels, n=3)
            ]
            problem = f"there is no {', '.join(unknown[:5])}"
            remedy = f"Nearest: {'; '.join(near)}." if near else "Search by SSYK code instead."
            raise source_error(
                problem, what="JobTech's occupation names", url=self.base_url, remedy=remedy
            )
        return found.drop(columns="key")

    def group_concepts(self, occupations: Chosen) -> dict[str, str]:
        """
        Give the concept ids of SSYK codes.

        Parameters
        ----------
        occupations : str, int or iterable of them
            Codes of one to four digits; a shorter one stands for all unit groups below it.

        Returns
        -------
        dict of str to str
            The concept id of each unit group, by its code.

        Raises
        ------
        SourceError
            If a code is none of SSYK 2012: the nearest are named.
        """
        codes = as_items(occupations)
        groups = self.occupation_groups()
        concepts = dict(zip(groups["occupation"], groups["concept"], strict=True))
        labels = dict(zip(groups["occupation"], groups["label"], strict=True))
        chosen: dict[str, str] = {}
        for code in codes:
            below = {one: concepts[one] for one in concepts if one.startswith(code)}
            if not below or not _GROUP.fullmatch(code):
                near = difflib.get_close_matches(code, labels, n=3)
                named = "; ".join(f"{one} {labels[one]}" for one in near)
                remedy = f"Nearest: {named}." if near else "Look names up with Taxonomy.ssyk."
                problem = f'"{code}" is no code of SSYK 2012 that ads use'
                raise source_error(
                    problem, what="JobTech's occupations", url=self.base_url, remedy=remedy
                )
            chosen |= below
        return chosen

    def region_concepts(self, regions: Chosen) -> dict[str, str]:
        """
        Give the concept ids of regions.

        Parameters
        ----------
        regions : str, int or iterable of them
            SCB's codes of the country, counties and municipalities.

        Returns
        -------
        dict of str to str
            The concept id of each region, by its code.

        Raises
        ------
        SourceError
            If a code is none of today (the nearest is named), or a functional region.
        """
        codes = list(dict.fromkeys(as_items(regions)))
        what = "JobTech's regions"
        for code in codes:
            try:
                require_region(code)
            except ConfigError as error:
                raise source_error(str(error).rstrip("."), what=what, url=self.base_url) from error
            if level_of(code) == "fa_region":
                problem = f"ads are not placed in functional regions such as {code}"
                remedy = "Ask for the municipalities it consists of."
                raise source_error(problem, what=what, url=self.base_url, remedy=remedy)
        table = self.regions()
        concepts = dict(zip(table["region"], table["concept"], strict=True)) | {"00": SWEDEN}
        return {code: concepts[code] for code in codes}

    def _table(self, kind: str, field: str) -> pd.DataFrame:
        if kind not in self._tables:
            items, url = self._concepts(kind, field)
            rows = [
                (item["id"], item[field], item["preferred_label"])
                for item in items
                if item[field] is not None
            ]
            table = pd.DataFrame.from_records(rows, columns=["concept", "code", "label"])
            self._require_some(table, kind, url)
            self._tables[kind] = table.astype("str")
        return self._tables[kind].copy(deep=False)

    def _require_some(self, table: pd.DataFrame, kind: str, url: str) -> None:
        if table.empty or table["concept"].eq("").any():
            problem = f"there is no {kind} with a code in version {self.version}"
            raise source_error(problem, what="JobTech's taxonomy", url=url, remedy=CHANGED)

    def _concepts(
        self, kind: str, field: str, inner: tuple[str, ...] = ()
    ) -> tuple[list[Mapping[str, Any]], str]:
        """Ask for concepts with a field, whose own fields are `inner` where it is a list."""
        query = f'{{concepts(type:"{kind}",version:{self.version}){{id preferred_label {field}}}}}'
        if self._session is None:
            self._session = open_session(source="jobtech")
        what = f"JobTech's taxonomy, {kind}"
        # A query the service does not understand is answered with 400, or with 200 and errors.
        body, answer = ask_json(
            self._session,
            "GET",
            f"{self.base_url}/graphql",
            params={"query": query},
            what=what,
            allowed_errors=(400,),
        )
        fail = partial(
            source_error,
            what=what,
            url=answer.url,
            status=answer.status,
            remedy=CHANGED,
            content=answer.content,
        )
        if isinstance(body, dict) and body.get("errors"):
            raise fail(f'the service answered "{orjson.dumps(body["errors"]).decode()[:300]}"')
        try:
            items: list[Mapping[str, Any]] = body["data"]["concepts"]
            name = field.partition("(")[0]
            absent = {
                key for item in items for key in ("id", "preferred_label", name) if key not in item
            } | {
                key
                for item in items
                if inner
                for one in item[name]
                for key in inner
                if key not in one
            }
        except (KeyError, TypeError) as error:
            raise fail(f"the answer has another form: {type(error).__name__} {error}") from error
        if absent:
            raise fail(f"the answer lacks the field {', '.join(sorted(absent))}")
        return items, answer.url
