"""Peer groups, against the lists in ../shared and distances computed by hand."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regionstudy.errors import ConfigError, DataError
from regionstudy.geography import municipalities_in, peers
from regionstudy.geography.peer_groups import METHODS

VASTERNORRLAND = ("2260", "2262", "2280", "2281", "2282", "2283", "2284")


@pytest.fixture
def features():
    # z-scores of (0, 2, 4): -1.2247, 0, 1.2247 for both columns.
    return pd.DataFrame(
        {"income": [0.0, 2.0, 4.0], "rent": [10.0, 30.0, 20.0]}, index=["2281", "2262", "2280"]
    )


def test_the_medium_sized_towns_are_23_with_sundsvall_first():
    group = peers("2281")
    assert len(group.members) == 23
    assert group.members[0] == "2281"
    assert group.others == tuple(sorted(group.others))
    assert (group.title.sv, group.title.en) == ("Större stad", "Medium-sized towns")
    assert "G92790" in group.source


def test_every_municipality_is_in_the_group_of_the_shared_list(shared):
    listed = pd.read_csv(shared / "catalogue" / "skr_kommungrupper_2023.csv", dtype=str)
    for title, rows in listed.groupby("group_sv"):
        for home in rows["municipality"].iloc[[0, -1]]:
            group = peers(home)
            assert set(group.members) == set(rows["municipality"])
            assert group.title.sv == title


@pytest.mark.parametrize(
    ("method", "word"), [("kolada", "övergripande"), ("kolada_socioeconomic", "socioekonomi")]
)
def test_kolada_peers_are_those_of_the_shared_list(shared, method, word):
    listed = pd.read_csv(shared / "catalogue" / "kolada_similar_groups_vn.csv", dtype=str)
    listed = listed[listed["kolada_group_title"].str.contains(word)]
    for home in VASTERNORRLAND:
        rows = listed[listed["for_municipality"] == home]
        group = peers(home, method=method)
        assert group.members[0] == home
        assert set(group.others) == set(rows["municipality"])
        assert len(group.others) == 7
        assert rows["kolada_group"].iloc[0] in group.source


def test_rka_counts_these_seven_as_most_like_sundsvall():
    # Växjö, Halmstad, Varberg, Falun, Gävle, Östersund, Skellefteå (CATALOGUE, section 5).
    assert peers("2281", method="kolada").others == (
        *("0780", "1380", "1383", "2080", "2180", "2380", "2482"),
    )


def test_kolada_peers_of_another_municipality_are_refused():
    with pytest.raises(ConfigError, match=r"0180 Stockholm are not embedded.*2281 Sundsvall"):
        peers("0180", method="kolada")


def test_the_county_is_the_home_and_the_rest():
    group = peers("2281", method="county")
    assert group.members == ("2281", *(one for one in VASTERNORRLAND if one != "2281"))
    assert group.title.en == "Västernorrland County"


@pytest.mark.parametrize(("home", "count"), [("22", 21), ("FA42", 60), ("2281", 290)])
def test_a_level_is_every_region_of_the_homes_level(home, count):
    group = peers(home, method="level")
    assert len(set(group.members)) == len(group.members) == count
    assert group.members[0] == home


def test_the_country_has_no_peers():
    with pytest.raises(ConfigError, match="whole country, which has no peers"):
        peers("00", method="level")


@pytest.mark.parametrize("method", ["skr", "kolada", "kolada_socioeconomic", "county"])
def test_a_county_has_no_peers_among_municipalities(method):
    with pytest.raises(ConfigError, match=rf'"{method}" is about municipalities, and 22'):
        peers("22", method=method)


def test_an_unknown_method_lists_the_valid_ones():
    with pytest.raises(ConfigError, match=r'"rka" is not a way.*skr, kolada, .*level, nearest'):
        peers("2281", method="rka")
    assert METHODS[-1] == "nearest"


def test_an_unknown_home_is_refused():
    with pytest.raises(ConfigError, match="Did you mean 2281"):
        peers("Sundsval")


def test_distances_are_those_of_standardised_features(features):
    group = peers("2281", method="nearest", features=features, k=2)
    # One step of 2 and of 10 is sqrt(1.5) standard deviations in either column.
    step = math.sqrt(1.5)
    assert group.members == ("2281", "2262", "2280")
    assert group.distances == pytest.approx(
        (0, math.hypot(step, 2 * step), math.hypot(2 * step, step))
    )
    assert "income, rent" in group.explanation.sv
    assert "income, rent" in group.explanation.en


def test_ties_go_by_code_whatever_the_order_of_rows(features):
    there = peers("2281", method="nearest", features=features, k=1)
    back = peers("2281", method="nearest", features=features.iloc[::-1], k=1)
    assert there == back
    assert there.others == ("2262",)


def test_regions_with_a_gap_are_left_out_and_counted(features):
    features.loc["2284"] = [np.nan, 20.0]
    group = peers("2281", method="nearest", features=features, k=2)
    assert "2284" not in group.members
    assert "1 regions lack a figure" in group.explanation.en


@settings(max_examples=25)
@given(
    values=st.lists(st.integers(-50, 50), min_size=7, max_size=7, unique=True),
    scale=st.integers(1, 1000),
)
def test_the_unit_of_a_feature_does_not_matter(values, scale):
    frame = pd.DataFrame({"x": values, "y": values[::-1]}, index=list(VASTERNORRLAND), dtype=float)
    scaled = frame.assign(x=frame["x"] * scale + 7)
    one = peers("2281", method="nearest", features=frame, k=6)
    other = peers("2281", method="nearest", features=scaled, k=6)
    assert one.distances == pytest.approx(other.distances)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda f: f.drop(index="2281"), "no row for 2281 Sundsvall"),
        (lambda f: f.replace({"income": {0.0: np.nan}}), "2281 Sundsvall lacks income"),
        (lambda f: f[[]], "lacks any feature"),
        (lambda f: f.assign(rent=1.0), "rent is the same in every region"),
        (lambda f: pd.concat([f, f.iloc[[1]]]), "2262 twice"),
        (lambda f: f.rename(index={"2262": "22"}), "22 Västernorrlands län, which is not a muni"),
        (lambda f: f.iloc[:2], "k=2, but 1 regions beside 2281"),
    ],
)
def test_features_that_cannot_be_used_are_refused(features, change, message):
    with pytest.raises(DataError, match=message):
        peers("2281", method="nearest", features=change(features), k=2)


def test_nearest_without_features_is_refused():
    with pytest.raises(ConfigError, match="needs features"):
        peers("2281", method="nearest")


def test_features_for_another_method_are_refused(features):
    with pytest.raises(ConfigError, match=r'"skr" has no use for features'):
        peers("2281", features=features)


def test_all_seven_of_the_county_have_peers_by_every_published_method():
    for home in municipalities_in("22"):
        for method in METHODS[:-1]:
            assert home in peers(home, method=method).members
