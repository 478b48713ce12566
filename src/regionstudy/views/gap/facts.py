"""What the competence gap rests on, gathered once for all that the page shows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from regionstudy.analysis import competence
from regionstudy.competence_assumptions import read_assumptions, read_crosswalk
from regionstudy.figures.content import Source, as_text
from regionstudy.figures.provenance import member_releases, source_lines
from regionstudy.geography import label
from regionstudy.views.gap.gathering import gather_terms, released
from regionstudy.views.gap.official import official_supply
from regionstudy.views.gap.wording import text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from regionstudy.competence_assumptions import Assumptions
    from regionstudy.figures.content import MemberRelease
    from regionstudy.study import Study
    from regionstudy.views.gap.gathering import GatheredTerms
    from regionstudy.views.gap.official import OfficialSupply
    from regionstudy.words import Text

__all__ = ["CompetenceFacts", "competence_facts"]

_STAFF = "staff_by_occupation_and_age"
_NEEDS = "needs_by_occupation"
_OWN_NEEDS = "needs_by_organisation_and_occupation"
_TOTAL = competence.TOTAL


@dataclass(frozen=True)
class CompetenceFacts:
    """
    What the page on the gap rests on; make it with `competence_facts`.

    Parameters
    ----------
    place : Text
        What the region is called.
    gathered : GatheredTerms
        All terms that have figures.
    own_needs : DataFrame
        ``org_id``, ``occupation``, ``year``, ``scenario``, ``headcount``: what each needs.
    names : mapping of str to str
        The organisations' names by id.
    assumptions : Assumptions
        What ``data/competence.toml`` holds.
    official : OfficialSupply
        The official figures that there are.
    years : tuple of int
        The years counted.
    staff_year : int
        The year of the staff figures.
    threshold : int
        Groups of fewer persons than this are hidden.
    fictitious : bool
        Whether the members' data are made up.
    releases : tuple of MemberRelease
        The released member tables that it rests on.
    past : bool
        Whether needs were left out since they are of years that the staff figures hold.
    """

    place: Text
    gathered: GatheredTerms
    own_needs: pd.DataFrame
    names: Mapping[str, str]
    assumptions: Assumptions
    official: OfficialSupply
    years: tuple[int, ...]
    staff_year: int
    threshold: int
    fictitious: bool
    releases: tuple[MemberRelease, ...]
    past: bool = False

    @property
    def about(self) -> dict[str, Any]:
        """The marks that every result of these facts carries."""
        return {
            "fictitious": self.fictitious,
            "sources": list(self.sources),
            "releases": self.releases,
        }

    @property
    def source(self) -> Source:
        """The line that says where the members' figures come from."""
        return Source(text("source", staff=str(self.staff_year), span=self.span))

    @property
    def sources(self) -> tuple[Source, ...]:
        """That line, and those of the official figures used."""
        return self.source, *source_lines(*self.official.frames)

    @property
    def start(self) -> str:
        """The first year counted."""
        return str(self.years[0])

    @property
    def end(self) -> str:
        """The last year counted."""
        return str(self.years[-1])

    @property
    def span(self) -> Text:
        """The years counted, in words."""
        if len(self.years) == 1:
            return as_text(self.start)
        return text("span", start=self.start, end=self.end)

    @cached_property
    def cells(self) -> pd.DataFrame:
        """The gap by occupation and year; the occupation "total" is the whole."""
        return self._gap(("occupation", "year"))

    @cached_property
    def by_occupation(self) -> pd.DataFrame:
        """The gap of all years together, by occupation."""
        found = self._gap(("occupation",))
        return found[found["occupation"] != _TOTAL].reset_index(drop=True)

    @cached_property
    def whole(self) -> pd.DataFrame:
        """The gap of all years and occupations, a row a scenario."""
        return self._gap(())

    @cached_property
    def summed_terms(self) -> pd.DataFrame:
        """Each term over all years and occupations: by term and scenario."""
        rows = self.gathered.terms[self.gathered.terms["occupation"] == _TOTAL]
        numbers = ["low", "value", "high"]
        grouped = rows.groupby(["term", "scenario"])
        counts = grouped["value"].count() == grouped.size()
        found = grouped[numbers].sum().where(counts)
        found["status"] = grouped["status"].agg(_worst)
        found["rests_on"] = grouped["rests_on"].first()
        return found.reset_index()

    def term_values(self, scenario: str) -> dict[str, float]:
        """
        Give each term over all years and occupations in one scenario.

        Parameters
        ----------
        scenario : str
            The scenario of need.

        Returns
        -------
        dict of str to float
            By term; NaN where it is missing or hidden.
        """
        rows = self.summed_terms
        rows = rows[rows["scenario"].isin([scenario, competence.EVERY])]
        found = dict(zip(rows["term"], rows["value"].astype(float), strict=True))
        return {term: found.get(term, float("nan")) for term in competence.TERMS}

    def _gap(self, by: Sequence[str]) -> pd.DataFrame:
        chosen = self.assumptions
        return competence.gap(
            self.gathered.terms, by=by, draws=chosen.draws, seed=chosen.seed, level=chosen.level
        )


def competence_facts(study: Study, *, horizon: int = 0) -> CompetenceFacts | None:
    """
    Gather what members need and what the region supplies.

    Only what `Members.release` gives is used, so that what is hidden stays hidden.

    Parameters
    ----------
    study : Study
        The study.
    horizon : int, default 0
        The last year; 0 is that of ``data/competence.toml``, or as far as needs reach.

    Returns
    -------
    CompetenceFacts or None
        The facts; None where the study has no members, or they state no needs.

    Raises
    ------
    ConfigError
        If an assumption cannot be used, or a member table is not declared in
        ``data/releases.toml``; the message holds the entry to add.
    """
    if study.members is None:
        return None
    data = study.folder / "data"
    assumptions = read_assumptions(data / "competence.toml")
    staff = released(study.members, _STAFF)
    stated = released(study.members, _NEEDS)
    if staff.empty or stated.empty:
        return None
    staff_year = int(str(staff.attrs["year"]))
    past = bool((stated["year"] <= staff_year).any())
    last = horizon or assumptions.horizon or int(stated["year"].max())
    stated = stated[stated["year"].between(staff_year + 1, last)]
    if stated.empty:
        return None
    years = tuple(range(int(stated["year"].min()), int(stated["year"].max()) + 1))
    official = official_supply(study)
    gathered = gather_terms(
        study.members,
        needs=stated.astype({"year": int}),
        staff=staff,
        official=official,
        crosswalk=read_crosswalk(data / "education_to_occupation.toml"),
        assumptions=assumptions,
        years=years,
    )
    own = released(study.members, _OWN_NEEDS)
    organisations = study.members.release("organisations")
    return CompetenceFacts(
        place=label(study.settings.region),
        gathered=gathered,
        own_needs=own[own["year"].isin(list(years))].reset_index(drop=True),
        names=dict(zip(organisations["org_id"], organisations["name"], strict=True)),
        assumptions=assumptions,
        official=official,
        years=years,
        staff_year=staff_year,
        threshold=int(staff.attrs["threshold"]),
        fictitious=bool(staff.attrs["fictitious"]),
        releases=(*member_releases(staff, stated, own, organisations), *gathered.releases),
        past=past,
    )


def _worst(statuses: pd.Series[str]) -> str:
    """Give what a sum over parts must say."""
    for word in ("suppressed", ".."):
        if (statuses == word).any():
            return word
    return str(statuses.iloc[0])
