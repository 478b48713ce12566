"""A number in each cell of a grid, its colour a class: rows by columns."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np
import pandas as pd

from regionstudy.figures.assembly import About, chart
from regionstudy.figures.charts.rows import legend_below, plain, text_width
from regionstudy.figures.classes import classify
from regionstudy.figures.content import Column, Measure
from regionstudy.figures.tables import table_body
from regionstudy.figures.theme import SCALES, plain_layout, token
from regionstudy.figures.values import (
    joined,
    number_text,
    require_columns,
    require_one_row,
    status_text,
    visible,
)
from regionstudy.words import Message, Text

if TYPE_CHECKING:
    from regionstudy.figures.classes import Classes
    from regionstudy.figures.shown import StudyFigure

__all__ = ["heat"]

_ROW = 28
# On a phone a long label takes several lines, of this many letters and pixels.
_NARROW_LETTERS = 20
_LINE = 15
_HALF = 0.47
# The colour that is read best upon each class in both themes, lowest class first.
_READ = {
    "sequential": ("ink", "ink", "ink", "card", "card"),
    "diverging": ("card", "on2", "ink", "ink", "on2", "card"),
}


def heat(
    frame: pd.DataFrame,
    *,
    title: Text | str,
    measure: Measure,
    row: Text | str,
    decimals: int = 0,
    scale: str = "auto",
    **about: Unpack[About],
) -> StudyFigure:
    """
    Draw a grid of numbers, coloured by class.

    Parameters
    ----------
    frame : DataFrame, one row a cell
        ``row`` (id), ``name`` (Text or str), ``column`` (str), ``value``, ``status``; where
        there is ``word``, a Text that stands in the cell instead of the number, or "". Rows and
        columns are drawn in the order that they first stand in.
    title : Text or str
        The finding, as a sentence.
    measure : Measure
        The line above the grid.
    row : Text or str
        What a row is, as the table's heading.
    decimals : int, default 0
        Decimals of the values.
    scale : {"auto", "sequential", "diverging"}, default "auto"
        See `regionstudy.figures.classes.classify`.
    **about
        See `regionstudy.figures.assembly.About`.

    Returns
    -------
    StudyFigure
        The figure; a cell without a number has its word and no colour. Its table has the same.

    Raises
    ------
    DataError
        If a column is absent, a cell repeats, or no cell has a number.
    """
    require_columns(frame, ["row", "name", "column", "value"], where="A grid")
    require_one_row(frame, ["row", "column"], where="A grid")
    cells = frame.reset_index(drop=True).assign(**visible(frame.reset_index(drop=True)))
    cells["text"] = pd.Series(_texts(cells, decimals), index=cells.index, dtype=object)
    rows = cells.drop_duplicates("row").set_index("row")["name"]
    columns = [str(one) for one in cells["column"].drop_duplicates()]
    classes = classify(cells["value"], scale=scale)
    about["how_to_read"] = about.get("how_to_read") or Message("gap.heat.how")

    def draw(lang: str, narrow: bool) -> dict[str, Any]:
        return _draw(cells, rows, columns, classes, lang, narrow)

    what = joined([measure.name, measure.unit, measure.period], ", ")
    told = cells.loc[cells["value"].sort_values(ascending=False, kind="stable").index]
    largest = [
        joined([one["name"], one["column"], one["text"]], " ")
        for one in told[told["value"].notna()].head(3).to_dict("records")
    ]
    return chart(
        draw,
        kind="heat",
        title=title,
        measure=measure,
        alt=Message(
            "gap.heat.alt",
            {"n": len(rows), "columns": len(columns), "measure": what, "largest": largest},
        ),
        frames=(frame,),
        about=about,
        table=table_body(
            _wide(cells, rows, columns),
            columns=[
                Column("name", joined([row])),
                *(Column(one, joined([one]), "number", decimals) for one in columns),
            ],
            caption=what,
        ),
    )


def _texts(cells: pd.DataFrame, decimals: int) -> list[Text]:
    """Write what stands in each cell."""
    words = cells["word"] if "word" in cells else [""] * len(cells)
    return [
        word
        if isinstance(word, Text)
        else status_text(str(status))
        if np.isnan(value)
        else number_text(float(value), decimals)
        for word, value, status in zip(words, cells["value"], cells["status"], strict=True)
    ]


def _wide(cells: pd.DataFrame, rows: pd.Series[Any], columns: list[str]) -> pd.DataFrame:
    texts = cells.assign(column=cells["column"].astype(str)).pivot(  # noqa: PD010 - keys are unique
        index="row", columns="column", values="text"
    )
    wide = texts.reindex(index=rows.index, columns=columns).astype(object)
    # A cell that has no row is missing, as one that says so is.
    for column in columns:
        gone = wide[column].isna()
        wide[column] = wide[column].mask(
            gone, pd.Series([status_text("..")] * len(wide), wide.index)
        )
    return wide.assign(name=rows).reset_index(drop=True)


def _draw(
    cells: pd.DataFrame,
    rows: pd.Series[Any],
    columns: list[str],
    classes: Classes,
    lang: str,
    narrow: bool,
) -> dict[str, Any]:
    size = 12 if narrow else 13
    labels = [plain(name, lang) for name in rows]
    lines = [
        wrap(label, _NARROW_LETTERS, break_long_words=False) if narrow else [label]
        for label in labels
    ]
    height = max(_ROW, 6 + _LINE * max(map(len, lines))) if narrow else _ROW
    left = text_width([line for label in lines for line in label], size=size) + 12
    layout = plain_layout(lang, height=height * len(rows) + 92, margin=(left, 6, 28, 60))
    axis = {"showgrid": False, "zeroline": False, "fixedrange": True, "tickangle": 0}
    font = {"size": size, "color": token("ink")}
    layout |= {
        "xaxis": {
            **axis,
            "side": "top",
            "range": [0.5, len(columns) + 0.5],
            "tickvals": list(range(1, len(columns) + 1)),
            "ticktext": columns,
            "tickfont": font,
        },
        "yaxis": {
            **axis,
            "range": [len(rows) + 0.5, 0.5],
            "tickvals": list(range(1, len(rows) + 1)),
            "ticktext": ["<br>".join(label) for label in lines],
            "tickfont": font,
        },
        "showlegend": True,
        "legend": legend_below(),
        "annotations": [],
    }
    across = cells["column"].astype(str).map({one: at + 1 for at, one in enumerate(columns)})
    down = cells["row"].map({one: at + 1 for at, one in enumerate(rows.index)})
    x, y = across.to_numpy(dtype=float), down.to_numpy(dtype=float)
    of = classes.of.fillna(0).to_numpy(dtype=int)
    named = zip(SCALES[classes.scale], classes.labels, strict=True)
    data: list[dict[str, Any]] = [
        {
            "type": "scatter",
            "mode": "lines",
            **_squares(x[of == kind], y[of == kind]),
            "fill": "toself",
            "fillcolor": token(colour),
            "line": {"width": 0},
            "hoverinfo": "skip",
            "name": plain(label, lang),
        }
        for kind, (colour, label) in enumerate(named, start=1)
    ]
    texts = [plain(text, lang) for text in cells["text"]]
    # A cell without a class stands on the paper.
    read = np.array(["ink", *_READ[classes.scale]])[of]
    for colour in dict.fromkeys(read):
        at = np.flatnonzero(read == colour)
        data.append(
            {
                "type": "scatter",
                "mode": "text",
                "x": x[at].tolist(),
                "y": y[at].tolist(),
                "text": [texts[one] for one in at],
                "textfont": {"size": size - 1 if narrow else size, "color": token(colour)},
                "hoverinfo": "text",
                "hovertext": [
                    f"{labels[int(y[one]) - 1]}, {columns[int(x[one]) - 1]}: {texts[one]}"
                    for one in at
                ],
                "showlegend": False,
                "name": "cells",
            }
        )
    return {"data": data, "layout": layout}


def _squares(across: np.ndarray, down: np.ndarray) -> dict[str, list[float | None]]:
    """Give the outlines of cells, each followed by a gap."""
    x = across[:, np.newaxis] + np.array([-_HALF, _HALF, _HALF, -_HALF, -_HALF, np.nan])
    y = down[:, np.newaxis] + np.array([-_HALF, -_HALF, _HALF, _HALF, -_HALF, np.nan])
    return {
        name: [None if np.isnan(one) else round(one, 2) for one in corners.ravel().tolist()]
        for name, corners in (("x", x), ("y", y))
    }
