"""Fill in missing values, and say which."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from regionstudy.analysis.composite.registry import check_options, find, name_some
from regionstudy.analysis.composite.values import filled
from regionstudy.errors import ConfigError, DataError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from regionstudy.analysis.composite.values import Array

    Places = NDArray[np.intp]
    Groups = Mapping[str, str] | pd.Series[str]

__all__ = ["IMPUTATIONS", "impute", "imputed_cells"]


def impute(values: pd.DataFrame, *, method: str = "mean", **options: Any) -> pd.DataFrame:
    """
    Fill in missing values; each filled cell is listed.

    Methods: ``mean`` and ``median`` of the regions; ``group_mean`` and ``group_median``
    (``groups=`` region to group); ``nearest`` (``features=`` a frame of region features,
    ``neighbours=5``: mean of the regions most alike that have a value, by Euclidean distance
    of standardised features); and for a panel, index region and period, ``latest`` (the
    latest earlier period's value) and ``linear`` (on the line between the periods before
    and after).

    Parameters
    ----------
    values : DataFrame, shape (regions, indicators)
        Index region (or region and period), columns indicator ids.
    method : str, default "mean"
        One of the methods above.
    **options
        Options of the method.

    Returns
    -------
    DataFrame, shape (regions, indicators)
        Filled values. ``attrs["imputed"]`` lists each filled cell as a dict of ``region``,
        ``indicator`` and ``method``. The panel's methods leave missing what has no period
        to lean on; the others leave nothing missing.

    Raises
    ------
    ConfigError
        If the method or an option is unknown, or a region has no group or features.
    DataError
        If an indicator is missing everywhere, or in a whole group.

    Examples
    --------
    >>> values = pd.DataFrame({"jobs": [60.0, np.nan, 80.0]}, index=["2281", "2262", "2284"])
    >>> filled_in = impute(values, method="mean")
    >>> filled_in["jobs"].tolist()
    [60.0, 70.0, 80.0]
    >>> filled_in.attrs["imputed"]
    [{'region': '2262', 'indicator': 'jobs', 'method': 'mean'}]
    """
    function = find(IMPUTATIONS, method, "imputation")
    check_options(function, options, word=method, what="imputation")
    checked = filled(values)
    estimate = function(checked, **options)
    result = checked.where(checked.notna(), estimate)
    new = (checked.isna() & result.notna()).to_numpy()
    cells = [
        {"region": checked.index[row], "indicator": checked.columns[column], "method": method}
        for row, column in np.argwhere(new)
    ]
    result.attrs = {**values.attrs, "imputed": [*values.attrs.get("imputed", []), *cells]}
    return result


def imputed_cells(values: pd.DataFrame) -> pd.DataFrame:
    """
    Mark the cells that `impute` has filled.

    Parameters
    ----------
    values : DataFrame
        What `impute` returned, or any frame that has kept its ``attrs``.

    Returns
    -------
    DataFrame of bool
        True where the value is an estimate of ours.
    """
    flags = np.zeros(values.shape, dtype=bool)
    cells = values.attrs.get("imputed", [])
    if cells:
        rows = values.index.get_indexer(pd.Index([cell["region"] for cell in cells]))
        columns = values.columns.get_indexer(pd.Index([cell["indicator"] for cell in cells]))
        there = (rows >= 0) & (columns >= 0)
        flags[rows[there], columns[there]] = True
    return pd.DataFrame(flags, index=values.index, columns=values.columns)


def _mean(values: pd.DataFrame) -> pd.DataFrame:
    return _spread(values, values.mean())


def _median(values: pd.DataFrame) -> pd.DataFrame:
    return _spread(values, values.median())


def _spread(values: pd.DataFrame, row: pd.Series[float]) -> pd.DataFrame:
    wide = np.broadcast_to(row.to_numpy(), values.shape)
    return pd.DataFrame(wide, index=values.index, columns=values.columns)


def _group_mean(values: pd.DataFrame, *, groups: Groups) -> pd.DataFrame:
    return _by_group(values, groups, "mean")


def _group_median(values: pd.DataFrame, *, groups: Groups) -> pd.DataFrame:
    return _by_group(values, groups, "median")


def _by_group(
    values: pd.DataFrame, groups: Groups, statistic: Literal["mean", "median"]
) -> pd.DataFrame:
    of = pd.Series(dict(groups.items())).reindex(values.index)
    if of.isna().any():
        raise ConfigError(
            f"groups: the regions {name_some(values.index[of.isna()])} are in none. Add them."
        )
    estimate: pd.DataFrame = values.groupby(of.to_numpy()).transform(statistic)
    lost = values.isna() & estimate.isna()
    if lost.to_numpy().any():
        row, column = np.argwhere(lost.to_numpy())[0]
        raise DataError(
            f"'{values.columns[column]}' is missing in the whole group '{of.iloc[row]}'. "
            "Use wider groups, or another imputation."
        )
    return estimate


def _nearest(values: pd.DataFrame, *, features: pd.DataFrame, neighbours: int = 5) -> pd.DataFrame:
    if neighbours < 1:
        raise ConfigError(f"neighbours={neighbours}: give at least 1.")
    own = features.reindex(values.index)
    if own.isna().to_numpy().any():
        incomplete = values.index[own.isna().any(axis=1)]
        raise ConfigError(
            f"features: something is missing for {name_some(incomplete)}. Complete them."
        )
    spread = own.std()
    standard = ((own - own.mean()) / spread.where(spread > 0, 1.0)).to_numpy(dtype=np.float64)
    result = values.to_numpy().copy()
    for column in range(values.shape[1]):
        known = np.flatnonzero(np.isfinite(result[:, column]))
        lacking = np.flatnonzero(~np.isfinite(values.iloc[:, column].to_numpy()))
        if len(lacking) == 0:
            continue
        apart = ((standard[lacking, None, :] - standard[None, known, :]) ** 2).sum(axis=2)
        nearest = np.argsort(apart, axis=1, kind="stable")[:, :neighbours]
        result[lacking, column] = result[known[nearest], column].mean(axis=1)
    return pd.DataFrame(result, index=values.index, columns=values.columns)


def _latest(values: pd.DataFrame) -> pd.DataFrame:
    ordered = _panel(values)
    filled_in: pd.DataFrame = ordered.groupby(level=0, sort=False).ffill()
    return filled_in.reindex(values.index)


def _linear(values: pd.DataFrame) -> pd.DataFrame:
    ordered = _panel(values)
    when = _moments(ordered.index.get_level_values(1))
    region = ordered.index.get_level_values(0).to_numpy()
    result = ordered.to_numpy().copy()
    for code in pd.unique(region):
        rows: Places = np.flatnonzero(region == code)
        for column in range(result.shape[1]):
            present = np.isfinite(result[rows, column])
            if present.any():
                known: Places = rows[present]
                result[rows, column] = np.interp(
                    when[rows], when[known], result[known, column], left=np.nan, right=np.nan
                )
    return pd.DataFrame(result, index=ordered.index, columns=values.columns).reindex(values.index)


def _panel(values: pd.DataFrame) -> pd.DataFrame:
    if values.index.nlevels != 2:
        raise ConfigError(
            "imputation 'latest' and 'linear' need a panel: set the index to region and period."
        )
    return values.sort_index()


def _moments(periods: pd.Index[str]) -> Array:
    """Years as numbers; a quarter or month is its part of the year."""
    parts = periods.astype(str).to_series().str.extract(r"^(\d{4})(?:([KM])(\d{1,2}))?$")
    if parts[0].isna().any():
        raise ConfigError(
            f"'{periods[parts[0].isna().to_numpy()][0]}' is no period. "
            "Write 2024, 2024K3 or 2024M05."
        )
    per_year = parts[1].map({"K": 4.0, "M": 12.0}).astype(float)
    fraction = ((parts[2].astype(float) - 1) / per_year).fillna(0.0)
    return np.asarray(parts[0].astype(float) + fraction, dtype=np.float64)


IMPUTATIONS: dict[str, Callable[..., pd.DataFrame]] = {
    "group_mean": _group_mean,
    "group_median": _group_median,
    "latest": _latest,
    "linear": _linear,
    "mean": _mean,
    "median": _median,
    "nearest": _nearest,
}
