"""Which polygons are near one another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from regionstudy.errors import DataError

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["bordering", "nearest", "nearest_border", "within"]


def bordering(shapes: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """
    Pair polygons that share a border.

    Parameters
    ----------
    shapes : ndarray of Polygon, shape (n,)
        A coverage: polygons that meet and do not overlap.

    Returns
    -------
    one, other : ndarray of int
        Places of each pair, in both directions. A corner where four meet is no border.
    """
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    apart = one != other
    one, other = one[apart], other[apart]
    border = shapely.length(shapely.intersection(shapes[one], shapes[other])) > 0
    return one[border], other[border]


def _centroids(shapes: NDArray[Any]) -> NDArray[Any]:
    return np.asarray(shapely.get_coordinates(shapely.centroid(shapes)))


def within(shapes: NDArray[Any], distance_m: float) -> tuple[NDArray[Any], NDArray[Any]]:
    """
    Pair polygons whose centroids are near.

    Parameters
    ----------
    shapes : ndarray of Polygon, shape (n,)
        Polygons, in metres.
    distance_m : float
        The farthest.

    Returns
    -------
    one, other : ndarray of int
        Places of each pair, in both directions.
    """
    from scipy.spatial import cKDTree  # longer to import than contiguity takes in all

    pairs = cKDTree(_centroids(shapes)).query_pairs(distance_m, output_type="ndarray")
    return np.r_[pairs[:, 0], pairs[:, 1]], np.r_[pairs[:, 1], pairs[:, 0]]


def nearest(shapes: NDArray[Any], k: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """
    Pair each polygon with those whose centroids are nearest.

    Parameters
    ----------
    shapes : ndarray of Polygon, shape (n,)
        Polygons, in metres.
    k : int
        How many.

    Returns
    -------
    one, other : ndarray of int
        Places of each polygon, and of its nearest.

    Raises
    ------
    DataError
        If there are no k others.
    """
    if k >= len(shapes):
        msg = f"k={k} neighbours are more than the other {len(shapes) - 1} regions; give fewer."
        raise DataError(msg)
    from scipy.spatial import cKDTree  # as above

    _, found = cKDTree(_centroids(shapes)).query(_centroids(shapes), k=k + 1)
    one = np.repeat(np.arange(len(shapes)), k + 1)
    other = np.asarray(found).ravel()
    apart = one != other
    return one[apart], other[apart]


def nearest_border(shapes: NDArray[Any], alone: NDArray[Any]) -> NDArray[Any]:
    """
    Find the polygon whose border is nearest to that of each of some.

    Parameters
    ----------
    shapes : ndarray of Polygon, shape (n,)
        Polygons, in metres.
    alone : ndarray of int, shape (m,)
        Places of those asked about.

    Returns
    -------
    ndarray of int, shape (m,)
        Places of the nearest.
    """
    apart = shapely.distance(shapes[alone][:, None], shapes[None, :])
    apart[np.arange(len(alone)), alone] = np.inf
    return np.asarray(apart.argmin(axis=1))
