"""Treatment of outliers and transformations, against COINr's."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from regionstudy.analysis.composite import build_index, transform, treat
from regionstudy.analysis.composite.treat import skewness_and_kurtosis
from regionstudy.errors import ConfigError, DataError

# The oracle's own tolerance (MANIFEST.md).
CLOSE = {"rtol": 1e-9, "atol": 1e-12}
WORDS = {"winsorised_high": "winhi", "winsorised_low": "winlo", "log": "log_CT"}


def assert_close(ours, expected):
    aligned = ours.loc[expected.index, expected.columns]
    np.testing.assert_allclose(
        aligned.to_numpy(dtype=float), expected.to_numpy(dtype=float), **CLOSE
    )


def marks(treated, like):
    """Our list of points in the shape of the oracle's table."""
    table = pd.DataFrame("", index=like.index, columns=like.columns, dtype=object)
    for point in treated.attrs["treated"]:
        table.loc[point["region"], point["indicator"]] = WORDS[point["treatment"]]
    return table


def final(points):
    """The oracle's marks without the winsorisation that a logarithm replaced."""
    return points.astype(object).fillna("").replace({"+log_CT": "log_CT", "winhi+log_CT": "log_CT"})


CASES = {
    "05_Treated": ({}, "05_treated_points", "05_treat_details"),
    "treated/winmax1_then_logCT_data": ({"max_winsorised": 1}, None, None),
    "treated/winmax2_then_logCT_data": ({"max_winsorised": 2}, None, None),
    "treated/winmax5_thresh1_2_then_logCT_data": ({"skew": 1, "kurtosis": 2}, None, None),
    "treated/winmax_unlimited_data": ({"max_winsorised": None}, None, None),
    "treated/log_CT_only_data": ({"max_winsorised": 0}, None, None),
}


@pytest.mark.parametrize("name", CASES)
def test_values_points_and_counts_are_the_references(asem, name):
    options, points, details = CASES[name]
    treated = treat(asem("04_Screened"), **options)
    assert_close(treated, asem(name))
    expected = final(asem(points or name.replace("_data", "_points")))
    # One of the tables has lost its column names; the order is that of the data.
    expected.columns = asem(name).columns
    pd.testing.assert_frame_equal(marks(treated, expected), expected, check_dtype=False)

    table = asem(details or name.replace("_data", "_details"))
    failed = table[~table["check_SkewKurt0.Pass"].astype(bool)]
    report = pd.DataFrame(treated.attrs["treatment"]).T
    assert set(report.index) == set(failed.index)
    report = report.loc[failed.index]
    np.testing.assert_allclose(
        report[["skew", "kurtosis"]].to_numpy(dtype=float),
        failed[["check_SkewKurt0.Skew", "check_SkewKurt0.Kurt"]].to_numpy(dtype=float),
        **CLOSE,
    )
    if "winsorise.nwin" in failed:
        assert report["winsorised"].tolist() == failed["winsorise.nwin"].tolist()


@pytest.mark.parametrize(
    ("method", "options", "name"),
    [
        ("log", {}, "log_CT"),
        ("log_shifted", {}, "log_CT_orig"),
        ("log_signed", {}, "log_CT_plus"),
        ("box_cox", {"power": 0}, "boxcox_lambda0_makepos"),
        ("box_cox", {"power": 0.5}, "boxcox_lambda0.5_makepos"),
        ("box_cox", {"power": 2}, "boxcox_lambda2_makepos"),
    ],
)
def test_transformations_are_the_references(asem, method, options, name):
    assert_close(
        transform(asem("04_Screened"), method=method, **options),
        asem(f"treated/element_{name}_all"),
    )


def test_yeo_johnson_with_a_power_of_one_leaves_values_as_they_are():
    values = pd.DataFrame({"a": [-3.0, 0.0, 2.0, np.nan]})
    ours = transform(values, method="yeo_johnson", power=1)
    pd.testing.assert_frame_equal(ours, values)


@pytest.mark.parametrize("method", ["box_cox", "yeo_johnson"])
def test_a_power_is_found_that_makes_the_distribution_less_skewed(method):
    values = pd.DataFrame({"a": np.exp(np.linspace(0, 5, 60))})
    assert abs(transform(values, method=method)["a"].skew()) < 0.2 < values["a"].skew()


def test_moments_are_those_of_scipy_without_bias_and_leave_missing_values_out(asem):
    values = asem("02_Denominated").to_numpy(dtype=float)
    skew, kurt = skewness_and_kurtosis(values)
    np.testing.assert_allclose(skew, stats.skew(values, bias=False, nan_policy="omit"), **CLOSE)
    np.testing.assert_allclose(kurt, stats.kurtosis(values, bias=False, nan_policy="omit"), **CLOSE)


def test_missing_values_stay_missing_and_the_input_stays_as_it_was():
    values = pd.DataFrame({"a": [1.0, 2, 3, 4, 5, 6, 7, 90, np.nan]})
    kept = values.copy()
    treated = treat(values)
    assert treated["a"].isna().tolist() == values["a"].isna().tolist()
    assert treated["a"].max() == 7
    pd.testing.assert_frame_equal(values, kept)


def test_winsorising_never_makes_every_region_the_same():
    rare = pd.DataFrame({"a": [0.0] * 19 + [1.0]})
    treated = treat(rare, then=None)
    assert treated["a"].nunique() == 2
    assert treated.attrs["treated"] == []


def test_a_winsorised_and_logged_index_reports_both_in_one_list(asem, structure):
    index = build_index(asem("04_Screened"), structure, treatment_options={"max_winsorised": 1})
    assert {point["treatment"] for point in index.treated.attrs["treated"]} == set(WORDS)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"skew": -1}, "limits, 0 or more"),
        ({"max_winsorised": -1}, "limits, 0 or more"),
        ({"then": "logg"}, "no transformation. Did you mean 'log'"),
        ({"then": "log", "power": 2}, "transformation 'log' has no option 'power'"),
    ],
)
def test_wrong_options_are_named(options, message):
    with pytest.raises(ConfigError, match=message):
        treat(pd.DataFrame({"a": [1.0, 2.0]}), **options)


@pytest.mark.parametrize("treatment", ["log", "box_cox", "yeo_johnson"])
def test_transforming_every_indicator_reports_every_point_and_keeps_what_came_with_it(treatment):
    values = pd.DataFrame({"a": [1.0, 2, np.nan, 9], "b": [3.0, 1, 4, 1]}, index=list("wxyz"))
    values.attrs["provenance"] = {"a": {"source": "SCB"}}
    structure = pd.DataFrame(
        {"id": ["a", "b", "i"], "parent": ["i", "i", ""], "weight": 1, "direction": 1}
    )
    treated = build_index(values, structure, treatment=treatment).treated
    points = [(point["region"], point["indicator"]) for point in treated.attrs["treated"]]
    assert points == [(r, c) for c in "ab" for r in "wxyz" if (r, c) != ("y", "a")]
    assert {point["treatment"] for point in treated.attrs["treated"]} == {treatment}
    assert treated.attrs["provenance"] == {"a": {"source": "SCB"}}


def test_a_constant_indicator_cannot_be_transformed():
    with pytest.raises(DataError, match="'a' has the same value"):
        transform(pd.DataFrame({"a": [1.0, 1.0]}))
