"""The code list itself: every region of today, and the codes that are no more."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

__all__ = ["FIRST_YEAR", "LEVELS", "Region", "former_regions", "read_table", "region_list"]

LEVELS = ("country", "county", "fa_region", "municipality")

# SCB's migration series begin in 1968, and nothing in the study is older.
FIRST_YEAR = 1968


@dataclass(frozen=True, slots=True)
class Region:
    """
    One row of the code list.

    Parameters
    ----------
    region : str
        SCB's code; "FA" and Tillväxtverket's number for an FA region.
    name, name_en : str
        The name in Swedish and in English.
    level : str
        One of `LEVELS`.
    parent : str
        The county of a municipality, "00" for counties and FA regions, "" for "00".
    fa_region : str
        The FA region of a municipality, else "".
    valid_from, valid_to : str
        First and last day of the code, ISO; "" where that is outside the study.
    successor : str
        The code that took its place, else "".
    """

    region: str
    name: str
    name_en: str
    level: str
    parent: str
    fa_region: str = ""
    valid_from: str = ""
    valid_to: str = ""
    successor: str = ""

    def valid_in(self, year: int) -> bool:
        """
        Tell whether the code was valid on 1 January of a year.

        Parameters
        ----------
        year : int
            The year.

        Returns
        -------
        bool
            True if it was.
        """
        day = f"{year}-01-01"
        return self.valid_from <= day and (not self.valid_to or day <= self.valid_to)


def read_table(file: str) -> list[dict[str, str]]:
    """
    Read one of the room's CSV files.

    Parameters
    ----------
    file : str
        Its name in the room's ``data`` folder.

    Returns
    -------
    list of dict
        A dict a row, column to text.
    """
    text = files("regionstudy.geography").joinpath("data", file).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def region_list() -> dict[str, Region]:
    """
    Give today's regions by code: "00", 21 counties, 60 FA regions, 290 municipalities.

    Returns
    -------
    dict of str to Region
        In the order of level and code; do not change it.

    Examples
    --------
    >>> region_list()["2281"].name
    'Sundsvall'
    """
    return {row["region"]: Region(**row) for row in read_table("regions.csv")}


@cache
def former_regions() -> dict[str, Region]:
    """
    Give the codes that are no more, by code.

    "12" and "14" are here too: until 1996 and 1997 they meant Malmöhus and Göteborgs
    och Bohus county, a part of what they mean today.

    Returns
    -------
    dict of str to Region
        Counties and municipalities merged, moved or renumbered since 1968.

    Examples
    --------
    >>> former_regions()["1917"].successor
    '0331'
    """
    return {
        row["region"]: Region(name_en=row["name"], **row)
        for row in read_table("former_regions.csv")
    }
