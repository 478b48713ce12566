"""What `regionstudy members check` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from regionstudy.console.tables import table_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from regionstudy.errors import Fault

__all__ = ["fault_table"]


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
    return f"{table_text(columns, rows)}\n{count}"
