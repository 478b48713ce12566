"""The plan in words: requests, cells, calls, seconds, and what is left out and why."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from tests.sources.pxweb_tables import population, regional

from regionstudy.errors import ConfigError, SourceError
from regionstudy.store.fetch import fetch
from regionstudy.store.fetch.plan import FetchPlan, make_plan
from regionstudy.store.fetch.tasks import Series, Task

from .entries import entry, kpi, scb

if TYPE_CHECKING:
    from pathlib import Path

    from tests.sources.pxweb_server import FakePxWeb

    from regionstudy.catalogue import Indicator
    from regionstudy.sources.clients import Clients

TODAY = dt.date(2026, 11, 25)


def plan(clients: Clients, *indicators: Indicator, since: int | None = None) -> FetchPlan:
    """Plan some entries."""
    return make_plan(indicators, clients, regions=["2281"], since=since, today=TODAY, refresh=False)


def tasks(source: str, count: int, *, calls: int = 1) -> list[Task]:
    """So many tasks that nobody runs."""
    return [Task(source, str(n), "", 1, calls, "curl", pd.DataFrame) for n in range(count)]


@pytest.mark.parametrize(
    ("scb_calls", "kolada_calls", "seconds"),
    [
        (0, 0, 0),
        (1, 0, 0),
        (30, 0, 0),  # all of the first window's calls go at once
        (31, 0, 10),
        (95, 0, 30),
        (95, 10, 30),  # services are asked side by side
        (30, 51, 10),
    ],
)
def test_the_least_time_is_that_of_the_slowest_call_window(
    scb_calls: int, kolada_calls: int, seconds: float
) -> None:
    made = FetchPlan(windows={"scb": (30, 10.0), "kolada": (5, 1.0)})
    assert made.seconds(tasks("scb", scb_calls) + tasks("kolada", kolada_calls)) == seconds


def test_a_task_of_several_calls_counts_as_such() -> None:
    assert FetchPlan(windows={"scb": (30, 10.0)}).seconds(tasks("scb", 31, calls=2)) == 20


def test_each_request_is_printed_and_the_sums(scb_server: FakePxWeb, clients: Clients) -> None:
    scb_server.max_cells = 100
    made = plan(clients, entry(source=scb({"id": "TAB638"})), since=2021)
    text = made.text()
    assert text.startswith("residents from scb TAB638\n")
    found = re.findall(r"(\d+) figures in 1 call: (Region .*)", text)
    assert sum(int(cells) for cells, _ in found) == 4 * 2 * 3 * 4 == 96
    # What sets each apart is said: no two lines are alike.
    assert len({asked for _, asked in found}) == len(found)
    assert "Tid 2021–2024 (4)" in text
    assert "/tables/TAB638/data?lang=sv&outputFormat=json-stat2" in made.text(full=True)
    assert text.endswith(
        "1 indicator: 1 call (scb 1), 96 figures at most, at least 0 s under the services' "
        "call windows."
    )
    assert scb_server.bodies() == []


def test_indicators_that_share_a_request_count_it_once() -> None:
    shared = tuple(tasks("kolada", 2))
    one, other = entry("one", source=kpi("N01951")), entry("other", source=kpi("N07403"))

    def series(indicator: Indicator) -> Series:
        return Series(indicator, "kolada", "N", shared, "", (), lambda _: (pd.DataFrame(), {}))

    made = FetchPlan([series(one), series(other)], windows={"kolada": (5, 1.0)})
    assert len(made.tasks) == 2
    assert made.summary().startswith("2 indicators: 2 calls (kolada 2)")


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"source": {"kind": "other", "publisher": "BRÅ", "title": "NTU"}},
         "BRÅ NTU has no service that regionstudy fetches from"),
        ({"source": {"kind": "scb", "v1": "BE/X"}},
         "the id of its table is not known; regionstudy describe residents offers those"),
        ({"source": kpi("", title="Andel")},
         "the id of its key figure is not known; regionstudy describe residents offers"),
        ({"source": scb({"id": "TAB638"}), "levels": ("deso",)},
         "the store holds no regions of deso"),
    ],
)  # fmt: skip
def test_what_can_not_be_asked_is_left_out_with_the_reason(
    clients: Clients, changed: dict[str, Any], why: str
) -> None:
    made = plan(clients, entry(**changed))
    assert made.series == []
    assert f"residents: left out: {why}" in made.text()


def test_tables_that_end_too_early_are_left_out(clients: Clients) -> None:
    made = plan(clients, entry(source=scb({"id": "TAB638"})), since=2025)
    assert made.left_out == {"residents": "its tables have no period from 2025 on"}


def test_of_two_tables_the_one_that_has_the_years_is_asked(
    scb_server: FakePxWeb, clients: Clients
) -> None:
    scb_server.put(population("TAB5557", first=2025, last=2025))
    made = plan(clients, entry(source=scb({"id": "TAB638"}, {"id": "TAB5557"})), since=2025)
    assert [one.name for one in made.series] == ["TAB5557"]
    assert made.left_out == {}


def test_faults_of_one_entry_do_not_hide_those_of_another(clients: Clients) -> None:
    wrong = [
        entry("age", source=scb({"id": "TAB638", "select": {"Alder": "77"}})),
        entry("table", source=scb({"id": "TAB639"})),
        entry("fine", source=scb({"id": "TAB638"})),
    ]
    made = plan(clients, *wrong)
    assert list(made.faults) == ["age", "table"]
    assert [one.indicator.id for one in made.series] == ["fine"]
    assert 'age: can not be asked: TAB638: Alder has no value "77"' in made.text()


def test_a_fault_in_the_second_table_takes_the_first_out_too(clients: Clients) -> None:
    made = plan(clients, entry(source=scb({"id": "TAB638"}, {"id": "TAB639"})))
    assert list(made.faults) == ["residents"]
    assert made.series == [], "half a series is none"


def test_a_service_that_fails_is_no_fault_of_an_entry(
    scb_server: FakePxWeb, clients: Clients
) -> None:
    plan(clients, entry(source=scb({"id": "TAB638"})))
    scb_server.calls = 1
    scb_server.seconds = 60
    scb_server.retry_after = False
    with pytest.raises(SourceError, match="too many calls"):
        plan(clients, entry(source=scb({"id": "TAB638"})), entry("b", source=scb({"id": "TAB9"})))


@pytest.fixture
def huge(scb_server: FakePxWeb) -> Indicator:
    """An indicator of 312 regions, 3 sexes, 100 years and 107 ages."""
    ages = {str(age): f"{age} år" for age in range(107)}
    scb_server.put(
        regional(
            "TAB638",
            "Folkmängd",
            contents={"BE0101N1": "Folkmängd"},
            first=1925,
            last=2024,
            breakdowns={"Alder": ages},
        )
    )
    return entry(source=scb({"id": "TAB638", "select": {"Alder": "*", "Kon": "*"}, "fixed": {}}))


def test_ten_million_cells_are_planned_but_refused_without_yes(
    scb_server: FakePxWeb, clients: Clients, study: Path, huge: Indicator
) -> None:
    def go(**options: Any) -> object:
        where = study / "data" / "snapshot", study / ".regionstudy" / "fetch"
        return fetch(*where, [huge], clients, regions=["2281"], today=TODAY, **options)

    with pytest.raises(ConfigError, match=r"More than 10,000,000 figures each: residents \(10,015"
                       r",200\)\. Take fewer years with --since, or say --yes"):  # fmt: skip
        go()
    assert scb_server.bodies() == []
    report = go(dry_run=True)
    assert "10,015,200 figures at most" in report.plan.text()  # type: ignore[attr-defined]
    assert go(dry_run=True, since=2018)
    assert scb_server.bodies() == []
