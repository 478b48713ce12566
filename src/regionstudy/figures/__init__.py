"""
Frames in, plotly figures and displayed results out.

`maps` and `charts` draw; `table`, `answer`, `keyfigures`, `brief` and `note` show numbers and
words; `sentences` builds the words. Loaded when first asked for, so that the command line,
which needs none of it, starts at once.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import regionstudy.figures.charts as charts
    import regionstudy.figures.flows as flows
    import regionstudy.figures.maps as maps
    import regionstudy.figures.sentences as sentences
    import regionstudy.figures.tables as tables
    import regionstudy.figures.theme as theme
    from regionstudy.figures.charts.profiles import ProfileRow
    from regionstudy.figures.content import Column, Measure, Source
    from regionstudy.figures.results import answer, brief, brief_group, keyfigure, keyfigures, note
    from regionstudy.figures.shown import MIME, StudyFigure
    from regionstudy.figures.tables import table
    from regionstudy.figures.weighing import what_if

__all__ = [
    "MIME",
    "Column",
    "Measure",
    "ProfileRow",
    "Source",
    "StudyFigure",
    "answer",
    "brief",
    "brief_group",
    "charts",
    "flows",
    "keyfigure",
    "keyfigures",
    "maps",
    "note",
    "sentences",
    "table",
    "tables",
    "theme",
    "what_if",
]

_HOME = {
    "MIME": "shown",
    "Column": "content",
    "Measure": "content",
    "ProfileRow": "charts.profiles",
    "Source": "content",
    "StudyFigure": "shown",
    "answer": "results",
    "brief": "results",
    "brief_group": "results",
    "keyfigure": "results",
    "keyfigures": "results",
    "note": "results",
    "table": "tables",
    "what_if": "weighing",
}
_MODULES = ("charts", "flows", "maps", "sentences", "tables", "theme")


def __getattr__(name: str) -> object:
    if name in _HOME:
        return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    if name in _MODULES:
        return import_module(f"{__name__}.{name}")
    msg = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(msg)


def __dir__() -> list[str]:
    return __all__
