"""On the study's own figures: one cohort method, and gross flows as their publisher checks them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pandas.testing import assert_series_equal

from regionstudy import Study
from regionstudy.analysis.migration import (
    age_schedule,
    cohort_net_migration,
    cohort_rates,
    gross_rates,
)

if TYPE_CHECKING:
    import pandas as pd


@pytest.fixture(scope="module")
def study(repository):
    return Study.load(repository)


def rates_of(frame: pd.DataFrame, column: str) -> pd.Series:
    return frame.set_index(["region", "period"])[column].rename("rate").sort_index()


def test_young_adults_rate_is_that_of_the_catalogue(study):
    population = study.observations("population_by_age")
    population = population[population["region"].str.len() == 4]
    own = rates_of(cohort_rates(cohort_net_migration(population)), "rate_per_1000_year")
    theirs = rates_of(study.indicators("young_adult_net_rate"), "value")
    assert_series_equal(own.dropna(), theirs.dropna(), check_dtype=False)


def test_estimate_at_20_to_34_is_that_of_the_catalogue(study):
    population = study.observations("population_by_age_undated")
    halves = [population[population["period"] == year] for year in ("2018", "2022")]
    schedule = age_schedule(*halves, bands={"20-34": (20, 34)})
    own = rates_of(schedule[schedule["region"] != "00"], "rate_per_1000_year")
    theirs = rates_of(study.indicators("net_migration_rate_20_34"), "value")
    assert_series_equal(own, theirs, check_dtype=False)


def test_gross_flows_of_the_county_in_1996_are_those_of_the_manifest(study):
    old = study.observations("migration_older", regions=["22"])
    people = study.observations("population_by_age", regions=["22"])
    found = gross_rates(old, people).set_index(["period", "kind", "flow"])
    persons = found["persons"]
    assert persons["1996", "all", "in"] == 5074
    assert persons["1996", "all", "out"] == 5883
    assert persons["1996", "all", "net"] == -809
    net = found.loc["1996", "value"]
    assert net["all", "net"] == pytest.approx(net["domestic", "net"] + net["abroad", "net"])
