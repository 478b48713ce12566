"""What charts share: names, ticks with the language's numbers, texts beside rows."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from regionstudy.figures.theme import plotly_text, token
from regionstudy.figures.values import number_text
from regionstudy.geography import name
from regionstudy.words import render

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd

    from regionstudy.words import Text

__all__ = [
    "axis_ticks",
    "beside_rows",
    "heading",
    "home_text",
    "legend_below",
    "plain",
    "records",
    "region_names",
    "sensible",
    "spread",
    "text_width",
]

# Helvetica's mean advance is about this part of its size, capitals and spaces together.
_ADVANCE = 0.54


def region_names(frame: pd.DataFrame) -> dict[str, Text | str]:
    """
    Name a frame's regions.

    Parameters
    ----------
    frame : DataFrame
        ``region`` (code), and ``name`` where its regions are no regions of Sweden.

    Returns
    -------
    dict of str to Text or str
        Code to name, in both languages where the frame's is.

    Raises
    ------
    ConfigError
        If a code is unknown and the frame has no ``name``.
    """
    if "name" in frame:
        return dict(zip(frame["region"].astype(str), frame["name"], strict=True))
    return {str(code): name(str(code)) for code in frame["region"].unique()}


def plain(text: Text | str, lang: str) -> str:
    """
    Write a text in one language, safe for plotly.

    Parameters
    ----------
    text : Text or str
        The text.
    lang : {"sv", "en"}
        The language.

    Returns
    -------
    str
        With its markup shown instead of obeyed.
    """
    return plotly_text(render(text, lang))


def records(frame: pd.DataFrame) -> list[Any]:
    """
    Give a frame's rows, for those places where each becomes a text.

    Parameters
    ----------
    frame : DataFrame
        The frame.

    Returns
    -------
    list of namedtuple
        A row a record; ``Index`` is the row's name.
    """
    return list(frame.itertuples())


def home_text(text: str) -> str:
    """
    Set a text off as the home region's.

    Parameters
    ----------
    text : str
        Safe for plotly.

    Returns
    -------
    str
        Bold, in the home colour.
    """
    return f'<b><span style="color:{token("home")}">{text}</span></b>'


def sensible(numbers: Iterable[float], digits: int = 4) -> list[float | None]:
    """
    Round numbers to what a screen can show.

    Parameters
    ----------
    numbers : iterable of float
        The numbers.
    digits : int, default 4
        Significant digits.

    Returns
    -------
    list of float or None
        None where missing, which plotly draws as a gap.

    Examples
    --------
    >>> sensible([12.34567, float("nan"), -0.0012345])
    [12.35, None, -0.001234]
    """
    return [float(f"{x:.{digits}g}") if math.isfinite(x) else None for x in numbers]


def axis_ticks(
    low: float, high: float, *, count: int = 6, signed: bool = False
) -> tuple[list[float], list[Text]]:
    """
    Choose round ticks and write them in both languages.

    Parameters
    ----------
    low, high : float
        The axis' ends.
    count : int, default 6
        About how many.
    signed : bool, default False
        Whether positive ticks carry a plus.

    Returns
    -------
    values : list of float
        Where the ticks stand.
    texts : list of Text
        What they say.

    Examples
    --------
    >>> values, texts = axis_ticks(-2.3, 4.1, count=3, signed=True)
    >>> values, [text.sv for text in texts]
    ([-2.0, 0.0, 2.0, 4.0], ['−2', '0', '+2', '+4'])
    """
    rough = (high - low) / max(count, 1) or 1.0
    power = 10.0 ** math.floor(math.log10(rough))
    step = min((m * power for m in (1, 2, 2.5, 5, 10)), key=lambda s: abs(math.log(s / rough)))
    places = np.arange(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1) * step
    values = [float(f"{place:.12g}") + 0.0 for place in places]
    decimals = next((d for d in range(6) if math.isclose(round(step, d), step)), 6)
    return values, [number_text(v, decimals if v else 0, signed=signed) for v in values]


def text_width(texts: Iterable[str], *, size: int = 13) -> int:
    """
    Estimate how wide the longest of several texts is.

    Parameters
    ----------
    texts : iterable of str
        As a reader sees them.
    size : int, default 13
        Font size in pixels.

    Returns
    -------
    int
        Pixels.
    """
    return math.ceil(max((len(text) for text in texts), default=0) * size * _ADVANCE)


def beside_rows(
    texts: Mapping[float, str],
    *,
    side: str,
    shift: int = 0,
    lift: int = 0,
    size: int = 13,
    colour: str = "ink",
) -> list[dict[str, Any]]:
    """
    Set a column of texts to the left or the right of a chart's rows.

    Parameters
    ----------
    texts : mapping of float to str
        By row; safe for plotly.
    side : {"left", "right"}
        The edge of the plot area that texts are aligned from.
    shift : int
        Pixels to the right of that edge.
    lift : int
        Pixels above the row's middle.
    size : int
        Font size.
    colour : str
        A token.

    Returns
    -------
    list of dict
        plotly annotations.
    """
    return [
        {
            "text": text,
            "x": 0 if side == "left" else 1,
            "xref": "paper",
            "xanchor": side,
            "xshift": shift,
            "y": row,
            "yref": "y",
            "yanchor": "middle",
            "yshift": lift,
            "align": side,
            "showarrow": False,
            "font": {"size": size, "color": token(colour)},
        }
        for row, text in texts.items()
        if text
    ]


def legend_below(*, order: str = "normal") -> dict[str, Any]:
    """
    Set the legend in a line below the plot area, where a click changes nothing.

    Parameters
    ----------
    order : {"normal", "reversed"}, default "normal"
        The order of its entries, as traces are drawn or the other way round.

    Returns
    -------
    dict
        plotly's ``legend``.
    """
    return {
        "orientation": "h",
        "x": 0,
        "y": 0,
        "yanchor": "top",
        "traceorder": order,
        "itemclick": False,
        "itemdoubleclick": False,
    }


def heading(
    text: str, *, x: float = 0, anchor: str = "left", shift: int = 0, lift: int = 4
) -> dict[str, Any]:
    """
    Set a column's heading above the plot area.

    Parameters
    ----------
    text : str
        Safe for plotly.
    x : float
        0 is the plot area's left edge, 1 its right.
    anchor : {"left", "center", "right"}
        How the text is aligned there.
    shift, lift : int
        Pixels to the right, and up.

    Returns
    -------
    dict
        A plotly annotation.
    """
    return {
        "text": text,
        "x": x,
        "xref": "paper",
        "xanchor": anchor,
        "xshift": shift,
        "y": 1,
        "yref": "paper",
        "yanchor": "bottom",
        "yshift": lift,
        "align": anchor,
        "showarrow": False,
        "font": {"size": 12, "color": token("ink2")},
    }


def spread(places: Sequence[float], gap: float) -> list[float]:
    """
    Move labels apart so that none covers another, each as little as may be.

    Parameters
    ----------
    places : sequence of float
        Where each label would stand.
    gap : float
        Least distance between two.

    Returns
    -------
    list of float
        Where each can stand, in the same order.

    Examples
    --------
    >>> spread([0.0, 0.1, 5.0], 1.0)
    [-0.45, 0.55, 5.0]
    """
    # Labels that touch become a block, centred on what its members wanted.
    blocks: list[tuple[float, list[int]]] = []
    for index in sorted(range(len(places)), key=lambda i: places[i]):
        centre, members = places[index], [index]
        while blocks and centre - blocks[-1][0] < gap * (len(members) + len(blocks[-1][1])) / 2:
            _, before = blocks.pop()
            members = before + members
            centre = sum(places[i] for i in members) / len(members)
        blocks.append((centre, members))
    moved = [0.0] * len(places)
    for centre, members in blocks:
        for order, index in enumerate(members):
            moved[index] = round(centre + (order - (len(members) - 1) / 2) * gap, 6)
    return moved
