"""What `regionstudy describe` prints of a key figure of Kolada."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from regionstudy.console.entries import kpi_entry
from regionstudy.console.messages import waiting
from regionstudy.console.sample import kolada_regions, kolada_request
from regionstudy.console.tables import facts_text
from regionstudy.geography import name

if TYPE_CHECKING:
    from regionstudy.catalogue import Catalogue
    from regionstudy.sources.clients import Clients

__all__ = ["describe_kpi"]

_FOR = {"K": "municipalities", "L": "regions and the country", "A": "municipalities and regions"}


def describe_kpi(kpi: str, *, clients: Clients, catalogue: Catalogue) -> str:
    """
    Describe a key figure: what it is and for whom, as an entry and as a request.

    Parameters
    ----------
    kpi : str
        The key figure's id.
    clients : Clients
        The sources' clients.
    catalogue : Catalogue
        Where the entry is to stand: its ids are avoided, its units used.

    Returns
    -------
    str
        The description, ready to print.

    Raises
    ------
    SourceError
        If there is no such key figure (the nearest are named), or the service fails.
    """
    with waiting(f"Asking Kolada for {kpi}"):
        known = clients.kolada.metadata(kpi).iloc[0]
        kind = known["municipality_type"]
        regions = kolada_regions(kind)
        held = clients.kolada.data(kpi, regions=regions, empty_ok=True)
    divided = known["is_divided_by_gender"]
    sexes = bool(pd.notna(divided) and divided)
    published = held[held["value"].notna()]
    first = str(published["period"].min()) if len(published) else ""
    facts = {
        "title": known["title"],
        "description": " ".join(known["description"].split()),
        "subject": known["operating_area"],
        "perspective": known["perspective"],
        "published for": _FOR.get(kind, kind),
        "variables": "region, year, sex (total, women, men)" if sexes else "region, year",
        "newest period": known["publ_period"],
        "published": _day(known["publication_date"]),
        "next preliminary": _day(known["prel_publication_date"]),
        "figures": _figures(published, regions),
        "in the catalogue": ", ".join(
            entry.id
            for entry in catalogue.values()
            if entry.source is not None
            and entry.source.kind == "kolada"
            and entry.source.kpi == kpi
        ),
    }
    entry = kpi_entry(known, sexes=sexes, first=first, catalogue=catalogue)
    request = kolada_request(clients.kolada, kpi, kind=kind)
    return "\n".join(
        [
            f"{kpi}\n{facts_text(facts)}",
            "\nAs an entry of the catalogue; paste it into the file of its domain in "
            f"src/regionstudy/catalogue ({', '.join(catalogue.domains)}):\n\n{entry}",
            f"\nA few figures of it:\n{request}",
        ]
    )


def _figures(published: pd.DataFrame, regions: list[str]) -> str:
    """Tell of the study's own regions since when there are figures, and the newest of them."""
    totals = published[published["sex"] == "total"]
    told = []
    for region in regions:
        own = totals[totals["region"] == region].sort_values("period")
        if own.empty:
            told.append(f"{name(region)}: none")
            continue
        newest = own.iloc[-1]
        told.append(
            f"{name(region)} {own['period'].iloc[0]}–{newest['period']} "
            f"({len(own)}), newest {newest['value']:.10g}"
        )
    return "; ".join(told)


def _day(day: pd.Timestamp) -> str:
    return "" if pd.isna(day) else f"{day:%Y-%m-%d}"
