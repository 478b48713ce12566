"""The attractiveness index shown: ranking among peers, contributions, profile, figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from regionstudy.analysis.profile import profile
from regionstudy.figures import charts, note, table
from regionstudy.figures.content import Column, Measure, as_text
from regionstudy.figures.provenance import period_text
from regionstudy.geography import name
from regionstudy.views.indicator import profile_chart
from regionstudy.words import Message, Words

if TYPE_CHECKING:
    from regionstudy.attractiveness import StudyIndex
    from regionstudy.figures.shown import Note, StudyFigure, Table
    from regionstudy.study import Study

__all__ = [
    "contribution_chart",
    "dropped_note",
    "index_measure",
    "placed",
    "pull_profile",
    "rank_chart",
    "ranked",
    "values_table",
]


def rank_chart(study: Study, index: StudyIndex, **about: Any) -> StudyFigure:
    """
    Draw the index of the home and its peers, best first, each rank with its interval.

    Parameters
    ----------
    study : Study
        The study.
    index : StudyIndex
        The index.
    **about
        Passed on to `regionstudy.figures.charts.ranking`.

    Returns
    -------
    StudyFigure
        The figure; ranks are among all municipalities.
    """
    frame = ranked(study, index)
    frame = frame[frame["region"].isin(list(study.peers.members))]
    own: Any = frame.set_index("region").loc[study.home]
    told = {"place": name(study.home), "rank": int(own["peer_rank"]), "n": len(frame)}
    options: dict[str, Any] = {
        "title": Message("study.index_title", told),
        "measure": index_measure(index),
        "notes": [
            Message(
                "study.rank_note",
                {"n": len(index.ranks), "draws": len(index.intervals.ranks)},
            ),
            study.peers.explanation,
        ],
        "id": "index-ranking",
    }
    return charts.ranking(frame, home=[study.home], **(options | about))


def contribution_chart(study: Study, index: StudyIndex, **about: Any) -> StudyFigure:
    """
    Draw what each domain contributes to the home's index.

    Parameters
    ----------
    study : Study
        The study.
    index : StudyIndex
        The index.
    **about
        Passed on to `regionstudy.figures.charts.bars`.

    Returns
    -------
    StudyFigure
        The figure, with the median of the peers beside each bar.
    """
    peers = list(study.peers.members)
    parts = index.contributions().loc[peers, index.domains]
    frame = parts.rename_axis("region").reset_index().melt("region", var_name="part")
    frame["status"] = ""
    frame.attrs["provenance"] = index.provenance
    labels = {one: study.catalogue.domains[one].title for one in index.domains}
    beyond = parts.loc[study.home] - parts.loc[list(study.peers.others)].median()
    told = {
        "place": name(study.home),
        "n": len(study.peers.others),
        "most": labels[str(beyond.idxmax())],
        "least": labels[str(beyond.idxmin())],
    }
    options: dict[str, Any] = {
        "title": Message("study.contribution_title", told),
        "measure": index_measure(index),
        "id": "index-contributions",
    }
    return charts.bars(frame, home=[study.home], parts=labels, **(options | about))


def pull_profile(study: Study, index: StudyIndex, **about: Any) -> StudyFigure:
    """
    Draw the index's indicators for the home among its peers, strengths first.

    Parameters
    ----------
    study : Study
        The study.
    index : StudyIndex
        The index.
    **about
        Passed on to `regionstudy.figures.charts.profile`.

    Returns
    -------
    StudyFigure
        The figure.
    """
    rows = placed(study, index)
    counts = rows["group"].value_counts()
    told = {
        "place": name(study.home),
        "best": int(counts.get("strength", 0)),
        "worst": int(counts.get("weakness", 0)),
        "n": len(rows),
    }
    group = {"place": name(study.home), "n": len(study.peers.members)}
    options: dict[str, Any] = {
        "title": Message("study.profile_title", told | {"peers": group["n"]}),
        "notes": [Message("study.median_rule", group | {"others": len(study.peers.others)})],
        "id": "profile",
    }
    return profile_chart(study, _ids(index), **(options | about))


def values_table(study: Study, index: StudyIndex) -> Table:
    """
    Show the index's indicators for the study's municipalities.

    Parameters
    ----------
    study : Study
        The study.
    index : StudyIndex
        The index.

    Returns
    -------
    Table
        A row a municipality: score, rank with its interval, and each indicator's value, its
        year in the heading.
    """
    frame = index.treated.loc[list(study.region)].rename_axis("region").reset_index()
    frame["name"] = frame["region"].map(name)
    frame["score"] = frame["region"].map(index.scores[index.root])
    own = ranked(study, index).set_index("region").loc[frame["region"]]
    frame[["rank", "rank_median"]] = own[["rank", "rank_median"]].to_numpy()
    spans: list[Any] = [
        as_text(f"{low:.0f}–{high:.0f}")
        for low, high in zip(own["rank_low"], own["rank_high"], strict=True)
    ]
    frame["span"] = spans
    frame.attrs["provenance"] = index.provenance
    columns = [
        Column("name", Message("figures.column.region")),
        Column("score", Message("study.index_column"), "number", 0),
        Column("rank", Message("study.rank_column", {"n": len(index.ranks)}), "number"),
        Column("rank_median", Message("study.median_column"), "number"),
        Column("span", Message("study.span_column"), "number"),
    ]
    for one in _ids(index):
        entry = study.catalogue[one]
        heading = Message(
            "study.column",
            {"label": entry.label, "unit": entry.symbol, "period": str(index.periods[one])},
        )
        columns.append(Column(one, heading, "number", entry.decimals))
    title = Message("study.table_title", {"place": name(study.settings.region)})
    return table(frame, columns=columns, title=title, home=[study.home])


def dropped_note(study: Study, index: StudyIndex) -> Note | None:
    """
    Name the indicators that were left out of the index, and why.

    Parameters
    ----------
    study : Study
        The study.
    index : StudyIndex
        The index.

    Returns
    -------
    Note or None
        The line, None where nothing was left out.
    """
    if index.dropped.empty:
        return None
    left = [
        Message(
            f"study.dropped_{row.reason}",
            {"label": study.catalogue[str(row.id)].label, "period": row.period},
        )
        for row in index.dropped.itertuples()
    ]
    told = {"left": left, "years": study.settings.newest_within_years}
    return note(Message("study.dropped", told), tone="missing")


def _ids(index: StudyIndex) -> list[str]:
    return [str(one) for one in index.periods.index]


def placed(study: Study, index: StudyIndex) -> pd.DataFrame:
    """
    Place the home among its peers on each indicator of the index.

    Parameters
    ----------
    study : Study
        The study.
    index : StudyIndex
        The index.

    Returns
    -------
    DataFrame, a row an indicator
        As `regionstudy.analysis.profile.profile`, strengths first.
    """
    directions = {one: study.catalogue[one].direction for one in _ids(index)}
    return profile(index.treated, home=study.home, peers=study.peers.others, directions=directions)


def ranked(study: Study, index: StudyIndex) -> pd.DataFrame:
    """
    Give every municipality's score and rank as maps and rankings need them.

    Parameters
    ----------
    study : Study
        The study.
    index : StudyIndex
        The index.

    Returns
    -------
    DataFrame, a row a municipality
        ``region``, ``value`` (score), ``status``, ``rank``, ``rank_median``, ``rank_low``,
        ``rank_high`` (the middle and 90 % of the variants of the index), ``peer_rank`` and
        ``peer_count`` (among the home's peers).
    """
    found = index.intervals.intervals
    rows = pd.DataFrame(
        {
            "value": index.scores[index.root],
            # A score that rests on a value estimated by us is marked as such.
            "status": np.where(index.imputed.any(axis=1), "i", ""),
            "rank": index.ranks[index.root],
            # Half of the variants give this place or a better one.
            "rank_median": np.ceil(found["median"]),
            "rank_low": np.floor(found["low"]),
            "rank_high": np.ceil(found["high"]),
        }
    )
    among = rows.index.isin(list(study.peers.members))
    rows["peer_rank"] = rows["rank"].where(among).rank(method="min")
    rows["peer_count"] = float(among.sum())
    rows = rows.rename_axis("region").reset_index()
    rows.attrs["provenance"] = index.provenance
    return rows


def index_measure(index: StudyIndex) -> Measure:
    """
    Say what a score measures.

    Parameters
    ----------
    index : StudyIndex
        The index.

    Returns
    -------
    Measure
        Name, unit and periods.
    """
    return Measure(
        Message("study.index_measure"),
        unit=Words(sv="0–100", en="0–100"),
        period=period_text(index.periods),
    )
