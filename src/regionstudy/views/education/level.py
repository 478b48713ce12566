"""How many have learnt long, and whether ages explain the difference: pictures and answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from regionstudy.figures import answer, charts, education_words, keyfigure, keyfigures, maps, note
from regionstudy.figures import table as show_table
from regionstudy.figures.content import Column
from regionstudy.figures.education_words import age_span, measure, text
from regionstudy.figures.values import number_text
from regionstudy.geography import label, municipalities_in
from regionstudy.views.education.attained import COUNTRY, PEERS
from regionstudy.views.education.over_time import beside_peers
from regionstudy.views.education.places import granted_rates

if TYPE_CHECKING:
    from regionstudy.figures.shown import Answer, KeyFigure, KeyFigures, Note, StudyFigure, Table
    from regionstudy.study import Study
    from regionstudy.views.education.attained import Attained
    from regionstudy.words import Text

__all__ = [
    "education_answer",
    "education_chart",
    "education_map",
    "education_numbers",
    "education_table",
    "standard_chart",
]

_SHARE = "post_secondary_share"


def education_answer(study: Study, learnt: Attained) -> Answer:
    """
    Say how many have long education and what ages make of it, and how the level has risen.

    Parameters
    ----------
    study : Study
        The study.
    learnt : Attained
        From `regionstudy.views.attained`.

    Returns
    -------
    Answer
        Two sentences, the first for the start page too; or what is missing.
    """
    told: list[Text | None] = [_level(learnt)]
    lines = beside_peers(study, _SHARE)
    if lines is not None:
        beside = study.indicators(_SHARE, periods=[str(lines["period"].iloc[-1])])
        among = beside[beside["region"].isin(list(study.peers.members))].set_index("region")
        ranks = among["value"].rank(ascending=False, method="min")
        told.append(
            education_words.rise_answer(
                lines,
                place=label(study.home),
                rank=int(ranks[study.home]),
                peers=int(among["value"].notna().sum()),
            )
        )
    return answer(*told, index=[0] if learnt.found else False)


def _level(learnt: Attained) -> Text:
    if not learnt.found:
        return text("missing.answer", place=learnt.place)
    shares = learnt.shares.set_index("region")
    own: Any = shares.loc[learnt.region]
    if pd.isna(own["standardised"]):
        return text("missing.answer", place=learnt.place)
    country: Any = shares.loc[COUNTRY, "crude"]
    return education_words.level_answer(
        own,
        country=country,
        place=learnt.place,
        ages=learnt.ages,
        period=learnt.period,
    )


def education_numbers(study: Study, learnt: Attained) -> KeyFigures | None:
    """
    Show the home's share at the country's ages, its trend, and vocational places.

    Parameters
    ----------
    study : Study
        The study.
    learnt : Attained
        From `regionstudy.views.attained`.

    Returns
    -------
    KeyFigures or None
        Those that have a figure; None where there are none, which the answer says.
    """
    items: list[KeyFigure] = []
    if learnt.found:
        shares = learnt.shares.set_index("region")["standardised"]
        others = shares.reindex(list(study.peers.others)).dropna()
        own = float(shares[study.home])
        if pd.notna(own) and len(others):
            told = {"median": others.median(), "n": len(others), "period": learnt.period}
            items.append(
                keyfigure(
                    text("key.standard", place=label(study.home), ages=age_span(learnt.ages)),
                    number_text(own, 1),
                    unit="%",
                    note=text("key.standard_note", **told),
                    strip={"values": others.tolist(), "home": own, "median": others.median()},
                )
            )
    lines = beside_peers(study, _SHARE)
    if lines is not None:
        last = lines.iloc[-1]
        told = {"change": last["value"] - lines["value"].iloc[0], "start": lines["period"].iloc[0]}
        items.append(
            keyfigure(
                text("key.share", place=label(study.home), period=last["period"]),
                number_text(float(last["value"]), 1),
                unit="%",
                note=text("key.share_note", **told),
                strip={"line": lines["value"].tolist()},
            )
        )
    rates = granted_rates(study)
    if rates is not None:
        line = rates[rates["region"] == learnt.region].sort_values("period")
        mean = rates.groupby("region")["value"].mean()
        told = {"start": line["period"].iloc[0], "end": line["period"].iloc[-1]}
        items.append(
            keyfigure(
                text("key.places", place=learnt.place, **told),
                number_text(float(mean[learnt.region]), 1),
                unit=text("unit.per_10000"),
                note=text("key.places_note", country=float(mean[COUNTRY])),
                strip={"line": line["value"].tolist()},
            )
        )
    return keyfigures(*items) if items else None


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
