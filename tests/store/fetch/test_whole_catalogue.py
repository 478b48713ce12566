"""The package's own catalogue, whole, against services that have what it asks for."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from tests.sources.pxweb_tables import catalogue_tables

from regionstudy.catalogue import Catalogue
from regionstudy.store import Snapshot
from regionstudy.store.fetch import fetch

from .conftest import opened

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.sources.kolada_server import FakeKolada
    from tests.sources.pxweb_server import FakePxWeb
    from tests.sources.pxweb_tables import FakeTable

    from regionstudy.catalogue import Indicator
    from regionstudy.sources.clients import Clients

TODAY = dt.date(2026, 11, 25)
# One region of each level is enough to bring each indicator through.
REGIONS = ("00", "22", "2281")


def smaller(table: FakeTable) -> FakeTable:
    """The table with a few of its regions."""
    for variable in table.variables:
        if set(REGIONS) <= set(variable.values):
            variable.values = {code: variable.values[code] for code in REGIONS}
            variable.codelists = {
                name: (label, {
                    code: (text, [one for one in members if one in REGIONS])
                    for code, (text, members) in values.items()
                    if set(members) & set(REGIONS)
                })
                for name, (label, values) in variable.codelists.items()
            }  # fmt: skip
    return table


@pytest.fixture
def clients(scb_server: FakePxWeb, kolada_server: FakeKolada) -> Iterator[Clients]:
    """Clients of services that have all that the catalogue asks for."""
    for table in catalogue_tables():
        scb_server.put(smaller(table))
    for indicator in Catalogue.load().values():
        source = indicator.source
        if source is not None and source.kind == "kolada" and source.kpi:
            for place in ("0000", "0022", "2281"):
                kolada_server.put(source.kpi, place, 2024, T=1.0, K=1.0, M=1.0)
    urls = {"scb": scb_server.url, "kolada": kolada_server.url}
    with opened(None, jobtech="http://127.0.0.1:9", **urls) as made:
        yield made


def fetchable() -> list[Indicator]:
    """The indicators that SCB and Kolada have, by the catalogue."""
    of = ("scb", "kolada")
    return [one for one in Catalogue.load().values() if one.source and one.source.kind in of]


def test_every_indicator_is_planned_or_left_out_with_a_reason(
    study: Path, clients: Clients, scb_server: FakePxWeb, kolada_server: FakeKolada
) -> None:
    every = list(Catalogue.load().values())
    report = fetch(study / "data" / "snapshot", study / "work", every, clients,
                   regions=["2281"], today=TODAY, dry_run=True)  # fmt: skip
    plan = report.plan
    assert plan.faults == {}
    planned = {one.indicator.id for one in plan.series}
    assert planned.isdisjoint(plan.left_out)
    observed = {one.id for one in every if one.source is not None}
    assert planned | set(plan.left_out) == observed
    assert len(planned) > 120
    text = plan.text()
    assert all(f"{one} from " in text for one in planned)
    assert all(f"{name}: left out: {why}" in text for name, why in plan.left_out.items())
    assert scb_server.bodies() == []
    assert not [one for one in kolada_server.asked if "/data/" in one]
    # The limits, and the metadata of a table: one small call each.
    tables = {path for path in scb_server.paths() if path.endswith("/metadata")}
    assert len([path for path in scb_server.paths() if path.endswith("/metadata")]) == len(tables)


def test_every_indicator_that_can_be_fetched_comes_through_and_is_not_asked_for_again(
    study: Path, clients: Clients, scb_server: FakePxWeb, kolada_server: FakeKolada
) -> None:
    where = study / "data" / "snapshot", study / "work"
    wanted = fetchable()
    report = fetch(*where, wanted, clients, regions=["2281"], since=2024, today=TODAY)
    assert report.failed == {}
    planned = {one.indicator.id for one in report.plan.series}
    assert set(report.fetched) == planned
    held = Snapshot.open(where[0])
    for name in planned:
        frame = held.observations(name)
        frame = frame[frame["period"] >= "2024"]
        assert len(frame) == report.fetched[name] > 0
        assert frame["value"].notna().any(), name
        assert held.provenance(name)["licence"]
    scb_server.asked.clear()
    kolada_server.asked.clear()
    again = fetch(*where, wanted, clients, regions=["2281"], since=2024, today=TODAY)
    assert again.fetched == {}
    assert {*again.plan.unchanged, *again.plan.not_due} == planned
    asked = scb_server.paths()
    assert len(asked) == len(set(asked)), "one small question a table"
    assert len(asked) <= len(scb_server.tables)
    assert Snapshot.open(where[0]).checksum == held.checksum
