"""The v2 client against a service that keeps its limits: what is asked, and what comes of it."""

from __future__ import annotations

import datetime as dt
import json
import threading
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from werkzeug import Response

from regionstudy.errors import ConfigError, SourceError
from regionstudy.sources.call_window import known_window
from regionstudy.sources.http import Patience, open_session
from regionstudy.sources.pxweb_checks import Query
from regionstudy.sources.scb import PxWeb

from .pxweb_server import FakePxWeb, problem, serve_pxweb
from .pxweb_tables import FakeTable, FakeVariable, population

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_httpserver import HTTPServer

AT_ONCE = Patience(backoff_s=0.0)
PEOPLE = {"Region": "*", "Civilstand": "*", "Alder": "*", "Kon": "*"}
ALL = {**PEOPLE, "ContentsCode": "*", "Tid": "*"}


@pytest.fixture(scope="module")
def server() -> Iterator[HTTPServer]:
    # One for all tests: to stop one takes half a second.
    with serve_pxweb() as fake:
        fake.server.clear()
        yield fake.server


@pytest.fixture
def fake(server: HTTPServer, shared: Path) -> Iterator[FakePxWeb]:
    yield FakePxWeb(server, shared)
    server.clear()


@pytest.fixture
def scb(fake: FakePxWeb) -> Iterator[PxWeb]:
    client = PxWeb.connect(fake.url, patience=AT_ONCE)
    yield client
    client.session.close()


def expected(fake: FakePxWeb, frame: pd.DataFrame, **others: str) -> list[tuple[Any, str]]:
    """What the table's formula gives for the rows of a frame."""
    table = fake.tables["TAB638"]
    codes = frame.drop(columns=["value", "status"]).astype("str")
    return [table.figure(**row, **others) for row in codes.to_dict("records")]


# What the service says of itself.


def test_limits_are_read_from_the_service_once(fake: FakePxWeb, scb: PxWeb) -> None:
    fake.max_cells, fake.calls, fake.seconds = 500, 7, 3
    limits = scb.config()
    scb.config()
    assert (limits.cells, limits.calls, limits.seconds) == (500, 7, 3.0)
    assert limits.languages == ("sv", "en")
    assert limits.references["sv"] == "Källa: SCB"
    assert fake.paths() == ["/api/v2/config"]


def test_making_a_client_asks_nothing(fake: FakePxWeb) -> None:
    PxWeb(fake.url)
    assert fake.asked == []


def test_a_language_the_service_has_not_is_an_error(fake: FakePxWeb) -> None:
    with pytest.raises(ConfigError, match=r'does not answer in the language "fi".*sv, en'):
        PxWeb(fake.url, lang="fi").config()


def test_a_limit_that_is_gone_is_named_and_the_answer_kept(fake: FakePxWeb, scb: PxWeb) -> None:
    fake.faults.append(Response('{"maxCells": 5}', mimetype="application/json"))
    with pytest.raises(
        SourceError, match=r'lacks the field "maxDataCells" \(it has: maxCells\)'
    ) as e:
        scb.config()
    assert e.value.content == b'{"maxCells": 5}'
    assert e.value.url.endswith("/config")


def test_the_recorded_configuration_is_read(shared: Path, fake: FakePxWeb, scb: PxWeb) -> None:
    recorded = shared / "recordings" / "pxweb2" / "ropengov" / "config.json"
    fake.faults.append(Response(recorded.read_bytes(), mimetype="application/json"))
    limits = scb.config()
    assert (limits.cells, limits.calls, limits.seconds) == (150_000, 30, 10.0)
    assert limits.version == "2.3.2"


# Search and metadata.


def test_search_reads_every_page(fake: FakePxWeb, scb: PxWeb) -> None:
    fake.largest_page = 3
    for number in range(7):
        fake.put(population(f"TAB90{number}"))
    found = scb.search("folkmängd efter")
    assert list(found["table"]) == ["TAB638", *(f"TAB90{number}" for number in range(7))]
    assert found.loc[0, "first_period"] == "2015"
    assert [query["pageNumber"] for _, _, query, _ in fake.asked[1:]] == ["1", "2", "3"]


def test_search_without_a_hit_is_an_empty_table(scb: PxWeb) -> None:
    found = scb.search("åäö")
    assert found.empty
    assert found["discontinued"].dtype == bool


def test_search_without_even_a_first_page_is_an_empty_table(fake: FakePxWeb, scb: PxWeb) -> None:
    scb.config()
    fake.faults.append(problem(404, "Non-existent page"))
    assert scb.search("folkmängd").empty
    fake.faults.append(problem(404, "Something else"))
    with pytest.raises(SourceError, match=r'Search for "folkmängd".*Something else'):
        scb.search("folkmängd")


def test_search_leaves_out_discontinued_tables_unless_asked(fake: FakePxWeb, scb: PxWeb) -> None:
    fake.put(population("TAB1", discontinued=True))
    assert "TAB1" not in set(scb.search("folkmängd")["table"])
    found = scb.search("folkmängd", discontinued=True).set_index("table")
    assert found["discontinued"].to_dict()["TAB1"]


def test_a_search_cut_short_is_an_error(fake: FakePxWeb, scb: PxWeb) -> None:
    scb.config()
    page = {"pageNumber": 1, "pageSize": 20, "totalElements": 2, "totalPages": 1}
    body = json.dumps({"tables": [fake.tables["TAB638"].entry()], "page": page})
    fake.faults.append(Response(body, mimetype="application/json"))
    with pytest.raises(SourceError, match="1 of 2 tables came"):
        scb.search("folkmängd")


def test_tables_are_offered_for_a_title_the_most_alike_first(fake: FakePxWeb, scb: PxWeb) -> None:
    offered = scb.similar("Folkmängden per månad efter region, ålder och kön (CKM)")
    assert offered["table"].tolist() == ["TAB6471"]
    fake.put(population("TAB1", first=1968))
    fake.put(population("TAB2")).label = "Folkmängd i tätorter efter storlek. År 2015"
    offered = scb.similar("Folkmängd efter region, civilstånd, ålder, kön och år", most=2)
    assert offered["table"].tolist() == ["TAB638", "TAB1"]
    assert offered["similarity"].between(0.9, 1.0).all()
    assert scb.similar("Rekreationsvanor").empty
    assert scb.similar("År 2020").empty


def test_metadata_of_the_recorded_table(scb: PxWeb) -> None:
    table = scb.metadata("TAB6471")
    assert [one.code for one in table.variables] == [
        "Region",
        "Alder",
        "Kon",
        "ContentsCode",
        "Tid",
    ]
    assert [len(one.codes) for one in table.variables] == [312, 134, 3, 1, 16]
    age = table.variable("alder")
    # The order is the index's, not that of numbers or of the object's keys.
    assert age.codes[:4] == ("0", "TotSA", "-4", "0-9")
    assert [one.elimination for one in table.variables] == [True, False, True, False, False]
    assert table.variable("time").code == "Tid"
    assert table.updated == "2026-06-08T06:00:00Z"
    assert "CKM" in table.notes[0]


def test_metadata_and_codelists_are_asked_for_once(fake: FakePxWeb, scb: PxWeb) -> None:
    for _ in range(2):
        scb.metadata("TAB638")
        scb.codelist("agg_Ålder2")
    assert len(fake.asked) == 3


def test_a_codelist_with_swedish_letters_is_found(scb: PxWeb) -> None:
    ages = scb.codelist("agg_Ålder10årJ")
    assert ages.kind == "Aggregation"
    assert ages.codes[:2] == ("-9", "10-19")
    assert sorted(ages.members["-9"]) == [str(age) for age in range(10)]


def test_an_unknown_table_is_named_with_the_nearest(fake: FakePxWeb, scb: PxWeb) -> None:
    with pytest.raises(SourceError, match=r'no table "TAB639"\. Did you mean "TAB638"') as error:
        scb.metadata("TAB639")
    assert error.value.status == 404
    assert "regionstudy search" in error.value.remedy


def test_a_known_table_whose_metadata_fails_is_not_called_unknown(
    fake: FakePxWeb, scb: PxWeb
) -> None:
    scb.config()
    fake.faults.append(problem(404, "Non-existent table"))
    with pytest.raises(SourceError, match="has this table, but could not give it just now"):
        scb.metadata("TAB638")


def test_metadata_that_contradicts_itself_is_refused(fake: FakePxWeb, scb: PxWeb) -> None:
    scb.config()
    body = fake.tables["TAB638"].metadata()
    body["size"][0] = 99
    fake.faults.append(Response(json.dumps(body), mimetype="application/json"))
    with pytest.raises(SourceError, match=r"metadata of TAB638.*size says 99"):
        scb.metadata("TAB638")


# Data.


def test_each_cell_comes_once_with_its_own_figure(fake: FakePxWeb, scb: PxWeb) -> None:
    fake.max_cells = 40
    frame = scb.data("TAB638", {**ALL, "Tid": "TOP(4)"})
    assert len(frame) == 4 * 2 * 5 * 3 * 2 * 4
    assert not frame.duplicated(list(ALL)).any()
    for (value, symbol), row in zip(expected(fake, frame), frame.itertuples(), strict=True):
        if value is not None:
            assert (row.value, row.status) == (value, symbol)
        elif symbol == "-":
            assert (row.value, row.status) == (0.0, "-")
        else:
            assert np.isnan(row.value)
            assert row.status == ".."
    assert {"", "..", "-", "p"} <= set(frame["status"])
    # 24 is the lower bound for 960 cells at 40 a call.
    assert frame.attrs["calls"] == len(fake.bodies()) == 24


def test_a_missing_figure_is_never_without_a_symbol_and_a_true_zero_keeps_its(
    scb: PxWeb,
) -> None:
    frame = scb.data("TAB638", ALL)
    assert (frame.loc[frame["value"].isna(), "status"] == "..").all()
    nil = frame[frame["status"] == "-"]
    assert len(nil) > 0
    assert (nil["value"] == 0.0).all()


def test_sparse_values_give_the_same_frame(fake: FakePxWeb, scb: PxWeb) -> None:
    dense = scb.data("TAB638", ALL)
    fake.sparse = True
    sparse = scb.data("TAB638", ALL)
    pd.testing.assert_frame_equal(sparse, dense, check_categorical=False)


def test_every_variable_is_sent_with_its_codes_and_no_expression(
    fake: FakePxWeb, scb: PxWeb
) -> None:
    scb.data(
        "TAB638",
        {
            "region": ["22*", "2281", "2281"],
            "Civilstand": "*",
            "Alder": ["0", "TOP(2)"],
            "ContentsCode": "Folkmängd",
            "time": "TOP(2)",
        },
    )
    (body,) = fake.bodies()
    sent = {part["variableCode"]: part["valueCodes"] for part in body["selection"]}
    assert sent == {
        "Region": ["22", "2260", "2281"],
        "Civilstand": ["OG", "G"],
        "Alder": ["0", "TotSA"],
        "Kon": ["TotSa"],
        "ContentsCode": ["BE0101N1"],
        "Tid": ["2023", "2024"],
    }


def test_a_total_is_asked_for_by_one_name_and_given_back_by_it(scb: PxWeb) -> None:
    frame = scb.data(
        "TAB638",
        {"Region": "2281", "Civilstand": "OG", "Alder": ["total", "0"], "Kon": "total"}
        | {"ContentsCode": "BE0101N1", "Tid": "2024"},
    )
    assert set(frame["Alder"]) == {"0", "total"}
    assert set(frame["Kon"]) == {"total"}
    assert frame.attrs["totals"] == {"Alder": "TotSA", "Kon": "TotSa"}
    assert frame.attrs["labels"]["Alder"]["total"] == "totalt, samtliga åldrar"


def test_a_total_asked_for_by_its_own_code_keeps_it(scb: PxWeb) -> None:
    frame = scb.data(
        "TAB638",
        {"Region": "2281", "Civilstand": "OG", "Alder": "TotSA", "Kon": "TOTSA"}
        | {"ContentsCode": "BE0101N1", "Tid": "2024"},
    )
    assert set(frame["Kon"]) == {"TotSa"}
    assert frame.attrs["totals"] == {}


def test_a_variable_not_named_is_its_published_total_or_else_eliminated_and_said_so(
    fake: FakePxWeb, scb: PxWeb
) -> None:
    chosen = {"Region": "2281", "Alder": "0", "ContentsCode": "Folkmängd", "Tid": "2023"}
    frame = scb.data("TAB638", chosen)
    assert set(frame.columns) == {*ALL, "value", "status"}
    assert set(frame["Kon"]) == set(frame["Civilstand"]) == {"total"}
    assert "Civilstand" not in {part["variableCode"] for part in fake.bodies()[0]["selection"]}
    assert frame.attrs["eliminated"] == ["Civilstand"]
    parts = [
        fake.tables["TAB638"].figure(
            Region="2281",
            Alder="0",
            Kon="TotSa",
            ContentsCode="BE0101N1",
            Tid="2023",
            Civilstand=one,
        )[0]
        for one in ("OG", "G")
    ]
    assert frame["value"].item() == sum(filter(None, parts))


def test_total_is_the_services_sum_where_no_total_is_published(scb: PxWeb) -> None:
    chosen = {"Region": "2281", "Alder": "0", "ContentsCode": "Folkmängd", "Tid": ["2022", "2023"]}
    named = scb.data("TAB638", {**chosen, "Civilstand": "total", "Kon": ["total"]})
    pd.testing.assert_frame_equal(named, scb.data("TAB638", chosen))
    assert named.attrs["eliminated"] == ["Civilstand"]
    with pytest.raises(ConfigError, match="known to be the total of the others"):
        scb.data("TAB638", {**chosen, "Civilstand": ["total", "OG"]})


def test_a_codelists_own_codes_are_chosen_and_sent(fake: FakePxWeb, scb: PxWeb) -> None:
    frame = scb.data(
        "TAB638",
        {"Region": "*", "Alder": "*", "Kon": "1", "ContentsCode": "Folkmängd", "Tid": "2023"},
        codelists={"Region": "vs_Kommun", "Alder": "agg_Ålder2"},
    )
    assert set(frame["Region"]) == {"2260", "2281"}
    assert set(frame["Alder"]) == {"-1", "2+"}
    sent = {part["variableCode"]: part for part in fake.bodies()[0]["selection"]}
    assert sent["Alder"]["codelist"] == "agg_Ålder2"
    assert "codelist" not in sent["Kon"]


@pytest.mark.parametrize(
    ("selection", "codelists", "message"),
    [
        ({**ALL, "Regoin": "*"}, {}, r'no variable "Regoin"\. Did you mean "Region"'),
        ({**ALL, "Region": "2282"}, {}, r'Region has no value "2282"\. Did you mean "2281"'),
        ({**ALL, "ContentsCode": "Folkmangd"}, {}, r'Did you mean "BE0101N1" \(Folkmängd\)'),
        (PEOPLE, {}, r"ContentsCode \(tabellinnehåll\) must be chosen\. It has 2 values"),
        (ALL, {"Alder": "agg_Ålder5"}, r'no codelist "agg_Ålder5"\. Did you mean "agg_Ålder2"'),
        (ALL, {"Kon": "agg_X"}, r"Kon has no codelist .* It has none"),
        ({"Alder": "*"}, {"Region": "vs_Kommun"}, r"a codelist is given for Region, but no values"),
    ],
)
def test_a_wrong_query_is_refused_before_data_is_asked_for(
    fake: FakePxWeb,
    scb: PxWeb,
    selection: dict[str, str],
    codelists: dict[str, str],
    message: str,
) -> None:
    with pytest.raises(ConfigError, match=message):
        scb.data("TAB638", selection, codelists=codelists)
    assert fake.bodies() == []


def test_a_plan_tells_the_cells_of_each_request_and_sends_none(fake: FakePxWeb, scb: PxWeb) -> None:
    fake.max_cells = 1000
    plan = scb.plan("TAB638", ALL)
    assert sum(request.cells for request in plan) == 2400
    assert all(request.cells <= 1000 for request in plan)
    assert len(plan) == 3
    assert fake.bodies() == []


def test_the_requests_of_a_plan_can_be_run_one_by_one(scb: PxWeb, fake: FakePxWeb) -> None:
    fake.max_cells = 1000
    parts = [scb.run([request]) for request in scb.plan("TAB638", ALL)]
    whole = scb.data("TAB638", ALL)
    assert sum(map(len, parts)) == len(whole)
    together = pd.concat([part.astype({"status": "str"}) for part in parts])
    assert together["value"].sum() == whole["value"].sum()


@pytest.mark.parametrize("status", [400, 403])
def test_a_request_refused_for_its_size_is_halved_and_said_so(
    fake: FakePxWeb, scb: PxWeb, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    fake.too_many_status = status
    # 2,400 cells, then twice 1,200, are refused; ages are cut 3 + 2: 720 and 480 pass.
    fake.true_max_cells = 720
    frame = scb.data("TAB638", ALL)
    assert len(frame) == 2400
    assert not frame.duplicated(list(ALL)).any()
    assert frame.attrs["halved"] == 3
    assert "asked for again in two halves" in caplog.text


def test_a_403_with_another_reason_is_not_halved(fake: FakePxWeb, scb: PxWeb) -> None:
    plan = scb.plan("TAB638", ALL)
    fake.faults.append(Response("<html>Forbidden by the firewall</html>", 403))
    with pytest.raises(SourceError, match="HTTP 403"):
        scb.run(plan)
    assert len(fake.bodies()) == 1


def test_a_single_cell_refused_for_its_size_ends_the_halving(fake: FakePxWeb, scb: PxWeb) -> None:
    fake.true_max_cells = 0
    plan = scb.plan("TAB638", {**ALL, "Region": "00", "Alder": "0", "Kon": "1", "Tid": "2024"})
    fake.faults.extend(problem(400, "Too many cells selected") for _ in range(20))
    with pytest.raises(SourceError, match="refuses a single cell too"):
        scb.run(plan)


def test_an_error_of_the_service_is_told_in_its_own_words(fake: FakePxWeb, scb: PxWeb) -> None:
    plan = scb.plan("TAB638", ALL)
    fake.faults.append(problem(400, "Non-existent value"))
    with pytest.raises(SourceError, match=r"Data of TAB638: .*Non-existent value.*HTTP 400"):
        scb.run(plan)


def test_an_answer_with_other_cells_than_asked_is_refused(fake: FakePxWeb, scb: PxWeb) -> None:
    plan = scb.plan("TAB638", {**ALL, "Tid": ["2023", "2024"]})
    fake.put(population(last=2023))
    body = fake.tables["TAB638"].answer(
        {**plan[0].values, "Tid": ("2023",)},
        {},
    )
    fake.faults.append(Response(json.dumps(body), mimetype="application/json"))
    with pytest.raises(SourceError, match="lacks 1 values of Tid: 2024"):
        scb.run(plan)


def test_an_answer_without_a_variable_is_refused(fake: FakePxWeb, scb: PxWeb) -> None:
    plan = scb.plan("TAB638", ALL)
    chosen = {code: codes for code, codes in plan[0].values.items() if code != "Kon"}
    body = fake.tables["TAB638"].answer(chosen, {})
    fake.faults.append(Response(json.dumps(body), mimetype="application/json"))
    with pytest.raises(SourceError, match=r"has the variables \['Region', 'Civilstand', 'Alder', "):
        scb.run(plan)


def test_a_table_updated_half_way_is_asked_for_again(fake: FakePxWeb, scb: PxWeb) -> None:
    fake.max_cells = 1200
    plan = scb.plan("TAB638", ALL)
    assert len(plan) == 2
    fake.versions.append(population(seed=9, updated="2020-01-01T00:00:00Z"))
    frame = scb.run(plan)
    assert frame.attrs["updated"] == "2026-02-24T07:00:00Z"
    assert frame["value"].sum() == scb.data("TAB638", ALL)["value"].sum()


def test_a_table_updated_time_and_again_is_an_error(fake: FakePxWeb, scb: PxWeb) -> None:
    fake.max_cells = 1200
    plan = scb.plan("TAB638", ALL)
    fake.versions.extend(population(updated=day) for day in ("2023", "2024", "2025"))
    with pytest.raises(SourceError, match="was updated while it was asked for"):
        scb.run(plan)


def test_the_recorded_answer_is_read(shared: Path, fake: FakePxWeb, scb: PxWeb) -> None:
    recorded = shared / "recordings" / "pxweb2" / "TAB6471_data.json"
    body = json.loads(recorded.read_bytes())
    codes = {code: list(body["dimension"][code]["category"]["index"]) for code in body["id"]}
    metadata = FakeTable(
        "TAB6471",
        body["label"],
        [
            FakeVariable(
                code, code, {one: one for one in values}, role="time" if code == "Tid" else ""
            )
            for code, values in codes.items()
        ],
    )
    fake.put(metadata)
    plan = scb.plan("TAB6471", dict.fromkeys(codes, "*"))
    fake.faults.append(Response(recorded.read_bytes(), mimetype="application/json"))
    frame = scb.run(plan)
    assert len(frame) == 2772
    assert frame["value"].tolist() == body["value"]
    assert set(frame["status"]) == {""}


def test_an_unknown_symbol_of_a_missing_figure_becomes_two_dots_and_is_counted(
    fake: FakePxWeb, scb: PxWeb
) -> None:
    (request,) = plan = scb.plan("TAB638", {**ALL, "Alder": "0", "Region": "00", "Tid": "2024"})
    body = fake.tables["TAB638"].answer(request.values, {})
    assert request.cells == 12
    body["value"] = [1, None, None, None, None, *[2] * 7]
    body["status"] = {"1": "...", "2": ".", "3": ":", "5": "r"}
    fake.faults.append(Response(json.dumps(body), mimetype="application/json"))
    frame = scb.run(plan)
    assert frame["status"].tolist()[:6] == ["", "..", ".", "..", "..", "r"]
    assert frame.attrs["symbols"] == {"...": 1, ":": 1}


def test_perturbed_figures_are_marked(scb: PxWeb) -> None:
    chosen = {"Region": "22", "Alder": "total", "Tid": "TOP(1)"}
    assert scb.data("TAB6471", chosen).attrs["perturbed"]
    assert not scb.data("TAB638", {**ALL, "Tid": "2024"}).attrs["perturbed"]


@pytest.mark.parametrize("year", [2024, [2024], "2024"])
def test_a_year_may_be_a_whole_number(scb: PxWeb, year: Any) -> None:
    assert set(scb.data("TAB638", {**ALL, "Tid": year})["Tid"]) == {"2024"}


def test_a_language_the_service_does_not_speak_is_refused_at_the_first_call(
    fake: FakePxWeb,
) -> None:
    told = r'language "de"\. Choose one of sv, en'
    for call in (
        lambda scb: scb.search("folk"),
        lambda scb: scb.metadata("TAB638"),
        lambda scb: scb.data("TAB638", ALL),
    ):
        with pytest.raises(ConfigError, match=told):
            call(PxWeb(fake.url, lang="de"))
    assert not any("/tables" in path for path in fake.paths())


def test_a_failure_half_way_stops_the_rest(fake: FakePxWeb, scb: PxWeb) -> None:
    fake.max_cells = 60
    plan = scb.plan("TAB638", ALL)
    assert len(plan) == 40
    fake.faults.extend(problem(400, "Non-existent value") for _ in range(40))
    with pytest.raises(SourceError, match="Non-existent value"):
        scb.run(plan)
    # Four at a time: the others were never sent.
    assert len(fake.bodies()) < 20


def test_a_table_whose_metadata_lacks_its_parts_is_refused(fake: FakePxWeb, scb: PxWeb) -> None:
    scb.config()
    fake.faults.append(Response('{"id": ["Tid"]}', mimetype="application/json"))
    with pytest.raises(SourceError, match=r"The metadata of TAB638: the answer cannot be read"):
        scb.metadata("TAB638")
    fake.faults.append(Response('{"id": "vs_X", "values": [{}]}', mimetype="application/json"))
    with pytest.raises(
        SourceError, match=r'The codelist vs_X: the answer lacks the field "values\[0\]\.code"'
    ):
        scb.codelist("vs_X")


def test_a_limit_that_is_no_number_is_refused(fake: FakePxWeb, scb: PxWeb) -> None:
    body = {"maxDataCells": "many", "maxCallsPerTimeWindow": 30, "timeWindow": 10}
    fake.faults.append(Response(json.dumps(body), mimetype="application/json"))
    with pytest.raises(SourceError, match=r"maxDataCells.* is no number: 'many'"):
        scb.config()


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"languages": ["sv"]}, r"field \"languages\[0\]\" is 'sv'"),
        ({"sourceReferences": {}}, r'field "sourceReferences" is \{\}: it should be a valid list'),
        ({"maxDataCells": "NaN"}, r'field "maxDataCells" is no number: \'NaN\''),
        ({"maxDataCells": "inf"}, r'field "maxDataCells" is no number: \'inf\''),
        ({"timeWindow": -1}, r'field "timeWindow" is -1: it should be greater than or equal to 0'),
    ],
)
def test_limits_of_another_form_are_told_by_field(
    fake: FakePxWeb, scb: PxWeb, wrong: dict[str, Any], told: str
) -> None:
    body = {"maxDataCells": 9, "maxCallsPerTimeWindow": 30, "timeWindow": 10, **wrong}
    fake.faults.append(Response(json.dumps(body), mimetype="application/json"))
    with pytest.raises(SourceError, match=told) as error:
        scb.config()
    assert json.loads(error.value.content) == body
    assert error.value.remedy.startswith("The service has changed")


def _changed(part: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    return part | {
        key: _changed(part[key], change)
        if isinstance(change, dict) and change and isinstance(part.get(key), dict)
        else change
        for key, change in changes.items()
    }


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"role": {"time": None}}, r'field "role.time" is None: it should be a valid list'),
        ({"role": "x"}, r"field \"role\" is 'x': it should be a valid object"),
        ({"extension": "x"}, r"field \"extension\" is 'x'"),
        (
            {"dimension": {"Region": {"extension": {"codelists": [{"label": "x"}]}}}},
            r'TAB638, variable Region: the answer lacks the field "codelists\[0\]\.id" '
            r"\(it has: label\)",
        ),
        (
            {"dimension": {"Region": {"extension": {"codelists": {}}}}},
            r'variable Region: the field "codelists" is \{\}',
        ),
        (
            {"dimension": {"Region": {"extension": {"alternativeText": "x"}}}},
            r"variable Region: the field \"alternativeText\" is 'x'",
        ),
        ({"dimension": {"Region": {"extension": "x"}}}, "Region: extension is not an object"),
        (
            {"dimension": {"ContentsCode": {"category": {"unit": {"BE0101N1": "antal"}}}}},
            "ContentsCode: unit of BE0101N1 is not an object",
        ),
    ],
)
def test_metadata_of_another_form_is_told_by_field(
    fake: FakePxWeb, scb: PxWeb, wrong: dict[str, Any], told: str
) -> None:
    scb.config()
    body = _changed(fake.tables["TAB638"].metadata(), wrong)
    fake.faults.append(Response(json.dumps(body), mimetype="application/json"))
    with pytest.raises(SourceError, match=told) as error:
        scb.metadata("TAB638")
    assert json.loads(error.value.content) == body


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"paths": ["x"]}, r"field \"paths\[0\]\" is 'x'"),
        ({"variableNames": 3}, r'field "variableNames" is 3: it should be a valid list'),
        ({"id": None}, r'lacks the field "id"'),
    ],
)
def test_a_tables_entry_of_another_form_is_told_by_field(
    fake: FakePxWeb, scb: PxWeb, wrong: dict[str, Any], told: str
) -> None:
    scb.config()
    body = fake.tables["TAB638"].entry() | wrong
    fake.faults.append(Response(json.dumps(body), mimetype="application/json"))
    with pytest.raises(SourceError, match=told):
        scb.table("TAB638")


def test_a_search_without_its_list_is_told_by_field(fake: FakePxWeb, scb: PxWeb) -> None:
    scb.config()
    body = {"tables": None, "page": {"totalPages": 1, "totalElements": 0}}
    fake.faults.append(Response(json.dumps(body), mimetype="application/json"))
    with pytest.raises(SourceError, match=r'lacks the field "tables" \(it has: page\)'):
        scb.search("folk")
    fake.faults.append(Response("[]", mimetype="application/json"))
    with pytest.raises(SourceError, match="the answer is a list, not an object"):
        scb.search("folk")


def test_an_answer_that_is_no_dataset_is_refused_and_kept(fake: FakePxWeb, scb: PxWeb) -> None:
    plan = scb.plan("TAB638", ALL)
    fake.faults.append(Response('{"class": "collection"}', mimetype="application/json"))
    with pytest.raises(SourceError, match="class collection, which holds no figures") as error:
        scb.run(plan)
    assert error.value.content == b'{"class": "collection"}'


def test_a_table_that_went_away_after_the_plan_is_named(fake: FakePxWeb, scb: PxWeb) -> None:
    plan = scb.plan("TAB638", ALL)
    del fake.tables["TAB638"]
    with pytest.raises(SourceError, match='there is no table "TAB638"'):
        scb.run(plan)


def test_a_service_that_fails_is_not_taken_for_a_missing_table(fake: FakePxWeb) -> None:
    scb = PxWeb.connect(fake.url, patience=AT_ONCE)
    scb.config()
    fake.faults.append(Response("", 501))
    with pytest.raises(SourceError, match=r"The metadata of TAB638.*HTTP 501"):
        scb.metadata("TAB638")
    # The table is unknown, and then the search for one like it fails too.
    fake.faults.extend([problem(404, "Non-existent table")] * 2 + [Response("", 501)])
    with pytest.raises(SourceError, match='there is no table "TAB1"'):
        scb.metadata("TAB1")
    scb.session.close()


def test_a_firewalls_400_is_told_as_it_is(fake: FakePxWeb, scb: PxWeb) -> None:
    plan = scb.plan("TAB638", ALL)
    fake.faults.append(Response("<html>cells are blocked here</html>", 400))
    with pytest.raises(SourceError, match="HTTP 400"):
        scb.run(plan)


# The call window.


def test_the_announced_call_window_is_kept(fake: FakePxWeb) -> None:
    fake.calls, fake.seconds, fake.max_cells = 4, 1, 400
    scb = PxWeb.connect(fake.url, patience=AT_ONCE)
    threads = [threading.Thread(target=scb.data, args=("TAB638", ALL)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(fake.bodies()) == 12
    assert fake.refused_calls == 0


def test_two_clients_of_one_process_share_the_call_window(fake: FakePxWeb) -> None:
    fake.calls, fake.seconds, fake.max_cells = 4, 1, 600
    clients = [PxWeb.connect(fake.url, patience=AT_ONCE), PxWeb(f"{fake.url}/")]
    for client in clients:
        assert len(client.data("TAB638", ALL)) == 2400
        client.close()
    assert len(fake.bodies()) == 8
    assert fake.refused_calls == 0


def test_limits_that_change_open_another_window(fake: FakePxWeb) -> None:
    fake.calls, fake.seconds = 9, 1
    assert PxWeb(fake.url).config().calls == 9
    fake.calls = 3
    client = PxWeb(fake.url)
    assert client.config().calls == 3
    assert client.config().calls == known_window(fake.url).calls  # type: ignore[union-attr]


def test_a_429_is_waited_for(fake: FakePxWeb) -> None:
    # A session without a window, as another program's calls would have it.
    fake.calls, fake.seconds, fake.max_cells = 4, 1, 600
    scb = PxWeb(fake.url, session=open_session(source="scb", patience=AT_ONCE))
    assert len(scb.data("TAB638", ALL)) == 2400
    assert fake.refused_calls > 0


def test_an_unannounced_window_is_no_licence_to_hurry(fake: FakePxWeb) -> None:
    fake.calls = 0
    scb = PxWeb.connect(fake.url, patience=AT_ONCE)
    begin = dt.datetime.now(dt.UTC)
    scb.metadata("TAB638")
    # One call a second, the one for the limits included.
    assert dt.datetime.now(dt.UTC) - begin >= dt.timedelta(seconds=1)


def test_a_second_look_comes_from_the_cache(fake: FakePxWeb, tmp_path: Path) -> None:
    for _ in range(2):
        scb = PxWeb.connect(fake.url, cache=tmp_path, patience=AT_ONCE)
        frame = scb.data("TAB638", ALL)
        scb.session.close()
    assert len(fake.bodies()) == 1
    assert len(fake.asked) == 3
    offline = PxWeb.connect(fake.url, cache=tmp_path, offline=True)
    pd.testing.assert_frame_equal(offline.data("TAB638", ALL), frame)
    offline.session.close()


# Checks, and what the reader can paste.


def test_a_query_is_checked_without_asking_for_data(fake: FakePxWeb, scb: PxWeb) -> None:
    query = Query("TAB638", {**ALL, "Region": "2282"}, codelists={"Alder": "agg_Ålder2"})
    (finding,) = scb.check(query)
    assert finding.forbids
    assert 'Did you mean "2281"' in str(finding)
    (finding,) = scb.check(Query("TAB638", ALL, codelists={"Alder": "agg_Alder"}))
    assert "has no codelist" in str(finding)
    assert fake.bodies() == []


def test_a_request_is_written_as_curl(scb: PxWeb, fake: FakePxWeb) -> None:
    chosen = {**ALL, "Civilstand": "G", "Alder": "0", "Kon": "1", "ContentsCode": "Folkmängd"}
    (request,) = scb.plan("TAB638", {**chosen, "Region": "2281", "Tid": "2024"})
    command = scb.as_curl(request)
    assert command.startswith(
        f"curl '{fake.url}/tables/TAB638/data?lang=sv&outputFormat=json-stat2'"
    )
    assert '{"variableCode":"Tid","valueCodes":["2024"]}' in command


@pytest.mark.parametrize(
    ("selection", "problem"),
    [
        ({"Regionn": "*"}, 'no variable "Regionn"'),
        ({"Region": ["2289"], "Tid": "*"}, 'no value "2289"'),
        ({"ContentsCode": ["Folkmngd"], "Tid": "*"}, "Folkmängd"),
    ],
)
def test_a_question_that_does_not_fit_is_told_with_the_tables_address(
    scb: PxWeb, selection: dict[str, Any], problem: str
) -> None:
    whole = {"Region": "*", "Civilstand": "*", "Alder": "*", "Kon": "*", "ContentsCode": "*"}
    with pytest.raises(SourceError, match=problem) as caught:
        scb.data("TAB638", {**whole, **selection})
    assert isinstance(caught.value, ConfigError)
    assert caught.value.url.endswith("/api/v2/tables/TAB638")
    assert (caught.value.status, caught.value.what) == (200, "The question to TAB638")
