"""No reader of a protected table can work out a small group."""

from __future__ import annotations

import re
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from scipy.optimize import linprog

from regionstudy.errors import ConfigError, DataError
from regionstudy.members.disclosure import protect, with_margins

NAMES = ["org", "place", "age"]


# ---- A reader who attacks: code of its own, sharing nothing with the product ----------


def equations(table: pd.DataFrame, dimensions: list[str], parents: dict[str, dict[str, str]]):
    """List every sum as (rows of the parts, row of the margin), straight from the labels."""
    row_of = {tuple(key): row for row, key in enumerate(table[dimensions].to_numpy())}
    found = []
    for place, name in enumerate(dimensions):
        children: dict[str, list[str]] = {}
        for label in sorted(set(table[name])):
            if label != "total":
                children.setdefault(parents.get(name, {}).get(label, "total"), []).append(label)
        others = [sorted(set(table[d])) for d in dimensions if d != name]
        for rest in product(*others):
            for margin, labels in children.items():
                keys = [(*rest[:place], label, *rest[place:]) for label in labels]
                parts = [row_of[key] for key in keys if key in row_of]
                if parts:
                    found.append((parts, row_of[*rest[:place], margin, *rest[place:]]))
    return found


def bounds(
    protected: pd.DataFrame,
    dimensions: list[str],
    cells: list[int],
    *,
    least: int,
    count: str = "headcount",
    parents: dict[str, dict[str, str]] | None = None,
) -> list[tuple[float, float]]:
    """Bound the given hidden cells by all published cells, all sums, and `least`."""
    values = protected[count].to_numpy(dtype=float)
    hidden = np.flatnonzero(np.isnan(values))
    place = {row: number for number, row in enumerate(hidden)}
    left, right = [], []
    for parts, margin in equations(protected, dimensions, parents or {}):
        line, known = np.zeros(len(hidden)), 0.0
        for row, sign in [*((part, 1.0) for part in parts), (margin, -1.0)]:
            if row in place:
                line[place[row]] += sign
            else:
                known += sign * values[row]
        if line.any():
            left.append(line)
            right.append(-known)
    found = []
    for cell in cells:
        ends = []
        for sign in (1.0, -1.0):
            cost = np.zeros(len(hidden))
            cost[place[cell]] = sign
            answer = linprog(
                cost,
                A_eq=np.array(left) if left else None,
                b_eq=np.array(right) if left else None,
                # 10,000 stands for "as many as you like".
                bounds=[(least, 10_000)] * len(hidden),
                method="highs",
            )
            assert answer.status == 0, answer.message
            ends.append(sign * answer.fun)
        found.append((ends[0], ends[1]))
    return found


# ---- The tables ------------------------------------------------------------------------


def table_of(cube: np.ndarray) -> pd.DataFrame:
    """A cube of counts as a table with all its margins."""
    names = NAMES[: cube.ndim]
    labels = np.indices(cube.shape).reshape(cube.ndim, -1)
    columns = {name: [f"{name}{i}" for i in row] for name, row in zip(names, labels, strict=True)}
    return with_margins(pd.DataFrame({**columns, "headcount": cube.ravel()}), dimensions=names)


def random_cube(seed: int, shape: tuple[int, ...]) -> np.ndarray:
    """Skewed counts, many small and some 0, as staff tables hold."""
    return np.random.default_rng(seed).gamma(0.5, 14, shape).round().astype(int)


def assert_no_leak(counts, protected, dimensions, *, threshold=5, parents=None):
    true = counts["headcount"].to_numpy()
    small = np.flatnonzero((true > 0) & (true < threshold)).tolist()
    assert protected["headcount"].isna()[small].all()
    # A margin of k cells that are not 0 is at least k to everyone who knows that zeros show.
    inner = counts[(counts[dimensions] != "total").all(axis=1)]
    for child_to_parent in (parents or {}).values():
        inner = inner[~inner[dimensions].isin(set(child_to_parent.values())).any(axis=1)]
    inner = inner[inner["headcount"] > 0]
    informed = bounds(protected, dimensions, small, least=1, parents=parents)
    plain = bounds(protected, dimensions, small, least=0, parents=parents)
    for row, (low, high), (plain_low, plain_high) in zip(small, informed, plain, strict=True):
        match = pd.Series(True, inner.index)
        for name in dimensions:
            label = counts[name].iloc[row]
            up = (parents or {}).get(name, {})
            if label != "total":
                match &= (inner[name] == label) | (inner[name].map(up) == label)
        assert low <= match.sum() + 1e-4, (row, low)
        assert high >= threshold - 1e-4, (row, high)
        assert plain_low <= 1e-4, (row, plain_low)
        assert plain_high >= threshold - 1e-4, (row, plain_high)


@pytest.mark.parametrize("seed", range(30))
def test_the_attack_on_a_random_cube_finds_no_leak(seed):
    shape = [(6, 5), (3, 4, 3), (12, 7), (2, 6, 4), (5, 3, 3)][seed % 5]
    counts = table_of(random_cube(seed, shape))
    dimensions = NAMES[: len(shape)]
    assert_no_leak(counts, protect(counts, dimensions=dimensions), dimensions)


def test_the_attack_finds_leaks_where_only_small_counts_are_hidden():
    counts = table_of(random_cube(3, (6, 5)))
    small = (counts["headcount"] > 0) & (counts["headcount"] < 5)
    protected = counts.assign(headcount=counts["headcount"].mask(small).astype(float))
    with pytest.raises(AssertionError):
        assert_no_leak(counts, protected, NAMES[:2])


@settings(max_examples=40, deadline=None)
@given(
    cube=arrays(
        np.int64, array_shapes(min_dims=1, max_dims=3, max_side=3), elements=st.integers(0, 9)
    )
)
def test_the_attack_on_any_small_table_finds_no_leak(cube):
    counts = table_of(cube)
    dimensions = NAMES[: cube.ndim]
    assert_no_leak(counts, protect(counts, dimensions=dimensions), dimensions)


@settings(max_examples=30, deadline=None)
@given(cube=arrays(np.int64, (4, 3), elements=st.integers(0, 12)), threshold=st.integers(2, 7))
def test_subtotals_are_sums_that_an_attacker_uses_too(cube, threshold):
    parents = {"place": {"place0": "north", "place1": "north"}}
    cells = table_of(cube).query("org != 'total' and place != 'total'")
    north = cells[cells["place"].isin(parents["place"])].assign(place="north")
    north = north.groupby(["org", "place"], as_index=False)["headcount"].sum()
    margins = table_of(cube)
    of_north = (
        north.assign(org="total").groupby(["org", "place"], as_index=False)["headcount"].sum()
    )
    counts = pd.concat([margins, north, of_north], ignore_index=True)
    protected = protect(
        counts, dimensions=["org", "place"], threshold=threshold, hierarchies=parents
    )
    assert_no_leak(counts, protected, ["org", "place"], threshold=threshold, parents=parents)


def test_a_hand_worked_row_hides_the_cheapest_second_cell():
    counts = pd.DataFrame({"place": ["2281", "2284", "2280", "total"], "headcount": [31, 2, 9, 42]})
    protected = protect(counts, dimensions=["place"])
    assert protected["status"].tolist() == ["", "suppressed", "suppressed", ""]
    assert protected["headcount"].tolist()[0] == 31
    # 2284 + 2280 = 11 is what a reader knows: from 1 to 10 each.
    assert bounds(protected, ["place"], [1], least=1) == [(1, 10)]


def test_two_small_counts_do_not_protect_each_other_where_their_sum_is_small():
    counts = pd.DataFrame({"place": ["a", "b", "c", "total"], "headcount": [1, 2, 20, 23]})
    assert protect(counts, dimensions=["place"])["headcount"].isna().sum() >= 3


def test_zeros_stay_published():
    cube = random_cube(1, (6, 5))
    cube[cube < 3] = 0
    counts = table_of(cube)
    protected = protect(counts, dimensions=NAMES[:2])
    assert (protected.loc[counts["headcount"] == 0, "headcount"] == 0).all()


@given(cube=arrays(np.int64, (4, 3), elements=st.integers(0, 40)))
@settings(max_examples=30, deadline=None)
def test_what_is_published_is_unchanged_and_the_order_of_rows_irrelevant(cube):
    counts = table_of(cube)
    before = counts.copy()
    protected = protect(counts, dimensions=["org", "place"])
    pd.testing.assert_frame_equal(counts, before)
    shown = protected["status"] == ""
    assert (protected.loc[shown, "headcount"] == counts.loc[shown, "headcount"]).all()
    assert protected.loc[~shown, "headcount"].isna().all()
    again = protect(counts, dimensions=["org", "place"])
    pd.testing.assert_frame_equal(protected, again)


def test_a_margin_whose_parts_are_all_shown_is_their_sum():
    cube = np.full((4, 4), 20)
    cube[0, 0] = 2
    counts = table_of(cube)
    protected = protect(counts, dimensions=["org", "place"])
    inner = protected[(protected["org"] != "total") & (protected["place"] != "total")]
    sums = inner.groupby("org")["headcount"].agg(lambda part: part.sum(skipna=False)).dropna()
    shown = protected[protected["place"] == "total"].set_index("org")["headcount"]
    both = sums.index[shown.loc[sums.index].notna()]
    # The small count, one more in its row and its column, and the fourth corner: two rows left.
    assert len(both) == 2
    assert (shown.loc[both] == sums.loc[both]).all()


def test_a_threshold_of_one_hides_nothing():
    counts = table_of(random_cube(2, (6, 5)))
    protected = protect(counts, dimensions=["org", "place"], threshold=1)
    assert (protected["status"] == "").all()
    assert (protected["headcount"] == counts["headcount"]).all()


def test_nothing_small_hides_nothing():
    counts = table_of(np.full((3, 3), 5))
    assert (protect(counts, dimensions=["org", "place"])["status"] == "").all()


def test_absent_cells_count_as_published_zeros():
    cells = pd.DataFrame(
        {"org": ["a", "a", "b"], "place": ["x", "y", "x"], "headcount": [3, 30, 20]}
    )
    counts = with_margins(cells, dimensions=["org", "place"])
    protected = protect(counts, dimensions=["org", "place"])
    assert_no_leak(counts, protected, ["org", "place"])


def test_other_columns_and_another_name_of_the_count_are_kept():
    counts = pd.DataFrame(
        {"place": ["a", "b", "total"], "persons": [3, 9, 12], "note": list("xyz")}
    )
    protected = protect(counts, dimensions=["place"], count="persons")
    assert protected.columns.tolist() == ["place", "persons", "note", "status"]
    assert protected["note"].tolist() == list("xyz")


GOOD = {"place": ["a", "b", "total"], "headcount": [3, 9, 12]}


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({**GOOD, "headcount": [3, -9, -6]}, "headcount is negative in place b; place total"),
        ({**GOOD, "headcount": [3, np.nan, 12]}, "headcount is missing in place b"),
        ({**GOOD, "headcount": [2.5, 9.5, 12]}, "headcount is not a whole number in place a"),
        ({**GOOD, "headcount": ["x", "y", "z"]}, "headcount is not a column of numbers"),
        ({"place": ["a", "b"], "headcount": [3, 9]}, "lacks the margin place total"),
        ({"place": ["a", "a", "total"], "headcount": [3, 9, 12]}, "repeats place a"),
        ({"place": ["a", None, "total"], "headcount": [3, 9, 12]}, "1 rows without a value"),
        (
            {**GOOD, "headcount": [3, 9, 13]},
            "margin place total is not the sum over place: 13 against 12",
        ),
        ({"place": ["total"], "headcount": [7]}, "is not the sum over place: 7 against 0"),
        ({"region": ["a"], "headcount": [7]}, "has no column place; it has region, headcount"),
    ],
)
def test_a_table_that_cannot_be_protected_is_named(table, message):
    with pytest.raises(DataError, match=re.escape(message)):
        protect(pd.DataFrame(table), dimensions=["place"])


def test_a_table_without_dimensions_is_refused():
    with pytest.raises(DataError, match="at least one dimension"):
        protect(pd.DataFrame(GOOD), dimensions=[])


@pytest.mark.parametrize("threshold", [0, -1, 2.5, True, "5"])
def test_a_threshold_that_is_no_whole_number_is_refused(threshold):
    with pytest.raises(ConfigError, match="use a whole number of 1 or more"):
        protect(pd.DataFrame(GOOD), dimensions=["place"], threshold=threshold)


def test_hierarchies_that_cannot_be_used_are_refused():
    with pytest.raises(ConfigError, match="region is not among the dimensions place"):
        protect(pd.DataFrame(GOOD), dimensions=["place"], hierarchies={"region": {"a": "b"}})
    with pytest.raises(ConfigError, match="goes in a circle: a > b > a"):
        protect(
            pd.DataFrame(GOOD), dimensions=["place"], hierarchies={"place": {"a": "b", "b": "a"}}
        )
    with pytest.raises(DataError, match="lacks the margin place north"):
        protect(pd.DataFrame(GOOD), dimensions=["place"], hierarchies={"place": {"a": "north"}})


def test_the_first_five_faulty_cells_are_named_and_the_rest_counted():
    table = pd.DataFrame({"place": list("abcdefg"), "headcount": [-1] * 7})
    with pytest.raises(DataError, match="place e; and 2 more"):
        protect(table, dimensions=["place"])
