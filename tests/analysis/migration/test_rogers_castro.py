"""The model schedule: generated parameters are recovered, and odd rates refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from regionstudy.analysis.migration import fit_rogers_castro, model_rates, schedule_deviation
from regionstudy.errors import ConfigError, DataError

# Rogers & Castro (1981), RR-81-30: their fundamental parameters, as the R package migest has them.
STANDARD = {
    "a1": 0.02, "alpha1": 0.1, "a2": 0.06, "alpha2": 0.1, "mu2": 20.0, "lambda2": 0.4, "c": 0.003
}  # fmt: skip
# The example of 11 parameters in the R packages rcbayes and DemoTools.
RETIRING = {
    "a1": 0.09, "alpha1": 0.1, "a2": 0.2, "alpha2": 0.1, "mu2": 21.0, "lambda2": 0.39,
    "a3": 0.001, "alpha3": 1.0, "mu3": 67.0, "lambda3": 0.6, "c": 0.01,
}  # fmt: skip
AGES = np.arange(91)


def rates(parameters, *, per=1000.0, ages=AGES) -> pd.DataFrame:
    return pd.DataFrame(
        {"age": ages.astype(str), "value": per * model_rates(ages.astype(float), parameters)}
    )


def test_fundamental_parameters_are_recovered():
    model = fit_rogers_castro(rates(STANDARD))
    assert model.converged
    assert model.at_bounds == ()
    assert model.r_squared == pytest.approx(1.0)
    for name, value in STANDARD.items():
        assert model.parameters[name] == pytest.approx(value, rel=1e-3)


def test_sum_of_the_fundamental_schedule_is_what_its_integral_says():
    # Each component's integral, in closed form: the double exponential's is (a2 / λ2)·Γ(α2 / λ2).
    span = len(AGES)
    expected = (
        STANDARD["a1"] / STANDARD["alpha1"] * -np.expm1(-STANDARD["alpha1"] * span)
        + STANDARD["a2"] / STANDARD["lambda2"] * special.gamma(0.25)
        + STANDARD["c"] * span
    )
    model = fit_rogers_castro(rates(STANDARD))
    assert model.gross_migraproduction_rate == pytest.approx(expected, rel=0.02)


def test_peak_is_where_calculus_puts_it():
    # Without children and constant, the hump is highest at μ2 + ln(λ2 / α2) / λ2 = 23.47.
    bare = STANDARD | {"a1": 0.0, "c": 0.0}
    assert fit_rogers_castro(rates(bare)).peak_age == pytest.approx(23.5)


@given(
    a1=st.floats(0.01, 0.1), alpha1=st.floats(0.05, 0.2), a2=st.floats(0.04, 0.3),
    alpha2=st.floats(0.06, 0.2), mu2=st.floats(17.0, 25.0), lambda2=st.floats(0.25, 0.8),
    c=st.floats(0.001, 0.02),
)  # fmt: skip
@settings(max_examples=8, deadline=None)
def test_generated_schedules_are_recovered(**parameters):
    model = fit_rogers_castro(rates(parameters))
    np.testing.assert_allclose(model.curve["fitted"], model.curve["rate"], rtol=1e-3)
    for name in ("mu2", "lambda2", "alpha2"):
        assert model.parameters[name] == pytest.approx(parameters[name], rel=0.02)


def test_retirement_is_found_with_eleven_parameters():
    clear = RETIRING | {"a3": 0.03, "alpha3": 0.4}
    model = fit_rogers_castro(rates(clear), parameters=11)
    assert model.converged
    np.testing.assert_allclose(model.curve["fitted"], model.curve["rate"], rtol=1e-3)
    assert model.parameters["mu3"] == pytest.approx(67, abs=0.5)
    seven = fit_rogers_castro(rates(clear))
    assert model.r_squared > seven.r_squared


def test_noisy_rates_keep_their_peak():
    draw = np.random.default_rng(3)
    noisy = rates(RETIRING)
    noisy["value"] *= draw.lognormal(0, 0.08, len(noisy))
    model = fit_rogers_castro(noisy)
    assert model.peak_age == pytest.approx(fit_rogers_castro(rates(RETIRING)).peak_age, abs=1.5)
    assert 0.9 < model.r_squared < 1


def test_unit_scales_the_curve_and_not_the_parameters():
    thousands, persons = (fit_rogers_castro(rates(STANDARD, per=per), per=per) for per in (1000, 1))
    np.testing.assert_allclose(thousands.parameters, persons.parameters, rtol=1e-4)
    np.testing.assert_allclose(thousands.curve["fitted"], 1000 * persons.curve["fitted"], rtol=1e-6)
    assert thousands.gross_migraproduction_rate == pytest.approx(persons.gross_migraproduction_rate)


def test_age_without_a_rate_is_left_out_and_not_taken_for_zero():
    holed = rates(STANDARD).assign(status="")
    holed.loc[25, ["value", "status"]] = [0.0, ".."]
    holed.loc[40, "value"] = np.nan
    model = fit_rogers_castro(holed)
    assert not model.curve["age"].isin([25, 40]).any()
    assert model.parameters["mu2"] == pytest.approx(20, rel=1e-3)


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (rates(STANDARD).assign(value=-1.0), "never negative"),
        (rates(STANDARD).assign(value=4.0), "no profile to fit"),
        (rates(STANDARD).assign(age=[f"{a}-{a + 4}" for a in AGES]), "no single year"),
        (rates(STANDARD, ages=AGES[16:26]), r"has 10 ages with a rate \(16-25\)"),
        (rates(STANDARD, ages=AGES[50:]), "those of 15-40 years"),
        (rates(STANDARD).assign(value=np.nan), r"has 0 ages with a rate \(none\)"),
        (pd.concat([rates(STANDARD)] * 2), "repeated rows"),
        (rates(STANDARD).drop(columns="value"), "lacks the column value"),
    ],
)
def test_unusable_rates_are_refused(frame, message):
    with pytest.raises(DataError, match=message):
        fit_rogers_castro(frame)


@pytest.mark.parametrize(
    ("options", "message"),
    [({"parameters": 9}, "a schedule has 7 or 11"), ({"per": 0}, "number above 0")],
)
def test_unusable_options_are_refused(options, message):
    with pytest.raises(ConfigError, match=message):
        fit_rogers_castro(rates(STANDARD), **options)


def test_unknown_parameters_are_refused():
    with pytest.raises(ConfigError, match="got a1, mu2"):
        model_rates(AGES, {"a1": 0.1, "mu2": 20})


def test_deviation_sums_the_ages_before_it_compares():
    home = pd.DataFrame({"age": ["19", "20", "21"], "value": [500.0, 60.0, 30.0], "region": "2281"})
    country = pd.DataFrame({"age": ["19", "20", "21"], "value": [1.0, 40.0, 40.0]})
    found = schedule_deviation(home, country, low=20, high=21).set_index("age")
    assert found["deviation"].to_dict() == {"20": 20.0, "21": -10.0, "all": 10.0}
    assert found.loc["all", "index"] == pytest.approx(112.5)


def test_deviation_is_missing_where_either_rate_is():
    home = pd.DataFrame({"age": ["20", "21"], "value": [60.0, np.nan], "status": ["", ".."]})
    country = pd.DataFrame({"age": ["20", "21"], "value": [0.0, 40.0]})
    found = schedule_deviation(home, country).set_index("age")
    assert found["status"].to_dict() == {"20": "", "21": "..", "all": ".."}
    assert found["index"].isna().all()
    assert np.isnan(found.loc["all", "deviation"])


@pytest.mark.parametrize(
    ("ages", "message"),
    [(["20", "22"], "The ages 21, 22 stand in one"), (["50", "51"], "reference has no ages among")],
)
def test_deviation_of_other_ages_is_refused(ages, message):
    home = pd.DataFrame({"age": ["20", "21"], "value": [60.0, 30.0]})
    with pytest.raises(DataError, match=message):
        schedule_deviation(home, home.assign(age=ages))
