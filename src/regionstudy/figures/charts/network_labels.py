"""Where names stand in a drawing of nodes, so that none covers a node or another name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from regionstudy.figures.charts.rows import text_width

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Label", "place_labels"]

_LINE = 16
# plotly sets a text this part of a marker's radius from its middle, and a pixel more.
_TOUCH = 0.8


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
    side : str
        Where it stands of its node, as plotly's ``textposition`` has it: "middle right".
    """

    node: int
    text: str
    side: str


def place_labels(
    names: Sequence[str],
    places: Sequence[tuple[float, float]],
    *,
    radius: float,
    area: tuple[float, float],
    size: int = 12,
    longest: int = 26,
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
    longest : int, default 26
        Letters that a name is cut to.

    Returns
    -------
    list of Label
        The names that have room.

    Examples
    --------
    >>> [found] = place_labels(["Ånge"], [(50.0, 50.0)], radius=10, area=(200, 100))
    >>> found.text, found.side
    ('Ånge', 'middle right')
    """
    taken = [(x - radius, y - radius, x + radius, y + radius) for x, y in places]
    made: list[Label] = []
    for node, name in enumerate(names):
        text = name if len(name) <= longest else f"{name[: longest - 1].rstrip()}…"
        wide = text_width([text], size=size)
        x, y = places[node]
        for side, across, down in _around(wide, radius / _TOUCH + 1):
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
                made.append(Label(node, text, side))
                break
    return made


def _around(wide: float, r: float) -> list[tuple[str, float, float]]:
    """List sides of a node, with a name's middle from its: beside first, then at a slant."""
    across, up = r + wide / 2, r + _LINE / 2
    return [
        ("middle right", across, 0.0),
        ("middle left", -across, 0.0),
        ("top center", 0.0, -up),
        ("bottom center", 0.0, up),
        ("top right", across, -up),
        ("bottom right", across, up),
        ("top left", -across, -up),
        ("bottom left", -across, up),
    ]
