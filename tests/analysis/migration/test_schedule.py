from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from regionstudy.analysis.migration import age_schedule
from regionstudy.errors import DataError

COUNTY_22 = ["2260", "2262", "2280", "2281", "2282", "2283", "2284"]


@pytest.fixture(scope="module")
def halves(all_ages):
    return all_ages[all_ages["period"] == "2018"], all_ages[all_ages["period"] == "2022"]


def small(period: str, values: dict[tuple[str, str], float]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"region": region, "period": period, "age": age, "value": value, "status": ""}
            for (region, age), value in values.items()
        ]
    )


def test_sundsvalls_18_year_olds_of_2018_are_22_in_2022(halves):
    # Read by eye: 535 + 473 aged 18 in 2018; 567 + 462 aged 22 in 2022.
    schedule = age_schedule(*halves)
    row = schedule[(schedule["region"] == "2281") & (schedule["age"] == "22")].iloc[0]
    assert (row["net"], row["mean_population"], row["years"]) == (21.0, 1018.5, 4)
    assert row["rate_per_1000_year"] == pytest.approx(1000 * 21 / 1018.5 / 4)


def test_all_single_ages_are_there_and_the_open_one_is_not(halves):
    schedule = age_schedule(*halves)
    assert schedule.loc[schedule["region"] == "2281", "age"].tolist() == [
        str(age) for age in range(4, 100)
    ]


def test_country_is_the_sum_of_its_municipalities(halves, all_ages):
    schedule = age_schedule(*halves, bands={"25-29": (25, 29)})
    ages = {
        year: all_ages[(all_ages["period"] == year) & all_ages["age"].isin(map(str, range(a, b)))][
            "value"
        ].sum()
        for year, a, b in (("2018", 21, 26), ("2022", 25, 30))
    }
    country = schedule[schedule["region"] == "00"].iloc[0]
    assert country["net"] == ages["2022"] - ages["2018"]
    assert country["deviation"] == 0
    assert (schedule["country_rate"] == country["rate_per_1000_year"]).all()


def test_group_is_summed_before_the_rate_is_taken(halves):
    bands = {"22-24": (22, 24)}
    schedule = age_schedule(*halves, groups={"22": COUNTY_22}, bands=bands).set_index("region")
    parts = schedule.loc[COUNTY_22]
    county = schedule.loc["22"]
    assert county["net"] == parts["net"].sum()
    assert county["rate_per_1000_year"] == pytest.approx(
        1000 * parts["net"].sum() / parts["mean_population"].sum() / 4
    )
    assert county["deviation"] == county["rate_per_1000_year"] - county["country_rate"]


def test_published_country_comes_before_a_sum():
    start = small("2018", {("00", "20"): 1000, ("2281", "20"): 100})
    end = small("2022", {("00", "24"): 1200, ("2281", "24"): 80})
    schedule = age_schedule(start, end).set_index("region")
    assert schedule.loc["00", "net"] == 200
    assert schedule.loc["2281", "country_rate"] == pytest.approx(1000 * 200 / 1100 / 4)


def test_missing_municipality_leaves_the_country_missing():
    start = small("2018", {("2260", "20"): 10, ("2281", "20"): 100})
    end = small("2022", {("2260", "24"): 10, ("2281", "24"): np.nan})
    schedule = age_schedule(start, end).set_index("region")
    assert schedule["status"].to_dict() == {"00": "..", "2260": "", "2281": ".."}
    assert schedule["deviation"].isna().all()


@pytest.mark.parametrize(
    ("start", "end", "message"),
    [
        ("2022", "2018", "population_start is of 2022 and population_end of 2018; swap them"),
        ("both", "2022", "population_start must hold one year; it holds: 2018, 2022"),
        ("none", "2022", "population_start must hold one year; it holds: none"),
    ],
)
def test_years_must_be_one_each_and_ascend(start, end, message):
    frames = {
        "2018": small("2018", {("2281", "20"): 1}),
        "2022": small("2022", {("2281", "24"): 1}),
    }
    frames["both"] = pd.concat([frames["2018"], frames["2022"]])
    frames["none"] = frames["2018"].iloc[:0]
    with pytest.raises(DataError, match=message):
        age_schedule(frames[start], frames[end])


def test_levels_are_not_summed_together():
    start = small("2018", {("22", "20"): 1, ("2281", "20"): 1})
    end = small("2022", {("22", "24"): 1, ("2281", "24"): 1})
    with pytest.raises(DataError, match='lacks the country "00" and holds regions of several'):
        age_schedule(start, end)
