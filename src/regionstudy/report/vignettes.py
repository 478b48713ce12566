"""Small pictures of real figures: the strip below a key figure, the vignette on a card."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import numpy as np
from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

__all__ = ["chart_vignette", "strip"]

_BARS = 7


def strip(content: Mapping[str, Any] | None) -> Markup:
    """
    Draw the strip below a key figure.

    Parameters
    ----------
    content : mapping or None
        ``values``, ``home`` and ``median``; or ``line``; or ``low``, ``high``, ``mean`` and
        ``zero``. Values that are None are left out of the picture.

    Returns
    -------
    Markup
        A decorative ``<svg>``, for the note beside it says the same in words; empty for None.
    """
    if content is None:
        return Markup("")
    if "line" in content:
        return _line(content["line"])
    if "values" in content:
        return _dots(content)
    return _interval(content)


def chart_vignette(traces: Sequence[Mapping[str, Any]]) -> Markup:
    """
    Draw a card's picture from a chart's first traces.

    Parameters
    ----------
    traces : sequence of mapping
        The ``data`` of a plotly figure.

    Returns
    -------
    Markup
        A decorative ``<svg>``; empty where the traces are neither bars, lines nor marks.
    """
    bars = [trace for trace in traces if trace.get("type") == "bar"]
    if bars:
        across = bars[0].get("orientation") == "h"
        values = _numbers(bars[0].get("x" if across else "y"))
        colours = (bars[0].get("marker") or {}).get("color")
        return _bars(values, colours)
    lines = [
        _numbers(trace.get("y"))
        for trace in traces
        if trace.get("type", "scatter") == "scatter" and "lines" in str(trace.get("mode", "lines"))
    ]
    found = [values for values in lines if np.isfinite(values).sum() > 1][:6]
    return _lines(found) if found else _marks(traces)


def _numbers(given: Any) -> NDArray[np.float64]:
    """Read an array as plotly sends it: a list, or base64 of a typed array."""
    if isinstance(given, dict) and "bdata" in given:
        return np.frombuffer(base64.b64decode(given["bdata"]), dtype=given["dtype"]).astype(float)
    if not isinstance(given, (list, tuple)):
        return np.array([])
    known = [item if isinstance(item, (int, float)) else np.nan for item in given]
    return np.asarray(known, dtype=float)


def _svg(body: str, kind: str, *, stretched: bool = False) -> Markup:
    view = ' viewBox="0 0 100 100" preserveAspectRatio="none"' if stretched else ""
    return Markup(f'<svg class="{kind}"{view} aria-hidden="true">{body}</svg>')  # noqa: S704 (numbers and escaped texts)


def _percent(value: float, low: float, high: float) -> str:
    share = (value - low) / (high - low) if high > low else 0.5
    return f"{2 + 96 * share:.1f}%"


def _dots(content: Mapping[str, Any]) -> Markup:
    home, median = content["home"], content["median"]
    values = [value for value in content["values"] if value is not None]
    every = [value for value in (*values, home, median) if value is not None]
    if not every:
        return Markup("")
    low, high = min(every), max(every)
    dots = "".join(
        f'<circle class="pd" cx="{_percent(value, low, high)}" cy="50%" r="4"/>' for value in values
    )
    if median is not None:
        x = _percent(median, low, high)
        dots += f'<line class="pm" x1="{x}" x2="{x}" y1="2" y2="16"/>'
    if home is not None:
        dots += f'<circle class="ph" cx="{_percent(home, low, high)}" cy="50%" r="7"/>'
    return _svg(f'<line class="gl" x1="0" x2="100%" y1="50%" y2="50%"/>{dots}', "iv")


def _interval(content: Mapping[str, Any]) -> Markup:
    low, high, mean = content["low"], content["high"], content["mean"]
    if None in (low, high, mean):
        return Markup("")
    zero = 0.0 if content["zero"] is True else content["zero"]
    ends = [low, high] if zero is None or zero is False else [low, high, zero]
    reach = (max(ends) - min(ends)) * 0.25
    first, last = min(ends) - reach, max(ends) + reach
    drawn = '<line class="gl" x1="0" x2="100%" y1="50%" y2="50%"/>'
    if len(ends) == 3:
        x = _percent(zero, first, last)
        drawn += f'<line class="zero" x1="{x}" x2="{x}" y1="1" y2="17"/>'
    x1, x2 = _percent(low, first, last), _percent(high, first, last)
    drawn += (
        f'<g class="home"><line class="ci" x1="{x1}" x2="{x2}" y1="50%" y2="50%"/>'
        f'<circle class="ce" cx="{_percent(mean, first, last)}" cy="50%" r="5.5"/></g>'
    )
    return _svg(drawn, "iv")


def _line(values: Sequence[float | None]) -> Markup:
    numbers = np.asarray([np.nan if v is None else v for v in values], dtype=float)
    if np.isfinite(numbers).sum() < 2:
        return Markup("")
    drawn = f'<path class="vl home" d="{_path(numbers, np.nanmin(numbers), np.nanmax(numbers))}"/>'
    return _svg(drawn, "iv", stretched=True)


def _path(numbers: NDArray[np.float64], low: float, high: float) -> str:
    x = np.linspace(0, 100, len(numbers))
    y = 92 - 84 * (numbers - low) / (high - low if high > low else 1.0)
    pen, steps = "M", []
    for one, other in zip(x, y, strict=True):
        if np.isnan(other):
            pen = "M"  # a gap stays a gap
            continue
        steps.append(f"{pen}{one:.1f},{other:.1f}")
        pen = "L"
    return "".join(steps)


def _lines(series: Sequence[NDArray[np.float64]]) -> Markup:
    if not series:
        return Markup("")
    low = min(np.nanmin(values) for values in series)
    high = max(np.nanmax(values) for values in series)
    drawn = "".join(f'<path class="vl" d="{_path(values, low, high)}"/>' for values in series)
    return _svg(drawn, "vg", stretched=True)


def _marks(traces: Sequence[Mapping[str, Any]]) -> Markup:
    """Draw the marks of a grid, whose rows stand from the top: the first kind stands out."""
    marked = [trace for trace in traces if trace.get("mode") == "markers"]
    points = [(_numbers(trace.get("x")), _numbers(trace.get("y"))) for trace in marked[:2]]
    points = [(x, y) for x, y in points if len(x) == len(y) > 1]
    if not points:
        return Markup("")
    every = [np.concatenate(side) for side in zip(*points, strict=True)]
    (left, right), (top, below) = ((np.nanmin(side), np.nanmax(side)) for side in every)
    width, height = 100 / (right - left + 1), 100 / (below - top + 1)
    drawn = "".join(
        f'<rect class="{kind}" x="{(one - left) * width:.1f}%" '
        f'y="{(other - top) * height:.1f}%" width="{0.7 * width:.1f}%" '
        f'height="{0.7 * height:.1f}%"/>'
        for kind, (x, y) in zip(("vb", "vb faint"), points, strict=False)
        for one, other in zip(x, y, strict=True)
    )
    return _svg(drawn, "vg")


def _bars(values: NDArray[np.float64], colours: Any) -> Markup:
    values = values[-_BARS:] if len(values) else values
    if not np.isfinite(values).any():
        return Markup("")
    low, high = min(0.0, float(np.nanmin(values))), max(0.0, float(np.nanmax(values)))
    span = high - low or 1.0
    shades = list(colours)[-_BARS:] if isinstance(colours, (list, tuple)) else [colours]
    step = 100 / len(values)
    drawn = ""
    for row, value in enumerate(values[::-1]):
        if np.isnan(value):
            continue
        left = 100 * (min(value, 0.0) - low) / span
        shade = shades[::-1][row] if len(shades) == len(values) else shades[0]
        home = " home" if "--home" in str(shade) else ""
        drawn += (
            f'<rect class="vb{home}" x="{left:.1f}%" width="{100 * abs(value) / span:.1f}%" '
            f'y="{row * step + step * 0.16:.1f}%" height="{step * 0.68:.1f}%"/>'
        )
    return _svg(drawn, "vg")
