"""What may be published of the member tables: ``releases.toml``, read and checked."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from regionstudy.errors import ConfigError
from regionstudy.members.schema import sheets

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "DERIVED",
    "FILE_NAME",
    "PERSON_SHEETS",
    "Declarations",
    "ReleasedTable",
    "find_declarations",
]

FILE_NAME = "releases.toml"
# Sheets that count persons; what leaves them is always protected. Staff are a stock, which
# must not be added up over years; mobility is a flow, which may.
PERSON_SHEETS = {"staff": "stock", "mobility": "flow"}
# A dimension that is worked out: the column of the sheet that it is a grouping of.
DERIVED = {
    "cluster": "org_id",
    "level": "org_id",
    "occupation_minor": "occupation",
    "occupation_major": "occupation",
}
_NEVER = frozenset({"contact"})
_PERIODS = ("latest", "all")
_FIELDS = frozenset({"sheet", "measure", "dimensions", "year", "where"})


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
        The columns it is summed by, or that the rows show; some are worked out (`DERIVED`).
    year : str
        "latest" for the newest year in the sheet alone, "all" for every year.
    where : mapping of str to tuple of str
        For a column, the values of the rows that count; the others are left out.
    """

    name: str
    sheet: str
    measure: str
    dimensions: tuple[str, ...]
    year: str = "all"
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def of_persons(self) -> bool:
        """
        Tell whether persons stand behind its figures, so that it is protected.

        Returns
        -------
        bool
            Whether they do.
        """
        return self.sheet in PERSON_SHEETS


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
    width : int
        How wide the interval must be that a reader can work out for a hidden figure.
    zeros : {"shown", "hidden"}
        Whether a group of nobody is published as 0, or hidden as a small group is.
    rounding : int
        Published figures are rounded to this base; 0 leaves them as they are.
    """

    path: Path
    threshold: int
    tables: Mapping[str, ReleasedTable]
    width: int = 5
    zeros: str = "shown"
    rounding: int = 0

    @property
    def person_tables(self) -> list[ReleasedTable]:
        """
        List the tables that are protected, all of them together.

        Returns
        -------
        list of ReleasedTable
            In the order of the file.
        """
        return [table for table in self.tables.values() if table.of_persons]


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


def _read_declarations(path: Path) -> Declarations:
    try:
        document: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        msg = f"{path.name} is not TOML: {error}."
        raise ConfigError(msg) from error
    threshold = _whole(path, document, "threshold", 5, at_least=3)
    width = _whole(path, document, "width", threshold, at_least=threshold)
    rounding = _whole(path, document, "rounding", 0, at_least=0)
    zeros = document.pop("zeros", "shown")
    if zeros not in ("shown", "hidden"):
        msg = f'{path.name}: zeros = {zeros!r}; use "shown" or "hidden".'
        raise ConfigError(msg)
    return Declarations(
        path=path,
        threshold=threshold,
        tables={name: _read_table(path, name, entry) for name, entry in document.items()},
        width=width,
        zeros=zeros,
        rounding=rounding,
    )


def _whole(path: Path, document: dict[str, Any], name: str, default: int, *, at_least: int) -> int:
    value = document.pop(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or value < at_least:
        msg = f"{path.name}: {name} = {value!r}; write a whole number of {at_least} or more."
        raise ConfigError(msg)
    return value


def _read_table(path: Path, name: str, entry: Any) -> ReleasedTable:
    where = f"{path.name}, [{name}]"
    if not isinstance(entry, dict) or not _FIELDS >= entry.keys() >= {"sheet", "dimensions"}:
        msg = (
            f"{where}: needs sheet and dimensions, and may have measure, year and where; "
            f"nothing else."
        )
        raise ConfigError(msg)
    if entry["sheet"] not in sheets():
        msg = f'{where}: no sheet "{entry["sheet"]}"; use one of: {", ".join(sheets())}.'
        raise ConfigError(msg)
    table = ReleasedTable(
        name=name,
        sheet=entry["sheet"],
        measure=entry.get("measure", ""),
        dimensions=tuple(entry["dimensions"]),
        year=entry.get("year", "all"),
        where=_read_where(where, entry.get("where", {})),
    )
    _check_columns(where, table)
    if table.of_persons:
        _check_persons(where, table)
    return table


def _read_where(where: str, entry: Any) -> dict[str, tuple[str, ...]]:
    if not isinstance(entry, dict) or not all(isinstance(kept, list) for kept in entry.values()):
        msg = f'{where}: where = {entry!r}; write where = {{ column = ["value"] }}.'
        raise ConfigError(msg)
    return {column: tuple(str(value) for value in kept) for column, kept in entry.items()}


def _check_columns(where: str, table: ReleasedTable) -> None:
    columns = {column.name for column in sheets()[table.sheet].columns}
    known = columns | {name for name, source in DERIVED.items() if source in columns}
    asked = [*table.dimensions, *table.where, *([table.measure] if table.measure else [])]
    unknown = [column for column in asked if column not in known]
    if unknown:
        msg = f"{where}: the sheet {table.sheet} has no column {', '.join(unknown)}."
        raise ConfigError(msg)
    named = _NEVER.intersection(asked)
    if named:
        msg = f"{where}: {', '.join(named)} names persons and never leaves; take it out."
        raise ConfigError(msg)
    if table.year not in _PERIODS or (table.year == "latest" and "year" not in columns):
        msg = f'{where}: year = "{table.year}"; use "all", or "latest" on a sheet that has years.'
        raise ConfigError(msg)


def _check_persons(where: str, table: ReleasedTable) -> None:
    if table.measure != "headcount":
        msg = f'{where}: rows of persons never leave; add measure = "headcount".'
        raise ConfigError(msg)
    if not table.dimensions:
        msg = f"{where}: names no dimensions; name the columns that tell the cells apart."
        raise ConfigError(msg)
    stock = PERSON_SHEETS[table.sheet] == "stock"
    if stock and table.year == "all" and "year" not in table.dimensions:
        msg = f'{where}: years must not be added up; add year = "latest".'
        raise ConfigError(msg)
