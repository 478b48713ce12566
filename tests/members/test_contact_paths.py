"""The shortest contact path: by hand, against networkx, and without any name."""

from __future__ import annotations

import networkx as nx
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regionstudy.errors import DataError
from regionstudy.members.contact_paths import contact_path
from regionstudy.study import Study


def seats(*rows: tuple[str, str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["org_id", "network_id", "contact"])


def test_a_way_without_a_handover_is_preferred():
    # Over b, Bo hands over to Britt; over c, Cia sits in both networks herself.
    held = seats(
        ("a", "p", "Ada"),
        ("b", "p", "Bo"),
        ("b", "q", "Britt"),
        ("c", "p", "Cia"),
        ("c", "q", "Cia"),
        ("d", "q", "Dan"),
    )
    found = contact_path(held, "a", "d")
    assert found["to_org"].tolist() == ["c", "d"]
    assert found["network_id"].tolist() == ["p", "q"]
    assert found["same_contact"].tolist() == ["", "yes"]


def test_a_handover_within_an_organisation_is_said():
    held = seats(("a", "p", "Ada"), ("b", "p", "Bo"), ("b", "q", "Britt"), ("d", "q", "Dan"))
    assert contact_path(held, "a", "d")["same_contact"].tolist() == ["", "no"]


def test_a_name_is_not_the_same_person_in_two_organisations():
    held = seats(("a", "p", "Kim"), ("b", "q", "Kim"), ("a", "r", "Lo"), ("b", "r", "My"))
    assert contact_path(held, "a", "b")["network_id"].tolist() == ["r"]


def test_unknown_contacts_are_told_apart():
    held = seats(("a", "p", ""), ("b", "p", None), ("b", "q", None), ("d", "q", "Dan"))
    found = contact_path(held, "a", "d")
    assert found["same_contact"].tolist() == ["", ""]
    assert contact_path(held.drop(columns="contact"), "a", "d").equals(found)


def test_no_name_leaves():
    held = seats(("a", "p", "Kanarie Fågel"), ("b", "p", "Kanarie Fågel"))
    assert "Kanarie" not in contact_path(held, "a", "b").to_csv()


def test_where_no_way_leads_there_is_no_step():
    found = contact_path(seats(("a", "p", "Ada"), ("b", "q", "Bo")), "a", "b")
    assert found.empty
    assert "network_id" in found


def test_an_unknown_organisation_names_the_nearest():
    held = seats(("arkivet", "p", "Ada"), ("banken", "p", "Bo"))
    with pytest.raises(DataError, match=r'No organisation "arkivt".*Did you mean "arkivet"'):
        contact_path(held, "arkivt", "banken")


def test_a_path_to_oneself_is_refused():
    with pytest.raises(DataError, match='Both ends of the path are "a"'):
        contact_path(seats(("a", "p", "Ada")), "a", "a")


@settings(max_examples=50)
@given(
    st.frozensets(
        st.tuples(st.sampled_from("abcdef"), st.sampled_from("pqrs"), st.just("")), min_size=2
    )
)
def test_without_contacts_the_steps_are_as_few_as_networkx_finds(rows):
    held = seats(*sorted(rows))
    graph = nx.Graph(("o" + org, "n" + network) for org, network, _ in rows)
    names = sorted({org for org, _, _ in rows})
    for other in names[1:]:
        found = contact_path(held, names[0], other)
        if not nx.has_path(graph, "o" + names[0], "o" + other):
            assert found.empty
            continue
        assert 2 * len(found) == nx.shortest_path_length(graph, "o" + names[0], "o" + other)
        assert found["from_org"].tolist()[1:] == found["to_org"].tolist()[:-1]


def test_the_order_of_rows_does_not_matter():
    held = seats(*[(org, network, org) for org in "abcd" for network in "pqr"])
    found = contact_path(held, "a", "d")
    assert contact_path(held.iloc[::-1], "a", "d").equals(found)


def test_members_find_a_path_by_id_or_name(repository):
    members = Study.load(repository).members
    found = members.path("gomboda", "Pensionspåsen, Sundsvall")
    assert found["from_org"].iloc[0] == "gomboda"
    assert found["to_name"].iloc[-1] == "Pensionspåsen, Sundsvall"
    held = set(
        zip(members.network_members["org_id"], members.network_members["network_id"], strict=True)
    )
    for step in found.itertuples():
        assert {(step.from_org, step.network_id), (step.to_org, step.network_id)} <= held
    assert "Kontaktperson" not in found.to_csv()
    assert not {"contact", "role"} & set(found.columns)
