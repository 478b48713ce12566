"""The site's nbconvert exporter: our own templates, escaping everything, code hidden."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from jinja2 import StrictUndefined
from markupsafe import Markup
from nbconvert.exporters.templateexporter import TemplateExporter
from traitlets import default

from regionstudy.figures.content import Cell, Column
from regionstudy.figures.links import safe_address
from regionstudy.figures.statements import cell_text
from regionstudy.report.markup import sanitised
from regionstudy.report.svg import draw_map, small_map
from regionstudy.report.vignettes import chart_vignette, strip
from regionstudy.words import Message, Words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinja2 import Environment

__all__ = ["SiteExporter"]


class SiteExporter(TemplateExporter):
    """
    Writes a run notebook as a page of the site.

    ``from_notebook_node(notebook, resources)`` needs the page's content and surroundings in
    `resources`: ``view``, the variables of ``page.html.j2``.
    """

    export_from_notebook = "Regional study"
    output_mimetype = "text/html"
    file_extension = ".html"
    # What a page holds is chosen in `regionstudy.report.pages`; nothing is left to remove.
    default_preprocessors: list[Any] = []  # noqa: RUF012 (a trait)

    @default("template_file")
    def _our_page(self) -> str:
        return "page.html.j2"

    @default("template_paths")
    def _our_templates(self) -> list[str]:
        return [str(Path(__file__).with_name("templates"))]

    def default_filters(self) -> Any:
        """
        Give our filters in place of nbconvert's, whose HTML is not escaped.

        Returns
        -------
        iterable of (str, callable)
            Name and filter.
        """
        return {
            "json_block": json_block,
            "sanitised": sanitised,
            "cell": table_cell,
            "host": host,
            "address": safe_address,
        }.items()

    def _create_environment(self) -> Environment:
        made: Environment = super()._create_environment()  # type: ignore[no-untyped-call]
        made.autoescape = True
        made.undefined = StrictUndefined
        made.trim_blocks = made.lstrip_blocks = True
        made.globals |= {
            "draw_map": draw_map,
            "small_map": small_map,
            "strip": strip,
            "chart_vignette": chart_vignette,
        }
        return made

    def render(self, template: str, view: Mapping[str, Any]) -> str:
        """
        Write a page that no notebook stands behind.

        Parameters
        ----------
        template : str
            The template's file name.
        view : mapping
            Its variables.

        Returns
        -------
        str
            The page.
        """
        return str(self.environment.get_template(template).render(resources={"view": view}))


def json_block(value: Any) -> Markup:
    r"""
    Write JSON for a data block in a page.

    Parameters
    ----------
    value : JSON value
        What to write.

    Returns
    -------
    Markup
        JSON in which nothing can end the block or begin a comment.

    Examples
    --------
    >>> print(json_block({"name": "</script>"}))
    {"name":"\u003c/script>"}
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c"))  # noqa: S704 (what is dangerous is replaced)


def table_cell(cell: Any, column: Mapping[str, Any], lang: str) -> str:
    """
    Write one cell of a payload's table.

    Parameters
    ----------
    cell : str, float, None or mapping
        The cell; a mapping holds ``value`` and ``status``.
    column : mapping
        Its column: ``kind``, ``decimals`` and ``signed``.
    lang : {"sv", "en"}
        The language.

    Returns
    -------
    str
        The text.

    Examples
    --------
    >>> table_cell(-1.25, {"kind": "number", "decimals": 1, "signed": True}, "sv")
    '−1,2'
    """
    if isinstance(cell, dict):
        return _written(cell["value"], cell["status"], *_manner(column), lang)
    return _written(cell, None, *_manner(column), lang)


def host(url: str) -> str:
    """
    Name the site that a link leads to.

    Parameters
    ----------
    url : str
        An address.

    Returns
    -------
    str
        Its host, without "www.".

    Examples
    --------
    >>> host("https://www.scb.se/tabell?id=1"), host("mailto:arkiv@example.org")
    ('scb.se', 'arkiv@example.org')
    """
    parts = urlsplit(url)
    return (parts.hostname or parts.path).removeprefix("www.")


def _manner(column: Mapping[str, Any]) -> tuple[str, int, bool]:
    return column["kind"], column["decimals"], column["signed"]


@lru_cache(maxsize=65536, typed=True)
def _written(
    value: Any,
    status: str | None,
    kind: Any,
    decimals: int,
    signed: bool,
    lang: str,
) -> str:
    # Ranks, years and round numbers repeat by the hundred, and Babel takes its time over each.
    column = Column("", Words("", ""), kind, decimals, signed)
    if status is None and value is None:
        return Message("words.missing").render(lang)
    return cell_text(value if status is None else Cell(value, status), column, lang)
