"""Questions to the code list: what a code is called, and whether it is, or was, valid."""

from __future__ import annotations

import difflib

from regionstudy.errors import ConfigError
from regionstudy.geography.code_list import FIRST_YEAR, LEVELS, former_regions, region_list
from regionstudy.words import Words

__all__ = [
    "label",
    "level_of",
    "name",
    "nearest_match",
    "parent",
    "region_list",
    "require_level",
    "require_region",
    "valid_codes",
]

_FORMS = (
    'Codes are text with their zeros: "00", a county ("22"), a municipality ("2281") '
    'or an FA region ("FA42").'
)


def valid_codes(level: str, year: int) -> frozenset[str]:
    """
    Give the codes of a level that were valid on 1 January of a year.

    SCB's figures for 1968-1996 are recast to the municipalities of 1983-1991 (and
    the four formed in 1992 and 1995), so those stand here from 1968 on, although the
    municipalities of that time were more. A figure of 31 December uses the division
    of the day after: ask for the next year.

    Parameters
    ----------
    level : {"country", "county", "fa_region", "municipality"}
        The level.
    year : int
        The year, 1968 or later. FA regions are those of 2015, whatever the year.

    Returns
    -------
    frozenset of str
        The codes.

    Raises
    ------
    ConfigError
        If the level is unknown or the year is before 1968.

    Examples
    --------
    >>> len(valid_codes("municipality", 2002)), len(valid_codes("municipality", 2003))
    (289, 290)
    >>> sorted(valid_codes("county", 1997) - valid_codes("county", 1998))
    ['15', '16']
    """
    require_level(level)
    if year < FIRST_YEAR:
        msg = f"The code list begins in {FIRST_YEAR}; {year} is before that."
        raise ConfigError(msg)
    # The classification of 2015 is the only one we have, and it is applied backwards.
    everyone = [*region_list().values(), *former_regions().values()]
    return frozenset(
        one.region
        for one in everyone
        if one.level == level and (level == "fa_region" or one.valid_in(year))
    )


def require_level(level: str) -> str:
    """
    Return a level, or say which levels there are.

    Parameters
    ----------
    level : str
        What was asked for.

    Returns
    -------
    str
        The same level.

    Raises
    ------
    ConfigError
        If it is not one of `LEVELS`.
    """
    if level not in LEVELS:
        msg = f'"{level}" is not a level of regions; use one of: {", ".join(LEVELS)}.'
        raise ConfigError(msg)
    return level


def require_region(code: str) -> str:
    """
    Return a region code of today, or say which one was probably meant.

    Parameters
    ----------
    code : str
        What was asked for.

    Returns
    -------
    str
        The same code.

    Raises
    ------
    ConfigError
        If it is not a code of today's regions.

    Examples
    --------
    >>> require_region("2281")
    '2281'
    """
    if isinstance(code, str) and code in region_list():
        return code
    if isinstance(code, str) and code in former_regions():
        old = former_regions()[code]
        msg = (
            f'"{code}" {old.name} was a code until {old.valid_to}; '
            f"since then use {old.successor} {name(old.successor)}."
        )
        raise ConfigError(msg)
    match = nearest_match(str(code))
    meant = f" Did you mean {match} {name(match)}?" if match else ""
    msg = f'"{code}" is not a region code.{meant} {_FORMS}'
    raise ConfigError(msg)


def nearest_match(text: str) -> str:
    """
    Find the region that a mistyped code or name most likely means.

    Parameters
    ----------
    text : str
        What was typed.

    Returns
    -------
    str
        A code of today, or "" where nothing is near.

    Examples
    --------
    >>> nearest_match("Sundsval"), nearest_match("18O"), nearest_match("fa42")
    ('2281', '0180', 'FA42')
    """
    codes = region_list()
    typed = text.strip()
    # The commonest slips: letters for digits, a zero lost in a spreadsheet, lower case.
    digits = typed.upper().translate(str.maketrans("OILl", "0111"))
    for guess in (typed.upper(), digits, digits.zfill(4)):
        if guess in codes:
            return guess
    # Municipalities come first, so that "Sundsvall" is the municipality, not the FA region.
    by_name: dict[str, str] = {}
    for one in reversed(codes.values()):
        for spelling in (one.name, one.name_en, one.name_en.removesuffix(" County")):
            by_name.setdefault(spelling.casefold(), one.region)
    close = difflib.get_close_matches(typed.casefold(), by_name, n=1, cutoff=0.7)
    if close:
        return by_name[close[0]]
    close = difflib.get_close_matches(digits, codes, n=1, cutoff=0.7)
    return close[0] if close else ""


def name(code: str) -> str:
    """
    Give a region's Swedish name.

    Parameters
    ----------
    code : str
        A code of today.

    Returns
    -------
    str
        The name.

    Examples
    --------
    >>> name("22")
    'Västernorrlands län'
    """
    return region_list()[require_region(code)].name


def label(code: str) -> Words:
    """
    Give a region's name in both languages.

    Parameters
    ----------
    code : str
        A code of today.

    Returns
    -------
    Words
        The name.

    Examples
    --------
    >>> label("22").render("en")
    'Västernorrland County'
    """
    one = region_list()[require_region(code)]
    return Words(sv=one.name, en=one.name_en)


def level_of(code: str) -> str:
    """
    Give a region's level.

    Parameters
    ----------
    code : str
        A code of today.

    Returns
    -------
    {"country", "county", "fa_region", "municipality"}
        The level.

    Examples
    --------
    >>> level_of("FA42")
    'fa_region'
    """
    return region_list()[require_region(code)].level


def parent(code: str) -> str:
    """
    Give the region that a region is a part of.

    Parameters
    ----------
    code : str
        A code of today.

    Returns
    -------
    str
        The county of a municipality, "00" for counties and FA regions, "" for "00".

    Examples
    --------
    >>> parent("2281"), parent("22")
    ('22', '00')
    """
    return region_list()[require_region(code)].parent
