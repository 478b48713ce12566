from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from pandas.testing import assert_frame_equal

from regionstudy.analysis.migration import net_migration, rates
from regionstudy.errors import DataError


@st.composite
def matrices(draw):
    size = draw(st.integers(2, 6))
    return draw(arrays(float, (2, size, size), elements=st.integers(0, 900).map(float)))


def as_flows(matrix: np.ndarray) -> pd.DataFrame:
    codes = [f"{number:04d}" for number in range(matrix.shape[1])]
    index = pd.MultiIndex.from_product(
        [["2018", "2019"], codes, codes], names=["period", "origin", "destination"]
    )
    return pd.DataFrame({"value": matrix.ravel(), "status": ""}, index=index).reset_index()


@given(matrix=matrices())
@settings(max_examples=50, deadline=None)
def test_domestic_net_migration_sums_to_zero_over_the_country(matrix):
    net = net_migration(as_flows(matrix))
    assert net.groupby("period")["net_migration"].sum().eq(0).all()


@given(matrix=matrices())
@settings(max_examples=50, deadline=None)
def test_margins_of_the_matrix_are_the_gross_flows_without_those_who_stay(matrix):
    net = net_migration(as_flows(matrix))
    stay = np.diagonal(matrix, axis1=1, axis2=2)
    wide = net.pivot_table(index="period", columns="region", values=["inmigration", "outmigration"])
    np.testing.assert_array_equal(wide["inmigration"], matrix.sum(axis=1) - stay)
    np.testing.assert_array_equal(wide["outmigration"], matrix.sum(axis=2) - stay)


@given(matrix=matrices(), seed=st.integers(0, 100))
@settings(max_examples=20, deadline=None)
def test_order_of_flows_is_irrelevant(matrix, seed):
    flows = as_flows(matrix)
    shuffled = flows.sample(frac=1, random_state=seed)
    assert_frame_equal(net_migration(flows), net_migration(shuffled))


def test_region_that_nobody_moved_to_or_from_has_zero():
    flows = pd.DataFrame({"origin": ["a", "c"], "destination": ["b", "c"], "value": [3.0, 100.0]})
    net = net_migration(flows).set_index("region")["net_migration"]
    assert net.to_dict() == {"a": -3.0, "b": 3.0, "c": 0.0}


def test_suppressed_flow_is_not_zero():
    flows = pd.DataFrame(
        {
            "origin": ["a", "b", "a"],
            "destination": ["b", "a", "c"],
            "value": [np.nan, 5.0, 2.0],
            "status": ["..", "", ""],
        }
    )
    net = net_migration(flows).set_index("region")
    assert net["status"].to_dict() == {"a": "..", "b": "..", "c": ""}
    assert net.loc["a", "inmigration"] == 5.0
    assert net.loc[["a", "b"], "net_migration"].isna().all()
    assert net.loc["c", "net_migration"] == 2.0


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        ({"origin": ["a"], "value": [1.0]}, "flows lacks the column destination"),
        (
            {"origin": ["a", "a"], "destination": ["b", "b"], "value": [1.0, 1.0]},
            "flows has 1 repeated rows, first at origin a, destination b",
        ),
        (
            {"origin": ["a"], "destination": ["b"], "value": [-4.0]},
            "holds -4 persons from a to b; a flow is never negative",
        ),
    ],
)
def test_flows_that_cannot_be_counted_are_named(frame, message):
    with pytest.raises(DataError, match=message):
        net_migration(pd.DataFrame(frame))


def counts(**columns) -> pd.DataFrame:
    return pd.DataFrame({"region": "2281", "status": "", **columns})


def test_rate_is_on_the_mean_of_two_year_ends(total_population):
    # Sundsvall's net 2019 is 451 (migration_net_sundsvall_peers); 98 850 and 99 449 residents.
    rate = rates(counts(period=["2019"], value=[451.0]), total_population).iloc[0]
    assert rate["mean_population"] == (98850 + 99449) / 2
    assert rate["value"] == pytest.approx(1000 * 451 / 99149.5)


def test_first_year_has_no_mean_population():
    people = counts(period=["2018", "2020"], value=[100.0, 110.0])
    found = rates(counts(period=["2018", "2019", "2020"], value=[1.0, 1.0, 1.0]), people)
    assert found["value"].isna().all()
    assert found["status"].tolist() == ["..", "..", ".."]


def test_rate_within_an_age_uses_that_age():
    flows = counts(period="2019", age=["20-24", "25-29"], value=[10.0, 30.0])
    people = pd.concat(
        [
            counts(period=year, age=["20-24", "25-29"], value=[1000.0, 2000.0])
            for year in ("2018", "2019")
        ]
    )
    assert rates(flows, people)["value"].tolist() == [10.0, 15.0]


def test_several_flows_share_one_population():
    flows = counts(period="2019", flow=["inmigration", "outmigration"], value=[10.0, 30.0])
    people = counts(period=["2018", "2019"], value=[1000.0, 1000.0])
    assert rates(flows, people)["value"].tolist() == [10.0, 30.0]


def test_rate_of_nobody_does_not_apply():
    people = counts(period=["2018", "2019"], value=[0.0, 0.0])
    found = rates(counts(period=["2019"], value=[0.0]), people)
    assert found["status"].tolist() == ["."]
    assert found["value"].isna().all()


def test_missing_count_and_status_travel():
    people = counts(period=["2017", "2018", "2019"], value=[1000.0, 1000.0, 1000.0])
    flows = counts(period=["2018", "2019"], value=[np.nan, 5.0]).assign(status=["..", "p"])
    found = rates(flows, people)
    assert found["status"].tolist() == ["..", "p"]
    assert found["value"].tolist()[1] == 5.0


def test_population_with_repeated_rows_is_refused():
    people = counts(period=["2018", "2018"], value=[1.0, 2.0], sex=["1", "2"])
    with pytest.raises(DataError, match="population has 1 repeated rows, first at region 2281"):
        rates(counts(period=["2019"], value=[1.0]), people)
