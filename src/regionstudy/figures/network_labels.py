"""Where names stand in a drawing of nodes, so that none covers a node or another name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from regionstudy.figures.charts.rows import text_width

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Label", "place_labels"]

_LINE = 16


@dataclass(frozen=True, slots=True)
class Label:
    """
    A name and where it stands.

    Parameters
    ----------
    node : int
        The number of its node.
    text : str
        The name, cut where it is long.
    x, y : float
        The middle of the name, pixels from the picture's upper left corner.
    """

    node: int
    text: str
    x: float
    y: float


def place_labels(
    names: Sequence[str],
    places: Sequence[tuple[float, float]],
    *,
    radius: float,
    area: tuple[float, float],
    size: int = 12,
    longest: int = 24,
) -> list[Label]:
    """
    Set each name beside its node where it covers nothing; leave it out where it would.

    Parameters
    ----------
    names : sequence of str
        The names, the most telling first: they choose before the others.
    places : sequence of (x, y)
        The middle of each node, pixels from the upper left corner.
    radius : float
        Of every node, pixels.
    area : (width, height)
        Of the picture, pixels.
    size : int, default 12
        Font size.
    longest : int, default 24
        Letters that a name is cut to.

    Returns
    -------
    list of Label
        The names that have room.

    Examples
    --------
    >>> [found] = place_labels(["Ånge"], [(50.0, 50.0)], radius=10, area=(200, 100))
    >>> found.text, found.x > 60, found.y
    ('Ånge', True, 50.0)
    """
    taken = [(x - radius, y - radius, x + radius, y + radius) for x, y in places]
    made: list[Label] = []
    for node, name in enumerate(names):
        text = name if len(name) <= longest else f"{name[: longest - 1].rstrip()}…"
        wide = text_width([text], size=size)
        x, y = places[node]
        for across, down in _around(wide, radius + 3):
            box = (
                x + across - wide / 2 - 2,
                y + down - _LINE / 2,
                x + across + wide / 2 + 2,
                y + down + _LINE / 2,
            )
            inside = box[0] >= 0 and box[1] >= 0 and box[2] <= area[0] and box[3] <= area[1]
            if inside and not any(
                box[0] < right and box[2] > left and box[1] < low and box[3] > top
                for left, top, right, low in taken
            ):
                taken.append(box)
                made.append(Label(node, text, x + across, y + down))
                break
    return made


def _around(wide: float, r: float) -> list[tuple[float, float]]:
    """List places for a name's middle, from its node's: beside it first, then at a slant."""
    side, slant = r + wide / 2, 0.7 * r
    up = r + _LINE / 2
    return [
        (side, 0.0),
        (-side, 0.0),
        (0.0, -up),
        (0.0, up),
        (slant + wide / 2, -slant - _LINE / 2),
        (slant + wide / 2, slant + _LINE / 2),
        (-slant - wide / 2, -slant - _LINE / 2),
        (-slant - wide / 2, slant + _LINE / 2),
    ]
