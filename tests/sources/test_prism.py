"""What the v2 client sends, held against PxWeb's own specification by a mock others wrote."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import time
from typing import TYPE_CHECKING, Any

import pytest
import requests

from regionstudy.sources.http import Patience
from regionstudy.sources.scb import PxWeb

from .pxweb_server import serve_pxweb

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PRISM = "@stoplight/prism-cli@5.15.10"
# npm fetches it once, about 20 s; it then starts within 15 s on a busy machine.
STARTS_WITHIN_S = 50
NO_REGISTRY = ("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENOTCACHED")
# The specification requires "values" of each selection, a property it does not define: its own
# description, its examples in other places and the server have "valueCodes".
MISPRINT = ('        - "variableCode"\n        - "values"\n', '        - "variableCode"\n')


@pytest.fixture(scope="module")
def specification(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The recorded specification with its misprint corrected, beside the examples it names."""
    recorded = shared / "recordings" / "pxweb2"
    folder = tmp_path_factory.mktemp("specification")
    text = (recorded / "PxAPI-2.yml").read_text(encoding="utf-8")
    assert text.count(MISPRINT[0]) == 1
    (folder / "PxAPI-2.yml").write_text(text.replace(*MISPRINT), encoding="utf-8")
    (folder / "examplesAsYml").mkdir()
    for name in ("dataset-meta.yml", "tablesResponse.yml"):
        shutil.copy(recorded / name, folder / "examplesAsYml" / name)
    return folder / "PxAPI-2.yml"


@pytest.fixture(scope="module")
def prism(specification: Path) -> Iterator[str]:
    """Prism on a free port, which names every violation in a header."""
    npx = shutil.which("npx")
    if npx is None:
        pytest.skip("npx (npm) is not installed; it runs the Prism mock server")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = specification.with_suffix(".log")
    command = [npx, "--yes", PRISM, "mock", "--errors", "--port", str(port), str(specification)]
    with (
        log.open("w") as out,
        # A session of its own: npx leaves the server behind if it alone is ended.
        subprocess.Popen(command, stdout=out, stderr=out, start_new_session=True) as process,
    ):
        try:
            url = f"http://127.0.0.1:{port}"
            _wait(url, process, log)
            yield url
        finally:
            os.killpg(process.pid, signal.SIGTERM)


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        try:
            requests.get(f"{url}/config", timeout=2)
        except requests.ConnectionError:
            time.sleep(0.3)
        else:
            return
    told = log.read_text()
    if any(sign in told for sign in NO_REGISTRY):
        pytest.skip(f"npm could not fetch {PRISM}: its registry is out of reach")
    pytest.fail(f"Prism did not start within {STARTS_WITHIN_S} s: {told[-2000:]}")


def sent(shared: Path) -> list[tuple[str, str, dict[str, str], Any]]:
    """One request of every kind that the client sends."""
    with serve_pxweb(shared) as fake:
        scb = PxWeb.connect(fake.url, patience=Patience(backoff_s=0.0))
        scb.search("folkmängd kön", updated_within_days=30, discontinued=True)
        scb.table("TAB638")
        chosen = {"Region": "*", "Alder": "*", "ContentsCode": "Folkmängd", "Tid": "TOP(2)"}
        scb.data("TAB638", chosen)
        scb.data("TAB638", chosen, codelists={"Alder": "agg_Ålder2"})
        scb.session.close()
        return fake.asked


def violations(prism: str, method: str, path: str, query: Any, body: Any) -> list[Any]:
    """Replay a request; a mock's own answer may break its specification too, which is not ours."""
    address = f"{prism}{path.removeprefix('/api/v2')}"
    answer = requests.request(method, address, params=query, json=body, timeout=20)
    assert answer.status_code != 404, f"{method} {path} is not in the specification"
    if answer.status_code == 422:
        # So it says it where the specification has no error answer of its own.
        found = answer.json()["validation"]
        return [{**one, "location": ["request", *one["location"]]} for one in found]
    found = json.loads(answer.headers.get("sl-violations", "[]"))
    return [one for one in found if one["location"][0] == "request"]


def test_every_kind_of_request_passes_the_specification(prism: str, shared: Path) -> None:
    asked = sent(shared)
    kinds = {path.removeprefix("/api/v2").rsplit("/", 1)[-1] for _, path, _, _ in asked}
    assert kinds == {"config", "tables", "TAB638", "metadata", "data", "agg_Ålder2"}
    for method, path, query, body in asked:
        assert violations(prism, method, path, query, body) == []


def test_the_mock_would_notice(prism: str) -> None:
    bad = {"selection": [{"valueCodes": ["2281"]}]}
    (found,) = violations(prism, "POST", "/api/v2/tables/TAB638/data", {}, bad)
    assert "variableCode" in found["message"]
    (found,) = violations(prism, "GET", "/api/v2/tables", {"pastDays": "yesterday"}, None)
    assert found["location"] == ["request", "query", "pastdays"]
