"""Lines over time: their points, axes and breaks, shared by large and small pictures."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

import numpy as np

from regionstudy.errors import DataError
from regionstudy.figures.charts.axes import number_axis
from regionstudy.figures.charts.rows import axis_ticks, plain, sensible
from regionstudy.figures.theme import token
from regionstudy.figures.values import joined, value_text
from regionstudy.words import Words, format_period

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

__all__ = ["break_lines", "kind_of", "line_traces", "period_words", "time_axes", "year_of"]

_PERIOD = re.compile(r"(?P<year>\d{4})(?:(?P<kind>[MK])(?P<number>\d{1,2}))?")
_PARTS = {"M": 12, "K": 4}


def year_of(period: str) -> float:
    """
    Put a period on a time axis.

    Parameters
    ----------
    period : str
        Such as "2024", "2024K3" or "2024M05".

    Returns
    -------
    float
        The year, and the part of it that has passed when the period starts.

    Raises
    ------
    DataError
        If it can not be read.
    """
    found = _PERIOD.fullmatch(period)
    if found is None:
        msg = f'Period "{period}" can not be put on a time axis; use 2024, 2024K3 or 2024M05.'
        raise DataError(msg)
    if not found["kind"]:
        return float(found["year"])
    return int(found["year"]) + (int(found["number"]) - 1) / _PARTS[found["kind"]]


def period_words(period: str) -> Words:
    """
    Write a period in both languages.

    Parameters
    ----------
    period : str
        A period code.

    Returns
    -------
    Words
        Such as "maj 2024".
    """
    return Words(*(format_period(period, lang=lang) for lang in ("sv", "en")))


def _path(
    series: pd.DataFrame, column: str, breaks: Sequence[str]
) -> tuple[list[float | None], list[float | None]]:
    """Give a line's points, with a gap where a value is missing and before each break."""
    x, y = series["at"].to_numpy(dtype=float), series[column].to_numpy(dtype=float)
    cuts = [int(np.searchsorted(x, year_of(start))) for start in breaks]
    cuts = [cut for cut in cuts if 0 < cut < len(x)]
    return (
        sensible(np.insert(x, cuts, x[cuts] if cuts else []), 7),
        sensible(np.insert(y, cuts, np.nan), 5),
    )


def _line(kind: str) -> dict[str, Any]:
    if kind == "home":
        return {"color": token("home"), "width": 2.8}
    if kind == "dashed":
        return {"color": token("dot"), "width": 1.8, "dash": "4px,3px"}
    return {
        "color": token("ink" if kind == "own" else "dot"),
        "width": 2.2 if kind == "own" else 1.2,
    }


def kind_of(region: str, home: Sequence[str], dashed: Sequence[str], *, many: bool) -> str:
    """
    Tell how a region's line is drawn.

    Parameters
    ----------
    region : str
        Its code.
    home, dashed : sequence of str
        Codes of the home regions, and of those for comparison.
    many : bool
        Whether there are more lines than can be told apart.

    Returns
    -------
    {"home", "dashed", "own", "other"}
        "own" is a line of its own, "other" one in a crowd.
    """
    if region in home:
        return "home"
    return "dashed" if region in dashed else "other" if many else "own"


def line_traces(
    series: pd.DataFrame,
    name: str,
    kind: str,
    breaks: Sequence[str],
    lang: str,
    decimals: int,
    signed: bool,
    axis: str = "",
) -> list[dict[str, Any]]:
    """
    Draw one region's line.

    Parameters
    ----------
    series : DataFrame
        ``at``, ``period``, ``value``, ``status`` and perhaps ``smooth``, in order of time.
    name : str
        The region's name.
    kind : str
        From `kind_of`.
    breaks : sequence of str
        First periods of a new way of measuring.
    lang : {"sv", "en"}
        The language.
    decimals : int
        Decimals of the values.
    signed : bool
        Whether positive ones carry a plus.
    axis : str
        Number of the axes, "" for the first.

    Returns
    -------
    list of dict
        plotly traces: the values, and the smoothed line where there is one.
    """
    on = {"type": "scatter", "xaxis": f"x{axis}", "yaxis": f"y{axis}", "connectgaps": False}
    x, y = _path(series, "value", breaks)
    texts = [
        joined([period_words(str(p)), value_text(v, s, decimals=decimals, signed=signed)], ": ")
        for p, v, s in zip(series["period"], series["value"], series["status"], strict=True)
    ]
    written = dict(zip(sensible(series["at"], 7), (plain(t, lang) for t in texts), strict=True))
    hover = {
        "hovertext": [f"{plain(name, lang)}, {written[at]}" for at in x],
        "hoverinfo": "text",
    }
    if "smooth" in series and series["smooth"].notna().any():
        thin = {"color": token("dot"), "width": 1}
        sx, sy = _path(series, "smooth", breaks)
        return [
            on | {"mode": "lines", "x": x, "y": y, "line": thin, "opacity": 0.6} | hover,
            on | {"mode": "lines", "x": sx, "y": sy, "line": _line(kind), "hoverinfo": "skip"},
        ]
    line = _line(kind)
    drawn = on | {"mode": "lines", "x": x, "y": y, "line": line} | hover
    alone = _alone(y)
    if any(alone):
        # A value between two gaps would be no line at all.
        marker = {"color": line["color"], "size": [6 if only else 0 for only in alone]}
        drawn |= {"mode": "lines+markers", "marker": marker}
    return [drawn]


def _alone(y: list[float | None]) -> list[bool]:
    padded = [None, *y, None]
    return [
        one is not None and before is None and after is None
        for before, one, after in zip(padded, y, padded[2:], strict=False)
    ]


def _scale(listed: pd.DataFrame, signed: bool) -> tuple[float, float]:
    columns = [column for column in ("value", "smooth") if column in listed]
    numbers = listed[columns].to_numpy(dtype=float)
    low, high = float(np.nanmin(numbers)), float(np.nanmax(numbers))
    if signed:
        low, high = min(low, 0.0), max(high, 0.0)
    pad = (high - low or abs(high) or 1.0) * 0.06
    return low - pad, high + pad


def time_axes(
    listed: pd.DataFrame, lang: str, signed: bool, *, count: int, years: int
) -> tuple[dict[str, Any], dict[str, Any]]:
    """
    Give the two axes of lines over time.

    Parameters
    ----------
    listed : DataFrame
        All lines, so that pictures share a scale.
    lang : {"sv", "en"}
        The language.
    signed : bool
        Whether zero is a line and positive ticks carry a plus.
    count, years : int
        About how many ticks upright, and how many years across.

    Returns
    -------
    tuple of two dict
        plotly axes, across and upright.
    """
    low, high = _scale(listed, signed)
    ticks, texts = axis_ticks(low, high, count=count, signed=signed)
    first, last = float(listed["at"].min()), float(listed["at"].max())
    step = max(1, math.ceil((last - first) / max(years, 1)))
    marks = list(range(math.ceil(first), math.floor(last) + 1, step))
    pad = max((last - first) * 0.02, 0.1)
    across = {
        "range": [first - pad, last + pad],
        "tickvals": marks,
        "ticktext": [str(year) for year in marks],
        "tickfont": {"size": 12, "color": token("ink2")},
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
    }
    upright = number_axis(low, high, ticks=ticks, texts=texts, lang=lang)
    return across, upright | {"zeroline": signed, "automargin": True}


def break_lines(breaks: Sequence[str], axis: str = "") -> list[dict[str, Any]]:
    """
    Mark where a new way of measuring starts.

    Parameters
    ----------
    breaks : sequence of str
        First periods.
    axis : str
        Number of the axes, "" for the first.

    Returns
    -------
    list of dict
        plotly shapes, half a year before each.
    """
    return [
        {
            "type": "line",
            "xref": f"x{axis}",
            "yref": f"y{axis} domain",
            "x0": year_of(start) - 0.5,
            "x1": year_of(start) - 0.5,
            "y0": 0,
            "y1": 1,
            "line": {"color": token("dot"), "width": 1, "dash": "dot"},
        }
        for start in breaks
    ]
