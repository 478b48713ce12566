"""Tables: frames as rows of cells, with statuses as words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from regionstudy.figures.content import NO_TEXT, Cell, Column, Source, TableBody, as_text
from regionstudy.figures.provenance import is_fictitious, member_releases, source_lines
from regionstudy.figures.statements import Table
from regionstudy.figures.values import require_columns, visible
from regionstudy.words import Message, Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from regionstudy.figures.content import MemberRelease
    from regionstudy.words import Text

__all__ = ["table", "table_body", "with_figures"]


def table(
    frame: pd.DataFrame,
    *,
    columns: Sequence[Column],
    title: Text | str,
    caption: Text | str | None = None,
    home: Iterable[str] = (),
    sources: Sequence[Source] = (),
    fictitious: bool = False,
    filterable: bool = False,
    releases: Sequence[MemberRelease] = (),
) -> Table:
    """
    Show a frame as a table.

    Parameters
    ----------
    frame : DataFrame
        One row a row. A number column ``x`` may have its statuses in ``x_status``; ``value``
        has them in ``status``. A text in it is kept as it is: a word for want of a number, or
        a number of a unit of its own. Sources come from ``attrs["provenance"]``.
    columns : sequence of Column
        The columns to show, in order.
    title : Text or str
        The heading.
    caption : Text or str, optional
        What else to know of it. Without it there is none: the title stands right above.
    home : iterable of str
        Regions whose rows are set off; needs a column ``region`` in the frame.
    sources : sequence of Source
        More sources.
    fictitious : bool, default False
        Whether it rests on made-up member data; a frame's ``attrs["fictitious"]`` says so too.
    filterable : bool, default False
        Whether a page's reader can search, filter and sort its rows, and download those shown.
    releases : sequence of MemberRelease
        Released member tables that it rests on, of which the frame's ``attrs`` do not tell.

    Returns
    -------
    Table
        The displayed result.

    Raises
    ------
    DataError
        If a column is absent.

    Examples
    --------
    >>> frame = pd.DataFrame({"name": ["Ånge"], "value": [float("nan")], "status": [".."]})
    >>> shown = table(frame, title="Netto", columns=[
    ...     Column("name", as_text("Kommun")), Column("value", as_text("Netto"), "number", 1)])
    >>> shown.table.rows
    (('Ånge', Cell(value=None, status='..')),)
    """
    return Table(
        title=as_text(title),
        sources=(*source_lines(frame), *sources),
        fictitious=fictitious or is_fictitious(frame),
        table=table_body(
            frame, columns=columns, caption=NO_TEXT if caption is None else caption, home=home
        ),
        filterable=filterable,
        releases=member_releases(frame, also=releases),
    )


def table_body(
    frame: pd.DataFrame,
    *,
    columns: Sequence[Column],
    caption: Text | str,
    home: Iterable[str] = (),
) -> TableBody:
    """
    Make the content of a table.

    Parameters
    ----------
    frame : DataFrame
        As in `table`.
    columns : sequence of Column
        The columns to show, in order.
    caption : Text or str
        What it shows.
    home : iterable of str
        Regions whose rows are set off.

    Returns
    -------
    TableBody
        The content; a missing or hidden number is a `Cell` without a value.

    Raises
    ------
    DataError
        If a column is absent.
    """
    require_columns(frame, [column.key for column in columns], where="A table")
    cells = [_cells(frame, column) for column in columns]
    marked = frame["region"].isin(list(home)) if "region" in frame else pd.Series(dtype=bool)
    return TableBody(
        caption=as_text(caption),
        columns=tuple(columns),
        rows=tuple(zip(*cells, strict=True)),
        home=tuple(number for number, is_home in enumerate(marked) if is_home),
    )


def with_figures(frame: pd.DataFrame, rows: pd.DataFrame, column: str) -> pd.DataFrame:
    """
    Put a figure of each region into a frame, with its status beside it, as tables take them.

    Parameters
    ----------
    frame : DataFrame
        ``region``, a row a region.
    rows : DataFrame
        ``region``, ``value``, ``status``, at most a row a region.
    column : str
        What the column of figures is called.

    Returns
    -------
    DataFrame
        `frame` with `column` and its status; ".." where `rows` has no such region.

    Examples
    --------
    >>> rows = pd.DataFrame({"region": ["2281"], "value": [1.0], "status": [""]})
    >>> with_figures(pd.DataFrame({"region": ["2281", "2260"]}), rows, "x")["x_status"].tolist()
    ['', '..']
    """
    kept = rows[["region", "value", "status"]].astype({"status": str})
    kept = kept.rename(columns={"value": column, "status": f"{column}_status"})
    found = frame.merge(kept, on="region", how="left", validate="one_to_one")
    found[f"{column}_status"] = found[f"{column}_status"].fillna("..")
    return found


def _cells(frame: pd.DataFrame, column: Column) -> list[Any]:
    if column.kind != "number":
        return ["" if cell is None else cell for cell in frame[column.key]]
    given = frame[column.key]
    worded = given.map(lambda cell: isinstance(cell, (Words, Message)))
    if worded.any():
        written = _cells(frame.assign(**{column.key: given.where(~worded).astype(float)}), column)
        return [
            text if is_text else number
            for text, is_text, number in zip(given, worded, written, strict=True)
        ]
    status = "status" if column.key == "value" else f"{column.key}_status"
    numbers = pd.DataFrame({"value": given})
    if status in frame:
        numbers["status"] = frame[status]
    shown = visible(numbers)
    # More digits than are shown would only be bytes, and a precision that the source has not.
    rounded = shown["value"].round(column.decimals)
    return [
        float(number) if mark == "" else Cell(None if pd.isna(number) else float(number), mark)
        for number, mark in zip(rounded, shown["status"], strict=True)
    ]
