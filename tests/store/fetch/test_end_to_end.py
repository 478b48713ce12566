"""From the services through the command line into the snapshot: cell by cell, with its origin."""

from __future__ import annotations

import datetime as dt
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pandas as pd
import pytest
from tests.sources.kolada_server import filled_value
from tests.sources.pxweb_tables import population
from werkzeug import Response

from .entries import same, stored

if TYPE_CHECKING:
    from tests.sources.jobtech_server import FakeJobTech
    from tests.sources.kolada_server import FakeKolada
    from tests.sources.pxweb_server import FakePxWeb
    from tests.sources.pxweb_tables import FakeTable

    from regionstudy.store import Snapshot

    from .shell import Shell

TODAY = dt.datetime.now(tz=dt.UTC).date()
MONTH = pd.Period(TODAY, freq="M")
SINCE = "--since=2024"
YEARS = range(2024, TODAY.year + 1)
RESIDENTS = ("--indicator", "residents")


def own(row: dict[str, str], table: FakeTable) -> tuple[float, str]:
    """A stored row's cell in the fake table."""
    return stored(
        table,
        Region=row["region"],
        Civilstand="OG",
        Alder={"total": "TotSA"}.get(row["age"], row["age"]),
        Kon={"total": "TotSa"}.get(row["sex"], row["sex"]),
        ContentsCode="BE0101N1",
        Tid=row["period"],
    )


@pytest.fixture
def filled(shell: Shell, kolada_server: FakeKolada, jobtech_server: FakeJobTech) -> Shell:
    """The command line, with figures of this year and last at all three services."""
    kolada_server.fill(["N01951", "N07403"], YEARS)
    jobtech_server.put(f"{MONTH - 1}-03T08:00:00", vacancies=4, past=True)
    jobtech_server.put(f"{MONTH - 1}-03T09:00:00", vacancies=1, municipality="2260")
    return shell


def test_all_three_services_fill_the_snapshot(filled: Shell, scb_server: FakePxWeb) -> None:
    names = ("residents", "by_sex", "violence", "job_vacancies_open", "trust")
    ended = filled(*(f"--indicator={name}" for name in names), SINCE)
    assert (ended.code, ended.err) == (0, "")
    assert "4 indicators fetched" in ended.out
    assert "trust: left out: BRÅ has no service" in ended.out
    assert set(filled.held.indicators) == {"rents", *names[:-1]}
    filled.whole()
    _require_residents(filled.held, scb_server)
    _require_key_figures(filled.held)
    open_now = filled.held.observations("job_vacancies_open", regions=["2260"])
    assert open_now[open_now["occupation"] == "total"]["value"].tolist() == [1.0]
    _require_origins(filled.held)


def _require_residents(held: Snapshot, server: FakePxWeb) -> None:
    residents = held.observations("residents").to_dict("records")
    assert len(residents) == 4 * 2 * 3 * 2
    for row in residents:
        table = server.tables["TAB5557" if row["period"] == "2025" else "TAB638"]
        value, status = own(row, table)
        assert same(row["value"], value), row
        assert row["status"] == status, row


def _require_key_figures(held: Snapshot) -> None:
    by_sex = held.observations("by_sex")
    # 290 municipalities, 21 regions and the country; the total, women and men.
    assert len(by_sex) == 312 * 3 * len(YEARS)
    of = {"total": "T", "1": "M", "2": "K"}
    for row in by_sex.to_dict("records"):
        expected = filled_value("N01951", row["region"], int(row["period"]), of[row["sex"]])
        assert row["value"] == expected, row
    violence = held.observations("violence", regions=["2281"])
    assert violence["value"].tolist() == [
        filled_value("N07403", "2281", year, "T") for year in YEARS
    ]


def _require_origins(held: Snapshot) -> None:
    """Where from, which query, when, and under what licence."""
    said = {name: held.provenance(name) for name in held.indicators}
    for name, publisher, table, query, licence in (
        ("residents", "SCB", "TAB638 Folkmängd efter region", "tables/TAB638/data: ContentsCode=BE"
         "0101N1; Alder=0,total; Kon=1,2,total; Civilstand=OG; Tid=2024", "CC0-1.0"),
        ("by_sex", "Kolada (RKA)", "N01951", "data/kpi/N01951/year/2024–", "CC0-1.0"),
        ("job_vacancies_open", "Arbetsförmedlingen", "job_vacancies_open", "/search", "CC0-1.0"),
    ):  # fmt: skip
        # From an address of another than the publisher, which is said.
        host = urlsplit(said[name]["url"]).netloc
        assert said[name]["publisher"] == f"{publisher} via {host}"
        assert table in said[name]["table"]
        assert query in said[name]["query"]
        assert licence in said[name]["licence"]
        assert said[name]["retrieved"] == TODAY.isoformat()
        assert re.match("http://(localhost|127)", said[name]["url"])
    assert said["residents"]["updated"] == "2026-02-24T07:00:00Z"
    assert said["residents"]["fetched"]["stamps"] == {
        "TAB638": "2026-02-24T07:00:00Z",
        "TAB5557": "2026-02-24T07:00:00Z",
    }


def test_ads_are_counted_in_the_regions_own_municipalities_month_by_month(filled: Shell) -> None:
    assert filled("--indicator", "job_ads").code == 0
    ads = filled.held.observations("job_ads")
    assert set(ads["region"]) == {"2260", "2262", "2280", "2281", "2282", "2283", "2284"}
    assert ads["period"].nunique() == 12
    before = f"{MONTH - 1:%Y}M{MONTH - 1:%m}"
    whole = ads[(ads["occupation"] == "total") & (ads["value"] > 0)]
    assert whole[["region", "period", "value"]].to_numpy().tolist() == [
        ["2260", before, 1.0],
        ["2281", before, 1.0],
    ]


def test_two_tables_are_joined_and_the_break_is_marked(shell: Shell) -> None:
    assert shell(*RESIDENTS).code == 0
    said = shell.held.provenance("residents")
    old, new = said["segments"]
    assert (old["table"][:6], old["periods"]) == ("TAB638", ["2022", "2024"])
    assert (new["table"][:7], new["periods"]) == ("TAB5557", ["2025", "2025"])
    assert new["note"]["en"] == "Series break: from 2025 on from TAB5557, before that from TAB638."
    assert "Tidsseriebrott: från 2025 ur TAB5557" in said["note"]["sv"]
    assert old["rows"] + new["rows"] == len(shell.held.observations("residents"))


def test_what_the_publisher_revises_is_kept_as_it_was(shell: Shell, scb_server: FakePxWeb) -> None:
    first = scb_server.tables["TAB638"]
    assert shell(*RESIDENTS).code == 0
    assert shell.held.revisions().empty
    second = scb_server.put(
        population(first=2022, last=2024, seed=7, updated="2026-11-25T07:00:00Z")
    )
    ended = shell(*RESIDENTS)
    assert "(regionstudy status --changes)" in ended.out
    revised = shell.held.revisions()
    assert set(revised["period"]) == {"2022", "2023", "2024"}
    assert set(revised["superseded"]) == {TODAY.isoformat()}
    for row in revised.to_dict("records"):
        assert same(row["value"], own(row, first)[0])
        assert same(row["value_now"], own(row, second)[0])
    for row in shell.held.observations("residents", periods=["2023"]).to_dict("records"):
        assert same(row["value"], own(row, second)[0])
    # A third vintage: what the second replaced stays beside what it was replaced by.
    scb_server.put(population(first=2022, last=2024, seed=8, updated="2026-11-26T07:00:00Z"))
    assert shell(*RESIDENTS).code == 0
    again = shell.held.revisions()
    cell = "region == '2281' and period == '2023' and age == '0' and sex == '1'"
    assert len(again.query(cell)) == 2
    assert len(again) > len(revised)


def test_figures_that_were_held_and_are_not_fetched_stay(
    shell: Shell, scb_server: FakePxWeb
) -> None:
    assert shell(*RESIDENTS).code == 0
    scb_server.put(population(first=2024, last=2024, updated="2026-11-25T07:00:00Z"))
    assert shell(*RESIDENTS).code == 0
    assert shell.held.observations("residents")["period"].min() == "2022"


def test_with_partial_the_others_are_kept_and_the_failed_is_named(
    filled: Shell, kolada_server: FakeKolada, scb_server: FakePxWeb
) -> None:
    down = Response("", 503)
    scb_server.override = lambda request: down if request.method == "POST" else None
    only = ("--source", "scb", "--source", "kolada", SINCE)
    before = filled.whole()
    assert filled(*only).code == 2
    assert filled.whole() == before
    ended = filled(*only, "--partial")
    assert ended.code == 0, ended.err
    assert re.search(r"residents: failed: Data of TAB\d+: .*HTTP 503, http", ended.out)
    assert "2 indicators fetched" in ended.out
    assert {"by_sex", "violence"} <= set(filled.held.indicators)
    assert "residents" not in filled.held.indicators
    scb_server.override = lambda _: None
    asked = len(kolada_server.asked)
    ended = filled(*only)
    assert "1 indicator fetched" in ended.out
    assert "2 not due yet" in ended.out
    assert len(kolada_server.asked) == asked


def test_an_answer_that_does_not_fit_the_catalogue_is_refused_and_partial_keeps_the_rest(
    filled: Shell, kolada_server: FakeKolada
) -> None:
    kolada_server.put("N01951", "2281", TODAY.year, T=-5.0)
    rows = kolada_server.rows["N01951"]
    rows[:] = [one for one in rows if one["municipality"] != "2281"
               or one["period"] != TODAY.year or one["values"][0]["value"] == -5.0]  # fmt: skip
    only = ("--source", "kolada", SINCE)
    before = filled.whole()
    ended = filled(*only)
    assert ended.code == 2
    assert "by_sex: the figures of N01951 do not fit the catalogue: value should be 0 or more, " \
        "got -5.0." in ended.err  # fmt: skip
    assert filled.whole() == before
    ended = filled(*only, "--partial")
    assert ended.code == 0
    assert "by_sex: failed: " in ended.out
    assert "violence" in filled.held.indicators


def test_a_dry_run_prints_every_request_and_asks_for_no_figure(
    filled: Shell, kolada_server: FakeKolada, scb_server: FakePxWeb, jobtech_server: FakeJobTech
) -> None:
    before = filled.whole()
    ended = filled("--dry-run", SINCE)
    assert ended.code == 0, ended.err
    # What is known of a table stands between its name and its requests.
    assert re.search(r"residents from scb TAB5557\n(  note: .*\n)* +24 figures in 1", ended.out)
    for year in YEARS:
        assert f"N01951, N07403; {year}\n" in ended.out
    assert "trust: left out: BRÅ has no service that regionstudy fetches from" in ended.out
    assert re.search(
        rf"\d indicators: \d+ calls \(.*kolada {len(YEARS)}.*at least \d+ s under", ended.out
    )
    assert scb_server.bodies() == []
    assert not [one for one in kolada_server.asked if "/data/" in one]
    assert jobtech_server.asked == []
    assert filled.whole() == before


def test_the_calls_keep_the_window_that_the_service_announces(
    shell: Shell, scb_server: FakePxWeb
) -> None:
    scb_server.calls, scb_server.seconds = 5, 1
    scb_server.max_cells = 12
    assert shell(*RESIDENTS).code == 0
    assert len(scb_server.bodies()) == 8
    assert scb_server.refused_calls == 0


def test_offline_it_says_that_it_must_ask(shell: Shell, scb_server: FakePxWeb) -> None:
    ended = shell.offline(*RESIDENTS)
    assert ended.code == 2
    assert "fetch asks the services, and --offline forbids it. Leave --offline out." in ended.err
    assert scb_server.asked == []


def test_the_command_as_it_is_installed(shell: Shell, scb_server: FakePxWeb) -> None:
    """Without any of the tests' own arrangements but the address: the package's catalogue."""
    from tests.sources.pxweb_tables import catalogue_tables

    for table in catalogue_tables():
        scb_server.put(table)
    scb_server.max_cells = 150_000
    line = [sys.executable, "-m", "regionstudy", "fetch", "--indicator", "births", "--since",
            "2024", "--base-url", f"scb={scb_server.url}"]  # fmt: skip
    ended = subprocess.run(
        line, cwd=shell.study, capture_output=True, text=True, encoding="utf-8", check=False,
        env=os.environ | {"NO_COLOR": "1"},
    )  # fmt: skip
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "1 indicator fetched" in ended.stdout
    births = shell.held.observations("births")
    assert births["region"].nunique() == 312
    assert births["period"].min() == "2024"
