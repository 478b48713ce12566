"""Where the home stands in the index, for whom, and how firmly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from regionstudy.attractiveness import sensitivity_of
from regionstudy.errors import DataError
from regionstudy.figures import maps, note, table
from regionstudy.figures.content import Column, as_text
from regionstudy.figures.values import joined
from regionstudy.geography import name
from regionstudy.indicators.structure import targets
from regionstudy.views.index import index_measure, ranked
from regionstudy.words import Message

if TYPE_CHECKING:
    from regionstudy.attractiveness import StudyIndex
    from regionstudy.figures.shown import Note, StudyFigure, Table
    from regionstudy.study import Study

__all__ = ["choices_note", "index_map", "target_table"]


def index_map(study: Study, index: StudyIndex, **about: Any) -> StudyFigure:
    """
    Draw the index on the map, each rank with its interval in the tip.

    Parameters
    ----------
    study : Study
        The study.
    index : StudyIndex
        The index.
    **about
        Passed on to `regionstudy.figures.maps.choropleth`.

    Returns
    -------
    StudyFigure
        The country beside the study's region.
    """
    rows = ranked(study, index)
    rows["national"] = rows["value"].mean()
    rows.attrs["national_kind"] = "mean"
    own: Any = rows.set_index("region").loc[study.home]
    told = {
        "place": name(study.home),
        "median": int(own["rank_median"]),
        "low": int(own["rank_low"]),
        "high": int(own["rank_high"]),
        "n": len(rows),
    }
    options: dict[str, Any] = {
        "title": Message("study.index_map", told),
        "measure": index_measure(index),
        "notes": [Message("study.index_interval"), Message("study.index_method")],
        "id": "index-map",
    }
    return maps.choropleth(
        rows,
        regions=study.regions(),
        home=[study.home],
        outline=list(study.region),
        region_map=list(study.region),
        extent="both",
        **(options | about),
    )


def target_table(study: Study) -> Table:
    """
    Show where the home stands for each target group.

    Parameters
    ----------
    study : Study
        The study.

    Returns
    -------
    Table
        A row a group of ``data/index.toml``: rank among all with the middle and the interval
        of the variants, rank among the peers, and how often the home is in the best third of them.
        Groups without any complete indicator are named below the title.

    Raises
    ------
    DataError
        If no group has a complete indicator.
    """
    peers = list(study.peers.members)
    third = max(1, round(len(peers) / 3))
    rows: list[dict[str, Any]] = []
    sources: dict[str, Any] = {}
    without: dict[str, DataError] = {}
    for target in targets(study.folder / "data" / "index.toml"):
        try:
            index = study.composite(target=target)
        except DataError as error:
            without[target] = error
            continue
        sources |= index.provenance
        own: Any = ranked(study, index).set_index("region").loc[study.home]
        often = index.intervals.share_in_top(third, among=peers)[study.home]
        rows.append(
            {
                "target": Message(f"explore.target_{target}"),
                "rank": own["rank"],
                "median": own["rank_median"],
                "span": as_text(f"{own['rank_low']:.0f}–{own['rank_high']:.0f}"),
                "peer_rank": own["peer_rank"],
                "often": 100 * often,
            }
        )
    if not rows:
        raise next(iter(without.values()))
    frame = pd.DataFrame(rows)
    frame.attrs["provenance"] = sources
    counts = {"n": len(index.ranks), "peers": len(peers), "third": third}
    columns = [
        Column("target", Message("study.target_column")),
        Column("rank", Message("study.rank_column", counts), "number"),
        Column("median", Message("study.median_column"), "number"),
        Column("span", Message("study.span_column"), "number"),
        Column("peer_rank", Message("study.peer_rank_column", counts), "number"),
        Column("often", Message("study.often_column", counts), "number"),
    ]
    said = [
        Message("study.target_rank", {"target": row["target"], "rank": int(row["rank"])})
        for row in rows
    ]
    title = Message("study.target_title", {"place": name(study.home), "ranks": said, **counts})
    lacking = [Message(f"explore.target_{target}") for target in without]
    caption = Message("study.target_without", {"targets": lacking}) if lacking else None
    return table(frame, columns=columns, title=title, caption=caption)


def choices_note(study: Study, index: StudyIndex) -> Note:
    """
    Say how firm the home's place is, and which choice of method moves it most.

    Parameters
    ----------
    study : Study
        The study.
    index : StudyIndex
        The index.

    Returns
    -------
    Note
        Two sentences.
    """
    own: Any = ranked(study, index).set_index("region").loc[study.home]
    told = {
        "place": name(study.home),
        "draws": len(index.intervals.ranks),
        "median": int(own["rank_median"]),
        "low": int(own["rank_low"]),
        "high": int(own["rank_high"]),
        "n": len(index.ranks),
    }
    found = sensitivity_of(index, study.home)
    if found.strongest is None:
        return note(joined([Message("study.choices", told), Message("study.choice_none")], " "))
    share = 100 * float(found.indices["total"].iloc[0])
    key = "study.choice_clear" if found.leads_clearly else "study.choice_unclear"
    strongest = Message(f"study.choice_{found.strongest}")
    choice = Message(key, {"choice": strongest, "share": share})
    return note(joined([Message("study.choices", told), choice], " "))
