"""Descriptions, correlations, consistency and influence, against COINr's."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from regionstudy.analysis.composite import (
    correlation_flags,
    correlations,
    correlations_above,
    cronbach_alpha,
    describe_indicators,
    leave_out_nodes,
    leave_out_regions,
    principal_components,
)
from regionstudy.errors import ConfigError, DataError

CLOSE = {"rtol": 1e-9, "atol": 1e-12}
METHODS = ["pearson", "spearman", "kendall"]


@pytest.mark.parametrize("stage", ["Raw", "Denominated", "Imputed", "Treated", "Normalised"])
def test_descriptions_are_the_references(asem, stage):
    numbers = {"Raw": "01", "Denominated": "02", "Imputed": "03", "Treated": "05"}
    ours = describe_indicators(asem(f"{numbers.get(stage, '06')}_{stage}"))
    expected = asem(f"stats_{stage}")
    ours = ours.loc[expected.index]
    for name, column in {
        "min": "Min", "max": "Max", "mean": "Mean", "median": "Median", "sd": "Std",
        "skew": "Skew", "kurtosis": "Kurt", "available": "N.Avail", "non_zero": "N.NonZero",
        "unique": "N.Unique", "same": "N.Same", "share_available": "Frc.Avail",
        "share_non_zero": "Frc.NonZero", "share_unique": "Frc.Unique", "share_same": "Frc.Same",
    }.items():  # fmt: skip
        np.testing.assert_allclose(ours[name], expected[column], err_msg=name, **CLOSE)
    for name, column in {
        "flag_available": "Flag.Avail", "flag_non_zero": "Flag.NonZero",
        "flag_unique": "Flag.Unique", "flag_outliers": "Flag.SkewKurt",
    }.items():  # fmt: skip
        assert ours[name].tolist() == (expected[column] != "ok").tolist(), name


@pytest.mark.parametrize("method", METHODS)
def test_correlations_of_indicators_are_the_references(asem, method):
    ours = correlations(asem("02_Denominated"), method=method)
    expected = asem(f"correlations/ind_ind_{method}_Denominated").reset_index()
    found = [ours.loc[a, b] for a, b in zip(expected["Var1"], expected["Var2"], strict=True)]
    np.testing.assert_allclose(found, expected["Correlation"], **CLOSE)


@pytest.mark.parametrize("method", METHODS)
def test_correlations_with_aggregates_are_the_references(asem, structure, method):
    ours = correlations_above(asem("07_Aggregated"), structure, method=method)
    ours = ours.set_index(["aggregate", "indicator"])["correlation"]
    expected = asem(f"correlations/ind_parent_{method}_Aggregated")
    found = [
        ours[parent, name] for parent, name in zip(expected.index, expected["Var2"], strict=True)
    ]
    np.testing.assert_allclose(found, expected["Correlation"], **CLOSE)

    levels = {"Pillar": 2, "Sub-index": 3, "Index": 4}
    family = asem(f"correlations/ind_family_{method}_Aggregated")
    by_level = correlations_above(asem("07_Aggregated"), structure, method=method)
    by_level = by_level.set_index(["level", "indicator"])["correlation"]
    found = [
        by_level[levels[level], name]
        for level, name in zip(family.index, family["Var2"], strict=True)
    ]
    np.testing.assert_allclose(found, family["Correlation"], **CLOSE)


@pytest.mark.parametrize("method", METHODS)
def test_correlations_of_domains_are_the_references(asem, method):
    expected = asem(f"correlations/pillar_pillar_{method}_Aggregated")
    ours = correlations(asem("07_Aggregated")[expected.index.unique()], method=method)
    found = [ours.loc[a, b] for a, b in zip(expected.index, expected["Var2"], strict=True)]
    np.testing.assert_allclose(found, expected["Correlation"], **CLOSE)


def flagged(table):
    return {
        (frozenset((one, other)), round(value, 3))
        for one, other, value in zip(
            table.iloc[:, 0], table.iloc[:, 1], table.iloc[:, 2], strict=True
        )
    }


def test_flags_within_domains_are_the_references(asem, structure):
    flags = correlation_flags(asem("06_Normalised"), structure, redundant=0.75, negative=-0.4)
    within = flags[flags["parent"] != ""]
    for flag, name in (("redundant", "flags_high_0.75"), ("negative", "flags_low_m0.4")):
        expected = asem(f"correlations/{name}_pillar_Normalised")
        ours = within.loc[within["flag"] == flag, ["first", "second", "correlation"]]
        assert flagged(ours) == flagged(expected[["Ind1", "Ind2", "Corr"]])


def test_a_pair_of_two_domains_is_flagged_only_where_it_says_the_same():
    structure = pd.DataFrame(
        {
            "id": ["a", "b", "p", "q", "i"],
            "parent": ["p", "q", "i", "i", ""],
            "weight": 1,
            "direction": 1,
        }
    )
    same = pd.DataFrame({"a": [1.0, 2, 3], "b": [1.0, 2, 3.1]})
    assert correlation_flags(same, structure)[["parent", "flag"]].to_numpy().tolist() == [
        ["", "redundant"]
    ]
    assert correlation_flags(same.assign(b=-same["b"]), structure).empty
    with pytest.raises(ConfigError, match="redundant=92 is no correlation"):
        correlation_flags(same, structure, redundant=92)
    with pytest.raises(ConfigError, match=r"no correlation. Did you mean 'pearson'"):
        correlations(same, method="pearsn")


FLAT = pd.DataFrame({"id": ["a", "b", "i"], "parent": ["i", "i", ""], "weight": 1, "direction": 1})


def test_alpha_by_hand():
    # var(a) = 1, var(b) = 4, var(a + b) = 9 when b = 2a: 2 (1 - 5/9) = 8/9.
    scores = pd.DataFrame({"a": [1.0, 2, 3], "b": [2.0, 4, 6]})
    assert cronbach_alpha(scores, FLAT)["alpha"].tolist() == pytest.approx([8 / 9])


def test_two_indicators_have_components_of_one_plus_and_minus_their_correlation():
    rng = np.random.default_rng(3)
    values = pd.DataFrame(rng.normal(size=(40, 2)) @ [[1, 0.5], [0, 1]], columns=["a", "b"])
    found = principal_components(values)
    r = values["a"].corr(values["b"])
    assert found.explained["eigenvalue"].tolist() == pytest.approx([1 + r, 1 - r])
    assert found.explained["cumulative"].iloc[-1] == pytest.approx(1)
    assert found.loadings["PC1"].tolist() == pytest.approx([np.sqrt((1 + r) / 2)] * 2)
    assert found.regions == 40


def test_components_of_too_few_regions_or_a_constant_are_refused():
    with pytest.raises(DataError, match="need three complete regions; there are 2"):
        principal_components(pd.DataFrame({"a": [1.0, 2, np.nan], "b": [1.0, 2, 3]}))
    with pytest.raises(DataError, match="'a' does not vary"):
        principal_components(pd.DataFrame({"a": [1.0, 1, 1], "b": [1.0, 2, 3]}))


@pytest.mark.parametrize("level", [1, 2])
def test_leaving_one_out_is_the_references(asem, structure, level):
    ours = leave_out_nodes(asem("06_Normalised"), structure, level=level)
    scores = asem(f"leave_one_out/level{level}_scores").rename(columns={"Nominal": "nominal"})
    ranks = asem(f"leave_one_out/level{level}_ranks").rename(columns={"Nominal": "nominal"})
    shift = asem(f"leave_one_out/level{level}_meanabsrankdiff").rename({"Nominal": "nominal"})
    np.testing.assert_allclose(ours.scores.loc[scores.index, scores.columns], scores, **CLOSE)
    assert (ours.ranks.loc[ranks.index, ranks.columns] == ranks).all().all()
    np.testing.assert_allclose(ours.rank_shift.loc[shift.index], shift["MeanAbsRankDiff"], **CLOSE)


def test_a_domain_left_without_children_hands_its_weight_on():
    structure = pd.DataFrame(
        {
            "id": ["a", "b", "p", "q", "i"],
            "parent": ["p", "q", "i", "i", ""],
            "weight": 1,
            "direction": 1,
        }
    )
    scores = pd.DataFrame({"a": [1.0, 2.0], "b": [9.0, 3.0]})
    assert leave_out_nodes(scores, structure).scores["a"].tolist() == [9.0, 3.0]
    with pytest.raises(ConfigError, match="level=3: no node below the index"):
        leave_out_nodes(scores, structure, level=3)


def test_a_region_that_leaves_does_not_count_as_a_move_of_the_others():
    values = pd.DataFrame({"a": [1.0, 2, 3, 4], "b": [1.0, 2, 3, 4]}, index=list("wxyz"))
    ours = leave_out_regions(values, FLAT, treatment=None)
    assert ours.rank_shift.tolist() == [0, 0, 0, 0, 0]
    assert np.isnan(ours.scores.loc["z", "z"])


def test_an_extreme_region_moves_the_others():
    # Without z the others' b spans 0-2 and outweighs a; with it b hardly tells them apart.
    values = pd.DataFrame({"a": [3.0, 2, 1, 2], "b": [0.0, 1.5, 4, 100]}, index=list("wxyz"))
    structure = FLAT.assign(weight=[1.0, 1.5, 1.0])
    ours = leave_out_regions(values, structure, treatment=None)
    assert ours.rank_shift["z"] > 0
    assert ours.ranks.loc["x", "nominal"] - 1 == 2


def test_distance_is_cooks_by_hand():
    # Without b the index is a alone.
    scores = pd.DataFrame({"a": [0.0, 2, 4, 6], "b": [0.0, 0, 0, 4]}, index=list("wxyz"))
    ours = leave_out_nodes(scores, FLAT)
    assert ours.scores["nominal"].tolist() == [0, 1, 2, 5]
    # Moves 0, 1, 2, 1: mean square 6/4; the scores' variance is (4 + 1 + 0 + 9)/3 = 14/3.
    assert ours.distance["b"] == pytest.approx((6 / 4) / (14 / 3))
    assert ours.distance["nominal"] == 0


def test_a_fault_that_shows_only_without_a_region_names_it():
    values = pd.DataFrame({"a": [1.0, 1, 1, 5], "b": [1.0, 2, 3, 4]}, index=list("wxyz"))
    with pytest.raises(DataError, match="Without region 'z': 'a' has the same value"):
        leave_out_regions(values, FLAT, treatment=None)
