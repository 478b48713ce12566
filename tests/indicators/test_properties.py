"""What must hold for any figures whatever."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regionstudy.indicators import compute

NAN = float("nan")

# Each example computes several formulas; a busy machine must not fail them by the clock.
FEW = settings(max_examples=30, deadline=None)

numbers = st.one_of(st.just(NAN), st.integers(0, 1000).map(float))


@st.composite
def two_parts(draw):
    places = [("2281", "2020"), ("2281", "2021"), ("2262", "2020"), ("2262", "2021")]
    first = [(*place, draw(numbers)) for place in places]
    second = [(*place, draw(numbers)) for place in places]
    return {"a": first, "b": second}


@pytest.fixture(scope="session")
def run(study, entry, observe):
    """Compute one formula on rows given by id: place -> (value or None, status)."""

    def compute_formula(rows, formula, *breakdowns):
        frames = {name: observe(part, *breakdowns) for name, part in rows.items()}
        frame = compute("y", **study(frames, entry("y", formula=formula)))
        return {
            (row.region, row.period): (None if np.isnan(row.value) else row.value, str(row.status))
            for row in frame.itertuples()
        }

    return compute_formula


@FEW
@given(two_parts())
def test_missing_in_any_part_is_missing_in_the_result(run, rows):
    one, two = ({row[:2]: row[2] for row in rows[name]} for name in "ab")
    for formula in ("a + b", "a - b", "a * b", "share(a, b)", "per_1000(a, b)"):
        for place, (value, status) in run(rows, formula).items():
            if np.isnan(one[place]) or np.isnan(two[place]):
                assert (value, status) == (None, "..")
            else:
                assert status in ("", ".")


@FEW
@given(two_parts())
def test_no_result_without_a_figure_is_published(run, rows):
    for formula in ("a / b", "change(a, 1)", "pct_change(a, 1)", "mean_population(b)"):
        for value, status in run(rows, formula).values():
            assert (value is None) == (status in (".", ".."))


@FEW
@given(st.lists(st.integers(0, 10_000), min_size=3, max_size=3))
def test_ages_chosen_together_are_the_sum_of_each(run, counts):
    ages = [("2281", "2020", str(20 + i), float(n)) for i, n in enumerate(counts)]
    together = run({"a": ages}, 'at(a, age="20..22")', "age")
    apart = run({"a": ages}, 'at(a, age="20") + at(a, age="21") + at(a, age="22")', "age")
    assert together == apart == {("2281", "2020"): (sum(counts), "")}


@FEW
@given(two_parts(), st.integers(2, 50))
def test_shares_do_not_depend_on_the_scale(run, rows, factor):
    plain = run(rows, "share(a, b)")
    scaled = run(rows, f"share({factor} * a, {factor} * b)")
    assert {place: status for place, (_, status) in plain.items()} == {
        place: status for place, (_, status) in scaled.items()
    }
    for place, (value, _) in plain.items():
        assert value is None or scaled[place][0] == pytest.approx(value)


@FEW
@given(two_parts(), st.randoms(use_true_random=False))
def test_order_of_rows_is_irrelevant(run, rows, random):
    shuffled = {name: random.sample(part, len(part)) for name, part in rows.items()}
    assert run(shuffled, "join(a, b)") == run(rows, "join(a, b)")
