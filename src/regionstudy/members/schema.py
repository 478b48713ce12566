"""The sheets of a member workbook: columns, types, fixed words and headers, read from data."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from regionstudy.errors import ConfigError
from regionstudy.words import Words

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "ABOUT_SHEETS",
    "FAULT_SHEETS",
    "GUIDANCE_SHEETS",
    "LIST_SHEETS",
    "Column",
    "Sheet",
    "match_key",
    "read_sheets",
    "sheets",
    "spellings",
    "words",
]

# The sheet that says whose the workbook is and whether it is made up; the one that explains;
# the one with the lists to choose from; the one that a checked copy lists its faults on.
ABOUT_SHEETS = {"sv": "Om", "en": "About"}
GUIDANCE_SHEETS = {"sv": "Läs mig", "en": "Read me"}
LIST_SHEETS = {"sv": "Listor", "en": "Lists"}
FAULT_SHEETS = {"sv": "Fel", "en": "Faults"}

_TYPES = frozenset(
    "text id code word year count number share date flag url org_number".split()  # noqa: SIM905
)
_CODES = frozenset({"education", "municipality", "occupation", "region"})


@dataclass(frozen=True, slots=True)
class Column:
    """
    One column of a member sheet.

    Parameters
    ----------
    name : str
        The column's name in the frames.
    type : str
        How its cells are read; the types are listed at the head of ``sheets.toml``.
    title, note : Words
        The header and its explanation.
    required : bool
        Whether every row needs a value.
    codes, words : str
        The code list or the fixed words that its values are from; "" for none.
    open : bool
        Whether words outside the list are kept as they stand.
    references : str
        The sheet whose key the value must be found in; "" for none.
    besides : str
        The fixed words that may stand there too; "" for none.
    default : str
        What an empty cell means; "" for missing.
    aliases : tuple of str
        Further headers that mean the same.
    """

    name: str
    type: str
    title: Words
    note: Words
    required: bool = False
    codes: str = ""
    words: str = ""
    open: bool = False
    references: str = ""
    besides: str = ""
    default: str = ""
    aliases: tuple[str, ...] = ()

    @property
    def list_name(self) -> str:
        """
        The list that its values are chosen from: of codes, or of fixed words.

        Returns
        -------
        str
            The list's name; "" for none.
        """
        return self.codes or self.words or ("flag" if self.type == "flag" else "")

    @property
    def headers(self) -> frozenset[str]:
        """
        Every header by which the column is known, as `match_key` spells it.

        Returns
        -------
        frozenset of str
            The headers.
        """
        names = (self.name, self.title.sv, self.title.en, *self.aliases)
        return frozenset(match_key(name) for name in names)


@dataclass(frozen=True, slots=True)
class Sheet:
    """
    One sheet of a member workbook.

    Parameters
    ----------
    name : str
        The sheet's name in `Members`.
    title : Words
        Its name in a workbook.
    columns : tuple of Column
        Its columns, in the order of the template.
    key : tuple of str
        The columns that tell its rows apart.
    required : bool
        Whether a workbook without it is at fault.
    aliases : tuple of str
        Further names of the sheet.
    ordered : tuple of pair of str
        Columns of which the first is never above the second.
    """

    name: str
    title: Words
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    required: bool = False
    aliases: tuple[str, ...] = ()
    ordered: tuple[tuple[str, str], ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """
        Every name by which the sheet is known, as `match_key` spells it.

        Returns
        -------
        frozenset of str
            The names.
        """
        known = (self.name, self.title.sv, self.title.en, *self.aliases)
        return frozenset(match_key(name) for name in known)


def match_key(text: str) -> str:
    """
    Spell a header, a sheet name or a word so that small differences do not matter.

    Parameters
    ----------
    text : str
        The text as it was written.

    Returns
    -------
    str
        In lower case, with every run of spaces, points and underscores made one space,
        all kinds of dashes made "-", and a final asterisk or colon dropped.

    Examples
    --------
    >>> match_key(" Organisations-ID * ") == match_key("organisations–id")
    True
    """
    plain = re.sub(r"[\u2010-\u2015\u2212]", "-", text.casefold())
    return re.sub(r"[\s._]+", " ", plain).strip().rstrip("*:").rstrip()


@cache
def sheets() -> Mapping[str, Sheet]:
    """
    Read the sheets of a member workbook.

    Returns
    -------
    mapping of str to Sheet
        The sheets by name, in the order of the template.

    Raises
    ------
    ConfigError
        If an entry of ``sheets.toml`` names an unknown type, word list or sheet.
    """
    document = _document()
    return read_sheets(document["sheets"], document["words"])


@cache
def words(name: str) -> Mapping[str, Words]:
    """
    Give the fixed words of one list.

    Parameters
    ----------
    name : str
        The list, such as "scenario".

    Returns
    -------
    mapping of str to Words
        The word that frames hold, and how each language writes it.
    """
    entries = _document()["words"][name]
    return {key: Words(sv=entry["sv"], en=entry["en"]) for key, entry in entries.items()}


@cache
def spellings(name: str) -> Mapping[str, str]:
    """
    Give every accepted spelling of the fixed words of one list.

    Parameters
    ----------
    name : str
        The list, such as "scenario".

    Returns
    -------
    mapping of str to str
        The spelling, as `match_key` writes it, and the word that frames hold.
    """
    return {
        match_key(spelling): key
        for key, entry in _document()["words"][name].items()
        for spelling in (key, entry["sv"], entry["en"], *entry.get("aliases", ()))
    }


def read_sheets(entries: Mapping[str, Any], word_lists: Mapping[str, Any]) -> dict[str, Sheet]:
    """
    Build the sheets from their entries, checking each.

    Parameters
    ----------
    entries : mapping
        The table ``sheets`` of ``sheets.toml``.
    word_lists : mapping
        The table ``words`` of the same file.

    Returns
    -------
    dict of str to Sheet
        The sheets by name.

    Raises
    ------
    ConfigError
        If an entry names an unknown type, word list or sheet.
    """
    found: dict[str, Sheet] = {}
    for name, entry in entries.items():
        columns = tuple(_read_column(name, item) for item in entry["columns"])
        for column in columns:
            where = f"sheets.toml, sheet {name}, column {column.name}"
            if column.type not in _TYPES:
                msg = f'{where}: "{column.type}" is not a type; use {", ".join(sorted(_TYPES))}.'
                raise ConfigError(msg)
            for listed in filter(None, (column.words, column.besides)):
                if listed not in word_lists:
                    msg = f'{where}: no words "{listed}"; add [words.{listed}].'
                    raise ConfigError(msg)
            if column.references and column.references not in entries:
                msg = f'{where}: references "{column.references}", which is not a sheet.'
                raise ConfigError(msg)
            if column.codes and column.codes not in _CODES:
                msg = f'{where}: no codes "{column.codes}"; use {", ".join(sorted(_CODES))}.'
                raise ConfigError(msg)
        found[name] = Sheet(
            name=name,
            title=Words(sv=entry["sv"], en=entry["en"]),
            columns=columns,
            key=tuple(entry["key"]),
            required=entry.get("required", False),
            aliases=tuple(entry.get("aliases", ())),
            ordered=tuple((low, high) for low, high in entry.get("ordered", ())),
        )
    return found


def _read_column(sheet: str, entry: Mapping[str, Any]) -> Column:
    try:
        title = Words(sv=entry["sv"], en=entry["en"])
        rest = {key: value for key, value in entry.items() if key not in ("sv", "en")}
        rest["note"] = Words(**rest["note"])
        rest["aliases"] = tuple(rest.get("aliases", ()))
        return Column(title=title, **rest)
    except (KeyError, TypeError) as error:
        name = entry.get("name", "(without name)")
        msg = f"sheets.toml, sheet {sheet}, column {name}: {error}; see the columns beside it."
        raise ConfigError(msg) from error


@cache
def _document() -> dict[str, Any]:
    return tomllib.loads((files(__package__) / "sheets.toml").read_text(encoding="utf-8"))
