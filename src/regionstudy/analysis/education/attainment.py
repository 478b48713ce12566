"""How many hold an education, of all in the same region, age and sex."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from regionstudy.analysis.checks import require_columns, require_unique
from regionstudy.analysis.statuses import MISSING, NOT_APPLICABLE, severity, words
from regionstudy.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = ["attainment"]

_TOTAL = "total"


def attainment(
    counts: pd.DataFrame, *, levels: Collection[str], without: Collection[str] = ()
) -> pd.DataFrame:
    """
    Share persons by whether they hold one of the levels of education.

    ``share = 100 * holders / persons``, where `persons` is the published total, or the sum
    of every level where no total is published.

    Parameters
    ----------
    counts : DataFrame
        Persons: ``region``, ``education``, ``value``, ``status`` and any others (``period``,
        ``age``, ``sex``), which tell groups apart. Every group has a row a level: a level
        without one is missing, not empty.
    levels : collection of str
        The levels that count, as ``education`` has them.
    without : collection of str, default ()
        Levels left out of `persons` too, such as the unknown. Shares with and without them
        are not to be compared.

    Returns
    -------
    DataFrame, a row a group
        What tells groups apart, ``persons``, ``holders``, ``share`` (per cent) and
        ``status``; NaN with ".." where a part is missing, with "." where nobody is counted.

    Raises
    ------
    DataError
        If a column is absent, rows repeat, or a level is not in the frame.

    References
    ----------
    OECD, Education at a Glance, indicator A1 (to what level have adults studied).

    Examples
    --------
    >>> people = pd.DataFrame({"region": "2281", "age": "25-34",
    ...     "education": ["short", "long", "unknown"], "value": [60.0, 36.0, 4.0], "status": ""})
    >>> attainment(people, levels=["long"])[["persons", "holders", "share"]]
       persons  holders  share
    0    100.0     36.0   36.0
    >>> attainment(people, levels=["long"], without=["unknown"])["share"].item()
    37.5
    """
    require_columns(counts, ["region", "education", "value", "status"], name="counts")
    keys = [name for name in counts.columns if name not in ("education", "value", "status")]
    require_unique(counts, [*keys, "education"], name="counts")
    held = [str(level) for level in counts["education"].unique()]
    wanted = [*dict.fromkeys(map(str, levels))]
    _require_levels([*wanted, *without], held)
    rows = counts.assign(
        education=counts["education"].astype(str),
        severity=np.where(counts["value"].isna(), MISSING, severity(counts["status"])),
    )
    cells = rows.set_index([*keys, "education"])
    value: pd.DataFrame = cells["value"].unstack("education")  # noqa: PD010 - keys are unique
    worst: pd.DataFrame = cells["severity"].unstack("education")  # noqa: PD010 - keys are unique
    parts = [level for level in held if level != _TOTAL]
    # skipna=False: with one level missing the sum is unknown, not smaller.
    persons = value[parts].sum(axis=1, skipna=False)
    code = worst[parts].fillna(MISSING).max(axis=1)
    if _TOTAL in held:
        # One year may have a published total and another only its parts.
        published = worst[_TOTAL].notna()
        persons = value[_TOTAL].where(published, persons)
        code = worst[_TOTAL].where(published, code)
    persons = persons - value[list(without)].sum(axis=1, skipna=False)
    holders = value[wanted].sum(axis=1, skipna=False)
    used = worst[[*dict.fromkeys([*wanted, *without])]].fillna(MISSING).max(axis=1)
    code = code.where(code > used, used).astype(int)
    known = code < MISSING
    persons, holders = persons.where(known), holders.where(known)
    found = pd.DataFrame({"persons": persons, "holders": holders})
    found["share"] = 100 * holders / persons.where(persons > 0)
    code = code.where(~(known & (persons == 0)), NOT_APPLICABLE)
    found["status"] = words(np.asarray(code, dtype=np.int8))
    result = found.reset_index()
    result.columns.name = None
    result.attrs = dict(counts.attrs)
    return result


def _require_levels(wanted: Collection[str], held: Collection[str]) -> None:
    absent = [level for level in wanted if level not in held]
    if not wanted or absent:
        what = f"the level {', '.join(absent)}" if absent else "any level to count"
        msg = f"counts lack {what}; education has: {', '.join(sorted(held))}."
        raise DataError(msg)
