"""Local services, clients of them, and a study folder whose snapshot holds next to nothing."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from pytest_httpserver import HTTPServer
from tests.sources.jobtech_server import FakeJobTech
from tests.sources.kolada_server import FakeKolada
from tests.sources.pxweb_server import FakePxWeb

from regionstudy.sources.clients import Clients, open_clients
from regionstudy.sources.http import Patience
from regionstudy.store import write_snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

_STUDY = """\
home = "2281"
region = "22"
title.sv = "Prov"
title.en = "Trial"
"""


@contextmanager
def _started() -> Iterator[HTTPServer]:
    # Stopping one takes half a second: one a session, and what it serves anew for each test.
    with HTTPServer(threaded=True) as server:
        yield server


@pytest.fixture(scope="session")
def scb_port() -> Iterator[HTTPServer]:
    """Where the fake PxWeb listens."""
    with _started() as server:
        yield server


@pytest.fixture(scope="session")
def kolada_port() -> Iterator[HTTPServer]:
    """Where the fake Kolada listens."""
    with _started() as server:
        yield server


@pytest.fixture(scope="session")
def jobtech_port() -> Iterator[HTTPServer]:
    """Where the fake JobTech listens."""
    with _started() as server:
        yield server


@pytest.fixture
def scb_server(scb_port: HTTPServer) -> Iterator[FakePxWeb]:
    """A PxWeb with the small TAB638, and no need to wait."""
    scb_port.clear()
    fake = FakePxWeb(scb_port)
    fake.calls, fake.seconds = 1000, 1
    yield fake
    scb_port.clear()


@pytest.fixture
def kolada_server(kolada_port: HTTPServer, shared: Path) -> Iterator[FakeKolada]:
    """A Kolada that knows its 6,099 key figures, and has values of none."""
    kolada_port.clear()
    fake = FakeKolada(kolada_port, shared)
    fake.rows.clear()
    yield fake
    kolada_port.clear()


@pytest.fixture
def jobtech_server(jobtech_port: HTTPServer, shared: Path) -> Iterator[FakeJobTech]:
    """A JobTech without ads."""
    jobtech_port.clear()
    yield FakeJobTech(jobtech_port, shared)
    jobtech_port.clear()


def opened(cache: Path | None = None, **urls: str) -> AbstractContextManager[Clients]:
    """Clients that give up soon."""
    patience = Patience(connect_s=2, read_s=5, repeats=1, backoff_s=0.0, longest_wait_s=2)
    return open_clients(cache=cache, offline=False, contact="", base_urls=urls, patience=patience)


@pytest.fixture
def clients(scb_server: FakePxWeb) -> Iterator[Clients]:
    """Clients of which only SCB's has anyone to ask."""
    nobody = {"kolada": "http://127.0.0.1:9/v3", "jobtech": "http://127.0.0.1:9"}
    with opened(None, scb=scb_server.url, **nobody) as made:
        yield made


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A study folder of Västernorrland, whose snapshot holds rents of two municipalities."""
    folder = tmp_path / "study"
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "study.toml").write_text(_STUDY, encoding="utf-8")
    write_snapshot({"rents": _rents()}, {"rents": _source()}, folder / "data" / "snapshot")
    return folder


def _rents() -> pd.DataFrame:
    rows = {"region": ["2281", "0114"], "indicator": "rents", "period": "2022"}
    return pd.DataFrame({**rows, "value": [1118.0, float("nan")], "status": ["", ".."]})


def _source() -> dict[str, Any]:
    said = {"publisher": "SCB", "source": "SCB", "table": "BO0406E", "query": "by hand"}
    told = {"sv": "", "en": ""}
    return {
        **said, "how": told, "note": told, "retrieved": "2026-11-24", "updated": None,
        "licence": "CC0-1.0", "transcribed": False, "url": None, "division": None,
    }  # fmt: skip
