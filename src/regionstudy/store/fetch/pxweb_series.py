"""A catalogue entry's question to a PxWeb table, checked and planned."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import TYPE_CHECKING, Any

from regionstudy.catalogue.source import Contents
from regionstudy.errors import ConfigError
from regionstudy.geography.code_list import former_regions, region_list
from regionstudy.sources.pxweb_checks import Query
from regionstudy.sources.pxweb_periods import time_unit, year_of
from regionstudy.sources.pxweb_requests import resolve_contents
from regionstudy.sources.pxweb_tables import Table
from regionstudy.sources.selection import nearest
from regionstudy.store.fetch.pxweb_tidy import Reading, observe
from regionstudy.store.fetch.tasks import Series, Task

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from regionstudy.catalogue import Indicator
    from regionstudy.catalogue.source import ScbTable
    from regionstudy.sources.pxweb_requests import Request
    from regionstudy.sources.pxweb_tables import TableMetadata, Variable
    from regionstudy.sources.scb import PxWeb

__all__ = ["plan_table"]

# The store's names of the variables that many tables have; an entry may name others.
_BREAKDOWNS = {
    "Kon": "sex",
    "Alder": "age",
    "SNI2007": "industry",
    "Yrke2012": "occupation",
    "UtbildningsNiva": "education",
    "Utbildning": "education",
    "Fodelseregion": "birth_region",
    "Upplatelseform": "tenure",
    "Region": "region",
}
_GOOD_FOR = dt.timedelta(days=1)


def plan_table(
    client: PxWeb,
    indicator: Indicator,
    table: ScbTable,
    *,
    since: int | None,
    today: dt.date,
    refresh: bool,
) -> Series | None:
    """
    Check an indicator's question against a table's metadata, and split it into requests.

    Parameters
    ----------
    client : PxWeb
        The service; asked for limits, metadata and codelists only.
    indicator : Indicator
        The catalogue's entry.
    table : ScbTable
        Which of its tables.
    since : int or None
        The first year wanted; None for all.
    today : date
        To see whether the table has frozen.
    refresh : bool
        Whether to ask for the metadata although the cache has them: their stamp is then today's.

    Returns
    -------
    Series or None
        None where the table has no period from `since` on.

    Raises
    ------
    ConfigError
        If the question does not fit the table: every fault, with the nearest that would.
    SourceError
        If the service has no such table, or fails.
    """
    first, last = _span(table, since)
    if first > last:
        return None
    metadata = client.metadata(table.id, refresh=refresh)
    time = _variable_of(metadata, "time")
    columns = {one.code: _column(table, one) for one in metadata.variables}
    told: list[str] = []
    region = _region(metadata, columns)
    regions = _regions(region, indicator, told) if region.code not in table.select else ()
    periods = [code for code in time.codes if first <= year_of(code) <= last]
    if not periods:
        return None
    contents, unchecked = _contents(metadata, table)
    told += unchecked
    selection: dict[str, Any] = {key: _listed(value) for key, value in table.select.items()}
    selection |= {key: [value] for key, value in table.fixed.items()}
    selection |= {time.code: periods} | ({region.code: regions} if regions else {})
    metric = metadata.with_role("metric")
    if metric is not None:
        selection[metric.code] = list(contents)
    query = Query(
        table.id,
        selection,
        table.codelists,
        contents={code: one.text for code, one in contents.items() if one.text},
        breaks={one.period: one.note.en for one in indicator.breaks},
    )
    # A closed series and elections are expected to stand still.
    alive = indicator.update not in ("closed", "election", "none")
    findings = client.check(query, table=_listing(metadata, time), today=today if alive else None)
    if faults := [str(finding) for finding in findings if finding.forbids]:
        raise ConfigError(" ".join(faults))
    told += [str(finding) for finding in findings]
    requests = client.plan(table.id, selection, codelists=table.codelists)
    kept = set(table.select) | {region.code}
    reading = Reading(
        indicator,
        table,
        {code: column for code, column in columns.items() if code in kept},
        time.code,
        metric.code if metric is not None else "",
        {code: one.name for code, one in contents.items() if one.name},
        _in_words(table, contents, selection, region.code, time.code),
        _licence(client, indicator),
    )
    tasks = tuple(_task(client, metadata, request) for request in requests)
    read = partial(observe, reading)
    return Series(indicator, "scb", table.id, tasks, metadata.updated, tuple(told), read)


def _task(client: PxWeb, metadata: TableMetadata, request: Request) -> Task:
    command = client.as_curl(request)
    return Task(
        source="scb",
        key=f"{command} {metadata.updated}",
        what=f"{metadata.id} {metadata.label}",
        cells=request.cells,
        calls=1,
        asks=", ".join(
            f"{one.variable} {one.codes[0]}–{one.codes[-1]} ({len(one.codes)})"
            for one in request.choices
            if len(one.codes) > 1
        ),
        command=command,
        run=partial(client.run, [request]),
        # Without a stamp, a kept answer is as old as it is.
        good_for=None if metadata.updated else _GOOD_FOR,
    )


def _variable_of(metadata: TableMetadata, role: str) -> Variable:
    found = metadata.with_role(role)
    if found is None:
        msg = f"{metadata.id} has no variable of {role}. Correct its entry in the catalogue."
        raise ConfigError(msg)
    return found


def _column(table: ScbTable, variable: Variable) -> str:
    usual = _BREAKDOWNS.get(variable.code, variable.code.lower())
    return table.breakdowns.get(variable.code, usual)


def _region(metadata: TableMetadata, columns: Mapping[str, str]) -> Variable:
    found = [code for code, column in columns.items() if column == "region"]
    if len(found) != 1:
        shown = ", ".join(f"{one.code} ({one.label})" for one in metadata.variables)
        msg = (
            f"{metadata.id}: {len(found) or 'none'} of its variables is the region: {shown}. "
            f'Say which in the catalogue: breakdowns = {{ Code = "region" }}.'
        )
        raise ConfigError(msg)
    return metadata.variable(found[0])


def _regions(variable: Variable, indicator: Indicator, told: list[str]) -> list[str]:
    """Give the table's own codes of the wanted levels; what the store can not hold is told."""
    known = former_regions() | region_list()
    found = [
        code for code in variable.codes if code in known and known[code].level in indicator.levels
    ]
    lacking = set(indicator.levels) - {known[code].level for code in found}
    if lacking:
        told.append(
            f"{indicator.id}: no codes of {', '.join(sorted(lacking))} that the store can hold "
            f"among the table's {len(variable.codes)} regions; left out."
        )
    if not found:
        shown = ", ".join(variable.codes[:5])
        msg = (
            f"{indicator.id}: none of the table's regions ({shown}, …) is of the levels "
            f"{', '.join(indicator.levels)}. Choose them with select.{variable.code}."
        )
        raise ConfigError(msg)
    return found


def _span(table: ScbTable, since: int | None) -> tuple[int, int]:
    """Give the first and the last year that are wanted of a table; in that order, or none is."""
    first, dash, last = table.years.partition("-")
    return max(int(first or 0), since or 0), int((last if dash else first) or 9999)


def _contents(metadata: TableMetadata, table: ScbTable) -> tuple[dict[str, Contents], list[str]]:
    """Resolve contents by their text; one whose text nobody has seen is taken, and told."""
    metric = metadata.with_role("metric")
    if metric is None:
        return {}, []
    labels = {code: metric.labels.get(code, code) for code in metric.codes}
    wanted = table.contents if table.measure else table.contents[:1]
    if not wanted:
        if len(labels) != 1:
            shown = "; ".join(f"{code} ({text})" for code, text in labels.items())
            msg = f"{metadata.id} has {len(labels)} contents. Name one in the catalogue: {shown}."
            raise ConfigError(msg)
        wanted = (Contents(code=next(iter(labels))),)
    found: dict[str, Contents] = {}
    told = []
    for one in wanted:
        if one.text:
            code = resolve_contents(metadata, one.text, code=one.code)
        elif one.code in labels:
            code = one.code
            told.append(
                f'{metadata.id}: {code} is called "{labels[code]}"; the catalogue has no text to '
                f"check it by. Check that it is the figure meant, then add its text."
            )
        else:
            shown = "; ".join(f"{code} ({text})" for code, text in list(labels.items())[:8])
            msg = (
                f"{metadata.id} has no contents {one.code}.{nearest(one.code, labels)} "
                f"It has {shown}."
            )
            raise ConfigError(msg)
        found[code] = one
    return found, told


def _listing(metadata: TableMetadata, time: Variable) -> Table:
    """Make the table's entry of the service's list from what the metadata says too."""
    last = max(time.codes, default="")
    return Table(
        metadata.id,
        metadata.label,
        updated=metadata.updated,
        last_period=last,
        time_unit=time_unit(last),
        discontinued=metadata.discontinued,
    )


def _in_words(
    table: ScbTable,
    contents: Mapping[str, Contents],
    selection: Mapping[str, Sequence[str]],
    *lists: str,
) -> str:
    """Say what was chosen, short enough for a source line: long lists by their length."""
    parts = [f"ContentsCode={','.join(contents)}"] if contents else []
    for code, chosen in selection.items():
        if code in lists:
            parts.append(f"{code}={chosen[0]}–{chosen[-1]} ({len(chosen)})")
        elif code in table.select or code in table.fixed:
            parts.append(f"{code}={','.join(chosen)}")
    return f"tables/{table.id}/data: {'; '.join(parts)}"


def _licence(client: PxWeb, indicator: Indicator) -> str:
    licence = client.config().licence or indicator.licence
    return "CC0-1.0" if "cc0" in licence.casefold() or "zero/1.0" in licence else licence


def _listed(chosen: str | tuple[str, ...]) -> list[str]:
    return [chosen] if isinstance(chosen, str) else list(chosen)
