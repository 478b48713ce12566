"""Where the young are a few years after upper secondary school."""

from __future__ import annotations

import numpy as np
import pandas as pd

from regionstudy.analysis.checks import require_columns, require_unique
from regionstudy.analysis.statuses import MISSING, severity, words
from regionstudy.errors import DataError

__all__ = ["OUTCOMES", "outcomes_after_school"]

OUTCOMES = ("job", "studies", "neither")
_KEYS = ["region", "period"]
# Published shares have one decimal.
_ROUNDING = 0.05


def outcomes_after_school(either: pd.DataFrame, established: pd.DataFrame) -> pd.DataFrame:
    """
    Part the young into those in steady work, in studies, and in neither.

    ``studies = either - established`` and ``neither = 100 - either``. Someone who both works
    steadily and studies is among the established, so the three add up to 100.

    Parameters
    ----------
    either : DataFrame
        Per cent who are established on the labour market or study (Kolada N18601):
        ``region``, ``period``, ``value``, ``status``.
    established : DataFrame
        Per cent who are established on the labour market (Kolada N18602), alike.

    Returns
    -------
    DataFrame
        ``region``, ``period``, ``outcome`` ("job", "studies", "neither"), ``value`` (per
        cent) and ``status``, for regions and periods in both; where one is missing, what
        needs it is NaN with "..".

    Raises
    ------
    DataError
        If a column is absent, rows repeat, a share is not between 0 and 100, or more are
        established than are established or study.

    Examples
    --------
    >>> rows = {"region": ["2281"], "period": ["2024"], "status": [""]}
    >>> found = outcomes_after_school(pd.DataFrame({**rows, "value": [74.5]}),
    ...     pd.DataFrame({**rows, "value": [46.0]}))
    >>> found[["outcome", "value"]].to_numpy().tolist()
    [['job', 46.0], ['studies', 28.5], ['neither', 25.5]]
    """
    for name, frame in (("either", either), ("established", established)):
        require_columns(frame, [*_KEYS, "value", "status"], name=name)
        require_unique(frame, _KEYS, name=name)
    columns = [*_KEYS, "value", "status"]
    both = either[columns].merge(
        established[columns], on=_KEYS, suffixes=("", "_job"), validate="one_to_one"
    )
    _require_shares(both)
    whole = np.where(both["value"].isna(), MISSING, severity(both["status"]))
    job = np.where(both["value_job"].isna(), MISSING, severity(both["status_job"]))
    parts = {
        "job": (both["value_job"], job),
        "studies": ((both["value"] - both["value_job"]).clip(lower=0), np.maximum(whole, job)),
        "neither": (100 - both["value"], whole),
    }
    listed = [
        both[_KEYS].assign(
            outcome=outcome,
            value=value.where(code < MISSING),
            status=pd.Series(words(np.minimum(code, MISSING).astype(np.int8)), both.index),
        )
        for outcome, (value, code) in parts.items()
    ]
    result = pd.concat(listed, ignore_index=True)
    result["status"] = result["status"].astype("category")
    order = result["outcome"].map({one: place for place, one in enumerate(OUTCOMES)})
    result = result.assign(order=order).sort_values([*_KEYS, "order"], ignore_index=True)
    result = result.drop(columns="order")
    sources = [frame.attrs.get("provenance", {}) for frame in (either, established)]
    result.attrs = {**either.attrs, "provenance": sources[0] | sources[1]}
    return result


def _require_shares(both: pd.DataFrame) -> None:
    off = both[["value", "value_job"]].apply(lambda one: one.notna() & ~one.between(0, 100))
    wrong = both[off.any(axis=1)]
    if len(wrong):
        row = wrong.iloc[0]
        msg = (
            f"{row['region']} {row['period']} has {row['value']:g} and {row['value_job']:g}; "
            "both are per cent, between 0 and 100."
        )
        raise DataError(msg)
    wrong = both[both["value_job"] > both["value"] + _ROUNDING]
    if len(wrong):
        row = wrong.iloc[0]
        msg = (
            f"{row['region']} {row['period']}: {row['value_job']:g} per cent are established, more "
            f"than the {row['value']:g} who are established or study. Are the two frames swapped?"
        )
        raise DataError(msg)
