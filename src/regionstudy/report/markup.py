"""Text from notebooks as safe HTML."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

import mistune
import nh3
from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["from_markdown", "sanitised", "split_heading"]

# Nothing that runs, loads or posts; data: pictures are refused too, they come as outputs.
_TAGS = {
    *("a", "abbr", "b", "blockquote", "br", "caption", "code", "col", "colgroup", "dd", "del"),
    *("details", "div", "dl", "dt", "em", "h2", "h3", "h4", "hr", "i", "kbd", "li", "ol", "p"),
    *("pre", "s", "small", "span", "strong", "sub", "summary", "sup", "table", "tbody", "td"),
    *("tfoot", "th", "thead", "tr", "u", "ul"),
}
_ATTRIBUTES = {
    "a": {"href", "title"},
    "abbr": {"title"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "*": {"lang"},
}


_FIRST_HEADING = re.compile(r"<h2>(?P<heading>.*?)</h2>", flags=re.DOTALL)


def sanitised(html: str) -> Markup:
    """
    Keep the safe part of HTML.

    Parameters
    ----------
    html : str
        Any HTML.

    Returns
    -------
    Markup
        Without scripts, styles, forms, media and handlers; links only to http, https, mailto
        and other pages of the site.

    Examples
    --------
    >>> print(sanitised('<p onclick="x()">Hej<script>x()</script></p>'))
    <p>Hej</p>
    """
    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        clean_content_tags={"script", "style"},
        link_rel="noopener noreferrer",
    )
    # A corner without a heading is no heading: a screen reader would announce it as one.
    return Markup(clean.replace("<th></th>", "<td></td>"))  # noqa: S704 (made safe above)


@cache
def _renderer() -> Callable[[str], Any]:
    return mistune.create_markdown(escape=False, plugins=["table", "footnotes", "strikethrough"])


def from_markdown(text: str) -> Markup:
    """
    Render Markdown.

    Parameters
    ----------
    text : str
        The source of a Markdown cell. Its headings start at the second level, for a page has
        one first-level heading.

    Returns
    -------
    Markup
        Safe HTML.

    Examples
    --------
    >>> print(from_markdown("Se [SCB](https://www.scb.se)."))
    <p>Se <a href="https://www.scb.se" rel="noopener noreferrer">SCB</a>.</p>
    """
    html = str(_renderer()(text))
    return sanitised(html.replace("<h1>", "<h2>").replace("</h1>", "</h2>").strip())


def split_heading(html: Markup) -> tuple[Markup, Markup]:
    r"""
    Part a text from the heading it begins with.

    Parameters
    ----------
    html : Markup
        From `from_markdown`.

    Returns
    -------
    tuple of Markup
        The heading's content, empty where there is none, and the rest.

    Examples
    --------
    >>> [str(part) for part in split_heading(from_markdown("## Varför\n\nDärför."))]
    ['Varför', '<p>Därför.</p>']
    """
    found = _FIRST_HEADING.match(html)
    if found is None:
        return Markup(""), html
    return Markup(found["heading"]), Markup(html[found.end() :].strip())  # noqa: S704 (parts of it)
