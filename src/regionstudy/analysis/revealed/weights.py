"""What a pull regression reveals: weights, scores and residuals in one place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from regionstudy.analysis.composite.registry import name_some
from regionstudy.errors import ConfigError, DataError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

__all__ = ["RevealedWeights"]


@dataclass(frozen=True)
class RevealedWeights:
    """
    What goes with pull, and how well it predicts where it has not been seen.

    Parameters
    ----------
    weights : DataFrame, index indicator
        ``weight`` (change of predicted pull for one standard deviation of the indicator, the
        others held), ``low`` and ``high`` (over the draws), ``same_sign`` (share of the draws
        with the sign of `weight`), ``share`` (of the sum of absolute weights), ``sd`` (the
        standard deviation), ``imputed`` (regions with the median of the others).
    scores : DataFrame
        ``held_out`` ("groups" or "regions"), ``predictor`` ("indicators", "same_as_before",
        "size_and_group"), ``r2`` (out of sample; 1 is perfect, 0 the mean of those seen),
        ``low`` and ``high`` (over drawn groups), ``beaten`` (share of the draws in which the
        indicators have a higher R²; missing for themselves).
    regions : DataFrame, index region
        ``group``, ``pull``, ``predicted`` (with the region's group held out) and ``residual``
        (pull beyond what the indicators say, in the target's unit).
    predicts : bool
        Whether the indicators' R² is above 0 and above both baselines, with groups held out
        and with regions held out.
    penalty : str
        Form of the penalty.
    strength : float
        λ of the fit on all regions.
    left_out : DataFrame
        ``region`` and ``reason`` of regions without a target, an earlier one, a population or any
        indicator.
    draws : int
        Draws of the bootstrap.
    coverage : float
        Share of the draws between ``low`` and ``high``.
    seed : int
        What the draws started from.
    """

    weights: pd.DataFrame
    scores: pd.DataFrame
    regions: pd.DataFrame
    predicts: bool
    penalty: str
    strength: float
    left_out: pd.DataFrame
    draws: int
    coverage: float
    seed: int

    def for_index(self, direction: Mapping[str, int] | pd.Series[int]) -> pd.Series[float]:
        """
        Make weights for a composite index out of the revealed ones.

        ``max(0, direction · weight)``, divided by their sum: an indicator whose revealed sign
        is opposite to its direction in the index weighs nothing there, which the reader of the
        index should be told.

        Parameters
        ----------
        direction : mapping of str to int
            +1 or -1 for each indicator.

        Returns
        -------
        Series of float, index indicator
            Not negative, sum 1; ``composite.weigh(structure, method="expert", weights=...)``
            takes it.

        Raises
        ------
        ConfigError
            If an indicator has no direction, or another than +1 or -1.
        DataError
            If every weight is against its direction.
        """
        given = dict(direction.items())
        wrong = [name for name in self.weights.index if given.get(name) not in (1, -1)]
        if wrong:
            raise ConfigError(
                f"direction: {name_some(wrong)} has neither +1 nor -1. Give one of them."
            )
        signs = np.array([given[name] for name in self.weights.index])
        agreeing = (self.weights["weight"] * signs).clip(lower=0)
        if not agreeing.sum() > 0:
            raise DataError(
                "No revealed weight has the sign of its direction; they make no index. "
                "Look at `weights`, and at `predicts`."
            )
        shares: pd.Series[float] = agreeing / agreeing.sum()
        return shares.rename("weight")
