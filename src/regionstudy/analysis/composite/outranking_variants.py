"""Compute Copeland scores under thousands of weight sets."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from regionstudy.analysis.composite.outranking import TIE
from regionstudy.analysis.composite.ranks import rank_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from regionstudy.analysis.composite.values import Array

__all__ = ["copeland_many", "on_grid"]

# In single precision, for weights on a grid of 2^-16 of the largest.
GRID_TIE = 2.0**-18
# Pairs and sets of weights compared at a time, so that they stay in the processor's cache.
PAIRS = 8192
SETS = 64
# Leads of patterns held at a time.
LEADS = 2_000_000
# So many ternary digits fit into a whole number of 64 bits, less the room for a shorter code.
DIGITS = 20


def copeland_many(parts: Sequence[Array], weights: Array) -> Array:
    """
    Compute Copeland scores under many sets of weights.

    Parameters
    ----------
    parts : sequence of array, shape (regions,) or (variants, regions)
        The indicators, the same in all variants or one row a variant; missing is NaN.
    weights : array, shape (variants, parts)
        Weights on any scale; 0 leaves a part out. On the grid of `on_grid` the sums
        of signs below are exact in single precision.

    Returns
    -------
    array, shape (variants, regions)
        Copeland scores; missing where a region has no part that weighs anything.
    """
    if all(part.ndim == 1 for part in parts):
        scores = _by_pattern(parts, weights)
    else:
        scores = _by_pair(parts, weights)
    present = np.zeros(scores.shape, dtype=bool)
    for k, part in enumerate(parts):
        present |= np.isfinite(part) & (weights[:, [k]] > 0)
    return np.where(present, scores, np.nan)


def _by_pattern(parts: Sequence[Array], weights: Array) -> Array:
    """
    Score regions whose order in each part is the same in all variants.

    Pairs with the same pattern (ahead, behind or level in each part) have the same lead, so
    it is enough to weigh each pattern once and to count how often a region meets it.
    """
    regions = len(parts[0])
    code = np.zeros(regions * regions, dtype=np.int64)
    signs = np.array([_signs(part).ravel() for part in parts])
    for k, sign in enumerate(signs):
        code = code * 3 + sign
        if k % DIGITS == DIGITS - 1:
            code = np.unique(code, return_inverse=True)[1]
    _, first, which = np.unique(code, return_index=True, return_inverse=True)
    region = np.repeat(np.arange(regions), regions)
    met = sparse.csr_array((np.ones(len(which)), (region, which)), shape=(regions, len(first)))
    patterns = signs[:, first].astype(np.float64)
    total = weights.sum(axis=1, keepdims=True)
    shares = weights / np.where(total > 0, total, 1.0)
    scores = np.empty((len(weights), regions))
    size = max(1, LEADS // len(first))
    for start in range(0, len(weights), size):
        # Not BLAS, whose own threads would wait for each other in each of ours.
        lead = np.einsum("vp,pq->vq", shares[start : start + size], patterns)
        outcome = (lead > TIE).astype(np.float64) - (lead < -TIE)
        scores[start : start + size] = np.asarray(met @ outcome.T).T
    return scores


def _by_pair(parts: Sequence[Array], weights: Array) -> Array:
    """
    Score regions whose order in a part changes from one variant to the next.

    Each pair is looked at once: a block of regions against itself and those after it.
    """
    variants, regions = len(weights), parts[0].shape[-1]
    share = (weights / power_of_two(weights.max())).astype(np.float32)
    fixed = [k for k, part in enumerate(parts) if part.ndim == 1]
    signs = np.array([_signs(parts[k]) for k in fixed], dtype=np.float32)
    moving = [(k, _places(part)) for k, part in enumerate(parts) if part.ndim == 2]
    gaps = any(np.isnan(parts[k]).any() for k, _ in moving)
    scores = np.zeros((variants, regions))
    rows = max(1, PAIRS // regions)
    # Made once: fresh memory for every block would cost more than the sums.
    room = np.empty((2, SETS * rows * regions), dtype=np.float32)
    for first, start in itertools.product(range(0, variants, SETS), range(0, regions, rows)):
        some = slice(first, min(first + SETS, variants))
        own = slice(start, min(start + rows, regions))
        shape = (some.stop - first, own.stop - start, regions - start)
        lead, ahead = (space[: np.prod(shape)].reshape(shape) for space in room)
        if fixed:
            own_signs = signs[:, own, start:].reshape(len(fixed), -1)
            np.matmul(share[some][:, fixed], own_signs, out=lead.reshape(shape[0], -1))
        for number, (k, places) in enumerate(moving):
            alone = number == 0 and not fixed
            part = lead if alone else ahead
            np.subtract(places[some, own, None], places[some, None, start:], out=part)
            np.clip(part, -1, 1, out=part)
            part *= share[some, k, None, None]
            if gaps:
                np.nan_to_num(part, copy=False)
            if not alone:
                lead += part
        net = (lead > GRID_TIE).view(np.int8) - (lead < -GRID_TIE).view(np.int8)
        scores[some, own] += net.sum(axis=2, dtype=np.int16)
        after = own.stop - start
        scores[some, own.stop :] -= net[:, :, after:].sum(axis=1, dtype=np.int16)
    return scores


def on_grid(weights: Array, nominal: Array) -> Array:
    """
    Round drawn weights of siblings to 16 binary digits, for exact sums of up to 256 of them.

    Parameters
    ----------
    weights : array, shape (variants, siblings)
        Drawn weights.
    nominal : array, shape (siblings,)
        The weights they were drawn around.

    Returns
    -------
    array, shape (variants, siblings)
        Weights in steps of about 1/65536 of the largest nominal one.
    """
    step = power_of_two(nominal.max()) / 2**16
    return np.asarray(np.round(weights / step) * step)


def power_of_two(number: float) -> float:
    """
    Find the power of two from a positive number upwards.

    Parameters
    ----------
    number : float
        The number.

    Returns
    -------
    float
        The smallest power of two that is no less; 1 for 0.
    """
    return float(2.0 ** np.ceil(np.log2(number))) if number > 0 else 1.0


def _signs(part: Array) -> NDArray[np.int8]:
    """+1 where the row's region is above the column's, -1 where it is below."""
    ahead = part[:, None] > part[None, :]
    return ahead.view(np.int8) - ahead.T.view(np.int8)


def _places(part: Array) -> NDArray[np.float32]:
    """The order within each row as whole numbers, high is good."""
    places = np.where(np.isnan(part), np.nan, -rank_rows(part))
    return np.asarray(places, dtype=np.float32)
