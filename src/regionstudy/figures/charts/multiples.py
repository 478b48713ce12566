"""Small pictures of lines over time, a region each, on one scale."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from regionstudy.figures.charts.lines import break_lines, kind_of, line_traces, time_axes
from regionstudy.figures.charts.rows import home_text, plain
from regionstudy.figures.theme import plain_layout
from regionstudy.figures.values import value_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

__all__ = ["draw_multiples"]

# Pixels between two rows, for the years below one and the name above the next.
_BETWEEN = 50


def draw_multiples(
    listed: pd.DataFrame,
    names: dict[str, str],
    home: Sequence[str],
    dashed: Sequence[str],
    breaks: Sequence[str],
    lang: str,
    narrow: bool,
    decimals: int,
    signed: bool,
) -> dict[str, Any]:
    """
    Draw a small picture a region, all on one scale.

    Parameters
    ----------
    listed : DataFrame
        As in `regionstudy.figures.charts.lines.line_traces`, with ``region``.
    names : dict of str to str
        Code to name.
    home, dashed, breaks : sequence of str
        As in `regionstudy.figures.charts.trends.trend`.
    lang : {"sv", "en"}
        The language.
    narrow : bool
        Whether it is for a phone: two abreast, not four.
    decimals : int
        Decimals of the values.
    signed : bool
        Whether positive ones carry a plus.

    Returns
    -------
    dict
        A plotly figure.
    """
    groups = {str(code): series for code, series in listed.groupby("region", sort=False)}
    panels = [code for code in groups if code not in dashed]
    columns = min(2 if narrow else 4, len(panels)) or 1
    lines = math.ceil(len(panels) / columns)
    row = 150 if narrow else 176
    layout = plain_layout(lang, height=row * lines, margin=(38, 20, 26, 22))
    across, upright = time_axes(listed, lang, signed, count=3, years=1)
    ends = [across["tickvals"][0], math.floor(listed["at"].max())]
    across |= {"tickvals": ends, "ticktext": [str(year) for year in ends]}
    # Every picture is as wide and as tall as the others, whatever stands between them.
    gutter = 0.13 if narrow else 0.045
    gap = _BETWEEN / (layout["height"] - layout["margin"]["t"] - layout["margin"]["b"])
    wide, tall = (1 - gutter * (columns - 1)) / columns, (1 - gap * (lines - 1)) / lines
    annotations, shapes, data = [], [], []
    for number, code in enumerate(panels):
        axis = "" if number == 0 else str(number + 1)
        column, line = number % columns, number // columns
        left, top = column * (wide + gutter), 1 - line * (tall + gap)
        layout[f"xaxis{axis}"] = across | {
            "domain": [round(left, 4), round(min(left + wide, 1), 4)],
            "anchor": f"y{axis}",
        }
        layout[f"yaxis{axis}"] = upright | {
            "domain": [round(max(top - tall, 0), 4), round(top, 4)],
            "anchor": f"x{axis}",
            "showticklabels": column == 0,
        }
        kind = kind_of(code, home, dashed, many=False)
        for other in dashed:
            if other in groups:
                data += line_traces(
                    groups[other], names[other], "dashed", breaks, lang, decimals, signed, axis
                )
        data += line_traces(groups[code], names[code], kind, breaks, lang, decimals, signed, axis)
        shapes += break_lines(breaks, axis)
        newest = groups[code].iloc[-1]
        value = value_text(newest["value"], newest["status"], decimals=decimals, signed=signed)
        text = plain(names[code], lang)
        text = home_text(text) if kind == "home" else f"<b>{text}</b>"
        annotations.append(
            {
                "text": f"{text}  {plain(value, lang)}",
                "x": 0,
                "xref": f"x{axis} domain",
                "xanchor": "left",
                "y": 1,
                "yref": f"y{axis} domain",
                "yanchor": "bottom",
                "yshift": 3,
                "showarrow": False,
                "font": {"size": 12 if narrow else 13},
            }
        )
    layout |= {"annotations": annotations, "shapes": shapes}
    return {"data": data, "layout": layout}
