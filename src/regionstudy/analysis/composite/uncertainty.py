"""Say how sure a rank is: draw the choices anew many times and see how far it moves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from regionstudy.analysis.composite.alternatives import read_alternatives
from regionstudy.analysis.composite.choices import Space, build_nominal
from regionstudy.analysis.composite.ranks import rank_rows
from regionstudy.analysis.composite.registry import name_some, nearest
from regionstudy.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from regionstudy.analysis.composite.values import Array

__all__ = ["RankIntervals", "uncertainty"]

STREAMS = ("imputation", "treatment", "normalisation", "aggregation", "left_out", "weights")


@dataclass(frozen=True)
class RankIntervals:
    """
    The ranks of every region over many variants of an index.

    Parameters
    ----------
    intervals : DataFrame, index region
        ``nominal`` (rank in the index as it is made), ``low``, ``median``, ``high`` (quantiles
        of the ranks over the draws).
    choices : DataFrame, a row a draw
        ``imputation``, ``treatment``, ``normalisation``, ``aggregation``, ``left_out``.
    weights : DataFrame, shape (draws, nodes below the index)
        The weights of each draw.
    ranks : DataFrame, shape (draws, regions)
        The rank of each region in each draw.
    coverage : float
        Share of the draws between ``low`` and ``high``.
    seed : int
        What the draws started from.
    """

    intervals: pd.DataFrame
    choices: pd.DataFrame
    weights: pd.DataFrame
    ranks: pd.DataFrame
    coverage: float
    seed: int

    def share_in_top(self, places: int, *, among: Iterable[str] | None = None) -> pd.Series[float]:
        """
        Compute in which share of the draws each region is among the best.

        Parameters
        ----------
        places : int
            How many places count as the top.
        among : iterable of str, optional
            Regions to rank among each other, such as peers; all where none are given.

        Returns
        -------
        Series of float, index region
            Shares between 0 and 1.

        Raises
        ------
        ConfigError
            If `places` is below 1 or a region is unknown.
        """
        if places < 1:
            raise ConfigError(f"places={places}: give at least 1.")
        chosen = self._columns(among)
        ranks = rank_rows(-self.ranks[chosen].to_numpy(dtype=np.float64))
        return pd.Series((ranks <= places).mean(axis=0), index=chosen, name="share_in_top")

    def probability_before(self, *, among: Iterable[str] | None = None) -> pd.DataFrame:
        """
        Compute in which share of the draws one region is before another.

        Parameters
        ----------
        among : iterable of str, optional
            Regions to compare; all where none are given.

        Returns
        -------
        DataFrame, shape (regions, regions)
            Cell (i, j): share of draws with i before j; a tie counts half to each; the
            diagonal is 0.5.

        Raises
        ------
        ConfigError
            If a region is unknown.
        """
        chosen = self._columns(among)
        ranks = self.ranks[chosen].to_numpy()
        before = np.array([(ranks[:, [k]] < ranks).mean(axis=0) for k in range(len(chosen))])
        shares = (before + 1 - before.T) / 2
        return pd.DataFrame(shares, index=chosen, columns=chosen)

    def _columns(self, among: Iterable[str] | None) -> list[str]:
        every = self.ranks.columns.tolist()
        if among is None:
            return every
        chosen = list(dict.fromkeys(among))
        unknown = [name for name in chosen if name not in set(every)]
        if unknown:
            raise ConfigError(
                f"among: {name_some(unknown)} is no region of the index."
                f"{nearest(unknown[0], every)}"
            )
        return chosen


def uncertainty(
    values: pd.DataFrame,
    structure: pd.DataFrame,
    *,
    draws: int = 1000,
    seed: int,
    coverage: float = 0.9,
    nominal: Mapping[str, Any] | None = None,
    **alternatives: Any,
) -> RankIntervals:
    """
    Draw the choices behind an index anew many times, and give each rank its interval.

    Parameters
    ----------
    values : DataFrame, shape (regions, indicators)
        As `build_index` takes them.
    structure : DataFrame
        Columns ``id``, ``parent``, ``weight``, ``direction``.
    draws : int, default 1000
        How many variants.
    seed : int
        Start of the random numbers: the same seed gives the same draws.
    coverage : float, default 0.9
        Share of the draws between low and high (0.9: from 5 to 95 %).
    nominal : mapping, optional
        The index's own choices, as `build_index` takes them.
    **alternatives
        What may vary; see `Alternatives`: ``imputations``, ``treatments``,
        ``normalisations``, ``aggregations``, ``weight_noise``, ``leave_one_out``.

    Returns
    -------
    RankIntervals
        Intervals, every draw's choices, weights and ranks.

    Raises
    ------
    ConfigError
        If a number is out of range, or an alternative or option unknown.
    DataError
        As `build_index`, for any combination of the alternatives.

    References
    ----------
    Saisana, Saltelli and Tarantola (2005), J. Royal Statistical Society A 168(2), 307-323.

    Examples
    --------
    >>> structure = pd.DataFrame({"id": ["jobs", "rent", "index"],
    ...     "parent": ["index", "index", ""], "weight": [1, 1, 1], "direction": [1, -1, 1]})
    >>> values = pd.DataFrame({"jobs": [60.0, 70.0, 80.0], "rent": [8.0, 6.0, 5.0]},
    ...     index=["2281", "2262", "2284"])
    >>> uncertainty(values, structure, draws=100, seed=1).intervals.loc["2284"].tolist()
    [1.0, 1.0, 1.0, 1.0]
    """
    if draws < 1:
        raise ConfigError(f"draws={draws}: give at least 1.")
    if not 0 < coverage <= 1:
        raise ConfigError(f"coverage={coverage}: give a share above 0 and at most 1, such as 0.9.")
    index = build_nominal(values, structure, nominal)
    space = Space(values, structure, read_alternatives(alternatives))
    generator = np.random.default_rng(seed)
    # One stream a factor, drawn in a fixed order: a further factor leaves the others as they are.
    streams = dict(zip(STREAMS, generator.spawn(len(STREAMS)), strict=True))
    drawn = {name: streams[name].random(draws) for name in space.factors if name != "weights"}
    weight_draws = (
        streams["weights"].random((draws, len(space.weighted)))
        if "weights" in space.factors
        else None
    )
    variants = space.decode(drawn, weight_draws, draws)
    ranks = space.ranks(variants)
    tail = (1 - coverage) / 2
    low, median, high = _quantiles(ranks, (tail, 0.5, 1 - tail))
    intervals = pd.DataFrame(
        {
            "nominal": index.ranks[index.root].to_numpy(),
            "low": low,
            "median": median,
            "high": high,
        },
        index=values.index,
    )
    return RankIntervals(
        intervals=intervals,
        choices=space.describe(variants),
        weights=pd.DataFrame(variants.weights[:, :-1], columns=list(space.weighted)),
        ranks=pd.DataFrame(ranks, columns=values.index),
        coverage=coverage,
        seed=seed,
    )


def _quantiles(ranks: NDArray[np.int32], shares: Sequence[float]) -> list[Array]:
    """Quantiles of each column, between two ranks on the line between them (type 7)."""
    ordered = np.ascontiguousarray(ranks.T)
    ordered.sort(axis=1)  # once for all quantiles, and several times faster on whole numbers
    found = []
    for share in shares:
        at = share * (ordered.shape[1] - 1)
        # A hair of rounding must not pull in the neighbouring rank.
        below = int(np.floor(at + 1e-9))
        above = min(below + 1, ordered.shape[1] - 1)
        part = max(at - below, 0.0) if at - below > 1e-9 else 0.0
        found.append(ordered[:, below] + part * (ordered[:, above] - ordered[:, below]))
    return found
