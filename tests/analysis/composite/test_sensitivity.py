"""Sobol indices of the choices: against cases whose indices follow by hand or by counting."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

from regionstudy.analysis.composite import build_index, sensitivity
from regionstudy.errors import ConfigError, DataError

STRUCTURE = pd.DataFrame(
    {"id": ["a", "b", "index"], "parent": ["index", "index", ""], "weight": 1.0, "direction": 1}
)
NORMALISATIONS = {"minmax": {"range": (1, 100)}, "rank": {}}
AGGREGATIONS = ("arithmetic", "geometric")
TWO_BY_TWO = {
    "imputations": [None],
    "treatments": [None],
    "normalisations": list(NORMALISATIONS),
    "aggregations": list(AGGREGATIONS),
    "weight_noise": 0.0,
    "leave_one_out": False,
}
# One region's rank under (minmax, rank) x (arithmetic, geometric).
ONE_MATTERS = {"a": [17.0, 10, 6, 1, 3], "b": [12.0, 5, 0, 0, 16]}, "y", [2, 3, 2, 3]
BOTH_ADD_UP = {"a": [12.0, 7, 5, 11, 12], "b": [18.0, 3, 10, 0, 3]}, "x", [3, 4, 4, 5]
ONLY_TOGETHER = {"a": [6.0, 5, 14, 0, 7], "b": [17.0, 4, 12, 1, 16]}, "w", [1, 1, 1, 2]


def ranks_of_all_four(frame: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            (word, aggregation): build_index(
                frame,
                STRUCTURE,
                treatment=None,
                normalisation=word,
                normalisation_options=NORMALISATIONS[word],
                aggregation=aggregation,
            ).ranks["index"]
            for word, aggregation in itertools.product(NORMALISATIONS, AGGREGATIONS)
        }
    )


@pytest.mark.parametrize(
    ("case", "first", "total", "strongest"),
    [
        (ONE_MATTERS, {"aggregation": 1, "normalisation": 0}, (1, 0), "aggregation"),
        # y = 3 + n + g: each causes half of the variance, and nothing by working together.
        (BOTH_ADD_UP, {"aggregation": 1 / 2, "normalisation": 1 / 2}, (1 / 2, 1 / 2), None),
        # y = 1 + n g: variance 3/16; the mean over the other has variance 1/16.
        (ONLY_TOGETHER, {"aggregation": 1 / 3, "normalisation": 1 / 3}, (2 / 3, 2 / 3), None),
    ],
)
def test_indices_are_those_worked_out_by_hand(case, first, total, strongest):
    figures, region, ranks = case
    frame = pd.DataFrame(figures, index=list("uvwxy"))
    assert ranks_of_all_four(frame).loc[region].tolist() == ranks
    found = sensitivity(frame, STRUCTURE, region=region, draws=1024, seed=1, **TWO_BY_TWO)
    indices = found.indices.loc[list(first)]
    # Sobol's sequence halves the space evenly, so the estimates are close at once.
    np.testing.assert_allclose(indices["first"], list(first.values()), atol=0.01)
    np.testing.assert_allclose(indices["total"], total, atol=0.01)
    assert (indices["first_low"] <= indices["first"]).all()
    assert (indices["first"] <= indices["first_high"]).all()
    assert found.variance == pytest.approx(np.var(ranks), abs=0.01)
    assert found.variants == 1024 * (2 + 2)
    if strongest is None:
        assert not found.leads_clearly
    else:
        assert found.strongest == strongest
        assert found.leads_clearly


def test_indices_are_the_variances_counted_over_all_combinations():
    rng = np.random.default_rng(5)
    frame = pd.DataFrame(rng.lognormal(3, 1, (15, 2)), columns=["a", "b"])
    frame.index = [f"{2260 + row}" for row in range(15)]
    frame.iloc[1, 0] = np.nan
    alternatives = {
        "imputations": [None, "median", "mean"],
        "treatments": [None, "log"],
        "normalisations": ["minmax", "zscore", "rank"],
        "aggregations": list(AGGREGATIONS),
    }
    scales = NORMALISATIONS | {"zscore": {"mean": 100, "sd": 10}}
    nominal = build_index(frame, STRUCTURE, treatment=None).ranks["index"]
    shift = np.empty((3, 2, 3, 2))
    for place in np.ndindex(*shift.shape):
        imputation, treatment, word, aggregation = (
            given[k] for given, k in zip(alternatives.values(), place, strict=True)
        )
        index = build_index(
            frame,
            STRUCTURE,
            imputation=imputation,
            treatment=treatment,
            normalisation=word,
            normalisation_options=scales[word],
            aggregation=aggregation,
        )
        shift[place] = (index.ranks["index"] - nominal).abs().mean()
    found = sensitivity(
        frame,
        STRUCTURE,
        draws=4096,
        seed=3,
        nominal={"treatment": None},
        weight_noise=0.0,
        leave_one_out=False,
        **alternatives,
    )
    assert found.variance == pytest.approx(shift.var(), rel=0.02)
    for axis, name in enumerate(["imputation", "treatment", "normalisation", "aggregation"]):
        others = tuple(k for k in range(4) if k != axis)
        first = shift.mean(axis=others).var() / shift.var()
        total = shift.var(axis=axis).mean() / shift.var()
        assert found.indices.loc[name, "first"] == pytest.approx(first, abs=0.03)
        assert found.indices.loc[name, "total"] == pytest.approx(total, abs=0.03)
    assert found.indices["total"].is_monotonic_decreasing
    assert found.region is None


def test_a_choice_without_alternatives_is_no_factor():
    figures, region, _ = ONE_MATTERS
    frame = pd.DataFrame(figures, index=list("uvwxy"))
    alone = TWO_BY_TWO | {"normalisations": ["minmax"]}
    found = sensitivity(frame, STRUCTURE, region=region, draws=64, seed=1, **alone)
    assert found.indices.index.tolist() == ["aggregation"]
    assert found.indices["total"].tolist() == pytest.approx([1.0])
    assert found.leads_clearly
    # Nothing is missing, so that there is nothing to impute one way or another.
    everything = sensitivity(frame, STRUCTURE, region=region, draws=64, seed=1)
    assert set(everything.indices.index) == {
        "treatment",
        "normalisation",
        "aggregation",
        "left_out",
        "weights",
    }


def test_where_nothing_moves_the_result_nothing_is_strongest():
    frame = pd.DataFrame({"a": [1.0, 5, 9], "b": [1.0, 5, 9]}, index=list("uvw"))
    found = sensitivity(frame, STRUCTURE, region="w", draws=32, seed=1)
    assert found.variance == 0
    assert found.strongest is None
    assert not found.leads_clearly
    assert (found.indices == 0).all().all()


def test_the_same_seed_gives_the_same_indices_and_another_gives_others():
    rng = np.random.default_rng(8)
    frame = pd.DataFrame(rng.normal(50, 9, (9, 2)), index=list("stuvwxyz_"), columns=["a", "b"])
    first, again, other = (
        sensitivity(frame, STRUCTURE, draws=64, seed=seed).indices for seed in (1, 1, 2)
    )
    pd.testing.assert_frame_equal(first, again)
    assert not first.sort_index().equals(other.sort_index())


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"draws": 100}, "draws=100: give a power of 2"),
        ({"draws": 1}, "draws=1: give a power of 2"),
        ({"coverage": 95}, "coverage=95: give a share between 0 and 1"),
        ({"resamples": 1}, "resamples=1: give at least 2"),
        ({"region": "2299"}, "region: '2299' is no region of the values"),
        (
            TWO_BY_TWO | {"normalisations": ["rank"], "aggregations": ["arithmetic"]},
            "sensitivity: nothing varies",
        ),
        ({"treatment": [None]}, "'treatment' is nothing that can vary. Did you mean 'treatments'"),
    ],
)
def test_wrong_options_are_named(options, message):
    frame = pd.DataFrame(ONE_MATTERS[0], index=list("uvwxy"))
    with pytest.raises(ConfigError, match=message):
        sensitivity(frame, STRUCTURE, **({"draws": 32, "seed": 1} | options))


def test_a_mean_that_does_not_exist_is_refused():
    frame = pd.DataFrame(ONE_MATTERS[0], index=list("uvwxy"))
    with pytest.raises(DataError, match="geometric mean"):
        sensitivity(
            frame, STRUCTURE, draws=32, seed=1, normalisations=[("minmax", {"range": (0, 1)})]
        )
