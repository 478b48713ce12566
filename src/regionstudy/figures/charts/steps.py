"""How parts add up to a change: a bar a part, each beginning where the last one ended."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np

from regionstudy.errors import DataError
from regionstudy.figures.assembly import About, chart
from regionstudy.figures.charts.axes import number_axis
from regionstudy.figures.charts.rows import (
    axis_ticks,
    beside_rows,
    plain,
    sensible,
    text_width,
)
from regionstudy.figures.content import Column, Measure
from regionstudy.figures.tables import table_body
from regionstudy.figures.theme import plain_layout, token
from regionstudy.figures.values import joined, number_text, require_columns, require_one_row
from regionstudy.words import Message, Text, Words

if TYPE_CHECKING:
    import pandas as pd

    from regionstudy.figures.shown import StudyFigure

__all__ = ["steps"]

_ROW = 38
# On a phone a label takes several lines, of this many letters and pixels.
_NARROW_LETTERS = 19
_NARROW_LINE = 16


def steps(
    frame: pd.DataFrame,
    *,
    title: Text | str,
    measure: Measure,
    total: Text | str,
    decimals: int = 0,
    **about: Unpack[About],
) -> StudyFigure:
    """
    Draw the parts of a change, one after the other, and their sum.

    Parameters
    ----------
    frame : DataFrame, one row a part
        ``part`` (id), ``name`` (what it is called) and ``value``, in the order of drawing.
    title : Text or str
        The finding, as a sentence.
    measure : Measure
        The line above the picture.
    total : Text or str
        What the sum is called.
    decimals : int, default 0
        Decimals of the values.
    **about
        See `regionstudy.figures.assembly.About`.

    Returns
    -------
    StudyFigure
        A bar a part, and one from zero for the sum; each with its signed number.

    Raises
    ------
    DataError
        If a column is absent, a part repeats, or a value is missing: then no sum is known.
    """
    require_columns(frame, ["part", "name", "value"], where="A chart of steps")
    require_one_row(frame, ["part"], where="A chart of steps")
    missing = frame.loc[frame["value"].isna(), "part"].astype(str)
    if len(missing) or frame.empty:
        msg = (
            f"A chart of steps needs every part, and {', '.join(missing[:5]) or 'all'} has no "
            "value; choose years that have figures."
        )
        raise DataError(msg)
    names = [*frame["name"], total]
    values = np.append(frame["value"].to_numpy(dtype=float), frame["value"].sum())
    ends = np.append(np.cumsum(values[:-1]), values[-1])
    starts = np.append(np.append(0.0, ends[:-2]), 0.0)

    def draw(lang: str, narrow: bool) -> dict[str, Any]:
        return _draw(names, values, starts, ends, lang, narrow, decimals)

    listed = frame[["part", "name"]].assign(value=values[:-1])
    listed.loc[len(listed)] = ["total", total, values[-1]]
    columns = [
        Column("name", Message("figures.column.row")),
        Column("value", measure.name, "number", decimals, signed=True),
    ]
    what = joined([measure.name, measure.unit, measure.period], ", ")
    return chart(
        draw,
        kind="steps",
        title=title,
        measure=measure,
        alt=_alt(names, values, what, decimals),
        frames=(frame,),
        about=about,
        table=table_body(listed, columns=columns, caption=what),
    )


def _draw(
    names: list[Text | str],
    values: np.ndarray,
    starts: np.ndarray,
    ends: np.ndarray,
    lang: str,
    narrow: bool,
    decimals: int,
) -> dict[str, Any]:
    size = 12 if narrow else 13
    labels = [plain(name, lang) for name in names]
    numbers = [plain(number_text(float(x), decimals, signed=True), lang) for x in values]
    left = min(text_width(labels, size=size) + 14, 124 if narrow else 330)
    row = _ROW
    if narrow:
        lines = [wrap(text, _NARROW_LETTERS) for text in labels]
        labels = ["<br>".join(line) for line in lines]
        row = max(_ROW, 8 + _NARROW_LINE * max(map(len, lines)))
    right = text_width(numbers, size=size) + 18
    low, high = float(min(starts.min(), ends.min())), float(max(starts.max(), ends.max()))
    pad = (high - low or 1.0) * 0.03
    ticks, texts = axis_ticks(low - pad, high + pad, count=3 if narrow else 6, signed=True)
    count = len(values)
    rows = list(range(count))
    layout = plain_layout(lang, height=34 + row * count, margin=(left, right, 28, 6))
    bold = [f"<b>{text}</b>" if i == count - 1 else text for i, text in enumerate(labels)]
    said = [f"<b>{text}</b>" if i == count - 1 else text for i, text in enumerate(numbers)]
    layout |= {
        "bargap": 0.4,
        "xaxis": number_axis(low - pad, high + pad, ticks=ticks, texts=texts, lang=lang)
        | {"side": "top"},
        "yaxis": {"range": [count - 0.5, -0.5], "visible": False, "fixedrange": True},
        "annotations": [
            *beside_rows(dict(enumerate(bold)), side="left", shift=-left, size=size),
            *beside_rows(dict(enumerate(said)), side="right", shift=right, size=size),
        ],
        # A thin line takes the eye from where one bar ends to where the next begins.
        "shapes": [
            {
                "type": "line",
                "x0": float(ends[i]),
                "x1": float(ends[i]),
                "y0": i,
                "y1": i + 1,
                "layer": "below",
                "line": {"color": token("dot"), "width": 1},
            }
            for i in range(count - 1)
        ],
    }
    colours = [token("d6") if x >= 0 else token("d2") for x in values]
    colours[-1] = token("home")
    bar = {
        "type": "bar",
        "orientation": "h",
        "base": sensible(starts, 6),
        "x": sensible(ends - starts, 6),
        "y": rows,
        "marker": {"color": colours},
        "hovertext": [
            f"{text.replace('<br>', ' ')}: {number}"
            for text, number in zip(labels, numbers, strict=True)
        ],
        "hoverinfo": "text",
    }
    return {"data": [bar], "layout": layout}


def _alt(names: list[Text | str], values: np.ndarray, what: Text, decimals: int) -> Words:
    parts = [
        Message(
            "figures.alt.home",
            {"name": name, "value": number_text(float(value), decimals, signed=True)},
        )
        for name, value in zip(names, values, strict=True)
    ]
    return joined([Message("figures.alt.rows", {"n": len(values), "measure": what}), *parts])
