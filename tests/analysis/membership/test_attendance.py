"""Attendance and regularity, against a calendar worked by hand."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regionstudy.analysis.membership import attendance, regularity
from regionstudy.errors import DataError


def calendar(**came: str) -> pd.DataFrame:
    """Write a row an invitation: "+" came, "-" missed, " " not invited, in the order of time."""
    rows = [
        {
            "meeting": "Råd",
            "date": pd.Timestamp(2025, month, 1),
            "org_id": org,
            "attended": mark == "+",
        }
        for org, marks in came.items()
        for month, mark in enumerate(marks, start=1)
        if mark != " "
    ]
    return pd.DataFrame(rows)


def test_a_member_that_was_not_invited_is_neither_present_nor_absent():
    matrix = attendance(calendar(a="+-", b=" +"))
    assert matrix.shape == (2, 2)
    assert matrix.loc["a"].tolist() == [True, False]
    assert pd.isna(matrix.loc["b"].iloc[0])
    assert matrix.loc["b"].iloc[1]


def test_meetings_stand_in_the_order_of_time_whatever_the_order_of_rows():
    matrix = attendance(calendar(a="+-+-").iloc[::-1])
    assert [date.month for date, _ in matrix.columns] == [1, 2, 3, 4]


def test_runs_are_counted_as_by_hand():
    found = regularity(calendar(a="++--+", b="+----", c="-", d="++ ++")).set_index("org_id")
    counted = ["invited", "attended", "streak", "absence", "longest_absence"]
    assert found.loc["a", counted].tolist() == [5, 3, 1, 0, 2]
    assert found.loc["b", ["streak", "absence", "longest_absence"]].tolist() == [0, 4, 4]
    assert found.loc["d", ["invited", "streak", "longest_absence"]].tolist() == [4, 4, 0]
    assert found["silent"].to_dict() == {"a": False, "b": True, "c": False, "d": False}
    assert found.loc["a", "last"] == pd.Timestamp(2025, 5, 1)
    assert pd.isna(found.loc["c", "last"])


def test_those_that_take_part_least_come_first():
    assert regularity(calendar(a="++", b="--", c="+-"))["org_id"].tolist() == ["b", "c", "a"]


@given(st.dictionaries(st.sampled_from("abcd"), st.text("+- ", min_size=1, max_size=9), min_size=1))
def test_runs_fit_within_the_meetings(came):
    rows = calendar(**came)
    if rows.empty:
        return
    found = regularity(rows, silent_after=1)
    assert (found["attended"] + found["longest_absence"] <= found["invited"]).all()
    assert (found["absence"] <= found["longest_absence"]).all()
    assert ((found["streak"] > 0) ^ (found["absence"] > 0)).all()
    assert (found["silent"] == (found["absence"] > 0)).all()


def test_a_member_written_twice_for_a_meeting_is_an_error():
    rows = calendar(a="+")
    with pytest.raises(DataError, match="participation has 1 repeated rows, first at date 2025"):
        attendance(pd.concat([rows, rows]))


def test_attendance_that_is_not_said_is_an_error():
    rows = calendar(a="+").astype({"attended": object})
    rows.loc[0, "attended"] = None
    with pytest.raises(DataError, match="does not say whether a attended Råd on 2025-01-01"):
        attendance(rows)


def test_silence_needs_at_least_one_meeting():
    with pytest.raises(DataError, match="silent_after=0; give a whole number of meetings"):
        regularity(calendar(a="+"), silent_after=0)
