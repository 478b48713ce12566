"""Gross moves as they stand in the snapshot once they have been fetched."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from regionstudy.study import Study

__all__ = ["fetched_moves"]

_MOVES = ("migration_in_domestic", "migration_out_domestic", "immigration", "emigration")


def fetched_moves(study: Study) -> pd.DataFrame | None:
    """
    Give the gross moves that the study holds, for all regions.

    Parameters
    ----------
    study : Study
        The study.

    Returns
    -------
    DataFrame or None
        As `regionstudy.analysis.migration.read_moves` takes them; None unless both ways
        within the country are there.
    """
    there = [one for one in _MOVES if one in study.snapshot.indicators]
    if not set(_MOVES[:2]) <= set(there):
        return None
    parts = [study.observations(one) for one in there]
    moves = pd.concat(parts, ignore_index=True)
    # Rows that a table has no sex or age for are of all.
    for column in ("sex", "age"):
        if column in moves:
            moves[column] = moves[column].astype(object).fillna("total")
    moves.attrs["provenance"] = {
        key: entry for part in parts for key, entry in part.attrs["provenance"].items()
    }
    return moves
