"""The parts of a drawing of networks, each with when it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from regionstudy.figures.charts.network_labels import place_labels
from regionstudy.figures.charts.rows import plain
from regionstudy.figures.theme import token

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from regionstudy.words import Text

__all__ = ["Shows", "is_shown", "links", "marks", "names"]

# When a part shows: under "shows" and "hides", by number of a choice, the options at which it
# does, or does not. A choice that is not named does not matter.
Shows = dict[str, dict[str, list[int]]]


def is_shown(shows: Shows, options: Mapping[str, int]) -> bool:
    """
    Tell whether a part shows.

    Parameters
    ----------
    shows : Shows
        When it does.
    options : mapping of str to int
        The option chosen, by choice; a choice not named is at its first.

    Returns
    -------
    bool
        As the page has it.

    Examples
    --------
    >>> is_shown({"shows": {"0": [0, 2]}, "hides": {"1": [3]}}, {"0": 2})
    True
    >>> is_shown({"shows": {"0": [0, 2]}, "hides": {"1": [3]}}, {"1": 3})
    False
    """
    wanted = all(options.get(one, 0) in at for one, at in shows.get("shows", {}).items())
    return wanted and not any(
        options.get(one, 0) in at for one, at in shows.get("hides", {}).items()
    )


def links(
    seats: pd.DataFrame, places: Mapping[str, tuple[float, float]], shows: Mapping[str, Shows]
) -> list[dict[str, Any]]:
    """
    Draw a line a seat; those that alone link a network are set off.

    Parameters
    ----------
    seats : DataFrame
        ``org``, ``network`` (ids of nodes), ``only`` (bool) and ``part`` (seats of one part
        show together).
    places : mapping of str to (x, y)
        Where the nodes stand.
    shows : mapping of str to Shows
        When each part shows.

    Returns
    -------
    list of dict
        plotly traces.
    """
    made = []
    for (part, only), rows in seats.groupby(["part", "only"], sort=False):
        xs: list[float | None] = []
        ys: list[float | None] = []
        for org, network in zip(rows["org"], rows["network"], strict=True):
            xs += [places[org][0], places[network][0], None]
            ys += [places[org][1], places[network][1], None]
        made.append(
            {
                "type": "scatter",
                "mode": "lines",
                "x": xs,
                "y": ys,
                "line": {"color": token("home" if only else "dot"), "width": 3 if only else 1},
                "hoverinfo": "skip",
                "meta": shows[str(part)],
            }
        )
    return made


def marks(
    nodes: pd.DataFrame,
    places: Mapping[str, tuple[float, float]],
    shows: Mapping[str, Shows],
    lang: str,
    *,
    size: int,
) -> list[dict[str, Any]]:
    """
    Draw organisations as discs and networks as squares, each with its sign within.

    Parameters
    ----------
    nodes : DataFrame
        ``id``, ``sign``, ``kind`` ("organisation", "network", or "lost" for a network whose
        only link goes), ``tip`` (Text) and ``part`` (nodes of one part show together).
    places : mapping of str to (x, y)
        Where they stand.
    shows : mapping of str to Shows
        When each part shows.
    lang : str
        The language.
    size : int
        Pixels across.

    Returns
    -------
    list of dict
        plotly traces.
    """
    dress = {
        "organisation": {"symbol": "circle", "color": token("d6"), "line": {"width": 0}},
        "network": {
            "symbol": "square",
            "color": token("d3"),
            "line": {"width": 1.5, "color": token("d1")},
        },
        "lost": {
            "symbol": "square",
            "color": token("paper"),
            "line": {"width": 2, "color": token("home")},
        },
    }
    ink = {"organisation": "paper", "network": "ink", "lost": "home"}
    made = []
    for (part, kind), rows in nodes.groupby(["part", "kind"], sort=False):
        made.append(
            {
                "type": "scatter",
                "mode": "markers+text",
                "x": [places[one][0] for one in rows["id"]],
                "y": [places[one][1] for one in rows["id"]],
                "text": ["×" if kind == "lost" else sign for sign in rows["sign"]],
                "textfont": {"size": 11, "color": token(ink[str(kind)])},
                "textposition": "middle center",
                "marker": {"size": size, "opacity": 1, **dress[str(kind)]},
                "hovertext": [plain(tip, lang) for tip in rows["tip"]],
                "hoverinfo": "text",
                "cliponaxis": False,
                "meta": shows[str(part)],
            }
        )
    return made


def names(
    nodes: pd.DataFrame,
    places: Mapping[str, tuple[float, float]],
    shows: Mapping[str, Shows],
    lang: str,
    *,
    radius: float,
    area: tuple[int, int],
) -> list[dict[str, Any]]:
    """
    Write the names that have room.

    Parameters
    ----------
    nodes : DataFrame
        ``id``, ``name``, ``kind`` and ``part``; those of the first rows choose first.
    places : mapping of str to (x, y)
        Where the nodes stand, 0 to 1, upwards.
    shows : mapping of str to Shows
        When each part shows.
    lang : str
        The language.
    radius : float
        Of a node, pixels.
    area : (width, height)
        Of the picture, pixels.

    Returns
    -------
    list of dict
        plotly traces.
    """
    wide, high = area
    spots = [(places[one][0] * wide, (1 - places[one][1]) * high) for one in nodes["id"]]
    # What stands in brackets after a name is told by the table.
    texts = [_spoken(one, lang).split(" (")[0] for one in nodes["name"]]
    found = place_labels(texts, spots, radius=radius, area=area)
    rows = nodes.iloc[[one.node for one in found]].assign(
        text=[plain(one.text, lang) for one in found], side=[one.side for one in found]
    )
    return [
        {
            "type": "scatter",
            "mode": "markers+text",
            "x": [places[one][0] for one in part["id"]],
            "y": [places[one][1] for one in part["id"]],
            "text": list(part["text"]),
            "textfont": {"size": 12, "color": token("ink2" if kind == "organisation" else "ink")},
            "textposition": list(part["side"]),
            # Unseen, but what a name keeps its distance from, however wide the picture is.
            "marker": {"size": 2 * radius, "opacity": 0},
            "hoverinfo": "skip",
            "cliponaxis": False,
            "meta": shows[str(name)],
        }
        for (name, kind), part in rows.groupby(["part", "kind"], sort=False)
    ]


def _spoken(text: Text | str, lang: str) -> str:
    return text if isinstance(text, str) else text.render(lang)
