"""Set the experts' index beside the pull that was observed, and find where they disagree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from regionstudy.analysis.composite.registry import name_some
from regionstudy.analysis.composite.values import check_values
from regionstudy.analysis.revealed.inputs import check_bootstrap
from regionstudy.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from regionstudy.analysis.revealed.penalised import Array, Rows

__all__ = ["ExpertComparison", "compare_with_experts"]

_FEWEST_REGIONS = 5


@dataclass(frozen=True)
class ExpertComparison:
    """
    Experts' and revealed ranks side by side.

    Parameters
    ----------
    regions : DataFrame
        ``region``, ``expert_rank``, ``revealed_rank`` (1 is best, ties share the lowest) and
        ``difference`` (expert - revealed: positive pulls more than the experts' index says);
        the largest disagreement first.
    correlations : DataFrame, index measure
        "spearman" and "kendall" (tau-b): ``estimate``, ``low``, ``high``.
    left_out : DataFrame
        ``region`` and ``reason`` of regions that have but one of the two.
    draws : int
        Draws of the bootstrap.
    coverage : float
        Share of the draws between ``low`` and ``high``.
    seed : int
        What the draws started from.
    """

    regions: pd.DataFrame
    correlations: pd.DataFrame
    left_out: pd.DataFrame
    draws: int
    coverage: float
    seed: int


def compare_with_experts(
    expert: pd.Series[float],
    revealed: pd.Series[float],
    *,
    seed: int,
    groups: Mapping[str, str] | pd.Series[str] | None = None,
    draws: int = 1000,
    coverage: float = 0.9,
) -> ExpertComparison:
    """
    Compare the ranks of an experts' index with those of revealed pull.

    Parameters
    ----------
    expert, revealed : Series of float, index region
        Scores, higher is better (of ranks, give the negative); missing is NaN. `revealed` is
        pull observed, predicted, or a destination's pull in a gravity model.
    seed : int
        Start of the random numbers.
    groups : mapping of str to str, optional
        Region to group, such as its county: the intervals then come from drawing whole
        groups with replacement, else single regions.
    draws : int, default 1000
        Draws of the bootstrap, at least 100.
    coverage : float, default 0.9
        Share of the draws in an interval.

    Returns
    -------
    ExpertComparison
        Ranks with their differences, and rank correlations with intervals.

    Raises
    ------
    ConfigError
        If `draws` or `coverage` is out of range.
    DataError
        If a region repeats or is infinite, fewer than five have both scores, all scores of
        one kind are alike, or a region has no group.

    References
    ----------
    Kendall (1945), Biometrika 33(3), 239-251 (tau-b).

    Examples
    --------
    >>> expert = pd.Series([9.0, 8.0, 7.0, 6.0, 5.0], index=list("abcde"))
    >>> revealed = pd.Series([4.0, 5.0, 3.0, 2.0, 6.0], index=list("abcde"))
    >>> found = compare_with_experts(expert, revealed, seed=1)
    >>> found.regions.head(2)
      region  expert_rank  revealed_rank  difference
    0      e            5              1           4
    1      a            1              3          -2
    >>> found.correlations["estimate"].round(2).to_dict()
    {'spearman': -0.1, 'kendall': 0.0}
    """
    check_bootstrap(draws, coverage)
    both = pd.DataFrame(
        {
            "expert": check_values(expert.to_frame("expert"), what="expert")["expert"],
            "revealed": check_values(revealed.to_frame("revealed"), what="revealed")["revealed"],
        }
    ).sort_index()
    lacking = both.index[both.isna().any(axis=1)]
    why = np.where(both.loc[lacking, "expert"].isna(), "no expert score", "no revealed pull")
    kept = both.dropna()
    _require_ranks(kept)
    ranks = kept.rank(ascending=False, method="min").astype(int)
    regions = pd.DataFrame(
        {
            "region": kept.index,
            "expert_rank": ranks["expert"].to_numpy(),
            "revealed_rank": ranks["revealed"].to_numpy(),
            "difference": (ranks["expert"] - ranks["revealed"]).to_numpy(),
        }
    )
    widest = regions["difference"].abs().sort_values(ascending=False, kind="stable").index
    members = _members(kept.index, groups)
    scores = kept.to_numpy()
    counts = _resampled(members, draws, np.random.default_rng(seed))
    varied = _correlations(scores, counts)
    tail = (1 - coverage) / 2
    # Missing where a draw holds one region (or tie) alone, as happens with a handful of groups.
    low, high = np.nanquantile(varied, [tail, 1 - tail], axis=0)
    return ExpertComparison(
        regions=regions.loc[widest].reset_index(drop=True),
        correlations=pd.DataFrame(
            {
                "estimate": _correlations(scores, np.ones((1, len(scores))))[0],
                "low": low,
                "high": high,
            },
            index=pd.Index(["spearman", "kendall"], name="measure"),
        ),
        left_out=pd.DataFrame({"region": lacking, "reason": why}),
        draws=draws,
        coverage=coverage,
        seed=seed,
    )


def _require_ranks(kept: pd.DataFrame) -> None:
    if len(kept) < _FEWEST_REGIONS:
        raise DataError(
            f"{len(kept)} regions have both an expert score and a revealed pull; give at least "
            f"{_FEWEST_REGIONS}, with the same codes in both."
        )
    for name, column in kept.items():
        if column.max() == column.min():
            raise DataError(f"{name}: every region has the same score; there is no rank.")


def _members(regions: pd.Index, groups: Mapping[str, str] | pd.Series[str] | None) -> list[Rows]:
    if groups is None:
        return list(np.arange(len(regions))[:, np.newaxis])
    given = pd.Series(dict(groups.items()), dtype=object).reindex(regions)
    if given.isna().any():
        raise DataError(
            f"groups: none is given for the regions {name_some(regions[given.isna()])}. "
            "Give each its county."
        )
    numbers = pd.factorize(given.astype(str), sort=True)[0]
    return [np.flatnonzero(numbers == group) for group in range(numbers.max() + 1)]


def _resampled(members: list[Rows], draws: int, generator: np.random.Generator) -> Array:
    """Count how often each draw holds each region, shape (draws, regions)."""
    drawn = generator.integers(len(members), size=(draws, len(members)))
    times = np.array([np.bincount(one, minlength=len(members)) for one in drawn], dtype=np.float64)
    counts = np.empty((draws, sum(len(rows) for rows in members)))
    for place, rows in enumerate(members):
        counts[:, rows] = times[:, [place]]
    return counts


def _correlations(scores: Array, counts: Array) -> Array:
    """
    Correlate ranks in each draw: Spearman's and Kendall's tau-b, shape (draws, 2).

    With s the signs of the differences between regions and w their counts in a draw, Σ s·w is
    the region's rank in the draw (centred, twice), ties halved; and w's·s'w sums the pairs that
    agree less those that do not. All draws are products of matrices.
    """
    above = [np.sign(one[:, np.newaxis] - one) for one in scores.T]
    expert, revealed = (counts @ signs.T for signs in above)
    rank_products = [
        (counts * a * b).sum(axis=1)
        for a, b in ((expert, revealed), (expert, expert), (revealed, revealed))
    ]
    pair_products = [
        (counts @ (a * b) * counts).sum(axis=1)
        for a, b in ((above[0], above[1]), (above[0], above[0]), (above[1], above[1]))
    ]
    found = []
    for both, first, second in (rank_products, pair_products):
        scale = np.sqrt(first * second)
        found.append(np.divide(both, scale, out=np.full(len(counts), np.nan), where=scale > 0))
    return np.column_stack(found)
