"""How much a yearly rate varies, as an interval for its mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from regionstudy.analysis.checks import require_columns, require_unique
from regionstudy.analysis.statuses import MISSING, severity, words
from regionstudy.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

__all__ = ["interval"]


def interval(
    values: pd.DataFrame,
    *,
    value: str = "value",
    by: Sequence[str] = ("region",),
    level: float = 0.95,
) -> pd.DataFrame:
    """
    Give the mean of yearly values and a t interval for it.

    ``mean ± t(n - 1) * s / sqrt(n)`` over the n years. It says how firmly a level is
    known when years differ. It is no sampling error, since the registers count
    everyone; it takes the years as independent, which neighbouring years are not; and
    it says nothing about a trend within them.

    Parameters
    ----------
    values : DataFrame
        A row a year: those of `by`, ``period``, the column `value`, ``status``.
    value : str, default "value"
        The column averaged.
    by : sequence of str, default ("region",)
        What to keep apart.
    level : float, default 0.95
        Share of such intervals that hold the true mean, were the years independent.

    Returns
    -------
    DataFrame
        Those of `by`, ``mean``, ``low``, ``high``, ``n`` (years), ``first`` and
        ``last`` (periods), ``status``. NaN with ".." where a year is missing;
        ``low`` and ``high`` NaN where there is one year only.
        ``attrs["notes"]`` has "interval_between_years".

    Raises
    ------
    DataError
        If a column is absent, rows repeat, or `level` is not between 0 and 1.

    References
    ----------
    Student (1908), The probable error of a mean, Biometrika 6(1), 1-25.

    Examples
    --------
    >>> import pandas as pd
    >>> yearly = pd.DataFrame({"region": "2281", "period": ["2017", "2018", "2019"],
    ...     "value": [1.0, 2.0, 3.0], "status": ""})
    >>> interval(yearly)[["mean", "low", "high", "n"]].round(2)
       mean   low  high  n
    0   2.0 -0.48  4.48  3
    """
    if not 0 < level < 1:
        msg = f"level={level} is not a share between 0 and 1, such as 0.95."
        raise DataError(msg)
    require_columns(values, [*by, "period", value, "status"], name="values")
    require_unique(values, [*by, "period"], name="values")
    from scipy import special  # longer to import than flows take to net

    rows = values.assign(
        severity=np.where(values[value].isna(), MISSING, severity(values["status"]))
    )
    result = rows.groupby(list(by), as_index=False, observed=True).agg(
        mean=(value, "mean"),
        spread=(value, "std"),
        n=("period", "size"),
        first=("period", "min"),
        last=("period", "max"),
        severity=("severity", "max"),
    )
    known = result["severity"] < MISSING
    result["mean"] = result["mean"].where(known)
    years = result["n"].where(result["n"] > 1)
    quantile = special.stdtrit(years.to_numpy(dtype=float) - 1, (1 + level) / 2)
    half = quantile * result["spread"].where(known) / np.sqrt(years)
    result["low"], result["high"] = result["mean"] - half, result["mean"] + half
    result["status"] = words(result["severity"].to_numpy(dtype=np.int8))
    result = result[[*by, "mean", "low", "high", "n", "first", "last", "status"]]
    result.attrs = {
        **values.attrs,
        "notes": [*values.attrs.get("notes", []), "interval_between_years"],
    }
    return result
