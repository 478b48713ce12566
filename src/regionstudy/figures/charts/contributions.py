"""What each part, such as a domain, contributes to a score."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack

import numpy as np
import pandas as pd

from regionstudy.errors import DataError
from regionstudy.figures.assembly import About, chart
from regionstudy.figures.charts.axes import number_axis
from regionstudy.figures.charts.rows import (
    axis_ticks,
    beside_rows,
    heading,
    home_text,
    plain,
    region_names,
    sensible,
    text_width,
)
from regionstudy.figures.content import Column, Measure, TableBody
from regionstudy.figures.tables import table_body
from regionstudy.figures.theme import SCALES, plain_layout, token
from regionstudy.figures.values import (
    joined,
    number_text,
    require_columns,
    require_one_row,
    visible,
)
from regionstudy.words import Message, Text, Words, render

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from regionstudy.figures.shown import StudyFigure

__all__ = ["bars"]

_ROW = 28


def bars(
    frame: pd.DataFrame,
    *,
    home: Iterable[str],
    parts: Mapping[str, Text],
    title: Text | str,
    measure: Measure,
    decimals: int = 1,
    **about: Unpack[About],
) -> StudyFigure:
    """
    Draw what parts contribute to a score.

    Parameters
    ----------
    frame : DataFrame, one row a region and part
        ``region``, ``part``, ``value``, ``status``.
    home : iterable of str
        Codes of the home regions; with more than four parts, the first is drawn.
    parts : mapping of str to Text
        The parts in order, with their names.
    title : Text or str
        The finding, as a sentence.
    measure : Measure
        The line above the picture.
    decimals : int, default 1
        Decimals of the values.
    **about
        See `regionstudy.figures.assembly.About`.

    Returns
    -------
    StudyFigure
        With up to four parts, a stacked bar a region, highest sum first. With more, which no
        reader can tell apart by colour, a row a part: the home region's bar, and a line at
        the median of the others. A part without a value is a word, not a bar of no length.

    Raises
    ------
    DataError
        If a column is absent, a pair repeats, a part is unknown, or the home has no value.
    """
    require_columns(frame, ["region", "part", "value"], where="A chart of contributions")
    require_one_row(frame, ["region", "part"], where="A chart of contributions")
    unknown = sorted(set(frame["part"].astype(str)) - set(parts))
    if unknown:
        msg = f"Parts {', '.join(unknown[:5])} have no name; give one to each in parts=."
        raise DataError(msg)
    home = tuple(home)
    shown = frame.assign(**visible(frame))
    wide = shown.set_index(["region", "part"])["value"].unstack("part")  # noqa: PD010 - keys are unique
    wide = wide.reindex(columns=list(parts))
    strange = [code for code in home if code not in wide.index or wide.loc[code].isna().all()]
    if strange or not home:
        msg = f"A chart of contributions needs the home region's values; {home or 'none'} has none."
        raise DataError(msg)
    names = region_names(frame)
    stacked = len(parts) <= len(SCALES["categorical"])

    def draw(lang: str, narrow: bool) -> dict[str, Any]:
        if stacked:
            spoken = {code: render(text, lang) for code, text in names.items()}
            return _stacked(wide, spoken, parts, home, lang, narrow, decimals)
        return _by_part(wide, parts, home[0], lang, narrow, decimals)

    return chart(
        draw,
        kind="contributions",
        title=title,
        measure=measure,
        alt=_alt(wide, names, parts, home[0], measure, decimals),
        frames=(frame,),
        about=about,
        table=_table(wide, names, parts, home, measure, decimals),
    )


def _axis(lang: str, low: float, high: float, *, narrow: bool) -> dict[str, Any]:
    pad = (high - low or 1.0) * 0.03
    ticks, texts = axis_ticks(low, high + pad, count=4 if narrow else 7)
    ends = (low - (pad if low < 0 else 0), high + pad)
    return number_axis(*ends, ticks=ticks, texts=texts, lang=lang) | {"side": "top"}


def _stacked(
    wide: pd.DataFrame,
    names: dict[str, str],
    parts: Mapping[str, Text],
    home: tuple[str, ...],
    lang: str,
    narrow: bool,
    decimals: int,
) -> dict[str, Any]:
    # skipna=False: a sum over a missing part is unknown, not smaller.
    total = wide.sum(axis=1, skipna=False)
    order = total.sort_values(ascending=False, na_position="last").index
    rows = wide.loc[order]
    sums = [plain(_number(value, decimals), lang) for value in total.loc[order]]
    texts = [plain(names[str(code)], lang) for code in order]
    size = 12 if narrow else 13
    left = min(text_width((names[str(code)] for code in order), size=size) + 14, 240)
    layout = plain_layout(lang, height=60 + _ROW * len(rows), margin=(left, 56, 28, 34))
    marked = [
        home_text(text) if code in home else text for code, text in zip(order, texts, strict=True)
    ]
    layout |= {
        "barmode": "relative",
        "bargap": 0.25,
        "showlegend": True,
        "legend": {"orientation": "h", "x": 0, "y": 0, "yanchor": "top", "traceorder": "normal"},
        "xaxis": _axis(
            lang,
            float(rows.clip(upper=0).sum(axis=1).min()),
            float(rows.clip(lower=0).sum(axis=1).max()),
            narrow=narrow,
        ),
        "yaxis": {"range": [len(rows) - 0.5, -0.5], "visible": False, "fixedrange": True},
        "annotations": [
            *beside_rows(dict(enumerate(marked)), side="left", shift=-left, size=size),
            *beside_rows(
                dict(enumerate(plain(text, lang) for text in sums)),
                side="right",
                shift=52,
                size=size,
            ),
        ],
    }
    data = [
        {
            "type": "bar",
            "orientation": "h",
            "name": plain(label, lang),
            "x": sensible(rows[part]),
            "y": list(range(len(rows))),
            "marker": {"color": token(colour), "line": {"color": token("paper"), "width": 1}},
            "hovertext": [
                f"{text}, {plain(label, lang)}: {plain(_number(value, decimals), lang)}"
                for text, value in zip(texts, rows[part], strict=True)
            ],
            "hoverinfo": "text",
        }
        for colour, (part, label) in zip(SCALES["categorical"], parts.items(), strict=False)
    ]
    return {"data": data, "layout": layout}


def _number(value: Any, decimals: int) -> Text:
    return Message("words.missing") if np.isnan(value) else number_text(float(value), decimals)


def _by_part(
    wide: pd.DataFrame,
    parts: Mapping[str, Text],
    home: str,
    lang: str,
    narrow: bool,
    decimals: int,
) -> dict[str, Any]:
    own, others = pd.Series(wide.loc[home]), wide.drop(index=home)
    middle = others.median(axis=0)
    labels = [plain(text, lang) for text in parts.values()]
    values = [plain(_number(own[part], decimals), lang) for part in parts]
    size = 12 if narrow else 13
    left = min(text_width((render(t, lang) for t in parts.values()), size=size) + 14, 240)
    right = text_width(values, size=size) + 16
    layout = plain_layout(lang, height=34 + _ROW * len(parts), margin=(left, right, 28, 6))
    numbers = np.array([own, middle], dtype=float)
    layout |= {
        "bargap": 0.35,
        "xaxis": _axis(
            lang, min(float(np.nanmin(numbers)), 0.0), float(np.nanmax(numbers)), narrow=narrow
        ),
        "yaxis": {"range": [len(parts) - 0.5, -0.5], "visible": False, "fixedrange": True},
        "annotations": [
            *beside_rows(dict(enumerate(labels)), side="left", shift=-left, size=size),
            *beside_rows(dict(enumerate(values)), side="right", shift=right, size=size),
        ],
    }
    medians = [plain(_number(x, decimals), lang) for x in middle]
    told = plain(Message("figures.contributions.median", {"n": len(others)}), lang)
    layout["annotations"].append(heading(f"| {told}", x=0, shift=-left, lift=18))
    layout["margin"]["t"] += 18
    layout["height"] += 18
    data = [
        {
            "type": "bar",
            "orientation": "h",
            "x": sensible(own),
            "y": list(range(len(parts))),
            "marker": {"color": token("home")},
            "hovertext": [f"{a}: {b}" for a, b in zip(labels, values, strict=True)],
            "hoverinfo": "text",
        },
        {
            "type": "scatter",
            "mode": "markers",
            "x": sensible(middle),
            "y": list(range(len(parts))),
            "marker": {
                "symbol": "line-ns-open",
                "size": 20,
                "color": token("ink"),
                "line": {"width": 2, "color": token("ink")},
            },
            "hovertext": [f"{a}, {told}: {b}" for a, b in zip(labels, medians, strict=True)],
            "hoverinfo": "text",
        },
    ]
    return {"data": data, "layout": layout}


def _alt(
    wide: pd.DataFrame,
    names: dict[str, Text | str],
    parts: Mapping[str, Text],
    home: str,
    measure: Measure,
    decimals: int,
) -> Words:
    own = pd.Series(wide.loc[home]).dropna()
    most, least = str(own.idxmax()), str(own.idxmin())
    told: dict[str, Any] = {
        "name": names[home],
        "measure": measure.name,
        "high_part": parts[most],
        "high": _number(own[most], decimals),
        "low_part": parts[least],
        "low": _number(own[least], decimals),
    }
    sentences: list[Text] = [Message("figures.alt.contributions", told)]
    missing = [parts[part] for part in parts if part not in own.index]
    if missing:
        sentences.append(Message("figures.alt.parts_missing", {"list": missing}))
    return joined(sentences)


def _table(
    wide: pd.DataFrame,
    names: dict[str, Text | str],
    parts: Mapping[str, Text],
    home: tuple[str, ...],
    measure: Measure,
    decimals: int,
) -> TableBody:
    total = wide.sum(axis=1, skipna=False)
    listed = wide.assign(total=total).sort_values("total", ascending=False, na_position="last")
    listed = listed.reset_index().assign(label=lambda rows: rows["region"].map(names))
    columns = [
        Column("label", Message("figures.column.region")),
        *(Column(part, label, "number", decimals) for part, label in parts.items()),
        Column("total", Message("figures.column.total"), "number", decimals),
    ]
    caption = joined([measure.name, measure.unit, measure.period], ", ")
    return table_body(listed, columns=columns, caption=caption, home=home)
