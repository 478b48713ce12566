"""Functional regions by self-containment: groups that most people both live and work in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from regionstudy.analysis.spatial.commuting import Commuting, read_commuting
from regionstudy.analysis.spatial.divisions import (
    FunctionalRegions,
    describe,
    require_share,
    totals,
)
from regionstudy.errors import DataError

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

__all__ = ["functional_regions"]


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
    >>> import pandas as pd
    >>> flows = pd.DataFrame({"origin": ["2262", "2281", "2260"],
    ...     "destination": ["2281", "2262", "2281"], "value": [4000.0, 2000.0, 500.0]})
    >>> employed = pd.DataFrame({"region": ["2260", "2262", "2281"],
    ...     "value": [4200.0, 8500.0, 49000.0]})
    >>> functional_regions(flows, employed).summary[["centre", "municipalities"]]
      centre  municipalities
    0   2260               1
    1   2281               2
    """
    require_share(self_containment=self_containment, least_self_containment=least_self_containment)
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
        residents, jobs, within = totals(commuting, group)
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
        if not _links(commuting, group, worst).any():
            unlinked.add(worst)
            continue
        group = _dissolved(commuting, group, worst)
    jobs_held = commuting.persons.sum(axis=0)
    head = group.copy()
    for one in np.unique(group):
        within_group = np.flatnonzero(group == one)
        head[within_group] = within_group[jobs_held[within_group].argmax()]
    return describe(commuting, head)


def _links(commuting: Commuting, group: NDArray[np.int64], leaving: int) -> NDArray[np.float64]:
    """Measure how each member of a group is linked with every other group."""
    members = np.flatnonzero(group == leaving)
    residents, jobs, _ = totals(commuting, group)
    belongs = (group[:, None] == np.arange(len(group))[None, :]).astype(float)
    out = commuting.persons[members] @ belongs
    back = commuting.persons[:, members].T @ belongs
    own_residents = commuting.residents[members][:, None]
    own_jobs = commuting.persons.sum(axis=0)[members][:, None]
    link = out**2 / np.maximum(own_residents * jobs, 1)
    link += back**2 / np.maximum(own_jobs * residents, 1)
    link[:, leaving] = 0
    return np.asarray(link)


def _dissolved(commuting: Commuting, group: NDArray[np.int64], leaving: int) -> NDArray[np.int64]:
    """
    Let the members of a group join others, the most strongly linked first.

    Who is linked with members of the group alone follows them: a group is made of
    links, so that once one has left all others can.
    """
    joined = group.copy()
    while (members := np.flatnonzero(joined == leaving)).size:
        link = _links(commuting, joined, leaving)
        first, goes_to = np.unravel_index(link.argmax(), link.shape)
        joined[members[first]] = goes_to
    return joined
