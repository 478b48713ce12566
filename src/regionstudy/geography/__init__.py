"""
Regions: codes and their history, boundaries, membership, neighbours and peers.

Asking for a code is cheap; pandas and geopandas are loaded only when a function
that needs them is first used, so that the command line starts at once.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from regionstudy.geography.codes import (
    label,
    level_of,
    name,
    parent,
    region_list,
    require_region,
    valid_codes,
)
from regionstudy.geography.membership import municipalities_in, selection

if TYPE_CHECKING:
    from regionstudy.geography.adjacency import neighbours, surroundings
    from regionstudy.geography.boundaries import label_points, outline, regions
    from regionstudy.geography.peer_groups import PeerGroup, peers
    from regionstudy.geography.recoding import blank_before_formed, recode

__all__ = [
    "PeerGroup",
    "blank_before_formed",
    "label",
    "label_points",
    "level_of",
    "municipalities_in",
    "name",
    "neighbours",
    "outline",
    "parent",
    "peers",
    "recode",
    "region_list",
    "regions",
    "require_region",
    "selection",
    "surroundings",
    "valid_codes",
]

# The modules are not named like the functions: importing one would hide the other.
_HOMES = {
    "PeerGroup": "peer_groups",
    "blank_before_formed": "recoding",
    "label_points": "boundaries",
    "neighbours": "adjacency",
    "outline": "boundaries",
    "peers": "peer_groups",
    "recode": "recoding",
    "regions": "boundaries",
    "surroundings": "adjacency",
}


def __getattr__(attribute: str) -> Any:
    if attribute not in _HOMES:
        msg = f"module {__name__!r} has no attribute {attribute!r}"
        raise AttributeError(msg)
    return getattr(import_module(f"{__name__}.{_HOMES[attribute]}"), attribute)


def __dir__() -> list[str]:
    return list(__all__)
