"""Joining the tables of one series where a new table has taken the old one's place."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import pandas as pd

from regionstudy.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["stitch"]


def stitch(parts: Mapping[str, pd.DataFrame], *, time: str = "Tid") -> pd.DataFrame:
    """
    Join the parts of a series, oldest first, and mark where they meet.

    Where two parts have the same period, the newer part's figures are taken for all of it:
    a period is never mixed from two tables.

    Parameters
    ----------
    parts : mapping of str to DataFrame
        Frames with the same columns, in the order of time, by the name of their table. Their
        totals must be called alike: choose them as "total".
    time : str, default "Tid"
        The column of periods.

    Returns
    -------
    DataFrame
        The parts' rows in order of period, and ``series`` (category), the table that each
        comes from. ``attrs["breaks"]`` is a list with an entry a join: ``period`` (the first
        of the new table), ``before``, ``after`` (the tables), ``overlap`` (periods that both
        have), ``largest_difference`` (between them there; NaN without overlap), and the values
        of a variable that only one of them has, ``only_before`` and ``only_after``.

    Raises
    ------
    DataError
        If there are no parts, their columns differ, a cell stands twice in a part, or a part
        does not begin later than the one before it.

    Examples
    --------
    >>> old = pd.DataFrame({"Tid": ["2023", "2024"], "value": [9.0, 8.0], "status": ""})
    >>> new = pd.DataFrame({"Tid": ["2025"], "value": [7.5], "status": ""})
    >>> joined = stitch({"TAB638": old, "TAB5557": new})
    >>> joined[["Tid", "value", "series"]]
        Tid  value   series
    0  2023    9.0   TAB638
    1  2024    8.0   TAB638
    2  2025    7.5  TAB5557
    >>> joined.attrs["breaks"][0]["period"]
    '2025'
    """
    if not parts:
        msg = "A series needs at least one table. Give the frames by the name of their table."
        raise DataError(msg)
    names = list(parts)
    frames = {name: _plain(frame) for name, frame in parts.items()}
    keys = _keys(frames, time=time)
    breaks = [
        _break(before, after, frames, keys, time=time)
        for before, after in itertools.pairwise(names)
    ]
    kept = []
    for number, name in enumerate(names):
        later = [frames[other][time].min() for other in names[number + 1 :]]
        frame = frames[name].assign(series=name)
        # From the first period of a newer table on, the older one is left.
        kept.append(frame[frame[time] < min(later)] if later else frame)
    together = pd.concat(kept, ignore_index=True)
    joined: pd.DataFrame = together.sort_values(time, kind="stable", ignore_index=True)
    words = [*keys, *(name for name in ("status",) if name in joined), "series"]
    for name in words:
        joined[name] = joined[name].astype("category")
    joined.attrs = {**parts[names[-1]].attrs, "breaks": breaks, "tables": names}
    return joined


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    # Categories differ from table to table; as text they compare and join.
    words = frame.select_dtypes("category").columns
    plain: pd.DataFrame = frame.astype(dict.fromkeys(words, "str"))
    plain.attrs = {}
    return plain


def _keys(frames: Mapping[str, pd.DataFrame], *, time: str) -> list[str]:
    first, *others = frames
    columns = list(frames[first].columns)
    for name in (first, *others):
        frame = frames[name]
        if set(frame.columns) != set(columns) or time not in frame.columns:
            msg = (
                f"{name} has the columns {sorted(frame.columns)}, {first} has {sorted(columns)}; "
                f'both need "{time}". Choose the same variables of every table.'
            )
            raise DataError(msg)
    keys = [column for column in columns if column not in ("value", "status")]
    for name, frame in frames.items():
        twice = frame.duplicated(keys)
        if frame.empty or twice.any():
            problem = "has no rows" if frame.empty else f"has {int(twice.sum())} cells twice"
            row = "" if frame.empty else f", the first {frame.loc[twice, keys].iloc[0].to_dict()}"
            msg = f"{name} {problem}{row}. Ask for it again."
            raise DataError(msg)
    return keys


def _break(
    before: str,
    after: str,
    frames: Mapping[str, pd.DataFrame],
    keys: list[str],
    *,
    time: str,
) -> dict[str, Any]:
    old, new = frames[before], frames[after]
    if not new[time].min() > old[time].min():
        msg = (
            f"{after} begins with {new[time].min()}, not later than {before} "
            f"({old[time].min()}). Give the tables in the order of time, the oldest first."
        )
        raise DataError(msg)
    both = old.merge(new, on=keys, suffixes=("_old", "_new"), validate="1:1")
    difference = (both["value_new"] - both["value_old"]).abs()
    others = [key for key in keys if key != time]
    values = {key: (set(old[key].unique()), set(new[key].unique())) for key in others}
    return {
        "period": new[time].min(),
        "before": before,
        "after": after,
        "overlap": sorted(set(old[time].unique()) & set(new[time].unique())),
        "largest_difference": float(difference.max()),
        "only_before": {key: sorted(a - b) for key, (a, b) in values.items() if a - b},
        "only_after": {key: sorted(b - a) for key, (a, b) in values.items() if b - a},
    }
