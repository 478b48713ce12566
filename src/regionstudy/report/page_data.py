"""What the scripts of one page read, compressed once for the page."""

from __future__ import annotations

import base64
import json
import zlib
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["PageData"]


class PageData:
    """
    What one page's scripts read: the drawings of its charts, and the tips of its maps.

    A chart's drawing for a phone is nearly the wide one, and a map's tips are nearly those of
    the next: in one compressed block they take a tenth of the bytes. Nothing of it is missed
    without JavaScript, for the tables of the figures hold the same numbers.
    """

    def __init__(self) -> None:
        self._charts: dict[str, Any] = {}
        # A tip's head, nearly always the region's name, stands once for all maps of the page.
        self._regions: dict[tuple[str, str], int] = {}
        self._tips: dict[str, dict[int, str]] = {}

    def chart(self, key: str, spec: Mapping[str, Any]) -> str:
        """
        Take a chart's drawings into the page.

        Parameters
        ----------
        key : str
            Unique on the page.
        spec : mapping
            ``wide``, ``narrow`` (None where a phone needs none of its own) and ``height``.

        Returns
        -------
        str
            `key`, for the element that is drawn into.
        """
        self._charts[key] = spec
        return key

    def tips(self, key: str, panels: Sequence[Mapping[str, Any]]) -> str:
        """
        Take the tips of a figure's maps into the page.

        Parameters
        ----------
        key : str
            Unique on the page.
        panels : sequence of mapping
            The entries of a payload's ``maps``, their texts in one language.

        Returns
        -------
        str
            `key`, for the elements that hold the maps.
        """
        if key not in self._tips:
            told = {code: value["tip"] for one in panels for code, value in one["values"].items()}
            self._tips[key] = {}
            for code, tip in told.items():
                head, colon, rest = tip.partition(":")
                number = self._regions.setdefault((code, head), len(self._regions))
                self._tips[key][number] = colon + rest
        return key

    def markup(self) -> Markup:
        """
        Give the element that holds the data.

        Returns
        -------
        Markup
            A block that no browser runs: base64 of JSON under zlib; empty for want of data.
        """
        if not self._charts and not self._tips:
            return Markup("")
        packed = {
            "charts": self._charts,
            "regions": list(self._regions),
            "tips": {
                key: [tips.get(number) for number in range(len(self._regions))]
                for key, tips in self._tips.items()
            },
        }
        text = json.dumps(packed, ensure_ascii=False, separators=(",", ":"))
        block = base64.b64encode(zlib.compress(text.encode(), 9)).decode()
        return Markup(f'<script type="text/plain" id="page-data">{block}</script>')  # noqa: S704 (base64)
