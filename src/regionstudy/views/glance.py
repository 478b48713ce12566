"""The region at a glance: what has become of its population, and its key numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from regionstudy.figures import answer, charts, keyfigure, keyfigures, sentences, table
from regionstudy.figures.content import Column, Measure
from regionstudy.figures.provenance import period_text
from regionstudy.figures.values import number_text
from regionstudy.geography import name
from regionstudy.views.indicator import change_unit, indicator_map, indicator_rows, measure_of
from regionstudy.words import Message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from regionstudy.figures.shown import Answer, KeyFigures, StudyFigure, Table
    from regionstudy.study import Study

__all__ = [
    "facts_table",
    "glance_answer",
    "key_numbers",
    "migration_map",
    "population_trend",
    "work_trend",
]


def glance_answer(study: Study, ids: Sequence[str]) -> Answer:
    """
    Say how the home's population has changed, where work stands, and how old figures are.

    Parameters
    ----------
    study : Study
        The study.
    ids : sequence of str
        The indicators that the page shows.

    Returns
    -------
    Answer
        Three sentences; the first also for the start page.
    """
    population = _of(study.indicators("population"), study.home)
    work = indicator_rows(study, "employed_by_residence_rate")
    own: Any = work.set_index("region").loc[study.home]
    told = {
        "place": name(study.home),
        "value": own["value"],
        "period": own["period"],
        "rank": int(own["peer_rank"]),
        "n": int(own["peer_count"]),
    }
    periods = study.newest(ids).periods
    return answer(
        sentences.change_sentence(
            population,
            name=name(study.home),
            # A sentence needs the word in its definite form.
            measure=Message("study.population"),
            unit=study.catalogue["population"].symbol,
            decimals=0,
        ),
        Message("study.glance_work", told),
        sentences.newest_figure(periods),
        index=[0],
    )


def key_numbers(study: Study, ids: Sequence[str]) -> KeyFigures:
    """
    Show the home's key numbers among its peers.

    Parameters
    ----------
    study : Study
        The study.
    ids : sequence of str
        Catalogue ids.

    Returns
    -------
    KeyFigures
        A number each, with the other peers as dots and their median, for the start page too.
    """
    items = []
    for one in ids:
        entry = study.catalogue[one]
        rows = indicator_rows(study, one).set_index("region")
        peers = rows.loc[list(study.peers.others), "value"].dropna()
        value = float(rows["value"].loc[study.home])
        told = {
            "median": number_text(float(peers.median()), entry.decimals),
            "n": len(peers),
            "period": rows["period"].iloc[0],
        }
        items.append(
            keyfigure(
                Message("study.key_label", {"label": entry.label, "place": name(study.home)}),
                number_text(value, entry.decimals),
                unit=entry.symbol,
                note=Message("study.key_note", told),
                index=True,
                strip={"values": peers.tolist(), "home": value, "median": float(peers.median())},
            )
        )
    return keyfigures(*items)


def migration_map(study: Study, **about: Any) -> StudyFigure:
    """
    Draw net migration, with a title that counts gains and losses in the region.

    Parameters
    ----------
    study : Study
        The study.
    **about
        Passed on to `regionstudy.views.indicator.indicator_map`.

    Returns
    -------
    StudyFigure
        The figure.
    """
    rows = indicator_rows(study, "net_migration_rate")
    inside = rows[rows["region"].isin(list(study.region)) & rows["value"].notna()]
    told = {
        "gain": int((inside["value"] > 0).sum()),
        "n": len(inside),
        "place": name(study.settings.region),
        "period": str(rows["period"].iloc[0]),
    }
    key = "study.glance_map_one" if len(inside) == 1 else "study.glance_map"
    options: dict[str, Any] = {"title": Message(key, told), "id": "net-migration"}
    return indicator_map(study, "net_migration_rate", **(options | about))


def population_trend(study: Study, *, since: str, **about: Any) -> StudyFigure:
    """
    Draw the region's municipalities' population as change since a year.

    Parameters
    ----------
    study : Study
        The study.
    since : str
        The first year.
    **about
        Passed on to `regionstudy.figures.charts.trend`.

    Returns
    -------
    StudyFigure
        Small pictures on one scale.
    """
    population = study.indicators("population")
    frame = population[
        population["region"].isin(list(study.region)) & (population["period"] >= since)
    ].reset_index(drop=True)
    base = frame[frame["period"] == since].set_index("region")["value"]
    frame["value"] = 100 * (frame["value"] / frame["region"].map(base) - 1)
    last = frame[frame["period"] == frame["period"].max()].dropna(subset="value")
    top, low = last.loc[last["value"].idxmax()], last.loc[last["value"].idxmin()]
    told = {
        "since": since,
        "top": name(str(top["region"])),
        "top_value": float(top["value"]),
        "low": name(str(low["region"])),
        "low_value": float(low["value"]),
    }
    options: dict[str, Any] = {
        "title": Message("study.population_title", told),
        "measure": Measure(
            Message("study.population_measure", {"since": since}),
            unit=study.catalogue["post_secondary_share"].symbol,
            period=period_text(frame["period"]),
        ),
        "notes": [Message("study.noise")],
        "id": "population",
    }
    return charts.trend(
        frame, home=[study.home], signed=True, small_multiples=True, **(options | about)
    )


def work_trend(study: Study, **about: Any) -> StudyFigure:
    """
    Draw the employment rate of the home and the median of its peers over time.

    Parameters
    ----------
    study : Study
        The study.
    **about
        Passed on to `regionstudy.figures.charts.trend`.

    Returns
    -------
    StudyFigure
        A line each, from the start of the present register.
    """
    entry = study.catalogue["employed_by_residence_rate"]
    rates = study.indicators(entry.id)
    among = rates[rates["region"].isin(list(study.peers.others))]
    median = among.groupby("period", as_index=False)["value"].median()
    own = _of(rates, study.home)
    frame = pd.concat(
        [
            own.assign(name=name(study.home)),
            median.assign(region="median", name=Message("study.median"), status=""),
        ],
        ignore_index=True,
    )
    frame.attrs["provenance"] = rates.attrs["provenance"]
    title = sentences.change_sentence(
        own,
        name=name(study.home),
        measure=entry.label,
        unit=change_unit(entry),
        decimals=entry.decimals,
    )
    options: dict[str, Any] = {
        "title": title,
        "measure": measure_of(entry, own["period"]),
        "notes": [
            entry.description,
            Message(
                "study.median_others",
                {"n": len(study.peers.others), "place": name(study.home)},
            ),
        ],
        "id": "work-trend",
        "decimals": entry.decimals,
    }
    return charts.trend(frame, home=[study.home], dashed=["median"], **(options | about))


def facts_table(study: Study, ids: Sequence[str]) -> Table:
    """
    Show indicators for the study's municipalities, each at its newest complete year.

    Parameters
    ----------
    study : Study
        The study.
    ids : sequence of str
        Catalogue ids.

    Returns
    -------
    Table
        A row a municipality.
    """
    selection = study.newest(ids)
    frame = selection.values.loc[list(study.region)].rename_axis("region").reset_index()
    frame["name"] = frame["region"].map(name)
    frame.attrs["provenance"] = selection.values.attrs.get("provenance", {})
    columns = [Column("name", Message("figures.column.region"))]
    for one, period in selection.periods.items():
        entry = study.catalogue[str(one)]
        told = {"label": entry.label, "unit": entry.symbol, "period": period}
        columns.append(Column(str(one), Message("study.column", told), "number", entry.decimals))
    title = Message("study.facts_title", {"place": name(study.settings.region)})
    return table(frame, columns=columns, title=title, home=[study.home])


def _of(frame: pd.DataFrame, region: str) -> pd.DataFrame:
    return frame[frame["region"] == region]
