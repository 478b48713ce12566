"""What would be left of those who were 18, at later ages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from regionstudy.errors import DataError
from regionstudy.figures import charts, note
from regionstudy.figures.migration_captions import measure, notes, text
from regionstudy.geography import label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from regionstudy.figures.shown import Note, StudyFigure
    from regionstudy.study import Study
    from regionstudy.words import Message

__all__ = ["remaining_chart"]


def remaining_chart(
    study: Study,
    people: pd.DataFrame,
    *,
    from_age: int = 18,
    ages: Sequence[int] = (25, 30, 40),
    **about: Any,
) -> StudyFigure | Note:
    """
    Draw how large a cohort would be at each age, against its size at 18.

    Parameters
    ----------
    study : Study
        The study.
    people : DataFrame
        Population by single age, both sexes together, of all municipalities in two years
        or more: the last two are used.
    from_age : int, default 18
        The age that sizes are compared with.
    ages : sequence of int, default (25, 30, 40)
        The ages that the title reads; the last is where the curve ends.
    **about
        Passed on to `regionstudy.figures.charts.age_profile`.

    Returns
    -------
    StudyFigure or Note
        The curve of the region, with the country's as a dashed line.
    """
    from regionstudy.analysis import migration

    here = study.settings.region
    groups = {here: list(study.region), "00": sorted(people["region"].unique())}
    years = sorted(people["period"].astype(str).unique())[-2:]
    # A ratio at the last age is of all that passed it between the years; older ones, half of
    # the rows, are not asked about.
    oldest = max(ages) + int(years[-1]) - int(years[0])
    young = people["age"].isin([str(age) for age in range(oldest + 1)])
    summed = migration.sum_regions(people[young], groups=groups)
    try:
        curve = migration.synthetic_cohort(summed, from_age=from_age, to_age=max(ages))
    except DataError:
        return note(text("remaining_none", place=label(here)), tone="missing")
    read = migration.remaining_at(curve, ages=ages)
    own = read[read["region"] == here]
    if own["share"].isna().any():
        return note(text("remaining_none", place=label(here)), tone="missing")
    curve["value"] = 100 * (curve["share"] - 1)
    wide = curve.pivot_table(index="age", columns="region", values="value")
    wide = wide.rename(columns={here: "value", "00": "compare"}).reset_index()
    wide.attrs = curve.attrs
    options: dict[str, Any] = {
        "title": _title(own, here, from_age, years),
        "paragraphs": [_turn(migration.turning_points(curve), here, from_age)],
        "measure": measure("remaining", years, from_age=str(from_age)),
        "compare": text("compare.country"),
        "how_to_read": text("how.remaining", from_age=str(from_age)),
        "notes": notes(curve, also=["month_not_stated", "smoothed_over_years"]),
        "id": "remaining",
    }
    return charts.age_profile(wide, **(options | about))


def _title(own: pd.DataFrame, region: str, from_age: int, years: Sequence[str]) -> Message:
    parts = [
        text("remaining_at", age=str(row["age"]), size=100 * row["share"])
        for _, row in own.iterrows()
    ]
    told = {"place": label(region), "from_age": str(from_age), "parts": parts}
    return text("remaining_title", first=years[0], last=years[1], **told)


def _turn(turning: pd.DataFrame, region: str, from_age: int) -> Message:
    rows = turning.set_index("region")
    own, country = (rows.loc[code] for code in (region, "00"))
    if pd.isna(own["turns_at"]):
        return text("remaining_no_turn", place=label(region))
    told = {"place": label(region), "age": str(int(own["turns_at"]))}
    if pd.isna(country["turns_at"]):
        return text("remaining_turn", **told)
    if country["turns_at"] == from_age:
        return text("remaining_turn_growing", **told, from_age=str(from_age))
    return text("remaining_turn_country", **told, country=str(int(country["turns_at"])))
