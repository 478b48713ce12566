"""Put indicators on a common scale on which high is good."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from regionstudy.analysis.composite.ranks import require_level
from regionstudy.analysis.composite.registry import check_options, find, name_some, nearest
from regionstudy.analysis.composite.scales import NORMALISATIONS, Sample
from regionstudy.analysis.composite.values import filled
from regionstudy.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from regionstudy.analysis.composite.values import Array

__all__ = ["normalise"]


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
        parts = [
            normalise(
                part, method=method, direction=direction, by_indicator=by_indicator, **options
            )
            for _, part in values.groupby(level=within, sort=False)
        ]
        return pd.concat(parts).reindex(values.index)
    checked = filled(values)
    signs = _signs(checked.columns, direction)
    special = dict(by_indicator or {})
    _require_indicators(special, checked.columns, "by_indicator")
    scale = find(NORMALISATIONS, method, "normalisation")
    check_options(scale, options, word=method, what="normalisation")
    result = np.empty(checked.shape)
    place = {name: k for k, name in enumerate(checked.columns)}
    common = [k for k, name in enumerate(checked.columns) if name not in special]
    if common:
        result[:, common] = scale(_sample(checked, signs, common), **options)
    for name, own in special.items():
        own_options = dict(own)
        word = own_options.pop("method", method)
        own_scale = find(NORMALISATIONS, word, "normalisation")
        check_options(own_scale, own_options, word=word, what="normalisation")
        column = [place[name]]
        result[:, column] = own_scale(_sample(checked, signs, column), **own_options)
    normalised = pd.DataFrame(result, index=values.index, columns=values.columns)
    normalised.attrs = values.attrs
    return normalised


def _sample(checked: pd.DataFrame, signs: Array, columns: list[int]) -> Sample:
    return Sample(
        x=checked.to_numpy()[:, columns] * signs[columns],
        sign=signs[columns],
        regions=checked.index,
        indicators=checked.columns[columns],
    )


def _signs(columns: pd.Index[str], direction: Mapping[str, int] | pd.Series[int] | None) -> Array:
    given = {} if direction is None else {str(k): int(v) for k, v in direction.items()}
    _require_indicators(given, columns, "direction")
    wrong = [name for name, sign in given.items() if sign not in (1, -1)]
    if wrong:
        raise ConfigError(
            f"direction: {name_some(wrong)} has {given[wrong[0]]}. Set 1 (more attracts) or -1 "
            "(less attracts); context (0) does not belong in an index."
        )
    return np.array([float(given.get(name, 1)) for name in columns])


def _require_indicators(given: Mapping[str, object], columns: pd.Index[str], what: str) -> None:
    unknown = [name for name in given if name not in columns]
    if unknown:
        raise ConfigError(
            f"{what}: {name_some(unknown)} is no indicator of the values."
            f"{nearest(unknown[0], columns)}"
        )
