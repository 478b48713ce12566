"""The faults stand where they are, in a copy that can be mended and checked again."""

from __future__ import annotations

import openpyxl
import pytest

from regionstudy.errors import ConfigError
from regionstudy.members import check, write_faults


@pytest.fixture
def faulty(tables, workbook):
    tables["staff"][1][1] = "18O"
    tables["staff"][2][4] = "tre"
    tables["organisations"][2][3] = "3"
    return workbook(tables, "medlem.xlsx")


def test_each_fault_is_a_comment_in_its_cell_and_a_row_of_the_list(faulty):
    before = faulty.read_bytes()
    faults = check(faulty, lang="sv")
    copy = write_faults(faulty, faults, lang="sv")
    assert copy.name == "medlem.granskad.xlsx"
    assert faulty.read_bytes() == before
    book = openpyxl.load_workbook(copy)
    comment = book["staff"]["B2"].comment.text
    assert comment.startswith("18O: är ingen kommunkod.\nMenade ni 0180 Stockholm?")
    assert book["staff"]["B2"].fill.fgColor.rgb.endswith("FFE3B3")
    assert book["staff"]["C2"].comment is None
    listed = [[cell.value for cell in row] for row in book["Fel"].iter_rows(min_row=2, max_col=3)]
    assert listed == [
        ["organisations", "D3", "3"],
        ["staff", "B2", "18O"],
        ["staff", "E3", "tre"],
    ]
    assert book["Fel"]["B3"].hyperlink.location == "'staff'!B2"
    assert book["Fel"]["E1"].value == "åtgärd"
    assert book.sheetnames[0] == "Fel"


def test_the_copy_is_checked_like_the_workbook_and_mended_in_place(faulty):
    faults = check(faulty)
    copy = write_faults(faulty, faults)
    assert [(fault.sheet, fault.cell) for fault in check(copy)] == [
        (fault.sheet, fault.cell) for fault in faults
    ]
    book = openpyxl.load_workbook(copy)
    book["staff"]["B2"] = "0180"
    book["staff"]["E3"] = 3
    book.save(copy)
    again = write_faults(copy, check(copy))
    assert again.name == "medlem.checked.checked.xlsx"
    book = openpyxl.load_workbook(again)
    assert book["staff"]["B2"].comment is None
    assert "3: is not one of the words" in book["organisations"]["D3"].comment.text
    assert book["Faults"].max_row == 2


def test_a_header_keeps_its_note_below_the_fault(tmp_path):
    from regionstudy.members import write_template

    path = write_template(tmp_path / "m.xlsx")
    book = openpyxl.load_workbook(path)
    book["Personal"]["E1"] = "Antal anstälda"
    book.save(path)
    comment = openpyxl.load_workbook(write_faults(path, check(path)))["Personal"]["E1"].comment
    assert comment.text.startswith("Antal anstälda: may be Headcount, misspelt")
    assert comment.text.endswith("Personer, inte årsarbetskrafter.")


def test_of_a_folder_of_csv_a_workbook_is_made(tables, tmp_path):
    folder = tmp_path / "csv"
    folder.mkdir()
    tables["organisations"][1][1] = "=HYPERLINK(1)"
    tables["staff"][1][1] = "18O"
    for name, rows in tables.items():
        lines = "\n".join(";".join("" if x is None else str(x) for x in row) for row in rows)
        (folder / f"{name}.csv").write_text(lines, encoding="utf-8")
    copy = write_faults(folder, check(folder))
    book = openpyxl.load_workbook(copy)
    assert "18O: is not a municipality code" in book["staff"]["B2"].comment.text
    name = book["organisations"]["B2"]
    assert (name.data_type, name.value) == ("s", "=HYPERLINK(1)")
    assert copy.parent == tmp_path


def test_a_fault_in_a_merged_cell_and_one_of_a_whole_sheet_are_listed(faulty):
    book = openpyxl.load_workbook(faulty)
    book["staff"].merge_cells("B3:B4")
    del book["needs"]
    book.create_sheet("neds")
    book.save(faulty)
    copy = openpyxl.load_workbook(write_faults(faulty, check(faulty)))
    assert copy["Faults"].max_row == 1 + len(check(faulty))


def test_what_cannot_be_opened_has_no_cells_to_comment(tmp_path):
    path = tmp_path / "members.xlsx"
    path.write_text("org_id;name")
    with pytest.raises(ConfigError, match=r"members\.xlsx: cannot be opened, .*damaged.* Save it"):
        write_faults(path, check(path))
    with pytest.raises(ConfigError, match='"fi" is not a language'):
        write_faults(path, [], lang="fi")
