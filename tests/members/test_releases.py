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
