"""Say which choice moves the result most: Sobol indices of first and total order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from regionstudy.analysis.composite.alternatives import read_alternatives
from regionstudy.analysis.composite.choices import Space, build_nominal
from regionstudy.analysis.composite.registry import nearest
from regionstudy.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from regionstudy.analysis.composite.values import Array

__all__ = ["Sensitivity", "sensitivity"]


@dataclass(frozen=True)
class Sensitivity:
    """
    How much of the variance of a result each choice accounts for.

    Parameters
    ----------
    indices : DataFrame, index factor
        ``first`` (share of the variance that the choice causes by itself), ``total`` (with
        its interactions), and the bootstrap limits ``first_low``, ``first_high``,
        ``total_low``, ``total_high``. The largest total comes first.
    variance : float
        Variance of the result over the variants; 0 where nothing moves it.
    region : str or None
        Whose rank is the result; None for the mean absolute change of all ranks.
    variants : int
        How many variants were computed.
    coverage : float
        Confidence of the limits.
    """

    indices: pd.DataFrame
    variance: float
    region: str | None
    variants: int
    coverage: float

    @property
    def strongest(self) -> str | None:
        """The choice that moves the result most (largest total), None where nothing moves it."""
        return str(self.indices.index[0]) if self.variance > 0 else None

    @property
    def leads_clearly(self) -> bool:
        """Whether the strongest choice's limits lie above those of the second."""
        if self.variance == 0:
            return False
        if len(self.indices) == 1:
            return True
        return bool(self.indices["total_low"].iloc[0] > self.indices["total_high"].iloc[1])


def sensitivity(
    values: pd.DataFrame,
    structure: pd.DataFrame,
    *,
    region: str | None = None,
    draws: int = 512,
    seed: int,
    coverage: float = 0.95,
    resamples: int = 200,
    nominal: Mapping[str, Any] | None = None,
    **alternatives: Any,
) -> Sensitivity:
    """
    Compute Sobol indices of the choices behind an index.

    The factors are the choices with more than one alternative, the indicator left out, and
    all weights together. An index near 0 may come out slightly negative: it is an estimate.

    Parameters
    ----------
    values : DataFrame, shape (regions, indicators)
        As `build_index` takes them.
    structure : DataFrame
        Columns ``id``, ``parent``, ``weight``, ``direction``.
    region : str, optional
        The region whose rank is explained; without one it is the mean absolute change of
        all regions' ranks against the nominal index.
    draws : int, default 512
        Base sample, a power of 2; draws x (factors + 2) variants are computed.
    seed : int
        Start of the random numbers.
    coverage : float, default 0.95
        Confidence of the bootstrap limits.
    resamples : int, default 200
        Bootstrap resamples.
    nominal : mapping, optional
        The index's own choices, as `build_index` takes them.
    **alternatives
        What may vary; see `Alternatives`.

    Returns
    -------
    Sensitivity
        Indices of each factor.

    Raises
    ------
    ConfigError
        If nothing varies, the region is unknown, or a number is out of range.
    DataError
        As `build_index`, for any combination of the alternatives.

    References
    ----------
    Saltelli, Annoni, Azzini et al. (2010), Computer Physics Communications 181(2), 259-270.

    Examples
    --------
    >>> structure = pd.DataFrame({"id": ["jobs", "rent", "index"],
    ...     "parent": ["index", "index", ""], "weight": [1, 1, 1], "direction": [1, -1, 1]})
    >>> values = pd.DataFrame({"jobs": [60.0, 70.0, 80.0], "rent": [5.0, 6.0, 8.0]},
    ...     index=["2281", "2262", "2284"])
    >>> sensitivity(values, structure, region="2281", draws=64, seed=1).strongest
    'left_out'
    """
    if draws < 2 or draws & (draws - 1):
        raise ConfigError(f"draws={draws}: give a power of 2, such as 512 (Sobol's sequence).")
    if not 0 < coverage < 1:
        raise ConfigError(f"coverage={coverage}: give a share between 0 and 1, such as 0.95.")
    if resamples < 2:
        raise ConfigError(f"resamples={resamples}: give at least 2, such as 200.")
    index = build_nominal(values, structure, nominal)
    if region is not None and region not in values.index:
        raise ConfigError(
            f"region: '{region}' is no region of the values.{nearest(region, values.index)}"
        )
    space = Space(values, structure, read_alternatives(alternatives))
    if not space.factors:
        raise ConfigError("sensitivity: nothing varies. Give at least two alternatives.")
    ranks, problem = _compute(space, draws, seed)
    result = (
        ranks[:, values.index.get_loc(region)].astype(np.float64)
        if region is not None
        else np.abs(ranks - index.ranks[index.root].to_numpy()).mean(axis=1)
    )
    variance = float(result.var())
    return Sensitivity(
        indices=_indices(problem, space, result, coverage, resamples, seed),
        variance=variance,
        region=region,
        variants=len(result),
        coverage=coverage,
    )


def _compute(space: Space, draws: int, seed: int) -> tuple[NDArray[np.int32], dict[str, Any]]:
    # Here, not at the top: SALib doubles the time that a study takes to start.
    from SALib.sample import sobol as sobol_sample

    single = [name for name in space.factors if name != "weights"]
    weighted = list(space.weighted) if "weights" in space.factors else []
    problem = {
        "num_vars": len(single) + len(weighted),
        "names": [*single, *(f"weight of {name}" for name in weighted)],
        "bounds": [[0.0, 1.0]] * (len(single) + len(weighted)),
        "groups": [*single, *(["weights"] * len(weighted))],
    }
    uniform = sobol_sample.sample(problem, draws, calc_second_order=False, seed=seed)
    variants = space.decode(
        {name: uniform[:, k] for k, name in enumerate(single)},
        uniform[:, len(single) :] if weighted else None,
        len(uniform),
    )
    return space.ranks(variants), problem


def _indices(
    problem: dict[str, Any],
    space: Space,
    result: Array,
    coverage: float,
    resamples: int,
    seed: int,
) -> pd.DataFrame:
    from SALib.analyze import sobol as sobol_indices

    columns = ["first", "first_low", "first_high", "total", "total_low", "total_high"]
    factors = pd.Index(space.factors, name="factor")
    if result.var() == 0:  # no variance to share out
        return pd.DataFrame(0.0, index=factors, columns=columns)
    found = sobol_indices.analyze(
        problem,
        result,
        calc_second_order=False,
        num_resamples=resamples,
        conf_level=coverage,
        seed=seed,
    )
    indices = pd.DataFrame(
        {
            "first": found["S1"],
            "first_low": found["S1"] - found["S1_conf"],
            "first_high": found["S1"] + found["S1_conf"],
            "total": found["ST"],
            "total_low": found["ST"] - found["ST_conf"],
            "total_high": found["ST"] + found["ST_conf"],
        },
        index=factors,
    )
    return indices.sort_values("total", ascending=False, kind="stable")
