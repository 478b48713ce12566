"""Education given in the region: places in higher vocational education, and graduates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from regionstudy.analysis.education import rate_per
from regionstudy.figures import charts, note, table
from regionstudy.figures.cluster_captions import capitalised
from regionstudy.figures.content import Column
from regionstudy.figures.education_words import measure, text, yh_field
from regionstudy.geography import label, municipalities_in
from regionstudy.views.education.absent import absent
from regionstudy.views.education.attained import COUNTRY, either
from regionstudy.words import Words

if TYPE_CHECKING:
    from regionstudy.figures.shown import Note, StudyFigure, Table
    from regionstudy.study import Study

__all__ = ["graduates_table", "granted_rates", "vocational_table", "vocational_trend"]

_PLACES, _TOTAL = "yh_places", "total"
# In the order in which they tell most of the region.
_GRADUATES = ("movers_by_education", "yh_students", "degrees_by_university")
_MEASURE = "graduates"
_LISTED = 12


def granted_rates(study: Study) -> pd.DataFrame | None:
    """
    Divide granted places by inhabitants, in the region and the country.

    Parameters
    ----------
    study : Study
        The study.

    Returns
    -------
    DataFrame or None
        ``region`` (the study's region and "00"), ``period``, ``value`` (per 10,000) and
        ``status``, for the years that both have; None where there is none.
    """
    if _PLACES not in study.snapshot.indicators:
        return None
    rows = study.observations(_PLACES)
    provenance = rows.attrs.get("provenance", {})
    rows = rows[(rows["measure"] == "places_granted") & (rows["education"] == _TOTAL)]
    population = study.indicators("population")
    groups = {study.settings.region: list(study.region), COUNTRY: list(municipalities_in(COUNTRY))}
    counts, people = [], []
    for code, inside in groups.items():
        # A municipality has a row only where it applied, so that a sum runs over those that did.
        own = rows[rows["region"].isin(inside)].groupby("period", observed=True)["value"].sum()
        counts.append(pd.DataFrame({"region": code, "period": own.index, "value": own.to_numpy()}))
        sums = population[population["region"].isin(inside)].groupby("period")["value"]
        whole = sums.sum().where(sums.count() == len(inside))
        people.append(pd.DataFrame({"region": code, "period": whole.index, "value": whole.array}))
    frames = [pd.concat(one, ignore_index=True) for one in (counts, people)]
    frames = [one.astype({"period": str}) for one in frames]
    frames[0]["status"] = ""
    frames[1]["status"] = frames[1]["value"].isna().map({True: "..", False: ""})
    rates = rate_per(*frames, per=10_000)
    rates = rates[rates["value"].notna()]
    both = rates.groupby("period")["region"].nunique() == len(groups)
    rates = rates[rates["period"].map(both)].reset_index(drop=True)
    if rates.empty:
        return None
    rates.attrs["provenance"] = provenance | population.attrs.get("provenance", {})
    return rates


def vocational_trend(study: Study, **about: Any) -> StudyFigure | Note:
    """
    Draw granted places in higher vocational education per inhabitant, beside the country's.

    Parameters
    ----------
    study : Study
        The study.
    **about
        Passed on to `regionstudy.figures.charts.trend`.

    Returns
    -------
    StudyFigure or Note
        Two lines; or what is missing.
    """
    place = label(study.settings.region)
    rates = granted_rates(study)
    if rates is None or rates["period"].nunique() < 2:
        return note(text("missing.yh", place=place), tone="missing")
    # A round grants places for several starts: the mean of all says more than the last one.
    mean = rates.groupby("region")["value"].mean()
    told = {"place": place, "value": mean[study.settings.region], "country": mean[COUNTRY]}
    periods = rates["period"].unique()
    frame = rates.assign(name=rates["region"].map(label))
    options: dict[str, Any] = {
        "title": text("yh_trend_title", start=min(periods), end=max(periods), **told),
        "measure": measure("yh", "per_10000", periods),
        "notes": [text("note.yh_round"), text("yh_caption")],
        "id": "vocational-trend",
    }
    home = [study.settings.region]
    return charts.trend(frame, home=home, dashed=[COUNTRY], **(options | about))


def vocational_table(study: Study) -> Table | Note:
    """
    Show places in higher vocational education in the region by field.

    Parameters
    ----------
    study : Study
        The study.

    Returns
    -------
    Table or Note
        A row a field, most granted places first, of the newest year; or what is missing.
    """
    place = label(study.settings.region)
    nothing = note(text("missing.yh", place=place), tone="missing")
    if _PLACES not in study.snapshot.indicators:
        return nothing
    rows = study.observations(_PLACES)
    rows = rows[(rows["period"] == rows["period"].max()) & (rows["region"].str.len() == 4)]
    own = rows[rows["region"].isin(list(study.region))]
    if own.empty:
        return nothing
    period = str(rows["period"].iloc[0])
    # A municipality has a row only where it applied, so that a sum runs over those that did.
    granted, sought = (_by_field(own, one) for one in ("places_granted", "places_sought"))
    frame = pd.DataFrame({"sought": sought, "granted": granted})
    frame["country"] = _by_field(rows, "places_granted").reindex(frame.index)
    frame["share"] = 100 * frame["granted"] / frame["country"].where(frame["country"] > 0)
    whole = frame.loc[_TOTAL]
    frame = frame.sort_values("granted", ascending=False).rename_axis("field").reset_index()
    first = frame[frame["field"] != _TOTAL].iloc[0]
    frame["name"] = frame["field"].map(lambda one: capitalised(yh_field(str(one))))
    frame["period"] = period
    frame.attrs["provenance"] = rows.attrs.get("provenance", {})
    told = {
        "place": place,
        "granted": whole["granted"],
        "country": whole["country"],
        "period": period,
        "field": yh_field(str(first["field"])),
    }
    columns = [
        Column("name", text("column.field")),
        Column("sought", text("column.sought"), "number"),
        Column("granted", text("column.granted"), "number"),
        Column("share", text("column.granted_share"), "number", 1),
    ]
    return table(frame, columns=columns, title=text("yh_title", **told), caption=text("yh_caption"))


def graduates_table(study: Study) -> Table | Note:
    """
    Show graduates of the region by education, once a table of them has been fetched.

    Parameters
    ----------
    study : Study
        The study.

    Returns
    -------
    Table or Note
        A row an education, most graduates first, of the newest period; or what is missing.
    """
    code = study.settings.region
    for one in _GRADUATES:
        if one not in study.snapshot.indicators:
            continue
        rows = study.observations(one)
        if "measure" in rows.columns:
            rows = rows[rows["measure"] == _MEASURE]
        own = rows[rows["region"] == code]
        if own.empty or "education" not in rows.columns:
            continue
        period = str(own["period"].max())
        own = own[own["period"] == period].drop(columns="measure", errors="ignore")
        if "sex" in own.columns:
            own = either(own, "sex")
        frame = own[["education", "value", "status"]].astype({"education": str, "status": str})
        frame = frame.sort_values("value", ascending=False, ignore_index=True)
        parts = frame[frame["education"] != _TOTAL]
        if parts["value"].isna().all():
            continue
        whole = frame.loc[frame["education"] == _TOTAL, "value"]
        total = float(whole.iloc[0]) if len(whole) else float(parts["value"].sum(skipna=False))
        first = parts.iloc[0]
        listed = parts.head(_LISTED).reset_index(drop=True)
        listed["period"] = period
        listed.attrs["provenance"] = rows.attrs.get("provenance", {})
        field = Words(first["education"], first["education"])
        told = {"place": label(code), "period": period, "field": field, "value": first["value"]}
        known = pd.notna(total)
        title = text(
            "graduates_title" if known else "graduates_first",
            **told,
            **({"total": total} if known else {}),
        )
        columns = [
            Column("education", text("column.education")),
            Column("value", text("column.graduates"), "number"),
        ]
        caption = text("graduates_caption", shown=len(listed), n=len(parts))
        return table(listed, columns=columns, title=title, caption=caption)
    return absent(study, "graduates", _GRADUATES)


def _by_field(rows: pd.DataFrame, measured: str) -> pd.Series[float]:
    chosen = rows[rows["measure"] == measured]
    return chosen.groupby(chosen["education"].astype(str))["value"].sum(min_count=1)
