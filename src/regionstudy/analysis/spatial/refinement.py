"""Whether a local test found nothing for want of permutations: the closest cases tried again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from regionstudy.analysis.checks import require_columns
from regionstudy.analysis.spatial.alignment import align
from regionstudy.analysis.spatial.local_tests import local_frame, quadrants
from regionstudy.analysis.spatial.permutation import check_test, p_value
from regionstudy.errors import DataError

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from regionstudy.analysis.spatial.weights import Weights

__all__ = ["refine_local_moran"]

_BATCH = 5000


def refine_local_moran(
    found: pd.DataFrame,
    weights: Weights,
    *,
    permutations: int = 99_999,
    below: float = 0.02,
    seed: int,
) -> pd.DataFrame:
    """
    Try the regions with small p-values again, by more permutations.

    A p-value by r permutations is never below 1 / (r + 1), twice that in two tails, and as
    uncertain as a count of the few draws beyond it. Where many regions are tested at once the
    first to be called significant needs a p-value of alpha / n: with 290 regions that is
    0.00017, and 9,999 permutations hardly tell. Only regions that could cross that line are
    tried again, so that this is quick; the others keep their p-values, and all are adjusted
    together anew.

    Parameters
    ----------
    found : DataFrame
        From `local_moran`, with its ``attrs``.
    weights : Weights
        The same as `local_moran` was given.
    permutations : int, default 99,999
        How often the other values are dealt out anew.
    below : float, default 0.02
        Regions with a p-value below this are tried again.
    seed : int
        Seed of the permutations.

    Returns
    -------
    DataFrame, shape (n, 8)
        As from `local_moran`; ``attrs["permutations"]`` is the number of those tried again, and
        ``attrs["refined"]`` how many they are.

    Raises
    ------
    DataError
        If `found` is not from `local_moran` with these weights, or an option is out of range.

    References
    ----------
    North, Curtis and Sham (2002), American Journal of Human Genetics 71(2), 439-441 (p-values
    by simulation).

    Examples
    --------
    >>> import pandas as pd
    >>> from regionstudy.analysis.spatial import local_moran, weights
    >>> chain = pd.DataFrame({"origin": list("abcde"), "destination": list("bcdef"), "value": 1.0})
    >>> alike = pd.Series([1.0, 1.0, 1.0, 5.0, 5.0, 5.0], index=list("abcdef"))
    >>> near = weights(chain, method="commuting")
    >>> found = local_moran(alike, near, permutations=99, seed=1)
    >>> refine_local_moran(found, near, below=0.5, seed=1).attrs["permutations"]
    99999
    """
    require_columns(found, ["region", "value", "p", "statistic"], name="found")
    told = {"alpha", "correction", "alternative", "permutations"}
    if not told <= set(found.attrs):
        msg = "found is not as local_moran gives it: it does not say how it was tested."
        raise DataError(msg)
    alternative = str(found.attrs["alternative"])
    check_test(permutations, alternative=alternative)
    if not 0 < below <= 1:
        msg = f"below={below:g} is no p-value; give one above 0 and at most 1, such as 0.02."
        raise DataError(msg)
    aligned = align(found[["region", "value"]], weights)
    given = found.set_index("region").reindex(list(aligned.regions))[aligned.known]
    z = aligned.values[aligned.known]
    mean = z.mean()
    z = z - mean
    scale = (len(z) - 1) * z / (z @ z)
    lag = np.where(aligned.neighbours > 0, aligned.matrix @ z, np.nan)
    statistic = scale * lag
    if not np.allclose(statistic, given["statistic"], equal_nan=True):
        msg = "found has other statistics than these weights give; pass those it was made with."
        raise DataError(msg)
    p = given["p"].to_numpy(dtype=float).copy()
    again = np.flatnonzero(p < below)
    generator = np.random.default_rng(seed)
    for region in again.tolist():
        start, end = aligned.matrix.indptr[region : region + 2]
        weight = aligned.matrix.data[start:end]
        lags = _dealt_lags(generator, np.delete(z, region), weight, rows=permutations)
        p[region] = p_value(float(statistic[region]), scale[region] * lags, alternative=alternative)
    options: dict[str, Any] = {key: found.attrs[key] for key in ("alpha", "correction")}
    return local_frame(
        aligned,
        lag=lag + mean,
        statistic={"statistic": statistic},
        p=p,
        kind=quadrants(z, lag),
        attrs=dict(found.attrs) | {"permutations": permutations, "refined": len(again)},
        **options,
    )


def _dealt_lags(
    generator: np.random.Generator,
    others: NDArray[np.float64],
    weight: NDArray[np.float64],
    *,
    rows: int,
) -> NDArray[np.float64]:
    """Deal other regions' values out to the neighbours of one, and give their weighted means."""
    size = len(weight)
    if size > len(others) // 4:
        # Hardly a row of so many would be without repeats: deal all out, some rows at a time.
        parts = [
            generator.permuted(np.tile(others, (count, 1)), axis=1)[:, :size] @ weight
            for count in np.diff([*range(0, rows, _BATCH), rows]).tolist()
        ]
        return np.concatenate(parts)
    drawn = np.empty((rows, size), dtype=np.int64)
    repeated = np.arange(rows)
    # Rows that name a region twice are drawn again until none does.
    while len(repeated):
        drawn[repeated] = generator.integers(len(others), size=(len(repeated), size))
        ordered = np.sort(drawn[repeated], axis=1)
        repeated = repeated[(np.diff(ordered, axis=1) == 0).any(axis=1)]
    lags: NDArray[np.float64] = others[drawn] @ weight
    return lags
