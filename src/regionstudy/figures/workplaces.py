"""Workplaces as numbered points: where each stands, how large, and what is hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from regionstudy.errors import DataError
from regionstudy.figures.content import Point
from regionstudy.figures.map_drawing import map_frame
from regionstudy.figures.values import joined, require_columns, value_text, visible
from regionstudy.words import render

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    import pandas as pd

__all__ = ["place_points"]

_SMALLEST, _LARGEST = 9.0, 14.0
# The regional map is about this wide where it is narrowest beside the country (LOOK).
_MAP_PIXELS = 390


def place_points(
    points: pd.DataFrame, regions: gpd.GeoDataFrame, inside: Sequence[str]
) -> tuple[Point, ...]:
    """
    Number workplaces, size them by headcount and put them on the map.

    Parameters
    ----------
    points : DataFrame, one row a workplace
        ``name`` (str or Text), ``headcount``, ``status`` where there is one, and ``x``, ``y``
        (SWEREF 99 TM) or ``municipality``.
    regions : GeoDataFrame
        The map's regions.
    inside : sequence of str
        Codes in the regional map's frame.

    Returns
    -------
    tuple of Point
        Largest first; then the hidden, by name, so that their order tells nothing. Those of
        one municipality without coordinates stand in rows about its middle. Those outside
        the map's frame are left out: `points` is longer than the result by their number.

    Raises
    ------
    DataError
        If a column is absent, or a workplace has no place on the map.
    """
    require_columns(points, ["name", "headcount"], where="Workplaces")
    shown = visible(points, value="headcount")
    # Without its size, a hidden workplace may show nothing that depends on the size.
    listed = points.drop(columns=["headcount"]).assign(size=shown["value"], status=shown["status"])
    order = [render(name, "sv") for name in listed["name"]]
    listed = listed.assign(order=order).sort_values(
        ["size", "order"], ascending=[False, True], na_position="last"
    )
    if not {"x", "y"} <= set(points.columns):
        listed = _by_municipality(listed, regions, inside)
    stray = listed.loc[listed[["x", "y"]].isna().any(axis=1), "order"]
    if len(stray):
        msg = (
            f"Workplaces without a place on the map: {', '.join(stray.head(5))}. "
            "Give x and y in SWEREF 99 TM, or a municipality among the map's regions."
        )
        raise DataError(msg)
    west, south, east, north = map_frame(regions, inside)
    listed = listed[listed["x"].between(west, east) & listed["y"].between(south, north)]
    names = regions.set_index("region")["name"]
    codes = listed["municipality"] if "municipality" in listed else [""] * len(listed)
    # A workplace may be called as its municipality is; once is enough.
    labels = [
        joined([name, town if town != render(name, "sv") else ""], ", ")
        for name, code in zip(listed["name"], codes, strict=True)
        for town in [str(names.get(code, ""))]
    ]
    return tuple(
        Point(
            n=number,
            x=round(x),
            y=round(y),
            r=radius,
            label=label,
            value=value_text(size, status),
            hidden=status == "hidden",
        )
        for number, (x, y, radius, label, size, status) in enumerate(
            zip(
                listed["x"],
                listed["y"],
                _radii(listed["size"]),
                labels,
                listed["size"],
                listed["status"],
                strict=True,
            ),
            start=1,
        )
    )


def _radii(size: pd.Series[float]) -> pd.Series[float]:
    # The eye compares areas, so the radius follows the square root.
    share = (size / size.max()).pow(0.5)
    return (_SMALLEST + (_LARGEST - _SMALLEST) * share).fillna(_SMALLEST).round(1)


def _by_municipality(
    listed: pd.DataFrame, regions: gpd.GeoDataFrame, inside: Sequence[str]
) -> pd.DataFrame:
    require_columns(listed, ["municipality"], where="Workplaces without x and y")
    held = regions[regions["region"].isin(list(listed["municipality"]))]
    middles = held.geometry.representative_point()
    middles.index = held["region"]
    west, _, east, _ = map_frame(regions, inside)
    gap = (east - west) / _MAP_PIXELS * (2 * _SMALLEST + 2)
    # Rows of three below the middle, whose name stands above it.
    order = listed.groupby("municipality").cumcount()
    in_town = listed.groupby("municipality")["order"].transform("size")
    across = np.minimum(in_town, 3)
    return listed.assign(
        x=listed["municipality"].map(middles.x) + (order % 3 - (across - 1) / 2) * gap,
        y=listed["municipality"].map(middles.y) - (order // 3 + 0.8) * gap,
    )
