"""Only declared tables leave, and persons leave protected."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from regionstudy.errors import ConfigError
from regionstudy.members import load, workplaces

DECLARED = """
threshold = 5
[staff_by_organisation_and_municipality]
sheet = "staff"
measure = "headcount"
dimensions = ["org_id", "municipality"]
year = "latest"
[needs_by_organisation]
sheet = "needs"
measure = "headcount"
dimensions = ["org_id", "year", "scenario"]
[public_assignments]
sheet = "assignments"
dimensions = ["org_id", "title"]
"""


@pytest.fixture
def declare(tmp_path):
    def write(text: str):
        path = tmp_path / "releases.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def members(tables, workbook, declare):
    tables["about"] = [["fictitious", "yes"]]
    return load(workbook(tables), releases=declare(DECLARED))


def test_persons_are_released_protected_with_their_margins(members):
    table = members.release("staff_by_organisation_and_municipality")
    cells = table.set_index(["org_id", "municipality"])
    # By hand: a has 40, 3 and 12 persons; the 3 must hide, and the 12 with it.
    assert cells.loc[("a", "2281"), "headcount"] == 40
    assert cells.loc[("a", "2284"), "status"] == "suppressed"
    assert cells.loc[("a", "2280"), "status"] == "suppressed"
    assert pd.isna(cells.loc[("a", "2284"), "headcount"])
    assert cells.loc[("a", "total"), "headcount"] == 55
    assert cells.loc[("total", "total"), "headcount"] == 66


def test_only_the_newest_year_is_released_and_the_year_said(members):
    table = members.release("staff_by_organisation_and_municipality")
    assert table.attrs["year"] == "2025"
    assert table.set_index(["org_id", "municipality"]).loc[("b", "0180"), "headcount"] == 11


def test_a_release_says_its_name_threshold_and_that_it_is_made_up(members):
    attrs = members.release("staff_by_organisation_and_municipality").attrs
    assert attrs["release"] == "staff_by_organisation_and_municipality"
    assert attrs["threshold"] == 5
    assert attrs["fictitious"] is True
    assert attrs["checksum"] == members.checksum


def test_needs_are_summed_over_occupations(members):
    needs = members.release("needs_by_organisation")
    assert needs.to_dict("records") == [
        {"org_id": "a", "year": 2027, "scenario": "low", "headcount": 7, "status": ""}
    ]


def test_only_public_assignments_are_released(members):
    assert members.release("public_assignments")["title"].tolist() == ["Öppet uppdrag"]


def test_workplaces_carry_protected_headcounts_and_the_organisations_facts(members):
    found = workplaces(members).set_index(["org_id", "municipality"])
    assert found.columns.tolist() == ["name", "headcount", "status", "cluster", "fictitious"]
    assert len(found) == 4
    assert found.loc[("a", "2284"), "status"] == "suppressed"
    assert pd.isna(found.loc[("a", "2284"), "headcount"])
    assert found.loc[("b", "0180"), ["name", "headcount", "cluster"]].tolist() == [
        "Exempelarkivet",
        11,
        "archives",
    ]
    assert found["fictitious"].all()


def test_the_study_releases_exactly_what_its_file_declares(repository):
    members = load(repository / "data/members/example.xlsx")
    assert members.declarations.path == repository / "data/releases.toml"
    for name in members.declarations.tables:
        assert len(members.release(name))
    assert (workplaces(members)["status"] == "suppressed").any()


JOINT = """
[by_cluster]
sheet = "staff"
measure = "headcount"
dimensions = ["cluster", "occupation_major"]
year = "latest"
[by_age]
sheet = "staff"
measure = "headcount"
dimensions = ["occupation_minor", "age_band"]
year = "latest"
[of_level_one]
sheet = "staff"
measure = "headcount"
dimensions = ["municipality"]
where = { level = ["1"] }
year = "latest"
[every_year]
sheet = "staff"
measure = "headcount"
dimensions = ["org_id", "year"]
[needs_in_it]
sheet = "needs"
measure = "headcount"
dimensions = ["occupation_minor"]
where = { cluster = ["it"] }
"""


@pytest.fixture
def joint(tables, workbook, declare):
    return load(workbook(tables), releases=declare(JOINT))


def test_dimensions_that_are_worked_out_can_be_declared(joint):
    table = joint.release("by_cluster").set_index(["cluster", "occupation_major"])
    # By hand: a is IT with 40 + 3 + 12 persons of 2512; b keeps archives with 11 of 2622.
    assert table.loc[("it", "2"), "headcount"] == 55
    assert table.loc[("archives", "total"), "headcount"] == 11
    ages = joint.release("by_age").set_index(["occupation_minor", "age_band"])
    assert ages.loc[("251", "-29"), "status"] == "suppressed"
    assert ages.loc[("262", "60-"), "headcount"] == 11


def test_where_keeps_the_rows_that_count(joint):
    table = joint.release("of_level_one").set_index("municipality")
    assert "0180" not in table.index
    assert table.loc["total", "headcount"] == 55
    assert joint.release("needs_in_it").set_index("occupation_minor")["headcount"].to_dict() == {
        "251": 4,
        "262": 3,
    }


def test_years_of_staff_are_shown_apart_and_never_added_up(joint):
    table = joint.release("every_year").set_index(["org_id", "year"])["headcount"]
    assert table[("b", "2024")] == 9
    assert table[("b", "2025")] == 11
    assert ("b", "total") not in table.index
    assert table[("total", "2025")] == 66


def test_all_tables_of_persons_are_protected_before_the_first_is_given(joint):
    # 3 persons are under 30, in Timrå and of level 1: what hides them in one table
    # must be hidden in the others, whichever is asked for first.
    assert set(joint.audit()["table"]) == {"by_age", "of_level_one"}
    assert joint.release("of_level_one").set_index("municipality").loc["2284", "status"]


def test_an_undeclared_table_names_the_entry_to_add(members):
    with pytest.raises(ConfigError, match=re.escape("To publish it, add: [staff_by_age]")):
        members.release("staff_by_age")
    with pytest.raises(ConfigError, match='Did you mean "needs_by_organisation"'):
        members.release("needs_by_organisatoin")


def test_without_declarations_nothing_is_released(tables, workbook):
    members = load(workbook(tables))
    assert members.declarations is None
    with pytest.raises(ConfigError, match=r"No releases\.toml was found beside members\.xlsx"):
        members.release("needs_by_organisation")


def test_a_named_file_that_does_not_exist_is_an_error(tables, workbook, tmp_path):
    with pytest.raises(ConfigError, match="does not exist"):
        load(workbook(tables), releases=tmp_path / "absent.toml")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("threshold = ", "is not TOML"),
        ("threshold = 2", "write a whole number of 3 or more"),
        ('[x]\nsheet = "staff"', "needs sheet and dimensions, and may have"),
        (
            '[x]\nsheet = "staff"\ndimensions = []\nage = 1',
            "needs sheet and dimensions, and may have",
        ),
        ('[x]\nsheet = "wages"\ndimensions = []', 'no sheet "wages"; use one of: organisations'),
        ('[x]\nsheet = "needs"\ndimensions = ["age"]', "the sheet needs has no column age"),
        ('[x]\nsheet = "needs"\ndimensions = []\nyear = "first"', 'year = "first"; use "all"'),
        ('[x]\nsheet = "organisations"\ndimensions = []\nyear = "latest"', "on a sheet that has"),
        ('[x]\nsheet = "staff"\ndimensions = ["org_id"]', "rows of persons never leave"),
        (
            '[x]\nsheet = "staff"\nmeasure = "headcount"\ndimensions = ["org_id"]',
            "years must not be added up",
        ),
        ("width = 4", "width = 4; write a whole number of 5 or more"),
        ("rounding = true", "rounding = True; write a whole number of 0 or more"),
        ('zeros = "no"', 'zeros = \'no\'; use "shown" or "hidden"'),
        (
            '[x]\nsheet = "staff"\nmeasure = "headcount"\ndimensions = ["org_id"]\nwhere = "a"',
            'write where = { column = ["value"] }',
        ),
        (
            '[x]\nsheet = "staff"\nmeasure = "headcount"\ndimensions = ["org_id"]\n'
            'where = { age = ["60-"] }',
            "the sheet staff has no column age",
        ),
        ('[x]\nsheet = "staff"\nmeasure = "headcount"\ndimensions = []', "names no dimensions"),
        (
            '[x]\nsheet = "network_members"\ndimensions = ["contact"]',
            "contact names persons and never leaves",
        ),
    ],
)
def test_an_entry_that_cannot_be_used_is_named(tables, workbook, declare, text, message):
    with pytest.raises(ConfigError, match=re.escape(message)):
        load(workbook(tables), releases=declare(text))
