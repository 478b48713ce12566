"""What a fetch has to ask for: what was never had, and what may have changed since it was."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from regionstudy.catalogue.cycle import may_be_new
from regionstudy.store.fetch.kolada_series import years_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from regionstudy.catalogue import Indicator
    from regionstudy.sources.clients import Clients
    from regionstudy.store.snapshot import Snapshot

__all__ = ["Asked", "Choice", "choose", "fetched_facts"]

# Long enough that figures of every cycle may have come since.
_LONG_AGO = dt.timedelta(days=2 * 366)


class Asked:
    """
    When each indicator's publisher was last asked whether anything is new.

    Kept beside the journal, not in the snapshot: to have asked changes no figure.

    Parameters
    ----------
    file : Path
        Where it is kept.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        try:
            kept = json.loads(file.read_text("utf-8"))
            self._days = {one: dt.date.fromisoformat(day) for one, day in kept.items()}
        except (OSError, ValueError, AttributeError, TypeError):
            # Lost or broken, it costs a question more.
            self._days = {}

    def day(self, indicator: str, fetched: dt.date, today: dt.date) -> dt.date:
        """
        Give the day that an indicator's publisher was last asked.

        Parameters
        ----------
        indicator : str
            The indicator.
        fetched : date
            The day that its figures were fetched.
        today : date
            The day it is.

        Returns
        -------
        date
            The later of the two.
        """
        return max(fetched, _past(self._days.get(indicator, fetched), today))

    def note(self, indicators: Iterable[str], today: dt.date) -> None:
        """
        Write down that publishers were asked.

        Parameters
        ----------
        indicators : iterable of str
            Whose.
        today : date
            The day.
        """
        self._days |= dict.fromkeys(indicators, today)
        days = {one: day.isoformat() for one, day in self._days.items()}
        self.file.parent.mkdir(parents=True, exist_ok=True)
        aside = self.file.with_suffix(".part")
        aside.write_text(json.dumps(days, indent=1), encoding="utf-8")
        aside.replace(self.file)


class Choice:
    """
    What a fetch has to do with each indicator.

    Parameters
    ----------
    fetch : list of Indicator
        To be fetched.
    unchanged : list of str
        Asked for, and the publisher has nothing new.
    not_due : list of str
        Not asked for: nothing can be new yet.
    """

    def __init__(self) -> None:
        self.fetch: list[Indicator] = []
        self.unchanged: list[str] = []
        self.not_due: list[str] = []


def choose(
    indicators: Sequence[Indicator],
    snapshot: Snapshot,
    clients: Clients,
    *,
    asked: Asked,
    named: bool,
    since: int | None,
    today: dt.date,
) -> Choice:
    """
    Tell what must be fetched, with at most one small question a table.

    Parameters
    ----------
    indicators : sequence of Indicator
        Those with a live source.
    snapshot : Snapshot
        What is held.
    clients : Clients
        The services.
    asked : Asked
        When publishers were last asked.
    named : bool
        Whether the user named these indicators: then the publisher is asked whatever the day.
    since : int or None
        The first year wanted.
    today : date
        The day.

    Returns
    -------
    Choice
        What to fetch and what to leave.

    Raises
    ------
    SourceError
        If a service fails.
    """
    choice = Choice()
    doubtful: list[tuple[Indicator, dict[str, Any]]] = []
    summary = snapshot.summary().set_index("indicator")
    for one in indicators:
        facts = fetched_of(snapshot, one.id)
        if not named and _is_whole(one, summary):
            choice.not_due.append(one.id)
            continue
        if facts is None or not _covers(facts, one, since):
            choice.fetch.append(one)
            continue
        last = str(summary.loc[one.id, "last"])
        day = asked.day(one.id, _fetched_day(facts, today), today)
        if named or may_be_new(last, update=one.update, asked=day, today=today):
            doubtful.append((one, facts))
        else:
            choice.not_due.append(one.id)
    changed = _changed(doubtful, clients, today)
    for one, _ in doubtful:
        if one.id in changed:
            choice.fetch.append(one)
        else:
            choice.unchanged.append(one.id)
    asked.note(choice.unchanged, today)
    return choice


def fetched_facts(
    indicator: Indicator, stamps: Mapping[str, str], *, since: int | None, day: str
) -> dict[str, Any]:
    """
    Say what a later fetch needs to know of this one, for the indicator's provenance.

    Parameters
    ----------
    indicator : Indicator
        The entry.
    stamps : mapping of str to str
        The publisher's stamp by table.
    since : int or None
        The first year that was wanted.
    day : str
        The day of the fetch.

    Returns
    -------
    dict
        ``stamps``, ``since``, ``day`` and ``query``, a hash of the entry's source.
    """
    return {"stamps": dict(stamps), "since": since, "day": day, "query": _query(indicator)}


def fetched_of(snapshot: Snapshot, indicator: str) -> dict[str, Any] | None:
    """
    Give what an earlier fetch wrote of an indicator.

    Parameters
    ----------
    snapshot : Snapshot
        What is held.
    indicator : str
        The indicator.

    Returns
    -------
    dict or None
        From `fetched_facts`; None where its figures were never fetched.
    """
    if indicator not in snapshot.indicators:
        return None
    return snapshot.provenance(indicator).get("fetched")


def _is_whole(indicator: Indicator, summary: pd.DataFrame) -> bool:
    """Tell whether a closed series is held to its last period, from wherever: nothing can come."""
    if indicator.update != "closed" or indicator.id not in summary.index:
        return False
    last, first = indicator.last_period, indicator.first_period
    held = summary.loc[indicator.id]
    return bool(last and first and held["last"] >= last and held["first"] <= first)


def _covers(facts: Mapping[str, Any], indicator: Indicator, since: int | None) -> bool:
    """Tell whether what was fetched is what is asked for now: the query, and no earlier year."""
    enough = facts["since"] is None or (since is not None and since >= facts["since"])
    return enough and facts["query"] == _query(indicator)


def _fetched_day(facts: Mapping[str, Any], today: dt.date) -> dt.date:
    return _past(dt.date.fromisoformat(facts["day"]), today)


def _past(day: dt.date, today: dt.date) -> dt.date:
    """Give a day that has been; one to come is of a clock that was wrong, and tells nothing."""
    return day if day <= today else today - _LONG_AGO


def _query(indicator: Indicator) -> str:
    source = indicator.source
    assert source is not None
    told = f"{source.model_dump_json()} {indicator.levels}"
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _changed(
    doubtful: Sequence[tuple[Indicator, Mapping[str, Any]]], clients: Clients, today: dt.date
) -> set[str]:
    """Give the indicators of which there is something new; the services are asked side by side."""
    of: dict[str, list[tuple[Indicator, Mapping[str, Any]]]] = {}
    for one, facts in doubtful:
        assert one.source is not None
        of.setdefault(one.source.kind, []).append((one, facts))
    with ThreadPoolExecutor(1) as pool:
        kolada = pool.submit(_changed_key_figures, of.get("kolada", []), clients, today)
        changed = _changed_tables(of.get("scb", []), clients)
        changed |= kolada.result()
    # A count of today's ads: every day is new.
    return changed | {one.id for one, _ in of.get("jobtech", [])}


def _changed_tables(
    doubtful: Sequence[tuple[Indicator, Mapping[str, Any]]], clients: Clients
) -> set[str]:
    changed: set[str] = set()
    stamps: dict[str, str] = {}
    for one, facts in doubtful:
        for table, stamp in facts["stamps"].items():
            if table not in stamps:
                stamps[table] = clients.scb.table(table, refresh=True).updated
            # A table without a stamp does not tell whether it has changed.
            if not stamp or stamps[table] != stamp:
                changed.add(one.id)
    return changed


def _changed_key_figures(
    doubtful: Sequence[tuple[Indicator, Mapping[str, Any]]], clients: Clients, today: dt.date
) -> set[str]:
    """Kolada's figures carry no stamp: ask which have come or gone since the day of the fetch."""
    changed: set[str] = set()
    by_day: dict[dt.date, dict[str, str]] = {}
    for one, facts in doubtful:
        assert one.source is not None
        assert one.source.kind == "kolada"
        by_day.setdefault(_fetched_day(facts, today), {})[one.id] = one.source.kpi
    for day, kpis in by_day.items():
        years = years_of(None, today)
        news = clients.kolada.changed_since(day, kpis=list(kpis.values()), years=years)
        changed |= {name for name, kpi in kpis.items() if kpi in set(news["indicator"])}
    return changed
