"""Maps as inline SVG: painted at once, without a library, in print and without JavaScript."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from regionstudy.geography import municipalities_in, name
from regionstudy.report.labels import Box, Placed
from regionstudy.report.map_layout import (
    PLACE_PX,
    Layout,
    Placing,
    bounds,
    country_frame,
    country_labels,
    on_grid,
    region_layout,
)
from regionstudy.report.shapes import polygons

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from regionstudy.report.page_shapes import PageShapes

__all__ = ["draw_map", "lay_out", "small_map"]

_CARD_PX = 100.0
_INSET_SCALE = 2.2
_PREFIX = {"diverging": "d", "sequential": "s", "categorical": "k"}


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
        An ``<svg>`` with a ``<use>`` a region; what each says when pointed at is in the page's
        `PageData`.
    """
    drawing = _country if panel["extent"] == "country" else _region
    return drawing(panel, _PREFIX[scale], alt, shapes)


def lay_out(panel: Mapping[str, Any]) -> None:
    """
    Place the labels of a map ahead of drawing it, which then finds them placed.

    Parameters
    ----------
    panel : mapping
        As in `draw_map`.
    """
    if panel["extent"] != "country":
        _layout(panel)


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
    left, top, right, bottom = bounds([polygons(panel["level"])[code] for code in codes])
    zoom = _CARD_PX / (bottom - top)
    uses = _regions(panel, _PREFIX[scale], shapes, zoom, only=codes)
    view = f"{left:.0f} {top:.0f} {right - left:.0f} {bottom - top:.0f}"
    return Markup(  # noqa: S704 (numbers and escaped texts)
        f'<svg class="m" viewBox="{view}" aria-hidden="true"><g class="k">{uses}</g></svg>'
    )


def _country(panel: Mapping[str, Any], prefix: str, alt: str, shapes: PageShapes) -> Markup:
    level = panel["level"]
    place, view = country_frame(level)
    inset = ""
    taken: tuple[Box, ...] = ()
    if panel["inset"]:
        inset, box = _inset(panel, prefix, shapes, place.zoom)
        taken = (box,)
    labels = country_labels(
        level,
        tuple((label["region"], label["text"]) for label in panel["labels"]),
        tuple((town["x"], town["y"], town["text"]) for town in panel["places"]),
        taken,
    )
    regions = _regions(panel, prefix, shapes, place.zoom)
    body = (
        f'<g transform="{place.transform}"><use href="#{shapes.land(level)}" class="coast"/>'
        f'<g class="k">{regions}</g>'
        + _outline_uses(panel, shapes)
        + "</g>"
        + "".join(_label(one, "ml") for one in labels)
        + inset
    )
    return _svg(body, view, alt, "m1")


def _region(panel: Mapping[str, Any], prefix: str, alt: str, shapes: PageShapes) -> Markup:
    layout = _layout(panel)
    place = layout.place
    grey = "".join(
        f'<use href="#{shapes.region(panel["level"], code)}"/>' for code in panel["context"]
    )
    spots = [place.point(*on_grid(point["x"], point["y"])) for point in panel["points"]]
    body = (
        f'<g transform="{place.transform}"><g class="ctx">{grey}</g>'
        f'<g class="k">{_regions(panel, prefix, shapes, place.zoom)}</g>'
        + _outline_uses(panel, shapes)
        + "</g>"
        + "".join(_label(one, "rl") for one in layout.labels)
        + "".join(_point(*spot, p) for spot, p in zip(spots, panel["points"], strict=True))
    )
    return _svg(body, layout.view, alt, "m2")


def _layout(panel: Mapping[str, Any]) -> Layout:
    return region_layout(
        panel["level"],
        tuple(panel["values"]),
        tuple(panel["context"]),
        tuple((o["region"], o["text"], o["value"] or "", o["bold"]) for o in panel["labels"]),
        tuple((p["x"], p["y"], p["r"]) for p in panel["points"]),
    )


def _svg(body: str, view: Box, alt: str, kind: str) -> Markup:
    width, height = view.right - view.left, view.bottom - view.top
    box = f"{view.left:.1f} {view.top:.1f} {width:.1f} {height:.1f}"
    return Markup(  # noqa: S704 (numbers and escaped texts)
        f'<svg class="m {kind}" viewBox="{box}" width="{width:.0f}" height="{height:.0f}" '
        f'role="img" aria-label="{escape(alt)}">{body}</svg>'
    )


def _regions(
    panel: Mapping[str, Any],
    prefix: str,
    shapes: PageShapes,
    zoom: float,
    *,
    only: Iterable[str] | None = None,
) -> str:
    """Give a ``<use>`` a region, in a group a class; the hatched ones last, above the others."""
    values = panel["values"]
    looks: dict[tuple[bool, str], list[str]] = {}
    for code in values if only is None else only:
        value = values[code]
        hatched = value["class"] is None
        if hatched:
            kind = "ch" if value["status"] == "hidden" else "cm"
            look = f'class="{kind}" fill="url(#{shapes.hatching(value["status"], zoom)})"'
        else:
            look = f'class="{prefix}{value["class"]}"'
        shape = shapes.region(panel["level"], code)
        looks.setdefault((hatched, look), []).append(f'<use href="#{shape}"/>')
    return "".join(f"<g {look}>{''.join(uses)}</g>" for (_, look), uses in sorted(looks.items()))


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
    left, top, right, bottom = bounds([polygons(panel["level"])[code] for code in codes])
    scale = zoom * _INSET_SCALE
    head = PLACE_PX + 4
    width, height = (right - left) * scale + 10, (bottom - top) * scale + 10
    place = Placing(scale, 6 - left * scale, head + 5 - top * scale)
    uses = _regions(panel, prefix, shapes, scale, only=codes)
    drawn = (
        f'<g class="inset"><text class="ml" x="1" y="{PLACE_PX - 1:.0f}">'
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
    lines = ""
    for number, line in enumerate(wanted.lines):
        kind_of = ' class="b"' if wanted.bold and number == 0 else ""
        y = box.top + wanted.size * 0.95 + step * number
        lines += f'<tspan x="{x:.1f}" y="{y:.1f}"{kind_of}>{escape(line)}</tspan>'
    return f'{leader}<text class="{kind}" text-anchor="{anchor}">{lines}</text>'


def _point(x: float, y: float, point: Mapping[str, Any]) -> str:
    kind = "pt hid" if point["hidden"] else "pt"
    title = escape(f"{point['n']}. {point['label']}: {point['value']}", quote=False)
    return (
        f'<g class="{kind}" transform="translate({x:.1f} {y:.1f})"><title>{title}</title>'
        f'<circle r="{point["r"]:.1f}"/><text y="4">{point["n"]}</text></g>'
    )
