"""A small request of a source, as an example: one region, the newest period."""

from __future__ import annotations

from typing import TYPE_CHECKING

from regionstudy.geography.code_list import former_regions, region_list
from regionstudy.settings import find_folder, read_settings
from regionstudy.sources.selection import total_code

if TYPE_CHECKING:
    from collections.abc import Mapping

    from regionstudy.catalogue.source import ScbTable
    from regionstudy.sources.kolada import Kolada
    from regionstudy.sources.pxweb_tables import TableMetadata, Variable
    from regionstudy.sources.scb import PxWeb

__all__ = [
    "chosen_by_default",
    "home_regions",
    "kolada_regions",
    "kolada_request",
    "region_variable",
    "table_request",
    "table_selection",
]


def home_regions() -> tuple[str, ...]:
    """
    Give the regions that a sample is taken of.

    Returns
    -------
    tuple of str
        The study's home municipality, its county and the country, by code.

    Raises
    ------
    ConfigError
        If the study's settings are wrong.
    """
    home = read_settings(find_folder()).home
    return home, home[:2], "00"


def region_variable(
    metadata: TableMetadata, breakdowns: Mapping[str, str] | None = None
) -> Variable | None:
    """
    Find the variable whose values are regions.

    Parameters
    ----------
    metadata : TableMetadata
        The table.
    breakdowns : mapping of str to str, optional
        The store's names of variables, as a catalogue entry has them.

    Returns
    -------
    Variable or None
        The one called "region" there, or "Region" in the table, or the first of which most
        values are codes of regions; None where the table has none.
    """
    named = {
        "region": "region",
        **{code.casefold(): one for code, one in (breakdowns or {}).items()},
    }
    known = former_regions() | region_list()
    for one in metadata.variables:
        if named.get(one.code.casefold()) == "region":
            return one
    for one in metadata.variables:
        if not one.role and sum(code in known for code in one.codes) > len(one.codes) / 2:
            return one
    return None


def chosen_by_default(metadata: TableMetadata) -> dict[str, str]:
    """
    Choose values of the variables that must be chosen.

    Parameters
    ----------
    metadata : TableMetadata
        The table.

    Returns
    -------
    dict of str to str
        "total" by variable, or "*" for all values where none is their total. Regions, periods,
        contents, and variables that may be left out, are not in it.
    """
    region = region_variable(metadata)
    return {
        one.code: "*" if total_code(one.codes, one.labels) is None else "total"
        for one in metadata.variables
        if not one.role and one != region and not one.elimination and len(one.codes) > 1
    }


def table_selection(
    metadata: TableMetadata,
    chosen: Mapping[str, str | tuple[str, ...]],
    *,
    breakdowns: Mapping[str, str] | None = None,
    contents: str = "",
    until: str = "",
) -> dict[str, str | tuple[str, ...]]:
    """
    Choose one region, the newest period and one contents, and of the rest what is asked for.

    Parameters
    ----------
    metadata : TableMetadata
        The table.
    chosen : mapping of str to str or tuple of str
        Values of other variables; they win.
    breakdowns : mapping of str to str, optional
        As for `region_variable`.
    contents : str
        The code or text of the contents; the first if not given.
    until : str
        The last year; empty for the table's own.

    Returns
    -------
    dict
        The selection, for `PxWeb.plan`.
    """
    selection: dict[str, str | tuple[str, ...]] = {}
    region = region_variable(metadata, breakdowns)
    if region is not None:
        here = [code for code in home_regions() if code in region.codes]
        selection[region.code] = (here or list(region.codes))[0]
    time, metric = metadata.with_role("time"), metadata.with_role("metric")
    if time is not None:
        within = [code for code in time.codes if not until or code[:4] <= until]
        selection[time.code] = max(within, default=max(time.codes))
    if metric is not None:
        selection[metric.code] = contents or metric.codes[0]
    return selection | dict(chosen)


def table_request(client: PxWeb, table: ScbTable) -> str:
    """
    Write what an entry asks of its table as a command line, for one region and period.

    Parameters
    ----------
    client : PxWeb
        The service; it is asked for the table's metadata.
    table : ScbTable
        The entry's table.

    Returns
    -------
    str
        A curl command.

    Raises
    ------
    ConfigError
        If the entry does not fit the table.
    SourceError
        If there is no such table, or the service fails.
    """
    metadata = client.metadata(table.id)
    first = table.contents[0] if table.contents else None
    selection = table_selection(
        metadata,
        {**table.select, **table.fixed},
        breakdowns=table.breakdowns,
        contents=(first.text or first.code) if first else "",
        until=table.years.rpartition("-")[2],
    )
    requests = client.plan(table.id, selection, codelists=table.codelists)
    return client.as_curl(requests[0])


def kolada_request(client: Kolada, kpi: str, *, kind: str = "A") -> str:
    """
    Write the request for a key figure's values as a command line, for the study's own regions.

    Parameters
    ----------
    client : Kolada
        The service; nothing is asked of it.
    kpi : str
        The key figure's id.
    kind : {"K", "L", "A"}
        Whether it is published for municipalities, regions, or both.

    Returns
    -------
    str
        A curl command.
    """
    regions = kolada_regions(kind)
    return client.as_curl(client.plan(kpi, regions=regions)[-1])


def kolada_regions(kind: str) -> list[str]:
    """
    Give the study's own regions as far as a key figure is published for them.

    Parameters
    ----------
    kind : {"K", "L", "A"}
        Whether it is published for municipalities, regions, or both.

    Returns
    -------
    list of str
        SCB's codes.
    """
    lengths = {"K": (4,), "L": (2,)}.get(kind, (2, 4))
    return [code for code in home_regions() if len(code) in lengths]
