"""The what-if panel: an index that a page's reader weighs anew."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from regionstudy.errors import DataError
from regionstudy.figures.content import (
    MIME,
    Column,
    Measure,
    Source,
    TableBody,
    as_json,
    as_text,
)
from regionstudy.figures.statements import Note, Table
from regionstudy.words import LANGUAGES, Message, Text, Words, format_number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

__all__ = ["Slider", "Standing", "WhatIf", "what_if"]

# Rows of the ranking: the first ten and the home, or the first eleven with it.
ROWS = 11
# Where the heaviest domain's slider stands, so that there is room to make it heavier.
MIDDLE = 50.0
_SAID_BY_SCRIPT = (
    "weight", "share", "nominal", "own", "rank", "of", "of_sure", "peers", "peers_sure", "score",
    "none", "no_rank", "no_figures", "span", "span_sure",
)  # fmt: skip
_FIXED = ("first", "last", "question", "reset", "script")
_FIELDS = ("high", "low", "n", "place", "rank", "score", "share", "weight")


@dataclass(frozen=True, slots=True)
class Slider:
    """
    The weight of one domain.

    Parameters
    ----------
    id : str
        The domain.
    label : Text
        Its name.
    weight : float
        Where its slider stands, 0 to 100.
    share : Text
        Its part of all weights, in words.
    """

    id: str
    label: Text
    weight: float
    share: Text


@dataclass(frozen=True, slots=True)
class Standing:
    """
    Where one region stands.

    Parameters
    ----------
    name : Text
        Its name.
    peers, every, score : Text
        Its place among the peers and among all, with spans, and its score, in words.
    rank, low, high : int
        Its place among all, and the ends of the span.
    home : bool
        Whether it is the home region.
    """

    name: Text
    peers: Text
    every: Text
    score: Text
    rank: int
    low: int
    high: int
    home: bool = False


@dataclass(frozen=True, slots=True)
class WhatIf:
    """
    An index with sliders for the weights of its domains.

    In JupyterLab it is the table at the study's weights; the sliders are on the page.

    Parameters
    ----------
    id : str
        Short name, unique on its page.
    title : Text
        The finding at the study's weights, as a sentence.
    measure : Measure
        The line above the panel.
    place : str
        The home region's name.
    headline : tuple of Text
        Its place, of how many, its place among the peers, and its score.
    sliders : tuple of Slider
        One a domain.
    table : TableBody
        The top of the ranking among the peers, and the home.
    rows : tuple of Standing
        The same for drawing.
    ranks : tuple of int
        The other peers' places among all, for drawing.
    paragraphs, notes : tuple of Text
        The words beside it; what the interval is and is not.
    how_to_read : Text
        How to read it.
    sources : tuple of Source
        Where its figures come from.
    model : mapping
        What the page's script computes with, from `what_if_payload`.
    names : tuple of str
        Names of the model's peers.
    words : mapping of str to Text
        What the script says, with fields in braces.
    fixed : mapping of str to Text
        What the panel says whatever the weights.
    """

    kind: ClassVar[str] = "what_if"
    id: str
    title: Text
    measure: Measure
    place: str
    headline: tuple[Text, ...]
    sliders: tuple[Slider, ...]
    table: TableBody
    rows: tuple[Standing, ...]
    ranks: tuple[int, ...]
    paragraphs: tuple[Text, ...]
    notes: tuple[Text, ...]
    how_to_read: Text
    sources: tuple[Source, ...]
    model: Mapping[str, Any]
    names: tuple[str, ...]
    words: Mapping[str, Text]
    fixed: Mapping[str, Text]

    def payload(self) -> dict[str, Any]:
        """
        Give the panel as JSON, every text in both languages.

        Returns
        -------
        dict
            ``kind`` and the entries of `WhatIf`.
        """
        return {"kind": self.kind, **as_json(self)}

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        notes = (Note(one) for one in (*self.notes, Message("figures.what_if.lab")))
        parts = [
            part._repr_mimebundle_()
            for part in (Table(self.title, self.sources, False, self.table), *notes)
        ]
        return {
            MIME: self.payload(),
            "text/html": "".join(part["text/html"] for part in parts),
            "text/plain": "\n".join(part["text/plain"] for part in parts),
        }


def what_if(
    model: Mapping[str, Any],
    found: pd.DataFrame,
    *,
    labels: Mapping[str, Text],
    names: Mapping[str, str],
    measure: Measure,
    sources: Sequence[Source] = (),
    title: Text | str | None = None,
    notes: Sequence[Text] = (),
    id: str = "what-if",  # noqa: A002 (the payload's own word)
) -> WhatIf:
    """
    Show an index that a page's reader weighs anew.

    Parameters
    ----------
    model : mapping
        From `regionstudy.analysis.composite.what_if_payload`.
    found : DataFrame, index region
        From `evaluate_payload` of the same, at its own weights.
    labels : mapping of str to Text
        Names of the nodes right under the index, by id.
    names : mapping of str to str
        Names of the peers, by code.
    measure : Measure
        What is measured.
    sources : sequence of Source
        Where the figures come from.
    title : Text or str, optional
        The heading; without it, the home's place at the study's weights.
    notes : sequence of Text
        What else to know of the interval.
    id : str, default "what-if"
        Short name, unique on its page.

    Returns
    -------
    WhatIf
        The displayed result.

    Raises
    ------
    DataError
        If a node under the index has no label, or a peer no name or no rank.
    """
    codes = [model["regions"][one] for one in model["peers"]]
    home = model["regions"][model["home"]]
    top = [model["nodes"][one] for one in model["children"][-1]]
    for needed, given, what in ((top, labels, "labels"), (codes, names, "names")):
        lacking = [one for one in needed if one not in given]
        if lacking:
            msg = f'A what-if panel: {what} has no "{lacking[0]}". Give each of them one.'
            raise DataError(msg)
    unranked = found.loc[codes, "rank"].isna()
    if unranked.any():
        msg = (
            f'A what-if panel: "{unranked.idxmax()}" has no rank. Evaluate the payload at its own '
            "weights, at which each region has one."
        )
        raise DataError(msg)
    ordered = found.loc[codes].sort_values("peer_rank", kind="stable").index
    shown = list(ordered[:ROWS])
    if home not in shown:
        shown[-1] = home
    rows = tuple(
        _standing(found.loc[one], name=names[one], home=one == home, n=len(found)) for one in shown
    )
    counts = {"n": len(found), "peers": len(codes)}
    others = found.loc[[one for one in codes if one != home], "rank"]
    own = next(row for row in rows if row.home)
    told = {"place": names[home], "rank": own.rank, "n": counts["n"]}
    return WhatIf(
        id=id,
        title=as_text(title) if title is not None else Message("figures.what_if.title", told),
        measure=measure,
        place=names[home],
        headline=_headline(found.loc[home], **counts),
        sliders=_sliders(model, top, labels),
        table=_table(rows, **counts),
        rows=rows,
        ranks=tuple(int(rank) for rank in others),
        paragraphs=(Message("figures.what_if.choice"),),
        notes=(
            Message(
                "figures.what_if.only_weights",
                {
                    "share": round(100 * model["coverage"]),
                    "noise": round(100 * model["noise"]),
                    "draws": model["draws"],
                },
            ),
            *notes,
        ),
        how_to_read=Message("figures.what_if.how_to_read"),
        sources=tuple(sources),
        model=model,
        names=tuple(names[one] for one in codes),
        words={one: _template(one) for one in _SAID_BY_SCRIPT}
        | {"missing": Message("words.missing")},
        fixed={one: Message(f"figures.what_if.{one}", counts) for one in _FIXED},
    )


def _template(word: str) -> Message:
    """Give a message whose fields stay in braces, for the script to fill."""
    return Message(f"figures.what_if.{word}", {name: f"{{{name}}}" for name in _FIELDS})


def _span(row: pd.Series[float], prefix: str = "") -> tuple[int, int, int]:
    """Give a rank and the whole ranks that its interval touches, itself among them."""
    rank, low, high = (float(row[f"{prefix}{name}"]) for name in ("rank", "low", "high"))
    # A hair of rounding must not widen the span by a place.
    ends = math.floor(low + 1e-6), math.ceil(high - 1e-6)
    return int(rank), min(int(rank), ends[0]), max(int(rank), ends[1])


def _say(word: str, span: tuple[int, int, int], **more: Any) -> Message:
    """Word a place with its span, or without where all draws agree."""
    rank, low, high = span
    told = {"rank": rank, "low": low, "high": high, **more}
    return Message(f"figures.what_if.{word}{'_sure' if low == high else ''}", told)


def _standing(row: pd.Series[float], *, name: str, home: bool, n: int) -> Standing:
    every, peers = _span(row), _span(row, "peer_")
    return Standing(
        name=as_text(name),
        peers=_say("span", peers),
        every=_say("span", every, n=n),
        score=_score(row),
        rank=every[0],
        low=every[1],
        high=every[2],
        home=home,
    )


def _score(row: pd.Series[float]) -> Words:
    return Words(*(format_number(float(row["score"]), 1, lang=lang) for lang in LANGUAGES))


def _headline(row: pd.Series[float], *, n: int, peers: int) -> tuple[Text, ...]:
    every, beside = _span(row), _span(row, "peer_")
    return (
        Message("figures.what_if.rank", {"rank": every[0]}),
        _say("of", every, n=n),
        _say("peers", beside, n=peers),
        Message("figures.what_if.score", {"score": _score(row)}),
    )


def _sliders(
    model: Mapping[str, Any], top: Sequence[str], labels: Mapping[str, Text]
) -> tuple[Slider, ...]:
    given = dict(zip(model["nodes"], model["weights"], strict=False))  # the index has none
    weights = [float(given[one]) for one in top]
    return tuple(
        Slider(
            id=one,
            label=as_text(labels[one]),
            weight=MIDDLE * weight / max(weights),
            share=Message("figures.what_if.share", {"share": round(100 * weight / sum(weights))}),
        )
        for one, weight in zip(top, weights, strict=True)
    )


def _table(rows: Sequence[Standing], *, n: int, peers: int) -> TableBody:
    columns = (
        Column("name", Message("figures.column.region")),
        Column("peers", Message("figures.what_if.column.peers", {"n": peers})),
        Column("every", Message("figures.what_if.column.all", {"n": n})),
        Column("score", Message("figures.what_if.column.score")),
    )
    return TableBody(
        caption=Message("figures.what_if.caption", {"n": peers}),
        columns=columns,
        rows=tuple((row.name, row.peers, row.every, row.score) for row in rows),
        home=tuple(number for number, row in enumerate(rows) if row.home),
    )
