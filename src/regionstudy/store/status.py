"""What `regionstudy status` tells: what the store holds, how old it is, and what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from regionstudy.catalogue.cycle import due_date, period_end

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from regionstudy.catalogue import Indicator
    from regionstudy.store.snapshot import Snapshot

__all__ = ["status_table"]


def status_table(
    snapshot: Snapshot, catalogue: Mapping[str, Indicator], *, today: dt.date
) -> pd.DataFrame:
    """
    Tell of every indicator what the store holds, how old it is, or why nothing is there.

    Parameters
    ----------
    snapshot : Snapshot
        The store.
    catalogue : mapping of str to Indicator
        The catalogue; ids of the snapshot that it lacks come last.
    today : date
        The day that ages are counted to.

    Returns
    -------
    DataFrame, a row an indicator
        ``indicator``, ``domain``, ``title_sv``, ``title_en``, ``state`` ("figures", "formula",
        "missing"), the columns of `Snapshot.summary`, ``age_days`` (from the newest period's end
        to `today`), ``due`` (when the next period must have come), ``overdue`` (bool),
        ``reason`` (why there are no figures) and ``command`` (which would fetch them, or offer
        the tables that may hold them).
    """
    held = snapshot.summary().set_index("indicator")
    rows = []
    for one in [*catalogue, *(name for name in held.index if name not in catalogue)]:
        entry = catalogue.get(one)
        row = {"indicator": one, **_described(entry), "state": _state(one, entry, held)}
        if one in held.index:
            last = str(held.loc[one, "last"])
            row |= {"age_days": (today - period_end(last)).days, **_cycle(entry, last, today)}
        else:
            row |= _absence(entry)
        rows.append(row)
    columns = ["indicator", "domain", "title_sv", "title_en", "state", "age_days", "due"]
    columns += ["overdue", "reason", "command"]
    table = pd.DataFrame(rows, columns=columns)
    table["overdue"] = table["overdue"].eq(other=True)
    table[["reason", "command"]] = table[["reason", "command"]].fillna("")
    counts = ["periods", "country", "county", "municipality", "rows", "missing", "age_days"]
    table = table.merge(held.reset_index(), on="indicator", how="left", validate="1:1")
    table["transcribed"] = table["transcribed"].eq(other=True)
    table[counts] = table[counts].astype("Int64")
    order = [*columns[:5], *held.columns, *columns[5:]]
    return table[order]


def _state(one: str, entry: Indicator | None, held: pd.DataFrame) -> str:
    if one in held.index:
        return "figures"
    return "formula" if entry is not None and entry.formula else "missing"


def _described(entry: Indicator | None) -> dict[str, str]:
    if entry is None:
        return {"domain": "", "title_sv": "", "title_en": ""}
    return {"domain": entry.domain, "title_sv": entry.title.sv, "title_en": entry.title.en}


def _cycle(entry: Indicator | None, last: str, today: dt.date) -> dict[str, Any]:
    if entry is None:
        return {"reason": "held, but not in the catalogue"}
    ended = entry.last_period is not None and last >= entry.last_period
    due = None if ended else due_date(last, update=entry.update)
    return {"due": due, "overdue": due is not None and today > due}


def _absence(entry: Indicator | None) -> dict[str, str]:
    if entry is None or entry.formula:
        return {"reason": f"computed: {entry.formula}" if entry else "", "command": ""}
    if entry.source is not None and entry.source.kind == "other":
        reason = f"{entry.source} has no service that regionstudy fetches from"
        return {"reason": reason, "command": ""}
    verb = "fetch --indicator" if entry.fetchable else "describe"
    return {
        "reason": f"not among the embedded figures; published by {entry.source}",
        "command": f"regionstudy {verb} {entry.id}",
    }
