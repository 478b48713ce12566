"""What the commands print: status, search, description and faults as text."""

from __future__ import annotations

import datetime as dt
import io
import shutil
import sys
from typing import TYPE_CHECKING

from regionstudy.catalogue import Catalogue
from regionstudy.settings import find_folder
from regionstudy.store import Snapshot, status_table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

    from regionstudy.errors import Fault

__all__ = ["description", "fault_table", "search_text", "status_of", "status_text"]

# What a pipe or a file gets: wide enough that no cell is cut.
_PIPE_WIDTH = 220


def status_of(study: Path | None) -> pd.DataFrame:
    """
    Give what the store holds and lacks.

    Parameters
    ----------
    study : Path or None
        A study folder; None for the one stood in.

    Returns
    -------
    DataFrame
        As `regionstudy.store.status_table`: a row an indicator.
    """
    snapshot = Snapshot.open(find_folder(study) / "data" / "snapshot")
    return status_table(snapshot, Catalogue.load(), today=dt.datetime.now(tz=dt.UTC).date())


def status_text(table: pd.DataFrame) -> str:
    """
    Tell what the store holds and lacks.

    Parameters
    ----------
    table : DataFrame
        From `status_of`.

    Returns
    -------
    str
        A table of what has figures, one of what has none and how to get it, and a summary.
    """
    held = table[table["rows"].notna()]
    absent = table[table["state"] == "missing"]
    overdue = int(table["overdue"].sum())
    shown = held.assign(
        periods=held["first"] + "–" + held["last"],
        counties=held["county"],
        municipalities=held["municipality"],
        age=held["age_days"].astype(str) + " days",
        overdue=held["overdue"].map({True: "overdue", False: ""}),
    )
    columns = ["indicator", "periods", "counties", "municipalities", "rows", "missing", "age"]
    return "\n".join(
        [
            "In the store:",
            _table([*columns, "overdue", "source"], shown),
            "",
            "Without figures:",
            _table(["indicator", "title_sv", "reason", "command"], absent),
            "",
            f"{len(held)} series with figures (newest period {held['last'].str[:4].max()}), "
            f"{int((table['state'] == 'formula').sum())} computed from them, "
            f"{len(absent)} without figures, {overdue} past their update cycle.",
        ]
    )


def search_text(text: str) -> str:
    """
    List the catalogue's indicators that match.

    Parameters
    ----------
    text : str
        Words in Swedish or English; all must be found.

    Returns
    -------
    str
        A table, or a sentence where nothing matches.
    """
    found = Catalogue.load().search(text)
    if found.empty:
        return f'Nothing in the catalogue matches "{text}". Try fewer or other words.'
    return _table(["id", "title_sv", "domain", "source"], found)


def description(indicator: str) -> str:
    """
    Describe one indicator.

    Parameters
    ----------
    indicator : str
        A catalogue id.

    Returns
    -------
    str
        What it is in both languages, where it comes from, and what the store holds of it.

    Raises
    ------
    ConfigError
        If there is no such indicator; the nearest is named.
    """
    entry = Catalogue.load()[indicator]
    table = status_of(None)
    row = table.set_index("indicator").loc[indicator]
    if row["state"] == "missing":
        held = f"nothing: {row['reason']} {row['command']}"
    elif row["state"] == "formula":
        held = "computed when asked for"
    else:
        held = (
            f"{row['first']}–{row['last']}, {row['municipality']} municipalities, "
            f"{row['county']} counties, {row['rows']} rows, {row['missing']} missing"
        )
    facts = {
        "Swedish": f"{entry.title.sv}. {entry.description.sv}",
        "English": f"{entry.title.en}. {entry.description.en}",
        "domain": entry.domain,
        "unit": entry.symbol.en or "(none)",
        "direction": {1: "more attracts", -1: "less attracts", 0: "context"}[entry.direction],
        "role": entry.role,
        "source": str(entry.source or ""),
        "formula": entry.formula,
        "estimate": entry.estimate,
        "breaks": "; ".join(f"{one.period}: {one.note.en}" for one in entry.breaks),
        "in the store": held,
        "note": entry.note,
    }
    width = max(len(name) for name in facts)
    lines = [f"{name:<{width}}  {text}" for name, text in facts.items() if text]
    return "\n".join([indicator, *lines])


def fault_table(faults: Sequence[Fault]) -> str:
    """
    List the faults of a workbook.

    Parameters
    ----------
    faults : sequence of Fault
        At least one.

    Returns
    -------
    str
        A table and the count.
    """
    import pandas as pd

    columns = ["file", "sheet", "cell", "value", "problem", "remedy"]
    rows = pd.DataFrame([{name: getattr(fault, name) for name in columns} for fault in faults])
    count = f"{len(faults)} fault{'s' if len(faults) > 1 else ''}."
    return f"{_table(columns, rows)}\n{count}"


def _table(columns: Sequence[str], rows: pd.DataFrame) -> str:
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
