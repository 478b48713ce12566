"""The ten sheets are read, alone or together, and what they say must agree."""

from __future__ import annotations

import json
import re

import pandas as pd
import pytest

from regionstudy.members import check, load
from regionstudy.members.cells import read_cell
from regionstudy.members.educations import education_labels
from regionstudy.members.schema import sheets
from regionstudy.words import render


@pytest.fixture
def all_tables(tables):
    """Every sheet, in the words that people use."""
    return {
        **tables,
        "Rörlighet": [
            ["Från", "Till", "Region utanför", "Återvändare", "SSYK", "År", "Slag", "Antal"],
            ["utanför", "a", "180", "ja", "2512", 2025, "anställning", 2],
            ["a", "outside", "Uppsala län", None, "2512", 2025, "leave", 1],
            ["outside", "b", "utlandet", "nej", "2622", 2025, "hire", 1],
            ["a", "b", None, "no", "2622", 2025, "Lån", 1],
        ],
        "Utbildningar": [
            ["Organisations-id", "Namn", "SUN 2020", "Yrke", "År", "Platser", "Examinerade"],
            ["a", "Exempelprogrammet", "481a", "2512", 2025, 40, 30],
            ["a", "Exempelkursen", "322", None, 2025, None, None],
        ],
        "Nätverk": [
            ["Nätverks-id", "Namn", "Tema", "Slag"],
            ["n1", "Exempelnätet", "arkiv", "yrkesnätverk"],
            ["n2", "Provnätet", "it", "något annat"],
        ],
        "Nätverksmedlemmar": [
            ["Nätverks-id", "Organisations-id", "Kontakt", "Roll"],
            ["n1", "a", "registrator", "ordförande"],
            ["n1", "b", None, None],
        ],
        "Deltagande": [
            ["Möte", "Datum", "Organisations-id", "Deltog"],
            ["Råd", "2026-02-03", "a", "ja"],
            ["Råd", "2026-02-03", "b", "nej"],
        ],
        "Bidrag": [
            ["Organisations-id", "Kompetens", "Slag", "Får visas"],
            ["a", "e-arkiv", "erbjuds", None],
            ["b", "e-arkiv", "önskas", "nej"],
        ],
    }


def test_all_ten_sheets_are_read_in_swedish(all_tables, workbook):
    path = workbook(all_tables)
    assert check(path) == []
    members = load(path)
    assert {name: len(members.table(name)) for name in sheets()} == {
        "organisations": 2,
        "staff": 5,
        "needs": 2,
        "assignments": 2,
        "mobility": 4,
        "programmes": 2,
        "networks": 2,
        "network_members": 2,
        "participation": 2,
        "contributions": 2,
    }
    mobility = members.mobility
    assert mobility["from_org"].tolist() == ["outside", "a", "outside", "a"]
    assert mobility["kind"].tolist() == ["hire", "leave", "hire", "loan"]
    assert mobility["from_region"].fillna("?").tolist() == ["0180", "03", "abroad", "?"]
    # Whether somebody who left had lived here is not known: missing is not "no".
    assert mobility["returned"].fillna("?").tolist() == ["yes", "?", "no", "no"]
    assert members.programmes["education"].tolist() == ["481a", "322"]
    assert members.programmes["places"].isna().tolist() == [False, True]
    assert members.networks["kind"].tolist() == ["professional", "något annat"]
    assert members.network_members["role"].fillna("?").tolist() == ["ordförande", "?"]
    assert members.participation["attended"].tolist() == [True, False]
    assert members.participation["date"].tolist() == [pd.Timestamp("2026-02-03")] * 2
    assert members.contributions["kind"].tolist() == ["offered", "wanted"]
    assert members.contributions["public"].tolist() == [True, False]


def test_an_absent_sheet_is_an_empty_table_of_the_same_types(all_tables, tables, workbook):
    full, part = load(workbook(all_tables)), load(workbook(tables, "part.xlsx"))
    for name in sheets():
        assert part.table(name).columns.tolist() == full.table(name).columns.tolist()
        assert part.table(name).dtypes.to_dict() == full.table(name).dtypes.to_dict(), name
    assert part.mobility.empty
    assert part.participation.empty


@pytest.mark.parametrize(
    ("sheet", "row", "column", "value", "problem"),
    [
        ("Rörlighet", 4, 0, "c", "is not on the sheet Organisations"),
        ("Rörlighet", 4, 2, "9999", "is not the code of a municipality or a county"),
        ("Rörlighet", 4, 3, "kanske", "is not one of the words for Returned"),
        ("Rörlighet", 4, 6, "semester", "is not one of the words for Kind"),
        ("Utbildningar", 1, 2, "471", "is not a field of SUN 2020"),
        ("Nätverksmedlemmar", 1, 0, "n3", "is not on the sheet Networks"),
        ("Deltagande", 1, 3, None, "is empty"),
        ("Bidrag", 1, 2, "säljs", "is not one of the words for Kind"),
    ],
)
def test_a_wrong_word_code_or_id_is_a_fault(
    all_tables, workbook, sheet, row, column, value, problem
):
    all_tables[sheet][row][column] = value
    faults = check(workbook(all_tables))
    assert [fault.sheet for fault in faults] == [sheet]
    assert problem in faults[0].problem


def test_more_cannot_stay_than_graduated_nor_close_before_it_opens(all_tables, workbook):
    all_tables["Utbildningar"][0].append("Stannade")
    all_tables["Utbildningar"][1].append(31)
    all_tables["assignments"][0].append("closes")
    all_tables["assignments"][1].append("2026-12-31")
    stayed, closes = sorted(check(workbook(all_tables)), key=lambda fault: -len(fault.sheet))
    assert (stayed.cell, stayed.value) == ("G2", "30")
    assert "is below Stayed in the region, 31" in stayed.problem
    assert (closes.cell, closes.value) == ("G2", "2026-12-31")
    assert "is below Opens, 2027-01-01" in closes.problem


def test_no_organisation_is_called_outside_or_total(tables, workbook):
    tables["organisations"][1][0] = "outside"
    tables["organisations"][2][0] = "total"
    faults = check(workbook(tables))
    assert {(fault.cell, fault.problem) for fault in faults if fault.sheet == "organisations"} == {
        ("A2", "is not an id."),
        ("A3", "is not an id."),
    }


def test_a_move_from_outside_to_outside_names_no_member(all_tables, workbook):
    all_tables["Rörlighet"][1][1] = "outside"
    fault = check(workbook(all_tables))[0]
    assert (fault.sheet, fault.cell, fault.value) == ("Rörlighet", "A2", "outside")
    assert fault.problem == "names no member in From organisation and To organisation."


def test_a_workbook_of_one_organisation_may_name_others_it_moved_staff_to(tables, workbook):
    tables = {
        "organisations": tables["organisations"][:2],
        "staff": tables["staff"][:4],
        "mobility": [
            ["from_org", "to_org", "occupation", "year", "kind", "headcount"],
            ["a", "somebody", "2512", 2025, "move", 1],
        ],
    }
    assert check(workbook(tables)) == []
    tables["mobility"].append(["a", "b", "25l2", 2025, "move", 1])
    assert [fault.cell for fault in check(workbook(tables))] == ["C3"]


def test_the_fields_of_education_are_those_of_jobtechs_taxonomy(shared):
    text = (shared / "recordings/jobtech/concept_to_taxonomy.json").read_text(encoding="utf-8")
    fields = {
        concept["legacyAmsTaxonomyId"]: concept["label"]
        for concept in json.loads(text).values()
        if re.fullmatch("sun-education-field-[123]", concept["type"])
    }
    assert dict(education_labels()) == fields


@pytest.mark.parametrize(
    ("text", "value", "told"),
    [
        ("481", "481", ""),
        ("481A", "481a", ""),
        ("322 Biblioteks- och dokumentationsvetenskap", "322", ""),
        ("10", "010", "read as 010: its first zero was lost"),
        ("Statistik", None, "Did you mean 462 Statistik? Write one to three digits"),
        ("48l", None, "Write one to three digits"),
    ],
)
def test_fields_of_education_are_read_at_every_level(text, value, told):
    column = next(c for c in sheets()["programmes"].columns if c.name == "education")
    reading = read_cell(text, column)
    assert reading.value == value
    assert told in render(reading.repair or reading.remedy, "en")
