"""Bad input and services that fail: one line that says what, where and the remedy; no harm."""

from __future__ import annotations

import json
import re
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from tests.sources.pxweb_server import problem
from tests.sources.pxweb_tables import population
from werkzeug import Response

from .entries import same, stored

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.sources.kolada_server import FakeKolada
    from tests.sources.pxweb_server import FakePxWeb
    from werkzeug import Request

    from .shell import Ended, Shell

FETCH = ("--indicator", "residents")
RAW = "answer-as-it-came.txt"


def require_refused(ended: Ended, message: str) -> None:
    """Hold an error against what it should say, in one line."""
    assert ended.code == 2, ended
    assert ended.out == ""
    assert ended.err.count("\n") == 1
    assert ended.err.startswith("regionstudy: ")
    assert re.search(message, ended.err), ended.err


@pytest.fixture
def changed(shell: Shell, catalogue: Path, tmp_path: Path) -> Callable[[str, str], Shell]:
    """Change the catalogue's text, and give the command line that reads it."""

    def change(old: str, new: str) -> Shell:
        folder = tmp_path / "changed"
        shutil.copytree(catalogue, folder)
        text = (folder / "people.toml").read_text(encoding="utf-8")
        assert old in text
        (folder / "people.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
        return shell.reading(folder)

    return change


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"TAB638"', '"TAB639"',
         r'no table "TAB639"\. Did you mean "TAB638".*HTTP 404, http://\S+/tables/TAB639.*Search'),
        ("fixed.Civilstand", "fixed.Civilstnd", r'"Civilstnd".*Did you mean .*Civilstand'),
        ('Kon = ["1", "2", "total"]', 'Kon = ["1", "7"]', r'TAB638: Kon has no value "7"'),
        ('text = "Folkmängd"', 'text = "Folkmängden"', r"Folkmängden.*Folkmängd"),
    ],
)  # fmt: skip
def test_what_the_table_does_not_have_is_refused_before_figures_are_asked_for(
    changed: Callable[[str, str], Shell],
    scb_server: FakePxWeb,
    old: str,
    new: str,
    message: str,
) -> None:
    shell = changed(old, new)
    before = shell.whole()
    require_refused(shell(*FETCH), message)
    assert scb_server.bodies() == []
    assert shell.whole() == before


def test_an_unknown_key_figure_is_refused_with_the_nearest(
    changed: Callable[[str, str], Shell], kolada_server: FakeKolada
) -> None:
    shell = changed('"N01951"', '"N01591"')
    message = r"there is no N01591 \(HTTP 200, http.*Nearest: U01591 .*--partial"
    require_refused(shell("--indicator", "by_sex", "--since", "2025"), message)
    assert not [one for one in kolada_server.asked if "/data/" in one]


def body(fake: FakePxWeb) -> dict[str, Any]:
    """What the fake would answer to the first query for data."""
    chosen = {
        "Region": ["00", "22", "2260", "2281"],
        "Civilstand": ["OG"],
        "Alder": ["0", "TotSA"],
        "Kon": ["1", "2", "TotSa"],
        "ContentsCode": ["BE0101N1"],
        "Tid": ["2022", "2023", "2024"],
    }
    return fake.tables["TAB638"].answer(chosen, {})


def as_json(content: Any, status: int = 200) -> Response:
    """A JSON answer."""
    return Response(json.dumps(content), status, mimetype="application/json")


def without_regions(whole: dict[str, Any]) -> dict[str, Any]:
    """An answer that has no region, and so no figure."""
    whole["dimension"]["Region"]["category"] = {"index": {}, "label": {}}
    return {**whole, "size": [0, *whole["size"][1:]], "value": [], "status": {}}


def renamed(whole: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    """An answer one of whose fields is called otherwise."""
    return {new if key == old else key: value for key, value in whole.items()}


BAD_ANSWERS: dict[str, tuple[Callable[[dict[str, Any]], Response], str]] = {
    "html": (
        lambda _: Response("<html>Driftstopp</html>", 200, mimetype="text/html"),
        "a page of HTML came in place of figures",
    ),
    "truncated": (
        lambda whole: Response(json.dumps(whole)[:-30], mimetype="application/json"),
        "broken JSON",
    ),
    "nan": (
        lambda whole: as_json({**whole, "value": [float("nan"), *whole["value"][1:]]}),
        "broken JSON",
    ),
    "strings": (
        lambda whole: as_json({**whole, "value": [str(one) for one in whole["value"]]}),
        "value",
    ),
    "empty": (lambda whole: as_json(without_regions(whole)), r"lacks 4 values of Region: 00, 22"),
    "value renamed": (lambda whole: as_json(renamed(whole, "value", "values")), '"?value"?'),
    "size renamed": (lambda whole: as_json(renamed(whole, "size", "sizes")), "size"),
    "too few": (lambda whole: as_json({**whole, "value": whole["value"][1:]}), "72|71"),
    "other class": (lambda _: as_json({"class": "collection", "link": {}}), "collection"),
}


@pytest.mark.parametrize("kind", list(BAD_ANSWERS))
def test_an_answer_that_is_not_what_is_promised_is_refused_and_kept_for_a_report(
    shell: Shell, scb_server: FakePxWeb, kind: str
) -> None:
    make, message = BAD_ANSWERS[kind]
    before = shell.whole()
    answer = make(body(scb_server))
    scb_server.override = lambda request: answer if request.method == "POST" else None
    ended = shell(*FETCH)
    require_refused(ended, rf"requests failed, the first so: Data of TAB.*(?:{message})")
    assert re.search(r"HTTP 200, http://\S+/tables/TAB\d+/data", ended.err)
    assert "The snapshot is as it was. Run the same command again" in ended.err
    file = shell.work / RAW
    assert f"The answer as it came is in {file}" in ended.err
    assert file.read_bytes() == answer.get_data()
    assert shell.whole() == before
    scb_server.override = lambda _: None
    assert shell(*FETCH).code == 0


@pytest.mark.parametrize(
    ("make", "status", "message"),
    [
        (lambda: problem(400, "Non-existent value"), "400", r'"Non-existent value".*Check the ids'),
        (lambda: problem(400, "Too many cells selected"), "", r"refuses a single cell too"),
        (lambda: problem(403, "Forbiden", detail="resulted in cell that exceeds"), "",
         r"refuses a single cell too"),
        (lambda: Response("<html>Stopp</html>", 403), "403", "Stopp.*Ask for less at a time"),
        (lambda: Response("", 429), "429", "too many calls.*Wait a few minutes"),
        (lambda: Response("", 429, {"Retry-After": "900"}), "429",
         "the service asks for a wait of 900 s.*Run the same command again"),
        (lambda: Response("", 500), "500", "the service failed.*Try again later"),
        (lambda: Response(iter(["{"]), 200, {"Content-Length": "5000"}, "application/json"), "",
         "the answer broke off half-way.*Run the same command again"),
    ],
)  # fmt: skip
def test_a_service_that_fails_leaves_the_snapshot_and_lets_itself_be_asked_again(
    shell: Shell,
    scb_server: FakePxWeb,
    make: Callable[[], Response],
    status: str,
    message: str,
) -> None:
    before = shell.whole()
    scb_server.override = lambda request: make() if request.method == "POST" else None
    ended = shell(*FETCH)
    lines = ended.err.splitlines()
    # That it asks in halves after "too many cells" is told in lines of their own.
    assert all("asked for again in two halves" in line for line in lines[:-1])
    require_refused(ended.__class__(ended.code, ended.out, f"{lines[-1]}\n"), message)
    if status:
        assert re.search(rf"HTTP {status}, http://\S+/data", lines[-1])
    assert not (shell.work / RAW).exists()
    assert shell.whole() == before
    scb_server.override = lambda _: None
    assert shell(*FETCH).code == 0


def test_a_wait_that_the_service_asks_for_is_waited_for(
    shell: Shell, scb_server: FakePxWeb
) -> None:
    refusals = [Response("", 429, {"Retry-After": "1"})]

    def refuse_once(request: Request) -> Response | None:
        return refusals.pop() if refusals and request.method == "POST" else None

    scb_server.override = refuse_once
    assert shell(*FETCH).code == 0


@pytest.mark.parametrize("status", [400, 403])
def test_what_is_too_much_for_the_service_comes_in_parts(
    shell: Shell, scb_server: FakePxWeb, status: int
) -> None:
    scb_server.true_max_cells, scb_server.too_many_status = 40, status
    ended = shell(*FETCH)
    assert ended.code == 0
    assert "refused 72 cells, which is within the limit it announces" in ended.err
    assert len(shell.held.observations("residents")) == 96


def test_metadata_with_a_field_renamed_says_which_and_is_kept_for_a_report(
    shell: Shell, scb_server: FakePxWeb
) -> None:
    other = as_json(renamed(scb_server.tables["TAB638"].metadata(), "size", "sizes"))
    scb_server.override = lambda one: other if "TAB638/metadata" in one.path else None
    require_refused(shell(*FETCH), rf"metadata of TAB638.*size.*HTTP 200, http.*{RAW}")
    assert b"sizes" in (shell.work / RAW).read_bytes()


def test_limits_with_a_field_renamed_say_which(shell: Shell, scb_server: FakePxWeb) -> None:
    other = as_json({"maxCells": 5})
    scb_server.override = lambda one: other if one.path.endswith("/config") else None
    message = rf'lacks the field "maxDataCells" \(it has: maxCells\) \(HTTP 200, http.*{RAW}'
    require_refused(shell(*FETCH), message)


def test_nobody_there_is_told(shell: Shell) -> None:
    elsewhere = shell.asking(scb="http://127.0.0.1:9/api/v2")
    require_refused(elsewhere(*FETCH), r"no connection.*http://127\.0\.0\.1:9/.*Check the network")


@pytest.mark.parametrize(
    ("full", "message"),
    [
        ("journal", r"answers: an answer could not be kept: No space left.*Make room.*goes on"),
        ("snapshot", r"snapshot could not be written: the disk is full\. Make room.*unchanged"),
    ],
)
def test_a_full_disk_is_told_and_what_came_is_kept(
    shell: Shell, scb_server: FakePxWeb, full: str, message: str
) -> None:
    before = shell.whole()
    require_refused(shell(*FETCH, full=full), message)
    assert shell.whole() == before
    assert len(shell.answers()) == {"journal": 0, "snapshot": 2}[full]
    asked = len(scb_server.bodies())
    assert shell(*FETCH).code == 0
    assert len(scb_server.bodies()) - asked == {"journal": 2, "snapshot": 0}[full]


def test_a_table_updated_meanwhile_is_refused_and_asked_for_anew(
    shell: Shell, scb_server: FakePxWeb
) -> None:
    scb_server.max_cells = 40  # two calls for TAB638
    new = population(first=2022, last=2024, seed=9, updated="2026-11-25T07:00:00Z")
    before = shell.whole()
    # Whichever of the two calls comes first gets the old figures, the other the new ones.
    scb_server.versions.extend([scb_server.tables["TAB638"], new])
    message = (
        r"Table TAB638: it was updated while it was asked for: its answers are of "
        r"2026-02-24T07:00:00Z and 2026-11-25T07:00:00Z \(HTTP 200, http.*Run the same command"
    )
    require_refused(shell(*FETCH), message)
    assert shell.whole() == before
    scb_server.put(new)
    assert shell(*FETCH).code == 0
    frame = shell.held.observations("residents")
    row = frame.query("region == '2281' and period == '2023' and age == '0' and sex == '1'")
    value, _ = stored(new, Region="2281", Civilstand="OG", Alder="0", Kon="1",
                      ContentsCode="BE0101N1", Tid="2023")  # fmt: skip
    assert same(row["value"].item(), value)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--indicator", "residnts"), r'No indicator "residnts".*Did you mean "residents"'),
        (("--source", "kolda"), r'no source "kolda"\. Did you mean "kolada"\? Choose among scb, '),
    ],
)
def test_a_mistyped_name_is_told_with_the_nearest(
    shell: Shell, arguments: tuple[str, ...], message: str
) -> None:
    require_refused(shell(*arguments), message)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ("--indicator", "trust"),
            r"could be fetched of what was named: \(trust\) BRÅ has no serv",
        ),
        (("--indicator", "violence", "--since=2099"), r"\(violence\) 2099 has not begun"),
        (("--indicator", "residents", "--since=2099"), r"\(residents\) its tables have no period"),
        (("--indicator", "residents", "--source", "kolada"), r"is of kolada: residents \(scb\)"),
        (("residents",), r"residents is an indicator, .* Write: --indicator residents"),
    ],
)
def test_what_can_not_be_fetched_as_named_says_why(
    shell: Shell, scb_server: FakePxWeb, arguments: tuple[str, ...], message: str
) -> None:
    before = shell.whole()
    require_refused(shell(*arguments), message)
    assert shell.whole() == before
    assert scb_server.bodies() == []
