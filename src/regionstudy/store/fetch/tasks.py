"""The units of a fetch: tasks, which are asked and journalled, and series, made of answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence

    import pandas as pd

    from regionstudy.catalogue import Indicator

__all__ = ["Series", "Task"]


@dataclass(frozen=True, slots=True)
class Task:
    """
    One question to a source; its answer is journalled, so that it is asked once.

    Parameters
    ----------
    source : str
        The source's short name, such as "scb".
    key : str
        Everything that the answer depends on, the publisher's stamp included; the same key
        means the same answer.
    what : str
        What is asked for, for the reader.
    cells : int
        How many figures it can bring at most; 0 where that is not known ahead.
    calls : int
        How many calls it takes, as far as known ahead.
    command : str
        The request as a command line that anyone can paste.
    run : callable
        Asks, and gives a frame.
    good_for : timedelta or None
        How long a journalled answer may be used; None where `key` holds a stamp.
    asks : str
        What sets it apart from the others of its series, such as the years.
    """

    source: str
    key: str
    what: str
    cells: int
    calls: int
    command: str
    run: Callable[[], pd.DataFrame]
    good_for: dt.timedelta | None = None
    asks: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """
    What one indicator takes from one table, key figure or service.

    Parameters
    ----------
    indicator : Indicator
        The catalogue's entry.
    source : str
        The source's short name.
    name : str
        The table, key figure or count, such as "TAB638".
    tasks : tuple of Task
        What must be asked.
    stamp : str
        The publisher's stamp of the table, or the day of publication; empty where none.
    told : tuple of str
        What the reader should know: breaks, noise, what was left out.
    read : callable
        Makes observations, and the facts of a provenance segment, of the tasks' answers; an
        empty frame where there are none of the years wanted.
    """

    indicator: Indicator
    source: str
    name: str
    tasks: tuple[Task, ...]
    stamp: str
    told: tuple[str, ...]
    read: Callable[[Sequence[pd.DataFrame]], tuple[pd.DataFrame, dict[str, Any]]]
