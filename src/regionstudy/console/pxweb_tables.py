"""What `regionstudy describe` prints of a table of SCB."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pandas as pd

from regionstudy.console.entries import table_entry
from regionstudy.console.messages import waiting
from regionstudy.console.sample import chosen_by_default, table_selection
from regionstudy.console.tables import facts_text, table_text
from regionstudy.sources.pxweb_checks import Query
from regionstudy.sources.scb import PxWeb
from regionstudy.sources.selection import total_code

if TYPE_CHECKING:
    from regionstudy.catalogue import Catalogue
    from regionstudy.sources.clients import Clients
    from regionstudy.sources.pxweb_tables import TableMetadata, Variable

__all__ = ["describe_table"]

_VALUES_SHOWN = 4
_LISTS_SHOWN = 4


def describe_table(table: str, *, clients: Clients, catalogue: Catalogue) -> str:
    """
    Describe a table: its variables, contents, periods and traps, as an entry and as a request.

    Parameters
    ----------
    table : str
        The table's id.
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
        If there is no such table (the nearest is named), or the service fails.
    """
    with waiting(f"Asking SCB for {table}"):
        scb = clients.scb
        listed, metadata = scb.table(table), scb.metadata(table)
        needed = chosen_by_default(metadata)
        selection = table_selection(metadata, needed)
        time = metadata.with_role("time")
        # Breaks are looked for in all periods.
        query = Query(table, selection | ({time.code: "*"} if time is not None else {}))
        findings = scb.check(query, table=listed, today=dt.datetime.now(tz=dt.UTC).date())
        one_each = {
            code: metadata.variable(code).codes[0] if chosen == "*" else chosen
            for code, chosen in needed.items()
        }
        request = scb.plan(table, table_selection(metadata, one_each))[0]
        english = _english_title(scb, table)
    periods = time.codes if time is not None else ()
    facts = {
        "Swedish": metadata.label,
        "English": english,
        "source": metadata.source,
        "subject": " > ".join(listed.path),
        "periods": f"{min(periods)}–{max(periods)} ({len(periods)})" if periods else "",
        "updated": metadata.updated[:10],
        "in the catalogue": ", ".join(_entries_with(table, catalogue)),
    }
    parts = [f"{table}\n{facts_text(facts)}", f"\nVariables:\n{_variables(metadata)}"]
    if (metric := metadata.with_role("metric")) is not None:
        parts.append(f"\nContents:\n{_contents(metric)}")
    if findings:
        parts.append("\nTo know:\n" + "\n".join(f"- {finding}" for finding in findings))
    entry = table_entry(metadata, listed, english=english, findings=findings, catalogue=catalogue)
    parts.append(
        "\nAs an entry of the catalogue; paste it into the file of its domain in "
        f"src/regionstudy/catalogue ({', '.join(catalogue.domains)}):\n\n{entry}"
    )
    parts.append(f"\nOne figure of it:\n{scb.as_curl(request)}")
    return "\n".join(parts)


def _english_title(scb: PxWeb, table: str) -> str:
    languages = scb.config().languages
    if languages and "en" not in languages:
        return ""
    return PxWeb(scb.base_url, session=scb.session, lang="en").table(table).label


def _entries_with(table: str, catalogue: Catalogue) -> list[str]:
    return [
        entry.id
        for entry in catalogue.values()
        if entry.source is not None
        and entry.source.kind == "scb"
        and table in [one.id for one in entry.source.tables]
    ]


def _variables(metadata: TableMetadata) -> str:
    rows = [
        {
            "variable": one.code,
            "label": one.label,
            "values": len(one.codes),
            "first_values": "see below"
            if one.role == "metric"
            else _some([_shown(one, code) for code in one.codes], _VALUES_SHOWN),
            "if_not_chosen": _if_not_chosen(one),
            "codelists": _some(
                [f"{code} ({label})" for code, label in one.codelists.items()], _LISTS_SHOWN
            ),
        }
        for one in metadata.variables
    ]
    columns = ["variable", "label", "values", "first_values", "if_not_chosen"]
    if any(row["codelists"] for row in rows):
        columns.append("codelists")
    return table_text(columns, pd.DataFrame(rows))


def _contents(metric: Variable) -> str:
    rows = [
        {"code": code, "text": metric.labels.get(code, code), "unit": metric.units.get(code, "")}
        for code in metric.codes
    ]
    return table_text(["code", "text", "unit"], pd.DataFrame(rows))


def _if_not_chosen(variable: Variable) -> str:
    if len(variable.codes) == 1:
        return "its one value"
    if not variable.elimination:
        return "an error: it must be chosen"
    has_total = total_code(variable.codes, variable.labels) is not None
    return "its total" if has_total else "the service's own total or sum"


def _shown(variable: Variable, code: str) -> str:
    label = variable.labels.get(code, code)
    return code if label == code else f"{code} {label}"


def _some(texts: list[str], most: int) -> str:
    rest = len(texts) - most
    return ", ".join(texts[:most]) + (f" and {rest} more" if rest > 0 else "")
