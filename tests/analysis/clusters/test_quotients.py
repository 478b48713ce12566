from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from regionstudy.analysis.clusters import (
    location_quotient_intervals,
    location_quotients,
    portfolio,
    shift_share,
    specialisation,
)
from regionstudy.errors import DataError

from .conftest import jobs, yearly

SMALL = {"00": [300.0, 700.0], "2281": [6.0, 4.0]}


def small(**columns) -> pd.DataFrame:
    return jobs(SMALL, industries=["J", "K"], **columns)


def test_quotient_is_a_share_over_a_share():
    # 6/10 over 300/1000 is 2; 4/10 over 700/1000 is 4/7.
    found = location_quotients(small())
    assert found["region"].tolist() == ["2281", "2281"]
    assert found["lq"].tolist() == pytest.approx([2.0, 4 / 7], rel=1e-15)
    assert found["status"].tolist() == ["", ""]


def test_textbook_quotient_is_the_oracles(expected):
    # REAT's help: 1,714 of 79,006 jobs against 879,213 of 15,593,224 (MANIFEST: 0.38476).
    frame = jobs(
        {"00": [879213.0, 15593224.0 - 879213.0], "DE": [1714.0, 79006.0 - 1714.0]},
        industries=["i", "rest"],
    )
    arguments = "e_ij=1714;e_j=79006;e_i=879213;e=15593224"
    wanted = expected("FK2013_textbook", "locq", arguments)[""]
    assert location_quotients(frame)["lq"].iloc[0] == pytest.approx(wanted, rel=1e-9)


@pytest.mark.parametrize("year", [str(year) for year in range(2008, 2018)])
def test_quotients_and_differences_of_shares_use_published_totals(goettingen, expected, year):
    rows = goettingen[goettingen["period"] == year]
    found = location_quotients(rows, totals="published").set_index("industry")["lq"]
    ratio = expected(f"Goettingen_{year}", "locq", "LQ.method=m;total=row A-R")
    assert found.to_dict() == pytest.approx(ratio, rel=1e-9)
    difference = expected(f"Goettingen_{year}", "locq", "LQ.method=a;total=row A-R")
    whole = rows[rows["industry"] == "total"].set_index("region")["value"]
    # e_ij/e_i - e_j/e is (lq - 1) e_j/e.
    apart = (found - 1) * whole["Goettingen"] / whole["00"]
    assert apart.to_dict() == pytest.approx(difference, rel=1e-9, abs=1e-12)


def test_matrix_of_the_states_is_the_oracles(states, oracle):
    wanted = pd.read_csv(oracle / "G_regions_industries_locq2.csv", index_col="ind_code")
    found = location_quotients(states).pivot_table(index="industry", columns="region", values="lq")
    np.testing.assert_allclose(
        found.loc[wanted.index, wanted.columns], wanted, rtol=1e-9, atol=1e-12
    )


def test_years_are_kept_apart():
    frame = yearly(
        {"2020": SMALL, "2021": {"00": [500.0, 500.0], "2281": [1.0, 3.0]}}, industries=["J", "K"]
    )
    found = location_quotients(frame).set_index(["industry", "period"])["lq"]
    assert found["J", "2020"] == pytest.approx(2.0)
    assert found["J", "2021"] == pytest.approx(0.5)


def test_categories_come_in_and_go_out():
    frame = small().astype({"region": "category", "industry": "category"})
    # A category that no row has is no region.
    frame["region"] = frame["region"].cat.add_categories(["9999"])
    found = location_quotients(frame)
    assert isinstance(found["region"].dtype, pd.CategoricalDtype)
    assert found["region"].tolist() == ["2281", "2281"]
    assert found["lq"].tolist() == location_quotients(small())["lq"].tolist()


def test_published_total_is_never_an_industry():
    frame = jobs(
        {"00": [300.0, 690.0, 1000.0], "2281": [6.0, 4.0, 12.0]}, industries=["J", "K", "total"]
    )
    assert location_quotients(frame)["industry"].tolist() == ["J", "K"]
    # Sums: 6/10 over 300/990; published: 6/12 over 300/1000.
    assert location_quotients(frame)["lq"].iloc[0] == pytest.approx(0.6 * 990 / 300)
    found = location_quotients(frame, totals="published")
    assert found["lq"].iloc[0] == pytest.approx(0.5 * 1000 / 300)


def test_suppressed_industry_leaves_the_sum_unknown_but_not_the_published_total():
    frame = jobs(
        {"00": [300.0, 700.0, 1000.0], "2281": [6.0, 4.0, 10.0]}, industries=["J", "K", "total"]
    )
    frame["status"] = ["", "", "", "", "..", ""]
    by_sum = location_quotients(frame)
    assert by_sum["lq"].isna().all()
    assert by_sum["status"].tolist() == ["..", ".."]
    published = location_quotients(frame, totals="published")
    assert published["lq"].iloc[0] == pytest.approx(2.0)
    assert published["status"].tolist() == ["", ".."]


def test_row_that_is_not_there_is_missing_and_no_nought():
    found = location_quotients(small().iloc[:3])
    assert found["status"].tolist() == ["..", ".."]
    assert found["lq"].isna().all()


def test_preliminary_part_makes_the_quotient_preliminary():
    found = location_quotients(small(status=pd.Categorical(["", "p", "", ""])))
    assert found["status"].tolist() == ["p", "p"]


def test_zero_denominator_is_no_infinity():
    frame = jobs({"00": [0.0, 9.0], "1": [1.0, 3.0], "2": [0.0, 0.0]}, industries=["J", "K"])
    found = location_quotients(frame)
    assert found["status"].tolist() == [".", "", ".", "."]
    assert found["lq"].isna().tolist() == [True, False, True, True]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda f: f.drop(columns="industry"), "employed lacks the column industry; it has"),
        (
            lambda f: pd.concat([f, f]),
            "employed has 4 repeated rows, first at region 00, industry J",
        ),
        (
            lambda f: pd.concat([f.assign(sex="1"), f.assign(sex="2")]),
            "Choose one value of sex first",
        ),
        (
            lambda f: f.assign(value=-f["value"]),
            "-300 persons at region 00, industry J; a count is",
        ),
        (lambda f: f.assign(value=np.inf), "inf persons at region 00"),
        (lambda f: f.assign(value="6"), "a column value of type str, which is not numbers"),
        (lambda f: f[f["region"] != "00"], 'no rows of the reference "00"'),
        (lambda f: f.assign(region=[None, "00", "1", "1"]), "1 rows without a region"),
        (
            lambda f: f.assign(indicator=["rams", "rams", "bas", "bas"]),
            "mixes the indicators bas, rams",
        ),
    ],
)
def test_frame_that_cannot_be_used_is_refused_and_says_why(change, message):
    with pytest.raises(DataError, match=message):
        location_quotients(change(small()))


def test_reference_that_is_misspelt_is_told_the_nearest():
    with pytest.raises(DataError, match=r'no rows of the reference "2280"\. Did you mean "2281"'):
        location_quotients(small(), reference="2280")


def test_published_totals_must_be_one():
    with pytest.raises(DataError, match=r"none of the industries total and A-U[+]US"):
        location_quotients(small(), totals="published")
    both = jobs({"00": [9.0, 9.0, 9.0]}, industries=["J", "total", "A-U+US"])
    with pytest.raises(DataError, match=r"both of the industries total and A-U[+]US"):
        location_quotients(both, totals="published")
    with pytest.raises(DataError, match=r'totals="all" is not known; use one of: sum, published'):
        location_quotients(small(), totals="all")


def test_interval_is_the_exact_binomial_of_the_regions_share():
    # scipy's own test of a proportion is an independent road to Clopper-Pearson.
    wanted = stats.binomtest(6, 10).proportion_ci(0.9, method="exact")
    row = location_quotient_intervals(small(), level=0.9).iloc[0]
    assert row["low"] == pytest.approx(wanted.low / 0.3, rel=1e-9)
    assert row["high"] == pytest.approx(wanted.high / 0.3, rel=1e-9)


def test_nothing_counted_still_leaves_a_high_end():
    frame = jobs({"00": [300.0, 700.0], "2281": [0.0, 10.0]}, industries=["J", "K"])
    none, every = location_quotient_intervals(frame).to_dict("records")
    assert (none["lq"], none["low"]) == (0.0, 0.0)
    assert none["high"] == pytest.approx((1 - 0.025 ** (1 / 10)) / 0.3)
    assert every["high"] == pytest.approx(1 / 0.7)


def test_interval_of_what_is_missing_is_missing():
    found = location_quotient_intervals(small(status=["", "", "..", ""]))
    assert found[["lq", "low", "high"]].isna().all(axis=None)


def test_total_below_its_part_and_a_level_that_is_none_are_refused():
    frame = jobs({"00": [3.0, 9.0], "1": [6.0, 4.0]}, industries=["J", "total"])
    with pytest.raises(DataError, match="Region 1 has more jobs in industry J than in its"):
        location_quotient_intervals(frame, totals="published")
    with pytest.raises(DataError, match="level=95 is not a share between 0 and 1"):
        location_quotient_intervals(small(), level=95)


@st.composite
def closed(draw) -> pd.DataFrame:
    """Regions that make up the country: every industry and region has jobs."""
    shape = draw(st.tuples(st.integers(1, 4), st.integers(1, 5)))
    cells = draw(
        st.lists(st.integers(1, 10_000), min_size=shape[0] * shape[1], max_size=shape[0] * shape[1])
    )
    table = np.array(cells, dtype=float).reshape(shape)
    regions = {f"{10 + number}": list(row) for number, row in enumerate(table)}
    return jobs(
        {"00": list(table.sum(axis=0)), **regions},
        industries=[f"{number}" for number in range(shape[1])],
    )


@settings(deadline=None, max_examples=40)
@given(frame=closed())
def test_mean_of_quotients_weighted_by_the_countrys_shares_is_one(frame):
    national = frame[frame["region"] == "00"].set_index("industry")["value"]
    found = location_quotients(frame)
    weighted = found["lq"] * found["industry"].map(national / national.sum())
    assert weighted.groupby(found["region"]).sum().to_numpy() == pytest.approx(1.0, rel=1e-12)


@settings(deadline=None, max_examples=40)
@given(frame=closed(), seed=st.integers(0, 99))
def test_order_of_rows_does_not_matter(frame, seed):
    shuffled = frame.sample(frac=1, random_state=seed)
    pd.testing.assert_frame_equal(location_quotients(frame), location_quotients(shuffled))


@settings(deadline=None, max_examples=40)
@given(frame=closed())
def test_interval_holds_its_quotient(frame):
    found = location_quotient_intervals(frame)
    slack = 1e-12 * found["lq"]
    assert (found["low"] <= found["lq"] + slack).all()
    assert (found["lq"] <= found["high"] + slack).all()


def test_frame_that_is_given_stays_as_it_is(by_workplace):
    frame = by_workplace.astype({"region": "category", "industry": "category"})
    before = frame.copy(deep=True)
    location_quotients(frame)
    location_quotient_intervals(frame, totals="published")
    shift_share(frame, start="2020", end="2025", method="esteban", dynamic=True)
    portfolio(frame, start="2020", end="2025")
    specialisation(frame)
    pd.testing.assert_frame_equal(frame, before)


def test_sections_beside_their_divisions_are_not_summed():
    frame = jobs(
        {"00": [300.0, 200.0, 900.0], "1": [6.0, 5.0, 9.0]}, industries=["J", "62", "total"]
    )
    with pytest.raises(DataError, match=r"has sections \(J\) beside finer industries \(62\)"):
        location_quotients(frame)
    found = location_quotients(frame, totals="published")
    assert found["lq"].tolist() == pytest.approx([5 / 9 * 900 / 200, 6 / 9 * 900 / 300])


def test_reference_alone_has_nothing_to_compare():
    frame = pd.concat([small(period="2020"), small(period="2021")])
    frame = frame[frame["region"] == "00"]
    assert location_quotients(frame).empty
    assert location_quotient_intervals(frame).empty
    assert shift_share(frame, start="2020", end="2021").empty
    assert portfolio(frame, start="2020", end="2021").empty
    assert specialisation(frame).empty
