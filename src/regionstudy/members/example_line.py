"""The example that the template shows on each sheet, and how it is told from a member's row."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from regionstudy.members.schema import Sheet, sheets, words
from regionstudy.words import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["example_line", "is_example_line"]

# As frames hold the values; fixed words are written in the workbook's language.
_EXAMPLE: dict[str, dict[str, str]] = {
    "organisations": {
        "org_id": "exempel",
        "name": "Exempelverket",
        "municipality": "2281",
        "level": "1",
        "cluster": "archives",
        "joined": "2026-01-01",
        "website": "https://exempelverket.example",
    },
    "staff": {
        "org_id": "exempel",
        "municipality": "2281",
        "occupation": "2512",
        "age_band": "30-39",
        "headcount": "12",
        "year": "2025",
    },
    "needs": {
        "org_id": "exempel",
        "occupation": "2512",
        "year": "2027",
        "headcount": "5",
        "scenario": "middle",
    },
    "assignments": {
        "org_id": "exempel",
        "title": "Exempeluppdrag",
        "theme": "Bevarande",
        "occupation": "2512",
        "competences": "Python; e-arkiv",
        "municipality": "2281",
        "remote_share": "0.5",
        "opens": "2027-01-01",
        "closes": "2027-03-31",
        "public": "no",
    },
    "mobility": {
        "from_org": "outside",
        "to_org": "exempel",
        "from_region": "0180",
        "returned": "yes",
        "occupation": "2512",
        "year": "2025",
        "kind": "hire",
        "headcount": "2",
    },
    "programmes": {
        "org_id": "exempel",
        "name": "Exempelprogrammet",
        "education": "481",
        "occupation": "2512",
        "year": "2025",
        "places": "30",
        "graduates": "24",
        "stayed": "11",
    },
    "networks": {
        "network_id": "exempelnat",
        "name": "Exempelnätet",
        "theme": "Arkiv",
        "kind": "professional",
    },
    "network_members": {
        "network_id": "exempelnat",
        "org_id": "exempel",
        "contact": "registrator",
        "role": "ledamot",
    },
    "participation": {
        "meeting": "Exempelmöte",
        "date": "2026-03-12",
        "org_id": "exempel",
        "attended": "yes",
    },
    "contributions": {"org_id": "exempel", "competence": "e-arkiv", "kind": "offered"},
}


@cache
def example_line(sheet: str, lang: str) -> Mapping[str, str]:
    """
    Give the example of one sheet, as the template writes it.

    Parameters
    ----------
    sheet : str
        The sheet, such as "staff".
    lang : {"sv", "en"}
        The workbook's language.

    Returns
    -------
    mapping of str to str
        The texts by column; what is absent is empty.

    Examples
    --------
    >>> example_line("needs", "sv")["scenario"]
    'medel'
    """
    line = {}
    for column in sheets()[sheet].columns:
        value = _EXAMPLE[sheet].get(column.name, "")
        listed = column.list_name if not column.codes else ""
        for name in filter(None, (listed, column.besides)):
            value = words(name)[value].render(lang) if value in words(name) else value
        line[column.name] = value
    return line


def is_example_line(texts: Mapping[str, str], sheet: Sheet) -> bool:
    """
    Tell whether a row is the template's example, unchanged.

    Parameters
    ----------
    texts : mapping of str to str
        The row's cells by column.
    sheet : Sheet
        The sheet it stands on.

    Returns
    -------
    bool
        Whether every cell holds what the template wrote, in either language.
    """
    lines = [example_line(sheet.name, lang) for lang in LANGUAGES]
    return any(all(text == line[name] for name, text in texts.items()) for line in lines)
