"""The clients that the command line opens: lazily, at the addresses given, over one cache."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from regionstudy.errors import ConfigError, SourceError
from regionstudy.sources.clients import BASE_URLS, open_clients, read_base_urls
from regionstudy.sources.http import Patience

from .jobtech_server import FakeJobTech
from .kolada_server import FakeKolada
from .pxweb_server import FakePxWeb

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_httpserver import HTTPServer

AT_ONCE = Patience(backoff_s=0.0)


def test_nothing_is_opened_before_it_is_asked_for(tmp_path: Path) -> None:
    cache = tmp_path / "http"
    with open_clients(cache=cache, offline=False, contact="", base_urls={}) as clients:
        assert clients.base_urls == BASE_URLS
        assert not cache.exists()
        assert clients.kolada is clients.kolada
    assert (cache / "kolada.sqlite").exists()
    assert not (cache / "jobtech.sqlite").exists()


def test_kolada_is_asked_at_the_address_given_and_told_whom_to_reach(
    service: HTTPServer, shared: Path, tmp_path: Path
) -> None:
    fake = FakeKolada(service, shared)
    urls = {"kolada": fake.url}
    with open_clients(
        cache=tmp_path, offline=False, contact="a@b.se", base_urls=urls, patience=AT_ONCE
    ) as clients:
        assert clients.kolada.metadata("N01951")["title"].tolist() == ["Invånare totalt, antal"]
    assert [path.split("?")[0] for path in fake.asked] == ["/v3/kpi/N01951"]
    request, _ = service.log[0]
    assert "a@b.se" in request.headers["User-Agent"]


def test_offline_the_answers_of_before_are_given_and_no_others(
    service: HTTPServer, tmp_path: Path
) -> None:
    fake = FakePxWeb(service)
    urls = {"scb": fake.url}
    with open_clients(cache=tmp_path, offline=False, contact="", base_urls=urls) as clients:
        asked = clients.scb.metadata("TAB638")
    calls = len(fake.asked)
    with open_clients(cache=tmp_path, offline=True, contact="", base_urls=urls) as clients:
        assert clients.scb.metadata("TAB638") == asked
        with pytest.raises(SourceError, match=r"nothing is kept on disk.*without --offline"):
            clients.scb.table("TAB638")
    assert len(fake.asked) == calls


def test_taxonomy_and_past_ads_have_addresses_of_their_own(
    service: HTTPServer, shared: Path, tmp_path: Path
) -> None:
    fake = FakeJobTech(service, shared)
    urls = {
        "jobtech": fake.base_url,
        "historical": fake.historical_url,
        "taxonomy": fake.taxonomy_url,
    }
    with open_clients(cache=tmp_path, offline=False, contact="", base_urls=urls) as clients:
        assert clients.jobtech.historical_url == fake.historical_url
        assert "2512" in set(clients.taxonomy.occupation_groups()["occupation"])


def test_an_unknown_source_names_the_nearest() -> None:
    with pytest.raises(ConfigError, match=r'no source "kolda".*Did you mean "kolada"'):
        read_base_urls(["kolda=http://127.0.0.1:1/v3"])
    with pytest.raises(ConfigError, match=r'no source "SBC".*The sources are scb, kolada'):
        open_clients(cache=None, offline=False, contact="", base_urls={"SBC": "http://x"})


@pytest.mark.parametrize(
    "url",
    [
        "",
        "localhost:8080",
        "ftp://x/y",
        "http://",
        "http://a b/",
        "http://x:99999/",
        "http://x?q=1",
    ],
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(ConfigError, match=r"no address for scb.*such as https://statistik"):
        read_base_urls([f"scb={url}"])


def test_a_base_url_needs_a_source_and_is_given_once() -> None:
    with pytest.raises(ConfigError, match=r'"http://x" has no "=".*scb=https://HOST'):
        read_base_urls(["http://x"])
    with pytest.raises(ConfigError, match="scb is given twice"):
        read_base_urls(["scb=http://x", "scb=http://y"])
