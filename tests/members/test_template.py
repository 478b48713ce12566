"""The template opens again, and nothing in it is a formula."""

from __future__ import annotations

import openpyxl
import pytest

from regionstudy.errors import ConfigError
from regionstudy.members import check, load, write_template
from regionstudy.members.cells import read_cell
from regionstudy.members.example_line import example_line
from regionstudy.members.schema import sheets
from regionstudy.members.template import member_workbook
from regionstudy.members.writing import write_rows


@pytest.fixture(scope="module")
def templates(tmp_path_factory):
    """The template in each language, written once; tests that change one copy it first."""
    folder = tmp_path_factory.mktemp("templates")
    return {lang: write_template(folder / f"{lang}.xlsx", lang=lang) for lang in ("sv", "en")}


@pytest.fixture(scope="module")
def template(templates):
    """The Swedish template, opened."""
    return openpyxl.load_workbook(templates["sv"])


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
        ("Organisationer", "B3"),
        ("Organisationer", "D3"),
    ]


@pytest.mark.parametrize("name", ["=1+1", "+46", "-29", "@SUM(A1)"])
def test_a_text_that_begins_like_a_formula_is_a_text(tmp_path, name):
    workbook = member_workbook(lang="sv")
    write_rows(workbook, "organisations", [{"org_id": name, "name": name}], lang="sv")
    path = tmp_path / "members.xlsx"
    workbook.save(path)
    cell = openpyxl.load_workbook(path)["Organisationer"]["B2"]
    assert (cell.data_type, cell.value, cell.quotePrefix) == ("s", name, True)


def test_headers_are_frozen_noted_and_marked_where_required(template):
    worksheet = template["Personal"]
    assert worksheet.freeze_panes == "A2"
    assert worksheet["B1"].value == "Arbetsställets kommun *"
    assert "fyra siffror" in worksheet["B1"].comment.text
    assert worksheet.column_dimensions["B"].number_format == "@"


def test_municipalities_occupations_and_fixed_words_are_chosen_from_lists(template):
    workbook = template
    assert lists_of(workbook, "Personal") == {
        "A": "exempel",  # the sheet Organisationer itself
        "B": "0114 Upplands Väsby",
        "C": "0110 Officerare",
        "D": "-29",
    }
    assert lists_of(workbook, "Nätverk")["D"] == "yrkesnätverk"
    assert lists_of(workbook, "Rörlighet")["C"] == "0114 Upplands Väsby"
    assert lists_of(workbook, "Utbildningar")["C"] == "0 Allmän utbildning"
    assert lists_of(workbook, "Bidrag")["C"] == "erbjuds"
    assert workbook["Listor"].protection.sheet
    assert "2281 Sundsvall" in [cell.value for cell in workbook["Listor"]["A"]]


def lists_of(workbook, sheet):
    """Give each drop-down list's column and the first cell of its list."""
    found = {}
    for choice in workbook[sheet].data_validations.dataValidation:
        name, cells = choice.formula1.split("!")
        first = cells.replace("$", "").split(":")[0]
        assert str(choice.sqref).endswith("5000")
        found[str(choice.sqref)[0]] = workbook[name.strip("'")][first].value
    return found


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_every_sheet_shows_an_example_that_is_not_counted(templates, lang):
    path = templates[lang]
    workbook = openpyxl.load_workbook(path)
    for sheet in sheets().values():
        worksheet = workbook[sheet.title.render(lang)]
        assert worksheet.freeze_panes == "A2"
        assert worksheet["A2"].value
        assert worksheet["A2"].font.italic
        needed = [place for place, column in enumerate(sheet.columns, 1) if column.required]
        assert all(worksheet.cell(2, place).value is not None for place in needed)
    repairs = load(path).repairs
    assert [repair.cell for repair in repairs] == ["A2"] * len(sheets())
    assert "is the template's example, which is not counted" in str(repairs[0])


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_the_examples_would_be_right_if_they_were_somebodys_rows(lang):
    for sheet in sheets().values():
        line = example_line(sheet.name, lang)
        for column in sheet.columns:
            assert read_cell(line[column.name], column).problem == ""


def test_a_members_rows_below_the_example_are_read_and_the_example_is_not(tmp_path):
    path = write_template(tmp_path / "members.xlsx", lang="sv", org="org-7")
    workbook = openpyxl.load_workbook(path)
    workbook["Organisationer"]["B3"] = "Eget namn"
    workbook["Organisationer"]["D3"] = "0180"
    # However far down it has come.
    workbook["Organisationer"].insert_rows(2)
    workbook["Personal"].append(["org-7", "180", 2512, "30-39", 12, 2025])
    workbook.save(path)
    members = load(path)
    assert members.organisations["org_id"].tolist() == ["org-7"]
    assert members.staff["municipality"].tolist() == ["0180"]


def test_codes_ids_and_words_are_text_and_figures_numbers_in_whole_columns(template):
    workbook = template
    figures = {"count": "0", "year": "0", "date": "yyyy-mm-dd", "share": "0%"}
    for sheet in sheets().values():
        worksheet = workbook[sheet.title.sv]
        for letter, column in zip("ABCDEFGHIJK", sheet.columns, strict=False):
            if column.type != "number":
                expected = figures.get(column.type, "@")
                assert worksheet.column_dimensions[letter].number_format == expected
            assert worksheet[f"{letter}1"].comment.text == column.note.sv


def test_the_guidance_names_every_column_of_every_sheet_and_is_locked(templates):
    guidance = openpyxl.load_workbook(templates["en"])["Read me"]
    text = {cell.value for row in guidance for cell in row}
    assert guidance.protection.sheet
    for sheet in sheets().values():
        assert sheet.title.en in text
        assert {column.note.en for column in sheet.columns} <= text


def test_an_unknown_language_and_another_ending_are_refused(tmp_path):
    with pytest.raises(
        ConfigError, match='"fi" is not a language of the study; use one of: sv, en'
    ):
        write_template(tmp_path / "members.xlsx", lang="fi")
    with pytest.raises(ConfigError, match=r'ends in \.xlsx; try ".*members\.xlsx"'):
        write_template(tmp_path / "members.csv")
