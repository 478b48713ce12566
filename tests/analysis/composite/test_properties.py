"""What must hold for any values, structure and method."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regionstudy.analysis.composite import (
    aggregate,
    build_index,
    classify,
    outranking,
    rank,
    uncertainty,
)
from regionstudy.errors import ConfigError, DataError

STRUCTURE = pd.DataFrame(
    {
        "id": ["a", "b", "c", "d", "e", "sub", "x", "y", "index"],
        "parent": ["sub", "sub", "x", "y", "y", "x", "index", "index", ""],
        "weight": [1.0, 2.0, 1.0, 1.0, 3.0, 2.0, 1.0, 3.0, 1.0],
        "direction": [1, -1, 1, 1, -1, 1, 1, 1, 1],
    }
)
INDICATORS = list("abcde")
METHODS = ["arithmetic", "geometric", "harmonic", "generalised", "mpi", "ampi", "copeland"]
# Far above 0, where every mean exists.
SCALE = {"treatment": None, "normalisation": "zscore"}
SCALE["normalisation_options"] = {"mean": 100, "sd": 10}


def choices(method: str) -> dict:
    options = {"aggregation_options": {"power": -2.0}} if method == "generalised" else {}
    return SCALE | {"aggregation": method} | options


@st.composite
def frames(draw, gaps: bool = False):
    """Draw whole numbers, so that ties occur, and no indicator that is the same everywhere."""
    rows = draw(st.integers(3, 8))
    number = st.integers(-50, 50)
    columns = {}
    for name in INDICATORS:
        column = draw(st.lists(number, min_size=rows, max_size=rows))
        columns[name] = [*column[:-2], min(column) - 1, max(column) + 1]
    frame = pd.DataFrame(columns, index=[f"{2260 + row}" for row in range(rows)], dtype=float)
    if gaps:
        # The last two rows keep every indicator from being constant or empty.
        for name in INDICATORS[1:]:
            for row in range(rows - 2):
                if draw(st.booleans()):
                    frame.iloc[row, INDICATORS.index(name)] = np.nan
    return frame


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_the_order_of_rows_and_columns_changes_nothing(method, data):
    frame = data.draw(frames(gaps=True))
    turned = frame.loc[data.draw(st.permutations(frame.index.tolist())), INDICATORS[::-1]]
    first = build_index(frame, STRUCTURE, **choices(method))
    second = build_index(turned, STRUCTURE.iloc[::-1], **choices(method))
    for name in ("scores", "ranks"):
        one, other = getattr(first, name), getattr(second, name)
        np.testing.assert_allclose(one, other.loc[one.index, one.columns], rtol=1e-9)


@pytest.mark.parametrize("treatment", ["winsorise", None])
@settings(max_examples=25, deadline=None)
@given(
    frame=frames(),
    factors=st.lists(st.integers(1, 1000), min_size=5, max_size=5),
    shifts=st.lists(st.integers(-1000, 1000), min_size=5, max_size=5),
)
def test_other_units_change_nothing_under_minmax(treatment, frame, factors, shifts):
    first = build_index(frame, STRUCTURE, treatment=treatment)
    second = build_index(frame * factors + shifts, STRUCTURE, treatment=treatment)
    np.testing.assert_allclose(first.scores, second.scores, atol=1e-9)


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=15, deadline=None)
@given(frame=frames(gaps=True), factor=st.floats(0.001, 1000))
def test_the_scale_of_weights_changes_nothing(method, frame, factor):
    heavier = STRUCTURE.assign(weight=STRUCTURE["weight"] * factor)
    first = build_index(frame, STRUCTURE, **choices(method))
    second = build_index(frame, heavier, **choices(method))
    np.testing.assert_allclose(first.scores, second.scores, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("method", ["minmax", "zscore", "percentile_rank", "distance_to_max"])
@settings(max_examples=15, deadline=None)
@given(frame=frames())
def test_turning_every_direction_mirrors_scores_and_ranks(method, frame):
    frame = frame + np.arange(len(frame))[:, None] / 100  # no ties: they share the lower rank
    turned = STRUCTURE.assign(
        direction=np.where(STRUCTURE["id"].isin(INDICATORS), -STRUCTURE["direction"], 1)
    )
    plain = {"treatment": None, "normalisation": method}
    first = build_index(frame, STRUCTURE, **plain).scores["index"]
    second = build_index(frame, turned, **plain).scores["index"]
    middle = {"minmax": 100.0, "zscore": 0.0}.get(method, 1.0)
    np.testing.assert_allclose(first + second, middle, atol=1e-9)


@pytest.mark.parametrize("by", ["child", "indicator"])
@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=15, deadline=None)
@given(frame=frames(gaps=True))
def test_contributions_add_up_on_their_scale(method, by, frame):
    index = build_index(frame, STRUCTURE, **choices(method))
    nodes = ["index", "x", "y"] if (method, by) != ("copeland", "indicator") else ["y"]
    for node in nodes:
        parts = index.contributions(node, by=by)
        scores = index.scores[node]
        power = parts.attrs["power"]
        there = scores.notna()
        expected = np.log(scores[there]) if power == 0 else scores[there] ** power
        np.testing.assert_allclose(parts[there].sum(axis=1), expected, rtol=1e-9, atol=1e-9)
        assert parts[~there].isna().all().all()


@settings(max_examples=25, deadline=None)
@given(frame=frames(gaps=True))
def test_outranking_is_antisymmetric_and_copeland_scores_sum_to_zero(frame):
    matrix = outranking(frame).to_numpy()
    both = matrix + matrix.T
    off = ~np.eye(len(both), dtype=bool)
    np.testing.assert_allclose(both[off & ~np.isnan(both)], 1.0)
    flat = pd.DataFrame(
        {"id": [*INDICATORS, "i"], "parent": ["i"] * 5 + [""], "weight": 1.0, "direction": 1}
    )
    scores = aggregate(frame, flat, method="copeland")["i"]
    assert scores.sum() == 0
    turned = aggregate(-frame, flat, method="copeland")["i"]
    assert (scores == -turned).all()


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=10, deadline=None)
@given(frame=frames(gaps=True), seed=st.integers(0, 1000))
def test_without_noise_the_interval_is_the_nominal_rank(method, frame, seed):
    own = choices(method)
    found = uncertainty(
        frame,
        STRUCTURE,
        draws=3,
        seed=seed,
        nominal=own,
        imputations=[None],
        treatments=[None],
        normalisations=[("zscore", SCALE["normalisation_options"])],
        aggregations=[(method, own.get("aggregation_options", {}))],
        weight_noise=0.0,
        leave_one_out=False,
    ).intervals
    for name in ("low", "median", "high"):
        assert found[name].tolist() == found["nominal"].tolist()


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=15, deadline=None)
@given(frame=frames())
def test_a_missing_value_counts_as_if_its_indicator_were_not_there(method, frame):
    gappy = frame.copy()
    gappy.loc["2260", ["b", "d"]] = np.nan
    normalised = build_index(gappy, STRUCTURE, **choices(method)).normalised
    options = choices(method).get("aggregation_options", {})
    with_gap = aggregate(normalised, STRUCTURE, method=method, **options)
    without = STRUCTURE[~STRUCTURE["id"].isin(["b", "d"])]
    alone = aggregate(normalised.drop(columns=["b", "d"]), without, method=method, **options)
    if method == "copeland":  # others' scores in b and d still count among themselves
        assert with_gap["sub"].notna().all()
    else:
        np.testing.assert_allclose(
            with_gap.loc["2260", ["sub", "x", "y", "index"]],
            alone.loc["2260", ["sub", "x", "y", "index"]],
            rtol=1e-12,
        )


def bad(**changes) -> pd.DataFrame:
    frame = pd.DataFrame(
        np.arange(20.0).reshape(4, 5) ** 2 + 1, index=list("uvwz"), columns=INDICATORS
    )
    for name, column in changes.items():
        frame[name] = column
    return frame


@pytest.mark.parametrize(
    ("frame", "error", "message"),
    [
        (bad(a=7.0), DataError, "'a' has the same value in every region"),
        (bad(a=np.nan), DataError, "'a' is missing in every region. Drop the indicator"),
        (bad(a=[1.0, np.nan, np.nan, np.nan]), DataError, "'a' has the same value in every"),
        (bad(a=[1.0, np.inf, 2, 3]), DataError, "'a' is infinite in region 'v'"),
        (bad(a=["1", "x", "2", "3"]), DataError, "'a' hold something other than numbers"),
        (bad().iloc[:1], DataError, "but one region, 'u', and nothing to compare"),
        (bad().iloc[[0, 1, 1]], DataError, "the regions 'v' occur more than once"),
        (bad().drop(columns="c"), ConfigError, "'c' is no column of values"),
        (bad().reindex([*"uvz", "w2"]), DataError, "regions 'w2' have no indicator"),
    ],
)
def test_an_index_of_bad_values_is_refused_by_name(frame, error, message):
    with pytest.raises(error, match=message):
        build_index(frame, STRUCTURE, treatment=None)


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ({"d": 0.0, "e": 0.0}, "all weights under 'y' are zero"),
        ({"d": -1.0}, "'d' has the negative weight -1.0"),
        ({"d": np.inf}, "'d' has the weight inf"),
        ({"d": np.nan}, "'d' has the weight nan"),
    ],
)
def test_an_index_of_bad_weights_is_refused_by_name(weights, message):
    weighed = STRUCTURE.assign(
        weight=[weights.get(name, 1.0) for name in STRUCTURE["id"]],
    )
    with pytest.raises(ConfigError, match=message):
        build_index(bad(), weighed)


def test_a_geometric_mean_of_negative_scores_is_refused_by_name():
    with pytest.raises(DataError, match=r"'a' is -\d.* in region 'u', and needs to be above 0"):
        build_index(
            bad(), STRUCTURE, normalisation="zscore", aggregation="geometric", treatment=None
        )


def test_an_infinite_score_has_no_place():
    scores = pd.DataFrame({"index": [1.0, np.inf, 2.0]}, index=list("uvw"))
    with pytest.raises(DataError, match="scores: one is infinite"):
        rank(scores)
    with pytest.raises(DataError, match="scores: one is infinite"):
        classify(scores["index"])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"clases": 3}, "classification 'quantiles' has no option 'clases'. Did you mean"),
        ({"classes": 1}, "classes=1: give at least 2"),
        ({"method": "equal_intervals", "classes": 0}, "classes=0: give at least 2"),
        ({"method": "breaks"}, "classification 'breaks' needs the option 'breaks'"),
        ({"method": "breaks", "breaks": [3, 1]}, "do not rise"),
        ({"method": "jenks"}, "'jenks' is no classification"),
    ],
)
def test_wrong_classes_are_named(options, message):
    with pytest.raises(ConfigError, match=message):
        classify(pd.Series([1.0, 2.0, 3.0]), **options)


def test_what_weighs_nothing_may_lie_outside_the_means_domain():
    frame = bad()
    idle = STRUCTURE.assign(weight=STRUCTURE["weight"].where(STRUCTURE["id"] != "a", 0.0))
    options = {
        "normalisation_options": {
            "by_indicator": {"a": {"method": "zscore"}},
            "range": (1, 100),
        }
    }
    nominal = {"treatment": None, "aggregation": "geometric"} | options
    index = build_index(frame, idle, **nominal)
    assert (index.normalised["a"] < 0).any()
    found = uncertainty(
        frame,
        idle,
        draws=20,
        seed=1,
        nominal=nominal,
        imputations=[None],
        treatments=[None],
        normalisations=[("minmax", options["normalisation_options"])],
        aggregations=["geometric", ("geometric", "geometric", "arithmetic")],
        weight_noise=0.0,
        leave_one_out=False,
    )
    assert (found.ranks == index.ranks["index"].to_numpy()).all().all()


def test_a_region_that_leaving_one_out_would_leave_without_a_score_is_named():
    frame = bad()
    frame.loc["v", INDICATORS[1:]] = np.nan
    with pytest.raises(DataError, match="leave_one_out: 'v' have a single indicator"):
        uncertainty(frame, STRUCTURE, draws=5, seed=1, imputations=[None])
    found = uncertainty(frame, STRUCTURE, draws=5, seed=1, imputations=[None], leave_one_out=False)
    assert found.intervals.notna().all().all()


def test_variants_are_not_ranked_within_periods():
    with pytest.raises(ConfigError, match=r"nominal: .* not within='period'. Draw one period"):
        uncertainty(bad(), STRUCTURE, draws=5, seed=1, nominal={"within": "period"})
