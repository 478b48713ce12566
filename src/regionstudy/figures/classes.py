"""Map classes with round limits: six around zero, or five from low to high."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from regionstudy.errors import ConfigError, DataError
from regionstudy.figures.theme import SCALES
from regionstudy.figures.values import number_text
from regionstudy.words import Message, Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Classes", "Scale", "classify"]

Scale = Literal["diverging", "sequential", "categorical"]

_MANTISSAS = (1.0, 2.0, 2.5, 5.0)
# Below this share of the greatest possible evenness, equal steps leave classes nearly empty.
_EVEN_ENOUGH = 0.7


@dataclass(frozen=True, slots=True)
class Classes:
    """
    The classes of a map.

    Parameters
    ----------
    scale : {"diverging", "sequential", "categorical"}
        The colour scale.
    limits : tuple of float
        Limits between classes, ascending; a value on a limit is in the class above it.
    labels : tuple of Text
        A label a class, lowest first.
    counts : tuple of int
        Regions a class, lowest first.
    of : Series of Int64
        Each region's class, 1 the lowest, missing where there is no value.
    """

    scale: Scale
    limits: tuple[float, ...]
    labels: tuple[Text, ...]
    counts: tuple[int, ...]
    of: pd.Series[int]


def classify(
    values: pd.Series[float],
    *,
    scale: str = "auto",
    limits: Sequence[float] | None = None,
    categories: Mapping[str, Text] | None = None,
) -> Classes:
    """
    Put values into classes whose limits a reader can remember.

    Parameters
    ----------
    values : Series of float (of str when categorical)
        A value a region; NaN is in no class.
    scale : {"auto", "diverging", "sequential", "categorical"}, default "auto"
        Diverging has six classes with a limit at zero, sequential five. "auto" is diverging
        where values lie on both sides of zero.
    limits : sequence of float, optional
        Limits to use instead of those found: five or four of them.
    categories : mapping of str to Text, optional
        The categories in their order, at most four, when categorical; a fifth is drawn
        in the grey of land, for regions of which nothing can be said.

    Returns
    -------
    Classes
        The classes, with counts that add up to the values that are there.

    Raises
    ------
    ConfigError
        If `scale` is unknown, or `limits` are not as many as it needs, ascending.
    DataError
        If a category is unknown.

    Notes
    -----
    Limits are multiples of 1, 2, 2.5 or 5 times a power of ten. Of all such equal steps the one
    with the most even classes is used, the coarser where two are alike. Where values are so
    skew that none is even (prices, say), limits are the quintiles, in as few digits as will do.

    Examples
    --------
    >>> made = classify(pd.Series([-2.5, -0.5, 0.0, 0.3, 1.5, 2.5]))
    >>> made.limits, made.counts
    ((-2.0, -1.0, 0.0, 1.0, 2.0), (1, 0, 1, 2, 1, 1))
    """
    if categories is not None or scale == "categorical":
        return _categorical(values, categories or {})
    there = values.dropna().to_numpy(dtype=float)
    if scale == "auto":
        around_zero = there.size > 0 and there.min() < 0 < there.max()
        scale = "diverging" if around_zero else "sequential"
    if scale not in ("diverging", "sequential"):
        msg = f'There is no scale "{scale}"; use auto, {", ".join(SCALES)}.'
        raise ConfigError(msg)
    wanted = len(SCALES[scale]) - 1
    if limits is None:
        found = _around_zero(there) if scale == "diverging" else _low_to_high(there)
    else:
        found = np.asarray(limits, dtype=float)
        if found.size != wanted or (np.diff(found) <= 0).any():
            msg = f"A {scale} map has {wanted} ascending limits, but got {list(limits)}."
            raise ConfigError(msg)
    place = np.searchsorted(found, values.to_numpy(dtype=float), side="right") + 1
    of = pd.Series(place, index=values.index, dtype="Int64").mask(values.isna())
    counts = np.bincount(of.dropna().to_numpy(dtype=int), minlength=wanted + 2)[1:]
    return Classes(
        "diverging" if scale == "diverging" else "sequential",
        tuple(float(limit) for limit in found),
        _labels(found, signed=scale == "diverging"),
        tuple(int(count) for count in counts),
        of,
    )


def _categorical(values: pd.Series[float], categories: Mapping[str, Text]) -> Classes:
    names = list(categories)
    coloured = len(SCALES["categorical"])
    if not names or len(names) > coloured + 1:
        msg = (
            f"A categorical map has one to {coloured} categories and a grey one, "
            f"but {len(names)} are given; join some into one."
        )
        raise ConfigError(msg)
    there = values.dropna()
    unknown = sorted(set(there.astype("str")) - set(names))
    if unknown:
        msg = f"Values {', '.join(unknown[:5])} are not among the categories {', '.join(names)}."
        raise DataError(msg)
    order = pd.Series(range(1, len(names) + 1), index=names, dtype="Int64")
    of = values.astype("str").where(values.notna()).map(order).astype("Int64")
    counts = tuple(int((of == number).sum()) for number in order)
    return Classes("categorical", (), tuple(categories.values()), counts, of)


def _steps(spread: float) -> list[float]:
    """Give every round step that is a reasonable part of a spread."""
    top = math.ceil(math.log10(spread)) if spread > 0 else 1
    powers = range(top - 3, top + 1)
    return sorted(mantissa * 10.0**power for power in powers for mantissa in _MANTISSAS)


def _evenness(values: np.ndarray, limits: np.ndarray) -> float:
    """Give the entropy of the class counts, 1 where all are equal."""
    counts = np.bincount(np.searchsorted(limits, values, side="right"), minlength=limits.size + 1)
    share = counts[counts > 0] / values.size
    return float(-(share * np.log(share)).sum() / math.log(limits.size + 1))


def _around_zero(values: np.ndarray) -> np.ndarray:
    spread = float(np.abs(values).max()) if values.size else 0.0
    best = max(
        (np.arange(-2, 3) * step for step in reversed(_steps(spread))),
        key=lambda limits: _evenness(values, limits) if values.size else 0.0,
    )
    return _rounded(best)


def _low_to_high(values: np.ndarray) -> np.ndarray:
    if values.size == 0 or values.min() == values.max():
        # One value only: classes of one round step around it.
        low = math.floor(values[0]) if values.size else 0
        return np.arange(low - 1.0, low + 3.0)
    spread = float(values.max() - values.min())
    candidates = [
        (np.arange(4) + first) * step
        for step in reversed(_steps(spread))
        if step >= spread / 40
        for first in range(math.floor(values.min() / step), math.ceil(values.max() / step) - 2)
    ]
    equal = max(candidates, key=lambda limits: _evenness(values, limits))
    if _evenness(values, equal) >= _EVEN_ENOUGH:
        return _rounded(equal)
    quintiles = np.quantile(values, [0.2, 0.4, 0.6, 0.8])
    skew = [np.array([float(f"{x:.{digits}g}") for x in quintiles]) for digits in (1, 2, 3)]
    skew = [limits for limits in skew if (np.diff(limits) > 0).all()]
    # The roundest of those that are nearly as even as quintiles can be; few distinct values
    # (most regions at 0, say) have no such limits, and keep the equal steps.
    best = max((_evenness(values, limits) for limits in skew), default=0.0)
    return _rounded(
        next((limits for limits in skew if _evenness(values, limits) >= 0.95 * best), equal)
    )


def _rounded(limits: np.ndarray) -> np.ndarray:
    # 3 * 0.1 is 0.30000000000000004, which would be shown, and compared, as such.
    return np.array([float(f"{limit:.12g}") for limit in limits]) + 0.0


def _decimals(limits: np.ndarray) -> int:
    return next((d for d in range(8) if np.allclose(np.round(limits, d), limits, atol=1e-9)), 8)


def _labels(limits: np.ndarray, *, signed: bool) -> tuple[Text, ...]:
    decimals = _decimals(limits)
    # Zero is zero: "0,0" would promise a precision that a limit has not.
    written = [number_text(float(x), decimals if x else 0, signed=signed) for x in limits]
    return (
        Message("figures.class.below", {"limit": written[0]}),
        *(
            Message("figures.class.between", {"low": low, "high": high})
            for low, high in pairwise(written)
        ),
        Message("figures.class.above", {"limit": written[-1]}),
    )
