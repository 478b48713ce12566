"""The chord diagram: what is as wide as what, and what it refuses."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regionstudy.errors import DataError
from regionstudy.figures.content import Measure
from regionstudy.figures.flows import flow_chord
from regionstudy.figures.flows.chords import _angles
from regionstudy.words import Words

MEASURE = Measure(Words(sv="Flyttare", en="Movers"))


def matrix(values, codes=("01", "22", "23")):
    return pd.DataFrame(values, index=list(codes), columns=list(codes), dtype=float)


# GENERATED: from a row to a column.
FLOWS = matrix([[np.nan, 30, 0], [50, np.nan, 20], [10, np.nan, np.nan]])


def chord(flows=FLOWS, **about):
    return flow_chord(flows, title="GENERATED", measure=MEASURE, **about)


def drawn(figure, lang="sv"):
    return figure.content.body.plotly[lang]


def ribbons(figure):
    shapes = drawn(figure)["layout"]["shapes"][:-1]
    return {shape["fillcolor"]: shape["path"].count("M") for shape in shapes}


@given(
    st.lists(
        st.tuples(st.integers(0, 4), st.integers(0, 4), st.floats(0.1, 1e6)),
        min_size=1,
        max_size=20,
        unique_by=lambda flow: flow[:2],
    )
)
def test_widths_are_in_proportion_and_fill_the_circle_without_overlap(given):
    rows = pd.DataFrame(given, columns=["origin", "destination", "value"])
    rows = rows[rows["origin"] != rows["destination"]].astype({"origin": str, "destination": str})
    if rows.empty:
        return
    codes = sorted(set(rows["origin"]) | set(rows["destination"]))
    sectors, leaves, comes = _angles(rows.reset_index(drop=True), codes)
    widths = np.concatenate([np.diff(leaves), np.diff(comes)]).ravel()
    scale = (2 * np.pi - len(codes) * np.radians(1.5)) / (2 * rows["value"].sum())
    assert np.allclose(widths, np.tile(rows["value"], 2) * scale, rtol=1e-6, atol=1e-9)
    spans = np.concatenate([leaves, comes])
    spans = spans[spans[:, 0].argsort()]
    assert (spans[1:, 0] >= spans[:-1, 1] - 1e-9).all()
    assert (sectors[:, 0] >= 0).all()
    assert sectors.max() <= 2 * np.pi


def test_flows_of_the_home_are_told_apart_from_others():
    assert ribbons(chord(home=["22"])) == {"var(--dot)": 1, "var(--d2)": 2, "var(--d6)": 1}


def test_without_a_home_the_three_largest_stand_out():
    assert ribbons(chord()) == {"var(--dot)": 1, "var(--d6)": 3}


def test_a_flow_of_zero_has_no_ribbon_and_a_missing_one_is_counted():
    figure = chord(home=["22"])
    hover = drawn(figure)["data"][-1]["hovertext"]
    assert len(hover) == 2 * 4
    assert "Stockholm till Västernorrland: 30" in hover
    assert not any("Stockholm till Jämtland" in text for text in hover)
    assert "1" in figure.content.notes[0].render("sv")


def test_the_table_lists_flows_largest_first():
    rows = chord().content.table.rows
    assert [row[2] for row in rows] == [50.0, 30.0, 20.0, 10.0]


def test_small_flows_are_left_out_of_the_picture_and_counted():
    codes = [f"{number:04d}" for number in range(12)]
    values = np.arange(144, dtype=float).reshape(12, 12) + 1
    figure = chord(matrix(values, codes), names={code: code for code in codes})
    assert sum(ribbons(figure).values()) == 80
    assert figure.content.notes[0].render("en").startswith("52 smaller flows are not drawn")


def test_names_are_shown_never_obeyed():
    names = {"01": "<b>x</b>", "22": "y", "23": "z"}
    layout = drawn(chord(names=names))["layout"]
    assert "&lt;b&gt;x&lt;/b&gt;" in [label["text"] for label in layout["annotations"]]


def test_names_on_a_side_keep_clear_of_each_other():
    codes = [f"{number:04d}" for number in range(20)]
    values = np.full((20, 20), 0.001)
    values[0, 1] = 1000.0
    figure = chord(matrix(values, codes), names={code: code for code in codes})
    labels = drawn(figure)["layout"]["annotations"]
    for side in ("left", "right"):
        heights = sorted(label["y"] for label in labels if label["xanchor"] == side)
        assert (np.diff(heights) > 0.099).all()


def test_paths_hold_only_what_plotly_can_draw():
    for shape in drawn(chord())["layout"]["shapes"]:
        assert re.fullmatch(r"[MLQZ0-9.,e \-]+", shape["path"])


@pytest.mark.parametrize(
    ("flows", "message"),
    [
        (FLOWS.iloc[:, ::-1], "needs the same regions down and across"),
        (matrix([[np.nan]], ["01"]), "shows 2 to 26 regions, but got 1"),
        (
            matrix(np.ones((27, 27)), [f"{n:04d}" for n in range(27)]),
            "shows 2 to 26 regions, but got 27",
        ),
        (FLOWS.replace(30, -1), "has -1 from 01 to 22"),
        (FLOWS * 0, "has no flow above zero to draw"),
        (FLOWS * np.nan, "has no flow with a figure"),
    ],
)
def test_what_cannot_be_drawn_is_refused(flows, message):
    with pytest.raises(DataError, match=f"A chord diagram {message}"):
        chord(flows)
