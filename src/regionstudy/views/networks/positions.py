"""Where each organisation stands: whom it meets, and between whom it is the link."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from regionstudy.figures import note, table
from regionstudy.figures.content import Column
from regionstudy.views.networks.facts import text

if TYPE_CHECKING:
    from regionstudy.figures.shown import Note, Table
    from regionstudy.views.networks.facts import StudyNetworks

__all__ = ["circle_table", "position_table"]


def position_table(net: StudyNetworks | None) -> Table | Note:
    """
    Show how each organisation stands among the others.

    Parameters
    ----------
    net : StudyNetworks or None
        From `study_networks`.

    Returns
    -------
    Table or Note
        A row an organisation, those that link most first; or what is missing.
    """
    if net is None:
        return note(text("missing.networks"), tone="missing")
    rows = net.found.organisations.sort_values(
        ["between_clusters", "betweenness", "networks"],
        ascending=False,
        kind="stable",
        ignore_index=True,
    )
    cluster = rows["cluster"].map(net.clusters).where(rows["cluster"].notna(), "–")
    frame = pd.DataFrame(
        {
            "name": rows["org_id"].map(net.organisations),
            "cluster": cluster.where(cluster.notna(), rows["cluster"]),
            "networks": rows["networks"],
            "meets": rows["meets"],
            "between": rows["between_clusters"],
            "bridge": 100 * rows["betweenness"],
            "core": rows["core"],
        }
    )
    columns = [
        Column("name", text("column.organisation")),
        Column("between", text("column.between"), "number"),
        Column("meets", text("column.meets"), "number"),
        Column("networks", text("column.networks"), "number"),
        Column("bridge", text("column.bridge"), "number"),
        Column("core", text("column.core"), "number"),
        Column("cluster", text("column.cluster")),
    ]
    first = frame.iloc[0]
    title = (
        text("position.title", organisation=first["name"], n=int(first["between"]))
        if first["between"] > 0
        else text("position.title_none")
    )
    return table(frame, columns=columns, title=title, caption=text("position.caption"), **net.about)


def circle_table(net: StudyNetworks | None) -> Table | Note:
    """
    Show the circles: organisations that meet each other more than the rest.

    Parameters
    ----------
    net : StudyNetworks or None
        From `study_networks`.

    Returns
    -------
    Table or Note
        A row a circle, the largest first; or what is missing.
    """
    if net is None:
        return note(text("missing.networks"), tone="missing")
    rows, networks = net.found.organisations, net.found.networks
    numbers = sorted(set(rows["community"]) - {0})
    if not numbers:
        return note(text("circle.none"))
    members = [list(rows.loc[rows["community"] == one, "org_id"]) for one in numbers]
    held = [list(networks.loc[networks["community"] == one, "network_id"]) for one in numbers]
    frame = pd.DataFrame(
        {
            "circle": [
                text("circle.name", n=int(one), size=len(held_by))
                for one, held_by in zip(numbers, members, strict=True)
            ],
            "members": [
                text("listed", list=[net.organisations[o] for o in one]) for one in members
            ],
            "held": [
                text("listed", list=[net.networks[o] for o in one]) if one else "–" for one in held
            ],
        }
    )
    columns = [
        Column("circle", text("column.circle")),
        Column("members", text("column.members")),
        Column("held", text("column.held")),
    ]
    return table(
        frame,
        columns=columns,
        title=text("circle.title" if len(frame) > 1 else "circle.title_one", n=len(frame)),
        caption=text("circle.caption", seed=net.found.seed),
        **net.about,
    )
