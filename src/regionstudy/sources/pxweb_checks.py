"""Checking a query against a table's metadata before any data is asked for."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from regionstudy.catalogue.cycle import (
    SHORT_LAG_MONTHS,
    YEARLY_LAG_MONTHS,
    months_later,
    period_end,
)
from regionstudy.errors import ConfigError, DataError
from regionstudy.sources.pxweb_periods import period_of
from regionstudy.sources.pxweb_requests import choose, resolve_contents

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from regionstudy.sources.pxweb_requests import Choice
    from regionstudy.sources.pxweb_tables import Codelist, Table, TableMetadata
    from regionstudy.sources.selection import Chosen

__all__ = ["Finding", "Query", "check_query", "frozen_since", "is_perturbed"]

# How long a period is, and how long after its end its figures come at the latest.
_MONTHS = {
    "Annual": (12, YEARLY_LAG_MONTHS),
    "Quarterly": (3, SHORT_LAG_MONTHS),
    "Monthly": (1, SHORT_LAG_MONTHS),
    "Weekly": (1, 2),
}
_BREAK = re.compile(
    r"tidsseriebrott|brott i (tids)?serien|break in (the )?(time )?series|time series break"
    r"|(ej|inte) jämförba\w+|not comparable",
    re.IGNORECASE,
)
_PERTURBED = re.compile(r"cell key method|cellnyckelmetod|\bCKM\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Query:
    """
    What an indicator asks of a table.

    Parameters
    ----------
    table : str
        The table's id.
    selection : mapping of str to str, int or iterable of them
        Values and expressions of each variable.
    codelists : mapping of str to str
        Ids of the codelists to be used, by variable.
    contents : mapping of str to str
        The text that each contents code is expected to have.
    breaks : mapping of str to str
        Periods from which the series is not comparable with before, and why.
    """

    table: str
    selection: Mapping[str, Chosen]
    codelists: Mapping[str, str] = field(default_factory=dict)
    contents: Mapping[str, str] = field(default_factory=dict)
    breaks: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """
    Something that a check found.

    Parameters
    ----------
    kind : str
        "selection" or "contents", which forbid to ask; "eliminated", "break", "frozen",
        "discontinued", "perturbed", which are to be told.
    variable : str
        The variable; empty for the table.
    message : str
        What, and what to do.
    """

    kind: str
    variable: str
    message: str

    @property
    def forbids(self) -> bool:
        """Whether the query cannot be asked as it is."""
        return self.kind in ("selection", "contents")

    def __str__(self) -> str:
        return self.message


def check_query(
    metadata: TableMetadata,
    query: Query,
    *,
    codelists: Mapping[str, Codelist] | None = None,
    table: Table | None = None,
    today: dt.date | None = None,
) -> list[Finding]:
    """
    Find everything about a query that is wrong, or that its figures' reader should know.

    Parameters
    ----------
    metadata : TableMetadata
        The table's metadata.
    query : Query
        The query.
    codelists : mapping of str to Codelist, optional
        The codelists that the query names, by variable.
    table : Table, optional
        The table's entry in the service's list, to see whether it has frozen.
    today : date, optional
        The day to count to; without it nothing is said of frozen tables.

    Returns
    -------
    list of Finding
        All of them, those that forbid to ask first; empty if there is nothing to say.

    Examples
    --------
    >>> from regionstudy.sources.pxweb_tables import TableMetadata, Variable
    >>> years = Variable("Tid", "år", ("2022", "2023", "2024"), role="time")
    >>> table = TableMetadata("TAB1", "Folkmängd", (years,))
    >>> print(*check_query(table, Query("TAB1", {"Tid": ["2032"]})))
    TAB1: Tid has no value "2032". Did you mean "2024"?
    """
    faults = _faults(metadata, query, codelists or {})
    if faults:
        return faults
    choices, eliminated = choose(metadata, query.selection, codelists=codelists)
    told = [
        Finding(
            "eliminated",
            code,
            f"{metadata.id}: {code} is not chosen and has no published total; the service sums "
            f"over its values.",
        )
        for code in eliminated
    ]
    told += _breaks(metadata, query, choices)
    if is_perturbed(metadata.notes):
        told.append(
            Finding(
                "perturbed",
                "",
                f"{metadata.id}: the figures carry small random noise (cell key method); take "
                f"published totals, never sums of parts.",
            )
        )
    if metadata.discontinued or (table is not None and table.discontinued):
        told.append(
            Finding(
                "discontinued",
                "",
                f"{metadata.id} is discontinued; search for the table that continues it.",
            )
        )
    elif table is not None and today is not None and (due := frozen_since(table, today=today)):
        told.append(
            Finding(
                "frozen",
                "",
                f"{metadata.id} ends with {table.last_period}, although the next period should "
                f"have come by {due}. It may have frozen without saying so; search its title for "
                f"the table that continues it.",
            )
        )
    return told


def frozen_since(table: Table, *, today: dt.date) -> dt.date | None:
    """
    Tell whether a table has missed its next period.

    Parameters
    ----------
    table : Table
        The table.
    today : date
        The day to count to.

    Returns
    -------
    date or None
        The day by which the next period should have come; None while that is ahead, or where
        the table's periods have no known rhythm.

    Examples
    --------
    >>> from regionstudy.sources.pxweb_tables import Table
    >>> frozen = Table("TAB638", "Folkmängd", last_period="2024", time_unit="Annual")
    >>> frozen_since(frozen, today=dt.date(2027, 3, 1))
    datetime.date(2027, 2, 28)
    """
    end = _period_end(table.last_period)
    if end is None or table.time_unit not in _MONTHS:
        return None
    due = months_later(end, sum(_MONTHS[table.time_unit]))
    return due if today > due else None


def is_perturbed(notes: Iterable[str]) -> bool:
    """
    Tell from a table's notes whether its figures carry noise by the cell key method.

    Parameters
    ----------
    notes : iterable of str
        The publisher's notes.

    Returns
    -------
    bool
        Whether one of them says so.

    Examples
    --------
    >>> is_perturbed(["Metoden heter Cell Key Method (CKM)."])
    True
    """
    return any(_PERTURBED.search(note) for note in notes)


def _faults(
    metadata: TableMetadata, query: Query, codelists: Mapping[str, Codelist]
) -> list[Finding]:
    """Collect every fault, where `choose` would stop at the first."""
    faults: list[Finding] = []

    def attempt(kind: str, variable: str, check: Callable[[], object]) -> None:
        try:
            check()
        except ConfigError as error:
            if str(error) not in {str(fault) for fault in faults}:
                faults.append(Finding(kind, variable, str(error)))

    for code, text in query.contents.items():
        attempt("contents", "", partial(resolve_contents, metadata, text, code=code))
    # Every other variable is left whole, so that one fault is met at a time.
    whole = {one.code: "*" for one in metadata.variables}
    for name, chosen in query.selection.items():
        lists = {name: codelists[name]} if name in codelists else None
        alone = partial(choose, metadata, whole | {name: chosen}, codelists=lists)
        attempt("selection", name, alone)
    if not faults:
        attempt("selection", "", partial(choose, metadata, query.selection, codelists=codelists))
    return faults


def _breaks(metadata: TableMetadata, query: Query, choices: tuple[Choice, ...]) -> list[Finding]:
    time = metadata.with_role("time")
    periods = [
        period
        for choice in choices
        if time is not None and choice.variable == time.code
        for period in choice.codes
    ]
    found = []
    for first, why in query.breaks.items():
        # Periods of one table sort as text: years, quarters, months and weeks alike.
        if periods and min(periods) < first <= max(periods):
            found.append(
                f"{metadata.id}: the series breaks at {first} ({why}); do not compare across it."
            )
    notes = [*metadata.notes, *(note for one in metadata.variables for note in one.notes)]
    found += [
        f"{metadata.id}: the publisher notes: {' '.join(note.split())[:300]}"
        for note in notes
        if _BREAK.search(note)
    ]
    return [Finding("break", time.code if time else "", message) for message in found]


def _period_end(code: str) -> dt.date | None:
    try:
        period = period_of(code)
    except DataError:
        return None
    year, week, number = period.partition("V")
    if week:
        return dt.date(int(year), 1, 1) + dt.timedelta(weeks=int(number))
    return period_end(period)
