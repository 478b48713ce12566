"""What `regionstudy describe` prints of an indicator of the catalogue."""

from __future__ import annotations

import datetime as dt
import warnings
from typing import TYPE_CHECKING

from regionstudy.console.messages import waiting
from regionstudy.console.sample import kolada_request, table_request
from regionstudy.console.status import status_of
from regionstudy.console.tables import facts_text, table_text
from regionstudy.errors import ConfigError, SourceError
from regionstudy.store.fetch.pxweb_series import plan_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from regionstudy.catalogue import Indicator
    from regionstudy.catalogue.source import KoladaSource, ScbSource, ScbTable
    from regionstudy.sources.clients import Clients

__all__ = ["describe_indicator"]

_CERTAINTY = {
    "V": "id and codes verified",
    "V1": "only the older interface's path is verified",
    "V2": "the id is verified, its codes are not",
    "V?": "approximate: check that it is what is meant",
    "U": "not verified",
}


def describe_indicator(entry: Indicator, *, clients: Clients) -> Iterator[str]:
    """
    Describe an indicator.

    Parameters
    ----------
    entry : Indicator
        The catalogue's entry.
    clients : Clients
        The sources' clients. One that fails is warned of, and no error.

    Yields
    ------
    str
        What it is in both languages, where it comes from, and what the store holds of it; then
        each of its tables or its key figure, with the request as a command line; or what may
        be meant where no table's id is known.
    """
    yield f"{entry.id}\n{facts_text(_facts(entry))}"
    source = entry.source
    fetched = source is not None and source.kind == "jobtech"
    try:
        if source is not None and source.kind == "scb":
            fetched = bool(source.tables)
            yield from _tables(entry, source, clients)
        elif source is not None and source.kind == "kolada":
            fetched = bool(source.kpi)
            yield _kpi(entry, source, clients)
    except SourceError as error:
        warnings.warn(f"The source could not be asked. {error}", UserWarning, stacklevel=2)
    if fetched:
        yield f"\nEvery request that it takes: regionstudy fetch --indicator {entry.id} --dry-run"


def _facts(entry: Indicator) -> dict[str, str]:
    row = status_of(None).set_index("indicator").loc[entry.id]
    if row["state"] == "missing":
        held = f"nothing: {row['reason'].rstrip('.')}"
        held += f". Get it with: {row['command']}" if entry.fetchable else ""
    elif row["state"] == "formula":
        held = "computed when asked for"
    else:
        held = (
            f"{row['first']}–{row['last']}, {row['municipality']} municipalities, "
            f"{row['county']} counties, {row['rows']} rows, {row['missing']} missing"
        )
    return {
        "Swedish": f"{entry.title.sv}. {entry.description.sv}",
        "English": f"{entry.title.en}. {entry.description.en}",
        "domain": entry.domain,
        "unit": entry.symbol.en or "(none)",
        "direction": {1: "more attracts", -1: "less attracts", 0: "context"}[entry.direction],
        "role": entry.role,
        "source": str(entry.source or ""),
        "certainty": f"{entry.certainty}: {_CERTAINTY[entry.certainty]}" if entry.source else "",
        "formula": entry.formula,
        "estimate": entry.estimate,
        "breaks": "; ".join(f"{one.period}: {one.note.en}" for one in entry.breaks),
        "in the store": held,
        "note": entry.note,
    }


def _tables(entry: Indicator, source: ScbSource, clients: Clients) -> Iterator[str]:
    if not source.tables:
        yield _offer_tables(entry, clients)
    for table in source.tables:
        with waiting(f"Asking SCB for {table.id}"):
            told = _table(entry, table, clients)
        yield f"\n{facts_text(told)}"


def _table(entry: Indicator, table: ScbTable, clients: Clients) -> dict[str, str]:
    metadata = clients.scb.metadata(table.id)
    metric = metadata.with_role("metric")
    labels = metric.labels if metric is not None else {}
    known = [one.code for one in table.contents if one.code in labels]
    told = {
        "table": f"{table.id} {table.years}".strip(),
        "SCB's title": metadata.label,
        "contents": "; ".join(f"{code} {labels[code]}" for code in known),
        "updated": metadata.updated[:10],
    }
    today = dt.datetime.now(tz=dt.UTC).date()
    try:
        series = plan_table(clients.scb, entry, table, since=None, today=today, refresh=False)
        request = table_request(clients.scb, table)
    except ConfigError as error:
        return told | {"does not fit": str(error)}
    if series is None:
        return told | {"does not fit": f"{table.id} has no period of {table.years}."}
    cells, calls = sum(task.cells for task in series.tasks), len(series.tasks)
    return told | {
        "to know": " ".join(series.told),
        "takes": f"{calls} request{'s' if calls > 1 else ''} for {cells:,} figures",
        "one region of it": request,
    }


def _offer_tables(entry: Indicator, clients: Clients) -> str:
    with waiting("Asking SCB for tables with such a title"):
        near = clients.scb.similar(entry.title.sv)
    if near.empty:
        return (
            "\nThe id of its table is not known, and SCB has none with a word of its title. "
            "Try other words: regionstudy search TEXT --source scb"
        )
    rows = near.assign(
        id=near["table"],
        period=near["first_period"] + "–" + near["last_period"],
        similarity=[f"{one:.0%}" for one in near["similarity"]],
    )
    return (
        "\nThe id of its table is not known. Nearest by title; none has been chosen:\n"
        + table_text(["id", "title", "period", "variables", "similarity"], rows)
        + "\nCompare with regionstudy describe ID, and enter the right one in the catalogue."
    )


def _kpi(entry: Indicator, source: KoladaSource, clients: Clients) -> str:
    with waiting("Asking Kolada"):
        if source.kpi:
            kpi = clients.kolada.metadata(source.kpi).iloc[0]
            told = {
                "key figure": source.kpi,
                "Kolada's title": kpi["title"],
                "published": kpi["publ_period"],
                "some regions of it": kolada_request(
                    clients.kolada, source.kpi, kind=kpi["municipality_type"]
                ),
            }
            return f"\n{facts_text(told)}"
        found = clients.kolada.kpis(source.title or entry.title.sv, empty_ok=True)
    if found.empty:
        return (
            "\nThe id of its key figure is not known, and no title at Kolada has these words. "
            "Try others: regionstudy search TEXT --source kolada"
        )
    return (
        "\nThe id of its key figure is not known. With these words in the title; none has been "
        f"chosen:\n{table_text(['id', 'title', 'publ_period'], found.head(10))}"
    )
