"""Missing values are filled as asked for, and each is listed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from regionstudy.analysis.composite import build_index, impute, imputed_cells
from regionstudy.errors import ConfigError, DataError

GAPPY = pd.DataFrame({"a": [1.0, np.nan, 4.0, 10.0], "b": [2.0, 4.0, 6.0, 8.0]}, index=list("wxyz"))


@pytest.mark.parametrize(
    ("method", "options", "filled"),
    [
        ("mean", {}, 5.0),
        ("median", {}, 4.0),
        ("group_mean", {"groups": {"w": "n", "x": "n", "y": "s", "z": "n"}}, 5.5),
        ("group_median", {"groups": {"w": "n", "x": "n", "y": "n", "z": "n"}}, 4.0),
    ],
)
def test_one_gap_is_filled_and_listed(method, options, filled):
    ours = impute(GAPPY, method=method, **options)
    assert ours["a"].tolist() == [1.0, filled, 4.0, 10.0]
    assert ours["b"].tolist() == GAPPY["b"].tolist()
    assert ours.attrs["imputed"] == [{"region": "x", "indicator": "a", "method": method}]
    assert imputed_cells(ours).to_numpy().sum() == 1
    assert imputed_cells(ours).loc["x", "a"]
    assert np.isnan(GAPPY.loc["x", "a"])


def test_nearest_takes_the_mean_of_the_regions_most_alike_that_have_a_value():
    # Density of x is between w (9 apart) and y (1 apart), z far away.
    features = pd.DataFrame({"density": [1.0, 10.0, 11.0, 99.0]}, index=list("wxyz"))
    one = impute(GAPPY, method="nearest", features=features, neighbours=1)
    two = impute(GAPPY, method="nearest", features=features, neighbours=2)
    assert one.loc["x", "a"] == 4.0
    assert two.loc["x", "a"] == 2.5


def panel(values, periods=("2020", "2021", "2023")):
    index = pd.MultiIndex.from_product([["w", "x"], list(periods)], names=["region", "period"])
    return pd.DataFrame({"a": values}, index=index)


def test_latest_looks_back_only_and_only_within_the_region():
    ours = impute(panel([1.0, np.nan, 3.0, np.nan, 5.0, np.nan]), method="latest")["a"]
    np.testing.assert_array_equal(ours, [1, 1, 3, np.nan, 5, 5])


def test_linear_goes_by_time_and_never_beyond_the_ends():
    # 2021 is a third of the way from 2020 to 2023.
    ours = impute(panel([1.0, np.nan, 4.0, np.nan, 5.0, np.nan]), method="linear")["a"]
    np.testing.assert_allclose(ours, [1, 2, 4, np.nan, 5, np.nan])


def test_linear_knows_quarters_and_months():
    periods = ("2020K1", "2020K2", "2020K3")
    ours = impute(panel([1.0, np.nan, 3.0, 1.0, 2.0, 3.0], periods), method="linear")["a"]
    assert ours.iloc[1] == pytest.approx(2.0)


def test_order_of_a_panels_rows_is_irrelevant():
    frame = panel([1.0, np.nan, 4.0, 2.0, np.nan, 5.0])
    turned = impute(frame.iloc[::-1], method="linear")
    pd.testing.assert_frame_equal(turned.loc[frame.index], impute(frame, method="linear"))


def test_an_imputed_cell_is_flagged_all_the_way_into_the_index():
    structure = pd.DataFrame(
        {"id": ["a", "b", "i"], "parent": ["i", "i", ""], "weight": 1, "direction": 1}
    )
    ours = build_index(GAPPY, structure, imputation="median")
    assert ours.imputed.loc["x"].tolist() == [True, False]
    already = build_index(impute(GAPPY, method="median"), structure)
    pd.testing.assert_frame_equal(already.imputed, ours.imputed)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"method": "maen"}, ConfigError, "no imputation. Did you mean 'mean'"),
        ({"method": "nearest"}, ConfigError, "needs the option 'features'"),
        ({"method": "group_mean", "groups": {"w": "n"}}, ConfigError, "'x', 'y', 'z' are in none"),
        (
            {"method": "group_mean", "groups": {"w": "n", "x": "s", "y": "n", "z": "n"}},
            DataError,
            "'a' is missing in the whole group 's'",
        ),
        ({"method": "latest"}, ConfigError, "need a panel"),
        (
            {"method": "nearest", "features": GAPPY[["b"]], "neighbours": 0},
            ConfigError,
            "give at least 1",
        ),
        ({"method": "nearest", "features": GAPPY}, ConfigError, "something is missing for 'x'"),
    ],
)
def test_what_cannot_be_imputed_is_named(options, error, message):
    with pytest.raises(error, match=message):
        impute(GAPPY, **options)


def test_a_word_that_is_no_period_is_named():
    with pytest.raises(ConfigError, match="'2020Q1' is no period"):
        impute(panel([1.0, np.nan, 3.0] * 2, ("2020Q1", "2021", "2022")), method="linear")
