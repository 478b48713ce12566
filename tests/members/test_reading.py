"""Reading is forgiving in form and strict in content."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regionstudy.errors import ConfigError, MemberDataError
from regionstudy.members import check, load, reading


def only_fault(path):
    faults = check(path)
    assert len(faults) == 1, [str(fault) for fault in faults]
    return faults[0]


def test_a_correct_workbook_has_no_fault_and_gives_all_four_tables(tables, workbook):
    path = workbook(tables)
    assert check(path) == []
    members = load(path)
    assert [len(members.table(name)) for name in tables] == [2, 5, 2, 2]
    assert members.staff["headcount"].tolist() == [40, 3, 12, 11, 9]
    assert members.source == path
    assert members.checksum.startswith("sha256:")
    assert not members.fictitious
    assert members.repairs == ()


def test_an_unchanged_workbook_is_read_once_and_a_changed_one_anew(tables, workbook, monkeypatch):
    path = workbook(tables)
    first = load(path)
    with monkeypatch.context() as patch:
        patch.setattr(reading, "read", None)
        again = load(path)
        assert again.staff.equals(first.staff)
        # What one holds is its own: tables are given as copies.
        mine = again.table("staff")
        mine.loc[0, "headcount"] = 99
        assert load(path).staff["headcount"].tolist() == [40, 3, 12, 11, 9]
    tables["staff"][1][4] = 41
    assert load(workbook(tables)).staff["headcount"].tolist() == [41, 3, 12, 11, 9]
    path.unlink()
    with pytest.raises(MemberDataError):
        load(path)


def test_codes_stay_text_with_their_zeros(tables, workbook):
    members = load(workbook(tables))
    assert members.organisations["municipality"].tolist() == ["2281", "0180"]
    assert members.staff["occupation"].tolist()[0] == "2512"
    assert members.organisations["municipality"].dtype == "str"


def test_a_lost_zero_is_restored_and_said(tables, workbook):
    tables["organisations"][2][2] = 180
    members = load(workbook(tables))
    assert members.organisations["municipality"].tolist() == ["2281", "0180"]
    assert len(members.repairs) == 1
    repair = members.repairs[0]
    assert (repair.sheet, repair.cell, repair.value) == ("organisations", "C3", "180")
    assert "0180 Stockholm" in str(repair)


def test_an_occupations_lost_zero_is_restored_only_where_one_code_fits(tables, workbook):
    tables["staff"][1][2] = 110  # 0110, officers: no minor group is called 110
    tables["staff"][2][2] = 21  # a sub-major group of its own, however much 021 is one too
    members = load(workbook(tables))
    assert members.staff["occupation"].tolist()[:2] == ["0110", "21"]
    assert [repair.cell for repair in members.repairs] == ["C2"]


def test_a_letter_in_a_code_is_named_with_the_nearest_code(tables, workbook):
    tables["staff"][2][1] = "18O"
    fault = only_fault(workbook(tables))
    assert (fault.sheet, fault.cell, fault.value) == ("staff", "B3", "18O")
    assert fault.problem == "is not a municipality code."
    assert fault.remedy == (
        'Did you mean 0180 Stockholm? Codes are four digits: sign 3 is the letter "O".'
    )


def test_the_templates_list_entries_and_names_are_read_as_codes(tables, workbook):
    tables["organisations"][1][2] = "2281 Sundsvall"
    tables["organisations"][2][2] = "Härnösand"
    tables["staff"][1][2] = "2512 Mjukvaru- och systemutvecklare m.fl."
    members = load(workbook(tables))
    assert members.organisations["municipality"].tolist() == ["2281", "2280"]
    assert members.staff["occupation"].tolist()[0] == "2512"
    assert [repair.change for repair in members.repairs] == ["read as 2280 Härnösand"]


def test_swedish_headers_sheet_names_and_words_are_read(workbook):
    path = workbook(
        {
            "Behov": [
                ["Scenario", "Antal", "År", "Yrke", "Organisations-id"],
                ["hög", 4, 2027, "2512", "a"],
            ],
            "Personal": [
                ["Organisations-id *", "Kommun", "SSYK", "Åldersgrupp", "Antal anställda", "År"],
                ["a", "2281", "2512", "30–39", "1 204", 2025],
                ["a", "2281", "2512", "60+", "7,0", "2025"],
            ],
            "Organisationer": [["Organisations-id", "Namn", "Kommun"], ["a", "Exempel", "2281"]],
        }
    )
    members = load(path)
    assert members.staff["age_band"].tolist() == ["30-39", "60-"]
    assert members.staff["headcount"].tolist() == [1204, 7]
    assert members.needs.iloc[0].to_dict() == {
        "org_id": "a",
        "occupation": "2512",
        "year": 2027,
        "headcount": 4,
        "scenario": "high",
        "public": True,
    }
    assert members.assignments.empty


def test_an_age_band_typed_as_a_negative_number_is_read(tables, workbook):
    tables["staff"][1][3] = -29
    assert load(workbook(tables)).staff["age_band"].tolist()[0] == "-29"


def test_extra_columns_and_sheets_are_kept_aside(tables, workbook):
    tables["organisations"][0].append("Anteckning")
    tables["organisations"][1].append("ring i maj")
    tables["Ekonomi"] = [["x"]]
    members = load(workbook(tables))
    assert "Anteckning" not in members.organisations.columns
    assert members.extras["organisations"]["Anteckning"].tolist() == ["ring i maj", ""]
    assert members.aside == ("Ekonomi",)


def test_a_header_below_a_title_and_blank_rows_are_read_with_their_own_row_numbers(
    tables, workbook
):
    tables["staff"] = [["Vår personal"], [], *tables["staff"][:2], [], *tables["staff"][2:], [], []]
    tables["staff"][5][4] = "tre"
    fault = only_fault(workbook(tables))
    assert fault.cell == "E6"
    assert "whole number" in fault.problem


def test_dates_are_read_as_excel_dates_and_as_text(tables, workbook):
    tables["assignments"][1][4] = dt.date(2027, 3, 1)
    tables["assignments"][2][4] = "2027-04-02"
    opens = load(workbook(tables)).assignments["opens"]
    assert opens.tolist() == [pd.Timestamp("2027-03-01"), pd.Timestamp("2027-04-02")]


def test_shares_are_read_with_comma_point_and_per_cent(tables, workbook):
    tables["assignments"][1][3] = "0,25"
    tables["assignments"][2][3] = "40 %"
    assert load(workbook(tables)).assignments["remote_share"].tolist() == [0.25, 0.4]


def test_an_assignment_is_not_public_unless_it_says_so(tables, workbook):
    assert load(workbook(tables)).assignments["public"].tolist() == [True, False]


def test_all_faults_come_at_once_in_the_order_of_sheets_and_rows(tables, workbook):
    tables["organisations"][1][2] = "9999"
    tables["organisations"][2][3] = "3"
    tables["staff"][1][5] = "i fjol"
    tables["staff"][2][0] = "c"
    tables["staff"][3][4] = -2
    tables["staff"][4][3] = "31-39"
    tables["needs"][1][1] = "2599"
    tables["needs"][2][4] = None
    tables["assignments"][1][3] = 1.5
    tables["assignments"][1][4] = "snart"
    faults = check(workbook(tables))
    assert [(fault.sheet, fault.cell) for fault in faults] == [
        ("organisations", "C2"),
        ("organisations", "D3"),
        ("staff", "F2"),
        ("staff", "A3"),
        ("staff", "E4"),
        ("staff", "D5"),
        ("needs", "B2"),
        ("needs", "E3"),
        ("assignments", "D2"),
        ("assignments", "E2"),
    ]
    assert all(fault.problem and fault.remedy and fault.file for fault in faults)
    by_cell = {(fault.sheet, fault.cell): fault for fault in faults}
    assert "Did you mean 30-39?" in by_cell["staff", "D5"].remedy
    assert "not on the sheet Organisations" in by_cell["staff", "A3"].problem
    assert "is empty" in by_cell["needs", "E3"].problem
    with pytest.raises(MemberDataError, match="and 5 more faults") as raised:
        load(workbook(tables))
    assert raised.value.faults == faults


def test_a_row_given_twice_is_a_fault_that_names_the_first(tables, workbook):
    tables["staff"].append(tables["staff"][1])
    fault = only_fault(workbook(tables))
    assert fault.cell == "A7"
    assert "repeats row 2" in fault.problem


def test_a_missing_sheet_and_a_misspelt_one_are_faults(tables, workbook):
    tables["stafff"] = tables.pop("staff")
    faults = check(workbook(tables))
    assert any(fault.sheet == "Personal" and "is missing" in fault.problem for fault in faults)
    assert any(
        fault.sheet == "stafff" and "Did you mean Staff?" in fault.remedy for fault in faults
    )


def test_a_sheet_given_twice_is_a_fault(tables, workbook):
    tables["Personal"] = tables["staff"]
    assert "is the sheet staff once more" in only_fault(workbook(tables)).problem


def test_a_missing_column_names_the_header_to_write(tables, workbook):
    tables["needs"] = [row[:4] for row in tables["needs"]]
    fault = only_fault(workbook(tables))
    assert "The column Scenario is missing" in fault.problem
    assert '"Scenario"' in fault.remedy


def test_a_misspelt_header_is_pointed_at(tables, workbook):
    tables["staff"][0][4] = "headcuont"
    fault = only_fault(workbook(tables))
    assert (fault.cell, fault.value) == ("E1", "headcuont")
    assert "may be Headcount, misspelt" in fault.problem


def test_a_column_given_twice_is_a_fault(tables, workbook):
    tables["staff"][0].append("Antal")
    fault = only_fault(workbook(tables))
    assert (fault.cell, fault.value) == ("G1", "Antal")
    assert "is the column Headcount once more (see E1)" in fault.problem


def test_a_sheet_without_headers_is_a_fault(tables, workbook):
    tables["needs"] = tables["needs"][1:]
    assert "has no row of headers" in only_fault(workbook(tables)).problem


def test_a_script_in_a_link_is_refused(tables, workbook):
    tables["organisations"][0].append("website")
    tables["organisations"][1].append("javascript:alert(1)")
    assert "is not a web address" in only_fault(workbook(tables)).problem


def test_frames_that_are_given_out_cannot_change_the_members(tables, workbook):
    members = load(workbook(tables))
    staff = members.staff
    staff["headcount"] = 0
    assert members.staff["headcount"].sum() == 75


def test_an_unknown_table_lists_the_valid_ones(tables, workbook):
    with pytest.raises(ConfigError, match='No member sheet "personal"; use one of: organisations'):
        load(workbook(tables)).table("personal")


def test_the_shown_members_hold_row_counts_and_the_mark_and_no_persons(tables, workbook):
    tables["about"] = [["fictitious", "yes"]]
    members = load(workbook(tables))
    assert members.fictitious
    shown = members._repr_html_()
    assert "Påhittade medlemsuppgifter" in shown
    assert "<td>Personal</td><td>5</td>" in shown
    assert "headcount" not in shown
    assert "fictitious" in repr(members)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ","])
def test_a_folder_of_csv_gives_the_same_tables_as_the_workbook(
    tables, workbook, tmp_path, encoding, delimiter
):
    folder = tmp_path / "csv"
    folder.mkdir()
    for name, rows in tables.items():
        text = io.StringIO()
        pd.DataFrame(rows[1:], columns=rows[0]).to_csv(text, sep=delimiter, index=False)
        (folder / f"{name}.csv").write_bytes(text.getvalue().encode(encoding))
    from_csv, from_workbook = load(folder), load(workbook(tables))
    for name in tables:
        pd.testing.assert_frame_equal(from_csv.table(name), from_workbook.table(name))
    assert from_csv.assignments["title"].tolist()[0] == "Öppet uppdrag"


cells = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-10, 10_000),
    st.floats(allow_nan=False, allow_infinity=False),
    st.dates(dt.date(1950, 1, 1), dt.date(2090, 1, 1)),
    # What XML cannot hold, openpyxl refuses to write.
    st.text(
        st.characters(
            codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="=\ufffe\uffff"
        ),
        max_size=8,
    ),
    st.sampled_from(["a", "2281", "2512", "30-39", "ja", "org_id", "headcount"]),
)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=st.lists(st.lists(cells, min_size=6, max_size=6), max_size=5))
def test_whatever_is_written_no_row_is_lost_and_nothing_breaks(rows, tables, workbook):
    tables = {**tables, "staff": [tables["staff"][0], *rows], "needs": tables["needs"][:1]}
    path = workbook(tables)
    faults = check(path)
    sheet = openpyxl.load_workbook(path)["staff"]
    filled = {
        number
        for number, row in enumerate(sheet.iter_rows(min_row=2, values_only=True), 2)
        if any(cell is not None and str(cell).strip() for cell in row)
    }
    if faults:
        assert all(fault.remedy for fault in faults)
    else:
        assert len(load(path).staff) == len(filled)
