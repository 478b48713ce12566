"""How often chance alone would give a spatial statistic: permutations and their p-values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from regionstudy.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray
    from scipy import sparse

__all__ = ["adjust", "check_test", "conditional_lags", "p_value", "shuffled"]

_ALTERNATIVES = ("directed", "greater", "lesser", "two-sided")
# Two sums of the same numbers differ by less than this share of their size.
_ROUNDING = 1e-13
_CORRECTIONS = ("bonferroni", "fdr", "none")


def check_test(
    permutations: int, *, alternative: str, alpha: float = 0.05, correction: str = "none"
) -> None:
    """
    Check what a test by permutation was told.

    Parameters
    ----------
    permutations : int
        How many.
    alternative : str
        The alternative hypothesis.
    alpha : float, default 0.05
        The level of significance.
    correction : str, default "none"
        How many tests at once are allowed for.

    Raises
    ------
    DataError
        If one of them is unknown or out of range.
    """
    if permutations < 1:
        msg = f"permutations={permutations} is no number of permutations; give 999 or 9999."
        raise DataError(msg)
    if alternative not in _ALTERNATIVES:
        msg = f'"{alternative}" is no alternative; use one of: {", ".join(_ALTERNATIVES)}.'
        raise DataError(msg)
    if correction not in _CORRECTIONS:
        msg = f'"{correction}" is no correction; use one of: {", ".join(_CORRECTIONS)}.'
        raise DataError(msg)
    if not 0 < alpha < 1:
        msg = f"alpha={alpha} is no level of significance; give one between 0 and 1, such as 0.05."
        raise DataError(msg)


def shuffled(z: NDArray[Any], *, permutations: int, seed: int) -> NDArray[np.float64]:
    """
    Deal the values out over all regions anew, many times.

    Parameters
    ----------
    z : ndarray, shape (n,)
        Values.
    permutations : int
        How many times.
    seed : int
        Seed; the draws are those of ``numpy.random.seed(seed)`` and repeated
        ``numpy.random.permutation``, on which esda draws too.

    Returns
    -------
    ndarray, shape (permutations, n)
        A permutation a row.
    """
    generator = np.random.RandomState(seed)
    return np.stack([generator.permutation(z) for _ in range(permutations)])


def conditional_lags(
    z: NDArray[Any], matrix: sparse.csr_array[Any], *, permutations: int, seed: int
) -> Iterator[tuple[int, NDArray[np.float64]]]:
    """
    Draw each region's lag while its own value stays and all others are dealt out anew.

    One set of permutations serves all regions (Anselin 1995): region i takes as many of
    the drawn places as it has neighbours. The draws are those of esda with the same seed
    where numba is not installed.

    Parameters
    ----------
    z : ndarray, shape (n,)
        Values.
    matrix : csr_array, shape (n, n)
        Weights without a diagonal.
    permutations : int
        How many.
    seed : int
        Seed.

    Yields
    ------
    int, ndarray of shape (permutations,)
        A region's place, and its lags; regions without neighbours are passed over.
    """
    neighbours = np.diff(matrix.indptr)
    most = int(neighbours.max(initial=0))
    # RandomState and not default_rng: numpy has frozen its stream, so that the same seed
    # gives the same map in years to come, and esda draws from it.
    generator = np.random.RandomState(seed)
    places = np.stack([generator.permutation(len(z) - 1)[:most] for _ in range(permutations)])
    # A place a row: the first so many rows are then contiguous for every region.
    places = np.ascontiguousarray(places.T)
    for region in np.flatnonzero(neighbours):
        others = np.delete(z, region)
        weight = matrix.data[matrix.indptr[region] : matrix.indptr[region + 1]]
        yield int(region), weight @ others[places[: len(weight)]]


def p_value(observed: float, simulated: NDArray[Any], *, alternative: str) -> float:
    """
    Say how often chance gives a statistic as extreme as the one observed.

    Parameters
    ----------
    observed : float
        The statistic.
    simulated : ndarray, shape (r,)
        The statistic under permutation.
    alternative : {"two-sided", "directed", "greater", "lesser"}
        Twice the smaller tail, at most 1; the smaller tail alone (half as large, as
        older maps have it); the upper tail; the lower.

    Returns
    -------
    float
        (m + 1) / (r + 1) in a tail, where m of r simulated ones are as extreme. esda's
        two-sided value differs by 1 / (r + 1): it counts the observed one once, and
        where no draw is as extreme the two outermost draws.

    References
    ----------
    North, Curtis and Sham (2002), American Journal of Human Genetics 71(2), 439-441.

    Examples
    --------
    >>> p_value(3.0, np.array([1.0, 2.0, 3.0, 4.0]), alternative="greater")
    0.6
    """
    count = len(simulated)
    # A draw of the very neighbours that a region has must tie with what is observed,
    # whatever the order in which they were added up.
    size = max(abs(observed), float(np.abs(simulated).max()))
    simulated = np.where(np.abs(simulated - observed) <= _ROUNDING * size, observed, simulated)
    above = int((simulated >= observed).sum())
    if alternative == "directed":
        return (min(above, count - above) + 1) / (count + 1)
    upper = (above + 1) / (count + 1)
    lower = (int((simulated <= observed).sum()) + 1) / (count + 1)
    tails = {"greater": upper, "lesser": lower, "two-sided": min(1.0, 2 * min(upper, lower))}
    return tails[alternative]


def adjust(p: NDArray[Any], *, correction: str) -> NDArray[np.float64]:
    """
    Raise p-values for the number of tests made at once.

    Parameters
    ----------
    p : ndarray, shape (n,)
        p-values; NaN where no test was made.
    correction : {"fdr", "bonferroni", "none"}
        Benjamini and Hochberg's false-discovery rate: of the regions called
        significant at alpha, at most that share is expected to be so by chance.
        Bonferroni: at most alpha is the probability that any is.

    Returns
    -------
    ndarray, shape (n,)
        p-values to be held against alpha; NaN stays.

    References
    ----------
    Benjamini and Hochberg (1995), Journal of the Royal Statistical Society B 57(1),
    289-300. Caldas de Castro and Singer (2006), Geographical Analysis 38(2), 180-208.

    Examples
    --------
    >>> adjust(np.array([0.01, 0.04, 0.03, np.nan]), correction="fdr").round(2).tolist()
    [0.03, 0.04, 0.04, nan]
    """
    tested = ~np.isnan(p)
    count = int(tested.sum())
    adjusted = np.full(len(p), np.nan)
    if correction == "fdr":
        # Own lines, for scipy.stats takes longer to import than the whole test takes.
        order = np.argsort(p[tested])[::-1]
        steps = p[tested][order] * count / np.arange(count, 0, -1)
        ranked = np.empty(count)
        ranked[order] = np.minimum.accumulate(steps)
        adjusted[tested] = np.minimum(ranked, 1)
    else:
        adjusted[tested] = np.minimum(p[tested] * (count if correction == "bonferroni" else 1), 1)
    return adjusted
