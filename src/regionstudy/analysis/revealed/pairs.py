"""Line flows and distances up, pair by pair, and leave out what has no effect to estimate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from regionstudy.analysis.checks import require_columns, require_unique
from regionstudy.analysis.composite.registry import name_some
from regionstudy.analysis.statuses import MISSING, severity
from regionstudy.errors import DataError

__all__ = ["ENDS", "FEWEST_REGIONS", "Pairs", "line_up_pairs"]

ENDS = ["origin", "destination"]
# With three regions six pairs stand against six effects and an elasticity.
FEWEST_REGIONS = 4


@dataclass(frozen=True)
class Pairs:
    """
    The pairs that a gravity model is fitted on.

    Parameters
    ----------
    kept : DataFrame
        ``origin``, ``destination``, ``value``, ``distance``.
    unknown : int
        Pairs left out as their flow is missing.
    silent : dict of str to dict of str to str
        For "origin" and "destination": regions left out at that end, and why.
    """

    kept: pd.DataFrame
    unknown: int
    silent: dict[str, dict[str, str]]


def line_up_pairs(flows: pd.DataFrame, distance: pd.DataFrame) -> Pairs:
    """
    Line up what `gravity` is given.

    Parameters
    ----------
    flows, distance : DataFrame
        As `gravity` takes them.

    Returns
    -------
    Pairs
        Those with a known flow, zeros included, between regions with flows.

    Raises
    ------
    DataError
        See `gravity`.
    """
    require_columns(flows, [*ENDS, "value"], name="flows")
    require_columns(distance, [*ENDS, "distance"], name="distance")
    moved = _between(flows, "flows")
    apart = _between(distance, "distance")
    wrong = apart.loc[~(apart["distance"] > 0) | np.isinf(apart["distance"])]
    if len(wrong):
        first = wrong.iloc[0]
        raise DataError(
            f"distance: {first['distance']:g} from {first['origin']} to {first['destination']}; "
            "its logarithm needs a finite distance above 0, between two different regions."
        )
    wrong = moved.loc[(moved["value"] < 0) | np.isinf(moved["value"])]
    if len(wrong):
        first = wrong.iloc[0]
        raise DataError(
            f"flows: {first['value']:g} from {first['origin']} to {first['destination']}; give "
            "gross flows, which are finite and never negative."
        )
    code = severity(moved["status"]) if "status" in moved.columns else 0
    moved = moved.assign(unknown=moved["value"].isna() | (code == MISSING))
    pairs = apart[[*ENDS, "distance"]].merge(
        moved[[*ENDS, "value", "unknown"]], on=ENDS, how="outer", validate="one_to_one"
    )
    far = pairs.loc[pairs["distance"].isna()]
    if len(far):
        first = far.iloc[0]
        raise DataError(
            f"distance: none is given for {len(far)} pairs with a flow, first from "
            f"{first['origin']} to {first['destination']}. Give every pair of regions its distance."
        )
    hidden = pairs["unknown"].eq(True)
    known = pairs.loc[~hidden, [*ENDS, "value", "distance"]].reset_index(drop=True)
    # A pair without a row is one that nobody moved between, as in `migration.net_migration`.
    known["value"] = known["value"].fillna(0.0)
    kept, silent = _leave_out_silent(known, pairs)
    _require_comparable(kept)
    return Pairs(kept=kept, unknown=int(hidden.sum()), silent=silent)


def _between(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    require_unique(frame, ENDS, name=name)
    coded = frame.assign(**{end: frame[end].astype(str) for end in ENDS})
    return coded[coded["origin"] != coded["destination"]]


def _leave_out_silent(
    known: pd.DataFrame, pairs: pd.DataFrame
) -> tuple[pd.DataFrame, dict[str, dict[str, str]]]:
    silent: dict[str, dict[str, str]] = {end: {} for end in ENDS}
    words = {"origin": "nobody moved from here", "destination": "nobody moved here"}
    # Again and again: a destination may have had its only flows from an origin now left out.
    kept = known
    for _ in range(len(known)):
        totals = {end: kept.groupby(end)["value"].sum() for end in ENDS}
        empty = {end: total.index[total == 0] for end, total in totals.items()}
        if not any(len(codes) for codes in empty.values()):
            break
        for end in ENDS:
            silent[end] |= dict.fromkeys(empty[end].astype(str), words[end])
            kept = kept[~kept[end].isin(empty[end])]
    for end in ENDS:
        unseen = set(pairs[end].unique()) - set(kept[end].unique()) - set(silent[end])
        silent[end] |= dict.fromkeys(sorted(unseen), "every flow is missing")
    return kept.reset_index(drop=True), silent


def _require_comparable(kept: pd.DataFrame) -> None:
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    for end in ENDS:
        count = kept[end].nunique()
        if count < FEWEST_REGIONS:
            raise DataError(
                f"flows: {count} regions with a flow above 0 as {end}; to tell distance from "
                f"the regions' own effects takes {FEWEST_REGIONS} or more."
            )
    origin, _ = pd.factorize(kept["origin"])
    destination, codes = pd.factorize(kept["destination"])
    nodes = origin.max() + 1 + len(codes)
    graph = coo_array(
        (np.ones(len(kept)), (origin, origin.max() + 1 + destination)), shape=(nodes, nodes)
    )
    count, part = connected_components(graph, directed=False)
    if count > 1:
        own = part[origin.max() + 1 :]
        apart = codes[own != np.bincount(own).argmax()]
        raise DataError(
            f"flows: the destinations {name_some(apart)} share no origin with the others, so "
            "their pull can't be compared. Give the pairs between, zeros included."
        )
