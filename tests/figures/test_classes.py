"""Map classes: round limits, a limit at zero, counts that add up."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from regionstudy.errors import ConfigError, DataError
from regionstudy.figures.classes import classify
from regionstudy.words import Words

values = npst.arrays(
    float,
    st.integers(1, 60),
    elements=st.floats(-1e6, 1e6, allow_subnormal=False) | st.just(np.nan),
)


@given(values)
def test_counts_add_up_to_the_values_that_are_there(drawn):
    made = classify(pd.Series(drawn))
    assert sum(made.counts) == np.isfinite(drawn).sum()
    assert made.of.isna().tolist() == np.isnan(drawn).tolist()
    assert len(made.labels) == len(made.counts) == len(made.limits) + 1


@given(values)
def test_each_value_lies_between_its_class_limits(drawn):
    made = classify(pd.Series(drawn))
    edges = np.array([-np.inf, *made.limits, np.inf])
    there = made.of.dropna().astype(int)
    numbers = drawn[there.index]
    assert (np.diff(made.limits) > 0).all()
    assert (edges[there - 1] <= numbers).all()
    assert (numbers < edges[there]).all()


def test_diverging_has_six_classes_with_a_limit_at_zero_and_labels_from_below():
    made = classify(pd.Series(np.linspace(-3, 3, 61)))
    assert made.scale == "diverging"
    assert made.limits == (-2.0, -1.0, 0.0, 1.0, 2.0)
    assert [label.render("sv") for label in made.labels] == [
        "lägre än −2",
        "−2 till −1",
        "−1 till 0",
        "0 till +1",
        "+1 till +2",
        "+2 eller högre",
    ]
    # By hand: 0,1 steps from -3; [-3,-2) holds ten, [2,3] eleven.
    assert made.counts == (10, 10, 10, 10, 10, 11)


def test_even_values_get_five_classes_of_one_round_step():
    made = classify(pd.Series(np.arange(50, 100)))
    assert made.scale == "sequential"
    assert made.limits == (60.0, 70.0, 80.0, 90.0)
    assert made.counts == (10, 10, 10, 10, 10)
    assert made.labels[1].render("en") == "60 to 70"


def test_skew_values_get_rounded_quintiles_instead_of_empty_classes():
    prices = pd.Series(np.exp(np.linspace(0, 9, 290)))
    made = classify(prices)
    assert min(made.counts) > 290 / 5 * 0.5
    for limit in made.limits:
        assert float(f"{limit:.2g}") == limit


def test_no_value_and_one_value_still_make_a_legend():
    assert classify(pd.Series([np.nan, np.nan])).counts == (0, 0, 0, 0, 0)
    assert sum(classify(pd.Series([4.0, 4.0])).counts) == 2


def test_given_limits_are_used():
    made = classify(pd.Series([1.0, 5.0]), limits=[1, 2, 3, 4])
    assert made.counts == (0, 1, 0, 0, 1)
    with pytest.raises(ConfigError, match="A sequential map has 4 ascending limits"):
        classify(pd.Series([1.0]), limits=[1, 2, 2, 4])


def test_categories_keep_their_order():
    made = classify(
        pd.Series(["b", None, "a", "b"]),
        categories={"a": Words("låg", "low"), "b": Words("hög", "high")},
    )
    assert made.scale == "categorical"
    assert made.counts == (1, 2)
    assert made.of.tolist()[0] == 2


def test_a_fifth_category_is_the_grey_one_and_a_sixth_is_too_many():
    names = {letter: Words(letter, letter) for letter in "abcdef"}
    made = classify(pd.Series(["e"]), categories={one: names[one] for one in "abcde"})
    assert made.of.tolist() == [5]
    with pytest.raises(ConfigError, match="a grey one, but 6 are given; join some"):
        classify(pd.Series(["e"]), categories=names)


def test_unknown_words_are_refused():
    with pytest.raises(ConfigError, match='There is no scale "rainbow"; use auto, diverging'):
        classify(pd.Series([1.0]), scale="rainbow")
    with pytest.raises(ConfigError, match="one to 4 categories and a grey one, but 0 are given"):
        classify(pd.Series(["a"]), scale="categorical")
    with pytest.raises(DataError, match="Values c are not among the categories a"):
        classify(pd.Series(["c"]), categories={"a": Words("a", "a")})
