"""Experts against revealed pull: ranks by hand, correlations as scipy has them."""

from __future__ import annotations

import inspect
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import kendalltau, spearmanr

from regionstudy.analysis import revealed
from regionstudy.analysis.revealed import (
    baselines,
    compare_with_experts,
    comparison,
    gravity,
    inputs,
    pairs,
    penalised,
    regression,
    weights,
)
from regionstudy.analysis.revealed import (
    scores as scoring,
)
from regionstudy.errors import ConfigError, DataError

EXPERT = pd.Series([90.0, 80.0, 80.0, 60.0, 50.0, 40.0], index=list("abcdef"))
REVEALED = pd.Series([1.0, 6.0, 3.0, 2.0, 5.0, 4.0], index=list("abcdef"))


def scores(seed: int, regions: int = 40) -> tuple[pd.Series, pd.Series]:
    rng = np.random.default_rng(seed)
    codes = [f"{2000 + number}" for number in range(regions)]
    expert = pd.Series(rng.normal(size=regions).round(1), index=codes)
    return expert, expert + rng.normal(size=regions)


def test_largest_disagreement_comes_first_with_ties_sharing_the_lowest_rank():
    found = compare_with_experts(EXPERT, REVEALED, seed=1)
    rows = found.regions.set_index("region")
    assert rows["expert_rank"].to_dict() == {"a": 1, "b": 2, "c": 2, "d": 4, "e": 5, "f": 6}
    assert rows["revealed_rank"].to_dict() == {"a": 6, "b": 1, "c": 4, "d": 5, "e": 2, "f": 3}
    assert rows["difference"].to_dict() == {"a": -5, "b": 1, "c": -2, "d": -1, "e": 3, "f": 3}
    assert found.regions["region"].tolist() == ["a", "e", "f", "c", "b", "d"]


@pytest.mark.parametrize("seed", range(5))
def test_correlations_are_those_of_scipy(seed):
    expert, pull = scores(seed)
    found = compare_with_experts(expert, pull, seed=seed, draws=100).correlations
    assert found.loc["spearman", "estimate"] == pytest.approx(spearmanr(expert, pull).statistic)
    assert found.loc["kendall", "estimate"] == pytest.approx(kendalltau(expert, pull).statistic)
    assert (found["low"] < found["estimate"]).all()
    assert (found["estimate"] < found["high"]).all()


def test_intervals_are_those_of_scipy_on_the_same_drawn_regions():
    expert, pull = scores(6)
    found = compare_with_experts(expert, pull, seed=3, draws=150, coverage=0.8).correlations
    drawn = np.random.default_rng(3).integers(len(expert), size=(150, len(expert)))
    x, y = expert.to_numpy()[drawn], pull.to_numpy()[drawn]
    rho = [spearmanr(a, b).statistic for a, b in zip(x, y, strict=True)]
    tau = [kendalltau(a, b).statistic for a, b in zip(x, y, strict=True)]
    for name, values in (("spearman", rho), ("kendall", tau)):
        expected = np.quantile(values, [0.1, 0.9])
        assert found.loc[name, ["low", "high"]].to_numpy() == pytest.approx(expected, abs=1e-12)


def test_agreement_is_one_and_reversal_minus_one():
    expert, _ = scores(1)
    same = compare_with_experts(expert, expert, seed=1, draws=100)
    assert same.correlations.to_numpy() == pytest.approx(1)
    assert (same.regions["difference"] == 0).all()
    other = compare_with_experts(expert, -expert, seed=1, draws=100)
    assert other.correlations.to_numpy() == pytest.approx(-1)


def test_drawing_counties_widens_the_interval_where_they_agree_inside():
    rng = np.random.default_rng(4)
    codes = [f"{county:02d}{number:02d}" for county in range(10) for number in range(10)]
    group = pd.Series([code[:2] for code in codes], index=codes)
    expert = pd.Series(rng.normal(size=10).repeat(10) + rng.normal(0, 0.1, 100), index=codes)
    pull = pd.Series(rng.normal(size=10).repeat(10) + rng.normal(0, 0.1, 100), index=codes)
    by_region = compare_with_experts(expert, pull, seed=1).correlations
    by_county = compare_with_experts(expert, pull, seed=1, groups=group).correlations
    assert by_county["estimate"].tolist() == by_region["estimate"].tolist()
    width = by_county["high"] - by_county["low"]
    assert (width > 1.5 * (by_region["high"] - by_region["low"])).all()


def test_a_region_with_one_score_is_left_out_and_named():
    expert = EXPERT.drop("b")
    pull = REVEALED.where(REVEALED.index != "d")
    found = compare_with_experts(
        pd.concat([expert, pd.Series({"g": 1.0, "h": 2.0})]),
        pd.concat([pull, pd.Series({"h": 3.0})]),
        seed=1,
        draws=100,
    )
    assert dict(found.left_out.to_numpy().tolist()) == {
        "b": "no expert score",
        "d": "no revealed pull",
        "g": "no revealed pull",
    }
    assert sorted(found.regions["region"]) == ["a", "c", "e", "f", "h"]


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 1000), power=st.sampled_from([1, 3]), times=st.floats(0.1, 10))
def test_only_order_matters_and_rows_may_come_in_any(seed, power, times):
    expert, pull = scores(seed, regions=12)
    one = compare_with_experts(expert, pull, seed=seed, draws=100)
    other = compare_with_experts(
        (times * expert**power).sample(frac=1, random_state=seed),
        np.exp(pull),
        seed=seed,
        draws=100,
    )
    pd.testing.assert_frame_equal(one.regions, other.regions)
    pd.testing.assert_frame_equal(one.correlations, other.correlations)


@pytest.mark.parametrize(
    ("expert", "pull", "message"),
    [
        (EXPERT, REVEALED.rename(lambda code: code * 2), "0 regions have both .* same codes"),
        (EXPERT * 0, REVEALED, "expert: every region has the same score"),
        (EXPERT, REVEALED * 0, "revealed: every region has the same score"),
        (EXPERT * np.inf, REVEALED, "'expert' is infinite in region 'a'"),
        (pd.concat([EXPERT, EXPERT]), REVEALED, "expert: the regions .* occur more than once"),
    ],
)
def test_scores_without_ranks_are_refused(expert, pull, message):
    with pytest.raises(DataError, match=message):
        compare_with_experts(expert, pull, seed=1)


def test_draws_that_hold_one_region_alone_are_passed_over():
    # A quarter of the draws of these two groups hold "a" and nothing to rank it against.
    groups = {code: "x" if code == "a" else "y" for code in EXPERT.index}
    found = compare_with_experts(EXPERT, REVEALED, seed=1, groups=groups).correlations
    assert found[["low", "high"]].notna().all(axis=None)


def test_a_region_without_group_is_refused():
    with pytest.raises(DataError, match="none is given for the regions 'f'"):
        compare_with_experts(EXPERT, REVEALED, seed=1, groups=dict.fromkeys("abcde", "22"))


def test_wrong_draws_are_refused():
    with pytest.raises(ConfigError, match="draws=10: give at least 100"):
        compare_with_experts(EXPERT, REVEALED, seed=1, draws=10)


def test_no_causal_word_stands_in_the_package():
    words = re.compile(
        r"\b(caus\w*|because|driv(?:e|es|en|er|ers|ing)|impact\w*|influenc\w*|leads? to)\b",
        re.IGNORECASE,
    )
    modules = [
        revealed,
        baselines,
        comparison,
        inputs,
        pairs,
        penalised,
        regression,
        scoring,
        weights,
    ]
    modules.append(inspect.getmodule(gravity))
    assert {m.__name__: words.findall(inspect.getsource(m)) for m in modules} == {
        m.__name__: [] for m in modules
    }
