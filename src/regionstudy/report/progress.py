"""How far a build has come, as a bar on stderr."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as RichProgress

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nbformat import NotebookNode

__all__ = ["Progress"]


class Progress:
    """
    A bar that counts the code cells of all notebooks.

    Parameters
    ----------
    notebooks : mapping of str to NotebookNode
        By file name.
    shown : bool
        Whether to show it; a stderr that is no terminal never gets one.
    """

    def __init__(self, notebooks: Mapping[str, NotebookNode], *, shown: bool) -> None:
        console = Console(stderr=True)
        self._bar = RichProgress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
            disable=not (shown and console.is_terminal),
            transient=True,
        )
        cells = sum(c.cell_type == "code" for nb in notebooks.values() for c in nb.cells)
        self._task = self._bar.add_task("notebooks", total=cells)

    def advance(self, name: str) -> None:
        """
        Count one cell.

        Parameters
        ----------
        name : str
            The notebook it is of.
        """
        self._bar.update(self._task, advance=1, description=name)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()
