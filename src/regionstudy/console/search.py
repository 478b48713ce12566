"""What `regionstudy search` prints of the catalogue, and how each of its lists ends."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from regionstudy.catalogue import Catalogue
from regionstudy.console.tables import table_text
from regionstudy.errors import ConfigError

if TYPE_CHECKING:
    from regionstudy.catalogue import Indicator

__all__ = ["closing_line", "period_text", "read_words", "search_catalogue"]


def search_catalogue(text: str, *, most: int) -> str:
    """
    List the indicators that fit some words.

    Parameters
    ----------
    text : str
        The words, in Swedish or English; all must be found.
    most : int
        How many to list.

    Returns
    -------
    str
        A table, the best first, and how many more there are; or that there are none, and what
        to try.

    Raises
    ------
    ConfigError
        If there is no word.
    """
    text = read_words(text)
    catalogue = Catalogue.load()
    found = catalogue.search(text)
    if found.empty:
        return (
            f'Nothing in the catalogue matches "{text}". Try fewer or other words, or look '
            f"in the sources themselves: --source scb, kolada or jobtech."
        )
    entries = [catalogue[name] for name in found["id"]]
    rows = found.assign(
        title=found["title_sv"],
        period=[period_text(one.first_period or "", one.last_period or "") for one in entries],
        variables=[_variables(one) for one in entries],
    )
    table = table_text(["id", "title", "period", "variables", "domain", "source"], rows[:most])
    return table + closing_line(len(rows), most, "regionstudy describe ID")


def read_words(text: str) -> str:
    """
    Read what is searched for as it was typed or pasted.

    Parameters
    ----------
    text : str
        The words. On macOS "å" may come as an "a" and a ring.

    Returns
    -------
    str
        The same with single blanks, and each letter as one sign.

    Raises
    ------
    ConfigError
        If there is no word.

    Examples
    --------
    >>> read_words("  disponibel   inkomst ")
    'disponibel inkomst'
    """
    words = unicodedata.normalize("NFC", " ".join(text.split()))
    if not words:
        msg = 'There is no word to search for. Give one: regionstudy search "hyra"'
        raise ConfigError(msg)
    return words


def closing_line(count: int, most: int, then: str = "") -> str:
    """
    Say how many were found, and how to see fewer or all.

    Parameters
    ----------
    count, most : int
        How many were found, and how many are shown at most.
    then : str
        The command that says more of one of them.

    Returns
    -------
    str
        A line, begun on a new one.

    Examples
    --------
    >>> print(closing_line(2, 30, "regionstudy describe ID").strip())
    2 found. More on one: regionstudy describe ID
    """
    told = f"\n{count} found."
    if count > most:
        told = (
            f"\n{most} of {count} shown, {count - most} more: add a word to narrow the search, "
            f"or list all with --most {count}."
        )
    return told + (f" More on one: {then}" if then else "")


def period_text(first: str, last: str) -> str:
    """
    Write a span of periods.

    Parameters
    ----------
    first, last : str
        Its ends; empty where not known.

    Returns
    -------
    str
        One of them where they are the same.

    Examples
    --------
    >>> period_text("1968", "2024")
    '1968–2024'
    """
    return first if first == last else f"{first}–{last}"


def _variables(entry: Indicator) -> str:
    """Name what an entry is broken down by, as far as the entry itself says."""
    source, names = entry.source, dict.fromkeys(entry.cell)
    if source is not None and source.kind == "scb":
        for table in source.tables:
            names |= dict.fromkeys([*table.select, *([table.measure] if table.measure else [])])
    elif source is not None and source.kind == "kolada" and source.sexes:
        names["sex"] = None
    return ", ".join(names)
