"""What if: net migration at some ages set to a goal, for a projection to start from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from regionstudy.analysis.checks import require_columns, require_unique
from regionstudy.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["with_goal"]


def with_goal(
    migration: pd.DataFrame,
    *,
    net: float | Mapping[str, float],
    low: int = 25,
    high: int = 34,
) -> pd.DataFrame:
    """
    Set net migration at some ages to a goal.

    What lacks is spread evenly over the ages and both sexes, so that the pattern by age
    stays; other ages are left as they are (whoever brings children brings none here: add
    them to `migration` if they are to count).

    Parameters
    ----------
    migration : DataFrame
        As `project` takes it: ``sex``, ``age``, ``value`` (persons a year), optionally
        ``region``, ``period``.
    net : float or mapping of str to float
        Net migrants a year in all at these ages, the goal; by region where they differ
        (regions left out keep theirs).
    low, high : int, default 25 and 34
        The ages, both included.

    Returns
    -------
    DataFrame
        As `migration`, with the goal met in every region and year.

    Raises
    ------
    DataError
        If ages are lacking or swapped, a figure at them is missing, or a goal names a
        region that is not there.

    Examples
    --------
    >>> moves = pd.DataFrame({"region": "2281", "sex": ["1", "1", "2", "2"],
    ...     "age": ["25", "26", "25", "26"], "value": [-6.0, -2.0, -10.0, -2.0]})
    >>> with_goal(moves, net=20.0, low=25, high=26)["value"].tolist()
    [4.0, 8.0, 0.0, 8.0]
    """
    require_columns(migration, ["sex", "age", "value"], name="migration")
    groups = [key for key in ("region", "period") if key in migration.columns]
    require_unique(migration, [*groups, "sex", "age"], name="migration")
    if low > high:
        msg = f"low={low} is above high={high}; swap them."
        raise DataError(msg)
    wanted = {str(age) for age in range(low, high + 1)}
    held = set(migration["age"].astype(str))
    if wanted - held:
        lacking = ", ".join(sorted(wanted - held, key=int)[:5])
        msg = f"migration lacks the age {lacking}; the goal is for {low} to {high}."
        raise DataError(msg)
    # Joined frames may repeat their index, which rows are told apart by below.
    rows = migration.reset_index(drop=True)
    at_ages = rows["age"].astype(str).isin(wanted) & (rows["sex"].astype(str) != "total")
    if rows.loc[at_ages, "value"].isna().any():
        first = rows.loc[at_ages & rows["value"].isna()].iloc[0]
        msg = (
            f"migration is missing at the age {first['age']}, sex {first['sex']}; a goal cannot be "
            "set beside a gap."
        )
        raise DataError(msg)
    goals = _goals(rows, net)
    chosen = rows.loc[at_ages]
    # Without a region or a period all rows are one group.
    together = [chosen[key].astype(str) for key in groups] if groups else pd.Series(0, chosen.index)
    by_group = chosen["value"].groupby(together)
    lacking_each = (goals[at_ages] - by_group.transform("sum")) / by_group.transform("size")
    # Where no goal is set, nothing lacks.
    added = lacking_each.where(goals[at_ages].notna(), 0.0).reindex(rows.index).fillna(0.0)
    result = rows.assign(value=rows["value"] + added)
    result.attrs = dict(migration.attrs)
    return result


def _goals(migration: pd.DataFrame, net: float | Mapping[str, float]) -> pd.Series:
    """Give each row its region's goal, NaN where it has none."""
    if isinstance(net, (int, float)):
        return pd.Series(float(net), index=migration.index)
    require_columns(migration, ["region"], name="migration")
    codes = migration["region"].astype(str)
    unknown = sorted(set(net) - set(codes))
    if unknown:
        msg = f"net names region {unknown[0]}, which migration lacks; leave it out."
        raise DataError(msg)
    return codes.map(dict(net)).astype(float)
