"""Net by age: a bar an age, gains above the line and losses below."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack

import numpy as np

from regionstudy.errors import DataError
from regionstudy.figures.assembly import About, chart
from regionstudy.figures.charts.axes import number_axis
from regionstudy.figures.charts.rows import axis_ticks, heading, plain, sensible
from regionstudy.figures.content import Column, Measure
from regionstudy.figures.tables import table_body
from regionstudy.figures.theme import plain_layout, token
from regionstudy.figures.values import (
    joined,
    require_columns,
    require_one_row,
    value_text,
    visible,
)
from regionstudy.words import Message, Text, Words

if TYPE_CHECKING:
    import pandas as pd

    from regionstudy.figures.shown import StudyFigure

__all__ = ["age_profile"]


def age_profile(
    frame: pd.DataFrame,
    *,
    title: Text | str,
    measure: Measure,
    compare: Text | str | None = None,
    decimals: int = 1,
    signed: bool = True,
    **about: Unpack[About],
) -> StudyFigure:
    """
    Draw gains and losses, or shares, by age.

    Parameters
    ----------
    frame : DataFrame, one row an age
        ``age`` (a year or a span, in order), ``value``, ``status``, and ``compare`` (the
        peers' value, a dashed line) where there is one.
    title : Text or str
        The finding, as a sentence.
    measure : Measure
        The line above the picture.
    compare : Text or str, optional
        What the dashed line is; needed with the column.
    decimals : int, default 1
        Decimals of the values.
    signed : bool, default True
        Whether positive values carry a plus, as gains do and shares do not.
    **about
        See `regionstudy.figures.assembly.About`.

    Returns
    -------
    StudyFigure
        The figure; an age without a value has a cross on the line, not a bar of no height.

    Raises
    ------
    DataError
        If a column is absent, an age repeats, or there is no value.
    """
    require_columns(frame, ["age", "value"], where="An age profile")
    require_one_row(frame, ["age"], where="An age profile")
    listed = frame.assign(**visible(frame), age=frame["age"].astype(str)).reset_index(drop=True)
    if listed["value"].isna().all():
        msg = "An age profile has no value to draw; fetch the figures, or choose another period."
        raise DataError(msg)
    if "compare" in listed and compare is None:
        msg = "An age profile with a column compare needs compare=, the words for its line."
        raise DataError(msg)

    def draw(lang: str, narrow: bool) -> dict[str, Any]:
        return _draw(listed, compare, lang, narrow, decimals, signed)

    columns = [
        Column("age", Message("figures.column.age")),
        Column("value", measure.name, "number", decimals, signed=signed),
    ]
    if "compare" in listed and compare is not None:
        label = Words(compare, compare) if isinstance(compare, str) else compare
        columns.append(Column("compare", label, "number", decimals, signed=signed))
    return chart(
        draw,
        kind="age-profile",
        title=title,
        measure=measure,
        alt=_alt(listed, measure, decimals, signed),
        frames=(frame,),
        about=about,
        table=table_body(
            listed,
            columns=columns,
            caption=joined([measure.name, measure.unit, measure.period], ", "),
        ),
    )


def _draw(
    listed: pd.DataFrame,
    compare: Text | str | None,
    lang: str,
    narrow: bool,
    decimals: int,
    signed: bool,
) -> dict[str, Any]:
    there = listed["value"].notna().to_numpy()
    numbers = listed[[c for c in ("value", "compare") if c in listed]].to_numpy(dtype=float)
    low, high = min(float(np.nanmin(numbers)), 0.0), max(float(np.nanmax(numbers)), 0.0)
    pad = (high - low or 1.0) * 0.06
    ticks, texts = axis_ticks(low - pad, high + pad, count=5, signed=signed)
    every = max(1, round(len(listed) / (6 if narrow else 14)))
    marks = list(range(0, len(listed), every))
    layout = plain_layout(lang, height=280 if narrow else 340, margin=(40, 8, 26, 34))
    font = {"size": 12, "color": token("ink2")}
    layout |= {
        "bargap": 0.15,
        "xaxis": {
            "range": [-0.6, len(listed) - 0.4],
            "tickvals": marks,
            "ticktext": [plain(listed["age"].iloc[mark], lang) for mark in marks],
            "tickfont": font,
            "tickangle": 0,
            "showgrid": False,
            "zeroline": False,
            "fixedrange": True,
            "title": {"text": plain(Message("figures.column.age"), lang), "font": font},
        },
        "yaxis": number_axis(low - pad, high + pad, ticks=ticks, texts=texts, lang=lang)
        | {"automargin": True},
        "annotations": [],
    }
    gain = (listed["value"] >= 0).to_numpy()
    written = [
        value_text(value, status, decimals=decimals, signed=signed)
        for value, status in zip(listed["value"], listed["status"], strict=True)
    ]
    told = [
        f"{plain(age, lang)}: {plain(text, lang)}"
        for age, text in zip(listed["age"], written, strict=True)
    ]
    data: list[dict[str, Any]] = [
        {
            "type": "bar",
            "x": np.flatnonzero(chosen).tolist(),
            "y": sensible(listed["value"][chosen]),
            "marker": {"color": token(colour)},
            "hovertext": [told[index] for index in np.flatnonzero(chosen)],
            "hoverinfo": "text",
        }
        for colour, chosen in (("d6", there & gain), ("d2", there & ~gain))
    ]
    if (~there).any():
        data.append(
            {
                "type": "scatter",
                "mode": "markers",
                "x": np.flatnonzero(~there).tolist(),
                "y": [0] * int((~there).sum()),
                "marker": {
                    "symbol": "x-thin",
                    "size": 8,
                    "line": {"color": token("missing"), "width": 1.5},
                },
                "hovertext": [told[index] for index in np.flatnonzero(~there)],
                "hoverinfo": "text",
            }
        )
    if "compare" in listed and compare is not None:
        text = plain(compare, lang)
        line = {
            "type": "scatter",
            "mode": "lines",
            "x": list(range(len(listed))),
            "y": sensible(listed["compare"]),
            "hoverinfo": "skip",
        }
        # Over a dark bar a dark line does not show, but for a pale one under it.
        data.append({**line, "line": {"color": token("paper"), "width": 4}})
        data.append(
            {
                **line,
                "line": {"color": token("ink2"), "width": 1.8, "dash": "4px,3px"},
                "name": text,
            }
        )
        # A chart has one dashed line only, so its name can stand above as the heading.
        layout["annotations"].append(heading(f"– – {text}", x=1, anchor="right"))
    return {"data": data, "layout": layout}


def _ends(values: pd.Series[float]) -> tuple[Any, Any]:
    numbers = values.to_numpy()
    return numbers.argmax(), numbers.argmin()


def _alt(listed: pd.DataFrame, measure: Measure, decimals: int, signed: bool) -> Words:
    there = listed[listed["value"].notna()]
    top, low = (there.iloc[int(found)] for found in _ends(there["value"]))
    what = joined([measure.name, measure.unit, measure.period], ", ")
    told = {
        "measure": what,
        "high_age": top["age"],
        "high": value_text(top["value"], top["status"], decimals=decimals, signed=signed),
        "low_age": low["age"],
        "low": value_text(low["value"], low["status"], decimals=decimals, signed=signed),
    }
    sentences: list[Text] = [Message("figures.alt.ages", told)]
    missing = len(listed) - len(there)
    if missing:
        sentences.append(Message("figures.alt.missing", {"n": missing}))
    return joined(sentences)
