"""Where high figures gather (Getis and Ord's G), and whether yes gathers with yes (join counts)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse

from regionstudy.analysis.spatial.alignment import align
from regionstudy.analysis.spatial.local_tests import local_frame
from regionstudy.analysis.spatial.permutation import (
    check_test,
    conditional_lags,
    p_value,
    shuffled,
)
from regionstudy.errors import DataError

if TYPE_CHECKING:
    from regionstudy.analysis.spatial.weights import Weights

__all__ = ["join_counts", "local_g"]


def local_g(
    values: pd.DataFrame | pd.Series,
    weights: Weights,
    *,
    permutations: int = 9999,
    seed: int,
    alpha: float = 0.05,
    correction: str = "fdr",
    alternative: str = "two-sided",
    star: bool = False,
) -> pd.DataFrame:
    """
    Find the regions among high figures, and those among low ones.

    Unlike local Moran it does not ask what the region itself is like: G is its
    neighbours' part of what all other regions sum to, and z how many standard deviations
    that is from what is expected,
    z_i = (sum_j w_ij x_j - W_i m) / (s sqrt((N sum_j w_ij^2 - W_i^2) / (N - 1))), where
    W_i = sum_j w_ij, and m and s are the mean and standard deviation of the N others.

    Parameters
    ----------
    values : DataFrame or Series
        ``region``, ``value`` and optionally ``status``; or a Series by region. They may
        be negative: z does not mind.
    weights : Weights
        As `weights` makes them.
    permutations : int, default 9999
        How often the other values are dealt out anew.
    seed : int
        Seed of the permutations.
    alpha : float, default 0.05
        Level of significance, held against ``p_adjusted``.
    correction : {"fdr", "bonferroni", "none"}
        What is done about testing every region at once; see `local_moran`.
    alternative : {"two-sided", "directed", "greater", "lesser"}
        Which tails count.
    star : bool, default False
        G*: the region itself counts as one of its neighbours, with the largest weight
        among them, and m and s are those of all regions.

    Returns
    -------
    DataFrame, shape (n, 8)
        A row a region of the weights: ``region``, ``value``, ``lag``, ``z``, ``p`` (by
        permutation), ``p_adjusted``, ``significant``, ``cluster``: "hot", "cold", "not
        significant", "no neighbours", "no figure". How it was done is in ``.attrs``.

    Raises
    ------
    DataError
        If figures and weights do not fit, all figures are the same, or an option is
        unknown.

    References
    ----------
    Getis and Ord (1992), Geographical Analysis 24(3), 189-206. Ord and Getis (1995),
    Geographical Analysis 27(4), 286-306, equations 14 and 15.

    Examples
    --------
    >>> from regionstudy.analysis.spatial import weights
    >>> chain = pd.DataFrame({"origin": list("abcde"), "destination": list("bcdef"), "value": 1.0})
    >>> rising = pd.Series([1.0, 2.0, 3.0, 4.0, 5.0, 6.0], index=list("abcdef"))
    >>> found = local_g(rising, weights(chain, method="commuting"), permutations=99, seed=1)
    >>> found["z"].round(2).tolist()
    [-1.41, -1.71, -0.53, 0.53, 1.71, 1.41]
    """
    check_test(permutations, alternative=alternative, alpha=alpha, correction=correction)
    aligned = align(values, weights)
    x = aligned.values[aligned.known]
    matrix = aligned.matrix
    has_lag = aligned.neighbours > 0
    itself = np.zeros(len(x))
    if star:
        itself = np.where(has_lag, matrix.max(axis=1).toarray().ravel(), 0.0)
    whole = np.where(has_lag, matrix.sum(axis=1) + itself, np.nan)
    # Rows sum to 1 again once the region itself is counted.
    own, rest = itself / whole, 1 / whole
    squares = (rest**2) * (matrix * matrix).sum(axis=1) + own**2
    count = len(x) - (not star)
    mean = (x.sum() - (0.0 if star else x)) / count
    variance = ((x**2).sum() - (0.0 if star else x**2)) / count - mean**2
    error = np.sqrt(variance * (count * squares - 1) / (count - 1))
    lag = np.where(has_lag, rest * (matrix @ x) + own * x, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(error > 0, (lag - mean) / error, np.nan)
    p = np.full(len(x), np.nan)
    for region, lags in conditional_lags(x, matrix, permutations=permutations, seed=seed):
        # z rises with the lag alone while the region's own value stays.
        drawn = rest[region] * lags + own[region] * x[region]
        p[region] = p_value(float(lag[region]), drawn, alternative=alternative)
    return local_frame(
        aligned,
        lag=lag,
        statistic={"z": z},
        p=p,
        kind=np.select([z > 0, z < 0], ["hot", "cold"], "not significant"),
        alpha=alpha,
        correction=correction,
        attrs=values.attrs,
        permutations=permutations,
        seed=seed,
        alternative=alternative,
        star=star,
    )


def join_counts(
    values: pd.DataFrame | pd.Series,
    weights: Weights,
    *,
    permutations: int = 9999,
    seed: int,
    alternative: str = "two-sided",
) -> pd.DataFrame:
    """
    Count neighbours that are both of a kind, both not, and one of each.

    Every pair of neighbours counts once, whatever its weight; where only one of two
    regions counts the other as a neighbour, half.

    Parameters
    ----------
    values : DataFrame or Series
        ``region``, ``value`` (1 or 0: is of the kind or is not) and optionally
        ``status``; or a Series by region.
    weights : Weights
        As `weights` makes them.
    permutations : int, default 9999
        How often the values are dealt out anew.
    seed : int
        Seed of the permutations.
    alternative : {"two-sided", "directed", "greater", "lesser"}
        Which tails count.

    Returns
    -------
    DataFrame, shape (3, 4)
        ``join`` ("both", "neither", "mixed"), ``count``, ``expected`` (mean over the
        permutations) and ``p``. They sum to the number of pairs.

    Raises
    ------
    DataError
        If figures and weights do not fit, or a value is neither 0 nor 1.

    References
    ----------
    Cliff and Ord (1981), Spatial Processes, Pion, chapter 1.

    Examples
    --------
    >>> from regionstudy.analysis.spatial import weights
    >>> chain = pd.DataFrame({"origin": list("abcde"), "destination": list("bcdef"), "value": 1.0})
    >>> kind = pd.Series([1, 1, 1, 0, 0, 0], index=list("abcdef"))
    >>> join_counts(kind, weights(chain, method="commuting"), permutations=99, seed=1)["count"]
    0    2.0
    1    2.0
    2    1.0
    Name: count, dtype: float64
    """
    check_test(permutations, alternative=alternative)
    aligned = align(values, weights)
    x = aligned.values[aligned.known]
    wrong = ~np.isin(x, (0.0, 1.0))
    if wrong.any():
        region = np.array(aligned.regions)[aligned.known][wrong][0]
        msg = (
            f"values is {x[wrong][0]:g} for {region}; joins are counted of 1 (is of the kind) and "
            "0 (is not)."
        )
        raise DataError(msg)
    joined = sparse.csr_array(aligned.matrix, copy=True)
    joined.data = np.ones_like(joined.data)
    dealt = np.vstack([x[None, :], shuffled(x, permutations=permutations, seed=seed)])
    both = np.einsum("pn,np->p", dealt, joined @ dealt.T) / 2
    neither = np.einsum("pn,np->p", 1 - dealt, joined @ (1 - dealt).T) / 2
    counts = {"both": both, "neither": neither, "mixed": joined.sum() / 2 - both - neither}
    result = pd.DataFrame(
        {
            "join": list(counts),
            "count": [float(count[0]) for count in counts.values()],
            "expected": [float(count[1:].mean()) for count in counts.values()],
            "p": [
                p_value(float(count[0]), count[1:], alternative=alternative)
                for count in counts.values()
            ],
        }
    )
    result.attrs = {
        **values.attrs,
        "permutations": permutations,
        "seed": seed,
        "alternative": alternative,
    }
    return result
