"""What commuters from outside the region add to its supply."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from regionstudy.analysis.checks import require_columns
from regionstudy.analysis.competence.terms import COLUMNS, EVERY, check_range

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = ["commuter_share", "commuters"]


def commuter_share(
    flows: pd.DataFrame, *, inside: Collection[str]
) -> tuple[float, float, float] | None:
    """
    Tell which part of a region's jobs is held by those who live outside it.

    Parameters
    ----------
    flows : DataFrame
        ``origin`` (municipality of residence), ``destination`` (of work), ``period``,
        ``value``; those who live and work in one municipality among them.
    inside : collection of str
        The region's municipalities.

    Returns
    -------
    tuple of float, or None
        The least share of the years, the newest, the most. None where no year has each
        municipality of the region both as destination and as origin, since the share would
        then be of other jobs.

    Examples
    --------
    >>> flows = pd.DataFrame({"origin": ["2281", "2101"], "destination": "2281",
    ...     "period": "2024", "value": [90.0, 10.0]})
    >>> commuter_share(flows, inside=["2281"])
    (0.1, 0.1, 0.1)
    """
    require_columns(flows, ["origin", "destination", "period", "value"], name="flows")
    wanted = list(dict.fromkeys(inside))
    into = flows[flows["destination"].isin(wanted)].astype({"period": str})
    outer = ~into["origin"].isin(wanted)
    if not outer.any():
        return None
    # Without those who live where they work, the share would be of commuters alone.
    own = into[into["origin"] == into["destination"]]
    sums = pd.DataFrame(
        {
            "every": into.groupby("period")["value"].sum(),
            "outer": into[outer].groupby("period")["value"].sum(),
            "missing": into["value"].isna().groupby(into["period"]).sum(),
            "places": own.groupby("period")["destination"].nunique(),
        }
    )
    whole = (sums["places"] == len(wanted)) & (sums["missing"] == 0) & (sums["every"] > 0)
    share = (sums["outer"] / sums["every"])[whole].dropna().sort_index()
    if share.empty:
        return None
    return float(share.min()), float(share.iloc[-1]), float(share.max())


def commuters(needs: pd.DataFrame, *, share: tuple[float, float, float]) -> pd.DataFrame:
    """
    Count recruits who would commute from outside the region.

    New staff are taken to commute as those who have the region's jobs today; the middle
    scenario of needs is what they fill.

    Parameters
    ----------
    needs : DataFrame
        Rows of the term "needs", from `stated_needs`.
    share : tuple of float
        From `commuter_share`.

    Returns
    -------
    DataFrame
        Rows of the term "commuters", for each occupation and year with a middle need.

    Raises
    ------
    DataError
        If the shares are not in order.
    """
    check_range(share, name="share")
    middle = needs[needs["scenario"] == "middle"]
    ranged = dict(zip(("low", "value", "high"), share, strict=True))
    rows = middle.assign(
        **{name: part * middle["value"] for name, part in ranged.items()},
        term="commuters",
        scenario=EVERY,
        rests_on="official assumption",
    )
    return rows[list(COLUMNS)].reset_index(drop=True)
