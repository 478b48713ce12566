"""Who came to which meeting: a row a member, a column a meeting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack

import numpy as np
import pandas as pd

from regionstudy.errors import DataError
from regionstudy.figures.assembly import About, chart
from regionstudy.figures.charts.rows import beside_rows, heading, legend_below, plain, text_width
from regionstudy.figures.content import Column, Measure
from regionstudy.figures.tables import table_body
from regionstudy.figures.theme import plain_layout, token
from regionstudy.figures.values import joined
from regionstudy.words import Message, Text, format_date

if TYPE_CHECKING:
    from collections.abc import Mapping

    from regionstudy.figures.shown import StudyFigure

__all__ = ["attendance_grid"]

_ROW = 22
_NARROW_LETTERS = 15
# A phone's width, for marks that must not touch.
_PHONE = 330
# Filled, hollow, a dot: told apart without colours, too.
_MARKS: dict[str, dict[str, Any]] = {
    "came": {"symbol": "square", "size": 13, "color": token("s4")},
    "missed": {
        "symbol": "square-open",
        "size": 12,
        "color": token("d2"),
        "line": {"width": 1.6},
    },
    "not_invited": {"symbol": "circle", "size": 3, "color": token("dot")},
}


def attendance_grid(
    matrix: pd.DataFrame,
    *,
    names: Mapping[str, Text | str],
    title: Text | str,
    measure: Measure,
    **about: Unpack[About],
) -> StudyFigure:
    """
    Draw who came to which meeting.

    Parameters
    ----------
    matrix : DataFrame, shape (members, meetings)
        True, False or missing (not invited); columns (date, meeting), as
        `regionstudy.analysis.membership.attendance` gives it. Rows are drawn in their order.
    names : mapping of str to Text or str
        Members' names by id.
    title : Text or str
        The finding, as a sentence.
    measure : Measure
        The line above the picture.
    **about
        See `regionstudy.figures.assembly.About`.

    Returns
    -------
    StudyFigure
        The figure; its table has each member's meetings.

    Raises
    ------
    DataError
        If there is no member or no meeting.
    """
    if matrix.empty:
        msg = "An attendance grid needs a member and a meeting; the sheet participation has none."
        raise DataError(msg)
    about["how_to_read"] = about.get("how_to_read") or Message("membership.grid.how")

    def draw(lang: str, narrow: bool) -> dict[str, Any]:
        return _draw(matrix, names, lang, narrow)

    what = joined([measure.name, measure.period], ", ")
    told = {"n": len(matrix), "meetings": matrix.shape[1], "measure": what}
    return chart(
        draw,
        kind="attendance",
        title=title,
        measure=measure,
        alt=Message("membership.grid.alt", told),
        frames=(matrix,),
        about=about,
        table=table_body(
            _rows(matrix, names),
            columns=[
                Column("name", Message("membership.grid.member")),
                Column("invited", Message("membership.grid.invited"), "number"),
                Column("came", Message("membership.grid.came"), "number"),
                Column("missed", Message("membership.grid.missed_on")),
            ],
            caption=what,
        ),
    )


def _rows(matrix: pd.DataFrame, names: Mapping[str, Text | str]) -> pd.DataFrame:
    dates = _meetings(matrix)["date"]
    missed = [
        Message("membership.grid.dates", {"dates": [_day(one) for one in row]}) if row else ""
        for row in (
            [date for date, was in zip(dates, line, strict=True) if was is False]
            for line in matrix.astype(object).to_numpy()
        )
    ]
    return pd.DataFrame(
        {
            "name": [names[one] for one in matrix.index],
            "invited": matrix.notna().sum(axis=1).to_numpy(dtype=float),
            "came": matrix.sum(axis=1).to_numpy(dtype=float),
            "missed": missed,
        }
    )


def _meetings(matrix: pd.DataFrame) -> pd.DataFrame:
    """Give the meetings, a row each, as columns of a frame."""
    return matrix.columns.to_frame(index=False)


def _day(date: pd.Timestamp) -> Message:
    return Message("membership.grid.date", {"date": date.date()})


def _draw(
    matrix: pd.DataFrame, names: Mapping[str, Text | str], lang: str, narrow: bool
) -> dict[str, Any]:
    texts = [plain(names[one], lang) for one in matrix.index]
    if narrow:
        texts = [
            text if len(text) <= _NARROW_LETTERS else f"{text[: _NARROW_LETTERS - 1].rstrip(' ,')}…"
            for text in texts
        ]
    size = 12 if narrow else 13
    left = text_width(texts, size=size) + 12
    layout = plain_layout(
        lang,
        height=_ROW * len(texts) + 106,
        margin=(left, 50, 66, 34),
    )
    room = (_PHONE - left - 50) / max(matrix.shape[1], 1) if narrow else _ROW
    shrink = min(1.0, room / _ROW * 1.3)
    meetings = _meetings(matrix)
    called = [plain(str(one), lang) for one in meetings["meeting"]]
    dates = [format_date(date.date(), lang=lang) for date in meetings["date"]]
    layout["xaxis"] = {
        "range": [-0.6, len(meetings) - 0.4],
        "tickvals": list(range(len(meetings))),
        "ticktext": list(meetings["date"].dt.strftime("%m<br>%Y")),
        "side": "top",
        "tickangle": 0,
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
        "tickfont": {"size": 10, "color": token("ink2")},
    }
    every = 1 if not narrow else max(1, -(-len(meetings) // 5))
    for key in ("tickvals", "ticktext"):
        layout["xaxis"][key] = layout["xaxis"][key][::every]
    layout["yaxis"] = {
        "range": [len(texts) - 0.4, -0.6],
        "tickvals": list(range(len(texts))),
        "ticktext": texts,
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
        "tickfont": {"size": size, "color": token("ink")},
    }
    cells = matrix.astype(object).to_numpy()
    kind = np.select(
        [matrix.isna().to_numpy(), matrix.fillna(value=False).to_numpy(dtype=bool)],
        ["not_invited", "came"],
        "missed",
    )
    data = []
    for name, mark in _MARKS.items():
        down, across = np.nonzero(kind == name)
        word = plain(Message(f"membership.grid.{name}"), lang)
        data.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": word,
                "x": across.tolist(),
                "y": down.tolist(),
                "marker": mark | {"size": max(2, round(mark["size"] * shrink))},
                "hoverinfo": "text",
                "hovertext": [
                    f"{texts[row]}, {called[column]} {dates[column]}: {word}"
                    for row, column in zip(down.tolist(), across.tolist(), strict=True)
                ],
            }
        )
    of = plain(Message("membership.grid.of"), lang)
    counts = {
        float(row): f"{sum(one is True for one in line)}/{sum(not pd.isna(one) for one in line)}"
        for row, line in enumerate(cells)
    }
    layout |= {
        "showlegend": True,
        "legend": legend_below(),
        "annotations": [
            *beside_rows(counts, side="right", shift=42, size=size, colour="ink2"),
            heading(of, x=1, anchor="right", shift=42, lift=34),
        ],
    }
    return {"data": data, "layout": layout}
