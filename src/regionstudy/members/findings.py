"""What reading brings to light: faults and repairs, in both languages until they are shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from regionstudy.errors import Fault
from regionstudy.members.tables import Repair
from regionstudy.words import Message, Text, render

__all__ = ["Finding", "Findings", "MendedCell", "Reading", "refusal", "told", "wrong"]


@dataclass(frozen=True, slots=True)
class Reading:
    """
    What a cell was read as.

    Parameters
    ----------
    value : object
        The value, None where the cell is empty or at fault.
    problem, remedy : Text or str
        What is wrong and what to do; "" where nothing is.
    repair : Text or str
        What was mended in reading it; "" for nothing.
    """

    value: Any = None
    problem: Text | str = ""
    remedy: Text | str = ""
    repair: Text | str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """
    A fault before it is put into a language.

    Parameters
    ----------
    file, sheet, cell, value : str
        As in `Fault`.
    problem, remedy : Text or str
        What is wrong, and what to do.
    """

    file: str
    sheet: str
    cell: str
    value: str
    problem: Text | str
    remedy: Text | str

    def fault(self, lang: str) -> Fault:
        """
        Put it into words.

        Parameters
        ----------
        lang : {"sv", "en"}
            The language.

        Returns
        -------
        Fault
            The fault.
        """
        told_of = (render(self.problem, lang), render(self.remedy, lang))
        return Fault(self.file, self.sheet, self.cell, self.value, *told_of)


@dataclass(frozen=True, slots=True)
class MendedCell:
    """
    A repair before it is put into a language.

    Parameters
    ----------
    file, sheet, cell, value : str
        As in `Repair`.
    change : Text or str
        What it was read as, and why.
    """

    file: str
    sheet: str
    cell: str
    value: str
    change: Text | str

    def repair(self, lang: str) -> Repair:
        """
        Put it into words.

        Parameters
        ----------
        lang : {"sv", "en"}
            The language.

        Returns
        -------
        Repair
            The repair.
        """
        return Repair(self.file, self.sheet, self.cell, self.value, render(self.change, lang))


@dataclass(frozen=True, slots=True)
class Findings:
    """
    What reading brings to light, gathered over all sheets.

    Parameters
    ----------
    faults : list of Finding
        What is wrong.
    repairs : list of MendedCell
        What was mended.
    """

    faults: list[Finding] = field(default_factory=list)
    repairs: list[MendedCell] = field(default_factory=list)


def told(what: str, **params: Any) -> Message:
    """
    Give a text of the workbook's reader.

    Parameters
    ----------
    what : str
        Its id in ``words/locale/<lang>/members.po``, without the room.
    **params : object
        Values for its fields.

    Returns
    -------
    Message
        The text.
    """
    return Message(f"members.{what}", params)


def wrong(what: str, **params: Any) -> Reading:
    """
    Say that a cell is at fault.

    Parameters
    ----------
    what : str
        The id of the problem; that of its remedy ends in ``_do``.
    **params : object
        Values for the fields of both.

    Returns
    -------
    Reading
        The problem with its remedy.
    """
    return Reading(problem=told(what, **params), remedy=told(f"{what}_do", **params))


def refusal(file: str, what: str, **params: Any) -> Finding:
    """
    Say that a file cannot be read at all.

    Parameters
    ----------
    file : str
        The file's name.
    what : str
        The id of the problem; that of its remedy ends in ``_do``.
    **params : object
        Values for the fields of both.

    Returns
    -------
    Finding
        The fault of the whole file.
    """
    return Finding(file, "", "", "", told(what, **params), told(f"{what}_do", **params))
