"""Small pictures draw what is there, and leave gaps where nothing is."""

from __future__ import annotations

import base64
import re

import numpy as np
import pytest

from regionstudy.report.vignettes import chart_vignette, strip


def test_nothing_is_drawn_for_nothing():
    assert strip(None) == ""
    assert strip({"line": [1, None]}) == ""
    assert strip({"values": [], "home": None, "median": None}) == ""
    assert strip({"low": None, "high": 1, "mean": 0, "zero": True}) == ""
    assert chart_vignette([{"type": "heatmap"}]) == ""


def test_missing_value_is_a_gap_in_the_line_not_a_zero():
    (path,) = re.findall(r' d="(.+?)"', strip({"line": [1, 2, None, 2, 1]}))
    assert path.count("M") == 2
    assert len(re.findall(r"[ML]", path)) == 4


def test_dots_span_the_strip_from_lowest_to_highest():
    made = strip({"values": [10, 20], "home": 15, "median": None})
    assert re.findall(r'cx="([\d.]+)%"', made) == ["2.0", "98.0", "50.0"]


def test_interval_shows_zero_between_its_ends():
    made = strip({"low": -1, "high": 1, "mean": 0, "zero": True})
    assert 'class="zero" x1="50.0%"' in made


@pytest.mark.parametrize("packed", [False, True])
def test_bars_have_the_lengths_of_their_values(packed):
    values = [1.0, 2.0, 4.0]
    given = (
        {"dtype": "f8", "bdata": base64.b64encode(np.array(values).tobytes()).decode()}
        if packed
        else values
    )
    made = chart_vignette(
        [{"type": "bar", "y": given, "marker": {"color": ["a", "var(--home)", "b"]}}]
    )
    assert re.findall(r' width="([\d.]+)%"', made) == ["100.0", "50.0", "25.0"]
    assert made.count("vb home") == 1


def test_marks_of_a_grid_stand_where_they_do_in_it_and_the_second_kind_is_faint():
    marks = {"type": "scatter", "mode": "markers"}
    made = chart_vignette([marks | {"x": [0, 1], "y": [0, 1]}, marks | {"x": [1, 3], "y": [0, 3]}])
    found = re.findall(r'class="(vb[ \w]*)" x="([\d.]+)%" y="([\d.]+)%"', made)
    assert found == [
        ("vb", "0.0", "0.0"),
        ("vb", "25.0", "25.0"),
        ("vb faint", "25.0", "0.0"),
        ("vb faint", "75.0", "75.0"),
    ]
