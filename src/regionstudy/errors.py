"""
The errors that regionstudy raises on purpose.

::

    RegionStudyError
    ├── SourceError        a public service answered otherwise than it promises
    │   └── QuestionError      what is asked for does not fit what the service has
    ├── DataError          figures, a frame or the snapshot cannot be used
    │   └── MemberDataError    a member workbook has faults (all of them listed)
    ├── ConfigError        a TOML file, an option or an id is wrong (QuestionError too)
    └── ReportError        a notebook failed, or the site could not be written

Every message says what is wrong, where, and what to do about it. The command
line prints it on one line and exits with 2.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "ConfigError",
    "DataError",
    "Fault",
    "MemberDataError",
    "QuestionError",
    "RegionStudyError",
    "ReportError",
    "SourceError",
]


class RegionStudyError(Exception):
    """Base of every error that regionstudy raises on purpose."""


class SourceError(RegionStudyError):
    """
    A public service answered otherwise than it promises.

    Parameters
    ----------
    message : str
        What went wrong.
    url : str
        The address that was asked.
    status : int or None
        The HTTP status, None where no answer came.
    remedy : str
        What the reader can do.
    what : str
        What was asked for, in the reader's words.
    content : bytes
        The answer as it came, kept for a report; empty where none came.
    """

    def __init__(
        self,
        message: str,
        *,
        url: str = "",
        status: int | None = None,
        remedy: str = "",
        what: str = "",
        content: bytes = b"",
    ) -> None:
        super().__init__(" ".join(part for part in (message, remedy) if part))
        self.url = url
        self.status = status
        self.remedy = remedy
        self.what = what
        self.content = content


class DataError(RegionStudyError):
    """Figures, a frame or the snapshot cannot be used as they are."""


@dataclass(frozen=True, slots=True)
class Fault:
    """
    One thing that is wrong in a member workbook, and how to mend it.

    Parameters
    ----------
    file, sheet, cell : str
        Where it is; `cell` in the spreadsheet's own words, such as "C14".
    value : str
        What stands there.
    problem, remedy : str
        What is wrong, and what to do.
    """

    file: str
    sheet: str
    cell: str
    value: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        sheet = f"sheet {self.sheet}" if self.sheet else ""
        where = ", ".join(part for part in (self.file, sheet, self.cell) if part)
        shown = f' "{self.value}"' if self.value else ""
        return f"{where}:{shown} {self.problem} {self.remedy}".rstrip()


class MemberDataError(DataError):
    """
    A member workbook has faults; all of them are in `faults`.

    Parameters
    ----------
    faults : sequence of Fault
        Every fault that was found, in the order of sheets and rows.
    """

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = list(faults)
        first = "; ".join(str(fault) for fault in self.faults[:5])
        more = len(self.faults) - 5
        super().__init__(first + (f"; and {more} more faults." if more > 0 else ""))


class ConfigError(RegionStudyError):
    """A TOML file, an option or an id is wrong."""


class QuestionError(SourceError, ConfigError):
    """
    A variable, value or contents is asked for that the service's table does not have.

    It is both the source's and the catalogue's affair: the table may have changed, or the
    question be mistyped.
    """


class ReportError(RegionStudyError):
    """
    A notebook failed, or the site could not be written.

    Parameters
    ----------
    message : str
        What went wrong, and what to do.
    notebook : str
        The notebook's file name, empty where none is at fault.
    cell : int or None
        The number of the failing cell, counted from 1 over all cells.
    source : str
        The failing cell's source.
    """

    def __init__(
        self, message: str, *, notebook: str = "", cell: int | None = None, source: str = ""
    ) -> None:
        super().__init__(message)
        self.notebook = notebook
        self.cell = cell
        self.source = source
