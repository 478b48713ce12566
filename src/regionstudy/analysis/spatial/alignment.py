"""Figures laid beside spatial weights, and regions without a figure taken out of both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from regionstudy.analysis.checks import require_columns, require_unique
from regionstudy.analysis.spatial.weights import Weights
from regionstudy.analysis.statuses import MISSING, severity
from regionstudy.errors import DataError

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy import sparse

__all__ = ["Aligned", "align"]

# With fewer, hardly any permutation differs from another.
_FEWEST = 4


@dataclass(frozen=True, eq=False, slots=True)
class Aligned:
    """
    Figures in the order of the weights.

    Parameters
    ----------
    regions : tuple of str
        All regions of the weights.
    values : ndarray, shape (n,)
        A figure for each, NaN where none is.
    known : ndarray of bool, shape (n,)
        Which have a figure.
    matrix : csr_array, shape (m, m)
        Weights between those that have, standardised anew.
    neighbours : ndarray of int, shape (m,)
        How many neighbours with a figure each of those has.
    """

    regions: tuple[str, ...]
    values: NDArray[np.float64]
    known: NDArray[np.bool_]
    matrix: sparse.csr_array[Any]
    neighbours: NDArray[np.int64]

    def spread(self, figures: NDArray[Any]) -> NDArray[np.float64]:
        """
        Lay figures of the regions that have one out over all regions.

        Parameters
        ----------
        figures : ndarray, shape (m,)
            A figure a known region.

        Returns
        -------
        ndarray, shape (n,)
            NaN elsewhere.
        """
        laid = np.full(len(self.regions), np.nan)
        laid[self.known] = figures
        return laid

    def without_test(self) -> NDArray[np.str_]:
        """
        Say why a region has no local statistic.

        Returns
        -------
        ndarray of str, shape (n,)
            "no figure", "no neighbours" (none with a figure), or "".
        """
        alone = self.spread(self.neighbours) == 0
        return np.select([~self.known, alone], ["no figure", "no neighbours"], "")


def align(values: pd.DataFrame | pd.Series, weights: Weights) -> Aligned:
    """
    Lay figures beside weights.

    A region without a figure is left out of its neighbours' lags: their other
    neighbours then share its weight.

    Parameters
    ----------
    values : DataFrame or Series
        ``region``, ``value`` and optionally ``status`` (a number beside ".." does not
        count), or a Series with region codes as its index.
    weights : Weights
        As `weights` makes them; also a Graph or a W of libpysal.

    Returns
    -------
    Aligned
        Figures, and the weights between those regions that have one.

    Raises
    ------
    DataError
        If a region repeats or is unknown to the weights, a figure is infinite, fewer
        than 4 regions have one, all are the same, or no two neighbours have one.
    """
    taken = weights if isinstance(weights, Weights) else Weights.from_libpysal(weights)
    figures = _figures(values)
    unknown = figures.index.difference(pd.Index(taken.regions))
    if len(unknown):
        msg = (
            f"values has regions that weights lacks: {', '.join(unknown[:5])}"
            f"{f' and {len(unknown) - 5} more' if len(unknown) > 5 else ''}; leave them out, or "
            "make the weights with them."
        )
        raise DataError(msg)
    laid = figures.reindex(list(taken.regions)).to_numpy(dtype=float)
    known = ~np.isnan(laid)
    if known.sum() < _FEWEST:
        msg = f"values has {known.sum()} regions with a figure; a test needs {_FEWEST} or more."
        raise DataError(msg)
    if np.isinf(laid).any():
        where = taken.regions[int(np.flatnonzero(np.isinf(laid))[0])]
        msg = f"values is infinite for {where}; leave it missing."
        raise DataError(msg)
    if np.ptp(laid[known]) == 0:
        msg = f"values is {laid[known][0]:g} in every region; without differences nothing clusters."
        raise DataError(msg)
    matrix = taken.matrix[known][:, known]
    total = np.asarray(matrix.sum(axis=1)).ravel()
    neighbours = np.diff(matrix.indptr)
    if not neighbours.any():
        msg = (
            "weights has no two neighbours that both have a figure; use other weights, such as "
            'method="nearest".'
        )
        raise DataError(msg)
    matrix.data /= np.repeat(total, neighbours)
    return Aligned(taken.regions, laid, known, matrix, neighbours)


def _figures(values: pd.DataFrame | pd.Series) -> pd.Series:
    if isinstance(values, pd.Series):
        values = pd.DataFrame({"region": values.index, "value": values.to_numpy()})
    require_columns(values, ["region", "value"], name="values")
    require_unique(values, ["region"], name="values")
    figures = pd.Series(
        values["value"].to_numpy(dtype=float), index=values["region"].astype(str).to_numpy()
    )
    if "status" in values.columns:
        figures = figures.where(severity(values["status"]) < MISSING)
    return figures
