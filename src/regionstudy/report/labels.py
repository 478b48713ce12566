"""Where a map's labels stand: clear of land, of each other and of the points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

from regionstudy.report.text_width import text_width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["Box", "Placed", "Wanted", "place_labels"]

_GAP = 5.0
_CORE = 6.0
_AT_A_TIME = 96
_ROUNDING = 1e-9


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
    shapely.prepare([*land, *around])  # each is asked about by the thousand
    tiers = [shapely.STRtree(list(land))]
    if around:
        tiers.insert(0, shapely.STRtree([*land, *around]))
    used = _Used(taken)
    placed = []
    for label in wanted:
        found = _inside(label, used.boxes)
        for tier in tiers:
            found = found or _outside(label, tier, used, frame, reach)
        if found is not None:
            placed.append(found)
            used.add(found)
    return placed


class _Used:
    """The spaces that are taken: boxes, and leaders that no label may cover."""

    def __init__(self, taken: Sequence[Box]) -> None:
        self.boxes = list(taken)
        self.shapes: list[shapely.Geometry] = [shapely.box(*box) for box in taken]

    def add(self, placed: Placed) -> None:
        box = placed.box
        padded = Box(box.left - _GAP, box.top - 1, box.right + _GAP, box.bottom + 1)
        self.boxes.append(padded)
        self.shapes.append(shapely.box(*padded))
        if placed.leader is not None:
            x1, y1, x2, y2 = placed.leader
            self.shapes.append(shapely.LineString([(x1, y1), (x2, y2)]))

    def miss(self, shapes: NDArray[np.object_]) -> NDArray[np.bool_]:
        own = np.asarray(self.shapes, dtype=object)
        hit = np.asarray(shapely.intersects(shapes[:, np.newaxis], own))
        return np.logical_not(hit.any(axis=1))


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
    shifts = [
        (0.0, 0.0),
        *((dx, dy) for dy in (-12, 12, -24, 24, 0) for dx in (0, -16, 16, -32, 32)),
    ]
    for dx, dy in shifts:
        x, y = label.x + dx, label.y + dy
        box = Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)
        if not _hits(box, boxes) and shapely.contains(label.within, shapely.box(*box)):
            return Placed(label, box, None)
    return None


def _outside(
    label: Wanted, land: shapely.STRtree, used: _Used, frame: Box | None, reach: float
) -> Placed | None:
    width, height = _extent(label)
    steps = np.arange(6.0, reach, 4.0)
    slants = np.arange(-15, 16) * height * 0.35
    out, slant, side = (grid.ravel() for grid in np.meshgrid(steps, slants, (1.0, -1.0)))
    near = label.x + out * side
    left, middle = np.where(side > 0, near, near - width), label.y + slant
    corners = np.column_stack([left, middle - height / 2, left + width, middle + height / 2])
    bound = 0.7 * out + 0.5 * np.abs(slant) + np.where(side > 0, 0.0, 6.0)
    if frame is not None:
        outside = (corners[:, 0] < frame.left) | (corners[:, 2] > frame.right)
        outside |= (corners[:, 1] < frame.top) | (corners[:, 3] > frame.bottom)
        bound[outside] = np.inf
    core = _core(label)
    west, north, east, south = shapely.bounds(core).tolist()
    starts = np.column_stack([near - 3 * side, middle])
    # No leader is shorter than the way to the rectangle around where it may end.
    aside = np.maximum(np.maximum(west - starts[:, 0], starts[:, 0] - east), 0.0)
    apart = np.maximum(np.maximum(north - starts[:, 1], starts[:, 1] - south), 0.0)
    lowest = bound + 0.5 * np.hypot(aside, apart) - _ROUNDING
    order = np.argsort(lowest, kind="stable")
    order = order[np.isfinite(lowest[order])]
    best: tuple[tuple[float, float, int], Placed] | None = None
    # The likeliest places first, some at a time: most labels find theirs among the first.
    for start in range(0, len(order), _AT_A_TIME):
        rows = order[start : start + _AT_A_TIME]
        most = np.inf if best is None else best[0][0]
        if lowest[rows[0]] > most:
            break
        rows = rows[lowest[rows] <= most]
        spaces = shapely.box(*(corners[rows] + np.array([-3.0, -1.0, 3.0, 1.0])).T)
        clear = used.miss(spaces)
        clear[_meeting(spaces, land)[0]] = False
        rows = rows[clear]
        leaders = np.asarray(
            shapely.shortest_line(shapely.points(starts[rows]), core), dtype=object
        )
        clear = used.miss(leaders)
        rows, leaders = rows[clear], leaders[clear]
        if not len(rows):
            continue
        cost = bound[rows] + 0.5 * shapely.length(leaders)
        # Land under a leader, slow to measure, only adds to what it costs: what already costs
        # more than the likeliest place with its land is out.
        likeliest = [int(np.argmin(cost))]
        worth = cost <= min(most, (cost[likeliest] + 1.5 * _over(leaders[likeliest], land))[0])
        cost[worth] += 1.5 * _over(leaders[worth], land)
        cost[~worth] = np.inf
        least = int(np.lexsort((rows, bound[rows], cost))[0])
        found = float(cost[least]), float(bound[rows[least]]), int(rows[least])
        if best is None or found < best[0]:
            (x1, y1), (x2, y2) = shapely.get_coordinates(leaders[least]).tolist()
            box = Box(*corners[rows[least]].tolist())
            best = found, Placed(label, box, (x1, y1, x2, y2))
    return None if best is None else best[1]


def _over(leaders: NDArray[np.object_], land: shapely.STRtree) -> NDArray[np.float64]:
    """Give how far each leader runs over land."""
    which, shape = _meeting(leaders, land)
    parts = shapely.length(shapely.intersection(leaders[which], land.geometries[shape]))
    total = np.zeros(len(leaders))
    np.add.at(total, which, parts)
    return total


def _meeting(
    shapes: NDArray[np.object_], land: shapely.STRtree
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Pair shapes with the land that they meet. The tree itself would not use what is prepared."""
    which, shape = land.query(shapes)
    meet = shapely.intersects(land.geometries[shape], shapes[which])
    return which[meet], shape[meet]


def _core(label: Wanted) -> shapely.Geometry:
    """Give where a leader may end: well inside the region, or the point itself."""
    core = None if label.within is None else shapely.buffer(label.within, -_CORE)
    return shapely.Point(label.x, label.y) if core is None or core.is_empty else core


def _hits(box: Box, boxes: list[Box]) -> bool:
    return any(
        box.left < other.right
        and box.right > other.left
        and box.top < other.bottom
        and box.bottom > other.top
        for other in boxes
    )
