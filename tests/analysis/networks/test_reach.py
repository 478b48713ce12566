"""What hangs on one organisation: worked by hand, against networkx, and as properties."""

from __future__ import annotations

from itertools import combinations

import networkx as nx
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regionstudy.analysis.networks import (
    Reach,
    drop_member,
    farthest,
    losses,
    map_networks,
    overlaps,
    reach,
    redundant,
)
from regionstudy.errors import DataError


def seats_of(**networks: str) -> pd.DataFrame:
    """``seats_of(p="ab")``: a and b sit in p."""
    rows = [(org, network) for network, orgs in networks.items() for org in orgs]
    return pd.DataFrame(rows, columns=["org_id", "network_id"])


# a, b, c meet in p; c and d in q; d, e in r; e alone in s and t.
CHAIN = seats_of(p="abc", q="cd", r="de", s="e", t="e")

# Each example makes graphs of both libraries.
few = settings(max_examples=25)

some_seats = st.frozensets(
    st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("pqrstu")), min_size=1, max_size=30
).map(lambda rows: pd.DataFrame(sorted(rows), columns=["org_id", "network_id"]))


def graph_of(seats: pd.DataFrame) -> nx.Graph:
    edges = zip("o" + seats["org_id"], "n" + seats["network_id"], strict=True)
    return nx.Graph(edges)


def linked_pairs(graph: nx.Graph) -> int:
    parts = [sum(one.startswith("o") for one in part) for part in nx.connected_components(graph)]
    return sum(size * (size - 1) // 2 for size in parts)


def test_reach_of_the_chain_is_that_worked_by_hand():
    # Meeting: ab, ac, bc, cd, de. All five are linked: 5 x 4 / 2 = 10 pairs.
    assert reach(CHAIN) == Reach(networks=5, single=2, meeting=5, linked=10)


def test_losses_of_the_chain_are_those_worked_by_hand():
    found = losses(CHAIN).set_index("org_id")
    assert found["networks"].to_dict() == {"a": (), "b": (), "c": (), "d": (), "e": ("s", "t")}
    # Without c: {a, b} and {d, e}, 2 x 2 pairs. Without d: {a, b, c} and {e}, 3 pairs.
    # Without e: its networks go, but a to d stay linked.
    assert found["parted"].to_dict() == {"a": 0, "b": 0, "c": 4, "d": 3, "e": 0}


def test_the_map_of_the_chain_marks_its_bridges():
    found = map_networks(CHAIN)
    bridges = found.seats.loc[found.seats["bridge"], ["org_id", "network_id"]]
    # A tree: every seat is one.
    assert len(bridges) == len(CHAIN)
    assert found.networks.set_index("network_id")["only"].to_dict() == {
        "p": "",
        "q": "",
        "r": "",
        "s": "e",
        "t": "e",
    }


def test_two_persons_of_one_organisation_are_one_seat():
    twice = pd.concat([CHAIN, CHAIN.head(2)]).assign(contact="A. Namn")
    assert reach(twice) == reach(CHAIN)
    assert "contact" not in map_networks(twice).seats


@few
@given(some_seats)
def test_dropping_a_member_never_raises_reach(seats):
    whole = reach(seats)
    for org in set(seats["org_id"]):
        rest = reach(drop_member(seats, org))
        assert rest.networks <= whole.networks
        assert rest.meeting <= whole.meeting
        assert rest.linked <= whole.linked


@few
@given(some_seats)
def test_losses_are_what_dropping_each_member_shows(seats):
    whole, found = reach(seats), losses(seats).set_index("org_id")
    for org in set(seats["org_id"]):
        rest = drop_member(seats, org)
        gone = set(seats["network_id"]) - set(rest["network_id"])
        assert set(found["networks"][org]) == gone
        assert whole.networks - reach(rest).networks == found["lost"][org]
        left = graph_of(seats)
        left.remove_node(f"o{org}")
        own = len(
            [o for o in nx.node_connected_component(graph_of(seats), f"o{org}") if o[0] == "o"]
        )
        assert found["parted"][org] == whole.linked - (own - 1) - linked_pairs(left)


@few
@given(some_seats)
def test_bridges_and_betweenness_are_networkx(seats):
    graph, found = graph_of(seats), map_networks(seats)
    theirs = {frozenset(edge) for edge in nx.bridges(graph)}
    ours = found.seats[found.seats["bridge"]]
    pairs = zip("o" + ours["org_id"], "n" + ours["network_id"], strict=True)
    assert {frozenset(pair) for pair in pairs} == theirs
    between = found.organisations.set_index("org_id")["betweenness"]
    raw = nx.betweenness_centrality(graph, normalized=False)
    if raw and max(raw.values()) > 0 and min(len(between), len(found.networks)) > 1:
        top = [node for node in graph if node.startswith("o")]
        expected = nx.bipartite.betweenness_centrality(graph, top)
        for org, value in between.items():
            assert value == pytest.approx(expected[f"o{org}"], abs=1e-9)


@few
@given(some_seats)
def test_projection_weights_are_the_shared_networks(seats):
    of = seats.groupby("org_id")["network_id"].agg(set)
    expected = {
        (a, b): len(of[a] & of[b]) for a, b in combinations(sorted(of.index), 2) if of[a] & of[b]
    }
    ties = map_networks(seats).ties
    ours = zip(ties["org_a"], ties["org_b"], ties["shared"], strict=True)
    assert {(a, b): shared for a, b, shared in ours} == expected


@few
@given(some_seats)
def test_jaccard_is_symmetric_and_a_share(seats):
    names = sorted(set(seats["network_id"]))
    one = overlaps(seats, networks=names)
    other = overlaps(seats, networks=names[::-1])
    forward = {
        frozenset(key): value
        for *key, value in one[["network_a", "network_b", "jaccard"]].to_numpy()
    }
    backward = {
        frozenset(key): value
        for *key, value in other[["network_a", "network_b", "jaccard"]].to_numpy()
    }
    assert forward == backward
    assert one["jaccard"].between(0, 1).all()
    turned = {"a": "b", "b": "a", "both": "both", "": ""}
    within = {(a, b): w for a, b, w in one[["network_a", "network_b", "within"]].to_numpy()}
    for a, b, w in other[["network_a", "network_b", "within"]].to_numpy():
        assert within[(b, a)] == turned[w]


def test_redundant_networks_share_nearly_all_and_more_than_one():
    overlap = overlaps(seats_of(p="abcd", q="abc", r="ab", s="e", t="e"))
    found = redundant(overlap)
    # p, q: 3 of 4; q, r: 2 of 3 and so too few; s, t: the same one organisation.
    assert found[["network_a", "network_b"]].to_numpy().tolist() == [["p", "q"]]
    assert found["within"].tolist() == ["b"]
    assert len(redundant(overlap, jaccard=0.6)) == 2
    assert len(redundant(overlap, fewest=1)) == 2


@pytest.mark.parametrize("share", [0, 1.2, -1])
def test_a_jaccard_that_is_no_share_is_refused(share):
    with pytest.raises(DataError, match=r"jaccard=.* is not a share.*such as 0\.75"):
        redundant(overlaps(CHAIN), jaccard=share)


def test_dropping_an_unknown_member_names_the_nearest():
    seats = pd.DataFrame({"org_id": ["arkivet"], "network_id": ["p"]})
    with pytest.raises(DataError, match=r'No organisation "arkivett".*Did you mean "arkivet"'):
        drop_member(seats, "arkivett")
    assert drop_member(seats, "arkivet").empty


def test_nobody_reaches_nothing():
    none = CHAIN.head(0)
    assert reach(none) == Reach(0, 0, 0, 0)
    assert losses(none).empty
    assert farthest(none) is None


@few
@given(some_seats)
def test_the_farthest_are_as_far_as_networkx_finds(seats):
    graph = graph_of(seats)
    lengths = {
        (a, b): far
        for a, all_of in nx.all_pairs_shortest_path_length(graph)
        for b, far in all_of.items()
        if a[0] == b[0] == "o"
    }
    found = farthest(seats)
    longest = max(lengths.values())
    if longest == 0:
        assert found is None
    else:
        assert lengths[("o" + found[0], "o" + found[1])] == longest
