"""Jobs in a region beside its employed residents."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from regionstudy.analysis.checks import require_columns, require_unique
from regionstudy.analysis.statuses import MISSING, NOT_APPLICABLE, severity, words
from regionstudy.errors import DataError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["commuting_balance"]

_NO_KEYS = ("value", "status", "indicator")


def commuting_balance(workplace: pd.DataFrame, residence: pd.DataFrame) -> pd.DataFrame:
    """
    Set the jobs in each region against the employed who live there.

    ``balance = workplace - residence`` is net commuting into the region: those who come to
    work less those who leave to. Both counts are of the same people over the country, except
    for those who work abroad.

    Parameters
    ----------
    workplace, residence : DataFrame
        Employed by place of work and by place of residence: ``region``, ``value`` and the
        same breakdowns, such as ``period``, ``industry``, ``sex``; optionally ``status``.

    Returns
    -------
    DataFrame
        ``region`` and the breakdowns, sorted; ``workplace``, ``residence``, ``balance``,
        ``ratio`` (jobs for each employed resident), ``status``. NaN with ".." where either is
        missing or has no row; ``ratio`` is NaN with "." where nobody employed lives.

    Raises
    ------
    DataError
        If a column is absent, the breakdowns differ, rows repeat, a count is negative, or no
        row of one has its like in the other.

    Examples
    --------
    >>> import pandas as pd
    >>> jobs = pd.DataFrame({"region": ["22"], "period": ["2025"], "value": [118089.0]})
    >>> people = pd.DataFrame({"region": ["22"], "period": ["2025"], "value": [118160.0]})
    >>> commuting_balance(jobs, people)[["region", "balance", "ratio"]].round(4)
      region  balance   ratio
    0     22    -71.0  0.9994
    """
    sides = {"workplace": workplace, "residence": residence}
    keys: list[str] = []
    for name, frame in sides.items():
        require_columns(frame, ["region", "value"], name=name)
        own = [column for column in frame.columns if column not in _NO_KEYS]
        if keys and sorted(keys) != sorted(own):
            msg = (
                f"workplace has the breakdowns {', '.join(keys)}, residence {', '.join(own)}; "
                "choose one value of what only one has first."
            )
            raise DataError(msg)
        keys = keys or own
        require_unique(frame, own, name=name)
        if (frame["value"] < 0).any():
            first = frame.loc[frame["value"] < 0].iloc[0]
            msg = (
                f"{name} has {first['value']:g} persons in region {first['region']}; a count is "
                "never negative. Is it a balance already?"
            )
            raise DataError(msg)
    joined = _side(workplace, keys, "workplace").merge(
        _side(residence, keys, "residence"),
        on=keys,
        how="outer",
        validate="one_to_one",
        indicator="found",
    )
    if not (joined["found"] == "both").any():
        msg = (
            "workplace and residence have no row in common; compare the codes and years of "
            f"{', '.join(keys)}."
        )
        raise DataError(msg)
    code = joined[["code_workplace", "code_residence"]].fillna(MISSING).max(axis=1).to_numpy()
    known = code < MISSING
    joined["balance"] = joined["workplace"] - joined["residence"]
    residents = joined["residence"].where(joined["residence"] > 0)
    joined["ratio"] = joined["workplace"] / residents
    nobody = known & (joined["residence"] == 0).to_numpy()
    joined["status"] = words(np.where(nobody, NOT_APPLICABLE, code).astype(np.int8))
    columns = [*keys, "workplace", "residence", "balance", "ratio", "status"]
    result = joined.sort_values(keys, ignore_index=True)[columns]
    result.attrs = {
        "provenance": {
            **workplace.attrs.get("provenance", {}),
            **residence.attrs.get("provenance", {}),
        }
    }
    return result


def _side(frame: pd.DataFrame, keys: list[str], name: str) -> pd.DataFrame:
    code = severity(frame["status"]) if "status" in frame.columns else np.int8(0)
    code = np.where(frame["value"].isna(), MISSING, code)
    rows = frame[keys].astype(str)
    rows[name] = frame["value"].where(code < MISSING)
    rows[f"code_{name}"] = code
    return rows
