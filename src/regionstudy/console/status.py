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

__all__ = ["status_of", "status_text"]


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
