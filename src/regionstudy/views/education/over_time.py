"""How the level of education has changed: at home beside its peers, and age by age."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from regionstudy.analysis.trends import change_between, compare_with
from regionstudy.figures import charts, education_words, note
from regionstudy.figures.education_words import measure, text
from regionstudy.geography import label
from regionstudy.views.indicator import measure_of

if TYPE_CHECKING:
    from regionstudy.figures.shown import Note, StudyFigure
    from regionstudy.study import Study
    from regionstudy.views.education.attained import Attained

__all__ = ["beside_peers", "education_change", "education_trend", "home_trend"]

_SHARE = "post_secondary_share"


def beside_peers(study: Study, indicator: str) -> pd.DataFrame | None:
    """
    Set the home's series beside its peers' median.

    Parameters
    ----------
    study : Study
        The study.
    indicator : str
        A catalogue id.

    Returns
    -------
    DataFrame or None
        ``period``, ``value``, ``value_median``, ``peers`` and ``status`` in order of time, for
        years in which both are known; None where those are fewer than two.
    """
    rates = study.indicators(indicator)
    if study.home not in set(rates["region"]):
        return None
    rates = rates[["region", "period", "value", "status"]]
    found = compare_with(rates, list(study.peers.others), home=study.home)
    found = found[found["value"].notna() & found["median"].notna()].sort_values("period")
    if len(found) < 2:
        return None
    found = found.rename(columns={"median": "value_median"}).reset_index(drop=True)
    return found[["period", "value", "value_median", "peers", "status"]]


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
    options = {"id": "education-trend", **about}
    shown = home_trend(study, _SHARE, title="share_title", **options)
    if shown is None:
        return note(text("missing.education_share", place=label(study.home)), tone="missing")
    return shown


def home_trend(study: Study, indicator: str, *, title: str, **about: Any) -> StudyFigure | None:
    """
    Draw the home's series beside its peers' median.

    Parameters
    ----------
    study : Study
        The study.
    indicator : str
        A catalogue id.
    title : str
        The rest of the title's id after ``education.``; its fields are ``place``, ``value``,
        ``start``, ``end``, ``change``, ``median`` and ``median_change``.
    **about
        Passed on to `regionstudy.figures.charts.trend`.

    Returns
    -------
    StudyFigure or None
        Two lines; None where fewer than two years are known of both.
    """
    lines = beside_peers(study, indicator)
    if lines is None:
        return None
    entry = study.catalogue[indicator]
    first, last = lines.iloc[0], lines.iloc[-1]
    told = {
        "place": label(study.home),
        "value": last["value"],
        "start": first["period"],
        "end": last["period"],
        "change": last["value"] - first["value"],
        "median": last["value_median"],
        "median_change": last["value_median"] - first["value_median"],
    }
    own = lines[["period", "value", "status"]].assign(region=study.home)
    middle = lines[["period"]].assign(region="median", value=lines["value_median"], status="")
    frame = pd.concat([own, middle], ignore_index=True)
    frame["name"] = frame["region"].map({study.home: label(study.home), "median": text("median")})
    frame.attrs["provenance"] = study.indicators(indicator).attrs["provenance"]
    options: dict[str, Any] = {
        "title": text(title, **told),
        "measure": measure_of(entry, own["period"]),
        "notes": [entry.description, study.peers.explanation],
        "id": indicator.replace("_", "-"),
        "decimals": entry.decimals,
    }
    return charts.trend(frame, home=[study.home], dashed=["median"], **(options | about))


def education_change(learnt: Attained, **about: Any) -> StudyFigure | Note:
    """
    Draw how long post-secondary education has changed by age, from the oldest to the newest year.

    Parameters
    ----------
    learnt : Attained
        From `regionstudy.views.attained`.
    **about
        Passed on to `regionstudy.figures.charts.age_profile`.

    Returns
    -------
    StudyFigure or Note
        A bar an age, in percentage points; or what is missing.
    """
    history = learnt.history
    known = history[history["share"].notna()] if len(history) else history
    periods = sorted(known["period"].unique()) if len(known) else []
    if len(periods) < 2:
        return note(text("missing.history", place=learnt.place), tone="missing")
    start, end = str(periods[0]), str(periods[-1])
    changes = change_between(
        known.rename(columns={"share": "value"})[["region", "period", "age", "value", "status"]],
        start=start,
        end=end,
        measure="difference",
    )
    changes = changes[changes["change"].notna()].sort_values("age", ignore_index=True)
    if changes.empty:
        return note(text("missing.history", place=learnt.place), tone="missing")
    frame = changes.rename(columns={"change": "value"})[["age", "value", "start", "end", "status"]]
    frame["age"] = frame["age"].str.replace("-", "–")
    frame.attrs = dict(history.attrs)
    told = {"start": start, "end": end}
    options: dict[str, Any] = {
        "title": education_words.change_title(frame, place=learnt.place, **told),
        "measure": measure("change", "points", [start, end], place=learnt.place),
        "how_to_read": text("how.change", **told),
        "notes": [text("note.unknown_level"), text("note.change")],
        "id": "education-change",
    }
    return charts.age_profile(frame, **(options | about))
