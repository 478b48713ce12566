"""Rates by age with the model schedule that was fitted to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack

import numpy as np

from regionstudy.errors import DataError
from regionstudy.figures.assembly import About, chart
from regionstudy.figures.charts.axes import number_axis
from regionstudy.figures.charts.rows import axis_ticks, plain, sensible
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

__all__ = ["model_profile"]


def model_profile(
    frame: pd.DataFrame,
    *,
    title: Text | str,
    measure: Measure,
    compare: Text | str | None = None,
    decimals: int = 1,
    **about: Unpack[About],
) -> StudyFigure:
    """
    Draw gross rates by age as dots, with the fitted model as a line.

    Parameters
    ----------
    frame : DataFrame, one row an age
        ``age`` (single years), ``value`` (the rate), ``fitted`` (the model's), optionally
        ``status`` and ``compare`` (the model of the country or the peers, a dashed line).
        Sources come from ``attrs["provenance"]``.
    title : Text or str
        The finding, as a sentence.
    measure : Measure
        The line above the picture.
    compare : Text or str, optional
        What the dashed line is; needed with the column.
    decimals : int, default 1
        Decimals of the rates.
    **about
        See `regionstudy.figures.assembly.About`.

    Returns
    -------
    StudyFigure
        The figure; an age without a rate has no dot, while the model's line goes on.

    Raises
    ------
    DataError
        If a column is absent, an age repeats or is no single year, there is no rate or no
        fitted rate, or ``compare`` is given without its words.
    """
    require_columns(frame, ["age", "value", "fitted"], where="A profile with its model")
    require_one_row(frame, ["age"], where="A profile with its model")
    text = frame["age"].astype(str)
    grouped = text[~text.str.fullmatch(r"\d{1,3}")]
    if len(grouped):
        msg = (
            f'A profile with its model has the age "{grouped.iloc[0]}", which is no single year; '
            "draw what fit_rogers_castro was given."
        )
        raise DataError(msg)
    listed = frame.assign(**visible(frame), age=text.astype(int))
    listed = listed.sort_values("age", ignore_index=True)
    for column in ("value", "fitted"):
        if listed[column].isna().all():
            msg = f"A profile with its model has no {column} to draw; fetch rates by age first."
            raise DataError(msg)
    if "compare" in listed and compare is None:
        msg = "A profile with a column compare needs compare=, the words for its line."
        raise DataError(msg)

    def draw(lang: str, narrow: bool) -> dict[str, Any]:
        return _draw(listed, compare, lang, narrow, decimals)

    columns = [
        Column("age", Message("figures.column.age"), "number"),
        Column("value", measure.name, "number", decimals),
        Column("fitted", Message("figures.flows.model"), "number", decimals),
    ]
    if "compare" in listed and compare is not None:
        label = Words(compare, compare) if isinstance(compare, str) else compare
        columns.append(Column("compare", label, "number", decimals))
    return chart(
        draw,
        kind="model-profile",
        title=title,
        measure=measure,
        alt=_alt(listed, measure, decimals),
        frames=(frame,),
        about=about,
        table=table_body(
            listed,
            columns=columns,
            caption=joined([measure.name, measure.unit, measure.period], ", "),
        ),
    )


def _draw(
    listed: pd.DataFrame, compare: Text | str | None, lang: str, narrow: bool, decimals: int
) -> dict[str, Any]:
    kept = [name for name in ("value", "fitted", "compare") if name in listed]
    high = float(np.nanmax(listed[kept].to_numpy(dtype=float))) * 1.06 or 1.0
    ticks, texts = axis_ticks(0.0, high, count=5, signed=False)
    font = {"size": 12, "color": token("ink2")}
    layout = plain_layout(lang, height=300 if narrow else 360, margin=(40, 8, 34, 42))
    step = 20 if narrow else 10
    youngest, oldest = int(listed["age"].min()), int(listed["age"].max())
    layout |= {
        "xaxis": {
            "range": [youngest - 1, oldest + 1],
            "tickvals": list(range(youngest - youngest % -step, oldest + 1, step)),
            "tickfont": font,
            "showgrid": False,
            "zeroline": False,
            "fixedrange": True,
            "title": {"text": plain(Message("figures.column.age"), lang), "font": font},
        },
        "yaxis": number_axis(0.0, high, ticks=ticks, texts=texts, lang=lang) | {"automargin": True},
        "showlegend": True,
        "legend": {
            "orientation": "h",
            "x": 0,
            "y": 1,
            "yanchor": "bottom",
            "itemclick": False,
            "itemdoubleclick": False,
        },
        "annotations": [],
    }
    there = listed[listed["value"].notna()]
    told = [
        f"{age}: {plain(value_text(value, status, decimals=decimals), lang)}"
        for age, value, status in zip(there["age"], there["value"], there["status"], strict=True)
    ]
    data: list[dict[str, Any]] = [
        {
            "type": "scatter",
            "mode": "markers",
            "name": plain(Message("figures.flows.observed"), lang),
            "x": there["age"].tolist(),
            "y": sensible(there["value"]),
            "marker": {"size": 6, "color": token("dot")},
            "hovertext": told,
            "hoverinfo": "text",
        },
        {
            "type": "scatter",
            "mode": "lines",
            "name": plain(Message("figures.flows.model"), lang),
            "x": listed["age"].tolist(),
            "y": sensible(listed["fitted"]),
            "line": {"color": token("home"), "width": 2.6},
            "hoverinfo": "skip",
        },
    ]
    if "compare" in listed and compare is not None:
        data.append(
            {
                "type": "scatter",
                "mode": "lines",
                "name": plain(compare, lang),
                "x": listed["age"].tolist(),
                "y": sensible(listed["compare"]),
                "line": {"color": token("ink2"), "width": 1.8, "dash": "4px,3px"},
                "hoverinfo": "skip",
            }
        )
    return {"data": data, "layout": layout}


def _alt(listed: pd.DataFrame, measure: Measure, decimals: int) -> Words:
    peak = listed.iloc[int(np.nanargmax(listed["fitted"].to_numpy(dtype=float)))]
    told = {
        "measure": joined([measure.name, measure.unit, measure.period], ", "),
        "age": str(int(peak["age"])),
        "value": value_text(peak["fitted"], "", decimals=decimals),
    }
    sentences: list[Text] = [Message("figures.alt.model_profile", told)]
    missing = int(listed["value"].isna().sum())
    if missing:
        sentences.append(Message("figures.alt.missing", {"n": missing}))
    return joined(sentences)
