"""Where people work: commuting out and in, and jobs less employed residents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from regionstudy.analysis.clusters import commuting_balance
from regionstudy.figures import charts, cluster_words, note
from regionstudy.figures.cluster_captions import capitalised, industry, measure, text
from regionstudy.geography import label
from regionstudy.views.indicator import indicator_map, indicator_rows
from regionstudy.views.jobs import TOTAL, UNKNOWN, absent, job_notes

if TYPE_CHECKING:
    from regionstudy.figures.shown import Note, StudyFigure
    from regionstudy.study import Study
    from regionstudy.views.jobs import RegionalJobs

__all__ = ["balance_chart", "commuting_maps"]

_MAPS = {"out_commuter_share": "out_title", "in_commuters_per_1000": "in_title"}


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
