"""Curves of cohorts: chained by hand on official figures, exact where nothing changes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regionstudy.analysis.migration import (
    cohort_survivors,
    known_ages,
    remaining_at,
    synthetic_cohort,
    turning_points,
)
from regionstudy.errors import DataError


def people(
    ratios: np.ndarray, *, years: tuple[int, ...], born: float = 1000.0, region: str = "2281"
) -> pd.DataFrame:
    """Cohorts of one size at 10, that change by ratios[age] each year; GENERATED."""
    sizes = born * np.cumprod(np.concatenate([[1.0], ratios]))
    frame = pd.DataFrame(
        [(str(year), str(10 + age), size) for year in years for age, size in enumerate(sizes)],
        columns=["period", "age", "value"],
    )
    return frame.assign(region=region, status="")


@given(
    ratios=st.lists(st.floats(0.8, 1.2), min_size=32, max_size=32).map(np.array),
)
@settings(max_examples=10, deadline=None)
def test_one_year_apart_the_curve_is_that_of_the_cohorts(ratios):
    frame = people(ratios, years=(2018, 2019))
    curve = synthetic_cohort(frame)
    expected = np.concatenate([[1.0], np.cumprod(ratios[8:30])])
    np.testing.assert_allclose(curve["share"], expected)


@given(ratio=st.floats(0.9, 1.1), gap=st.integers(1, 6))
@settings(max_examples=10, deadline=None)
def test_a_steady_ratio_is_found_whatever_the_years_between(ratio, gap):
    frame = people(np.full(40, ratio), years=(2018, 2018 + gap))
    curve = synthetic_cohort(frame, to_age=38)
    np.testing.assert_allclose(curve["share"], ratio ** np.arange(21))
    assert curve["years"].eq(gap).all()


def test_sundsvalls_first_step_by_hand(all_ages):
    single = all_ages["sex"].isin(["1", "2"]) & all_ages["age"].str.isdecimal()
    ours = all_ages[(all_ages["region"] == "2281") & single]
    ages = ours["age"].astype(int)
    before = ours.loc[(ours["period"] == "2018") & ages.between(15, 18), "value"].sum()
    after = ours.loc[(ours["period"] == "2022") & ages.between(19, 22), "value"].sum()
    curve = synthetic_cohort(all_ages).set_index(["region", "age"])["share"]
    assert curve["2281", 19] == pytest.approx((after / before) ** 0.25)


def test_every_municipality_has_a_curve_from_18_to_40(all_ages):
    found = remaining_at(synthetic_cohort(all_ages))
    assert found["region"].nunique() == 290
    assert found["share"].notna().all()
    assert (found["status"] == "i").all()
    # Students and workers come to Stockholm; a third of Ånge's leave.
    share = found.set_index(["region", "age"])["share"]
    assert share["0180", 25] > 1.3
    assert share["2260", 25] < 0.9


def test_single_ages_from_20_to_30_say_nothing_of_18_or_40(young_adults):
    ours = young_adults[young_adults["region"] == "2281"]
    followed = cohort_survivors(ours)
    known = known_ages(followed)
    assert known["age"].tolist() == list(range(20, 31))
    assert known.set_index("age").loc[30, ["cohorts", "first_cohort", "last_cohort"]].tolist() == [
        12, 1978, 1989
    ]  # fmt: skip
    read = remaining_at(followed, ages=[25, 40]).set_index("age")
    assert read.loc[25, "cohort"] == 1994
    assert read.loc[40, "status"] == ".."
    assert np.isnan(read.loc[40, "share"])
    with pytest.raises(DataError, match="from_age=18 is not among the ages"):
        cohort_survivors(ours, from_age=18)


def test_yearly_ages_follow_real_cohorts_to_40():
    ratios = np.where(np.arange(40) < 14, 0.97, 1.01)
    frame = people(ratios, years=tuple(range(1990, 2025)))
    followed = cohort_survivors(frame, from_age=18, to_age=40)
    read = remaining_at(followed).set_index("age")
    # From 18 the ratio is 0.97 until 24, and 1.01 after.
    assert read.loc[25, "share"] == pytest.approx(0.97**6 * 1.01)
    assert read.loc[40, "share"] == pytest.approx(0.97**6 * 1.01**16)
    assert read["cohort"].tolist() == [2024 - 25, 2024 - 30, 2024 - 40]
    turned = turning_points(synthetic_cohort(frame, start=2023, end=2024))
    assert turned["turns_at"].tolist() == [24.0]


def test_missing_age_cuts_the_chain_and_all_after_it():
    frame = people(np.ones(40), years=(2018, 2019))
    frame.loc[(frame["period"] == "2019") & (frame["age"] == "25"), ["value", "status"]] = [
        np.nan, ".."
    ]  # fmt: skip
    curve = synthetic_cohort(frame).set_index("age")
    assert (curve.loc[18:24, "share"] == 1).all()
    assert curve.loc[25:, "share"].isna().all()
    assert (curve.loc[25:, "status"] == "..").all()


def test_empty_cohort_has_no_ratio():
    frame = people(np.ones(40), years=(2018, 2019))
    frame.loc[frame["age"] == "20", "value"] = 0.0
    curve = synthetic_cohort(frame).set_index("age")
    assert curve.loc[20, "share"] == 0
    assert curve.loc[21, "status"] == "."
    assert np.isnan(curve.loc[21, "share"])


def test_years_with_sexes_and_years_with_totals_make_one_curve():
    sexes = pd.concat(
        [people(np.ones(40), years=(2024,), born=half).assign(sex=sex)
         for half, sex in ((480.0, "1"), (520.0, "2"))]
    )  # fmt: skip
    total = people(np.ones(40), years=(2025,), born=1010.0).assign(sex="total")
    curve = synthetic_cohort(pd.concat([sexes, total]), to_age=19).set_index("age")
    assert curve.loc[19, "share"] == pytest.approx(1.01)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"from_age": 30, "to_age": 20}, "are no span of ages"),
        ({"from_age": 5}, "from_age=5 is not among the ages"),
        ({"start": 2017}, "it has: 2018, 2019"),
        ({"start": 2019, "end": 2018}, "not two years of population in order"),
        ({"end": 2018}, "not two years of population in order"),
    ],
)
def test_unusable_options_are_refused(options, message):
    with pytest.raises(DataError, match=message):
        synthetic_cohort(people(np.ones(40), years=(2018, 2019)), **options)


def test_one_year_alone_is_refused():
    with pytest.raises(DataError, match=r"holds one year only \(2018\)"):
        synthetic_cohort(people(np.ones(40), years=(2018,)))


def test_no_ages_to_read_are_refused():
    curve = synthetic_cohort(people(np.ones(40), years=(2018, 2019)))
    with pytest.raises(DataError, match="ages is empty"):
        remaining_at(curve, ages=[])


def test_known_ages_need_cohorts():
    curve = synthetic_cohort(people(np.ones(40), years=(2018, 2019)))
    with pytest.raises(DataError, match="survivors lacks the column cohort"):
        known_ages(curve)
