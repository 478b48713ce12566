from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.analysis.conftest import read_figures

from regionstudy.analysis.education import attainment
from regionstudy.errors import DataError

LONG = ["eftergymnasial utbildning, 3 år eller mer", "forskarutbildning"]


def people(**values: float) -> pd.DataFrame:
    levels = {"short": 60.0, "long": 36.0, "unknown": 4.0} | values
    return pd.DataFrame(
        {"region": "2281", "education": list(levels), "value": list(levels.values()), "status": ""}
    )


def test_the_share_is_of_all_levels_the_unknown_with_them():
    # 36 of 60 + 36 + 4.
    assert attainment(people(), levels=["long"])["share"].item() == 36.0


def test_what_is_left_out_leaves_the_denominator_too():
    # 36 of 60 + 36.
    assert attainment(people(), levels=["long"], without=["unknown"])["share"].item() == 37.5


def test_a_published_total_is_the_denominator_and_is_not_counted_twice():
    # CKM: the total need not be the sum of its parts; it is taken as published.
    found = attainment(people(total=101.0), levels=["long"])
    assert found["persons"].item() == 101.0
    assert found["share"].item() == pytest.approx(100 * 36 / 101)


def test_a_year_without_a_published_total_has_the_sum_of_its_parts():
    both = pd.concat([people(total=101.0).assign(period="2019"), people().assign(period="2024")])
    found = attainment(both, levels=["long"]).set_index("period")
    assert found["persons"].to_dict() == {"2019": 101.0, "2024": 100.0}


def test_a_published_total_stands_where_a_level_that_does_not_count_is_hidden():
    found = attainment(people(short=np.nan, total=101.0), levels=["long"])
    assert found["share"].item() == pytest.approx(100 * 36 / 101)
    hidden = attainment(people(total=np.nan), levels=["long"])
    assert np.isnan(hidden["share"].item())


@pytest.mark.parametrize("level", ["short", "long"])
def test_a_missing_level_leaves_the_share_missing_not_smaller(level):
    found = attainment(people(**{level: np.nan}), levels=["long"])
    assert np.isnan(found["share"].item())
    assert found["status"].tolist() == [".."]


def test_a_level_without_a_row_is_missing_not_empty():
    rows = pd.concat([people(), people().iloc[[0, 2]].assign(region="2260")])
    found = attainment(rows, levels=["long"]).set_index("region")
    assert found.loc["2281", "share"] == 36.0
    assert np.isnan(found.loc["2260", "share"])
    assert found.loc["2260", "status"] == ".."


def test_a_number_beside_a_status_of_missing_does_not_count():
    rows = people()
    rows.loc[1, "status"] = ".."
    assert np.isnan(attainment(rows, levels=["long"])["share"].item())


def test_nobody_counted_is_not_applicable():
    found = attainment(people(short=0.0, long=0.0, unknown=0.0), levels=["long"])
    assert np.isnan(found["share"].item())
    assert found["status"].tolist() == ["."]


def test_the_weakest_status_of_the_parts_is_the_shares():
    rows = people()
    rows["status"] = ["", "p", ""]
    assert attainment(rows, levels=["long"])["status"].tolist() == ["p"]


def test_the_input_is_left_as_it_was():
    rows = people()
    attainment(rows, levels=["long"])
    pd.testing.assert_frame_equal(rows, people())


def test_a_level_that_is_not_there_is_named():
    with pytest.raises(DataError, match=r"lack the level doctoral; education has: long, short"):
        attainment(people(), levels=["doctoral"])


def test_no_level_at_all_is_refused():
    with pytest.raises(DataError, match="lack any level to count"):
        attainment(people(), levels=[])


def test_a_breakdown_that_was_not_chosen_is_named():
    with pytest.raises(DataError, match="repeated rows"):
        attainment(pd.concat([people(), people()]), levels=["long"])


@settings(max_examples=20)
@given(st.lists(st.integers(0, 10_000), min_size=3, max_size=3).filter(any))
def test_shares_of_all_levels_add_up_to_a_hundred(numbers):
    rows = people(**dict(zip(["short", "long", "unknown"], map(float, numbers), strict=True)))
    shares = [attainment(rows, levels=[one])["share"].item() for one in rows["education"]]
    assert sum(shares) == pytest.approx(100)


def test_published_counts_of_2019_give_the_share_that_atlas290_published(shared):
    """MANIFEST: post_secondary_share is equal to the 2019 file's, unknown in it, for all 290."""
    counts = read_figures(shared / "figures" / "population_education_age_sex_2019.csv.gz")
    ages = ["16-24", "25-34", "35-44", "45-54", "55-64", "65-74"]
    counts = counts[counts["age"].isin(ages)]
    sums = counts.groupby(["region", "education"], as_index=False)["value"].sum().assign(status="")
    found = attainment(sums, levels=[*LONG, "eftergymnasial utbildning, mindre än 3 år"])
    told = read_figures(shared / "figures" / "post_secondary_share_2016_2025.csv.gz")
    told = told[told["period"] == "2019"]
    both = found.merge(told, on="region", validate="one_to_one")
    assert len(both) == 290
    assert (both["share"] - both["value"]).abs().max() <= 0.005 + 1e-9  # two decimals


def test_men_of_25_to_34_in_sundsvall_are_those_of_the_manifest(shared):
    """MANIFEST: 1,182 men aged 25-34 with three years or more; a doctorate is its own level."""
    counts = read_figures(shared / "figures" / "population_education_age_sex_2019.csv.gz")
    found = attainment(counts.drop(columns="indicator"), levels=LONG[:1])
    row = found.query("region == '2281' and sex == '1' and age == '25-34'")
    assert row["holders"].item() == 1182
