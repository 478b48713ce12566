"""Which municipalities make up one labour market, read from who commutes where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from regionstudy.analysis.spatial.commuting import Commuting, read_commuting
from regionstudy.errors import DataError

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["FunctionalRegions", "functional_regions", "local_labour_markets"]


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


def local_labour_markets(
    flows: pd.DataFrame,
    employed: pd.DataFrame,
    *,
    most_out: float = 0.20,
    most_to_one: float = 0.075,
) -> FunctionalRegions:
    """
    Join municipalities by the rule of Statistics Sweden's local labour markets.

    A municipality is a centre if at most `most_out` of its employed residents work
    elsewhere and at most `most_to_one` in any single municipality. Every other one
    follows the municipality that most of its commuters go to, through as many steps as
    it takes to come to a centre. Municipalities that follow one another in a ring have
    no centre: the one with the smallest part commuting out becomes it. (The published
    division also breaks long chains; this does not, so that it may differ there.)

    Parameters
    ----------
    flows : DataFrame
        ``origin`` (residence), ``destination`` (workplace), ``value`` (persons).
    employed : DataFrame
        ``region``, ``value`` (employed residents).
    most_out, most_to_one : float, default 0.20 and 0.075
        The two limits, as shares.

    Returns
    -------
    FunctionalRegions
        Members and a summary; the centre's code names the region.

    Raises
    ------
    DataError
        If the frames do not fit, or a limit is no share.

    References
    ----------
    Statistics Sweden (2010), Lokala arbetsmarknader: egenskaper, utveckling och
    funktion.

    Examples
    --------
    >>> flows = pd.DataFrame({"origin": ["2262", "2281", "2260"],
    ...     "destination": ["2281", "2262", "2281"], "value": [4000.0, 2000.0, 500.0]})
    >>> employed = pd.DataFrame({"region": ["2260", "2262", "2281"],
    ...     "value": [4200.0, 8500.0, 49000.0]})
    >>> local_labour_markets(flows, employed).members[["region", "centre"]]
      region centre
    0   2260   2281
    1   2262   2281
    2   2281   2281
    """
    _require_share(most_out=most_out, most_to_one=most_to_one)
    commuting = read_commuting(flows, employed)
    out, largest, follows = _outflows(commuting)
    place = np.arange(len(out))
    centre = ((out <= most_out) & (largest <= most_to_one)) | (largest == 0)
    head = np.where(centre, place, follows)
    # In n doublings every chain has reached its centre or goes round in its ring.
    for _ in range(max(1, len(out)).bit_length()):
        head = head[head]
    step = np.where(centre, place, follows)
    for start in np.unique(head[step[head] != head]):
        ring = [int(start)]
        while int(step[ring[-1]]) not in ring:
            ring.append(int(step[ring[-1]]))
        if step[ring[-1]] == ring[-1]:
            continue  # another municipality of the ring has led to its centre already
        made = min(ring, key=lambda one: (out[one], commuting.regions[one]))
        step[made] = made
    head = step
    for _ in range(max(1, len(out)).bit_length()):
        head = head[head]
    return _described(commuting, head)


def functional_regions(
    flows: pd.DataFrame,
    employed: pd.DataFrame,
    *,
    self_containment: float = 0.75,
    least_self_containment: float = 2 / 3,
    min_employed: float = 3500,
    full_employed: float = 25_000,
) -> FunctionalRegions:
    """
    Join municipalities until most people work in the functional region they live in.

    The travel-to-work-area method: a group is valid if `self_containment` of its
    residents work in it and of its jobs are held by them (the smaller share counts) and
    it has `min_employed` residents at work; large groups, of `full_employed` or more,
    may do with `least_self_containment`, and there is a sliding scale between. Every
    municipality begins alone. The least valid group is dissolved, and each of its
    members joins the group it is most linked with, by
    T_ij^2 / (R_i J_j) + T_ji^2 / (R_j J_i) (T commuters, R residents at work, J jobs),
    until all are valid.

    Parameters
    ----------
    flows : DataFrame
        ``origin`` (residence), ``destination`` (workplace), ``value`` (persons).
    employed : DataFrame
        ``region``, ``value`` (employed residents).
    self_containment, least_self_containment : float, default 0.75 and 2/3
        Shares wanted of small and of large groups.
    min_employed, full_employed : float, default 3500 and 25,000
        Employed residents a group needs, and from how many it counts as large.

    Returns
    -------
    FunctionalRegions
        Members and a summary; the municipality with most jobs names the region.

    Raises
    ------
    DataError
        If the frames do not fit, or limits contradict one another.

    References
    ----------
    Coombes and Bond (2008), Travel-to-Work Areas: the 2007 review, Office for National
    Statistics. Smart (1974), Urban Studies 11(2), 217-237.

    Examples
    --------
    >>> flows = pd.DataFrame({"origin": ["2262", "2281", "2260"],
    ...     "destination": ["2281", "2262", "2281"], "value": [4000.0, 2000.0, 500.0]})
    >>> employed = pd.DataFrame({"region": ["2260", "2262", "2281"],
    ...     "value": [4200.0, 8500.0, 49000.0]})
    >>> functional_regions(flows, employed).summary[["centre", "municipalities"]]
      centre  municipalities
    0   2260               1
    1   2281               2
    """
    _require_share(self_containment=self_containment, least_self_containment=least_self_containment)
    if least_self_containment > self_containment or not 0 <= min_employed < full_employed:
        msg = (
            f"least_self_containment={least_self_containment:g} must not exceed "
            f"self_containment={self_containment:g}, and min_employed={min_employed:g} must be "
            f"below full_employed={full_employed:g}; swap or change them."
        )
        raise DataError(msg)
    commuting = read_commuting(flows, employed)
    ratio = least_self_containment / self_containment
    group = np.arange(len(commuting.regions))
    # Groups with no link to any other stay as they are, valid or not.
    unlinked: set[int] = set()
    while True:
        kept = np.unique(group)
        residents, jobs, within = _totals(commuting, group)
        contained = within / np.maximum(np.maximum(residents, jobs), 1)
        # 0 for a large group, 1 at the least size; above 1 below it, where nothing makes up.
        small = np.maximum((full_employed - residents) / (full_employed - min_employed), 0)
        validity = (1 - (1 - ratio) * small) * np.minimum(contained / self_containment, 1)
        open_groups = [one for one in kept.tolist() if one not in unlinked]
        if len(kept) < 2 or not open_groups:
            break
        worst = min(open_groups, key=lambda one: float(validity[one]))
        if validity[worst] >= ratio - 1e-12:
            break
        group = _dissolved(commuting, group, worst, residents, jobs, unlinked)
    jobs_held = commuting.persons.sum(axis=0)
    head = group.copy()
    for one in np.unique(group):
        within_group = np.flatnonzero(group == one)
        head[within_group] = within_group[jobs_held[within_group].argmax()]
    return _described(commuting, head)


def _dissolved(
    commuting: Commuting,
    group: NDArray[np.int64],
    worst: int,
    residents: NDArray[np.float64],
    jobs: NDArray[np.float64],
    unlinked: set[int],
) -> NDArray[np.int64]:
    """Let each member of the worst group join the group that it is most linked with."""
    members = np.flatnonzero(group == worst)
    belongs = (group[:, None] == np.arange(len(group))[None, :]).astype(float)
    out = commuting.persons[members] @ belongs
    back = commuting.persons[:, members].T @ belongs
    own_residents = commuting.residents[members][:, None]
    own_jobs = commuting.persons.sum(axis=0)[members][:, None]
    link = out**2 / np.maximum(own_residents * jobs, 1)
    link += back**2 / np.maximum(own_jobs * residents, 1)
    link[:, worst] = 0
    joined = group.copy()
    strongest = link.argmax(axis=1)
    linked = link.max(axis=1) > 0
    joined[members[linked]] = strongest[linked]
    if not linked.any():
        unlinked.add(worst)
    elif not linked.all():
        # Those left behind are named after themselves, for the group's name may have gone.
        rest = members[~linked]
        joined[rest] = rest
        unlinked.update(rest.tolist())
    return joined


def _totals(
    commuting: Commuting, group: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Sum residents, jobs and those who live and work in it, by group."""
    size = len(group)
    inside = np.where(group[:, None] == group[None, :], commuting.persons, 0).sum(axis=1)
    parts = (commuting.residents, commuting.persons.sum(axis=0), inside)
    residents, jobs, within = (
        np.asarray(np.bincount(group, part, minlength=size), dtype=float) for part in parts
    )
    return residents, jobs, within


def _outflows(
    commuting: Commuting,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Give the shares of residents who leave, and who go to the one most go to."""
    away = commuting.persons.copy()
    np.fill_diagonal(away, 0)
    residents = np.where(commuting.residents > 0, commuting.residents, np.nan)
    # Those whose workplace is outside the regions given leave too.
    out = np.nan_to_num(1 - commuting.persons.diagonal() / residents)
    largest = np.nan_to_num(away.max(axis=1) / residents)
    return out, largest, away.argmax(axis=1)


def _described(commuting: Commuting, head: NDArray[np.int64]) -> FunctionalRegions:
    codes = np.array(commuting.regions, dtype=object)
    out, largest, follows = _outflows(commuting)
    members = pd.DataFrame(
        {
            "region": list(codes),
            "centre": list(codes[head]),
            "out_share": out,
            "largest_share": largest,
            "follows": np.where(largest > 0, codes[follows], ""),
        }
    ).astype({"region": str, "centre": str, "follows": str})
    residents, jobs, within = _totals(commuting, head)
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


def _require_share(**limits: float) -> None:
    for name, limit in limits.items():
        if not 0 < limit <= 1:
            msg = f"{name}={limit:g} is no share; give one above 0 and at most 1, such as 0.2."
            raise DataError(msg)
