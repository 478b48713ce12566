"""Simple methods of forecasting: each fits many series at once, and says how far it errs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import stdtrit

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

__all__ = ["METHODS", "interval"]

# The trend that smoothing begins with is the mean of so many first changes.
_FIRST_DIFFERENCES = 3


def _naive(past: NDArray[Any], horizon: int) -> tuple[NDArray[Any], NDArray[Any], int]:
    steps = np.arange(1, horizon + 1)
    changes = np.diff(past, axis=1)
    error = np.sqrt((changes**2).mean(axis=1))[:, None] * np.sqrt(steps)
    return np.repeat(past[:, -1:], horizon, axis=1), error, changes.shape[1]


def _drift(past: NDArray[Any], horizon: int) -> tuple[NDArray[Any], NDArray[Any], int]:
    steps = np.arange(1, horizon + 1)
    changes = np.diff(past, axis=1)
    count = changes.shape[1]
    error = changes.std(axis=1, ddof=1)[:, None] * np.sqrt(steps * (1 + steps / count))
    return past[:, -1:] + changes.mean(axis=1, keepdims=True) * steps, error, count - 1


def _level(past: NDArray[Any], horizon: int) -> tuple[NDArray[Any], NDArray[Any], int]:
    alpha = np.arange(1, 11) / 10
    return _smooth(past, horizon, alpha, np.zeros(10), np.ones(10), trended=False)


def _damped(past: NDArray[Any], horizon: int) -> tuple[NDArray[Any], NDArray[Any], int]:
    grid = np.meshgrid(np.arange(1, 11) / 10, [0.1, 0.3, 0.5], [0.8, 0.9, 0.98], indexing="ij")
    alpha, beta, damping = (part.ravel() for part in grid)
    return _smooth(past, horizon, alpha, beta, damping, trended=True)


def _smooth(
    past: NDArray[Any],
    horizon: int,
    alpha: NDArray[Any],
    beta: NDArray[Any],
    damping: NDArray[Any],
    *,
    trended: bool,
) -> tuple[NDArray[Any], NDArray[Any], int]:
    """Smooth with every set of parameters at once, and keep each series' best."""
    level = np.repeat(past[:, :1], len(alpha), axis=1)
    start = np.diff(past[:, : _FIRST_DIFFERENCES + 1], axis=1).mean(axis=1, keepdims=True)
    trend = np.repeat(start * trended, len(alpha), axis=1)
    squares = np.zeros_like(level)
    for year in range(1, past.shape[1]):
        expected = level + damping * trend
        missed = past[:, year : year + 1] - expected
        squares += missed**2
        level = expected + alpha * missed
        trend = damping * trend + alpha * beta * missed
    best = squares.argmin(axis=1)
    rows = np.arange(len(past))
    alpha, beta, damping = (part[best][:, None] for part in (alpha, beta, damping))
    steps = np.arange(1, horizon + 1)
    faded = np.cumsum(damping**steps, axis=1)
    value = level[rows, best][:, None] + faded * trend[rows, best][:, None]
    # What a surprise in one year still adds to the error of later ones.
    carried = (alpha * (1 + beta * faded[:, :-1])) ** 2
    growth = 1 + np.hstack([np.zeros((len(past), 1)), np.cumsum(carried, axis=1)])
    degrees = past.shape[1] - 1 - (3 if trended else 1)
    error = np.sqrt(squares[rows, best] / degrees)[:, None] * np.sqrt(growth)
    return value, error, degrees


# In the order of simplicity: of two that do equally well, the first is taken.
METHODS: dict[str, Callable[[NDArray[Any], int], tuple[NDArray[Any], NDArray[Any], int]]] = {
    "naive": _naive,
    "drift": _drift,
    "level": _level,
    "damped": _damped,
}


def interval(
    method: str, past: NDArray[Any], horizon: int, coverage: float
) -> tuple[NDArray[Any], NDArray[Any]]:
    """
    Forecast many series by one method.

    Parameters
    ----------
    method : str
        A key of `METHODS`.
    past : ndarray, shape (n, years)
        A series a row.
    horizon : int
        Years ahead.
    coverage : float
        Probability that the interval is made for.

    Returns
    -------
    value, half : ndarray, shape (n, horizon)
        Forecasts, and half the width of their intervals.
    """
    value, error, degrees = METHODS[method](past, horizon)
    return value, float(stdtrit(max(degrees, 1), (1 + coverage) / 2)) * error
