from __future__ import annotations

import pandas as pd
import pytest

from regionstudy.analysis.competence import joint_recruitment
from regionstudy.errors import DataError

NEEDS = pd.DataFrame(
    [
        ("a", "251", 2),
        ("b", "251", 3),
        ("c", "251", 20),
        ("a", "261", 1),
        ("b", "261", 0),
        ("b", "262", 1),
        ("c", "262", 1),
    ],
    columns=["org_id", "occupation", "headcount"],
)


def test_small_needs_of_several_are_added_up():
    found = joint_recruitment(NEEDS)
    assert found.to_numpy().tolist() == [
        ["251", 2, "a b", 5.0, 25.0],
        ["262", 2, "b c", 2.0, 2.0],
    ]


def test_one_alone_recruits_nobody_jointly():
    # Who needs nobody of lawyers does not make two of one.
    assert "261" not in set(joint_recruitment(NEEDS)["occupation"])


def test_what_is_few_is_chosen():
    assert joint_recruitment(NEEDS, few=2)["occupation"].to_list() == ["262"]
    assert joint_recruitment(NEEDS, few=20).iloc[0]["headcount"] == 25


def test_no_needs_give_no_row():
    assert joint_recruitment(NEEDS.iloc[:0]).empty


def test_few_and_repeated_rows_are_refused():
    with pytest.raises(DataError, match="few=0: give 1 or more"):
        joint_recruitment(NEEDS, few=0)
    with pytest.raises(DataError, match="needs has 1 repeated rows"):
        joint_recruitment(pd.concat([NEEDS, NEEDS.iloc[:1]]))
