"""Normalisation and aggregation as COINr computes them, on the ASEM indicators."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regionstudy.analysis.composite import aggregate, build_index, effective_weights, normalise
from regionstudy.errors import ConfigError, DataError

# Stated by the oracle's MANIFEST: relative 1e-9, absolute 1e-12 near zero.
CLOSE = {"rtol": 1e-9, "atol": 1e-12}


def numbers(frame: pd.DataFrame, columns) -> np.ndarray:
    return frame[list(columns)].to_numpy(dtype=float)


@pytest.mark.parametrize(
    ("oracle", "method", "options"),
    [
        ("n_minmax_0_100", "minmax", {}),
        ("n_minmax_1_100", "minmax", {"range": (1, 100)}),
        ("n_zscore_0_1", "zscore", {}),
        ("n_borda_min", "borda", {}),
        ("n_prank_min", "percentile_rank", {}),
        ("n_dist2max", "distance_to_max", {}),
    ],
)
def test_normalisation_agrees_with_the_reference(asem, direction, oracle, method, options):
    treated, expected = asem("05_Treated"), asem(f"normalised/{oracle}")
    ours = normalise(
        treated[list(direction.index)].astype(float), method=method, direction=direction, **options
    )
    np.testing.assert_allclose(
        numbers(ours, direction.index), numbers(expected, direction.index), **CLOSE
    )


@pytest.mark.parametrize(
    ("oracle", "method", "custom"),
    [
        ("agg_a_amean_minmax1_100", "arithmetic", False),
        ("agg_a_gmean_minmax1_100", "geometric", False),
        ("agg_a_hmean_minmax1_100", "harmonic", False),
        ("agg_a_copeland_minmax1_100", "copeland", False),
        ("agg_a_gmean_customweights_minmax1_100", "geometric", True),
        ("agg_a_copeland_customweights_minmax1_100", "copeland", True),
    ],
)
def test_aggregation_agrees_with_the_reference(
    asem, structure, custom_structure, direction, oracle, method, custom
):
    normalised = asem("normalised/n_minmax_1_100")[list(direction.index)].astype(float)
    expected = asem(f"aggregated/{oracle}")
    ours = aggregate(normalised, custom_structure if custom else structure, method=method)
    nodes = [node for node in expected.columns if node in ours.columns]
    assert "Index" in nodes
    np.testing.assert_allclose(numbers(ours, nodes), numbers(expected, nodes), **CLOSE)


def test_effective_weights_of_the_indicators_add_up_to_one(structure, direction):
    effective = effective_weights(structure).set_index("id")
    column = effective.select_dtypes("number").columns[-1]
    assert effective.loc[direction.index, column].sum() == pytest.approx(1)


STRUCTURE = pd.DataFrame(
    {
        "id": ["a", "b", "c", "x", "y", "index"],
        "parent": ["x", "x", "y", "index", "index", ""],
        "weight": [1.0, 2.0, 1.0, 1.0, 3.0, 1.0],
        "direction": [1, -1, 1, 1, 1, 1],
    }
)


@st.composite
def values(draw):
    rows = draw(st.integers(3, 8))
    columns = [
        draw(st.lists(st.integers(-1000, 1000), min_size=rows, max_size=rows, unique=True))
        for _ in "abc"
    ]
    codes = pd.Index([f"{2260 + row}" for row in range(rows)])
    return pd.DataFrame(np.array(columns, dtype=float).T, index=codes, columns=list("abc"))


@given(values())
def test_contributions_add_up_to_the_score(frame):
    index = build_index(frame, STRUCTURE, treatment=None)
    total = index.contributions().sum(axis=1).to_numpy()
    np.testing.assert_allclose(total, index.scores["index"].to_numpy(), atol=1e-9)


@given(values(), st.integers(1, 1000), st.integers(-1000, 1000))
def test_another_unit_changes_nothing_under_minmax(frame, factor, shift):
    first = build_index(frame, STRUCTURE, treatment=None)
    second = build_index(frame.assign(a=frame["a"] * factor + shift), STRUCTURE, treatment=None)
    np.testing.assert_allclose(first.scores["index"], second.scores["index"], atol=1e-9)


@given(values())
def test_the_scale_of_weights_and_the_order_of_rows_change_nothing(frame):
    first = build_index(frame, STRUCTURE, treatment=None)
    heavier = STRUCTURE.assign(weight=STRUCTURE["weight"] * 7)
    second = build_index(frame.iloc[::-1], heavier, treatment=None)
    np.testing.assert_allclose(
        first.scores["index"], second.scores["index"].loc[frame.index], atol=1e-9
    )


def test_a_missing_value_is_left_out_and_never_counts_as_zero():
    frame = pd.DataFrame(
        {"a": [1.0, 2.0, 3.0], "b": [3.0, 2.0, 1.0], "c": [np.nan, 5.0, 9.0]},
        index=["2260", "2262", "2281"],
    )
    index = build_index(frame, STRUCTURE, treatment=None)
    assert index.scores.loc["2260", "index"] == index.scores.loc["2260", "x"]


def test_a_constant_indicator_is_named():
    frame = pd.DataFrame({"a": [1.0, 1.0], "b": [1.0, 2.0], "c": [1.0, 2.0]}, index=["1", "2"])
    with pytest.raises(DataError, match="a"):
        build_index(frame, STRUCTURE, treatment=None)


def test_an_unknown_method_lists_the_known():
    frame = pd.DataFrame({"a": [1.0, 2.0]}, index=["1", "2"])
    with pytest.raises(ConfigError, match="minmax"):
        normalise(frame, method="minmacks")
