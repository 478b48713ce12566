"""Rounded tables add up, and rounding tells no more than the counts would."""

from __future__ import annotations

import pandas as pd
import pytest
from tests.members.attacks import GROUPINGS, draw_rows, needed

from regionstudy.members.disclosure import LinkedTable, protect_jointly

TABLES = [
    LinkedTable("a", ("org", "place")),
    LinkedTable("b", ("org", "major")),
    LinkedTable("c", ("minor", "age")),
]


@pytest.fixture(scope="module", params=[1, 2, 3])
def pair(request):
    rows = needed(draw_rows(request.param, filled=0.7), TABLES)
    exact = protect_jointly(rows, TABLES, groupings=GROUPINGS).tables
    return exact, protect_jointly(rows, TABLES, groupings=GROUPINGS, rounding=5).tables


def test_every_published_figure_is_a_multiple_of_five_and_hidden_ones_stay_hidden(pair):
    for name, exact in pair[0].items():
        rounded = pair[1][name]
        assert (rounded["status"] == exact["status"]).all()
        shown = rounded["headcount"].dropna()
        assert (shown % 5 == 0).all()
        # What is there is never shown as nothing, nor nothing as something.
        assert ((shown == 0) == (exact["headcount"].dropna() == 0)).all()


def test_rounded_totals_are_the_sums_of_their_rounded_parts(pair):
    checked = 0
    for table in TABLES:
        frame = pair[1][table.name]
        one, other = table.dimensions
        inner = frame[(frame[one] != "total") & (frame[other] != "total")]
        whole = frame[(frame[one] != "total") & (frame[other] == "total")].set_index(one)
        sums = inner.groupby(one)["headcount"].agg(lambda part: part.sum(skipna=False))
        both = pd.DataFrame({"sum": sums, "total": whole["headcount"]}).dropna()
        assert (both["sum"] == both["total"]).all()
        checked += len(both)
    assert checked


def test_a_total_that_stands_in_several_tables_is_the_same_in_all(pair):
    totals = [
        frame[frame[list(table.dimensions)].eq("total").all(axis=1)]["headcount"].item()
        for table, frame in zip(TABLES, pair[1].values(), strict=True)
    ]
    assert len(set(totals)) == 1


def test_rounding_moves_no_cell_far(pair):
    for name, exact in pair[0].items():
        inner = exact[(exact.iloc[:, :2] != "total").all(axis=1)].index
        moved = (pair[1][name]["headcount"] - exact["headcount"]).loc[inner].abs()
        assert moved.max() < 15
