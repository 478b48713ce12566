"""The pages of a site and what they share, written to a folder."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat

from regionstudy.errors import ReportError
from regionstudy.figures.theme import css_tokens
from regionstudy.report.cache import versions
from regionstudy.report.exporter import SiteExporter
from regionstudy.report.page_data import PageData
from regionstudy.report.page_shapes import PageShapes
from regionstudy.report.pages import Page, read_page
from regionstudy.report.public_site import PUBLIC, write_public
from regionstudy.report.single_file import SingleFile
from regionstudy.words import Message, format_date, render

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping, Sequence

    from regionstudy.report.settings import SiteSettings

__all__ = ["Written", "load_templates", "write_site"]

_STATIC = Path(__file__).with_name("static")
_FINDINGS = 5
# plotly.js with what charts of two axes need: less than a third of the whole, which is taken
# only where an analyst's own figure is of another kind.
_CARTESIAN = _STATIC / "vendor" / "plotly-cartesian.min.js"
_CARTESIAN_TRACES = frozenset(
    {
        "bar", "box", "contour", "heatmap", "histogram", "histogram2d", "histogram2dcontour",
        "image", "pie", "scatter", "scatterternary", "violin",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Written:
    """
    What was written.

    Parameters
    ----------
    pages : int
        How many pages, start pages included.
    warnings : tuple of str
        What notebooks wrote to their error streams, and what was left out.
    """

    pages: int
    warnings: tuple[str, ...]


def write_site(
    folder: Path,
    notebooks: Mapping[str, Mapping[str, Any]],
    *,
    languages: Sequence[str],
    settings: SiteSettings,
    now: dt.datetime,
    single: bool = False,
) -> Written:
    """
    Write a site.

    Parameters
    ----------
    folder : Path
        An empty folder.
    notebooks : mapping of str to mapping
        Run notebooks as JSON, by file name, in the order of the navigation.
    languages : sequence of str
        One language, or several: then each has a folder of its own.
    settings : SiteSettings
        The study's name and contact.
    now : datetime
        When the site is built, as its pages say.
    single : bool, default False
        Whether to write each page once more as one file with all within it, in ``single/``.

    Returns
    -------
    Written
        The number of pages, and warnings.

    Raises
    ------
    ReportError
        If a notebook shows what a page can not hold.
    OSError
        If a file can not be written.
    """
    sites = {
        lang: [read_page(content, name=name, lang=lang) for name, content in notebooks.items()]
        for lang in languages
    }
    exporter = _exporter()
    warnings: list[str] = []
    every = [page for pages in sites.values() for page in pages]
    _write_shared(
        folder / "static",
        traces=set().union(*(page.traces for page in every)),
        what_if=any(page.has_what_if for page in every),
        tables=any(page.has_filter for page in every),
        cards=any(page.cards for page in every),
    )
    within = SingleFile(folder / "static", loader=_STATIC / "single.js") if single else None
    for lang, pages in sites.items():
        part = lang if len(languages) > 1 else ""
        target = folder / part
        target.mkdir(exist_ok=True)
        view = _Views(pages, lang=lang, languages=languages, settings=settings, now=now)
        _save(target / "index.html", exporter.render("index.html.j2", view.start()))
        for page, content in zip(pages, notebooks.values(), strict=True):
            _save(target / page.file, _text_of(exporter, content, view.page(page)))
            if within is not None:
                alone = view.page(page) | {"single": within}
                (folder / "single" / part).mkdir(parents=True, exist_ok=True)
                _save(folder / "single" / part / page.file, _text_of(exporter, content, alone))
        if not warnings:  # the same in every language
            warnings = [told for page in pages for told in page.warnings] + view.warnings
    if len(languages) > 1:
        root = {"settings": settings, "languages": languages, "words": _words}
        _save(folder / "index.html", exporter.render("root.html.j2", root))
    public = write_public(folder, sites, exporter=exporter, settings=settings)
    warnings += public.warnings
    count = sum(len(pages) + 1 for pages in sites.values()) + public.pages
    return Written(count, tuple(warnings))


def load_templates() -> None:
    """Compile the templates, which takes as long as filling them, before they are needed."""
    environment = _exporter().environment
    for name in environment.list_templates(extensions=["j2"]):
        environment.get_template(name)


@cache
def _exporter() -> SiteExporter:
    return SiteExporter()  # type: ignore[no-untyped-call]


def _text_of(exporter: SiteExporter, notebook: Mapping[str, Any], view: Mapping[str, Any]) -> str:
    text: str = exporter.from_notebook_node(_bare(notebook), {"view": _View(view)})[0]
    return text


def _bare(notebook: Mapping[str, Any]) -> Any:
    """Give a notebook without its results, which nbconvert would copy and check in vain."""
    cells = [{**c, "outputs": []} if "outputs" in c else c for c in notebook["cells"]]
    return nbformat.from_dict({**notebook, "cells": cells})  # type: ignore[no-untyped-call]


class _View(dict[str, Any]):
    """A page's variables, which nbconvert would copy deeply with its resources."""

    def __deepcopy__(self, memo: dict[int, Any]) -> _View:
        return self


class _Views:
    """What the templates of one language are given."""

    def __init__(
        self,
        pages: Sequence[Page],
        *,
        lang: str,
        languages: Sequence[str],
        settings: SiteSettings,
        now: dt.datetime,
    ) -> None:
        self._pages, self._lang, self._settings = pages, lang, settings
        self._other = next((code for code in languages if code != lang), None)
        self._later = lang != languages[0]
        self._now = now
        self.warnings: list[str] = []

    def page(self, page: Page) -> dict[str, Any]:
        number = self._pages.index(page) + 1
        return self._common(page.file) | {"page": page, "number": number}

    def start(self) -> dict[str, Any]:
        asking = [[s for s in page.answer if s["index"]] for page in self._pages]
        asking = [told for told in asking if told]
        if len(asking) > _FINDINGS:
            self.warnings.append(
                f"The start page has room for {_FINDINGS} sentences, but {len(asking)} pages ask "
                "for a place; those of the last are on their own pages only. Drop index= from "
                "some answers."
            )
        # Each page's first sentence comes before any page's second.
        places = [(place, page) for page, told in enumerate(asking) for place in range(len(told))]
        chosen = sorted(sorted(places)[:_FINDINGS], key=lambda one: (one[1], one[0]))
        sentences = [asking[page][place] for place, page in chosen]
        figures = [(page, figure) for page in self._pages for figure in page.figures]
        hero = next((one for one in figures if one[1]["hero"]), None)
        return self._common("index.html") | {
            "findings": sentences,
            "hero": hero,
            "key_figures": [i for page in self._pages for i in page.key_figures if i["index"]],
            "last_years": [year for page in self._pages for year in page.last_years],
            "sources": list({s["text"]: s for page in self._pages for s in page.sources}.values()),
        }

    def _common(self, file: str) -> dict[str, Any]:
        up = "../" if self._other else ""
        years = [year for page in self._pages for year in page.last_years]
        return {
            "lang": self._lang,
            "file": file,
            "single": None,
            "static": f"{up}static/",
            "other": {"lang": self._other, "href": f"../{self._other}/{file}"}
            if self._other
            else None,
            "title": render(self._settings.title, self._lang),
            "contact": self._settings.contact,
            "public": f"{up}{PUBLIC}/{self._lang + '/' if self._later else ''}index.html",
            "pages": self._pages,
            "shapes": PageShapes(),
            "data": PageData(),
            "words": _words(self._lang),
            "year": self._now.year,
            "built": f"{format_date(self._now.date(), lang=self._lang)}, {self._now:%H:%M} UTC",
            "versions": versions(),
            "site_newest": max(years, default=None),
            "site_fictitious": any(page.fictitious for page in self._pages),
        }


def _words(lang: str) -> Callable[..., str]:
    def say(key: str, **params: Any) -> str:
        return Message(f"report.{key}", params).render(lang)

    return say


def _write_shared(
    folder: Path, *, traces: set[str], what_if: bool, tables: bool, cards: bool
) -> None:
    folder.mkdir()
    tokens = (_STATIC / "site.css").read_text(encoding="utf-8")
    for mode in ("light", "dark"):
        declared = "".join(f"--{name}:{value};" for name, value in css_tokens(mode).items())
        tokens = tokens.replace(f"/* tokens: {mode} */", declared)
    _save(folder / "site.css", tokens)
    shutil.copyfile(_STATIC / "site.js", folder / "site.js")
    if what_if:
        shutil.copyfile(_STATIC / "whatif.js", folder / "whatif.js")
    extras = [name for needed, name in ((tables, "table.js"), (tables, "table.css")) if needed]
    for extra in [*extras, *(["cards.css"] if cards else [])]:
        shutil.copyfile(_STATIC / extra, folder / extra)
    if traces:
        shutil.copyfile(_STATIC / "charts.js", folder / "charts.js")
        library = _CARTESIAN if traces <= _CARTESIAN_TRACES else _whole_plotly_js()
        shutil.copyfile(library, folder / "plotly.min.js")


def _whole_plotly_js() -> Path:
    # Found without importing plotly, which takes longer than writing all pages.
    spec = find_spec("plotly")
    for place in spec.submodule_search_locations or () if spec else ():
        path = Path(place, "package_data", "plotly.min.js")
        if path.is_file():
            return path
    msg = "plotly's own plotly.min.js is not where plotly 6 keeps it. Install plotly again."
    raise ReportError(msg)


def _save(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
