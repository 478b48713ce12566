"""
From fetched frames to schedules: gross rates by age, the model, and the deviation.

Every figure here is GENERATED, in the form of SCB's tables: years of age and two sexes to
2024; years of age, groups and totals side by side from 2025 (CKM).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from regionstudy.analysis.migration import (
    cohort_survivors,
    fit_rogers_castro,
    gross_rates,
    model_rates,
    remaining_at,
    schedule_deviation,
)

AGES = np.arange(101)
LABELS = [*map(str, AGES[:100]), "100+"]
GROUPS = [(f"{low}-{low + 4}", low // 5 == AGES // 5) for low in range(0, 100, 5)]
OUT = {
    "a1": 0.02, "alpha1": 0.1, "a2": 0.14, "alpha2": 0.11, "mu2": 19.5, "lambda2": 0.5, "c": 0.004
}  # fmt: skip
IN = {**OUT, "mu2": 24.0, "a2": 0.09}
# Moves to and from the whole country, from which the region is told apart.
TYPICAL = {**OUT, "mu2": 21.5, "a2": 0.11}
RESIDENTS = 40_000.0


def published(counts: np.ndarray, *, region: str, period: str, indicator: str) -> pd.DataFrame:
    """Publish counts of each age as the tables do; `counts` are of both sexes."""
    cells = {label: counts[age] for age, label in enumerate(LABELS)}
    if period >= "2025":
        cells |= {group: counts[inside].sum() for group, inside in GROUPS}
        cells["total"] = counts.sum()
        sexes = {"1": 0.5, "2": 0.5, "total": 1.0}
    else:
        sexes = {"1": 0.5, "2": 0.5}
    rows = [(age, sex, part * value) for age, value in cells.items() for sex, part in sexes.items()]
    frame = pd.DataFrame(rows, columns=["age", "sex", "value"])
    return frame.assign(region=region, period=period, indicator=indicator, status="")


@pytest.fixture(scope="module")
def population() -> pd.DataFrame:
    people = np.full(101, RESIDENTS)
    return pd.concat(
        [
            published(people, region=region, period=period, indicator="population")
            for region in ("00", "2281")
            for period in ("2023", "2024", "2025")
        ],
        ignore_index=True,
    )


@pytest.fixture(scope="module")
def moves() -> pd.DataFrame:
    ages = AGES.astype(float)
    flows = {"migration_in_domestic": (IN, TYPICAL), "migration_out_domestic": (OUT, TYPICAL)}
    return pd.concat(
        [
            published(
                RESIDENTS * model_rates(ages, schedule),
                region=region,
                period=period,
                indicator=indicator,
            )
            for indicator, schedules in flows.items()
            for region, schedule in zip(("2281", "00"), schedules, strict=True)
            for period in ("2024", "2025")
        ],
        ignore_index=True,
    )


@pytest.fixture(scope="module")
def by_age(moves, population) -> pd.DataFrame:
    return gross_rates(moves, population, by=["age"])


@pytest.mark.parametrize("period", ["2024", "2025"])
@pytest.mark.parametrize(("flow", "schedule"), [("in", IN), ("out", OUT)])
def test_schedule_behind_the_counts_is_recovered(by_age, period, flow, schedule):
    rows = by_age[(by_age["region"] == "2281") & (by_age["flow"] == flow)]
    rows = rows[(rows["period"] == period) & rows["age"].str.isdecimal()]
    model = fit_rogers_castro(rows)
    assert model.parameters["mu2"] == pytest.approx(schedule["mu2"], rel=1e-3)
    assert model.r_squared > 0.9999


def test_region_loses_at_20_to_24_what_it_gains_later(by_age):
    rows = by_age[(by_age["period"] == "2024") & by_age["age"].str.isdecimal()]
    apart = {
        flow: schedule_deviation(
            rows[(rows["region"] == "2281") & (rows["flow"] == flow)],
            rows[(rows["region"] == "00") & (rows["flow"] == flow)],
        ).set_index("age")["deviation"]
        for flow in ("in", "out")
    }
    expected = 1000 * (
        model_rates(np.arange(20.0, 35), IN) - model_rates(np.arange(20.0, 35), TYPICAL)
    )
    np.testing.assert_allclose(apart["in"].drop("all"), expected)
    assert apart["in"]["all"] == pytest.approx(expected.sum())
    assert apart["out"]["20"] > 0 > apart["in"]["20"]


def test_band_is_the_same_from_years_of_age_and_from_groups(moves, population):
    found = gross_rates(moves, population, by=["age"], bands={"20-34": (20, 34)})
    arrived = found[(found["region"] == "2281") & (found["flow"] == "in")].set_index("period")
    assert arrived.loc["2024", "value"] == pytest.approx(arrived.loc["2025", "value"])
    # Fifteen years of age and two sexes; three groups of both.
    assert arrived["cells"].to_dict() == {"2024": 30, "2025": 3}


def test_cohorts_are_followed_across_the_change_of_tables(population):
    followed = cohort_survivors(population, from_age=18, to_age=40)
    read = remaining_at(followed, ages=[19, 20, 25]).set_index(["region", "age"])
    assert read.loc[("2281", 20), "cohort"] == 2005
    assert read.loc[("2281", 20), "share"] == pytest.approx(1.0)
    assert read.loc[("2281", 25), "status"] == ".."


def test_one_sex_alone_leaves_the_year_missing(population):
    lone = (
        (population["period"] == "2024") & (population["sex"] == "2") & (population["age"] == "19")
    )
    followed = cohort_survivors(population[~lone], from_age=18, to_age=20)
    cell = followed[(followed["age"] == 19) & (followed["period"] == "2024")]
    assert (cell["status"] == "..").all()
    assert cell["population"].isna().all()
