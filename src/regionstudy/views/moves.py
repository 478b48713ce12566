"""What would move the home in the index, one indicator at a time, and what has moved it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from regionstudy.analysis.composite import needed_to_climb
from regionstudy.attractiveness import change_since
from regionstudy.errors import DataError
from regionstudy.figures import note, table
from regionstudy.figures.content import Column
from regionstudy.figures.values import joined, number_text
from regionstudy.geography import name
from regionstudy.indicators.structure import indicators_below
from regionstudy.views.index import ranked
from regionstudy.words import Message, Words

if TYPE_CHECKING:
    from regionstudy.attractiveness import StudyIndex
    from regionstudy.figures.shown import Note, Table
    from regionstudy.study import Study
    from regionstudy.words import Text

__all__ = ["change_table", "climb_table"]


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
        A row an indicator of the index, the shortest way from today's value to the country's
        best first; or a line that the home stands too high or no way is enough.
    """
    told: dict[str, Any] = {"place": name(study.home), "places": places}
    try:
        ways = needed_to_climb(
            index.values, index.structure, region=study.home, places=places, **index.options
        )
    except DataError:
        return note(Message("study.climb_top", told))
    if not ways["reachable"].any():
        return note(Message("study.climb_none", told))
    rows: list[dict[str, Any]] = []
    for one, way in ways.iterrows():
        entry = study.catalogue[str(one)]
        about = {"label": entry.label, "unit": entry.symbol, "period": index.periods[str(one)]}
        row: dict[str, Any] = {
            "label": Message("study.column", about),
            "now": number_text(way["current"], entry.decimals),
            "needed": Message("study.climb_short"),
            "change": Message("study.climb_short"),
            "share": Message("study.climb_short"),
        }
        if way["reachable"]:
            row |= {
                "needed": number_text(way["needed"], entry.decimals),
                "change": number_text(way["change"], entry.decimals, signed=True),
                "share": number_text(100 * way["share"]),
            }
        rows.append(row)
    frame = pd.DataFrame(rows)
    frame.attrs["provenance"] = index.provenance
    columns = [
        Column("label", Message("study.climb_indicator")),
        # Each row has a unit and decimals of its own, so numbers are written out.
        Column("now", Message("study.climb_now"), "number"),
        Column("needed", Message("study.climb_needed"), "number"),
        Column("change", Message("study.climb_change"), "number"),
        Column("share", Message("study.climb_share"), "number"),
    ]
    return table(
        frame,
        columns=columns,
        title=Message("study.climb_title", told),
        caption=Message("study.climb_caption", {"n": len(rows)}),
    )


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
        How many years back the earlier figures are looked for.

    Returns
    -------
    Table or Note
        A row a domain and one for the index, each with the years that it compares, or a line
        that no two years can be compared. A domain without a newer figure has words for
        its change, which is unknown and not 0.
    """
    try:
        change = change_since(study, index, study.home, years=years)
    except DataError:
        return note(Message("study.change_none", {"years": years}), tone="missing")
    periods = change.attrs["periods"]
    rows = [
        _change_row(study, index, one, change.loc[one], periods)
        for one in change.index
        if one == index.root or one in index.domains
    ]
    frame = pd.DataFrame(rows)
    frame.attrs["provenance"] = index.provenance
    total: Any = change.loc[index.root]
    about = {
        "place": name(study.home),
        "then": study.as_of - years,
        "own": total["rank_own"],
        "others": total["rank_others"],
    }
    columns = [
        Column("label", Message("study.col_domain")),
        Column("before", Message("study.change_before"), "number", 1),
        Column("after", Message("study.change_after"), "number", 1),
        Column("own", Message("study.change_own"), "number", 1, signed=True),
        Column("others", Message("study.change_others"), "number", 1, signed=True),
        Column("years", Message("study.change_years")),
    ]
    return table(
        frame,
        columns=columns,
        title=_change_title(study, index, total),
        caption=Message("study.change_caption", about),
    )


def _change_row(
    study: Study, index: StudyIndex, node: str, change: pd.Series[float], periods: pd.DataFrame
) -> dict[str, Any]:
    """Give one part's scores, and its change where it has a newer figure."""
    below = [one for one in indicators_below(index.structure, node) if one in periods.index]
    compared = periods.loc[below]
    newer = compared[compared["before"] != compared["after"]]
    row: dict[str, Any] = {key: change[key] for key in ("before", "after", "own", "others")}
    if node == index.root:
        counts = {"newer": len(newer), "n": len(compared)}
        label: Text = Message("study.index_measure")
        return row | {"label": label, "years": Message("study.change_newer", counts)}
    if newer.empty:
        row |= dict.fromkeys(("own", "others"), Message("study.change_no_newer"))
    label = study.catalogue.domains[node].title
    return row | {"label": label, "years": _compared_years(study, compared)}


def _compared_years(study: Study, compared: pd.DataFrame) -> Words:
    """Name the years that a domain's indicators compare; by indicator where they differ."""
    told = []
    pairs = compared.drop_duplicates()
    for before, after in pairs.itertuples(index=False):
        same = (compared["before"] == before) & (compared["after"] == after)
        labels = [study.catalogue[str(one)].label for one in compared.index[same]]
        key = "study.change_same_figure" if before == after else "study.change_pair"
        words: Text = Message(key, {"before": before, "after": after})
        if len(pairs) > 1:
            words = Message("study.change_of", {"labels": labels, "years": words})
        told.append(words)
    return joined(told, "; ")


def _change_title(study: Study, index: StudyIndex, total: pd.Series[float]) -> Words:
    """Say both places, whether the move is within the span, and whose change it comes from."""
    own: Any = ranked(study, index).set_index("region").loc[study.home]
    before, after = int(total["rank_before"]), int(total["rank_after"])
    low, high = int(own["rank_low"]), int(own["rank_high"])
    told = {
        "place": name(study.home),
        "before": before,
        "after": after,
        "n": len(index.ranks),
        "low": low,
        "high": high,
    }
    if before == after:
        return joined([Message("study.change_title_same", told)])
    within = low <= min(before, after) and max(before, after) <= high
    # The two parts add up to the change, so at least one of them goes its way.
    with_own = total["rank_own"] * total["rank_change"] > 0
    with_others = total["rank_others"] * total["rank_change"] > 0
    whose = "both" if with_own and with_others else "own" if with_own else "others"
    cause = Message(f"study.change_cause_{whose}", told)
    key = "study.change_within" if within else "study.change_beyond"
    return joined([Message("study.change_title", told), Message(key, {**told, "cause": cause})])
