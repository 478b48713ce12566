"""`regionstudy describe`: what a table or key figure is, as an entry and as a request."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
import requests
from tests.sources.pxweb_tables import FakeTable, FakeVariable, population

from regionstudy.catalogue import Catalogue
from regionstudy.catalogue.source import Contents, ScbSource, ScbTable
from regionstudy.console.describe import describe_parts
from regionstudy.console.entries import kpi_entry
from regionstudy.console.indicators import describe_indicator
from regionstudy.console.sample import region_variable, table_request
from regionstudy.sources.clients import open_clients

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.sources.kolada_server import FakeKolada
    from tests.sources.pxweb_server import FakePxWeb

    from regionstudy.catalogue import Indicator
    from regionstudy.sources.clients import Clients

    from .conftest import Shell


def description(name: str, clients: Clients) -> str:
    return "\n".join(describe_parts(name, clients=clients))


def entry_in(text: str) -> str:
    """The proposed entry: from its first heading to the request."""
    found = re.search(
        r"^\[\w+\].*?(?=^(One figure|A few figures) of it:)", text, re.MULTILINE | re.DOTALL
    )
    assert found is not None
    return found[0]


def pasted(entry: str, folder: Path, domain: str = "people") -> Indicator:
    """The indicator that an entry becomes at the end of a domain's file, all checks passed."""
    catalogue = folder / "catalogue"
    shutil.copytree(str(files("regionstudy") / "catalogue"), catalogue)
    path = catalogue / f"{domain}.toml"
    path.write_text(path.read_text(encoding="utf-8") + "\n" + entry, encoding="utf-8")
    name = entry[1 : entry.index("]")]
    return Catalogue.load(catalogue)[name]


def asked_by(command: str) -> Any:
    """What the service answers to a curl command, read as a shell reads it."""
    line = shlex.split(command)
    body = json.loads(line[line.index("-d") + 1]) if "-d" in line else None
    answer = requests.request("POST" if body else "GET", line[1], json=body, timeout=10)
    answer.raise_for_status()
    return answer.json()


@pytest.fixture
def strange(scb_server: FakePxWeb) -> Iterator[FakePxWeb]:
    """A quarterly table with names and texts that are no bare keys, breaks and noise."""
    quarters = [f"{year}K{part}" for year in (2023, 2024) for part in "1234"]
    regions = {"22": "Västernorrlands län", "2281": 'Sundsvall "Sveriges\\mitt"'}
    scb_server.put(
        FakeTable(
            "TAB77",
            "Löner efter kommun och åldersgrupp. Kvartal 2023K1-2026K3",
            [
                FakeVariable("Kommun", "kommun", regions),
                FakeVariable("Åldersgrupp 1", "åldersgrupp", {"20-34": "20–34 år", "35+": "35–"}),
                FakeVariable("ContentsCode", "innehåll", {"A1": 'Lön, "median"'}, role="metric"),
                FakeVariable(
                    "Tid",
                    "kvartal",
                    {period: period for period in quarters},
                    role="time",
                    notes=["Tidsseriebrott 2024K1."],
                ),
            ],
            time_unit="Quarterly",
            notes=["Cell Key Method (CKM) används."],
            discontinued=True,
        )
    )
    yield scb_server
    del scb_server.tables["TAB77"]


# Tables.


def test_a_table_is_described_with_variables_contents_periods_and_codelists(shell: Shell) -> None:
    done = shell("describe", "tab638")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == "TAB638"
    told = "\n".join(re.sub(r" {2,}", " | ", line).strip() for line in lines)
    assert "English | Population by region, marital status, age and sex." in told
    assert "periods | 2015–2024 (10)" in told
    assert "in the catalogue | population_by_age" in told
    assert (
        "Civilstand | civilstånd | 2 | OG ogifta, G gifta | the service's own total or sum" in told
    )
    assert (
        "Alder | ålder | 5 | 0 0 år, TotSA totalt, samtliga åldrar, 1 1 år, 2 2 år and 1 more"
        in told
    )
    assert "agg_Ålder2 (2-årsklasser)" in told
    assert "BE0101N1 | Folkmängd | antal" in told


def test_the_entry_of_a_table_passes_the_catalogues_checks_when_pasted(
    clients: Clients, tmp_path: Path
) -> None:
    entry = pasted(entry_in(description("TAB638", clients)), tmp_path)
    assert entry.id == "population_marital_status"
    assert entry.title.sv == "Folkmängd efter region, civilstånd, ålder, kön och år"
    assert entry.title.en == "Population by region, marital status, age and sex"
    assert entry.levels == ("country", "county", "municipality")
    assert (entry.update, entry.first_period) == ((2,), "2015")
    assert entry.source is not None
    assert entry.source.kind == "scb"
    [table] = entry.source.tables
    assert (table.id, table.years) == ("TAB638", "2015-")
    assert [(one.code, one.text) for one in table.contents] == [("BE0101N1", "Folkmängd")]
    # Age may not be left out; sex and civil status may.
    assert (table.fixed, table.select) == ({"Alder": "total"}, {})


def test_what_stands_as_a_comment_passes_too_when_it_is_taken_in(
    clients: Clients, tmp_path: Path
) -> None:
    proposed = entry_in(description("TAB638", clients))
    proposed = proposed.replace("# select.", "select.").replace("# { code", "{ code")
    entry = pasted(proposed, tmp_path)
    assert entry.source is not None
    assert entry.source.kind == "scb"
    [table] = entry.source.tables
    assert len(table.contents) == 2
    assert table.select == {"Civilstand": ("OG", "G"), "Kon": ("TotSa", "1", "2")}
    assert clients.scb.metadata("TAB638").variable("Alder").codes == ("0", "TotSA", "1", "2", "3+")
    assert 'select.Alder = ["0", "TotSA", "1", "2", "3+"]' in proposed


def test_an_update_cycle_that_the_source_does_not_say_is_left_to_revise(
    clients: Clients, kolada_server: FakeKolada, tmp_path: Path
) -> None:
    kpi = next(one["id"] for one in kolada_server.kpis if one["publication_date"] is None)
    row = clients.kolada.metadata(kpi).iloc[0]
    text = kpi_entry(row, sexes=False, first="", catalogue=Catalogue.load())
    assert "revise: the source does not say" in text
    assert pasted(text, tmp_path).update == "none"


def test_an_entry_pasted_is_one_that_the_service_can_be_asked_by(
    clients: Clients, scb_server: FakePxWeb, tmp_path: Path
) -> None:
    entry = pasted(entry_in(description("TAB638", clients)), tmp_path)
    assert entry.source is not None
    assert entry.source.kind == "scb"
    answer = asked_by(table_request(clients.scb, entry.source.tables[0]))
    figure = scb_server.tables["TAB638"].figures(
        {
            "Region": [["2281"]],
            "Civilstand": [["OG", "G"]],
            "Alder": [["TotSA"]],
            "Kon": [["TotSa"]],
            "ContentsCode": [["BE0101N1"]],
            "Tid": [["2024"]],
        }
    )
    assert answer["value"] == [None if pd.isna(one) else one for one in figure[0]]


def test_names_texts_breaks_and_noise_are_written_so_that_the_entry_still_parses(
    clients: Clients, strange: FakePxWeb, tmp_path: Path
) -> None:
    text = description("TAB77", clients)
    assert "the publisher notes: Tidsseriebrott 2024K1" in text
    assert "random noise (cell key method)" in text
    assert "TAB77 is discontinued" in text
    entry = pasted(entry_in(text), tmp_path, "work")
    assert entry.id == "loner_aldersgrupp"
    assert (entry.update, entry.last_period) == ("closed", "2024K4")
    assert entry.source is not None
    assert entry.source.kind == "scb"
    [table] = entry.source.tables
    assert table.years == "2023-2024"
    assert table.breakdowns == {"Kommun": "region"}
    assert table.select == {"Åldersgrupp 1": ("20-34", "35+")}
    assert table.contents[0].text == 'Lön, "median"'


def test_the_request_of_a_table_is_one_that_anyone_can_paste(clients: Clients) -> None:
    text = description("TAB638", clients)
    command = text.partition("One figure of it:\n")[2]
    assert command.startswith("curl ")
    answer = asked_by(command)
    assert answer["dimension"]["Region"]["category"]["label"] == {"2281": "Sundsvall"}
    assert answer["dimension"]["Tid"]["category"]["label"] == {"2024": "2024"}
    assert len(answer["value"]) == 1


def test_an_id_that_is_taken_gets_the_tables_id(clients: Clients, scb_server: FakePxWeb) -> None:
    scb_server.english["TAB638"] = "Rents"
    try:
        text = description("TAB638", clients)
    finally:
        scb_server.english["TAB638"] = "Population by region, marital status, age and sex."
    assert entry_in(text).startswith("[rents_tab638]")


def test_a_table_without_regions_says_so_in_its_entry(
    clients: Clients, scb_server: FakePxWeb, tmp_path: Path
) -> None:
    table = population("TAB78")
    table.variables = [one for one in table.variables if one.code != "Region"]
    scb_server.put(table)
    try:
        text = description("TAB78", clients)
        assert region_variable(clients.scb.metadata("TAB78")) is None
    finally:
        del scb_server.tables["TAB78"]
    assert "the table has no regions" in text
    assert pasted(entry_in(text), tmp_path).levels == ("country",)


def test_an_unknown_table_names_the_nearest(shell: Shell) -> None:
    done = shell("describe", "TAB639")
    assert (done.returncode, done.stdout) == (2, "")
    [line] = done.stderr.splitlines()
    assert 'there is no table "TAB639". Did you mean "TAB638"' in line
    assert "regionstudy search" in line


def test_a_table_once_described_is_described_offline(shell: Shell) -> None:
    online = shell("describe", "TAB638")
    again = shell("describe", "TAB638", offline=True)
    assert (again.returncode, again.stdout, again.stderr) == (0, online.stdout, "")


def test_offline_a_table_never_asked_for_is_one_line_and_exit_2(shell: Shell) -> None:
    done = shell("describe", "TAB638", offline=True)
    assert (done.returncode, done.stdout) == (2, "")
    [line] = done.stderr.splitlines()
    assert "nothing is kept on disk for this, and --offline forbids to ask" in line


@pytest.mark.parametrize(("name", "source"), [("TAB638", "scb"), ("N01951", "kolada")])
def test_a_service_that_is_down_is_one_line_and_exit_2(
    shell: Shell, name: str, source: str
) -> None:
    down: dict[str, Any] = {source: "http://127.0.0.1:9/v"}
    done = shell("describe", name, **down)
    assert (done.returncode, done.stdout) == (2, "")
    [line] = done.stderr.splitlines()
    assert line.startswith("regionstudy: ")
    assert "no connection, or it was cut" in line


# Key figures.


def test_a_key_figure_is_described_with_its_figures_for_the_study(shell: Shell) -> None:
    done = shell("describe", "n01951")
    assert (done.returncode, done.stderr) == (0, "")
    told = re.sub(r" {2,}", " | ", done.stdout)
    assert "title | Invånare totalt, antal" in told
    assert "variables | region, year, sex (total, women, men)" in told
    assert "Sundsvall 1970–2024 (2), newest 99383" in told
    assert "Riket 2024–2024 (1), newest 10587710" in told
    assert "Västernorrlands län: none" in told


def test_the_entry_and_request_of_a_key_figure_can_be_pasted(
    clients: Clients, tmp_path: Path
) -> None:
    text = description("N01951", clients)
    entry = pasted(entry_in(text), tmp_path)
    assert entry.id == "invanare_totalt_antal"
    assert entry.source is not None
    assert entry.source.kind == "kolada"
    assert (entry.source.kpi, entry.source.sexes) == ("N01951", True)
    assert entry.first_period == "1970"
    answer = asked_by(text.partition("A few figures of it:\n")[2])
    assert {(row["municipality"], row["period"]) for row in answer["values"]} == {
        ("2281", 1970),
        ("2281", 2024),
        ("0000", 2024),
    }


def test_every_kind_of_key_figure_becomes_an_entry_that_passes(
    kolada_server: FakeKolada, clients: Clients, tmp_path: Path
) -> None:
    # Every 60th of the 6,099, in one file.
    chosen = sorted(one["id"] for one in kolada_server.kpis)[::60]
    known = clients.kolada.metadata(chosen)
    catalogue = Catalogue.load()
    entries: dict[str, str] = {}
    for _, kpi in known.iterrows():
        entry = kpi_entry(kpi, sexes=False, first="", catalogue=catalogue)
        entries.setdefault(entry[1 : entry.index("]")], entry)
    assert len(entries) > 90
    folder = tmp_path / "catalogue"
    shutil.copytree(str(files("regionstudy") / "catalogue"), folder)
    path = folder / "service.toml"
    text = "\n\n".join([path.read_text(encoding="utf-8"), *entries.values()])
    path.write_text(text, encoding="utf-8")
    assert set(entries) <= set(Catalogue.load(folder))


def test_the_unit_is_read_from_the_title_of_a_key_figure(
    clients: Clients, kolada_server: FakeKolada
) -> None:
    share = next(one["id"] for one in kolada_server.kpis if one["title"].endswith("andel (%)"))
    row = clients.kolada.metadata(share).iloc[0]
    entry = kpi_entry(row, sexes=False, first="", catalogue=Catalogue.load())
    assert 'unit = "percent"' in entry


def test_an_unknown_key_figure_names_the_nearest(shell: Shell) -> None:
    done = shell("describe", "N0195I")
    assert (done.returncode, done.stdout) == (2, "")
    [line] = done.stderr.splitlines()
    assert re.search(r"there is no N0195I .*Nearest: N01951 Invånare totalt, antal", line)


# Indicators of the catalogue.


def test_an_indicator_is_described_with_its_tables_request(shell: Shell) -> None:
    done = shell("describe", "population_by_age")
    told = re.sub(r" {2,}", " | ", done.stdout)
    assert done.returncode == 0
    assert "certainty | V: id and codes verified" in told
    assert "regionstudy fetch --indicator population_by_age --dry-run" in told
    assert "table | TAB638 1968-2024" in told
    assert "SCB's title | Folkmängd efter region, civilstånd, ålder, kön och år" in told


def test_an_entry_that_does_not_fit_its_table_says_where(clients: Clients) -> None:
    entry = Catalogue.load()["population_by_age"]
    contents = (Contents(code="BE0101N1"),)
    table = ScbTable(id="TAB638", contents=contents, select={"Alder": "TotAS"})
    source = ScbSource(kind="scb", tables=(table,))
    text = "\n".join(
        describe_indicator(entry.model_copy(update={"source": source}), clients=clients)
    )
    assert re.search(r'does not fit +TAB638: Alder has no value "TotAS"\. Did you mean', text)
    assert "curl" not in text


def test_an_indicator_tells_what_its_fetch_takes_and_what_to_know(clients: Clients) -> None:
    entry = Catalogue.load()["population_by_age"]
    contents = (Contents(code="BE0101N1"),)
    fixed = {"Civilstand": "OG", "Alder": "total", "Kon": "total"}
    table = ScbTable(id="TAB638", years="2015-2024", contents=contents, fixed=fixed)
    source = ScbSource(kind="scb", tables=(table,))
    text = "\n".join(
        describe_indicator(entry.model_copy(update={"source": source}), clients=clients)
    )
    # Four regions and ten years.
    assert re.search(r"^takes +1 requests? for 40 figures$", text, re.MULTILINE)
    assert 'BE0101N1 is called "Folkmängd"; the catalogue has no text to check it by' in text


def test_an_indicator_of_kolada_is_described_with_its_request(clients: Clients) -> None:
    text = description("kol_population", clients)
    [command] = re.findall(r"curl .*", text)
    assert asked_by(command)["count"] == 3


def test_tables_are_offered_where_the_catalogue_has_no_id_and_none_is_chosen(
    clients: Clients, scb_server: FakePxWeb
) -> None:
    table = population("TAB79", first=2009)
    table.label = "Konkurser efter region, näringsgren och företagsform. År 2009-2024"
    scb_server.put(table)
    try:
        text = description("bankruptcies_scb", clients)
    finally:
        del scb_server.tables["TAB79"]
    assert "Nearest by title; none has been chosen:" in text
    assert "--dry-run" not in text
    assert re.search(r"^ TAB79 .*2009–2024.* \d+%$", text, re.MULTILINE)
    assert "curl" not in text


def test_a_source_that_is_down_leaves_what_the_catalogue_says_with_a_warning(
    shell: Shell,
) -> None:
    done = shell("describe", "rents", scb="http://127.0.0.1:9/api/v2")
    assert done.returncode == 0
    assert "SCB TAB4590" in done.stdout
    [line] = done.stderr.splitlines()
    assert line.startswith("regionstudy: warning: The source could not be asked. ")
    assert "no connection" in line


def test_a_formula_asks_no_service() -> None:
    with open_clients(cache=None, offline=True, contact="", base_urls={}) as clients:
        [text] = describe_parts("foreign_born_share", clients=clients)
    assert re.search(r"^formula +\S", text, re.MULTILINE)


def test_the_command_lines_are_safe_to_paste_into_a_shell(clients: Clients) -> None:
    command = description("TAB638", clients).partition("One figure of it:\n")[2]
    shown = subprocess.run(
        ["sh", "-c", f"printf '%s\\n' {command}"], capture_output=True, text=True, check=True
    )
    assert shown.stdout.splitlines() == shlex.split(command)
