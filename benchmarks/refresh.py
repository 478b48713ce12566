"""
How long it takes to learn that nothing is new: python -m benchmarks.refresh (a minute or two).

The whole catalogue is fetched from local services once; that is not timed. Then ``fetch`` runs
again on a day when few series may have new figures, and on one when all that are not closed may,
and finds nothing. A table or key figure costs at most one small request then, and none before
its time; the services' call windows (SCB 30 calls in 10 s, Kolada 5 in 1 s) set the least time,
and no more than 1.5 s may go beyond it. Needs ../shared beside the checkout for Kolada's list.
"""

from __future__ import annotations

import datetime as dt
import logging
import math
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
from pytest_httpserver import HTTPServer
from tests.sources.kolada_server import FakeKolada
from tests.sources.pxweb_server import CALLS, SECONDS, FakePxWeb
from tests.sources.pxweb_tables import catalogue_tables

from regionstudy.catalogue import Catalogue
from regionstudy.sources.clients import open_clients
from regionstudy.sources.kolada_lists import CALLS_A_SECOND
from regionstudy.store import write_snapshot
from regionstudy.store.fetch import fetch

if TYPE_CHECKING:
    from regionstudy.catalogue import Indicator
    from regionstudy.store.fetch import FetchReport

SHARED = Path(__file__).resolve().parents[2] / "shared"
REGIONS = ("00", "22", "2281")
FETCHED = dt.date(2026, 11, 25)
DAYS = {"the day after": dt.date(2026, 11, 26), "two years after": dt.date(2028, 11, 25)}
SINCE = 2024
MOST_BEYOND_S = 1.5


@dataclass
class Services:
    """The two services, and the study's folder."""

    scb: FakePxWeb
    kolada: FakeKolada
    folder: Path

    def run(self, wanted: list[Indicator], *, cache: str, today: dt.date) -> FetchReport:
        """Fetch what may be new, as the command does."""
        urls = {"scb": self.scb.url, "kolada": self.kolada.url}
        where = self.folder / "data" / "snapshot", self.folder / "work"
        with open_clients(
            cache=self.folder / cache, offline=False, contact="", base_urls=urls
        ) as clients:
            return fetch(*where, wanted, clients, regions=[], since=SINCE, today=today)


def main() -> None:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with ExitStack() as stack:
        ports = [stack.enter_context(HTTPServer(threaded=True)) for _ in range(2)]
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        made = Services(FakePxWeb(ports[0]), FakeKolada(ports[1], SHARED), folder)
        wanted = filled(made)
        made.scb.calls, made.scb.seconds = 10_000, 1
        made.run(wanted, cache="first", today=FETCHED)
        made.scb.calls, made.scb.seconds = CALLS, SECONDS
        for number, (when, day) in enumerate(DAYS.items()):
            time.sleep(SECONDS)  # until the services have forgotten the calls before
            measure(made, wanted, when, day, cache=f"cache{number}")


def filled(services: Services) -> list[Indicator]:
    """Let the services have all that the catalogue asks for, of three regions."""
    every = Catalogue.load().values()
    wanted = [one for one in every if one.source and one.source.kind in ("scb", "kolada")]
    for table in catalogue_tables():
        for variable in table.variables:
            if set(REGIONS) <= set(variable.values):
                variable.values = {code: variable.values[code] for code in REGIONS}
        services.scb.put(table)
    for one in wanted:
        if one.source is not None and one.source.kind == "kolada" and one.source.kpi:
            for place in ("0000", "0022", "2281"):
                services.kolada.put(one.source.kpi, place, 2024, T=1.0, K=1.0, M=1.0)
    rows = {"region": ["2281"], "indicator": "x", "period": "2024", "value": [1.0], "status": ""}
    said = {"publisher": "-", "source": "-", "retrieved": "2026-11-24", "licence": "CC0-1.0"}
    snapshot = services.folder / "data" / "snapshot"
    write_snapshot({"x": pd.DataFrame(rows)}, {"x": said}, snapshot)
    return wanted


def measure(
    services: Services, wanted: list[Indicator], when: str, day: dt.date, *, cache: str
) -> None:
    """Time a refresh that finds nothing, and hold its calls against what may be new."""
    services.scb.asked.clear()
    services.kolada.asked.clear()
    start = time.perf_counter()
    report = services.run(wanted, cache=cache, today=day)
    taken = time.perf_counter() - start
    assert not report.fetched, "nothing is new"
    # What could not be fetched yet, since its tables have no such year, is asked for anew.
    asked = {*report.plan.unchanged, *report.plan.left_out}
    due = [one for one in wanted if one.id in asked]
    tables = {
        table.id
        for one in due
        if one.source is not None and one.source.kind == "scb"
        for table in one.source.tables
        if int(table.years.partition("-")[2] or SINCE) >= SINCE
    }
    kpis = {one.source.kpi for one in due if one.source and one.source.kind == "kolada"}
    # One call more than the tables: for the service's limits.
    scb, kolada = len(services.scb.asked), len(services.kolada.asked)
    small = scb <= len(tables) + 1 and kolada <= max(len(kpis), 3)
    windows = ((scb, CALLS, SECONDS), (kolada, CALLS_A_SECOND, 1))
    least = max((math.ceil(n / calls) - 1) * seconds for n, calls, seconds in windows if n)
    fine = small and taken - least <= MOST_BEYOND_S and not services.scb.refused_calls
    print(
        f"nothing new, {when}: {len(due)} of {len(wanted)} indicators may be; {scb} calls for "
        f"{len(tables)} tables, {kolada} for {len(kpis)} key figures; {taken:.1f} s, least "
        f"{least:.0f} s{f', {taken / least:.2f}x' if least else ''} (goal: a call a table, "
        f"<= {MOST_BEYOND_S} s beyond the least) {'ok' if fine else 'TOO MUCH'}"
    )


if __name__ == "__main__":
    main()
