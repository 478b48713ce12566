"""`regionstudy search`: the best first, what the rest is, and what to try where nothing fits."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

import pytest
from tests.sources.pxweb_tables import population
from werkzeug import Response

from regionstudy.console.search import search_catalogue
from regionstudy.console.source_search import search_source
from regionstudy.errors import ConfigError, SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.sources.jobtech_server import FakeJobTech
    from tests.sources.pxweb_server import FakePxWeb

    from regionstudy.sources.clients import Clients

    from .conftest import Shell


def first_column(text: str) -> list[str]:
    """The ids of a table, top down."""
    _, _, body = text.partition("─\n")
    return re.findall(r"^ (\S+)", body.partition("\n\n")[0], flags=re.MULTILINE)


@pytest.fixture
def many_tables(scb_server: FakePxWeb) -> Iterator[FakePxWeb]:
    """Tables of different ages whose titles fit more and less."""
    own = dict(scb_server.tables)
    for number, (label, last) in enumerate(
        [
            ("Hyror i bostadslägenheter och andra nyttigheter", 2024),
            ("Hyror", 1999),
            ("Hyror efter ålder på huset", 2025),
            ("Bostäders hyror", 2025),
        ]
    ):
        table = population(f"TAB9{number}", last=last, first=last - 5)
        table.label = label
        scb_server.put(table)
    yield scb_server
    scb_server.tables.clear()
    scb_server.tables.update(own)


def test_tables_of_scb_are_listed_with_title_period_and_variables(shell: Shell) -> None:
    done = shell("search", "folkmängd", "--source", "scb")
    assert (done.returncode, done.stderr) == (0, "")
    row = next(line for line in done.stdout.splitlines() if line.startswith(" TAB638"))
    assert "Folkmängd efter region, civilstånd, ålder, kön och år. År 2015-2024" in row
    assert "2015–2024" in row
    assert "region, civilstånd, ålder, kön, tabellinnehåll, år" in row
    assert "1 found. More on one: regionstudy describe" in done.stdout


def test_key_figures_of_kolada_are_listed_with_sexes_and_when_published(shell: Shell) -> None:
    # ../shared/recordings/kolada/kpi-dd8aaf.json
    done = shell("search", "invånare totalt", "--source", "kolada", "--most", "1")
    assert (done.returncode, done.stderr) == (0, "")
    row = next(line for line in done.stdout.splitlines() if line.startswith(" N01951"))
    assert "women, men, total" in row
    assert re.search(r"20\d\d +20\d\d-\d\d-\d\d", row)
    assert "municipalities, regions" in row


def test_occupations_are_listed_with_their_ssyk_code_and_open_ads(shell: Shell) -> None:
    done = shell("search", "systemutvecklare", "--source", "jobtech")
    assert (done.returncode, done.stderr) == (0, "")
    row = next(line for line in done.stdout.splitlines() if line.startswith(" 2512"))
    assert "Mjukvaru- och systemutvecklare m.fl." in row
    assert row.endswith(" 3")
    assert "SSYK 2012" in done.stdout


def test_the_catalogue_is_searched_without_a_service(shell: Shell) -> None:
    done = shell("search", "hyra", offline=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert first_column(done.stdout) == ["rents", "rents_new"]


def test_the_phrase_comes_first_then_what_still_lives(
    clients: Clients, many_tables: FakePxWeb
) -> None:
    told = search_source("Hyror", source="scb", clients=clients, most=30)
    assert first_column(told) == ["TAB93", "TAB92", "TAB90", "TAB91"]


def test_a_long_list_says_how_many_more_and_how_to_narrow(clients: Clients) -> None:
    told = search_source("andel", source="kolada", clients=clients, most=5)
    assert len(first_column(told)) == 5
    found = re.search(r"5 of (\d+) shown, (\d+) more: add a word .* --most (\d+)\.", told)
    assert found is not None
    assert int(found[1]) - 5 == int(found[2]) > 1000
    assert found[3] == found[1]


def test_the_beginning_of_a_word_is_tried_where_no_table_has_the_word(
    clients: Clients, many_tables: FakePxWeb
) -> None:
    told = search_source("bostad hyr", source="scb", clients=clients, most=30)
    assert told.startswith('No table has the words "bostad hyr"; these have words that begin so.')
    assert first_column(told) == ["TAB90"]


def test_tables_with_some_of_the_words_are_offered_where_none_has_all(clients: Clients) -> None:
    told = search_source("folkmängd xyzzy", source="scb", clients=clients, most=30)
    assert 'No table has all of "folkmängd xyzzy"' in told
    assert "TAB638" in first_column(told)


@pytest.mark.parametrize(
    ("source", "text", "match"),
    [
        ("scb", "xyzzy", r'No table of SCB matches "xyzzy".*a star'),
        ("kolada", "inflytade", r'No key figure .*"inflytade".*Nearest: N\d{5}'),
        ("jobtech", "sjukskötreska", r"No occupation .*Nearest: Sjuksköterska"),
    ],
)
def test_nothing_found_is_said_with_what_to_try(
    clients: Clients, source: str, text: str, match: str
) -> None:
    told = search_source(text, source=source, clients=clients, most=30)
    assert re.search(match, told), told


def test_a_word_that_the_catalogue_lacks_points_to_the_sources() -> None:
    told = search_catalogue("xyzzy", most=30)
    assert re.search(r'Nothing in the catalogue matches "xyzzy".*--source scb', told)


def test_indicators_are_listed_with_period_and_variables() -> None:
    told = search_catalogue("population_by_age", most=1)
    assert first_column(told) == ["population_by_age"]
    assert "1968–2024" in told
    assert re.search(r"1 of \d+ shown", told)


@pytest.mark.parametrize("source", ["scb", "kolada", "jobtech"])
def test_letters_typed_on_a_mac_find_the_same(clients: Clients, source: str) -> None:
    text = {"scb": "folkmängd", "kolada": "invånare totalt", "jobtech": "sjuksköterska"}[source]
    apart = unicodedata.normalize("NFD", text)
    assert apart != text
    told = search_source(apart, source=source, clients=clients, most=3)
    assert told == search_source(text, source=source, clients=clients, most=3)
    assert first_column(told)


def test_without_a_word_nothing_is_asked(clients: Clients) -> None:
    with pytest.raises(ConfigError, match=r"no word to search for\. Give one"):
        search_source("  ", source="scb", clients=clients, most=30)
    with pytest.raises(ConfigError, match="no word to search for"):
        search_catalogue("", most=30)


def test_an_occupation_is_found_by_the_first_digits_of_its_code(clients: Clients) -> None:
    told = search_source("53", source="jobtech", clients=clients, most=30)
    codes = first_column(told)
    assert "5321" in codes
    assert all(code.startswith("53") for code in codes)


def test_a_list_of_occupations_is_given_though_ads_could_not_be_counted(
    clients: Clients, jobtech_server: FakeJobTech
) -> None:
    jobtech_server.override = lambda request: (
        Response("{}", 404, mimetype="application/json") if "/search" in request.path else None
    )
    try:
        with pytest.warns(UserWarning, match=r"Open ads could not be counted\. .*HTTP 404"):
            told = search_source("systemutvecklare", source="jobtech", clients=clients, most=30)
    finally:
        jobtech_server.override = lambda _: None
    assert "2512" in first_column(told)


def test_a_service_that_is_down_is_one_line_and_exit_2(shell: Shell) -> None:
    done = shell("search", "hyra", "--source", "kolada", kolada="http://127.0.0.1:9/v3")
    assert done.returncode == 2
    assert done.stdout == ""
    [line] = done.stderr.splitlines()
    assert re.match(r'regionstudy: Kolada\'s KPIs with "hyra": no connection, or it was cut', line)


def test_offline_what_was_found_before_is_found_again_and_nothing_else(shell: Shell) -> None:
    online = shell("search", "folkmängd", "--source", "scb")
    again = shell("search", "folkmängd", "--source", "scb", offline=True)
    assert (again.returncode, again.stdout) == (0, online.stdout)
    other = shell("search", "inkomster", "--source", "scb", offline=True)
    assert other.returncode == 2
    [line] = other.stderr.splitlines()
    assert 'Search for "inkomster": nothing is kept on disk for this' in line
    assert "Run it once without --offline." in line


def test_answers_are_kept_inside_the_study_where_there_is_one(shell: Shell) -> None:
    shell.folder.joinpath("data").mkdir()
    shell.folder.joinpath("data", "study.toml").write_text(
        'home = "2380"\nregion = "23"\n[title]\nsv = "Jämtland"\nen = "Jämtland"\n',
        encoding="utf-8",
    )
    assert shell("search", "folkmängd", "--source", "scb").returncode == 0
    assert (shell.folder / ".regionstudy" / "http" / "scb.sqlite").is_file()


def test_an_unknown_source_in_base_url_names_the_nearest(shell: Shell) -> None:
    done = shell("search", "x", "--source", "kolada", kolda="http://127.0.0.1:9")
    assert done.returncode == 2
    assert 'There is no source "kolda". Did you mean "kolada"?' in done.stderr


def test_a_source_fails_as_an_error_inside_python_too(clients: Clients) -> None:
    clients.kolada.base_url = "http://127.0.0.1:9/v3"
    with pytest.raises(SourceError, match="no connection"):
        search_source("x", source="kolada", clients=clients, most=1)
