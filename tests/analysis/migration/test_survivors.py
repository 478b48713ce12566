from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from regionstudy.analysis.migration import cohort_curve, cohort_survivors, turning_points
from regionstudy.errors import DataError


@pytest.fixture(scope="module")
def followed(young_adults):
    return cohort_survivors(young_adults)


def diagonal(sizes: list[float], *, first: int = 2000) -> pd.DataFrame:
    """One cohort, a year older each year."""
    return pd.DataFrame(
        {
            "region": "2281",
            "period": [str(first + step) for step in range(len(sizes))],
            "age": [str(20 + step) for step in range(len(sizes))],
            "value": sizes,
            "status": ["" if size == size else ".." for size in sizes],
        }
    )


def test_sundsvalls_cohort_of_1988_is_read_off_the_diagonal(followed):
    # Year end 2008: 1295 aged 20; 2009: 1265 aged 21; 2010: 1243 aged 22; 2018: 1292 aged 30.
    cohort = followed[(followed["region"] == "2281") & (followed["cohort"] == 1988)]
    sizes = cohort.set_index("age")["population"]
    assert [sizes[age] for age in (20, 21, 22, 30)] == [1295, 1265, 1243, 1292]
    assert cohort.set_index("age").loc[30, "share"] == pytest.approx(1292 / 1295)
    assert cohort["period"].tolist() == [str(year) for year in range(2008, 2019)]


def test_cohorts_end_with_the_last_year(followed):
    youngest = followed[(followed["region"] == "2281") & (followed["cohort"] == 1999)]
    assert youngest["age"].tolist() == [20]
    assert (followed["period"].astype(int) - followed["age"] == followed["cohort"]).all()


def test_gap_in_a_cohort_is_missing_not_zero():
    survivors = cohort_survivors(diagonal([100, np.nan, 90]))
    first = survivors[survivors["cohort"] == 1980]
    assert first["status"].tolist() == ["", "..", ""]
    assert first["share"].isna().tolist() == [False, True, False]


def test_empty_cohort_has_no_share():
    survivors = cohort_survivors(diagonal([0, 5]))
    assert survivors.loc[survivors["cohort"] == 1980, "status"].tolist() == [".", "."]
    assert survivors["share"].isna().all()


def test_turn_is_the_lowest_age_before_the_last():
    found = turning_points(cohort_survivors(diagonal([100, 80, 70, 70, 90])))
    row = found[found["cohort"] == 1980].iloc[0]
    assert (row["turns_at"], row["lowest_share"], row["last_age"]) == (22, 0.7, 24)
    assert row["last_share"] == 0.9
    assert row["status"] == ""


def test_curve_that_still_falls_has_not_turned():
    row = turning_points(cohort_survivors(diagonal([100, 80, 70]))).iloc[0]
    assert np.isnan(row["turns_at"])
    assert (row["lowest_age"], row["status"]) == (22, ".")


def test_curve_that_falls_back_to_its_lowest_has_not_turned():
    row = turning_points(cohort_survivors(diagonal([100, 80, 90, 80]))).iloc[0]
    assert np.isnan(row["turns_at"])
    assert (row["lowest_age"], row["status"]) == (21, ".")


def test_cohort_with_a_gap_has_no_turn():
    row = turning_points(cohort_survivors(diagonal([100, np.nan, 70, 80]))).iloc[0]
    assert row["status"] == ".."
    assert row[["turns_at", "lowest_age", "lowest_share", "last_share"]].isna().all()


def test_curve_sums_sizes_before_taking_the_share():
    cohorts = pd.concat(
        [diagonal([100, 50], first=2000), diagonal([300, 330], first=2001)], ignore_index=True
    )
    curve = cohort_curve(cohort_survivors(cohorts)).set_index("age")
    assert curve["population"].to_dict() == {20: 400, 21: 380}
    assert curve.loc[21, "share"] == 380 / 400
    assert curve["cohorts"].tolist() == [2, 2]


def test_curve_holds_only_cohorts_followed_to_the_end(followed):
    curve = cohort_curve(followed)
    # Aged 20 in 1998-2009, and thus 30 in 2008-2019.
    assert curve.loc[curve["region"] == "2281", "cohorts"].eq(12).all()
    later = cohort_curve(followed, first=1988)
    assert later.loc[later["region"] == "2281", "cohorts"].eq(2).all()


def test_curve_of_a_region_formed_later_is_missing(followed):
    curve = cohort_curve(followed).set_index("region")
    assert (curve.loc["0330", "status"] == "..").all()
    assert curve.loc["0330", ["population", "share"]].isna().all(axis=None)


def test_what_the_share_is_not_travels_with_it(followed):
    assert "not_the_same_people" in followed.attrs["notes"]
    assert "not_the_same_people" in turning_points(cohort_curve(followed)).attrs["notes"]


def test_starting_age_must_be_there():
    with pytest.raises(DataError, match=r"from_age=18 is not among the ages of population .20-21"):
        cohort_survivors(diagonal([1, 2]), from_age=18)


def test_cohorts_are_followed_to_the_age_asked_for():
    survivors = cohort_survivors(diagonal([100, 80, 70, 90]), to_age=22)
    assert survivors.loc[survivors["cohort"] == 1980, "age"].tolist() == [20, 21, 22]
    with pytest.raises(DataError, match="to_age=20 is not above from_age=20"):
        cohort_survivors(diagonal([1, 2]), to_age=20)


def test_cohorts_must_reach_the_end():
    with pytest.raises(DataError, match="No cohort born from 1990 on is followed to the age of 22"):
        cohort_curve(cohort_survivors(diagonal([1, 2, 3])), first=1990)
