from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from regionstudy.analysis.clusters import (
    PORTFOLIO_GROUPS,
    SIGNALS,
    location_quotients,
    portfolio,
    shrinkage_alarm,
)
from regionstudy.errors import DataError

from .conftest import yearly

if TYPE_CHECKING:
    import pandas as pd

YEARS = {"start": "2020", "end": "2024"}


def two_years(before: list[float], after: list[float], **columns) -> pd.DataFrame:
    """A region beside a country of a million jobs that does not change."""
    industries = [f"{number}" for number in range(len(before))]
    country = [1e6 / len(before)] * len(before)
    table = {"2020": {"00": country, "1": before}, "2024": {"00": country, "1": after}}
    return yearly(table, industries=industries).assign(**columns)


def test_countys_portfolio_by_hand(by_workplace):
    found = portfolio(by_workplace, start="2020", end="2025", totals="published")
    row = found.set_index("industry").loc["J"]
    assert row["value"] == 3490
    assert row["lq"] == pytest.approx((3490 / 118089) / (245311 / 5273734))
    assert row["lq_start"] == pytest.approx((3566 / 115492) / (219414 / 5007649))
    assert row["lq_change"] == pytest.approx(row["lq"] - row["lq_start"])
    assert row["growth_percent"] == pytest.approx(100 * (3490 / 3566 - 1))
    assert row["reference_growth_percent"] == pytest.approx(100 * (245311 / 219414 - 1))
    assert (row["group"], row["firm"]) == ("weak_losing", True)


def test_each_group_and_whether_it_is_firm():
    # 1,000 jobs in four industries of equal size in the country: a quarter is LQ 1.
    found = portfolio(two_years([300, 330, 170, 200], [400, 300, 200, 100]), **YEARS)
    assert found["group"].tolist() == [
        "strong_gaining",
        "strong_losing",
        "weak_gaining",
        "weak_losing",
    ]
    # 330 to 300 and 170 to 200 could be chance; 300 to 400 and 200 to 100 hardly.
    assert found["firm"].tolist() == [True, False, False, True]
    assert set(found["group"].cat.categories) == set(PORTFOLIO_GROUPS)


def test_suppressed_industry_is_in_no_group():
    frame = two_years([30.0, 70.0], [20.0, 80.0], status="")
    frame.loc[(frame["period"] == "2024") & (frame["region"] == "1"), "status"] = ["..", ""]
    found = portfolio(frame, **YEARS)
    assert found["group"].tolist() == ["missing", "missing"]
    assert found["status"].tolist() == ["..", ".."]
    assert found["lq"].isna().all()
    assert not found["firm"].any()


def test_region_without_jobs_is_in_no_group_and_not_infinite():
    found = portfolio(two_years([0.0, 0.0], [20.0, 80.0]), **YEARS)
    assert found["status"].tolist() == [".", "."]
    assert found["growth_percent"].isna().all()


def test_countys_information_industry_shrinks_faster_than_the_countrys(by_workplace):
    # 3,566 to 3,490 while the country's 219,414 became 245,311: 0.979 over 1.118.
    found = shrinkage_alarm(by_workplace, start="2020", end="2025").set_index("industry")
    row = found.loc["J"]
    assert row["relative"] == pytest.approx((3490 / 3566) / (245311 / 219414))
    assert row["relative"] == pytest.approx(0.8754, abs=1e-4)
    assert row["signal"] == "alarm"
    # Finance grew here as in the country.
    assert found.loc["K", "signal"] == "none"


def test_interval_is_the_exact_one_of_two_counts():
    row = shrinkage_alarm(two_years([60.0, 940.0], [45.0, 955.0]), **YEARS).iloc[0]
    wanted = stats.binomtest(45, 105).proportion_ci(0.95, method="exact")
    assert row["low"] == pytest.approx(wanted.low / (1 - wanted.low), rel=1e-9)
    assert row["high"] == pytest.approx(wanted.high / (1 - wanted.high), rel=1e-9)
    assert row["relative"] == pytest.approx(0.75)


def test_few_jobs_lost_are_chance_and_many_are_not():
    few = shrinkage_alarm(two_years([8.0, 992.0], [5.0, 995.0]), **YEARS)
    many = shrinkage_alarm(two_years([800.0, 200.0], [500.0, 500.0]), **YEARS)
    assert few["signal"].tolist() == ["within_chance", "none"]
    assert many["signal"].tolist() == ["alarm", "none"]
    # The same loss is chance again where one asks for more certainty.
    middle = two_years([60.0, 940.0], [38.0, 962.0])
    assert shrinkage_alarm(middle, **YEARS, level=0.9)["signal"].iloc[0] == "alarm"
    assert shrinkage_alarm(middle, **YEARS, level=0.999)["signal"].iloc[0] == "within_chance"


def test_all_jobs_lost_is_an_alarm_and_none_there_is_not():
    gone = shrinkage_alarm(two_years([50.0, 950.0], [0.0, 950.0]), **YEARS).iloc[0]
    assert (gone["relative"], gone["low"], gone["signal"]) == (0.0, 0.0, "alarm")
    never = shrinkage_alarm(two_years([0.0, 950.0], [20.0, 950.0]), **YEARS).iloc[0]
    assert (never["signal"], never["status"]) == ("missing", ".")


def test_growth_below_the_countrys_is_no_shrinkage():
    table = {
        "2020": {"00": [1000.0, 9000.0], "1": [500.0, 500.0]},
        "2024": {"00": [2000.0, 9000.0], "1": [600.0, 500.0]},
    }
    found = shrinkage_alarm(yearly(table, industries=["J", "K"]), **YEARS).iloc[0]
    assert found["high"] < 1
    assert found["signal"] == "none"


def test_suppressed_count_leaves_the_signal_missing():
    frame = two_years([800.0, 200.0], [500.0, 500.0], status=["", "", "..", "", "", "", "", ""])
    found = shrinkage_alarm(frame, **YEARS)
    assert found["signal"].tolist() == ["missing", "none"]
    assert found["status"].tolist() == ["..", ""]
    assert found.loc[0, ["relative", "low", "high"]].isna().all()
    assert set(found["signal"].cat.categories) == set(SIGNALS)


@pytest.mark.parametrize("function", [portfolio, shrinkage_alarm])
def test_years_and_levels_that_are_none_are_refused(function):
    frame = two_years([30.0, 70.0], [20.0, 80.0])
    with pytest.raises(DataError, match=r"level=1 is not a share between 0 and 1"):
        function(frame, **YEARS, level=1)
    with pytest.raises(DataError, match="employed lacks the year 2023"):
        function(frame, start="2020", end="2023")
    with pytest.raises(DataError, match="Region 1 has rows in 2020 but none in 2024"):
        function(frame[(frame["region"] == "00") | (frame["period"] == "2020")], **YEARS)


@settings(deadline=None, max_examples=40)
@given(before=st.integers(1, 400), after=st.integers(0, 400))
def test_interval_holds_the_growth_and_the_alarm_keeps_to_it(before, after):
    frame = two_years([float(before), 500.0], [float(after), 500.0])
    row = shrinkage_alarm(frame, **YEARS).iloc[0]
    assert row["low"] <= row["relative"] * (1 + 1e-9)
    assert row["relative"] <= row["high"] * (1 + 1e-9)
    assert (row["signal"] == "alarm") == (row["high"] < 1 and after < before)


@settings(deadline=None, max_examples=40)
@given(
    counts=st.lists(st.integers(1, 999), min_size=4, max_size=4),
)
def test_portfolio_has_the_quotients_of_its_last_year(counts):
    frame = two_years([float(counts[0]), float(counts[1])], [float(counts[2]), float(counts[3])])
    wanted = location_quotients(frame[frame["period"] == "2024"])
    found = portfolio(frame, **YEARS)
    np.testing.assert_allclose(found["lq"], wanted["lq"], rtol=1e-12)
