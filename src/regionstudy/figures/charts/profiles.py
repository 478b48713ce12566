"""The home region among its peers, an indicator a row, more attractive to the right."""

from __future__ import annotations

import re
from dataclasses import dataclass
from textwrap import wrap
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np
import pandas as pd

from regionstudy.analysis.profile import profile as analysed
from regionstudy.errors import DataError
from regionstudy.figures.assembly import About, chart
from regionstudy.figures.charts.rows import (
    beside_rows,
    heading,
    plain,
    records,
    sensible,
    text_width,
)
from regionstudy.figures.content import NO_TEXT, Cell, Column, Measure, TableBody
from regionstudy.figures.theme import plain_layout, token
from regionstudy.figures.values import (
    joined,
    number_text,
    require_columns,
    require_one_row,
    value_text,
    visible,
)
from regionstudy.geography import name
from regionstudy.words import Message, Text, Words, render

if TYPE_CHECKING:
    from collections.abc import Mapping

    from regionstudy.figures.shown import StudyFigure

__all__ = ["ProfileRow", "profile"]

_LINE = 17  # pixels
_GROUPS = ("strength", "middle", "weakness")


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """
    How one indicator is shown in a profile.

    Parameters
    ----------
    label : Text
        Its name.
    unit : Text
        Its unit, short.
    note : Text
        Source and year, under the name.
    decimals : int
        Decimals of its values.
    direction : {1, -1}
        Whether more of it attracts or repels.
    """

    label: Text
    unit: Text = NO_TEXT
    note: Text = NO_TEXT
    decimals: int = 1
    direction: int = 1


def profile(
    frame: pd.DataFrame,
    *,
    home: str,
    rows: Mapping[str, ProfileRow],
    title: Text | str,
    measure: Measure,
    country: str = "00",
    **about: Unpack[About],
) -> StudyFigure:
    """
    Draw the home region among its peers, an indicator a row.

    Parameters
    ----------
    frame : DataFrame, one row an indicator and region
        ``indicator``, ``region``, ``value``, ``status``: the home region, its peers, and the
        country where it has a value.
    home : str
        The home region's code.
    rows : mapping of str to ProfileRow
        How each indicator is shown; one whose home value is absent is listed as missing.
    title : Text or str
        The finding, as a sentence.
    measure : Measure
        The line above the picture.
    country : str, default "00"
        The country's code, drawn as an open diamond.
    **about
        See `regionstudy.figures.assembly.About`.

    Returns
    -------
    StudyFigure
        Rows in the order and the groups of `regionstudy.analysis.profile.profile`: strengths
        (the best third), the middle and weaknesses (the worst third). Right is more
        attractive, whatever the indicator's direction; each row runs from the worst to the
        best of home and peers, with a line at the peers' median.

    Raises
    ------
    DataError
        If a column is absent, a pair repeats, an indicator has no direction, or none of
        `rows` has a value for the home.
    """
    require_columns(frame, ["indicator", "region", "value"], where="A profile")
    require_one_row(frame, ["indicator", "region"], where="A profile")
    neutral = [key for key, row in rows.items() if row.direction not in (-1, 1)]
    if neutral:
        msg = f"{', '.join(neutral[:5])} neither attracts nor repels; leave it out of a profile."
        raise DataError(msg)
    kept = frame[frame["indicator"].isin(list(rows))]
    kept = kept.assign(**visible(kept))
    summary = _summary(kept, home, rows, country)
    if summary["rank"].isna().all():
        msg = (
            f"A profile of {home} needs its values, but none of {', '.join(list(rows)[:5])} has "
            "one; fetch the figures, or choose other indicators."
        )
        raise DataError(msg)
    peers = int(kept.loc[~kept["region"].isin([country]), "region"].nunique())
    missing = [rows[key].label for key in summary.index[summary["rank"].isna()]]
    if missing:
        told = Message("figures.profile.missing", {"list": missing})
        about["notes"] = (*about.get("notes", ()), told)

    def draw(lang: str, narrow: bool) -> dict[str, Any]:
        return _draw(kept, summary, rows, home, country, peers, lang, narrow)

    return chart(
        draw,
        kind="profile",
        title=title,
        measure=measure,
        alt=_alt(summary, rows, home, peers),
        frames=(frame,),
        about=about,
        table=_table(summary, rows, home, measure),
    )


def _summary(
    kept: pd.DataFrame, home: str, rows: Mapping[str, ProfileRow], country: str
) -> pd.DataFrame:
    """Give each indicator's home value, rank, count, median and ends; strengths first."""
    held = kept.set_index(["region", "indicator"])
    wide = held["value"].unstack("indicator").reindex(columns=list(rows))  # noqa: PD010 - unique
    peers = [str(code) for code in wide.index if code not in (home, country)]
    directions = {key: row.direction for key, row in rows.items()}
    ranked = analysed(wide, home=home, peers=peers, directions=directions, country=country)
    ranked = ranked.set_index("indicator")
    better = wide.drop(index=country, errors="ignore").mul(pd.Series(directions), axis=1)
    statuses = kept[kept["region"] == home].set_index("indicator")["status"]
    return pd.DataFrame(
        {
            "value": ranked["value"],
            "status": statuses.reindex(ranked.index).fillna(".."),
            "rank": ranked["rank_peers"],
            "n": ranked["of_peers"],
            "median": ranked["median_peers"],
            "worst": better.min().reindex(ranked.index),
            "best": better.max().reindex(ranked.index),
            "sign": ranked["direction"].astype(float),
            "group": ranked["group"],
        }
    )


def _position(values: pd.Series[float], row: Any) -> np.ndarray:
    span = row.best - row.worst
    ahead = values.to_numpy(dtype=float) * row.sign - row.worst
    # All alike: in the middle, since none is better.
    return ahead / span if span > 0 else np.where(np.isnan(ahead), np.nan, 0.5)


def _draw(
    kept: pd.DataFrame,
    summary: pd.DataFrame,
    rows: Mapping[str, ProfileRow],
    home: str,
    country: str,
    peers: int,
    lang: str,
    narrow: bool,
) -> dict[str, Any]:
    listed = summary[summary["rank"].notna()]
    width = 26 if narrow else 34
    written = {str(key): _label(rows[str(key)], lang, width) for key in listed.index}
    head = 40
    places, headings, labels, values, at = {}, {}, {}, {}, 0.0
    for group in _GROUPS:
        members = listed.index[listed["group"] == group]
        if len(members):
            headings[at + head * 0.6] = f"<b>{plain(Message(f'figures.profile.{group}'), lang)}</b>"
            at += head
        for row in records(listed.loc[members]):
            text = max(_LINE * (1 + written[row.Index].count("<br>")), 2 * _LINE)
            # On a phone the texts stand above the track, else beside it.
            beside = at + text / 2
            places[row.Index] = at + text + 12 if narrow else beside
            labels[beside], values[beside] = written[row.Index], _value(row, rows[row.Index], lang)
            at += text + (34 if narrow else 13)
    left = 8 if narrow else min(_width(labels.values()) + 20, 270)
    right = 8 if narrow else min(_width(values.values()) + 20, 220)
    layout = plain_layout(lang, height=round(at) + 40, margin=(left, right, 30, 10))
    annotations = [
        *beside_rows(headings, side="left", shift=-left if not narrow else 0, size=15),
        *beside_rows(labels, side="left", shift=0 if narrow else -left),
        *beside_rows(values, side="right", shift=0 if narrow else right),
        heading(plain(Message("figures.profile.worst", {"n": peers}), lang), x=0),
        heading(plain(Message("figures.profile.best", {"n": peers}), lang), x=1, anchor="right"),
    ]
    layout |= {
        "annotations": annotations,
        "xaxis": {"range": [-0.04, 1.04], "visible": False, "fixedrange": True},
        "yaxis": {"range": [at, 0], "visible": False, "fixedrange": True},
    }
    return {"data": _marks(kept, listed, rows, places, home, country, lang), "layout": layout}


def _marks(
    kept: pd.DataFrame,
    listed: pd.DataFrame,
    rows: Mapping[str, ProfileRow],
    places: Mapping[str, float],
    home: str,
    country: str,
    lang: str,
) -> list[dict[str, Any]]:
    points: dict[str, tuple[list[float], list[float], list[str]]] = {
        key: ([], [], []) for key in ("peer", "country", "median", "home")
    }
    by_indicator = dict(list(kept[kept["value"].notna()].groupby("indicator")))
    for row in records(listed):
        held = by_indicator[row.Index]
        shown = rows[str(row.Index)]
        kinds = np.where(
            held["region"] == home, "home", np.where(held["region"] == country, "country", "peer")
        )
        for kind in ("peer", "country", "home"):
            chosen = held[kinds == kind]
            x, y, told = points[kind]
            x += list(_position(chosen["value"], row))
            y += [places[row.Index]] * len(chosen)
            told += [
                f"{plain(name(str(code)), lang)}: {plain(_with_unit(value, shown), lang)}"
                for code, value in zip(chosen["region"], chosen["value"], strict=True)
            ]
        x, y, told = points["median"]
        x += list(_position(pd.Series([row.median]), row))
        y.append(places[row.Index])
        median = Message("figures.profile.median", {"value": _with_unit(row.median, shown)})
        told.append(plain(median, lang))
    looks: dict[str, dict[str, Any]] = {
        "peer": {"color": token("dot"), "size": 9, "opacity": 0.6},
        "country": {"color": token("ink2"), "size": 10, "symbol": "diamond-open"},
        "median": {"color": token("ink"), "size": 20, "symbol": "line-ns-open"},
        "home": {
            "color": token("home"),
            "size": 15,
            "line": {"color": token("paper"), "width": 2},
        },
    }
    looks["median"]["line"] = {"width": 2, "color": token("ink")}
    track_y = [y for place in places.values() for y in (place, place, None)]
    track = {
        "type": "scatter",
        "mode": "lines",
        "x": [0, 1, None] * len(places),
        "y": track_y,
        "line": {"color": token("grid"), "width": 2},
        "hoverinfo": "skip",
    }
    drawn = [
        {
            "type": "scatter",
            "mode": "markers",
            "name": kind,
            "x": sensible(x, 3),
            "y": sensible(y),
            "marker": looks[kind],
            "hovertext": told,
            "hoverinfo": "text",
            "cliponaxis": False,
        }
        for kind, (x, y, told) in points.items()
        if x
    ]
    return [track, *drawn]


def _with_unit(value: float, row: ProfileRow) -> Words:
    return joined([number_text(float(value), row.decimals), row.unit])


def _label(row: ProfileRow, lang: str, width: int) -> str:
    lines = wrap(render(row.label, lang), width) or [""]
    note = wrap(render(row.note, lang), width + 4)
    small = [_small(plain(line, lang)) for line in note]
    return "<br>".join([*(plain(line, lang) for line in lines), *small])


def _small(text: str) -> str:
    return f'<span style="font-size:12px;color:{token("ink2")}">{text}</span>'


def _value(row: Any, shown: ProfileRow, lang: str) -> str:
    number = plain(value_text(row.value, row.status, decimals=shown.decimals), lang)
    place = Message(
        "figures.profile.place",
        {"rank": int(row.rank), "median": number_text(row.median, shown.decimals)},
    )
    return f"<b>{number}</b> {plain(shown.unit, lang)}<br>{_small(plain(place, lang))}"


def _width(texts: Any) -> int:
    lines = [re.sub("<[^>]+>", "", line) for text in texts for line in text.split("<br>")]
    return text_width(lines)


def _alt(summary: pd.DataFrame, rows: Mapping[str, ProfileRow], home: str, peers: int) -> Words:
    sentences: list[Text] = [
        Message("figures.alt.profile", {"name": name(home), "n": peers, "k": len(rows)})
    ]
    for group in ("strength", "weakness"):
        held = summary.index[(summary["group"] == group) & summary["rank"].notna()]
        if len(held):
            labels = [rows[str(key)].label for key in held]
            sentences.append(Message(f"figures.alt.{group}", {"list": labels}))
    return joined(sentences)


def _table(
    summary: pd.DataFrame, rows: Mapping[str, ProfileRow], home: str, measure: Measure
) -> TableBody:
    columns = (
        Column("label", Message("figures.column.indicator")),
        Column("value", Words(name(home), name(home)), "text"),
        Column("rank", Message("figures.column.rank"), "number"),
        Column("n", Message("figures.column.of"), "number"),
        Column("median", Message("figures.column.median"), "text"),
    )
    # Each row has a unit and decimals of its own, so values are written out.
    made = tuple(
        (
            rows[str(row.Index)].label,
            _written(row, rows[str(row.Index)]),
            Cell(None, row.status) if np.isnan(row.rank) else float(row.rank),
            float(row.n),
            "–" if np.isnan(row.median) else number_text(row.median, rows[str(row.Index)].decimals),
        )
        for row in records(summary)
    )
    return TableBody(joined([measure.name, measure.period], ", "), columns, made)


def _written(row: Any, shown: ProfileRow) -> Text:
    text = value_text(row.value, row.status, decimals=shown.decimals)
    return text if np.isnan(row.value) else joined([text, shown.unit])
