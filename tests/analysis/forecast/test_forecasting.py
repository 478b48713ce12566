from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from scipy import stats

from regionstudy.analysis.forecast import forecast
from regionstudy.analysis.forecast.methods import METHODS, interval
from regionstudy.errors import DataError


def yearly(values, *, first: int = 2010, region: str = "2281") -> pd.DataFrame:
    values = np.asarray(values, dtype=float)
    return pd.DataFrame(
        {
            "region": region,
            "period": [str(first + step) for step in range(len(values))],
            "value": values,
            "status": np.where(np.isnan(values), "..", ""),
        }
    )


def many(rows, **options) -> pd.DataFrame:
    return pd.concat(
        [yearly(row, region=f"{n:04}", **options) for n, row in enumerate(rows)],
        ignore_index=True,
    )


def skill_of(found, method: str) -> pd.Series:
    return found.skill.set_index("method").loc[method]


def test_backtest_of_last_year_is_that_of_a_hand_calculation():
    # Fitted to 5 years at first: last values 1, 3, 2, 5, 4 against what came up to 2 years on.
    values = [0.0, 4.0, 2.0, 3.0, 1.0, 3.0, 2.0, 5.0, 4.0, 6.0]
    found = forecast(yearly(values), horizon=2, min_years=10)
    naive = skill_of(found, "naive")
    missed = [2, 1, 1, 2, 3, 2, 1, 1, 2]
    assert naive["trials"] == 9
    assert naive["error"] == pytest.approx(sum(missed) / 9)
    assert naive["relative"] == 1


def test_interval_of_last_year_is_students_around_it():
    values = np.array([[0.0, 4.0, 2.0, 3.0, 1.0]])
    value, half = interval("naive", values, 3, 0.8)
    spread = np.sqrt((16 + 4 + 1 + 4) / 4)
    assert value.tolist() == [[1.0, 1.0, 1.0]]
    np.testing.assert_allclose(half[0], stats.t.ppf(0.9, 4) * spread * np.sqrt([1, 2, 3]))


def test_drift_leads_on_from_first_to_last():
    value, half = interval("drift", np.array([[0.0, 4.0, 2.0, 3.0, 8.0]]), 2, 0.8)
    assert value.tolist() == [[10.0, 12.0]]
    spread = np.std([4, -2, 1, 5], ddof=1)
    steps = np.array([1, 2])
    np.testing.assert_allclose(
        half[0], stats.t.ppf(0.9, 3) * spread * np.sqrt(steps * (1 + steps / 4))
    )


def test_level_is_exponential_smoothing_with_the_smallest_squares():
    values = np.array([3.0, 7.0, 2.0, 6.0, 4.0, 5.0])

    def smoothed(alpha):
        level, squares = values[0], 0.0
        for value in values[1:]:
            squares += (value - level) ** 2
            level += alpha * (value - level)
        return squares, level

    best = min((round(tenth / 10, 1) for tenth in range(1, 11)), key=lambda a: smoothed(a)[0])
    squares, level = smoothed(best)
    value, half = interval("level", values[None, :], 2, 0.8)
    np.testing.assert_allclose(value[0], level)
    expected = stats.t.ppf(0.9, 4) * np.sqrt(squares / 4 * np.array([1, 1 + best**2]))
    np.testing.assert_allclose(half[0], expected)


def test_straight_line_is_drift_without_error():
    found = forecast(yearly(100 - 3.0 * np.arange(12)), horizon=3)
    assert found.figures["value"].tolist() == pytest.approx([64, 61, 58])
    assert found.figures["method"].unique().tolist() == ["drift"]
    assert found.figures["origin"].unique().tolist() == ["2021"]
    assert set(found.figures["status"]) == {"i"}
    assert skill_of(found, "drift")["relative"] == pytest.approx(0, abs=1e-12)
    assert skill_of(found, "drift")["covered"] == 1


def test_noise_around_a_level_is_smoothed():
    noise = np.random.default_rng(4).normal(size=(40, 24))
    found = forecast(many(noise + 50), horizon=3)
    assert (found.skill[found.skill["chosen"]]["method"] == "level").mean() > 0.7


def test_last_year_wins_where_years_are_a_random_walk():
    walks = np.random.default_rng(5).normal(size=(60, 20)).cumsum(axis=1)
    found = forecast(many(walks), horizon=3, least_gain=0.1)
    chosen = found.skill[found.skill["chosen"]]["method"]
    assert chosen.value_counts().index[0] == "naive"
    assert chosen.value_counts()["naive"] > 30


def test_intervals_hold_what_they_promise_on_random_walks():
    walks = np.random.default_rng(6).normal(size=(400, 15)).cumsum(axis=1)
    value, half = interval("naive", walks[:, :12], 3, 0.8)
    inside = (np.abs(walks[:, 12:] - value) <= half).mean()
    # 1,200 outcomes, three of a series dependent: within 3 standard errors of some 0.017.
    assert inside == pytest.approx(0.8, abs=0.05)


def test_constant_series_stays_and_has_no_relative_error():
    found = forecast(yearly([7.0] * 10), horizon=2)
    assert found.figures[["value", "low", "high"]].to_numpy().tolist() == [[7, 7, 7]] * 2
    assert skill_of(found, "naive")["chosen"]
    assert found.skill["relative"].isna().all()


def test_small_gain_does_not_unseat_last_year():
    values = np.random.default_rng(8).normal(size=16).cumsum()
    strict = forecast(yearly(values), least_gain=0.99)
    assert skill_of(strict, "naive")["chosen"]
    assert strict.figures["value"].tolist() == [values[-1]] * 3


def test_limits_are_not_passed():
    found = forecast(yearly(95 + 0.5 * np.arange(10) + [0, 1] * 5), least=0, most=100)
    assert found.figures["high"].max() == 100
    assert found.figures["value"].max() <= 100


def test_series_of_different_years_are_each_forecast_from_their_last():
    both = pd.concat(
        [yearly(np.arange(12.0), region="0114"), yearly(np.arange(11.0), region="2281")]
    )
    found = forecast(both, horizon=1).figures.set_index("region")
    assert found["origin"].to_dict() == {"0114": "2021", "2281": "2020"}
    assert found["value"].tolist() == pytest.approx([12, 11])


def test_missing_years_at_the_ends_do_no_harm():
    whole = forecast(yearly(np.arange(10.0), first=2011))
    ends = forecast(yearly([np.nan, *np.arange(10.0), np.nan]))
    assert_frame_equal(whole.figures, ends.figures)


def test_sundsvalls_population_is_forecast_with_an_error_that_was_seen(total_population):
    rows = total_population[
        (total_population["region"] == "2281") & (total_population["period"] <= "2024")
    ]
    found = forecast(rows, horizon=3)
    values = rows.sort_values("period")["value"].to_numpy()
    assert len(values) == 27
    missed = [
        abs(values[origin + step] - values[origin - 1])
        for origin in range(5, 27)
        for step in range(min(3, 27 - origin))
    ]
    assert skill_of(found, "naive")["error"] == pytest.approx(np.mean(missed))
    assert found.figures["period"].tolist() == ["2025", "2026", "2027"]
    assert (found.figures["low"] < found.figures["high"]).all()


def test_all_municipalities_net_migration_has_a_forecast_and_a_skill(net_rate):
    rows = net_rate[net_rate["region"].str.len() == 4][["region", "period", "value", "status"]]
    found = forecast(rows, horizon=2)
    count = rows["region"].nunique()
    assert len(found.figures) == 2 * count
    assert found.skill.groupby("region", observed=True)["chosen"].sum().eq(1).all()
    best = found.skill[found.skill["chosen"]]
    assert (best["relative"].fillna(1) <= 1).all()


@given(
    values=st.lists(st.integers(-100, 100), min_size=10, max_size=16),
    shift=st.integers(-1000, 1000),
    seed=st.integers(0, 9),
)
@settings(max_examples=40, deadline=None)
def test_zero_of_the_scale_and_order_of_rows_do_not_matter(values, shift, seed):
    frame = yearly(values)
    found = forecast(frame)
    moved = forecast(frame.assign(value=frame["value"] + shift).sample(frac=1, random_state=seed))
    for method in METHODS:
        np.testing.assert_allclose(
            skill_of(found, method)["error"], skill_of(moved, method)["error"], atol=1e-6
        )
    assert (found.figures["low"] <= found.figures["value"] + 1e-9).all()
    assert (found.figures["value"] <= found.figures["high"] + 1e-9).all()


@pytest.mark.parametrize(
    ("frame", "options", "message"),
    [
        (
            yearly([*np.arange(6.0), np.nan, *np.arange(8.0)]),
            {},
            "no figure in the year before 2017",
        ),
        (yearly(np.arange(15.0)).drop(index=7), {}, "region 2281 lacks the year before 2018"),
        (yearly(np.arange(15.0)), {"breaks": ["2020"]}, "has another definition from 2020"),
        (yearly(np.arange(9.0)), {}, "region 2281 has 9 years .*; a forecast needs 10: leave"),
        (yearly([np.nan] * 12), {}, "series has no figure at all"),
    ],
)
def test_series_with_gap_break_or_few_years_is_refused(frame, options, message):
    with pytest.raises(DataError, match=message):
        forecast(frame, **options)


def test_break_before_the_first_year_is_none():
    assert len(forecast(yearly(np.arange(12.0), first=2020), breaks=["2020"]).figures) == 3


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"horizon": 6}, "horizon=6 is no short forecast; give 1 to 5 years"),
        ({"coverage": 80}, "coverage=80 is no probability"),
        ({"min_years": 7}, "min_years=7 leaves no year to test on; give 8 or more"),
        ({"least_gain": 1}, "least_gain=1 is no share"),
    ],
)
def test_option_out_of_range_is_refused(options, message):
    with pytest.raises(DataError, match=message):
        forecast(yearly(np.arange(12.0)), **options)
