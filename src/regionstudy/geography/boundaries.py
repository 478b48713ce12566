"""Boundaries of regions in SWEREF 99 TM, as a GeoDataFrame."""

from __future__ import annotations

import io
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from regionstudy.geography.code_list import region_list
from regionstudy.geography.codes import require_level
from regionstudy.geography.membership import municipalities_in

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shapely import MultiPolygon, Polygon

__all__ = ["CRS", "label_points", "outline", "regions"]

# SWEREF 99 TM: metres, and areas that may be computed.
CRS = "EPSG:3006"


@cache
def _shapes() -> dict[str, Any]:
    """Give each municipality's polygon by code."""
    content = files("regionstudy.geography").joinpath("data", "boundaries.parquet").read_bytes()
    table = pd.read_parquet(io.BytesIO(content))
    return dict(zip(table["region"], shapely.from_wkb(table["wkb"].to_numpy()), strict=True))


@cache
def _dissolved(code: str) -> Any:
    """
    Give the union of a region's municipalities.

    Counties and FA regions are made of the same rounded municipalities, so that their
    borders coincide on every map.
    """
    parts = [_shapes()[one] for one in municipalities_in(code)]
    return _wound(shapely.coverage_union_all(parts)) if len(parts) > 1 else parts[0]


def _wound(shape: Any) -> Any:
    # Always the last step: plotly fills the whole world for a ring wound the other way.
    return shapely.orient_polygons(shape, exterior_cw=True)


def regions(level: str) -> gpd.GeoDataFrame:
    """
    Give every region of a level with its boundary.

    Parameters
    ----------
    level : {"country", "county", "fa_region", "municipality"}
        The level.

    Returns
    -------
    GeoDataFrame
        ``region``, ``name``, ``level``, ``parent``, ``valid_from`` and ``valid_to``
        (datetime, NaT where outside the study), ``successor`` (missing, for these are
        today's regions) and ``geometry``: Polygon or MultiPolygon in SWEREF 99 TM
        (EPSG:3006), metres, on a grid of 10 m, exteriors clockwise. A row a region, in
        the order of codes.

    Raises
    ------
    ConfigError
        If the level is unknown.

    Examples
    --------
    >>> counties = regions("county")
    >>> len(counties), counties.loc[counties["region"] == "22", "name"].item()
    (21, 'Västernorrlands län')
    """
    require_level(level)
    rows = sorted(
        (one for one in region_list().values() if one.level == level), key=lambda one: one.region
    )
    codes = [one.region for one in rows]
    return gpd.GeoDataFrame(
        {
            "region": pd.Series(codes, dtype="str"),
            "name": pd.Series([one.name for one in rows], dtype="str"),
            "level": pd.Series([one.level for one in rows], dtype="str"),
            "parent": pd.Series([one.parent or None for one in rows], dtype="str"),
            "valid_from": pd.to_datetime([one.valid_from for one in rows]),
            "valid_to": pd.to_datetime([one.valid_to for one in rows]),
            "successor": pd.Series([one.successor or None for one in rows], dtype="str"),
        },
        geometry=[_dissolved(code) for code in codes],
        crs=CRS,
    )


def outline(codes: str | Iterable[str]) -> Polygon | MultiPolygon:
    """
    Give the outline of several regions taken together.

    Parameters
    ----------
    codes : str or iterable of str
        Codes of any level; overlapping ones count once.

    Returns
    -------
    Polygon or MultiPolygon
        In SWEREF 99 TM (EPSG:3006), exteriors clockwise.

    Raises
    ------
    ConfigError
        If a code is not a region of today.

    Examples
    --------
    >>> outline(["2281", "2262"]).equals(outline(["2262", "2281"]))
    True
    """
    parts = [_shapes()[one] for one in municipalities_in(codes)]
    return _wound(shapely.coverage_union_all(parts))  # type: ignore[no-any-return]


def label_points(level: str) -> gpd.GeoDataFrame:
    """
    Give a point in each region where a label can stand.

    Parameters
    ----------
    level : {"country", "county", "fa_region", "municipality"}
        The level.

    Returns
    -------
    GeoDataFrame
        ``region``, ``name`` and ``geometry``: a Point inside the region's largest part
        (EPSG:3006). A row a region, in the order of codes.

    Raises
    ------
    ConfigError
        If the level is unknown.

    Examples
    --------
    >>> label_points("fa_region").shape
    (60, 3)
    """
    frame = regions(level)
    shapes = np.asarray(frame.geometry.array)
    parts, owner = shapely.get_parts(shapes, return_index=True)
    size = pd.Series(shapely.area(parts))
    largest = parts[size.groupby(owner).idxmax()]
    return gpd.GeoDataFrame(
        frame[["region", "name"]], geometry=shapely.point_on_surface(largest), crs=CRS
    )
