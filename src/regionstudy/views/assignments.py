"""The network's assignments in one picture: table, map, cards, themes, and job ads beside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from regionstudy.analysis import assignments as analysis
from regionstudy.cluster_definitions import read_clusters
from regionstudy.errors import ConfigError
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
from regionstudy.geography import label, name, parent
from regionstudy.members.occupations import occupation_labels
from regionstudy.words import Words

if TYPE_CHECKING:
    import datetime as dt

    from regionstudy.figures.assignment_cards import Cards
    from regionstudy.figures.shown import Answer, Note, StudyFigure, Table
    from regionstudy.study import Study
    from regionstudy.words import Text

__all__ = [
    "OpenAssignments",
    "ads_beside",
    "assignment_cards",
    "assignments_answer",
    "assignments_map",
    "assignments_table",
    "open_assignments",
    "theme_table",
]

_RELEASE, _FACTS = "public_assignments", "assignment_organisations"
_ADS = "job_ads_open"
_PEOPLE = 10_000
# A title that names more than these is no finding.
_NAMED = 2
# Controls, and marks of direction with which a text can be made to look like another.
_UNSEEN = r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"
_TEXTS = ("title", "theme", "occupation", "competences", "municipality", "url")


@dataclass(frozen=True, slots=True)
class OpenAssignments:
    """
    The assignments that may be shown and can be sought on a day.

    Parameters
    ----------
    rows : DataFrame
        A row an assignment: the released columns, ``state``, ``organisation``, ``cluster``,
        ``cluster_name``, ``place``, ``county``, ``occupation_name`` and ``source`` ("member",
        "both" or "ad").
    day : str
        The ISO day looked from.
    expired : int
        How many closed before it.
    missing : Text or None
        Why there are none, where there are none.
    """

    rows: pd.DataFrame
    day: str
    expired: int
    missing: Text | None = None

    @property
    def of_members(self) -> pd.DataFrame:
        """The rows that a member has told of."""
        return self.rows[self.rows["source"] != "ad"]

    @property
    def has_ads(self) -> bool:
        """Whether job ads are among them."""
        return bool((self.rows["source"] != "member").any())


def open_assignments(
    study: Study, *, day: dt.date | str | None = None, ads: pd.DataFrame | None = None
) -> OpenAssignments:
    """
    Gather the members' assignments, and job ads where some are given.

    Parameters
    ----------
    study : Study
        The study.
    day : date or str, optional
        The day looked from; without it the day the snapshot was taken, so that the same
        study gives the same page.
    ads : DataFrame, optional
        Job ads, such as ``JobTech().search(regions=study.region)`` gives them; those that are
        a member's assignment are merged with it. They reach tables, never the public page.

    Returns
    -------
    OpenAssignments
        What may be shown, without what has closed.

    Raises
    ------
    DataError
        If `day` is no day, or an assignment closes before it opens.
    """
    day = study.snapshot.retrieved.isoformat() if day is None else str(day)
    if study.members is None:
        return _nothing(day, text("missing.members"))
    try:
        released = study.members.release(_RELEASE)
        facts = study.members.release(_FACTS)
    except ConfigError:
        return _nothing(day, text("missing.release", name=f"{_RELEASE}, {_FACTS}"))
    told = facts[["org_id", "name", "org_number", "cluster"]].rename(
        columns={"name": "organisation"}
    )
    rows = released.merge(told, on="org_id", how="left", validate="many_to_one")
    rows.attrs = dict(released.attrs)
    rows = analysis.on_day(rows, day=day)
    about, day = dict(rows.attrs), str(rows.attrs["day"])
    if ads is None:
        rows = rows.assign(source="member", employer="")
    else:
        rows = analysis.merged(rows, ads)
        rows["organisation"] = rows["organisation"].fillna(rows["employer"])
        # An ad is found among those that are open.
        rows["state"] = rows["state"].fillna("open")
    rows = _named(study, rows)
    rows.attrs = about
    missing = None if len(rows) else text("missing.none", day=day)
    return OpenAssignments(rows, day, int(about["expired"]), missing)


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
    frame.attrs = {"provenance": people.attrs["provenance"], "fictitious": _made_up(rows)}
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
    known = _clusters(study)
    held = [str(one) for one in wide]
    order = [one for one in known if one in held] + [one for one in held if one not in known]
    called = {one: as_text(one) if one else text("no_cluster") for one in order} | known
    for one in order:
        frame[f"cluster-{one}"] = frame["theme"].map(wide[one]).astype("float64")
    unnamed = joined([text("no_theme")])
    themes = [as_text(one) if one else unnamed for one in frame["theme"]]
    frame["name"] = pd.Series(themes, index=frame.index, dtype=object)
    frame.attrs["fictitious"] = _made_up(rows)
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
    frame.attrs = {"provenance": counted.attrs["provenance"], "fictitious": _made_up(rows)}
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


def _nothing(day: str, why: Text) -> OpenAssignments:
    return OpenAssignments(pd.DataFrame({"source": pd.Series(dtype="str")}), day, 0, why)


def _named(study: Study, rows: pd.DataFrame) -> pd.DataFrame:
    """Add what codes are called; a text that is not there is empty."""
    rows = rows.assign(**{one: _readable(rows[one]) for one in _TEXTS})
    cluster = rows["cluster"].fillna("").astype("str")
    clusters, occupations = _clusters(study), occupation_labels()
    return rows.assign(
        organisation=_readable(rows["organisation"].fillna(rows["org_id"])),
        cluster=cluster,
        cluster_name=pd.Series(
            [clusters.get(one, as_text(one)) for one in cluster], index=rows.index, dtype=object
        ),
        occupation_name=[occupations.get(code, code) for code in rows["occupation"]],
        place=[name(code) if code else "" for code in rows["municipality"]],
        county=[name(parent(code)) if code else "" for code in rows["municipality"]],
    )


def _readable(written: pd.Series[Any]) -> pd.Series[str]:
    """Give texts on one line, without signs that nobody sees or that turn the reading around."""
    texts = written.fillna("").astype("str").str.replace(_UNSEEN, "", regex=True)
    readable: pd.Series[str] = texts.str.replace(r"\s+", " ", regex=True).str.strip()
    return readable


def _clusters(study: Study) -> dict[str, Words]:
    path = study.folder / "data" / "clusters.toml"
    if not path.is_file():
        return {}
    return {one: Words(**cluster.name) for one, cluster in read_clusters(path).items()}


def _made_up(rows: pd.DataFrame) -> bool:
    return bool(rows.attrs.get("fictitious"))


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
