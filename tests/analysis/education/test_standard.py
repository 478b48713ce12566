from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from regionstudy.analysis.education import standardised_shares
from regionstudy.errors import ConfigError, DataError

AGES = ["25-34", "55-64"]


def profile(own=((20.0, 6.0), (80.0, 16.0))) -> pd.DataFrame:
    """The country: 200 of 500 young and 100 of 500 old; a region of fewer young."""
    rows = [("00", 500.0, 200.0), ("00", 500.0, 100.0), *(("2260", *one) for one in own)]
    frame = pd.DataFrame(rows, columns=["region", "persons", "holders"])
    return frame.assign(age=AGES * 2, status="")


def row(frame: pd.DataFrame, region: str = "2260", **options) -> pd.Series:
    return standardised_shares(frame, **options).set_index("region").loc[region]


def test_a_difference_parts_into_ages_and_education_as_by_hand():
    """30 and 20 per cent at the country's halves: 25; by its own ages 22; the country has 30."""
    found = row(profile())
    told = {"crude": 22.0, "standardised": 25.0, "age_effect": -3.0, "gap": -5.0}
    assert found[list(told)].astype(float).to_dict() == pytest.approx(told)


def test_the_reference_differs_from_itself_by_nothing():
    found = row(profile(), "00")
    assert found[["age_effect", "gap"]].astype(float).tolist() == pytest.approx([0, 0])
    assert found["standardised"] == pytest.approx(30)


def test_the_interval_is_that_of_a_weighted_sum_of_shares():
    # var = 0.25 * 0.3 * 0.7 / 20 + 0.25 * 0.2 * 0.8 / 80.
    reach = 100 * norm.ppf(0.975) * np.sqrt(0.25 * 0.21 / 20 + 0.25 * 0.16 / 80)
    found = row(profile())
    assert found["low"] == pytest.approx(25 - reach)
    assert found["high"] == pytest.approx(25 + reach)
    narrow = row(profile(), level=0.5)
    assert narrow["high"] - narrow["low"] < found["high"] - found["low"]


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(st.integers(1, 5000), st.floats(0, 1)).map(lambda one: (one[0], one[0] * one[1])),
        min_size=2,
        max_size=2,
    )
)
def test_the_parts_add_up_to_the_crude_difference(own):
    found = row(profile(own))
    assert found["age_effect"] + found["gap"] == pytest.approx(found["crude"] - 30, abs=1e-9)
    shares = [100 * holders / persons for persons, holders in own]
    assert min(shares) - 1e-9 <= found["standardised"] <= max(shares) + 1e-9


def test_the_same_education_at_each_age_leaves_only_what_the_ages_make():
    # 40 and 20 per cent as in the country, but 1 young for 9 old: 22 instead of 30.
    found = row(profile([(100.0, 40.0), (900.0, 180.0)]))
    assert found["gap"] == pytest.approx(0)
    assert found["age_effect"] == pytest.approx(-8)


def test_an_age_without_people_or_without_a_figure_leaves_the_share_missing():
    for own in ([(0.0, 0.0), (80.0, 16.0)], [(np.nan, np.nan), (80.0, 16.0)]):
        found = row(profile(own))
        assert found[["crude", "standardised", "low", "gap"]].isna().all()
        assert found["status"] == ".."
    found = row(profile().iloc[:3])
    assert np.isnan(found["standardised"])
    assert found["status"] == ".."


def test_a_missing_stratum_of_the_reference_leaves_all_missing():
    holed = profile()
    holed.loc[0, ["persons", "holders"]] = np.nan
    found = standardised_shares(holed)
    assert found[["standardised", "low", "gap"]].isna().all(axis=None)
    assert set(found["status"]) == {".."}


def test_each_period_has_its_own_standard():
    later = profile().assign(period="2024")
    later["holders"] *= 1.1
    both = pd.concat([profile().assign(period="2019"), later], ignore_index=True)
    found = standardised_shares(both).query("region == '2260'").set_index("period")
    assert found["standardised"].tolist() == pytest.approx([25.0, 27.5])
    assert found["gap"].tolist() == pytest.approx([-5.0, -5.5])


def test_two_strata_hold_both_alike():
    rows = [
        ("00", "1", 50.0, 10.0), ("00", "2", 50.0, 30.0),
        ("2260", "1", 90.0, 18.0), ("2260", "2", 10.0, 6.0),
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["region", "sex", "persons", "holders"])
    frame = frame.assign(age="25-34", status="")
    # 20 and 60 per cent in both; the region has nine men for a woman.
    found = row(frame, strata=("age", "sex"))
    assert found["gap"] == pytest.approx(0)
    assert found["age_effect"] == pytest.approx(24 - 40)


def test_order_of_rows_is_irrelevant():
    mixed = profile().sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(standardised_shares(mixed), standardised_shares(profile()))


def test_a_reference_without_figures_is_named():
    with pytest.raises(DataError, match=r'reference "22" has no row of age 25-34'):
        standardised_shares(profile(), reference="22")
    extra = profile()
    extra.loc[3, "age"] = "65-74"
    with pytest.raises(DataError, match="has no row of age 65-74"):
        standardised_shares(extra)


def test_a_coverage_that_is_none_is_refused():
    with pytest.raises(ConfigError, match=r"level=95 is no coverage"):
        standardised_shares(profile(), level=95)


def test_repeated_rows_are_refused():
    with pytest.raises(DataError, match="repeated rows"):
        standardised_shares(pd.concat([profile(), profile()]))
