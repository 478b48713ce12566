"""More permutations for the closest cases: the same test, only sharper."""

from __future__ import annotations

from itertools import permutations as every_order

import numpy as np
import pandas as pd
import pytest

from regionstudy.analysis.spatial import local_moran, refine_local_moran, weights
from regionstudy.errors import DataError


@pytest.fixture(scope="module")
def found(net_2024, borders):
    return local_moran(net_2024, borders, seed=1)


@pytest.fixture(scope="module")
def refined(found, borders):
    return refine_local_moran(found, borders, seed=2)


def test_only_small_p_values_are_tried_again_and_agree_within_chance(found, refined):
    again = found["p"] < 0.02
    assert refined.attrs["refined"] == again.sum() > 5
    assert refined.loc[~again, "p"].equals(found.loc[~again, "p"])
    assert (refined.loc[again, "p"] != found.loc[again, "p"]).any()
    # Of 9,999 draws, twice the tail's count has a standard error of sqrt(2 p / 9,999).
    p = refined.loc[again, "p"]
    assert (np.abs(found.loc[again, "p"] - p) < 5 * np.sqrt(2 * p / 9999) + 2e-4).all()


def test_all_but_p_values_and_what_follows_stays(found, refined):
    same = ["region", "value", "lag", "statistic"]
    pd.testing.assert_frame_equal(refined[same], found[same])
    assert refined.attrs["permutations"] == 99_999
    assert refined.attrs["correction"] == "fdr"
    # Benjamini and Hochberg's step-up over all tests at once, by its definition.
    p = np.sort(refined["p"].dropna())
    passed = np.flatnonzero(p <= 0.05 * np.arange(1, len(p) + 1) / len(p))
    assert refined["significant"].sum() == (passed[-1] + 1 if len(passed) else 0)


def test_one_region_alone_can_be_told_where_few_draws_cannot():
    # 30 on a ring, two neighbours on either side: the four about "10" alone are high, which by
    # chance happens once in C(29, 4) = 23,751 deals.
    names = [f"{number:02}" for number in range(30)]
    steps = (-2, -1, 1, 2)
    pairs = [(names[one], names[(one + step) % 30], 1.0) for one in range(30) for step in steps]
    near = weights(
        pd.DataFrame(pairs, columns=["origin", "destination", "value"]), method="commuting"
    )
    values = pd.Series(np.tile([0.0, 0.1, 0.05], 10), index=names)
    values[["08", "09", "11", "12"]] = 9.0
    few = local_moran(values, near, permutations=99, seed=1)
    # The floor of 2 / 100 is far above 0.05 / 30 each.
    assert not few["significant"].any()
    many = refine_local_moran(few, near, below=0.2, seed=1)
    assert many.set_index("region")["p"]["10"] < 10 / 23_751
    assert many["significant"].any()


@pytest.mark.parametrize("below", [0.999, 1.0])
def test_p_values_are_those_of_all_orders_counted_out(below):
    # Seven regions in a chain: all 720 orders of the six others can be gone through.
    names = list("abcdefg")
    chain = pd.DataFrame({"origin": names[:-1], "destination": names[1:], "value": 1.0})
    near = weights(chain, method="commuting")
    values = pd.Series([1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 60.0], index=names)
    found = refine_local_moran(
        local_moran(values, near, permutations=999, seed=1, alternative="greater"),
        near,
        below=below,
        seed=3,
    ).set_index("region")
    z = values - values.mean()
    for one in ("d", "a"):
        place = names.index(one)
        own = near.matrix[[place]].toarray()[0]
        others = [name for name in names if name != one]
        weight = np.delete(own, place)
        lags = [np.dot(z[list(order)], weight) for order in every_order(others)]
        least = z[one] * np.dot(z[others], weight)
        share = np.mean(z[one] * np.array(lags) >= least - 1e-9)
        if found.loc[one, "p"] < below:
            assert found.loc[one, "p"] == pytest.approx(share, abs=0.01)


def test_the_same_seed_gives_the_same_answer(found, borders, refined):
    pd.testing.assert_frame_equal(refine_local_moran(found, borders, seed=2), refined)


def test_other_weights_than_the_test_had_are_refused(found, municipalities):
    wider = weights(municipalities, method="nearest", k=4)
    with pytest.raises(DataError, match="other statistics than these weights give"):
        refine_local_moran(found, wider, seed=1)


def test_a_frame_that_tells_no_test_is_refused(found, borders):
    bare = found.copy()
    bare.attrs = {}
    with pytest.raises(DataError, match="found is not as local_moran gives it"):
        refine_local_moran(bare, borders, seed=1)


@pytest.mark.parametrize("below", [0.0, 1.5])
def test_a_limit_that_is_no_p_value_is_refused(found, borders, below):
    with pytest.raises(DataError, match="is no p-value; give one above 0 and at most 1"):
        refine_local_moran(found, borders, below=below, seed=1)
