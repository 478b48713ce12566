"""No reader of all released tables together can work out a small group."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
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

from regionstudy.errors import ConfigError
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


@settings(max_examples=15, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(given_set=table_sets(), width=st.sampled_from([5, 9]))
def test_where_zeros_are_sensitive_they_are_hidden_and_as_uncertain(given_set, width):
    tables, rows = given_set
    rows = needed(rows, tables)
    released = protect_jointly(
        rows, tables, groupings=GROUPINGS, zeros_shown=False, width=width
    ).tables
    assert_no_leak(tables, rows, released, width=width, zeros_shown=False)


def test_tables_that_are_safe_alone_are_not_safe_together():
    # Alone, each table hides nothing; a subtraction shows that 2 work outside IT.
    rows = pd.DataFrame(
        {"org": ["a", "c"], "cluster": ["it", "law"], "headcount": [20.0, 2.0], "place": "2281"}
    )
    whole = LinkedTable("whole", ("place",))
    part = LinkedTable("part", ("place",), where={"cluster": ["it"]})
    alone = [protect_jointly(rows, [one], groupings=GROUPINGS).tables for one in (whole, part)]
    assert all((frame["status"] == "").all() for one in alone for frame in one.values())
    together = protect_jointly(
        rows, [whole, part, LinkedTable("orgs", ("org",))], groupings=GROUPINGS
    ).tables
    assert together["orgs"].set_index("org")["status"].to_dict()["c"] == "suppressed"
    assert "suppressed" in set(together["whole"]["status"]) | set(together["part"]["status"])


def test_tables_too_closely_linked_are_refused():
    rng = np.random.default_rng(1)
    names = ["u", "v", "w", "x"]
    rows = pd.DataFrame({name: rng.integers(0, 60, 400).astype(str) for name in names})
    rows["headcount"] = 9.0
    tables = [LinkedTable(f"{a}{b}", (a, b)) for a, b in combinations(names, 2)]
    with pytest.raises(ConfigError, match="too many to prove that nothing leaks"):
        protect_jointly(rows, tables, groupings={})
