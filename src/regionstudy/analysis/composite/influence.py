"""Leave one indicator, domain or region out, and see whose rank moves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from regionstudy.analysis.composite.aggregate import join, methods_by_level, require_leaves
from regionstudy.analysis.composite.index import build_index
from regionstudy.analysis.composite.ranks import rank
from regionstudy.analysis.composite.structure import read_structure
from regionstudy.analysis.composite.values import check_values
from regionstudy.errors import ConfigError, DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["LeaveOneOut", "leave_out_nodes", "leave_out_regions"]


@dataclass(frozen=True)
class LeaveOneOut:
    """
    An index with each of its parts left out in turn.

    Parameters
    ----------
    scores, ranks : DataFrame, shape (regions, 1 + parts)
        Of the index: the column "nominal" with nothing left out, then one a part.
    rank_shift : Series, shape (1 + parts,)
        Mean absolute change of rank against the nominal one, over the regions that remain.
    distance : Series, shape (1 + parts,)
        After Cook: mean squared change of the remaining regions' scores, over the variance
        (n - 1) of the nominal scores; 0 moves nothing, 1 as much as regions differ.
    """

    scores: pd.DataFrame
    ranks: pd.DataFrame
    rank_shift: pd.Series[float]
    distance: pd.Series[float]


def leave_out_nodes(
    normalised: pd.DataFrame,
    structure: pd.DataFrame,
    *,
    level: int = 1,
    method: str | Sequence[str] = "arithmetic",
    **options: Any,
) -> LeaveOneOut:
    """
    Leave each indicator, or each domain, out of the index in turn.

    Parameters
    ----------
    normalised : DataFrame, shape (regions, indicators)
        High is good.
    structure : DataFrame
        Columns ``id``, ``parent``, ``weight``, ``direction``.
    level : int, default 1
        1 for the indicators, 2 for their domains, and so on.
    method : str or list of str, default "arithmetic"
        The aggregation.
    **options
        Its options.

    Returns
    -------
    LeaveOneOut
        Scores and ranks without each, by a weight of 0; a parent left without children is
        missing, and its own weight goes to its siblings.

    Raises
    ------
    ConfigError
        If no node stands at `level`, or the structure, method or option is wrong.
    """
    tree = read_structure(structure)
    require_leaves(tree, normalised, what="normalised")
    parts = [name for name in tree.nodes if tree.level[name] == level and name != tree.root]
    if not parts:
        raise ConfigError(
            f"level={level}: no node below the index stands there. Choose 1 to {tree.height}."
        )
    methods = methods_by_level(method, tree, options)
    checked = check_values(normalised[list(tree.indicators)], what="normalised")
    scores = {}
    for left_out in ("", *parts):
        without = {**tree.weight, **({left_out: 0.0} if left_out else {})}
        numbers = join(checked.to_numpy(), checked.index, tree, methods, options, weight=without)
        scores[left_out or "nominal"] = numbers[:, -1]
    return _compare(pd.DataFrame(scores, index=normalised.index))


def leave_out_regions(values: pd.DataFrame, structure: pd.DataFrame, **choices: Any) -> LeaveOneOut:
    """
    Leave each region out in turn and rebuild the index for the others.

    Parameters
    ----------
    values : DataFrame, shape (regions, indicators)
        In their own units: outliers, extremes and means are found anew without the region.
    structure : DataFrame
        Columns ``id``, ``parent``, ``weight``, ``direction``.
    **choices
        As `build_index` takes them.

    Returns
    -------
    LeaveOneOut
        The column of a region holds the others' scores, and ranks, without it; itself is
        missing there. Nominal ranks are counted among the same others before comparing.

    Raises
    ------
    ConfigError, DataError
        As `build_index`; a fault that shows only without a region names the region.

    References
    ----------
    Cook (1977), Technometrics 19(1), 15-18.
    """
    whole = build_index(values, structure, **choices)
    scores = {"nominal": whole.scores[whole.root]}
    for region in values.index:
        try:
            rest = build_index(values.drop(index=region), structure, **choices)
        except DataError as error:
            raise DataError(f"Without region '{region}': {error}") from error
        scores[region] = rest.scores[whole.root].reindex(values.index)
    return _compare(pd.DataFrame(scores, index=values.index))


def _compare(scores: pd.DataFrame) -> LeaveOneOut:
    ranks = rank(scores)
    # A region that has left must not count as a change of rank for those below it.
    shared = scores.notna()
    nominal = pd.DataFrame({name: scores["nominal"].where(shared[name]) for name in scores.columns})
    shift = (ranks - rank(nominal)).abs().mean()
    moved = scores.sub(scores["nominal"], axis=0)
    return LeaveOneOut(
        scores=scores,
        ranks=ranks,
        rank_shift=shift.rename("rank_shift"),
        distance=((moved**2).mean() / scores["nominal"].var()).rename("distance"),
    )
