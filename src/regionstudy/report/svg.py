"""Maps as inline SVG: painted at once, without a library, in print and without JavaScript."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from markupsafe import Markup

from regionstudy.geography import municipalities_in, name
from regionstudy.report.labels import Box, Placed, Wanted, place_labels
from regionstudy.report.shapes import (
    GRID_M,
    NORTH,
    outline_path,
    polygons,
    region_paths,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["PageShapes", "draw_map", "small_map"]

# Maps are drawn for these widths, at which a font size is what it says, and scale from there.
_COUNTRY_PX, _REGION_PX, _REGION_MAX_HEIGHT = 348.0, 360.0, 420.0
_LEFT_OF_COUNTRY = 36.0
_LABEL_PX, _PLACE_PX = 13.5, 12.5
_INSET_SCALE = 2.2
_PREFIX = {"diverging": "d", "sequential": "s", "categorical": "k"}


class PageShapes:
    """
    The shapes that one page's maps use; each stands once in the page.

    A map refers to them by ``<use>``, so that the tenth map of a page costs little.
    """

    def __init__(self) -> None:
        self._paths: dict[str, str] = {}

    def region(self, level: str, code: str) -> str:
        """
        Take a region's shape into the page.

        Parameters
        ----------
        level, code : str
            Its level and code.

        Returns
        -------
        str
            The id to refer to.
        """
        self._paths.setdefault(f"r{code}", region_paths(level)[code])
        return f"r{code}"

    def outline(self, codes: Iterable[str]) -> str:
        """
        Take the outline around regions into the page.

        Parameters
        ----------
        codes : iterable of str
            Their codes.

        Returns
        -------
        str
            The id to refer to.
        """
        drawn = outline_path(sorted(codes))
        for known, path in self._paths.items():
            if path == drawn and known.startswith("o"):
                return known
        made = f"o{sum(key.startswith('o') for key in self._paths)}"
        self._paths[made] = drawn
        return made

    def markup(self) -> Markup:
        """
        Give the element that holds the shapes.

        Returns
        -------
        Markup
            An ``<svg>`` that takes no space; empty where no map was drawn.
        """
        if not self._paths:
            return Markup("")
        paths = "".join(f'<path id="{key}" d="{path}"/>' for key, path in self._paths.items())
        return Markup(
            '<svg class="shapes" width="0" height="0" aria-hidden="true" focusable="false"><defs>'
            '<pattern id="miss" width="6" height="6" patternUnits="userSpaceOnUse" '
            'patternTransform="rotate(45)"><rect class="hp" width="6" height="6"/>'
            '<rect class="hm" width="2" height="6"/></pattern>'
            '<pattern id="hid" width="6" height="6" patternUnits="userSpaceOnUse">'
            '<rect class="hp" width="6" height="6"/><circle class="hm" cx="3" cy="3" r="1.2"/>'
            f"</pattern>{paths}</defs></svg>"
        )


def draw_map(panel: Mapping[str, Any], *, scale: str, alt: str, shapes: PageShapes) -> Markup:
    """
    Draw one map of a figure.

    Parameters
    ----------
    panel : mapping
        An entry of a payload's ``maps``, its texts in one language.
    scale : {"diverging", "sequential", "categorical"}
        The figure's colour scale.
    alt : str
        The map in words.
    shapes : PageShapes
        The page's shapes.

    Returns
    -------
    Markup
        An ``<svg>`` with a ``<use>`` a region, each with its value, rank and status in words.
    """
    drawing = _country if panel["extent"] == "country" else _region
    return drawing(panel, _PREFIX[scale], alt, shapes)


def small_map(panel: Mapping[str, Any], *, scale: str, shapes: PageShapes) -> Markup:
    """
    Draw a map for a card: shapes and colours only.

    Parameters
    ----------
    panel : mapping
        An entry of a payload's ``maps``.
    scale : {"diverging", "sequential", "categorical"}
        The figure's colour scale.
    shapes : PageShapes
        The page's shapes.

    Returns
    -------
    Markup
        A decorative ``<svg>``.
    """
    codes = [c for c in panel["values"] if panel["extent"] != "country" or c in _outlined(panel)]
    codes = codes or list(panel["values"])
    left, top, right, bottom = _bounds([polygons(panel["level"])[code] for code in codes])
    uses = "".join(
        _use(shapes.region(panel["level"], code), panel["values"][code], _PREFIX[scale], tip=False)
        for code in codes
    )
    view = f"{left:.0f} {top:.0f} {right - left:.0f} {bottom - top:.0f}"
    return Markup(f'<svg class="m" viewBox="{view}" aria-hidden="true">{uses}</svg>')


def _country(panel: Mapping[str, Any], prefix: str, alt: str, shapes: PageShapes) -> Markup:
    level = panel["level"]
    known = polygons(level)
    left, top, right, bottom = _bounds(known.values())
    zoom = (_COUNTRY_PX - _LEFT_OF_COUNTRY - 2) / (right - left)
    place = _Placing(zoom, _LEFT_OF_COUNTRY - left * zoom, 4 - top * zoom)
    height = (bottom - top) * zoom + 8
    land = place.shapes(known.values())
    frame = Box(0, 0, _COUNTRY_PX, height)
    inset, inset_box = "", []
    if panel["inset"]:
        inset, box = _inset(panel, prefix, shapes, zoom)
        inset_box = [box]
    wanted = []
    for label in panel["labels"]:
        x, y = place.point(*_east_edge(known, label["region"]))
        wanted.append(Wanted((label["text"],), x, y, _LABEL_PX, bold=True))
    for town in panel["places"]:
        x, y = place.point(*_on_grid(town["x"], town["y"]))
        wanted.append(Wanted((town["text"],), x, y, _PLACE_PX))
    labels = place_labels(wanted, land=land, taken=inset_box, frame=frame)
    coast = shapes.outline(["00"])
    body = (
        f'<g transform="{place.transform}">'
        + _regions(panel, prefix, shapes)
        + f'<use href="#{coast}" class="coast"/>'
        + _outline_uses(panel, shapes)
        + "</g>"
        + "".join(_label(one, "ml") for one in labels)
        + inset
    )
    return _svg(body, Box(0, 0, _COUNTRY_PX, height), alt, "m1")


def _region(panel: Mapping[str, Any], prefix: str, alt: str, shapes: PageShapes) -> Markup:
    level = panel["level"]
    known = polygons(level)
    own = {code: known[code] for code in panel["values"]}
    left, top, right, bottom = _bounds(own.values())
    spots = _spots(own)
    zoom = min(_REGION_PX / (right - left), _REGION_MAX_HEIGHT / (bottom - top)) * 0.97
    for _ in range(4):  # labels beside the region take width from it, and it from them
        place = _Placing(zoom, -left * zoom, -top * zoom)
        points = [(place.point(*_on_grid(p["x"], p["y"])), p) for p in panel["points"]]
        taken = [Box(x - p["r"], y - p["r"], x + p["r"], y + p["r"]) for (x, y), p in points]
        wanted = [
            Wanted(
                (label["text"], *([label["value"]] if label["value"] else [])),
                *place.point(*spots[label["region"]]),
                _LABEL_PX,
                bold=label["bold"],
                within=place.shapes([own[label["region"]]])[0],
            )
            for label in sorted(panel["labels"], key=lambda label: not label["bold"])
            if label["region"] in own
        ]
        labels = place_labels(
            wanted,
            land=place.shapes(own.values()),
            around=place.shapes(known[code] for code in panel["context"]),
            taken=taken,
        )
        view = _around(Box(*place.box(left, top, right, bottom)), labels)
        if view.right - view.left <= _REGION_PX:
            break
        zoom *= _REGION_PX / (view.right - view.left)
    grey = "".join(f'<use href="#{shapes.region(level, c)}"/>' for c in panel["context"])
    body = (
        f'<g transform="{place.transform}"><g class="ctx">{grey}</g>'
        + _regions(panel, prefix, shapes)
        + _outline_uses(panel, shapes)
        + "</g>"
        + "".join(_label(one, "rl") for one in labels)
        + "".join(_point(x, y, p) for (x, y), p in points)
    )
    return _svg(body, view, alt, "m2")


class _Placing:
    """Turns grid units into a map's pixels."""

    def __init__(self, zoom: float, dx: float, dy: float) -> None:
        self._zoom, self._dx, self._dy = zoom, dx, dy

    @property
    def transform(self) -> str:
        return f"matrix({self._zoom:.5f} 0 0 {self._zoom:.5f} {self._dx:.2f} {self._dy:.2f})"

    def point(self, x: float, y: float) -> tuple[float, float]:
        return x * self._zoom + self._dx, y * self._zoom + self._dy

    def box(self, left: float, top: float, right: float, bottom: float) -> Box:
        return Box(*self.point(left, top), *self.point(right, bottom))

    def shapes(self, shapes: Iterable[shapely.Geometry]) -> list[shapely.Geometry]:
        moved = shapely.transform(
            np.asarray(list(shapes), dtype=object),
            lambda xy: xy * self._zoom + np.array([self._dx, self._dy]),
        )
        return list(moved)


def _svg(body: str, view: Box, alt: str, kind: str) -> Markup:
    width, height = view.right - view.left, view.bottom - view.top
    box = f"{view.left:.1f} {view.top:.1f} {width:.1f} {height:.1f}"
    return Markup(
        f'<svg class="m {kind}" viewBox="{box}" width="{width:.0f}" height="{height:.0f}" '
        f'role="img" aria-label="{escape(alt)}">{body}</svg>'
    )


def _regions(panel: Mapping[str, Any], prefix: str, shapes: PageShapes) -> str:
    uses = (
        _use(shapes.region(panel["level"], code), value, prefix, tip=True)
        for code, value in panel["values"].items()
    )
    return f'<g class="k">{"".join(uses)}</g>'


def _use(shape: str, value: Mapping[str, Any], prefix: str, *, tip: bool) -> str:
    if value["class"] is not None:
        look = f'class="{prefix}{value["class"]}"'
    elif value["status"] == "hidden":
        look = 'class="ch" fill="url(#hid)"'
    else:
        look = 'class="cm" fill="url(#miss)"'
    if not tip:
        return f'<use href="#{shape}" {look}/>'
    return f'<use href="#{shape}" {look}><title>{escape(value["tip"], quote=False)}</title></use>'


def _outlined(panel: Mapping[str, Any]) -> set[str]:
    return set(municipalities_in(panel["outline"])) if panel["outline"] else set()


def _outline_uses(panel: Mapping[str, Any], shapes: PageShapes) -> str:
    if not panel["outline"]:
        return ""
    drawn = shapes.outline(panel["outline"])
    return f'<use href="#{drawn}" class="home-o"/><use href="#{drawn}" class="home-i"/>'


def _inset(
    panel: Mapping[str, Any], prefix: str, shapes: PageShapes, zoom: float
) -> tuple[str, Box]:
    codes = [code for code in panel["values"] if code.startswith(panel["inset"])]
    left, top, right, bottom = _bounds([polygons(panel["level"])[code] for code in codes])
    scale = zoom * _INSET_SCALE
    head = _PLACE_PX + 4
    width, height = (right - left) * scale + 10, (bottom - top) * scale + 10
    place = _Placing(scale, 6 - left * scale, head + 5 - top * scale)
    uses = "".join(
        _use(shapes.region(panel["level"], code), panel["values"][code], prefix, tip=True)
        for code in codes
    )
    drawn = (
        f'<g class="inset"><text class="ml" x="1" y="{_PLACE_PX - 1:.0f}">'
        f"{escape(name(panel['inset']))}</text>"
        f'<g class="k" transform="{place.transform}">{uses}</g>'
        f'<rect class="frame" x="1" y="{head:.0f}" width="{width:.0f}" height="{height:.0f}"/></g>'
    )
    return drawn, Box(0, 0, width + 4, head + height + 4)


def _label(placed: Placed, kind: str) -> str:
    box, wanted = placed.box, placed.wanted
    inside = placed.leader is None
    x = (box.left + box.right) / 2 if inside else box.left
    anchor = "middle" if inside else "start"
    leader = ""
    if placed.leader is not None:
        x1, y1, x2, y2 = placed.leader
        leader = f'<line class="lead-l" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'
        if x1 < x2:
            x, anchor = box.right, "end"
    step = wanted.size * 1.18
    lines = "".join(
        f'<tspan x="{x:.1f}" y="{box.top + wanted.size * 0.95 + step * number:.1f}"'
        f"{' class=b' if wanted.bold and number == 0 else ''}>{escape(line)}</tspan>"
        for number, line in enumerate(wanted.lines)
    )
    return f'{leader}<text class="{kind}" text-anchor="{anchor}">{lines}</text>'


def _point(x: float, y: float, point: Mapping[str, Any]) -> str:
    kind = "pt hid" if point["hidden"] else "pt"
    title = escape(f"{point['n']}. {point['label']}: {point['value']}", quote=False)
    return (
        f'<g class="{kind}" transform="translate({x:.1f} {y:.1f})"><title>{title}</title>'
        f'<circle r="{point["r"]:.1f}"/><text y="4">{point["n"]}</text></g>'
    )


def _bounds(shapes: Iterable[shapely.Geometry]) -> tuple[float, float, float, float]:
    left, top, right, bottom = shapely.total_bounds(list(shapes)).tolist()
    return left, top, right, bottom


def _on_grid(east: float, north: float) -> tuple[float, float]:
    return east / GRID_M, (NORTH - north) / GRID_M


def _east_edge(known: Mapping[str, shapely.Geometry], code: str) -> tuple[float, float]:
    """Give a point just inside the easternmost middle of a region, where its leader ends."""
    union = shapely.union_all([known[one] for one in municipalities_in(code) if one in known])
    left, top, right, bottom = union.bounds
    middle = union.representative_point().y
    band = union.intersection(shapely.LineString([(left, middle), (right, middle)]))
    return (band.bounds[2] if not band.is_empty else right), middle


def _spots(own: Mapping[str, shapely.Geometry]) -> dict[str, tuple[float, float]]:
    circles = shapely.maximum_inscribed_circle(np.asarray(list(own.values()), dtype=object), 10)
    centres = shapely.get_coordinates(shapely.get_point(circles, 0))
    return {code: (float(x), float(y)) for code, (x, y) in zip(own, centres, strict=True)}


def _around(region: Box, labels: Sequence[Placed]) -> Box:
    boxes = [Box(region.left - 8, region.top - 8, region.right + 8, region.bottom + 8)]
    boxes += [placed.box for placed in labels]
    return Box(
        min(box.left for box in boxes) - 2,
        min(box.top for box in boxes) - 2,
        max(box.right for box in boxes) + 2,
        max(box.bottom for box in boxes) + 2,
    )
