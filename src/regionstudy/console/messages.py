"""What a command says on stderr beside its answer: warnings, a line each, and that it waits."""

from __future__ import annotations

import logging
import sys
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["show_warnings_as_lines", "waiting"]


class _Lines(logging.Handler):
    """Writes each record as one line on whatever stderr is at the time."""

    def emit(self, record: logging.LogRecord) -> None:
        _write(record.getMessage())


def show_warnings_as_lines() -> None:
    """Show Python's warnings and the log's, from WARNING on, as one line each on stderr."""
    warnings.showwarning = _show
    root = logging.getLogger()
    if not any(isinstance(handler, _Lines) for handler in root.handlers):
        root.addHandler(_Lines(logging.WARNING))


@contextmanager
def waiting(what: str) -> Iterator[None]:
    """
    Show on a terminal's stderr that something is waited for; a pipe gets nothing.

    Parameters
    ----------
    what : str
        What is being done, such as "Asking Kolada".

    Yields
    ------
    None
        While the line stands there.
    """
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(f"{what} …"):
        yield


def _show(
    message: Warning | str,
    category: type[Warning],  # noqa: ARG001 (as Python calls it)
    filename: str,  # noqa: ARG001
    lineno: int,  # noqa: ARG001
    file: TextIO | None = None,  # noqa: ARG001
    line: str | None = None,  # noqa: ARG001
) -> None:
    _write(str(message))


def _write(text: str) -> None:
    sys.stderr.write(f"regionstudy: warning: {' '.join(text.split())}\n")
