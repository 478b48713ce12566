"""The example is made up, says so, and can be made again as it is."""

from __future__ import annotations

import zipfile
from xml.etree.ElementTree import canonicalize

import pytest

from regionstudy.geography.codes import parent
from regionstudy.members import check, generate_example, load
from regionstudy.members.schema import sheets

MUNICIPALITIES = {"2260", "2262", "2280", "2281", "2282", "2283", "2284"}


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    return generate_example(tmp_path_factory.mktemp("example") / "example.xlsx")


@pytest.fixture(scope="module")
def members(example):
    return load(example)


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


def test_its_24_organisations_sit_in_the_seven_municipalities_of_the_county(members):
    organisations = members.organisations
    assert len(organisations) == 24
    assert set(organisations["municipality"]) == MUNICIPALITIES
    assert {parent(code) for code in organisations["municipality"]} == {"22"}
    assert set(organisations["cluster"]) == {"it", "law", "archives", "finance"}
    assert set(organisations["level"]) == {"1", "2"}
    assert organisations["website"].str.endswith(".example").all()
    assert organisations["fee"].notna().all()


def test_all_ten_sheets_are_filled(members):
    assert all(len(members.table(name)) for name in sheets())


def test_most_workplaces_are_large_enough_to_show_and_some_are_not(members):
    staff = members.staff
    newest = staff[staff["year"] == staff["year"].max()]
    sizes = newest.groupby(["org_id", "municipality"])["headcount"].sum()
    assert set(newest["municipality"]) == MUNICIPALITIES
    assert 3 <= (sizes < 5).sum() <= 0.15 * len(sizes)


def test_there_are_moves_of_every_kind_and_only_arrivals_are_known_to_have_returned(members):
    mobility = members.mobility
    assert set(mobility["kind"]) == {"move", "loan", "hire", "leave"}
    hires = mobility["kind"] == "hire"
    assert set(mobility.loc[hires, "returned"]) == {"yes", "no"}
    assert mobility.loc[~hires, "returned"].isna().all()
    assert (mobility.loc[hires, "from_org"] == "outside").all()
    assert (mobility.loc[mobility["kind"] == "leave", "to_org"] == "outside").all()
    assert "outside" not in set(mobility.loc[mobility["kind"].isin(["move", "loan"]), "to_org"])


def test_one_theme_is_covered_by_no_member(members):
    seated = members.networks["network_id"].isin(members.network_members["network_id"])
    covered = set(members.networks.loc[seated, "theme"])
    assert set(members.networks["theme"]) - covered == {"Klarspråk"}


def test_some_members_have_fallen_silent_and_level_one_alone_is_asked_to_some_meetings(members):
    rows = members.participation
    last = rows[rows["attended"]].groupby("org_id")["date"].max()
    assert (last < "2025-09-01").sum() == 4
    levels = members.organisations.set_index("org_id")["level"]
    invited = rows["org_id"].map(levels).groupby(rows["meeting"]).agg(set)
    assert invited["Styrgrupp vår"] == {"1"}
    assert invited["Årsmöte"] == {"1", "2"}


def test_what_is_offered_and_wanted_overlap_in_part(members):
    kinds = members.contributions.groupby("competence")["kind"].agg(set)
    assert {"offered", "wanted"} in kinds.tolist()
    assert {"wanted"} in kinds.tolist()


def test_figures_of_programmes_that_are_not_known_yet_are_missing(members):
    programmes = members.programmes
    assert programmes.loc[programmes["year"] == 2026, "graduates"].isna().all()
    assert programmes.loc[programmes["year"] == 2025, "stayed"].isna().all()
    assert programmes.loc[programmes["year"] == 2024, "stayed"].notna().all()


def test_every_organisation_has_staff_and_needs_in_three_scenarios(members):
    everyone = set(members.organisations["org_id"])
    assert set(members.staff["org_id"]) == everyone
    assert set(members.needs["org_id"]) == everyone
    wide = members.needs.pivot(
        index=["org_id", "occupation", "year"], columns="scenario", values="headcount"
    )
    assert (wide["low"] <= wide["middle"]).all()
    assert (wide["middle"] <= wide["high"]).all()


def test_some_assignments_are_not_public(members):
    public = members.assignments["public"]
    assert 0 < public.sum() < len(public)
