"""How far a build has come, as a bar on stderr."""

from __future__ import annotations

from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as RichProgress

__all__ = ["Progress"]


class Progress:
    """
    A bar that counts steps, such as the code cells of all notebooks.

    Parameters
    ----------
    total : int
        How many steps there are.
    of : str
        What they are of, shown until the first is done.
    shown : bool
        Whether to show it; a stderr that is no terminal never gets one.
    """

    def __init__(self, total: int, *, of: str, shown: bool) -> None:
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
        self._task = self._bar.add_task(of, total=total)

    def advance(self, name: str) -> None:
        """
        Count one step.

        Parameters
        ----------
        name : str
            The notebook or page it is of.
        """
        self._bar.update(self._task, advance=1, description=name)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()
