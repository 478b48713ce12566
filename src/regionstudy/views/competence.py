"""Where people work and what they have learnt: commuting, education, vocational places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from regionstudy.analysis.clusters import commuting_balance
from regionstudy.analysis.migration import sum_regions
from regionstudy.figures import charts, cluster_words, note, table
from regionstudy.figures.cluster_captions import capitalised, industry, measure, text, yh_field
from regionstudy.figures.content import Column
from regionstudy.geography import label, municipalities_in
from regionstudy.views.indicator import indicator_map, indicator_rows, measure_of
from regionstudy.views.jobs import TOTAL, UNKNOWN, absent, job_notes

if TYPE_CHECKING:
    from regionstudy.figures.shown import Note, StudyFigure, Table
    from regionstudy.study import Study
    from regionstudy.views.jobs import RegionalJobs

__all__ = [
    "balance_chart",
    "commuting_maps",
    "education_chart",
    "education_trend",
    "vocational_table",
]

_MAPS = {"out_commuter_share": "out_title", "in_commuters_per_1000": "in_title"}
_LONG = ("eftergymnasial utbildning, 3 år eller mer", "forskarutbildning")
_AGES = "education_level_16_95"
_SHARE = "post_secondary_share"
_PLACES = "yh_places"


def balance_chart(study: Study, jobs: RegionalJobs, **about: Any) -> StudyFigure | Note:
    """
    Draw jobs less employed residents, industry by industry.

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
        A row an industry; or what is missing.
    """
    if not jobs.found:
        return absent(jobs, "balance")
    sides = [
        frame[(frame["region"] == jobs.region) & (frame["period"] == jobs.end)]
        for frame in (jobs.jobs, jobs.residents)
    ]
    if sides[1].empty:
        return note(text("missing.residents", place=jobs.place), tone="missing")
    found = commuting_balance(*(side.drop(columns="indicator", errors="ignore") for side in sides))
    parts = found[~found["industry"].isin([TOTAL, UNKNOWN])]
    whole = found.loc[found["industry"] == TOTAL, "balance"]
    total = float(whole.iloc[0]) if len(whole) else float(parts["balance"].sum(skipna=False))
    frame = pd.DataFrame(
        {
            "region": parts["industry"],
            "name": [capitalised(industry(str(code))) for code in parts["industry"]],
            "value": parts["balance"],
            "status": parts["status"].astype(str),
        }
    )
    provenance = [side.attrs.get("provenance", {}) for side in (jobs.jobs, jobs.residents)]
    frame = jobs.sourced(frame, jobs.end)
    frame.attrs["provenance"] = provenance[0] | provenance[1]
    options: dict[str, Any] = {
        "title": cluster_words.balance_title(total, place=jobs.place, period=jobs.end),
        "measure": measure("balance", "persons", [jobs.end], place=jobs.place),
        "how_to_read": text("how.balance"),
        "notes": [text("note.balance"), *job_notes(study, jobs)],
        "id": "balance",
    }
    return charts.ranking(frame, decimals=0, signed=True, **(options | about))


def commuting_maps(study: Study) -> list[StudyFigure | Note]:
    """
    Draw who works elsewhere and who comes to work, municipality by municipality.

    Parameters
    ----------
    study : Study
        The study.

    Returns
    -------
    list of StudyFigure or Note
        A map each of out- and in-commuting; or what is missing.
    """
    shown: list[StudyFigure | Note] = []
    for one, title in _MAPS.items():
        if one not in study.snapshot.indicators:
            shown.append(note(text("missing.commuting"), tone="missing"))
            continue
        rows = indicator_rows(study, one).set_index("region")
        others = rows["value"].reindex(list(study.peers.others)).dropna()
        value = float(rows["value"].get(study.home, float("nan")))
        told = {
            "place": label(study.home),
            "value": value,
            "median": others.median(),
            "n": len(others),
            "period": str(rows["period"].iloc[0]),
        }
        known = pd.notna(value) and len(others) > 0
        about: dict[str, Any] = {"title": text(title, **told)} if known else {}
        shown.append(indicator_map(study, one, **about))
    return shown


def education_chart(study: Study, **about: Any) -> StudyFigure | Note:
    """
    Draw long post-secondary education by age, beside the country's.

    Parameters
    ----------
    study : Study
        The study.
    **about
        Passed on to `regionstudy.figures.charts.age_profile`.

    Returns
    -------
    StudyFigure or Note
        The newest year with figures of every municipality; or what is missing.
    """
    place = label(study.settings.region)
    if _AGES not in study.snapshot.indicators:
        return note(text("missing.education", place=place), tone="missing")
    rows = study.observations(_AGES)
    rows = _either(rows[rows["age"] != TOTAL], "sex")
    everyone = set(municipalities_in("00"))
    held = rows[rows["region"].isin(everyone)].groupby("period", observed=True)["region"].nunique()
    complete = held.index[held == len(everyone)]
    if not len(complete):
        return note(text("missing.education", place=place), tone="missing")
    period = str(complete.max())
    rows = rows[(rows["period"] == period) & rows["region"].isin(everyone)]
    # Those of working age: the youngest have had no time for it, the oldest were taught otherwise.
    spans = rows["age"].astype(str).str.extract(r"^(\d+)-(\d+)$").astype(float)
    working = (spans[1] - spans[0]).between(4, 9) & (spans[0] >= 20) & (spans[1] <= 74)
    groups = {"own": list(study.region), "country": sorted(everyone)}
    sums = sum_regions(rows[working], groups=groups)
    sums = sums.astype({"age": str, "education": str})
    keys = ["region", "age"]
    long = _summed(sums[sums["education"].isin(_LONG)], keys)
    share = 100 * long / _summed(_either(sums, "education"), keys)
    frame = share.unstack("region").reset_index()  # noqa: PD010 - keys are unique
    frame = frame.rename(columns={"own": "value", "country": "compare"})
    frame["age"] = frame["age"].astype(str).str.replace("-", "–")
    frame = frame.sort_values("age", ignore_index=True)
    if frame[["value", "compare"]].isna().any(axis=1).all():
        return note(text("missing.education", place=place), tone="missing")
    frame["period"] = period
    frame.attrs["provenance"] = rows.attrs.get("provenance", {})
    options: dict[str, Any] = {
        "title": cluster_words.education_title(frame, place=place),
        "measure": measure("education", "percent", [period]),
        "compare": text("compare.country"),
        "how_to_read": text("how.education"),
        "notes": [text("note.unknown_level")],
        "id": "education-ages",
        "decimals": 0,
        "signed": False,
    }
    return charts.age_profile(frame, **(options | about))


def education_trend(study: Study, **about: Any) -> StudyFigure | Note:
    """
    Draw the share with post-secondary education in the home, beside its peers' median.

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
    place = label(study.home)
    if _SHARE not in study.snapshot.indicators:
        return note(text("missing.education_share", place=place), tone="missing")
    entry = study.catalogue[_SHARE]
    rates = study.indicators(_SHARE)
    own = rates[(rates["region"] == study.home) & rates["value"].notna()].sort_values("period")
    among = rates[rates["region"].isin(list(study.peers.others))]
    median = among.groupby("period", as_index=False)["value"].median()
    lines = own.merge(median, on="period", suffixes=("", "_median"), validate="one_to_one")
    if lines["period"].nunique() < 2:
        return note(text("missing.education_share", place=place), tone="missing")
    first, last = lines.iloc[0], lines.iloc[-1]
    told = {
        "place": place,
        "value": last["value"],
        "start": first["period"],
        "end": last["period"],
        "change": last["value"] - first["value"],
        "median_change": last["value_median"] - first["value_median"],
    }
    middle = median.assign(region="median", status="")
    frame = pd.concat([own[["region", "period", "value", "status"]], middle], ignore_index=True)
    frame["name"] = frame["region"].map({study.home: place, "median": text("median")})
    frame.attrs["provenance"] = rates.attrs["provenance"]
    options: dict[str, Any] = {
        "title": text("share_title", **told),
        "measure": measure_of(entry, own["period"]),
        "notes": [entry.description],
        "id": "education-trend",
        "decimals": entry.decimals,
    }
    return charts.trend(frame, home=[study.home], dashed=["median"], **(options | about))


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
    whole = frame.loc[TOTAL]
    frame = frame.sort_values("granted", ascending=False).rename_axis("field").reset_index()
    first = frame[frame["field"] != TOTAL].iloc[0]
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


def _either(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    """Keep the totals of a breakdown, or all its parts where no total is published."""
    total = rows[column] == TOTAL
    return rows[total] if total.any() else rows


def _summed(rows: pd.DataFrame, keys: list[str]) -> pd.Series[float]:
    """Add up; a sum over a missing part is missing."""
    sums = rows.groupby(keys)["value"]
    return sums.sum().where(sums.count() == sums.size())


def _by_field(rows: pd.DataFrame, measured: str) -> pd.Series[float]:
    chosen = rows[rows["measure"] == measured]
    return chosen.groupby(chosen["education"].astype(str))["value"].sum(min_count=1)
