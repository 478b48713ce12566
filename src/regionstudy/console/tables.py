"""Tables as text, as wide as the screen, and whole where a pipe or a file takes them."""

from __future__ import annotations

import io
import shutil
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

__all__ = ["facts_text", "table_text"]

# What a pipe or a file gets: wide enough that no cell is cut.
_PIPE_WIDTH = 220


def table_text(columns: Sequence[str], rows: pd.DataFrame) -> str:
    """
    Lay out rows.

    Parameters
    ----------
    columns : sequence of str
        The columns to show, in this order; an underscore in a name is shown as a blank.
    rows : DataFrame
        Has these columns, among others.

    Returns
    -------
    str
        The table, with a line of headings.
    """
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for name in columns:
        table.add_column(name.replace("_", " "), overflow="fold")
    for row in rows[list(columns)].itertuples(index=False):
        # Text, not str: square brackets in a cell are no markup.
        table.add_row(*(Text(str(cell)) for cell in row))
    on_screen = sys.stdout.isatty()
    width = shutil.get_terminal_size().columns if on_screen else _PIPE_WIDTH
    stream = io.StringIO()
    Console(file=stream, width=width, force_terminal=on_screen).print(table)
    return "\n".join(line.rstrip() for line in stream.getvalue().splitlines())


def facts_text(facts: Mapping[str, str]) -> str:
    """
    Lay out facts, a line each.

    Parameters
    ----------
    facts : mapping of str to str
        Texts by name; an empty one is left out.

    Returns
    -------
    str
        Lines in which the texts stand below one another.

    Examples
    --------
    >>> print(facts_text({"unit": "SEK/m²", "formula": "", "role": "pull"}))
    unit  SEK/m²
    role  pull
    """
    told = {name: text for name, text in facts.items() if text}
    width = max(map(len, told), default=0)
    return "\n".join(f"{name:<{width}}  {text}" for name, text in told.items())
