"""What the catalogue asks of SCB's tables, checked against what the tables said of themselves."""

from __future__ import annotations

import csv
import functools
import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from regionstudy.catalogue import Catalogue
from regionstudy.sources.pxweb_checks import Query, check_query
from regionstudy.sources.pxweb_requests import choose
from regionstudy.sources.pxweb_tables import TableMetadata, Variable
from regionstudy.store.observations import breakdowns
from regionstudy.store.snapshot import Snapshot

if TYPE_CHECKING:
    from regionstudy.catalogue.model import Indicator
    from regionstudy.catalogue.source import ScbTable

ROOT = Path(__file__).parents[2]
RECORDED = {path.stem: path for path in (ROOT / "tests/sources/recorded_tables").glob("*.json")}
SNAPSHOT = Snapshot.open(ROOT / "data" / "snapshot")
CATALOGUE = Catalogue.load()
ASKED = [
    (item, table)
    for item in CATALOGUE.values()
    if item.source is not None and item.source.kind == "scb"
    for table in item.source.tables
]
QUERIES = [
    pytest.param(item, table, id=f"{item.id}-{table.id}")
    for item, table in ASKED
    if table.id in RECORDED
]
# Tables that nobody's recorded metadata has been read of: what is asked of them follows
# descriptions and public scripts, and is checked when they are fetched.
UNVERIFIED = {
    "TAB1830": "commuting between municipalities",
    "TAB2597": "employed by sector, month",
    "TAB3119": "occupations 2019-2021",
    "TAB3143": "gross regional product by municipality",
    "TAB3204": "employed by industry",
    "TAB333": "commuting between municipalities 2004-2018",
    "TAB334": "commuting between municipalities 1993-2003",
    "TAB341": "employed by industry 1990-2003",
    "TAB3784": "employed by industry, month",
    "TAB4396": "occupations 2014-2018",
    "TAB4409": "migration between counties",
    "TAB4434": "occupations from 2020",
    "TAB4693": "migration by birth region",
    "TAB4718": "jobs by sector",
    "TAB4948": "public transport",
    "TAB5169": "population change components",
    "TAB5278": "income by education",
    "TAB5724": "migration of RegSO areas",
    "TAB5837": "employed by industry 2019-2021",
    "TAB5850": "commuting between municipalities 2019-2021",
    "TAB5864": "citizen survey",
    "TAB6366": "matching",
    "TAB6481": "population change components from 2025",
    "TAB6534": "education in small areas",
    "TAB6657": "migration by birth region from 2025",
    "TAB6672": "migration between counties from 2025",
    "TAB6929": "matched employment",
    "TAB694": "population projection",
    "TAB900": "employed by industry 2008-2018",
    "TAB904": "employed by industry 2004-2007",
}
LENGTHS = {"country": 2, "county": 2, "municipality": 4}
USUAL = {
    "Alder": "age",
    "Kon": "sex",
    "SNI2007": "industry",
    "Yrke2012": "occupation",
    "UtbildningsNiva": "education",
    "Fodelseregion": "birth_region",
    "Upplatelseform": "tenure",
}


def recorded(table: ScbTable) -> tuple[TableMetadata, dict[str, Any]]:
    """A table's metadata, and all that its file says."""
    facts = json.loads(RECORDED[table.id].read_text(encoding="utf-8"))
    variables = tuple(
        Variable(
            one["code"],
            one["label"],
            tuple(one["codes"]),
            one["labels"],
            elimination=one["elimination"],
            role=one["role"],
            codelists=one["codelists"],
        )
        for one in facts["variables"]
    )
    return TableMetadata(table.id, facts["label"], variables), facts


def query(
    item: Indicator, table: ScbTable, metadata: TableMetadata, facts: dict[str, Any]
) -> Query:
    """The whole question: an entry's own choices, its regions, years and contents."""
    wanted = {LENGTHS[level] for level in item.levels if level in LENGTHS}
    first, dash, last = table.years.partition("-")
    span = (first or "0", last or "9999") if dash else (first, first)
    named = {code: list(v) if isinstance(v, tuple) else [v] for code, v in table.select.items()}
    named |= {code: [value] for code, value in table.fixed.items()}
    named["Region"] = [
        code
        for code in metadata.variable("Region").codes
        if code.isdigit() and len(code) in wanted and not code.startswith("00")
    ]
    if "country" in item.levels:
        named["Region"].append("00")
    named["Tid"] = [
        code for code in metadata.variable("Tid").codes if span[0] <= code[:4] <= span[1]
    ]
    contents = table.contents if table.measure else table.contents[:1]
    named["ContentsCode"] = [one.code for one in contents]
    texts = {one.code: one.text for one in contents if one.text and facts["language"] == "sv"}
    return Query(table.id, named, {}, contents=texts)


def columns(table: ScbTable) -> set[str]:
    found = {table.breakdowns.get(code, USUAL.get(code, code.lower())) for code in table.select}
    return (found | set(table.copies) | {table.measure}) - {""}


@pytest.mark.parametrize(("item", "table"), QUERIES)
def test_a_query_fits_its_recorded_table(item, table):
    metadata, facts = recorded(table)
    asked = query(item, table, metadata, facts)
    assert asked.selection["Region"], "no region of the levels"
    assert asked.selection["Tid"], "no period of the years"
    assert [str(one) for one in check_query(metadata, asked) if one.forbids] == []


@pytest.mark.parametrize(("item", "table"), QUERIES)
def test_contents_are_called_what_the_table_calls_them(item, table):
    metadata, facts = recorded(table)
    texts = metadata.variable("ContentsCode").labels
    for one in table.contents:
        assert one.code in texts
        if facts["language"] == "sv":
            assert texts[one.code] == one.text


@pytest.mark.parametrize(("item", "table"), QUERIES)
def test_codelists_and_words_name_what_the_table_has(item, table):
    metadata, _ = recorded(table)
    for code, chosen in table.codelists.items():
        assert chosen in metadata.variable(code).codelists
    assert set(table.words) <= set(table.select)
    for code in table.words:
        labels = metadata.variable(code).labels
        assert len({text.lower() for text in labels.values()}) == len(labels)


@pytest.mark.parametrize(("item", "table"), QUERIES)
def test_what_is_recoded_is_chosen(item, table):
    metadata, facts = recorded(table)
    choices, _ = choose(metadata, query(item, table, metadata, facts).selection)
    chosen = {one.variable: set(one.codes) for one in choices}
    for code in table.select:
        recode = table.recode.get(table.breakdowns.get(code, USUAL.get(code, code.lower())), {})
        assert set(recode) <= chosen[code]


@pytest.mark.parametrize(("item", "table"), QUERIES)
def test_only_variables_whose_values_add_up_are_summed_over(item, table):
    # TAB3276 has numbers of cars and cars per 1,000 inhabitants in one variable.
    metadata, facts = recorded(table)
    _, eliminated = choose(metadata, query(item, table, metadata, facts).selection)
    assert set(eliminated) <= {"Civilstand", "Hustyp", "Kon"}


def test_no_entry_asks_for_ten_million_cells():
    cells: dict[str, int] = {}
    for item, table in (one.values for one in QUERIES):
        metadata, facts = recorded(table)
        choices, _ = choose(metadata, query(item, table, metadata, facts).selection)
        asked = math.prod(len(one.codes) for one in choices)
        cells[item.id] = cells.get(item.id, 0) + asked
    assert max(cells.values()) < 10_000_000


def test_migration_by_single_age_and_sex_is_asked_for_whole():
    # 312 regions x 102 ages x 2 sexes x 28 years, by hand.
    item = CATALOGUE["migration_net"]
    table = item.source.tables[0]
    metadata, facts = recorded(table)
    choices, eliminated = choose(metadata, query(item, table, metadata, facts).selection)
    assert math.prod(len(one.codes) for one in choices) == 1_782_144
    assert eliminated == ()


def test_ages_of_the_perturbed_tables_come_once_each():
    # TAB5557: 0-99, 100+, the total, 20 groups of five years and 10 of ten.
    item = CATALOGUE["population_ckm"]
    table = item.source.tables[0]
    metadata, facts = recorded(table)
    choices, _ = choose(metadata, query(item, table, metadata, facts).selection)
    ages = next(one for one in choices if one.variable == "Alder")
    assert ages.total == "TotSA"
    assert len(ages.codes) == 132
    texts = [metadata.variable("Alder").labels[code] for code in ages.codes]
    assert len(set(texts)) == 132


def test_the_unverified_tables_are_the_named_ones():
    asked = {table.id for _, table in ASKED}
    assert asked - set(RECORDED) == set(UNVERIFIED)
    assert set(RECORDED) <= asked


@pytest.mark.parametrize("name", sorted({item.id for item, _ in ASKED}))
def test_tables_that_join_break_where_they_meet(name):
    item = CATALOGUE[name]
    starts = sorted(table.years[:4] for table in item.source.tables)
    assert set(starts[1:]) <= {one.period for one in item.breaks}
    assert len({frozenset(columns(table)) for table in item.source.tables}) == 1


# What is held of households is by type and tenure; the table has only their number.
FEWER = {"households"}
# Codes that no held figure has yet.
NEW_CODES = {"population_ckm": {"0-9"}}
HELD = sorted({item.id for item, _ in ASKED} & set(SNAPSHOT.indicators))


@pytest.mark.parametrize("name", HELD)
def test_fetched_figures_come_in_the_terms_of_those_held(name):
    held, everywhere = codes_of(name), codes_of(*HELD)
    for table in CATALOGUE[name].source.tables:
        given = columns(table)
        assert given <= set(held) if name in FEWER else given == set(held)
        names = {one.name for one in table.contents if one.name}
        if table.measure:
            assert held[table.measure] <= names
        for column, recode in table.recode.items():
            known = everywhere[column] | NEW_CODES.get(name, set())
            assert set(recode.values()) <= known
        for code in table.words:
            if table.id in RECORDED:
                texts = recorded(table)[0].variable(code).labels.values()
                column = table.breakdowns.get(code, USUAL.get(code, code.lower()))
                assert {text.lower() for text in texts} <= everywhere[column]
                assert held[column] - {"total"} <= {text.lower() for text in texts}


@functools.cache
def codes_of(*names: str) -> dict[str, set[str]]:
    """The codes of each breakdown that the figures held of some indicators have."""
    found: dict[str, set[str]] = {}
    for name in names:
        frame = SNAPSHOT.observations(name)
        for one in breakdowns(frame):
            found.setdefault(one, set()).update(map(str, frame[one].dropna().unique()))
    return found


def test_key_figures_are_those_of_koladas_list(shared):
    path = shared / "catalogue" / "kolada_kpis.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        listed = {row["id"]: row for row in csv.DictReader(stream)}
    empty = []
    for item in CATALOGUE.values():
        if item.source is None or item.source.kind != "kolada":
            continue
        if not item.source.kpi:
            empty.append(item.id)
            continue
        row = listed[item.source.kpi]
        assert (item.source.title or item.title.sv) == row["title"], item.id
        assert item.source.sexes == (row["is_divided_by_gender"] == "TRUE"), item.id
    # Kolada has two key figures of the same title, N01994 and N61924.
    assert empty == ["population_share_0_19"]
