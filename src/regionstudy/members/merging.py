"""Combine the workbooks that members have handed in, and say where they contradict each other."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from regionstudy.errors import ConfigError, Fault, MemberDataError
from regionstudy.members.comparing import changes_since, handed_in
from regionstudy.members.frame_schemas import empty_frame, typed_frame
from regionstudy.members.reading import Opened, open_tables
from regionstudy.members.rules import check_rules
from regionstudy.members.schema import Sheet, sheets
from regionstudy.members.tables import Members
from regionstudy.members.template import save_rows
from regionstudy.members.workbooks import UnreadableError, checksum
from regionstudy.members.writing import require_xlsx

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

__all__ = ["Merge", "merge"]

_CONFLICT_COLUMNS = [
    "sheet",
    "key",
    "column",
    "file",
    "value",
    "other_file",
    "other_row",
    "other_value",
]
# Copies with comments, which hold the same rows once more.
_CHECKED = (".checked", ".granskad")


@dataclass(frozen=True, repr=False)
class Merge:
    """
    What many workbooks say together.

    Parameters
    ----------
    members : Members or None
        The tables, None where there are faults or conflicts.
    faults : list of Fault
        What is wrong in any of them, file by file.
    conflicts : DataFrame
        ``sheet, key, column, file, value, other_file, other_row, other_value``: two workbooks that
        say different things of the same.
    handed_in : DataFrame
        ``org_id, name, status, year, files``: who has handed in; `status` is "handed in",
        "older" (figures of an earlier year only), "at fault" or "missing".
    changes : DataFrame
        ``org_id, what, before, after``: what changed since last year; empty without last year's.
    """

    members: Members | None
    faults: list[Fault]
    conflicts: pd.DataFrame
    handed_in: pd.DataFrame
    changes: pd.DataFrame


def merge(
    folder: str | Path,
    path: str | Path | None = None,
    *,
    last: str | Path | None = None,
    lang: str = "en",
) -> Merge:
    """
    Combine the workbooks of a folder into one.

    A row that several workbooks hold alike is counted once. A cell that one leaves empty is
    taken from another. Where two say different things of the same, neither is chosen.

    Parameters
    ----------
    folder : str or Path
        Holds workbooks (.xlsx), and folders of CSV.
    path : str or Path, optional
        The workbook to write. Nothing is written where there are faults or conflicts.
    last : str or Path, optional
        Last year's workbook, or a list of the organisations (its sheet alone): who of them has
        not handed in, and what has changed.
    lang : {"sv", "en"}, default "en"
        The language of faults, and of the workbook.

    Returns
    -------
    Merge
        The tables, and what an analyst should ask the members.

    Raises
    ------
    MemberDataError
        If `last` cannot be read.
    ConfigError
        If `folder` holds no workbook, or `path` does not end in .xlsx.
    """
    folder = Path(folder)
    target = None if path is None else require_xlsx(Path(path))
    opened, faults = _open_all(folder, lang, beside=target)
    before = _last_tables(Path(last), lang) if last is not None else {}
    listed = [one.tables["organisations"].frame for one in opened if "organisations" in one.tables]
    listed += [before["organisations"]] if before else []
    known = {str(org_id) for frame in listed for org_id in frame["org_id"].dropna()}
    for one in opened:
        check_rules(one.tables, one.found, elsewhere=known)
        faults += one.faults(lang)
    clean = [one for one in opened if not one.found.faults]
    tables, conflicts = _combine(clean)
    members = None
    if not faults and conflicts.empty:
        members = Members(
            source=folder,
            checksum=checksum(folder, [one.path for one in clean]),
            # One made-up workbook makes the sum made up.
            fictitious=any(one.fictitious for one in clean),
            tables=tables,
            aside=tuple(dict.fromkeys(name for one in clean for name in one.aside)),
            repairs=tuple(mended.repair(lang) for one in clean for mended in one.found.repairs),
        )
        if target is not None:
            save_rows(target, tables, lang=lang, fictitious=members.fictitious)
    return Merge(
        members=members,
        faults=faults,
        conflicts=conflicts,
        handed_in=handed_in(tables, _files(opened, known), before),
        changes=changes_since(before, tables),
    )


def _open_all(folder: Path, lang: str, *, beside: Path | None) -> tuple[list[Opened], list[Fault]]:
    paths = _workbooks(folder, beside)
    if not paths:
        msg = f"{folder} holds no workbook; put the members' workbooks (.xlsx) in that folder."
        raise ConfigError(msg)
    opened, faults = [], []
    for path in paths:
        try:
            opened.append(open_tables(path))
        except UnreadableError as error:
            faults.append(error.finding.fault(lang))
    return opened, faults


def _workbooks(folder: Path, beside: Path | None) -> list[Path]:
    if not folder.is_dir():
        return []
    found = []
    for item in sorted(folder.iterdir()):
        # "~$" is how Excel marks a workbook that somebody has open.
        ours = item.name.startswith(("~$", ".")) or Path(item.stem).suffix in _CHECKED
        written = beside is not None and item.resolve() == beside.resolve()
        workbook = item.is_file() and item.suffix.lower() in (".xlsx", ".xlsm", ".xls")
        if not ours and not written and (workbook or (item.is_dir() and any(item.glob("*.csv")))):
            found.append(item)
    return found


def _last_tables(path: Path, lang: str) -> dict[str, pd.DataFrame]:
    """Read last year's workbook, or the list of organisations that is all there is of it."""
    try:
        opened = open_tables(path)
    except UnreadableError as error:
        raise MemberDataError([error.finding.fault(lang)]) from error
    if "organisations" not in opened.tables or any(
        fault.cell and fault.sheet == opened.tables["organisations"].grid.name
        for fault in opened.found.faults
    ):
        raise MemberDataError(opened.faults(lang))
    # Rows of last year that are at fault are not this year's question.
    sound = {
        name: table.frame.dropna(subset=[c.name for c in table.sheet.columns if c.required])
        for name, table in opened.tables.items()
    }
    return {
        name: typed_frame(sound[name].drop_duplicates(list(sheet.key)), sheet)
        if name in sound
        else empty_frame(sheet)
        for name, sheet in sheets().items()
    }


def _combine(opened: Sequence[Opened]) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    tables, conflicts = {}, []
    for name, sheet in sheets().items():
        frames = [
            one.tables[name].frame.assign(_file=one.path.name).reset_index(names="_row")
            for one in opened
            if name in one.tables and len(one.tables[name].frame)
        ]
        if not frames:
            tables[name] = empty_frame(sheet)
            continue
        rows = pd.concat(frames, ignore_index=True)
        conflicts += _conflicts(rows, sheet)
        key = list(sheet.key)
        # `first` takes the first value that is there.
        alone = rows.groupby(key, dropna=False, sort=False).first().reset_index()
        values = alone[[column.name for column in sheet.columns]]
        tables[name] = typed_frame(values.astype(object).where(values.notna(), None), sheet)
    return tables, pd.DataFrame(conflicts, columns=_CONFLICT_COLUMNS)


def _conflicts(rows: pd.DataFrame, sheet: Sheet) -> list[dict[str, Any]]:
    key = list(sheet.key)
    repeated = rows[rows.duplicated(key, keep=False)]
    facts = [column.name for column in sheet.columns if column.name not in key]
    found = []
    for column in facts:
        given = repeated.dropna(subset=[column])
        first = given.drop_duplicates(key)
        both = given.merge(
            first[[*key, column, "_file"]],
            on=key,
            how="left",
            suffixes=("", "_first"),
            validate="many_to_one",
        )
        found += [
            {
                "sheet": sheet.name,
                "key": ", ".join(str(row[part]) for part in key if not pd.isna(row[part])),
                "column": column,
                "file": row["_file_first"],
                "value": str(row[f"{column}_first"]),
                "other_file": row["_file"],
                "other_row": row["_row"],
                "other_value": str(row[column]),
            }
            for row in both[both[column] != both[f"{column}_first"]].to_dict("records")
        ]
    return found


def _files(opened: Sequence[Opened], known: Collection[str]) -> Mapping[str, dict[str, bool]]:
    """Tell in which files each organisation stands, and whether the file is without a fault."""
    files: dict[str, dict[str, bool]] = {}
    for one in opened:
        for name in ("organisations", "staff"):
            if name in one.tables:
                named = one.tables[name].frame["org_id"].dropna().unique()
                for org_id in named[pd.Series(named).isin(list(known)).to_numpy()]:
                    files.setdefault(str(org_id), {})[one.path.name] = not one.found.faults
    return files
