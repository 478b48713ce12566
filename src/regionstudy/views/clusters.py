"""The network's clusters: how they develop, what members are of them, what lies near."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from regionstudy.analysis import clusters
from regionstudy.errors import ConfigError
from regionstudy.figures import charts, cluster_words, note, table
from regionstudy.figures.cluster_captions import (
    capitalised,
    industry,
    measure,
    members_columns,
    text,
    within_sentence,
)
from regionstudy.figures.content import Column
from regionstudy.figures.values import joined
from regionstudy.geography import label
from regionstudy.views.jobs import COUNTRY, TOTAL, UNKNOWN, absent, job_notes
from regionstudy.words import Words

if TYPE_CHECKING:
    from regionstudy.cluster_definitions import Cluster
    from regionstudy.figures.shown import Note, StudyFigure, Table
    from regionstudy.study import Study
    from regionstudy.views.jobs import RegionalJobs
    from regionstudy.words import Text

__all__ = ["alarms", "cluster_trends", "members_table", "nearest_table"]

_RELEASE = "staff_by_organisation_and_municipality"
# Fewer regions tell too little of which industries keep company (as `relatedness` has it).
_FEWEST = 10


def alarms(jobs: RegionalJobs) -> list[Text] | None:
    """
    Name what holds a cluster and shrinks surely more than in the country.

    Parameters
    ----------
    jobs : RegionalJobs
        From `regionstudy.views.regional_jobs`.

    Returns
    -------
    list of Text or None
        The names; None where no cluster is visible in the figures.
    """
    seen = _seen(jobs)
    if seen.empty:
        return None
    found = jobs.cluster_growth
    loud = found.loc[found["signal"] == "alarm", "industry"]
    return [_counted(jobs.clusters[str(one)], _coverage(seen, str(one))) for one in loud]


def cluster_trends(study: Study, jobs: RegionalJobs) -> list[StudyFigure | Note]:
    """
    Draw each cluster's jobs against the country's, from the same start, with its alarm.

    Parameters
    ----------
    study : Study
        The study.
    jobs : RegionalJobs
        From `regionstudy.views.regional_jobs`.

    Returns
    -------
    list of StudyFigure or Note
        A figure a cluster that the figures show, and a line on those they do not.
    """
    if not jobs.clusters:
        return [note(text("missing.clusters"), tone="missing")]
    if not jobs.found or not jobs.dated:
        return [absent(jobs, "clusters")]
    seen = _seen(jobs)
    shown: list[StudyFigure | Note] = []
    if len(seen):
        rows = jobs.cluster_growth.set_index("industry")
        visible = [one for one in jobs.clusters if one in rows.index]
        shown += [_trend(study, jobs, one, seen, pd.Series(rows.loc[one])) for one in visible]
    unseen = [
        within_sentence(Words(**cluster.name))
        for one, cluster in jobs.clusters.items()
        if one not in set(seen["industry"])
    ]
    if unseen:
        shown.append(note(text("missing.unseen", list=unseen), tone="missing"))
    return shown


def members_table(study: Study, jobs: RegionalJobs) -> Table | Note:
    """
    Set members' staff by cluster beside the jobs that official figures show.

    Only what `Members.release` gives is used, so that what is hidden stays hidden.

    Parameters
    ----------
    study : Study
        The study.
    jobs : RegionalJobs
        From `regionstudy.views.regional_jobs`.

    Returns
    -------
    Table or Note
        A row a cluster; or what is missing.
    """
    if study.members is None:
        return note(text("missing.members"), tone="missing")
    if not jobs.clusters:
        return note(text("missing.clusters"), tone="missing")
    if not jobs.found:
        return absent(jobs, "members")
    try:
        counts = study.members.release(_RELEASE)
    except ConfigError:
        return note(text("missing.release"), tone="missing")
    totals = jobs.cluster_totals
    now = totals[(totals["period"] == jobs.end) & (totals["region"] == jobs.region)]
    facts = study.members.organisations[["org_id", "cluster"]].dropna()
    staff = _within(counts, set(study.region)).merge(
        facts, on="org_id", how="inner", validate="many_to_one"
    )
    held = set(_within(counts, set(study.region))["org_id"])
    staff = staff[staff["cluster"].isin(list(jobs.clusters))]
    apart = len(held - set(staff["org_id"]))
    staff = staff.rename(columns={"cluster": "industry"}).assign(region=jobs.region)
    columns = ["region", "industry", "headcount", "status"]
    share = clusters.members_share(
        staff[columns], now[["region", "industry", "value", "status", "coverage"]]
    )
    order = [one for one in jobs.clusters if one in set(staff["industry"])]
    frame = share.set_index("industry").loc[order].drop(columns="region").reset_index()
    frame["name"] = frame["industry"].map(lambda one: capitalised(Words(**jobs.clusters[one].name)))
    coverage = zip(order, frame["coverage"], strict=True)
    groups = {one: _group(jobs.clusters[one], str(how)) for one, how in coverage}
    frame["group"] = frame["industry"].map(groups)
    frame["share"] = 100 * frame["share"]
    hidden = frame["members"].isna()
    frame["members_status"] = frame["status"].astype(str).where(hidden, "")
    frame["employed_status"] = pd.Series("", index=frame.index).mask(frame["employed"].isna(), "..")
    frame["share_status"] = frame["status"].astype(str)
    frame = jobs.sourced(frame, jobs.end)
    frame.attrs |= {key: counts.attrs.get(key) for key in ("fictitious", "release", "measure")}
    told = {
        "members": counts.attrs["year"],
        "period": jobs.end,
        "threshold": counts.attrs["threshold"],
    }
    caption: list[Text] = [text("members_caption", **told)]
    if apart:
        caption.append(text("members_apart", n=apart))
    if counts.attrs["fictitious"]:
        caption.insert(0, text("members_fictitious"))
    return table(
        frame,
        columns=members_columns(),
        title=text("members_title"),
        caption=joined(caption),
    )


def nearest_table(study: Study, jobs: RegionalJobs) -> Table | Note:
    """
    Order the industries that the region could grow in by how near they are to its own.

    Parameters
    ----------
    study : Study
        The study.
    jobs : RegionalJobs
        From `regionstudy.views.regional_jobs`.

    Returns
    -------
    Table or Note
        The ten nearest; or, while too few regions have figures, what is missing.
    """
    if not jobs.found:
        return note(text("missing.nearest", n=_FEWEST, held=0), tone="missing")
    held = jobs.everywhere
    held = held[held["region"] != COUNTRY]
    sizes = held["region"].str.len()
    for length, home, level in ((4, study.home, "municipality"), (2, jobs.region, "county")):
        rows = held[sizes == length]
        whole = rows[rows["value"].notna()].groupby("region").size()
        enough = int((whole == whole.max()).sum()) if len(whole) else 0
        if enough >= _FEWEST and home in set(whole.index[whole == whole.max()]):
            return _nearest(jobs, rows, home, level)
    told = {"n": _FEWEST, "held": held["region"].nunique()}
    return note(text("missing.nearest", **told), tone="missing")


def _nearest(jobs: RegionalJobs, rows: pd.DataFrame, home: str, level: str) -> Table | Note:
    country = jobs.everywhere[jobs.everywhere["region"] == COUNTRY]
    every = pd.concat([rows, country], ignore_index=True)
    # Whole regions only: one with a gap has no quotients, and tells of no company.
    pairs = every.set_index(["region", "industry"])["value"]
    wide = pairs.unstack("industry")  # noqa: PD010 - keys are unique
    whole = wide.index[wide.notna().all(axis=1)]
    if not {COUNTRY, home} <= set(whole) or len(whole) <= _FEWEST:
        said = text("missing.nearest", n=_FEWEST, held=rows["region"].nunique())
        return note(said, tone="missing")
    every = every[every["region"].isin(whole)]
    every = every[every["industry"] != UNKNOWN]
    found = clusters.next_industries(every, region=home, totals=jobs.totals, fewest=_FEWEST)
    found = found[found["density"].notna()].head(10).reset_index(drop=True)
    if found.empty:
        return note(text("missing.nearest_none", place=label(home)), tone="missing")
    found["name"] = found["industry"].map(lambda code: capitalised(industry(str(code))))
    for column in ("density", "mean_density"):
        found[column] = 100 * found[column]
    found["lq"] = 100 * (found["lq"] - 1)
    found["nearest"] = found["nearest"].map(
        lambda codes: text("listed", list=[industry(one) for one in codes.split(", ") if one])
    )
    period = str(every["period"].iloc[0])
    found = jobs.sourced(found, period)
    told = {
        "n": every["region"].nunique() - 1,
        "level": text(f"level.{level}"),
        "period": period,
    }
    columns = [
        Column("rank", text("column.rank"), "number"),
        Column("name", text("column.industry")),
        Column("density", text("column.density"), "number"),
        Column("mean_density", text("column.mean_density"), "number"),
        Column("lq", text("column.lq"), "number", 0, signed=True),
        Column("nearest", text("column.nearest")),
    ]
    return table(
        found,
        columns=columns,
        title=cluster_words.nearest_title(found, place=label(home)),
        caption=text("nearest_caption", **told),
    )


def _seen(jobs: RegionalJobs) -> pd.DataFrame:
    """Give the clusters that the figures show."""
    totals = jobs.cluster_totals
    return totals[totals["coverage"] != "none"]


def _coverage(totals: pd.DataFrame, cluster: str) -> str:
    return str(totals.loc[totals["industry"] == cluster, "coverage"].iloc[0])


def _counted(cluster: Cluster, coverage: str) -> Text:
    """Name what is counted: the cluster itself, or the group of industries it is part of."""
    name = within_sentence(Words(**cluster.name))
    if coverage != "section":
        return name
    group = text("listed", list=[industry(code) for code in cluster.sections])
    return text("within", industry=group, cluster=name)


def _group(cluster: Cluster, coverage: str) -> Text:
    if coverage == "none":
        return text("no_group")
    if coverage != "section":
        return Words(**cluster.name)
    return text("listed", list=[industry(code) for code in cluster.sections])


def _within(counts: pd.DataFrame, inside: set[str]) -> pd.DataFrame:
    """Give each organisation's staff in the region, by its own total where all are there."""
    own = counts[counts["org_id"] != TOTAL]
    places = set(own["municipality"]) - {TOTAL}
    if places <= inside:
        return own[own["municipality"] == TOTAL]
    return own[own["municipality"].isin(inside)]


def _trend(
    study: Study, jobs: RegionalJobs, one: str, totals: pd.DataFrame, row: pd.Series[Any]
) -> StudyFigure | Note:
    cluster = jobs.clusters[one]
    counted = _counted(cluster, _coverage(totals, one))
    years: dict[str, Any] = {"start": jobs.start, "end": jobs.end}
    title = cluster_words.trend_title(row, cluster=counted, place=jobs.place, **years)
    if row["signal"] == "missing":
        return note(title, tone="missing")
    own = totals[(totals["industry"] == one) & (totals["period"] >= jobs.start)]
    base = own[own["period"] == jobs.start].set_index("region")["value"]
    frame = own[["region", "period", "value", "status"]].reset_index(drop=True)
    frame["value"] = 100 * frame["value"] / frame["region"].map(base)
    frame["name"] = frame["region"].map({COUNTRY: label(COUNTRY), jobs.region: jobs.place})
    frame.attrs["provenance"] = jobs.jobs.attrs.get("provenance", {})
    about: Text = Words(**cluster.note)
    if _coverage(totals, one) == "section":
        about = text("note.group", cluster=within_sentence(Words(**cluster.name)))
    ends = {key: 100 * (row[key] - 1) for key in ("relative", "low", "high")}
    return charts.trend(
        frame,
        title=title,
        measure=measure("trend", "index", [jobs.start, jobs.end], **years),
        home=[jobs.region],
        dashed=[COUNTRY],
        decimals=0,
        notes=[text("note.alarm", **ends), about, *job_notes(study, jobs)],
        id=f"cluster-{one}",
    )
