"""What `regionstudy members check` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from regionstudy.console.tables import table_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from regionstudy.errors import Fault
    from regionstudy.members.tables import Repair

__all__ = ["fault_table", "repair_table"]

_FIELDS = ("file", "sheet", "cell", "value", "problem", "remedy")


def fault_table(faults: Sequence[Fault], *, lang: str = "en") -> str:
    """
    List the faults of a workbook.

    Parameters
    ----------
    faults : sequence of Fault
        At least one.
    lang : {"sv", "en"}, default "en"
        The language of the headings.

    Returns
    -------
    str
        A table and the count.
    """
    import pandas as pd

    from regionstudy.members.findings import told

    heads = {name: told(f"head_{name}").render(lang) for name in _FIELDS}
    rows = pd.DataFrame(
        [{heads[name]: getattr(fault, name) for name in _FIELDS} for fault in faults]
    )
    count = told("one_fault" if len(faults) == 1 else "n_faults", n=len(faults)).render(lang)
    return f"{table_text(list(heads.values()), rows)}\n{count}"


def repair_table(repairs: Sequence[Repair], *, lang: str = "en") -> str:
    """
    List the cells that were mended in reading a workbook.

    Parameters
    ----------
    repairs : sequence of Repair
        At least one.
    lang : {"sv", "en"}, default "en"
        The language of the headings.

    Returns
    -------
    str
        A table and the counts; the template's examples are counted alone.
    """
    import pandas as pd

    from regionstudy.members.findings import told

    example = told("example_line").render(lang)
    fields = (*_FIELDS[:4], "change")
    frame = pd.DataFrame([[getattr(one, name) for name in fields] for one in repairs])
    frame.columns = pd.Index(fields)
    mended = frame[frame["change"] != example]
    # What was mended in the same way in many rows of a sheet is one line.
    same = mended.groupby(["file", "sheet", "value", "change"], sort=False)["cell"]
    rows = same.agg(["first", "size"]).reset_index()
    more = rows["size"].map(lambda n: f" (+{n - 1})" if n > 1 else "")
    rows["cell"] = rows["first"] + more
    heads = {name: told(f"head_{name}").render(lang) for name in fields}
    lines = [table_text(list(heads.values()), rows.rename(columns=heads))] if len(rows) else []
    for what, n in (("repair", len(mended)), ("example", len(frame) - len(mended))):
        if n:
            lines.append(told(f"one_{what}" if n == 1 else f"n_{what}s", n=n).render(lang))
    return "\n".join(lines)
