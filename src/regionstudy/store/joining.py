"""Where files hold the same figure: compare them, and keep the one of the lowest rank."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from regionstudy.errors import DataError
from regionstudy.store.observations import key_columns

__all__ = ["Part", "compare", "join_parts"]


@dataclass(frozen=True)
class Part:
    """
    One file's rows of one id.

    Parameters
    ----------
    file : str
        The file's name.
    rows : DataFrame
        Observations.
    rank : int
        The lowest wins.
    check_only : bool
        Never kept.
    tolerance : float
        How much its values may differ from the ones kept.
    """

    file: str
    rows: pd.DataFrame
    rank: int
    check_only: bool = False
    tolerance: float = 0.0


def join_parts(parts: list[Part], *, indicator: str) -> pd.DataFrame:
    """
    Join the files of one id; of the same figure, the one with the lowest rank stays.

    Parameters
    ----------
    parts : list of Part
        The files' rows. All must have the same breakdowns.
    indicator : str
        The id, for errors.

    Returns
    -------
    DataFrame
        Observations and ``file``, the name of the file that each comes from.

    Raises
    ------
    DataError
        If the files' breakdowns differ, or a file holds a figure twice.
    """
    kept = sorted((part for part in parts if not part.check_only), key=lambda part: part.rank)
    keys = set(key_columns(kept[0].rows))
    for part in parts:
        if set(key_columns(part.rows)) != keys:
            msg = (
                f"{indicator}: {part.file} has the breakdowns {sorted(key_columns(part.rows))}, "
                f"{kept[0].file} has {sorted(keys)}. Make them alike in extracts.toml."
            )
            raise DataError(msg)
        twice = part.rows.duplicated(list(keys))
        if twice.any():
            row = part.rows.loc[twice, sorted(keys)].iloc[0].to_dict()
            msg = f"{part.file}: {int(twice.sum())} figures stand twice, the first {row}."
            raise DataError(msg)
    joined = pd.concat([part.rows.assign(file=part.file) for part in kept], ignore_index=True)
    return joined.drop_duplicates(list(keys), keep="first", ignore_index=True)


def compare(joined: pd.DataFrame, part: Part, *, indicator: str) -> pd.DataFrame:
    """
    Compare one file's rows with the ones that were kept from other files.

    Parameters
    ----------
    joined : DataFrame
        What `join_parts` gave.
    part : Part
        One of its parts.
    indicator : str
        The id.

    Returns
    -------
    DataFrame, a row a file that it meets
        ``indicator``, ``file``, ``against``, ``cells`` (both have a value), ``differ`` (by more
        than `tolerance`), ``largest`` difference, ``tolerance``, ``missing_in_one``.
    """
    keys = key_columns(part.rows)
    # Periods and regions first: two cheap looks that leave little to merge.
    others = joined[
        (joined["file"] != part.file)
        & joined["period"].isin(part.rows["period"].unique())
        & joined["region"].isin(part.rows["region"].unique())
    ]
    both = part.rows.merge(
        others[[*keys, "value", "file"]], on=keys, suffixes=("", "_kept"), validate="1:1"
    )
    both["difference"] = (both["value"] - both["value_kept"]).abs()
    both["differs"] = both["difference"] > part.tolerance
    both["one_only"] = both["value"].isna() != both["value_kept"].isna()
    found = both.groupby("file", as_index=False).agg(
        cells=("difference", "count"),
        differ=("differs", "sum"),
        largest=("difference", "max"),
        missing_in_one=("one_only", "sum"),
    )
    found = found.rename(columns={"file": "against"})
    found.insert(0, "file", part.file)
    found.insert(0, "indicator", indicator)
    return found.assign(tolerance=part.tolerance)
