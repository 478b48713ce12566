from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from regionstudy.analysis.projection import cohort_change_ratios, project_by_ratios
from regionstudy.errors import DataError

from .conftest import people


def test_ratio_compares_a_cohort_with_itself():
    first, second = people(100.0, period="2018"), people(100.0, period="2022")
    second.loc[(second["sex"] == "2") & (second["age"] == "30"), "value"] = 87.0
    found = cohort_change_ratios(first, second, open_age=55).set_index(["sex", "age"])
    assert found.loc[("2", "30"), "ratio"] == 0.87
    # The open group, 55 and over: 6 ages of 100 after four years, 10 before (51 to 60+).
    assert found.loc[("1", "55+"), "ratio"] == pytest.approx(600 / 1000)
    # Children of 0-3 are counted against 35 ages of women, 100 each but one of 87.
    assert found.loc[("1", "3"), "ratio"] == pytest.approx(100 / 3487)
    assert found["kind"].value_counts()["children per woman"] == 8
    assert set(found["years"]) == {4}


def test_ratios_give_the_second_count_back_for_every_municipality(all_ages):
    counts = {year: all_ages[all_ages["period"] == year] for year in ("2018", "2022")}
    ratios = cohort_change_ratios(counts["2018"], counts["2022"], open_age=85)
    # Where nobody was there to change there is nothing to project, and it says so.
    held = set(ratios.loc[ratios["ratio"].isna(), "region"])
    known = ratios[~ratios["region"].isin(held)]
    first = counts["2018"][~counts["2018"]["region"].isin(held)]
    assert first["region"].nunique() > 280
    found = project_by_ratios(first, known)
    after = found[found["period"] == "2022"].groupby("region")["value"].sum()
    real = counts["2022"].groupby("region")["value"].sum()[after.index]
    np.testing.assert_allclose(after, real, rtol=1e-12)


def test_sundsvalls_cohort_of_20_to_24_is_what_was_counted(all_ages):
    rows = all_ages[all_ages["region"] == "2281"]
    first, second = (rows[rows["period"] == year] for year in ("2018", "2022"))
    ratios = cohort_change_ratios(first, second).set_index(["sex", "age"])
    before = first.set_index(["sex", "age"])["value"]
    after = second.set_index(["sex", "age"])["value"]
    assert ratios.loc[("2", "24"), "ratio"] == after[("2", "24")] / before[("2", "20")]
    again = project_by_ratios(second, ratios.reset_index(), steps=2)
    assert again["period"].unique().tolist() == ["2022", "2026", "2030"]
    held = again.set_index(["period", "sex", "age"])["value"]
    assert held[("2026", "2", "24")] == pytest.approx(
        after[("2", "20")] * ratios.loc[("2", "24"), "ratio"]
    )


def test_nobody_to_change_is_no_ratio():
    first, second = people(100.0, period="2018"), people(100.0, period="2019")
    first.loc[(first["sex"] == "1") & (first["age"] == "40"), "value"] = 0.0
    found = cohort_change_ratios(first, second, open_age=55).set_index(["sex", "age"])
    assert np.isnan(found.loc[("1", "41"), "ratio"])
    assert found.loc[("1", "41"), "status"] == "."
    # Nobody of 40 again: then nobody of 41 follows. Somebody: then it cannot be said.
    empty = project_by_ratios(first, found.reset_index())
    held = empty.set_index(["period", "sex", "age"])["value"]
    assert held[("2019", "1", "41")] == 0
    with pytest.raises(DataError, match=r"ratios has none for region 2281 \(sex 1, age 41\)"):
        project_by_ratios(second, found.reset_index())


def test_result_says_that_the_ratios_are_no_survival_rates():
    found = cohort_change_ratios(people(1.0, period="2018"), people(1.0), open_age=55)
    assert "no survival rates" in found.attrs["notes"][0]


@pytest.mark.parametrize(
    ("first", "second", "options", "message"),
    [
        (people(1.0), people(1.0), {}, "population_t1 is of 2024, population_t0 of 2024"),
        (people(1.0, period="1960"), people(1.0), {}, "later, by fewer than 55 years"),
        (people(1.0, period="2018"), people(1.0), {"open_age": 40}, "open_age=40 hides who is"),
        (people(1.0, period="2018"), people(1.0), {"open_age": 70}, "open_age=70 is not among"),
        (
            people(1.0, period="2018"),
            people(1.0, region="2284"),
            {},
            "region 2281 is in one count only",
        ),
        (people(1.0, period="2018").drop(index=3), people(1.0), {}, "population_t0 is missing for"),
    ],
)
def test_counts_that_do_not_fit_are_refused(first, second, options, message):
    with pytest.raises(DataError, match=message):
        cohort_change_ratios(first, second, **{"open_age": 55, **options})


def test_ratios_must_be_whole():
    first, second = people(100.0, period="2018"), people(100.0, period="2019")
    ratios = cohort_change_ratios(first, second, open_age=55)
    with pytest.raises(DataError, match="steps=0 is no number of steps"):
        project_by_ratios(second, ratios, steps=0)
    with pytest.raises(DataError, match="ratios is missing for region 2281, sex 1, age 0"):
        project_by_ratios(second, ratios.iloc[1:])
    mixed = pd.concat([ratios, ratios.assign(years=4)])
    with pytest.raises(DataError, match="ratios has 2 spans of years and 1 open ages"):
        project_by_ratios(second, mixed)
