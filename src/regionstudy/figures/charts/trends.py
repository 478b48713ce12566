"""Lines over time: one picture, or small ones that share a scale."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, Unpack

from regionstudy.errors import ConfigError, DataError
from regionstudy.figures.assembly import About, chart
from regionstudy.figures.charts.lines import (
    break_lines,
    kind_of,
    line_traces,
    period_words,
    time_axes,
    year_of,
)
from regionstudy.figures.charts.multiples import draw_multiples
from regionstudy.figures.charts.rows import (
    home_text,
    plain,
    region_names,
    spread,
    text_width,
)
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
from regionstudy.words import Message, Text, Words, render

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

    from regionstudy.figures.shown import StudyFigure

__all__ = ["trend"]

# More lines than this can not all be labelled at their ends.
_LABELLED = 8
# What may begin at a break, and the words below the picture.
_BREAKS = {"measure": "figures.trend.breaks", "source": "figures.trend.sources"}


def trend(
    frame: pd.DataFrame,
    *,
    title: Text | str,
    measure: Measure,
    home: Iterable[str] = (),
    dashed: Iterable[str] = (),
    breaks: Iterable[str] = (),
    break_kind: Literal["measure", "source"] = "measure",
    decimals: int = 1,
    signed: bool = False,
    small_multiples: bool = False,
    **about: Unpack[About],
) -> StudyFigure:
    """
    Draw regions over time.

    Parameters
    ----------
    frame : DataFrame, one row a region and period
        ``region``, ``period``, ``value``, ``status``; ``name`` where regions are no regions of
        Sweden; ``smooth`` where a smoothed value is drawn thick and the yearly one thin.
    title : Text or str
        The finding, as a sentence.
    measure : Measure
        The line above the picture.
    home : iterable of str
        Codes of the home regions.
    dashed : iterable of str
        Codes drawn dashed for comparison: the country, the peers' median.
    breaks : iterable of str
        First periods of a new way of measuring; lines stop before, and the place is marked.
    break_kind : {"measure", "source"}, default "measure"
        What the note calls them: a new way of measuring, or only another source.
    decimals : int, default 1
        Decimals of the values.
    signed : bool, default False
        Whether positive values carry a plus, and zero is a line.
    small_multiples : bool, default False
        A small picture a region on one scale, each with the dashed lines.
    **about
        See `regionstudy.figures.assembly.About`.

    Returns
    -------
    StudyFigure
        The figure; a missing value is a gap.

    Raises
    ------
    ConfigError
        If `break_kind` is unknown.
    DataError
        If a column is absent, a pair repeats, a period can not be read, or there is no value.
    """
    if break_kind not in _BREAKS:
        msg = f'"{break_kind}" is no kind of break; use one of: {", ".join(_BREAKS)}.'
        raise ConfigError(msg)
    require_columns(frame, ["region", "period", "value"], where="A trend")
    require_one_row(frame, ["region", "period"], where="A trend")
    home, dashed, breaks = tuple(home), tuple(dashed), tuple(sorted(breaks))
    listed = frame.assign(**visible(frame), at=[year_of(str(p)) for p in frame["period"]])
    if listed["value"].isna().all():
        msg = "A trend has no value to draw; fetch the figures, or choose other periods."
        raise DataError(msg)
    if "smooth" in listed:
        listed["smooth"] = listed["smooth"].astype(float)
    listed = listed.sort_values(["region", "at"], kind="stable")
    names = region_names(frame)
    if breaks:
        told = Message(_BREAKS[break_kind], {"list": [period_words(p) for p in breaks]})
        about["notes"] = (*about.get("notes", ()), told)

    def draw(lang: str, narrow: bool) -> dict[str, Any]:
        drawing = draw_multiples if small_multiples else _one
        spoken = {code: render(text, lang) for code, text in names.items()}
        return drawing(listed, spoken, home, dashed, breaks, lang, narrow, decimals, signed)

    columns = [
        Column("label", Message("figures.column.region")),
        Column("period", Message("figures.column.period"), "period"),
        Column("value", measure.name, "number", decimals, signed),
    ]
    return chart(
        draw,
        kind="trend",
        title=title,
        measure=measure,
        alt=_alt(listed, names, home, measure, decimals, signed),
        frames=(frame,),
        about=about,
        table=table_body(
            listed.assign(label=listed["region"].map(names)),
            columns=columns,
            caption=joined([measure.name, measure.unit], ", "),
            home=home,
        ),
    )


def _one(
    listed: pd.DataFrame,
    names: dict[str, str],
    home: Sequence[str],
    dashed: Sequence[str],
    breaks: Sequence[str],
    lang: str,
    narrow: bool,
    decimals: int,
    signed: bool,
) -> dict[str, Any]:
    groups = {str(code): series for code, series in listed.groupby("region", sort=False)}
    many = len(groups) > _LABELLED
    kinds = {code: kind_of(code, home, dashed, many=many) for code in groups}
    rank = {"other": 0, "own": 1, "dashed": 2, "home": 3}
    order = sorted(groups, key=lambda code: rank[kinds[code]])
    there = {code: series[series["value"].notna()] for code, series in groups.items()}
    labelled = [code for code in order if kinds[code] != "other" and len(there[code])]
    size = 12 if narrow else 13
    needed = text_width((names[code] for code in labelled), size=size) + 16
    right = min(needed, 124 if narrow else 200)
    height = 300 if narrow else 380
    layout = plain_layout(lang, height=height, margin=(36, right, 12, 28))
    across, upright = time_axes(listed, lang, signed, count=5, years=4 if narrow else 9)
    ends = {code: there[code].iloc[-1] for code in labelled}
    low, high = upright["range"]
    gap = (high - low) * (size + 4) / (height - 40)
    places = spread([float(end["value"]) for end in ends.values()], gap)
    layout |= {
        "xaxis": across,
        "yaxis": upright,
        "annotations": [
            {
                "text": home_text(text) if kinds[code] == "home" else text,
                "x": 1,
                "xref": "paper",
                "xanchor": "left",
                "xshift": 6,
                "y": float(f"{place:.5g}"),
                "yref": "y",
                "yanchor": "middle",
                "showarrow": False,
                "font": {"size": size, "color": token("ink" if kinds[code] == "own" else "ink2")},
            }
            for code, place in zip(ends, places, strict=True)
            for text in [plain(names[code], lang)]
        ],
        "shapes": break_lines(breaks),
    }
    data = [
        trace
        for code in order
        for trace in line_traces(
            groups[code], names[code], kinds[code], breaks, lang, decimals, signed
        )
    ]
    return {"data": data, "layout": layout}


def _alt(
    listed: pd.DataFrame,
    names: dict[str, Text | str],
    home: Sequence[str],
    measure: Measure,
    decimals: int,
    signed: bool,
) -> Words:
    there = listed[listed["value"].notna()]
    in_time = there.sort_values("at")["period"].astype(str)
    sentences: list[Text] = [
        Message(
            "figures.alt.trend",
            {
                "n": listed["region"].nunique(),
                "measure": joined([measure.name, measure.unit], ", "),
                "first": period_words(in_time.iloc[0]),
                "last": period_words(in_time.iloc[-1]),
            },
        )
    ]
    for code in home:
        series = there[there["region"] == code]
        if series.empty:
            continue
        first, last = series.iloc[0], series.iloc[-1]
        told: dict[str, Any] = {"name": names[code]}
        for key, row in (("first", first), ("last", last)):
            told[key] = period_words(str(row["period"]))
            told[f"{key}_value"] = value_text(
                row["value"], row["status"], decimals=decimals, signed=signed
            )
        sentences.append(Message("figures.alt.from_to", told))
    return joined(sentences)
