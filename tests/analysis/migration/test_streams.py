"""Streams between regions. All flows here are GENERATED."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from regionstudy.analysis.migration import (
    effectiveness,
    flow_matrix,
    net_flows,
    net_migration,
    system_effectiveness,
)
from regionstudy.errors import DataError


@st.composite
def matrices(draw):
    size = draw(st.integers(2, 6))
    return draw(arrays(float, (size, size), elements=st.integers(0, 900).map(float)))


def as_flows(matrix: np.ndarray, period: str = "2019") -> pd.DataFrame:
    codes = [f"{number:02d}" for number in range(1, len(matrix) + 1)]
    index = pd.MultiIndex.from_product([codes, codes], names=["origin", "destination"])
    flows = pd.DataFrame({"value": matrix.ravel(), "status": ""}, index=index).reset_index()
    return flows.assign(period=period)


@pytest.fixture
def three() -> pd.DataFrame:
    """a -> b 30, b -> a 10, a -> c 20, c -> b 5; GENERATED."""
    return pd.DataFrame(
        {"origin": list("abac"), "destination": list("bacb"), "value": [30.0, 10, 20, 5]}
    )


@given(matrix=matrices())
@settings(max_examples=15, deadline=None)
def test_margins_of_the_matrix_are_the_gross_flows(matrix):
    flows = as_flows(matrix)
    laid = flow_matrix(flows)
    gross = net_migration(flows).set_index("region")
    np.testing.assert_array_equal(laid.sum(axis=1), gross["outmigration"])
    np.testing.assert_array_equal(laid.sum(axis=0), gross["inmigration"])
    assert np.isnan(np.diagonal(laid)).all()


@given(matrix=matrices())
@settings(max_examples=15, deadline=None)
def test_nets_of_pairs_add_up_to_the_nets_of_regions(matrix):
    pairs = net_flows(as_flows(matrix))
    net = pairs.groupby("destination")["value"].sum().sub(
        pairs.groupby("origin")["value"].sum(), fill_value=0
    )  # fmt: skip
    regions = net_migration(as_flows(matrix)).set_index("region")["net_migration"]
    assert net.reindex(regions.index, fill_value=0).to_dict() == regions.to_dict()
    assert (pairs["value"] >= 0).all()


@given(matrix=matrices())
@settings(max_examples=15, deadline=None)
def test_effectiveness_lies_within_its_limits_and_the_systems_is_the_weighted_mean(matrix):
    regions = effectiveness(as_flows(matrix))
    share = regions["effectiveness"].dropna()
    assert share.between(-100, 100).all()
    system = system_effectiveness(as_flows(matrix)).iloc[0]
    moved = regions["inmigration"] + regions["outmigration"]
    if moved.sum() == 0:
        assert system["status"] == "."
        return
    weighted = (regions["effectiveness"].abs() * moved).sum() / moved.sum()
    assert system["effectiveness"] == pytest.approx(weighted)


def test_net_stream_runs_towards_the_gain(three):
    found = net_flows(three)
    assert found[["origin", "destination"]].apply("".join, axis=1).tolist() == ["ab", "ac", "cb"]
    assert found["value"].tolist() == [20, 20, 5]
    assert found["effectiveness"].tolist() == [50, 100, 100]
    assert found.loc[0, ["there", "back"]].tolist() == [30, 10]


def test_direction_is_turned_where_the_second_gains(three):
    turned = three.rename(columns={"origin": "destination", "destination": "origin"})
    assert net_flows(turned)[["origin", "destination"]].iloc[0].tolist() == ["b", "a"]


def test_effectiveness_by_hand(three):
    # a: in 10, out 50; b: in 35, out 10; c: in 20, out 5.
    found = effectiveness(three).set_index("region")["effectiveness"]
    assert found["a"] == pytest.approx(-100 * 40 / 60)
    assert found["b"] == pytest.approx(100 * 25 / 45)
    system = system_effectiveness(three).iloc[0]
    assert system["moves"] == 65
    assert system["redistributed"] == 40
    assert system["effectiveness"] == pytest.approx(100 * 80 / 130)


def test_periods_are_kept_apart():
    flows = pd.concat([as_flows(np.array([[0.0, 5], [3, 0]]), year) for year in ("2018", "2019")])
    assert net_flows(flows)["period"].tolist() == ["2018", "2019"]
    assert system_effectiveness(flows)["moves"].tolist() == [8, 8]
    with pytest.raises(DataError, match="Choose one value of period first"):
        flow_matrix(flows)


def test_suppressed_stream_is_missing_wherever_it_counts(three):
    hidden = three.assign(status=["", "..", "", ""])
    laid = flow_matrix(hidden)
    assert np.isnan(laid.loc["b", "a"])
    assert laid.attrs["missing_pairs"] == 1
    pair = net_flows(hidden).set_index(["origin", "destination"]).loc[("a", "b")]
    assert np.isnan(pair["value"])
    assert pair["there"] == 30
    assert pair["status"] == ".."
    assert effectiveness(hidden).set_index("region")["status"].to_dict() == {
        "a": "..", "b": "..", "c": ""
    }  # fmt: skip
    assert system_effectiveness(hidden)["status"].tolist() == [".."]


def test_pair_without_moves_has_no_effectiveness():
    nobody = as_flows(np.zeros((2, 2)))
    assert net_flows(nobody)["status"].tolist() == ["."]
    assert net_flows(nobody)["value"].tolist() == [0]
    assert effectiveness(nobody)["status"].tolist() == [".", "."]


def test_matrix_takes_an_order_and_a_part(three):
    assert flow_matrix(three, regions=["b", "a"]).to_numpy()[0, 1] == 10


@pytest.mark.parametrize(
    ("regions", "message"),
    [(["a", "q"], "regions names q, which no flow"), (["a", "a"], "regions names a twice")],
)
def test_unusable_regions_are_refused(three, regions, message):
    with pytest.raises(DataError, match=message):
        flow_matrix(three, regions=regions)


@pytest.mark.parametrize("count", [flow_matrix, net_flows, effectiveness, system_effectiveness])
def test_negative_flow_is_refused(three, count):
    with pytest.raises(DataError, match=r"never negative .is it a net already"):
        count(three.assign(value=[30.0, -1, 20, 5]))


@pytest.mark.parametrize("count", [flow_matrix, net_flows, effectiveness, net_migration])
def test_country_among_the_regions_is_refused(three, count):
    with pytest.raises(DataError, match='the origin "00" beside its parts'):
        count(three.replace({"origin": {"b": "00"}}))
