"""Maps for JupyterLab: filled shapes on equal axes, a trace a class."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from regionstudy.figures.theme import NEUTRAL, SCALES, plain_layout, plotly_text, token
from regionstudy.words import Message, current_language, render

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

    from regionstudy.figures.content import MapPanel
    from regionstudy.figures.shown import MapsBody
    from regionstudy.words import Text

__all__ = ["draw_maps", "map_frame", "surroundings_of"]

_MARGIN = 0.06
_HEIGHT = {"country": 720, "region": 520}


def surroundings_of(regions: gpd.GeoDataFrame, inside: Iterable[str]) -> tuple[str, ...]:
    """
    Give the codes of the regions that a regional map's frame touches.

    Parameters
    ----------
    regions : GeoDataFrame
        All regions.
    inside : iterable of str
        Codes that the map is about.

    Returns
    -------
    tuple of str
        The codes of the others.
    """
    inside = list(inside)
    shapes = _shapes(regions)
    held = regions["region"].isin(inside).to_numpy()
    frame = shapely.box(*map_frame(regions, inside))
    return tuple(regions["region"].to_numpy()[~held & shapely.intersects(shapes, frame)])


def map_frame(
    regions: gpd.GeoDataFrame, inside: Iterable[str]
) -> tuple[float, float, float, float]:
    """
    Give the frame of a map of some regions.

    Parameters
    ----------
    regions : GeoDataFrame
        All regions.
    inside : iterable of str
        Codes that the map is about.

    Returns
    -------
    tuple of four float
        West, south, east and north in metres, with a margin around the regions.
    """
    return _frame(_shapes(regions)[regions["region"].isin(list(inside)).to_numpy()])


def draw_maps(body: MapsBody, regions: gpd.GeoDataFrame) -> dict[str, Any]:
    """
    Draw a figure's maps with plotly.

    Parameters
    ----------
    body : MapsBody
        What stands in them.
    regions : GeoDataFrame
        Their regions.

    Returns
    -------
    dict
        ``data`` and ``layout`` in the study's language.
    """
    lang = current_language()
    shapes = dict(zip(regions["region"], _shapes(regions), strict=True))
    both = len(body.maps) > 1
    layout = plain_layout(lang, height=_HEIGHT[body.maps[0].extent], margin=(8, 8, 8, 8))
    data: list[dict[str, Any]] = []
    for number, panel in enumerate(body.maps, start=1):
        axis = "" if number == 1 else str(number)
        frame = _frame(np.array([shapes[code] for code in panel.values]))
        data += _panel_traces(panel, body, shapes, axis, lang)
        across = [0.0, 0.42] if both and number == 1 else [0.44, 1.0] if both else [0.0, 0.72]
        upright = [0.42, 1.0] if both and number == 2 else [0.0, 1.0]
        hidden = {"visible": False, "fixedrange": False}
        layout[f"xaxis{axis}"] = {**hidden, "range": [frame[0], frame[2]], "domain": across}
        layout[f"yaxis{axis}"] = {
            **hidden,
            "range": [frame[1], frame[3]],
            "domain": upright,
            # Equal axes: a kilometre east is as long as a kilometre north.
            "scaleanchor": f"x{axis}",
            "constrain": "domain",
            "anchor": f"x{axis}",
        }
        layout[f"xaxis{axis}"] |= {"constrain": "domain", "anchor": f"y{axis}"}
    layout |= {
        "showlegend": True,
        "dragmode": "pan",
        "legend": {
            "x": 0.46 if both else 0.74,
            "y": 0.38 if both else 0.98,
            "xanchor": "left",
            "yanchor": "top",
            "traceorder": "normal",
            "itemclick": False,
            "itemdoubleclick": False,
            "title": {"text": _in(Message("figures.legend"), lang), "font": {"size": 13}},
        },
        "annotations": _points_list(body, lang),
    }
    return {"data": data, "layout": layout}


def _in(text: Text, lang: str) -> str:
    return plotly_text(render(text, lang))


def _shapes(regions: gpd.GeoDataFrame) -> NDArray[np.object_]:
    return np.asarray(regions.geometry.array)


def _frame(shapes: NDArray[np.object_]) -> tuple[float, float, float, float]:
    west, south, east, north = shapely.total_bounds(shapes)
    pad = _MARGIN * max(east - west, north - south)
    return (west - pad, south - pad, east + pad, north + pad)


def _rings(shapes: Sequence[Any]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Give the rings of shapes as two arrays, with a gap (NaN) after each ring."""
    if not len(shapes):
        return np.array([np.nan], np.float32), np.array([np.nan], np.float32)
    # get_rings gives none for a MultiPolygon, hence the parts first.
    rings = shapely.get_rings(shapely.get_parts(np.asarray(shapes, dtype=object)))
    points, owner = shapely.get_coordinates(rings, return_index=True)
    ends = np.flatnonzero(np.diff(owner)) + 1
    gapped = np.insert(points, ends, np.nan, axis=0).astype(np.float32)
    return gapped[:, 0], gapped[:, 1]


def _fill(shapes: Sequence[Any], axis: str, **more: Any) -> dict[str, Any]:
    x, y = _rings(shapes)
    # Simplified, a region smaller than a pixel would be no shape at all.
    line = {"color": token("border"), "width": 0.6, **more.pop("line", {}), "simplify": False}
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": y,
        "xaxis": f"x{axis}",
        "yaxis": f"y{axis}",
        "fill": "toself",
        "hoverinfo": "skip",
        "showlegend": False,
        "line": line,
        **more,
    }


def _look(kind: int | None, status: str, body: MapsBody) -> dict[str, Any]:
    """Give the fill of a class, or of what has no figure: never a class's colour."""
    if kind is not None:
        return {"fillcolor": token((*SCALES[body.scale], NEUTRAL)[kind - 1])}
    pattern = {
        "shape": "." if status == "hidden" else "/",
        "fgcolor": token("missing"),
        "bgcolor": token("paper"),
        "size": 6,
        "solidity": 0.25,
    }
    return {"fillpattern": pattern, "fillcolor": token("paper")}


def _panel_traces(
    panel: MapPanel, body: MapsBody, shapes: dict[str, Any], axis: str, lang: str
) -> list[dict[str, Any]]:
    grouped: dict[tuple[int | None, str], list[Any]] = {}
    for code, value in panel.values.items():
        status = "" if value.class_ is not None else "hidden" if value.status == "hidden" else ".."
        grouped.setdefault((value.class_, status), []).append(shapes[code])
    # The first map's shapes make the legend too, classes without a region included.
    legend = _legend(body, lang) if axis == "" else dict.fromkeys(grouped, "")
    line = {"color": token("paper"), "width": 0.8}
    grey = [shapes[code] for code in panel.context]
    traces = [_fill(grey, axis, fillcolor=token("land"), line=line)] if grey else []
    traces += [
        _fill(grouped.get(key, []), axis, **_look(*key, body), name=name, showlegend=axis == "")
        for key, name in legend.items()
    ]
    if panel.outline:
        union = [shapely.union_all([shapes[code] for code in panel.outline])]
        for colour, width in (("paper", 4.4), ("ink", 1.8)):
            drawn = {"color": token(colour), "width": width}
            traces.append(_fill(union, axis, fill="none", line=drawn))
    codes = list(panel.values)
    spots = shapely.get_coordinates(shapely.point_on_surface([shapes[code] for code in codes]))
    on = {"type": "scatter", "xaxis": f"x{axis}", "yaxis": f"y{axis}", "showlegend": False}
    traces.append(
        on
        | {
            "mode": "markers",
            "name": "regions",
            "x": spots[:, 0].astype(np.float32),
            "y": spots[:, 1].astype(np.float32),
            "marker": {"size": 14, "opacity": 0},
            "hovertext": [_in(panel.values[code].tip, lang) for code in codes],
            "hoverinfo": "text",
        }
    )
    spot = dict(zip(codes, spots, strict=True))
    if panel.places:
        traces.append(
            on
            | {
                "mode": "text",
                "x": [place.x for place in panel.places],
                "y": [place.y for place in panel.places],
                "text": [_in(place.text, lang) for place in panel.places],
                "textfont": {"size": 12, "color": token("ink2"), "shadow": _halo()},
                "hoverinfo": "skip",
            }
        )
    if panel.points:
        traces.append(on | _points(panel, lang))
    outlined = [shapes[code] for code in panel.outline]
    return [*traces, on | _labels(panel, spot, outlined, lang)]


def _halo() -> str:
    return ", ".join(f"{dx}px {dy}px 2px {token('paper')}" for dx in (-1, 1) for dy in (-1, 1))


def _labels(
    panel: MapPanel, spot: dict[str, NDArray[np.float64]], outlined: list[Any], lang: str
) -> dict[str, Any]:
    if outlined:
        # A county's name on a map of municipalities stands beside its outline, in the sea.
        _, south, east, north = shapely.total_bounds(outlined)
        beside = np.array([east, (south + north) / 2])
        spot = {label.region: beside for label in panel.labels} | spot
    labels = [label for label in panel.labels if label.region in spot]
    texts = []
    for label in labels:
        name = _in(label.text, lang)
        name = f"<b>{name}</b>" if label.bold else name
        texts.append(f"{name}<br>{_in(label.value, lang)}" if label.value else name)
    within = "top center" if panel.points else "middle center"
    return {
        "mode": "text",
        "x": [float(spot[label.region][0]) for label in labels],
        "y": [float(spot[label.region][1]) for label in labels],
        "text": texts,
        "textposition": [
            within if label.region in panel.values else "middle right" for label in labels
        ],
        "textfont": {"size": 12, "color": token("ink"), "shadow": _halo()},
        "hoverinfo": "skip",
    }


def _points(panel: MapPanel, lang: str) -> dict[str, Any]:
    hidden = [point.hidden for point in panel.points]
    home, paper = token("home"), token("paper")
    return {
        "mode": "markers+text",
        "x": [point.x for point in panel.points],
        "y": [point.y for point in panel.points],
        "text": [f"<b>{point.n}</b>" for point in panel.points],
        "textfont": {"size": 11, "color": [home if is_hidden else paper for is_hidden in hidden]},
        "marker": {
            "size": [2 * point.r for point in panel.points],
            "color": [paper if is_hidden else home for is_hidden in hidden],
            "line": {
                "width": 2,
                "color": [home if is_hidden else paper for is_hidden in hidden],
            },
            "opacity": 1,
        },
        "hovertext": [
            f"{point.n}. {_in(point.label, lang)}: {_in(point.value, lang)}"
            for point in panel.points
        ],
        "hoverinfo": "text",
    }


def _legend(body: MapsBody, lang: str) -> dict[tuple[int | None, str], str]:
    rows: list[tuple[int | None, str, Text, int]] = [
        (entry.class_, "", entry.label, entry.count) for entry in body.legend
    ]
    rows.append((None, "..", Message("words.missing"), body.missing))
    if body.hidden:
        rows.append((None, "hidden", Message("words.hidden"), body.hidden))
    return {(kind, status): f"{_in(label, lang)} ({count})" for kind, status, label, count in rows}


def _points_list(body: MapsBody, lang: str) -> list[dict[str, Any]]:
    points = [point for panel in body.maps for point in panel.points]
    if not points:
        return []
    lines = [f"<b>{_in(body.points_title, lang)}</b>"] if body.points_title else []
    lines += [f"{p.n}  {_in(p.label, lang)}: {_in(p.value, lang)}" for p in points]
    return [
        {
            "text": "<br>".join(lines),
            "x": 0.74,
            "y": 0.38 if len(body.maps) > 1 else 0.6,
            "xref": "paper",
            "yref": "paper",
            "xanchor": "left",
            "yanchor": "top",
            "align": "left",
            "showarrow": False,
            "font": {"size": 12},
        }
    ]
