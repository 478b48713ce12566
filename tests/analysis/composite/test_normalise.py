"""Every normalisation, against COINr's and Compind's."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from regionstudy.analysis.composite import normalise
from regionstudy.errors import ConfigError, DataError

# The oracle's own tolerance (MANIFEST.md).
CLOSE = {"rtol": 1e-9, "atol": 1e-12}

CASES = {
    "n_minmax_0_100": ("minmax", {}),
    "n_minmax_1_100": ("minmax", {"range": (1, 100)}),
    "n_minmax_0_1": ("minmax", {"range": (0, 1)}),
    "n_zscore_0_1": ("zscore", {}),
    "n_zscore_100_10": ("zscore", {"mean": 100, "sd": 10}),
    "n_rank_min": ("rank", {}),
    "n_rank_average": ("rank", {"ties": "average"}),
    "n_rank_max": ("rank", {"ties": "max"}),
    "n_borda_min": ("borda", {}),
    "n_prank_min": ("percentile_rank", {}),
    "n_prank_average": ("percentile_rank", {"ties": "average"}),
    "n_scaled_0_100_x100": ("scaled", {}),
    "n_scaled_m5_20_x10": ("scaled", {"bounds": (-5, 20), "range": (0, 10)}),
    "n_dist2max": ("distance_to_max", {}),
}


def assert_close(ours, expected):
    aligned = ours.loc[expected.index, expected.columns].to_numpy(dtype=float)
    np.testing.assert_allclose(aligned, expected.to_numpy(dtype=float), **CLOSE)


@pytest.mark.parametrize("name", CASES)
def test_normalisation_is_the_references(asem, direction, name):
    method, options = CASES[name]
    ours = normalise(asem("05_Treated"), method=method, direction=direction, **options)
    assert_close(ours, asem(f"normalised/{name}"))


@pytest.mark.parametrize("cap", [False, True])
def test_distance_to_a_target_is_the_references(asem, direction, meta, cap):
    target = meta.set_index("id")["Target"].dropna()
    ours = normalise(
        asem("05_Treated"), method="distance_to_target", direction=direction, target=target, cap=cap
    )
    assert_close(ours, asem("normalised/n_dist2targ_iMeta" + ("_cap" if cap else "")))


@pytest.mark.parametrize("cap", [False, True])
def test_distance_to_a_reference_is_the_references_where_it_exists(asem, direction, cap):
    # COINr divides by zero for TIRcon, where Singapore is worst (MANIFEST, "Quirks").
    treated = asem("05_Treated").drop(columns="TIRcon")
    ours = normalise(
        treated,
        method="distance_to_reference",
        direction=direction.drop("TIRcon"),
        reference="SGP",
        cap=cap,
    )
    expected = asem("normalised/n_dist2ref_SGP" + ("_cap" if cap else ""))
    assert_close(ours, expected.drop(columns="TIRcon"))


def test_a_reference_that_is_worst_is_named(asem, direction):
    with pytest.raises(DataError, match="'TIRcon' is worst in the reference 'SGP'"):
        normalise(
            asem("05_Treated"),
            method="distance_to_reference",
            direction=direction,
            reference="SGP",
        )


@pytest.mark.parametrize(("truncate", "name"), [(True, "trunc"), (False, "notrunc")])
def test_goalposts_are_the_references(asem, direction, truncate, name):
    posts = asem("normalised/goalposts")
    ours = normalise(
        asem("05_Treated"),
        method="goalposts",
        direction=direction,
        lower=posts["goalpost_lower"],
        upper=posts["goalpost_upper"],
        truncate=truncate,
    )
    assert_close(ours, asem(f"normalised/n_goalposts_p5_p95_x100_{name}"))


def test_fraction_of_max_is_the_references_where_more_is_better(asem, direction):
    # With direction -1 COINr divides by the least negative value (MANIFEST, "Quirks").
    up = direction.index[direction == 1]
    positive = [name for name in up if asem("05_Treated")[name].max() > 0]
    ours = normalise(asem("05_Treated")[positive], method="fraction_of_max")
    assert_close(ours, asem("normalised/n_fracmax")[positive])


def test_fraction_of_max_is_the_least_over_the_value_where_less_is_better():
    values = pd.DataFrame({"rent": [4.0, 8.0, 16.0]})
    ours = normalise(values, method="fraction_of_max", direction={"rent": -1})
    assert ours["rent"].tolist() == [1.0, 0.5, 0.25]


def test_distance_to_the_mean_is_relative_and_turns_with_the_direction():
    values = pd.DataFrame({"jobs": [60.0, 90.0], "rent": [5.0, 15.0]})
    ours = normalise(
        values,
        method="distance_to_mean",
        direction={"rent": -1},
        national={"jobs": 80, "rent": 10},
    )
    assert ours["jobs"].tolist() == pytest.approx([-0.25, 0.125])
    assert ours["rent"].tolist() == pytest.approx([0.5, -0.5])


@pytest.mark.parametrize(
    ("name", "method", "options"),
    [
        ("1_100", "minmax", {"range": (1, 100)}),
        ("n_rank", "rank", {}),
        ("n_prank", "percentile_rank", {}),
        ("n_zscore", "zscore", {}),
    ],
)
def test_missing_values_stay_missing_and_count_for_nothing(asem, direction, name, method, options):
    ours = normalise(asem("02_Denominated"), method=method, direction=direction, **options)
    assert_close(ours, asem(f"missing/normalised_unimputed_{name}"))


@pytest.mark.parametrize(
    ("name", "method", "options"),
    [
        ("BLI_norm_z100_10", "zscore", {"mean": 100, "sd": 10}),
        ("BLI_norm_minmax01", "minmax", {"range": (0, 1)}),
        ("BLI_norm_rank_average", "rank", {"ties": "average"}),
    ],
)
def test_normalisation_is_compinds(compind, name, method, options):
    ours = normalise(compind("BLI_2017"), method=method, **options)
    assert_close(ours, compind(name))


def test_indicators_may_each_have_a_method_of_their_own():
    values = pd.DataFrame({"jobs": [1.0, 2.0, 4.0], "rent": [1.0, 2.0, 4.0]})
    ours = normalise(values, by_indicator={"rent": {"method": "rank"}}, range=(0, 3))
    assert ours["jobs"].tolist() == [0, 1, 3]
    assert ours["rent"].tolist() == [1, 2, 3]


def test_a_panel_is_normalised_over_all_years_or_within_each():
    index = pd.MultiIndex.from_product([["2281", "2262"], ["2023", "2024"]])
    index.names = ["region", "period"]
    panel = pd.DataFrame({"jobs": [0.0, 10.0, 5.0, 20.0]}, index=index)
    assert normalise(panel)["jobs"].tolist() == [0, 50, 25, 100]
    assert normalise(panel, within="period")["jobs"].tolist() == [0, 0, 100, 100]


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        ({"a": [1.0, 1.0], "b": [1.0, 2.0]}, "'a' has the same value in every region"),
        ({"a": [np.nan, np.nan], "b": [1.0, 2.0]}, "'a' is missing in every region"),
        ({"a": [np.inf, 1.0], "b": [1.0, 2.0]}, "'a' is infinite in region 'x'"),
        ({"a": [1.0]}, "but one region, 'x'"),
    ],
)
def test_unusable_values_are_named(frame, message):
    values = pd.DataFrame(frame)
    values.index = list("xy")[: len(values)]
    with pytest.raises(DataError, match=message):
        normalise(values)


def test_what_fails_within_a_period_names_the_period():
    index = pd.MultiIndex.from_product([["2023", "2024"], ["x", "y"]], names=["period", "region"])
    frame = pd.DataFrame({"a": [1.0, 2, 5, 5]}, index=index)
    assert normalise(frame)["a"].tolist() == [0, 25, 100, 100]
    with pytest.raises(DataError, match="Within period '2024': 'a' has the same value"):
        normalise(frame, within="period")


def test_repeated_regions_and_words_for_numbers_are_named():
    with pytest.raises(DataError, match="regions 'x' occur more than once"):
        normalise(pd.DataFrame({"a": [1.0, 2.0]}, index=["x", "x"]))
    with pytest.raises(DataError, match="'a' hold something other than numbers"):
        normalise(pd.DataFrame({"a": ["one", "two"]}))
    with pytest.raises(DataError, match="indicators 'a' occur more than once"):
        normalise(pd.DataFrame([[1.0, 2.0], [2.0, 3.0]], columns=["a", "a"]))
    with pytest.raises(DataError, match="nothing in it"):
        normalise(pd.DataFrame())


TWO = pd.DataFrame({"a": [1.0, 2.0]}, index=["x", "y"])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"method": "minmacks"}, "no normalisation. Did you mean 'minmax'"),
        ({"rnage": (0, 1)}, "has no option 'rnage'. Did you mean 'range'"),
        ({"method": "distance_to_target"}, "needs the option 'target'"),
        ({"range": (1, 1)}, "does not rise"),
        ({"method": "scaled", "bounds": (1, 0)}, "do not rise"),
        ({"method": "rank", "ties": "mean"}, "no way of ranking ties"),
        ({"direction": {"a": 0}}, "context .0. does not belong"),
        ({"direction": {"b": 1}}, "direction: 'b' is no indicator"),
        ({"by_indicator": {"b": {}}}, "by_indicator: 'b' is no indicator"),
        ({"within": "period"}, "no level of the index"),
        ({"method": "distance_to_reference", "reference": "z"}, "'z' is no region"),
        ({"method": "distance_to_target", "target": {}}, "target: none is given for 'a'"),
    ],
)
def test_wrong_options_are_named(options, message):
    with pytest.raises(ConfigError, match=message):
        normalise(TWO, **options)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"method": "distance_to_target", "target": {"a": 1}}, "already reached"),
        ({"method": "goalposts", "lower": {"a": 2}, "upper": {"a": 1}}, "goalposts that do not"),
        ({"method": "distance_to_mean", "national": {"a": 0}}, "mean of zero"),
        ({"method": "fraction_of_max", "direction": {"a": -1}}, "no positive best value"),
    ],
)
def test_formulas_without_an_answer_are_named(options, message):
    values = TWO - 1 if options["method"] == "fraction_of_max" else TWO
    with pytest.raises(DataError, match=message):
        normalise(values, **options)


def test_a_reference_without_a_value_is_named():
    values = pd.DataFrame({"a": [np.nan, 1.0, 2.0]}, index=list("xyz"))
    with pytest.raises(DataError, match="missing in the reference 'x'"):
        normalise(values, method="distance_to_reference", reference="x")
