"""The grid of flows: a row an origin, a column a destination, a colour a class."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack

import numpy as np
import pandas as pd

from regionstudy.errors import DataError
from regionstudy.figures.assembly import About, chart
from regionstudy.figures.charts.rows import home_text, legend_below, plain, text_width
from regionstudy.figures.classes import classify
from regionstudy.figures.flows.rows import flows_table, read_flows, short_names, tips
from regionstudy.figures.theme import SCALES, plain_layout, token
from regionstudy.figures.values import joined
from regionstudy.words import Message, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from regionstudy.figures.classes import Classes
    from regionstudy.figures.content import Measure
    from regionstudy.figures.shown import StudyFigure

__all__ = ["as_flows", "flow_grid"]

# More rows than this can't be read, nor told apart by number.
_MOST = 40
_ROW = 20
_LISTED = 25


def flow_grid(
    matrix: pd.DataFrame,
    *,
    title: Text | str,
    measure: Measure,
    names: Mapping[str, Text | str] | None = None,
    home: Iterable[str] = (),
    decimals: int = 0,
    **about: Unpack[About],
) -> StudyFigure:
    """
    Draw flows between all pairs of a few regions as a grid of coloured cells.

    Parameters
    ----------
    matrix : DataFrame, shape (regions, regions)
        Origins down and destinations across, as
        `regionstudy.analysis.migration.flow_matrix` gives it; NaN where missing. The diagonal
        is left blank. Sources come from ``attrs["provenance"]``.
    title : Text or str
        The finding, as a sentence.
    measure : Measure
        The line above the grid.
    names : mapping of str to Text or str, optional
        Names by code; without it, those of the code list, counties without "län".
    home : iterable of str
        Codes of the home regions, set off.
    decimals : int, default 0
        Decimals of the values.
    **about
        See `regionstudy.figures.assembly.About`.

    Returns
    -------
    StudyFigure
        The figure; a missing flow is a cross, never a colour. Its table has the 25 largest.

    Raises
    ------
    DataError
        If rows and columns are not the same regions in the same order, there are fewer than
        two or more than 40, a flow is negative, or none has a figure.
    """
    codes, flows = as_flows(matrix, most=_MOST, where="A flow grid")
    rows = read_flows(flows, codes, where="A flow grid")
    named = short_names(codes, names)
    classes = classify(rows["value"], scale="sequential")
    told = tips(rows, named, decimals)
    missing = int(rows["value"].isna().sum())
    if missing:
        about["notes"] = (
            *about.get("notes", ()),
            Message("figures.flows.missing", {"n": missing}),
        )
    about["how_to_read"] = about.get("how_to_read") or Message("figures.flows.grid_how")
    order = rows["value"].sort_values(ascending=False, kind="stable").index
    what = joined([measure.name, measure.unit, measure.period], ", ")
    largest = joined([told[at] for at in order[:3]], "; ")
    home = tuple(home)

    def draw(lang: str, narrow: bool) -> dict[str, Any]:
        return _draw(rows, codes, named, classes, told, home, lang, narrow)

    return chart(
        draw,
        kind="flow-grid",
        title=title,
        measure=measure,
        alt=Message(
            "figures.alt.flow_grid", {"n": len(codes), "measure": what, "largest": largest}
        ),
        frames=(matrix,),
        about=about,
        table=flows_table(rows.loc[order[:_LISTED]], named, measure, decimals),
    )


def as_flows(matrix: pd.DataFrame, *, most: int, where: str) -> tuple[list[str], pd.DataFrame]:
    """
    Turn a matrix of flows into rows, a pair each.

    Parameters
    ----------
    matrix : DataFrame, shape (regions, regions)
        Origins down and destinations across.
    most : int
        The number of regions that can be drawn.
    where : str
        What is being drawn, for messages.

    Returns
    -------
    codes : list of str
        The regions in their order.
    flows : DataFrame
        ``origin``, ``destination``, ``value``.

    Raises
    ------
    DataError
        If rows and columns are not the same regions in the same order, or there are fewer
        than two or too many.
    """
    codes = [str(code) for code in matrix.index]
    if codes != [str(code) for code in matrix.columns]:
        msg = (
            f"{where} needs the same regions down and across, in the same order; make it with "
            "regionstudy.analysis.migration.flow_matrix."
        )
        raise DataError(msg)
    if not 2 <= len(codes) <= most:
        msg = (
            f"{where} shows 2 to {most} regions, but got {len(codes)}; take counties, or "
            "choose regions in flow_matrix."
        )
        raise DataError(msg)
    flows = pd.DataFrame(
        {
            "origin": np.repeat(codes, len(codes)),
            "destination": np.tile(codes, len(codes)),
            "value": matrix.to_numpy(dtype=float).ravel(),
        }
    )
    return codes, flows


def _draw(
    rows: pd.DataFrame,
    codes: list[str],
    named: Mapping[str, Text],
    classes: Classes,
    told: list[Text],
    home: tuple[str, ...],
    lang: str,
    narrow: bool,
) -> dict[str, Any]:
    size = 10 if narrow else 13
    texts = [plain(named[code], lang) for code in codes]
    rowed = [f"{text} {number}" for number, text in enumerate(texts, start=1)]
    left = text_width(rowed, size=size) + 10
    place = {code: number for number, code in enumerate(codes, start=1)}
    across = rows["destination"].map(place).to_numpy()
    down = rows["origin"].map(place).to_numpy()
    row = 14 if narrow else _ROW
    layout = plain_layout(lang, height=row * len(codes) + 84, margin=(left, 8, 24, 60))
    marks = list(range(1, len(codes) + 1))
    axis = {
        "range": [0.5, len(codes) + 0.5],
        "tickvals": marks,
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
        "tickangle": 0,
        "tickfont": {"size": size, "color": token("ink")},
    }
    numbered = [str(mark) for mark in marks]
    layout |= {
        "xaxis": {**axis, "side": "top", "ticktext": _set_off(numbered, codes, home)},
        "yaxis": {
            **axis,
            "range": [len(codes) + 0.5, 0.5],
            "ticktext": _set_off(rowed, codes, home),
        },
        "showlegend": True,
        "legend": legend_below(),
        "annotations": [],
    }
    if narrow:
        # Every other number is enough where they would run together.
        layout["xaxis"]["tickvals"] = marks[::2]
        layout["xaxis"]["ticktext"] = _set_off(numbered, codes, home)[::2]
    quiet = {"type": "scatter", "hoverinfo": "skip"}
    data: list[dict[str, Any]] = [
        quiet
        | {
            "mode": "lines",
            **_squares(across, down, (classes.of == kind).fillna(False).to_numpy(dtype=bool)),
            "fill": "toself",
            "fillcolor": token(colour),
            "line": {"width": 0},
            "name": plain(label, lang),
        }
        for kind, (colour, label) in enumerate(
            zip(SCALES["sequential"], classes.labels, strict=True), start=1
        )
    ]
    lacking = rows["value"].isna().to_numpy()
    if lacking.any():
        data.append(
            quiet
            | {
                "mode": "markers",
                "x": across[lacking].tolist(),
                "y": down[lacking].tolist(),
                "marker": {
                    "symbol": "x-thin",
                    "size": 7,
                    "line": {"color": token("missing"), "width": 1.2},
                },
                "name": plain(Message("words.missing"), lang),
            }
        )
    data.append(
        {
            "type": "scatter",
            "mode": "markers",
            "name": "cells",
            "x": across.tolist(),
            "y": down.tolist(),
            "marker": {"size": row - 2, "symbol": "square", "opacity": 0},
            "hovertext": [plain(text, lang) for text in told],
            "hoverinfo": "text",
            "showlegend": False,
        }
    )
    return {"data": data, "layout": layout}


def _set_off(texts: list[str], codes: list[str], home: tuple[str, ...]) -> list[str]:
    return [
        home_text(text) if code in home else text for text, code in zip(texts, codes, strict=True)
    ]


def _squares(
    across: np.ndarray, down: np.ndarray, chosen: np.ndarray
) -> dict[str, list[float | None]]:
    """Give the outlines of cells, each followed by a gap."""
    half = 0.47
    x = across[chosen, np.newaxis] + np.array([-half, half, half, -half, -half, np.nan])
    y = down[chosen, np.newaxis] + np.array([-half, -half, half, half, -half, np.nan])
    return {
        name: [None if np.isnan(one) else round(one, 2) for one in corners.ravel().tolist()]
        for name, corners in (("x", x), ("y", y))
    }
