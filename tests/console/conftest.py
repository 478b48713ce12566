"""The services as local ones, and the command line run against them as a user would."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from tests.sources.jobtech_server import FakeJobTech, serve_jobtech
from tests.sources.kolada_server import FakeKolada, serve_kolada
from tests.sources.pxweb_server import FakePxWeb, serve_pxweb

from regionstudy.sources.clients import Clients, open_clients
from regionstudy.sources.http import Patience

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def scb_server(shared: Path) -> Iterator[FakePxWeb]:
    """A PxWeb with TAB638 and the recorded TAB6471."""
    with serve_pxweb(shared) as fake:
        fake.english["TAB638"] = "Population by region, marital status, age and sex. Year 2015-2024"
        fake.calls, fake.seconds = 1000, 1
        yield fake


@pytest.fixture(scope="session")
def kolada_server(shared: Path) -> Iterator[FakeKolada]:
    """A Kolada with its 6,099 key figures, and some values of one."""
    with serve_kolada(shared) as fake:
        fake.rows.pop("N01951", None)
        fake.put("N01951", "2281", 1970, T=92000.0, K=46000.0, M=46000.0)
        fake.put("N01951", "2281", 2024, T=99383.0, K=49500.0, M=49883.0)
        fake.put("N01951", "0000", 2024, T=10_587_710.0, K=5_258_000.0, M=5_329_710.0)
        yield fake


@pytest.fixture(scope="session")
def jobtech_server(shared: Path) -> Iterator[FakeJobTech]:
    """A JobTech with three ads for system developers and one for assistant nurses."""
    with serve_jobtech(shared) as fake:
        for day in (1, 2, 3):
            fake.put(f"2026-11-0{day}T08:00:00", ssyk="2512")
        fake.put("2026-11-05T08:00:00", ssyk="5321")
        yield fake


@dataclass
class Shell:
    """A folder outside any study to run commands in, and where the services are."""

    folder: Path
    urls: dict[str, str]
    environment: dict[str, str] = field(default_factory=dict)

    def __call__(
        self, command: str, *arguments: str, offline: bool = False, **urls: str
    ) -> subprocess.CompletedProcess[str]:
        """Run ``regionstudy COMMAND``; `urls` take the place of the services' own."""
        options = [f"--base-url={source}={url}" for source, url in {**self.urls, **urls}.items()]
        line = ["-m", "regionstudy", *(["--offline"] if offline else []), command]
        return subprocess.run(
            [sys.executable, *line, *arguments, *options],
            capture_output=True,
            text=True,
            encoding="utf-8",
            cwd=self.folder,
            env=os.environ | self.environment,
            check=False,
        )


@pytest.fixture
def shell(
    tmp_path: Path,
    scb_server: FakePxWeb,
    kolada_server: FakeKolada,
    jobtech_server: FakeJobTech,
) -> Shell:
    """A command line with a cache of its own."""
    urls = {
        "scb": scb_server.url,
        "kolada": kolada_server.url,
        "jobtech": jobtech_server.base_url,
        "taxonomy": jobtech_server.taxonomy_url,
    }
    folder = tmp_path / "here"
    folder.mkdir()
    return Shell(folder, urls, {"XDG_CACHE_HOME": str(tmp_path / "cache")})


@pytest.fixture
def clients(
    scb_server: FakePxWeb, kolada_server: FakeKolada, jobtech_server: FakeJobTech
) -> Iterator[Clients]:
    """The clients of the local services, without a cache."""
    urls = {
        "scb": scb_server.url,
        "kolada": kolada_server.url,
        "jobtech": jobtech_server.base_url,
        "taxonomy": jobtech_server.taxonomy_url,
    }
    patience = Patience(backoff_s=0.0)
    with open_clients(
        cache=None, offline=False, contact="", base_urls=urls, patience=patience
    ) as opened:
        yield opened
