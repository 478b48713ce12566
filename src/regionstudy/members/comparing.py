"""Who has handed in this year's workbook, and what has changed since the last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from regionstudy.members.schema import sheets

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["changes_since", "handed_in"]


def handed_in(
    tables: Mapping[str, pd.DataFrame],
    files: Mapping[str, Mapping[str, bool]],
    before: Mapping[str, pd.DataFrame],
) -> pd.DataFrame:
    """
    Tell who has handed in figures of the newest year.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        This year's tables, of the workbooks without faults.
    files : mapping of str to mapping of str to bool
        The files that name each organisation, and whether each is without a fault.
    before : mapping of str to DataFrame
        Last year's tables; empty where they are not known.

    Returns
    -------
    DataFrame
        ``org_id, name, status, year, files``, a row for each organisation of either year; `year`
        is that of its newest staff figures, missing where it has none.
    """
    names = _names(before) | _names(tables)
    newest = tables["staff"].groupby("org_id")["year"].max()
    latest = newest.max() if len(newest) else None
    rows = []
    for org_id in sorted(names | dict.fromkeys(files, "")):
        year = newest.get(org_id)
        status = "missing"
        if year is not None:
            status = "handed in" if year == latest else "older"
        elif files.get(org_id) and not all(files[org_id].values()):
            status = "at fault"
        shown = ", ".join(sorted(files.get(org_id, ())))
        facts = {"name": names.get(org_id, ""), "status": status, "year": year, "files": shown}
        rows.append({"org_id": org_id, **facts})
    columns = ["org_id", "name", "status", "year", "files"]
    return pd.DataFrame(rows, columns=columns).astype({"year": "Int64"})


def changes_since(
    before: Mapping[str, pd.DataFrame], tables: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    """
    Tell what has changed since last year, of the organisations that have handed in.

    Parameters
    ----------
    before : mapping of str to DataFrame
        Last year's tables; empty where they are not known.
    tables : mapping of str to DataFrame
        This year's.

    Returns
    -------
    DataFrame
        ``org_id, what, before, after``. `what` is "organisation" (new this year), a column of the
        sheet organisations, "headcount" (the newest year of each), or the name of another sheet
        (its number of rows). Who has not handed in has not changed: `handed_in` tells of them.
    """
    columns = ["org_id", "what", "before", "after"]
    if not before:
        return pd.DataFrame(columns=columns)
    found = [*_facts(before["organisations"], tables["organisations"])]
    both = set(before["organisations"]["org_id"]) & set(tables["organisations"]["org_id"])
    found += _differences("headcount", _headcounts(before["staff"]), _headcounts(tables["staff"]))
    for name, sheet in sheets().items():
        if name in ("organisations", "staff") or "org_id" not in {c.name for c in sheet.columns}:
            continue
        counts = [frame[name].groupby("org_id").size() for frame in (before, tables)]
        # Of a sheet that last year's workbook did not have, every row would be news.
        if len(before[name]):
            found += _differences(name, *counts)
    kept = [one for one in found if one["org_id"] in both or one["what"] == "organisation"]
    return pd.DataFrame(kept, columns=columns)


def _names(tables: Mapping[str, pd.DataFrame]) -> dict[str, str]:
    if not tables:
        return {}
    organisations = tables["organisations"]
    return dict(zip(organisations["org_id"], organisations["name"], strict=True))


def _facts(before: pd.DataFrame, after: pd.DataFrame) -> list[dict[str, Any]]:
    new = after[~after["org_id"].isin(before["org_id"])]
    found = [
        {"org_id": org_id, "what": "organisation", "before": "", "after": name}
        for org_id, name in zip(new["org_id"], new["name"], strict=True)
    ]
    stayed = before.merge(
        after, on="org_id", how="inner", suffixes=("_before", "_after"), validate="one_to_one"
    )
    for column in [name for name in before.columns if name != "org_id"]:
        pair = stayed[["org_id", f"{column}_before", f"{column}_after"]]
        texts = pair.astype(object).where(pair.notna(), "").astype(str)
        changed = texts[texts[f"{column}_before"] != texts[f"{column}_after"]]
        found += [
            {"org_id": org_id, "what": column, "before": old, "after": new}
            for org_id, old, new in changed.itertuples(index=False)
        ]
    return found


def _headcounts(staff: pd.DataFrame) -> pd.Series[int]:
    newest = staff.groupby("org_id")["year"].transform("max")
    return staff[staff["year"] == newest].groupby("org_id")["headcount"].sum()


def _differences(what: str, before: pd.Series[int], after: pd.Series[int]) -> list[dict[str, Any]]:
    both = pd.DataFrame({"before": before, "after": after}).astype("Int64")
    changed = both[both["before"].fillna(-1) != both["after"].fillna(-1)]
    return [
        {
            "org_id": org_id,
            "what": what,
            "before": "" if pd.isna(old) else str(old),
            "after": "" if pd.isna(new) else str(new),
        }
        for org_id, old, new in changed.itertuples()
    ]
