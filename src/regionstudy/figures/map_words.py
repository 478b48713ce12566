"""What a map says of its regions: tips, ranks, a text for those who can't see it, a table."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from regionstudy.errors import DataError
from regionstudy.figures.content import Column, Measure, RegionValue, TableBody
from regionstudy.figures.tables import table_body
from regionstudy.figures.values import joined, number_text, value_text
from regionstudy.words import Message, Text, Words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from regionstudy.figures.classes import Classes
    from regionstudy.figures.shown import MapsBody

__all__ = ["alt_text", "map_table", "region_values"]

_NATIONAL = {"published": "figures.national", "mean": "figures.national_mean"}


def region_values(
    rows: pd.DataFrame,
    shown: pd.DataFrame,
    classes: Classes,
    names: pd.Series[str],
    decimals: int,
    count: int,
    *,
    signed: bool,
) -> dict[str, RegionValue]:
    """
    Say what a map tells of each region: value, rank, the country's value, status.

    Parameters
    ----------
    rows : DataFrame, index region
        The map's frame.
    shown : DataFrame, index region
        ``value`` and ``status`` as they may be shown.
    classes : Classes
        The classes.
    names : Series of str, index region
        Names.
    decimals : int
        Decimals of the values.
    count : int
        How many regions the ranks, and a mean, are of.
    signed : bool
        Whether positive values carry a plus.

    Returns
    -------
    dict of str to RegionValue
        By region code; a protected region has neither value nor rank.

    Raises
    ------
    DataError
        If ``attrs["national_kind"]`` is unknown.
    """
    ranks, peers = _ranks(rows, shown, count), _peer_ranks(rows, shown)
    national = _national(rows, decimals, count, signed=signed)
    found = {}
    for code, name, number, status, place, rank, peer in zip(
        rows.index,
        names.reindex(rows.index),
        shown["value"],
        shown["status"],
        classes.of.to_numpy(dtype=float, na_value=np.nan),
        ranks,
        peers,
        strict=True,
    ):
        there = not np.isnan(place)
        if classes.scale == "categorical" and there:
            text = classes.labels[int(place) - 1]
        else:
            text = value_text(number if there else None, status, decimals=decimals, signed=signed)
        told = joined([part for part in (text, rank, peer, national) if part is not None], " · ")
        tip = Words(sv=f"{name}: {told.sv}", en=f"{name}: {told.en}")
        found[str(code)] = RegionValue(int(place) if there else None, text, rank, status, tip)
    return found


def _ranks(rows: pd.DataFrame, shown: pd.DataFrame, count: int) -> list[Words | None]:
    # A protected region's rank would give its value away.
    there = shown["value"].notna()
    columns = [
        rows[name].where(there).fillna(0.0) if name in rows else pd.Series(0.0, index=rows.index)
        for name in ("rank", "rank_low", "rank_high")
    ]
    return [_rank(rank, low, high, count) for rank, low, high in zip(*columns, strict=True)]


@lru_cache(maxsize=4096)
def _rank(rank: float, low: float, high: float, count: int) -> Words | None:
    # 0 is no rank: NaN, being unlike itself, would never be found in the cache.
    if not rank:
        return None
    key = "figures.rank_span" if low else "words.rank_of"
    span = {"low": f"{low:.0f}", "high": f"{high:.0f}"} if low else {}
    # As strings, for ranks need no thousands separator, and Babel takes its time over each.
    return joined([Message(key, {"rank": f"{rank:.0f}", "n": str(count), **span})])


def _peer_ranks(rows: pd.DataFrame, shown: pd.DataFrame) -> list[Words | None]:
    if "peer_rank" not in rows:
        return [None] * len(rows)
    ranks = rows["peer_rank"].where(shown["value"].notna())
    return [_peer_rank(rank, n) for rank, n in zip(ranks, rows["peer_count"], strict=True)]


@lru_cache(maxsize=512)
def _peer_rank(rank: float, count: float) -> Words | None:
    if np.isnan(rank) or np.isnan(count):
        return None
    return joined([Message("figures.peer_rank", {"rank": f"{rank:.0f}", "n": f"{count:.0f}"})])


def _national(rows: pd.DataFrame, decimals: int, count: int, *, signed: bool) -> Words | None:
    given = rows["national"].dropna() if "national" in rows else pd.Series(dtype=float)
    if given.empty:
        return None
    number = number_text(float(given.iloc[0]), decimals, signed=signed)
    kind = rows.attrs.get("national_kind", "published")
    if kind not in _NATIONAL:
        msg = (
            f'attrs["national_kind"] says what the column national is, and can not be "{kind}"; '
            f"use {' or '.join(_NATIONAL)}."
        )
        raise DataError(msg)
    return joined([Message(_NATIONAL[kind], {"value": number, "n": count})])


def alt_text(
    shown: pd.Series[Any],
    body: MapsBody,
    names: pd.Series[str],
    values: Mapping[str, RegionValue],
    measure: Measure,
    home: Sequence[str],
    classes: Classes,
) -> Text:
    """
    Put a map into words.

    Parameters
    ----------
    shown : Series, index region
        Values as they may be shown.
    body : MapsBody
        The maps.
    names : Series of str, index region
        Names.
    values : mapping of str to RegionValue
        From `region_values`.
    measure : Measure
        What is measured.
    home : sequence of str
        Codes of the home regions.
    classes : Classes
        The classes.

    Returns
    -------
    Text
        The highest, the lowest, the home regions and what is missing.
    """
    sentences: list[Text] = [
        Message(
            "figures.alt.map",
            {
                "n": len(shown),
                "measure": joined([measure.name, measure.unit, measure.period], ", "),
            },
        )
    ]
    there = shown.dropna()
    if len(there) and classes.scale != "categorical":
        numbers = there.astype(float)
        high, low = str(numbers.idxmax()), str(numbers.idxmin())
        extremes: dict[str, Any] = {
            "high_name": names[high],
            "high": values[high].value,
            "low_name": names[low],
            "low": values[low].value,
        }
        sentences.append(Message("figures.alt.extremes", extremes))
    sentences += [
        Message("figures.alt.home", {"name": names[code], "value": values[code].value})
        for code in home
        if code in values
    ]
    if body.missing:
        sentences.append(Message("figures.alt.missing", {"n": body.missing}))
    if body.hidden:
        sentences.append(Message("figures.alt.hidden", {"n": body.hidden}))
    return joined(sentences)


def map_table(
    rows: pd.DataFrame,
    shown: pd.DataFrame,
    names: pd.Series[str],
    measure: Measure,
    decimals: int,
    home: Sequence[str],
    *,
    signed: bool,
) -> TableBody:
    """
    Make the table of a map's numbers.

    Parameters
    ----------
    rows : DataFrame, index region
        The map's frame.
    shown : DataFrame, index region
        ``value`` and ``status`` as they may be shown.
    names : Series of str, index region
        Names.
    measure : Measure
        What is measured.
    decimals : int
        Decimals of the values.
    home : sequence of str
        Codes of the home regions.
    signed : bool
        Whether positive values carry a plus.

    Returns
    -------
    TableBody
        Highest first.
    """
    listed = shown.assign(region=rows.index, name=names.reindex(rows.index))
    columns = [
        Column("name", Message("figures.column.region")),
        Column("value", measure.name, "number", decimals, signed),
    ]
    for key in ("rank", "rank_low", "rank_high"):
        if key in rows:
            listed[key] = rows[key].where(shown["value"].notna())
            columns.append(Column(key, Message(f"figures.column.{key}"), "number"))
    if listed["value"].dtype == object or pd.api.types.is_string_dtype(listed["value"]):
        columns[1] = Column("value", measure.name)
        listed["value"] = listed["value"].where(listed["value"].notna(), None)
    else:
        listed = listed.sort_values("value", ascending=False, kind="stable")
    return table_body(
        listed,
        columns=columns,
        caption=joined([measure.name, measure.unit, measure.period], ", "),
        home=home,
    )
