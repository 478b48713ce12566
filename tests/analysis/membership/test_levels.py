"""Other divisions in levels, against a small network worked by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from regionstudy.analysis.membership import (
    level_measures,
    lone_moves,
    merge_levels,
    move_member,
)
from regionstudy.errors import DataError

# Level 1: a, b. Level 2: c, d. The council is for level 1, the open day for all.
ORGANISATIONS = pd.DataFrame(
    {"org_id": ["a", "b", "c", "d"], "level": ["1", "1", "2", "2"], "fee": [40.0, 40.0, 10.0, 10.0]}
)
PARTICIPATION = pd.DataFrame(
    [
        ("Council", "2025-01-01", "a", True),
        ("Council", "2025-01-01", "b", False),
        ("Council", "2025-02-01", "a", True),
        ("Council", "2025-02-01", "b", True),
        ("Open day", "2025-03-01", "a", True),
        ("Open day", "2025-03-01", "b", True),
        ("Open day", "2025-03-01", "c", True),
        ("Second day", "2025-04-01", "c", False),
        ("Second day", "2025-04-01", "d", True),
    ],
    columns=["meeting", "date", "org_id", "attended"],
).assign(date=lambda rows: pd.to_datetime(rows["date"]))
SEATS = pd.DataFrame({"network_id": ["n1", "n1", "n2", "n3"], "org_id": ["a", "c", "d", "b"]})
CONTRIBUTIONS = pd.DataFrame(
    {
        "org_id": ["a", "a", "d"],
        "competence": ["law", "IT", "law"],
        "kind": ["offered", "wanted", "wanted"],
    }
)
NETWORK = (ORGANISATIONS, PARTICIPATION, SEATS)


def test_levels_are_compared_as_by_hand():
    found = level_measures(*NETWORK, CONTRIBUTIONS).set_index("level")
    assert found.loc["1"].to_dict() == {
        "members": 2, "invited": 6, "attended": 5, "rate": pytest.approx(5 / 6), "networks": 2,
        "networks_alone": 1, "offered": 1, "wanted": 1, "fee": 80.0,
    }  # fmt: skip
    assert found.loc["2"].to_dict() == {
        "members": 2, "invited": 3, "attended": 2, "rate": pytest.approx(2 / 3), "networks": 2,
        "networks_alone": 1, "offered": 0, "wanted": 1, "fee": 20.0,
    }  # fmt: skip


def test_a_fee_that_one_member_lacks_is_missing_for_its_level_not_smaller():
    lacking = ORGANISATIONS.assign(fee=[40.0, None, 10.0, 10.0])
    found = level_measures(lacking, PARTICIPATION, SEATS).set_index("level")
    assert pd.isna(found.loc["1", "fee"])
    assert found.loc["2", "fee"] == 20.0
    assert found["offered"].isna().all()


def test_merged_levels_are_invited_to_everything_and_share_the_fees():
    found = merge_levels(*NETWORK)
    members = found.members.set_index("org_id")
    assert members["invited_before"].to_dict() == {"a": 3, "b": 3, "c": 2, "d": 1}
    assert (members["invited_after"] == 4).all()
    # Own rates: a 1, b 2/3, c 1/2, d 1.
    assert members["expected_before"].to_dict() == {"a": 3.0, "b": 2.0, "c": 1.0, "d": 1.0}
    assert members["expected_after"].to_dict() == pytest.approx(
        {"a": 4.0, "b": 8 / 3, "c": 2.0, "d": 4.0}
    )
    # All three met at the open day; d was alone at its own.
    assert members["reach_before"].to_dict() == {"a": 2, "b": 2, "c": 2, "d": 0}
    assert (members["reach_after"] == 3).all()
    assert members["networks_before"].to_dict() == {"a": 2, "b": 2, "c": 2, "d": 1}
    assert (members["networks_after"] == 3).all()
    assert (members["fee_after"] == 25.0).all()
    assert members["fee_after"].sum() == members["fee_before"].sum()


def test_a_merged_level_is_one_row_beside_the_two_before():
    levels = merge_levels(*NETWORK).levels
    assert levels[["level", "when", "members"]].values.tolist() == [
        ["1", "before", 2], ["2", "before", 2], ["1", "after", 4],
    ]  # fmt: skip
    assert levels["fee"].tolist() == [80.0, 20.0, 100.0]


def test_those_present_at_each_meeting_are_the_known_and_the_newly_invited_by_their_rate():
    meetings = merge_levels(*NETWORK).meetings.set_index("meeting")
    assert meetings["before"].tolist() == [1, 2, 3, 1]
    assert meetings["after"].tolist() == pytest.approx([2.5, 3.5, 4.0, 1 + 1 + 2 / 3])


def test_the_fee_of_the_level_is_what_its_members_paid():
    assert (merge_levels(*NETWORK, fee="level").members["fee_after"] == 40.0).all()
    kept = merge_levels(*NETWORK, fee="kept").members
    assert kept["fee_after"].equals(kept["fee_before"])


def test_fees_are_shared_only_where_all_are_known():
    lacking = ORGANISATIONS.assign(fee=[40.0, None, 10.0, 10.0])
    assert merge_levels(lacking, PARTICIPATION, SEATS).members["fee_after"].isna().all()


def test_a_member_that_moves_up_is_invited_to_what_that_level_is():
    members = move_member(*NETWORK, member="d", to="1").members.set_index("org_id")
    assert members.loc["d", ["level_before", "level_after"]].tolist() == ["2", "1"]
    assert members.loc["d", ["invited_before", "invited_after"]].tolist() == [1, 3]
    assert members.loc["d", "fee_after"] == 40.0
    others = members.drop(index="d")
    assert (others["invited_after"] == others["invited_before"]).all()
    assert (others["fee_after"] == others["fee_before"]).all()


def test_a_member_that_moves_down_takes_no_invitations_along():
    members = move_member(*NETWORK, member="a", to="2").members.set_index("org_id")
    # The second level is invited to the open day and the second day, not to councils.
    assert members.loc["a", "invited_after"] == 2
    assert members.loc[["c", "d"], "invited_after"].tolist() == [2, 1]


@pytest.mark.parametrize("fee", ["level", "shared", "kept"])
@pytest.mark.parametrize("fees", [[40.0, 40.0, 10.0, 10.0], [40.0, None, 10.0, None]])
def test_lone_moves_are_each_members_own_row_of_its_move(fee, fees):
    network = (ORGANISATIONS.assign(fee=fees), PARTICIPATION, SEATS)
    found = lone_moves(*network, fee=fee)
    assert len(found) == 4
    for row in found.itertuples():
        whole = move_member(*network, member=row.org_id, to=row.level_after, fee=fee).members
        own = whole[whole["org_id"] == row.org_id].reset_index(drop=True)
        pd.testing.assert_frame_equal(found.loc[[row.Index]].reset_index(drop=True), own)


def test_with_one_level_nobody_can_move():
    assert lone_moves(ORGANISATIONS.assign(level="1"), PARTICIPATION, SEATS).empty


def test_a_member_that_was_never_invited_is_assumed_to_come_as_its_level_does_and_said_so():
    more = pd.concat(
        [ORGANISATIONS, pd.DataFrame({"org_id": ["e"], "level": ["2"], "fee": [10.0]})],
        ignore_index=True,
    )
    members = merge_levels(more, PARTICIPATION, SEATS).members.set_index("org_id")
    assert members["rate_assumed"].to_dict() == {
        "a": False, "b": False, "c": False, "d": False, "e": True,
    }  # fmt: skip
    assert members.loc["e", "rate"] == pytest.approx(2 / 3)
    assert members.loc["e", "expected_after"] == pytest.approx(4 * 2 / 3)


def test_reach_is_the_expected_number_met_at_one_meeting_at_least():
    organisations = pd.DataFrame({"org_id": ["a", "b"], "level": ["1", "2"]})
    dates = pd.to_datetime(["2025-01-01", "2025-02-01", "2025-03-01", "2025-04-01"])
    met = pd.DataFrame(
        {
            "meeting": ["A", "A2", "B", "B2"],
            "date": dates,
            "org_id": ["a", "a", "b", "b"],
            "attended": [True, False, True, False],
        }
    )
    seats = pd.DataFrame({"network_id": ["n1", "n2"], "org_id": ["a", "b"]})
    members = merge_levels(organisations, met, seats, fee="kept").members
    # Each came to one of two, and so comes with 1/2 to the other's first meeting; at the
    # others' second meetings only one of them is there.
    assert members["reach_before"].tolist() == [0, 0]
    assert members["reach_after"].tolist() == pytest.approx([0.75, 0.75])
    assert members["networks_after"].tolist() == pytest.approx([1.75, 1.75])


def test_reach_never_shrinks_when_levels_merge():
    members = merge_levels(*NETWORK).members
    assert (members["reach_after"] >= members["reach_before"]).all()
    assert (members["networks_after"] >= members["networks_before"]).all()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: move_member(*NETWORK, member="aa", to="1"), 'no member "aa".*Did you mean "a"'),
        (lambda: move_member(*NETWORK, member="a", to="3"), 'No member has level "3".*are: 1, 2'),
        (lambda: merge_levels(*NETWORK, levels=["1", "9"]), 'No member has level "9"'),
        (lambda: merge_levels(*NETWORK, fee="free"), 'fee="free" is no rule; use one of: shared'),
        (
            lambda: level_measures(ORGANISATIONS.iloc[1:], PARTICIPATION, SEATS),
            'participation has "a", which is not among the organisations',
        ),
        (
            lambda: level_measures(ORGANISATIONS.assign(level=""), PARTICIPATION, SEATS),
            "organisations gives no level for a; write 1 or 2",
        ),
        (
            lambda: level_measures(pd.concat([ORGANISATIONS] * 2), PARTICIPATION, SEATS),
            "organisations has 4 repeated rows, first at org_id a",
        ),
    ],
)
def test_what_cannot_be_worked_out_is_an_error(call, message):
    with pytest.raises(DataError, match=message):
        call()
