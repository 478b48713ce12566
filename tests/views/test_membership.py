"""The page on membership: what it says of a small network, and of the example."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from regionstudy.errors import ConfigError
from regionstudy.figures.content import Cell
from regionstudy.figures.statements import Note
from regionstudy.views import membership
from regionstudy.views.membership.facts import MembershipFacts

ORGANISATIONS = pd.DataFrame(
    {
        "org_id": ["a", "b", "c"],
        "name": ["Arkivet", "Banken", "Centralen"],
        "level": ["1", "2", "2"],
        "fee": [50.0, 20.0, 20.0],
    }
)
PARTICIPATION = pd.DataFrame(
    [
        ("Råd", "2025-01-10", "a", True),
        ("Öppet", "2025-03-10", "a", True),
        ("Öppet", "2025-03-10", "b", True),
        ("Öppet", "2025-03-10", "c", False),
    ],
    columns=["meeting", "date", "org_id", "attended"],
).assign(date=lambda rows: pd.to_datetime(rows["date"]))
SEATS = pd.DataFrame({"network_id": ["n1", "n2"], "org_id": ["a", "b"]})
OFFERS = pd.DataFrame(
    {
        "org_id": ["a", "b", "c"],
        "competence": ["Juridik", "juridik", "Drift"],
        "kind": ["wanted", "offered", "wanted"],
    }
)
ORGANISATIONS.attrs["fictitious"] = True
FACTS = MembershipFacts(ORGANISATIONS, PARTICIPATION, SEATS, OFFERS, 1, "1", "shared")


class Released:
    """A study whose members have released these tables."""

    def __init__(self, **tables):
        self.members = self
        self._tables = tables

    def release(self, name):
        return self._tables[name]


def counts(keys, *given, threshold=5, year="2025"):
    frame = pd.DataFrame(given, columns=[*keys, "headcount"]).astype({"headcount": float})
    frame["status"] = np.where(frame["headcount"].isna(), "suppressed", "")
    frame.attrs.update(threshold=threshold, year=year, fictitious=True)
    return frame


def rows(table):
    """Give the cells of a table in Swedish, and hidden or missing ones as their status."""
    return [
        [
            cell.status
            if isinstance(cell, Cell)
            else cell.render("sv")
            if hasattr(cell, "render")
            else cell
            for cell in row
        ]
        for row in table.table.rows
    ]


def test_the_answer_compares_the_levels_and_says_what_a_merger_would_change():
    now, change = membership.membership_answer(FACTS).sentences
    assert now.text.render("en") == (
        "Members on level 1 come to 100 per cent of the meetings they are invited to, members on "
        "level 2 to 50 per cent."
    )
    # b and c get one meeting more; b comes for sure, c never: one more met between them.
    assert change.text.render("en") == (
        "If the levels became one, 2 members would be invited to more meetings (1.0 more on "
        "average) and be expected to meet 0.0 more members there; with a common fee of SEK 30, "
        "2 would pay more and 1 less."
    )
    assert now.fictitious
    assert change.fictitious


def test_the_answer_leaves_fees_out_where_one_is_unknown():
    lacking = replace(FACTS, organisations=ORGANISATIONS.assign(fee=[50.0, None, 20.0]))
    change = membership.membership_answer(lacking).sentences[1].text.render("sv")
    assert "avgift" not in change


def test_one_level_needs_no_comparison():
    one = replace(FACTS, organisations=ORGANISATIONS.assign(level="1"))
    now, change = membership.membership_answer(one).sentences
    assert now.text.render("sv") == "Alla medlemmar har redan samma nivå (1)."
    assert "möten" in change.text.render("sv")


def test_large_numbers_of_made_up_members_say_so():
    notes = [item.note.render("sv") for item in membership.membership_numbers(FACTS).items]
    assert all(note.startswith("Påhittade medlemsuppgifter: ") for note in notes)
    real = replace(FACTS, organisations=ORGANISATIONS.copy())
    real.organisations.attrs["fictitious"] = False
    assert membership.membership_numbers(real).items[0].note.render("sv").startswith("1 på nivå 1")


def test_levels_stand_side_by_side():
    assert rows(membership.levels_table(FACTS)) == [
        ["Nivå 1", 1.0, 2.0, 100.0, 1.0, 1.0, 0.0, 1.0, 50.0],
        ["Nivå 2", 2.0, 1.0, 50.0, 1.0, 1.0, 1.0, 1.0, 20.0],
    ]


def test_who_gains_and_who_loses_is_told_member_by_member():
    found = {row[0]: row[1:] for row in rows(membership.gains_table(FACTS))}
    assert found["Arkivet"] == ["Nivå 1", 0.0, 0.0, -20.0, "betalar mindre, får detsamma"]
    assert found["Banken"] == ["Nivå 2", 1.0, 0.0, 10.0, "får mer, betalar mer"]


def test_each_member_is_told_what_changing_level_alone_would_mean():
    found = {row[0]: row[1:] for row in rows(membership.lone_moves_table(FACTS))}
    # b would be invited to the council too, where a was; a would lose its place there.
    assert found["Banken"] == ["Nivå 1", 1.0, 0.0, 30.0]
    assert found["Arkivet"] == ["Nivå 2", -1.0, 0.0, -30.0]
    one = replace(FACTS, organisations=ORGANISATIONS.assign(level="1"))
    assert isinstance(membership.lone_moves_table(one), Note)


def test_a_fee_that_is_unknown_is_missing_in_every_table():
    lacking = replace(FACTS, organisations=ORGANISATIONS.assign(fee=[50.0, None, 20.0]))
    assert [row[-1] for row in rows(membership.levels_table(lacking))] == [50.0, ".."]
    assert {row[4] for row in rows(membership.gains_table(lacking))} == {".."}


def test_the_silent_are_listed_with_the_last_time_they_came():
    shown = membership.regularity_table(FACTS)
    assert shown.title.render("sv") == "1 medlemmar har tystnat"
    assert rows(shown) == [["Centralen", 1.0, 0.0, 1.0, 1.0, "aldrig"]]
    steady = replace(FACTS, participation=PARTICIPATION.assign(attended=True))
    assert isinstance(membership.regularity_table(steady), Note)


def test_offers_and_wishes_meet_and_the_rest_is_named():
    shown = membership.contributions_table(FACTS)
    assert rows(shown) == [["Juridik", "Arkivet", "Banken"]]
    assert shown.table.caption.render("sv") == (
        "Utan motpart står önskemål om Drift och erbjudanden om inget."
    )


def test_words_that_differ_stand_on_both_sides():
    near = replace(FACTS, contributions=OFFERS.replace("juridik", "juridiken"))
    assert rows(membership.contributions_table(near)) == [
        ["Juridik", "Arkivet", "Banken", "juridiken"]
    ]


MOVES = ["from_org", "to_org"]


def test_hidden_moves_are_too_few_never_zero():
    moves = counts(
        MOVES, ("a", "total", 8), ("b", "total", None), ("total", "b", 8), ("total", "c", None),
        ("a", "b", 8), ("b", "c", None), ("total", "total", 10),
    )  # fmt: skip
    study = Released(moves_between_members=moves)
    assert rows(membership.moves_table(study, FACTS)) == [
        ["Banken", "hidden", 8.0],
        ["Arkivet", 8.0, 0.0],
        ["Centralen", 0.0, "hidden"],
    ]
    assert isinstance(membership.moves_chart(study, FACTS), Note)


def test_members_with_too_few_both_ways_are_counted_and_left_out():
    moves = counts(MOVES, ("a", "total", None), ("total", "a", None), ("b", "total", 9))
    shown = membership.moves_table(Released(moves_between_members=moves), FACTS)
    assert [row[0] for row in rows(shown)] == ["Banken"]
    assert "1 medlemmar har för få åt båda hållen" in shown.table.caption.render("sv")


def test_moves_are_drawn_once_enough_pairs_may_be_shown():
    moves = counts(MOVES, ("a", "b", 8), ("b", "a", 6), ("c", "a", 7), ("a", "c", None))
    shown = membership.moves_chart(Released(moves_between_members=moves), FACTS)
    assert [row[2] for row in shown.content.table.rows] == [8.0, 7.0, 6.0]
    # One is hidden and counted; a pair that nobody moved between is a 0, not missing.
    assert shown.content.notes[-1].render("en") == "Streams without a figure: 1."
    assert shown.content.fictitious


def test_a_member_without_moves_is_counted_and_left_out():
    moves = counts(MOVES, ("a", "total", 8), ("total", "b", 8), ("a", "b", 8))
    shown = membership.moves_table(Released(moves_between_members=moves), FACTS)
    assert [row[0] for row in rows(shown)] == ["Banken", "Arkivet"]
    assert "1 medlemmar hade inga" in shown.table.caption.render("sv")


def test_those_who_returned_stand_beside_all_hired_and_hidden_ones_stay_hidden():
    keys = ["from_region", "returned"]
    hires = counts(
        keys, ("01", "total", 20), ("01", "yes", 7), ("01", "no", 13), ("23", "total", 6),
        ("23", "yes", None), ("23", "no", None), ("total", "total", 26), ("total", "yes", None),
        ("total", "no", None),
    )  # fmt: skip
    shown = membership.hires_table(Released(hires_by_origin=hires), FACTS)
    found = {row[0]: row[1:] for row in rows(shown)}
    assert found["Stockholms län"] == [20.0, 7.0]
    assert found["Jämtlands län"] == [6.0, "hidden"]
    assert shown.title.render("sv") == "Varifrån medlemmarna har anställt"


def test_the_share_that_stays_is_hidden_where_either_part_is():
    staff = counts(
        ["org_id", "occupation_major"], ("a", "total", 40), ("b", "total", 9), ("total", "2", 49)
    )
    left = counts(
        ["from_org", "occupation_major"],
        ("a", "total", 10),
        ("b", "total", None),
        ("total", "2", 14),
    )
    study = Released(staff_by_organisation_and_occupation=staff, leavers_by_organisation=left)
    members, groups = membership.turnover_tables(study, FACTS)
    assert rows(members) == [["Arkivet", 40.0, 10.0, 80.0]]
    assert members.table.caption.render("sv").endswith(
        "1 medlemmar står inte med, för att grupper under 5 personer inte får kunna räknas ut."
    )
    assert rows(groups)[0][0] == "Yrken med längre högskoleutbildning"


def test_staff_and_leavers_of_different_years_are_not_compared():
    staff = counts(["org_id", "occupation_major"], ("a", "total", 40))
    left = counts(["from_org", "occupation_major"], ("a", "total", 10), year="2024")
    study = Released(staff_by_organisation_and_occupation=staff, leavers_by_organisation=left)
    (shown,) = membership.turnover_tables(study, FACTS)
    assert "2025" in shown.text.render("sv")
    assert "2024" in shown.text.render("sv")


def test_goals_are_marked_as_an_example_and_say_how_fast_it_must_go(study):
    shown = membership.goals_table(study, FACTS)
    assert shown.fictitious
    found = {row[0]: row for row in rows(shown)}
    # 35.16 in 2019 and 38.47 in 2025 (SCB, UF0506): 3.31 in six years.
    share = found["Fler har läst vidare efter gymnasiet"]
    assert share[2:5] == [35.2, 38.5, "2025"]
    assert share[6:] == ["+0,6", "+1,3", "för långsamt"]


def test_a_wrong_goal_fails_with_its_remedy(study, tmp_path, monkeypatch):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "goals.toml").write_text("[x]\nyear = 1\n", encoding="utf-8")
    monkeypatch.setattr(study, "folder", tmp_path)
    with pytest.raises(ConfigError, match=r"goals\.toml, \[x\]: title: field required"):
        membership.goals_table(study, FACTS)


@pytest.mark.parametrize(
    "view",
    [
        membership.membership_numbers,
        membership.levels_table,
        membership.scenario_table,
        membership.gains_table,
        membership.lone_moves_table,
        membership.attendance_chart,
        membership.regularity_table,
        membership.contributions_table,
    ],
)
def test_without_members_each_result_is_a_line_that_says_so(view):
    assert isinstance(view(None), Note)
    if view is not membership.contributions_table:
        assert isinstance(view(replace(FACTS, participation=PARTICIPATION.iloc[:0])), Note)
