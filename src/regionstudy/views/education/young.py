"""The young: eligible for upper secondary school, on to university, established in work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from regionstudy.analysis.education import beside, outcomes_after_school
from regionstudy.figures import note, table
from regionstudy.figures.content import Column
from regionstudy.figures.education_words import text
from regionstudy.figures.tables import with_figures
from regionstudy.geography import label, municipalities_in, name
from regionstudy.views.education.absent import absent
from regionstudy.views.education.over_time import home_trend

if TYPE_CHECKING:
    from regionstudy.figures.shown import Note, StudyFigure, Table
    from regionstudy.study import Study

__all__ = ["eligibility_table", "establishment_results", "transition_trends"]

_ELIGIBLE, _LEAVERS = "upper_secondary_eligibility", "grade9_leavers"
_TRANSITION = ("kol_eligible_vocational", "kol_eligible_university_3y", "kol_university_2y")
_EITHER, _JOB = "kol_established_2y", "kol_established_job_2y"
_KEYS = ["region", "period"]
_SEXES = {"total": "both", "2": "girls", "1": "boys"}


def eligibility_table(study: Study) -> Table | Note:
    """
    Show how many leave year 9 in each of the region's municipalities, and the share eligible.

    Parameters
    ----------
    study : Study
        The study.

    Returns
    -------
    Table or Note
        A row a municipality, of the newest school year; or what is missing.
    """
    held = set(study.snapshot.indicators)
    if not {_ELIGIBLE, _LEAVERS} <= held:
        return note(text("missing.eligible"), tone="missing")
    shares = _all_schools(study.observations(_ELIGIBLE))
    period = str(shares["period"].max())
    shares = shares[(shares["period"] == period) & shares["region"].isin(municipalities_in("00"))]
    both = shares[shares["sex"] == "total"]
    own = both[both["region"].isin(list(study.region))]
    if own["value"].isna().all():
        return note(text("missing.eligible"), tone="missing")
    leavers = _all_schools(study.observations(_LEAVERS))
    leavers = leavers[(leavers["period"] == period) & (leavers["sex"] == "total")]
    frame = pd.DataFrame({"region": list(study.region)})
    frame = with_figures(frame, leavers, "leavers")
    for sex, column in _SEXES.items():
        frame = with_figures(frame, shares[shares["sex"] == sex], column)
    frame["name"] = frame["region"].map(name)
    frame = frame.sort_values("both", ascending=False, ignore_index=True)
    frame["period"] = period
    frame.attrs["provenance"] = {
        **study.observations(_ELIGIBLE).attrs.get("provenance", {}),
        **study.observations(_LEAVERS).attrs.get("provenance", {}),
    }
    known = own["value"].dropna()
    told = {
        "low": known.min(),
        "high": known.max(),
        "median": both["value"].median(),
        "n": int(both["value"].notna().sum()),
        "year": f"{int(period) - 1}/{period}",
    }
    columns = [
        Column("name", text("column.municipality")),
        Column("leavers", text("column.leavers"), "number"),
        *(Column(one, text(f"column.{one}"), "number", 1) for one in _SEXES.values()),
    ]
    return table(
        frame,
        columns=columns,
        title=text("eligible_title" if len(known) > 1 else "eligible_one", **told),
        caption=text("eligible_caption"),
        home=[study.home],
    )


def transition_trends(study: Study) -> list[StudyFigure | Note]:
    """
    Draw how many go on: eligible for upper secondary school, for university, and at university.

    Parameters
    ----------
    study : Study
        The study.

    Returns
    -------
    list of StudyFigure or Note
        A figure each that has been fetched, and one line that says what else is missing.
    """
    shown = {one: home_trend(study, one, title=f"{one}_title") for one in _TRANSITION}
    found: list[StudyFigure | Note] = [one for one in shown.values() if one is not None]
    lacking = [one for one, figure in shown.items() if figure is None]
    return [*found, absent(study, "transition", lacking)] if lacking else found


def establishment_results(study: Study) -> list[StudyFigure | Table | Note]:
    """
    Show how many are established in work or study two years after upper secondary school.

    Parameters
    ----------
    study : Study
        The study.

    Returns
    -------
    list of StudyFigure, Table or Note
        The trend, the three outcomes beside the peers', and one line on what is missing.
    """
    trend = home_trend(study, _EITHER, title=f"{_EITHER}_title")
    outcomes = _outcomes_table(study)
    found: list[StudyFigure | Table | Note] = [one for one in (trend, outcomes) if one is not None]
    lacking = [one for one in (_EITHER, _JOB) if one not in study.snapshot.indicators]
    if found and not lacking:
        return found
    return [*found, absent(study, "established", lacking or (_EITHER, _JOB))]


def _outcomes_table(study: Study) -> Table | None:
    frames = [study.indicators(one) for one in (_EITHER, _JOB)]
    if any(frame.empty for frame in frames):
        return None
    parts = outcomes_after_school(*frames)
    # Peers stand for one region: the median of each outcome among those that have it.
    peers = parts[parts["region"].isin(list(study.peers.others)) & parts["value"].notna()]
    middle = peers.groupby(["period", "outcome"], as_index=False)["value"].median()
    own = parts[(parts["region"] == study.home) & parts["value"].notna()]
    own = own[own["period"].isin(middle["period"])]
    if own.empty:
        return None
    period = str(own["period"].max())
    both = pd.concat([own, middle.assign(region="median", status="")], ignore_index=True)
    both = both[both["period"] == period].astype({"status": str})
    rows = beside(both, reference="median", by=["outcome"])
    rows["name"] = pd.Series([text(f"outcome.{one}") for one in rows["outcome"]], dtype=object)
    rows.attrs["provenance"] = parts.attrs["provenance"]
    values = rows.set_index("outcome")["value"]
    told: dict[str, Any] = {"place": label(study.home), "period": period}
    neither = rows.loc[rows["outcome"] == "neither"]
    title = text("outcomes_plain", **told)
    if len(neither) and "neither" in values:
        row = neither.iloc[0]
        title = text("outcomes_title", value=row["value"], median=row["reference"], **told)
    columns = [
        Column("name", text("column.outcome")),
        Column("value", text("column.home", place=label(study.home)), "number", 1),
        Column("reference", text("column.median"), "number", 1),
        Column("gap", text("column.gap"), "number", 1, signed=True),
    ]
    caption = text("outcomes_caption")
    return table(rows, columns=columns, title=title, caption=caption)


def _all_schools(rows: pd.DataFrame) -> pd.DataFrame:
    if "school_organiser" in rows.columns:
        rows = rows[rows["school_organiser"] == "total"]
    return rows.astype({"sex": str, "period": str})
