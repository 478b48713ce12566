"""What stands beside the values is used, or asked about: never passed over in silence."""

from __future__ import annotations

import openpyxl
import pytest

from regionstudy.members import check, load
from regionstudy.members.workbook_marks import Span, read_marks


@pytest.fixture
def edited(tables, workbook):
    """Edit a correct workbook with openpyxl and give its path."""

    def edit(change):
        path = workbook(tables)
        book = openpyxl.load_workbook(path)
        change(book)
        book.save(path)
        return path

    return edit


def only_fault(path):
    faults = check(path)
    assert len(faults) == 1, [str(fault) for fault in faults]
    return faults[0]


def test_a_word_merged_over_several_rows_is_read_in_each_and_said(edited):
    path = edited(lambda book: book["staff"].merge_cells("A2:A4"))
    members = load(path)
    assert members.staff["org_id"].tolist() == ["a", "a", "a", "b", "b"]
    assert [(repair.cell, repair.change) for repair in members.repairs] == [
        ("A3", "read as a: merged with A2"),
        ("A4", "read as a: merged with A2"),
    ]


def test_a_number_merged_over_several_rows_is_a_fault_since_each_would_count_it(edited):
    fault = check(edited(lambda book: book["staff"].merge_cells("E2:E4")))[0]
    assert (fault.cell, fault.value) == ("E2", "40")
    assert "one number merged over several rows (E2:E4)" in fault.problem


def test_cells_merged_over_columns_are_a_fault(edited):
    fault = check(edited(lambda book: book["staff"].merge_cells("B2:C2")))[0]
    assert fault.cell == "B2"
    assert "merged over several columns" in fault.problem


def test_a_merged_title_above_and_merged_cells_below_are_only_looks(tables, workbook):
    tables["staff"] = [["Vår personal"], *tables["staff"]]
    path = workbook(tables)
    book = openpyxl.load_workbook(path)
    book["staff"].merge_cells("A1:F1")
    book["staff"].merge_cells("A7:A20")
    book.save(path)
    assert len(load(path).staff) == 5


def test_hidden_rows_are_asked_about_as_one_question_a_run(edited):
    def hide(book):
        for row in (3, 4, 6, 30):
            book["staff"].row_dimensions[row].hidden = True

    faults = check(edited(hide))
    assert [(fault.cell, fault.problem) for fault in faults] == [
        ("A3", "Rows 3-4 are hidden. Do they count?"),
        ("A6", "Row 6 is hidden. Does it count?"),
    ]
    assert "Unhide them" in faults[0].remedy


def test_a_hidden_sheet_is_asked_about(edited):
    def hide(book):
        book["needs"].sheet_state = "hidden"

    fault = only_fault(edited(hide))
    assert (fault.sheet, fault.problem) == ("needs", "The sheet is hidden. Does it count?")


def test_a_formula_that_nobody_computed_is_a_fault_and_not_an_empty_cell(edited):
    def compute(book):
        book["organisations"]["F1"] = "fee"
        book["organisations"]["F2"] = "=1000*12"

    fault = only_fault(edited(compute))
    assert (fault.sheet, fault.cell, fault.value) == ("organisations", "F2", "=1000*12")
    assert "has not been computed" in fault.problem


def test_a_row_of_nothing_but_uncomputed_formulas_is_no_empty_row(edited):
    def compute(book):
        for letter in "ABCDEF":
            book["staff"][f"{letter}9"] = f"={letter}2"

    faults = check(edited(compute))
    assert [fault.cell for fault in faults] == ["A9", "B9", "C9", "D9", "E9", "F9"]


def test_an_error_is_a_fault_also_where_the_column_may_be_empty(edited):
    def break_it(book):
        book["organisations"]["F1"] = "fee"
        book["organisations"]["F2"] = "#REF!"
        book["staff"]["H2"] = "#N/A"  # in no column of ours

    fault = only_fault(edited(break_it))
    assert (fault.sheet, fault.cell, fault.value) == ("organisations", "F2", "#REF!")
    assert "is an error" in fault.problem


def test_a_computed_formula_is_its_value():
    # What Excel writes: the formula, and beside it what it came to.
    computed = b'<c r="B2"><f>6*7</f><v>42</v></c><c r="C2" t="str"><f>""</f><v></v></c>'
    assert read_marks(computed).without_value == {}
    waiting = b'<x:c r="B2"><x:f>6*7</x:f></x:c><c r="C2"><f t="shared" si="0"/><v/></c>'
    assert read_marks(waiting).without_value == {"B2": "=6*7", "C2": "="}


def test_rows_without_numbers_of_their_own_are_counted():
    content = b'<row r="2"/><row/><row hidden="true"/><x:row hidden="1" r="9"></x:row>'
    assert read_marks(content).hidden_rows == {3, 8}
    assert read_marks(b"<row/>").hidden_rows == frozenset()
    assert read_marks(b'<mergeCell ref="AA10:AB12"/>').merged == (Span(9, 26, 11, 27),)


def test_rows_of_figures_above_the_headers_are_a_fault(tables, workbook):
    tables["staff"] = [tables["staff"][1], tables["staff"][0], *tables["staff"][2:]]
    fault = only_fault(workbook(tables))
    assert (fault.sheet, fault.cell) == ("staff", "A1")
    assert "stands above the headers" in fault.problem


def test_a_column_without_a_header_is_kept_aside_by_its_letter(tables, workbook):
    tables["staff"][2] += [None, "ring i maj"]
    tables["needs"][0] += ["Not", "Not"]
    tables["needs"][1] += ["x", "y"]
    extras = load(workbook(tables)).extras
    assert extras["staff"].columns.tolist() == ["H"]
    assert extras["staff"]["H"].tolist() == ["", "ring i maj", "", "", ""]
    assert extras["needs"].columns.tolist() == ["Not", "Not (G)"]


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_faults_are_told_in_both_languages(tables, workbook, lang):
    tables["staff"][1][1] = "18O"
    fault = check(workbook(tables), lang=lang)[0]
    assert (fault.problem, fault.remedy) == {
        "sv": (
            "är ingen kommunkod.",
            'Menade ni 0180 Stockholm? Koderna har fyra siffror: tecken 3 är bokstaven "O".',
        ),
        "en": (
            "is not a municipality code.",
            'Did you mean 0180 Stockholm? Codes are four digits: sign 3 is the letter "O".',
        ),
    }[lang]


def test_csv_in_utf_16_and_with_its_delimiter_on_the_first_line_is_read(tables, tmp_path):
    folder = tmp_path / "csv"
    folder.mkdir()
    for name, rows in tables.items():
        lines = "\r\n".join(";".join("" if x is None else str(x) for x in row) for row in rows)
        (folder / f"{name}.csv").write_bytes(f"sep=;\r\n{lines}\r\n".encode("utf-16"))
    assert load(folder).assignments["title"].tolist() == ["Öppet uppdrag", "Internt uppdrag"]
    broken = (
        (folder / "staff.csv")
        .read_bytes()
        .replace(*(x.encode("utf-16-le") for x in ("2281", "228x")))
    )
    (folder / "staff.csv").write_bytes(broken)
    # The line with the delimiter is row 1 of the file.
    assert check(folder)[0].cell == "B3"
