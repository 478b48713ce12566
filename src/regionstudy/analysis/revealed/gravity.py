"""A gravity model of moves: what a region pulls, net of its size and of how far it is away."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from regionstudy.analysis.composite.registry import name_some
from regionstudy.analysis.composite.values import check_values
from regionstudy.analysis.revealed.pairs import ENDS, Pairs, line_up_pairs
from regionstudy.analysis.revealed.poisson import (
    PoissonFit,
    fit_poisson,
    is_separated,
    residual_distance,
)
from regionstudy.errors import ConfigError, DataError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

__all__ = ["Gravity", "gravity"]

_SEPARATED = (
    "flows: some flows of 0 are separated: distance and the regions' other flows alone make them "
    "impossible, and no estimate is finite. Add years up, or take larger regions."
)


@dataclass(frozen=True)
class Gravity:
    """
    A fitted gravity model.

    Parameters
    ----------
    elasticities : DataFrame, index term
        "distance" (per cent change of a flow for one per cent of distance) and, where a
        population was given, "population" (of the destination effect): ``estimate``,
        ``standard_error``, ``low``, ``high``.
    destinations : DataFrame, index region
        ``inmigration`` (fitted pairs), ``effect`` (logarithm, mean 0 over the destinations),
        ``pull`` (the effect net of log population, logarithm; missing without a population),
        ``status`` ("" or "." where there is no effect) and ``reason``.
    origins : DataFrame, index region
        ``outmigration``, ``effect`` (mean 0), ``status``, ``reason``.
    pairs : DataFrame
        ``origin``, ``destination``, ``distance``, ``value``, ``fitted``: a row a pair fitted.
    constant : float
        Logarithm of the flow between a mean origin and a mean destination at distance 1.
    zero_pairs, unknown_pairs : int
        Pairs fitted with a flow of 0, and pairs left out as their flow is missing.
    coverage : float
        Coverage of the intervals.
    """

    elasticities: pd.DataFrame
    destinations: pd.DataFrame
    origins: pd.DataFrame
    pairs: pd.DataFrame
    constant: float
    zero_pairs: int
    unknown_pairs: int
    coverage: float


def gravity(
    flows: pd.DataFrame,
    *,
    distance: pd.DataFrame,
    population: Mapping[str, float] | pd.Series[float] | None = None,
    coverage: float = 0.9,
) -> Gravity:
    """
    Fit flows between regions by Poisson pseudo-maximum likelihood.

    ``E[flow_od] = exp(c + a_o + b_d + β·log distance_od)``, with an effect for each origin
    (a, mean 0) and each destination (b, mean 0). With effects at both ends a region's size goes
    into them, so ``b`` is its size and its pull together: identified up to a constant, by the
    flows to it beyond what the origins send and the distances say. In a second step, ordinary
    least squares over the destinations, ``b_d = g + γ·log population_d + pull_d``: the
    ``pull`` is uncorrelated with size by construction, and what goes with size is given to size.

    The standard error of β is the largest of those clustered on origins, on destinations and on
    both, as the last can fall below the others, even below 0, where regions are few; the flows'
    variance need not equal their mean. That of γ is robust to unequal variance (HC1) and takes
    ``b`` as if it were known. Flows of 0 are kept: to leave them out, as the
    logarithm does, biases β.

    Parameters
    ----------
    flows : DataFrame
        ``origin``, ``destination``, ``value`` (persons, gross), optionally ``status``; one
        period and group. Those who stay are left out. A flow with status ".." is left out;
        as small flows are the ones suppressed, see `unknown_pairs` in the result.
    distance : DataFrame
        ``origin``, ``destination``, ``distance`` (km or minutes, above 0): all pairs that people
        could move between. A pair without a row in `flows` is a flow of 0.
    population : mapping of str to float, optional
        Persons in each destination, before the period.
    coverage : float, default 0.9
        Coverage of the intervals.

    Returns
    -------
    Gravity
        Elasticities, effects and fitted flows.

    Raises
    ------
    ConfigError
        If `coverage` is out of range.
    DataError
        If a column is absent, a pair repeats, a flow is negative, or a distance is absent or not
        above 0; if fewer than four regions have flows at either end, destinations have no origin
        in common or distance follows from the ends; if flows of 0 are separated (the likelihood
        has no maximum) or the fit does not converge; or if a population is not above 0, the
        same everywhere, or given for fewer than four destinations.

    References
    ----------
    Santos Silva & Tenreyro (2006), Review of Economics and Statistics 88(4), 641-658 (Poisson);
    Fally (2015), J. International Economics 97(1), 76-85 (effects and adding-up); Correia,
    Guimarães & Zylkin (2019), arXiv:1903.01633 (separation); Cameron, Gelbach & Miller (2011), J.
    Business & Economic Statistics 29(2), 238-249 (clustering both ways); MacKinnon, Nielsen & Webb
    (2024), arXiv:2406.08880 (the largest of three).

    Examples
    --------
    >>> places = pd.Series([0.0, 10.0, 30.0, 70.0, 150.0], index=list("abcde"))
    >>> pairs = pd.DataFrame([(o, d) for o in places.index for d in places.index if o != d],
    ...     columns=["origin", "destination"])
    >>> pairs["distance"] = [abs(places[o] - places[d]) for o, d in pairs.to_numpy()]
    >>> twice = pairs["destination"].map({"a": 1, "b": 1, "c": 2, "d": 1, "e": 1})
    >>> moves = pairs.assign(value=6000 * twice / pairs["distance"])[[*pairs.columns[:2], "value"]]
    >>> model = gravity(moves, distance=pairs)
    >>> round(float(model.elasticities.loc["distance", "estimate"]), 6)
    -1.0
    >>> effect = np.exp(model.destinations["effect"])
    >>> (effect / effect["a"]).round(3).tolist()
    [1.0, 1.0, 2.0, 1.0, 1.0]
    """
    if not 0 < coverage < 1:
        raise ConfigError(f"coverage={coverage}: give a share between 0 and 1, such as 0.9.")
    lined = line_up_pairs(flows, distance)
    log_population = _log_population(population)
    used = lined.kept
    (origin, origins), (destination, codes) = (pd.factorize(used[end], sort=True) for end in ENDS)
    log_distance, value = np.log(used["distance"].to_numpy()), used["value"].to_numpy(dtype=float)
    fit = _fit(origin, destination, log_distance, value)
    variances = fit.variances(value, origin, destination)
    # A negative variance of clustering both ways has no square root: it is never the largest.
    error = math.sqrt(max(variances))
    terms = {"distance": _term(fit.slope, error, _normal(coverage))}
    effects = {
        "origin": pd.Series(fit.origins, index=origins),
        "destination": pd.Series(fit.destinations, index=codes),
    }
    means = {end: float(effect.mean()) for end, effect in effects.items()}
    effects = {end: effect - means[end] for end, effect in effects.items()}
    destinations = _ends(lined, "destination", "inmigration", effects["destination"])
    destinations.insert(2, "pull", np.nan)
    if log_population is not None:
        terms["population"], pull = _net_of_population(
            effects["destination"], log_population, coverage
        )
        destinations["pull"] = pull.reindex(destinations.index)
        nobody = destinations["pull"].isna() & (destinations["status"] == "")
        destinations.loc[nobody, "reason"] = "no population"
    elasticities = pd.DataFrame(terms).T.rename_axis("term")
    return Gravity(
        elasticities=elasticities,
        destinations=destinations,
        origins=_ends(lined, "origin", "outmigration", effects["origin"]),
        pairs=used.assign(fitted=fit.fitted)[[*ENDS, "distance", "value", "fitted"]],
        constant=sum(means.values()),
        zero_pairs=int((used["value"] == 0).sum()),
        unknown_pairs=lined.unknown,
        coverage=coverage,
    )


def _fit(
    origin: NDArray[np.int64],
    destination: NDArray[np.int64],
    log_distance: NDArray[np.float64],
    value: NDArray[np.float64],
) -> PoissonFit:
    if not residual_distance(origin, destination, log_distance).any():
        raise DataError(
            "distance: it follows from the regions at the two ends (are all distances "
            "alike?), so that no elasticity can be told. Give the true distances."
        )
    if is_separated(origin, destination, log_distance, value):
        raise DataError(_SEPARATED)
    fit = fit_poisson(origin, destination, log_distance, value)
    if not fit.converged:
        raise DataError(
            "flows: the gravity model did not converge. Look for one flow that outweighs all "
            "others, or take larger regions."
        )
    return fit


def _ends(lined: Pairs, end: str, counted: str, effect: pd.Series[float]) -> pd.DataFrame:
    frame = pd.DataFrame({counted: lined.kept.groupby(end)["value"].sum(), "effect": effect})
    silent = pd.Series(lined.silent[end], dtype=str)
    frame = frame.reindex(sorted({*frame.index, *silent.index}))
    frame["status"] = np.where(frame.index.isin(silent.index), ".", "")
    frame["reason"] = silent.reindex(frame.index).fillna("")
    return frame.rename_axis("region")


def _log_population(
    population: Mapping[str, float] | pd.Series[float] | None,
) -> pd.Series[float] | None:
    if population is None:
        return None
    given = pd.Series(dict(population.items()), dtype=np.float64, name="population")
    checked = check_values(given.to_frame(), what="population")["population"].dropna()
    if (checked <= 0).any():
        empty = checked.index[checked <= 0]
        raise DataError(
            f"population: {name_some(empty)} has nobody, and no logarithm. Make it missing."
        )
    return checked.transform(np.log)


def _net_of_population(
    effect: pd.Series[float], log_population: pd.Series[float], coverage: float
) -> tuple[dict[str, float], pd.Series[float]]:
    joined = pd.DataFrame({"effect": effect, "log_population": log_population})
    joined = joined.dropna()
    if len(joined) < 4:
        raise DataError(
            f"population: it is given for {len(joined)} destinations with flows; give 4 or more, "
            "with the same codes as in flows."
        )
    if joined["log_population"].max() == joined["log_population"].min():
        raise DataError("population: it is the same everywhere. Give each region its own.")
    size, effects = (
        joined[column].to_numpy(dtype=float) - joined[column].mean()
        for column in ("log_population", "effect")
    )
    slope = float(size @ effects / (size @ size))
    pull = effects - slope * size
    count = len(joined)
    # HC1: each destination's own residual, and the two estimates made of so few.
    variance = count / (count - 2) * float(size**2 @ pull**2 / (size @ size) ** 2)
    term = _term(slope, math.sqrt(variance), _student(coverage, count - 2))
    return term, pd.Series(pull, index=joined.index)


def _normal(coverage: float) -> float:
    return NormalDist().inv_cdf((1 + coverage) / 2)


def _student(coverage: float, freedom: int) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(freedom, (1 + coverage) / 2))


def _term(estimate: float, error: float, times: float) -> dict[str, float]:
    return {
        "estimate": estimate,
        "standard_error": error,
        "low": estimate - times * error,
        "high": estimate + times * error,
    }
