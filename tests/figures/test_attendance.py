"""The grid of attendance: what it draws, says and refuses."""

from __future__ import annotations

import pandas as pd
import pytest

from regionstudy.errors import DataError
from regionstudy.figures import charts
from regionstudy.figures.content import Measure
from regionstudy.words import Words

NAMES = {"a": "Arkivet", "b": "<b>Banken</b>"}
MEASURE = Measure(Words(sv="Deltagande", en="Attendance"))


@pytest.fixture
def matrix():
    meetings = pd.MultiIndex.from_tuples(
        [(pd.Timestamp(2025, 3, 1), "Råd"), (pd.Timestamp(2025, 9, 1), "<i>Öppet</i>")],
        names=["date", "meeting"],
    )
    rows = [[True, False], [pd.NA, True]]
    return pd.DataFrame(rows, index=["a", "b"], columns=meetings, dtype="boolean")


def drawn(figure, lang="sv", *, narrow=False):
    body = figure.content.body
    return (body.narrow if narrow else body.plotly)[lang]


def test_each_cell_is_drawn_once_as_what_it_is(matrix):
    figure = charts.attendance_grid(matrix, names=NAMES, title="Vem kom?", measure=MEASURE)
    for narrow in (False, True):
        traces = {trace["name"]: trace for trace in drawn(figure, narrow=narrow)["data"]}
        cells = {name: list(zip(t["y"], t["x"], strict=True)) for name, t in traces.items()}
        assert cells == {"Kom": [(0, 0), (1, 1)], "Kom inte": [(0, 1)], "Inte bjuden": [(1, 0)]}
    # Filled, hollow and a dot: told apart without colours.
    assert len({(t["marker"]["symbol"], t["marker"]["size"]) for t in traces.values()}) == 3


def test_how_many_came_stands_beside_each_row(matrix):
    figure = charts.attendance_grid(matrix, names=NAMES, title="Vem kom?", measure=MEASURE)
    beside = [note["text"] for note in drawn(figure)["layout"]["annotations"]]
    assert beside[:2] == ["1/2", "1/1"]


def test_names_of_members_and_meetings_are_shown_never_obeyed(matrix):
    figure = charts.attendance_grid(matrix, names=NAMES, title="Vem kom?", measure=MEASURE)
    hover = [text for trace in drawn(figure)["data"] for text in trace["hovertext"]]
    assert "&lt;b&gt;Banken&lt;/b&gt;, &lt;i&gt;Öppet&lt;/i&gt; 1 september 2025: Kom" in hover
    assert not any("<" in text for text in hover)


def test_the_table_says_the_same_in_words(matrix):
    figure = charts.attendance_grid(matrix, names=NAMES, title="Vem kom?", measure=MEASURE)
    rows = figure.content.table.rows
    assert [row[:3] for row in rows] == [("Arkivet", 2.0, 1.0), ("<b>Banken</b>", 1.0, 1.0)]
    assert rows[0][3].render("en") == "1 September 2025"
    assert rows[1][3] == ""


def test_without_meetings_there_is_no_picture(matrix):
    with pytest.raises(DataError, match="An attendance grid needs a member and a meeting"):
        charts.attendance_grid(matrix.iloc[:, :0], names=NAMES, title="", measure=MEASURE)
