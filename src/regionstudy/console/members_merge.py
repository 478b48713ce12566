"""What `regionstudy members merge` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from regionstudy.console.faults import fault_table
from regionstudy.console.tables import table_text

if TYPE_CHECKING:
    from pathlib import Path

    from regionstudy.members.merging import Merge

__all__ = ["merge_text"]

_MOST_CHANGES = 40
_ORDER = ("missing", "at fault", "older", "handed in")
_CHANGE_COLUMNS = ("org_id", "what", "before", "after")
_CONFLICT_COLUMNS = (
    "sheet",
    "key",
    "column",
    "file",
    "value",
    "other_file",
    "other_row",
    "other_value",
)


def merge_text(merged: Merge, path: Path, *, lang: str) -> str:
    """
    Tell who has handed in, what is wrong, what contradicts, and what has changed.

    Parameters
    ----------
    merged : Merge
        What the workbooks say together.
    path : Path
        The workbook that was to be written.
    lang : {"sv", "en"}
        The language of the faults.

    Returns
    -------
    str
        Tables, and whether `path` was written.
    """
    handed = merged.handed_in
    # Those to remind come first.
    order = handed["status"].map(_ORDER.index)
    handed = handed.iloc[order.argsort(kind="stable")]
    shown = handed.astype(object).where(handed.notna(), "")
    counts = handed["status"].value_counts()
    told = [
        f"{counts.get('handed in', 0)} of {len(handed)} organisations have handed in.",
        table_text(["org_id", "name", "status", "year", "files"], shown),
    ]
    if len(merged.changes):
        told.append(f"{len(merged.changes)} changes since last year:")
        told.append(table_text(_CHANGE_COLUMNS, merged.changes.head(_MOST_CHANGES)))
        if len(merged.changes) > _MOST_CHANGES:
            told.append(f"... and {len(merged.changes) - _MOST_CHANGES} more.")
    if len(merged.conflicts):
        told.append("The workbooks contradict each other; ask which is right, and mend one of two:")
        told.append(table_text(_CONFLICT_COLUMNS, merged.conflicts))
    if merged.faults:
        told.append(fault_table(merged.faults, lang=lang))
    if merged.members is None:
        told.append(f"{path} was not written.")
    else:
        rows = {name: len(merged.members.table(name)) for name in merged.members.tables}
        filled = ", ".join(f"{name} {count}" for name, count in rows.items() if count)
        told.append(f"Wrote {path}: {filled}.")
        if merged.members.repairs:
            told.append(f"{len(merged.members.repairs)} cells were mended in reading them.")
    return "\n".join(told)
