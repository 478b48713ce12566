"""Progress towards goals, by hand."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from regionstudy.analysis.membership import goal_progress
from regionstudy.errors import DataError


def progress(values: dict[str, float], *, target: float, base_year: int = 2020, year: int = 2030):
    goals = pd.DataFrame({"goal": ["g"], "base_year": base_year, "target": target, "year": year})
    seen = pd.DataFrame({"goal": "g", "period": list(values), "value": list(values.values())})
    return goal_progress(goals, seen).iloc[0]


def test_share_and_paces_are_as_by_hand():
    found = progress({"2020": 50.0, "2024": 58.0}, target=80.0)
    assert found["share"] == pytest.approx(8 / 30)
    assert found["pace"] == pytest.approx(2.0)
    assert found["needed_pace"] == pytest.approx(22 / 6)
    assert found["state"] == "too_slow"


@pytest.mark.parametrize(
    ("values", "target", "state"),
    [
        ({"2020": 50.0, "2025": 65.0}, 80.0, "on_pace"),
        ({"2020": 50.0, "2024": 80.0}, 80.0, "reached"),
        ({"2020": 50.0, "2024": 45.0}, 80.0, "wrong_way"),
        ({"2020": 8.0, "2024": 7.9}, 5.0, "too_slow"),
        ({"2020": 8.0, "2024": 4.0}, 5.0, "reached"),
        ({"2020": 8.0, "2024": 9.0}, 5.0, "wrong_way"),
        ({"2020": 5.0, "2024": 5.0}, 5.0, "reached"),
        ({"2020": 50.0, "2030": 70.0}, 80.0, "overdue"),
        ({"2021": 50.0}, 80.0, "missing"),
        ({"2020": math.nan, "2024": 60.0}, 80.0, "missing"),
    ],
)
def test_states(values, target, state):
    assert progress(values, target=target)["state"] == state


def test_a_base_year_alone_has_no_pace_yet_a_needed_one():
    found = progress({"2020": 50.0}, target=80.0)
    assert math.isnan(found["pace"])
    assert found["needed_pace"] == pytest.approx(3.0)
    assert found["state"] == "too_slow"


def test_the_newest_figure_counts_whatever_the_order_of_rows():
    assert progress({"2024": 58.0, "2020": 50.0, "2022": 70.0}, target=80.0)["now"] == 58.0


def test_a_month_is_no_year():
    with pytest.raises(DataError, match='observed has the period "2024M05"'):
        progress({"2024M05": 1.0}, target=2.0)
