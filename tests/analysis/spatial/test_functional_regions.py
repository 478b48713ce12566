from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regionstudy.analysis.spatial import (
    compare_divisions,
    functional_regions,
    local_labour_markets,
)
from regionstudy.errors import DataError
from regionstudy.geography import municipalities_in


def flows_of(pairs: dict[str, float]) -> pd.DataFrame:
    """Flows from words such as "ab": who live in a and work in b."""
    return pd.DataFrame(
        [(pair[0], pair[1], value) for pair, value in pairs.items()],
        columns=["origin", "destination", "value"],
    )


def employed_of(**residents: float) -> pd.DataFrame:
    return pd.DataFrame({"region": list(residents), "value": list(residents.values())})


def centres(found) -> dict[str, str]:
    return dict(zip(found.members["region"], found.members["centre"], strict=True))


def test_centre_is_where_few_leave_and_few_go_to_one_place():
    employed = employed_of(a=1000.0, b=1000.0, c=1000.0, d=1000.0)
    # a: 20 % out, at most 7.5 % to one: just a centre. b: 7.6 % to one. c: 20.1 % out in all.
    flows = flows_of(
        {"ab": 75.0, "ac": 75.0, "ad": 50.0, "ba": 76.0, "ca": 70.0, "cb": 70.0, "cd": 61.0}
    )
    found = local_labour_markets(flows, employed)
    assert centres(found) == {"a": "a", "b": "a", "c": "a", "d": "d"}
    np.testing.assert_allclose(found.members["out_share"], [0.2, 0.076, 0.201, 0])
    assert found.members["follows"].tolist() == ["b", "a", "a", ""]


def test_chain_leads_to_its_centre():
    employed = employed_of(a=100.0, b=100.0, c=100.0, d=100.0)
    found = local_labour_markets(flows_of({"dc": 30.0, "cb": 30.0, "ba": 30.0}), employed)
    assert set(centres(found).values()) == {"a"}
    assert found.summary["employed"].tolist() == [400]


def test_long_chain_is_broken_at_its_weakest_step():
    employed = employed_of(a=100.0, b=100.0, c=100.0, d=100.0, e=100.0, f=100.0)
    flows = flows_of({"fe": 30.0, "ed": 40.0, "dc": 25.0, "cb": 35.0, "ba": 30.0})
    # f is five steps from a: broken where a quarter of d goes on to c.
    found = centres(local_labour_markets(flows, employed))
    assert found == {"a": "a", "b": "a", "c": "a", "d": "d", "e": "d", "f": "d"}
    whole = local_labour_markets(flows, employed, longest_chain=5)
    assert set(centres(whole).values()) == {"a"}
    # Steps of one: broken at d, then b from what is too long still, and so on.
    short = local_labour_markets(flows, employed, longest_chain=1).members
    follows = dict(zip(short["region"], short["centre"], strict=True))
    assert follows == {"a": "a", "b": "b", "c": "b", "d": "d", "e": "d", "f": "f"}


def test_ring_is_led_by_the_one_that_fewest_leave_and_its_tails_follow():
    employed = employed_of(a=100.0, b=100.0, c=100.0, d=100.0, e=100.0)
    flows = flows_of({"ab": 30.0, "bc": 25.0, "ca": 40.0, "da": 50.0, "eb": 50.0})
    assert set(centres(local_labour_markets(flows, employed)).values()) == {"b"}


def test_summary_counts_residents_jobs_and_who_stay():
    employed = employed_of(a=100.0, b=50.0, c=80.0)
    found = local_labour_markets(flows_of({"ba": 20.0, "ac": 5.0}), employed)
    table = found.summary.set_index("centre")
    # a + b: 150 residents, 5 of whom work in c; all jobs there are theirs.
    assert table.loc["a", ["municipalities", "employed", "jobs"]].tolist() == [2, 150, 145]
    assert table.loc["a", "residents_staying"] == pytest.approx(145 / 150)
    assert table.loc["c", "jobs_held_by_residents"] == pytest.approx(80 / 85)


def test_those_who_work_outside_the_regions_given_leave_too():
    employed = employed_of(a=100.0, b=100.0)
    flows = flows_of({"aa": 70.0, "ab": 10.0, "bb": 100.0})
    members = local_labour_markets(flows, employed).members
    # 20 of a's residents work in neither: 30 % leave in all.
    assert members["out_share"].tolist() == pytest.approx([0.3, 0.0])


def test_suburbs_join_the_town_and_a_self_contained_valley_stays_alone():
    employed = employed_of(a=30_000.0, b=5000.0, c=4000.0, d=6000.0)
    flows = flows_of({"ba": 2500.0, "ca": 2000.0, "ab": 500.0, "da": 600.0})
    found = functional_regions(flows, employed)
    assert centres(found) == {"a": "a", "b": "a", "c": "a", "d": "d"}
    assert found.summary["residents_staying"].tolist() == pytest.approx([1.0, 0.9])


def test_small_group_joins_another_however_self_contained():
    employed = employed_of(a=30_000.0, b=3499.0, c=3501.0)
    found = functional_regions(flows_of({"ba": 10.0, "ca": 10.0}), employed)
    assert centres(found) == {"a": "a", "b": "a", "c": "c"}


def test_sliding_scale_asks_less_of_larger_groups():
    # Halfway in size between 1,000 and 3,000 with limits 0.8 and 0.4: factor 1 - 0.5 * 0.5,
    # so that self-containment must be 0.8 * 0.5 / 0.75 = 0.5333.
    limits = {
        "self_containment": 0.8,
        "least_self_containment": 0.4,
        "min_employed": 1000,
        "full_employed": 3000,
    }
    employed = employed_of(a=2000.0, b=9000.0)
    enough = functional_regions(flows_of({"ab": 933.0}), employed, **limits)
    short = functional_regions(flows_of({"ab": 934.0}), employed, **limits)
    assert centres(enough) == {"a": "a", "b": "b"}
    assert centres(short) == {"a": "b", "b": "b"}


def test_who_is_linked_with_a_dissolved_group_alone_follows_it():
    # b works in a only; a and b together are too few, and a is linked with c.
    employed = employed_of(a=2000.0, b=1000.0, c=30_000.0)
    found = functional_regions(flows_of({"ba": 400.0, "ab": 300.0, "ac": 1.0}), employed)
    assert set(centres(found).values()) == {"c"}


def test_two_that_are_linked_with_each_other_alone_stay_together():
    employed = employed_of(a=2000.0, b=1000.0, c=30_000.0)
    found = functional_regions(flows_of({"ba": 400.0, "ab": 300.0}), employed)
    assert centres(found) == {"a": "a", "b": "a", "c": "c"}


def test_municipality_linked_with_none_is_left_alone():
    employed = employed_of(a=30_000.0, b=10.0)
    assert centres(functional_regions(flows_of({"aa": 30_000.0}), employed)) == {
        "a": "a",
        "b": "b",
    }


@st.composite
def commuting(draw):
    size = draw(st.integers(2, 8))
    codes = [f"{n:02}" for n in range(size)]
    pairs = draw(
        st.lists(
            st.tuples(st.sampled_from(codes), st.sampled_from(codes), st.integers(0, 500)),
            unique_by=lambda row: row[:2],
        )
    )
    flows = pd.DataFrame(
        [row for row in pairs if row[0] != row[1]], columns=["origin", "destination", "value"]
    ).astype({"origin": str, "destination": str, "value": float})
    residents = draw(st.lists(st.integers(4000, 30_000), min_size=size, max_size=size))
    return flows, pd.DataFrame({"region": codes, "value": np.array(residents, dtype=float)})


@given(drawn=commuting(), seed=st.integers(0, 9))
@settings(max_examples=60, deadline=None)
def test_every_municipality_has_one_region_and_no_resident_is_lost(drawn, seed):
    flows, employed = drawn
    shuffled = employed.sample(frac=1, random_state=seed)
    for method in (local_labour_markets, functional_regions):
        found = method(flows, employed)
        named = centres(found)
        assert set(named) == set(employed["region"])
        # A centre belongs to the region that it names.
        assert all(named[centre] == centre for centre in named.values())
        assert found.summary["employed"].sum() == employed["value"].sum()
        assert found.summary["municipalities"].sum() == len(employed)
        assert centres(method(flows, shuffled)) == named


@given(drawn=commuting())
@settings(max_examples=40, deadline=None)
def test_groups_are_valid_or_have_nobody_to_join(drawn):
    flows, employed = drawn
    summary = functional_regions(flows, employed).summary
    contained = summary[["residents_staying", "jobs_held_by_residents"]].min(axis=1)
    linked = summary["centre"].isin([*flows["origin"], *flows["destination"]])
    if len(summary) > 1:
        assert (contained[linked] > 2 / 3 - 1e-9).all()


def test_a_gravity_of_real_distances_gives_fewer_regions_than_municipalities(municipalities):
    # GENERATED flows: nobody counted them. Only the shape of the outcome is asked.
    import shapely

    points = shapely.get_coordinates(municipalities.geometry.centroid)
    apart = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1)) / 1000
    size = np.random.default_rng(3).lognormal(9, 1, 290).round()
    pull = size[None, :] * np.exp(-apart / 12) + np.diag(size * 3)
    persons = size[:, None] * pull / pull.sum(axis=1, keepdims=True)
    codes = municipalities["region"].to_numpy()
    flows = pd.DataFrame(
        {
            "origin": np.repeat(codes, 290),
            "destination": np.tile(codes, 290),
            "value": persons.ravel(),
        }
    )
    employed = pd.DataFrame({"region": codes, "value": size})
    markets = local_labour_markets(flows, employed)
    areas = functional_regions(flows, employed)
    for found in (markets, areas):
        assert 20 < len(found.summary) < 290
        assert found.summary["employed"].sum() == pytest.approx(size.sum())
    agreement = compare_divisions(
        markets.members.set_index("region")["centre"], areas.members.set_index("region")["centre"]
    )
    assert agreement.adjusted_rand > 0.3


def test_fa_regions_agree_with_themselves_whatever_they_are_called(municipalities):
    given_regions = pd.Series(
        {code: f"FA{fa:02}" for fa in range(1, 61) for code in municipalities_in(f"FA{fa:02}")}
    )
    found = compare_divisions(given_regions, "x" + given_regions.sample(frac=1, random_state=1))
    assert (found.adjusted_rand, found.together) == (1.0, 1.0)
    assert found.mutual_information == pytest.approx(1)
    assert found.overlaps["municipalities"].sum() == 290


def test_agreement_is_that_of_a_hand_calculation():
    # Pairs: 6 in all, 3 together in one, 1 in other, 1 in both; expected 3 * 1 / 6.
    one = pd.Series(["A", "A", "A", "B"], index=list("abcd"))
    other = pd.Series(["X", "X", "Y", "Z"], index=list("abcd"))
    found = compare_divisions(one, other)
    assert found.adjusted_rand == pytest.approx((1 - 0.5) / ((3 + 1) / 2 - 0.5))
    assert found.together == 1
    assert compare_divisions(other, one).together == pytest.approx(1 / 3)
    assert found.overlaps.iloc[0].tolist() == ["A", "X", 2]


def test_division_into_single_municipalities_puts_none_together():
    alone = pd.Series(["A", "B"], index=["a", "b"])
    assert np.isnan(compare_divisions(alone, alone).together)


def test_divisions_of_different_municipalities_are_refused():
    one = pd.Series(["A", "B"], index=["a", "b"])
    with pytest.raises(DataError, match="1 municipalities stand in one division only: b"):
        compare_divisions(one, one.head(1))
    with pytest.raises(DataError, match="one has a twice; a municipality belongs to one region"):
        compare_divisions(pd.concat([one, one.head(1)]), one)


@pytest.mark.parametrize("method", [local_labour_markets, functional_regions])
@pytest.mark.parametrize(
    ("flows", "employed", "message"),
    [
        ({"ab": np.nan}, {"a": 5.0, "b": 5.0}, "flows has 1 values that are missing or negative"),
        ({"ab": 1.0}, {"a": -5.0, "b": 5.0}, "employed has 1 values that.*first at region a"),
        ({"ax": 1.0}, {"a": 5.0, "b": 5.0}, "flows has the destination x, which employed lacks"),
        ({"ab": 6.0}, {"a": 5.0, "b": 5.0}, "flows has 6 employed residents of a, employed has 5"),
    ],
)
def test_flows_and_residents_must_fit(method, flows, employed, message):
    with pytest.raises(DataError, match=message):
        method(flows_of(flows), employed_of(**employed))


def test_suppressed_figure_is_missing():
    employed = employed_of(a=5.0, b=5.0).assign(status=["", ".."])
    with pytest.raises(DataError, match="first at region b; estimate them first"):
        local_labour_markets(flows_of({"ab": 1.0}), employed)


def test_limits_are_shares_that_do_not_contradict():
    flows, employed = flows_of({"ab": 1.0}), employed_of(a=5.0, b=5.0)
    with pytest.raises(DataError, match="most_out=20 is no share; give one above 0"):
        local_labour_markets(flows, employed, most_out=20)
    with pytest.raises(DataError, match="longest_chain=0 lets nobody follow anybody"):
        local_labour_markets(flows, employed, longest_chain=0)
    with pytest.raises(DataError, match=r"least_self_containment=0\.9 must not exceed"):
        functional_regions(flows, employed, least_self_containment=0.9)
    with pytest.raises(DataError, match="must be below full_employed=3000"):
        functional_regions(flows, employed, full_employed=3000)
