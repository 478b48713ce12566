"""Counts per so many persons, and rates beside those of a reference."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from regionstudy.analysis.checks import require_columns, require_unique
from regionstudy.analysis.statuses import MISSING, NOT_APPLICABLE, severity, words
from regionstudy.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

__all__ = ["beside", "rate_per"]

_KEYS = ["region", "period"]


def rate_per(counts: pd.DataFrame, people: pd.DataFrame, *, per: float = 1000) -> pd.DataFrame:
    """
    Divide counts by persons: graduates, entrants or places per 1,000.

    ``rate = per * count / persons`` of the same region and period.

    Parameters
    ----------
    counts : DataFrame
        ``region``, ``period``, ``value``, ``status``.
    people : DataFrame
        Those that the counts could be of, alike; a row a region and period.
    per : float, default 1000
        Persons that the rate is counted per; 100 gives per cent.

    Returns
    -------
    DataFrame
        ``region``, ``period``, ``value`` and ``status``, a row a row of `counts`; ".." where
        either is missing, "." where there is nobody.

    Raises
    ------
    DataError
        If a column is absent or rows repeat.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = {"region": ["2281"], "period": ["2025"], "status": [""]}
    >>> places = pd.DataFrame({**rows, "value": [120.0]})
    >>> rate_per(places, pd.DataFrame({**rows, "value": [60000.0]}), per=10000)["value"].item()
    20.0
    """
    for name, frame in (("counts", counts), ("people", people)):
        require_columns(frame, [*_KEYS, "value", "status"], name=name)
        require_unique(frame, _KEYS, name=name)
    columns = [*_KEYS, "value", "status"]
    rows = counts[columns].merge(
        people[columns], on=_KEYS, how="left", suffixes=("", "_people"), validate="one_to_one"
    )
    code = np.maximum(
        np.where(rows["value"].isna(), MISSING, severity(rows["status"])),
        np.where(
            rows["value_people"].isna(),
            MISSING,
            severity(rows["status_people"].astype(object).fillna("..")),
        ),
    )
    code = np.where((code < MISSING) & (rows["value_people"] <= 0), NOT_APPLICABLE, code)
    rate = per * rows["value"] / rows["value_people"].where(rows["value_people"] > 0)
    result = rows[_KEYS].assign(value=rate.where(code < MISSING), status=words(code))
    sources = [frame.attrs.get("provenance", {}) for frame in (counts, people)]
    result.attrs = {**counts.attrs, "provenance": sources[0] | sources[1]}
    return result


def beside(rates: pd.DataFrame, *, reference: str, by: Sequence[str] = ()) -> pd.DataFrame:
    """
    Set rates beside the reference's: ``gap = value - reference``.

    Parameters
    ----------
    rates : DataFrame
        ``region``, ``period``, ``value``, ``status`` and the columns `by`.
    reference : str
        The region compared with, such as "00".
    by : sequence of str, default ()
        Breakdowns within which is compared, such as the level of education.

    Returns
    -------
    DataFrame
        The rows of the other regions with ``reference`` and ``gap`` (in the rates' unit, so
        percentage points of per cent); NaN with ".." where either is missing.

    Raises
    ------
    DataError
        If a column is absent, rows repeat, or the reference has no row.

    Examples
    --------
    >>> import pandas as pd
    >>> matched = pd.DataFrame({"region": ["00", "22"], "period": "2023",
    ...     "value": [60.0, 63.5], "status": ""})
    >>> beside(matched, reference="00")[["region", "reference", "gap"]]
      region  reference  gap
    0     22       60.0  3.5
    """
    keys = ["period", *by]
    require_columns(rates, ["region", *keys, "value", "status"], name="rates")
    require_unique(rates, ["region", *keys], name="rates")
    own = rates["region"].astype(str) == reference
    if not own.any():
        there = ", ".join(sorted(rates["region"].astype(str).unique())[:5])
        msg = f'rates have no row of the reference "{reference}"; among their regions: {there}.'
        raise DataError(msg)
    rows = rates[~own].merge(
        rates.loc[own, [*keys, "value", "status"]],
        on=keys,
        how="left",
        suffixes=("", "_reference"),
        validate="many_to_one",
    )
    code = np.maximum(
        np.where(rows["value"].isna(), MISSING, severity(rows["status"])),
        np.where(
            rows["value_reference"].isna(),
            MISSING,
            severity(rows["status_reference"].astype(object).fillna("..")),
        ),
    )
    result = rows.rename(columns={"value_reference": "reference"})
    result["gap"] = (result["value"] - result["reference"]).where(code < MISSING)
    result["status"] = words(np.minimum(code, MISSING).astype(np.int8))
    result = result[["region", *keys, "value", "reference", "gap", "status"]]
    result.attrs = dict(rates.attrs)
    return result
