"""Whether jobs match education: the region beside the country, level by level."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from regionstudy.analysis.education import beside
from regionstudy.figures import charts
from regionstudy.figures.education_words import measure, text
from regionstudy.geography import label
from regionstudy.views.education.absent import absent
from regionstudy.views.education.attained import COUNTRY
from regionstudy.words import Words

if TYPE_CHECKING:
    from regionstudy.figures.shown import Note, StudyFigure
    from regionstudy.study import Study

__all__ = ["match_chart"]

_MATCHED = "matched_employment"
_TOTAL = "total"


def match_chart(study: Study, **about: Any) -> StudyFigure | Note:
    """
    Draw how the share whose job matches their education differs from the country's.

    Parameters
    ----------
    study : Study
        The study.
    **about
        Passed on to `regionstudy.figures.charts.ranking`.

    Returns
    -------
    StudyFigure or Note
        A row a level of education; or what is missing.
    """
    if _MATCHED not in study.snapshot.indicators:
        return absent(study, "match", [_MATCHED])
    code = study.settings.region
    rows = study.observations(_MATCHED)
    provenance = rows.attrs.get("provenance", {})
    rows = rows[rows["region"].isin([code, COUNTRY])]
    by = ["education"] if "education" in rows.columns else []
    rows = rows[["region", "period", *by, "value", "status"]].astype({"status": str})
    held = rows[rows["value"].notna()].groupby("period")["region"].nunique()
    both = held.index[held == 2]
    if not len(both):
        return absent(study, "match", [_MATCHED])
    period = str(both.max())
    found = beside(rows[rows["period"] == period], reference=COUNTRY, by=by)
    if "education" not in found.columns:
        found["education"] = _TOTAL
    levels = found["education"].astype(str)
    frame = pd.DataFrame(
        {
            "region": levels,
            "name": [text("all_levels") if one == _TOTAL else Words(one, one) for one in levels],
            "value": found["gap"],
            "status": found["status"].astype(str),
            "period": period,
        }
    )
    frame.attrs["provenance"] = provenance
    known = found[found["gap"].notna()]
    if known.empty:
        return absent(study, "match", [_MATCHED])
    widest = known.assign(size=known["gap"].abs()).sort_values("size", kind="stable").iloc[-1]
    level = str(widest["education"])
    told = {
        "place": label(code),
        "level": text("all_levels") if level == _TOTAL else Words(level, level),
        "value": widest["value"],
        "country": widest["reference"],
    }
    options: dict[str, Any] = {
        "title": text("match_title", **told),
        "measure": measure("match", "points", [period], place=label(code)),
        "how_to_read": text("how.match"),
        "notes": [study.catalogue[_MATCHED].description],
        "id": "education-match",
    }
    return charts.ranking(frame, signed=True, **(options | about))
