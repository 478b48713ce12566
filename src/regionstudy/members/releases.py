"""The tables that may be published: declared in releases.toml, protected before they leave."""

from __future__ import annotations

import difflib
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from regionstudy.errors import ConfigError
from regionstudy.members.schema import sheets

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from regionstudy.members.tables import Members

__all__ = ["Declarations", "ReleasedTable", "find_declarations", "release"]

FILE_NAME = "releases.toml"
# Sheets that count persons; what leaves them is always protected.
_PERSON_SHEETS = frozenset({"staff"})
_PERIODS = ("latest", "all")
_FIELDS = frozenset({"sheet", "measure", "dimensions", "year"})


@dataclass(frozen=True, slots=True)
class ReleasedTable:
    """
    One table that may be published.

    Parameters
    ----------
    name : str
        Its name.
    sheet : str
        The member sheet it is made from.
    measure : str
        The column that is summed; "" for the rows themselves.
    dimensions : tuple of str
        The columns it is summed by, or that the rows show.
    year : str
        "latest" for the newest year in the sheet alone, "all" for every year.
    """

    name: str
    sheet: str
    measure: str
    dimensions: tuple[str, ...]
    year: str = "all"


@dataclass(frozen=True, slots=True)
class Declarations:
    """
    What ``releases.toml`` declares.

    Parameters
    ----------
    path : Path
        The file.
    threshold : int
        Groups of fewer persons than this are hidden.
    tables : mapping of str to ReleasedTable
        The tables by name.
    """

    path: Path
    threshold: int
    tables: Mapping[str, ReleasedTable]


def find_declarations(path: Path, releases: str | Path | None) -> Declarations | None:
    """
    Find and read the ``releases.toml`` that goes with a workbook.

    Parameters
    ----------
    path : Path
        The workbook or folder.
    releases : str, Path or None
        The file; None to look beside `path` and in the folder above.

    Returns
    -------
    Declarations or None
        What is declared; None where no file was found.

    Raises
    ------
    ConfigError
        If the file that was named does not exist, or an entry cannot be used.
    """
    if releases is not None:
        file = Path(releases)
        if not file.is_file():
            msg = f"{file} does not exist; give the path of a {FILE_NAME}."
            raise ConfigError(msg)
        return _read_declarations(file)
    folder = path.resolve().parent
    for candidate in (folder / FILE_NAME, folder.parent / FILE_NAME):
        if candidate.is_file():
            return _read_declarations(candidate)
    return None


def release(members: Members, name: str) -> pd.DataFrame:
    """
    Give one declared table, with the persons behind it protected.

    Parameters
    ----------
    members : Members
        The member tables.
    name : str
        The table's name in ``releases.toml``.

    Returns
    -------
    DataFrame
        As `Members.release` says.

    Raises
    ------
    ConfigError
        If nothing is declared, or not this table.
    """
    declared = members.declarations
    if declared is None:
        msg = (
            f"No {FILE_NAME} was found beside {members.source.name} or in the folder above; "
            f"give load(..., releases=PATH)."
        )
        raise ConfigError(msg)
    if name not in declared.tables:
        near = difflib.get_close_matches(name, declared.tables, n=1)
        hint = f' Did you mean "{near[0]}"?' if near else ""
        msg = (
            f'The member table "{name}" is not declared in {declared.path.name}, so it must not '
            f'be shown.{hint} To publish it, add: [{name}] sheet = "staff", '
            f'measure = "headcount", dimensions = ["org_id", "municipality"].'
        )
        raise ConfigError(msg)
    table = declared.tables[name]
    rows = _rows_of(members, table)
    if table.sheet in _PERSON_SHEETS:
        frame = _protected(rows, table, declared.threshold)
    elif table.measure:
        grouped = rows.groupby(list(table.dimensions), sort=True)[[table.measure]].sum()
        frame = grouped.reset_index().assign(status="")
    else:
        frame = rows[list(table.dimensions)].reset_index(drop=True)
    frame.attrs.update(
        release=name,
        threshold=declared.threshold if table.sheet in _PERSON_SHEETS else None,
        fictitious=members.fictitious,
        checksum=members.checksum,
        year=_years(rows),
    )
    return frame


def _rows_of(members: Members, table: ReleasedTable) -> pd.DataFrame:
    rows = members.table(table.sheet)
    if "public" in rows.columns:
        rows = rows.loc[rows["public"].to_numpy()]
    if table.year == "latest" and len(rows):
        rows = rows.loc[(rows["year"] == rows["year"].max()).to_numpy()]
    return rows


def _years(rows: pd.DataFrame) -> str:
    if "year" not in rows.columns or rows.empty:
        return ""
    first, last = rows["year"].min(), rows["year"].max()
    return str(first) if first == last else f"{first}-{last}"


def _protected(rows: pd.DataFrame, table: ReleasedTable, threshold: int) -> pd.DataFrame:
    from regionstudy.members.disclosure import protect, with_margins

    dimensions = list(table.dimensions)
    sums = rows.groupby(dimensions)[[table.measure]].sum().reset_index()
    counts = with_margins(sums, dimensions=dimensions, count=table.measure)
    return protect(counts, dimensions=dimensions, count=table.measure, threshold=threshold)


def _read_declarations(path: Path) -> Declarations:
    try:
        document: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        msg = f"{path.name} is not TOML: {error}."
        raise ConfigError(msg) from error
    threshold = document.pop("threshold", 5)
    if not isinstance(threshold, int) or threshold < 3:
        msg = f"{path.name}: threshold = {threshold!r}; write a whole number of 3 or more."
        raise ConfigError(msg)
    tables = {name: _read_table(path, name, entry) for name, entry in document.items()}
    # Two tables of the same persons can be subtracted from each other.
    persons = [table.name for table in tables.values() if table.sheet in _PERSON_SHEETS]
    if len(persons) > 1:
        msg = (
            f"{path.name} declares several tables of persons ({', '.join(persons)}), which are "
            "not protected jointly yet; keep one of them."
        )
        raise ConfigError(msg)
    return Declarations(path=path, threshold=threshold, tables=tables)


def _read_table(path: Path, name: str, entry: Any) -> ReleasedTable:
    where = f"{path.name}, [{name}]"
    if not isinstance(entry, dict) or not _FIELDS >= entry.keys() >= {"sheet", "dimensions"}:
        msg = f"{where}: needs sheet and dimensions, and may have measure and year; nothing else."
        raise ConfigError(msg)
    if entry["sheet"] not in sheets():
        msg = f'{where}: no sheet "{entry["sheet"]}"; use one of: {", ".join(sheets())}.'
        raise ConfigError(msg)
    columns = {column.name for column in sheets()[entry["sheet"]].columns}
    measure = entry.get("measure", "")
    asked = [*entry["dimensions"], *([measure] if measure else [])]
    unknown = [column for column in asked if column not in columns]
    if unknown:
        msg = f"{where}: the sheet {entry['sheet']} has no column {', '.join(unknown)}."
        raise ConfigError(msg)
    year = entry.get("year", "all")
    if year not in _PERIODS or (year == "latest" and "year" not in columns):
        msg = f'{where}: year = "{year}"; use "all", or "latest" on a sheet that has years.'
        raise ConfigError(msg)
    if entry["sheet"] in _PERSON_SHEETS:
        if not measure:
            msg = f'{where}: rows of persons never leave; add measure = "headcount".'
            raise ConfigError(msg)
        if year == "all" and "year" not in entry["dimensions"]:
            msg = f'{where}: years must not be added up; add year = "latest".'
            raise ConfigError(msg)
    return ReleasedTable(
        name=name,
        sheet=entry["sheet"],
        measure=measure,
        dimensions=tuple(entry["dimensions"]),
        year=year,
    )
