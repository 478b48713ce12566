"""Maps: every region once, labels clear of everything, missing never coloured."""

from __future__ import annotations

import re
import time
from xml.etree import ElementTree

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from regionstudy.geography import municipalities_in, name, regions
from regionstudy.report import labels as labels_of
from regionstudy.report import map_layout
from regionstudy.report.labels import Box, Wanted, place_labels
from regionstudy.report.page_shapes import PageShapes
from regionstudy.report.pages import in_language
from regionstudy.report.shapes import GRID_M, NORTH, outline_path, polygons, region_paths
from regionstudy.report.svg import draw_map, small_map
from regionstudy.report.text_width import text_width

SVG = "{http://www.w3.org/2000/svg}"


def panel_of(cells, **more):
    payload = in_language(cells.map(municipalities_in("00")), "sv")
    return payload["body"]["maps"][0] | more


def region_panel(cells, **more):
    codes = municipalities_in("22")
    full = panel_of(cells)
    labels = [
        {"region": code, "text": name(code), "value": "+1,0", "bold": code == "2281"}
        for code in codes
    ]
    values = {code: full["values"][code] for code in codes}
    region = {"extent": "region", "values": values, "labels": labels, "places": [], "inset": None}
    return full | region | {"context": ["2380", "2321", "2184", "2132", "2161"]} | more


def parsed(markup):
    return ElementTree.fromstring(f'<x xmlns="http://www.w3.org/2000/svg">{markup}</x>')


def ring_areas(path):
    areas = []
    for ring in path.split("M")[1:]:
        numbers = [int(n) for n in re.findall(r"-?\d+", ring)]
        points = np.array(numbers[:2] + numbers[2:]).reshape(-1, 2)
        xy = np.vstack([points[0], points[0] + np.cumsum(points[1:], axis=0)])
        x, y = xy[:, 0], xy[:, 1]
        areas.append(abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1))) / 2)
    return areas


def test_each_path_encloses_its_regions_area():
    # On a grid of 100 m a border moves at most 71 m, so the area by at most that along it.
    frame = regions("municipality")
    paths = region_paths("municipality")
    for code, shape in zip(frame["region"], frame.geometry.array, strict=True):
        drawn = sum(ring_areas(paths[code])) * GRID_M**2
        assert abs(drawn - shape.area) <= 71 * shape.length


def test_shapes_on_the_grid_lie_where_they_should():
    x, y = polygons("municipality")["2281"].representative_point().coords[0]
    real = regions("municipality").set_index("region").loc["2281", "geometry"]
    assert real.contains(shapely.Point(x * GRID_M, NORTH - y * GRID_M))


def test_outline_is_of_the_union():
    union = shapely.union_all(
        regions("county").set_index("region").loc[["22"], "geometry"].to_numpy()
    )
    assert sum(ring_areas(outline_path(["22"]))) * GRID_M**2 == pytest.approx(union.area, rel=0.01)


def test_country_map_has_every_region_once_and_the_inset_again(cells):
    shapes = PageShapes()
    root = parsed(draw_map(panel_of(cells), scale="diverging", alt="Karta", shapes=shapes))
    uses = [use.get("href") for use in root.iter(f"{SVG}use") if use.get("class") is None]
    inset = len([code for code in municipalities_in("00") if code.startswith("01")])
    assert len(uses) == 290 + inset
    assert len(set(uses)) == 290
    held = {path.get("id") for path in parsed(shapes.markup()).iter(f"{SVG}path")}
    assert {use.removeprefix("#") for use in uses} <= held


def test_ten_maps_of_a_page_share_their_shapes(cells):
    shapes = PageShapes()
    draw_map(panel_of(cells), scale="diverging", alt="Karta", shapes=shapes)
    one = len(shapes.markup())
    for _ in range(9):
        draw_map(panel_of(cells), scale="diverging", alt="Karta", shapes=shapes)
    assert len(shapes.markup()) == one


def test_the_coast_is_the_regions_own_edges_below_them(cells):
    shapes = PageShapes()
    root = parsed(draw_map(panel_of(cells), scale="diverging", alt="Karta", shapes=shapes))
    uses = list(root.iter(f"{SVG}use"))
    assert (uses[0].get("class"), uses[0].get("href")) == ("coast", "#land-municipality")
    land = parsed(shapes.markup()).find(f".//{SVG}g[@id='land-municipality']")
    assert len(land.findall(f"{SVG}path")) == 290


def test_a_further_map_adds_no_more_than_a_reference_a_region(cells):
    panel = panel_of(cells)
    made = draw_map(panel, scale="diverging", alt="Karta", shapes=PageShapes())
    inset = sum(code.startswith("01") for code in panel["values"])
    reference = len('<use href="#r2281"/>')
    assert len(made) < (290 + inset) * reference + 2_000


def test_missing_and_hidden_are_hatched_and_differ_from_each_other_and_from_classes(cells):
    root = parsed(draw_map(panel_of(cells), scale="diverging", alt="Karta", shapes=PageShapes()))
    looks = {
        use.get("href"): (group.get("class"), group.get("fill", ""))
        for group in root.iter(f"{SVG}g")
        for use in group.findall(f"{SVG}use")
    }
    missing, hidden = looks["#r2281"], looks["#r2260"]
    assert missing[0] == "cm"
    assert missing[1].startswith("url(#miss")
    assert hidden[0] == "ch"
    assert hidden[1].startswith("url(#hid")
    assert looks["#r2280"] == ("d3", "")


def test_texts_are_escaped_in_maps(cells):
    evil = '"><script>alert(1)</script>'
    panel = region_panel(cells)
    panel["labels"][0]["text"] = evil
    panel["points"] = [
        {
            "n": 1,
            "x": 617_000.0,
            "y": 6_917_000.0,
            "r": 9.0,
            "label": evil,
            "value": evil,
            "hidden": False,
        }
    ]
    made = draw_map(panel, scale="diverging", alt=evil, shapes=PageShapes())
    assert "<script" not in made
    parsed(made)


def test_label_stands_outside_every_region_it_does_not_fit_in(cells):
    made = parsed(
        draw_map(region_panel(cells), scale="diverging", alt="Karta", shapes=PageShapes())
    )
    names = [tspan.text for tspan in made.iter(f"{SVG}tspan")]
    assert {
        "Sundsvall",
        "Timrå",
        "Härnösand",
        "Kramfors",
        "Sollefteå",
        "Ånge",
        "Örnsköldsvik",
    } <= set(names)
    assert len(list(made.iter(f"{SVG}line"))) >= 2  # the small ones by the coast


def test_a_labels_place_is_the_cheapest_however_many_are_looked_at_at_once(monkeypatch):
    own = polygons("municipality")
    codes = municipalities_in("22")
    land = [shapely.transform(own[code], lambda xy: xy * 0.2) for code in codes]
    wanted = [
        Wanted((name(code), "+1,0"), *shape.centroid.coords[0], 13.0, within=shape)
        for code, shape in zip(codes, land, strict=True)
    ]
    found = []
    for many in (1, 96, 100_000):
        monkeypatch.setattr(labels_of, "_AT_A_TIME", many)
        found.append(place_labels(wanted, land=land))
    assert any(one.leader is not None for one in found[0])
    assert found[0] == found[1] == found[2]


def test_region_and_labels_fit_the_width_within_a_few_tries(monkeypatch):
    tries = []
    monkeypatch.setattr(
        map_layout, "place_labels", lambda *a, **k: tries.append(1) or place_labels(*a, **k)
    )
    codes = tuple(municipalities_in("22"))
    labels = tuple((code, name(code), "+1 234,5", code == "2281") for code in codes)
    layout = map_layout.region_layout.__wrapped__("municipality", codes, (), labels, ())
    assert len(layout.labels) == len(codes)
    assert 300 < layout.view.right - layout.view.left <= 360
    assert 2 <= len(tries) <= 8


@given(
    st.lists(
        st.tuples(
            st.floats(0, 300), st.floats(0, 300), st.text("abcÅÄÖ ", min_size=1, max_size=14)
        ),
        min_size=1,
        max_size=8,
    )
)
def test_labels_never_cover_each_other_land_or_leave_the_frame(spots):
    land = [shapely.box(100, 100, 200, 200)]
    frame = Box(-100, -100, 400, 400)
    placed = place_labels(
        [Wanted((text,), x, y, 12.0) for x, y, text in spots], land=land, frame=frame
    )
    boxes = [shapely.box(*one.box) for one in placed]
    for number, box in enumerate(boxes):
        assert not box.intersects(land[0])
        assert frame.left <= box.bounds[0]
        assert box.bounds[2] <= frame.right
        assert not any(box.intersects(other) for other in boxes[:number])
        for other in placed:
            if other is not placed[number] and other.leader is not None:
                x1, y1, x2, y2 = other.leader
                assert not box.intersects(shapely.LineString([(x1, y1), (x2, y2)]))


def test_bold_text_is_wider():
    assert text_width("Sundsvall", 13, bold=True) > text_width("Sundsvall", 13)


def test_card_shows_the_outlined_regions_only(cells):
    made = small_map(panel_of(cells), scale="diverging", shapes=PageShapes())
    assert made.count("<use") == len(municipalities_in("22"))


def test_a_map_takes_at_most_50_ms_once_shapes_are_loaded(cells):
    panel = panel_of(cells)
    shapes = PageShapes()
    draw_map(panel, scale="diverging", alt="Karta", shapes=shapes)
    took = []
    for _ in range(5):
        start = time.process_time()
        draw_map(panel, scale="diverging", alt="Karta", shapes=shapes)
        took.append(time.process_time() - start)
    assert min(took) <= 0.05
