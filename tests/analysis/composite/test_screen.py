"""Availability, screening and denomination, against COINr's."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from regionstudy.analysis.composite import availability, denominate, impute, screen
from regionstudy.errors import ConfigError, DataError

CLOSE = {"rtol": 1e-9, "atol": 1e-12}


def test_denominated_values_are_the_references(asem, meta):
    raw = asem("00_iData").reset_index().set_index("uCode")
    indicators = meta.loc[meta["Type"] == "Indicator", "id"].tolist()
    sizes = raw[["Area", "Energy", "GDP", "Population"]]
    ours = denominate(raw[indicators], sizes, by=meta.set_index("id")["Denominator"].dropna())
    expected = asem("02_Denominated")
    np.testing.assert_allclose(ours.loc[expected.index, expected.columns], expected, **CLOSE)


def test_group_means_are_the_references(asem):
    groups = asem("00_iData").reset_index().set_index("uCode")["EurAsia_group"]
    ours = impute(asem("02_Denominated"), method="group_mean", groups=groups)
    expected = asem("03_Imputed")
    np.testing.assert_allclose(ours.loc[expected.index, expected.columns], expected, **CLOSE)
    assert len(ours.attrs["imputed"]) == int(asem("02_Denominated").isna().sum().sum())


def test_screening_counts_are_the_references(asem):
    ours = screen(asem("03_Imputed"), min_available=0.9)
    expected = asem("04_screen_summary")
    counted = ours.regions.loc[expected.index]
    assert counted["missing"].tolist() == expected["N_missing"].tolist()
    assert counted["zero"].tolist() == expected["N_zero"].tolist()
    np.testing.assert_allclose(counted["available"], expected["Dat_Avail"], **CLOSE)
    np.testing.assert_allclose(counted["non_zero"], expected["Non_Zero"], **CLOSE)
    assert counted["kept"].tolist() == expected["Included"].astype(bool).tolist()
    pd.testing.assert_frame_equal(
        ours.values, asem("04_Screened"), check_names=False, check_dtype=False
    )


def test_availability_is_the_references(asem, structure):
    raw = asem("01_Raw")
    summary = asem("dataavail_summary")
    counted = screen(raw, min_available=0).regions.loc[summary.index]
    assert counted["missing"].tolist() == summary["N_missing"].tolist()
    np.testing.assert_allclose(counted["available"], summary["Dat_Avail"], **CLOSE)
    np.testing.assert_allclose(counted["non_zero"], summary["Non_Zero"], **CLOSE)
    by_group = asem("dataavail_bygroup")
    ours = availability(raw, structure).loc[by_group.index, by_group.columns]
    np.testing.assert_allclose(ours, by_group, **CLOSE)


def test_thin_indicators_go_before_regions_are_judged():
    values = pd.DataFrame(
        {"a": [1.0, 2.0, 3.0], "b": [1.0, np.nan, np.nan], "c": [1.0, 0.0, 2.0]},
        index=list("xyz"),
    )
    kept = screen(values, min_available=1.0, min_available_indicator=0.5)
    assert kept.values.columns.tolist() == ["a", "c"]
    assert kept.values.index.tolist() == ["x", "y", "z"]
    assert screen(values, min_available=1.0).values.index.tolist() == ["x"]
    assert screen(values, min_available=0, min_non_zero=0.6).values.index.tolist() == ["x", "z"]


def test_screening_away_everything_and_wrong_limits_are_named():
    values = pd.DataFrame({"a": [np.nan, 1.0], "b": [1.0, np.nan]})
    with pytest.raises(DataError, match=r"complete enough. Lower min_available"):
        screen(values, min_available=1)
    with pytest.raises(ConfigError, match="min_available=90 is no share"):
        screen(values, min_available=90)


VALUES = pd.DataFrame({"moves": [5.0, 6.0]}, index=["x", "y"])
SIZES = pd.DataFrame({"people": [10.0, 0.0]}, index=["x", "y"])


@pytest.mark.parametrize(
    ("sizes", "by", "error", "message"),
    [
        (SIZES, {"moves": "people"}, DataError, "'people' is 0 or less in 'y'"),
        (SIZES.loc[["x"]], {"moves": "people"}, DataError, "regions 'y' have no row"),
        (SIZES, {"moves": "peopel"}, ConfigError, "'peopel' .* Did you mean 'people'"),
        (SIZES, {"mvoes": "people"}, ConfigError, "'mvoes' is no indicator"),
    ],
)
def test_wrong_denominators_are_named(sizes, by, error, message):
    with pytest.raises(error, match=message):
        denominate(VALUES, sizes, by=by)
