"""Every aggregation, against COINr's and Compind's."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from regionstudy.analysis.composite import aggregate, normalise
from regionstudy.errors import ConfigError, DataError

# The oracle's own tolerance (MANIFEST.md).
CLOSE = {"rtol": 1e-9, "atol": 1e-12}

CASES = {
    "agg_a_amean_minmax1_100": ("arithmetic", {}),
    "agg_a_gmean_minmax1_100": ("geometric", {}),
    "agg_a_hmean_minmax1_100": ("harmonic", {}),
    "agg_a_genmean_p2_minmax1_100": ("generalised", {"power": 2}),
    "agg_a_genmean_p0.5_minmax1_100": ("generalised", {"power": 0.5}),
    "agg_a_genmean_pm1_minmax1_100": ("generalised", {"power": -1}),
    "agg_a_copeland_minmax1_100": ("copeland", {}),
    "agg_mixed_amean_amean_gmean_minmax1_100": (["arithmetic", "arithmetic", "geometric"], {}),
    "agg_a_gmean_customweights_minmax1_100": ("geometric", {}),
    "agg_a_hmean_customweights_minmax1_100": ("harmonic", {}),
    "agg_a_copeland_customweights_minmax1_100": ("copeland", {}),
    "agg_a_amean_customweights_minmax0_100": ("arithmetic", {}),
}


def assert_close(ours, expected):
    aligned = ours[expected.columns.to_list()].loc[expected.index]
    np.testing.assert_allclose(
        aligned.to_numpy(dtype=float), expected.to_numpy(dtype=float), **CLOSE
    )


@pytest.mark.parametrize("name", CASES)
def test_aggregation_is_the_references(asem, structure, custom_structure, name):
    method, options = CASES[name]
    normalised = asem("06_Normalised" if "minmax0" in name else "normalised/n_minmax_1_100")
    ours = aggregate(
        normalised, custom_structure if "custom" in name else structure, method=method, **options
    )
    assert_close(ours, asem(f"aggregated/{name}"))


@pytest.mark.parametrize(
    ("name", "method", "threshold"),
    [
        ("agg_a_amean_datthresh_none", "arithmetic", None),
        ("agg_a_amean_datthresh_0.5", "arithmetic", 0.5),
        ("agg_a_amean_datthresh_0.9", "arithmetic", 0.9),
        ("agg_a_gmean_datthresh_none", "geometric", None),
    ],
)
def test_missing_values_pass_their_weight_on_or_blank_the_node(
    asem, structure, name, method, threshold
):
    ours = aggregate(
        asem("missing/normalised_unimputed_1_100"),
        structure,
        method=method,
        min_available=threshold,
    )
    expected = asem(f"missing/{name}")
    assert_close(ours, expected)
    assert expected.isna().to_numpy().sum() > 0


def flat(ids):
    """A structure of one level with equal weights."""
    return pd.DataFrame(
        {"id": [*ids, "index"], "parent": ["index"] * len(ids) + [""], "weight": 1, "direction": 1}
    )


@pytest.mark.parametrize(
    ("polarity", "column"), [("positive", "MPI_minus"), ("negative", "MPI_plus")]
)
def test_mazziotta_pareto_is_compinds(compind, polarity, column):
    scores = compind("BLI_norm_z100_10")
    ours = aggregate(scores, flat(scores.columns), method="mpi", polarity=polarity)
    expected = compind("BLI_results")[column]
    np.testing.assert_allclose(ours["index"].loc[expected.index], expected, **CLOSE)


@pytest.mark.parametrize("year", [2017, 2018, 2019])
def test_adjusted_mazziotta_pareto_is_compinds(compind, year):
    panel = compind("HPI_input").reset_index(drop=True).set_index(["Country", "year"])
    posts = compind("HPI_goalposts")["goalpost"]
    half = (panel.max() - panel.min()) / 2
    centre = panel.xs(2017, level="year").mean()
    np.testing.assert_allclose(centre[posts.index], posts, **CLOSE)
    normalised = normalise(
        panel,
        method="goalposts",
        direction={"Ecological_Footprint": -1},
        lower=centre - half,
        upper=centre + half,
        range=(70, 130),
        truncate=False,
    ).xs(year, level="year")
    assert_close(normalised, compind(f"HPI_ampi_norm_{year}"))

    ours = aggregate(normalised, flat(panel.columns), method="ampi")["index"]
    penalty = compind("HPI_ampi_penalty")[f"penalty_{year}"]
    np.testing.assert_allclose(
        (normalised.mean(axis=1) - ours).loc[penalty.index], penalty, rtol=1e-9, atol=1e-10
    )
    rounded = compind("HPI_ampi_rounded3")[f"AMPI_{year}"]
    np.testing.assert_allclose(ours.loc[rounded.index], rounded, rtol=0, atol=5e-4)


def test_a_generalised_mean_of_power_zero_is_the_geometric():
    scores = pd.DataFrame({"a": [1.0, 4.0], "b": [9.0, 25.0]})
    ours = aggregate(scores, flat("ab"), method="generalised", power=0)["index"]
    assert ours.tolist() == pytest.approx([3.0, 10.0])


def test_a_region_without_any_value_has_no_score():
    scores = pd.DataFrame({"a": [np.nan, 1.0], "b": [np.nan, 3.0]})
    for method in ("arithmetic", "geometric", "copeland", "mpi"):
        assert aggregate(scores, flat("ab"), method=method)["index"].isna().tolist()[0]


def test_one_child_alone_is_not_penalised():
    scores = pd.DataFrame({"a": [2.0, 1.0], "b": [np.nan, 3.0]})
    assert aggregate(scores, flat("ab"), method="mpi")["index"].iloc[0] == 2.0


@pytest.mark.parametrize("method", ["geometric", "harmonic"])
def test_values_of_zero_have_no_geometric_or_harmonic_mean(method):
    scores = pd.DataFrame({"a": [0.0, 1.0], "b": [2.0, 3.0]}, index=["x", "y"])
    with pytest.raises(DataError, match=f"{method} mean of 'index': 'a' is 0 in region 'x'"):
        aggregate(scores, flat("ab"), method=method)


def test_a_mean_of_zero_has_no_penalty():
    scores = pd.DataFrame({"a": [-1.0, 1.0], "b": [1.0, 3.0]}, index=["x", "y"])
    with pytest.raises(DataError, match="mean is 0 or less in region 'x'"):
        aggregate(scores, flat("ab"), method="mpi")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"method": "geomtric"}, "no aggregation. Did you mean 'geometric'"),
        ({"method": ["arithmetic", "geometric"]}, "2 methods are given for 1 levels"),
        ({"method": "generalised"}, "needs the option 'power'"),
        ({"power": 2}, "No aggregation among 'arithmetic' has an option 'power'"),
        ({"method": "mpi", "polarity": "up"}, "polarity='up' is unknown"),
    ],
)
def test_wrong_options_are_named(options, message):
    scores = pd.DataFrame({"a": [1.0, 2.0], "b": [2.0, 3.0]})
    with pytest.raises(ConfigError, match=message):
        aggregate(scores, flat("ab"), **options)


def test_an_indicator_that_is_not_there_is_named_with_the_nearest():
    with pytest.raises(ConfigError, match=r"'jobz' is no column .* Did you mean 'jobs'"):
        aggregate(pd.DataFrame({"jobs": [1.0, 2.0]}), flat(["jobz"]))
