"""What a source's texts suggest for a catalogue entry: an id, and the unit."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from regionstudy.sources.pxweb_search import narrowing_searches

if TYPE_CHECKING:
    from regionstudy.catalogue import Catalogue

__all__ = ["new_id", "unit_in_title", "unit_key"]

# Words for units that the catalogue's own symbols and names do not have.
_UNIT_WORDS = {
    "%": "percent",
    "andel": "percent",
    "kronor": "sek",
    "tusental kronor": "tkr",
    "tusentals kronor": "tkr",
    "1000 kr": "tkr",
    "miljoner kronor": "mkr",
    "mnkr": "mkr",
    "kr/inv": "sek_per_inhabitant",
    "personer": "persons",
    "invånare": "persons",
}
_WORDS_IN_ID = 3


def new_id(title: str, source_id: str, catalogue: Catalogue) -> str:
    """
    Make an id of the words that tell what a title is about.

    Parameters
    ----------
    title : str
        A title in Swedish or English.
    source_id : str
        The table's or key figure's own id, for where the title has no such words, or they
        make an id that is taken.
    catalogue : Catalogue
        The ids that are taken.

    Returns
    -------
    str
        An id in snake case.

    Examples
    --------
    >>> from regionstudy.catalogue import Catalogue
    >>> new_id("Hyror efter region och år", "TAB1", Catalogue.load())
    'hyror'
    >>> new_id("Rents by region", "TAB1", Catalogue.load())
    'rents_tab1'
    """
    telling = next(iter(narrowing_searches(title)), "").split()[:_WORDS_IN_ID]
    words = [re.sub(r"[^a-z0-9]", "", unicodedata.normalize("NFKD", word)) for word in telling]
    name = "_".join(word for word in words if word) or source_id.casefold()
    # A bare key may begin with a digit, an attribute of the study may not.
    name = name if name[0].isalpha() else f"i_{name}"
    return name if name not in catalogue else f"{name}_{source_id.casefold()}"


def unit_key(said: str, catalogue: Catalogue) -> str:
    """
    Find the catalogue's unit for a source's word.

    Parameters
    ----------
    said : str
        The source's own word, in Swedish.
    catalogue : Catalogue
        The units.

    Returns
    -------
    str
        The unit's key; "not_stated" where the word fits none, as "antal" (of what?) does.

    Examples
    --------
    >>> from regionstudy.catalogue import Catalogue
    >>> unit_key("procent", Catalogue.load()), unit_key("antal", Catalogue.load())
    ('percent', 'not_stated')
    """
    word = said.strip().casefold().removesuffix(".")
    for key, unit in catalogue.units.items():
        if word and word in (unit.symbol.sv.casefold().removesuffix("."), unit.name.sv.casefold()):
            return key
    return _UNIT_WORDS.get(word, "not_stated")


def unit_in_title(title: str) -> str:
    """
    Find the unit in a key figure's title, which is where Kolada writes it.

    Parameters
    ----------
    title : str
        The title.

    Returns
    -------
    str
        The word for the unit; empty where there is none.

    Examples
    --------
    >>> unit_in_title("Invånare 65+, andel (%)"), unit_in_title("Kostnad skola, kr/inv")
    ('%', 'kr/inv')
    """
    if (inside := re.search(r"\(([^()]+)\)\s*$", title)) is not None:
        return inside[1]
    last = title.rpartition(",")[2].strip()
    return last if last.casefold().removesuffix(".") in _UNIT_WORDS else ""
