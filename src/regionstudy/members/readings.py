"""What a cell was read as."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["Reading"]


@dataclass(frozen=True, slots=True)
class Reading:
    """
    What a cell was read as.

    Parameters
    ----------
    value : object
        The value, None where the cell is empty or at fault.
    problem, remedy : str
        What is wrong and what to do; "" where nothing is.
    repair : str
        What was mended in reading it; "" for nothing.
    """

    value: Any = None
    problem: str = ""
    remedy: str = ""
    repair: str = ""
