"""Say how complete the data are, leave out what is too thin, and divide by size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from regionstudy.analysis.composite.aggregate import require_leaves
from regionstudy.analysis.composite.registry import name_some, nearest
from regionstudy.analysis.composite.structure import read_structure
from regionstudy.analysis.composite.values import check_values
from regionstudy.errors import ConfigError, DataError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Screening", "availability", "denominate", "screen"]


@dataclass(frozen=True)
class Screening:
    """
    What a screening kept, and why.

    Parameters
    ----------
    values : DataFrame, shape (kept regions, kept indicators)
        The values that remain.
    regions : DataFrame, a row a region
        ``missing`` and ``zero`` (counts), ``available`` (share of indicators present),
        ``non_zero`` (share of the present that is not 0), ``kept``.
    indicators : DataFrame, a row an indicator
        The same for each indicator, over the regions.
    """

    values: pd.DataFrame
    regions: pd.DataFrame
    indicators: pd.DataFrame


def screen(
    values: pd.DataFrame,
    *,
    min_available: float = 0.65,
    min_non_zero: float = 0.0,
    min_available_indicator: float = 0.0,
) -> Screening:
    """
    Leave out regions, and indicators, with too little data.

    Indicators are screened first, then the regions on the indicators that remain.

    Parameters
    ----------
    values : DataFrame, shape (regions, indicators)
        Index region, columns indicator ids; missing is NaN.
    min_available : float, default 0.65
        Share of the indicators (0-1) that a region must have.
    min_non_zero : float, default 0
        Share of a region's present values that must differ from 0.
    min_available_indicator : float, default 0
        Share of the regions that an indicator must cover.

    Returns
    -------
    Screening
        What remains, and the counts behind it.

    Raises
    ------
    ConfigError
        If a limit is not between 0 and 1.
    DataError
        If nothing remains.

    Examples
    --------
    >>> values = pd.DataFrame({"jobs": [60.0, np.nan], "rent": [8.0, np.nan]},
    ...     index=["2281", "2262"])
    >>> screen(values, min_available=0.5).values
          jobs  rent
    2281  60.0   8.0
    """
    limits = {
        "min_available": min_available,
        "min_non_zero": min_non_zero,
        "min_available_indicator": min_available_indicator,
    }
    for name, limit in limits.items():
        if not 0 <= limit <= 1:
            raise ConfigError(f"{name}={limit} is no share. Give a number between 0 and 1.")
    checked = check_values(values)
    indicators = _count(checked, axis=0)
    indicators["kept"] = indicators["available"] >= min_available_indicator
    narrowed = checked.loc[:, indicators["kept"].to_numpy()]
    regions = _count(narrowed, axis=1)
    regions["kept"] = (regions["available"] >= min_available) & (
        regions["non_zero"] >= min_non_zero
    )
    kept = narrowed.loc[regions["kept"].to_numpy()]
    if kept.empty:
        raise DataError(
            "screen: no region or no indicator is complete enough. "
            "Lower min_available, or fetch more."
        )
    return Screening(values=kept, regions=regions, indicators=indicators)


def availability(values: pd.DataFrame, structure: pd.DataFrame) -> pd.DataFrame:
    """
    Compute which share of the indicators under each aggregate a region has.

    Parameters
    ----------
    values : DataFrame, shape (regions, indicators)
        Index region, columns indicator ids.
    structure : DataFrame
        Columns ``id``, ``parent``, ``weight``, ``direction``; see `read_structure`.

    Returns
    -------
    DataFrame, shape (regions, aggregates)
        Shares between 0 and 1.

    Raises
    ------
    ConfigError
        If the structure is wrong or names an indicator that `values` lacks.
    """
    tree = read_structure(structure)
    require_leaves(tree, values)
    present = check_values(values).notna()
    shares = {node: present[list(tree.below(node))].mean(axis=1) for node in tree.aggregates}
    return pd.DataFrame(shares, index=values.index)


def denominate(
    values: pd.DataFrame,
    denominators: pd.DataFrame,
    *,
    by: Mapping[str, str] | pd.Series[str],
    factor: float = 1.0,
) -> pd.DataFrame:
    """
    Divide indicators by a size, such as population.

    Parameters
    ----------
    values : DataFrame, shape (regions, indicators)
        Index region, columns indicator ids.
    denominators : DataFrame, shape (regions, sizes)
        Index region, a column a size.
    by : mapping or Series of str
        Indicator to the column that divides it; the others stay as they are.
    factor : float, default 1
        What the quotient is multiplied by, such as 1000 for "per 1,000 inhabitants".

    Returns
    -------
    DataFrame, shape (regions, indicators)
        New values; missing where indicator or size is missing.

    Raises
    ------
    ConfigError
        If an indicator or a size is unknown.
    DataError
        If a region has no row of sizes, or a size is 0 or negative.

    Examples
    --------
    >>> values = pd.DataFrame({"moved_in": [50.0]}, index=["2281"])
    >>> sizes = pd.DataFrame({"population": [10_000.0]}, index=["2281"])
    >>> denominate(values, sizes, by={"moved_in": "population"}, factor=1000)
          moved_in
    2281       5.0
    """
    checked = check_values(values)
    sizes = check_values(denominators, what="denominators")
    chosen = {name: size for name, size in by.items() if isinstance(size, str) and size}
    for name, size in chosen.items():
        if name not in checked.columns:
            raise ConfigError(
                f"by: '{name}' is no indicator of the values.{nearest(name, checked.columns)}"
            )
        if size not in sizes.columns:
            raise ConfigError(
                f"by: '{size}' (for '{name}') is no column of the denominators."
                f"{nearest(size, sizes.columns)}"
            )
    strangers = checked.index.difference(sizes.index)
    if len(strangers):
        raise DataError(f"denominators: the regions {name_some(strangers)} have no row. Add them.")
    result = checked.copy()
    for name, size in chosen.items():
        divisor = sizes[size].reindex(checked.index)
        wrong = divisor.index[divisor <= 0]
        if len(wrong):
            raise DataError(
                f"denominators: '{size}' is 0 or less in {name_some(wrong)}, and cannot divide "
                f"'{name}'. Mend it, or make it missing."
            )
        result[name] = checked[name] / divisor * factor
    return result


def _count(values: pd.DataFrame, *, axis: int) -> pd.DataFrame:
    numbers = values.to_numpy()
    present = np.isfinite(numbers)
    missing = (~present).sum(axis=axis)
    zero = (numbers == 0).sum(axis=axis)
    total = numbers.shape[axis]
    there = np.maximum(total - missing, 1)
    return pd.DataFrame(
        {
            "missing": missing,
            "zero": zero,
            "available": 1 - missing / max(total, 1),
            "non_zero": 1 - zero / there,
        },
        index=values.index if axis == 1 else values.columns,
    )
