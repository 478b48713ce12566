"""What every local test gives: a row a region, with its cluster or why it has none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from regionstudy.analysis.spatial.permutation import adjust

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from numpy.typing import NDArray

    from regionstudy.analysis.spatial.alignment import Aligned

__all__ = ["local_frame", "quadrants"]


def local_frame(
    aligned: Aligned,
    *,
    lag: NDArray[np.float64],
    statistic: Mapping[str, NDArray[np.float64]],
    p: NDArray[np.float64],
    kind: NDArray[Any],
    alpha: float,
    correction: str,
    attrs: Mapping[Hashable, Any],
    **told: Any,
) -> pd.DataFrame:
    """
    Tell which regions' statistics are more than chance, and of which kind they are.

    Parameters
    ----------
    aligned : Aligned
        The figures and weights.
    lag, p : ndarray, shape (m,)
        The neighbours' mean and the p-value of each region that has a figure.
    statistic : mapping of str to ndarray, shape (m,)
        The statistic, by its name.
    kind : ndarray of str, shape (m,)
        What each is called where it is significant.
    alpha : float
        The level of significance.
    correction : str
        How many tests at once are allowed for; see `permutation.adjust`.
    attrs : mapping
        The figures' own.
    **told : Any
        How it was tested, for ``attrs``.

    Returns
    -------
    DataFrame, shape (n, 8)
        ``region``, ``value``, ``lag``, the statistic, ``p``, ``p_adjusted``, ``significant``
        and ``cluster``.
    """
    adjusted = aligned.spread(adjust(p, correction=correction))
    significant = adjusted <= alpha
    kinds = np.full(len(aligned.regions), "", dtype=object)
    kinds[aligned.known] = kind
    reason = aligned.without_test()
    cluster = np.where(reason != "", reason, np.where(significant, kinds, "not significant"))
    result = pd.DataFrame(
        {
            "region": list(aligned.regions),
            "value": aligned.values,
            "lag": aligned.spread(lag),
            **{name: aligned.spread(values) for name, values in statistic.items()},
            "p": aligned.spread(p),
            "p_adjusted": adjusted,
            "significant": significant,
            "cluster": cluster.astype(str),
        }
    )
    result.attrs = dict(attrs) | {"alpha": alpha, "correction": correction} | told
    return result


def quadrants(z: NDArray[Any], lag: NDArray[Any]) -> NDArray[Any]:
    """
    Name each region by itself and its neighbours, both against the mean.

    Parameters
    ----------
    z, lag : ndarray, shape (n,)
        Values less their mean, and the neighbours' mean of those.

    Returns
    -------
    ndarray of str, shape (n,)
        "high-high", "low-high", "low-low" or "high-low": the region first.
    """
    return np.select(
        [(z > 0) & (lag > 0), (z <= 0) & (lag > 0), (z <= 0) & (lag <= 0)],
        ["high-high", "low-high", "low-low"],
        "high-low",
    )
