"""Where leavers went, and unexplained streams. All flows here are GENERATED."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from regionstudy.analysis.migration import gravity_residual, leavers_destinations
from regionstudy.analysis.revealed import Gravity, gravity
from regionstudy.errors import DataError


@pytest.fixture
def left() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "origin": ["22", "22", "22", "22", "01"],
            "destination": ["01", "21", "01", "22", "22"],
            "period": ["2023", "2023", "2024", "2024", "2024"],
            "value": [300.0, 100.0, 100.0, 9000.0, 50.0],
        }
    )


def test_shares_are_of_all_who_left_over_the_years(left):
    found = leavers_destinations(left, region="22")
    assert found["destination"].tolist() == ["01", "21"]
    assert found["share"].tolist() == [0.8, 0.2]
    assert found["cumulative"].tolist() == [0.8, 1.0]
    assert found.attrs["notes"] == ["moves_not_people"]


def test_hidden_stream_is_said_to_be_unknown_and_shares_to_be_of_the_rest(left):
    found = leavers_destinations(left.assign(status=["", "..", "", "", ""]), region="22")
    assert found["destination"].tolist() == ["01", "unknown"]
    assert found["status"].tolist() == ["i", ".."]
    assert np.isnan(found["share"].iloc[1])


@pytest.mark.parametrize("region", ["2281", "99"])
def test_region_without_flows_is_not_known(left, region):
    found = leavers_destinations(left, region=region)
    assert found["known"].tolist() == [False]
    assert "not_known" in found.attrs["notes"]


@pytest.mark.parametrize("whole", ["total", "00"])
def test_whole_beside_its_parts_is_refused(left, whole):
    with pytest.raises(DataError, match=f'the destination "{whole}" beside its parts'):
        leavers_destinations(left.replace({"destination": {"21": whole}}), region="22")


def fitted(pairs: pd.DataFrame) -> Gravity:
    empty = pd.DataFrame()
    return Gravity(empty, empty, empty, pairs, 0.0, 0, 0, 0.9)


def test_excess_by_hand():
    pairs = pd.DataFrame(
        [(o, d) for o in "abcd" for d in "abcd" if o != d], columns=["origin", "destination"]
    ).assign(distance=100.0, fitted=100.0, value=100.0)
    pairs.loc[0, "value"], pairs.loc[1, "value"] = 120.0, 80.0
    found = gravity_residual(fitted(pairs))
    # (20² + 20²) / 100 over 12 pairs less 8 effects: φ = 2.
    assert found.attrs["dispersion"] == pytest.approx(2.0)
    top = found.iloc[0]
    assert top["excess"] == 20
    assert top["ratio"] == pytest.approx(1.2)
    assert top["standardised"] == pytest.approx(20 / np.sqrt(200))


def test_planted_tie_is_found_beyond_size_and_distance():
    draw = np.random.default_rng(2)
    codes = [f"{number:02d}" for number in range(10)]
    place = pd.DataFrame(draw.uniform(0, 900, (10, 2)), index=codes)
    size = pd.Series(np.exp(draw.normal(4, 0.7, 10)), index=codes)
    pairs = pd.DataFrame(
        [(o, d) for o in codes for d in codes if o != d], columns=["origin", "destination"]
    )
    ends = [pairs["origin"], pairs["destination"]]
    apart = place.loc[ends[0]].to_numpy() - place.loc[ends[1]].to_numpy()
    pairs["distance"] = np.hypot(*apart.T)
    expected = size[ends[0]].to_numpy() * size[ends[1]].to_numpy() / pairs["distance"].to_numpy()
    planted = (pairs["origin"] == "03") & (pairs["destination"] == "07")
    flows = pairs.assign(value=draw.poisson(20 * expected * np.where(planted, 3.0, 1.0)) * 1.0)
    model = gravity(flows[["origin", "destination", "value"]], distance=pairs)
    found = gravity_residual(model).set_index(["origin", "destination"])
    assert found["standardised"].idxmax() == ("03", "07")
    assert found.loc[("03", "07"), "ratio"] > 1.5


def test_model_without_pairs_to_spare_is_refused():
    pairs = pd.DataFrame(
        {"origin": list("ab"), "destination": list("ba"), "value": 1.0, "fitted": 1.0}
    )
    with pytest.raises(DataError, match="2 pairs for 4 effects"):
        gravity_residual(fitted(pairs))
