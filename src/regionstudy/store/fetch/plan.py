"""The plan of a fetch: what will be asked of whom, how much of it, and how long it takes."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from regionstudy.errors import ConfigError, DataError, SourceError
from regionstudy.store.fetch.ads_series import plan_ads
from regionstudy.store.fetch.kolada_series import plan_kpis
from regionstudy.store.fetch.pxweb_series import plan_table

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from regionstudy.catalogue import Indicator
    from regionstudy.errors import RegionStudyError
    from regionstudy.sources.clients import Clients
    from regionstudy.store.fetch.tasks import Series, Task

__all__ = ["FetchPlan", "counted", "make_plan"]

# More of one indicator is seldom meant, and takes gigabytes of memory.
HUGE_CELLS = 10_000_000
_LEVELS = frozenset({"country", "county", "municipality", "fa_region"})


@dataclass
class FetchPlan:
    """
    What a fetch will ask for.

    Parameters
    ----------
    series : list of Series
        What is asked of each table, key figure and count.
    left_out : dict of str to str
        Why other indicators can not be fetched, by indicator.
    faults : dict of str to RegionStudyError
        Which questions do not fit their table, by indicator.
    unchanged, not_due : list of str
        Indicators of which the publisher has nothing new, or can not have yet.
    windows : dict of str to tuple
        Calls and seconds of each service's call window.
    """

    series: list[Series] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)
    faults: dict[str, RegionStudyError] = field(default_factory=dict)
    unchanged: list[str] = field(default_factory=list)
    not_due: list[str] = field(default_factory=list)
    windows: dict[str, tuple[int, float]] = field(default_factory=dict)

    @property
    def tasks(self) -> list[Task]:
        """Every task, each once: indicators share some."""
        every = (task for one in self.series for task in one.tasks)
        return list({(task.source, task.key): task for task in every}.values())

    @property
    def huge(self) -> dict[str, int]:
        """The indicators that would bring more cells than is seldom meant, with their number."""
        cells: Counter[str] = Counter()
        for one in self.series:
            if one.source == "scb":
                cells[one.indicator.id] += sum(task.cells for task in one.tasks)
        return {name: count for name, count in cells.items() if count > HUGE_CELLS}

    def seconds(self, tasks: Sequence[Task]) -> float:
        """
        Estimate how long tasks take at least, under the services' call windows.

        Parameters
        ----------
        tasks : sequence of Task
            Some of the plan's.

        Returns
        -------
        float
            Seconds; services are asked side by side.
        """
        calls: Counter[str] = Counter()
        for task in tasks:
            calls[task.source] += task.calls
        waits = [
            math.ceil(count / self.windows[source][0] - 1) * self.windows[source][1]
            for source, count in calls.items()
        ]
        return max(waits, default=0.0)

    def text(self, *, full: bool = False) -> str:
        """
        Write the plan as text: each request, and the sums.

        Parameters
        ----------
        full : bool, default False
            Whether each request is written as a command line that can be pasted.

        Returns
        -------
        str
            Several lines.
        """
        lines = []
        for one in self.series:
            lines.append(f"{one.indicator.id} from {one.source} {one.name}")
            lines += [f"  note: {note}" for note in one.told]
            lines += [
                f"  {task.cells or '?':>10} figures in {counted(task.calls, 'call')}: "
                f"{task.command if full else task.asks}"
                for task in one.tasks
            ]
        lines += [f"{name}: can not be asked: {why}" for name, why in self.faults.items()]
        lines += [f"{name}: left out: {why}" for name, why in self.left_out.items()]
        for what, names in (("nothing new", self.unchanged), ("not due yet", self.not_due)):
            if names:
                lines.append(f"{counted(len(names), 'indicator')}, {what}: {', '.join(names)}")
        return "\n".join([*lines, self.summary()])

    def summary(self) -> str:
        """
        Sum the plan up in a line.

        Returns
        -------
        str
            Indicators, calls by source, figures and least time.
        """
        calls: Counter[str] = Counter()
        for task in self.tasks:
            calls[task.source] += task.calls
        by_source = ", ".join(f"{source} {count:,}" for source, count in calls.items())
        cells = sum(task.cells for task in self.tasks)
        indicators = len({one.indicator.id for one in self.series})
        return (
            f"{counted(indicators, 'indicator')}: {counted(sum(calls.values()), 'call')} "
            f"({by_source or 'none'}), "
            f"{cells:,} figures at most, at least {self.seconds(self.tasks):,.0f} s under the "
            f"services' call windows."
        )


def make_plan(
    indicators: Sequence[Indicator],
    clients: Clients,
    *,
    regions: Sequence[str],
    since: int | None,
    today: dt.date,
    refresh: bool,
) -> FetchPlan:
    """
    Plan what brings some indicators; services are asked for metadata only.

    Parameters
    ----------
    indicators : sequence of Indicator
        Those wanted.
    clients : Clients
        The services.
    regions : sequence of str
        The municipalities in which job ads are counted.
    since : int or None
        The first year wanted; None for all.
    today : date
        The day.
    refresh : bool
        Whether to ask for metadata although the cache has them.

    Returns
    -------
    FetchPlan
        With a fault for each indicator whose question does not fit its source.

    Raises
    ------
    SourceError
        If a service fails altogether.
    """
    plan = FetchPlan()
    kolada, ads = [], []
    ahead = since is not None and since > today.year
    for one in indicators:
        reason = _cannot(one)
        if not reason and ahead and one.source is not None and one.source.kind != "scb":
            reason = f"{since} has not begun"
        if reason:
            plan.left_out[one.id] = reason
        elif one.source is not None and one.source.kind == "scb":
            _plan_scb(plan, one, clients, since=since, today=today, refresh=refresh)
        elif one.source is not None and one.source.kind == "kolada":
            kolada.append(one)
        else:
            ads.append(one)
    if kolada:
        series, faults = plan_kpis(clients.kolada, kolada, since=since, today=today)
        plan.series += series
        plan.faults |= faults
    if ads:
        plan.series += plan_ads(clients.jobtech, ads, regions=regions, since=since, today=today)
    plan.windows = {
        source: clients.call_window(source) for source in {task.source for task in plan.tasks}
    }
    return plan


def _plan_scb(
    plan: FetchPlan,
    indicator: Indicator,
    clients: Clients,
    *,
    since: int | None,
    today: dt.date,
    refresh: bool,
) -> None:
    source = indicator.source
    assert source is not None
    assert source.kind == "scb"
    found = []
    for table in source.tables:
        try:
            one = plan_table(
                clients.scb, indicator, table, since=since, today=today, refresh=refresh
            )
        except (ConfigError, DataError, SourceError) as error:
            if isinstance(error, SourceError) and error.status not in (200, 404):
                raise
            if isinstance(error, ConfigError) and not isinstance(error, SourceError):
                error = clients.scb.question_error(table.id, str(error))
            plan.faults[indicator.id] = error
            return
        if one is not None:
            found.append(one)
    if not found:
        plan.left_out[indicator.id] = f"its tables have no period from {since} on"
    plan.series += found


def _cannot(indicator: Indicator) -> str:
    """Say why an indicator can not be fetched; empty where it can."""
    source = indicator.source
    if source is None:
        return f"computed from others: {indicator.formula}"
    if source.kind == "other":
        return f"{source} has no service that regionstudy fetches from"
    if not indicator.fetchable:
        what = "table" if source.kind == "scb" else "key figure"
        return (
            f"the id of its {what} is not known; regionstudy describe {indicator.id} offers those "
            f"with a like title"
        )
    if not _LEVELS.intersection(indicator.levels):
        return f"the store holds no regions of {', '.join(indicator.levels)}"
    return ""


def counted(number: int, what: str) -> str:
    """
    Write a number of things.

    Parameters
    ----------
    number : int
        How many.
    what : str
        One of them.

    Returns
    -------
    str
        Such as "1 indicator" or "1,200 calls".
    """
    return f"{number:,} {what}{'s' * (number != 1)}"
