"""Read a member workbook or a folder of CSV: forgiving in form, strict in content."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from regionstudy.errors import Fault, MemberDataError
from regionstudy.members.findings import Finding, Findings
from regionstudy.members.frame_schemas import empty_frame, typed_frame
from regionstudy.members.layout import place_sheets
from regionstudy.members.rules import check_rules
from regionstudy.members.schema import match_key, sheets, spellings
from regionstudy.members.sheet_rows import Table, read_table
from regionstudy.members.tables import Members
from regionstudy.members.workbooks import Grid, UnreadableError, checksum, read_grids

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Opened", "load", "members_of", "open_tables", "read"]

_FICTITIOUS = frozenset(
    match_key(word) for word in ("fictitious", "påhittad", "påhittade", "fiktiv")
)


# The last reading of each place, good for as long as the files there are the same: reading takes
# a second, and kernels that a build forks find here what was read before the fork.
_known: dict[Path, Members] = {}


@dataclass(frozen=True, slots=True)
class Opened:
    """
    A workbook or folder that was read, before its sheets are held against one another.

    Parameters
    ----------
    path : Path
        The workbook or folder.
    tables : dict of str to Table
        Its sheets by name.
    found : Findings
        What reading brought to light.
    fictitious : bool
        Whether the workbook says of itself that it is made up.
    aside : tuple of str
        The sheets that are none of ours.
    order : mapping of str to int
        The place of each sheet in the workbook.
    """

    path: Path
    tables: dict[str, Table]
    found: Findings
    fictitious: bool
    aside: tuple[str, ...]
    order: Mapping[str, int]

    def faults(self, lang: str) -> list[Fault]:
        """
        Give what is wrong.

        Parameters
        ----------
        lang : {"sv", "en"}
            The language.

        Returns
        -------
        list of Fault
            In the order of sheets and rows.
        """
        ordered = sorted(self.found.faults, key=lambda fault: _place_of(fault, self.order))
        return [finding.fault(lang) for finding in ordered]


def load(
    path: str | Path, *, releases: str | Path | None = None, state: Path | None = None
) -> Members:
    """
    Load the member tables, or list everything that is wrong with them.

    Parameters
    ----------
    path : str or Path
        A workbook (.xlsx) or a folder of CSV files named after the sheets.
    releases : str or Path, optional
        The ``releases.toml`` that declares what may be published. Left out, it is looked
        for beside `path` and in the folder above.
    state : Path, optional
        The folder of the gate's private state: the last edition, and what was hidden. Without
        it neither is kept.

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
    members = _known.get(path.resolve())
    if members is None or not path.exists() or checksum(path) != members.checksum:
        members, faults = read(path)
        if faults or members is None:
            raise MemberDataError(faults)
        _known[path.resolve()] = members
    declarations = find_declarations(path, releases)
    return replace(members, source=path, declarations=declarations, state=state)


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
        opened = open_tables(path)
    except UnreadableError as error:
        return None, [error.finding.fault(lang)]
    check_rules(opened.tables, opened.found)
    if opened.found.faults:
        return None, opened.faults(lang)
    return members_of(opened, lang=lang), []


def open_tables(path: Path) -> Opened:
    """
    Read the sheets of a workbook or folder, before they are held against one another.

    Parameters
    ----------
    path : Path
        A workbook (.xlsx) or a folder of CSV files.

    Returns
    -------
    Opened
        The sheets and what reading them brought to light.

    Raises
    ------
    UnreadableError
        If the file cannot be read at all.
    """
    grids = read_grids(path)
    found = Findings()
    placed, about, aside = place_sheets(grids, found.faults)
    tables = {name: read_table(grid, sheets()[name], found) for name, grid in placed.items()}
    return Opened(
        path=path,
        tables={name: table for name, table in tables.items() if table is not None},
        found=found,
        fictitious=_is_fictitious(about),
        aside=tuple(aside),
        order={grid.name: number for number, grid in enumerate(grids)},
    )


def members_of(opened: Opened, *, lang: str) -> Members:
    """
    Make the member tables of sheets without a fault.

    Parameters
    ----------
    opened : Opened
        The sheets.
    lang : {"sv", "en"}
        The language of repairs.

    Returns
    -------
    Members
        The tables; a sheet that is not there is empty.
    """
    tables = opened.tables
    return Members(
        source=opened.path,
        checksum=checksum(opened.path),
        fictitious=opened.fictitious,
        tables={
            name: typed_frame(tables[name].frame, sheet) if name in tables else empty_frame(sheet)
            for name, sheet in sheets().items()
        },
        extras={
            name: table.extra.reset_index(drop=True)
            for name, table in tables.items()
            if len(table.extra.columns)
        },
        aside=opened.aside,
        repairs=tuple(mended.repair(lang) for mended in opened.found.repairs),
    )


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
