"""Counts by single year or group of age, summed to bands of age."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from regionstudy.analysis.checks import require_columns, require_unique
from regionstudy.analysis.statuses import MISSING, severity, words
from regionstudy.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["age_limits", "sum_ages"]

# Nobody is older; where an open group ("100+") ends.
_OLDEST = 130


def age_limits(age: str) -> tuple[int, int] | None:
    """
    Read an age as published.

    Parameters
    ----------
    age : str
        A year ("20"), a group ("20-24") or an open group ("100+").

    Returns
    -------
    tuple of int or None
        Lowest and highest age; None for "total" and whatever else is no age.

    Examples
    --------
    >>> age_limits("20"), age_limits("20-24"), age_limits("100+"), age_limits("total")
    ((20, 20), (20, 24), (100, 130), None)
    """
    if age.endswith("+") and age[:-1].isdecimal():
        return int(age[:-1]), _OLDEST
    low, _, high = age.partition("-")
    if not low.isdecimal() or (high and not high.isdecimal()):
        return None
    return int(low), int(high or low)


def sum_ages(counts: pd.DataFrame, *, bands: Mapping[str, tuple[int, int]]) -> pd.DataFrame:
    """
    Sum counts by age to bands, from the fewest published ages that make each up.

    Years of age before 2025 and published groups from 2025 (CKM) so make up the same
    band, without adding a group to its own years, and with as little noise as can be.

    Parameters
    ----------
    counts : DataFrame
        ``region``, ``period``, ``age``, ``value``, ``status``, optionally ``cells`` (how
        many published figures a count is the sum of) and any others, kept apart.
    bands : mapping of str to tuple of int
        Lowest and highest age of each band, both in it, by the band's name; a highest of
        100 or more takes in all who are older.

    Returns
    -------
    DataFrame
        The frame's columns and ``cells``; ``age`` is the band's name. NaN with ".." where
        an age in the band is missing or has no row.

    Raises
    ------
    DataError
        If a column is absent, rows repeat, a band is no range, or the ages of no year make
        a band up.

    Examples
    --------
    >>> people = pd.DataFrame({"region": "2281", "period": ["2024", "2024", "2025"],
    ...     "age": ["20", "21", "20-21"], "value": [900.0, 950.0, 1870.0], "status": ""})
    >>> sum_ages(people, bands={"20-21": (20, 21)})[["period", "value", "cells"]]
      period   value  cells
    0   2024  1850.0      2
    1   2025  1870.0      1
    """
    require_columns(counts, ["region", "period", "age", "value", "status"], name="counts")
    others = [name for name in counts.columns if name not in ("age", "value", "status", "cells")]
    require_unique(counts, [*others, "age"], name="counts")
    members = _members(counts, bands)
    code = np.where(counts["value"].isna(), MISSING, severity(counts["status"]))
    rows = counts.assign(
        period=counts["period"].astype(str),
        age=counts["age"].astype(str),
        cells=counts["cells"] if "cells" in counts.columns else 1,
        severity=code,
    )
    # An age may lie in several bands, and stands in a row of every region.
    rows = rows.merge(members, on=["period", "age"], validate="many_to_many")
    summed = rows.groupby([*others, "band"], as_index=False, observed=True, dropna=False).agg(
        value=("value", "sum"),
        cells=("cells", "sum"),
        severity=("severity", "max"),
        given=("age", "size"),
        needed=("needed", "first"),
    )
    whole = (summed["given"] == summed["needed"]) & (summed["severity"] < MISSING)
    result = summed.assign(
        age=summed["band"].astype(str),
        value=summed["value"].where(whole),
        status=words(summed["severity"].where(whole, MISSING).to_numpy(dtype=np.int8)),
    )
    columns = list(counts.columns)
    result = result[columns if "cells" in columns else [*columns[:-1], "cells", columns[-1]]]
    result.attrs = dict(counts.attrs)
    return result


def _members(counts: pd.DataFrame, bands: Mapping[str, tuple[int, int]]) -> pd.DataFrame:
    """Give the published ages that make each band up in each period."""
    pairs = counts[["period", "age"]].astype(str).drop_duplicates()
    rows, tiled = [], set()
    for ages, periods in _by_ages(pairs).items():
        limits = {age: span for age in ages if (span := age_limits(age)) is not None}
        for band, (low, high) in bands.items():
            if not 0 <= low <= high:
                msg = f'Band "{band}" ({low}-{high}) is no range of ages; give 0 <= low <= high.'
                raise DataError(msg)
            pieces = _tiles(limits, low, _OLDEST if high >= 100 else high)
            if pieces:
                tiled.add(band)
            rows += [(period, age, band, len(pieces)) for period in periods for age in pieces]
    never = [band for band in bands if band not in tiled]
    if never:
        shown = ", ".join(pairs["age"].drop_duplicates().head(6)) or "none"
        low, high = bands[never[0]]
        msg = (
            f'Band "{never[0]}" ({low}-{high}) is not made up by the ages of any year '
            f"(found: {shown}); choose limits that published ages share."
        )
        raise DataError(msg)
    members = pd.DataFrame(rows, columns=["period", "age", "band", "needed"])
    members["band"] = pd.Categorical(members["band"], categories=list(bands), ordered=True)
    return members


def _by_ages(pairs: pd.DataFrame) -> dict[tuple[str, ...], list[str]]:
    found: dict[tuple[str, ...], list[str]] = {}
    for period, ages in pairs.groupby("period")["age"]:
        found.setdefault(tuple(sorted(ages)), []).append(str(period))
    return found


def _tiles(limits: Mapping[str, tuple[int, int]], low: int, high: int) -> list[str]:
    """Lay published ages side by side from low to high, as few as can be; none if they can't."""
    # What reaches an age starts below it, so each is final when its turn comes.
    reached: dict[int, list[str]] = {low: []}
    for start in range(low, high + 1):
        if start not in reached:
            continue
        for age, (first, last) in limits.items():
            if first == start and last <= high:
                laid = [*reached[start], age]
                if last + 1 not in reached or len(laid) < len(reached[last + 1]):
                    reached[last + 1] = laid
    return reached.get(high + 1, [])
