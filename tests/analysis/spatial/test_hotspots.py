from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from libpysal.graph import Graph
from libpysal.weights import DistanceBand, lat2W

from regionstudy.analysis.spatial import Weights, join_counts, local_g, weights
from regionstudy.errors import DataError

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import esda

PERMUTATIONS = 499


def g_of_esda(figures, graph, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return esda.G_Local(figures, graph, permutations=PERMUTATIONS, seed=3, n_jobs=1, **options)


def test_z_is_esdas_documented_one():
    # esda's docstring of G_Local: six points, a band of 15, binary weights.
    points = [(10, 10), (20, 10), (40, 10), (15, 20), (30, 20), (30, 30)]
    near = DistanceBand(points, threshold=15, silence_warnings=True)
    figures = pd.Series([2, 3, 3.2, 5, 8, 7], index=list("012345"))
    plain = local_g(figures, near, permutations=9, seed=1)
    expected = [-1.0136729, -0.04361589, 1.31558703, -0.31412676, 1.15373986, 1.77833941]
    np.testing.assert_allclose(plain["z"], expected, atol=1e-7)
    star = local_g(figures, near, permutations=9, seed=1, star=True)
    expected = [-1.39727626, -0.28917762, 0.65064964, -0.28917762, 1.23452088, 2.02424331]
    np.testing.assert_allclose(star["z"], expected, atol=1e-7)


@pytest.mark.parametrize("star", [False, True])
def test_z_and_p_are_those_of_esda_for_real_municipalities(made_up, tied, star):
    binary = Graph.from_sparse((tied.matrix > 0).astype(float), ids=list(tied.regions))
    # G needs figures above 0; z is the same whatever is added to all of them.
    theirs = g_of_esda(made_up.to_numpy() + 10, binary, transform="B", star=star)
    ours = local_g(
        made_up, tied, permutations=PERMUTATIONS, seed=3, star=star, alternative="directed"
    )
    np.testing.assert_allclose(ours["z"], theirs.Zs, atol=1e-9)
    # Where a draw is the region's own neighbours, esda lets rounding say which is larger.
    many = np.diff(tied.matrix.indptr) > 2
    np.testing.assert_allclose(ours["p"][many], theirs.p_sim[many], atol=1e-6)


def test_hand_worked_z():
    # Figures 1 to 6 in a row. b's others are 1, 3, 4, 5, 6: mean 3.8, variance 2.96; its lag is
    # 2, the squares of its weights sum to 1/2, so the error is sqrt(2.96 * (5 / 2 - 1) / 4).
    flows = pd.DataFrame({"origin": list("abcde"), "destination": list("bcdef"), "value": 1.0})
    figures = pd.Series(np.arange(1.0, 7.0), index=list("abcdef"))
    found = local_g(figures, weights(flows, method="commuting"), permutations=9, seed=1)
    assert found["z"].iloc[1] == pytest.approx((2 - 3.8) / np.sqrt(2.96 * 1.5 / 4))


def test_planted_hot_and_cold_spots_are_found(municipalities, tied):
    county = municipalities["parent"].to_numpy()
    figures = np.random.default_rng(2).normal(size=290)
    figures = figures + 4.0 * (county == "14") - 4.0 * (county == "22")
    found = local_g(
        pd.Series(figures, index=municipalities["region"]), tied, permutations=1999, seed=1
    )
    hot, cold = found["cluster"] == "hot", found["cluster"] == "cold"
    assert hot.sum() >= 20
    assert cold.sum() >= 3
    assert (county[hot] == "14").mean() > 0.8


def test_region_without_figure_stays_in_the_frame(made_up, borders):
    found = local_g(made_up.mask(made_up.index == "2281"), borders, permutations=9, seed=1)
    words = found.set_index("region")["cluster"]
    assert words["2281"] == "no figure"
    assert words["0980"] == "no neighbours"


def test_joins_are_esdas_documented_ones():
    # esda's docstring of Join_Counts: the lower half of a 4 by 4 chess board is black.
    board = lat2W(4, 4)
    black = pd.Series([0] * 8 + [1] * 8, index=[str(code) for code in board.id_order])
    found = join_counts(black, board, permutations=999, seed=12345, alternative="greater")
    assert found["count"].tolist() == [10, 10, 4]
    # esda documents 0.003 and 5.547 for "both", 1.0 and 12.812 for "mixed" (of 999 draws).
    np.testing.assert_allclose(found["expected"], [5.6, 5.6, 12.8], atol=0.15)
    assert found["p"].iloc[0] < 0.01
    assert found["p"].iloc[2] == 1


def test_joins_and_their_p_are_those_of_esda_on_the_same_draws(made_up, tied):
    kind = (made_up > made_up.quantile(0.7)).astype(float)
    binary = Graph.from_sparse((tied.matrix > 0).astype(float), ids=list(tied.regions))
    np.random.seed(3)  # noqa: NPY002 (esda draws from numpy's global state)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = esda.Join_Counts(kind.to_numpy(), binary, permutations=99)
    ours = join_counts(kind, tied, permutations=99, seed=3, alternative="greater")
    assert ours["count"].tolist() == [theirs.bb, theirs.ww, theirs.bw]
    assert ours["count"].sum() == theirs.J
    np.testing.assert_allclose(ours["p"].iloc[[0, 2]], [theirs.p_sim_bb, theirs.p_sim_bw])


def test_join_that_only_one_side_counts_is_half_a_join():
    one_way = Weights.from_libpysal(
        Graph.from_arrays(["a", "b", "c", "d"], ["b", "a", "a", "a"], [1.0] * 4)
    )
    kind = pd.Series([1.0, 0, 1, 0], index=list("abcd"))
    found = join_counts(kind, one_way, permutations=9, seed=1)
    assert found["count"].tolist() == [0.5, 0, 1.5]


def test_other_than_yes_and_no_cannot_be_joined(made_up, tied):
    with pytest.raises(DataError, match=r"values is 0\.07\d+ for 0114; joins are counted of 1"):
        join_counts(made_up, tied, seed=1)


@pytest.mark.parametrize("statistic", [local_g, join_counts])
def test_options_are_checked(statistic, made_up, tied):
    with pytest.raises(DataError, match='"up" is no alternative'):
        statistic(made_up, tied, seed=1, alternative="up")


def test_weights_of_regions_without_figures_do_not_count():
    flows = pd.DataFrame({"origin": list("abcd"), "destination": list("bcde"), "value": 1.0})
    near = weights(flows, method="commuting")
    kind = pd.Series([1.0, 1.0, np.nan, 0.0, 1.0], index=list("abcde"))
    found = join_counts(kind, near, permutations=9, seed=1)
    assert found["count"].tolist() == [1, 0, 1]
