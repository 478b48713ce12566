from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from libpysal.graph import Graph
from libpysal.weights import lat2W

from regionstudy.analysis.spatial import Weights, weights
from regionstudy.errors import DataError
from regionstudy.geography import neighbours


def pattern(found: Weights) -> set[tuple[str, str]]:
    one, other = found.matrix.nonzero()
    return {(found.regions[a], found.regions[b]) for a, b in zip(one, other, strict=True)}


def graph_pattern(graph: Graph) -> set[tuple[str, str]]:
    adjacency = graph.adjacency
    return set(adjacency[adjacency > 0].index)


def test_bordering_municipalities_are_those_of_geography_and_of_libpysal(municipalities, borders):
    known = neighbours("municipality")
    assert pattern(borders) == set(zip(known["region"], known["neighbour"], strict=True))
    graph = Graph.build_contiguity(municipalities.set_index("region"), rook=True)
    assert pattern(borders) == graph_pattern(graph)


def test_islands_are_told_by_name_and_left_alone(borders):
    # Gotland and Öckerö and Tjörn lie in the sea; Ekerö and Lidingö in Mälaren and Saltsjön.
    assert borders.islands["name"].tolist() == ["Ekerö", "Lidingö", "Gotland", "Öckerö", "Tjörn"]
    assert set(borders.islands["tied_to"]) == {""}
    alone = [borders.regions.index(code) for code in borders.islands["region"]]
    assert borders.matrix.sum(axis=1)[alone].tolist() == [0.0] * 5


def test_tied_island_and_its_nearest_region_are_neighbours_of_each_other(borders, tied):
    added = pattern(tied) - pattern(borders)
    ties = set(zip(tied.islands["region"], tied.islands["tied_to"], strict=True))
    assert added == ties | {(other, one) for one, other in ties}
    # The land nearest to Gotland's shore is Öland's northern half (0885 Borgholm).
    assert ("0980", "0885") in ties
    assert (tied.matrix.sum(axis=1) > 0.999).all()


def test_two_islands_nearest_each_other_count_once():
    squares = square_frame([(0, 0), (3, 0), (100, 0), (101, 0)])
    found = weights(squares, islands="tie")
    assert found.matrix.toarray()[:2, :2].tolist() == [[0, 1], [1, 0]]


def square_frame(corners):
    import geopandas as gpd

    return gpd.GeoDataFrame(
        {"region": [str(n) for n in range(len(corners))]},
        geometry=[shapely.box(x, y, x + 1, y + 1) for x, y in corners],
        crs="EPSG:3006",
    )


def test_corner_is_no_border():
    # Four squares of a chess board: 0 and 3 meet in a point.
    found = weights(square_frame([(0, 0), (1, 0), (0, 1), (1, 1)]))
    assert found.matrix.toarray().tolist() == [
        [0, 0.5, 0.5, 0],
        [0.5, 0, 0, 0.5],
        [0.5, 0, 0, 0.5],
        [0, 0.5, 0.5, 0],
    ]


def test_distance_band_is_that_of_libpysal(municipalities):
    points = municipalities.set_index("region").geometry.centroid
    graph = Graph.build_distance_band(points, 60_000)
    found = weights(municipalities, method="distance", distance_m=60_000)
    assert pattern(found) == graph_pattern(graph)
    assert found.method == "distance 60000 m"


def test_nearest_are_those_of_libpysal(municipalities):
    points = municipalities.set_index("region").geometry.centroid
    graph = Graph.build_knn(points, k=5)
    found = weights(municipalities, method="nearest", k=5)
    assert pattern(found) == graph_pattern(graph)
    assert found.islands.empty


def test_commuting_counts_both_ways_and_no_one_who_stays():
    flows = pd.DataFrame(
        {
            "origin": ["a", "b", "a", "a", "c"],
            "destination": ["b", "a", "a", "c", "c"],
            "value": [10.0, 20.0, 900.0, 10.0, 5.0],
        }
    )
    found = weights(flows, method="commuting")
    assert found.matrix.toarray().tolist() == [[0, 0.75, 0.25], [1, 0, 0], [1, 0, 0]]
    fewer = weights(flows, method="commuting", least=20)
    assert fewer.matrix.toarray().tolist() == [[0, 1, 0], [1, 0, 0], [0, 0, 0]]
    assert fewer.islands["region"].tolist() == ["c"]


def test_weights_go_to_libpysal_and_back_unchanged(borders):
    graph = borders.to_libpysal()
    assert graph.isolates.tolist() == borders.islands["region"].tolist()
    back = Weights.from_libpysal(graph)
    assert back.regions == borders.regions
    assert abs(back.matrix - borders.matrix).max() < 1e-15


def test_old_kind_of_libpysal_weights_is_taken_too():
    found = Weights.from_libpysal(lat2W(2, 2))
    assert found.matrix.toarray()[0].tolist() == [0, 0.5, 0.5, 0]


@given(
    flows=st.lists(
        st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(0, 99)),
        unique_by=lambda flow: flow[:2],
        min_size=1,
    )
)
@settings(max_examples=50, deadline=None)
def test_rows_sum_to_one_or_the_region_is_listed_as_an_island(flows):
    frame = pd.DataFrame(flows, columns=["origin", "destination", "value"])
    frame = frame.astype({"origin": str, "destination": str, "value": float})
    found = weights(frame, method="commuting")
    total = found.matrix.sum(axis=1)
    alone = np.isin(found.regions, found.islands["region"])
    np.testing.assert_allclose(total, np.where(alone, 0, 1))
    assert not found.matrix.diagonal().any()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"method": "queen"}, '"queen" is no method of weights; use one of: commuting, contig'),
        ({"islands": "drop"}, 'islands="drop" is unknown; use one of: keep, tie'),
        ({"k": 3}, 'k belongs to method="nearest", not to "contiguity"'),
        ({"method": "nearest"}, 'method="nearest" needs k above 0; it is None'),
        ({"method": "distance", "distance_m": -1}, "needs distance_m above 0; it is -1"),
        ({"method": "nearest", "k": 4}, "k=4 neighbours are more than the other 3 regions"),
        ({"method": "commuting", "islands": "tie"}, "needs polygons, which flows have not"),
    ],
)
def test_unsuitable_option_is_refused(options, message):
    with pytest.raises(DataError, match=message):
        weights(square_frame([(0, 0), (1, 0), (0, 1), (1, 1)]), **options)


def test_degrees_are_no_metres():
    degrees = square_frame([(17, 62), (18, 62)]).set_crs("EPSG:4326", allow_override=True)
    with pytest.raises(DataError, match=r'regions is in WGS 84.*to_crs\("EPSG:3006"\)'):
        weights(degrees)
    with pytest.raises(DataError, match="regions is in no known coordinates"):
        weights(pd.DataFrame(degrees))


def test_region_without_polygon_is_named():
    frame = square_frame([(0, 0), (1, 0)])
    frame.loc[1, "geometry"] = None
    with pytest.raises(DataError, match="regions has no polygon for 1"):
        weights(frame)


@pytest.mark.parametrize("value", [np.nan, -4.0])
def test_missing_flow_is_no_flow_of_nobody(value):
    flows = pd.DataFrame({"origin": ["a"], "destination": ["b"], "value": [value]})
    with pytest.raises(DataError, match="missing or negative, first from a to b; leave those"):
        weights(flows, method="commuting")


def test_other_things_than_weights_are_refused():
    with pytest.raises(DataError, match=r"weights is a dict; make it with weights\(\.\.\.\)"):
        Weights.from_libpysal({})
    negative = Graph.from_arrays(["a", "b"], ["b", "a"], [1.0, -1.0])
    with pytest.raises(DataError, match="weights holds a negative weight"):
        Weights.from_libpysal(negative)
