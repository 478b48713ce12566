"""
What the indicators must beat: predictions that know nothing of them.

A held-out county has no effect of its own to estimate, so "size and county" means two things,
and a model is held to both. Where whole groups are held out: a straight line in the logarithms
of the region's and of its group's population, all that is known of a group never seen. Where
single regions are held out: log population and the mean residual of the region's own group,
shrunken towards 0 (a random effect), which neighbours in the fit make a strong baseline.

"Same as before" is a straight line in the earlier pull, not the earlier pull itself: the level
of the whole country moves, and a baseline without the line would be too easily beaten.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from regionstudy.analysis.revealed.inputs import Sample
    from regionstudy.analysis.revealed.penalised import Array, Rows

    Splits = Sequence[tuple[Rows, Rows]]

__all__ = [
    "group_splits",
    "mean_of_training",
    "region_splits",
    "same_as_before",
    "size_and_group",
    "size_and_known_group",
]

_REGION_FOLDS = 10
# So many regions' worth of zeros are added to a group's residuals; the last means no effect.
_SHRINKAGES = np.array([0.1, 0.5, 1, 2, 4, 8, 16, 32, 64, np.inf])


def group_splits(sample: Sample) -> list[tuple[Rows, Rows]]:
    """
    Leave each group out in turn.

    Parameters
    ----------
    sample : Sample
        The regions.

    Returns
    -------
    list of (train, test)
        Row numbers, a pair a group.
    """
    rows = np.arange(len(sample.groups))
    held = [sample.groups == group for group in np.unique(sample.groups)]
    return [(rows[~out], rows[out]) for out in held]


def region_splits(sample: Sample) -> list[tuple[Rows, Rows]]:
    """
    Leave every tenth region out in turn, so that each group is spread over the folds.

    Parameters
    ----------
    sample : Sample
        The regions, sorted by group.

    Returns
    -------
    list of (train, test)
        Row numbers, a pair a fold.
    """
    rows = np.arange(len(sample.groups))
    fold = rows % _REGION_FOLDS
    return [(rows[fold != k], rows[fold == k]) for k in np.unique(fold)]


def mean_of_training(sample: Sample, splits: Splits) -> Array:
    """
    Predict each region as the mean of those that its fit has seen: an R² of 0.

    Parameters
    ----------
    sample : Sample
        The regions.
    splits : sequence of (train, test)
        Row numbers.

    Returns
    -------
    array, shape (regions,)
        Predictions.
    """
    predicted = np.full(len(sample.target), np.nan)
    for train, test in splits:
        predicted[test] = sample.target[train].mean()
    return predicted


def same_as_before(sample: Sample, splits: Splits) -> Array:
    """
    Predict pull by a straight line in the earlier pull.

    Parameters
    ----------
    sample : Sample
        The regions.
    splits : sequence of (train, test)
        Row numbers.

    Returns
    -------
    array, shape (regions,)
        Predictions.
    """
    return _lines(sample.before[:, np.newaxis], sample.target, splits)


def size_and_group(sample: Sample, splits: Splits) -> Array:
    """
    Predict pull by the logarithms of the region's and its group's population.

    Parameters
    ----------
    sample : Sample
        The regions.
    splits : sequence of (train, test)
        Row numbers; whole groups are held out.

    Returns
    -------
    array, shape (regions,)
        Predictions.
    """
    together = np.log(np.bincount(sample.groups, weights=np.exp(sample.size)))[sample.groups]
    return _lines(np.column_stack([sample.size, together]), sample.target, splits)


def size_and_known_group(sample: Sample, splits: Splits) -> Array:
    """
    Predict pull by log population and the shrunken mean residual of the region's group.

    The shrinkage is the one that predicts best when each training region in turn is left out
    of its group's mean.

    Parameters
    ----------
    sample : Sample
        The regions.
    splits : sequence of (train, test)
        Row numbers; single regions are held out.

    Returns
    -------
    array, shape (regions,)
        Predictions; a region without others of its group in the fit has log population alone.
    """
    predicted = np.full(len(sample.target), np.nan)
    size = sample.size[:, np.newaxis]
    count = int(sample.groups.max()) + 1
    for train, test in splits:
        line = _lines(size, sample.target, [(train, np.arange(len(size)))])
        residual = (sample.target - line)[train]
        own = sample.groups[train]
        sums = np.bincount(own, weights=residual, minlength=count)
        sizes = np.bincount(own, minlength=count)
        others = (sums[own] - residual)[:, np.newaxis] / (
            (sizes[own] - 1)[:, np.newaxis] + _SHRINKAGES
        )
        best = _SHRINKAGES[((residual[:, np.newaxis] - others) ** 2).sum(axis=0).argmin()]
        predicted[test] = line[test] + (sums / (sizes + best))[sample.groups[test]]
    return predicted


def _lines(features: Array, target: Array, splits: Splits) -> Array:
    predicted = np.full(len(target), np.nan)
    design = np.column_stack([np.ones(len(target)), features])
    for train, test in splits:
        slopes = np.linalg.lstsq(design[train], target[train], rcond=None)[0]
        predicted[test] = design[test] @ slopes
    return predicted
