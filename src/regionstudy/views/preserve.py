"""Preserve and develop: each cluster's growth, its older staff, and who is trained for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from regionstudy.figures import maps, note, table
from regionstudy.figures.cluster_captions import capitalised, text
from regionstudy.figures.content import Column, Measure
from regionstudy.figures.provenance import period_text
from regionstudy.figures.values import joined
from regionstudy.geography import label
from regionstudy.views.clusters import alarms
from regionstudy.views.jobs import COUNTRY, TOTAL, absent
from regionstudy.words import Message, Words, texts_of

if TYPE_CHECKING:
    from regionstudy.figures.shown import Note, StudyFigure, Table
    from regionstudy.study import Study
    from regionstudy.views.jobs import RegionalJobs
    from regionstudy.words import Text

__all__ = ["preserve_table", "public_jobs_map"]

flows_text = texts_of("flows")

_PLACES, _GRANTED = "yh_places", "places_granted"
_AGES = "occupation_by_age"
_SECTORS, _BUSINESS = "employed_by_sector_owner", "030"
_OLD = 55
# Places vary much from year to year: a course begins one year and not the next.
_YEARS = 3
_SPARED = ("within_chance", "none")


def preserve_table(study: Study, jobs: RegionalJobs) -> Table | Note:
    """
    Set each cluster's growth beside who is trained for it, and who will soon retire.

    Parameters
    ----------
    study : Study
        The study.
    jobs : RegionalJobs
        From `regionstudy.views.regional_jobs`.

    Returns
    -------
    Table or Note
        A row a cluster: its alarm, growth here and in the country, places granted in higher
        vocational education, and where figures of occupations by age are there the share of
        55 years and more. What is not there is said below the table.
    """
    if not jobs.clusters:
        return note(text("missing.clusters"), tone="missing")
    if not jobs.found or not jobs.dated:
        return absent(jobs, "clusters")
    growth = jobs.cluster_growth.set_index("industry")
    places, years = _places(study, jobs)
    old, aged = _old_share(study, jobs)
    rows: list[dict[str, Any]] = []
    for one, cluster in jobs.clusters.items():
        seen = one in growth.index
        change: Any = growth.loc[one] if seen else None
        rows.append(
            {
                "name": capitalised(Words(**cluster.name)),
                "signal": flows_text(f"signal.{change['signal'] if seen else 'unseen'}"),
                **_change(jobs, one),
                "places": places.get((one, "here")),
                "country_places": places.get((one, "country")),
                "old": old.get((one, "here")),
                "country_old": old.get((one, "country")),
            }
        )
    frame = pd.DataFrame(rows)
    # Where no field of vocational education leads to a cluster, there is no figure to miss.
    none = np.array([not cluster.vocational for cluster in jobs.clusters.values()])
    for column in ("places", "country_places"):
        absent_status = pd.Series("", frame.index).mask(frame[column].isna(), "..")
        frame[f"{column}_status"] = absent_status.mask(none, ".")
    # Each column has years of its own, which the caption says.
    frame.attrs["provenance"] = jobs.jobs.attrs.get("provenance", {}) | {
        one: dict(study.snapshot.provenance(one)) for one in (_PLACES, _AGES) if one in _held(study)
    }
    columns = [
        Column("name", text("column.cluster")),
        Column("signal", flows_text("column.signal")),
        Column("growth", flows_text("column.growth"), "number", 1, signed=True),
        Column("country_growth", flows_text("column.country_growth"), "number", 1, signed=True),
        Column("places", flows_text("column.places"), "number", 1),
        Column("country_places", flows_text("column.country_places"), "number", 1),
        Column("old", flows_text("column.old"), "number", 1),
        Column("country_old", flows_text("column.country_old"), "number", 1),
    ]
    kept = [one for one in columns if frame[one.key].notna().any()]
    return table(
        frame,
        columns=kept,
        title=_title(growth, jobs),
        caption=joined(_caption(jobs, years, aged)),
    )


def public_jobs_map(study: Study, **about: Any) -> StudyFigure | Note:
    """
    Map the share of jobs outside the business sector: the state, regions and municipalities.

    Parameters
    ----------
    study : Study
        The study.
    **about
        Passed on to `regionstudy.figures.maps.choropleth`.

    Returns
    -------
    StudyFigure or Note
        A map of the newest period; or what is missing, and the command.
    """
    region = study.settings.region
    if _SECTORS not in _held(study):
        return note(flows_text("missing.sectors", place=label(region)), tone="missing")
    rows = study.observations(_SECTORS)
    rows = rows[rows["period"] == rows["period"].max()]
    if "sex" in rows:
        rows = rows[rows["sex"].astype(str) == TOTAL]
    wide = rows.pivot_table(index="region", columns="sector", values="value", observed=True)
    if not {TOTAL, _BUSINESS} <= set(wide.columns):
        return note(flows_text("missing.sectors", place=label(region)), tone="missing")
    # Sectors overlap, so what is not business is told by difference, and not added up.
    share = 100 * (1 - wide[_BUSINESS] / wide[TOTAL].where(wide[TOTAL] > 0))
    period = str(rows["period"].iloc[0])
    local = share[share.index.str.len() == 4]
    frame = pd.DataFrame({"region": local.index, "value": local.to_numpy(), "period": period})
    frame["status"] = frame["value"].isna().map({True: "..", False: ""})
    frame.attrs["provenance"] = rows.attrs.get("provenance", {})
    written = period_text(pd.Series([period]))
    told: dict[str, Any] = {
        "place": label(region if region in share.index else study.home),
        "share": share.get(region if region in share.index else study.home),
        "country": share.get(COUNTRY),
        "period": written,
    }
    known = pd.notna(told["share"]) and pd.notna(told["country"])
    options: dict[str, Any] = {
        "title": flows_text("public_title" if known else "public_title_bare", **told),
        "measure": Measure(flows_text("measure.public"), flows_text("unit.public"), written),
        "notes": [flows_text("note.public")],
        "home": [study.home],
        "outline": list(study.region),
        "region_map": list(study.region),
        "extent": "both",
        "id": "public-jobs",
    }
    return maps.choropleth(frame, regions=study.regions(), **(options | about))


def _held(study: Study) -> set[str]:
    return set(study.snapshot.indicators)


def _change(jobs: RegionalJobs, cluster: str) -> dict[str, float]:
    """Give a cluster's growth in per cent, here and in the country."""
    totals = jobs.cluster_totals
    own = totals[(totals["industry"] == cluster) & (totals["coverage"] != "none")]
    wide = own.pivot_table(index="region", columns="period", values="value", observed=True)
    wide = wide.reindex(index=[jobs.region, COUNTRY], columns=[jobs.start, jobs.end])
    change = 100 * (wide[jobs.end] / wide[jobs.start].where(wide[jobs.start] > 0) - 1)
    return {"growth": change[jobs.region], "country_growth": change[COUNTRY]}


def _places(study: Study, jobs: RegionalJobs) -> tuple[dict[tuple[str, str], float], list[str]]:
    """Give the places granted a year per 100,000 residents, here and in the country."""
    if _PLACES not in _held(study):
        return {}, []
    rows = study.observations(_PLACES)
    rows = rows[(rows["measure"] == _GRANTED) & (rows["region"].str.len() == 4)]
    years = sorted(rows["period"].unique())[-_YEARS:]
    rows = rows[rows["period"].isin(years)]
    people = study.indicators("population", periods=[years[-1]])
    found: dict[tuple[str, str], float] = {}
    for where, inside in (("here", set(study.region)), ("country", set(people["region"]))):
        size = people.loc[people["region"].isin(inside), "value"].sum(skipna=False)
        own = rows[rows["region"].isin(inside)]
        for one, cluster in jobs.clusters.items():
            if not cluster.vocational:
                continue
            # A municipality has a row only where it applied: none is no place, not unknown.
            granted = own.loc[own["education"].isin(cluster.vocational), "value"].sum(skipna=False)
            found[one, where] = 1e5 * granted / len(years) / size
    return found, [str(year) for year in years]


def _old_share(study: Study, jobs: RegionalJobs) -> tuple[dict[tuple[str, str], float], str]:
    """Give the share of a cluster's occupations that is 55 or older, here and in the country."""
    if _AGES not in _held(study):
        return {}, ""
    rows = study.observations(_AGES)
    rows = rows[rows["period"] == rows["period"].max()]
    if "sex" in rows:
        rows = rows[rows["sex"].astype(str) == TOTAL]
    ages = rows["age"].astype(str)
    youngest = pd.to_numeric(ages.str.extract(r"^(\d+)", expand=False))
    rows = rows.assign(old=youngest >= _OLD)[ages.ne(TOTAL) & youngest.notna()]
    found: dict[tuple[str, str], float] = {}
    for where, region in (("here", jobs.region), ("country", COUNTRY)):
        for one, cluster in jobs.clusters.items():
            own = rows[(rows["region"] == region) & rows["occupation"].isin(cluster.minor)]
            every = own["value"].sum(skipna=False)
            if len(own) and every > 0:
                found[one, where] = 100 * own.loc[own["old"], "value"].sum(skipna=False) / every
    return found, str(rows["period"].iloc[0]) if found else ""


def _title(growth: pd.DataFrame, jobs: RegionalJobs) -> Message:
    told = {"place": jobs.place, "start": jobs.start, "end": jobs.end}
    loud = alarms(jobs)
    if loud:
        return flows_text("preserve_alarm", list=loud, **told)
    seen = int(growth["signal"].astype(str).isin(_SPARED).sum())
    return flows_text("preserve_quiet", n=seen, **told)


def _caption(jobs: RegionalJobs, years: list[str], aged: str) -> list[Text]:
    told: list[Text] = [flows_text("preserve_caption", start=jobs.start, end=jobs.end)]
    if years:
        told.append(flows_text("places_caption", first=years[0], last=years[-1]))
    told.append(flows_text("old_caption", period=aged) if aged else flows_text("old_missing"))
    return told
