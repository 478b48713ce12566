"""
Displayed results: what a notebook shows, in both languages at once.

Each kind gives JupyterLab something to draw in the study's language, and beside it, under
`MIME`, a payload from which ``report`` writes the page in either language. Texts in payloads
are plain text; colours in plotly figures are ``var(--token)`` of `regionstudy.figures.theme`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import plotly.graph_objects as go

from regionstudy.figures.content import (
    MIME,
    LegendClass,
    MapPanel,
    Measure,
    MemberRelease,
    Source,
    TableBody,
    as_json,
)
from regionstudy.figures.statements import (
    Answer,
    Brief,
    BriefGroup,
    BriefItem,
    KeyFigure,
    KeyFigures,
    Note,
    Sentence,
    Table,
)
from regionstudy.figures.theme import resolve_colours
from regionstudy.words import Text, current_language, render

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "MIME",
    "Answer",
    "Brief",
    "BriefGroup",
    "BriefItem",
    "ChartBody",
    "Choice",
    "FigureContent",
    "KeyFigure",
    "KeyFigures",
    "MapsBody",
    "Note",
    "Option",
    "Sentence",
    "StudyFigure",
    "Table",
]

PLOTLY_MIME = "application/vnd.plotly.v1+json"


@dataclass(frozen=True, slots=True)
class MapsBody:
    """
    One or two maps with a common legend.

    Parameters
    ----------
    scale : {"diverging", "sequential", "categorical"}
        The colour scale.
    legend : tuple of LegendClass
        Highest class first.
    missing, hidden : int
        Regions without a figure, and with a protected one.
    maps : tuple of MapPanel
        The maps.
    points_title : Text or None
        Heading of the list of workplaces; None where another figure of the page lists them.
    """

    type: ClassVar[str] = "maps"
    scale: Literal["diverging", "sequential", "categorical"]
    legend: tuple[LegendClass, ...]
    missing: int
    hidden: int
    maps: tuple[MapPanel, ...]
    points_title: Text | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """
    One thing that a reader of the page can choose.

    Parameters
    ----------
    label : Text
        What it is called.
    said : Text or None
        What the page then says below the choices.
    """

    label: Text
    said: Text | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """
    A choice of what a chart shows, on a page without a kernel.

    A trace says when it shows in its ``meta``: ``shows`` and ``hides`` give, by number of the
    choice (as text, from "0"), the numbers of the options at which it does, or does not.

    Parameters
    ----------
    label : Text
        What is chosen.
    options : tuple of Option
        The options; the first is what stands at the start, and shows all.
    """

    label: Text
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class ChartBody:
    """
    A chart as plotly draws it, in both languages.

    Parameters
    ----------
    plotly : mapping of str to dict
        By language: ``data`` and ``layout``.
    height : int
        Pixels.
    narrow : mapping of str to dict, or None
        The same for a phone, where the wide one does not fit.
    choices : tuple of Choice
        What a reader of the page can choose to see of it.
    """

    type: ClassVar[str] = "chart"
    plotly: Mapping[str, Mapping[str, Any]]
    height: int
    narrow: Mapping[str, Mapping[str, Any]] | None = None
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class FigureContent:
    """
    All that a page shows of a figure.

    Parameters
    ----------
    id : str
        Short name, unique on its page.
    title : Text
        The finding, as a sentence.
    measure : Measure
        The line above the picture.
    body : MapsBody or ChartBody
        The picture.
    alt : Text
        The picture in words.
    paragraphs, notes : tuple of Text
        The words beside it; caveats.
    how_to_read : Text or None
        How to read the picture.
    sources : tuple of Source
        Where its figures come from.
    fictitious : bool
        Whether it rests on made-up member data.
    hero : bool
        Whether the start page shows it too.
    table : TableBody or None
        The same numbers.
    releases : tuple of MemberRelease
        The released member tables that it rests on.
    """

    id: str
    title: Text
    measure: Measure
    body: MapsBody | ChartBody
    alt: Text
    paragraphs: tuple[Text, ...] = ()
    how_to_read: Text | None = None
    notes: tuple[Text, ...] = ()
    sources: tuple[Source, ...] = ()
    fictitious: bool = False
    hero: bool = False
    table: TableBody | None = None
    releases: tuple[MemberRelease, ...] = ()


class StudyFigure(go.Figure):  # type: ignore[misc]
    """
    A plotly figure that also carries what a page shows of it.

    An analyst may change it on the screen as any plotly figure; the exported page is drawn
    from its content, in both languages, and so keeps what the content says.

    Parameters
    ----------
    content : FigureContent
        The content.
    spec : mapping
        ``data`` and ``layout`` in the study's language.
    """

    def __init__(self, content: FigureContent, spec: Mapping[str, Any]) -> None:
        super().__init__(data=spec["data"], layout=spec["layout"])
        self._content = content

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self._content, super().to_dict())

    # plotly would pick a renderer, or name a CDN, and so bypass the bundle below.
    _ipython_display_ = None
    _repr_html_ = None

    @property
    def content(self) -> FigureContent:
        """What a page shows of the figure."""
        return self._content

    def to_dict(self) -> dict[str, Any]:
        """
        Give the figure as plotly draws it, with the light theme's colours.

        Returns
        -------
        dict
            ``data`` and ``layout``.
        """
        found: dict[str, Any] = resolve_colours(super().to_dict())
        return found

    def payload(self) -> dict[str, Any]:
        """
        Give the figure as JSON, every text in both languages.

        Returns
        -------
        dict
            The entries of `FigureContent`, with ``kind`` "figure".
        """
        made = as_json(self._content)
        made["body"]["type"] = self._content.body.type
        return {"kind": "figure", **made}

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        drawn = self.to_dict()
        drawn["layout"].pop("template", None)
        return {
            MIME: self.payload(),
            PLOTLY_MIME: as_json(drawn),
            "text/plain": f"{render(self._content.title, current_language())}\n"
            f"{render(self._content.alt, current_language())}",
        }
