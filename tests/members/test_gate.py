"""No reader of all released tables together can work out a small group."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.members.attacks import (
    DIMENSIONS,
    GROUPINGS,
    SUBSETS,
    YEARS,
    assert_no_leak,
    draw_rows,
    needed,
)

from regionstudy.members.disclosure import LinkedTable, protect_jointly


@st.composite
def table_sets(draw):
    pairs = draw(st.lists(st.tuples(DIMENSIONS, SUBSETS), min_size=2, max_size=4))
    tables = []
    for number, (dimensions, where) in enumerate(pairs):
        yearly = draw(st.booleans())
        if yearly:
            named = LinkedTable(f"t{number}", (*dimensions, "year"), where, separate=("year",))
        else:
            named = LinkedTable(f"t{number}", dimensions, {**where, "year": [YEARS[-1]]})
        tables.append(named)
    filled = draw(st.sampled_from([0.15, 0.4, 0.8]))
    return tables, draw_rows(draw(st.integers(0, 2**32 - 1)), years=YEARS, filled=filled)


@settings(
    max_examples=200,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(given_set=table_sets())
def test_a_reader_of_all_linked_tables_finds_no_leak(given_set):
    tables, rows = given_set
    rows = needed(rows, tables)
    released = protect_jointly(rows, tables, groupings=GROUPINGS).tables
    assert_no_leak(tables, rows, released)
