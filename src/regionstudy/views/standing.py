"""Where the home stands in the index, how firmly, and what would move it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from regionstudy.analysis.composite import needed_to_climb
from regionstudy.attractiveness import change_since, sensitivity_of
from regionstudy.errors import DataError
from regionstudy.figures import maps, note, table
from regionstudy.figures.content import Column
from regionstudy.figures.values import joined, number_text
from regionstudy.geography import name
from regionstudy.indicators.structure import targets
from regionstudy.views.index import index_measure, ranked
from regionstudy.words import Message

if TYPE_CHECKING:
    from regionstudy.attractiveness import StudyIndex
    from regionstudy.figures.shown import Note, StudyFigure, Table
    from regionstudy.study import Study

__all__ = ["change_table", "choices_note", "climb_table", "index_map", "target_table"]

# How many ways up are shown.
_WAYS = 6


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
    """
    peers = list(study.peers.members)
    third = max(1, round(len(peers) / 3))
    rows: list[dict[str, Any]] = []
    sources: dict[str, Any] = {}
    for target in targets(study.folder / "data" / "index.toml"):
        index = study.composite(target=target)
        sources |= index.provenance
        own: Any = ranked(study, index).set_index("region").loc[study.home]
        often = index.intervals.share_in_top(third, among=peers)[study.home]
        rows.append(
            {
                "target": Message(f"explore.target_{target}"),
                "rank": own["rank"],
                "median": own["rank_median"],
                "span": f"{own['rank_low']:.0f}–{own['rank_high']:.0f}",
                "peer_rank": own["peer_rank"],
                "often": 100 * often,
            }
        )
    frame = pd.DataFrame(rows)
    frame.attrs["provenance"] = sources
    counts = {"n": len(index.ranks), "peers": len(peers), "third": third}
    columns = [
        Column("target", Message("study.target_column")),
        Column("rank", Message("study.rank_column", counts), "number"),
        Column("median", Message("study.median_column"), "number"),
        Column("span", Message("study.span_column")),
        Column("peer_rank", Message("study.peer_rank_column", counts), "number"),
        Column("often", Message("study.often_column", counts), "number"),
    ]
    title = Message("study.target_title", {"place": name(study.home)})
    return table(frame, columns=columns, title=title)


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


def climb_table(study: Study, index: StudyIndex, *, places: int = 10) -> Table | Note:
    """
    Show what the home would have to reach, in one indicator alone, to climb.

    Parameters
    ----------
    study : Study
        The study.
    index : StudyIndex
        The index.
    places : int, default 10
        How many places among all municipalities.

    Returns
    -------
    Table or Note
        The nearest ways up, or a line that the home stands too high or no way is enough.
    """
    told = {"place": name(study.home), "places": places}
    try:
        ways = needed_to_climb(
            index.values, index.structure, region=study.home, places=places, **index.options
        )
    except DataError:
        return note(Message("study.climb_top", told))
    ways = ways[ways["reachable"]].head(_WAYS)
    if ways.empty:
        return note(Message("study.climb_none", told))
    rows = []
    for one, way in ways.iterrows():
        entry = study.catalogue[str(one)]
        rows.append(
            {
                "label": Message(
                    "study.column",
                    {
                        "label": entry.label,
                        "unit": entry.symbol,
                        "period": str(index.periods[str(one)]),
                    },
                ),
                "now": number_text(way["current"], entry.decimals),
                "needed": number_text(way["needed"], entry.decimals),
                "change": number_text(way["change"], entry.decimals, signed=True),
            }
        )
    frame = pd.DataFrame(rows)
    frame.attrs["provenance"] = index.provenance
    columns = [
        Column("label", Message("study.climb_indicator")),
        Column("now", Message("study.climb_now")),
        Column("needed", Message("study.climb_needed")),
        Column("change", Message("study.climb_change")),
    ]
    return table(frame, columns=columns, title=Message("study.climb_title", told))


def change_table(study: Study, index: StudyIndex, *, years: int = 3) -> Table | Note:
    """
    Split how the home's domains changed into what it did itself and what the others did.

    Parameters
    ----------
    study : Study
        The study.
    index : StudyIndex
        The index.
    years : int, default 3
        How many years back.

    Returns
    -------
    Table or Note
        A row a domain and one for the index, or a line that no two years can be compared.
    """
    try:
        change = change_since(study, index, study.home, years=years)
    except DataError:
        return note(Message("study.change_none", {"years": years}), tone="missing")
    nodes = [one for one in change.index if one == index.root or one in index.domains]
    frame = change.loc[nodes, ["before", "after", "own", "others"]].reset_index(drop=True)
    titles = {one: study.catalogue.domains[one].title for one in index.domains}
    labels: list[Any] = [titles.get(one, Message("study.index_measure")) for one in nodes]
    frame["label"] = labels
    frame.attrs["provenance"] = index.provenance
    total: Any = change.loc[index.root]
    told = {
        "place": name(study.home),
        "before": int(total["rank_before"]),
        "after": int(total["rank_after"]),
        "years": years,
        "n": len(index.ranks),
    }
    columns = [
        Column("label", Message("study.col_domain")),
        Column("before", Message("study.change_before"), "number", 1),
        Column("after", Message("study.change_after"), "number", 1),
        Column("own", Message("study.change_own"), "number", 1, signed=True),
        Column("others", Message("study.change_others"), "number", 1, signed=True),
    ]
    return table(
        frame,
        columns=columns,
        title=Message("study.change_title", told),
        caption=Message("study.change_caption", {"years": years}),
    )
