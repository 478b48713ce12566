from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from pandas.testing import assert_frame_equal

from regionstudy.analysis.profile import GROUPS, profile
from regionstudy.errors import DataError


def frame(**columns: list[float]) -> pd.DataFrame:
    count = len(next(iter(columns.values())))
    return pd.DataFrame(columns, index=[f"r{number}" for number in range(count)])


def place(values: pd.DataFrame, direction: int = 1, **options) -> pd.Series:
    options = {"home": "r0", "peers": list(values.index.drop("00", errors="ignore"))} | options
    return profile(values, directions=dict.fromkeys(values, direction), **options).iloc[0]


def test_sundsvalls_rent_is_place_8_of_23_as_in_the_look(shared):
    # shared/look/index.html: "Plats 8 av 23 från lägst hyra, medianen är 1 195."
    folder = shared / "figures"
    rents = pd.read_csv(
        folder / "median_rent_2016_2022.csv.gz", dtype={"region": str, "period": str}
    )
    rents = rents[
        (rents["indicator"] == "median_annual_rent_sek_per_m2") & (rents["period"] == "2022")
    ]
    groups = pd.read_csv(folder / "skr_kommungrupp.csv", dtype=str)
    code = groups.columns[groups.columns.str.lower().str.contains("kod")][0]
    group = groups.loc[groups["region"] == "2281", code].iloc[0]
    peers = groups.loc[groups[code] == group, "region"].tolist()
    values = rents.set_index("region")[["value"]].rename(columns={"value": "rent"})
    row = profile(values, home="2281", peers=peers, directions={"rent": -1}).iloc[0]
    assert row["value"] == 1118
    assert (row["rank_peers"], row["of_peers"]) == (8, 23)


def test_rank_one_is_most_attractive_whatever_the_sign():
    values = frame(x=[1.0, 2.0, 3.0, 4.0])
    assert place(values, -1)["rank_all"] == 1
    assert place(values, -1)["percentile_all"] == 100
    assert place(values, +1)["rank_all"] == 4
    assert place(values, +1)["percentile_all"] == 0


def test_ties_share_the_lowest_rank_and_count_half():
    row = place(frame(x=[5.0, 5.0, 9.0, 1.0]))
    assert row["rank_all"] == 2
    assert row["percentile_all"] == pytest.approx(100 * 1.5 / 3)


def test_thirds_of_the_percentile_make_the_groups():
    values = frame(a=[3.0, 1, 2, 4], b=[1.0, 2, 3, 4], c=[9.0, 1, 2, 3])
    found = profile(
        values, home="r0", peers=list(values.index), directions={"a": 1, "b": 1, "c": 1}
    )
    assert found["indicator"].tolist() == ["c", "a", "b"]
    assert found["percentile_peers"].tolist() == pytest.approx([100, 200 / 3, 0])
    assert found["group"].tolist() == ["strength", "strength", "weakness"]


def test_peers_and_all_are_two_rankings():
    values = frame(x=[3.0, 1.0, 2.0, 8.0, 9.0])
    row = place(values, peers=["r1", "r2"])
    assert (row["rank_peers"], row["of_peers"], row["group"]) == (1, 3, "strength")
    assert (row["rank_all"], row["of_all"]) == (3, 5)
    assert row["median_peers"] == 1.5
    assert row["median_all"] == 3.0
    assert place(values, peers=["r1", "r2"], among="all")["group"] == "middle"


def test_missing_region_does_not_count_and_missing_home_is_last_without_a_rank():
    values = frame(x=[3.0, np.nan, 2.0], y=[np.nan, 1.0, 2.0])
    found = profile(values, home="r0", peers=["r1", "r2"], directions={"x": 1, "y": 1})
    found = found.set_index("indicator")
    assert found.index.tolist() == ["x", "y"]
    assert (found.loc["x", "of_peers"], found.loc["x", "rank_peers"]) == (2, 1)
    assert found.loc["y", "group"] == "missing"
    assert found.loc["y", ["rank_peers", "percentile_peers"]].isna().all()


def test_context_has_no_rank_and_stands_between():
    values = frame(x=[1.0, 2.0], y=[np.nan, 1.0], z=[1.0, 2.0])
    found = profile(values, home="r0", peers=["r1"], directions={"x": 0, "y": 1, "z": 1})
    assert found["group"].tolist() == ["weakness", "context", "missing"]
    assert np.isnan(found["rank_peers"].iloc[1])
    assert found["value"].iloc[1] == 1.0


def test_country_is_published_or_weighted_or_missing_but_never_ranked():
    values = frame(x=[1.0, 2.0], y=[1.0, 3.0])
    values.loc["00"] = [50.0, np.nan]
    row = place(values[["x"]])
    assert (row["country"], row["country_kind"], row["of_all"]) == (50.0, "published", 2)
    row = place(values[["y"]])
    assert np.isnan(row["country"])
    assert row["country_kind"] == ""
    row = place(values[["y"]], weights=pd.Series({"r0": 3.0, "r1": 1.0}))
    assert (row["country"], row["country_kind"]) == (1.5, "weighted")


def test_no_weighted_mean_is_made_of_some_of_the_regions():
    values = frame(y=[1.0, np.nan])
    row = place(values, weights=pd.Series({"r0": 3.0, "r1": 1.0}))
    assert row["country_kind"] == ""
    row = place(frame(y=[1.0, 3.0]), weights=pd.Series({"r0": 3.0}))
    assert row["country_kind"] == ""


@given(
    values=arrays(
        float, st.tuples(st.integers(2, 9), st.integers(1, 5)), elements=st.integers(0, 6)
    ),
    seed=st.integers(0, 100),
)
@settings(max_examples=40, deadline=None)
def test_profile_is_in_range_ordered_and_blind_to_the_order_of_regions(values, seed):
    wide = pd.DataFrame(
        values.astype(float),
        index=[f"r{number}" for number in range(values.shape[0])],
        columns=[f"i{number}" for number in range(values.shape[1])],
    )
    options = {"home": "r0", "peers": list(wide.index), "directions": dict.fromkeys(wide, -1)}
    found = profile(wide, **options)
    assert found["percentile_peers"].between(0, 100).all()
    assert found["percentile_peers"].is_monotonic_decreasing
    assert found["rank_peers"].between(1, found["of_peers"]).all()
    assert set(found["group"]) <= set(GROUPS)
    assert_frame_equal(found, profile(wide.sample(frac=1, random_state=seed), **options))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"home": "r00"}, "values has no row for r00. Did you mean .r0."),
        ({"peers": ["r0"]}, "No peers to compare r0 with"),
        ({"directions": {}}, "directions lacks x; give"),
        ({"directions": {"x": 2}}, "direction of x is 2; it must be"),
        ({"among": "some"}, 'among="some" is not known; use one of: peers, all'),
    ],
)
def test_what_cannot_be_placed_is_named(options, message):
    values = frame(x=[1.0, 2.0])
    with pytest.raises(DataError, match=message):
        profile(values, **{"home": "r0", "peers": ["r1"], "directions": {"x": 1}} | options)


def test_region_given_twice_is_refused():
    values = pd.concat([frame(x=[1.0, 2.0]), frame(x=[3.0])])
    with pytest.raises(DataError, match="Region r0 stands in values more than once"):
        profile(values, home="r0", peers=["r1"], directions={"x": 1})
