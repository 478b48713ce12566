from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from regionstudy.analysis.education import beside, outcomes_after_school, rate_per
from regionstudy.errors import DataError


def shares(*values: float, status: str = "") -> pd.DataFrame:
    regions = ["2281", "2480"][: len(values)]
    return pd.DataFrame(
        {"region": regions, "period": "2024", "value": list(values), "status": status}
    )


def test_the_three_outcomes_add_up_to_a_hundred():
    found = outcomes_after_school(shares(74.5, 80.0), shares(46.0, 30.0))
    assert found["value"].tolist() == [46.0, 28.5, 25.5, 30.0, 50.0, 20.0]
    assert found["outcome"].tolist() == ["job", "studies", "neither"] * 2
    assert found.groupby("region")["value"].sum().tolist() == [100.0, 100.0]


def test_what_needs_a_missing_share_is_missing_and_the_rest_stands():
    found = outcomes_after_school(shares(74.5), shares(np.nan, status=".."))
    assert found["value"].isna().tolist() == [True, True, False]
    assert found["status"].tolist() == ["..", "..", ""]


def test_a_rounded_tie_gives_no_negative_share():
    found = outcomes_after_school(shares(46.0), shares(46.04))
    assert found["value"].tolist()[1] == 0


def test_frames_given_the_wrong_way_round_are_refused():
    with pytest.raises(DataError, match=r"2281 2024: 74\.5 per cent are established, more"):
        outcomes_after_school(shares(46.0), shares(74.5))


def test_shares_between_0_and_1_times_100_only():
    with pytest.raises(DataError, match="between 0 and 100"):
        outcomes_after_school(shares(174.5), shares(46.0))


def test_a_rate_divides_by_the_people_of_the_same_place_and_year():
    found = rate_per(shares(120.0, 30.0), shares(60_000.0, 90_000.0), per=10_000)
    assert found["value"].tolist() == pytest.approx([20.0, 10 / 3])


@pytest.mark.parametrize(
    ("people", "status"), [(np.nan, ".."), (0.0, ".")], ids=["not known", "nobody"]
)
def test_a_rate_of_nobody_known_is_missing_not_zero(people, status):
    given = "" if people == 0 else ".."
    found = rate_per(shares(120.0), shares(people, status=given))
    assert np.isnan(found["value"].item())
    assert found["status"].tolist() == [status]


def test_a_region_without_people_in_the_frame_has_no_rate():
    found = rate_per(shares(120.0, 30.0), shares(1000.0))
    assert found["value"].isna().tolist() == [False, True]
    assert found["status"].tolist() == ["", ".."]


def test_a_rate_beside_the_countrys_within_each_level():
    rows = [("00", "low", 50.0), ("00", "high", 70.0), ("22", "low", 54.0), ("22", "high", 69.0)]
    rates = pd.DataFrame(rows, columns=["region", "education", "value"])
    rates = rates.assign(period="2023", status="")
    found = beside(rates, reference="00", by=["education"])
    assert found["gap"].tolist() == [4.0, -1.0]
    assert found["region"].unique().tolist() == ["22"]


def test_a_level_that_the_reference_lacks_has_no_gap():
    rates = shares(50.0, 60.0)
    rates.loc[0, "period"] = "2023"
    found = beside(rates, reference="2480")
    assert np.isnan(found["gap"].item())
    assert found["status"].tolist() == [".."]


def test_an_absent_reference_is_named():
    with pytest.raises(DataError, match=r'no row of the reference "00"; among their regions: 2281'):
        beside(shares(50.0), reference="00")


@pytest.mark.parametrize("function", [outcomes_after_school, rate_per])
def test_repeated_rows_are_refused(function):
    twice = pd.concat([shares(50.0), shares(50.0)])
    with pytest.raises(DataError, match="repeated rows"):
        function(twice, shares(40.0))
