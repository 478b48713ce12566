"""The shapes that the maps of one page share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from regionstudy.report.shapes import outline_path, region_paths

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["PageShapes"]


class PageShapes:
    """
    The shapes that one page's maps use; each stands once in the page.

    A map refers to them by ``<use>``, so that the tenth map of a page costs little.
    """

    def __init__(self) -> None:
        self._regions: dict[str, dict[str, str]] = {}
        self._outlines: dict[str, str] = {}
        self._patterns: dict[str, str] = {}

    def region(self, level: str, code: str) -> str:
        """
        Take a region's shape into the page.

        Parameters
        ----------
        level, code : str
            Its level and code.

        Returns
        -------
        str
            The id to refer to.
        """
        self._regions.setdefault(level, {}).setdefault(code, region_paths(level)[code])
        return f"r{code}"

    def land(self, level: str) -> str:
        """
        Take all regions that the page has of a level as one shape.

        Parameters
        ----------
        level : str
            The level.

        Returns
        -------
        str
            The id to refer to; it holds what `region` takes later, too.
        """
        self._regions.setdefault(level, {})
        return f"land-{level}"

    def outline(self, codes: Iterable[str]) -> str:
        """
        Take the outline around regions into the page.

        Parameters
        ----------
        codes : iterable of str
            Their codes.

        Returns
        -------
        str
            The id to refer to.
        """
        return self._outlines.setdefault(outline_path(sorted(codes)), f"o{len(self._outlines)}")

    def hatching(self, status: str, zoom: float) -> str:
        """
        Take the pattern of regions without a figure into the page.

        Parameters
        ----------
        status : str
            "hidden" for protected figures; any other is missing.
        zoom : float
            The map's pixels a grid unit; the pattern keeps its size on every map.

        Returns
        -------
        str
            The id to refer to.
        """
        kind = "hid" if status == "hidden" else "miss"
        made = f"{kind}{1 / zoom:.0f}"
        turn = "" if kind == "hid" else "rotate(45) "
        self._patterns[made] = (
            f'<pattern id="{made}" href="#{kind}" patternTransform="{turn}scale({1 / zoom:.2f})"/>'
        )
        return made

    def markup(self) -> Markup:
        """
        Give the element that holds the shapes.

        Returns
        -------
        Markup
            An ``<svg>`` that takes no space; empty where no map was drawn.
        """
        patterns = "".join(self._patterns.values())
        if not self._regions:
            return Markup("")
        land = "".join(
            f'<g id="land-{level}">{_paths({f"r{code}": path for code, path in held.items()})}</g>'
            for level, held in self._regions.items()
        )
        outlines = _paths({key: path for path, key in self._outlines.items()})
        return Markup(  # noqa: S704 (numbers and escaped texts)
            '<svg class="shapes" width="0" height="0" aria-hidden="true" focusable="false"><defs>'
            '<pattern id="miss" width="5" height="5" patternUnits="userSpaceOnUse" '
            'patternTransform="rotate(45)"><rect class="hp" width="5" height="5"/>'
            '<rect class="hm" width="1.6" height="5"/></pattern>'
            '<pattern id="hid" width="6" height="6" patternUnits="userSpaceOnUse">'
            '<rect class="hp" width="6" height="6"/><circle class="hm" cx="3" cy="3" r="1.2"/>'
            f"</pattern>{patterns}{land}{outlines}</defs></svg>"
        )


def _paths(drawn: Mapping[str, str]) -> str:
    return "".join(f'<path id="{key}" d="{path}"/>' for key, path in drawn.items())
