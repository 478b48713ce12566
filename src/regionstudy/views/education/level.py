"""How many have learnt long, and whether ages explain the difference: pictures and a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from regionstudy.figures import charts, education_words, maps, note
from regionstudy.figures import table as show_table
from regionstudy.figures.content import Column
from regionstudy.figures.education_words import age_span, measure, text
from regionstudy.geography import label, municipalities_in
from regionstudy.views.education.attained import COUNTRY, PEERS

if TYPE_CHECKING:
    from regionstudy.figures.shown import Note, StudyFigure, Table
    from regionstudy.study import Study
    from regionstudy.views.education.attained import Attained
    from regionstudy.words import Text

__all__ = [
    "education_chart",
    "education_map",
    "education_table",
    "standard_chart",
]


def standard_chart(study: Study, learnt: Attained, **about: Any) -> StudyFigure | Note:
    """
    Rank the home among its peers by the share that each would have at the country's ages.

    Parameters
    ----------
    study : Study
        The study.
    learnt : Attained
        From `regionstudy.views.attained`.
    **about
        Passed on to `regionstudy.figures.charts.ranking`.

    Returns
    -------
    StudyFigure or Note
        A row a municipality, with the study's region and the country; or what is missing.
    """
    if not learnt.found:
        return note(text("missing.education", place=learnt.place), tone="missing")
    wanted = dict.fromkeys([*study.peers.members, learnt.region, COUNTRY])
    shares = learnt.shares.set_index("region")
    rows = shares.loc[list(wanted)].reset_index()
    frame = rows.rename(columns={"standardised": "value"})
    frame = frame[["region", "value", "low", "high", "status"]]
    frame["name"] = frame["region"].map(label)
    frame["period"] = learnt.period
    frame.attrs = dict(learnt.profile.attrs)
    own: Any = shares.loc[learnt.region]
    title = text("missing.education", place=learnt.place)
    if pd.notna(own["standardised"]):
        country: Any = shares.loc[COUNTRY, "crude"]
        title = education_words.standard_title(own, country=country, place=learnt.place)
    options: dict[str, Any] = {
        "title": title,
        "measure": measure("standard", "percent_ages", [learnt.period], ages=age_span(learnt.ages)),
        "how_to_read": text("how.standard"),
        "notes": [study.peers.explanation, text("note.unknown_level")],
        "id": "education-standard",
    }
    return charts.ranking(frame, home=[study.home, learnt.region], **(options | about))


def education_chart(learnt: Attained, **about: Any) -> StudyFigure | Note:
    """
    Draw long post-secondary education by age, beside the country's.

    Parameters
    ----------
    learnt : Attained
        From `regionstudy.views.attained`.
    **about
        Passed on to `regionstudy.figures.charts.age_profile`.

    Returns
    -------
    StudyFigure or Note
        A bar an age; or what is missing.
    """
    nothing = note(text("missing.education", place=learnt.place), tone="missing")
    if not learnt.found:
        return nothing
    wide = _by_age(learnt)
    frame = wide.rename(columns={learnt.region: "value", COUNTRY: "compare"})
    frame = frame[["age", "value", "compare"]]
    if frame[["value", "compare"]].isna().any(axis=1).all():
        return nothing
    frame["age"] = frame["age"].str.replace("-", "–")
    frame["period"] = learnt.period
    frame.attrs = dict(learnt.profile.attrs)
    told = education_words.sexes_sentence(learnt.sexes, region=learnt.region)
    options: dict[str, Any] = {
        "title": education_words.education_title(frame, place=learnt.place),
        "measure": measure("education", "percent", [learnt.period]),
        "compare": text("compare.country"),
        "paragraphs": [told] if told is not None else [],
        "how_to_read": text("how.education"),
        "notes": [text("note.unknown_level")],
        "id": "education-ages",
        "decimals": 0,
        "signed": False,
    }
    return charts.age_profile(frame, **(options | about))


def education_table(study: Study, learnt: Attained) -> Table | Note:
    """
    Show long post-secondary education by age: home, region, peers and country.

    Parameters
    ----------
    study : Study
        The study.
    learnt : Attained
        From `regionstudy.views.attained`.

    Returns
    -------
    Table or Note
        A row an age, and one of all ages at the country's mix; or what is missing.
    """
    if not learnt.found:
        return note(text("missing.education", place=learnt.place), tone="missing")
    shown = [*dict.fromkeys([study.home, learnt.region, PEERS, COUNTRY])]
    frame = _by_age(learnt)[["age", *shown]]
    names: list[Text | str] = [one.replace("-", "–") for one in frame["age"]]
    shares = learnt.shares.set_index("region")
    sums = [shares.loc[shown, one].to_frame().T for one in ("crude", "standardised")]
    frame = pd.concat([frame, *sums], ignore_index=True)
    frame["age"] = pd.Series([*names, text("row.crude"), text("row.standardised")], dtype=object)
    frame["period"] = learnt.period
    frame.attrs = dict(learnt.profile.attrs)
    labels: dict[str, Text] = {
        study.home: label(study.home),
        learnt.region: learnt.place,
        PEERS: text("column.peers"),
        COUNTRY: text("column.country"),
    }
    columns = [
        Column("age", text("column.age")),
        *(Column(one, labels[one], "number", 1) for one in shown),
    ]
    title = text("table_title", ages=age_span(learnt.ages), period=learnt.period)
    told = {"n": len(study.peers.others), "explanation": study.peers.explanation}
    caption = text("table_caption", **told)
    return show_table(frame, columns=columns, title=title, caption=caption)


def education_map(study: Study, learnt: Attained, **about: Any) -> StudyFigure | Note:
    """
    Draw every municipality's share at the country's ages.

    Parameters
    ----------
    study : Study
        The study.
    learnt : Attained
        From `regionstudy.views.attained`.
    **about
        Passed on to `regionstudy.figures.maps.choropleth`.

    Returns
    -------
    StudyFigure or Note
        The map; or what is missing.
    """
    if not learnt.found:
        return note(text("missing.education", place=learnt.place), tone="missing")
    shares = learnt.shares
    frame = shares[shares["region"].isin(municipalities_in("00"))].reset_index(drop=True)
    frame = frame.rename(columns={"standardised": "value"})[["region", "value", "status"]]
    frame["period"] = learnt.period
    frame["rank"] = frame["value"].rank(ascending=False, method="min")
    among = frame["region"].isin(list(study.peers.members))
    frame["peer_rank"] = frame["value"].where(among).rank(ascending=False, method="min")
    frame["peer_count"] = float(frame.loc[among, "value"].notna().sum())
    frame["national"] = float(shares.loc[shares["region"] == COUNTRY, "crude"].iloc[0])
    frame.attrs = {**learnt.profile.attrs, "national_kind": "published"}
    own: Any = frame.set_index("region").loc[study.home]
    told: dict[str, Any] = {"place": label(study.home), "n": int(frame["value"].notna().sum())}
    known = pd.notna(own["value"])
    title = (
        text("map_title", value=own["value"], rank=int(own["rank"]), **told)
        if known
        else text("missing.education", place=label(study.home))
    )
    options: dict[str, Any] = {
        "title": title,
        "measure": measure("standard", "percent_ages", [learnt.period], ages=age_span(learnt.ages)),
        "notes": [text("note.standard"), text("note.unknown_level")],
        "id": "education-map",
    }
    return maps.choropleth(
        frame,
        regions=study.regions(),
        home=[study.home],
        outline=list(study.region),
        region_map=list(study.region),
        extent="both",
        **(options | about),
    )


def _by_age(learnt: Attained) -> pd.DataFrame:
    """Lay shares out: a row an age, a column a region."""
    shares = learnt.profile.set_index(["age", "region"])["share"]
    wide = shares.unstack("region")  # noqa: PD010 - keys are unique
    wide.columns.name = None
    return wide.reset_index()
