"""Where a map's labels stand: clear of land, of each other and of the points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Box", "Placed", "Wanted", "place_labels", "text_width"]

_GAP = 5.0
# Shares of the font size in Helvetica and its metric siblings.
_NARROW, _SLIM, _WIDE = frozenset("iljtfrI.,:;'|·! "), frozenset("–−-()/sckxyzJ"), frozenset("mwMWÅ%")


class Box(NamedTuple):
    """A rectangle in pixels."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Wanted:
    """
    A label to be placed.

    Parameters
    ----------
    lines : tuple of str
        Its lines.
    x, y : float
        What it names, in pixels.
    size : float
        Font size in pixels.
    bold : bool
        Whether the first line is bold.
    within : Geometry or None
        The region in which it may stand without a leader.
    """

    lines: tuple[str, ...]
    x: float
    y: float
    size: float
    bold: bool = False
    within: shapely.Geometry | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """
    A label in its place.

    Parameters
    ----------
    wanted : Wanted
        The label.
    box : Box
        The space it takes.
    leader : tuple of 4 float, or None
        A line from the label to what it names: x1, y1, x2, y2.
    """

    wanted: Wanted
    box: Box
    leader: tuple[float, float, float, float] | None


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """
    Estimate the width of a text in the pages' font, a little generously.

    Parameters
    ----------
    text : str
        One line.
    size : float
        Font size in pixels.
    bold : bool, default False
        Whether it is bold.

    Returns
    -------
    float
        Pixels.

    Examples
    --------
    >>> 55 < text_width("Sundsvall", 12.5) < 62
    True
    """
    shares = (
        0.3
        if sign in _NARROW
        else 0.5
        if sign in _SLIM
        else 0.87
        if sign in _WIDE
        else 0.7
        if sign.isupper()
        else 0.57
        for sign in text
    )
    return sum(shares) * size * (1.06 if bold else 1.0)


def place_labels(
    wanted: Sequence[Wanted],
    *,
    land: Sequence[shapely.Geometry],
    around: Sequence[shapely.Geometry] = (),
    taken: Sequence[Box] = (),
    frame: Box | None = None,
    reach: float = 150.0,
) -> list[Placed]:
    """
    Place labels: inside their region where they fit, else in the nearest open space.

    Parameters
    ----------
    wanted : sequence of Wanted
        Labels, the most important first.
    land : sequence of Geometry
        Shapes that an outside label must not cover, in pixels.
    around : sequence of Geometry
        Shapes that it covers only where there is no other space, in pixels.
    taken : sequence of Box
        Spaces already used.
    frame : Box or None
        Where all labels must stand.
    reach : float, default 150
        How far from what it names a label may stand, in pixels.

    Returns
    -------
    list of Placed
        In the order of `wanted`. Labels never overlap; one without any free space is left
        out, for its number stands in the table.
    """
    trees = [shapely.STRtree([*land, *around]), shapely.STRtree(list(land))]
    boxes = list(taken)
    placed = []
    for label in wanted:
        found = _inside(label, boxes)
        for tree in trees if around else trees[:1]:
            found = found or _outside(label, tree, boxes, frame, reach)
        if found is not None:
            placed.append(found)
            boxes.append(_padded(found.box))
    return placed


def _extent(label: Wanted) -> tuple[float, float]:
    width = max(
        text_width(line, label.size, bold=label.bold and number == 0)
        for number, line in enumerate(label.lines)
    )
    return width, label.size * 1.18 * len(label.lines)


def _inside(label: Wanted, boxes: list[Box]) -> Placed | None:
    if label.within is None:
        return None
    width, height = _extent(label)
    shifts = [(0.0, 0.0), *((dx, dy) for dy in (-12, 12, -24, 24, 0) for dx in (0, -16, 16, -32, 32))]
    for dx, dy in shifts:
        x, y = label.x + dx, label.y + dy
        box = Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)
        if not _hits(box, boxes) and label.within.contains(shapely.box(*box)):
            return Placed(label, box, None)
    return None


def _outside(
    label: Wanted, tree: shapely.STRtree, boxes: list[Box], frame: Box | None, reach: float
) -> Placed | None:
    width, height = _extent(label)
    # Straight out is best; a slant costs, and the right costs nothing: names are read from there.
    steps = np.arange(6.0, reach, 4.0)
    slants = np.arange(-15, 16) * height * 0.35
    dx, dy, side = (grid.ravel() for grid in np.meshgrid(steps, slants, (1.0, -1.0)))
    near = label.x + dx * side
    left = np.where(side > 0, near, near - width)
    top = label.y + dy - height / 2
    corners = np.column_stack([left, top, left + width, top + height])
    cost = dx + 1.1 * np.abs(dy) + np.where(side > 0, 0.0, 6.0)
    ordered = np.argsort(cost, kind="stable")
    corners, side = corners[ordered], side[ordered]
    free = np.ones(len(corners), dtype=bool)
    if frame is not None:
        free &= (corners[:, 0] >= frame.left) & (corners[:, 2] <= frame.right)
        free &= (corners[:, 1] >= frame.top) & (corners[:, 3] <= frame.bottom)
    for box in boxes:
        free &= ~(
            (corners[:, 0] < box.right)
            & (corners[:, 2] > box.left)
            & (corners[:, 1] < box.bottom)
            & (corners[:, 3] > box.top)
        )
    rows = np.flatnonzero(free)
    padded = corners[rows] + np.array([-3.0, -1.0, 3.0, 1.0])
    shapes = shapely.box(*padded.T)
    covers, _ = tree.query(shapes, predicate="intersects")
    clear = np.setdiff1d(rows, rows[covers])
    if not len(clear):
        return None
    best = int(clear[0])
    box = Box(*corners[best].tolist())
    start = box.left - 3 if side[best] > 0 else box.right + 3
    middle = box.top + height / 2
    return Placed(label, box, (start, middle, label.x, label.y))


def _hits(box: Box, boxes: list[Box]) -> bool:
    return any(
        box.left < other.right
        and box.right > other.left
        and box.top < other.bottom
        and box.bottom > other.top
        for other in boxes
    )


def _padded(box: Box) -> Box:
    return Box(box.left - _GAP, box.top - 1, box.right + _GAP, box.bottom + 1)
