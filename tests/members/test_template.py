"""The template opens again, and nothing in it is a formula."""

from __future__ import annotations

import openpyxl
import pytest

from regionstudy.errors import ConfigError
from regionstudy.members import check, load, write_template
from regionstudy.members.schema import sheets
from regionstudy.members.template import member_workbook, write_rows


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_an_empty_template_is_read_without_a_fault(tmp_path, lang):
    path = write_template(tmp_path / "members.xlsx", lang=lang)
    assert check(path) == []
    members = load(path)
    assert all(members.table(name).empty for name in sheets())
    assert not members.fictitious
    assert members.aside == ()
    assert [item.name for item in tmp_path.iterdir()] == ["members.xlsx"]


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_what_is_filled_in_comes_back(tmp_path, lang):
    workbook = member_workbook(lang=lang, fictitious=True)
    organisation = {"org_id": "a", "name": "=HYPERLINK(1)", "municipality": "0180"}
    write_rows(workbook, "organisations", [organisation], lang=lang)
    path = tmp_path / "members.xlsx"
    workbook.save(path)
    members = load(path)
    assert members.organisations.loc[0, ["org_id", "name", "municipality"]].to_dict() == (
        organisation
    )
    assert members.fictitious


def test_an_organisations_own_template_asks_for_its_facts(tmp_path):
    path = write_template(tmp_path / "members.xlsx", org="org-7")
    faults = check(path)
    assert [(fault.sheet, fault.cell) for fault in faults] == [
        ("Organisationer", "B2"),
        ("Organisationer", "D2"),
    ]


@pytest.mark.parametrize("name", ["=1+1", "+46", "-29", "@SUM(A1)"])
def test_a_text_that_begins_like_a_formula_is_a_text(tmp_path, name):
    workbook = member_workbook(lang="sv")
    write_rows(workbook, "organisations", [{"org_id": name, "name": name}], lang="sv")
    path = tmp_path / "members.xlsx"
    workbook.save(path)
    cell = openpyxl.load_workbook(path)["Organisationer"]["B2"]
    assert (cell.data_type, cell.value, cell.quotePrefix) == ("s", name, True)


def test_headers_are_frozen_noted_and_marked_where_required(tmp_path):
    path = write_template(tmp_path / "members.xlsx", lang="sv")
    worksheet = openpyxl.load_workbook(path)["Personal"]
    assert worksheet.freeze_panes == "A2"
    assert worksheet["B1"].value == "Arbetsställets kommun *"
    assert "fyra siffror" in worksheet["B1"].comment.text
    assert worksheet.column_dimensions["B"].number_format == "@"


def test_municipalities_occupations_and_fixed_words_are_chosen_from_lists(tmp_path):
    path = write_template(tmp_path / "members.xlsx", lang="sv")
    workbook = openpyxl.load_workbook(path)
    lists = {
        str(choice.sqref): choice.formula1
        for choice in workbook["Personal"].data_validations.dataValidation
    }
    assert lists == {
        "B2:B5000": "'Listor'!$A$1:$A$290",
        "C2:C5000": "'Listor'!$B$1:$B$400",
        "D2:D5000": "'Listor'!$E$1:$E$5",
    }
    assert workbook["Listor"].protection.sheet
    assert "2281 Sundsvall" in [cell.value for cell in workbook["Listor"]["A"]]
    assert [cell.value for cell in workbook["Listor"]["E"][:5]] == [
        "-29",
        "30-39",
        "40-49",
        "50-59",
        "60-",
    ]


def test_the_guidance_shows_an_example_for_each_sheet(tmp_path):
    path = write_template(tmp_path / "members.xlsx", lang="en")
    text = {cell.value for row in openpyxl.load_workbook(path)["Read me"] for cell in row}
    assert {"Organisations", "Staff", "Needs", "Assignments", "Exempelverket"} <= text


def test_an_unknown_language_and_another_ending_are_refused(tmp_path):
    with pytest.raises(
        ConfigError, match='"fi" is not a language of the study; use one of: sv, en'
    ):
        write_template(tmp_path / "members.xlsx", lang="fi")
    with pytest.raises(ConfigError, match=r'ends in \.xlsx; try ".*members\.xlsx"'):
        write_template(tmp_path / "members.csv")
