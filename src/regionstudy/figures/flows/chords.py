"""The chord diagram of flows: a sector a region, a ribbon a flow, as wide as the flow is large."""

from __future__ import annotations

from textwrap import shorten
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np
import pandas as pd

from regionstudy.errors import DataError
from regionstudy.figures.assembly import About, chart
from regionstudy.figures.charts.rows import home_text, legend_below, plain, spread
from regionstudy.figures.flows.grid import as_flows
from regionstudy.figures.flows.rows import flows_table, read_flows, short_names, tips
from regionstudy.figures.theme import plain_layout, token
from regionstudy.figures.values import joined
from regionstudy.words import Message, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from regionstudy.figures.content import Measure
    from regionstudy.figures.shown import StudyFigure

__all__ = ["flow_chord"]

# More sectors than this leave no room for their names.
_MOST = 26
_LISTED = 25
# Of flows that are not the home's, those beyond the largest so many would only be a haze.
_SHOWN = 80
_GAP = np.radians(1.5)
_NARROW_LETTERS = 15
_INNER = 0.96
# An arc of a sector is drawn in curves of at most this many radians each.
_STEP = np.radians(30)


def flow_chord(
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
    Draw flows between a few regions as ribbons between the sectors of a circle.

    Parameters
    ----------
    matrix : DataFrame, shape (regions, regions)
        As in `regionstudy.figures.flows.flow_grid`. A sector is as wide as what leaves and what
        comes, together; clockwise from its start stand first those who leave.
    title : Text or str
        The finding, as a sentence.
    measure : Measure
        The line above the picture.
    names : mapping of str to Text or str, optional
        Names by code; without it, those of the code list, counties without "län".
    home : iterable of str
        Codes of the home regions: the flows to and from them are coloured, the others grey.
        Without it, the three largest flows are.
    decimals : int, default 0
        Decimals of the values.
    **about
        See `regionstudy.figures.assembly.About`.

    Returns
    -------
    StudyFigure
        The figure; a missing flow has no ribbon and is counted in a note. Its table has the
        25 largest.

    Raises
    ------
    DataError
        If rows and columns are not the same regions in the same order, there are fewer than
        two or more than 26, a flow is negative, or none has a figure above zero.
    """
    codes, flows = as_flows(matrix, most=_MOST, where="A chord diagram")
    rows = read_flows(flows, codes, where="A chord diagram")
    missing = int(rows["value"].isna().sum())
    drawn = rows[rows["value"] > 0].sort_values("value", ascending=False, kind="stable")
    if drawn.empty:
        msg = "A chord diagram has no flow above zero to draw; show the figures in a table."
        raise DataError(msg)
    drawn = drawn.reset_index(drop=True)
    codes = [code for code in codes if code in set(drawn["origin"]) | set(drawn["destination"])]
    named = short_names(codes, names)
    told = tips(drawn, named, decimals)
    home = tuple(home)
    ours = drawn["origin"].isin(home) | drawn["destination"].isin(home)
    small = int((~ours).iloc[_SHOWN:].sum())
    if small:
        about["notes"] = (*about.get("notes", ()), Message("figures.flows.small", {"n": small}))
    if missing:
        about["notes"] = (*about.get("notes", ()), Message("figures.flows.missing", {"n": missing}))
    about["how_to_read"] = about.get("how_to_read") or Message("figures.flows.chord_how")
    what = joined([measure.name, measure.unit, measure.period], ", ")

    def draw(lang: str, narrow: bool) -> dict[str, Any]:
        return _draw(drawn, codes, named, told, home, lang, narrow)

    return chart(
        draw,
        kind="flow-chord",
        title=title,
        measure=measure,
        alt=Message(
            "figures.alt.flow_chord",
            {"n": len(codes), "measure": what, "largest": joined(told[:3], "; ")},
        ),
        frames=(matrix,),
        about=about,
        table=flows_table(drawn.head(_LISTED), named, measure, decimals),
    )


def _draw(
    rows: pd.DataFrame,
    codes: list[str],
    named: Mapping[str, Text],
    told: list[Text],
    home: tuple[str, ...],
    lang: str,
    narrow: bool,
) -> dict[str, Any]:
    sectors, leaves, comes = _angles(rows, codes)
    kinds = _kinds(rows, home)
    layout = plain_layout(lang, height=330 if narrow else 520, margin=(4, 4, 8, 40))
    across = 2.15 if narrow else 2.0
    plain_axis = {"visible": False, "fixedrange": True}
    layout |= {
        "xaxis": plain_axis | {"range": [-across, across]},
        "yaxis": plain_axis | {"range": [-1.25, 1.25], "scaleanchor": "x"},
        "annotations": _labels(sectors, codes, named, home, lang, narrow),
        "showlegend": bool(home),
        "legend": legend_below(order="reversed"),
    }
    data: list[dict[str, Any]] = []
    shapes = []
    for kind, colour, opacity in (("other", "dot", 0.3), ("out", "d2", 0.8), ("in", "d6", 0.8)):
        chosen = np.flatnonzero(kinds == kind)
        if not len(chosen):
            continue
        shapes.append(
            {
                "type": "path",
                "path": "".join(_ribbon(leaves[at], comes[at]) for at in chosen),
                "fillcolor": token(colour),
                "fillrule": "nonzero",
                "opacity": opacity,
                "line": {"width": 0},
            }
        )
        # A shape of many ribbons has no place in the legend; an empty trace stands for it.
        data.append(
            {
                "type": "scatter",
                "mode": "markers",
                "x": [None],
                "y": [None],
                "marker": {
                    "symbol": "square",
                    "size": 12,
                    "color": token(colour),
                    "opacity": opacity,
                },
                "name": plain(Message(f"figures.flows.chord_{kind}"), lang),
            }
        )
    rim = "".join(_band(first, last) for first, last in sectors)
    shapes.append({"type": "path", "path": rim, "fillcolor": token("ink2"), "line": {"width": 0}})
    layout["shapes"] = shapes
    # A pointer finds a flow at either of its ends.
    shown = np.flatnonzero(kinds != "")
    ends = np.concatenate([leaves[shown].mean(axis=1), comes[shown].mean(axis=1)])
    texts = [plain(told[at], lang) for at in shown]
    data.append(
        {
            "type": "scatter",
            "mode": "markers",
            "x": np.round(0.9 * np.sin(ends), 3).tolist(),
            "y": np.round(0.9 * np.cos(ends), 3).tolist(),
            "marker": {"size": 12, "opacity": 0},
            "hovertext": [*texts, *texts],
            "hoverinfo": "text",
            "showlegend": False,
        }
    )
    return {"data": data, "layout": layout}


def _angles(
    rows: pd.DataFrame, codes: list[str]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """
    Share the circle out, clockwise from the top.

    Gives each region's first and last angle, and each flow's where it leaves and where it
    comes. Within a sector, ribbons lie so that neighbours across the circle do not cross.
    """
    number = {code: at for at, code in enumerate(codes)}
    origin, destination = (rows[end].map(number).to_numpy() for end in ("origin", "destination"))
    value = rows["value"].to_numpy(dtype=float)
    count = len(codes)
    ends = pd.DataFrame(
        {
            "sector": np.concatenate([origin, destination]),
            "comes": np.repeat([0, 1], len(rows)),
            # The way round to the other end, the nearest counter-clockwise first.
            "way": np.concatenate([(origin - destination) % count, (destination - origin) % count]),
            "value": np.concatenate([value, value]),
        }
    )
    scale = (2 * np.pi - _GAP * count) / ends["value"].sum()
    ordered = ends.sort_values(["sector", "comes", "way"], kind="stable")
    before = ordered["value"].cumsum() - ordered["value"]
    first = before * scale + ordered["sector"] * _GAP
    spans = pd.DataFrame({"first": first, "last": first + ordered["value"] * scale})
    spans = spans.reindex(ends.index)
    sectors = spans.groupby(ends["sector"]).agg({"first": "min", "last": "max"}).to_numpy()
    both = spans.to_numpy()
    return sectors, both[: len(rows)], both[len(rows) :]


def _kinds(rows: pd.DataFrame, home: tuple[str, ...]) -> NDArray[np.str_]:
    """Tell flows from and to the home apart, and of the others those large enough to see."""
    largest = np.arange(len(rows)) < _SHOWN
    if home:
        ours = [rows[end].isin(home).to_numpy() for end in ("origin", "destination")]
        return np.select([*ours, largest], ["out", "in", "other"], "")
    return np.select([np.arange(len(rows)) < 3, largest], ["in", "other"], "")


def _ribbon(leaves: NDArray[np.float64], comes: NDArray[np.float64]) -> str:
    """Outline a ribbon: along one end, across, along the other, and back."""
    radius = _INNER - 0.02
    return (
        f"M{_at(leaves[0], radius)}{_along(leaves[0], leaves[1], radius)}"
        f"Q0,0 {_at(comes[0], radius)}{_along(comes[0], comes[1], radius)}"
        f"Q0,0 {_at(leaves[0], radius)}Z"
    )


def _band(first: float, last: float) -> str:
    """Outline a sector's rim."""
    inner = f"L{_at(last, _INNER)}{_along(last, first, _INNER)}Z"
    return f"M{_at(first, 1.0)}{_along(first, last, 1.0)}{inner}"


def _along(first: float, last: float, radius: float) -> str:
    """Follow the circle in quadratic curves, which is what a path can hold."""
    parts = max(1, int(np.ceil(abs(last - first) / _STEP)))
    angles = np.linspace(first, last, parts + 1)
    # The control point of an arc lies where the tangents of its ends meet.
    out = radius / np.cos((angles[1] - angles[0]) / 2)
    middles = (angles[1:] + angles[:-1]) / 2
    return "".join(
        f"Q{_at(middle, out)} {_at(end, radius)}"
        for middle, end in zip(middles, angles[1:], strict=True)
    )


def _at(angle: float, radius: float) -> str:
    x, y = round(radius * float(np.sin(angle)), 3), round(radius * float(np.cos(angle)), 3)
    return f"{x:g},{y:g}"


def _labels(
    sectors: NDArray[np.float64],
    codes: list[str],
    named: Mapping[str, Text],
    home: tuple[str, ...],
    lang: str,
    narrow: bool,
) -> list[dict[str, Any]]:
    """Name the sectors, on either side of the circle and clear of each other."""
    middle = sectors.mean(axis=1)
    right = np.sin(middle) >= 0
    room = 0.17 if narrow else 0.1
    labels = []
    for side in (True, False):
        chosen = np.flatnonzero(right == side)
        heights = spread([float(np.cos(middle[at])) * 1.06 for at in chosen], room)
        for at, height in zip(chosen, heights, strict=True):
            text = plain(named[codes[at]], lang)
            text = shorten(text, _NARROW_LETTERS, placeholder="…") if narrow else text
            # A name keeps outside the circle at its own height.
            inward = min(max(abs(height) - room / 2, 0.0), 1.0)
            out = float(np.sqrt(1.0 - inward**2)) + 0.08
            labels.append(
                {
                    "text": home_text(text) if codes[at] in home else text,
                    "x": round(out if side else -out, 3),
                    "y": round(height, 3),
                    "xanchor": "left" if side else "right",
                    "yanchor": "middle",
                    "showarrow": False,
                    "font": {"size": 10 if narrow else 12, "color": token("ink")},
                }
            )
    return labels
