"""Poisson regression of flows on distance with an effect a region at either end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Places = NDArray[np.int64]

__all__ = ["PoissonFit", "fit_poisson", "is_separated", "residual_distance"]

_MOST_STEPS = 100
_TOLERANCE = 1e-13
_COLLINEAR = 1e-10


@dataclass(frozen=True, eq=False, slots=True)
class PoissonFit:
    """
    Estimates by pseudo-maximum likelihood.

    Parameters
    ----------
    slope : float
        Of the logarithm of distance.
    origins, destinations : ndarray
        Effects, that of the first destination 0.
    fitted : ndarray, shape (n,)
        Fitted flows.
    residual_distance : ndarray, shape (n,)
        Log distance less what the two ends say of it, weighted by the fitted flows.
    converged : bool
        Whether the deviance came to rest.
    """

    slope: float
    origins: Numbers
    destinations: Numbers
    fitted: Numbers
    residual_distance: Numbers
    converged: bool

    def variances(self, flows: Numbers, origin: Places, destination: Places) -> list[float]:
        """
        Estimate the slope's variance by clusters of origins, of destinations and of both.

        Parameters
        ----------
        flows : ndarray, shape (n,)
            The flows that were fitted.
        origin, destination : ndarray of int, shape (n,)
            Places of their ends.

        Returns
        -------
        list of three float
            ``H⁻¹ (Σ_g s_g²) H⁻¹ · G / (G - 1) · (n - 1) / (n - k)``, where H is the slope's
            information, s_g the sum of a cluster's scores, G the number of clusters and k that
            of the estimates not nested in them; for both, origins' plus destinations' less the
            pairs', with the smaller G. The last can be negative.
        """
        scores = self.residual_distance * (flows - self.fitted)
        bread = float(self.fitted @ self.residual_distance**2) ** -2
        sums = [np.bincount(places, scores) for places in (origin, destination)]
        origins, destinations = (bread * float(one @ one) for one in sums)
        pairs = bread * float(scores @ scores)
        n, counts = len(flows), [len(one) for one in sums]
        # Not nested in clusters of one end: the other end's effects less one, slope, constant.
        free = [(n - 1) / (n - other - 1) for other in reversed(counts)]
        few = [count / (count - 1) for count in counts]
        both = (origins + destinations - pairs) * max(few) * (n - 1) / (n - 2)
        return [origins * few[0] * free[0], destinations * few[1] * free[1], both]


class _Ends:
    """The two ends of pairs, and the projection on their effects."""

    def __init__(self, origin: Places, destination: Places) -> None:
        self.origin, self.destination = origin, destination
        self.sizes = (int(origin.max()) + 1, int(destination.max()) + 1)
        self._cell = origin * self.sizes[1] + destination

    def solve(self, weight: Numbers, *values: Numbers) -> list[tuple[Numbers, Numbers]]:
        """Give the effects that explain each of some values best, by weighted least squares."""
        rows, columns = self.sizes
        cells = np.bincount(self._cell, weight, minlength=rows * columns).reshape(rows, columns)
        total = cells.sum(axis=1)
        share = cells / total[:, None]
        # Origins solved out; the first destination's effect is the origin of the count.
        rest = (np.diag(cells.sum(axis=0)) - cells.T @ share)[1:, 1:]
        sums = [
            (
                np.bincount(self.origin, weight * one, minlength=rows),
                np.bincount(self.destination, weight * one, minlength=columns),
            )
            for one in values
        ]
        right = np.column_stack([down - share.T @ across for across, down in sums])[1:]
        found = np.vstack([np.zeros((1, len(values))), _solved(rest, right)])
        return [
            (across / total - share @ found[:, place], found[:, place])
            for place, (across, _) in enumerate(sums)
        ]

    def left(self, value: Numbers, effects: tuple[Numbers, Numbers]) -> Numbers:
        """Take the effects of both ends from a value."""
        remainder: Numbers = value - effects[0][self.origin] - effects[1][self.destination]
        return remainder


def _solved(matrix: Numbers, right: Numbers) -> Numbers:
    try:
        return np.asarray(np.linalg.solve(matrix, right), dtype=np.float64)
    except np.linalg.LinAlgError:
        # Parts that nothing links have a level each, and any will do.
        return np.asarray(np.linalg.lstsq(matrix, right, rcond=None)[0], dtype=np.float64)


def residual_distance(origin: Places, destination: Places, distance: Numbers) -> Numbers:
    """
    Take from distances what the two ends say of them.

    Parameters
    ----------
    origin, destination : ndarray of int, shape (n,)
        Places of the two ends, from 0 and without gaps.
    distance : ndarray, shape (n,)
        Logarithm of the distance.

    Returns
    -------
    ndarray, shape (n,)
        What is left; exactly 0 where it is nothing but rounding.
    """
    ends = _Ends(origin, destination)
    (effects,) = ends.solve(np.ones(len(distance)), distance)
    left = ends.left(distance, effects)
    size = max(float(np.abs(distance).max()), 1.0)
    return np.where(np.abs(left) <= _COLLINEAR * size, 0.0, left)


def fit_poisson(
    origin: Places, destination: Places, distance: Numbers, flows: Numbers
) -> PoissonFit:
    """
    Maximise the Poisson likelihood of flows.

    ``E[flow] = exp(a_origin + b_destination + slope · distance)``, by iterated weighted least
    squares. In each step the origins' effects are solved out, so that a system of the
    destinations alone is left to solve: exact, and quick as long as regions are hundreds.

    Parameters
    ----------
    origin, destination : ndarray of int, shape (n,)
        Places of the two ends, from 0 and without gaps.
    distance : ndarray, shape (n,)
        Logarithm of the distance, which does not follow from the ends.
    flows : ndarray, shape (n,)
        Flows, 0 or more, not separated (see `is_separated`).

    Returns
    -------
    PoissonFit
        The estimates.

    References
    ----------
    McCullagh & Nelder (1989), Generalized Linear Models, 2nd ed., ch. 2 (iterated weighted
    least squares); Frisch & Waugh (1933), Econometrica 1(4), 387-401.
    """
    ends = _Ends(origin, destination)
    log_fitted = np.log((flows + flows.mean()) / 2)
    deviance, converged, slope = np.inf, False, 0.0
    for _ in range(_MOST_STEPS):
        fitted = np.exp(log_fitted)
        work = log_fitted + (flows - fitted) / fitted
        of_distance, of_work = ends.solve(fitted, distance, work)
        left = ends.left(distance, of_distance)
        slope = float((fitted * left) @ work / ((fitted * left) @ left))
        effects = (
            of_work[0] - slope * of_distance[0],
            of_work[1] - slope * of_distance[1],
        )
        aim = slope * distance + effects[0][origin] + effects[1][destination]
        log_fitted, before, deviance = aim, deviance, _deviance(flows, aim)
        if abs(before - deviance) <= _TOLERANCE * (1 + abs(deviance)):
            converged = True
            break
    fitted = np.exp(log_fitted)
    (of_distance,) = ends.solve(fitted, distance)
    left = ends.left(distance, of_distance)
    return PoissonFit(slope, *effects, fitted, left, converged)


def _deviance(flows: Numbers, log_fitted: Numbers) -> float:
    """Give twice the negative log likelihood, less what does not depend on the fit."""
    return float(2 * (np.exp(log_fitted).sum() - flows @ log_fitted))


def is_separated(origin: Places, destination: Places, distance: Numbers, flows: Numbers) -> bool:
    """
    Tell whether some flows of 0 are impossible by distance and the other flows alone.

    The likelihood then has no maximum. It is so if effects and a slope can be changed without
    any change where flows are above 0, so that no flow of 0 is made larger and one is made
    smaller. Such changes are few: one for each part of the regions that flows above 0 do not
    link, and one more if distance follows from the ends there. A linear programme looks among
    them.

    Parameters
    ----------
    origin, destination, distance, flows : ndarray, shape (n,)
        As `fit_poisson` takes them.

    Returns
    -------
    bool
        Whether they are separated.

    References
    ----------
    Correia, Guimarães & Zylkin (2019), arXiv:1903.01633, proposition 1.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    above = flows > 0
    ends = _Ends(origin, destination)
    rows, columns = ends.sizes
    link = (origin[above], rows + destination[above])
    graph = coo_array((np.ones(above.sum()), link), shape=(rows + columns,) * 2)
    parts, part = connected_components(graph, directed=False)
    free: list[Any] = [
        (part[origin] == one).astype(float) - (part[rows + destination] == one)
        for one in range(1, parts)
    ]
    (effects,) = ends.solve(above.astype(float), distance)
    left = ends.left(distance, effects)
    if np.abs(left[above]).max() <= _COLLINEAR * max(float(np.abs(distance).max()), 1.0):
        free.append(left)
    if not free:
        return False
    from scipy.optimize import linprog  # longer to import than all else takes

    change = np.column_stack(free)[~above]
    most = np.concatenate([np.zeros(len(change)), np.ones(len(change))])
    found = linprog(
        change.sum(axis=0), A_ub=np.vstack([change, -change]), b_ub=most, bounds=(None, None)
    )
    return bool(found.fun is not None and found.fun < -_COLLINEAR)
