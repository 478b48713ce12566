from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regionstudy.analysis.clusters import concentration, specialisation
from regionstudy.errors import DataError

from .conftest import jobs


def compared(region: list[float], nation: list[float]) -> pd.Series:
    industries = [str(number) for number in range(len(region))]
    return specialisation(jobs({"00": nation, "1": region}, industries=industries)).iloc[0]


def test_states_measures_are_the_oracles(states, oracle):
    wanted = pd.read_csv(oracle / "G_regions_industries_spec.csv", index_col=0)
    found = specialisation(states).set_index("region").loc[wanted.index]
    np.testing.assert_allclose(found["hoover"], wanted["H j"], rtol=1e-9)
    np.testing.assert_allclose(found["gini"], wanted["G j"], rtol=1e-9)
    np.testing.assert_allclose(found["krugman_others"], wanted["K j"], rtol=1e-9)


def test_industries_measures_are_the_oracles(states, oracle):
    wanted = pd.read_csv(oracle / "G_regions_industries_conc.csv", index_col=0)
    found = concentration(states).set_index("industry").loc[wanted.index]
    np.testing.assert_allclose(found["hoover"], wanted["H i"], rtol=1e-9)
    np.testing.assert_allclose(found["gini"], wanted["G i"], rtol=1e-9)
    np.testing.assert_allclose(found["krugman_others"], wanted["K i"], rtol=1e-9)


@pytest.mark.parametrize("year", [str(year) for year in range(2008, 2018)])
def test_goettingens_measures_are_the_oracles(goettingen, expected, year):
    rows = goettingen[(goettingen["period"] == year) & (goettingen["industry"] != "total")]
    found, case = specialisation(rows).iloc[0], f"Goettingen_{year}"
    krugman = expected(case, "krugman.spec", "rows 2..16 region vs Germany")[""]
    assert found["krugman"] == pytest.approx(krugman, rel=1e-9)
    assert found["gini"] == pytest.approx(expected(case, "gini.spec", "rows 2..16")[""], rel=1e-9)
    hoover = expected(case, "hoover", "x=region;ref=Germany;rows 2..16")[""]
    assert found["hoover"] == pytest.approx(hoover, rel=1e-9)
    herfindahl = expected(case, "herf", "rows 2..16")[""]
    assert found["herfindahl"] == pytest.approx(herfindahl, rel=1e-9)


def test_textbook_cases_are_the_oracles(expected, oracle):
    arguments = "e_ij=20,10,70,0,0;e_il=0,0,0,60,40"
    found = compared([20, 10, 70, 0, 0], [0, 0, 0, 60, 40])
    assert found["krugman"] == expected("FK2013_krugman", "krugman.spec", arguments)[""] == 2.0
    arguments = "e_ij=700,600,500,10000,40000;e_i=30000,15000,10000,60000,50000"
    found = compared([700, 600, 500, 10_000, 40_000], [30_000, 15_000, 10_000, 60_000, 50_000])
    wanted = expected("FK2013_ginispec", "gini.spec", arguments)[""]
    assert found["gini"] == pytest.approx(wanted, rel=1e-9)
    path = oracle / "input" / "FK2013_krugman_countries.csv"
    table = pd.read_csv(path, dtype={"industry": str}).set_index("industry").astype(float)
    table["00"] = table.sum(axis=1)
    frame = jobs({name: list(table[name]) for name in table}, industries=list(table.index))
    sweden = specialisation(frame).set_index("region").loc["Sweden"]
    arguments = "e_ij=Sweden;e_il=others"
    wanted = expected("FK2013_krugman_countries", "krugman.spec2", arguments)[""]
    assert sweden["krugman_others"] == pytest.approx(wanted, rel=1e-9)


def test_freiburg_against_germany_is_the_oracles(freiburg, expected):
    found = specialisation(freiburg[freiburg["period"] == "2014"]).iloc[0]
    for name, function in (("gini", "gini.spec"), ("krugman", "krugman.spec")):
        wanted = expected("Freiburg_2014", function)[""]
        assert found[name] == pytest.approx(wanted, rel=1e-9)


def test_herfindahls_are_the_oracles_and_the_hands(expected):
    # Shares 0.2, 0.5, 0.2, 0.1: 0.04 + 0.25 + 0.04 + 0.01 = 0.34.
    found = compared([20, 50, 20, 10], [25, 25, 25, 25])
    case = "sales=20,50,20,10"
    assert found["herfindahl"] == pytest.approx(0.34)
    assert found["herfindahl"] == pytest.approx(expected(case, "herf")[""], rel=1e-9)
    normalised = expected(case, "herf", "coefnorm=TRUE")[""]
    assert found["herfindahl_normalised"] == pytest.approx(normalised, rel=1e-9)
    equivalent = expected(case, "herf", "output=eq")[""]
    assert found["equivalent_number"] == pytest.approx(equivalent, rel=1e-9)
    # Against an even reference, Gini and Hoover are those of the figures themselves.
    assert found["gini"] == pytest.approx(expected(case, "gini")[""], rel=1e-9)
    assert found["hoover"] == pytest.approx(expected(case, "hoover")[""], rel=1e-9)


def test_suppressed_industry_leaves_the_measures_missing():
    frame = jobs({"00": [9.0, 9.0], "1": [4.0, 4.0], "2": [1.0, 3.0]}, industries=["J", "K"])
    frame["status"] = ["", "", "..", "", "", ""]
    found = specialisation(frame).set_index("region")
    assert found["status"].tolist() == ["..", ""]
    assert found.loc["1", ["gini", "hoover", "krugman", "herfindahl"]].isna().all()
    assert found.loc["2", ["gini", "hoover", "krugman", "herfindahl"]].notna().all()
    spread = concentration(frame)
    assert spread["status"].tolist() == ["..", ".."]
    assert spread["hoover"].isna().all()


def test_region_without_jobs_has_no_measure():
    frame = jobs({"00": [9.0, 9.0], "1": [0.0, 0.0]}, industries=["J", "K"])
    found = specialisation(frame).iloc[0]
    assert found["status"] == "."
    assert np.isnan(found["herfindahl"])
    assert concentration(frame)["status"].tolist() == [".", "."]


def test_industry_that_neither_has_does_not_count():
    with_none = compared([6, 4, 0], [300, 700, 0])
    assert with_none["industries"] == 2
    assert with_none["gini"] == pytest.approx(compared([6, 4], [300, 700])["gini"])


def test_lone_region_has_no_others():
    found = compared([6, 4], [300, 700])
    assert np.isnan(found["krugman_others"])
    assert found["krugman"] == pytest.approx(0.6)


def test_frame_without_figures_is_refused():
    with pytest.raises(DataError, match="employed lacks the column value"):
        specialisation(pd.DataFrame({"region": ["00"], "industry": ["J"]}))
    with pytest.raises(DataError, match="employed lacks the column region"):
        concentration(pd.DataFrame({"value": [1.0], "industry": ["J"]}))


@settings(deadline=None, max_examples=40)
@given(
    counts=st.lists(st.integers(1, 9_999), min_size=2, max_size=6),
    factor=st.sampled_from([1.0, 2.0, 7.0]),
)
def test_region_made_as_the_country_is_not_specialised(counts, factor):
    found = compared([factor * count for count in counts], [float(count) for count in counts])
    assert found["gini"] == pytest.approx(0.0, abs=1e-12)
    assert found["hoover"] == pytest.approx(0.0, abs=1e-12)
    assert 1 - 1e-12 <= found["equivalent_number"] <= len(counts) + 1e-9


@settings(deadline=None, max_examples=40)
@given(
    region=st.lists(st.integers(0, 999), min_size=3, max_size=3).filter(sum),
    nation=st.lists(st.integers(1, 999), min_size=3, max_size=3),
)
def test_measures_stay_within_their_bounds(region, nation):
    found = compared([float(count) for count in region], [float(count) for count in nation])
    assert -1e-12 <= found["gini"] <= 1 - 1 / 3 + 1e-12
    assert -1e-12 <= found["hoover"] <= 1
    assert -1e-12 <= found["herfindahl_normalised"] <= 1 + 1e-12
