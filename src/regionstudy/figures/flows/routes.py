"""The map of flows: an arc a stream, as wide as it is large, with an arrow where it ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack

import numpy as np
import shapely

from regionstudy.errors import ConfigError, DataError
from regionstudy.figures.assembly import About, chart
from regionstudy.figures.charts.rows import home_text, plain, text_width
from regionstudy.figures.content import NO_TEXT, Measure
from regionstudy.figures.flows.arcs import Arc, arcs, label_places
from regionstudy.figures.flows.rows import ENDS, flows_table, read_flows, short_names, tips
from regionstudy.figures.provenance import period_text
from regionstudy.figures.theme import plain_layout, token
from regionstudy.figures.values import joined, value_text
from regionstudy.words import Message, Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from regionstudy.figures.shown import StudyFigure

__all__ = ["flow_map"]

_CRS = 3006
_MOST = 40
# What a pixel of the map can show: finer boundaries would only be bytes.
_TOLERANCE = 4000.0
# Borders between more regions than this would only be a net under the arcs.
_BORDERED = 40
_WIDEST = 9.0
_HEIGHT = {False: 640, True: 520}
_TEXT = {False: 13, True: 11}


def flow_map(
    flows: pd.DataFrame,
    *,
    regions: gpd.GeoDataFrame,
    title: Text | str,
    measure: Measure | None = None,
    region: str | None = None,
    top: int = 12,
    names: Mapping[str, Text | str] | None = None,
    decimals: int = 0,
    **about: Unpack[About],
) -> StudyFigure:
    """
    Draw the largest flows between regions as arcs on a map.

    Parameters
    ----------
    flows : DataFrame, one row a pair
        ``origin``, ``destination``, ``value`` (persons, never negative) and, where there are
        any, ``status``, ``period`` and the gross streams ``there`` and ``back``; nets as
        `regionstudy.analysis.migration.net_flows` gives them. Sources come from
        ``attrs["provenance"]``.
    regions : GeoDataFrame
        ``region``, ``geometry`` in SWEREF 99 TM: every region of the flows' level.
    title : Text or str
        The finding, as a sentence.
    measure : Measure, optional
        The line above the map.
    region : str, optional
        Keep the flows to and from this region; colours then tell which, and each other
        region has its figure with a sign.
    top : int, default 12
        How many flows, the largest first; at most 40. Those left out are counted in a note.
    names : mapping of str to Text or str, optional
        Names by code; without it, those of the code list, counties without "län".
    decimals : int, default 0
        Decimals of the values.
    **about
        See `regionstudy.figures.assembly.About`.

    Returns
    -------
    StudyFigure
        The figure, with its table of the flows drawn.

    Raises
    ------
    ConfigError
        If `top` is not between 1 and 40, or `region` is not among `regions`.
    DataError
        If a column is absent, a pair repeats, a flow is negative, an end is not among
        `regions`, no flow has a figure, or `regions` is not in SWEREF 99 TM.
    """
    if not 1 <= top <= _MOST:
        raise ConfigError(f"top={top}: a map shows between 1 and {_MOST} flows.")
    if regions.crs is None or regions.crs.to_epsg() != _CRS:
        msg = f"A flow map needs regions in SWEREF 99 TM (EPSG:3006), but got {regions.crs}."
        raise DataError(msg)
    codes = regions["region"].astype(str).tolist()
    if region is not None and region not in codes:
        raise ConfigError(f'region="{region}" is not among the map\'s regions.')
    given = flows
    if region is not None:
        given = flows[(flows[ENDS].astype(str) == region).any(axis=1)]
        if given.empty:
            raise DataError(f"A flow map has no flow to or from {region}; choose another region.")
    rows = read_flows(given, codes, where="A flow map")
    known = rows[rows["value"] > 0].sort_values("value", ascending=False, kind="stable")
    drawn = known.head(top).reset_index(drop=True)
    if drawn.empty:
        raise DataError("A flow map has no flow above 0; there is nothing to draw.")
    named = short_names(sorted({*drawn["origin"], *drawn["destination"]}), names)
    measure = measure or Measure(
        Message("figures.flows.measure"),
        period=period_text(flows["period"].astype(str)) if "period" in flows else NO_TEXT,
    )
    missing = int(rows["value"].isna().sum())
    about = _with_notes(about, left_out=len(known) - len(drawn), missing=missing)
    told = tips(drawn, named, decimals)
    shapes = np.asarray(regions.geometry.array)
    spots = shapely.get_coordinates(shapely.point_on_surface(shapes))
    place = dict(zip(codes, spots, strict=True))
    land = _land(shapes)
    signed = {} if region is None else _signed(drawn, region, decimals)

    def draw(lang: str, narrow: bool) -> dict[str, Any]:
        return _draw(drawn, land, place, named, told, region, signed, lang, narrow)

    return chart(
        draw,
        kind="flow-map",
        title=title,
        measure=measure,
        alt=_alt(drawn, told, measure, missing),
        frames=(flows,),
        about=about,
        table=flows_table(drawn, named, measure, decimals),
    )


def _with_notes(about: About, *, left_out: int, missing: int) -> About:
    notes: list[Text | str] = list(about.get("notes", ()))
    if left_out:
        notes.append(Message("figures.flows.left_out", {"n": left_out}))
    if missing:
        notes.append(Message("figures.flows.missing", {"n": missing}))
    how = about.get("how_to_read") or Message("figures.flows.how")
    return {**about, "notes": notes, "how_to_read": how}


def _alt(drawn: pd.DataFrame, told: list[Text], measure: Measure, missing: int) -> Text:
    what = joined([measure.name, measure.unit, measure.period], ", ")
    sentences: list[Text] = [
        Message(
            "figures.alt.flows",
            {"n": len(drawn), "measure": what, "largest": joined(told[:3], "; ")},
        )
    ]
    if missing:
        sentences.append(Message("figures.flows.missing", {"n": missing}))
    return joined(sentences)


def _draw(
    drawn: pd.DataFrame,
    land: dict[str, Any],
    place: Mapping[str, NDArray[np.float64]],
    named: Mapping[str, Text],
    told: list[Text],
    region: str | None,
    signed: Mapping[str, Text],
    lang: str,
    narrow: bool,
) -> dict[str, Any]:
    height = _HEIGHT[narrow]
    x, y = (np.array(land[axis], dtype=float) for axis in ("x", "y"))
    west, east, south, north = np.nanmin(x), np.nanmax(x), np.nanmin(y), np.nanmax(y)
    metres = 1.06 * (north - south) / height
    widths = np.maximum(_WIDEST * drawn["value"].to_numpy() / drawn["value"].max(), 1.2)
    ends = [np.array([place[code] for code in drawn[end]]) for end in ENDS]
    bent = arcs(*ends, widths=widths * metres, gap=7 * metres)
    colours = _colours(drawn, region)
    middle_x, middle_y = (west + east) / 2, (south + north) / 2
    layout = plain_layout(lang, height=height, margin=(0, 0, 4, 0))
    hidden = {"visible": False, "fixedrange": True, "constrain": "range"}
    half = height * metres / 2
    layout |= {
        "xaxis": {**hidden, "range": [middle_x - half / 2, middle_x + half / 2]},
        # Equal axes: a kilometre east is as long as a kilometre north.
        "yaxis": {**hidden, "range": [middle_y - half, middle_y + half], "scaleanchor": "x"},
        "showlegend": region is not None,
        "legend": {
            "x": 0,
            "y": 1,
            "xanchor": "left",
            "yanchor": "top",
            "itemclick": False,
            "itemdoubleclick": False,
            "bgcolor": token("paper"),
        },
        "annotations": [],
    }
    data = [land]
    for arc, width, colour in zip(bent, widths, colours, strict=True):
        data += _arc(arc, float(width), colour)
    if region is not None:
        data += [
            _legend(way, named[region], colour, lang)
            for way, colour in (("to", "d6"), ("from", "d2"))
            if colour in colours
        ]
    data.append(
        {
            "type": "scatter",
            "mode": "markers",
            "name": "streams",
            **_points(np.array([arc.middle for arc in bent])),
            "marker": {"size": 16, "opacity": 0},
            "hovertext": [plain(text, lang) for text in told],
            "hoverinfo": "text",
            "showlegend": False,
        }
    )
    data.append(_labels(drawn, bent, place, named, region, signed, metres, lang, narrow))
    return {"data": data, "layout": layout}


def _colours(drawn: pd.DataFrame, region: str | None) -> list[str]:
    if region is None:
        return ["s4"] * len(drawn)
    return ["d6" if end == region else "d2" for end in drawn["destination"]]


def _points(points: NDArray[np.float64]) -> dict[str, list[int | None]]:
    # Whole hundreds of metres: a pixel is more than two kilometres.
    whole = [
        [None if np.isnan(one) else round(one / 100) * 100 for one in column]
        for column in points.T.tolist()
    ]
    return {"x": whole[0], "y": whole[1]}


def _land(shapes: NDArray[np.object_]) -> dict[str, Any]:
    if len(shapes) > _BORDERED:
        shapes = np.array([shapely.coverage_union_all(shapes)])
    simple = shapely.coverage_simplify(shapes, _TOLERANCE)
    rings = shapely.get_rings(shapely.get_parts(simple))
    points, owner = shapely.get_coordinates(rings, return_index=True)
    gapped = np.insert(points, np.flatnonzero(np.diff(owner)) + 1, np.nan, axis=0)
    return {
        "type": "scatter",
        "mode": "lines",
        **_points(gapped),
        "fill": "toself",
        "fillcolor": token("land"),
        "line": {"color": token("border"), "width": 0.8, "simplify": False},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _arc(arc: Arc, width: float, colour: str) -> list[dict[str, Any]]:
    quiet = {"type": "scatter", "mode": "lines", "hoverinfo": "skip", "showlegend": False}
    line = {"color": token(colour), "width": round(width, 1), "simplify": False}
    head = {"color": token(colour), "width": 0}
    return [
        quiet | {**_points(arc.line), "line": line, "opacity": 0.85},
        quiet | {**_points(arc.head), "line": head, "fill": "toself", "fillcolor": token(colour)},
    ]


def _legend(way: str, place: Text, colour: str, lang: str) -> dict[str, Any]:
    """Name a colour, with a line of one width whatever the arcs' are."""
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [None],
        "y": [None],
        "line": {"color": token(colour), "width": 4},
        "name": plain(Message(f"figures.flows.{way}", {"place": place}), lang),
        "hoverinfo": "skip",
        "showlegend": True,
    }


def _signed(drawn: pd.DataFrame, region: str, decimals: int) -> dict[str, Text]:
    """Give the other regions' figures with their signs; none where streams run both ways."""
    found: dict[str, Text] = {}
    for origin, destination, value, status in drawn[[*ENDS, "value", "status"]].to_numpy():
        other, sign = (origin, 1) if destination == region else (destination, -1)
        figure = value_text(sign * value, status, decimals=decimals, signed=True)
        found[other] = NO_TEXT if other in found else figure
    return found


def _labels(
    drawn: pd.DataFrame,
    bent: list[Arc],
    place: Mapping[str, NDArray[np.float64]],
    named: Mapping[str, Text],
    region: str | None,
    signed: Mapping[str, Text],
    metres: float,
    lang: str,
    narrow: bool,
) -> dict[str, Any]:
    size = _TEXT[narrow]
    # The home region first, then by its largest flow: the first choose their side.
    ends = drawn[ENDS].to_numpy().ravel().tolist()
    codes = list(dict.fromkeys([*([region] if region else []), *ends]))
    plains, shown = [], []
    for code in codes:
        parts = [named[code], signed.get(code, NO_TEXT)]
        text = " ".join(filter(None, (plain(part, lang) for part in parts)))
        plains.append(text)
        shown.append(home_text(text) if code == region else text)
    points = np.array([place[code] for code in codes])
    sizes = np.array([[text_width([text], size=size), 1.25 * size] for text in plains]) * metres
    along = np.vstack([arc.line for arc in bent])
    halo = ", ".join(f"{dx}px {dy}px 2px {token('paper')}" for dx in (-1, 1) for dy in (-1, 1))
    return {
        "type": "scatter",
        "mode": "markers+text",
        "name": "regions",
        **_points(points),
        "text": shown,
        "textposition": label_places(points, sizes, clear_of=along, gap=6 * metres),
        "textfont": {"size": size, "color": token("ink"), "shadow": halo},
        "marker": {
            "size": [9 if code == region else 6 for code in codes],
            "color": [token("home" if code == region else "ink") for code in codes],
            "line": {"color": token("paper"), "width": 1},
            "opacity": 1,
        },
        "cliponaxis": False,
        "hoverinfo": "skip",
        "showlegend": False,
    }
