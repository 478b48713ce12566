"""What the region is strong in, and whether it grows: industries against the country's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from regionstudy.analysis import clusters
from regionstudy.figures import answer, charts, cluster_words, keyfigure, keyfigures, note, table
from regionstudy.figures.cluster_captions import (
    capitalised,
    industry,
    industry_columns,
    measure,
    text,
    within_sentence,
)
from regionstudy.geography import label
from regionstudy.views.clusters import alarms
from regionstudy.views.jobs import COUNTRY, TOTAL, UNKNOWN, absent, job_notes
from regionstudy.words import Words

if TYPE_CHECKING:
    from regionstudy.figures.shown import Answer, KeyFigure, KeyFigures, Note, StudyFigure, Table
    from regionstudy.study import Study
    from regionstudy.views.jobs import RegionalJobs
    from regionstudy.words import Text

__all__ = [
    "growth_chart",
    "industry_table",
    "job_numbers",
    "shift_chart",
    "strengths_chart",
    "work_answer",
]


def work_answer(study: Study, jobs: RegionalJobs) -> Answer:
    """
    Say what the region is strong in, whether its jobs grow, and what alarms sound.

    Parameters
    ----------
    study : Study
        The study.
    jobs : RegionalJobs
        From `regionstudy.views.regional_jobs`.

    Returns
    -------
    Answer
        Two sentences, the first for the start page too; or one that says what is missing.
    """
    if not jobs.found:
        return answer(text("missing.jobs", place=label(study.settings.region)))
    told: list[Text | None] = [
        cluster_words.strengths_answer(jobs.quotients, place=jobs.place, period=jobs.end)
    ]
    if jobs.dated:
        total = _whole(jobs)
        if pd.notna(total["low"]):
            told.append(
                cluster_words.growth_answer(
                    total, place=jobs.place, start=jobs.start, end=jobs.end, alarms=alarms(jobs)
                )
            )
    return answer(*told, index=[0])


def job_numbers(jobs: RegionalJobs) -> KeyFigures | None:
    """
    Show jobs, their growth against the country's, and how the mix of industries differs.

    Parameters
    ----------
    jobs : RegionalJobs
        From `regionstudy.views.regional_jobs`.

    Returns
    -------
    KeyFigures or None
        Those that have a figure; None where there are none, which the answer says.
    """
    if not jobs.found:
        return None
    items: list[KeyFigure] = []
    whole = jobs.jobs[(jobs.jobs["region"] == jobs.region) & (jobs.jobs["industry"] == TOTAL)]
    line = whole.sort_values("period")["value"].tolist()
    if line:
        items.append(
            keyfigure(
                text("key.jobs", place=jobs.place, period=jobs.end),
                text("number", x=line[-1]),
                unit=text("key.jobs_unit"),
                note=text("key.jobs_note", change=line[-1] - line[0], start=jobs.start),
                strip={"line": line},
            )
        )
    if jobs.dated:
        total = 100 * (_whole(jobs)[["relative", "low", "high"]].astype(float) - 1)
        ends = dict(zip(("mean", "low", "high"), total.tolist(), strict=True))
        if total.notna().all():
            items.append(
                keyfigure(
                    text("key.growth", place=jobs.place, start=jobs.start, end=jobs.end),
                    text("signed", x=ends["mean"]),
                    unit=text("key.growth_unit"),
                    note=text("key.growth_note", low=ends["low"], high=ends["high"]),
                    strip={**ends, "zero": True},
                )
            )
    found = cluster_words.outcomes(jobs.quotients)
    counts = {one: int((found == one).sum()) for one in ("over", "under")}
    items.append(
        keyfigure(
            text("key.strong"),
            text("number", x=counts["over"]),
            unit=text("key.strong_unit", n=len(found)),
            note=text(
                "key.strong_note", under=counts["under"], unclear=len(found) - sum(counts.values())
            ),
        )
    )
    mix = clusters.specialisation(_at_end(jobs))
    hoover = mix.loc[mix["region"] == jobs.region, "hoover"].iloc[0]
    if pd.notna(hoover):
        items.append(
            keyfigure(
                text("key.hoover", place=jobs.place),
                text("one", x=100 * hoover),
                unit=text("key.hoover_unit"),
                note=text("key.hoover_note", period=jobs.end),
            )
        )
    return keyfigures(*items)


def strengths_chart(study: Study, jobs: RegionalJobs, **about: Any) -> StudyFigure | Note:
    """
    Draw each industry's share of jobs against its share in the country, with intervals.

    Parameters
    ----------
    study : Study
        The study.
    jobs : RegionalJobs
        From `regionstudy.views.regional_jobs`.
    **about
        Passed on to `regionstudy.figures.charts.ranking`.

    Returns
    -------
    StudyFigure or Note
        A row an industry, those with a cluster in them set off; or what is missing.
    """
    if not jobs.found:
        return absent(jobs, "strengths")
    found = jobs.quotients
    inside = _clusters_by_industry(jobs)
    frame = pd.DataFrame(
        {
            "region": found["industry"],
            "name": [capitalised(industry(code)) for code in found["industry"]],
            **{
                column: 100 * (found[key] - 1)
                for column, key in (("value", "lq"), ("low", "low"), ("high", "high"))
            },
            "status": found["status"].astype(str),
        }
    )
    frame = jobs.sourced(frame, jobs.end)
    options: dict[str, Any] = {
        "title": cluster_words.strengths_title(found, place=jobs.place, marked=list(inside)),
        "measure": measure("strengths", "difference", [jobs.end]),
        "how_to_read": text("how.strengths"),
        "notes": [
            *([text("note.marked", list=list(inside.values()))] if inside else []),
            text("note.chance", n=len(found)),
            text("note.workplace"),
            text("note.unknown"),
            *job_notes(study, jobs, stored=True),
        ],
        "id": "strengths",
    }
    return charts.ranking(frame, home=list(inside), decimals=0, signed=True, **(options | about))


def shift_chart(study: Study, jobs: RegionalJobs, **about: Any) -> StudyFigure | Note:
    """
    Part the region's change in jobs into the country's pace, its industries and its own part.

    Parameters
    ----------
    study : Study
        The study.
    jobs : RegionalJobs
        From `regionstudy.views.regional_jobs`.
    **about
        Passed on to `regionstudy.figures.charts.steps`.

    Returns
    -------
    StudyFigure or Note
        The parts and their sum, in jobs; or what is missing.
    """
    if not jobs.found or not jobs.dated:
        return absent(jobs, "shift")
    years: dict[str, Any] = {"start": jobs.start, "end": jobs.end}
    shared = clusters.shift_share(_own(jobs), **years, totals=jobs.totals)
    parts: Any = shared.set_index("region").loc[jobs.region]
    names = ["national", "mix", "regional"]
    if parts[[*names, "total"]].isna().any():
        told = text("missing.cell", place=jobs.place, **years)
        return note(told, tone="missing")
    # Industries published apart add up to the published total within a few jobs.
    rest = float(parts["total"] - parts[names].sum())
    if abs(rest) >= 0.5:
        names, parts = [*names, "residual"], pd.concat([parts, pd.Series({"residual": rest})])
        parts = parts[~parts.index.duplicated(keep="last")]
    frame = pd.DataFrame(
        {
            "part": names,
            "name": [text(f"step.{name}") for name in names],
            "value": parts[names].to_numpy(dtype=float),
        }
    )
    frame = jobs.sourced(frame, jobs.start, jobs.end)
    by_industry = clusters.shift_share_by_industry(_own(jobs), **years, totals=jobs.totals)
    mine = (by_industry["region"] == jobs.region) & (by_industry["industry"] != UNKNOWN)
    extremes = cluster_words.shift_extremes(by_industry[mine])
    options: dict[str, Any] = {
        "title": cluster_words.shift_title(parts, place=jobs.place, **years),
        "measure": measure("shift", "jobs", [jobs.start, jobs.end]),
        "how_to_read": text("how.shift"),
        "paragraphs": [] if extremes is None else [extremes],
        "notes": [text("note.shift"), *job_notes(study, jobs)],
        "id": "shift",
    }
    return charts.steps(frame, total=text("step.total", place=jobs.place), **(options | about))


def growth_chart(study: Study, jobs: RegionalJobs, **about: Any) -> StudyFigure | Note:
    """
    Place industries by their standing against the country, and by how it changes.

    Parameters
    ----------
    study : Study
        The study.
    jobs : RegionalJobs
        From `regionstudy.views.regional_jobs`.
    **about
        Passed on to `regionstudy.figures.charts.quadrants`.

    Returns
    -------
    StudyFigure or Note
        A dot an industry in four fields; or what is missing.
    """
    if not jobs.found or not jobs.dated:
        return absent(jobs, "growth")
    found = _standing(jobs)
    if found["lq_change"].isna().all():
        told = text("missing.cell", place=jobs.place, start=jobs.start, end=jobs.end)
        return note(told, tone="missing")
    frame = pd.DataFrame(
        {
            "id": found["industry"],
            "name": [capitalised(industry(code)) for code in found["industry"]],
            "x": 100 * (found["lq"] - 1),
            "y": 100 * found["lq_change"] / found["lq_start"].where(found["lq_start"] > 0),
            "size": found["value"],
            "firm": found["firm"],
        }
    )
    frame = jobs.sourced(frame, jobs.start, jobs.end)
    corners = ("weak_gaining", "strong_gaining", "weak_losing", "strong_losing")
    options: dict[str, Any] = {
        "title": cluster_words.growth_title(found, place=jobs.place),
        "measure": measure("growth", "difference", [jobs.start, jobs.end]),
        "how_to_read": text("how.growth"),
        "notes": [text("note.signs"), text("note.unknown"), *job_notes(study, jobs)],
        "id": "growth",
    }
    return charts.quadrants(
        frame,
        across=text("axis.across"),
        upright=text("axis.upright"),
        corners=[text(f"corner.{corner}") for corner in corners],
        home=[*_clusters_by_industry(jobs)],
        **(options | about),
    )


def industry_table(jobs: RegionalJobs) -> Table | Note:
    """
    Show jobs, shares, growth and the share of women, industry by industry.

    Parameters
    ----------
    jobs : RegionalJobs
        From `regionstudy.views.regional_jobs`.

    Returns
    -------
    Table or Note
        A row an industry, the largest first; or what is missing.
    """
    if not jobs.found:
        return absent(jobs, "table")
    now = _wide(jobs.jobs, jobs.end)
    whole = now.loc[TOTAL] if TOTAL in now.index else now.sum(skipna=False)
    before = _wide(jobs.jobs, jobs.start)
    women = _wide(jobs.women, jobs.end) if len(jobs.women) else now * float("nan")
    grown = 100 * (now / before.where(before > 0) - 1) if jobs.dated else now * float("nan")
    by_sex = 100 * women / now.where(now > 0)
    frame = pd.DataFrame({"jobs": now[jobs.region]})
    for column, wide in (("share", 100 * now / whole), ("growth", grown), ("women", by_sex)):
        frame[column], frame[f"country_{column}"] = wide[jobs.region], wide[COUNTRY]
    frame = frame.drop(index=[TOTAL, UNKNOWN], errors="ignore")
    frame = frame.sort_values("jobs", ascending=False).rename_axis("industry").reset_index()
    frame["name"] = frame["industry"].map(lambda code: capitalised(industry(str(code))))
    frame = jobs.sourced(frame, jobs.start, jobs.end)
    # The open figures of a country may lack what those of its counties have.
    columns = [one for one in industry_columns() if frame[one.key].notna().any()]
    told = {"period": jobs.end, "start": jobs.start, "end": jobs.end}
    return table(
        frame,
        columns=columns,
        title=text("table_title", place=jobs.place),
        caption=text("table_caption", **told),
    )


def _wide(rows: pd.DataFrame, period: str) -> pd.DataFrame:
    chosen = rows[rows["period"] == period]
    return chosen.set_index(["industry", "region"])["value"].unstack("region")  # noqa: PD010 - keys are unique


def _own(jobs: RegionalJobs) -> pd.DataFrame:
    return jobs.jobs[jobs.jobs["period"].isin([jobs.start, jobs.end])]


def _at_end(jobs: RegionalJobs) -> pd.DataFrame:
    return jobs.jobs[jobs.jobs["period"] == jobs.end]


def _standing(jobs: RegionalJobs) -> pd.DataFrame:
    years: dict[str, Any] = {"start": jobs.start, "end": jobs.end}
    found = clusters.portfolio(_own(jobs), **years, totals=jobs.totals)
    return found[found["industry"] != UNKNOWN].reset_index(drop=True)


def _whole(jobs: RegionalJobs) -> pd.Series[Any]:
    """Compare the growth of all jobs, by the same interval as an industry's."""
    own = _own(jobs)
    parts = own[own["industry"] == TOTAL]
    if parts.empty:
        grouped = own.groupby(["region", "period"], as_index=False)["value"]
        parts = grouped.sum(min_count=own["industry"].nunique()).assign(status="")
    # A total is never an industry, unless it is called something else.
    parts = parts.assign(industry="all")
    found = clusters.shrinkage_alarm(parts, start=jobs.start, end=jobs.end)
    return pd.Series(found[found["region"] == jobs.region].iloc[0])


def _clusters_by_industry(jobs: RegionalJobs) -> dict[str, Text]:
    """Name the clusters that are part of each industry shown."""
    held = set(jobs.jobs["industry"])
    inside: dict[str, list[Text]] = {}
    for cluster in jobs.clusters.values():
        for code in cluster.sections:
            if code in held:
                inside.setdefault(code, []).append(within_sentence(Words(**cluster.name)))
    return {
        code: text("within", industry=industry(code), cluster=text("listed", list=names))
        for code, names in inside.items()
    }
