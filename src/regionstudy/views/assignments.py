"""The network's assignments in one picture: table, map, cards, themes, and job ads beside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from regionstudy.analysis import assignments as analysis
from regionstudy.figures import Column, Measure, answer, maps, note, table
from regionstudy.figures.assignment_cards import cards
from regionstudy.figures.assignment_words import (
    assignment_columns,
    how_many,
    text,
    where_sentence,
)
from regionstudy.figures.content import Source, as_text
from regionstudy.figures.values import joined
from regionstudy.geography import label, name
from regionstudy.members.occupations import occupation_labels
from regionstudy.views.assignment_rows import cluster_names

if TYPE_CHECKING:
    from collections.abc import Hashable

    from regionstudy.figures.assignment_cards import Cards
    from regionstudy.figures.shown import Answer, Note, StudyFigure, Table
    from regionstudy.study import Study
    from regionstudy.views.assignment_rows import OpenAssignments
    from regionstudy.words import Text

__all__ = [
    "ads_beside",
    "assignment_cards",
    "assignments_answer",
    "assignments_map",
    "assignments_table",
    "theme_table",
]

_ADS = "job_ads_open"
_PEOPLE = 10_000
# A title that names more than these is no finding.
_NAMED = 2


def assignments_answer(study: Study, found: OpenAssignments) -> Answer | Note:
    """
    Answer which assignments there are, and where.

    Parameters
    ----------
    study : Study
        The study.
    found : OpenAssignments
        From `open_assignments`.

    Returns
    -------
    Answer or Note
        How many, of how many organisations and when; where, and how many are remote.
    """
    if found.missing is not None:
        return note(found.missing, tone="missing")
    rows = found.of_members
    by_place = rows["place"].value_counts()
    most, n_most, _ = _largest(by_place)
    return answer(
        how_many(rows, day=found.day, place=label(study.settings.region)),
        where_sentence(rows, places=list(by_place.index), most=most, n_most=n_most),
        fictitious=bool(rows.attrs.get("fictitious")),
    )


def assignments_table(found: OpenAssignments) -> Table | Note:
    """
    List the assignments in a table that a reader of the page filters and sorts.

    Parameters
    ----------
    found : OpenAssignments
        From `open_assignments`.

    Returns
    -------
    Table or Note
        A row an assignment, what closes first first; or what is missing.
    """
    if found.missing is not None:
        return note(found.missing, tone="missing")
    rows = found.rows.sort_values(["closes", "title"], na_position="last", ignore_index=True)
    state = rows["state"].iloc[0]
    frame = rows.assign(
        cluster=rows["cluster_name"],
        occupation=rows["occupation_name"],
        competences=rows["competences"].str.replace(r"\s*;\s*", ", ", regex=True),
        remote=100 * rows["remote_share"],
        opens=_iso(rows["opens"]),
        closes=_iso(rows["closes"]),
        state=_worded(rows["state"], "state"),
        source=_worded(rows["source"], "source"),
    )
    said: list[Text] = [text("table.caption", day=found.day)]
    if found.expired:
        said.append(text("table.expired", expired=found.expired))
    if found.has_ads:
        said.append(text("table.ads", both=int((rows["source"] == "both").sum())))
    return table(
        frame,
        columns=assignment_columns(ads=found.has_ads, states=bool(rows["state"].ne(state).any())),
        title=text("table.title.one") if len(frame) == 1 else text("table.title", n=len(frame)),
        caption=joined(said),
        sources=[Source(text("source_line"))],
        filterable=True,
    )


def assignments_map(study: Study, found: OpenAssignments) -> StudyFigure | Note:
    """
    Show in which municipalities the assignments are.

    Parameters
    ----------
    study : Study
        The study.
    found : OpenAssignments
        From `open_assignments`.

    Returns
    -------
    StudyFigure or Note
        A circle a municipality by how many there are, its colour by how many a head.
    """
    if found.missing is not None:
        return note(found.missing, tone="missing")
    rows = found.of_members
    inside = rows[rows["municipality"].isin(list(study.region))]
    people = study.indicators("population")
    people = people[people["region"].isin(list(study.region))]
    newest = people[people["period"] == people["period"].max()].reset_index(drop=True)
    counts = inside["municipality"].value_counts()
    frame = newest.drop(columns="indicator").assign(
        value=newest["region"].map(counts).fillna(0) / newest["value"] * _PEOPLE
    )
    frame.attrs = {"provenance": people.attrs["provenance"], **_marks(rows)}
    points = counts.rename_axis("municipality").rename("headcount").reset_index()
    points["name"] = points["municipality"].map(name)
    outside = len(rows) - len(inside)
    notes = [text("map.few"), *([text("map.outside", n=outside)] if outside else [])]
    year = str(people["period"].max())
    return maps.choropleth(
        frame,
        regions=study.regions(),
        title=_most_of(inside["place"].value_counts(), "map.title", "most"),
        measure=Measure(
            text("map.measure"),
            unit=text("map.unit"),
            period=text("map.period", day=found.day, year=year),
        ),
        decimals=2,
        home=[study.home],
        extent="region",
        region_map=study.region,
        points=points if len(points) else None,
        points_title=text("map.points"),
        how_to_read=text("map.how"),
        notes=notes,
        sources=[Source(text("source_line"))],
        id="assignments-map",
    )


def assignment_cards(found: OpenAssignments) -> Cards | Note:
    """
    Show each assignment as a card; a build makes the public page of them.

    Parameters
    ----------
    found : OpenAssignments
        From `open_assignments`.

    Returns
    -------
    Cards or Note
        By theme; only what members have told of and approved.
    """
    if found.missing is not None:
        return note(found.missing, tone="missing")
    return cards(
        found.of_members,
        day=found.day,
        title=text("cards.title"),
        caption=text("cards.caption"),
        id="assignment-cards",
        sources=[Source(text("source_line"))],
    )


def theme_table(study: Study, found: OpenAssignments) -> Table | Note:
    """
    Count the assignments by theme and cluster.

    Parameters
    ----------
    study : Study
        The study.
    found : OpenAssignments
        From `open_assignments`.

    Returns
    -------
    Table or Note
        A row a theme, a column a cluster.
    """
    if found.missing is not None:
        return note(found.missing, tone="missing")
    rows = found.of_members
    pairs = analysis.counted_by(rows, ["theme", "cluster"])
    wide = pairs.pivot_table(
        index="theme", columns="cluster", values="assignments", aggfunc="sum", fill_value=0
    )
    frame = analysis.counted_by(rows, ["theme"])
    known = cluster_names(study)
    held = [str(one) for one in wide]
    order = [one for one in known if one in held] + [one for one in held if one not in known]
    called = {one: as_text(one) if one else text("no_cluster") for one in order} | known
    for one in order:
        frame[f"cluster-{one}"] = frame["theme"].map(wide[one]).astype("float64")
    unnamed = joined([text("no_theme")])
    themes = [as_text(one) if one else unnamed for one in frame["theme"]]
    frame["name"] = pd.Series(themes, index=frame.index, dtype=object)
    frame.attrs |= _marks(rows)
    return table(
        frame,
        columns=[
            Column("name", text("column.theme")),
            *(Column(f"cluster-{one}", called[one], "number") for one in order),
            Column("assignments", text("column.all"), "number"),
            Column("organisations", text("column.organisations"), "number"),
            Column("remote", text("column.fully_remote"), "number"),
        ],
        title=_most_of(frame.set_index("name")["assignments"], "themes.title", "theme"),
        caption=text("themes.caption", day=found.day),
        sources=[Source(text("source_line"))],
    )


def ads_beside(study: Study, found: OpenAssignments) -> Table | Note:
    """
    Set the number of open job ads beside the members' assignments, by occupation.

    Parameters
    ----------
    study : Study
        The study.
    found : OpenAssignments
        From `open_assignments`.

    Returns
    -------
    Table or Note
        A row an occupation; or the command that brings the counts.
    """
    if found.missing is not None:
        return note(found.missing, tone="missing")
    if _ADS not in study.snapshot.indicators:
        return note(text("ads.missing"), tone="missing")
    counted = study.observations(_ADS, regions=list(study.region))
    counted = counted[counted["period"] == counted["period"].max()]
    if counted.empty:
        return note(text("ads.missing"), tone="missing")
    rows = found.of_members
    frame = analysis.ads_by_occupation(rows, counted)
    if frame.empty:
        return note(text("ads.no_occupation"))
    names = occupation_labels()
    frame["name"] = [f"{code} {names.get(code, '')}".strip() for code in frame["occupation"]]
    frame["indicator"] = _ADS
    frame["period"] = str(counted["period"].max())
    frame.attrs = {"provenance": counted.attrs["provenance"], **_marks(rows)}
    return table(
        frame,
        columns=[
            Column("name", text("column.occupation")),
            Column("assignments", text("column.assignments"), "number"),
            Column("ads", text("column.ads"), "number"),
        ],
        title=text("ads.title"),
        caption=text("ads.caption"),
        sources=[Source(text("source_line"))],
        filterable=True,
    )


def _marks(rows: pd.DataFrame) -> dict[Hashable, Any]:
    """Give what a result says of the released rows that it rests on."""
    told = ("fictitious", "release", "measure")
    return {key: rows.attrs[key] for key in told if key in rows.attrs}


def _iso(days: pd.Series[Any]) -> pd.Series[str]:
    written: pd.Series[str] = days.dt.strftime("%Y-%m-%d").fillna("").astype("str")
    return written


def _worded(states: pd.Series[str], key: str) -> pd.Series[Any]:
    return pd.Series([text(f"{key}.{one}") for one in states], index=states.index, dtype=object)


def _largest(counts: pd.Series[int]) -> tuple[Text, int, int]:
    """Give what has most, how many that is, and how many share the place."""
    top = counts[counts == counts.max()]
    return text("listed", list=list(top.index)), int(top.iloc[0]), len(top)


def _most_of(counts: pd.Series[int], key: str, field: str) -> Text:
    if counts.empty:
        return text(f"{key}.nowhere")
    names, most, shared = _largest(counts)
    told: dict[str, Any] = {field: names, "n_most": most, "n": int(counts.sum())}
    if len(counts) == 1:
        return text(f"{key}.one", **told)
    if shared > _NAMED:
        return text(f"{key}.spread", shared=shared, **told)
    return text(f"{key}.shared" if shared > 1 else f"{key}.many", **told)
