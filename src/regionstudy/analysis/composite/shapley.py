"""Share a Copeland score out among the indicators that decided it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from regionstudy.analysis.composite.outranking import TIE

if TYPE_CHECKING:
    from regionstudy.analysis.composite.values import Array

__all__ = ["copeland_shapley"]

# Up to so many children every coalition is formed; 2^12 = 4096.
EXACT = 12
# Beyond it, so many orders of arrival are drawn (Castro, Gómez and Tejada, 2009).
ORDERS = 500
SEED = 20090101


def copeland_shapley(x: Array, weights: Array) -> Array:
    """
    Compute each indicator's Shapley value in each region's Copeland score.

    A coalition's worth is the Copeland score that its indicators alone would give.

    Parameters
    ----------
    x : array, shape (regions, indicators)
        High is good; missing is NaN and joins no comparison.
    weights : array, shape (indicators,)
        Weights, adding up to 1.

    Returns
    -------
    array, shape (regions, indicators)
        Values that add up to the Copeland score; exact up to 12 indicators, beyond that the
        mean over 500 seeded orders of arrival (which adds up exactly too).
    """
    count = x.shape[1]
    coalitions, coefficients = (
        _every_coalition(count) if count <= EXACT else _drawn_coalitions(count)
    )
    values = np.empty(x.shape)
    for row in range(len(x)):
        lead = ((x[row] > x).astype(np.float64) - (x[row] < x)) * weights
        sums = coalitions @ lead.T
        worth = (sums > TIE).sum(axis=1) - (sums < -TIE).sum(axis=1)
        values[row] = worth @ coefficients
    return values


def _every_coalition(count: int) -> tuple[Array, Array]:
    """All coalitions, and by how much each one's worth enters each member's value."""
    numbers = np.arange(2**count)
    members = (numbers[:, None] >> np.arange(count)) & 1
    size = members.sum(axis=1)
    join = np.array([math.factorial(s) * math.factorial(count - s - 1) for s in range(count)])
    share = join / math.factorial(count)  # of the orders in which one joins s others
    gain = np.where(size > 0, share[size - 1], 0.0)
    loss = np.where(size < count, share[np.minimum(size, count - 1)], 0.0)
    return members.astype(np.float64), np.where(members == 1, gain[:, None], -loss[:, None])


def _drawn_coalitions(count: int) -> tuple[Array, Array]:
    """Coalitions as they grow along drawn orders of arrival, and the same coefficients."""
    generator = np.random.default_rng(SEED)
    orders = generator.permuted(np.tile(np.arange(count), (ORDERS, 1)), axis=1)
    arrival = np.argsort(orders, axis=1)
    steps = np.arange(count + 1)
    members = (arrival[:, None, :] < steps[None, :, None]).astype(np.float64)
    coefficients = np.zeros_like(members)
    rows = np.repeat(np.arange(ORDERS), count)
    columns = np.tile(np.arange(count), ORDERS)
    place = arrival.ravel()
    coefficients[rows, place + 1, columns] = 1 / ORDERS
    coefficients[rows, place, columns] = -1 / ORDERS
    return members.reshape(-1, count), coefficients.reshape(-1, count)
