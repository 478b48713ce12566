"""A row a region, with its interval where one is known."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np
import pandas as pd

from regionstudy.figures.assembly import About, chart
from regionstudy.figures.charts.axes import number_axis
from regionstudy.figures.charts.rows import (
    axis_ticks,
    beside_rows,
    heading,
    home_text,
    plain,
    records,
    region_names,
    sensible,
    text_width,
)
from regionstudy.figures.content import Column, Measure, TableBody
from regionstudy.figures.tables import table_body
from regionstudy.figures.theme import plain_layout, token
from regionstudy.figures.values import (
    joined,
    number_text,
    require_columns,
    require_one_row,
    status_text,
    value_text,
    visible,
)
from regionstudy.words import Message, Text, Words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from regionstudy.figures.shown import StudyFigure

__all__ = ["ranking"]

_ROW = 25
# On a phone a long label takes several lines, of this many letters and pixels.
_NARROW_LETTERS = 19
_NARROW_LINE = 16
_RANKS = ("rank", "rank_median", "rank_low", "rank_high")


def ranking(
    frame: pd.DataFrame,
    *,
    title: Text | str,
    measure: Measure,
    home: Iterable[str] = (),
    decimals: int = 1,
    signed: bool = False,
    higher_is_better: bool = True,
    **about: Unpack[About],
) -> StudyFigure:
    """
    Draw a row a region, best first, with intervals where they are given.

    Parameters
    ----------
    frame : DataFrame, one row a region
        ``region``, ``value``, ``status``, and where there are any ``low``, ``high`` (an
        interval), ``rank``, ``rank_median``, ``rank_low``, ``rank_high`` and ``name``.
    title : Text or str
        The finding, as a sentence.
    measure : Measure
        The line above the picture.
    home : iterable of str
        Codes of the home regions.
    decimals : int, default 1
        Decimals of the values.
    signed : bool, default False
        Whether they are changes or nets: positive ones carry a plus, zero is a line, and an
        interval across it says so.
    higher_is_better : bool, default True
        Which way rows without ``rank`` are ordered.
    **about
        See `regionstudy.figures.assembly.About`.

    Returns
    -------
    StudyFigure
        The figure; regions without a value stand last, with the word.

    Raises
    ------
    DataError
        If a column is absent or a region repeats.
    """
    require_columns(frame, ["region", "value"], where="A ranking")
    require_one_row(frame, ["region"], where="A ranking")
    home = tuple(home)
    names = region_names(frame)
    listed = frame.assign(**visible(frame), label=frame["region"].map(names))
    for column in ("low", "high", *_RANKS):
        given = listed[column] if column in listed else pd.Series(np.nan, index=listed.index)
        # A protected value's interval and rank would give it away.
        listed[column] = given.astype(float).where(listed["value"].notna())
    by, ascending = (
        ("rank", True) if listed["rank"].notna().any() else ("value", not higher_is_better)
    )
    listed = listed.sort_values(by, ascending=ascending, kind="stable", na_position="last")
    listed = listed.reset_index(drop=True)
    with_interval = bool(listed["low"].notna().any())

    def draw(lang: str, narrow: bool) -> dict[str, Any]:
        return _draw(listed, home, lang, narrow, decimals, signed)

    return chart(
        draw,
        kind="ranking",
        title=title,
        measure=measure,
        alt=_alt(listed, home, measure, decimals, signed),
        frames=(frame,),
        about=about,
        table=_table(listed, home, measure, decimals, signed, with_interval),
    )


def _draw(
    listed: pd.DataFrame,
    home: tuple[str, ...],
    lang: str,
    narrow: bool,
    decimals: int,
    signed: bool,
) -> dict[str, Any]:
    is_home = listed["region"].isin(home).to_numpy()
    ends = listed[["value", "low", "high"]].to_numpy(dtype=float)
    there = ends[np.isfinite(ends)]
    low, high = (float(there.min()), float(there.max())) if there.size else (0.0, 1.0)
    if signed:
        low, high = min(low, 0.0), max(high, 0.0)
    pad = (high - low or abs(high) or 1.0) * 0.04
    ticks, tick_texts = axis_ticks(low - pad, high + pad, count=3 if narrow else 6, signed=signed)
    size = 12 if narrow else 13
    labels = [plain(text, lang) for text in listed["label"]]
    values = [_value(row, lang, decimals, signed) for row in records(listed)]
    places = [_place(row, lang, signed, narrow=narrow) for row in records(listed)]
    # A column that would say nothing gets no heading and no room.
    has_place = any(places)
    left = min(text_width(labels, size=size) + 14, 124 if narrow else 240)
    value_width = 0 if narrow and has_place else max(text_width(values, size=size) + 16, 60)
    right = value_width + (max(text_width(places, size=12) + 14, 60) if has_place else 0)
    row = _ROW
    if narrow and text_width(labels, size=size) + 14 > left:
        lines = [wrap(text, _NARROW_LETTERS) for text in labels]
        labels = ["<br>".join(line) for line in lines]
        row = max(_ROW, 8 + _NARROW_LINE * max(map(len, lines)))
    layout = plain_layout(lang, height=30 + row * len(listed), margin=(left, right, 26, 4))
    marked = [home_text(text) if mine else text for text, mine in zip(labels, is_home, strict=True)]
    annotations = beside_rows(dict(enumerate(marked)), side="left", shift=-left, size=size)
    if value_width:
        texts = [home_text(t) if mine else t for t, mine in zip(values, is_home, strict=True)]
        annotations += beside_rows(
            dict(enumerate(texts)), side="right", shift=value_width, size=size
        )
    if has_place:
        texts = [home_text(t) if mine else t for t, mine in zip(places, is_home, strict=True)]
        annotations += beside_rows(
            dict(enumerate(texts)), side="right", shift=right, size=12, colour="ink2"
        )
        key = "outcome" if listed["rank"].isna().all() else "rank"
        if listed["rank_median"].notna().any():
            key = "rank_median"
        annotations.append(
            heading(
                plain(Message(f"figures.{key}_heading"), lang), x=1, anchor="right", shift=right
            )
        )
    layout |= {
        "annotations": annotations,
        "xaxis": number_axis(low - pad, high + pad, ticks=ticks, texts=tick_texts, lang=lang)
        | {"side": "top", "zeroline": signed},
        "yaxis": {"range": [len(listed) - 0.5, -0.5], "visible": False, "fixedrange": True},
    }
    groups = {
        "": ("dot", "ink2", ~is_home & ~_below(listed, signed)),
        "below": ("d2", "d1", ~is_home & _below(listed, signed)),
        "home": ("home", "home", is_home),
    }
    data = []
    for bar, dot, mask in groups.values():
        data += _marks(listed, mask, bar, dot, labels, values, places)
    return {"data": data, "layout": layout}


def _below(listed: pd.DataFrame, signed: bool) -> np.ndarray:
    """Tell which intervals lie wholly below zero, the clear losses."""
    return (listed["high"] < 0).to_numpy() & signed


def _marks(
    listed: pd.DataFrame,
    mask: np.ndarray,
    bar: str,
    dot: str,
    labels: list[str],
    values: list[str],
    places: list[str],
) -> list[dict[str, Any]]:
    rows = np.flatnonzero(mask & listed["value"].notna().to_numpy())
    if not rows.size:
        return []
    chosen = listed.iloc[rows]
    made: list[dict[str, Any]] = []
    if chosen["low"].notna().any():
        gap = np.full(len(chosen), np.nan)
        across = np.column_stack([chosen["low"], chosen["high"], gap]).ravel()
        made.append(
            {
                "type": "scatter",
                "mode": "lines",
                "x": sensible(across),
                "y": np.repeat(rows, 3).tolist(),
                "line": {"color": token(bar), "width": 4},
                "opacity": 0.62,
                "hoverinfo": "skip",
            }
        )
    spoken = [label.replace("<br>", " ") for label in labels]
    hover = [" · ".join(filter(None, (f"{spoken[i]}: {values[i]}", places[i]))) for i in rows]
    made.append(
        {
            "type": "scatter",
            "mode": "markers",
            "x": sensible(chosen["value"]),
            "y": rows.tolist(),
            "marker": {"color": token(dot), "size": 11 if bar == "home" else 9},
            "hovertext": hover,
            "hoverinfo": "text",
        }
    )
    return made


def _value(row: Any, lang: str, decimals: int, signed: bool) -> str:
    return plain(value_text(row.value, row.status, decimals=decimals, signed=signed), lang)


def _place(row: Any, lang: str, signed: bool, *, narrow: bool) -> str:
    """Write the rank with its span, or what an interval around zero says."""
    if not np.isnan(row.rank):
        span = "" if np.isnan(row.rank_low) else f" ({row.rank_low:.0f}–{row.rank_high:.0f})"
        middle = "" if np.isnan(row.rank_median) else f" · {row.rank_median:.0f}"
        return f"{row.rank:.0f}{middle}{span}"
    if np.isnan(row.value):
        # A phone leaves out the column of values, but not what it would have said.
        return plain(status_text(row.status), lang) if narrow else ""
    if not signed or np.isnan(row.low):
        return ""
    word = "above" if row.low > 0 else "below" if row.high < 0 else "unclear"
    return plain(Message(f"figures.outcome.{word}"), lang)


def _alt(
    listed: pd.DataFrame, home: tuple[str, ...], measure: Measure, decimals: int, signed: bool
) -> Words:
    there = listed[listed["value"].notna()]
    what = joined([measure.name, measure.unit, measure.period], ", ")
    # With names of their own, the rows are no regions of Sweden.
    key = "figures.alt.rows" if "name" in listed else "figures.alt.ranking"
    sentences: list[Text] = [Message(key, {"n": len(listed), "measure": what})]
    if len(there):
        ends = {}
        for key, row in (("first", there.iloc[0]), ("last", there.iloc[-1])):
            ends[f"{key}_name"] = row["label"]
            ends[key] = number_text(float(row["value"]), decimals, signed=signed)
        sentences.append(Message("figures.alt.ends", ends))
    for row in records(listed[listed["region"].isin(home)]):
        value = value_text(row.value, row.status, decimals=decimals, signed=signed)
        sentences.append(Message("figures.alt.home", {"name": row.label, "value": value}))
    missing = len(listed) - len(there)
    if missing:
        sentences.append(Message("figures.alt.missing", {"n": missing}))
    return joined(sentences)


def _table(
    listed: pd.DataFrame,
    home: tuple[str, ...],
    measure: Measure,
    decimals: int,
    signed: bool,
    with_interval: bool,
) -> TableBody:
    columns = [
        Column("label", Message(f"figures.column.{'row' if 'name' in listed else 'region'}")),
        Column("value", measure.name, "number", decimals, signed),
    ]
    if with_interval:
        columns += [
            Column("low", Message("figures.column.low"), "number", decimals, signed),
            Column("high", Message("figures.column.high"), "number", decimals, signed),
        ]
    columns += [
        Column(key, Message(f"figures.column.{key}"), "number")
        for key in _RANKS
        if listed[key].notna().any()
    ]
    caption = joined([measure.name, measure.unit, measure.period], ", ")
    return table_body(listed, columns=columns, caption=caption, home=home)
