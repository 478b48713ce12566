"""What is not a safe, open workbook is refused in one clear word."""

from __future__ import annotations

import zipfile

import pytest

from regionstudy.errors import MemberDataError
from regionstudy.members import check, load
from regionstudy.members.workbooks import checksum


def add_entry(path, name, content, **options):
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content, **options)


def refused(path, match):
    with pytest.raises(MemberDataError, match=match) as raised:
        load(path)
    assert check(path) == raised.value.faults
    assert raised.value.faults[0].remedy


def test_a_workbook_that_may_hold_macros_is_refused(tables, workbook):
    refused(workbook(tables, "members.xlsm"), "macros")


def test_macros_under_a_harmless_name_are_refused(tables, workbook):
    path = workbook(tables)
    add_entry(path, "xl/vbaProject.bin", b"x")
    refused(path, "holds macros")


def test_links_to_other_workbooks_are_refused(tables, workbook):
    path = workbook(tables)
    add_entry(path, "xl/externalLinks/externalLink1.xml", b"<x/>")
    refused(path, "links to other workbooks")


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tables, workbook):
    path = workbook(tables)
    add_entry(path, "xl/worksheets/sheet9.xml", b"\0" * 30_000_000)
    refused(path, "zip bomb")


def test_an_encrypted_workbook_is_refused(tmp_path):
    path = tmp_path / "locked.xlsx"
    path.write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512 + "EncryptedPackage".encode("utf-16-le")
    )
    refused(path, "encrypted with a password")


def test_excels_old_format_is_refused(tmp_path):
    path = tmp_path / "old.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512)
    refused(path, "old format")


def test_a_file_that_is_no_archive_is_refused(tmp_path):
    path = tmp_path / "members.xlsx"
    path.write_text("org_id;name")
    refused(path, "is not an Excel workbook")


def test_another_kind_of_archive_is_refused(tmp_path):
    path = tmp_path / "members.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("content.xml", "<x/>")
    refused(path, "is not an Excel workbook")


def test_a_damaged_archive_is_refused(tables, workbook):
    path = workbook(tables)
    content = bytearray(path.read_bytes())
    content[200:260] = b"\xff" * 60
    path.write_bytes(content)
    refused(path, "damaged")


def test_a_workbook_with_broken_xml_is_refused(tables, workbook, tmp_path):
    path = tmp_path / "broken.xlsx"
    with (
        zipfile.ZipFile(workbook(tables)) as source,
        zipfile.ZipFile(path, "w") as target,
    ):
        for name in source.namelist():
            broken = name == "xl/workbook.xml"
            target.writestr(name, b"<workbook><sheets>" if broken else source.read(name))
    with pytest.raises(MemberDataError, match=r"is not an Excel workbook, or is damaged"):
        load(path)


def test_a_missing_file_and_an_empty_folder_are_refused(tmp_path):
    refused(tmp_path / "absent.xlsx", "does not exist")
    refused(tmp_path, "holds no CSV file")


def test_the_checksum_of_a_folder_changes_with_names_and_contents(tmp_path):
    (tmp_path / "a.csv").write_text("x")
    first = checksum(tmp_path)
    (tmp_path / "a.csv").write_text("y")
    second = checksum(tmp_path)
    (tmp_path / "a.csv").rename(tmp_path / "b.csv")
    assert len({first, second, checksum(tmp_path)}) == 3


def test_one_csv_file_is_checked_by_itself(tmp_path):
    path = tmp_path / "organisationer.csv"
    path.write_bytes("org_id;namn;kommun\na;Exempelbyrån;228x\n".encode("cp1252"))
    faults = check(path)
    assert [(fault.sheet, fault.cell) for fault in faults] == [
        ("Personal", ""),
        ("organisationer", "C2"),
    ]


def test_a_list_of_sheets_that_declares_entities_is_refused(tables, workbook, tmp_path):
    path = tmp_path / "entities.xlsx"
    with zipfile.ZipFile(workbook(tables)) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "xl/workbook.xml":
                content = b'<!DOCTYPE x [<!ENTITY a "b">]>' + content
            target.writestr(name, content)
    refused(path, "is not an Excel workbook, or is damaged")
