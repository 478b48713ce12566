"""Read a member workbook or a folder of CSV: forgiving in form, strict in content."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from regionstudy.errors import Fault, MemberDataError
from regionstudy.members.findings import Finding, Findings
from regionstudy.members.frame_schemas import empty_frame, typed_frame
from regionstudy.members.layout import place_sheets
from regionstudy.members.rules import check_rules
from regionstudy.members.schema import match_key, sheets, spellings
from regionstudy.members.sheet_rows import read_table
from regionstudy.members.tables import Members
from regionstudy.members.workbooks import Grid, UnreadableError, checksum, read_grids

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["load", "read"]

_FICTITIOUS = frozenset(
    match_key(word) for word in ("fictitious", "påhittad", "påhittade", "fiktiv")
)


def load(path: str | Path, *, releases: str | Path | None = None) -> Members:
    """
    Load the member tables, or list everything that is wrong with them.

    Parameters
    ----------
    path : str or Path
        A workbook (.xlsx) or a folder of CSV files named after the sheets.
    releases : str or Path, optional
        The ``releases.toml`` that declares what may be published. Left out, it is looked
        for beside `path` and in the folder above.

    Returns
    -------
    Members
        The tables, whether they are fictitious, and what was mended in reading them.

    Raises
    ------
    MemberDataError
        If anything is wrong; all of it stands in ``faults``.
    ConfigError
        If ``releases.toml`` has an entry that cannot be used.

    See Also
    --------
    regionstudy.members.check : The same faults as a list.
    """
    from regionstudy.members.declarations import find_declarations

    path = Path(path)
    members, faults = read(path)
    if faults or members is None:
        raise MemberDataError(faults)
    declarations = find_declarations(path, releases)
    return Members(**{**vars(members), "declarations": declarations})


def read(path: Path, *, lang: str = "en") -> tuple[Members | None, list[Fault]]:
    """
    Read the member tables with everything that is wrong with them.

    Parameters
    ----------
    path : Path
        A workbook (.xlsx) or a folder of CSV files.
    lang : {"sv", "en"}, default "en"
        The language of faults and repairs.

    Returns
    -------
    members : Members or None
        The tables, None where there are faults.
    faults : list of Fault
        What is wrong, in the order of sheets and rows.
    """
    try:
        grids = read_grids(path)
    except UnreadableError as error:
        return None, [error.finding.fault(lang)]
    found = Findings()
    placed, about, aside = place_sheets(grids, found.faults)
    tables = {name: read_table(grid, sheets()[name], found) for name, grid in placed.items()}
    read_tables = {name: table for name, table in tables.items() if table is not None}
    check_rules(read_tables, found)
    if found.faults:
        order = {grid.name: number for number, grid in enumerate(grids)}
        found.faults.sort(key=lambda fault: _place_of(fault, order))
        return None, [finding.fault(lang) for finding in found.faults]
    frames = {
        name: typed_frame(read_tables[name].frame, sheet)
        if name in read_tables
        else empty_frame(sheet)
        for name, sheet in sheets().items()
    }
    members = Members(
        source=path,
        checksum=checksum(path),
        fictitious=_is_fictitious(about),
        tables=frames,
        extras={
            name: table.extra.reset_index(drop=True)
            for name, table in read_tables.items()
            if len(table.extra.columns)
        },
        aside=tuple(aside),
        repairs=tuple(mended.repair(lang) for mended in found.repairs),
    )
    return members, []


def _place_of(fault: Finding, order: Mapping[str, int]) -> tuple[int, int, int, str]:
    letters = fault.cell.rstrip("0123456789")
    row = int(fault.cell[len(letters) :] or 0)
    return order.get(fault.sheet, -1), row, len(letters), letters


def _is_fictitious(about: Grid | None) -> bool:
    yes = {spelling for spelling, word in spellings("flag").items() if word == "yes"}
    return about is not None and any(
        match_key(row[0]) in _FICTITIOUS and match_key(row[1]) in yes
        for row in about.rows
        if len(row) > 1
    )
