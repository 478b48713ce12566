"""Whether neighbours are alike (Moran's I), and where they are (local Moran)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from regionstudy.analysis.spatial.alignment import align
from regionstudy.analysis.spatial.local_tests import local_frame, quadrants
from regionstudy.analysis.spatial.permutation import (
    check_test,
    conditional_lags,
    p_value,
    shuffled,
)

if TYPE_CHECKING:
    import pandas as pd

    from regionstudy.analysis.spatial.weights import Weights

__all__ = ["Moran", "local_moran", "moran"]

# Permutations computed at once: 1,000 of 290 regions are 2 MB, of 6,000 small areas 48 MB.
_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Moran:
    """
    Moran's I and what chance makes of it.

    Parameters
    ----------
    statistic : float
        I; near `expected` where neighbours are no more alike than any two regions.
    expected : float
        -1 / (n - 1).
    z : float
        Standard deviations of the permutations between I and their mean.
    p : float
        p-value by permutation.
    n : int
        Regions with a figure.
    permutations, seed : int
        How p was found.
    alternative : str
        Which tails p counts.
    no_figure, no_neighbours : tuple of str
        Regions left out of the figure, and those without a neighbour that has one
        (they count in the mean, and have no lag).
    """

    statistic: float
    expected: float
    z: float
    p: float
    n: int
    permutations: int
    seed: int
    alternative: str
    no_figure: tuple[str, ...]
    no_neighbours: tuple[str, ...]


def moran(
    values: pd.DataFrame | pd.Series,
    weights: Weights,
    *,
    permutations: int = 9999,
    seed: int,
    alternative: str = "two-sided",
) -> Moran:
    """
    Measure whether neighbouring regions are more alike than any two.

    I = (n / S0) sum_ij w_ij z_i z_j / sum_i z_i^2, where z is the value less the mean
    and S0 the sum of all weights.

    Parameters
    ----------
    values : DataFrame or Series
        ``region``, ``value`` and optionally ``status``; or a Series by region. Regions
        of the weights without a figure are left out, also of their neighbours' lags.
    weights : Weights
        As `weights` makes them.
    permutations : int, default 9999
        How often the values are dealt out anew.
    seed : int
        Seed of the permutations.
    alternative : {"two-sided", "directed", "greater", "lesser"}
        Which tails count as extreme.

    Returns
    -------
    Moran
        The statistic, its p-value and what was left out.

    Raises
    ------
    DataError
        If figures and weights do not fit, or all figures are the same.

    References
    ----------
    Moran (1950), Biometrika 37, 17-23. Cliff and Ord (1981), Spatial Processes, Pion.

    Examples
    --------
    >>> import pandas as pd
    >>> from regionstudy.analysis.spatial import weights
    >>> chain = pd.DataFrame({"origin": list("abcde"), "destination": list("bcdef"), "value": 1.0})
    >>> alike = pd.Series([1.0, 1.0, 1.0, 5.0, 5.0, 5.0], index=list("abcdef"))
    >>> moran(alike, weights(chain, method="commuting"), permutations=99, seed=1).statistic
    0.666...
    """
    check_test(permutations, alternative=alternative)
    aligned = align(values, weights)
    z = aligned.values[aligned.known]
    z = z - z.mean()
    scale = len(z) / aligned.matrix.sum() / (z @ z)
    statistic = float(scale * (z @ (aligned.matrix @ z)))
    dealt = shuffled(z, permutations=permutations, seed=seed)
    simulated = np.hstack(
        [
            scale * np.einsum("pn,np->p", rows, aligned.matrix @ rows.T)
            for rows in np.array_split(dealt, range(_BATCH, permutations, _BATCH))
        ]
    )
    reasons = aligned.without_test()
    spread = float(simulated.std())
    return Moran(
        statistic=statistic,
        expected=-1 / (len(z) - 1),
        z=(statistic - float(simulated.mean())) / spread if spread > 0 else np.nan,
        p=p_value(statistic, simulated, alternative=alternative),
        n=len(z),
        permutations=permutations,
        seed=seed,
        alternative=alternative,
        no_figure=_where(aligned.regions, reasons == "no figure"),
        no_neighbours=_where(aligned.regions, reasons == "no neighbours"),
    )


def _where(regions: tuple[str, ...], chosen: np.ndarray) -> tuple[str, ...]:
    return tuple(region for region, kept in zip(regions, chosen, strict=True) if kept)


def local_moran(
    values: pd.DataFrame | pd.Series,
    weights: Weights,
    *,
    permutations: int = 9999,
    seed: int,
    alpha: float = 0.05,
    correction: str = "fdr",
    alternative: str = "two-sided",
) -> pd.DataFrame:
    """
    Find the regions whose neighbours are like them, or unlike, beyond chance.

    I_i = (n - 1) z_i sum_j w_ij z_j / sum_k z_k^2, where z is the value less the mean.
    For its p-value the region's own value stays while all others are dealt out anew.
    The smallest p-value that can come out is 2 / (permutations + 1): with "fdr", one
    region alone among 290 is significant at 0.05 / 290 or less, which takes 11,599
    permutations or more; with 9,999 only two or more can be. `refine_local_moran` tries
    the regions near that line again, by 99,999.

    Parameters
    ----------
    values : DataFrame or Series
        ``region``, ``value`` and optionally ``status``; or a Series by region.
    weights : Weights
        As `weights` makes them.
    permutations : int, default 9999
        How often the other values are dealt out anew.
    seed : int
        Seed of the permutations.
    alpha : float, default 0.05
        Level of significance, held against ``p_adjusted``.
    correction : {"fdr", "bonferroni", "none"}
        What is done about testing every region at once: with 290 tests at 0.05 and
        "none", 14 regions are called significant by chance alone.
    alternative : {"two-sided", "directed", "greater", "lesser"}
        Which tails count. "directed" is half of "two-sided", and what GeoDa and esda
        show by default: it calls twice as many regions significant as it says.

    Returns
    -------
    DataFrame, shape (n, 8)
        A row a region of the weights: ``region``, ``value``, ``lag`` (weighted mean of
        the neighbours, in the value's unit), ``statistic``, ``p``, ``p_adjusted``,
        ``significant``, ``cluster``: "high-high", "low-low", "low-high" (low among
        high), "high-low", "not significant", "no neighbours", "no figure". A region
        without a figure keeps its row and is left out of others' lags; one without
        neighbours counts in the mean only. How it was done is in ``.attrs``.

    Raises
    ------
    DataError
        If figures and weights do not fit, all figures are the same, or an option is
        unknown.

    References
    ----------
    Anselin (1995), Geographical Analysis 27(2), 93-115.

    Examples
    --------
    >>> import pandas as pd
    >>> from regionstudy.analysis.spatial import weights
    >>> chain = pd.DataFrame({"origin": list("abcde"), "destination": list("bcdef"), "value": 1.0})
    >>> alike = pd.Series([1.0, 1.0, 1.0, 5.0, 5.0, 5.0], index=list("abcdef"))
    >>> found = local_moran(alike, weights(chain, method="commuting"), permutations=99, seed=1)
    >>> found[["region", "lag", "statistic", "cluster"]].round(3).head(2)
      region  lag  statistic          cluster
    0      a  1.0      0.833  not significant
    1      b  1.0      0.833  not significant
    """
    check_test(permutations, alternative=alternative, alpha=alpha, correction=correction)
    aligned = align(values, weights)
    z = aligned.values[aligned.known]
    mean = z.mean()
    z = z - mean
    scale = (len(z) - 1) * z / (z @ z)
    has_lag = aligned.neighbours > 0
    lag = np.where(has_lag, aligned.matrix @ z, np.nan)
    statistic = scale * lag
    p = np.full(len(z), np.nan)
    for region, lags in conditional_lags(z, aligned.matrix, permutations=permutations, seed=seed):
        p[region] = p_value(float(statistic[region]), scale[region] * lags, alternative=alternative)
    return local_frame(
        aligned,
        lag=lag + mean,
        statistic={"statistic": statistic},
        p=p,
        kind=quadrants(z, lag),
        alpha=alpha,
        correction=correction,
        attrs=values.attrs,
        permutations=permutations,
        seed=seed,
        alternative=alternative,
    )
