"""
What readers of the last edition know already.

Who holds two editions takes what is unchanged in one as known in the other. So a cell that was
published and still has its value is known, and hiding it now would protect nobody; and a cell
that was hidden and still has its value stays hidden, or the new edition would tell what the
old one kept. Cells that have changed may be published or hidden as the new edition needs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from regionstudy.members.disclosure.linked import LinkedTable, LinkedTables
    from regionstudy.members.disclosure.sums import SumSystem

__all__ = ["EarlierTable", "mark_earlier"]


@dataclass(frozen=True)
class EarlierTable:
    """
    A table as the last edition gave it.

    Parameters
    ----------
    table : LinkedTable
        The table, under a name that no table of the new edition has.
    cells : DataFrame
        Its dimensions, ``count`` (what was counted, published or not) and ``hidden``.
    """

    table: LinkedTable
    cells: pd.DataFrame


def mark_earlier(
    linked: LinkedTables, earlier: Sequence[EarlierTable], current: Sequence[str]
) -> tuple[SumSystem, NDArray[np.bool_]]:
    """
    Mark the cells that the last edition published or hid, and that have not changed.

    Parameters
    ----------
    linked : LinkedTables
        The tables of both editions, made from today's rows.
    earlier : sequence of EarlierTable
        The tables of the last edition.
    current : sequence of str
        The names of the tables of the new one.

    Returns
    -------
    system : SumSystem
        The same sums. What the last edition alone had and has changed is nobody's to see
        any more: it only binds the others.
    kept : ndarray of bool
        The cells that must stay hidden.
    """
    size = len(linked.system.counts)
    known, kept = np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)
    for one in earlier:
        cells = linked.cells[one.table.name]
        old = _looked_up(one, cells.frame)
        same = old["count"].to_numpy() == cells.counts
        hidden = old["hidden"].to_numpy(dtype=bool)
        known[cells.place[same & ~hidden]] = True
        kept[cells.place[same & hidden]] = True
    known &= ~kept
    shown = np.zeros(size, dtype=bool)
    for name in current:
        shown[linked.cells[name].place] = True
    gone = ~(shown | known | kept)
    system = replace(linked.system, latent=linked.system.latent | gone, known=known)
    return system, kept


def _looked_up(one: EarlierTable, labels: pd.DataFrame) -> pd.DataFrame:
    """Find each of today's cells in the last edition, where what it did not name was 0."""
    names = list(one.table.dimensions)
    found = labels.merge(one.cells, on=names, how="left", validate="one_to_one")
    hidden = found["hidden"].astype("boolean").fillna(False)
    return pd.DataFrame({"count": found["count"].fillna(0.0), "hidden": hidden.astype(bool)})
