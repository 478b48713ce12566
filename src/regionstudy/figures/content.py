"""The pieces that displayed results are made of, and how they become JSON."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Literal

from regionstudy.words import Message, Text, Words, render

__all__ = [
    "MIME",
    "Cell",
    "Column",
    "LegendClass",
    "MapLabel",
    "MapPanel",
    "Measure",
    "MemberRelease",
    "Place",
    "Point",
    "RegionValue",
    "Source",
    "TableBody",
    "as_json",
    "as_text",
]

MIME = "application/vnd.regionstudy.shown+json"
NO_TEXT = Words(sv="", en="")


def as_text(text: Text | str) -> Text:
    """
    Make a text of what may be a plain string.

    Parameters
    ----------
    text : Words, Message or str
        A plain string is the same in both languages (names, codes).

    Returns
    -------
    Words or Message
        The text.

    Examples
    --------
    >>> as_text("Sundsvall")
    Words(sv='Sundsvall', en='Sundsvall')
    """
    return Words(sv=text, en=text) if isinstance(text, str) else text


def as_json(value: Any) -> Any:
    """
    Turn a piece of a displayed result into what JSON can hold.

    Parameters
    ----------
    value : object
        A text becomes ``{"sv": ..., "en": ...}``, a dataclass an object, NaN null.

    Returns
    -------
    dict, list, str, float, int, bool or None
        The JSON value; texts are plain text, so whoever writes HTML escapes them.

    Examples
    --------
    >>> as_json(Source(text=Words(sv="Källa: SCB", en="Source: SCB")))
    {'text': {'sv': 'Källa: SCB', 'en': 'Source: SCB'}, 'url': None}
    """
    if isinstance(value, (Words, Message)):
        return {"sv": render(value, "sv"), "en": render(value, "en")}
    if is_dataclass(value):
        # `class` is a reserved word in Python, but the word in the payload.
        return {f.name.rstrip("_"): as_json(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): as_json(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [as_json(item) for item in value]
    if hasattr(value, "item"):  # a numpy scalar
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


@dataclass(frozen=True, slots=True)
class Source:
    """
    One line about where figures come from.

    Parameters
    ----------
    text : Text
        Publisher, table, period, date and licence, in words.
    url : str or None
        The publisher's page; anything but http and https is dropped.
    """

    text: Text
    url: str | None = None

    def __post_init__(self) -> None:
        if self.url is not None and not self.url.lower().startswith(("https://", "http://")):
            object.__setattr__(self, "url", None)


@dataclass(frozen=True, slots=True)
class MemberRelease:
    """
    A released member table that a result rests on.

    Parameters
    ----------
    release : str
        Its name in ``releases.toml``.
    measure : str
        What is summed in it, such as "headcount"; "" for rows.
    """

    release: str
    measure: str


@dataclass(frozen=True, slots=True)
class Measure:
    """
    What is measured: the line above a picture.

    Parameters
    ----------
    name, unit, period : Text
        The measure's name, its unit and the period of the figures.
    """

    name: Text
    unit: Text = NO_TEXT
    period: Text = NO_TEXT


@dataclass(frozen=True, slots=True)
class Column:
    """
    One column of a table.

    Parameters
    ----------
    key : str
        The column of the frame.
    label : Text
        The heading.
    kind : {"text", "number", "period", "link"}
        How cells are written; a page links the addresses that `safe_address` lets through.
    decimals : int
        Decimals of numbers.
    signed : bool
        Whether positive numbers carry a plus, as changes do.
    """

    key: str
    label: Text
    kind: Literal["text", "number", "period", "link"] = "text"
    decimals: int = 0
    signed: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """
    A number with a status.

    Parameters
    ----------
    value : float or None
        The number; always None where it is missing or hidden.
    status : str
        Such as "..", "p", "i" or "hidden".
    """

    value: float | None
    status: str


@dataclass(frozen=True, slots=True)
class TableBody:
    """
    The content of a table.

    Parameters
    ----------
    caption : Text
        What the table shows.
    columns : tuple of Column
        The columns.
    rows : tuple of tuple
        Cells: text, number or `Cell`, in the columns' order.
    home : tuple of int
        Rows that are the home region's.
    """

    caption: Text
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]
    home: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class LegendClass:
    """
    One class of a map's legend.

    Parameters
    ----------
    class_ : int
        The class, 1 the lowest.
    label : Text
        Its limits in words.
    count : int
        How many regions it holds.
    """

    class_: int
    label: Text
    count: int


@dataclass(frozen=True, slots=True)
class RegionValue:
    """
    What a map says of one region.

    Parameters
    ----------
    class_ : int or None
        The class; None where there is no figure.
    value : Text
        The figure in words.
    rank : Text or None
        Its place, in words.
    status : str
        "" or a status; "hidden" where it is protected.
    tip : Text
        All of it in one line.
    """

    class_: int | None
    value: Text
    rank: Text | None
    status: str
    tip: Text


@dataclass(frozen=True, slots=True)
class MapLabel:
    """
    A region's name on the map.

    Parameters
    ----------
    region : str
        The code.
    text : Text
        The name.
    value : Text or None
        The figure below the name.
    bold : bool
        Whether it is the home region.
    """

    region: str
    text: Text
    value: Text | None = None
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """
    A town for bearings.

    Parameters
    ----------
    x, y : float
        Metres east and north, SWEREF 99 TM.
    text : Text
        Its name.
    """

    x: float
    y: float
    text: Text


@dataclass(frozen=True, slots=True)
class Point:
    """
    A numbered workplace on the map.

    Parameters
    ----------
    n : int
        The number that map and list share.
    x, y : float
        Metres east and north, SWEREF 99 TM.
    r : float
        Radius in pixels; one and the same for every hidden point.
    label, value : Text
        Its name and its size, in words.
    hidden : bool
        Whether the size is protected.
    """

    n: int
    x: float
    y: float
    r: float
    label: Text
    value: Text
    hidden: bool


@dataclass(frozen=True, slots=True)
class MapPanel:
    """
    One map of a figure.

    Parameters
    ----------
    extent : {"country", "region"}
        What it frames.
    level : str
        The level of its regions.
    values : mapping of str to RegionValue
        By region code.
    context, outline : tuple of str
        Codes drawn grey without a value; codes whose union is outlined.
    labels : tuple of MapLabel
        Names on the map.
    places : tuple of Place
        At most four towns for bearings.
    points : tuple of Point
        Workplaces.
    inset : str or None
        The county that is also drawn enlarged.
    """

    extent: Literal["country", "region"]
    level: str
    values: Mapping[str, RegionValue]
    context: tuple[str, ...] = ()
    outline: tuple[str, ...] = ()
    labels: tuple[MapLabel, ...] = ()
    places: tuple[Place, ...] = ()
    points: tuple[Point, ...] = ()
    inset: str | None = None
