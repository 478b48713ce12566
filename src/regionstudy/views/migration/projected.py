"""How many of which age there would be if cohorts went on changing as they did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from regionstudy.errors import DataError
from regionstudy.figures import charts, note
from regionstudy.figures.migration_captions import measure, notes, text
from regionstudy.geography import label

if TYPE_CHECKING:
    from regionstudy.figures.shown import Note, StudyFigure
    from regionstudy.study import Study
    from regionstudy.words import Message

__all__ = ["projected_ages"]

_OPEN_AGE = 90
_STEPS = 3
# A scenario that moves the total by less than this share is told, not drawn: no eye sees it.
_VISIBLE = 0.01
# The ages of return and first jobs, at the end of the years between the two counts.
_GOAL_AGES = (25, 34)
_BAND = 5


@dataclass(frozen=True, slots=True)
class _Goal:
    """
    Net migration at the ages of the goal, per 1,000 and year.

    Parameters
    ----------
    own, rate : float
        What it was, and what it is set to; NaN where unknown.
    whose : {"given", "median", "quarter"}
        Set by the caller, the peers' median, or the limit of their best quarter.
    """

    own: float
    rate: float
    whose: str


def projected_ages(
    study: Study,
    people: pd.DataFrame,
    *,
    population: pd.DataFrame | None = None,
    goal: float | None = None,
    **about: Any,
) -> StudyFigure | Note:
    """
    Project the region's population by age, as it is going and with a goal met.

    Cohort-change ratios (Hamilton and Perry) of the last two counts go on three times. The
    scenario sets net migration at 25-34 to the goal, spread evenly over these ages and both
    sexes; children follow, as the ratio of children to women stays.

    Parameters
    ----------
    study : Study
        The study.
    people : DataFrame
        Population by sex and single age of all municipalities in two years or more: the last
        two are used.
    population : DataFrame, optional
        Totals by year, to hold the projection against what has come since.
    goal : float, optional
        Net migration per 1,000 and year at 25-34; without it, the median of the peers, or
        where the region is there already the limit of their best quarter.
    **about
        Passed on to `regionstudy.figures.charts.age_profile`.

    Returns
    -------
    StudyFigure or Note
        The change in each age group, with the scenario as a dashed line where it can be
        seen; a line where figures are missing.
    """
    from regionstudy.analysis import projection
    from regionstudy.analysis.migration import sum_regions

    here = study.settings.region
    # Of all municipalities only these are asked about: a tenth of the rows.
    people = people[people["region"].isin([*study.region, *study.peers.others])]
    years = sorted(people["period"].astype(str).unique())[-2:]
    ours = people[people["region"].isin(study.region) & people["sex"].isin(["1", "2"])]
    inside = sum_regions(ours, groups={here: list(study.region)})
    before, after = (inside[inside["period"].astype(str) == year] for year in years)
    set_to = _goal(study, people, years, goal)
    try:
        ratios = projection.cohort_change_ratios(before, after, open_age=_OPEN_AGE)
        going = projection.project_by_ratios(after, ratios, steps=_STEPS)
        meeting = None
        if set_to.rate > set_to.own:
            lifted = _lift(ratios, before, after, rate=set_to.rate)
            meeting = projection.project_by_ratios(after, lifted, steps=_STEPS)
    except DataError:
        return note(text("projected_none", place=label(here)), tone="missing")
    totals = going.groupby("period")["value"].sum()
    frame = _by_band(going).rename("value").to_frame()
    size = totals.iloc[-1]
    drawn = meeting is not None and _total(meeting, str(totals.index[-1])) > (1 + _VISIBLE) * size
    if meeting is not None and drawn:
        frame["compare"] = _by_band(meeting)
    frame = frame.rename_axis("age").reset_index()
    first, last = years[-1], str(totals.index[-1])
    since = _since(totals, population, study)
    sources = [people] if since is None or population is None else [people, population]
    frame.attrs["provenance"] = {
        key: entry for part in sources for key, entry in part.attrs.get("provenance", {}).items()
    }
    told = [_scenario(set_to, size, meeting, here, last), since]
    options: dict[str, Any] = {
        "title": text(
            "projected_title",
            place=label(here),
            begun=years[0],
            first=first,
            last=last,
            size=_rounded(size),
            change=_rounded(abs(size - totals.iloc[0])),
            word=text("more" if size >= totals.iloc[0] else "fewer"),
        ),
        "paragraphs": [one for one in told if one is not None],
        "measure": measure("projected", [first, last]),
        "decimals": 0,
        "compare": text("compare.goal") if drawn else None,
        "how_to_read": text("how.projected_goal" if drawn else "how.projected"),
        "notes": notes(also=["projection_no_forecast", "ratios_together", "month_not_stated"]),
        "id": "projected-ages",
    }
    return charts.age_profile(frame, **(options | about))


def _goal(study: Study, people: pd.DataFrame, years: list[str], goal: float | None) -> _Goal:
    """Take the goal as it is given, else from the peers; and what the region has itself."""
    from regionstudy.analysis.migration import age_schedule

    here = study.settings.region
    both = people[people["sex"] == "total"]
    halves = [both[both["period"].astype(str) == year] for year in years]
    band = {"goal": _GOAL_AGES}
    # A region that is one municipality has its rows already.
    groups = {} if here in study.region else {here: list(study.region)}
    rates = age_schedule(*halves, groups=groups, bands=band)
    by_region = rates.set_index("region")["rate_per_1000_year"]
    own, peers = float(by_region[here]), by_region.reindex(list(study.peers.others))
    if goal is not None:
        return _Goal(own, goal, "given")
    median, quarter = (float(peers.quantile(share)) for share in (0.5, 0.75))
    return _Goal(own, quarter, "quarter") if own >= median else _Goal(own, median, "median")


def _lift(
    ratios: pd.DataFrame, before: pd.DataFrame, after: pd.DataFrame, *, rate: float
) -> pd.DataFrame:
    """Raise the ratios at the goal's ages until their net migration is `rate`."""
    from regionstudy.analysis.projection import with_goal

    low, high = _GOAL_AGES
    span = int(ratios["years"].iloc[0])
    counts = [
        frame.assign(age=pd.to_numeric(frame["age"], errors="coerce"))
        .dropna(subset=["age"])
        .set_index(["sex", "age"])["value"]
        for frame in (before, after)
    ]
    # By the age at the end of the years between the counts.
    begun = counts[0].rename(lambda age: age + span, level="age")
    ages = [float(age) for age in range(low, high + 1)]
    cells = pd.MultiIndex.from_product([["1", "2"], ages], names=["sex", "age"])
    start, end = begun.reindex(cells), counts[1].reindex(cells)
    moves = (end - start).rename("value").reset_index()
    moves["age"] = moves["age"].astype(int).astype(str)
    # The rate's mean population holds the arrivals too: solve N = r n (2 S + N) / 2000 for N.
    yearly = rate * span / 1000
    net = yearly * float(start.sum()) / (1 - yearly / 2)
    reached = with_goal(moves, net=net, low=low, high=high)
    added = (reached["value"] - moves["value"]).to_numpy() / start.to_numpy()
    lift = moves[["sex", "age"]].assign(added=added)
    result = ratios.astype({"sex": str, "age": str}).merge(
        lift, on=["sex", "age"], how="left", validate="one_to_one"
    )
    # Other ages have no goal, and stay.
    result["ratio"] += result["added"].fillna(0.0)
    return result.drop(columns="added")


def _by_band(projected: pd.DataFrame) -> pd.Series[float]:
    """Give each age group's change from the first year to the last."""
    ages = projected["age"].astype(str)
    low = (ages.str.removesuffix("+").astype(int) // _BAND) * _BAND
    by_year = projected.assign(low=low).pivot_table(
        index="low", columns="period", values="value", aggfunc="sum"
    )
    change = by_year.iloc[:, -1] - by_year.iloc[:, 0]
    names = [f"{age}+" if age == _OPEN_AGE else f"{age}–{age + _BAND - 1}" for age in change.index]
    return change.set_axis(np.array(names))


def _scenario(
    goal: _Goal, size: float, meeting: pd.DataFrame | None, region: str, last: str
) -> Message | None:
    if np.isnan(goal.rate):
        return None
    told: dict[str, Any] = {
        "place": label(region),
        "own": goal.own,
        "goal": goal.rate,
        "ages": "–".join(map(str, _GOAL_AGES)),
        "whose": text(f"goal_{goal.whose}"),
        "last": last,
    }
    if meeting is None:
        return text("goal_met", **told)
    met = _total(meeting, last)
    return text("goal_more", **told, size=_rounded(met), more=_rounded(met - size))


def _total(projected: pd.DataFrame, period: str) -> float:
    return float(projected.loc[projected["period"] == period, "value"].sum())


def _rounded(persons: float) -> float:
    """Round to two digits where a projection knows no more, but never finer than tens."""
    return round(persons, -2 if abs(persons) >= 1000 else -1)


def _since(
    totals: pd.Series[float], population: pd.DataFrame | None, study: Study
) -> Message | None:
    """Hold the first step against the newest count, where one is between the two."""
    if population is None:
        return None
    own = population[population["region"].isin(study.region)]
    newest = str(own["period"].astype(str).max())
    if not str(totals.index[0]) < newest <= str(totals.index[1]):
        return None
    counted = own[own["period"].astype(str) == newest]["value"].sum(skipna=False)
    if np.isnan(counted):
        return None
    told = {
        "newest": newest,
        "step": str(totals.index[1]),
        "projected": _rounded(totals.iloc[1]),
    }
    return text("projected_since", counted=counted, **told)
