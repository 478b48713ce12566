from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regionstudy.analysis.clusters import next_industries, relatedness, relatedness_density
from regionstudy.errors import DataError

from .conftest import jobs, yearly

# Four regions of 100 jobs; the country is their sum, 400. Strong (LQ >= 1) by hand:
# J: 40 30 10 20 of 100 -> 1, 2; K: 35 30 15 20 -> 1, 2; L: 5 30 40 25 -> 2, 3, 4;
# M: 20 10 35 35 -> 3, 4.
INDUSTRIES = ["J", "K", "L", "M"]
FOUR = {
    "00": [100.0, 100.0, 100.0, 100.0],
    "1": [40.0, 35.0, 5.0, 20.0],
    "2": [30.0, 30.0, 30.0, 10.0],
    "3": [10.0, 15.0, 40.0, 35.0],
    "4": [20.0, 20.0, 25.0, 35.0],
}


def four(**columns) -> pd.DataFrame:
    return jobs(FOUR, industries=INDUSTRIES, **columns)


def test_proximity_is_the_smaller_conditional_probability():
    found = relatedness(four(), fewest=4).set_index(["industry", "other"])
    # J and K are strong in the same two regions.
    assert found.loc[("J", "K"), ["proximity", "both"]].tolist() == [1.0, 2]
    # J and L share region 2: of the three of L, and of the two of J.
    assert found.loc[("J", "L"), "proximity"] == pytest.approx(1 / 3)
    assert found.loc[("L", "M"), "proximity"] == pytest.approx(2 / 3)
    assert found.loc[("J", "M"), ["proximity", "both"]].tolist() == [0.0, 0]
    assert (found["regions"] == 4).all()
    assert len(found) == 12


def test_density_by_hand():
    found = relatedness_density(four(), fewest=4).set_index(["region", "industry"])
    # Region 1 is strong in J and K. L keeps company J 1/3, K 1/3, M 2/3: (1/3 + 1/3) / (4/3).
    assert found.loc[("1", "L"), "density"] == pytest.approx(0.5)
    # M keeps company with L alone, which region 1 is not strong in.
    assert found.loc[("1", "M"), "density"] == 0.0
    # J keeps company K 1, L 1/3: region 2 is strong in both.
    assert found.loc[("2", "J"), "density"] == pytest.approx(1.0)
    assert found.loc["1", "strong"].tolist() == [True, True, False, False]


def test_next_industry_is_the_nearest_that_is_not_there():
    found = next_industries(four(), region="1", fewest=4)
    assert found["industry"].tolist() == ["L", "M"]
    assert found["rank"].tolist() == [1.0, 2.0]
    assert found["density"].tolist() == pytest.approx([0.5, 0.0])
    assert found["nearest"].tolist() == ["J, K", ""]
    density = relatedness_density(four(), fewest=4)
    mean = density[density["industry"] == "L"]["density"].mean()
    assert found.loc[0, "mean_density"] == pytest.approx(mean)


def test_categories_give_the_same():
    coded = four().astype({"region": "category", "industry": "category"})
    plain = next_industries(four(), region="1", fewest=4)
    found = next_industries(coded, region="1", fewest=4)
    assert found["industry"].tolist() == plain["industry"].tolist()
    assert found["nearest"].tolist() == plain["nearest"].tolist()


def test_region_with_a_suppressed_industry_is_left_out_and_named():
    frame = four(status="")
    frame.loc[(frame["region"] == "4") & (frame["industry"] == "J"), "status"] = ".."
    found = relatedness(frame, fewest=3)
    assert found.attrs["left_out"] == ["4"]
    assert (found["regions"] == 3).all()
    # Without region 4, L (2, 3) and M (3) share one of two.
    pair = found[(found["industry"] == "L") & (found["other"] == "M")].iloc[0]
    assert pair["proximity"] == pytest.approx(1 / 2)
    density = relatedness_density(frame, fewest=3).set_index("region")
    assert (density.loc["4", "status"] == "..").all()
    assert density.loc["4", "density"].isna().all()
    with pytest.raises(DataError, match="Region 4 lacks a figure, so that it cannot be told"):
        next_industries(frame, region="4", fewest=3)


def test_industry_that_nobody_is_strong_in_has_no_proximity():
    table = {name: [*row, 0.0] for name, row in FOUR.items()}
    found = relatedness(jobs(table, industries=[*INDUSTRIES, "T"]), fewest=4)
    assert (found.loc[found["other"] == "T", "status"] == ".").all()
    density = relatedness_density(jobs(table, industries=[*INDUSTRIES, "T"]), fewest=4)
    assert density.loc[density["industry"] == "T", "density"].isna().all()
    # The others' densities do not change for it.
    rest = density[density["industry"] != "T"]["density"].tolist()
    assert rest == relatedness_density(four(), fewest=4)["density"].tolist()


def test_too_few_regions_and_other_faults_are_refused():
    with pytest.raises(DataError, match=r"has 4 regions with every figure .* at least 10, of one"):
        relatedness(four())
    two = yearly({"2020": FOUR, "2021": FOUR}, industries=INDUSTRIES)
    with pytest.raises(DataError, match="has the periods 2020 to 2021; choose one of them first"):
        relatedness_density(two, fewest=4)
    with pytest.raises(DataError, match="threshold=0 is not above 0"):
        relatedness(four(), threshold=0, fewest=4)
    with pytest.raises(DataError, match=r'no rows of the region "11"\. Did you mean "1"'):
        next_industries(four(), region="11", fewest=4)


@st.composite
def countries(draw) -> pd.DataFrame:
    shape = (draw(st.integers(2, 6)), draw(st.integers(2, 5)))
    size = shape[0] * shape[1]
    cells = draw(st.lists(st.integers(1, 500), min_size=size, max_size=size))
    table = np.array(cells, dtype=float).reshape(shape)
    rows = {f"{10 + number}": list(row) for number, row in enumerate(table)}
    names = [f"{number}" for number in range(shape[1])]
    return jobs({"00": list(table.sum(axis=0)), **rows}, industries=names)


@settings(deadline=None, max_examples=40)
@given(frame=countries())
def test_proximity_is_the_same_both_ways_and_within_bounds(frame):
    found = relatedness(frame, fewest=2)
    table = found.pivot_table(index="industry", columns="other", values="proximity")
    assert ((found["proximity"] >= 0) & (found["proximity"] <= 1) | found["proximity"].isna()).all()
    pd.testing.assert_frame_equal(table, table.T, check_names=False)


@settings(deadline=None, max_examples=40)
@given(frame=countries())
def test_density_is_within_bounds(frame):
    density = relatedness_density(frame, fewest=2)["density"].dropna()
    assert ((density >= 0) & (density <= 1 + 1e-12)).all()
