"""Dots in four fields: two measures at once, each with a line that divides it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack

import numpy as np

from regionstudy.errors import DataError
from regionstudy.figures.assembly import About, chart
from regionstudy.figures.charts.axes import number_axis
from regionstudy.figures.charts.rows import axis_ticks, heading, plain, sensible, text_width
from regionstudy.figures.content import Column, Measure
from regionstudy.figures.tables import table_body
from regionstudy.figures.theme import plain_layout, token
from regionstudy.figures.values import joined, number_text, require_columns, require_one_row
from regionstudy.words import Message, Text, Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

    from regionstudy.figures.shown import StudyFigure

__all__ = ["quadrants"]

# The plot area's width in pixels that labels are laid out for; a wider one only has more room.
_WIDTHS = {False: 640, True: 270}
_HEIGHTS = {False: 430, True: 380}
_LINE = 16


def quadrants(
    frame: pd.DataFrame,
    *,
    title: Text | str,
    measure: Measure,
    across: Text | str,
    upright: Text | str,
    corners: Sequence[Text | str],
    home: Iterable[str] = (),
    decimals: int = 0,
    **about: Unpack[About],
) -> StudyFigure:
    """
    Draw a dot a row by two measures, with lines at zero that part them into four fields.

    Parameters
    ----------
    frame : DataFrame, one row a dot
        ``id`` (short, shown on a phone), ``name``, ``x``, ``y``, ``size`` (what the dot's
        area stands for), and ``firm`` (bool: both measures surely away from zero; other dots
        are hollow). A row without ``x`` or ``y`` stands in the table alone.
    title : Text or str
        The finding, as a sentence.
    measure : Measure
        The line above the picture.
    across, upright : Text or str
        What `x` and `y` measure.
    corners : sequence of 4 Text or str
        Names of the fields: upper left, upper right, lower left, lower right.
    home : iterable of str
        Ids of dots that are set off.
    decimals : int, default 0
        Decimals of both measures.
    **about
        See `regionstudy.figures.assembly.About`.

    Returns
    -------
    StudyFigure
        The figure. A dot has its name where there is room for it, else its id, which the
        table explains; on a phone all have their id.

    Raises
    ------
    DataError
        If a column is absent, an id repeats, or no row has both measures.
    """
    columns = ["id", "name", "x", "y", "size", "firm"]
    require_columns(frame, columns, where="A chart of four fields")
    require_one_row(frame, ["id"], where="A chart of four fields")
    drawn = frame[frame["x"].notna() & frame["y"].notna()].reset_index(drop=True)
    if drawn.empty:
        msg = "A chart of four fields has no dot to draw; choose years that have figures."
        raise DataError(msg)
    marked = set(home)

    def draw(lang: str, narrow: bool) -> dict[str, Any]:
        return _draw(drawn, marked, across, upright, corners, lang, narrow, decimals)

    what = joined([measure.name, measure.unit, measure.period], ", ")
    told = [
        Column("id", Message("clusters.column.sign")),
        Column("name", Message("figures.column.row")),
        Column("x", joined([across]), "number", decimals, signed=True),
        Column("y", joined([upright]), "number", decimals, signed=True),
    ]
    return chart(
        draw,
        kind="quadrants",
        title=title,
        measure=measure,
        alt=_alt(drawn, what, corners),
        frames=(frame,),
        about=about,
        table=table_body(frame, columns=told, caption=what),
    )


def _draw(
    drawn: pd.DataFrame,
    marked: set[str],
    across: Text | str,
    upright: Text | str,
    corners: Sequence[Text | str],
    lang: str,
    narrow: bool,
    decimals: int,
) -> dict[str, Any]:
    size = 12 if narrow else 13
    xs, ys = drawn["x"].to_numpy(dtype=float), drawn["y"].to_numpy(dtype=float)
    width, height = _WIDTHS[narrow], _HEIGHTS[narrow]
    ends = [_ends(xs, 0.14), _ends(ys, 0.14)]
    radius = _radii(drawn["size"].to_numpy(dtype=float), largest=11 if narrow else 16)
    places = np.column_stack(
        [
            (xs - ends[0][0]) / (ends[0][1] - ends[0][0]) * width,
            (ends[1][1] - ys) / (ends[1][1] - ends[1][0]) * height,
        ]
    )
    zero = (
        -ends[0][0] / (ends[0][1] - ends[0][0]) * width,
        ends[1][1] / (ends[1][1] - ends[1][0]) * height,
    )
    short = [plain(text, lang) for text in drawn["id"]]
    names = short if narrow else [plain(text, lang) for text in drawn["name"]]
    is_home = [one in marked for one in drawn["id"]]
    layout = plain_layout(lang, height=height + 84, margin=(40, 10, 42, 42))
    layout |= {
        "xaxis": _axis(ends[0], lang, count=4 if narrow else 7),
        "yaxis": _axis(ends[1], lang, count=5) | {"automargin": False},
        "annotations": [
            heading(f"↑ {plain(upright, lang)}", shift=-40, lift=8),
            {
                "text": f"{plain(across, lang)} →",
                "x": 1,
                "xref": "paper",
                "xanchor": "right",
                "y": 0,
                "yref": "paper",
                "yanchor": "top",
                "yshift": -22,
                "showarrow": False,
                "font": {"size": 12, "color": token("ink2")},
            },
            *_corner_texts(corners, lang, size),
            *_labels(names, short, places, radius, is_home, (width, height), size, drawn, zero),
        ],
    }
    firm = drawn["firm"].to_numpy(dtype=bool)
    colour = [token("home") if mine else token("d6") for mine in is_home]
    spoken = [plain(text, lang) for text in drawn["name"]]
    pairs = zip(spoken, xs, ys, strict=True)
    dots = {
        "type": "scatter",
        "mode": "markers",
        "x": sensible(xs),
        "y": sensible(ys),
        "marker": {
            "size": [round(2 * float(r), 1) for r in radius],
            "color": [c if sure else token("paper") for c, sure in zip(colour, firm, strict=True)],
            "opacity": 1,
            "line": {"width": 2, "color": colour},
        },
        "hovertext": [
            f"{text}: {_signed(x, decimals, lang)}, {_signed(y, decimals, lang)}"
            for text, x, y in pairs
        ],
        "hoverinfo": "text",
        "cliponaxis": False,
    }
    return {"data": [dots], "layout": layout}


def _signed(number: float, decimals: int, lang: str) -> str:
    return plain(number_text(float(number), decimals, signed=True), lang)


def _ends(numbers: np.ndarray, pad: float) -> tuple[float, float]:
    low, high = min(float(numbers.min()), 0.0), max(float(numbers.max()), 0.0)
    room = (high - low or 1.0) * pad
    return low - room, high + room


def _radii(sizes: np.ndarray, *, largest: float) -> np.ndarray:
    """Areas in proportion, but no dot too small to be seen."""
    most = float(np.nanmax(sizes)) if np.isfinite(sizes).any() else 1.0
    shown = largest * np.sqrt(np.nan_to_num(sizes) / (most or 1.0))
    return np.asarray(np.clip(shown, 4.0, None))


def _axis(ends: tuple[float, float], lang: str, *, count: int) -> dict[str, Any]:
    ticks, texts = axis_ticks(*ends, count=count, signed=True)
    return number_axis(*ends, ticks=ticks, texts=texts, lang=lang)


def _corner_texts(corners: Sequence[Text | str], lang: str, size: int) -> list[dict[str, Any]]:
    where = [(0, 1), (1, 1), (0, 0), (1, 0)]
    return [
        {
            "text": f"<b>{plain(text, lang)}</b>",
            "x": x,
            "xref": "paper",
            "xanchor": "right" if x else "left",
            "y": y,
            "yref": "paper",
            "yanchor": "top" if y else "bottom",
            "showarrow": False,
            "font": {"size": size, "color": token("ink2")},
        }
        for (x, y), text in zip(where, corners, strict=True)
    ]


def _labels(
    names: list[str],
    short: list[str],
    places: np.ndarray,
    radius: np.ndarray,
    is_home: list[bool],
    area: tuple[int, int],
    size: int,
    drawn: pd.DataFrame,
    zero: tuple[float, float],
) -> list[dict[str, Any]]:
    """Set each name beside its dot where it covers nothing; the farthest out choose first."""
    dots = [(x - r, y - r, x + r, y + r) for (x, y), r in zip(places, radius, strict=True)]
    # The corners hold the fields' names; the lines at zero are crossed only where need be.
    taken = [*dots, (0, 0, area[0], _LINE + 4), (0, area[1] - _LINE - 4, area[0], area[1])]
    across, upright = zero
    lines = [(across - 2, 0, across + 2, area[1]), (0, upright - 2, area[0], upright + 2)]
    # Those farthest out say most, and have most room.
    far = np.hypot(*(places - np.array(zero)).T)
    order = sorted(range(len(names)), key=lambda i: (not is_home[i], -far[i]))
    made = []
    for i in order:
        x, y, r = float(places[i, 0]), float(places[i, 1]), float(radius[i]) + 4
        tries = [
            (text, place, also)
            for text in dict.fromkeys([names[i], short[i]])
            for also in (lines, [])
            for place in _around(text_width([text], size=size) + 2, r)
        ]
        for text, place, also in tries:
            xanchor, yanchor, left, top, right, up = place
            box = (x + left, y + top, x + left + text_width([text], size=size) + 2, y + top + _LINE)
            inside = box[0] >= 0 and box[2] <= area[0]
            if inside and not _covers(box, [*taken, *also], i):
                break
        else:
            # Rather a sign that touches another than a dot that nobody can tell.
            text, (xanchor, yanchor, _, _, right, up) = short[i], _around(0, r)[0]
            box = (x, y, x, y)
        taken.append(box)
        made.append(
            {
                "text": f"<b>{text}</b>" if is_home[i] else text,
                "x": float(f"{drawn['x'].iloc[i]:.6g}"),
                "y": float(f"{drawn['y'].iloc[i]:.6g}"),
                "xanchor": xanchor,
                "yanchor": yanchor,
                "xshift": round(right, 1),
                "yshift": round(up, 1),
                "showarrow": False,
                "font": {"size": size, "color": token("home" if is_home[i] else "ink")},
            }
        )
    return made


def _around(wide: float, r: float) -> list[tuple[str, str, float, float, float, float]]:
    """List places for a label: anchors, its corner from the dot's middle, and its shift."""
    near = 0.7 * r
    return [
        ("left", "middle", r, -_LINE / 2, r, 0.0),
        ("right", "middle", -r - wide, -_LINE / 2, -r, 0.0),
        ("center", "bottom", -wide / 2, -r - _LINE, 0.0, r),
        ("center", "top", -wide / 2, r, 0.0, -r),
        ("left", "bottom", near, -near - _LINE, near, near),
        ("left", "top", near, near, near, -near),
        ("right", "bottom", -near - wide, -near - _LINE, -near, near),
        ("right", "top", -near - wide, near, -near, -near),
    ]


def _covers(
    box: tuple[float, float, float, float],
    taken: list[tuple[float, float, float, float]],
    own: int,
) -> bool:
    left, top, right, low = box
    return any(
        number != own and left < r and right > x and top < b and low > y
        for number, (x, y, r, b) in enumerate(taken)
    )


def _alt(drawn: pd.DataFrame, what: Text, corners: Sequence[Text | str]) -> Words:
    right, above = drawn["x"] >= 0, drawn["y"] >= 0
    fields = [above & ~right, above & right, ~above & ~right, ~above & right]
    parts: list[Text] = [Message("figures.alt.rows", {"n": len(drawn), "measure": what})]
    for corner, mask in zip(corners, fields, strict=True):
        if mask.any():
            names = Message("clusters.listed", {"list": list(drawn.loc[mask, "name"])})
            parts.append(Message("figures.alt.home", {"name": corner, "value": names}))
    return joined(parts)
