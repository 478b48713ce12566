"""What a refresh asks: nothing before its time, then one small thing a table."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import threading
from typing import TYPE_CHECKING, Any

import pytest
from tests.sources.kolada_server import FakeKolada
from tests.sources.pxweb_tables import population

from regionstudy.errors import DataError
from regionstudy.store import Snapshot, write_snapshot
from regionstudy.store.fetch import FetchReport, fetch
from regionstudy.store.fetch.refresh import Asked, choose

from .conftest import opened
from .entries import entry, kpi, scb

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.sources.pxweb_server import FakePxWeb
    from werkzeug import Request, Response

    from regionstudy.catalogue import Indicator
    from regionstudy.sources.clients import Clients

# Yearly figures of February 2026, fetched then; the next come in February 2027.
FETCHED = dt.date(2026, 4, 10)
LATER = dt.date(2026, 11, 25)
DUE = dt.date(2027, 2, 10)
RESIDENTS = entry(source=scb({"id": "TAB638"}))
OTHERS = entry("others", source=scb({"id": "TAB638", "select": {"Alder": "0"}}))
KPI = entry("kpi", source=kpi("N01951"))


@pytest.fixture
def clients(scb_server: FakePxWeb, kolada_server: FakeKolada) -> Iterator[Clients]:
    """Clients of both."""
    kolada_server.put("N01951", "2281", 2024, changed="2026-02-20", T=1.0)
    with opened(None, scb=scb_server.url, kolada=kolada_server.url) as made:
        yield made


class Runner:
    """Fetches into one study."""

    def __init__(self, study: Path, clients: Clients) -> None:
        self.snapshot = study / "data" / "snapshot"
        self.work = study / ".regionstudy" / "fetch"
        self.clients = clients

    def __call__(self, *indicators: Indicator, today: dt.date, **options: Any) -> FetchReport:
        return fetch(
            self.snapshot, self.work, indicators, self.clients, regions=["2281"], today=today,
            **{"since": 2023, **options},
        )  # fmt: skip


@pytest.fixture
def run(study: Path, clients: Clients) -> Runner:
    """A study that nothing has been fetched into."""
    return Runner(study, clients)


def test_nothing_is_asked_before_its_time(
    run: Runner, scb_server: FakePxWeb, kolada_server: FakeKolada
) -> None:
    run(RESIDENTS, KPI, today=FETCHED)
    before = Snapshot.open(run.snapshot).checksum
    scb_server.asked.clear()
    kolada_server.asked.clear()
    report = run(RESIDENTS, KPI, today=LATER)
    assert scb_server.asked == kolada_server.asked == []
    assert report.plan.not_due == ["residents", "kpi"]
    assert Snapshot.open(run.snapshot).checksum == before
    assert "Nothing was fetched" in report.summary()


def test_one_small_question_a_table_is_asked_in_time(run: Runner, scb_server: FakePxWeb) -> None:
    run(RESIDENTS, OTHERS, today=FETCHED)
    before = Snapshot.open(run.snapshot).checksum
    scb_server.asked.clear()
    report = run(RESIDENTS, OTHERS, today=DUE)
    assert scb_server.paths() == ["/api/v2/tables/TAB638"], "one table, two indicators"
    assert report.plan.unchanged == ["residents", "others"]
    assert Snapshot.open(run.snapshot).checksum == before


def test_what_was_asked_today_is_not_asked_again_before_the_next_time(
    run: Runner, scb_server: FakePxWeb
) -> None:
    run(RESIDENTS, today=FETCHED)
    after_its_months = dt.date(2027, 4, 2)
    run(RESIDENTS, today=after_its_months)
    scb_server.asked.clear()
    assert run(RESIDENTS, today=after_its_months).plan.not_due == ["residents"]
    assert scb_server.asked == []


def test_a_named_indicator_is_asked_about_whatever_the_day(
    run: Runner, scb_server: FakePxWeb
) -> None:
    run(RESIDENTS, today=FETCHED)
    scb_server.asked.clear()
    report = run(RESIDENTS, today=LATER, named=True)
    assert scb_server.paths() == ["/api/v2/tables/TAB638"]
    assert report.plan.unchanged == ["residents"]


def test_kolada_is_asked_what_has_changed_since_the_day(
    run: Runner, kolada_server: FakeKolada
) -> None:
    run(KPI, today=FETCHED)
    kolada_server.asked.clear()
    assert run(KPI, today=DUE).plan.unchanged == ["kpi"]
    data = [one for one in kolada_server.asked if "/data/" in one]
    assert len(data) == 2, "25 years a request"
    assert all(f"from_date={FETCHED}" in one for one in data)
    kolada_server.put("N01951", "2281", 2025, changed="2027-02-09", T=2.0)
    report = run(KPI, today=DUE, named=True)
    assert report.fetched == {"kpi": 2}


def test_a_table_that_ended_before_the_years_wanted_is_not_asked_about(
    run: Runner, scb_server: FakePxWeb
) -> None:
    over = entry(source=scb({"id": "TAB638", "years": "2015-2020"}))
    report = run(over, today=FETCHED)
    assert report.plan.left_out == {"residents": "its tables have no period from 2023 on"}
    assert not [path for path in scb_server.paths() if "TAB638" in path]


def test_the_services_are_asked_side_by_side(
    run: Runner, scb_server: FakePxWeb, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(RESIDENTS, KPI, today=FETCHED)
    both = threading.Barrier(2)

    def meet(_: Request) -> Response | None:
        with contextlib.suppress(threading.BrokenBarrierError):
            both.wait(3)
        return None

    scb_server.override = meet
    listed = FakeKolada._list

    def list_late(self: FakeKolada, request: Request, *items: Any, **ids: Any) -> Response:
        meet(request)
        return listed(self, request, *items, **ids)

    monkeypatch.setattr(FakeKolada, "_list", list_late)
    run(RESIDENTS, KPI, today=DUE)
    assert not both.broken, "each waited for the other's call, and it came"


def test_a_changed_stamp_is_fetched(run: Runner, scb_server: FakePxWeb) -> None:
    run(RESIDENTS, today=FETCHED)
    scb_server.put(population(last=2025, updated="2027-02-09T07:00:00Z"))
    assert run(RESIDENTS, today=DUE).fetched == {"residents": 4 * 2 * 3 * 3}
    held = Snapshot.open(run.snapshot)
    assert held.provenance("residents")["fetched"]["stamps"] == {"TAB638": "2027-02-09T07:00:00Z"}
    assert held.observations("residents")["period"].max() == "2025"


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        (entry(source=scb({"id": "TAB638", "select": {"Alder": "1"}})), "another question"),
        (entry(source=scb({"id": "TAB638"}), levels=("municipality",)), "other regions"),
    ],
)
def test_another_question_of_the_catalogue_is_fetched(
    run: Runner, changed: Indicator, why: str
) -> None:
    run(RESIDENTS, today=FETCHED)
    assert "residents" in run(changed, today=LATER).fetched, why


@pytest.mark.parametrize(
    ("since", "fetched"), [(2020, True), (None, True), (2023, False), (2024, False)]
)
def test_an_earlier_year_than_before_is_fetched(
    run: Runner, since: int | None, fetched: bool
) -> None:
    run(RESIDENTS, today=FETCHED, since=2023)
    assert bool(run(RESIDENTS, today=LATER, since=since).fetched) == fetched


def test_what_was_never_fetched_is(run: Runner) -> None:
    run(RESIDENTS, today=FETCHED)
    report = run(RESIDENTS, OTHERS, today=LATER)
    assert list(report.fetched) == ["others"]
    assert report.plan.not_due == ["residents"]


@pytest.mark.parametrize("content", ["", "{", "[1]", '{"residents": 5}', '{"residents": "soon"}'])
def test_a_broken_note_of_when_it_was_asked_costs_a_question_more(
    run: Runner, scb_server: FakePxWeb, content: str
) -> None:
    run(RESIDENTS, today=FETCHED)
    run(RESIDENTS, today=dt.date(2027, 4, 2))
    (run.work / "asked.json").write_text(content, encoding="utf-8")
    scb_server.asked.clear()
    assert run(RESIDENTS, today=dt.date(2027, 4, 2)).plan.unchanged == ["residents"]
    assert scb_server.paths() == ["/api/v2/tables/TAB638"]
    assert json.loads((run.work / "asked.json").read_text(encoding="utf-8")) == {
        "residents": "2027-04-02"
    }


def test_a_clock_that_was_wrong_does_not_stop_the_asking(
    run: Runner, scb_server: FakePxWeb
) -> None:
    run(RESIDENTS, today=dt.date(2099, 5, 1))
    scb_server.put(population(last=2025, updated="2027-02-09T07:00:00Z"))
    assert run(RESIDENTS, today=DUE).fetched, "the day of the last fetch has not come yet"


def test_choosing_needs_no_service_for_what_was_never_fetched(
    study: Path, clients: Clients, scb_server: FakePxWeb
) -> None:
    choice = choose(
        [RESIDENTS, KPI], Snapshot.open(study / "data" / "snapshot"), clients,
        asked=Asked(study / "asked.json"), named=False, since=None, today=LATER,
    )  # fmt: skip
    assert [one.id for one in choice.fetch] == ["residents", "kpi"]
    assert scb_server.asked == []


CLOSED = entry(
    "rents", source=scb({"id": "TAB638"}), update="closed", first_period="2022", last_period="2022"
)


def test_a_closed_series_that_is_held_whole_is_left_alone(
    run: Runner, scb_server: FakePxWeb
) -> None:
    report = run(CLOSED, today=LATER)
    assert report.plan.not_due == ["rents"]
    assert scb_server.asked == []


def test_figures_of_another_division_are_not_mixed_with_those_held(
    run: Runner, scb_server: FakePxWeb
) -> None:
    held = Snapshot.open(run.snapshot)
    frame, source = held.observations("rents"), dict(held.provenance("rents"))
    del source["checksum"]
    # In 1996 Sundsvall was there, but the table has Knivsta (2003) too.
    write_snapshot({"rents": frame}, {"rents": {**source, "division": 1996}}, run.snapshot)
    table = scb_server.tables["TAB638"]
    regions = next(one for one in table.variables if one.code == "Region")
    regions.values["0330"] = "Knivsta"
    before = Snapshot.open(run.snapshot).checksum
    with pytest.raises(DataError, match=r"rents: .*another division \(0330, …\) than that of 1996"):
        run(CLOSED, today=LATER, named=True)
    assert Snapshot.open(run.snapshot).checksum == before


def test_a_table_without_a_stamp_is_fetched_again(run: Runner, scb_server: FakePxWeb) -> None:
    scb_server.put(population(updated=""))
    run(RESIDENTS, today=FETCHED)
    scb_server.put(population(seed=2, updated=""))
    report = run(RESIDENTS, today=DUE)
    assert report.fetched
    assert report.revised["residents"] > 0
