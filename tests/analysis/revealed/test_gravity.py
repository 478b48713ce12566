"""The gravity model: generated truth is recovered, and an independent solution agrees."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regionstudy.analysis.revealed import gravity
from regionstudy.errors import ConfigError, DataError

from .conftest import ELASTICITY, POPULATION_ELASTICITY


def dummies(frame: pd.DataFrame) -> np.ndarray:
    """Log distance and a column a region at each end, less one: full rank."""
    ends = [pd.get_dummies(frame[end], dtype=float) for end in ("origin", "destination")]
    return np.column_stack(
        [np.log(frame["distance"]), ends[0].to_numpy(), ends[1].iloc[:, 1:].to_numpy()]
    )


def newton_poisson(frame: pd.DataFrame) -> tuple[float, pd.Series]:
    """Maximise the Poisson likelihood by Newton's method: (elasticity, destination effects)."""
    x, y = dummies(frame), frame["value"].to_numpy()
    mu = (y + y.mean()) / 2
    for _ in range(60):
        work = np.log(mu) + (y - mu) / mu
        weighted = x * mu[:, np.newaxis]
        slopes = np.linalg.solve(x.T @ weighted, weighted.T @ work)
        mu = np.exp(x @ slopes)
    levels = sorted(frame["destination"].unique())
    effect = pd.Series([0.0, *slopes[-(len(levels) - 1) :]], index=levels)
    return float(slopes[0]), effect - effect.mean()


@pytest.fixture(scope="module")
def drawn(make_flows):
    return make_flows(1)


@pytest.fixture(scope="module")
def fitted(drawn):
    return gravity(drawn.flows, distance=drawn.distance, population=drawn.population)


def test_true_destination_effects_are_recovered(drawn, fitted):
    found = fitted.destinations["effect"]
    assert np.corrcoef(found, drawn.effect)[0, 1] > 0.99
    # Of some 60,000 moves the smallest destinations get 100 or so: an error of 1/sqrt(100) each.
    assert np.abs(found - drawn.effect).max() < 0.3
    assert np.abs(found - drawn.effect).median() < 0.05
    assert found.mean() == pytest.approx(0, abs=1e-12)


def test_true_elasticity_lies_in_the_interval_as_often_as_it_says(make_flows):
    hits = 0
    for seed in range(20):
        one = make_flows(seed, regions=20, moves=15_000)
        term = gravity(one.flows, distance=one.distance).elasticities.loc["distance"]
        hits += term["low"] < ELASTICITY < term["high"]
    # Fewer than 13 of 20 at 90 % has a probability below 0.001.
    assert hits >= 13


def test_an_independent_newton_solution_agrees(drawn, fitted):
    slope, effect = newton_poisson(drawn.flows.merge(drawn.distance, validate="one_to_one"))
    assert fitted.elasticities.loc["distance", "estimate"] == pytest.approx(slope, abs=1e-6)
    assert np.abs(fitted.destinations["effect"] - effect).max() < 1e-6


def test_fitted_flows_add_up_to_the_true_ones_at_both_ends(fitted):
    # First-order conditions of the Poisson likelihood with effects at both ends (Fally 2015).
    for end in ("origin", "destination"):
        sums = fitted.pairs.groupby(end)[["value", "fitted"]].sum()
        assert np.abs(sums["fitted"] / sums["value"] - 1).max() < 1e-6


def test_constant_and_effects_give_the_fitted_flows(fitted):
    pairs = fitted.pairs
    expected = np.exp(
        fitted.constant
        + pairs["origin"].map(fitted.origins["effect"])
        + pairs["destination"].map(fitted.destinations["effect"])
        + fitted.elasticities.loc["distance", "estimate"] * np.log(pairs["distance"])
    )
    assert np.abs(pairs["fitted"] / expected - 1).max() < 1e-6


def test_leaving_zero_flows_out_biases_the_logarithm_but_not_the_poisson(make_flows):
    logs, poissons = [], []
    for seed in range(5):
        one = make_flows(seed, regions=30, moves=3_000)
        frame = one.flows.merge(one.distance, validate="one_to_one")
        above = frame[frame["value"] > 0]
        assert len(above) < 0.75 * len(frame)
        logs.append(np.linalg.lstsq(dummies(above), np.log(above["value"]), rcond=None)[0][0])
        model = gravity(one.flows, distance=one.distance)
        assert model.zero_pairs == len(model.pairs) - (model.pairs["value"] > 0).sum() > 0
        poissons.append(model.elasticities.loc["distance", "estimate"])
    # The far pairs that are left are those with a chance surplus: distance seems to matter less.
    assert np.mean(logs) > ELASTICITY + 0.2
    assert np.mean(poissons) == pytest.approx(ELASTICITY, abs=0.05)


def test_pull_is_the_effect_beyond_population(drawn, fitted):
    pull = fitted.destinations["pull"]
    size = np.log(drawn.population)
    slope, level = np.polyfit(size, fitted.destinations["effect"], 1)
    assert np.abs(pull - (fitted.destinations["effect"] - level - slope * size)).max() < 1e-9
    assert np.corrcoef(pull, size)[0, 1] == pytest.approx(0, abs=1e-9)
    # 99 %: one draw of flows would miss its interval of 90 % one time in ten.
    model = gravity(
        drawn.flows, distance=drawn.distance, population=drawn.population, coverage=0.99
    )
    term = model.elasticities.loc["population"]
    assert term["low"] < POPULATION_ELASTICITY < term["high"]
    # What of the true pull happens to go with size in this draw is given to size.
    beyond = drawn.pull - np.polyval(np.polyfit(size, drawn.pull, 1), size)
    assert np.corrcoef(pull, beyond)[0, 1] > 0.98


def test_without_population_there_is_an_effect_but_no_pull(drawn):
    model = gravity(drawn.flows, distance=drawn.distance)
    assert model.destinations["pull"].isna().all()
    assert model.destinations["effect"].notna().all()
    assert model.elasticities.index.tolist() == ["distance"]


def test_a_pair_without_a_row_is_a_flow_of_zero(drawn, fitted):
    above = drawn.flows[drawn.flows["value"] > 0]
    model = gravity(above, distance=drawn.distance, population=drawn.population)
    pd.testing.assert_frame_equal(model.destinations, fitted.destinations)
    assert model.zero_pairs == fitted.zero_pairs > 0


def test_a_suppressed_flow_is_left_out_and_counted_not_zero(drawn):
    hidden = drawn.flows["value"].between(1, 3)
    marked = drawn.flows.assign(status=np.where(hidden, "..", ""))
    empty = drawn.flows.assign(value=drawn.flows["value"].where(~hidden))
    model = gravity(marked, distance=drawn.distance)
    assert model.unknown_pairs == hidden.sum()
    assert len(model.pairs) == len(drawn.flows) - hidden.sum()
    pd.testing.assert_frame_equal(
        gravity(empty, distance=drawn.distance).destinations, model.destinations
    )


def test_regions_without_flows_are_named_and_left_out(drawn):
    flows = drawn.flows.copy()
    flows.loc[flows["destination"] == "2003", "value"] = 0.0
    flows.loc[flows["origin"] == "2004", "value"] = 0.0
    # All that comes to 2005 comes from 2004, whence nobody moves.
    flows.loc[(flows["destination"] == "2005") & (flows["origin"] != "2004"), "value"] = 0.0
    model = gravity(flows, distance=drawn.distance, population=drawn.population)
    silent = model.destinations.loc[["2003", "2005"]]
    assert silent["status"].tolist() == [".", "."]
    assert silent["reason"].tolist() == ["nobody moved here"] * 2
    assert silent[["effect", "pull", "inmigration"]].isna().all(axis=None)
    assert model.origins.loc["2004", "reason"] == "nobody moved from here"
    assert model.origins.loc["2004", "status"] == "."
    rest = model.destinations.drop(index=["2003", "2005"])
    assert (rest["status"] == "").all()
    assert rest["effect"].notna().all()


def test_a_region_whose_every_flow_is_missing_is_named(drawn):
    lost = drawn.flows["destination"] == "2003"
    flows = drawn.flows.assign(value=drawn.flows["value"].where(~lost))
    model = gravity(flows, distance=drawn.distance)
    assert model.destinations.loc["2003", "reason"] == "every flow is missing"
    assert model.destinations.loc["2003", "status"] == "."


def test_a_destination_without_population_has_an_effect_and_says_why_no_pull(drawn):
    model = gravity(drawn.flows, distance=drawn.distance, population=drawn.population.drop("2007"))
    row = model.destinations.loc["2007"]
    assert np.isfinite(row["effect"])
    assert np.isnan(row["pull"])
    assert row["reason"] == "no population"


def test_those_who_stay_are_left_out(drawn, fitted):
    stay = pd.DataFrame({"origin": ["2001"], "destination": ["2001"], "value": [1e6]})
    flows = pd.concat([drawn.flows, stay], ignore_index=True)
    model = gravity(flows, distance=drawn.distance, population=drawn.population)
    pd.testing.assert_frame_equal(model.destinations, fitted.destinations)


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 1000), length=st.floats(0.01, 1000), times=st.floats(0.5, 20))
def test_units_and_order_of_rows_change_no_effect(make_flows, seed, length, times):
    one = make_flows(seed, regions=10, moves=5_000)
    model = gravity(one.flows, distance=one.distance)
    flows = one.flows.assign(value=one.flows["value"] * times)
    other = gravity(
        flows.sample(frac=1, random_state=seed),
        distance=one.distance.assign(distance=one.distance["distance"] * length),
    )
    slope = model.elasticities.loc["distance", "estimate"]
    assert other.elasticities.loc["distance", "estimate"] == pytest.approx(slope, abs=1e-6)
    assert np.abs(other.destinations["effect"] - model.destinations["effect"]).max() < 1e-6
    moved = model.constant + np.log(times) - slope * np.log(length)
    assert other.constant == pytest.approx(moved, abs=1e-5)


def test_clustered_standard_error_exceeds_the_poisson_one_where_regions_vary(make_flows):
    one = make_flows(5)
    rng = np.random.default_rng(5)
    noise = pd.Series(rng.gamma(2, 0.5, len(one.flows)))
    noisy = one.flows.assign(value=(one.flows["value"] * noise).round())
    plain = gravity(one.flows, distance=one.distance).elasticities.loc["distance"]
    found = gravity(noisy, distance=one.distance, coverage=0.99).elasticities.loc["distance"]
    assert found["standard_error"] > 2 * plain["standard_error"]
    assert found["low"] < ELASTICITY < found["high"]


def test_standard_error_exists_where_clustering_both_ways_has_no_variance(make_flows):
    import warnings

    import pyfixest

    one = make_flows(180, regions=10, moves=5_000)
    frame = one.flows.merge(one.distance, validate="one_to_one")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fit = pyfixest.fepois(
            "value ~ log(distance) | origin + destination",
            frame,
            vcov={"CRV1": "origin+destination"},
        )
        assert np.isnan(fit.se().iloc[0])
        one_way = [fit.vcov({"CRV1": end}).se().iloc[0] for end in ("origin", "destination")]
    term = gravity(one.flows, distance=one.distance).elasticities.loc["distance"]
    assert term["standard_error"] == pytest.approx(max(one_way), rel=1e-4)


def test_input_is_not_changed(drawn):
    before = drawn.flows.copy(), drawn.distance.copy()
    gravity(drawn.flows, distance=drawn.distance)
    pd.testing.assert_frame_equal(drawn.flows, before[0])
    pd.testing.assert_frame_equal(drawn.distance, before[1])


def ring() -> pd.DataFrame:
    """Eight regions in a ring: neighbours 10 km apart, all others 100."""
    steps = [(o, d, min(abs(o - d), 8 - abs(o - d))) for o in range(8) for d in range(8) if o != d]
    return pd.DataFrame(
        [(f"r{o}", f"r{d}", 10.0 if step == 1 else 100.0) for o, d, step in steps],
        columns=["origin", "destination", "distance"],
    )


def test_separated_flows_are_refused():
    # All move to neighbours and none further: the elasticity would be minus infinity.
    distance = ring()
    flows = distance.assign(value=np.where(distance["distance"] == 10, 5.0, 0.0))
    with pytest.raises(DataError, match=r"some flows of 0 are separated: .*Add years up"):
        gravity(flows.drop(columns="distance"), distance=distance)


def test_a_separated_pair_among_others_is_refused(make_flows):
    # 2001 is known to get people from 2000 alone, and 2000 sends nobody elsewhere.
    one = make_flows(2, regions=8)
    flows = one.flows.assign(status="")
    flows.loc[(flows["destination"] == "2001") & (flows["origin"] != "2000"), "status"] = ".."
    flows.loc[(flows["origin"] == "2000") & (flows["destination"] != "2001"), "value"] = 0.0
    flows.loc[(flows["origin"] == "2000") & (flows["destination"] == "2001"), "value"] = 9.0
    with pytest.raises(DataError, match="some flows of 0 are separated"):
        gravity(flows, distance=one.distance)


def test_equal_distances_are_refused(make_flows):
    one = make_flows(2, regions=8)
    with pytest.raises(DataError, match="distance: it follows from the regions at the two ends"):
        gravity(one.flows, distance=one.distance.assign(distance=7.0))


def test_a_fit_without_convergence_is_refused(make_flows, monkeypatch):
    one = make_flows(2, regions=8)
    monkeypatch.setattr("regionstudy.analysis.revealed.poisson._MOST_STEPS", 2)
    with pytest.raises(DataError, match="the gravity model did not converge"):
        gravity(one.flows, distance=one.distance)


def test_pyfixest_gives_the_same_estimates_effects_and_errors(drawn, fitted):
    import warnings

    import pyfixest

    frame = drawn.flows.merge(drawn.distance, validate="one_to_one")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fit = pyfixest.fepois(
            "value ~ log(distance) | origin + destination",
            frame,
            vcov={"CRV1": "origin"},
            iwls_tol=1e-12,
            demeaner=pyfixest.LsmrDemeaner(fixef_atol=1e-10, fixef_btol=1e-10),
        )
        clusters = ("origin", "destination", "origin+destination")
        # vcov changes the fit that it is called on: each is read before the next.
        found = [
            (way.se().iloc[0], way.confint(alpha=0.1).iloc[0].tolist())
            for one in clusters
            for way in [fit.vcov({"CRV1": one})]
        ]
        effects = pd.DataFrame(
            {"effect": fitted.destinations["effect"], "size": np.log(drawn.population)}
        )
        second = pyfixest.feols("effect ~ size", effects, vcov="HC1")
    term = fitted.elasticities.loc["distance"]
    assert term["estimate"] == pytest.approx(fit.coef().iloc[0], rel=1e-6)
    error, ends = max(found)
    assert term["standard_error"] == pytest.approx(error, rel=1e-6)
    assert term[["low", "high"]].tolist() == pytest.approx(ends, rel=1e-6)
    assert np.abs(fitted.pairs["fitted"] / fit.predict(type="response") - 1).max() < 1e-6
    size = fitted.elasticities.loc["population"]
    assert size["estimate"] == pytest.approx(second.coef()["size"], rel=1e-9)
    assert size["standard_error"] == pytest.approx(second.se()["size"], rel=1e-9)
    expected = second.confint(alpha=0.1).loc["size"].tolist()
    assert size[["low", "high"]].tolist() == pytest.approx(expected, rel=1e-9)


def test_zeros_between_parts_that_flows_do_not_link_separate_only_one_way(make_flows):
    # Two halves; within each all is known. Between them flows are 0 one way, unknown the other.
    one = make_flows(4, regions=12)
    half = {code: int(code) < 2006 for code in one.population.index}
    origin, destination = (one.flows[end].map(half) for end in ("origin", "destination"))
    flows = one.flows.assign(status="", value=one.flows["value"] + 1)
    flows.loc[origin & ~destination, "value"] = 0.0
    flows.loc[~origin & destination, "status"] = ".."
    with pytest.raises(DataError, match="some flows of 0 are separated"):
        gravity(flows, distance=one.distance)
    # With one flow each way the halves are linked, and the zeros are only small.
    flows.loc[(flows["origin"] == "2000") & (flows["destination"] == "2008"), "value"] = 3.0
    assert np.isfinite(gravity(flows, distance=one.distance).constant)


def test_nothing_slow_is_loaded(repository):
    code = (
        "import sys, regionstudy.analysis.revealed;"
        "print([one for one in ('pyfixest', 'numba', 'jax') if one in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_destinations_without_a_common_origin_are_refused(make_flows):
    one = make_flows(2, regions=10)
    half = {code: int(code) < 2005 for code in one.population.index}
    together = one.distance["origin"].map(half) == one.distance["destination"].map(half)
    with pytest.raises(DataError, match="share no origin with the others"):
        gravity(one.flows[together], distance=one.distance[together])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda f, d: (f.drop(columns="value"), d), "flows lacks the column value"),
        (lambda f, d: (f, d.drop(columns="distance")), "distance lacks the column distance"),
        (lambda f, d: (pd.concat([f, f.head(1)]), d), "flows has 1 repeated rows"),
        (lambda f, d: (f, pd.concat([d, d.head(1)])), "distance has 1 repeated rows"),
        (lambda f, d: (f.assign(value=-1.0), d), "-1 from 2000 to 2001; give gross flows"),
        (lambda f, d: (f.assign(value=np.inf), d), "inf from 2000 to 2001; give gross flows"),
        (lambda f, d: (f, d.assign(distance=0.0)), "its logarithm needs a finite distance"),
        (lambda f, d: (f, d.assign(distance=np.nan)), "its logarithm needs a finite distance"),
        (lambda f, d: (f, d.assign(distance=np.inf)), "its logarithm needs a finite distance"),
        (lambda f, d: (f, d.iloc[2:]), "none is given for 2 pairs with a flow, first from 2000"),
        (lambda f, d: (f.assign(value=0.0), d), "flows: 0 regions with a flow above 0 as origin"),
        (
            lambda f, d: (f.assign(value=f["value"].where(f["destination"] < "2003", 0.0)), d),
            "flows: 3 regions with a flow above 0 as destination",
        ),
    ],
)
def test_what_no_model_can_be_fitted_to_is_refused(make_flows, change, message):
    one = make_flows(2, regions=8)
    flows, distance = change(one.flows, one.distance)
    with pytest.raises(DataError, match=message):
        gravity(flows, distance=distance)


@pytest.mark.parametrize(
    ("population", "message"),
    [
        (lambda p: p * 0, "'2000', '2001', .* and 3 more has nobody"),
        (lambda p: p * 0 + 5, "population: it is the same everywhere"),
        (lambda p: p.head(3), "population: it is given for 3 destinations with flows"),
        (lambda p: p * np.inf, "'population' is infinite in region '2000'"),
    ],
)
def test_population_that_says_nothing_of_size_is_refused(make_flows, population, message):
    one = make_flows(2, regions=8)
    with pytest.raises(DataError, match=message):
        gravity(one.flows, distance=one.distance, population=population(one.population))


@pytest.mark.parametrize("coverage", [0, 1, -0.5])
def test_coverage_outside_its_range_is_refused(make_flows, coverage):
    one = make_flows(2, regions=8)
    with pytest.raises(ConfigError, match="give a share between 0 and 1"):
        gravity(one.flows, distance=one.distance, coverage=coverage)
