"""Sums of counts over groups of regions."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from regionstudy.analysis.checks import require_columns, require_unique
from regionstudy.analysis.statuses import MISSING, severity, words
from regionstudy.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["sum_regions"]


def sum_regions(frame: pd.DataFrame, *, groups: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """
    Add regions up to groups, so that a rate of the group is taken after the sum.

    Parameters
    ----------
    frame : DataFrame
        Observations of counts: ``region``, ``value``, ``status`` and any others, which
        are kept apart.
    groups : mapping of str to sequence of str
        Regions of each group, by the name that stands in ``region`` afterwards.

    Returns
    -------
    DataFrame
        The frame's columns, a row a group (sorted by name) and combination of the
        others; NaN with status ".." where a member is missing or has no row.

    Raises
    ------
    DataError
        If a group is empty or names a region that the frame does not have, or rows
        repeat.

    Examples
    --------
    >>> people = pd.DataFrame({"region": ["2281", "2262"], "period": "2024",
    ...     "value": [98837.0, 17613.0], "status": ""})
    >>> sum_regions(people, groups={"both": ["2281", "2262"]})
      region period     value status
    0   both   2024  116450.0
    """
    require_columns(frame, ["region", "value", "status"])
    others = [name for name in frame.columns if name not in ("region", "value", "status")]
    require_unique(frame, ["region", *others])
    known = set(frame["region"].astype(str).unique())
    for group, members in groups.items():
        _require_members(group, members, known)
    pairs = [(member, group) for group, members in groups.items() for member in set(members)]
    membership = pd.DataFrame(pairs, columns=["region", "group"], dtype=str)
    rows = frame.assign(region=frame["region"].astype(str), severity=severity(frame["status"]))
    # A region may belong to several groups, and has a row for each of its breakdowns.
    rows = rows.merge(membership, on="region", validate="many_to_many")
    summed = rows.groupby(["group", *others], sort=True, observed=True, as_index=False).agg(
        value=("value", "sum"), given=("value", "count"), severity=("severity", "max")
    )
    members_of = membership.groupby("group").size()
    whole = (summed["given"] == summed["group"].map(members_of)) & (summed["severity"] < MISSING)
    summed["value"] = summed["value"].where(whole)
    summed["status"] = words(summed["severity"].where(whole, MISSING).to_numpy(dtype=np.int8))
    result = summed.rename(columns={"group": "region"})[list(frame.columns)]
    result.attrs = dict(frame.attrs)
    return result


def _require_members(group: str, members: Sequence[str], known: set[str]) -> None:
    if not members:
        msg = f'Group "{group}" has no regions; name at least one.'
        raise DataError(msg)
    unknown = [member for member in members if member not in known]
    if unknown:
        near = difflib.get_close_matches(unknown[0], sorted(known), n=1)
        hint = f' Did you mean "{near[0]}"?' if near else ""
        more = f" and {len(unknown) - 5} more" if len(unknown) > 5 else ""
        msg = f'Group "{group}" names regions without figures: {", ".join(unknown[:5])}{more}.'
        raise DataError(msg + hint)
