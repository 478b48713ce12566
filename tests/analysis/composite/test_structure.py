"""A structure is read in order, or refused by name."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from regionstudy.analysis.composite import effective_weights, register_weighting, weigh
from regionstudy.analysis.composite.structure import read_structure
from regionstudy.analysis.composite.weights import WEIGHTINGS
from regionstudy.errors import ConfigError, DataError


def table(rows):
    return pd.DataFrame(rows, columns=["id", "parent", "weight", "direction"])


GOOD = [
    ("index", "", np.nan, np.nan),
    ("work", "index", 3, 1),
    ("home", "index", 1, 1),
    ("jobs", "work", 1, 1),
    ("pay", "work", 1, 1),
    ("rent", "home", 2, -1),
    ("tax", "index", 4, -1),
]


def test_levels_count_from_the_indicators_whatever_the_order_of_rows():
    for rows in (GOOD, GOOD[::-1]):
        tree = read_structure(table(rows))
        assert tree.root == "index"
        assert tree.level == {
            "index": 3,
            "work": 2,
            "home": 2,
            "jobs": 1,
            "pay": 1,
            "rent": 1,
            "tax": 1,
        }
        assert set(tree.indicators) == {"jobs", "pay", "rent", "tax"}
        assert set(tree.below("work")) == {"jobs", "pay"}


def test_effective_weights_are_products_of_shares():
    effective = effective_weights(table(GOOD)).set_index("id")["effective_weight"]
    assert effective.to_dict() == {
        "jobs": 3 / 16,
        "pay": 3 / 16,
        "rent": 1 / 8,
        "tax": 1 / 2,
        "work": 3 / 8,
        "home": 1 / 8,
        "index": 1,
    }


@pytest.mark.parametrize("name", ["weights_effective", "weights_custom_effective"])
def test_effective_weights_are_the_references(asem, structure, custom_structure, name):
    ours = effective_weights(custom_structure if "custom" in name else structure).set_index("id")
    expected = asem(name)
    np.testing.assert_allclose(
        ours.loc[expected.index, "effective_weight"], expected["EffWeight"], rtol=1e-9
    )
    assert ours.loc[expected.index, "level"].tolist() == expected["Level"].tolist()


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([], "has no rows"),
        ([*GOOD, ("", "work", 1, 1)], "row 8 has no id"),
        ([*GOOD, ("jobs", "home", 1, 1)], "'jobs' occur more than once"),
        ([*GOOD, ("air", "hmoe", 1, 1)], "'hmoe', which is no id. Did you mean 'home'"),
        ([*GOOD, ("other", "", 1, 1)], "'index', 'other' are without a parent"),
        ([("a", "b", 1, 1), ("b", "a", 1, 1)], "parents run in a cycle"),
        ([*GOOD, ("a", "b", 1, 1), ("b", "a", 1, 1)], "'a', 'b' hang together in a cycle"),
        ([("index", "", 1, 1)], "root 'index' has no children"),
        ([*GOOD, ("air", "home", -1, 1)], "'air' has the negative weight -1"),
        ([*GOOD, ("air", "home", np.nan, 1)], "'air' has the weight nan"),
        ([*GOOD, ("air", "home", np.inf, 1)], "'air' has the weight inf"),
        ([*GOOD, ("air", "home", 1, 0)], "indicator 'air' has the direction 0"),
        ([*GOOD, ("air", "home", 1, np.nan)], "indicator 'air' has the direction nan"),
        ([*GOOD[:-2], ("rent", "home", 0, 1)], "all weights under 'home' are zero"),
        ([("index", "", 1, -1), ("a", "index", 1, 1)], "aggregate 'index' has the direction -1"),
    ],
)
def test_faults_are_named(rows, message):
    with pytest.raises(ConfigError, match=message):
        read_structure(table(rows))


def test_a_missing_column_is_named():
    with pytest.raises(ConfigError, match="the column 'direction' is missing"):
        read_structure(table(GOOD).drop(columns="direction"))


def test_an_unknown_node_and_a_leaf_are_named():
    tree = read_structure(table(GOOD))
    with pytest.raises(ConfigError, match=r"no node 'jobz'. Did you mean 'jobs'"):
        tree.require("jobz")
    with pytest.raises(ConfigError, match="'jobs' is an indicator and has no parts"):
        tree.require_aggregate("jobs")


def weights_of(structure):
    return structure.set_index("id")["weight"]


def test_equal_and_expert_weights_replace_those_they_name():
    assert set(weights_of(weigh(table(GOOD), method="equal"))) == {1.0}
    expert = weights_of(weigh(table(GOOD), method="expert", weights={"pay": 9}))
    assert (expert["pay"], expert["tax"]) == (9, 4)


def test_a_budget_counts_each_expert_the_same():
    # Experts with 10 and 100 points: (0.5 + 0.9) / 2 and (0.5 + 0.1) / 2.
    points = pd.DataFrame({"first": [5, 5], "second": [90, 10]}, index=["jobs", "pay"])
    given = weights_of(weigh(table(GOOD), method="budget", allocations=points))
    assert given[["jobs", "pay"]].tolist() == pytest.approx([0.7, 0.3])
    assert given["tax"] == 4


def test_pca_weights_are_squared_loadings_of_the_first_component():
    # Two indicators correlate with r: the component above 1 has loadings of sqrt(1/2) each.
    rng = np.random.default_rng(1)
    jobs = rng.normal(size=50)
    scores = pd.DataFrame({"jobs": jobs, "pay": jobs + rng.normal(size=50)})
    given = weights_of(
        weigh(table(GOOD), method="pca", normalised=scores.assign(rent=jobs, tax=jobs))
    )
    assert given[["jobs", "pay"]].tolist() == pytest.approx([0.5, 0.5])
    assert given["rent"] == 2


def test_pca_needs_indicators_that_vary():
    constant = pd.DataFrame({"jobs": [1.0, 1.0, 1.0], "pay": [1.0, 2.0, 3.0]})
    with pytest.raises(DataError, match="'jobs', 'pay' have fewer than three complete regions"):
        weigh(table(GOOD), method="pca", normalised=constant)


def test_others_can_join_the_registry():
    register_weighting("by_length", lambda structure: {name: len(name) for name in structure["id"]})
    try:
        assert weights_of(weigh(table(GOOD), method="by_length"))["rent"] == 4
        with pytest.raises(ConfigError, match="'by_length' is there already"):
            register_weighting("by_length", dict)
    finally:
        del WEIGHTINGS["by_length"]


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"method": "eqal"}, ConfigError, "no weighting. Did you mean 'equal'"),
        ({"method": "expert", "weights": {"pya": 1}}, ConfigError, "'pya' is no node"),
        ({"method": "expert", "weights": {"pay": -1}}, ConfigError, "negative weight"),
        (
            {"method": "budget", "allocations": pd.DataFrame({"a": [0, 0]}, index=["jobs", "pay"])},
            DataError,
            "expert 'a' gave no points",
        ),
        (
            {"method": "budget", "allocations": pd.DataFrame({"a": [-1.0]}, index=["jobs"])},
            DataError,
            "missing or negative",
        ),
    ],
)
def test_wrong_weights_are_named(options, error, message):
    with pytest.raises(error, match=message):
        weigh(table(GOOD), **options)
