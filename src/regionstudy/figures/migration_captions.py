"""What stands around notebook 03's pictures: measures, names of lines, caveats, key figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from regionstudy.figures.content import Column, Measure
from regionstudy.figures.provenance import period_text
from regionstudy.figures.results import keyfigure, keyfigures
from regionstudy.geography import label, name
from regionstudy.words import Message, Text, texts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from regionstudy.figures.statements import KeyFigure, KeyFigures

__all__ = ["change_columns", "key_numbers", "measure", "named_lines", "notes", "text"]


text = texts_of("notebooks.migration")


def key_numbers(
    net: pd.DataFrame, young: pd.DataFrame, population: pd.DataFrame, *, home: str
) -> KeyFigures:
    """
    Show the home region's net migration, that of young adults, and its population.

    Parameters
    ----------
    net, young : DataFrame
        Intervals by region, as `regionstudy.analysis.migration.interval` gives them.
    population : DataFrame
        ``region``, ``period``, ``value``.
    home : str
        Code of the home region.

    Returns
    -------
    KeyFigures
        Those of the three that have a figure.
    """
    own = population[population["region"] == home].dropna(subset=["value"])
    own = own.sort_values("period")
    ends = own["period"].iloc[[0, -1]].astype(str).tolist()
    line = own["value"].tolist()
    shown = [
        _interval("key.net", "unit.net_rate_year", net, home),
        _interval("key.young", "unit.young_rate", young, home),
        keyfigure(
            text("key.population", place=label(home), last=ends[1]),
            text("number", x=line[-1]),
            unit=text("unit.residents"),
            note=text("key.population_note", change=line[-1] - line[0], first=ends[0]),
            strip={"line": line},
        ),
    ]
    return keyfigures(*(item for item in shown if item is not None))


def _interval(what: str, unit: str, levels: pd.DataFrame, home: str) -> KeyFigure | None:
    rows = levels[(levels["region"] == home) & levels["low"].notna()]
    if rows.empty:
        return None
    row = rows.iloc[0]
    ends = {key: float(row[key]) for key in ("low", "high", "mean")}
    return keyfigure(
        text(what, place=label(home), first=row["first"], last=row["last"]),
        text("signed", x=ends["mean"]),
        unit=text(unit),
        note=text("key.interval", low=ends["low"], high=ends["high"]),
        strip={**ends, "zero": True},
    )


def named_lines(lines: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """
    Put series that are no regions under each other, each with its name.

    Parameters
    ----------
    lines : mapping of str to DataFrame
        Series by code: of a region, or of a name in the texts ("inmigration", "median",
        ...). Each frame has ``period``, ``value``, where any is not published ``status``,
        and where a series is joined from several ``source``, the indicator's id.

    Returns
    -------
    DataFrame
        ``region`` (the code), ``name``, ``period``, ``value``, ``status``, and ``indicator``
        where the frames have sources; their provenance in ``attrs["provenance"]``.
    """
    parts = [
        pd.DataFrame(
            {
                "region": code,
                "name": [_line_name(code)] * len(frame),
                "period": frame["period"].astype(str),
                "value": frame["value"].astype(float),
                "status": frame["status"].astype(str) if "status" in frame else "",
                # A source line names the years of its own indicator only.
                **({"indicator": frame["source"]} if "source" in frame else {}),
            }
        )
        for code, frame in lines.items()
    ]
    result = pd.concat(parts, ignore_index=True)
    sources = [frame.attrs.get("provenance", {}) for frame in lines.values()]
    result.attrs["provenance"] = {key: entry for part in sources for key, entry in part.items()}
    return result


def _line_name(code: str) -> Text | str:
    # "22", "2281" and "FA42" are regions; no name in the texts ends in a digit.
    return name(code) if code[-1].isdigit() else text(f"line.{code}")


def measure(what: str, periods: Iterable[str], **params: Any) -> Measure:
    """
    Write the line above a picture.

    Parameters
    ----------
    what : str
        Which measure: the rest of its name's id, after ``notebooks.migration.measure.``.
    periods : iterable of str
        The periods shown.
    **params
        Values for the fields of its name.

    Returns
    -------
    Measure
        Its name, unit and period.
    """
    shown = period_text(pd.Series(list(periods), dtype=str))
    return Measure(text(f"measure.{what}", **params), text(f"unit.{what}"), shown)


def notes(*frames: pd.DataFrame, also: Iterable[str] = ()) -> tuple[Message, ...]:
    """
    Say what figures include and ignore.

    Parameters
    ----------
    *frames : DataFrame
        Frames with ``attrs["notes"]``, as the analysis gives them.
    also : iterable of str
        Keys of further notes.

    Returns
    -------
    tuple of Message
        Each note once, in order.
    """
    keys = [key for frame in frames for key in frame.attrs.get("notes", ())]
    return tuple(text(f"note.{key}") for key in dict.fromkeys([*keys, *also]))


def change_columns() -> tuple[Column, ...]:
    """
    Give the columns of the table of population change.

    Returns
    -------
    tuple of Column
        Region, population, its change, and the parts of it.
    """
    numbers = ("end", "change", "natural", "net_migration", "adjustment")
    return (
        Column("name", Message("figures.column.region")),
        *(Column(key, text(f"column.{key}"), "number", 0, signed=key != "end") for key in numbers),
    )
