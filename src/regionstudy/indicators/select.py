"""The newest complete year of each indicator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from regionstudy.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Selection", "newest"]


@dataclass(frozen=True)
class Selection:
    """
    One period of each indicator, and what had to be left out.

    Parameters
    ----------
    values : DataFrame, shape (regions, kept indicators)
        Index region in the order asked for; no value is missing.
    status : DataFrame, same shape
        The values' statuses.
    periods : Series
        Index indicator id, value the period chosen.
    dropped : DataFrame
        Columns ``id``, ``reason`` ("no_figures", "partial" or "too_old") and ``period``: the
        newest with any figure, "" where there is none.
    """

    values: pd.DataFrame
    status: pd.DataFrame
    periods: pd.Series
    dropped: pd.DataFrame


def newest(frame: pd.DataFrame, *, regions: Sequence[str], years: int = 6, as_of: int) -> Selection:
    """
    Choose each indicator's newest period that has a figure for every region.

    Parameters
    ----------
    frame : DataFrame
        Columns ``region``, ``indicator``, ``period``, ``value``, ``status``, as `compute`
        gives it; its ``attrs["missing"]`` names further indicators, which are dropped.
    regions : sequence of str
        The regions that must all have a figure.
    years : int, default 6
        How old a period may be: its year is at least ``as_of - years``.
    as_of : int
        The year of the study; later periods are not looked at.

    Returns
    -------
    Selection
        The values chosen, and what was dropped and why.

    Raises
    ------
    DataError
        If a region, indicator and period occur twice.
    """
    rows = frame[frame["region"].isin(list(regions))]
    keys = ["indicator", "period", "region"]
    repeated = rows.duplicated(keys)
    if repeated.any():
        first = rows.loc[repeated, keys].iloc[0]
        msg = (
            f"{first['indicator']}, region {first['region']}, period {first['period']}: two rows. "
            "Choose one cell of each breakdown first."
        )
        raise DataError(msg)
    year = rows["period"].str[:4].astype(int)
    rows = rows[(year <= as_of) & rows["value"].notna()]
    counts = rows.groupby(["indicator", "period"], observed=True, as_index=False).size()
    recent = counts["period"].str[:4].astype(int) >= as_of - years
    complete = counts["size"] == len(set(regions))
    chosen = counts[recent & complete].groupby("indicator")["period"].max()
    asked = [*frame["indicator"].unique(), *frame.attrs.get("missing", {})]
    order = list(dict.fromkeys(asked))
    periods = chosen.reindex([name for name in order if name in chosen.index]).rename("period")
    kept = rows.merge(
        periods.rename_axis("indicator").reset_index(),
        on=["indicator", "period"],
        validate="many_to_one",
    )
    wide = kept.set_index(["region", "indicator"])
    rows_in_order = pd.Index(list(dict.fromkeys(regions)), dtype="str", name="region")
    return Selection(
        values=_wide(wide["value"], rows_in_order, periods.index),
        status=_wide(wide["status"].astype("str"), rows_in_order, periods.index),
        periods=periods,
        dropped=_dropped(order, counts.assign(recent=recent), chosen),
    )


def _wide(long: pd.Series, regions: pd.Index, names: pd.Index) -> pd.DataFrame:
    table = long.unstack("indicator")  # noqa: PD010 - the keys are unique, nothing to aggregate
    return table.reindex(index=regions, columns=names.rename("indicator"))


def _dropped(order: list[str], counts: pd.DataFrame, chosen: pd.Series) -> pd.DataFrame:
    found = counts.groupby("indicator").agg(period=("period", "max"), recent=("recent", "any"))
    rows = []
    for name in order:
        if name in chosen.index:
            continue
        if name not in found.index:
            rows.append((name, "no_figures", ""))
            continue
        # Recent figures that were not chosen lack a region; without recent ones all are old.
        reason = "partial" if found.loc[name, "recent"] else "too_old"
        rows.append((name, reason, str(found.loc[name, "period"])))
    return pd.DataFrame(rows, columns=["id", "reason", "period"], dtype="str")
