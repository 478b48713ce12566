"""Score the indicators and the baselines on regions that their fits have not seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from regionstudy.analysis.revealed.baselines import (
    group_splits,
    mean_of_training,
    region_splits,
    same_as_before,
    size_and_group,
    size_and_known_group,
)
from regionstudy.analysis.revealed.penalised import predict_held_out

if TYPE_CHECKING:
    from collections.abc import Mapping

    from regionstudy.analysis.revealed.inputs import Sample
    from regionstudy.analysis.revealed.penalised import Array, Rows

__all__ = ["draw_groups", "outdoes_baselines", "predict_all", "score"]


def draw_groups(groups: Rows, draws: int, generator: np.random.Generator) -> Rows:
    """
    Draw as many groups as there are, with replacement.

    Parameters
    ----------
    groups : array of int
        The group of each region, numbered from 0.
    draws : int
        How many times.
    generator : Generator
        Random numbers.

    Returns
    -------
    array of int, shape (draws, groups)
        Numbers of groups.
    """
    count = int(groups.max()) + 1
    return generator.integers(count, size=(draws, count))


def predict_all(sample: Sample, penalty: str) -> dict[str, dict[str, Array]]:
    """
    Predict pull out of sample by the mean, the indicators and each baseline.

    Parameters
    ----------
    sample : Sample
        The regions.
    penalty : {"ridge", "elastic_net"}
        Form of the penalty.

    Returns
    -------
    dict of str to dict of str to array
        For what is held out ("groups", "regions") and each predictor: a prediction a region.
    """
    found: dict[str, dict[str, Array]] = {}
    for held_out, splits, of_size in (
        ("groups", group_splits(sample), size_and_group),
        ("regions", region_splits(sample), size_and_known_group),
    ):
        found[held_out] = {
            "mean": mean_of_training(sample, splits),
            "indicators": predict_held_out(
                sample.indicators, sample.target, sample.groups, splits, penalty=penalty
            ),
            "same_as_before": same_as_before(sample, splits),
            "size_and_group": of_size(sample, splits),
        }
    return found


def score(
    sample: Sample,
    predictions: Mapping[str, Mapping[str, Array]],
    draws: int,
    coverage: float,
    generator: np.random.Generator,
) -> pd.DataFrame:
    """
    Score predictions by their out-of-sample R², with intervals over drawn groups.

    Parameters
    ----------
    sample : Sample
        The regions.
    predictions : mapping
        As `predict_all` gives them.
    draws, coverage : int, float
        Of the bootstrap.
    generator : Generator
        Random numbers.

    Returns
    -------
    DataFrame
        ``held_out``, ``predictor``, ``r2``, ``low``, ``high``, ``beaten``.
    """
    drawn = draw_groups(sample.groups, draws, generator)
    tail = (1 - coverage) / 2
    parts = []
    for held_out, predicted in predictions.items():
        # A draw of groups needs but each group's sum of squares: nothing is fitted anew.
        squares = {
            name: np.bincount(sample.groups, weights=(sample.target - one) ** 2)
            for name, one in predicted.items()
        }
        total = squares.pop("mean")
        names = list(squares)
        errors = np.array(list(squares.values()))
        varied = 1 - errors[:, drawn].sum(axis=2) / total[drawn].sum(axis=1)
        low, high = np.quantile(varied, [tail, 1 - tail], axis=1)
        beaten = (varied[names.index("indicators")] > varied).mean(axis=1)
        parts.append(
            pd.DataFrame(
                {
                    "held_out": held_out,
                    "predictor": names,
                    "r2": 1 - errors.sum(axis=1) / total.sum(),
                    "low": low,
                    "high": high,
                    "beaten": np.where(np.array(names) == "indicators", np.nan, beaten),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def outdoes_baselines(scores: pd.DataFrame) -> bool:
    """
    Say whether the indicators predict better than the mean and than every baseline.

    Parameters
    ----------
    scores : DataFrame
        As `score` gives them.

    Returns
    -------
    bool
        True where their R² is the highest, and above 0, whatever is held out.
    """
    r2 = scores.set_index(["held_out", "predictor"])["r2"].unstack()  # noqa: PD010 (no sum)
    best_baseline = r2.drop(columns="indicators").max(axis=1).clip(lower=0)
    return bool((r2["indicators"] > best_baseline).all())
