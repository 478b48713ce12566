"""The formulas of normalisation, on arrays of directed values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from regionstudy.analysis.composite.registry import find, name_some, nearest
from regionstudy.analysis.composite.values import as_series
from regionstudy.errors import ConfigError, DataError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from regionstudy.analysis.composite.values import Array, Flags

    PerIndicator = Mapping[str, float] | pd.Series[float]

__all__ = ["NORMALISATIONS", "Sample"]

TIES: dict[str, Literal["average", "max", "min"]] = {
    "average": "average",
    "max": "max",
    "min": "min",
}


@dataclass(frozen=True, slots=True)
class Sample:
    """
    Values whose sign has been turned so that high is good, with their names.

    Parameters
    ----------
    x : array, shape (regions, indicators)
        Directed values; missing is NaN.
    sign : array, shape (indicators,)
        +1, or -1 where `x` is the negative of what is published.
    regions : Index
        Names of the rows.
    indicators : sequence of str
        Names of the columns.
    """

    x: Array
    sign: Array
    regions: pd.Index[str]
    indicators: Sequence[str]

    def require(self, good: Flags, problem: str, remedy: str) -> None:
        """
        Refuse the indicators for which a formula has no answer.

        Parameters
        ----------
        good : array of bool, shape (indicators,)
            False where the formula fails.
        problem, remedy : str
            What is wrong with them, and what to do.

        Raises
        ------
        DataError
            If any is False; names them.
        """
        if not good.all():
            bad = [name for name, fine in zip(self.indicators, good, strict=True) if not fine]
            raise DataError(f"{name_some(bad)} {problem}. {remedy}")

    def extremes(self) -> tuple[Array, Array]:
        """
        Find each indicator's minimum and maximum.

        Returns
        -------
        tuple of array, shape (indicators,)
            Minimum and maximum over the regions that have a value.

        Raises
        ------
        DataError
            If an indicator has the same value everywhere.
        """
        low, high = np.nanmin(self.x, axis=0), np.nanmax(self.x, axis=0)
        self.require(
            high > low,
            "has the same value in every region that has one, and cannot tell them apart",
            "Drop the indicator, or use goalposts.",
        )
        return low, high


def _minmax(sample: Sample, *, range: tuple[float, float] = (0, 100)) -> Array:  # noqa: A002
    low, high = sample.extremes()
    return _stretch((sample.x - low) / (high - low), range)


def _zscore(sample: Sample, *, mean: float = 0, sd: float = 1) -> Array:
    sample.extremes()
    centred = sample.x - np.nanmean(sample.x, axis=0)
    return np.asarray(centred / np.nanstd(sample.x, axis=0, ddof=1) * sd + mean)


def _rank(sample: Sample, *, ties: str = "min") -> Array:
    sample.extremes()
    method = find(TIES, ties, "way of ranking ties")
    return pd.DataFrame(sample.x).rank(method=method).to_numpy()


def _borda(sample: Sample, *, ties: str = "min") -> Array:
    return _rank(sample, ties=ties) - 1


def _percentile_rank(sample: Sample, *, ties: str = "min") -> Array:
    present = np.isfinite(sample.x).sum(axis=0)
    return np.asarray((_rank(sample, ties=ties) - 1) / (present - 1))


def _scaled(
    sample: Sample,
    *,
    bounds: tuple[float, float] = (0, 100),
    range: tuple[float, float] = (0, 100),  # noqa: A002
) -> Array:
    low, high = bounds
    if not high > low:
        raise ConfigError(f"bounds={bounds} do not rise. Give (lower, upper).")
    return _stretch((sample.x - low) / (high - low), range)


def _distance_to_max(sample: Sample) -> Array:
    low, high = sample.extremes()
    return 1 - (high - sample.x) / (high - low)


def _distance_to_reference(sample: Sample, *, reference: str, cap: bool = False) -> Array:
    low, _ = sample.extremes()
    if reference not in sample.regions:
        raise ConfigError(
            f"The reference '{reference}' is no region of the values."
            f"{nearest(reference, sample.regions)}"
        )
    at = sample.x[sample.regions.get_loc(reference)]
    sample.require(
        np.isfinite(at),
        f"is missing in the reference '{reference}'",
        "Impute it, or choose another region.",
    )
    sample.require(
        at > low,
        f"is worst in the reference '{reference}', so the distance to it has no length",
        "Choose another reference or method for it.",
    )
    return _cap(1 - (at - sample.x) / (at - low), cap=cap)


def _distance_to_target(sample: Sample, *, target: PerIndicator, cap: bool = False) -> Array:
    low, _ = sample.extremes()
    aim = as_series(target, sample.indicators, what="target") * sample.sign
    sample.require(
        aim > low,
        "has a target that the worst region has already reached",
        "Set a target that is better than the worst value.",
    )
    return _cap((sample.x - low) / (aim - low), cap=cap)


def _distance_to_mean(sample: Sample, *, national: PerIndicator | None = None) -> Array:
    if national is None:
        sample.extremes()
        mean = np.nanmean(sample.x, axis=0)
    else:
        mean = as_series(national, sample.indicators, what="national") * sample.sign
    sample.require(
        mean != 0,
        "has a mean of zero, so no relative distance to it exists",
        "Use the zscore for it.",
    )
    return np.asarray((sample.x - mean) / np.abs(mean))


def _goalposts(
    sample: Sample,
    *,
    lower: PerIndicator,
    upper: PerIndicator,
    range: tuple[float, float] = (0, 100),  # noqa: A002
    truncate: bool = True,
) -> Array:
    first = as_series(lower, sample.indicators, what="lower")
    last = as_series(upper, sample.indicators, what="upper")
    sample.require(
        last > first, "has goalposts that do not rise", "Give lower < upper in its own unit."
    )
    # With direction -1 the posts change sign and place, so that the better one scores highest.
    low = np.where(sample.sign > 0, first, -last)
    high = np.where(sample.sign > 0, last, -first)
    share = (sample.x - low) / (high - low)
    return _stretch(np.clip(share, 0, 1) if truncate else share, range)


def _fraction_of_max(sample: Sample) -> Array:
    sample.extremes()
    own = sample.x * sample.sign
    best = np.where(sample.sign > 0, np.nanmax(own, axis=0), np.nanmin(own, axis=0))
    positive = np.where(sample.sign > 0, best > 0, np.nanmin(own, axis=0) > 0)
    sample.require(
        positive,
        "has no positive best value (direction -1: not only positive values) to take a fraction of",
        "Use minmax for it.",
    )
    return np.asarray(
        np.where(sample.sign > 0, own / best, best / np.where(sample.sign > 0, 1, own))
    )


def _stretch(share: Array, limits: tuple[float, float]) -> Array:
    low, high = limits
    if not high > low:
        raise ConfigError(f"range={limits} does not rise. Give (lowest, highest).")
    return share * (high - low) + low


def _cap(share: Array, *, cap: bool) -> Array:
    return np.minimum(share, 1) if cap else share


NORMALISATIONS: dict[str, Callable[..., Array]] = {
    "borda": _borda,
    "distance_to_max": _distance_to_max,
    "distance_to_mean": _distance_to_mean,
    "distance_to_reference": _distance_to_reference,
    "distance_to_target": _distance_to_target,
    "fraction_of_max": _fraction_of_max,
    "goalposts": _goalposts,
    "minmax": _minmax,
    "percentile_rank": _percentile_rank,
    "rank": _rank,
    "scaled": _scaled,
    "zscore": _zscore,
}
