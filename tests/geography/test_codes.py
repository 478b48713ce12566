"""The code list, against SCB's lists in ../shared and the dates of the changes."""

from __future__ import annotations

import subprocess
import sys

import pandas as pd
import pytest

from regionstudy.errors import ConfigError
from regionstudy.geography import label, level_of, name, parent, require_region, valid_codes
from regionstudy.geography.code_list import former_regions, region_list
from regionstudy.geography.codes import nearest_match


def test_there_are_one_country_21_counties_60_fa_regions_290_municipalities():
    assert pd.Series([one.level for one in region_list().values()]).value_counts().to_dict() == {
        "municipality": 290,
        "fa_region": 60,
        "county": 21,
        "country": 1,
    }


def test_codes_and_names_are_those_of_the_shared_list(shared):
    official = pd.read_csv(shared / "catalogue" / "regions.csv", dtype=str)
    municipalities = official[official["level"] == "municipality"]
    ours = {one.region: one.name for one in region_list().values() if one.level == "municipality"}
    assert ours == dict(zip(municipalities["scb_code"], municipalities["name"], strict=True))
    assert valid_codes("county", 2026) == set(
        official.loc[official["level"] == "county", "scb_code"]
    )


def test_leading_zeros_are_kept():
    assert {"00", "01", "0114", "FA01"} <= set(region_list())
    assert {len(code) for code in valid_codes("municipality", 2026)} == {4}


def test_gotland_is_both_a_county_and_a_municipality():
    assert (level_of("09"), level_of("0980"), parent("0980")) == ("county", "municipality", "09")
    assert (name("09"), name("0980")) == ("Gotlands län", "Gotland")


def test_a_municipality_lies_in_the_county_that_its_code_begins_with():
    assert all(
        one.parent == one.region[:2]
        for one in region_list().values()
        if one.level == "municipality"
    )


def test_county_names_exist_in_both_languages():
    assert label("14").sv == "Västra Götalands län"
    assert label("14").en == "Västra Götaland County"


@pytest.mark.parametrize(
    ("year", "count"),
    # The four of 1992 and 1995, Nykvarn in 1999 and Knivsta in 2003 are the only new ones.
    {1968: 284, 1991: 284, 1992: 286, 1994: 286, 1995: 288, 1998: 288}.items()
    | {1999: 289, 2002: 289, 2003: 290, 2026: 290}.items(),
)
def test_number_of_municipalities(year, count):
    assert len(valid_codes("municipality", year)) == count


@pytest.mark.parametrize(
    ("year", "count"), [(1968, 24), (1996, 24), (1997, 23), (1998, 21), (2026, 21)]
)
def test_number_of_counties(year, count):
    assert len(valid_codes("county", year)) == count


def test_the_codes_of_1996_are_those_of_the_migration_figures(shared):
    municipal = pd.read_csv(
        shared / "figures" / "migration_municipality_1968_1996.csv.gz", dtype={"region": str}
    )
    county = pd.read_csv(
        shared / "figures" / "migration_county_age_1968_1996.csv.gz", dtype={"region": str}
    )
    assert valid_codes("municipality", 1996) == set(municipal["region"])
    assert valid_codes("county", 1996) == set(county["region"])


def test_a_code_is_valid_from_1_january_of_its_first_year():
    assert "0330" not in valid_codes("municipality", 2002)
    assert "0330" in valid_codes("municipality", 2003)
    assert "1917" in valid_codes("municipality", 2006)
    assert "1917" not in valid_codes("municipality", 2007)
    assert "0331" in valid_codes("municipality", 2007)


def test_vasternorrland_is_unchanged_through_the_study():
    seven = {"2260", "2262", "2280", "2281", "2282", "2283", "2284"}
    for year in (1968, 1996, 2007, 2026):
        assert {code for code in valid_codes("municipality", year) if code[:2] == "22"} == seven


def test_every_former_code_leads_to_a_region_of_today_with_the_same_name():
    for one in former_regions().values():
        assert one.successor in region_list()
        if one.level == "municipality":
            assert region_list()[one.successor].name == one.name


def test_a_year_before_the_figures_is_refused():
    with pytest.raises(ConfigError, match=r"begins in 1968; 1967"):
        valid_codes("municipality", 1967)


def test_an_unknown_level_lists_the_levels():
    with pytest.raises(ConfigError, match=r'"kommun" is not a level.*county, fa_region, muni'):
        valid_codes("kommun", 2026)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Sundsval", "2281"),
        ("sundsvall", "2281"),
        ("2281 ", "2281"),
        ("18O", "0180"),
        ("114", "0114"),
        ("fa42", "FA42"),
        ("Västernorrland", "22"),
        ("Örnskoldsvik", "2284"),
        ("Sweden", "00"),
        ("22811", "2281"),
        ("qqqqqq", ""),
    ],
)
def test_the_nearest_match_is_what_was_probably_meant(typed, meant):
    assert nearest_match(typed) == meant


def test_an_unknown_code_names_the_nearest_region():
    with pytest.raises(ConfigError, match=r'"Sundsval" is not.*Did you mean 2281 Sundsvall'):
        require_region("Sundsval")


def test_a_code_that_is_a_number_is_refused():
    with pytest.raises(ConfigError, match=r'"114" is not.*0114 Upplands Väsby\? Codes are text'):
        require_region(114)  # type: ignore[arg-type]


def test_a_code_like_nothing_gets_the_forms_alone():
    with pytest.raises(ConfigError, match=r'"qqqqqq" is not a region code. Codes are text'):
        require_region("qqqqqq")


def test_a_former_code_names_its_successor():
    with pytest.raises(ConfigError, match=r"1917. Heby.*until 2006-12-31.*use 0331 Heby"):
        require_region("1917")


def test_asking_for_a_code_loads_neither_pandas_nor_geopandas():
    code = (
        "import sys; from regionstudy.geography import require_region, municipalities_in;"
        "require_region('2281'); municipalities_in('22');"
        "print({'pandas', 'geopandas', 'numpy'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_every_public_name_is_reached_from_the_room():
    import regionstudy.geography as room

    assert room.__all__ == sorted(room.__all__)
    assert set(dir(room)) == set(room.__all__)
    for public in room.__all__:
        # A module in a function's place would be neither.
        assert callable(getattr(room, public))
    with pytest.raises(AttributeError, match=r"no attribute 'region'"):
        _ = room.region
