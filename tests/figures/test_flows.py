"""Flow maps and grids. All flows here are GENERATED."""

from __future__ import annotations

import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from regionstudy.analysis.migration import flow_matrix, net_flows
from regionstudy.errors import ConfigError, DataError
from regionstudy.figures.content import Measure, as_text
from regionstudy.figures.flows import flow_grid, flow_map
from regionstudy.figures.flows.arcs import arcs, label_places
from regionstudy.figures.flows.rows import short_names
from regionstudy.words import Words

CODES = ("01", "12", "14", "22", "24")


@pytest.fixture
def counties() -> gpd.GeoDataFrame:
    """Five squares with counties' codes, far enough apart for an arc."""
    shapes = [shapely.box(x, y, x + 60_000, y + 60_000) for x, y in [
        (660_000, 6_560_000), (400_000, 6_150_000), (360_000, 6_420_000),
        (600_000, 6_930_000), (700_000, 7_150_000),
    ]]  # fmt: skip
    return gpd.GeoDataFrame({"region": CODES}, geometry=shapes, crs="EPSG:3006")


@pytest.fixture
def gross() -> pd.DataFrame:
    """GENERATED: 22 loses 70 to 01 and 10 to 14, gains 20 from 24; 12 -> 01 is 40."""
    frame = pd.DataFrame(
        [
            ("22", "01", 100.0), ("01", "22", 30.0), ("22", "14", 25.0), ("14", "22", 15.0),
            ("24", "22", 50.0), ("22", "24", 30.0), ("12", "01", 40.0),
        ],
        columns=["origin", "destination", "value"],
    )  # fmt: skip
    frame = frame.assign(status="", period="2024")
    frame.attrs["provenance"] = {"generated": {"publisher": "GENERATED"}}
    return frame


@pytest.fixture
def moved() -> Measure:
    return Measure(
        Words("Flyttnetto (GENERATED)", "Net moves (GENERATED)"),
        Words("personer", "persons"),
        as_text("2024"),
    )


def named(figure, name: str, lang: str = "sv") -> dict:
    traces = [t for t in figure.content.body.plotly[lang]["data"] if t.get("name") == name]
    assert len(traces) == 1
    return traces[0]


def heads(figure) -> list[dict]:
    return [trace for trace in figure.content.body.plotly["sv"]["data"][1:] if trace.get("fill")]


def test_only_flows_of_the_region_are_drawn_and_signed_at_the_other_end(gross, counties, moved):
    figure = flow_map(net_flows(gross), regions=counties, title="T", measure=moved, region="22")
    labels = named(figure, "regions")["text"]
    assert "Västernorrland" in labels[0]
    assert sorted(labels[1:]) == ["Stockholm −70", "Västerbotten +20", "Västra Götaland −10"]
    assert len(heads(figure)) == 3
    assert "Skåne" not in json.dumps(figure.payload(), ensure_ascii=False)


def test_direction_is_told_by_colour_arrow_and_legend(gross, counties, moved):
    figure = flow_map(net_flows(gross), regions=counties, title="T", measure=moved, region="22")
    colours = [head["fillcolor"] for head in heads(figure)]
    assert colours == ["var(--d2)", "var(--d6)", "var(--d2)"]
    shown = [t["name"] for t in figure.content.body.plotly["sv"]["data"] if t.get("showlegend")]
    assert shown == ["Till Västernorrland", "Från Västernorrland"]
    # The first arc runs from Västernorrland to Stockholm: its head is the nearer to Stockholm.
    tip_y = heads(figure)[0]["y"][1]
    assert abs(tip_y - 6_590_000) < abs(tip_y - 6_960_000)


def test_widths_follow_the_numbers(gross, counties, moved):
    figure = flow_map(net_flows(gross), regions=counties, title="T", measure=moved)
    lines = [t["line"]["width"] for t in figure.content.body.plotly["sv"]["data"] if "opacity" in t]
    assert lines == pytest.approx([9.0, 9.0 * 40 / 70, 9.0 * 20 / 70, 9.0 * 10 / 70], abs=0.06)


def test_smaller_flows_are_counted_not_hidden(gross, counties, moved):
    figure = flow_map(net_flows(gross), regions=counties, title="T", measure=moved, top=1)
    assert figure.content.notes[-1].render("en") == "Smaller streams not drawn: 3."
    assert len(heads(figure)) == 1


def test_missing_flow_is_noted_and_in_the_alternative_text(gross, counties, moved):
    holed = gross.assign(status=["", "", "..", "", "", "", "suppressed"])
    figure = flow_map(net_flows(holed), regions=counties, title="T", measure=moved, region="22")
    assert figure.content.notes[-1].render("en") == "Streams without a figure: 1."
    told = figure.content.alt.render("en")
    assert "Västernorrland to Stockholm: 70" in told
    assert told.endswith("Streams without a figure: 1.")


def test_table_holds_net_and_gross_and_the_source_is_named(gross, counties, moved):
    figure = flow_map(net_flows(gross), regions=counties, title="T", measure=moved, region="22")
    table = figure.payload()["table"]
    assert [column["label"]["en"] for column in table["columns"]] == [
        "From", "To", "Net moves (GENERATED)", "There", "Back"
    ]  # fmt: skip
    assert table["rows"][0][2:] == [70, 100, 30]
    assert "GENERATED" in figure.payload()["sources"][0]["text"]["sv"]


def test_both_languages_and_widths_are_drawn(gross, counties, moved):
    figure = flow_map(net_flows(gross), regions=counties, title="T", measure=moved, region="22")
    body = figure.content.body
    assert set(body.plotly) == set(body.narrow) == {"sv", "en"}
    assert named(figure, "streams", "en")["hovertext"][0] == "Västernorrland to Stockholm: 70"


def test_hostile_name_is_shown_as_text(gross, counties, moved):
    figure = flow_map(
        net_flows(gross), regions=counties, title="T", measure=moved, names={"01": "<b>&"}
    )
    assert "&lt;b&gt;&amp;" in named(figure, "regions")["text"]


@given(
    ends=st.lists(
        st.tuples(*[st.integers(0, 1_000_000)] * 4).filter(
            lambda ends: abs(ends[0] - ends[2]) + abs(ends[1] - ends[3]) > 50_000
        ),
        min_size=1,
        max_size=5,
    )
)
@settings(max_examples=20, deadline=None)
def test_arc_runs_from_start_to_end_and_bends_to_the_right(ends):
    given_ends = np.array(ends, dtype=float)
    starts, stops = given_ends[:, :2], given_ends[:, 2:]
    for start, stop, arc in zip(
        starts, stops, arcs(starts, stops, widths=np.full(len(ends), 2e3), gap=1e4), strict=True
    ):
        along = stop - start
        length = np.hypot(*along)
        assert np.hypot(*(arc.line[0] - start)) < 0.5 * length
        assert np.hypot(*(arc.head[1] - stop)) < 0.5 * length
        away = arc.middle - start
        assert along[0] * away[1] - along[1] * away[0] < 0


def test_there_and_back_do_not_cover_each_other():
    ends = np.array([[0.0, 0.0], [1e5, 0.0]])
    there, back = arcs(ends, ends[::-1], widths=np.full(2, 2e3), gap=5e3)
    assert there.middle[1] < -1e4
    assert back.middle[1] > 1e4


def test_labels_of_neighbours_stand_apart():
    points = np.array([[0.0, 0.0], [3.0, 0.0], [0.0, 1.0]])
    sides = label_places(points, np.full((3, 2), [12.0, 2.0]), clear_of=np.empty((0, 2)), gap=1.0)
    assert len(set(sides)) == 3


def test_counties_are_named_without_lan_and_municipalities_as_they_are():
    names = short_names(["22", "2281", "x"], {"x": "Annan"})
    assert [names[code].render("sv") for code in ("22", "2281", "x")] == [
        "Västernorrland", "Sundsvall", "Annan"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "options", "message"),
    [
        (lambda f: f.assign(value=-1.0), {}, "an arrow shows the direction, so give nets"),
        (lambda f: f.assign(value=np.nan), {}, "no flow with a figure"),
        (lambda f: f.assign(value=0.0), {}, "no flow above 0"),
        (lambda f: pd.concat([f, f]), {}, "takes one row for each origin and destination"),
        (lambda f: f.replace({"destination": {"01": "00"}}), {}, "flows to or from 00, which"),
        (lambda f: f.drop(columns="value"), {}, "needs the column value"),
        (lambda f: f[f["origin"] != "12"], {"region": "12"}, "no flow to or from 12"),
    ],
)
def test_unusable_flows_are_refused(gross, counties, change, options, message):
    with pytest.raises(DataError, match=message):
        flow_map(change(net_flows(gross)), regions=counties, title="T", **options)


@pytest.mark.parametrize(
    ("options", "message"), [({"top": 0}, "between 1 and 40"), ({"region": "99"}, "not among the")]
)
def test_unusable_options_are_refused(gross, counties, options, message):
    with pytest.raises(ConfigError, match=message):
        flow_map(net_flows(gross), regions=counties, title="T", **options)


def test_map_in_degrees_is_refused(gross, counties):
    with pytest.raises(DataError, match="SWEREF 99 TM"):
        flow_map(net_flows(gross), regions=counties.to_crs(4326), title="T")


@pytest.fixture
def matrix(gross) -> pd.DataFrame:
    return flow_matrix(gross.assign(status=["", "..", "", "", "", "", ""]))


def test_grid_has_a_cell_a_pair_and_none_for_who_stays(matrix, moved):
    figure = flow_grid(matrix, title="T", measure=moved, home=["22"])
    cells = named(figure, "cells")
    assert len(cells["x"]) == 5 * 4
    assert all(x != y for x, y in zip(cells["x"], cells["y"], strict=True))
    drawn = figure.content.body.plotly["sv"]["data"]
    squares = sum(trace["x"].count(None) for trace in drawn if trace.get("fill"))
    # One of the twenty is missing: a cross, not a colour.
    assert squares == 19
    cross = named(figure, "uppgift saknas")
    assert (cross["x"], cross["y"]) == ([4], [1])


def test_grid_is_read_by_row(matrix, moved):
    figure = flow_grid(matrix, title="T", measure=moved, home=["22"])
    layout = figure.content.body.plotly["sv"]["layout"]
    assert layout["yaxis"]["ticktext"][0] == "Stockholm 1"
    assert "Västernorrland 4" in layout["yaxis"]["ticktext"][3]
    assert figure.content.alt.render("en").endswith(
        "Largest: Västernorrland to Stockholm: 100; Västerbotten to Västernorrland: 50; "
        "Skåne to Stockholm: 40."
    )
    assert figure.payload()["table"]["rows"][0][0]["en"] == "Västernorrland"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda m: m.iloc[::-1], "same regions down and across"),
        (lambda m: m.iloc[:1, :1], "shows 2 to 40 regions, but got 1"),
        (lambda m: m - 1, "has -1 from 01 to 12"),
    ],
)
def test_unusable_matrix_is_refused(matrix, moved, change, message):
    with pytest.raises(DataError, match=message):
        flow_grid(change(matrix), title="T", measure=moved)
