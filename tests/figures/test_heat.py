from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from regionstudy.errors import DataError
from regionstudy.figures import charts
from regionstudy.figures.content import Measure, as_text
from regionstudy.figures.values import status_text
from regionstudy.words import Words

CELLS = pd.DataFrame(
    {
        "row": ["a", "a", "b", "b", "c", "c"],
        "name": ["Arkivarier", "Arkivarier", "Jurister", "Jurister", "Kockar", "Kockar"],
        "column": ["2026", "2027"] * 3,
        "value": [12.0, -3.0, np.nan, 4.0, 7.0, 4.0],
        "status": ["", "", "", "", "suppressed", ""],
        "word": ["", "", Words("saknas", "missing"), Words("≤ 4", "≤ 4"), "", ""],
    }
)
ABOUT = {
    "title": "Det fattas folk",
    "measure": Measure(as_text("Gap"), as_text("personer"), as_text("2026–2027")),
    "row": "Yrke",
}


def texts(figure) -> dict[tuple[float, float], str]:
    found = {}
    for trace in figure.data:
        if trace.mode == "text":
            found |= dict(zip(zip(trace.y, trace.x, strict=True), trace.text, strict=True))
    return found


def test_each_cell_has_its_number_or_its_word():
    found = texts(charts.heat(CELLS, **ABOUT))
    assert found == {
        (1, 1): "12",
        (1, 2): "−3",
        (2, 1): "saknas",
        (2, 2): "≤ 4",
        (3, 1): str(status_text("hidden")),
        (3, 2): "4",
    }


def test_cell_without_a_number_has_no_colour():
    figure = charts.heat(CELLS, **ABOUT)
    filled = set()
    for trace in figure.data:
        if trace.fill == "toself":
            corners = [one for one in zip(trace.y, trace.x, strict=True) if one[0] is not None]
            filled |= {(round(y + 0.47), round(x + 0.47)) for y, x in corners[::5]}
    assert filled == {(1, 1), (1, 2), (2, 2), (3, 2)}


def test_hidden_number_is_nowhere_in_the_figure():
    secret = CELLS.assign(value=CELLS["value"].mask(CELLS["status"] == "suppressed", 7707.0))
    figure = charts.heat(secret, **ABOUT)
    payload = str(figure.to_dict()) + str(figure._repr_mimebundle_())
    assert "7707" not in payload
    assert "7 707" not in payload


def test_absent_cell_is_missing_in_the_table():
    figure = charts.heat(CELLS.iloc[:-1], **ABOUT)
    rows = figure.content.table.rows
    assert [str(cell) for cell in rows[2][1:]] == [str(status_text("hidden")), "uppgift saknas"]


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (CELLS.drop(columns="name"), "A grid needs the column name"),
        (pd.concat([CELLS, CELLS.iloc[:1]]), "one row for each row and column"),
    ],
)
def test_frame_that_cannot_be_drawn_is_refused(frame, message):
    with pytest.raises(DataError, match=message):
        charts.heat(frame, **ABOUT)
