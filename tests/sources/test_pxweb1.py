"""The v1 client: the same answers as v2's, by v1's own rules."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from werkzeug import Response

from regionstudy.errors import ConfigError, SourceError
from regionstudy.sources.http import Patience
from regionstudy.sources.pxweb1 import PxWeb1
from regionstudy.sources.pxweb_requests import Choice, Request
from regionstudy.sources.scb import PxWeb

from .pxweb_server import FakePxWeb, serve_pxweb

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_httpserver import HTTPServer

AT_ONCE = Patience(backoff_s=0.0)
TABLE = "BE/BE0101/BE0101A/BefolkningNy"
ALL = dict.fromkeys(["Region", "Civilstand", "Alder", "Kon", "ContentsCode", "Tid"], "*")


@pytest.fixture(scope="module")
def server() -> Iterator[HTTPServer]:
    with serve_pxweb() as fake:
        fake.server.clear()
        yield fake.server


@pytest.fixture
def fake(server: HTTPServer) -> Iterator[FakePxWeb]:
    yield FakePxWeb(server)
    server.clear()


@pytest.fixture
def v1(fake: FakePxWeb) -> Iterator[PxWeb1]:
    client = PxWeb1.connect(fake.v1_url, patience=AT_ONCE)
    yield client
    client.session.close()


def test_v1_and_v2_give_the_same_frame(fake: FakePxWeb, v1: PxWeb1) -> None:
    v2 = PxWeb.connect(fake.url, patience=AT_ONCE)
    chosen = {"Region": "22*", "Alder": "total", "ContentsCode": "Folkmängd", "Tid": "TOP(3)"}
    pd.testing.assert_frame_equal(v1.data(TABLE, chosen), v2.data("TAB638", chosen))
    v2.session.close()


def test_the_limit_is_the_cells_not_the_values(fake: FakePxWeb, v1: PxWeb1) -> None:
    fake.max_cells = 500
    assert v1.config().cells == 500
    frame = v1.data(TABLE, ALL)
    assert len(frame) == 2400
    assert frame.attrs["calls"] == 5


def test_every_variable_is_sent_as_items(fake: FakePxWeb, v1: PxWeb1) -> None:
    v1.data(TABLE, {**ALL, "Region": "2281", "Alder": ["1", "1"], "Tid": "BOTTOM(1)"})
    (body,) = fake.bodies()
    assert body["response"] == {"format": "json-stat2"}
    sent = {part["code"]: part["selection"] for part in body["query"]}
    assert sent["Alder"] == {"filter": "item", "values": ["1"]}
    assert sent["Tid"] == {"filter": "item", "values": ["2015"]}
    assert set(sent) == set(ALL)


def test_a_variable_v1_would_take_whole_must_be_chosen(v1: PxWeb1) -> None:
    with pytest.raises(ConfigError, match=r"Tid \(år\) must be chosen"):
        v1.data(TABLE, {"Alder": "0", "ContentsCode": "Folkmängd"})


def test_a_codelist_is_used_with_its_codes(fake: FakePxWeb, v1: PxWeb1) -> None:
    chosen = {**ALL, "Alder": ["-1", "2+"]}
    frame = v1.data(TABLE, chosen, codelists={"Alder": "agg:Ålder2"})
    assert set(frame["Alder"]) == {"-1", "2+"}
    sent = {part["code"]: part["selection"] for part in fake.bodies()[0]["query"]}
    assert sent["Alder"] == {"filter": "agg:Ålder2", "values": ["-1", "2+"]}


@pytest.mark.parametrize(
    ("codelist", "chosen", "message"),
    [
        ("agg:Ålder2", "*", r"v1 does not tell the values of agg:Ålder2"),
        ("agg_Ålder2", ["-1"], r'is no codelist of v1\. Write "agg:" or "vs:"'),
    ],
)
def test_a_codelist_v1_cannot_serve_is_refused(
    v1: PxWeb1, codelist: str, chosen: str | list[str], message: str
) -> None:
    with pytest.raises(ConfigError, match=message):
        v1.data(TABLE, {**ALL, "Alder": chosen}, codelists={"Alder": codelist})


def test_a_bare_403_halves_the_request(fake: FakePxWeb, v1: PxWeb1) -> None:
    fake.true_max_cells = 1200
    frame = v1.data(TABLE, ALL)
    assert len(frame) == 2400
    assert frame.attrs["halved"] == 1


def test_an_unknown_path_is_named_with_the_nearest(v1: PxWeb1) -> None:
    with pytest.raises(SourceError, match=r'no table .*Did you mean "BefolkningNy"'):
        v1.metadata("BE/BE0101/BE0101A/BefolkningNu")
    with pytest.raises(SourceError, match="Paths change in v1"):
        v1.metadata("BE/BE0102/X")


def test_a_service_that_fails_is_not_taken_for_a_missing_table(fake: FakePxWeb) -> None:
    v1 = PxWeb1.connect(fake.v1_url, patience=AT_ONCE)
    v1.config()
    fake.faults.append(Response("", 501))
    with pytest.raises(SourceError, match="HTTP 501"):
        v1.metadata(TABLE)
    v1.session.close()


def test_a_folder_is_listed_and_a_table_is_not_a_folder(v1: PxWeb1) -> None:
    listed = v1.folder("BE/BE0101/BE0101A")
    assert listed.loc[0, ["id", "kind"]].tolist() == ["BefolkningNy", "t"]
    with pytest.raises(SourceError, match="this is a table, not a folder"):
        v1.folder(TABLE)


def test_recorded_metadata_and_limits_are_read(shared: Path, fake: FakePxWeb, v1: PxWeb1) -> None:
    recordings = shared / "recordings" / "pxweb1"
    limits = recordings / "ropengov" / "BefolkningNy-249173.json"
    fake.faults.append(Response(limits.read_bytes(), mimetype="application/json"))
    assert (v1.config().cells, v1.config().calls, v1.config().seconds) == (150_000, 30, 10.0)
    path = recordings / "response_table_variables.json"
    fake.faults.append(Response(path.read_bytes(), mimetype="application/json"))
    table = v1.metadata("HE/HE0110/HE0110A/SamForvInk1")
    body = json.loads(path.read_bytes())
    for variable, listed in zip(table.variables, body["variables"], strict=True):
        assert list(variable.codes) == listed["values"]
        assert variable.labels[listed["values"][0]] == listed["valueTexts"][0]
        assert variable.elimination == listed.get("elimination", False)
    assert table.with_role("time") is not None
    assert table.with_role("metric") is not None


def test_a_recorded_query_is_written_the_same(shared: Path, v1: PxWeb1) -> None:
    recorded = (shared / "recordings" / "pxweb1" / "query_se.json").read_bytes()
    query = json.loads(recorded)
    choices = []
    for part in query["query"]:
        chosen = part["selection"]
        codelist = "" if chosen["filter"] == "item" else chosen["filter"]
        choices.append(Choice(part["code"], tuple(chosen["values"]), codelist))
    command = shlex.split(v1.as_curl(Request(TABLE, tuple(choices))))
    assert command[1] == f"{v1.base_url}/{TABLE}"
    assert json.loads(command[-1]) == query
