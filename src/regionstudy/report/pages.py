"""The content of a page, from what a run notebook shows, in one language."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from regionstudy.errors import ReportError
from regionstudy.report.markup import from_markdown, split_heading
from regionstudy.report.outputs import shown_by
from regionstudy.words import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from markupsafe import Markup

    from regionstudy.report.outputs import Shown

__all__ = ["Page", "Section", "in_language", "read_page"]

_HEADING = re.compile(r"^# +(?P<question>.+?) *#* *$", flags=re.MULTILINE)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_NUMBERING = re.compile(r"^\d+_")


@dataclass(frozen=True, slots=True)
class Section:
    """
    One part of a page.

    Parameters
    ----------
    kind : str
        "figure", "what_if", "table", "cards", "keyfigures", "note", "text", "html", "image",
        "plotly" or "output".
    id : str
        Unique on its page, and the same in both languages.
    content : mapping
        What it shows.
    """

    kind: str
    id: str
    content: Mapping[str, Any]


@dataclass(slots=True)
class Page:
    """
    The content of one notebook's page.

    Parameters
    ----------
    name : str
        The notebook's name without ``.ipynb``; the page is ``<name>.html``.
    lang : {"sv", "en"}
        The language.
    short : str
        What the navigation calls it.
    question : str
        The heading.
    intro : Markup
        The text below the question in the notebook.
    answer : list of mapping
        Sentences.
    brief : list of mapping
        Groups of the short list beside the answer.
    sections : list of Section
        In reading order.
    warnings : list of str
        What the notebook wrote to its error stream.
    """

    name: str
    lang: str
    short: str = ""
    question: str = ""
    intro: Markup | None = None
    answer: list[Mapping[str, Any]] = field(default_factory=list)
    brief: list[Mapping[str, Any]] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def file(self) -> str:
        """The page's file name."""
        return f"{self.name}.html"

    @property
    def figures(self) -> list[Mapping[str, Any]]:
        """The contents of its figures."""
        return [section.content for section in self.sections if section.kind == "figure"]

    @property
    def key_figures(self) -> list[Mapping[str, Any]]:
        """Its large numbers."""
        found = [section.content for section in self.sections if section.kind == "keyfigures"]
        return [item for content in found for item in content["items"]]

    @property
    def fictitious(self) -> bool:
        """Whether anything on it rests on made-up member data."""
        parts = [s.content for s in self.sections if s.kind in ("figure", "table", "cards")]
        return any(part.get("fictitious") for part in [*parts, *self.answer])

    @property
    def sources(self) -> list[Mapping[str, Any]]:
        """Where its figures come from, each once."""
        kinds = ("figure", "table", "cards", "what_if")
        parts = [s.content for s in self.sections if s.kind in kinds]
        return _distinct(source for part in parts for source in part["sources"])

    @property
    def last_years(self) -> list[int]:
        """The year in which each figure's data end, as its measure line says."""
        found = (_YEAR.findall(figure["measure"]["period"]) for figure in self.figures)
        ends = [max(map(int, years)) for years in found if years]
        # A projection's line ends in years that no data are of.
        return [year for year in ends if year <= dt.datetime.now(tz=dt.UTC).year]

    @property
    def has_charts(self) -> bool:
        """Whether it needs plotly's library."""
        return any(
            section.kind == "plotly"
            or (section.kind == "figure" and section.content["body"]["type"] == "chart")
            for section in self.sections
        )

    @property
    def traces(self) -> set[str]:
        """The kinds of plotly traces that its charts have."""
        specs = [section.content["spec"] for section in self.sections if section.kind == "plotly"]
        for figure in self.figures:
            if figure["body"]["type"] == "chart":
                drawn = (figure["body"]["plotly"], figure["body"]["narrow"])
                specs += [one for one in drawn if one is not None]
        return {str(trace.get("type", "scatter")) for one in specs for trace in one["data"]}

    @property
    def has_what_if(self) -> bool:
        """Whether it needs the script that weighs an index anew."""
        return any(section.kind == "what_if" for section in self.sections)

    @property
    def has_filter(self) -> bool:
        """Whether it needs the script that filters tables."""
        return any(s.kind == "table" and s.content.get("filterable") for s in self.sections)

    @property
    def cards(self) -> list[Mapping[str, Any]]:
        """Its assignments as cards, of which a public page is made too."""
        return [section.content for section in self.sections if section.kind == "cards"]


def in_language(content: Any, lang: str) -> Any:
    """
    Put a payload into one language.

    Parameters
    ----------
    content : JSON value
        A payload or a part of it.
    lang : {"sv", "en"}
        The language.

    Returns
    -------
    JSON value
        The same with each ``{"sv": ..., "en": ...}`` replaced by its part.

    Examples
    --------
    >>> in_language({"title": {"sv": "Hyror", "en": "Rents"}, "n": 2}, "en")
    {'title': 'Rents', 'n': 2}
    """
    if isinstance(content, dict):
        if content.keys() == set(LANGUAGES):
            return content[lang]
        return {key: in_language(part, lang) for key, part in content.items()}
    if isinstance(content, list):
        return [in_language(part, lang) for part in content]
    return content


def read_page(notebook: Mapping[str, Any], *, name: str, lang: str) -> Page:
    """
    Read a run notebook as a page.

    Parameters
    ----------
    notebook : mapping
        A run notebook as JSON.
    name : str
        Its file name.
    lang : {"sv", "en"}
        The language. Markdown cells tagged for the other are left out.

    Returns
    -------
    Page
        The page.

    Raises
    ------
    ReportError
        If the notebook asks no question in this language, shows two figures of one id, or
        shows what a page can not hold.
    """
    page = Page(PurePath(name).stem, lang)
    page.short = _NUMBERING.sub("", page.name).replace("_", " ").capitalize()
    other = {f"lang-{code}" for code in LANGUAGES} - {f"lang-{lang}"}
    for shown in shown_by(notebook, name=name):
        if not shown.tags & other:
            _take(page, shown, lang)
    if not page.question:
        msg = (
            f"{name}: no question in {lang}. Begin with a Markdown cell tagged lang-{lang} that "
            'holds "# " and the question.'
        )
        raise ReportError(msg, notebook=name)
    ids = [section.id for section in page.sections]
    repeated = sorted({one for one in ids if ids.count(one) > 1})
    if repeated:
        msg = f'{name}: two figures have the id "{repeated[0]}". Give each its own with id=.'
        raise ReportError(msg, notebook=name)
    return page


def _take(page: Page, shown: Shown, lang: str) -> None:
    content = in_language(shown.content, lang)
    number = sum(section.id.startswith(f"c{shown.cell}-") for section in page.sections)
    place = f"c{shown.cell}-{number}"
    match shown.kind:
        case "markdown":
            _take_markdown(page, content["text"], place)
        case "answer":
            page.answer += content["sentences"]
        case "brief":
            page.brief += content["groups"]
        case "stderr":
            page.warnings.append(f"{page.name}.ipynb, cell {shown.cell}: {content['text']}")
        case "figure" | "what_if" | "cards":
            page.sections.append(Section(shown.kind, content["id"], content))
        case "note" if page.sections and page.sections[-1].kind == "note":
            page.sections[-1].content["notes"].append(content)
        case "note":
            page.sections.append(Section("note", place, {"notes": [content]}))
        case "text":
            page.sections.append(Section("output", place, content))
        case kind:
            page.sections.append(Section(kind, place, content))


def _take_markdown(page: Page, text: str, place: str) -> None:
    heading = _HEADING.search(text)
    if heading and not page.question:
        page.question = heading["question"]
        before, after = text[: heading.start()].strip(" \n*_"), text[heading.end() :].strip()
        page.short = before or page.short
        page.intro = from_markdown(after) if after else None
    elif text.strip():
        first, rest = split_heading(from_markdown(text))
        page.sections.append(Section("text", place, {"heading": first, "html": rest}))


def _distinct(sources: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return list({source["text"]: source for source in sources}.values())
