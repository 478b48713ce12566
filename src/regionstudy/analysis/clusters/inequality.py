"""How unequal regions are in a figure such as income."""

from __future__ import annotations

import numpy as np
import pandas as pd

from regionstudy.analysis.checks import require_columns, require_unique
from regionstudy.analysis.statuses import MISSING, NOT_APPLICABLE, severity, words
from regionstudy.errors import DataError

__all__ = ["inequality"]


def inequality(values: pd.DataFrame, *, weight: str | None = None) -> pd.DataFrame:
    """
    Measure how far regions lie apart, year by year.

    With x a region's figure, w its share of the weights (1/n without) and m the weighted mean:

    - ``gini = ΣΣ w_i w_j |x_i - x_j| / (2 m)``;
    - ``theil = Σ w (x/m) ln(x/m)`` (Theil's T) and ``mean_log_deviation = Σ w ln(m/x)``
      (Theil's L, which some packages call theil);
    - ``williamson = sqrt(Σ w (x - m)²) / m``, the weighted coefficient of variation; without
      weights, ``cv`` of all regions (over n, not n - 1).

    Without weights a small municipality counts as a large one; with the population as weight
    they are measures of people's regions. They do not measure inequality among people.

    Parameters
    ----------
    values : DataFrame
        ``region``, ``value`` (a figure a head, such as income), optionally ``period`` and
        ``status``, and the column `weight`; regions of one level.
    weight : str, optional
        The column with weights, such as the population.

    Returns
    -------
    DataFrame
        ``period`` where given, ``regions``, ``mean``, ``gini``, ``theil``,
        ``mean_log_deviation``, ``williamson`` (with `weight`) or ``cv``, ``status``. NaN with
        ".." where a region or its weight is missing; the logarithmic ones NaN, and status ".",
        where a figure is not above 0, all where the mean is not.

    Raises
    ------
    DataError
        If a column is absent, rows repeat, a figure is negative, or a weight negative or all 0.

    References
    ----------
    Theil (1967), Economics and information theory, North-Holland; Williamson (1965), Regional
    inequality and the process of national development, Economic Development and Cultural
    Change 13(4), 1-84.

    Examples
    --------
    >>> incomes = pd.DataFrame({"region": ["1", "2", "3"], "value": [10., 20., 30.]})
    >>> inequality(incomes)[["mean", "gini", "cv"]].round(3)
       mean   gini     cv
    0  20.0  0.222  0.408
    """
    keys = ["period"] if "period" in values.columns else []
    require_columns(values, ["region", "value", *([weight] if weight else [])], name="values")
    require_unique(values, ["region", *keys], name="values")
    weights = values[weight].astype(float) if weight else pd.Series(1.0, index=values.index)
    for name, column in (("value", values["value"]), (str(weight), weights)):
        if (column < 0).any():
            first = values.loc[column < 0].iloc[0]
            msg = f"values has a negative {name} in region {first['region']}; none can be."
            raise DataError(msg)
    code = severity(values["status"]) if "status" in values.columns else np.int8(0)
    code = np.where(values["value"].isna() | weights.isna(), MISSING, code)
    rows = pd.DataFrame({"x": values["value"].astype(float), "w": weights, "code": code})
    rows = rows.assign(**{key: values[key].astype(str) for key in keys})
    groups = rows.groupby(keys, sort=True) if keys else [((), rows)]
    spread = "williamson" if weight else "cv"
    found = [{**dict(zip(keys, key, strict=True)), **_measures(own, spread)} for key, own in groups]
    result = pd.DataFrame(found)
    result["status"] = words(result.pop("code").to_numpy(dtype=np.int8))
    result.attrs = dict(values.attrs)
    return result


def _measures(rows: pd.DataFrame, spread: str) -> dict[str, float | int]:
    names = ("mean", "gini", "theil", "mean_log_deviation", spread)
    measures: dict[str, float | int] = {"regions": len(rows), **dict.fromkeys(names, np.nan)}
    code = int(rows["code"].max())
    if code >= MISSING:
        return {**measures, "code": MISSING}
    ascending = rows.sort_values("x")
    x, w = ascending["x"].to_numpy(), ascending["w"].to_numpy()
    if not w.sum() > 0:
        msg = "values has weights that are all 0; at least one region must count."
        raise DataError(msg)
    w = w / w.sum()
    mean = float((w * x).sum())
    measures["mean"] = mean
    if mean <= 0:
        return {**measures, "code": NOT_APPLICABLE}
    # Sorted, the sum over pairs is one over ranks: below each, w before it; above, the rest.
    before = np.cumsum(w) - w
    after = 1 - before - w
    measures["gini"] = float((w * x * (before - after)).sum()) / mean
    measures[spread] = float(np.sqrt((w * (x - mean) ** 2).sum())) / mean
    if (x[w > 0] <= 0).any():
        return {**measures, "code": NOT_APPLICABLE}
    ratio = x[w > 0] / mean
    measures["theil"] = float((w[w > 0] * ratio * np.log(ratio)).sum())
    measures["mean_log_deviation"] = float(-(w[w > 0] * np.log(ratio)).sum())
    return {**measures, "code": code}
