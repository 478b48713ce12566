"""What every figure is given besides its picture, and its dress for JupyterLab."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Any, TypedDict

from regionstudy.figures.content import Measure, Source, as_text
from regionstudy.figures.provenance import is_fictitious, member_releases, source_lines
from regionstudy.figures.shown import ChartBody, FigureContent, MapsBody, StudyFigure
from regionstudy.figures.theme import plotly_text, token
from regionstudy.figures.values import joined
from regionstudy.words import LANGUAGES, Message, Text, current_language, render

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd

    from regionstudy.figures.content import MemberRelease, TableBody

__all__ = ["About", "assemble", "chart", "on_screen"]


class About(TypedDict, total=False):
    """
    What any figure can be given about itself.

    ``id`` (short name, unique on its page), ``paragraphs`` and ``notes`` (the words beside
    it), ``how_to_read``, ``sources`` (besides those of the frames' provenance), ``hero``
    (whether the start page shows it too), ``fictitious`` and ``releases`` (the released
    member tables that it rests on).
    """

    id: str
    paragraphs: Sequence[Text | str]
    how_to_read: Text | str | None
    notes: Sequence[Text | str]
    sources: Sequence[Source]
    hero: bool
    fictitious: bool
    releases: Sequence[MemberRelease]


def assemble(
    body: MapsBody | ChartBody,
    *,
    kind: str,
    title: Text | str,
    measure: Measure,
    alt: Text,
    frames: Sequence[pd.DataFrame | None],
    about: About,
    table: TableBody | None = None,
    more_sources: Sequence[Source] = (),
) -> FigureContent:
    """
    Put a figure's content together.

    Parameters
    ----------
    body : MapsBody or ChartBody
        The picture.
    kind : str
        The id of a figure that is not given one.
    title : Text or str
        The finding.
    measure : Measure
        The line above the picture.
    alt : Text
        The picture in words.
    frames : sequence of DataFrame or None
        Those it draws; their provenance becomes source lines.
    about : About
        What the caller says of it.
    table : TableBody, optional
        The same numbers.
    more_sources : sequence of Source, optional
        Sources of what is no observation, such as boundaries.

    Returns
    -------
    FigureContent
        The content.
    """
    how = about.get("how_to_read")
    return FigureContent(
        id=about.get("id", kind),
        title=as_text(title),
        measure=measure,
        body=body,
        alt=alt,
        paragraphs=tuple(as_text(text) for text in about.get("paragraphs", ())),
        how_to_read=None if how is None else as_text(how),
        notes=tuple(as_text(text) for text in about.get("notes", ())),
        sources=(*source_lines(*frames), *about.get("sources", ()), *more_sources),
        fictitious=about.get("fictitious", False) or is_fictitious(*frames),
        hero=about.get("hero", False),
        table=table,
        releases=member_releases(*frames, also=about.get("releases", ())),
    )


def chart(
    draw: Callable[[str, bool], dict[str, Any]],
    *,
    kind: str,
    title: Text | str,
    measure: Measure,
    alt: Text,
    frames: Sequence[pd.DataFrame | None],
    about: About,
    table: TableBody | None = None,
    narrow: bool = True,
) -> StudyFigure:
    """
    Make a figure of a chart that is drawn once in each language and width.

    Parameters
    ----------
    draw : callable
        Takes the language and whether it is for a phone; gives a plotly figure as a dict.
    kind : str
        The id of a figure that is not given one.
    title : Text or str
        The finding.
    measure : Measure
        The line above the picture.
    alt : Text
        The picture in words.
    frames : sequence of DataFrame or None
        Those it draws.
    about : About
        What the caller says of it.
    table : TableBody, optional
        The same numbers.
    narrow : bool, default True
        Whether a phone needs a drawing of its own.

    Returns
    -------
    StudyFigure
        The figure.
    """
    wide = {lang: draw(lang, False) for lang in LANGUAGES}
    phone = {lang: draw(lang, True) for lang in LANGUAGES} if narrow else None
    body = ChartBody(wide, wide["sv"]["layout"]["height"], phone)
    content = assemble(
        body,
        kind=kind,
        title=title,
        measure=measure,
        alt=alt,
        frames=frames,
        about=about,
        table=table,
    )
    return StudyFigure(content, on_screen(content, wide[current_language()]))


def on_screen(content: FigureContent, spec: dict[str, Any]) -> dict[str, Any]:
    """
    Add to a drawing what a page has around it: title, measure, sources and marks.

    Parameters
    ----------
    content : FigureContent
        The content.
    spec : dict
        ``data`` and ``layout``; not changed.

    Returns
    -------
    dict
        A new ``data`` and ``layout``, for JupyterLab.
    """
    lang = current_language()
    measure = content.measure
    unit = joined([measure.unit, measure.period], ", ")
    above = [f"<b>{_line(measure.name, lang)}</b> {_line(unit, lang)}".strip()]
    if content.fictitious:
        above.append(f"<b>[{_line(Message('words.fictitious'), lang)}]</b>")
    below = [
        plotly_text(part)
        for text in (*content.notes, *(source.text for source in content.sources))
        for part in wrap(render(text, lang), 130)
    ]
    layout = dict(spec["layout"])
    margin = dict(layout["margin"])
    extra_top, extra_below = 44 + 18 * len(above), 16 * len(below) + (12 if below else 0)
    layout["title"] = {
        "text": f"<b>{_line(content.title, lang)}</b>",
        "subtitle": {
            "text": "<br>".join(above),
            "font": {"size": 13, "color": token("ink2")},
        },
        "x": 0,
        "xref": "container",
        "xanchor": "left",
        "y": 1,
        "yref": "container",
        "yanchor": "top",
        "pad": {"l": 8, "t": 12},
        "font": {"size": 18, "color": token("ink")},
    }
    layout["annotations"] = [
        *layout.get("annotations", ()),
        {
            "text": "<br>".join(below),
            "x": 0,
            "xref": "paper",
            "xanchor": "left",
            "y": 0,
            "yref": "paper",
            "yanchor": "top",
            "xshift": 8 - margin["l"],
            "yshift": -margin["b"],
            "align": "left",
            "showarrow": False,
            "font": {"size": 12, "color": token("ink2")},
        },
    ]
    layout["height"] += extra_top + extra_below
    layout["margin"] = margin | {"t": margin["t"] + extra_top, "b": margin["b"] + extra_below}
    return {"data": spec["data"], "layout": layout}


def _line(text: Text, lang: str) -> str:
    return plotly_text(render(text, lang))
