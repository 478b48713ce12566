"""Seats as a matrix of organisations by networks, and what it multiplies to."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse

from regionstudy.analysis.checks import require_columns, require_unique
from regionstudy.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Incidence", "incidence", "pairs"]


@dataclass(frozen=True, slots=True)
class Incidence:
    """
    Which organisation sits in which network.

    Parameters
    ----------
    organisations, networks : Index of str
        Their ids, in the order of rows and columns; also those without a seat.
    matrix : csr_array, shape (organisations, networks)
        1 where an organisation has a seat.
    """

    organisations: pd.Index[str]
    networks: pd.Index[str]
    matrix: sparse.csr_array


def incidence(
    seats: pd.DataFrame,
    *,
    networks: Sequence[str] | None = None,
    organisations: Sequence[str] | None = None,
) -> Incidence:
    """
    Lay seats out as a matrix.

    Parameters
    ----------
    seats : DataFrame
        ``org_id`` and ``network_id``, a row a seat; several persons in one network are one
        seat of their organisation.
    networks, organisations : sequence of str, optional
        All that there are, with or without a seat, in the order wanted; without it, those
        that have one, by id.

    Returns
    -------
    Incidence
        The matrix.

    Raises
    ------
    DataError
        If a column or an id is missing, an id repeats in a list, or a seat is of an
        organisation or in a network that is not listed; the nearest is named.
    """
    require_columns(seats, ["org_id", "network_id"], name="seats")
    found = {}
    for column, given in (("org_id", organisations), ("network_id", networks)):
        ids = seats[column]
        if ids.isna().any():
            msg = (
                f"seats has {int(ids.isna().sum())} rows without {column}; fill it in, or leave "
                "those rows out."
            )
            raise DataError(msg)
        if given is None:
            found[column] = pd.Index(sorted(set(ids.astype(str))), dtype="str")
            continue
        index = pd.Index(list(given), dtype="str")
        require_unique(pd.DataFrame({column: index}), [column], name=f"the list of {column}")
        _require_known(ids.astype(str), index, column)
        found[column] = index
    rows = found["org_id"].get_indexer(pd.Index(seats["org_id"].astype(str)))
    columns = found["network_id"].get_indexer(pd.Index(seats["network_id"].astype(str)))
    shape = (len(found["org_id"]), len(found["network_id"]))
    matrix = sparse.csr_array((np.ones(len(seats)), (rows, columns)), shape=shape)
    matrix.sum_duplicates()
    matrix.data[:] = 1.0
    return Incidence(found["org_id"], found["network_id"], matrix)


def pairs(matrix: sparse.csr_array) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """
    Count for each pair of rows the columns that both have.

    Parameters
    ----------
    matrix : csr_array
        Zeros and ones.

    Returns
    -------
    first, second : ndarray of int
        Rows of the pair, the first the smaller; only pairs that share something.
    shared : ndarray of int
        How many columns they share.
    """
    product = sparse.triu(matrix @ matrix.T, k=1).tocoo()
    order = np.lexsort((product.col, product.row))
    return product.row[order], product.col[order], product.data[order].astype(int)


def _require_known(ids: pd.Series, known: pd.Index[str], column: str) -> None:
    unknown = sorted(set(ids) - set(known))
    if not unknown:
        return
    near = difflib.get_close_matches(unknown[0], list(known), n=1)
    hint = f' Did you mean "{near[0]}"?' if near else ""
    shown = ", ".join(f'"{one}"' for one in unknown[:5])
    more = f" and {len(unknown) - 5} more" if len(unknown) > 5 else ""
    msg = (
        f"seats has the {column} {shown}{more}, which the list of them lacks.{hint} Add it to the "
        "list, or mend the seat."
    )
    raise DataError(msg)
