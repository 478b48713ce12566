"""A table's own codes of time, as the store writes periods."""

from __future__ import annotations

import re

from regionstudy.errors import DataError

__all__ = ["period_of", "time_unit", "year_of"]

_UNITS = {"": "Annual", "K": "Quarterly", "M": "Monthly", "V": "Weekly"}
_PERIOD = re.compile(r"(\d{4})(?:([KMV])\d{1,2})?")
_SPAN = re.compile(r"(\d{4})\s*[-–/]\s*(\d{4}|\d{2})")


def period_of(code: str) -> str:
    """
    Give the period that a table's code of time stands for.

    Parameters
    ----------
    code : str
        Such as "2024", "2024K3", "2024M05", or a school year or other span of years.

    Returns
    -------
    str
        The code itself; of a span its last year.

    Raises
    ------
    DataError
        If it is none of these.

    Examples
    --------
    >>> period_of("2024M05"), period_of("2023/24"), period_of("1999/00"), period_of("1998-2001")
    ('2024M05', '2024', '2000', '2001')
    """
    if (span := _SPAN.fullmatch(code)) is not None:
        first, last = span.groups()
        if len(last) == 4:
            return last
        # "1999/00" ends in the next century.
        return str(int(first[:2]) + (last < first[2:])) + last
    if _PERIOD.fullmatch(code) is None:
        msg = f'"{code}" is no period such as 2024, 2024K3 or 2024M05. Report it with its table.'
        raise DataError(msg)
    return code


def year_of(code: str) -> int:
    """
    Give the year of a table's code of time.

    Parameters
    ----------
    code : str
        As in `period_of`.

    Returns
    -------
    int
        The year; of a span the last.

    Raises
    ------
    DataError
        As `period_of`.
    """
    return int(period_of(code)[:4])


def time_unit(code: str) -> str:
    """
    Name the kind of periods that a table has.

    Parameters
    ----------
    code : str
        One of its codes of time.

    Returns
    -------
    str
        As the service's list of tables has it; a span of years is a year.

    Examples
    --------
    >>> time_unit("2024K3"), time_unit("2023/24")
    ('Quarterly', 'Annual')
    """
    unit = _PERIOD.fullmatch(code)
    return _UNITS[unit[2] or ""] if unit else "Annual"
