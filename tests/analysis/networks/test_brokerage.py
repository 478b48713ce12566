"""Roles between organisations that do not meet: by hand, and against plain counting."""

from __future__ import annotations

from itertools import combinations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regionstudy.analysis.networks import brokerage, map_networks

ROLES = ["coordinator", "itinerant", "gatekeeper", "liaison"]


def counted(seats: pd.DataFrame, clusters: dict[str, str]) -> dict[str, list[int]]:
    """Count each triad one by one, as Gould and Fernandez define the roles."""
    of = seats.groupby("org_id")["network_id"].agg(set).to_dict()
    known = [one for one in of if clusters.get(one)]
    meets = {(a, b) for a in known for b in known if a != b and of[a] & of[b]}
    found = {one: [0, 0, 0, 0] for one in known}
    for b in known:
        for a, c in combinations([one for one in known if (one, b) in meets], 2):
            if (a, c) in meets:
                continue
            own = [clusters[one] == clusters[b] for one in (a, c)]
            if all(own):
                found[b][0] += 1
            elif any(own):
                found[b][2] += 1
            else:
                found[b][1 if clusters[a] == clusters[c] else 3] += 1
    return found


def test_roles_are_those_worked_by_hand():
    # b meets a, c and d, each in a network of their own, so each pair only meets through b.
    seats = pd.DataFrame({"org_id": list("abbcbd"), "network_id": list("ppqqrr")})
    found = brokerage(seats, {"a": "it", "b": "it", "c": "law", "d": "law"}).set_index("org_id")
    # a-c, a-d: one of b's own cluster; c-d: both of one other.
    assert found.loc["b", ROLES].tolist() == [0, 1, 2, 0]
    assert found.loc["b", "between_clusters"] == 2
    assert found.loc["a", ROLES].tolist() == [0, 0, 0, 0]


@settings(max_examples=40)
@given(
    st.frozensets(st.tuples(st.sampled_from("abcdefghi"), st.sampled_from("pqrstuv")), min_size=1),
    st.lists(st.sampled_from(["x", "y", "z", ""]), min_size=9, max_size=9),
    st.sampled_from([0.0, 2.0]),
)
def test_roles_are_those_counted_one_by_one(rows, drawn, dense):
    seats = pd.DataFrame(sorted(rows), columns=["org_id", "network_id"])
    clusters = dict(zip("abcdefghi", drawn, strict=True))
    with pytest.MonkeyPatch.context() as patch:
        # Both ways of multiplying, whatever the density.
        patch.setattr("regionstudy.analysis.networks.roles._DENSE", dense)
        found = brokerage(seats, clusters).set_index("org_id")
    expected = counted(seats, clusters)
    assert found[ROLES].dropna().astype(int).T.to_dict("list") == expected
    unknown = [one for one in found.index if not clusters[one]]
    assert found.loc[unknown].isna().all(axis=None)


def test_the_map_has_roles_only_where_clusters_are_known():
    seats = pd.DataFrame({"org_id": list("abbc"), "network_id": list("ppqq")})
    assert "liaison" not in map_networks(seats).organisations
    organisations = pd.DataFrame({"org_id": list("abcd"), "cluster": ["it", "it", "law", None]})
    found = map_networks(seats, organisations=organisations).organisations.set_index("org_id")
    assert found["between_clusters"].to_dict() == pytest.approx(
        {"a": 0, "b": 1, "c": 0, "d": float("nan")}, nan_ok=True
    )
