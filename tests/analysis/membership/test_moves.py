"""Where a move fits, and whom members keep, against hand calculations."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from regionstudy.analysis.membership import fitting_moves, turnover
from regionstudy.errors import DataError

KEYS = ["org_id", "occupation_major"]


def counts(*given: tuple[str, str, float | None]) -> pd.DataFrame:
    frame = pd.DataFrame(given, columns=[*KEYS, "headcount"]).astype({"headcount": float})
    hidden = frame["headcount"].isna()
    return frame.assign(status=hidden.map({True: "suppressed", False: ""}))


STAFF = counts(
    ("a", "2", 30), ("a", "3", 40), ("b", "2", 6), ("b", "3", 8), ("c", "2", 50), ("c", "3", None),
    ("total", "2", 86), ("a", "total", 70),
)  # fmt: skip
NEEDS = pd.DataFrame({"org_id": ["b", "a"], "occupation_major": ["2", "2"], "headcount": [4, 15]})


def test_a_move_fits_from_the_alike_that_need_less():
    found = fitting_moves(STAFF, NEEDS).set_index(["from_org", "to_org"])
    # a and b have the same profile; a's own needs claim half of its 30.
    assert found.loc[("a", "b"), "likeness"] == pytest.approx(1.0)
    assert found.loc[("a", "b"), "fit"] == pytest.approx(0.5)
    assert found.loc[("a", "b"), ["needed", "staff", "own_needs"]].tolist() == [4, 30, 15]
    assert found.loc[("b", "a"), "fit"] == pytest.approx(1 - 4 / 6)


def test_one_group_tells_nothing_of_how_alike_two_members_are():
    # c's figure for group 3 is hidden, so that only group 2 is known of it.
    assert "c" not in set(fitting_moves(STAFF, NEEDS)["from_org"])
    found = fitting_moves(STAFF, NEEDS, fewest=1).set_index(["from_org", "to_org"])
    assert found.loc[("c", "b"), "fit"] == pytest.approx(1.0)


def test_likeness_is_the_cosine():
    staff = counts(("a", "2", 3), ("a", "3", 4), ("b", "2", 4), ("b", "3", 3))
    needs = pd.DataFrame({"org_id": ["b"], "occupation_major": ["2"], "headcount": [1]})
    found = fitting_moves(staff, needs)
    assert found.loc[0, "likeness"] == pytest.approx(24 / 25)


def test_hidden_staff_offers_no_move():
    needs = pd.DataFrame({"org_id": ["a"], "occupation_major": ["3"], "headcount": [2]})
    assert fitting_moves(STAFF, needs)["from_org"].tolist() == ["b"]


def test_who_needs_nothing_gets_no_move():
    assert fitting_moves(STAFF, NEEDS.assign(headcount=0)).empty


def test_kept_is_of_those_there_and_those_who_left():
    left = counts(("a", "2", 10), ("b", "2", None))
    found = turnover(STAFF, left).set_index(KEYS)
    assert found.loc[("a", "2"), "kept"] == pytest.approx(0.75)
    assert found.loc[("a", "3"), ["leavers", "kept", "status"]].tolist() == [0.0, 1.0, ""]
    for hidden in (("b", "2"), ("c", "3")):
        assert found.loc[hidden, "status"] == "suppressed"
        assert all(math.isnan(found.loc[hidden, name]) for name in ("staff", "leavers", "kept"))


def test_nobody_there_is_no_share():
    found = turnover(counts(("a", "2", 0)), counts(("b", "2", 1)))
    assert found.loc[0, "status"] == "."
    assert math.isnan(found.loc[0, "kept"])


def test_repeated_rows_are_an_error():
    with pytest.raises(DataError, match="staff has 1 repeated rows, first at org_id a"):
        turnover(counts(("a", "2", 1), ("a", "2", 1)), counts(("a", "2", 1)))
