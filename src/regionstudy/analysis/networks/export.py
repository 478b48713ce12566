"""The map as Gephi and Kumu read it; nothing of persons is in it."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import networkx as nx
import pandas as pd

if TYPE_CHECKING:
    from regionstudy.analysis.networks.mapping import NetworkMap

__all__ = ["formula_safe", "graph_edges", "graph_nodes", "graphml"]

# Only these leave; a column that an organisation adds to its workbook stays where it is.
_OF_ORGANISATION = ("cluster", "level", "municipality")
_OF_NETWORK = ("theme", "kind")
# Characters that no XML document can hold.
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def graph_nodes(found: NetworkMap) -> pd.DataFrame:
    """
    List organisations and networks, as both programs want them.

    Parameters
    ----------
    found : NetworkMap
        From `map_networks`.

    Returns
    -------
    DataFrame
        ``Id`` ("org:" or "net:" and the id, so that one of each kind may share it),
        ``Label``, ``Type`` ("organisation" or "network"), what is known of ``cluster``,
        ``level``, ``municipality``, ``theme`` and ``kind``, and the measures.
    """
    kinds = (
        (found.organisations, "org_id", "org:", "organisation", "networks", _OF_ORGANISATION),
        (found.networks, "network_id", "net:", "network", "organisations", _OF_NETWORK),
    )
    parts = []
    for frame, key, prefix, kind, links, known in kinds:
        label = frame["name"].fillna(frame[key]) if "name" in frame else frame[key]
        part = pd.DataFrame({"Id": prefix + frame[key], "Label": label.astype("str"), "Type": kind})
        for column in (*_OF_ORGANISATION, *_OF_NETWORK):
            part[column] = (
                frame[column].fillna("").astype("str")
                if column in known and column in frame
                else ""
            )
        part["links"] = frame[links]
        part["betweenness"] = frame["betweenness"].round(6)
        part["community"] = frame["community"]
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def graph_edges(found: NetworkMap) -> pd.DataFrame:
    """
    List seats, as both programs want them.

    Parameters
    ----------
    found : NetworkMap
        From `map_networks`.

    Returns
    -------
    DataFrame
        ``Source`` and ``Target`` (ids of `graph_nodes`), which Gephi reads; ``From`` and
        ``To`` (their labels), which Kumu reads; ``Type`` and ``Direction`` ("Undirected" for
        each of them) and ``bridge`` ("yes" where it alone holds two parts together).
    """
    source, target = "org:" + found.seats["org_id"], "net:" + found.seats["network_id"]
    label = graph_nodes(found).set_index("Id")["Label"]
    return pd.DataFrame(
        {
            "Source": source,
            "Target": target,
            "From": source.map(label),
            "To": target.map(label),
            "Type": "Undirected",
            "Direction": "undirected",
            "bridge": found.seats["bridge"].map({True: "yes", False: "no"}).astype("str"),
        }
    )


def formula_safe(frame: pd.DataFrame) -> str:
    """
    Write a frame as CSV that no spreadsheet takes for formulas.

    Parameters
    ----------
    frame : DataFrame
        What to write.

    Returns
    -------
    str
        The CSV; a text that begins as a formula does has an apostrophe before it.

    Examples
    --------
    >>> print(formula_safe(pd.DataFrame({"Label": ["=1+1", "Ånge"], "links": [-1, 2]})))
    Label,links
    '=1+1,-1
    Ånge,2
    <BLANKLINE>
    """
    texts = list(frame.select_dtypes(include=["object", "str"]).columns)
    begins = re.compile(r"^(?=[=+\-@\t\r\n])")
    safe = frame[texts].apply(lambda text: text.str.replace(begins, "'", regex=True))
    return frame.assign(**{name: safe[name] for name in texts}).to_csv(
        index=False, lineterminator="\n"
    )


def graphml(found: NetworkMap) -> bytes:
    """
    Write the two-mode graph as GraphML.

    Parameters
    ----------
    found : NetworkMap
        From `map_networks`.

    Returns
    -------
    bytes
        A document in UTF-8, with the places of the layout.
    """
    graph: nx.Graph[str] = nx.Graph()
    nodes = graph_nodes(found)
    nodes[["x", "y"]] = pd.concat(
        [found.organisations[["x", "y"]], found.networks[["x", "y"]]], ignore_index=True
    )
    texts = list(nodes.select_dtypes(include=["object", "str"]).columns)
    nodes[texts] = nodes[texts].apply(lambda text: text.str.replace(_NO_XML, "", regex=True))
    for row in nodes.to_dict("records"):
        known = {key: one for key, one in row.items() if key != "Id" and pd.notna(one)}
        graph.add_node(row["Id"], **{str(key).lower(): one for key, one in known.items()})
    for row in graph_edges(found).to_dict("records"):
        graph.add_edge(row["Source"], row["Target"], bridge=row["bridge"])
    made = io.BytesIO()
    nx.write_graphml(graph, made)
    return made.getvalue()
