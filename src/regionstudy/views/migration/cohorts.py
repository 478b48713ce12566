"""How birth cohorts of the region have grown and shrunk through their twenties."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from regionstudy.figures import charts, note
from regionstudy.figures.migration_captions import measure, notes, text
from regionstudy.figures.migration_words import cohorts_title
from regionstudy.geography import label

if TYPE_CHECKING:
    import pandas as pd

    from regionstudy.figures.shown import Note, StudyFigure
    from regionstudy.study import Study

__all__ = ["cohort_chart"]


def cohort_chart(
    study: Study, people: pd.DataFrame, *, from_age: int = 20, to_age: int = 30, **about: Any
) -> StudyFigure | Note:
    """
    Draw the size of the region's cohorts at each age, against their size at the first.

    Parameters
    ----------
    study : Study
        The study.
    people : DataFrame
        Population of municipalities by year and single age, both sexes together.
    from_age, to_age : int, default 20 and 30
        First and last age.
    **about
        Passed on to `regionstudy.figures.charts.age_profile`.

    Returns
    -------
    StudyFigure or Note
        Cohorts that are followed all the way, together, with those of the peers as a dashed
        line; a line where a municipality of the region lacks figures, as one formed later does.
    """
    from regionstudy.analysis import migration

    here = study.settings.region
    groups = {here: list(study.region), "peers": list(study.peers.others)}
    summed = migration.sum_regions(people, groups=groups)
    survivors = migration.cohort_survivors(summed, from_age=from_age, to_age=to_age)
    curve = migration.cohort_curve(survivors)
    title = cohorts_title(migration.turning_points(curve), region=here, from_age=from_age)
    curve["value"] = 100 * (curve["share"] - 1)
    if curve.loc[curve["region"] == here, "value"].isna().any():
        return note(text("cohorts_missing", place=label(here)), tone="missing")
    sizes = curve.pivot_table(index="age", columns="region", values="value")
    sizes = sizes.rename(columns={here: "value", "peers": "compare"}).reset_index()
    sizes.attrs = curve.attrs
    options: dict[str, Any] = {
        "title": title,
        "measure": measure("cohort_change", survivors["period"]),
        "compare": text("compare.peers"),
        "how_to_read": text("how.cohort"),
        "notes": notes(curve),
        "id": "cohorts",
    }
    return charts.age_profile(sizes, **(options | about))
