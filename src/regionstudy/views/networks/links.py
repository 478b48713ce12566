"""What hangs on a single organisation, and the way from one to another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from regionstudy.analysis.networks import farthest
from regionstudy.errors import ConfigError
from regionstudy.figures import note, table
from regionstudy.figures.content import Column
from regionstudy.members.contact_paths import contact_path
from regionstudy.views.networks.facts import text

if TYPE_CHECKING:
    from regionstudy.figures.shown import Note, Table
    from regionstudy.views.networks.facts import StudyNetworks
    from regionstudy.words import Message

__all__ = ["leaving_table", "leaving_text", "only_link_table", "path_table"]


def only_link_table(net: StudyNetworks | None) -> Table | Note:
    """
    List the networks that one organisation alone links us to.

    Parameters
    ----------
    net : StudyNetworks or None
        From `study_networks`.

    Returns
    -------
    Table or Note
        A row a network; or a line that there is none, or what is missing.
    """
    if net is None:
        return note(text("missing.networks"), tone="missing")
    if net.single.empty:
        return note(text("only.none"))
    frame = pd.DataFrame(
        {
            "network": net.single["network_id"].map(net.networks),
            "only": net.single["only"].map(net.organisations),
            "theme": net.single["theme"].replace("", "–"),
        }
    )
    columns = [
        Column("network", text("column.network")),
        Column("only", text("column.only")),
        Column("theme", text("column.theme")),
    ]
    return table(
        frame,
        columns=columns,
        title=text(
            "only.title" if len(frame) > 1 else "only.title_one",
            n=len(frame),
            organisation=frame["only"].iloc[0],
            network=frame["network"].iloc[0],
        ),
        caption=text("only.caption"),
        **net.about,
    )


def leaving_table(net: StudyNetworks | None) -> Table | Note:
    """
    Show what would be lost without each organisation.

    Parameters
    ----------
    net : StudyNetworks or None
        From `study_networks`.

    Returns
    -------
    Table or Note
        A row an organisation that something hangs on; or a line that nothing does, or what
        is missing.
    """
    if net is None:
        return note(text("missing.networks"), tone="missing")
    rows = net.losses[(net.losses["lost"] > 0) | (net.losses["parted"] > 0)]
    if rows.empty:
        return note(text("leaving.none"))
    frame = pd.DataFrame(
        {
            "name": rows["org_id"].map(net.organisations),
            "lost": [_listed(net, one) for one in rows["networks"]],
            "n": rows["lost"],
            "parted": rows["parted"],
        }
    )
    columns = [
        Column("name", text("column.leaving")),
        Column("lost", text("column.lost")),
        Column("n", text("column.lost_n"), "number"),
        Column("parted", text("column.parted"), "number"),
    ]
    return table(
        frame,
        columns=columns,
        title=text("leaving.title" if len(frame) > 1 else "leaving.title_one", n=len(frame)),
        caption=text("leaving.caption", n=len(net.losses) - len(frame)),
        **net.about,
    )


def leaving_text(net: StudyNetworks, org_id: str, row: pd.Series[Any]) -> Message:
    """
    Say what would be lost without an organisation.

    Parameters
    ----------
    net : StudyNetworks
        From `study_networks`.
    org_id : str
        The organisation.
    row : Series
        Its row of `StudyNetworks.losses`.

    Returns
    -------
    Message
        One or two sentences.
    """
    told = {
        "organisation": net.organisations[org_id],
        "list": [net.networks[one] for one in row["networks"]],
        "n": int(row["lost"]),
    }
    first = text("leaving.loses" if row["lost"] else "leaving.loses_none", **told)
    if not row["parted"]:
        return first
    return text("joined", list=[first, text("leaving.parted", n=int(row["parted"]))])


def path_table(
    net: StudyNetworks | None, *, start: str | None = None, end: str | None = None
) -> Table | Note:
    """
    Show the shortest way of shared networks from one organisation to another.

    Parameters
    ----------
    net : StudyNetworks or None
        From `study_networks`.
    start, end : str, optional
        The organisations, by id or name; without them, the two that are farthest apart.

    Returns
    -------
    Table or Note
        A row a step; or a line that no way leads there, or what is missing.

    Raises
    ------
    ConfigError
        If one end is given without the other.
    DataError
        If an organisation sits in no network; the nearest is named.
    """
    if net is None:
        return note(text("missing.networks"), tone="missing")
    if (start is None) != (end is None):
        msg = "path_table needs both start and end, or neither for the two farthest apart."
        raise ConfigError(msg)
    ends = farthest(net.found.seats) if start is None or end is None else (start, end)
    if ends is None:
        return note(text("path.nobody"))
    ids = {name.casefold(): one for one, name in net.organisations.items()}
    one, other = (end if end in net.organisations else ids.get(end.casefold(), end) for end in ends)
    found = contact_path(net.found.seats, one, other)
    told = {"start": net.organisations[one], "end": net.organisations[other]}
    if found.empty:
        return note(text("path.none", **told))
    frame = pd.DataFrame(
        {
            "step": found["step"],
            "from": found["from_org"].map(net.organisations),
            "network": found["network_id"].map(net.networks),
            "to": found["to_org"].map(net.organisations),
        }
    )
    frame["step"] = frame["step"].astype("str")
    columns = [
        Column("step", text("column.step")),
        Column("from", text("column.from")),
        Column("network", text("column.through")),
        Column("to", text("column.to")),
    ]
    return table(
        frame,
        columns=columns,
        title=text("path.title" if len(frame) > 1 else "path.title_one", n=len(frame), **told),
        caption=text("path.caption" if start is not None else "path.caption_farthest"),
        **net.about,
    )


def _listed(net: StudyNetworks, ids: tuple[str, ...]) -> Message | str:
    return text("listed", list=[net.networks[one] for one in ids]) if ids else "–"
