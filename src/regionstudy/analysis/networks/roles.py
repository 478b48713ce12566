"""Who stands between organisations that do not meet each other, by cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy import sparse

from regionstudy.analysis.checks import require_columns
from regionstudy.analysis.networks.incidence import incidence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["brokerage"]

# A product of dense matrices costs the same whatever they hold; of sparse ones, far less while
# few organisations meet. They cross at about this part of all pairs.
_DENSE = 0.08


def brokerage(
    seats: pd.DataFrame,
    clusters: Mapping[str, str],
    *,
    organisations: Sequence[str] | None = None,
) -> pd.DataFrame:
    """
    Count the pairs of organisations that only meet through each organisation, by cluster.

    Two organisations meet where they sit in the same network. An organisation stands between
    two others where it meets both and they do not meet. The four roles are those of Gould and
    Fernandez, in an undirected graph, where gatekeeper and representative are one.

    Parameters
    ----------
    seats : DataFrame
        ``org_id`` and ``network_id``, a row a seat.
    clusters : mapping of str to str
        The cluster of each organisation; one without ("" or missing) can neither broker
        between clusters nor be brokered for, and is left out.
    organisations : sequence of str, optional
        All organisations in the order wanted.

    Returns
    -------
    DataFrame
        ``org_id``; pairs by role: ``coordinator`` (all three of one cluster), ``itinerant``
        (both of one other cluster), ``gatekeeper`` (one of its own, one of another),
        ``liaison`` (three clusters); and ``between_clusters``, the sum of the last two. NaN
        for an organisation without a cluster.

    References
    ----------
    Gould and Fernandez (1989), Sociological Methodology 19, 89-126.

    Examples
    --------
    >>> seats = pd.DataFrame({"org_id": ["x", "y", "y", "z"], "network_id": ["p", "p", "q", "q"]})
    >>> brokerage(seats, {"x": "it", "y": "it", "z": "law"})[["org_id", "between_clusters"]]
      org_id  between_clusters
    0      x               0.0
    1      y               1.0
    2      z               0.0
    """
    require_columns(seats, ["org_id", "network_id"], name="seats")
    found = incidence(seats, organisations=organisations)
    given = pd.Series([clusters.get(one) for one in found.organisations], dtype="object")
    known = (given.notna() & (given != "")).to_numpy()
    columns = ["coordinator", "itinerant", "gatekeeper", "liaison", "between_clusters"]
    frame = pd.DataFrame(np.nan, index=range(len(known)), columns=columns)
    frame.insert(0, "org_id", found.organisations)
    if known.any():
        group = pd.factorize(given[known])[0]
        frame.loc[known, columns] = _roles(_meets(found.matrix[np.flatnonzero(known)]), group)
    return frame


def _roles(meets: Any, group: np.ndarray) -> np.ndarray:
    """Count the pairs of each role: all there are, less those that meet without a broker."""
    within = _same(meets, group)
    size, own, alike = _sizes(meets, group)
    closed = _closed(meets @ meets, meets)
    closed_own = _closed(within @ within, within)
    # Both are symmetric, so the product's transpose is the product the other way about.
    through = meets @ within
    closed_alike, closed_one = _closed(through, meets), _closed(through.T, meets)
    coordinator = (own**2 - own - closed_own) / 2
    itinerant = (alike - own**2 - (size - own) - (closed_alike - closed_own)) / 2
    gatekeeper = own * (size - own) - (closed_one - closed_own)
    every = (size**2 - size - closed) / 2
    liaison = every - coordinator - itinerant - gatekeeper
    made = [coordinator, itinerant, gatekeeper, liaison, gatekeeper + liaison]
    return np.column_stack(made).round()


def _meets(matrix: sparse.csr_array) -> Any:
    """Give 1 for each pair that shares a network: an array, or a sparse one if few do."""
    product = sparse.csr_array(matrix @ matrix.T)
    product.setdiag(0)
    product.eliminate_zeros()
    product.data[:] = 1.0
    if product.nnz > _DENSE * product.shape[0] ** 2:
        # Counts of common neighbours stay exact in single precision up to 16 million.
        return np.asarray(product.todense(), dtype=np.float32)
    return product


def _same(meets: Any, group: np.ndarray) -> Any:
    """Keep the pairs of one cluster."""
    if isinstance(meets, np.ndarray):
        return np.where(group[:, None] == group[None, :], meets, np.float32(0))
    made = meets.tocoo()
    kept = group[made.row] == group[made.col]
    return sparse.csr_array((made.data[kept], (made.row[kept], made.col[kept])), made.shape)


def _sizes(meets: Any, group: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Count whom each meets: all, those of its own cluster, and the squares over clusters."""
    row = np.arange(len(group))
    shape = (len(group), int(group.max(initial=-1)) + 1)
    clusters = sparse.csr_array((np.ones(len(group)), (row, group)), shape)
    # Clusters may be few, or as many as organisations; sparse suits both.
    counts: Any = sparse.csr_array(sparse.csr_array(meets, dtype=float) @ clusters)
    flat = [counts.sum(axis=1), counts[row, group], counts.multiply(counts).sum(axis=1)]
    size, own, alike = (np.asarray(one, dtype=float).ravel() for one in flat)
    return size, own, alike


def _closed(through: Any, last: Any) -> np.ndarray:
    """Count the ordered pairs beside each organisation that meet each other themselves."""
    if sparse.issparse(last):
        return np.asarray(through.multiply(last).sum(axis=1), dtype=float).ravel()
    made: np.ndarray = np.einsum("ij,ij->i", through, last, dtype=np.float64)
    return made
