"""Jobs by industry of the study's region, gathered once for all that notebook 04 shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from regionstudy.analysis.clusters import (
    cluster_totals,
    location_quotient_intervals,
    shrinkage_alarm,
)
from regionstudy.analysis.migration import sum_regions
from regionstudy.cluster_definitions import industry_definitions, read_clusters
from regionstudy.figures import note
from regionstudy.figures.cluster_captions import industry, text
from regionstudy.geography import label, municipalities_in
from regionstudy.words import Words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from regionstudy.cluster_definitions import Cluster
    from regionstudy.figures.shown import Note
    from regionstudy.study import Study
    from regionstudy.words import Text

__all__ = [
    "COUNTRY",
    "TOTAL",
    "UNKNOWN",
    "RegionalJobs",
    "absent",
    "job_notes",
    "regional_jobs",
]

COUNTRY = "00"
TOTAL = "total"
# Jobs of which the industry is not known: counted among all jobs, no industry themselves.
UNKNOWN = "US"
_WORKPLACE = "employed_workplace_by_industry"
_RESIDENCE = "employed_residence_by_industry"
# The year from which Statistics Sweden adds noise (CKM) to this register's counts.
_NOISE = "2022"


@dataclass(frozen=True)
class RegionalJobs:
    """
    Jobs by industry of one region and the country.

    Parameters
    ----------
    place : Text
        What the region is called.
    region : str
        Code of the region that the figures are of; "" where there are none.
    wider : bool
        Whether they are of the county, for want of figures of the region asked for.
    start, end : str
        First and last year that both the region and the country have.
    jobs : DataFrame
        ``region``, ``industry``, ``period``, ``value``, ``status`` by place of work, both
        sexes, of industries at one depth that have rows in both years, and their total.
    every : DataFrame
        The same at all depths and in all years, for clusters.
    women, residents : DataFrame
        As `jobs`: the women among them, and the employed who live in the region. Empty where
        there are none.
    everywhere : DataFrame
        As `jobs` in the newest year that most regions have figures of, of all of them.
    dropped : tuple of str
        Industries left out, since they have rows in one of the years only.
    clusters : mapping of str to Cluster
        The study's clusters.
    """

    place: Text
    region: str = ""
    wider: bool = False
    start: str = ""
    end: str = ""
    jobs: pd.DataFrame = field(default_factory=pd.DataFrame)
    every: pd.DataFrame = field(default_factory=pd.DataFrame)
    women: pd.DataFrame = field(default_factory=pd.DataFrame)
    residents: pd.DataFrame = field(default_factory=pd.DataFrame)
    everywhere: pd.DataFrame = field(default_factory=pd.DataFrame)
    dropped: tuple[str, ...] = ()
    clusters: Mapping[str, Cluster] = field(default_factory=dict)

    @property
    def found(self) -> bool:
        """Whether there are figures."""
        return bool(self.region)

    @property
    def dated(self) -> bool:
        """Whether there are figures of two years, so that growth can be told."""
        return self.start < self.end

    def sourced(self, frame: pd.DataFrame, *years: str) -> pd.DataFrame:
        """
        Say of a frame computed from jobs where its figures come from.

        Parameters
        ----------
        frame : DataFrame
            The frame; not changed.
        *years : str
            The years that it was computed from.

        Returns
        -------
        DataFrame
            With the years in ``period``, as source lines read them, and the sources.
        """
        told = frame.assign(period=np.resize(sorted(years), len(frame)))
        told.attrs.update(frame.attrs)
        told.attrs["provenance"] = self.jobs.attrs.get("provenance", {})
        return told

    @cached_property
    def quotients(self) -> pd.DataFrame:
        """Each industry's share of jobs against the country's at `end`, with its interval."""
        now = self.jobs[self.jobs["period"] == self.end]
        found = location_quotient_intervals(now, totals=self.totals)
        return found[found["industry"] != UNKNOWN].reset_index(drop=True)

    @cached_property
    def cluster_totals(self) -> pd.DataFrame:
        """Each cluster's jobs in all years; the total of all industries is left out."""
        if not self.clusters:
            return self.every.iloc[:0].assign(coverage="")
        found = cluster_totals(self.every, industry_definitions(self.clusters))
        return found[found["industry"] != TOTAL].reset_index(drop=True)

    @cached_property
    def cluster_growth(self) -> pd.DataFrame:
        """Each visible cluster's growth against the country's, and whether it is an alarm."""
        totals = self.cluster_totals
        seen = totals["coverage"].ne("none") & totals["period"].isin([self.start, self.end])
        parts = totals[seen].drop(columns="coverage")
        return shrinkage_alarm(parts, start=self.start, end=self.end)

    @property
    def totals(self) -> str:
        """What all jobs are, as `regionstudy.analysis.clusters` names it."""
        return "published" if (self.jobs["industry"] == TOTAL).any() else "sum"


def regional_jobs(study: Study, *, since: str = "2020") -> RegionalJobs:
    """
    Gather jobs by industry of the study's region.

    The region itself is taken where it has figures; else the sum of its municipalities where
    all have; else the county of the home. A table that is missing is no error.

    Parameters
    ----------
    study : Study
        The study.
    since : str, default "2020"
        The first year; the present register begins in 2020.

    Returns
    -------
    RegionalJobs
        The figures, or none of them.
    """
    asked = study.settings.region
    clusters = _clusters(study)
    nothing = RegionalJobs(label(asked), clusters=clusters)
    rows = _held(study, _WORKPLACE, since)
    if rows.empty or COUNTRY not in set(rows["region"]):
        return nothing
    region = _region_with_figures(study, set(rows["region"]))
    if not region:
        return nothing
    both = _of(rows[rows["sex"] == TOTAL], region)
    every = both.drop(columns="sex")
    depth = _one_depth(every)
    years = _common_years(depth)
    if not years:
        return nothing
    jobs = depth[depth["period"].isin(years)]
    kept, dropped = _in_both_years(jobs, years[0], years[-1])
    wanted = [*kept, TOTAL]

    def chosen(frame: pd.DataFrame) -> pd.DataFrame:
        mine = frame["industry"].isin(wanted) & frame["period"].isin(years)
        return frame[mine].reset_index(drop=True)

    women = _of(rows[rows["sex"] == "2"], region).drop(columns="sex")
    # Preliminary years may be there for the country and its counties alone.
    counted = rows[rows["period"].isin(years)].groupby("period")["region"].nunique()
    widest = max(counted.index[counted == counted.max()])
    everywhere = rows[(rows["sex"] == TOTAL) & (rows["period"] == widest)]
    return RegionalJobs(
        label(region),
        region=region,
        wider=region != asked,
        start=years[0],
        end=years[-1],
        jobs=chosen(jobs),
        every=every.reset_index(drop=True),
        women=chosen(women),
        residents=chosen(_residents(study, region, since)),
        everywhere=chosen(everywhere.drop(columns="sex")),
        dropped=dropped,
        clusters=clusters,
    )


def absent(jobs: RegionalJobs, part: str) -> Note:
    """
    Say that a part of the page cannot be shown for want of jobs by industry.

    Parameters
    ----------
    jobs : RegionalJobs
        From `regional_jobs`.
    part : str
        Rest of the id of its words, after ``clusters.part.``.

    Returns
    -------
    Note
        The line.
    """
    told = {"place": jobs.place, "what": text(f"part.{part}")}
    if jobs.found and not jobs.dated:
        return note(text("missing.years", place=jobs.place, period=jobs.end), tone="missing")
    return note(text("missing.part", **told), tone="missing")


def job_notes(study: Study, jobs: RegionalJobs, *, stored: bool = False) -> list[Text]:
    """
    Say what figures of jobs include, and which region they are of.

    Parameters
    ----------
    study : Study
        The study.
    jobs : RegionalJobs
        From `regional_jobs`.
    stored : bool, default False
        Whether to add what stands in the store about the figures.

    Returns
    -------
    list of Text
        Noise, another region than the one asked for, and what was left out.
    """
    told: list[Text] = [text("note.noise")] if jobs.end >= _NOISE else []
    if jobs.wider:
        asked = label(study.settings.region)
        told.append(text("note.wider", place=jobs.place, asked=asked))
    if jobs.dropped:
        told.append(text("note.dropped", list=[industry(code) for code in jobs.dropped]))
    if not stored:
        return told
    entries = jobs.jobs.attrs.get("provenance", {}).values()
    return told + [Words(**entry["note"]) for entry in entries if entry.get("note")]


def _clusters(study: Study) -> dict[str, Cluster]:
    file = study.folder / "data" / "clusters.toml"
    return read_clusters(file) if file.is_file() else {}


def _held(study: Study, indicator: str, since: str) -> pd.DataFrame:
    """Give an indicator's rows from a year on, none where the store lacks it."""
    if indicator not in study.snapshot.indicators:
        return pd.DataFrame(columns=["region"])
    rows = study.observations(indicator)
    rows = rows[rows["period"] >= since].copy()
    rows["industry"] = rows["industry"].astype(str)
    if "sex" not in rows:
        rows["sex"] = TOTAL
    return rows


def _region_with_figures(study: Study, held: set[str]) -> str:
    asked = study.settings.region
    if asked in held or held.issuperset(study.region):
        return asked
    county = study.home[:2]
    return county if county in held else ""


def _of(rows: pd.DataFrame, region: str) -> pd.DataFrame:
    """Give the rows of a region and the country; a region without its own is added up."""
    if region in set(rows["region"]):
        return rows[rows["region"].isin([region, COUNTRY])]
    inside = list(municipalities_in(region))
    if not set(rows["region"]).issuperset(inside):
        return rows[rows["region"] == COUNTRY].iloc[:0]
    summed = sum_regions(rows, groups={region: inside})
    whole = pd.concat([summed, rows[rows["region"] == COUNTRY]], ignore_index=True)
    whole.attrs.update(rows.attrs)
    return whole


def _residents(study: Study, region: str, since: str) -> pd.DataFrame:
    rows = _held(study, _RESIDENCE, since)
    if rows.empty:
        return pd.DataFrame(columns=["region", "industry", "period", "value", "status"])
    return _of(rows[rows["sex"] == TOTAL], region).drop(columns="sex")


def _one_depth(rows: pd.DataFrame) -> pd.DataFrame:
    """Keep sections, or else the coarsest codes, so that no job counts twice."""
    codes = rows["industry"]
    total, sections = codes == TOTAL, codes.str[0].str.isalpha() & (codes != TOTAL)
    if sections.any():
        return rows[total | sections]
    lengths = codes.str.len().where(~total)
    return rows[total | (lengths == lengths.min())]


def _common_years(rows: pd.DataFrame) -> list[str]:
    known = rows[rows["value"].notna() & (rows["industry"] == TOTAL)]
    if known.empty:
        known = rows[rows["value"].notna()]
    of_both = known.groupby("period")["region"].nunique() == rows["region"].nunique()
    return sorted(str(period) for period in of_both.index[of_both])


def _in_both_years(rows: pd.DataFrame, start: str, end: str) -> tuple[list[str], tuple[str, ...]]:
    own = rows[rows["period"].isin([start, end]) & (rows["industry"] != TOTAL)]
    counts: Any = own.groupby("industry").size()
    whole = counts == own["region"].nunique() * own["period"].nunique()
    return list(counts.index[whole]), tuple(counts.index[~whole])
