"""How maps are framed, and where their labels stand."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import numpy as np
import shapely

from regionstudy.geography import municipalities_in
from regionstudy.report.labels import Box, Placed, Wanted, place_labels
from regionstudy.report.shapes import GRID_M, NORTH, polygons

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = [
    "PLACE_PX",
    "Layout",
    "Placing",
    "bounds",
    "country_frame",
    "country_labels",
    "on_grid",
    "region_layout",
]

# Maps are drawn for these widths, at which a font size is what it says, and scale from there.
_COUNTRY_PX, _REGION_PX, _REGION_MAX_HEIGHT = 348.0, 360.0, 420.0
_LEFT_OF_COUNTRY = 40.0
_LABEL_PX, PLACE_PX = 13.5, 12.5
# What a map that is still too wide shrinks by at least, in each further try.
_SMALLER = 0.995


class Placing:
    """
    Turns grid units into a map's pixels.

    Parameters
    ----------
    zoom : float
        Pixels a grid unit.
    dx, dy : float
        Pixels from the grid's origin.
    """

    def __init__(self, zoom: float, dx: float, dy: float) -> None:
        self.zoom, self._dx, self._dy = zoom, dx, dy

    @property
    def transform(self) -> str:
        """The same as an SVG transform."""
        return f"matrix({self.zoom:.5f} 0 0 {self.zoom:.5f} {self._dx:.2f} {self._dy:.2f})"

    def point(self, x: float, y: float) -> tuple[float, float]:
        """
        Place a point.

        Parameters
        ----------
        x, y : float
            Grid units.

        Returns
        -------
        tuple of float
            Pixels.
        """
        return x * self.zoom + self._dx, y * self.zoom + self._dy

    def box(self, left: float, top: float, right: float, bottom: float) -> Box:
        """
        Place a rectangle.

        Parameters
        ----------
        left, top, right, bottom : float
            Grid units.

        Returns
        -------
        Box
            In pixels.
        """
        return Box(*self.point(left, top), *self.point(right, bottom))

    def shapes(self, shapes: Iterable[shapely.Geometry]) -> list[shapely.Geometry]:
        """
        Place shapes.

        Parameters
        ----------
        shapes : iterable of Geometry
            In grid units.

        Returns
        -------
        list of Geometry
            In pixels.
        """
        moved = shapely.transform(
            np.asarray(list(shapes), dtype=object),
            lambda xy: xy * self.zoom + np.array([self._dx, self._dy]),
        )
        return list(moved)


@cache
def country_frame(level: str) -> tuple[Placing, Box]:
    """
    Frame the whole country.

    Parameters
    ----------
    level : str
        The level of the map's regions.

    Returns
    -------
    tuple of Placing and Box
        How shapes are placed, and the map's frame in pixels.
    """
    left, top, right, bottom = bounds(polygons(level).values())
    zoom = (_COUNTRY_PX - _LEFT_OF_COUNTRY - 2) / (right - left)
    place = Placing(zoom, _LEFT_OF_COUNTRY - left * zoom, 4 - top * zoom)
    return place, Box(0, 0, _COUNTRY_PX, (bottom - top) * zoom + 8)


@lru_cache(maxsize=64)
def country_labels(
    level: str,
    labels: tuple[tuple[str, str], ...],
    towns: tuple[tuple[float, float, str], ...],
    taken: tuple[Box, ...],
) -> list[Placed]:
    """
    Place the labels of a country map, which are the same on most maps of a page.

    Parameters
    ----------
    level : str
        The level of the map's regions.
    labels : tuple of (code, text)
        Regions to name.
    towns : tuple of (east, north, text)
        Towns for bearings, in metres.
    taken : tuple of Box
        Spaces already used.

    Returns
    -------
    list of Placed
        The labels in their places.
    """
    known = polygons(level)
    place, frame = country_frame(level)
    wanted = [
        Wanted((text,), *place.point(*_east_edge(known, code)), _LABEL_PX, bold=True)
        for code, text in labels
    ]
    wanted += [
        Wanted((text,), *place.point(*on_grid(east, north)), PLACE_PX)
        for east, north, text in towns
    ]
    return place_labels(wanted, land=place.shapes(known.values()), taken=taken, frame=frame)


@dataclass(frozen=True, slots=True)
class Layout:
    """
    How a regional map is framed, and where its labels stand.

    Parameters
    ----------
    place : Placing
        How shapes are placed.
    labels : list of Placed
        The labels.
    view : Box
        The frame, in pixels.
    """

    place: Placing
    labels: list[Placed]
    view: Box


@lru_cache(maxsize=256)
def region_layout(
    level: str,
    codes: tuple[str, ...],
    context: tuple[str, ...],
    labels: tuple[tuple[str, str, str, bool], ...],
    points: tuple[tuple[float, float, float], ...],
) -> Layout:
    """
    Lay out a regional map.

    Parameters
    ----------
    level : str
        The level of its regions.
    codes, context : tuple of str
        The regions shown, and those around them.
    labels : tuple of (code, text, value, bold)
        Names on the map.
    points : tuple of (east, north, radius)
        Workplaces, in metres and pixels.

    Returns
    -------
    Layout
        The frame holds the regions and all labels.
    """
    known = polygons(level)
    left, top, right, bottom = bounds([known[code] for code in codes])
    spots = _spots(level, codes)
    listed = sorted((o for o in labels if o[0] in spots), key=lambda o: spots[o[0]][1])
    zoom = min(_REGION_PX / (right - left), _REGION_MAX_HEIGHT / (bottom - top)) * 0.97
    while True:
        place = Placing(zoom, -left * zoom, -top * zoom)
        own = dict(zip(codes, place.shapes(known[code] for code in codes), strict=True))
        wanted = [
            Wanted(
                (text, value) if value else (text,),
                *place.point(*spots[code]),
                _LABEL_PX,
                bold=bold,
                within=own[code],
            )
            for code, text, value, bold in listed
        ]
        circles = [(*place.point(*on_grid(x, y)), r) for x, y, r in points]
        placed = place_labels(
            wanted,
            land=list(own.values()),
            around=place.shapes(known[code] for code in context),
            taken=[Box(x - r, y - r, x + r, y + r) for x, y, r in circles],
        )
        view = _around(place.box(left, top, right, bottom), placed)
        # Labels beside the region take width from it, so it is drawn smaller until both fit: as
        # if they kept their places, and by a little at least, for not all of them do.
        drawn, whole = zoom * (right - left), view.right - view.left
        if whole <= _REGION_PX or drawn < _REGION_PX / 3:
            return Layout(place, placed, view)
        fitting = max(_REGION_PX - (whole - drawn), _REGION_PX / 3)
        zoom = min(fitting / (right - left), zoom * _SMALLER)


def bounds(shapes: Iterable[shapely.Geometry]) -> tuple[float, float, float, float]:
    """
    Give the extent of shapes.

    Parameters
    ----------
    shapes : iterable of Geometry
        At least one.

    Returns
    -------
    tuple of float
        Left, top, right and bottom.
    """
    left, top, right, bottom = shapely.total_bounds(list(shapes)).tolist()
    return left, top, right, bottom


def on_grid(east: float, north: float) -> tuple[float, float]:
    """
    Put a point on the grid of the pages, unrounded.

    Parameters
    ----------
    east, north : float
        Metres, SWEREF 99 TM.

    Returns
    -------
    tuple of float
        Grid units, the second counted downwards.

    Examples
    --------
    >>> on_grid(617_450.0, 6_917_650.0)
    (6174.5, 7823.5)
    """
    return east / GRID_M, (NORTH - north) / GRID_M


def _east_edge(known: Mapping[str, shapely.Geometry], code: str) -> tuple[float, float]:
    """Give a point just inside the easternmost middle of a region, where its leader ends."""
    union = shapely.union_all([known[one] for one in municipalities_in(code) if one in known])
    left, _, right, _ = union.bounds
    middle = union.representative_point().y
    band = union.intersection(shapely.LineString([(left, middle), (right, middle)]))
    return (band.bounds[2] if not band.is_empty else right), middle


@lru_cache(maxsize=64)
def _spots(level: str, codes: tuple[str, ...]) -> dict[str, tuple[float, float]]:
    """Give the middle of the widest place of each region, where a label fits best."""
    own = np.asarray([polygons(level)[code] for code in codes], dtype=object)
    circles = shapely.maximum_inscribed_circle(own, tolerance=10)
    centres = shapely.get_coordinates(shapely.get_point(circles, 0))
    return {code: (float(x), float(y)) for code, (x, y) in zip(codes, centres, strict=True)}


def _around(region: Box, labels: Sequence[Placed]) -> Box:
    boxes = [Box(region.left - 8, region.top - 8, region.right + 8, region.bottom + 8)]
    boxes += [placed.box for placed in labels]
    return Box(
        min(box.left for box in boxes) - 2,
        min(box.top for box in boxes) - 2,
        max(box.right for box in boxes) + 2,
        max(box.bottom for box in boxes) + 2,
    )
