"""Check a member workbook: every fault at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from regionstudy.members.reading import read

if TYPE_CHECKING:
    from regionstudy.errors import Fault

__all__ = ["check"]


def check(path: str | Path, *, lang: str = "en") -> list[Fault]:
    """
    List everything that is wrong with a member workbook.

    Parameters
    ----------
    path : str or Path
        A workbook (.xlsx) or a folder of CSV files named after the sheets.
    lang : {"sv", "en"}, default "en"
        The language of problems and remedies.

    Returns
    -------
    list of Fault
        The faults, in the order of sheets and rows; empty where all is well.
    """
    return read(Path(path), lang=lang)[1]
