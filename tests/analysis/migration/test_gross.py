"""Gross rates by kind, age and sex, on frames as `regionstudy fetch` brings them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from regionstudy.analysis.migration import count_interval, gross_rates, read_moves
from regionstudy.errors import DataError

IN, OUT = "migration_in_domestic", "migration_out_domestic"


def rows(indicator, period, values, *, region="2281", status="", **breakdowns) -> pd.DataFrame:
    frame = pd.DataFrame({"value": values, "status": status, **breakdowns})
    return frame.assign(region=region, indicator=indicator, period=period)


def people(values: dict[str, float], **breakdowns) -> pd.DataFrame:
    frame = pd.DataFrame({"period": list(values), "value": list(values.values()), "status": ""})
    return frame.assign(region="2281", **breakdowns)


def one(frame: pd.DataFrame, **where) -> pd.Series:
    for column, value in where.items():
        frame = frame[frame[column] == value]
    assert len(frame) == 1
    return frame.iloc[0]


@pytest.fixture
def by_age() -> pd.DataFrame:
    """Years of age and both sexes in 2024; published groups and totals in 2025 (CKM)."""
    return pd.concat(
        [
            rows(IN, "2024", [10.0, 20, 30, 40], age=["20", "20", "21", "21"], sex=["1", "2"] * 2),
            rows(OUT, "2024", [5.0, 6, 7, 8], age=["20", "20", "21", "21"], sex=["1", "2"] * 2),
            rows(IN, "2025", [51.0, 52, 104], age="20-21", sex=["1", "2", "total"]),
            rows(IN, "2025", [25.0, 24, 50], age="20", sex=["1", "2", "total"]),
            rows(OUT, "2025", [20.0, 21, 42], age="20-21", sex=["1", "2", "total"]),
        ],
        ignore_index=True,
    )


@pytest.fixture
def residents() -> pd.DataFrame:
    single = [
        people({"2023": 1000.0, "2024": 1100.0}, age=age, sex=sex)
        for age in ("20", "21")
        for sex in ("1", "2")
    ]
    group = people({"2025": 4500.0}, age="20-21", sex="total")
    halves = [people({"2025": 2250.0}, age="20-21", sex=sex) for sex in ("1", "2")]
    return pd.concat([*single, group, *halves], ignore_index=True)


def test_rate_is_per_thousand_of_the_mean_population(by_age, residents):
    found = gross_rates(by_age, residents, bands={"20-21": (20, 21)}, by=["age"])
    # (10 + 20 + 30 + 40) of 4 * (1000 + 1100) / 2.
    arrived = one(found, period="2024", flow="in")
    assert arrived["persons"] == 100
    assert arrived["mean_population"] == 4200
    assert arrived["value"] == pytest.approx(1000 * 100 / 4200)
    assert one(found, period="2024", flow="net")["value"] == pytest.approx(1000 * 74 / 4200)


def test_from_2025_the_published_group_and_total_are_taken_not_their_parts(by_age, residents):
    found = gross_rates(by_age, residents, bands={"20-21": (20, 21)}, by=["age"])
    arrived = one(found, period="2025", flow="in")
    assert arrived["persons"] == 104
    assert arrived["cells"] == 1
    assert one(found, period="2024", flow="in")["cells"] == 4
    assert arrived["mean_population"] == (4400 + 4500) / 2


def test_sexes_are_kept_apart(by_age, residents):
    found = gross_rates(by_age, residents, bands={"20-21": (20, 21)}, by=["age", "sex"])
    women = one(found, period="2024", flow="in", sex="2")
    assert women["persons"] == 60
    assert women["mean_population"] == 2100


def test_one_sex_alone_is_no_total():
    moves = rows(IN, "2024", [10.0], age="20", sex="1")
    with pytest.raises(DataError, match="moves has no row left by age"):
        gross_rates(moves, people({"2023": 9.0, "2024": 9.0}, age="20"), by=["age"])


def test_suppressed_age_leaves_the_band_missing(by_age, residents):
    hidden = by_age.assign(
        status=np.where((by_age["period"] == "2024") & (by_age["age"] == "21"), "..", "")
    )
    found = gross_rates(hidden, residents, bands={"20-21": (20, 21)}, by=["age"])
    arrived = one(found, period="2024", flow="in")
    assert np.isnan(arrived[["persons", "value", "low", "high"]].to_numpy(dtype=float)).all()
    assert arrived["status"] == ".."


def test_domestic_and_foreign_are_told_apart_and_add_up_to_all():
    moves = pd.concat(
        [rows(name, "2024", [value]) for name, value in zip(
            (IN, OUT, "immigration", "emigration"), (300.0, 250.0, 90.0, 30.0), strict=True
        )]
    )  # fmt: skip
    found = gross_rates(moves, people({"2023": 10_000.0, "2024": 10_000.0}))
    net = found[found["flow"] == "net"].set_index("kind")["value"]
    assert net.to_dict() == pytest.approx({"abroad": 6.0, "all": 11.0, "domestic": 5.0})


def test_components_tell_moves_within_the_county_apart():
    texts = {
        "inflyttningar från kommuner inom länet": 40.0,
        "inflyttningar från övriga län": 60.0,
        "invandringar": 15.0,
        "utflyttningar till kommuner inom länet": 30.0,
        "utflyttningar till övriga län": 90.0,
        "utvandringar": 5.0,
        "födda": 12.0,
        "justeringspost": -1.0,
    }
    moves = rows("population_change_components", "2024", [*texts.values()], component=[*texts])
    found = gross_rates(moves, people({"2023": 1000.0, "2024": 1000.0}))
    net = found[found["flow"] == "net"].set_index("kind")["persons"]
    assert net.to_dict() == {
        "own_county": 10, "other_counties": -30, "domestic": -20, "abroad": 10, "all": -10
    }  # fmt: skip


def test_older_tables_tell_flows_apart_in_a_column_and_their_nets_are_left_out():
    texts = {
        "domestic_inmigration": 80.0,
        "immigration": 20.0,
        "inmigration": 100.0,
        "domestic_outmigration": 90.0,
        "emigration": 5.0,
        "net_migration": 5.0,
    }
    moves = rows("migration_older", "1990", [*texts.values()], flow=[*texts])
    found = gross_rates(moves, people({"1989": 1000.0, "1990": 1000.0}))
    net = found[found["flow"] == "net"].set_index("kind")["persons"]
    assert net.to_dict() == {"domestic": -10, "abroad": 15, "all": 5}


def test_domestic_is_what_all_leaves_when_abroad_is_taken_off():
    moves = rows("migration_flows", "2019", [7246.0, 1754.0], flow=["inmigration", "immigration"])
    derived = one(read_moves(moves), kind="domestic")
    assert derived["value"] == 7246 - 1754
    assert derived["cells"] == 2


def test_difference_below_zero_is_noise_and_no_count():
    moves = rows("migration_flows", "2025", [3.0, 4.0], flow=["inmigration", "immigration"])
    assert not read_moves(moves)["kind"].eq("domestic").any()


def test_published_total_is_kept_where_its_noisy_parts_do_not_add_up():
    texts = {
        "inflyttningar från kommuner inom länet": 40.0,
        "inflyttningar från övriga län": 60.0,
        "invandringar": 15.0,
        "samtliga inflyttningar": 117.0,
    }
    moves = rows("population_change_components", "2025", [*texts.values()], component=[*texts])
    assert one(read_moves(moves), kind="all")["value"] == 117
    assert one(read_moves(moves), kind="domestic")["value"] == 100


@given(arrived=st.integers(0, 5000), left=st.integers(0, 5000))
@settings(max_examples=15, deadline=None)
def test_intervals_hold_the_rate_and_those_of_counts_are_garwoods(arrived, left):
    moves = pd.concat([rows(IN, "2024", [float(arrived)]), rows(OUT, "2024", [float(left)])])
    found = gross_rates(moves, people({"2023": 1000.0, "2024": 1000.0}))
    assert (found["low"] <= found["value"]).all()
    assert (found["value"] <= found["high"]).all()
    # The other way to write the exact interval, by quantiles of chi-square.
    high = stats.chi2.ppf(0.975, 2 * arrived + 2) / 2
    low = stats.chi2.ppf(0.025, 2 * arrived) / 2 if arrived else 0.0
    interval = one(found, flow="in")[["low", "high"]].to_numpy(dtype=float)
    np.testing.assert_allclose(interval, [low, high], rtol=1e-9)


def test_interval_of_a_missing_count_is_missing():
    low, high = count_interval(np.array([np.nan]))
    assert np.isnan(low[0])
    assert np.isnan(high[0])


def test_intervals_cover_the_true_net_about_as_often_as_they_say():
    draw = np.random.default_rng(5)
    arrived, left = draw.poisson(8.0, 4000), draw.poisson(5.0, 4000)
    codes = [f"{number:04d}" for number in range(4000)]
    moves = pd.concat(
        [rows(IN, "2024", arrived * 1.0, region=codes), rows(OUT, "2024", left * 1.0, region=codes)]
    )
    homes = pd.concat([people({"2023": 1000.0, "2024": 1000.0})] * 4000, ignore_index=True)
    found = gross_rates(moves, homes.assign(region=np.repeat(codes, 2)))
    net = found[found["flow"] == "net"]
    covered = ((net["low"] <= 3.0) & (net["high"] >= 3.0)).mean()
    assert 0.94 <= covered <= 0.99


def test_nobody_lives_there():
    found = gross_rates(rows(IN, "2024", [0.0]), people({"2023": 0.0, "2024": 0.0}))
    assert found["status"].tolist() == ["."]
    assert found["value"].isna().all()


def test_flow_that_was_not_given_has_no_row_and_no_net():
    found = gross_rates(rows(IN, "2024", [3.0]), people({"2023": 100.0, "2024": 100.0}))
    assert found["flow"].tolist() == ["in"]


@pytest.mark.parametrize(
    ("moves", "message"),
    [
        (rows("net_migration_rate", "2024", [1.0]), "net_migration_rate, which is no gross flow"),
        (rows("migration_in_domestik", "2024", [1.0]), 'Did you mean "migration_in_domestic"'),
        (rows(IN, "2024", [-4.0]), "a gross flow is never negative"),
        (rows(IN, "2024K1", [4.0]), "not a year"),
        (rows(IN, "2024", [4.0, 4.0]), "repeated rows"),
        (
            rows("population_change_components", "2024", [1.0], component="födda"),
            "no component that counts moves",
        ),
        (rows("migration_older", "1990", [1.0], flow="net_migration"), "no flow that counts moves"),
        (
            pd.concat([rows(IN, "2024", [1.0]), rows("population_change_components", "2024", [1])]),
            "which may count the same people",
        ),
        (rows(IN, "2024", [1.0]).drop(columns="status"), "moves lacks the column status"),
    ],
)
def test_unusable_moves_are_refused(moves, message):
    with pytest.raises(DataError, match=message):
        read_moves(moves)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"by": ["education"]}, "moves can be kept apart by age and sex"),
        ({"bands": {"all": (0, 100)}}, 'by lacks "age"'),
        ({"level": 95}, "not a share between 0 and 1"),
    ],
)
def test_unusable_options_are_refused(options, message):
    moves, homes = rows(IN, "2024", [1.0]), people({"2023": 100.0, "2024": 100.0})
    with pytest.raises(DataError, match=message):
        gross_rates(moves, homes, **options)
