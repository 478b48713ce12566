"""What notebook 03 finds about migration over many years: titles computed from frames."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from regionstudy.errors import DataError
from regionstudy.figures.migration_captions import text
from regionstudy.geography import label

if TYPE_CHECKING:
    import pandas as pd

    from regionstudy.words import Message

__all__ = ["flows_title", "gross_title", "population_title"]


def flows_title(pieces: pd.DataFrame, *, region: str) -> Message:
    """
    Add net migration up over each unbroken span of years.

    Parameters
    ----------
    pieces : DataFrame
        One series in persons, as `regionstudy.analysis.trends.segments` gives it.
    region : str
        Code of the region.

    Returns
    -------
    Message
        The title.
    """
    spans = pieces.groupby("segment").agg(
        first=("period", "min"), last=("period", "max"), sum=("value", "sum")
    )
    parts = [
        text("span", persons=row["sum"], first=row["first"], last=row["last"])
        for _, row in spans.iterrows()
    ]
    return text("flows_title", place=label(region), parts=parts)


def gross_title(flows: pd.DataFrame, *, home: str) -> Message:
    """
    Give in- and out-migration in the last year that has both, and say if one goes on alone.

    Parameters
    ----------
    flows : DataFrame
        ``flow`` ("inmigration", "outmigration"), ``period``, ``value`` of one region.
    home : str
        Its code.

    Returns
    -------
    Message
        The title.

    Raises
    ------
    DataError
        If no year has both.
    """
    wide = flows.pivot_table(index="period", columns="flow", values="value", observed=True)
    both = wide.reindex(columns=["inmigration", "outmigration"]).dropna()
    if both.empty:
        msg = f"No year has both in- and out-migration of {home}; choose other periods."
        raise DataError(msg)
    newest = both.iloc[-1]
    later = str(both.index[-1]) < flows["period"].astype(str).max()
    return text(
        "gross_ended" if later else "gross_title",
        place=label(home),
        arrived=newest["inmigration"],
        left=newest["outmigration"],
        period=str(both.index[-1]),
    )


def population_title(total: pd.DataFrame, *, home: str) -> Message:
    """
    Split the home region's population change into its parts.

    Parameters
    ----------
    total : DataFrame
        As `regionstudy.analysis.migration.sum_years` gives it.
    home : str
        Code of the home region.

    Returns
    -------
    Message
        The title.
    """
    row: Any = total.set_index("region").loc[home]
    parts = {column: row[column] for column in ("end", "change", "natural", "net_migration")}
    first = str(int(row["first"]) - 1)
    return text("population_title", place=label(home), first=first, last=row["last"], **parts)
