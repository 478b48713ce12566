"""The catalogue as the study reads it, and what it says of a broken one."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

import regionstudy.catalogue
from regionstudy.catalogue import Catalogue
from regionstudy.errors import ConfigError

OWN = [
    "population",
    "population_by_age_undated",
    "population_by_birth_region",
    "net_migration_rate",
    "natural_change_rate",
    "migration_flows",
    "unemployed_bas_count",
    "registered_unemployed",
    "openly_unemployed",
    "out_commuter_share",
    "in_commuters_per_1000",
    "post_secondary_share",
    "earned_income_median_fixed",
    "earned_income_mean",
    "house_price_ratio",
    "house_price_index",
    "rents_new",
    "persons_by_household_size",
    "municipal_expenditure",
    "eligible_voters",
    "employed_residence_by_industry",
    "yh_places",
    "upper_secondary_eligibility",
    "grade9_leavers",
    "population_share_0_19",
    "population_share_65_plus",
    "foreign_born_share",
    "rental_share",
    "tenant_owned_share",
    "completed_per_1000",
    "population_change_1y",
    "population_change_5y",
    "young_adult_net_rate",
    "deaths",
]
# Since the list was made these tables' metadata has been read: tests/sources/recorded_tables.
READ_SINCE = {
    "education_level_16_95": "TAB4320",
    "disposable_income_household": "TAB1492",
    "near_protected_nature": "TAB4422",
    "green_areas": "TAB5591",
}
# Tables that the list names beside the one that is fetched; the entries' notes tell of them.
LEFT_OUT = {
    "population_projection": {"TAB698"},
    "employed_by_industry_monthly": {"TAB3785"},
    "jobs_by_sector": {"TAB4723"},
}
# The one that goes on from 2025, found since.
CONTINUED = {"population_change_components": "TAB6481"}


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue.load()


@pytest.fixture(scope="module")
def listed(shared: Path) -> dict[str, dict[str, str]]:
    entries = json.loads((shared / "catalogue" / "indicators.json").read_text(encoding="utf-8"))
    return {entry["id"]: entry for entry in entries}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the catalogue that a test may break."""
    source = Path(regionstudy.catalogue.__file__).parent
    for file in source.glob("*.toml"):
        shutil.copy(file, tmp_path / file.name)
    return tmp_path


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_all_listed_indicators_are_there_with_their_titles(catalogue, listed):
    assert len(listed) == 174
    titles = {name: (entry["title_sv"], entry["title_en"]) for name, entry in listed.items()}
    ours = {name: (item.title.sv, item.title.en) for name, item in catalogue.items()}
    assert {name: ours.get(name) for name in titles} == titles


def test_listed_indicators_keep_certainty_and_key_figure(catalogue, listed):
    for name, entry in listed.items():
        item = catalogue[name]
        assert item.certainty == ("V" if name in READ_SINCE else entry["verified"]), name
        if entry["source"] == "Kolada":
            assert item.source.kpi == entry["kpi"], name


def test_every_table_that_the_list_names_is_kept(catalogue, listed):
    for name, entry in listed.items():
        source = catalogue[name].source
        if source is None or source.kind != "scb":
            continue
        ids = [table.id for table in source.tables]
        known = re.findall(r"TAB\d+", entry["v2"])
        left_out = LEFT_OUT.get(name, set())
        if name == "population_by_age":
            left_out = {"TAB5557"}  # an indicator of its own: population_ckm
        assert ids == [one for one in known if one not in left_out] + (
            [CONTINUED[name]] if name in CONTINUED else []
        ), name


def test_migration_tables_carry_the_contents_code_of_their_years(catalogue):
    # CATALOGUE.md: TAB1212 BE0101A4 until 2024, TAB6640 0000086C from 2025.
    tables = catalogue["migration_net_domestic"].source.tables
    assert [(table.id, table.years, table.contents[0].code) for table in tables] == [
        ("TAB1212", "1997-2024", "BE0101A4"),
        ("TAB6640", "2025-", "0000086C"),
    ]


@pytest.mark.parametrize("name", OWN)
def test_the_studys_own_indicators_say_so(catalogue, name):
    assert catalogue[name].origin == "regionstudy"


def test_domains_keep_the_order_of_pages(catalogue):
    assert list(catalogue.domains) == [
        "people",
        "work",
        "access",
        "education",
        "housing",
        "service",
        "safety",
        "economy",
        "environment",
    ]
    assert catalogue.domains["housing"].title.en == "Housing"


def test_chain_of_tables_keeps_each_ones_years(catalogue):
    # CATALOGUE.md section 4: employed by industry.
    tables = catalogue["employed_by_industry_history"].source.tables
    assert {table.id: table.years for table in tables} == {
        "TAB341": "1990-2003",
        "TAB904": "2004-2007",
        "TAB900": "2008-2018",
        "TAB5837": "2019-2021",
    }


def test_flows_and_verdicts_are_outcomes(catalogue):
    outcomes = {name for name, item in catalogue.items() if item.role == "outcome"}
    assert {"kol_recommend_moving", "net_migration_rate", "brp_quality_of_life"} <= outcomes


def test_every_listed_outcome_is_an_outcome(catalogue, listed):
    said = {name for name, entry in listed.items() if "OUTCOME" in entry["role"]}
    assert said
    assert {catalogue[name].role for name in said} == {"outcome"}


def test_target_groups_follow_the_list(catalogue):
    # indicators.json: "new workers, returning"; "families moving in"; "students, returning"
    assert catalogue["earned_income_median"].groups == ("incomer", "returner")
    assert catalogue["kol_merit_value"].groups == ("incomer", "returner")
    assert catalogue["kol_established_2y"].groups == ("returner", "student")


def test_a_short_label_stands_in_for_a_long_title(catalogue):
    assert catalogue["employed_by_residence_rate"].label.sv == "Sysselsättningsgrad 20–64 år"
    assert catalogue["kol_gini"].label == catalogue["kol_gini"].title


def test_unit_symbol_comes_in_both_languages(catalogue):
    assert (catalogue["rents"].symbol.sv, catalogue["rents"].symbol.en) == ("kr/m²", "SEK/m²")


def test_unknown_id_names_the_nearest(catalogue):
    with pytest.raises(ConfigError, match=r'No indicator "renst" in the catalogue. .*"rents"\?'):
        catalogue["renst"]


def test_unknown_id_far_from_all_points_to_search(catalogue):
    with pytest.raises(ConfigError, match="See: regionstudy search TEXT"):
        catalogue["xyzzyxyzzyxyzzy"]


def test_get_gives_the_default_for_an_unknown_id(catalogue):
    assert catalogue.get("renst") is None
    assert catalogue.get("rents") is catalogue["rents"]


def test_search_ands_words_in_any_case_and_language(catalogue):
    assert "rents" in catalogue.search("RENT municipality")["id"].tolist()
    assert catalogue.search("ÅLDER kön")["id"].tolist()[0] == "population_by_age"
    assert catalogue.search("rent xyzzy").empty
    assert list(catalogue.search("xyzzy").columns) == [
        "id",
        "title_sv",
        "title_en",
        "domain",
        "source",
    ]


def test_search_finds_key_figures_and_tables(catalogue):
    assert catalogue.search("N00906")["id"].tolist() == ["kol_income_20_64"]
    assert "employed_by_residence_rate" in catalogue.search("tab3200")["id"].tolist()


def test_search_puts_titles_before_descriptions(catalogue):
    found = catalogue.search("pendling")["id"].tolist()
    # "Inpendling" is its title; only the description of the in-commuters' rate speaks of it.
    assert found.index("kol_incommute_pct") < found.index("out_commuter_share")


def test_frame_has_a_row_an_indicator(catalogue):
    frame = catalogue.frame()
    assert frame["id"].tolist() == list(catalogue)
    assert frame.set_index("id").loc["rental_share", "source"] == "formula"


def test_html_card_escapes_and_shows_breaks(catalogue):
    card = catalogue["house_price_ratio"]._repr_html_()
    assert "Tidsseriebrott" in card
    assert "2018: " in card
    changed = catalogue["rents"].model_copy(
        update={"title": type(catalogue["rents"].title)(sv="<b>x</b>", en="x")}
    )
    assert "&lt;b&gt;x&lt;/b&gt;" in changed._repr_html_()


def test_catalogue_shows_itself(catalogue):
    assert repr(catalogue) == f"Catalogue({len(catalogue)} indicators in 9 domains)"
    assert "<table" in catalogue._repr_html_()
    assert "rents" in catalogue._ipython_key_completions_()


def test_entries_can_not_be_changed(catalogue):
    with pytest.raises(Exception, match="frozen"):
        catalogue["rents"].decimals = 3


def test_all_faults_of_all_files_are_told_at_once(folder):
    edit(folder / "housing.toml", "direction = -1", "direction = 2")
    edit(folder / "work.toml", 'role = "context"', 'role = "pul"')
    edit(folder / "economy.toml", 'licence = "CC0"\n', "")
    with pytest.raises(ConfigError) as caught:
        Catalogue.load(folder)
    message = str(caught.value)
    assert "housing.toml, house_prices, direction: Input should be -1, 0 or 1. Got: 2." in message
    assert "work.toml, employment_rate_history, role: Input should be 'pull'" in message
    assert (
        "economy.toml, bankruptcies_scb, licence: is missing. Add the line: licence = ..."
        in message
    )


def test_broken_toml_names_file_and_line(folder):
    edit(folder / "access.toml", "decimals = 0", "decimals = ")
    with pytest.raises(ConfigError, match=r"access\.toml: not valid TOML: .*line \d+.*Mend that"):
        Catalogue.load(folder)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("decimals = 0", "decimal = 0", r'decimal: is no key of an entry. Did you mean "decimals"'),
        ("decimals = 0", "decimals = 0\nxyzzy = 1", r"xyzzy: is no key of an entry. Take the line"),
        ("decimals = 0", 'decimals = 0\nid = "x"', r"id: follows from where the entry stands"),
        ('unit = "tkr"', 'unit = "tkrr"', r'unit: no unit "tkrr". Did you mean "tkr"'),
        ('unit = "tkr"', 'unit = "xyzzy"', r'unit: no unit "xyzzy". Add it to units.toml'),
        ('title.en = "One', 'title.de = "One', r"title: must have a text in both languages"),
        ('label.en = "House price"', "label.en = 1", r"label: the en text must stand in quotation"),
        ('label.en = "House price"', 'label.sv.x = "y"', r"housing.toml: not valid TOML"),
        ('first_period = "1981"', 'first_period = "81"', r"first_period: must be a period such as"),
        ('kind = "scb"', 'kind = "scbb"', r"source: .*'scbb'"),
        ('id = "TAB1169"', 'id = "1169"', r"source.scb.tables.0.id: .*pattern"),
        ("direction = -1", "direction = 0", r"a pull factor needs direction 1 or -1"),
        (
            """formula = 'share(at(dwelling_stock, tenure="hyresrätt"), dwelling_stock)'\n""",
            "",
            r"rental_share: needs a \[source\] or a formula",
        ),
        ("[house_prices]", "loose = 1\n\n[house_prices]", r"loose: stands outside any entry"),
    ],
)
def test_a_wrong_line_is_named_with_its_remedy(folder, old, new, expected):
    edit(folder / "housing.toml", old, new)
    with pytest.raises(ConfigError, match=expected):
        Catalogue.load(folder)


def test_empty_title_is_refused(folder):
    edit(
        folder / "housing.toml",
        'title.en = "One- and two-dwelling house prices, annual"',
        'title.en = " "',
    )
    with pytest.raises(ConfigError, match=r"house_prices, title: must not be empty"):
        Catalogue.load(folder)


def test_an_id_in_two_files_is_refused(folder):
    with (folder / "work.toml").open("a", encoding="utf-8") as stream:
        stream.write('\n[rents]\ntitle.sv = "x"\ntitle.en = "x"\n')
    with pytest.raises(ConfigError, match=r"housing.toml, rents: stands in work.toml too"):
        Catalogue.load(folder)


def test_missing_file_is_named(folder):
    (folder / "service.toml").unlink()
    with pytest.raises(ConfigError, match=r"service.toml: is missing"):
        Catalogue.load(folder)


def test_a_file_in_another_encoding_is_named(folder):
    (folder / "service.toml").write_bytes('[x]\ntitle.sv = "ö"'.encode("latin-1"))
    with pytest.raises(ConfigError, match=r"service.toml: is not UTF-8 text .* Save it as UTF-8"):
        Catalogue.load(folder)


def test_an_unreadable_file_is_named(folder):
    (folder / "service.toml").unlink()
    (folder / "service.toml").mkdir()
    with pytest.raises(ConfigError, match=r"service.toml: can not be read .* permissions"):
        Catalogue.load(folder)
