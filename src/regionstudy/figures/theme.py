"""Colours, type and the common plotly layout; ``theme.toml`` holds the tokens."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Literal

__all__ = [
    "NEUTRAL",
    "SCALES",
    "css_tokens",
    "plain_layout",
    "plotly_text",
    "resolve_colours",
    "token",
]

# The tokens of each scale's classes, lowest first.
SCALES: Mapping[str, tuple[str, ...]] = {
    "diverging": ("d1", "d2", "d3", "d4", "d5", "d6"),
    "sequential": ("s1", "s2", "s3", "s4", "s5"),
    "categorical": ("k1", "k2", "k3", "k4"),
}
# The category after the four coloured ones, for regions of which nothing can be said.
NEUTRAL = "land"

_REFERENCE = re.compile(r"var\(--([a-z0-9-]+)\)")
# plotly reads a few HTML tags, entities and (with MathJax about) $...$ in every text.
_MARKUP = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "$": "&#36;"})


@cache
def _theme() -> dict[str, dict[str, Any]]:
    text = (files("regionstudy.figures") / "theme.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def token(name: str) -> str:
    """
    Refer to a colour by its token.

    Parameters
    ----------
    name : str
        A token of ``theme.toml``, such as "home".

    Returns
    -------
    str
        A CSS reference, which pages resolve in light and dark.

    Raises
    ------
    KeyError
        If there is no such token.

    Examples
    --------
    >>> token("home")
    'var(--home)'
    """
    if name not in _theme()["light"]:
        msg = f'theme.toml has no colour "{name}"'
        raise KeyError(msg)
    return f"var(--{name})"


def css_tokens(mode: Literal["light", "dark"] = "light") -> dict[str, str]:
    """
    Give the colours of one mode.

    Parameters
    ----------
    mode : {"light", "dark"}
        The mode.

    Returns
    -------
    dict of str to str
        Token to colour, for a page's custom properties.

    Examples
    --------
    >>> css_tokens("dark")["paper"]
    '#10181d'
    """
    return dict(_theme()[mode])


def resolve_colours(spec: Any, *, mode: Literal["light", "dark"] = "light") -> Any:
    """
    Replace each colour reference in a plotly figure by the colour itself.

    Parameters
    ----------
    spec : dict, list, str or other
        A plotly figure as JSON, or a part of it.
    mode : {"light", "dark"}
        The mode.

    Returns
    -------
    dict, list, str or other
        The same without references.

    Examples
    --------
    >>> resolve_colours({"line": {"color": "var(--home)"}})
    {'line': {'color': '#ad1a48'}}
    """
    if isinstance(spec, str):
        if "var(" not in spec:
            return spec
        return _REFERENCE.sub(lambda found: _theme()[mode][found[1]], spec)
    if isinstance(spec, Mapping):
        return {key: resolve_colours(value, mode=mode) for key, value in spec.items()}
    if isinstance(spec, (list, tuple)):
        return [resolve_colours(value, mode=mode) for value in spec]
    return spec


def plotly_text(text: str) -> str:
    """
    Make a text safe for plotly, which reads some HTML and links in labels.

    Parameters
    ----------
    text : str
        A name or a sentence, as a person reads it.

    Returns
    -------
    str
        The text with its markup shown instead of obeyed.

    Examples
    --------
    >>> plotly_text("<b>Vård & omsorg</b>")
    '&lt;b&gt;Vård &amp; omsorg&lt;/b&gt;'
    """
    return text.translate(_MARKUP)


def plain_layout(lang: str, *, height: int, margin: Sequence[int] = (8, 8, 8, 8)) -> dict[str, Any]:
    """
    Give the layout that every chart starts from.

    Parameters
    ----------
    lang : {"sv", "en"}
        The language, which decides how plotly writes numbers.
    height : int
        Pixels.
    margin : sequence of 4 int
        Pixels left, right, top and below.

    Returns
    -------
    dict
        A plotly layout.
    """
    font = _theme()["font"]
    left, right, top, below = margin
    return {
        "height": height,
        "margin": {"l": left, "r": right, "t": top, "b": below, "pad": 4},
        "font": {"family": font["family"], "size": font["note"], "color": token("ink")},
        "separators": ",\N{NO-BREAK SPACE}" if lang == "sv" else ".,",
        "paper_bgcolor": token("paper"),
        "plot_bgcolor": token("paper"),
        "showlegend": False,
        "hovermode": "closest",
        "dragmode": False,
        "hoverlabel": {
            "bgcolor": token("card"),
            "bordercolor": token("rule"),
            "font": {"family": font["family"], "size": font["note"], "color": token("ink")},
            "align": "left",
        },
    }
