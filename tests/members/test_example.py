"""The example is made up, says so, and can be made again as it is."""

from __future__ import annotations

import zipfile
from xml.etree.ElementTree import canonicalize

import pytest

from regionstudy.geography.codes import parent
from regionstudy.members import check, generate_example, load


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    return generate_example(tmp_path_factory.mktemp("example") / "example.xlsx")


def test_the_embedded_example_is_what_the_script_makes(example, repository):
    assert parts(example) == parts(repository / "data/members/example.xlsx")


def parts(workbook):
    # openpyxl writes the same XML in other words where lxml is installed.
    with zipfile.ZipFile(workbook) as archive:
        return {name: canonicalize(archive.read(name)) for name in archive.namelist()}


def test_another_seed_gives_another_network(example, tmp_path):
    other = generate_example(tmp_path / "other.xlsx", seed=7)
    assert other.read_bytes() != example.read_bytes()


def test_it_has_no_fault_and_says_that_it_is_made_up(example):
    assert check(example) == []
    members = load(example)
    assert members.fictitious
    assert members.repairs == ()


def test_its_organisations_sit_in_the_seven_municipalities_of_the_county(example):
    organisations = load(example).organisations
    assert len(organisations) == 20
    assert set(organisations["municipality"]) == {
        "2260",
        "2262",
        "2280",
        "2281",
        "2282",
        "2283",
        "2284",
    }
    assert {parent(code) for code in organisations["municipality"]} == {"22"}
    assert set(organisations["cluster"]) == {"it", "law", "archives", "finance"}
    assert organisations["website"].str.endswith(".example").all()


def test_every_organisation_has_staff_and_needs_in_three_scenarios(example):
    members = load(example)
    everyone = set(members.organisations["org_id"])
    assert set(members.staff["org_id"]) == everyone
    assert set(members.needs["org_id"]) == everyone
    wide = members.needs.pivot(
        index=["org_id", "occupation", "year"], columns="scenario", values="headcount"
    )
    assert (wide["low"] <= wide["middle"]).all()
    assert (wide["middle"] <= wide["high"]).all()


def test_some_assignments_are_not_public(example):
    public = load(example).assignments["public"]
    assert 0 < public.sum() < len(public)
