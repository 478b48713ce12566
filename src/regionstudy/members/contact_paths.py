"""The shortest way from one organisation to another, from contact to contact."""

from __future__ import annotations

import difflib

import networkx as nx
import pandas as pd

from regionstudy.errors import DataError

__all__ = ["contact_path"]

_COLUMNS = ["step", "from_org", "network_id", "to_org", "same_contact"]


def contact_path(seats: pd.DataFrame, start: str, end: str) -> pd.DataFrame:
    """
    Find the shortest way from one organisation to another.

    A step is a network where both have a seat. A way is the shorter the fewer times a matter
    must be handed over, from person to person within an organisation too: where one contact
    sits in two networks, the matter goes on by itself.

    Parameters
    ----------
    seats : DataFrame
        ``org_id``, ``network_id`` and, where known, ``contact``: a row a seat. Contacts of one
        name are one person within an organisation, and never across two.
    start, end : str
        The organisations' ids.

    Returns
    -------
    DataFrame
        A row a step: ``step`` (1, 2, ...), ``from_org``, ``network_id``, ``to_org``, and
        ``same_contact``: "yes" where the one who sits there for `from_org` also sits in the
        network of the step before, "no" where another must be asked, "" where it is the first
        step or the contact is not known. No names. No row where no way leads there.

    Raises
    ------
    DataError
        If `start` or `end` has no seat (the nearest is named), or both are the same.

    Examples
    --------
    >>> seats = pd.DataFrame({"org_id": ["x", "y", "y", "z"],
    ...     "network_id": ["p", "p", "q", "q"], "contact": ["A", "B", "B", "C"]})
    >>> contact_path(seats, "x", "z")
       step from_org network_id to_org same_contact
    0     1        x          p      y
    1     2        y          q      z          yes
    """
    held = seats.assign(contact=seats.get("contact", ""))
    held = held[["org_id", "network_id", "contact"]].fillna("").astype("str")
    # The same seats give the same way, whatever the order of rows.
    held = held.drop_duplicates().sort_values(list(held.columns), kind="stable")
    known = sorted(set(held["org_id"]))
    for one in (start, end):
        if one not in known:
            near = difflib.get_close_matches(one, known, n=1)
            hint = f' Did you mean "{near[0]}"?' if near else ""
            msg = f'No organisation "{one}" has a seat in a network, so no path starts there.{hint}'
            raise DataError(msg)
    if start == end:
        msg = f'Both ends of the path are "{start}". Give two organisations.'
        raise DataError(msg)
    graph: nx.Graph[tuple[str, ...]] = nx.Graph()
    for org, network, contact in held.itertuples(index=False, name=None):
        # A contact who is not known is another in each network.
        person = ("person", org, contact, "" if contact.strip() else network)
        graph.add_edge(("org", org), person)
        graph.add_edge(person, ("network", network))
    try:
        nodes: list[tuple[str, ...]] = nx.shortest_path(graph, ("org", start), ("org", end))
    except nx.NetworkXNoPath:
        return pd.DataFrame(columns=_COLUMNS)
    return pd.DataFrame(_steps(nodes), columns=_COLUMNS)


def _steps(nodes: list[tuple[str, ...]]) -> list[tuple[int, str, str, str, str]]:
    """Read a step at each network of the way: the persons before and after it."""
    steps: list[tuple[int, str, str, str, str]] = []
    arrived: tuple[str, ...] = ()
    for at, (kind, *name) in enumerate(nodes):
        if kind != "network":
            continue
        before, after = nodes[at - 1], nodes[at + 1]
        if not steps or not (before[2].strip() and arrived[2].strip()):
            same = ""
        else:
            same = "yes" if before == arrived else "no"
        steps.append((len(steps) + 1, before[1], name[0], after[1], same))
        arrived = after
    return steps
