"""Every cell once, no call above the limit, and as few calls as can be."""

from __future__ import annotations

import itertools
import math
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pxweb._internal.functions import split_value_codes

from regionstudy.errors import ConfigError
from regionstudy.sources.splitting import fewest_calls, split_grid

SIZES = st.lists(st.integers(1, 9), min_size=1, max_size=4)
# What tables at SCB are made of: regions, ages, industries, occupations, sexes, years.
REAL_SIZES = st.lists(
    st.sampled_from([1, 2, 3, 8, 16, 21, 30, 57, 101, 134, 290, 312, 429]), min_size=2, max_size=6
)


def calls(sizes: list[int], limit: int) -> int:
    return len(split_grid(sizes, limit=limit))


@settings(deadline=None)
@given(sizes=SIZES, limit=st.integers(1, 300))
def test_each_cell_is_asked_for_exactly_once(sizes: list[int], limit: int) -> None:
    asked = np.zeros(sizes, dtype=int)
    for box in split_grid(sizes, limit=limit):
        asked[np.ix_(*box)] += 1
    assert (asked == 1).all()


@settings(deadline=None)
@given(sizes=SIZES, limit=st.integers(1, 300))
def test_no_call_is_above_the_limit(sizes: list[int], limit: int) -> None:
    assert all(math.prod(map(len, box)) <= limit for box in split_grid(sizes, limit=limit))


@cache
def optimum(shape: tuple[int, ...], limit: int) -> int:
    """The fewest boxes that straight cuts can give, by trying every cut."""
    if math.prod(shape) <= limit:
        return 1
    return min(
        optimum((*shape[:axis], part, *shape[axis + 1 :]), limit)
        + optimum((*shape[:axis], size - part, *shape[axis + 1 :]), limit)
        for axis, size in enumerate(shape)
        for part in range(1, size // 2 + 1)
    )


@settings(deadline=None)
@given(sizes=st.lists(st.integers(1, 6), min_size=1, max_size=3), limit=st.integers(1, 60))
def test_no_straight_cuts_take_fewer_calls_in_a_small_grid(sizes: list[int], limit: int) -> None:
    found = calls(sizes, limit)
    best = optimum(tuple(sizes), limit)
    assert best <= found <= best + best // 100


@settings(deadline=None, max_examples=60)
@given(sizes=REAL_SIZES, limit=st.sampled_from([10_000, 100_000, 150_000]))
def test_calls_for_real_sizes_are_near_the_lower_bound(sizes: list[int], limit: int) -> None:
    bound = fewest_calls(sizes, limit=limit)
    if bound <= 2_000:
        # Of 60,000 such grids six had no straight cuts within a tenth, 101 x 101 x 101 at 50,000
        # the worst (25 calls, bound 21); a single call more is allowed where bounds are small.
        assert calls(sizes, limit) <= max(1.2 * bound, bound + 1)


@settings(deadline=None, max_examples=60)
@given(sizes=st.one_of(SIZES, REAL_SIZES), limit=st.sampled_from([7, 50, 250, 10_000, 150_000]))
def test_the_best_client_so_far_never_needs_fewer_calls(sizes: list[int], limit: int) -> None:
    if fewest_calls(sizes, limit=limit) <= 100:
        chosen = {str(place): list(range(size)) for place, size in enumerate(sizes)}
        assert calls(sizes, limit) <= len(split_value_codes(chosen, limit))


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ([312, 101, 2, 30], 13),  # pxwebpy needs 13 as well; 1,890,720 cells
        ([312, 134, 3, 1, 16], 14),  # all of TAB6471: 2,006,784 cells
        ([290, 290, 3, 5], 9),  # commuting between all municipalities
        ([20, 21, 1002, 40], 115),  # three variables have to be cut
    ],
)
def test_tables_that_were_counted_by_hand(sizes: list[int], expected: int) -> None:
    assert fewest_calls(sizes, limit=150_000) <= calls(sizes, 150_000) <= expected


def test_cells_are_counted_past_32_bits() -> None:
    assert fewest_calls([2**16, 2**16, 2], limit=2**31) == 4


def test_a_table_of_ten_million_cells_is_planned_near_the_lower_bound() -> None:
    assert calls([312, 57, 3, 101, 2], 150_000) <= 1.1 * 72


def test_order_of_variables_does_not_change_the_number_of_calls() -> None:
    assert len({calls(list(order), 1723) for order in itertools.permutations([39, 27, 4])}) == 1


@pytest.mark.parametrize(("sizes", "limit"), [([3, 0], 5), ([3, 3], 0)])
def test_an_empty_grid_or_limit_is_refused(sizes: list[int], limit: int) -> None:
    with pytest.raises(ConfigError, match=r"cannot be split at \d+ cells a call"):
        split_grid(sizes, limit=limit)
