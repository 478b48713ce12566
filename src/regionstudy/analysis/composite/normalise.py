"""Put indicators on a common scale on which high is good."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from regionstudy.analysis.composite.ranks import require_level
from regionstudy.analysis.composite.registry import check_options, find, name_some, nearest
from regionstudy.analysis.composite.scales import NORMALISATIONS, Sample
from regionstudy.analysis.composite.values import filled
from regionstudy.errors import ConfigError, DataError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from regionstudy.analysis.composite.values import Array

__all__ = ["normalise", "scale"]


def normalise(
    values: pd.DataFrame,
    *,
    method: str = "minmax",
    direction: Mapping[str, int] | pd.Series[int] | None = None,
    by_indicator: Mapping[str, Mapping[str, Any]] | None = None,
    within: str | None = None,
    **options: Any,
) -> pd.DataFrame:
    r"""
    Put indicators on a common scale on which high is good.

    An indicator whose direction is -1 changes sign first; every formula then treats high
    as good. With :math:`x` the directed value and the minimum, maximum, mean and standard
    deviation (n - 1) taken over the regions that have one:

    - ``minmax`` (``range=(0, 100)``): :math:`(x - \min)/(\max - \min)` on the range;
    - ``zscore`` (``mean=0, sd=1``): :math:`(x - \bar x)/s` on that mean and deviation;
    - ``rank`` (``ties="min"``, "average" or "max"): 1 is the worst;
    - ``borda``: rank - 1;
    - ``percentile_rank``: (rank - 1)/(n - 1);
    - ``scaled`` (``bounds=(0, 100), range=(0, 100)``): bounds known beforehand;
    - ``distance_to_max``: :math:`1 - (\max - x)/(\max - \min)`;
    - ``distance_to_reference`` (``reference=`` a region, ``cap=False``):
      :math:`1 - (x_{ref} - x)/(x_{ref} - \min)`;
    - ``distance_to_target`` (``target=`` a number an indicator, ``cap=False``):
      :math:`(x - \min)/(target - \min)`;
    - ``distance_to_mean`` (``national=`` a number an indicator, else the regions' mean):
      :math:`(x - m)/|m|`, 0 at the mean;
    - ``goalposts`` (``lower=, upper=`` a number an indicator, in its own unit and sign;
      ``range=(0, 100), truncate=True``);
    - ``fraction_of_max``: :math:`x/\max`; for direction -1 :math:`\min/x` in its own sign,
      as the Handbook has it, since the quotient of negative numbers would turn the order.

    Parameters
    ----------
    values : DataFrame, shape (regions, indicators)
        Index region (or region and period: then over all periods), columns indicator ids.
    method : str, default "minmax"
        One of the methods above.
    direction : mapping or Series of int, optional
        Indicator to +1 or -1; +1 where none is given.
    by_indicator : mapping, optional
        Indicator to ``{"method": …, option: …}``, for those that differ.
    within : str, optional
        Name of an index level, such as "period": each is then normalised by itself.
    **options
        Options of `method`.

    Returns
    -------
    DataFrame, shape (regions, indicators)
        Normalised values; missing stays missing.

    Raises
    ------
    ConfigError
        If a method, option, indicator or direction is unknown.
    DataError
        If an indicator is constant, all missing, repeated or infinite, there is but one
        region, or a formula divides by zero.

    References
    ----------
    OECD/JRC (2008), Handbook on Constructing Composite Indicators, step 5.

    Examples
    --------
    >>> values = pd.DataFrame({"jobs": [60.0, 70.0, 80.0], "rent": [8.0, 5.0, 6.0]},
    ...     index=["2281", "2262", "2284"])
    >>> normalise(values, direction={"rent": -1}).round(1)
          jobs   rent
    2281   0.0    0.0
    2262  50.0  100.0
    2284 100.0   66.7
    """
    if within is not None:
        require_level(values, within)
        parts = []
        for name, part in values.groupby(level=within, sort=False):
            try:
                one = normalise(
                    part, method=method, direction=direction, by_indicator=by_indicator, **options
                )
            except DataError as error:
                raise DataError(f"Within {within} '{name}': {error}") from error
            parts.append(one)
        return pd.concat(parts).reindex(values.index)
    checked = filled(values)
    names = checked.columns.tolist()
    result = scale(
        checked.to_numpy(),
        checked.index,
        names,
        signs=_signs(names, direction),
        method=method,
        by_indicator=by_indicator or {},
        options=options,
    )
    normalised = pd.DataFrame(result, index=values.index, columns=values.columns)
    normalised.attrs = values.attrs
    return normalised


def scale(
    x: Array,
    regions: pd.Index[str],
    indicators: Sequence[str],
    *,
    signs: Array,
    method: str,
    by_indicator: Mapping[str, Mapping[str, Any]],
    options: Mapping[str, Any],
) -> Array:
    """
    Normalise values that have been checked; see `normalise`.

    Parameters
    ----------
    x : array, shape (regions, indicators)
        Values in their own units.
    regions : Index
        Names of the rows.
    indicators : sequence of str
        Names of the columns.
    signs : array, shape (indicators,)
        Directions, +1 or -1.
    method : str
        The method of those that `by_indicator` does not name.
    by_indicator : mapping
        Indicator to its own method and options.
    options : mapping
        Options of `method`.

    Returns
    -------
    array, shape (regions, indicators)
        Normalised values.
    """
    _require_indicators(by_indicator, indicators, "by_indicator")
    place = {name: k for k, name in enumerate(indicators)}
    common = [k for k, name in enumerate(indicators) if name not in by_indicator]
    groups = [(common, method, dict(options))]
    for name, own in by_indicator.items():
        rest = {key: value for key, value in own.items() if key != "method"}
        groups.append(([place[name]], own.get("method", method), rest))
    result = np.empty(x.shape)
    for columns, word, own_options in groups:
        formula = find(NORMALISATIONS, word, "normalisation")
        check_options(formula, own_options, word=word, what="normalisation")
        if columns:
            sample = Sample(
                x=x[:, columns] * signs[columns],
                sign=signs[columns],
                regions=regions,
                indicators=[indicators[k] for k in columns],
            )
            result[:, columns] = formula(sample, **own_options)
    return result


def _signs(
    indicators: Sequence[str], direction: Mapping[str, int] | pd.Series[int] | None
) -> Array:
    given = {} if direction is None else dict(direction.items())
    _require_indicators(given, indicators, "direction")
    wrong = [name for name, sign in given.items() if sign not in (1, -1)]
    if wrong:
        raise ConfigError(
            f"direction: {name_some(wrong)} has {given[wrong[0]]}. Set 1 (more attracts) or -1 "
            "(less attracts); context (0) does not belong in an index."
        )
    return np.array([float(given.get(name, 1)) for name in indicators])


def _require_indicators(given: Iterable[Any], indicators: Sequence[str], what: str) -> None:
    known = set(indicators)
    unknown = [name for name in given if name not in known]
    if unknown:
        raise ConfigError(
            f"{what}: {name_some(unknown)} is no indicator of the values."
            f"{nearest(unknown[0], indicators)}"
        )
