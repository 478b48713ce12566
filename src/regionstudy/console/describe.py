"""What `regionstudy describe` prints: an indicator, a table, or a key figure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from regionstudy.catalogue import Catalogue
from regionstudy.console.indicators import describe_indicator
from regionstudy.console.key_figures import describe_kpi
from regionstudy.console.pxweb_tables import describe_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from regionstudy.sources.clients import Clients

__all__ = ["describe_parts"]

_TABLE = re.compile(r"TAB\w*", re.IGNORECASE)
# Letters that are taken for digits are let through, so that the nearest ids are named.
_KPI = re.compile(r"[NU](?=\w*\d)[\dOILS]{4,6}", re.IGNORECASE)


def describe_parts(name: str, *, clients: Clients) -> Iterator[str]:
    """
    Describe what an id stands for.

    Parameters
    ----------
    name : str
        The id of an indicator of the catalogue, a table ("TAB638") or a key figure ("N01951").
    clients : Clients
        The sources' clients.

    Yields
    ------
    str
        A part of the description: first what is known here, then what a service was asked for.

    Raises
    ------
    ConfigError
        If there is no such indicator; the nearest is named.
    SourceError
        If there is no such table or key figure, or the service fails.
    """
    name = name.strip()
    catalogue = Catalogue.load()
    if name not in catalogue and _TABLE.fullmatch(name):
        yield describe_table(name.upper(), clients=clients, catalogue=catalogue)
    elif name not in catalogue and _KPI.fullmatch(name):
        yield describe_kpi(name.upper(), clients=clients, catalogue=catalogue)
    else:
        yield from describe_indicator(catalogue[name], clients=clients)
