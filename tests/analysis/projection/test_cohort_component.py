from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regionstudy.analysis.projection import project, with_goal
from regionstudy.errors import DataError

from .conftest import AGES, by_age, fertility, people

NOBODY = fertility(0.0)
# Drawn by seed: hypothesis takes far longer to draw 122 numbers one by one.
seeds = st.integers(0, 2**32 - 1)
counts = seeds.map(lambda seed: np.random.default_rng(seed).integers(0, 500, (2, 61)).astype(float))
risks = seeds.map(lambda seed: np.random.default_rng(seed).uniform(0, 0.3, (2, 61)))


def at(found, period: str) -> np.ndarray:
    rows = found.population[found.population["period"] == period]
    return rows["value"].to_numpy().reshape(-1, 2, 61)


def test_everyone_grows_a_year_older_and_the_open_group_collects():
    start = np.arange(122.0).reshape(2, 61)
    found = project(people(start), NOBODY, by_age(0.0), by_age(0.0), years=1)
    (after,) = at(found, "2025")
    assert after[:, 0].tolist() == [0, 0]
    np.testing.assert_array_equal(after[:, 1:60], start[:, :59])
    np.testing.assert_array_equal(after[:, 60], start[:, 59] + start[:, 60])


def test_hand_worked_year():
    # 10 women of 29 become 30: a tenth dies, 3 come, so the year has (10 + 12) / 2 of them.
    # At 0.5 children each 5.5 are born, 106 boys to 100 girls, of whom 2 percent die.
    start = np.zeros((2, 61))
    start[1, 29] = 10
    dying, moving = np.zeros((2, 61)), np.zeros((2, 61))
    dying[1, 30], dying[:, 0], moving[1, 30] = 0.1, 0.02, 3
    mothers = pd.DataFrame({"age": ["30"], "value": [0.5]})
    found = project(people(start), mothers, by_age(dying), by_age(moving), years=1)
    (after,) = at(found, "2025")
    assert after[1, 30] == pytest.approx(12)
    assert after[:, 0].tolist() == pytest.approx([5.5 * 0.98 * 106 / 206, 5.5 * 0.98 * 100 / 206])
    row = found.components.iloc[0]
    assert row["births"] == pytest.approx(5.5)
    assert row["deaths"] == pytest.approx(1 + 5.5 * 0.02)
    assert row["net_migration"] == 3


@given(start=counts, dying=risks, moving=counts, rate=st.floats(0, 0.2))
@settings(max_examples=25, deadline=None)
def test_population_is_conserved(start, dying, moving, rate):
    found = project(people(start), fertility(rate), by_age(dying), by_age(moving), years=3)
    parts = found.components
    balance = parts["births"] - parts["deaths"] + parts["net_migration"]
    np.testing.assert_allclose(parts["population_start"] + balance, parts["population_end"])
    totals = found.population.groupby("period")["value"].sum().to_numpy()
    np.testing.assert_allclose(parts["population_start"], totals[:-1])
    np.testing.assert_allclose(parts["population_end"], totals[1:])


@given(start=counts, dying=risks)
@settings(max_examples=25, deadline=None)
def test_closed_population_without_births_never_grows(start, dying):
    found = project(people(start), NOBODY, by_age(dying), by_age(0.0), years=4)
    totals = found.population.groupby("period")["value"].sum()
    assert (totals.diff().dropna() <= 1e-9).all()


@given(start=counts, one=counts, other=counts, share=st.floats(0, 1), rate=st.floats(0, 0.2))
@settings(max_examples=15, deadline=None)
def test_projection_is_linear_in_migration(start, one, other, share, rate):
    def ends(moving):
        return at(project(people(start), fertility(rate), by_age(0.01), moving, years=3), "2027")

    mixed = by_age(share * one + (1 - share) * other)
    expected = share * ends(by_age(one)) + (1 - share) * ends(by_age(other))
    np.testing.assert_allclose(ends(mixed), expected, atol=1e-6)


def test_two_projections_of_one_year_are_one_of_two():
    start, rates = people(50.0), (fertility(0.05), by_age(0.01), by_age(1.0))
    whole = project(start, *rates, years=2)
    first = project(start, *rates, years=1).population
    middle = first[first["period"] == "2025"]
    again = project(middle, *rates, years=1)
    np.testing.assert_allclose(at(whole, "2026"), at(again, "2026"))


def test_regions_and_years_have_their_own_rates():
    both = pd.concat([people(100.0), people(100.0, region="2284")])
    moving = pd.concat(
        [
            by_age(value).assign(region=region, period=period)
            for region, period, value in [
                ("2281", "2025", 1.0),
                ("2281", "2026", 2.0),
                ("2284", "2025", 0.0),
                ("2284", "2026", -1.0),
            ]
        ]
    )
    found = project(both, fertility(0.1), by_age(0.0), moving, years=2).components
    assert found["net_migration"].tolist() == [122, 244, 0, -122]
    assert found["region"].tolist() == ["2281", "2281", "2284", "2284"]


def test_open_group_may_be_written_without_its_sign():
    plain = by_age(0.0).replace({"age": {"60+": "60"}})
    found = project(people(10.0), NOBODY, plain, by_age(0.0), years=1)
    assert found.components["population_end"].tolist() == [1220]


def test_first_year_is_observed_and_the_rest_projected():
    found = project(
        people(10.0), NOBODY, by_age(0.0), by_age(0.0), years=1, scenario="no moves"
    ).population
    assert found.groupby("period")["status"].first().tolist() == ["", "i"]
    assert set(found["scenario"]) == {"no moves"}
    assert found["age"].unique().tolist() == AGES


def test_meeting_a_goal_at_25_to_34_adds_those_people_and_their_children():
    start, moving = people(100.0), by_age(-1.0)
    goal = with_goal(moving, net=80.0)
    rates = (fertility(0.05), by_age(0.0))
    plain = project(start, *rates, moving, years=1)
    met = project(start, *rates, goal, years=1, scenario="goal met")
    more = (at(met, "2025") - at(plain, "2025"))[0]
    # From -20 to 80: 100 more over ten ages and two sexes.
    np.testing.assert_allclose(more[:, 25:35], 5)
    # Ten ages of 5 more women at the year's end are 25 through the year, at 0.05 each.
    assert more[:, 0].sum() == pytest.approx(25 * 0.05)
    assert met.components["net_migration"].iloc[0] == pytest.approx(-122 + 100)


def test_goal_is_met_in_every_year_and_region_and_elsewhere_all_stays():
    moving = pd.concat(
        [
            by_age(np.random.default_rng(n).normal(size=(2, 61))).assign(region=region, period=year)
            for n, (region, year) in enumerate(
                [("2281", "2025"), ("2281", "2026"), ("2284", "2025"), ("2284", "2026")]
            )
        ],
        ignore_index=True,
    )
    before = moving.copy()
    found = with_goal(moving, net={"2281": 200.0}, low=25, high=34)
    ages = found["age"].isin([str(age) for age in range(25, 35)])
    sums = found[ages].groupby(["region", "period"])["value"].sum()
    assert sums["2281"].tolist() == pytest.approx([200, 200])
    unchanged = ~(ages & (found["region"] == "2281"))
    pd.testing.assert_frame_equal(found[unchanged], before[unchanged])
    pd.testing.assert_frame_equal(moving, before)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"net": 5.0, "low": 34, "high": 25}, "low=34 is above high=25"),
        ({"net": 5.0, "low": 55, "high": 62}, "migration lacks the age 60, 61, 62; the goal is"),
        ({"net": {"2281": 5.0}}, "migration lacks the column region"),
    ],
)
def test_goal_that_cannot_be_set_is_refused(options, message):
    with pytest.raises(DataError, match=message):
        with_goal(by_age(0.0), **options)


def test_goal_is_set_in_joined_frames_too():
    joined = pd.concat([by_age(0.0).assign(region=region) for region in ("2281", "2284")])
    found = with_goal(joined, net=40.0)
    assert found.groupby("region")["value"].sum().tolist() == pytest.approx([40, 40])


def test_goal_names_what_is_lacking():
    with pytest.raises(DataError, match="net names region 0114, which migration lacks"):
        with_goal(by_age(0.0).assign(region="2281"), net={"0114": 5.0})
    gap = by_age(0.0)
    gap.loc[gap["age"] == "30", "value"] = np.nan
    with pytest.raises(DataError, match="migration is missing at the age 30, sex 1; a goal"):
        with_goal(gap, net=5.0)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"years": 0}, "years=0 is no number of years"),
        ({"boys_per_100_girls": 0}, "boys_per_100_girls=0 must be above 0"),
        ({"mortality": by_age(2.0)}, "mortality holds 2; a risk of dying is at most 1"),
        ({"mortality": by_age(-0.1)}, "mortality is negative for sex 1, age 0"),
        ({"mortality": by_age(0.1).iloc[1:]}, "mortality is missing for sex 1, age 0"),
        ({"mortality": by_age(0.1)[["age", "value"]]}, "mortality lacks the column sex"),
        ({"migration": by_age(np.nan)}, r"migration is missing for sex 1, age 0 \(122 such"),
        ({"migration": by_age(-200.0)}, r"takes more persons from region 2281 \(sex 1, age 0\)"),
        ({"fertility": fertility(0.1, low=58, high=62)}, "fertility has the age 61, which popu"),
        ({"fertility": fertility(-0.1)}, "fertility is negative for age 20"),
    ],
)
def test_rate_that_is_lacking_or_impossible_is_refused(changed, message):
    arguments = {
        "population": people(100.0),
        "fertility": NOBODY,
        "mortality": by_age(0.0),
        "migration": by_age(0.0),
        "years": 1,
        **changed,
    }
    with pytest.raises(DataError, match=message):
        project(**arguments)


@pytest.mark.parametrize(
    ("population", "message"),
    [
        (pd.concat([people(1.0), people(1.0, period="2023")]), "has the years 2023, 2024; choose"),
        (people(1.0).replace({"age": {"5": "5-9"}}), 'has the age "5-9"; a projection needs'),
        (people(1.0).replace({"age": {"5": "5\\+"}}, regex=False), "single years"),
        (people(1.0).replace({"age": {"59": "59+"}}), 'open age "59\\+" and 60 too'),
        (people(1.0).drop(index=7), "population is missing for region 2281, sex 1, age 7"),
        (people(1.0).assign(status=".."), "population is missing for region 2281, sex 1, age 0"),
        (people(1.0).query("age == '0'"), "population has the age 0 alone"),
    ],
)
def test_population_with_a_gap_cannot_be_carried_on(population, message):
    with pytest.raises(DataError, match=message):
        project(population, NOBODY, by_age(0.0), by_age(0.0), years=1)


def test_totals_beside_the_parts_are_left_out():
    whole = people(1.0)
    totals = whole.groupby("age", as_index=False)["value"].sum()
    totals = totals.assign(region="2281", period="2024", sex="total")
    found = project(pd.concat([whole, totals]), NOBODY, by_age(0.0), by_age(0.0), years=1)
    assert found.components["population_start"].tolist() == [122]


def test_sundsvall_2019_without_moves_ages_as_counted(shared):
    # Real: 99,449 persons at the end of 2019 (MANIFEST). Everyone of 20 is 21 a year on.
    frame = pd.read_csv(shared / "figures" / "population_age_sex_2019.csv.gz", dtype=str)
    frame = frame[frame["region"] == "2281"].assign(
        value=lambda rows: rows["value"].astype(float), status=""
    )
    ages = frame["age"].unique()
    none = pd.DataFrame(
        {"sex": np.repeat(["1", "2"], len(ages)), "age": np.tile(ages, 2), "value": 0.0}
    )
    found = project(frame, NOBODY, none, none, years=1)
    assert found.components["population_end"].tolist() == [99449]
    women = found.population.query("period == '2020' and sex == '2' and age == '21'")
    assert women["value"].tolist() == [484]
