"""The map beside what is known of organisations and networks; gaps; what is refused."""

from __future__ import annotations

import io

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from regionstudy.analysis.networks import (
    formula_safe,
    graph_edges,
    graph_nodes,
    graphml,
    map_networks,
    theme_gaps,
)
from regionstudy.errors import DataError

SEATS = pd.DataFrame(
    {
        "org_id": ["exempel", "banken", "banken"],
        "network_id": ["norr", "norr", "kassan"],
        "contact": ["Kanarie Fågel", "Kanarie Fågel", "Kanarie Två"],
        "role": ["ordförande", "", ""],
    }
)
NETWORKS = pd.DataFrame(
    {
        "network_id": ["norr", "kassan", "arkivnätet"],
        "name": ["Norrnätet", "=Kassan", "Arkivnätet"],
        "theme": ["Digitalt", "Pension ", "Arkiv"],
        "kind": ["regionalt", "nationellt", "nationellt"],
    }
)
ORGANISATIONS = pd.DataFrame(
    {
        "org_id": ["exempel", "banken", "ensam"],
        "name": ["Exempel", "Banken", "Ensam"],
        "cluster": ["it", "finance", "law"],
        "secret": ["x", "y", "z"],
    }
)


@pytest.fixture(scope="module")
def found():
    return map_networks(SEATS, networks=NETWORKS, organisations=ORGANISATIONS)


def test_those_without_a_seat_are_there_without_a_place(found):
    row = found.organisations.set_index("org_id").loc["ensam"]
    assert (row["networks"], row["meets"], row["core"], row["community"]) == (0, 0, 0, 0)
    assert np.isnan(row["x"])
    network = found.networks.set_index("network_id").loc["arkivnätet"]
    assert (network["organisations"], network["only"], network["community"]) == (0, "", 0)
    assert np.isnan(network["y"])


def test_the_order_given_is_kept(found):
    assert found.networks["network_id"].tolist() == NETWORKS["network_id"].tolist()
    assert found.organisations["org_id"].tolist() == ORGANISATIONS["org_id"].tolist()


def test_places_stay_within_the_picture(found):
    for frame in (found.organisations, found.networks):
        places = frame[["x", "y"]].dropna()
        assert len(places) == 2
        assert places.ge(0).all(axis=None)
        assert places.le(1).all(axis=None)


def test_inputs_are_left_as_they_were():
    before = SEATS.copy(), NETWORKS.copy(), ORGANISATIONS.copy()
    map_networks(SEATS, networks=NETWORKS, organisations=ORGANISATIONS)
    for now, then in zip((SEATS, NETWORKS, ORGANISATIONS), before, strict=True):
        pd.testing.assert_frame_equal(now, then)


def test_no_seat_at_all_is_a_map_too():
    empty = map_networks(SEATS.head(0), networks=NETWORKS, organisations=ORGANISATIONS)
    assert empty.reach.networks == 0
    assert (empty.organisations["betweenness"] == 0).all()
    assert empty.ties.empty
    assert empty.overlaps.empty


def test_gaps_tell_no_network_from_no_seat():
    gaps = theme_gaps(SEATS, NETWORKS, themes=["juridik", " DIGITALT"]).set_index("theme")
    assert gaps["state"].to_dict() == {
        "juridik": "unknown",
        "Arkiv": "none",
        "Pension": "one",
        "Digitalt": "several",
    }
    assert gaps.loc["Pension", "only"] == "banken"
    assert gaps.loc["Arkiv", ["networks", "reached", "organisations"]].tolist() == [1, 0, 0]


def test_a_network_without_a_theme_counts_to_none():
    networks = NETWORKS.assign(theme=[None, "  ", "Arkiv"])
    assert theme_gaps(SEATS, networks)["theme"].tolist() == ["Arkiv"]


def test_a_seat_in_an_unknown_network_names_the_nearest():
    seats = SEATS.assign(network_id=["nor", "norr", "kassan"])
    with pytest.raises(DataError, match=r'network_id "nor".*Did you mean "norr"'):
        map_networks(seats, networks=NETWORKS)


def test_a_seat_of_an_unknown_organisation_is_refused():
    with pytest.raises(DataError, match='org_id "banken", "exempel", which the list of them lacks'):
        map_networks(SEATS, organisations=pd.DataFrame({"org_id": ["annan"]}))


def test_a_seat_without_an_id_is_refused():
    with pytest.raises(DataError, match="1 rows without network_id; fill it in"):
        map_networks(SEATS.assign(network_id=["norr", None, "kassan"]))


def test_a_repeated_network_is_refused():
    twice = pd.concat([NETWORKS, NETWORKS.head(1)])
    with pytest.raises(DataError, match=r"list of network_id has 1 repeated rows.*norr"):
        map_networks(SEATS, networks=twice)


def test_a_frame_without_ids_is_refused():
    with pytest.raises(DataError, match="networks lacks the column network_id"):
        map_networks(SEATS, networks=pd.DataFrame({"name": ["x"]}))


def test_the_export_is_read_by_networkx_and_holds_no_contact(found):
    document = graphml(found)
    graph = nx.read_graphml(io.BytesIO(document))
    assert set(graph.nodes) == set(graph_nodes(found)["Id"])
    assert graph.number_of_edges() == 3
    assert graph.nodes["net:norr"]["theme"] == "Digitalt"
    assert "x" not in graph.nodes["org:ensam"]
    every = document.decode() + graph_nodes(found).to_csv() + graph_edges(found).to_csv()
    for secret in ("Kanarie", "ordförande", "secret"):
        assert secret not in every


def test_letters_that_xml_cannot_hold_are_left_out():
    organisations = ORGANISATIONS.assign(name=["Ex\x0bem\ufffepel", "Banken & Co <b>", "Ensam"])
    found = map_networks(SEATS, networks=NETWORKS, organisations=organisations)
    graph = nx.read_graphml(io.BytesIO(graphml(found)))
    assert graph.nodes["org:exempel"]["label"] == "Exempel"
    assert graph.nodes["org:banken"]["label"] == "Banken & Co <b>"


def test_an_organisation_and_a_network_may_share_an_id():
    same = pd.DataFrame({"org_id": ["x", "y"], "network_id": ["x", "x"]})
    edges = graph_edges(map_networks(same))
    assert edges["Source"].tolist() == ["org:x", "org:y"]
    assert edges["Target"].tolist() == ["net:x", "net:x"]


def test_no_cell_of_the_csv_is_a_formula(found):
    names = ["=HYPERLINK(1)", "+46", "-1+1", "@SUM(A1)", "\tx", "Banken, a=b"]
    written = formula_safe(pd.DataFrame({"Label": names, "links": range(6)}))
    back = pd.read_csv(io.StringIO(written))["Label"]
    assert back.tolist() == [*("'" + one for one in names[:5]), names[5]]
    assert "net:kassan,'=Kassan" in formula_safe(graph_nodes(found))


def test_links_name_both_ends_for_kumu(found):
    row = graph_edges(found).set_index(["Source", "Target"]).loc[("org:banken", "net:kassan")]
    assert (row["From"], row["To"], row["Direction"]) == ("Banken", "=Kassan", "undirected")
