"""What `regionstudy status` prints."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from regionstudy.catalogue import Catalogue
from regionstudy.console.tables import table_text
from regionstudy.settings import find_folder
from regionstudy.store import Snapshot, status_table

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

__all__ = ["changes_of", "changes_text", "status_of", "status_text"]

# The largest revisions are told one by one, the others by their number.
_MOST_SHOWN = 20


def status_of(study: Path | None) -> pd.DataFrame:
    """
    Give what the store holds and lacks.

    Parameters
    ----------
    study : Path or None
        A study folder; None for the one stood in.

    Returns
    -------
    DataFrame
        As `regionstudy.store.status_table`: a row an indicator.
    """
    snapshot = Snapshot.open(find_folder(study) / "data" / "snapshot")
    return status_table(snapshot, Catalogue.load(), today=dt.datetime.now(tz=dt.UTC).date())


def status_text(table: pd.DataFrame) -> str:
    """
    Tell what the store holds and lacks.

    Parameters
    ----------
    table : DataFrame
        From `status_of`.

    Returns
    -------
    str
        A table of what has figures, one of what has none and how to get it, and a summary.
    """
    held = table[table["rows"].notna()]
    absent = table[table["state"] == "missing"]
    overdue = int(table["overdue"].sum())
    shown = held.assign(
        periods=held["first"] + "–" + held["last"],
        counties=held["county"],
        municipalities=held["municipality"],
        age=held["age_days"].astype(str) + " days",
        overdue=held["overdue"].map({True: "overdue", False: ""}),
    )
    columns = ["indicator", "periods", "counties", "municipalities", "rows", "missing", "age"]
    return "\n".join(
        [
            "In the store:",
            table_text([*columns, "overdue", "source"], shown),
            "",
            "Without figures:",
            table_text(["indicator", "title_sv", "reason", "command"], absent),
            "",
            f"{len(held)} series with figures (newest period {held['last'].str[:4].max()}), "
            f"{int((table['state'] == 'formula').sum())} computed from them, "
            f"{len(absent)} without figures, {overdue} past their update cycle.",
        ]
    )


def changes_of(study: Path | None) -> pd.DataFrame:
    """
    Give the figures that publishers have revised since they were first fetched.

    Parameters
    ----------
    study : Path or None
        A study folder; None for the one stood in.

    Returns
    -------
    DataFrame, a row a revision
        As `Snapshot.revisions`, and ``change``, in per cent of the earlier value.
    """
    revised = Snapshot.open(find_folder(study) / "data" / "snapshot").revisions()
    before = revised["value"].astype("float64").where(lambda value: value.ne(0))
    return revised.assign(change=100 * (revised["value_now"] - before) / before.abs())


def changes_text(revised: pd.DataFrame) -> str:
    """
    Tell what publishers have revised: by indicator, and the largest revisions.

    Parameters
    ----------
    revised : DataFrame
        From `changes_of`.

    Returns
    -------
    str
        Two tables and a sentence, or a sentence where nothing was revised.
    """
    if revised.empty:
        return "No figure has been revised since it was fetched."
    sizes = revised["change"].abs()
    by_indicator = (
        revised.assign(size=sizes)
        .groupby("indicator", as_index=False)
        .agg(
            figures=("region", "size"),
            periods=("period", _span),
            regions=("region", "nunique"),
            largest=("size", "max"),
            found=("superseded", "max"),
        )
        .sort_values("largest", ascending=False)
    )
    by_indicator["largest"] = by_indicator["largest"].map("{:.1f} %".format, na_action="ignore")
    largest = revised.loc[sizes.sort_values(ascending=False, na_position="first").index]
    largest = largest.head(_MOST_SHOWN)
    fixed = ["indicator", "region", "period"]
    told = ["value", "status", "value_now", "status_now", "change", "superseded"]
    others = [column for column in revised.columns if column not in (*fixed, *told)]
    shown = largest.assign(
        breakdown=largest[others].fillna("").agg(" ".join, axis=1).str.strip() if others else "",
        before=_cells(largest["value"], largest["status"]),
        now=_cells(largest["value_now"], largest["status_now"]),
        change=largest["change"].map("{:+.1f} %".format, na_action="ignore").fillna(""),
    )
    columns = [*fixed, "breakdown", "before", "now", "change", "superseded"]
    return "\n".join(
        [
            "Revised by their publishers since they were first fetched:",
            table_text(
                ["indicator", "figures", "periods", "regions", "largest", "found"],
                by_indicator.fillna(""),
            ),
            "",
            f"The {len(largest)} largest of {len(revised):,} revisions:",
            table_text(columns, shown),
            "",
            "A figure read from a copy, not from the publisher, may differ for that reason. The "
            "earlier figures are kept in the snapshot: Snapshot.revisions() gives them all.",
        ]
    )


def _span(periods: pd.Series) -> str:
    first, last = periods.min(), periods.max()
    return str(first) if first == last else f"{first}–{last}"


def _cells(values: pd.Series, statuses: pd.Series) -> pd.Series[str]:
    texts = values.map("{:,.6g}".format, na_action="ignore").fillna("")
    return (texts + " " + statuses).str.strip()
