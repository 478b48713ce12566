"""What is shown of members says which release it is of, and is never a raw table."""

from __future__ import annotations

import pytest

from regionstudy.errors import DataError
from regionstudy.figures.content import Column, as_text
from regionstudy.figures.tables import table
from regionstudy.members import load

DECLARED = """
[staff_by_organisation]
sheet = "staff"
measure = "headcount"
dimensions = ["org_id"]
year = "latest"
"""
COLUMNS = [
    Column("org_id", as_text("Organisation")),
    Column("headcount", as_text("Personer"), "number"),
]


@pytest.fixture
def members(tables, workbook, tmp_path):
    path = tmp_path / "releases.toml"
    path.write_text(DECLARED, encoding="utf-8")
    return load(workbook(tables), releases=path)


def test_a_member_result_carries_its_release_and_measure(members):
    shown = table(members.release("staff_by_organisation"), columns=COLUMNS, title="Personal")
    assert shown.payload()["releases"] == [
        {"release": "staff_by_organisation", "measure": "headcount"}
    ]


@pytest.mark.parametrize("change", ["none", "filtered", "summed"])
def test_no_result_is_made_of_a_raw_table_of_persons(members, change):
    raw = members.staff
    if change == "filtered":
        raw = raw[raw["year"] == 2025].assign(headcount=1)
    if change == "summed":
        raw = raw.groupby("org_id")[["headcount"]].sum().reset_index()
    with pytest.raises(DataError, match="raw member table staff: persons stand behind it"):
        table(raw, columns=COLUMNS, title="Personal")


def test_an_official_result_names_no_release(members):
    facts = members.organisations[["org_id"]].assign(headcount=[1, 2])
    assert table(facts, columns=COLUMNS, title="Annat").payload()["releases"] == []
