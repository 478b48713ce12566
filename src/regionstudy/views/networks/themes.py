"""Themes with and without us, and networks that gather the same organisations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from regionstudy.analysis.networks import redundant
from regionstudy.figures import note, table
from regionstudy.figures.cluster_captions import within_sentence
from regionstudy.figures.content import Column, as_text
from regionstudy.views.networks.facts import text

if TYPE_CHECKING:
    from regionstudy.figures.shown import Note, Table
    from regionstudy.views.networks.facts import StudyNetworks
    from regionstudy.words import Message, Text

__all__ = ["network_theme_table", "overlap_table"]

# Pairs shown, and how many organisations a pair must share to tell anything.
_PAIRS, _FEWEST = 8, 2


def network_theme_table(net: StudyNetworks | None) -> Table | Note:
    """
    Show who of us sits in networks on which theme, by cluster.

    Parameters
    ----------
    net : StudyNetworks or None
        From `study_networks`.

    Returns
    -------
    Table or Note
        A row a theme, those without us first; or what is missing.
    """
    if net is None:
        return note(text("missing.networks"), tone="missing")
    if net.themes.empty:
        return note(text("missing.themes"), tone="missing")
    counts = _by_cluster(net)
    said: Any = [_state(net, row) for row in net.themes.itertuples()]
    frame = net.themes.assign(said=said)
    known = [one for one in net.clusters if one in counts.columns]
    known += [one for one in counts.columns if one not in known]
    for cluster in known:
        frame[f"in {cluster}"] = frame["theme"].map(counts[cluster]).fillna(0).astype(int)
    columns = [
        Column("theme", text("column.theme")),
        Column("said", text("column.state")),
        Column("networks", text("column.known"), "number"),
        Column("reached", text("column.reached"), "number"),
        *(Column(f"in {one}", net.clusters.get(one, as_text(one)), "number") for one in known),
    ]
    absent = [
        within_sentence(as_text(str(one))) for one in frame.loc[frame["reached"] == 0, "theme"]
    ]
    title = text("theme.title" if absent else "theme.title_none", list=absent)
    return table(frame, columns=columns, title=title, caption=text("theme.caption"), **net.about)


def overlap_table(net: StudyNetworks | None) -> Table | Note:
    """
    Show the pairs of networks that gather most of the same organisations.

    Parameters
    ----------
    net : StudyNetworks or None
        From `study_networks`.

    Returns
    -------
    Table or Note
        A row a pair, the most alike first; or a line that there is none, or what is missing.
    """
    if net is None:
        return note(text("missing.networks"), tone="missing")
    rows = net.found.overlaps
    rows = rows[rows["shared"] >= _FEWEST]
    rows = rows.sort_values(["jaccard", "shared"], ascending=False, kind="stable").head(_PAIRS)
    if rows.empty:
        return note(text("overlap.none"))
    frame = pd.DataFrame(
        {
            "first": rows["network_a"].map(net.networks),
            "second": rows["network_b"].map(net.networks),
            "shared": rows["shared"],
            "either": rows["either"],
            "alike": 100 * rows["jaccard"],
            "said": [_within(net, row) for row in rows.itertuples()],
        }
    )
    columns = [
        Column("first", text("column.first")),
        Column("second", text("column.second")),
        Column("shared", text("column.shared"), "number"),
        Column("either", text("column.either"), "number"),
        Column("alike", text("column.alike"), "number"),
        Column("said", text("column.within")),
    ]
    alike = len(redundant(net.found.overlaps))
    which = "overlap.title" if alike > 1 else "overlap.title_one"
    return table(
        frame,
        columns=columns,
        title=text(which if alike else "overlap.title_none", n=alike),
        caption=text("overlap.caption"),
        **net.about,
    )


def _by_cluster(net: StudyNetworks) -> pd.DataFrame:
    """Count the organisations of each cluster that sit in networks on each theme."""
    cluster = net.found.organisations.set_index("org_id")["cluster"]
    theme = net.found.networks.set_index("network_id")["theme"]
    # As `theme_gaps` spells it: the first spelling of a theme stands for all.
    spelt = {str(one).casefold(): one for one in net.themes["theme"]}
    seats = net.found.seats
    frame = pd.DataFrame(
        {
            "theme": seats["network_id"].map(theme).str.casefold().map(spelt),
            "cluster": seats["org_id"].map(cluster),
            "org_id": seats["org_id"],
        }
    )
    frame = frame.dropna().drop_duplicates()
    return pd.crosstab(frame["theme"], frame["cluster"])


def _state(net: StudyNetworks, row: Any) -> Message:
    if row.state == "one":
        return text("theme.one", organisation=net.organisations[row.only])
    return text(f"theme.{row.state}", n=int(row.organisations))


def _within(net: StudyNetworks, row: Any) -> Text | str:
    if row.within == "both":
        return text("overlap.same")
    if not row.within:
        return "–"
    small, large = (row.network_a, row.network_b)[:: 1 if row.within == "a" else -1]
    return text("overlap.within", small=net.networks[small], large=net.networks[large])
