"""Networks: who sits where, whom that reaches, and what hangs on a single organisation."""

from regionstudy.analysis.networks.export import formula_safe, graph_edges, graph_nodes, graphml
from regionstudy.analysis.networks.gaps import theme_gaps
from regionstudy.analysis.networks.mapping import NetworkMap, map_networks
from regionstudy.analysis.networks.overlap import overlaps, redundant
from regionstudy.analysis.networks.reaching import Reach, drop_member, farthest, losses, reach
from regionstudy.analysis.networks.roles import brokerage

__all__ = [
    "NetworkMap",
    "Reach",
    "brokerage",
    "drop_member",
    "farthest",
    "formula_safe",
    "graph_edges",
    "graph_nodes",
    "graphml",
    "losses",
    "map_networks",
    "overlaps",
    "reach",
    "redundant",
    "theme_gaps",
]
