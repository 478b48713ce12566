"""A page as one file that survives e-mail: its styles and scripts within it, by their hashes."""

from __future__ import annotations

import base64
import hashlib
import zlib
from typing import TYPE_CHECKING

from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = ["SingleFile"]

# The library is a megabyte and a half: packed, a file is a third of that.
_PACKED = frozenset({"plotly.min.js", "charts.js"})
_LOADER = "single.js"


class SingleFile:
    """
    What a page that is one file holds in the place of links to shared files.

    Parameters
    ----------
    static : Path
        The site's folder of shared files.
    loader : Path
        The script that unpacks the packed ones.
    """

    def __init__(self, static: Path, *, loader: Path) -> None:
        self._static = static
        self._loader = loader.read_text(encoding="utf-8")
        self._texts: dict[str, str] = {}
        self._blocks: dict[str, str] = {}

    def styles(self, names: Sequence[str]) -> Markup:
        """
        Give style sheets.

        Parameters
        ----------
        names : sequence of str
            Files of the site's static folder.

        Returns
        -------
        Markup
            One element.
        """
        text = "".join(self._text(name) for name in names)
        return Markup(f"<style>{text}</style>")  # noqa: S704 (our own files)

    def policy(self, names: Sequence[str]) -> str:
        """
        Give the page's security policy: these scripts, by their hashes, and nothing else.

        Parameters
        ----------
        names : sequence of str
            The scripts of the page.

        Returns
        -------
        str
            The content of the meta element.
        """
        texts = [self._text(name) for name in names]
        if _PACKED & set(names):
            texts.append(self._loader)
        hashes = " ".join(f"'sha256-{_hash(text)}'" for text in texts)
        return (
            f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; "
            "img-src data: blob:; base-uri 'none'; form-action 'none'"
        )

    def scripts(self, names: Sequence[str]) -> Markup:
        """
        Give scripts, for the end of the page.

        Parameters
        ----------
        names : sequence of str
            Files of the site's static folder, in the order to run them.

        Returns
        -------
        Markup
            An element each; the large ones packed, and what unpacks them last.
        """
        plain = [f"<script>{self._text(n)}</script>" for n in names if n not in _PACKED]
        packed = [
            f'<script type="text/plain" class="packed">{self._block(n)}</script>'
            for n in names
            if n in _PACKED
        ]
        if packed:
            packed.append(f"<script>{self._loader}</script>")
        return Markup("".join([*plain, *packed]))  # noqa: S704 (our own files)

    def _text(self, name: str) -> str:
        if name not in self._texts:
            self._texts[name] = (self._static / name).read_text(encoding="utf-8")
        return self._texts[name]

    def _block(self, name: str) -> str:
        if name not in self._blocks:
            packed = zlib.compress(self._text(name).encode(), 9)
            self._blocks[name] = base64.b64encode(packed).decode()
        return self._blocks[name]


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
