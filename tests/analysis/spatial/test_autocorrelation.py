from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st
from libpysal import examples
from libpysal import io as pysal_io
from pandas.testing import assert_frame_equal

from regionstudy.analysis.spatial import Weights, local_moran, moran, weights
from regionstudy.analysis.spatial.permutation import adjust, conditional_lags, p_value
from regionstudy.errors import DataError

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import esda
    from esda.significance import calculate_significance

PERMUTATIONS = 499
# esda keeps p-values in single precision.
SINGLE = 1e-6


def local_of_esda(figures, graph, *, seed=3):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return esda.Moran_Local(figures, graph, permutations=PERMUTATIONS, seed=seed)


def chain(codes: str) -> Weights:
    """Regions in a row, each the neighbour of the next."""
    flows = pd.DataFrame({"origin": list(codes[:-1]), "destination": list(codes[1:]), "value": 1.0})
    return weights(flows, method="commuting")


def test_morans_i_is_esdas_documented_one():
    # esda's docstring of Moran: homicides in St. Louis 0.244, cot deaths 0.248.
    homicides = pysal_io.open(examples.get_path("stl_hom.txt")).by_col["HR8893"]
    deaths = pysal_io.open(examples.get_path("sids2.dbf")).by_col("SIDR74")
    for file, values, expected in [("stl", homicides, 0.244), ("sids2", deaths, 0.248)]:
        near = pysal_io.open(examples.get_path(f"{file}.gal")).read()
        codes = [str(code) for code in near.id_order]
        found = moran(pd.Series(values, index=codes), near, permutations=99, seed=1)
        assert round(found.statistic, 3) == expected
        assert found.expected == -1 / (len(codes) - 1)


def test_morans_i_and_its_p_are_those_of_esda(made_up, borders):
    np.random.seed(3)  # noqa: NPY002 (esda draws from numpy's global state)
    theirs = esda.Moran(made_up.to_numpy(), borders.to_libpysal(), permutations=PERMUTATIONS)
    ours = moran(made_up, borders, permutations=PERMUTATIONS, seed=3, alternative="directed")
    assert ours.statistic == pytest.approx(theirs.I, abs=1e-12)
    assert ours.z == pytest.approx(theirs.z_sim, abs=1e-9)
    assert ours.p == pytest.approx(theirs.p_sim, abs=1e-12)
    assert ours.no_neighbours == ("0125", "0186", "0980", "1407", "1419")


def test_real_net_migration_has_esdas_local_statistics(net_2024, borders):
    theirs = local_of_esda(net_2024["value"].to_numpy(), borders.to_libpysal())
    ours = local_moran(net_2024, borders, permutations=PERMUTATIONS, seed=3)
    assert ours["region"].tolist() == net_2024["region"].tolist()
    lonely = ours["cluster"] == "no neighbours"
    np.testing.assert_allclose(ours["statistic"][~lonely], theirs.Is[~lonely], atol=1e-12)
    assert ours["statistic"][lonely].isna().all()


@pytest.mark.parametrize("alternative", ["directed", "greater", "lesser"])
def test_p_values_are_those_of_esda_with_the_same_seed(made_up, borders, alternative):
    theirs = local_of_esda(made_up.to_numpy(), borders.to_libpysal())
    expected = calculate_significance(theirs.Is, ties_made(theirs), alternative=alternative)
    ours = local_moran(made_up, borders, permutations=PERMUTATIONS, seed=3, alternative=alternative)
    near = ours["cluster"] != "no neighbours"
    np.testing.assert_allclose(ours["p"][near], np.ravel(expected)[near], atol=SINGLE)


def test_two_sided_p_value_is_that_of_esda_to_one_draw(made_up, borders):
    theirs = local_of_esda(made_up.to_numpy(), borders.to_libpysal())
    expected = calculate_significance(theirs.Is, ties_made(theirs), alternative="two-sided")
    ours = local_moran(made_up, borders, permutations=PERMUTATIONS, seed=3)
    # A region with one neighbour has draws that tie, and esda counts those in one tail.
    several = np.diff(borders.matrix.indptr) > 2
    apart = np.abs(ours["p"] - np.ravel(expected))[several]
    assert apart.max() <= 1 / (PERMUTATIONS + 1) + SINGLE


def ties_made(theirs) -> np.ndarray:
    """
    Let draws of a region's own neighbours equal what is observed.

    esda leaves that to the rounding of two sums.
    """
    same = np.abs(theirs.rlisas - theirs.Is[:, None]) < 1e-13
    return np.where(same, theirs.Is[:, None], theirs.rlisas)


def test_unequal_weights_too_give_esdas_p_values(made_up, municipalities):
    north = municipalities.geometry.centroid.y.to_numpy()
    flows = pd.DataFrame(
        [(a, b) for n, a in enumerate(made_up.index[:40]) for b in made_up.index[:40][n + 1 :]],
        columns=["origin", "destination"],
    )
    flows["value"] = np.random.default_rng(1).integers(1, 99, len(flows)) + north[0] * 0
    near = weights(flows, method="commuting")
    figures = made_up.iloc[:40]
    theirs = local_of_esda(figures.to_numpy(), near.to_libpysal())
    ours = local_moran(figures, near, permutations=PERMUTATIONS, seed=3, alternative="directed")
    np.testing.assert_allclose(ours["statistic"], theirs.Is, atol=1e-12)
    np.testing.assert_allclose(ours["p"], theirs.p_sim, atol=SINGLE)


def test_simulated_lags_are_those_of_esda(made_up, tied):
    z = ((made_up - made_up.mean()) / made_up.std(ddof=0)).to_numpy()
    theirs = local_of_esda(made_up.to_numpy(), tied.to_libpysal())
    scale = (len(z) - 1) / (z @ z)
    for region, lags in conditional_lags(z, tied.matrix, permutations=PERMUTATIONS, seed=3):
        np.testing.assert_allclose(scale * z[region] * lags, theirs.rlisas[region], atol=1e-12)


def test_quadrants_are_those_of_esda(made_up, tied):
    theirs = local_of_esda(made_up.to_numpy(), tied.to_libpysal())
    words = np.array(["", "high-high", "low-high", "low-low", "high-low"])[theirs.q]
    ours = local_moran(
        made_up, tied, permutations=PERMUTATIONS, seed=3, correction="none", alpha=0.99999
    )
    shown = ours["significant"].to_numpy()
    assert shown.sum() > 250
    assert ours["cluster"][shown].tolist() == words[shown].tolist()


def test_local_statistics_sum_to_the_global_one(made_up, tied):
    ours = local_moran(made_up, tied, permutations=9, seed=1)
    whole = moran(made_up, tied, permutations=9, seed=1)
    # sum I_i = (n - 1) I where every row sums to 1.
    assert ours["statistic"].sum() == pytest.approx((len(made_up) - 1) * whole.statistic, abs=1e-9)


def test_hand_worked_chain():
    # Values 1, 2, 3, 6: mean 3, z = -2, -1, 0, 3, sum of squares 14.
    # Lags of z: -1, -1, 1, 0; I = 4/4 * (2 + 1 + 0 + 0) / 14.
    figures = pd.Series([1.0, 2.0, 3.0, 6.0], index=list("abcd"))
    assert moran(figures, chain("abcd"), permutations=9, seed=1).statistic == pytest.approx(3 / 14)
    found = local_moran(figures, chain("abcd"), permutations=9, seed=1)
    np.testing.assert_allclose(found["lag"], [2.0, 2.0, 4.0, 3.0])
    np.testing.assert_allclose(found["statistic"], np.array([2, 1, 0, 0]) * 3 / 14, atol=1e-15)


def test_region_without_a_figure_keeps_its_row_and_is_left_out_of_lags():
    figures = pd.DataFrame(
        {
            "region": list("abcdef"),
            "value": [1.0, 2.0, 99.0, 4.0, 9.0, 5.0],
            "status": ["", "", "..", "", "", ""],
        }
    )
    found = local_moran(figures, chain("abcdef"), permutations=9, seed=1).set_index("region")
    assert found.loc["c", "cluster"] == "no figure"
    assert np.isnan(found.loc["c", ["value", "lag", "statistic", "p"]].astype(float)).all()
    # b has a alone beside it, d has e alone; the figure beside ".." counts nowhere.
    assert found["lag"].drop("c").tolist() == [2.0, 1.0, 9.0, 4.5, 9.0]
    whole = moran(figures, chain("abcdef"), permutations=9, seed=1)
    assert (whole.n, whole.no_figure) == (5, ("c",))


def test_region_whose_neighbours_all_lack_figures_has_no_neighbours():
    figures = pd.Series([1.0, np.nan, 3.0, 4.0, 9.0, 5.0], index=list("abcdef"))
    found = local_moran(figures, chain("abcdef"), permutations=9, seed=1).set_index("region")
    assert found["cluster"].to_list()[:2] == ["no neighbours", "no figure"]
    assert not found.loc["a", "significant"]


def test_island_is_never_significant(made_up, borders):
    # esda gives an island the smallest p-value there is.
    found = local_moran(made_up, borders, permutations=99, seed=1, correction="none")
    islands = found[found["region"].isin(borders.islands["region"])]
    assert islands["p"].isna().all()
    assert set(islands["cluster"]) == {"no neighbours"}


def test_planted_cluster_is_found_and_pure_chance_is_not(municipalities, tied):
    noise = np.random.default_rng(11).normal(size=290)
    chance = pd.Series(noise, index=municipalities["region"])
    found = local_moran(chance, tied, permutations=4999, seed=1)
    assert found["significant"].sum() <= 2
    assert moran(chance, tied, permutations=999, seed=1).p > 0.05
    uncorrected = local_moran(chance, tied, permutations=4999, seed=1, correction="none")
    # About 5 percent of 290, as the docstring warns.
    assert 5 <= uncorrected["significant"].sum() <= 28
    north = municipalities["parent"].isin(["25", "24", "22"]).to_numpy()
    planted = local_moran(chance + 3.0 * north, tied, permutations=4999, seed=1)
    hot = planted["cluster"] == "high-high"
    assert hot.sum() >= 20
    assert north[hot].mean() > 0.9


def test_corrections_are_those_of_scipy_and_bonferroni():
    p = np.array([0.01, np.nan, 0.04, 0.03, 0.5, 0.01])
    expected = scipy.stats.false_discovery_control(p[~np.isnan(p)])
    np.testing.assert_allclose(adjust(p, correction="fdr")[~np.isnan(p)], expected)
    np.testing.assert_allclose(
        adjust(p, correction="bonferroni"), [0.05, np.nan, 0.2, 0.15, 1, 0.05]
    )
    np.testing.assert_array_equal(adjust(p, correction="none"), p)


@given(p=st.lists(st.floats(0, 1), min_size=1, max_size=20))
@settings(deadline=None)
def test_false_discovery_control_is_that_of_scipy(p):
    found = adjust(np.array(p), correction="fdr")
    np.testing.assert_allclose(found, scipy.stats.false_discovery_control(p), atol=1e-12)


@given(
    draws=st.lists(st.integers(-5, 5), min_size=2, max_size=40),
    observed=st.integers(-6, 6),
    alternative=st.sampled_from(["directed", "greater", "lesser"]),
)
@settings(deadline=None)
def test_p_value_of_a_tail_is_that_of_esda(draws, observed, alternative):
    simulated = np.array(draws, dtype=float)
    ours = p_value(float(observed), simulated, alternative=alternative)
    theirs = calculate_significance(
        np.array([float(observed)]), simulated[None, :], alternative=alternative
    )
    assert ours == pytest.approx(float(np.ravel(theirs)[0]))
    assert 0 < ours <= 1


def test_two_sided_p_value_is_as_often_small_as_it_says():
    # Each of 20 equally likely values taken for the observed one, the rest for the draws:
    # p is at most k / 10 for exactly k of every 10.
    values = np.random.default_rng(1).normal(size=20)
    found = sorted(
        p_value(values[n], np.delete(values, n), alternative="two-sided") for n in range(20)
    )
    np.testing.assert_allclose(found, np.repeat(np.arange(1, 11), 2) / 10)


@given(shift=st.floats(-1e3, 1e3), factor=st.floats(0.1, 1e3), seed=st.integers(0, 9))
@settings(max_examples=20, deadline=None)
def test_unit_and_zero_of_the_figure_do_not_matter(shift, factor, seed):
    figures = pd.Series([1.0, 2.0, 4.0, 6.0, 7.5, 3.0], index=list("abcdef"))
    before = moran(figures, chain("abcdef"), permutations=9, seed=seed)
    after = moran(shift + factor * figures, chain("abcdef"), permutations=9, seed=seed)
    assert after.statistic == pytest.approx(before.statistic, abs=1e-7)


def test_same_seed_gives_the_same_frame_whatever_the_order_of_rows(net_2024, borders):
    one = local_moran(net_2024, borders, permutations=99, seed=5)
    other = local_moran(net_2024.sample(frac=1, random_state=1), borders, permutations=99, seed=5)
    assert_frame_equal(one, other)
    assert one.attrs["seed"] == 5


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([1.0, 2, 3, 4, 5, np.inf], "values is infinite for f"),
        ([1.0, 1, 1, 1, 1, 1], "values is 1 in every region"),
        ([1.0, 2, 3, np.nan, np.nan, np.nan], "values has 3 regions with a figure; a test needs 4"),
    ],
)
def test_figures_that_cannot_cluster_are_refused(values, message):
    with pytest.raises(DataError, match=message):
        local_moran(pd.Series(values, index=list("abcdef")), chain("abcdef"), seed=1)


def test_figures_and_weights_must_fit(net_2024, borders):
    country = pd.concat([net_2024, net_2024.head(1).assign(region="00")])
    with pytest.raises(DataError, match="values has regions that weights lacks: 00; leave them"):
        moran(country, borders, seed=1)
    with pytest.raises(DataError, match="repeated rows, first at region 0114"):
        moran(pd.concat([net_2024, net_2024.head(1)]), borders, seed=1)
    with pytest.raises(DataError, match="values lacks the column value"):
        moran(net_2024[["region"]], borders, seed=1)
    apart = pd.Series([1.0, np.nan, 2.0, np.nan, 3.0, np.nan, 4.0], index=list("abcdefg"))
    with pytest.raises(DataError, match="no two neighbours that both have a figure"):
        moran(apart, chain("abcdefg"), seed=1)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"permutations": 0}, "permutations=0 is no number"),
        ({"alternative": "both"}, '"both" is no alternative; use one of: directed, greater'),
        ({"correction": "holm"}, '"holm" is no correction; use one of: bonferroni, fdr, none'),
        ({"alpha": 5}, "alpha=5 is no level of significance"),
    ],
)
def test_unknown_option_is_refused(net_2024, borders, options, message):
    with pytest.raises(DataError, match=message):
        local_moran(net_2024, borders, seed=1, **options)
