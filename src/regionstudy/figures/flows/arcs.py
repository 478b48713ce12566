"""Arcs with arrowheads on the plane, and labels that keep clear of each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["Arc", "arcs", "label_places"]

# Height of an arc over its chord; to the right of the way, so that there and back part.
_BEND = 0.18
_POINTS = 25
# By text position: which way the box lies from the point, in halves of its width and height.
_SIDES = {
    "middle right": (1, 0),
    "middle left": (-1, 0),
    "top center": (0, 1),
    "bottom center": (0, -1),
    "top right": (1, 1),
    "bottom right": (1, -1),
    "top left": (-1, 1),
    "bottom left": (-1, -1),
}


@dataclass(frozen=True, slots=True)
class Arc:
    """
    One arc and its arrowhead.

    Parameters
    ----------
    line : ndarray of float, shape (p, 2)
        Points of the arc, up to the base of the arrowhead.
    head : ndarray of float, shape (4, 2)
        The arrowhead, a closed triangle.
    middle : ndarray of float, shape (2,)
        The middle of the arc.
    """

    line: NDArray[np.float64]
    head: NDArray[np.float64]
    middle: NDArray[np.float64]


def arcs(
    starts: NDArray[np.float64],
    ends: NDArray[np.float64],
    *,
    widths: NDArray[np.float64],
    gap: float,
) -> list[Arc]:
    """
    Bend an arc from each start to its end.

    A quadratic Bézier curve whose control point lies to the right of the middle of the
    chord.

    Parameters
    ----------
    starts, ends : ndarray of float, shape (n, 2)
        Points on the plane, metres.
    widths : ndarray of float, shape (n,)
        Widths of the lines, in the same unit.
    gap : float
        How far from both points an arc stays.

    Returns
    -------
    list of Arc
        One a pair, in their order.
    """
    along = ends - starts
    length = np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-9)
    aside = np.column_stack([along[:, 1], -along[:, 0]])
    bends = (starts + ends) / 2 + 2 * _BEND * aside
    # Never so near both ends that nothing of a short arc is left.
    first = np.minimum(gap / length, 0.25)
    last = 1 - np.minimum(gap / length, 0.25)
    heads = np.minimum(2.2 * widths + 0.6 * gap, 0.35 * length)
    made = []
    for start, bend, end, begin, stop, head, width, whole in zip(
        starts, bends, ends, first, last, heads, widths, length, strict=True
    ):
        base = stop - head / whole
        line = _bezier(start, bend, end, np.linspace(begin, base, _POINTS))
        tip = _bezier(start, bend, end, np.array([stop]))[0]
        way = tip - line[-1]
        way = way / max(float(np.hypot(*way)), 1e-9)
        across = np.array([-way[1], way[0]]) * (0.9 * width + 0.22 * gap)
        corners = [line[-1] + across, tip, line[-1] - across, line[-1] + across]
        made.append(Arc(line, np.array(corners), line[_POINTS // 2]))
    return made


def _bezier(
    start: NDArray[np.float64],
    bend: NDArray[np.float64],
    end: NDArray[np.float64],
    at: NDArray[np.float64],
) -> NDArray[np.float64]:
    t = at[:, np.newaxis]
    curve: NDArray[np.float64] = (1 - t) ** 2 * start + 2 * (1 - t) * t * bend + t**2 * end
    return curve


def label_places(
    points: NDArray[np.float64],
    sizes: NDArray[np.float64],
    *,
    clear_of: NDArray[np.float64],
    gap: float,
) -> list[str]:
    """
    Choose the side of its point that each label stands on.

    Each takes, in turn, the side where it covers least of the labels before it, of the
    points and of the arcs.

    Parameters
    ----------
    points : ndarray of float, shape (n, 2)
        Where the labels belong; the most important first.
    sizes : ndarray of float, shape (n, 2)
        Widths and heights of the texts, in the points' unit.
    clear_of : ndarray of float, shape (m, 2)
        Points along what should not be covered.
    gap : float
        How far a text stands from its point.

    Returns
    -------
    list of str
        plotly's ``textposition``.

    Examples
    --------
    >>> points, sizes = np.array([[0.0, 0.0], [8.0, 0.0]]), np.full((2, 2), [10.0, 2.0])
    >>> label_places(points, sizes, clear_of=np.empty((0, 2)), gap=1.0)
    ['middle left', 'middle right']
    """
    boxes: list[NDArray[np.float64]] = []
    chosen = []
    for number, (point, size) in enumerate(zip(points, sizes, strict=True)):
        others = np.delete(points, number, axis=0)
        tried = {side: _box(point, size, way, gap) for side, way in _SIDES.items()}
        costs = {
            side: _cost(box, boxes, others, clear_of) + 0.001 * rank
            for rank, (side, box) in enumerate(tried.items())
        }
        best = min(costs, key=lambda side: costs[side])
        chosen.append(best)
        boxes.append(tried[best])
    return chosen


def _box(
    point: NDArray[np.float64], size: NDArray[np.float64], way: tuple[int, int], gap: float
) -> NDArray[np.float64]:
    middle = point + np.array(way) * (size / 2 + gap * (0.7 if all(way) else 1.0))
    return np.concatenate([middle - size / 2, middle + size / 2])


def _cost(
    box: NDArray[np.float64],
    boxes: Sequence[NDArray[np.float64]],
    points: NDArray[np.float64],
    clear_of: NDArray[np.float64],
) -> float:
    area = float(np.prod(box[2:] - box[:2]))
    covered = 0.0
    for other in boxes:
        shared = np.minimum(box[2:], other[2:]) - np.maximum(box[:2], other[:2])
        covered += float(np.prod(np.maximum(shared, 0.0))) / area
    return 40 * covered + 5 * _inside(points, box) + 1.0 * _inside(clear_of, box)


def _inside(points: NDArray[np.float64], box: NDArray[np.float64]) -> int:
    if not len(points):
        return 0
    return int(((points > box[:2]) & (points < box[2:])).all(axis=1).sum())
