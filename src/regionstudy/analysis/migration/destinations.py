"""Where those who left went, and which streams are larger than size and distance explain."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from regionstudy.analysis.migration.streams import ENDS, breakdowns_of, read_streams
from regionstudy.analysis.statuses import MISSING
from regionstudy.errors import DataError

if TYPE_CHECKING:
    from regionstudy.analysis.revealed.gravity import Gravity

__all__ = ["gravity_residual", "leavers_destinations"]


def gravity_residual(model: Gravity) -> pd.DataFrame:
    """
    Give the streams that are larger or smaller than size and distance explain.

    The model gives each region its own size as origin and as destination, so that what is
    left is between the two: ties, shared labour markets, a road, a university.
    ``standardised = (value - fitted) / √(φ · fitted)``, where φ is the mean of
    ``(value - fitted)² / fitted`` over the degrees of freedom: beyond about 2 a stream is
    hardly chance.

    Parameters
    ----------
    model : Gravity
        As `regionstudy.analysis.revealed.gravity` fits it.

    Returns
    -------
    DataFrame
        ``origin``, ``destination``, ``distance``, ``value``, ``fitted``, ``excess``
        (value - fitted, persons), ``ratio`` (value / fitted), ``standardised``, the greatest
        excess first. ``attrs["dispersion"]`` is φ.

    Raises
    ------
    DataError
        If the model has no pairs to spare for its effects.

    References
    ----------
    Flowerdew & Aitkin (1982), A method of fitting the gravity model based on the Poisson
    distribution, J. Regional Science 22(2), 191-202; McCullagh & Nelder (1989), Generalized
    Linear Models, 2nd ed., ch. 6 (dispersion).
    """
    pairs = model.pairs
    effects = sum(pairs[end].nunique() for end in ENDS)
    # An effect a region at either end less one that both share, and the elasticity.
    free = len(pairs) - effects
    if free < 1:
        msg = (
            f"The gravity model has {len(pairs)} pairs for {effects} effects and elasticities, "
            "and fits them all; take more regions."
        )
        raise DataError(msg)
    excess = pairs["value"] - pairs["fitted"]
    dispersion = float((excess**2 / pairs["fitted"]).sum()) / free
    result = pairs.assign(
        excess=excess,
        ratio=pairs["value"] / pairs["fitted"],
        standardised=excess / np.sqrt(dispersion * pairs["fitted"]) if dispersion > 0 else 0.0,
    )
    result = result.sort_values(["excess", *ENDS], ascending=[False, True, True])
    result = result.reset_index(drop=True)
    result.attrs["dispersion"] = dispersion
    return result


def leavers_destinations(flows: pd.DataFrame | None, *, region: str) -> pd.DataFrame:
    """
    Say where those who left a region most probably live: whom one would ask to return.

    The share of each destination in all who left for another region over the years given.
    It counts moves, not people: who moved on, came back or died is still in it, and who
    moved abroad is not. Without flows the answer is that it is not known.

    Parameters
    ----------
    flows : DataFrame or None
        ``origin``, ``destination``, ``value``, optionally ``status`` and breakdowns such as
        ``period``, which are summed; None where no flows are to be had.
    region : str
        Code of the region left.

    Returns
    -------
    DataFrame
        ``destination``, ``value`` (moves), ``share``, ``cumulative`` (share of this
        destination and all before it), ``known`` (bool), ``status``, the largest first.
        Missing flows make a last row, destination "unknown", and shares are then of the
        known moves, with status "i". Where no flow leaves `region`, that row is alone.
        ``attrs["notes"]`` has "moves_not_people", and "not_known" where it is alone.

    Raises
    ------
    DataError
        If a column is absent, a flow repeats or is negative, or the country ("00") or a
        total stands among the regions.

    Examples
    --------
    >>> flows = pd.DataFrame({"origin": "22", "destination": ["01", "21"],
    ...     "value": [300.0, 100.0]})
    >>> leavers_destinations(flows, region="22")[["destination", "share", "known"]]
      destination  share  known
    0          01   0.75   True
    1          21   0.25   True
    >>> leavers_destinations(None, region="2281")[["destination", "share", "known", "status"]]
      destination  share  known status
    0     unknown    NaN  False     ..
    """
    unknown = pd.DataFrame(
        {
            "destination": ["unknown"],
            "value": [np.nan],
            "share": [np.nan],
            "cumulative": [np.nan],
            "known": [False],
            "status": [".."],
        }
    )
    left = None if flows is None else read_streams(flows, breakdowns_of(flows))
    left = None if left is None else left[left["origin"] == region]
    hidden = left is not None and bool((left["severity"] >= MISSING).any())
    if left is not None:
        left = left[left["severity"] < MISSING]
    if left is None or left["value"].sum() == 0:
        result = unknown
    else:
        summed = left.groupby("destination", as_index=False)["value"].sum()
        summed = summed[summed["value"] > 0]
        summed = summed.sort_values(["value", "destination"], ascending=[False, True])
        summed["share"] = summed["value"] / summed["value"].sum()
        summed["cumulative"] = summed["share"].cumsum()
        summed = summed.assign(known=True, status="i" if hidden else "")
        result = pd.concat([summed, *([unknown] if hidden else [])], ignore_index=True)
    result.attrs = {} if flows is None else dict(flows.attrs)
    result.attrs["notes"] = ["moves_not_people", *([] if result["known"].any() else ["not_known"])]
    return result
