"""Many workbooks become one, and what they contradict each other in is asked, not chosen."""

from __future__ import annotations

import openpyxl
import pandas as pd
import pytest

from regionstudy.errors import ConfigError, MemberDataError
from regionstudy.members import check, load, merge

ORGANISATIONS = ["org_id", "name", "municipality", "level", "website"]
STAFF = ["org_id", "municipality", "occupation", "age_band", "headcount", "year"]
MOBILITY = ["from_org", "to_org", "occupation", "year", "kind", "headcount"]


def write(path, **tables):
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for sheet, rows in tables.items():
        worksheet = book.create_sheet(sheet)
        for row in rows:
            worksheet.append(row)
    path.parent.mkdir(exist_ok=True)
    book.save(path)


@pytest.fixture
def folder(tmp_path):
    """Two members, each with its own workbook; both tell of the move from one to the other."""
    moved = ["a", "b", "2512", 2025, "move", 2]
    write(
        tmp_path / "in/a.xlsx",
        organisations=[ORGANISATIONS, ["a", "Exempelverket", "2281", "1", "https://a.example"]],
        staff=[STAFF, ["a", "2281", "2512", "30-39", 40, 2025]],
        mobility=[MOBILITY, moved],
        networks=[["network_id", "name", "theme"], ["n", "Exempelnätet", "arkiv"]],
        network_members=[["network_id", "org_id"], ["n", "a"]],
    )
    write(
        tmp_path / "in/b.xlsx",
        organisations=[ORGANISATIONS, ["b", "Exempelarkivet", "0180", "2", None]],
        staff=[STAFF, ["b", "0180", "2622", "60-", 11, 2025]],
        mobility=[MOBILITY, moved, ["outside", "b", "2622", 2025, "hire", 1]],
        networks=[["network_id", "name", "theme"], ["n", "Exempelnätet", None]],
        network_members=[["network_id", "org_id"], ["n", "b"]],
    )
    return tmp_path / "in"


@pytest.fixture
def last(tmp_path):
    """Last year's workbook: a was smaller and elsewhere, c has not been heard of since."""
    write(
        tmp_path / "last.xlsx",
        organisations=[
            ORGANISATIONS,
            ["a", "Exempelverket", "2280", "1", None],
            ["c", "Exempelbanken", "2281", "2", None],
        ],
        staff=[
            STAFF,
            ["a", "2281", "2512", "30-39", 30, 2024],
            ["c", "2281", "3312", "30-39", 20, 2024],
        ],
        network_members=[["network_id", "org_id"], ["n", "a"]],
        networks=[["network_id", "name"], ["n", "Exempelnätet"]],
    )
    return tmp_path / "last.xlsx"


def test_each_members_own_workbook_is_without_a_fault_although_it_names_another(folder):
    assert check(folder / "a.xlsx") == []


def test_what_two_tell_alike_counts_once_and_what_one_leaves_out_the_other_fills(folder, tmp_path):
    merged = merge(folder, tmp_path / "all.xlsx")
    assert merged.faults == []
    assert merged.conflicts.empty
    members = load(tmp_path / "all.xlsx")
    assert members.organisations["org_id"].tolist() == ["a", "b"]
    assert members.staff["headcount"].sum() == 51
    assert members.mobility["headcount"].tolist() == [2, 1]
    assert members.networks["theme"].tolist() == ["arkiv"]
    assert members.network_members["org_id"].tolist() == ["a", "b"]
    for name, frame in merged.members.tables.items():
        pd.testing.assert_frame_equal(members.table(name), frame)


def test_two_who_say_different_things_of_the_same_are_both_shown_and_nothing_is_written(
    folder, tmp_path
):
    write(
        folder / "c.xlsx",
        organisations=[
            ORGANISATIONS,
            ["c", "Exempelbanken", "2281", "2", None],
            ["a", "Exempelverket i Sundsvall", "2281", "2", None],
        ],
        staff=[STAFF, ["a", "2281", "2512", "30-39", 41, 2025]],
    )
    merged = merge(folder, tmp_path / "all.xlsx")
    assert merged.members is None
    assert not (tmp_path / "all.xlsx").exists()
    rows = merged.conflicts.set_index(["sheet", "column"])
    assert set(rows.index) == {
        ("organisations", "name"),
        ("organisations", "level"),
        ("staff", "headcount"),
    }
    headcount = rows.loc[("staff", "headcount")]
    assert headcount["key"] == "a, 2281, 2512, 30-39, 2025"
    assert headcount[["file", "value", "other_file", "other_row", "other_value"]].tolist() == [
        "a.xlsx",
        "40",
        "c.xlsx",
        2,
        "41",
    ]


def test_a_workbook_at_fault_is_listed_and_its_member_has_not_handed_in(folder, tmp_path):
    write(
        folder / "c.xlsx",
        organisations=[ORGANISATIONS, ["c", "Exempelbanken", "2281", "2", None]],
        staff=[STAFF, ["c", "18O", "3312", "30-39", 20, 2025]],
    )
    (folder / "d.xlsx").write_text("inget")
    merged = merge(folder, tmp_path / "all.xlsx", lang="sv")
    assert [(fault.file, fault.cell) for fault in merged.faults] == [
        ("d.xlsx", ""),
        ("c.xlsx", "B2"),
    ]
    assert merged.faults[1].problem == "är ingen kommunkod."
    status = merged.handed_in.set_index("org_id")["status"]
    assert status.to_dict() == {"a": "handed in", "b": "handed in", "c": "at fault"}
    assert merged.members is None


def test_who_has_not_handed_in_is_told_from_last_years_workbook(folder, last):
    handed = merge(folder, last=last).handed_in.set_index("org_id")
    assert handed["status"].to_dict() == {"a": "handed in", "b": "handed in", "c": "missing"}
    assert handed.loc["c", "name"] == "Exempelbanken"
    assert handed.loc["a", "files"] == "a.xlsx"
    assert handed["year"].fillna(0).tolist() == [2025, 2025, 0]


def test_a_list_of_organisations_alone_tells_who_is_missing(folder, tmp_path):
    (tmp_path / "list").mkdir()
    text = "org_id;name;municipality\na;Exempelverket;2281\nd;Exempelbyrån;2281\n"
    (tmp_path / "list/organisationer.csv").write_text(text, encoding="utf-8")
    handed = merge(folder, last=tmp_path / "list").handed_in.set_index("org_id")["status"]
    assert handed.to_dict() == {"a": "handed in", "b": "handed in", "d": "missing"}


def test_a_member_with_older_figures_only_is_told_apart(folder):
    write(
        folder / "c.xlsx",
        organisations=[ORGANISATIONS, ["c", "Exempelbanken", "2281", "2", None]],
        staff=[STAFF, ["c", "2281", "3312", "30-39", 20, 2024]],
    )
    handed = merge(folder).handed_in.set_index("org_id")
    assert (handed.loc["c", "status"], handed.loc["c", "year"]) == ("older", 2024)


def test_what_changed_since_last_year_is_told_fact_by_fact(folder, last):
    changes = merge(folder, last=last).changes.set_index(["org_id", "what"])
    assert changes.to_dict("index") == {
        ("b", "organisation"): {"before": "", "after": "Exempelarkivet"},
        ("a", "municipality"): {"before": "2280", "after": "2281"},
        ("a", "website"): {"before": "", "after": "https://a.example"},
        ("a", "headcount"): {"before": "30", "after": "40"},
    }
    assert merge(folder).changes.empty


def test_an_unknown_member_is_a_fault_only_once_all_are_known(folder):
    write(
        folder / "a.xlsx",
        organisations=[ORGANISATIONS, ["a", "Exempelverket", "2281", "1", None]],
        staff=[STAFF, ["a", "2281", "2512", "30-39", 40, 2025]],
        mobility=[MOBILITY, ["a", "bb", "2512", 2025, "move", 2]],
    )
    assert check(folder / "a.xlsx") == []
    faults = merge(folder).faults
    assert [(fault.file, fault.cell, fault.value) for fault in faults] == [("a.xlsx", "B2", "bb")]


def test_copies_with_comments_and_open_workbooks_are_left_alone(folder, tmp_path):
    for name in ("b.checked.xlsx", "b.granskad.xlsx", "~$b.xlsx", ".b.xlsx.part"):
        (folder / name).write_bytes((folder / "b.xlsx").read_bytes())
    merged = merge(folder, folder / "all.xlsx")
    again = merge(folder, folder / "all.xlsx")
    assert merged.handed_in.equals(again.handed_in)
    assert merged.members.checksum == again.members.checksum


def test_one_made_up_workbook_makes_the_whole_made_up(folder, tmp_path):
    book = openpyxl.load_workbook(folder / "a.xlsx")
    book.create_sheet("Om").append(["Påhittade", "ja"])
    book.save(folder / "a.xlsx")
    assert merge(folder, tmp_path / "all.xlsx").members.fictitious
    assert load(tmp_path / "all.xlsx").fictitious


def test_an_empty_folder_and_last_years_unreadable_workbook_are_refused(folder, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(ConfigError, match=r"empty holds no workbook; put the members' workbooks"):
        merge(tmp_path / "empty")
    with pytest.raises(MemberDataError, match=r"absent\.xlsx.*does not exist"):
        merge(folder, last=tmp_path / "absent.xlsx")
    write(tmp_path / "other.xlsx", staff=[STAFF])
    with pytest.raises(MemberDataError, match=r"Organisationer.*is missing"):
        merge(folder, last=tmp_path / "other.xlsx")
    with pytest.raises(ConfigError, match=r"ends in \.xlsx"):
        merge(folder, tmp_path / "all.csv")
