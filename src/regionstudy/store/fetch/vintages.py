"""Joining new figures with the ones held: what is revised is kept as its earlier vintage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from regionstudy.store.observations import breakdowns, count_levels, key_columns
from regionstudy.store.segments import join_segments

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["merge_vintages", "provenance_of"]

_TOTAL = "total"


def merge_vintages(
    held: pd.DataFrame | None, fetched: pd.DataFrame, *, day: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """
    Put new figures in the place of the ones held; of the same cell the new one stays.

    Parameters
    ----------
    held : DataFrame or None
        The snapshot's observations of the indicator; None where it has none.
    fetched : DataFrame
        Those just fetched, each cell once. Where one of the frames lacks a breakdown, its rows
        are of that breakdown's total.
    day : str
        The day that the new ones were fetched.

    Returns
    -------
    merged : DataFrame
        The fetched rows and those held cells that were not fetched (``fresh`` says which).
    revised : DataFrame
        The cells whose value or status was another before: the keys, ``value`` and ``status``
        as they were, ``value_now``, ``status_now`` and ``superseded`` (`day`).

    Examples
    --------
    >>> old = pd.DataFrame({"region": "2281", "indicator": "population",
    ...     "period": ["2023", "2024"], "value": [99.0, 100.0], "status": ""})
    >>> new = old.assign(value=[99.0, 101.0])
    >>> merged, revised = merge_vintages(old, new, day="2026-11-25")
    >>> revised[["period", "value", "value_now"]].to_dict("list")
    {'period': ['2024'], 'value': [100.0], 'value_now': [101.0]}
    """
    new = fetched.assign(fresh=True)
    if held is None or held.empty:
        return new, _revised(new.iloc[:0], day)
    columns = list(dict.fromkeys([*breakdowns(fetched), *breakdowns(held)]))
    old = _with(held, columns).assign(fresh=False)
    new = _with(new, columns)
    keys = [key for key in key_columns(old) if key != "fresh"]
    # The snapshot's statuses are categories; those just fetched are text.
    old["status"], new["status"] = old["status"].astype("str"), new["status"].astype("str")
    now = new[[*keys, "value", "status"]]
    both = old.merge(now, on=keys, how="left", suffixes=("", "_now"), indicator="met",
                     validate="1:1")  # fmt: skip
    met = both["met"].eq("both")
    same_value = both["value"].eq(both["value_now"]) | (
        both["value"].isna() & both["value_now"].isna()
    )
    changed = both[met & ~(same_value & both["status"].eq(both["status_now"]))]
    kept = old[~met.to_numpy()]
    merged = pd.concat([new[list(kept.columns)], kept], ignore_index=True)
    return merged, _revised(changed, day)


def provenance_of(
    merged: pd.DataFrame,
    segments: Sequence[Mapping[str, Any]],
    held: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """
    Say where an indicator's merged figures come from.

    Parameters
    ----------
    merged : DataFrame
        From `merge_vintages`.
    segments : sequence of mapping
        A segment a table just fetched.
    held : mapping or None
        The provenance of the figures held before.

    Returns
    -------
    dict
        The keys of `Snapshot.provenance`: the new segments first, then those of the figures
        that were held and not fetched, if any stay.
    """
    kept = merged[~merged["fresh"]]
    earlier: list[Mapping[str, Any]] = []
    if held is not None and len(kept):
        first, last = str(kept["period"].min()), str(kept["period"].max())
        earlier = [
            one
            for one in held.get("segments") or [held]
            if "periods" not in one or (one["periods"][0] <= last and one["periods"][1] >= first)
        ]
        if len(earlier) == 1:
            levels = count_levels(kept["region"])
            spread = {"rows": len(kept), "periods": [first, last], "levels": levels}
            earlier = [{**earlier[0], **spread}]
        else:
            # Of several, it is not known which rows are left of which.
            counted = ("rows", "levels")
            earlier = [{k: v for k, v in one.items() if k not in counted} for one in earlier]
    return join_segments([*segments, *earlier])


def _with(frame: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    return frame.assign(**{one: _TOTAL for one in columns if one not in frame.columns})


def _revised(changed: pd.DataFrame, day: str) -> pd.DataFrame:
    keys = [key for key in key_columns(changed) if key not in ("fresh", "met", "value_now",
                                                               "status_now")]  # fmt: skip
    columns = [*keys, "value", "status", "value_now", "status_now"]
    return changed.reindex(columns=columns).assign(superseded=day).reset_index(drop=True)
