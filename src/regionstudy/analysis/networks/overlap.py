"""How far two networks gather the same organisations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from regionstudy.analysis.checks import require_columns
from regionstudy.analysis.networks.incidence import incidence, pairs
from regionstudy.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["overlaps", "redundant"]


def overlaps(seats: pd.DataFrame, *, networks: Sequence[str] | None = None) -> pd.DataFrame:
    """
    Compare the organisations of each two networks.

    Parameters
    ----------
    seats : DataFrame
        ``org_id`` and ``network_id``, a row a seat.
    networks : sequence of str, optional
        The networks in the order wanted.

    Returns
    -------
    DataFrame
        ``network_a``, ``network_b``, ``shared`` (organisations in both), ``either``
        (organisations in one or both), ``jaccard`` (their ratio, 0-1), ``within`` ("a" where
        all of a's organisations also sit in b, "b" the other way, "both" where they are the
        same, else ""). A row for each pair that shares an organisation, each pair once.

    References
    ----------
    Jaccard (1912), New Phytologist 11(2), 37-50.

    Examples
    --------
    >>> seats = pd.DataFrame({"org_id": ["x", "y", "x", "y", "z"],
    ...     "network_id": ["p", "p", "q", "q", "q"]})
    >>> overlaps(seats).round(2)
      network_a network_b  shared  either  jaccard within
    0         p         q       2       3     0.67      a
    """
    found = incidence(seats, networks=networks)
    by_network = found.matrix.T.tocsr()
    sizes = np.diff(by_network.indptr)
    first, second, shared = pairs(by_network)
    either = sizes[first] + sizes[second] - shared
    inside = np.select(
        [either == shared, sizes[first] == shared, sizes[second] == shared],
        ["both", "a", "b"],
        default="",
    )
    return pd.DataFrame(
        {
            "network_a": found.networks[first],
            "network_b": found.networks[second],
            "shared": shared,
            "either": either,
            "jaccard": shared / either,
            "within": pd.array(inside, dtype="str"),
        }
    )


def redundant(overlap: pd.DataFrame, *, jaccard: float = 0.75, fewest: int = 2) -> pd.DataFrame:
    """
    Choose the pairs of networks that gather nearly the same organisations.

    Parameters
    ----------
    overlap : DataFrame
        From `overlaps`.
    jaccard : float, default 0.75
        Least part of all organisations of either that both have, 0-1.
    fewest : int, default 2
        Least organisations in both; two networks of the same single organisation tell nothing.

    Returns
    -------
    DataFrame
        The rows, the most alike first. Whether one of the two is superfluous is another
        question: networks with the same organisations may have different tasks.

    Raises
    ------
    DataError
        If a column is absent, or `jaccard` is not a share above 0.
    """
    require_columns(overlap, ["shared", "jaccard"], name="overlap")
    if not 0 < jaccard <= 1:
        msg = f"jaccard={jaccard!r} is not a share. Give more than 0 and at most 1, such as 0.75."
        raise DataError(msg)
    kept = overlap[(overlap["jaccard"] >= jaccard) & (overlap["shared"] >= fewest)]
    return kept.sort_values(
        ["jaccard", "shared"], ascending=False, kind="stable", ignore_index=True
    )
