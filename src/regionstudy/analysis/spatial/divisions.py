"""Municipalities joined to functional regions: what such a division holds and how it is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from regionstudy.errors import DataError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from regionstudy.analysis.spatial.commuting import Commuting

__all__ = ["FunctionalRegions", "describe", "outflows", "require_share", "totals"]


@dataclass(frozen=True, eq=False, slots=True)
class FunctionalRegions:
    """
    Regions joined by commuting.

    Parameters
    ----------
    members : DataFrame
        A row a municipality: ``region``, ``centre`` (code that names its functional
        region), ``out_share`` (of employed residents who work elsewhere) and
        ``largest_share`` (who work in the one other municipality that most go to),
        ``follows`` (that municipality; "" where nobody leaves).
    summary : DataFrame
        A row a functional region: ``centre``, ``municipalities``, ``employed``
        (residents), ``jobs`` (held by residents of the municipalities given),
        ``residents_staying`` and ``jobs_held_by_residents`` (self-containment of supply
        and of demand, shares).
    """

    members: pd.DataFrame
    summary: pd.DataFrame


def totals(
    commuting: Commuting, group: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """
    Sum residents, jobs and those who live and work in one, by group.

    Parameters
    ----------
    commuting : Commuting
        Residence by workplace.
    group : ndarray of int, shape (n,)
        The place that names each municipality's group.

    Returns
    -------
    residents, jobs, within : ndarray, shape (n,)
        At the places that name groups, 0 elsewhere.
    """
    size = len(group)
    inside = np.where(group[:, None] == group[None, :], commuting.persons, 0).sum(axis=1)
    parts = (commuting.residents, commuting.persons.sum(axis=0), inside)
    residents, jobs, within = (
        np.asarray(np.bincount(group, part, minlength=size), dtype=float) for part in parts
    )
    return residents, jobs, within


def outflows(
    commuting: Commuting,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """
    Say how many residents leave, and where most of them go.

    Parameters
    ----------
    commuting : Commuting
        Residence by workplace.

    Returns
    -------
    out, largest : ndarray, shape (n,)
        Shares of employed residents who work elsewhere, and who work in the one
        municipality that most go to.
    follows : ndarray of int, shape (n,)
        The place of that municipality.
    """
    away = commuting.persons.copy()
    np.fill_diagonal(away, 0)
    residents = np.where(commuting.residents > 0, commuting.residents, np.nan)
    # Those whose workplace is outside the regions given leave too.
    out = np.nan_to_num(1 - commuting.persons.diagonal() / residents)
    largest = np.nan_to_num(away.max(axis=1) / residents)
    return out, largest, away.argmax(axis=1)


def describe(commuting: Commuting, head: NDArray[np.int64]) -> FunctionalRegions:
    """
    Describe a division.

    Parameters
    ----------
    commuting : Commuting
        Residence by workplace.
    head : ndarray of int, shape (n,)
        The place of each municipality's centre.

    Returns
    -------
    FunctionalRegions
        Members and a summary.
    """
    codes = np.array(commuting.regions, dtype=object)
    out, largest, follows = outflows(commuting)
    members = pd.DataFrame(
        {
            "region": list(codes),
            "centre": list(codes[head]),
            "out_share": out,
            "largest_share": largest,
            "follows": np.where(largest > 0, codes[follows], ""),
        }
    ).astype({"region": str, "centre": str, "follows": str})
    residents, jobs, within = totals(commuting, head)
    kept = np.unique(head)
    summary = pd.DataFrame(
        {
            "centre": list(codes[kept]),
            "municipalities": np.bincount(head, minlength=len(head))[kept],
            "employed": residents[kept],
            "jobs": jobs[kept],
            "residents_staying": within[kept] / np.where(residents > 0, residents, np.nan)[kept],
            "jobs_held_by_residents": within[kept] / np.where(jobs > 0, jobs, np.nan)[kept],
        }
    ).astype({"centre": str})
    return FunctionalRegions(members=members, summary=summary)


def require_share(**limits: float) -> None:
    """
    Check that limits are shares.

    Parameters
    ----------
    **limits : float
        Limits by name.

    Raises
    ------
    DataError
        If one is not above 0 and at most 1.
    """
    for name, limit in limits.items():
        if not 0 < limit <= 1:
            msg = f"{name}={limit:g} is no share; give one above 0 and at most 1, such as 0.2."
            raise DataError(msg)
