"""Boundaries as SVG path data, on one grid that every map of a page shares."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import shapely

from regionstudy.geography import outline as outline_of
from regionstudy.geography import regions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

__all__ = ["GRID_M", "NORTH", "outline_path", "polygons", "region_paths", "to_grid"]

# SVG units are 100 m of SWEREF 99 TM: a tenth of a pixel on a map of the country. Each
# vertex is rounded by itself, so that neighbours keep the border that they share.
GRID_M = 100
# SVG counts downwards: this northing, above all of Sweden, is row 0.
NORTH = 7_700_000


def to_grid(xy: NDArray[np.float64]) -> NDArray[np.int64]:
    """
    Put coordinates on the grid of the pages.

    Parameters
    ----------
    xy : array, shape (n, 2)
        Metres east and north, SWEREF 99 TM.

    Returns
    -------
    array of int, shape (n, 2)
        Columns and rows, the latter counted downwards.

    Examples
    --------
    >>> to_grid(np.array([[617_449.0, 6_917_651.0]])).tolist()
    [[6174, 7823]]
    """
    flipped = np.column_stack([xy[:, 0], NORTH - xy[:, 1]])
    return np.rint(flipped / GRID_M).astype(np.int64)


@cache
def polygons(level: str) -> dict[str, shapely.Geometry]:
    """
    Give the boundaries of a level on the grid of the pages.

    Parameters
    ----------
    level : str
        A level of `regionstudy.geography.regions`.

    Returns
    -------
    dict of str to Geometry
        By code, in grid units.
    """
    frame = regions(level)
    shapes = shapely.transform(np.asarray(frame.geometry.array), _flip)
    return dict(zip(frame["region"], shapes, strict=True))


@cache
def region_paths(level: str) -> dict[str, str]:
    """
    Give the path data of each region of a level.

    Parameters
    ----------
    level : str
        A level of `regionstudy.geography.regions`.

    Returns
    -------
    dict of str to str
        By code.
    """
    frame = regions(level)
    return {
        code: _path(shape)
        for code, shape in zip(frame["region"], frame.geometry.array, strict=True)
    }


def outline_path(codes: Iterable[str]) -> str:
    """
    Give the path data of the outline around regions.

    Parameters
    ----------
    codes : iterable of str
        Codes of any level.

    Returns
    -------
    str
        The path data.
    """
    return _outline(tuple(codes))


@cache
def _outline(codes: tuple[str, ...]) -> str:
    return _path(outline_of(codes))


def _flip(xy: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.column_stack([xy[:, 0], NORTH - xy[:, 1]]) / GRID_M


def _path(shape: shapely.Geometry) -> str:
    parts = shapely.get_parts(shape)
    rings = [ring for part in parts for ring in (part.exterior, *part.interiors)]
    return "".join(_ring(shapely.get_coordinates(ring)) for ring in rings)


def _ring(xy: NDArray[np.float64]) -> str:
    points = to_grid(xy)
    steps = np.diff(points, axis=0)
    steps = steps[steps.any(axis=1)][:-1]  # the last step is what "z" draws
    if len(steps) < 2:  # smaller than the grid
        return ""
    drawn = " ".join(f"{dx} {dy}" for dx, dy in steps.tolist()).replace(" -", "-")
    return f"M{points[0, 0]} {points[0, 1]}l{drawn}z"
