"""Explain a region's place: its gap to peers, what it would take to climb, what changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from regionstudy.analysis.composite.index import Index, build_index
from regionstudy.analysis.composite.registry import name_some, nearest
from regionstudy.analysis.composite.structure import read_structure
from regionstudy.errors import ConfigError, DataError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from regionstudy.analysis.composite.values import Array

__all__ = ["decompose_change", "explain_gap", "needed_to_climb"]

# Halvings of the search for a needed value: the answer is within a millionth of the span
# searched, which no published figure resolves; each costs a whole index.
HALVINGS = 20


def explain_gap(
    index: Index,
    *,
    region: str,
    peers: Iterable[str],
    node: str | None = None,
    by: str = "indicator",
) -> pd.DataFrame:
    """
    Split the gap between a region's score and its peers' mean into its parts.

    Parameters
    ----------
    index : Index
        What `build_index` returned.
    region : str
        The region.
    peers : iterable of str
        Regions compared with; the region itself does not count among them.
    node : str, optional
        An aggregate; the index where none is given.
    by : {"child", "indicator"}
        Parts directly under the node, or the indicators.

    Returns
    -------
    DataFrame, index part
        ``score`` (of the part, in the region), ``peers`` (their mean score in the part),
        ``effect`` (the part's share of the gap; the effects add up to it on the scale in
        ``attrs["scale"]``) and ``kind`` ("strength", "weakness" or "equal"). The greatest
        strength first.

    Raises
    ------
    ConfigError
        If a region or node is unknown, or no peer is given.
    """
    others = [code for code in dict.fromkeys(peers) if code != region]
    _require_regions(index.scores, [region, *others])
    if not others:
        raise ConfigError("peers: none is given besides the region itself. Name at least one.")
    parts = index.contributions(node, by=by)
    scores = index.scores[parts.columns.tolist()]
    gap = pd.DataFrame(
        {
            "score": scores.loc[region],
            "peers": scores.loc[others].mean(),
            "effect": parts.loc[region] - parts.loc[others].mean(),
        }
    )
    # A smaller reciprocal is the higher score.
    gain = -gap["effect"] if parts.attrs["power"] < 0 else gap["effect"]
    gap["kind"] = np.where(gain > 0, "strength", np.where(gain < 0, "weakness", "equal"))
    ordered = gap.loc[gain.sort_values(ascending=False, kind="stable").index]
    ordered.attrs = {"scale": parts.attrs["scale"]}
    return ordered


def needed_to_climb(
    values: pd.DataFrame,
    structure: pd.DataFrame,
    *,
    region: str,
    places: int = 1,
    indicators: Sequence[str] | None = None,
    **choices: Any,
) -> pd.DataFrame:
    """
    Find what a region would have to reach in one indicator alone to climb so many places.

    Everything else stays as it is, and the index is built anew for every value tried. The
    search goes no further than the best value that any region has.

    Parameters
    ----------
    values : DataFrame, shape (regions, indicators)
        As `build_index` takes them.
    structure : DataFrame
        Columns ``id``, ``parent``, ``weight``, ``direction``.
    region : str
        The region.
    places : int, default 1
        How many places up.
    indicators : sequence of str, optional
        Which indicators to try; all of the index where none are given.
    **choices
        As `build_index` takes them.

    Returns
    -------
    DataFrame, index indicator
        ``current`` and ``needed`` (in the indicator's own unit), ``change`` (needed less
        current), ``rank`` (reached with it) and ``reachable``; where the best value is not
        enough, or the region has none, ``needed`` is missing. The smallest share of the span
        from current to best comes first (``share``).

    Raises
    ------
    ConfigError
        If the region or an indicator is unknown, or `places` is below 1.
    DataError
        If the region already stands too high to climb so far; and as `build_index`.
    """
    if places < 1:
        raise ConfigError(f"places={places}: give at least 1.")
    _require_regions(values, [region])
    tree = read_structure(structure)
    tried = tree.indicators if indicators is None else tuple(indicators)
    for name in tried:
        tree.require(name)
        if name in tree.children:
            raise ConfigError(f"indicators: '{name}' is an aggregate. Name indicators under it.")
    now = build_index(values, structure, **choices)
    rank = float(now.ranks[now.root].loc[region])
    goal = rank - places
    if goal < 1:
        raise DataError(f"'{region}' is number {rank:.0f} and cannot climb {places}. Lower places.")

    def rank_with(name: str, value: float) -> float:
        changed = values.copy()
        changed.loc[region, name] = value
        index = build_index(changed, structure, **choices)
        return float(index.ranks[index.root].loc[region])

    rows = []
    for name in tried:
        column = values[name].astype(np.float64)
        current = float(column.loc[region])
        best = float(column.max() if tree.direction[name] > 0 else column.min())
        needed, reached = np.nan, rank
        if np.isfinite(current) and current != best:
            reached = rank_with(name, best)
            if reached <= goal:
                needed = _search(lambda value, n=name: rank_with(n, value) <= goal, current, best)
                reached = rank_with(name, needed)
        rows.append(
            {
                "indicator": name,
                "current": current,
                "needed": needed,
                "change": needed - current,
                "share": (needed - current) / (best - current) if best != current else np.nan,
                "rank": reached,
                "reachable": bool(np.isfinite(needed)),
            }
        )
    return pd.DataFrame(rows).set_index("indicator").sort_values("share", kind="stable")


def decompose_change(
    before: pd.DataFrame,
    after: pd.DataFrame,
    structure: pd.DataFrame,
    *,
    region: str,
    **choices: Any,
) -> pd.DataFrame:
    """
    Split the change of a region's scores between two years into its own and the others'.

    The region's new figures are put among the others' old ones, and its old ones among
    the others' new; each effect is the mean of the two orders (Shapley), so they add up.

    Parameters
    ----------
    before, after : DataFrame, shape (regions, indicators)
        Values of the same regions in the two years.
    structure : DataFrame
        Columns ``id``, ``parent``, ``weight``, ``direction``.
    region : str
        The region.
    **choices
        As `build_index` takes them.

    Returns
    -------
    DataFrame, index node
        ``before``, ``after``, ``change``, ``own`` (because the region changed) and ``others``
        (because they did) of the score; ``rank_before``, ``rank_after``, ``rank_change``,
        ``rank_own`` and ``rank_others`` likewise.

    Raises
    ------
    ConfigError
        If the region is unknown.
    DataError
        If the two years do not have the same regions; and as `build_index`.
    """
    _require_regions(before, [region])
    strangers = before.index.symmetric_difference(after.index)
    if len(strangers):
        raise DataError(
            f"before and after: {name_some(strangers)} is in one of them only. "
            "Keep the regions that both have."
        )
    after = after.loc[before.index]
    results: dict[tuple[str, str], tuple[Array, Array]] = {}
    for own, own_frame in (("old", before), ("new", after)):
        for others, others_frame in (("old", before), ("new", after)):
            mixed = others_frame.copy()
            mixed.loc[region] = own_frame.loc[region]
            index = build_index(mixed, structure, **choices)
            results[own, others] = (
                index.scores.loc[region].to_numpy(),
                index.ranks.loc[region].to_numpy(),
            )
    found: dict[str, Array] = {}
    for k, prefix in enumerate(("", "rank_")):
        old, new = results["old", "old"][k], results["new", "new"][k]
        alone, left = results["new", "old"][k], results["old", "new"][k]
        found |= {
            f"{prefix}before": old,
            f"{prefix}after": new,
            f"{prefix}change": new - old,
            f"{prefix}own": ((alone - old) + (new - left)) / 2,
            f"{prefix}others": ((left - old) + (new - alone)) / 2,
        }
    return pd.DataFrame(found, index=pd.Index(read_structure(structure).nodes, name="node"))


def _search(enough: Any, current: float, best: float) -> float:
    """Halve the span until the least value that is enough is known; `best` is enough."""
    short, far = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (short + far) / 2
        if enough(current + middle * (best - current)):
            far = middle
        else:
            short = middle
    return current + far * (best - current)


def _require_regions(frame: pd.DataFrame, regions: Sequence[str]) -> None:
    known = set(frame.index)
    unknown = [code for code in regions if code not in known]
    if unknown:
        raise ConfigError(
            f"{name_some(unknown)} is no region of the index.{nearest(unknown[0], frame.index)}"
        )
