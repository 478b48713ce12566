"""Rank intervals over drawn choices: reproducible, and the same as building each variant."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regionstudy.analysis.composite import aggregate, build_index, rank, uncertainty
from regionstudy.errors import ConfigError, DataError

STRUCTURE = pd.DataFrame(
    {
        "id": ["a", "b", "c", "d", "x", "y", "index"],
        "parent": ["x", "x", "y", "y", "index", "index", ""],
        "weight": [1.0, 2.0, 1.0, 1.0, 1.0, 3.0, 1.0],
        "direction": [1, -1, 1, 1, 1, 1, 1],
    }
)
ONE = {
    "imputations": [None],
    "treatments": [None],
    "normalisations": [("minmax", {"range": (1, 100)})],
    "aggregations": ["arithmetic"],
    "weight_noise": 0.0,
    "leave_one_out": False,
}
NOMINAL = {"treatment": None, "normalisation_options": {"range": (1, 100)}}


def values(seed: int, rows: int = 12) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    codes = [f"{2260 + row}" for row in range(rows)]
    return pd.DataFrame(rng.normal(50, 10, (rows, 4)), index=codes, columns=list("abcd"))


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_without_anything_to_vary_every_draw_is_the_nominal_rank(seed):
    found = uncertainty(values(seed), STRUCTURE, draws=3, seed=seed, nominal=NOMINAL, **ONE)
    for name in ("low", "median", "high"):
        assert found.intervals[name].tolist() == found.intervals["nominal"].tolist()


@pytest.mark.parametrize(
    "method", ["arithmetic", "geometric", "harmonic", "mpi", "ampi", "copeland"]
)
@pytest.mark.parametrize("gaps", [False, True])
def test_each_draw_has_the_ranks_of_an_index_built_with_its_weights(method, gaps):
    frame = values(7)
    if gaps:
        frame.iloc[0, 0] = frame.iloc[3, 2] = np.nan
    # Far above 0, where every mean exists (a Mazziotta-Pareto mean near 0 is refused).
    scale = {"mean": 100, "sd": 10}
    nominal = {"treatment": None, "normalisation": "zscore", "normalisation_options": scale}
    choices = ONE | {
        "normalisations": [("zscore", scale)],
        "aggregations": [method],
        "weight_noise": 0.5,
        "leave_one_out": True,
    }
    found = uncertainty(frame, STRUCTURE, draws=40, seed=2, nominal=nominal, **choices)
    normalised = build_index(frame, STRUCTURE, **nominal).normalised
    assert set(found.choices["left_out"]) >= {"", "a"}
    for draw in range(40):
        weight = found.weights.loc[draw].to_dict() | {"index": 1.0}
        if left_out := found.choices["left_out"].iloc[draw]:
            weight[left_out] = 0.0
        drawn = STRUCTURE.assign(weight=STRUCTURE["id"].map(weight))
        expected = rank(aggregate(normalised, drawn, method=method))["index"]
        assert found.ranks.loc[draw].tolist() == expected.tolist()


def test_choices_of_a_draw_lead_to_its_ranks():
    frame = values(11)
    choices = ONE | {"normalisations": ["rank", "zscore"], "treatments": ["winsorise", None]}
    found = uncertainty(frame, STRUCTURE, draws=30, seed=5, nominal=NOMINAL, **choices)
    assert found.choices["normalisation"].nunique() == 2
    for draw, chosen in found.choices.iterrows():
        word = chosen["normalisation"]
        index = build_index(
            frame,
            STRUCTURE,
            treatment=chosen["treatment"] or None,
            normalisation=word,
            normalisation_options={"mean": 100, "sd": 10} if word == "zscore" else None,
        )
        assert found.ranks.loc[draw].tolist() == index.ranks["index"].tolist()


def test_the_same_seed_gives_the_same_draws_and_another_gives_others():
    first, again, other = (
        uncertainty(values(1), STRUCTURE, draws=50, seed=seed) for seed in (1, 1, 2)
    )
    pd.testing.assert_frame_equal(first.ranks, again.ranks)
    pd.testing.assert_frame_equal(first.weights, again.weights)
    assert not first.weights.equals(other.weights)


def test_weights_stay_within_the_stated_noise():
    found = uncertainty(values(1), STRUCTURE, draws=500, seed=1, weight_noise=0.2)
    nominal = STRUCTURE.set_index("id")["weight"].drop("index")
    ratio = found.weights / nominal
    # A step of the weights' grid is 2^-16 of the largest weight among siblings.
    assert ratio.min().min() >= 0.8 - 2**-14
    assert ratio.max().max() <= 1.2 + 2**-14
    assert ratio.min().max() < 0.85
    assert ratio.max().min() > 1.15


def test_intervals_are_numpys_quantiles_of_the_ranks():
    found = uncertainty(values(3), STRUCTURE, draws=201, seed=4, coverage=0.8)
    for name, share in (("low", 0.1), ("median", 0.5), ("high", 0.9)):
        np.testing.assert_allclose(
            found.intervals[name], np.quantile(found.ranks.to_numpy(), share, axis=0)
        )


def test_shares_in_the_top_and_before_one_another_are_counted_over_the_draws():
    found = uncertainty(values(3), STRUCTURE, draws=100, seed=4)
    ranks = found.ranks
    top = found.share_in_top(3)
    assert top["2262"] == pytest.approx((ranks["2262"] <= 3).mean())
    before = found.probability_before(among=["2262", "2265"])
    tied = (ranks["2262"] == ranks["2265"]).mean() / 2
    assert before.loc["2262", "2265"] == pytest.approx(
        (ranks["2262"] < ranks["2265"]).mean() + tied
    )
    np.testing.assert_allclose(before + before.T, 1.0)
    # Among two peers, the first place is being before the other (or level with it).
    among = found.share_in_top(1, among=["2262", "2265"])
    assert among["2262"] == pytest.approx((ranks["2262"] <= ranks["2265"]).mean())


def test_a_mean_that_does_not_exist_is_refused_before_anything_is_drawn():
    choices = ONE | {
        "normalisations": [("minmax", {"range": (0, 100)})],
        "aggregations": ["geometric"],
    }
    with pytest.raises(DataError, match="geometric mean"):
        uncertainty(values(1), STRUCTURE, draws=5, seed=1, **choices)


def test_a_penalty_that_drawn_weights_turn_into_a_reward_is_refused():
    # Each region is worst (-1) in one of three: the mean is 1/3 with equal weights, and
    # below 0 where the noise lets that one outweigh the others.
    frame = pd.DataFrame(1 - 2 * np.eye(3), index=list("uvw"), columns=list("abc"))
    flat = pd.DataFrame(
        {"id": [*"abc", "index"], "parent": ["index"] * 3 + [""], "weight": 1.0, "direction": 1}
    )
    choices = ONE | {
        "normalisations": [("minmax", {"range": (-1, 1)})],
        "aggregations": ["ampi"],
        "weight_noise": 0.9,
    }
    uncertainty(frame, flat, draws=200, seed=1, **(choices | {"weight_noise": 0.1}))
    with pytest.raises(DataError, match="of 'index': the mean is 0 or less under drawn weights"):
        uncertainty(frame, flat, draws=200, seed=1, **choices)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"draws": 0}, "draws=0: give at least 1"),
        ({"coverage": 90}, "coverage=90: give a share above 0"),
        ({"weight_noise": 1.5}, r"weight_noise=1\.5: give a share from 0 to below 1"),
        ({"weight_nois": 0.5}, r"'weight_nois' is nothing that can vary.*'weight_noise'"),
        ({"aggregations": []}, "aggregations: give a list with at least one alternative"),
        ({"normalisations": "rank"}, "normalisations: give a list"),
        ({"aggregations": ["geometric", "geometric"]}, "hold one twice"),
    ],
)
def test_wrong_options_are_named(options, message):
    with pytest.raises(ConfigError, match=message):
        uncertainty(values(1), STRUCTURE, **({"draws": 5, "seed": 1} | options))


def test_unknown_peers_and_places_are_named():
    found = uncertainty(values(1), STRUCTURE, draws=5, seed=1)
    with pytest.raises(ConfigError, match="places=0: give at least 1"):
        found.share_in_top(0)
    with pytest.raises(ConfigError, match="'2299' is no region of the index"):
        found.probability_before(among=["2299"])
