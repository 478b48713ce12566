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
from tests.sources.pxweb_tables import population

from regionstudy.sources.clients import Clients, open_clients
from regionstudy.sources.http import Patience
from regionstudy.store import write_snapshot

from .shell import Forker, Shell

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


@pytest.fixture(scope="session")
def forker() -> Iterator[Forker]:
    """A process that runs commands."""
    with Forker() as made:
        yield made


@pytest.fixture(scope="session")
def second_forker() -> Iterator[Forker]:
    """Another one, for two commands at once."""
    with Forker() as made:
        yield made


@pytest.fixture(scope="session")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalogue of a few entries of all three sources."""
    folder = tmp_path_factory.mktemp("catalogue")
    (folder / "domains.toml").write_text(
        'people.sv = "Folk"\npeople.en = "People"\n', encoding="utf-8"
    )
    unit = '{ sv = "st", en = "no." }'
    (folder / "units.toml").write_text(
        f"[persons]\nsymbol = {unit}\nname = {unit}\n[per_1000]\nsymbol = {unit}\nname = {unit}\n",
        encoding="utf-8",
    )
    (folder / "people.toml").write_text(
        "\n".join(_entry(name, *facts) for name, facts in _ENTRIES.items()), encoding="utf-8"
    )
    return folder


@pytest.fixture
def shell(
    forker: Forker,
    study: Path,
    catalogue: Path,
    scb_server: FakePxWeb,
    kolada_server: FakeKolada,
    jobtech_server: FakeJobTech,
) -> Shell:
    """The command line in a study, with all three services; SCB has two tables of residents."""
    scb_server.put(population(first=2022, last=2024))
    scb_server.put(population("TAB5557", first=2025, last=2025, seed=2))
    urls = {
        "scb": scb_server.url,
        "kolada": kolada_server.url,
        "jobtech": jobtech_server.base_url,
        "historical": jobtech_server.historical_url,
        "taxonomy": jobtech_server.taxonomy_url,
    }
    return Shell(forker, study, catalogue, urls)


_QUERY = """\
contents = [{ code = "BE0101N1", text = "Folkmängd" }]
fixed.Civilstand = "OG"
select.Alder = ["0", "total"]
select.Kon = ["1", "2", "total"]
"""
_RESIDENTS = f"""\
kind = "scb"
[[residents.source.tables]]
id = "TAB638"
years = "-2024"
{_QUERY}
[[residents.source.tables]]
id = "TAB5557"
years = "2025-"
{_QUERY}
"""
_ALL = '["country", "county", "municipality"]'
_ENTRIES = {
    "residents": (_ALL, _RESIDENTS),
    "by_sex": (_ALL, 'kind = "kolada"\nkpi = "N01951"\nsexes = true\n'),
    "violence": (_ALL, 'kind = "kolada"\nkpi = "N07403"\n'),
    "job_ads": ('["municipality"]', 'kind = "jobtech"\ncount = "published"\n'),
    "job_vacancies_open": ('["municipality"]', 'kind = "jobtech"\ncount = "open"\n'),
    "trust": (_ALL, 'kind = "other"\npublisher = "BRÅ"\n'),
}


def _entry(name: str, levels: str, source: str) -> str:
    texts = "\n".join(
        f'{key}.{lang} = "{name}"' for key in ("title", "description") for lang in ("sv", "en")
    )
    return f"""\
[{name}]
{texts}
unit = "persons"
decimals = 0
direction = 0
role = "context"
levels = {levels}
update = [2]
licence = "CC0"
certainty = "V"

[{name}.source]
{source}"""
