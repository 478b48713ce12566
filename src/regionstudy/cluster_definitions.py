"""What a study's clusters are in official statistics: ``data/clusters.toml``, read and checked."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING, Any

import pandas as pd

from regionstudy.errors import ConfigError
from regionstudy.members.occupations import is_occupation, occupation_labels, occupation_prefixes
from regionstudy.study_files import read_toml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

__all__ = ["Cluster", "industry_definitions", "read_clusters"]

_KEYS = ("name", "note", "industries", "occupations", "vocational")
_LANGUAGES = ("sv", "en")
_INDUSTRIES = ("exact", "near", "sections")
_OCCUPATIONS = {"minor": 3, "unit": 4}
# Divisions of SNI 2007 by section, which is how a code is known to exist down to two digits.
_SECTIONS = {
    "A": (1, 3),
    "B": (5, 9),
    "C": (10, 33),
    "D": (35, 35),
    "E": (36, 39),
    "F": (41, 43),
    "G": (45, 47),
    "H": (49, 53),
    "I": (55, 56),
    "J": (58, 63),
    "K": (64, 66),
    "L": (68, 68),
    "M": (69, 75),
    "N": (77, 82),
    "O": (84, 84),
    "P": (85, 85),
    "Q": (86, 88),
    "R": (90, 93),
    "S": (94, 96),
    "T": (97, 98),
    "U": (99, 99),
}
# Numbers that fall within a section's divisions and are none.
_NO_DIVISIONS = {4, 34, 40, 44, 48, 54, 57, 67, 76, 83, 89}


@dataclass(frozen=True, slots=True)
class Cluster:
    """
    A cluster, as a study's ``clusters.toml`` has it.

    Parameters
    ----------
    id : str
        Its id, as in the members' workbooks.
    name, note : mapping of str to str
        What it is called, and what its figures do not say, by language (sv, en).
    exact, near : tuple of tuple of str
        Whole definitions in codes of SNI 2007: those that are the cluster, and those that
        hold a little more or less. The finest first.
    sections : tuple of str
        The sections that stand for it in tables by section; none where none can.
    minor, unit : tuple of str
        Its occupations in SSYK 2012, of three and of four digits.
    vocational : tuple of str
        Fields of higher vocational education that lead there, by their publisher's names.
    """

    id: str
    name: Mapping[str, str]
    note: Mapping[str, str]
    exact: tuple[tuple[str, ...], ...]
    near: tuple[tuple[str, ...], ...]
    sections: tuple[str, ...]
    minor: tuple[str, ...]
    unit: tuple[str, ...]
    vocational: tuple[str, ...] = ()


def read_clusters(path: Path) -> dict[str, Cluster]:
    """
    Read and check the definitions of clusters.

    Parameters
    ----------
    path : Path
        The ``clusters.toml``.

    Returns
    -------
    dict of str to Cluster
        By id, in the file's order.

    Raises
    ------
    ConfigError
        Naming file, key and remedy: the file cannot be read, a key is unknown or missing, a
        text lacks a language, two clusters share a name, a code is no code of its
        classification, stands twice, or is part of another of the same definition.
    """
    table = read_toml(path)
    clusters = {name: _cluster(name, entry, f"{path}, [{name}]") for name, entry in table.items()}
    for language in _LANGUAGES:
        seen: dict[str, str] = {}
        for cluster in clusters.values():
            other = seen.setdefault(cluster.name[language].casefold(), cluster.id)
            if other != cluster.id:
                msg = (
                    f'{path}, [{cluster.id}], name.{language}: "{cluster.name[language]}" is what '
                    f"[{other}] is called, too. Give each cluster a name of its own."
                )
                raise ConfigError(msg)
    return clusters


def industry_definitions(clusters: Mapping[str, Cluster]) -> pd.DataFrame:
    """
    Lay definitions out as the frame that ``analysis.clusters.cluster_totals`` takes.

    Parameters
    ----------
    clusters : mapping of str to Cluster
        As `read_clusters` gives them.

    Returns
    -------
    DataFrame
        ``cluster``, ``definition`` (0 is tried first), ``coverage`` ("exact", "near",
        "section"), ``industry`` (a code of SNI 2007; "" where a cluster has no definition).
    """
    rows: list[tuple[str, int, str, str]] = []
    for cluster in clusters.values():
        wholes = [("exact", codes) for codes in cluster.exact]
        wholes += [("near", codes) for codes in cluster.near]
        wholes += [("section", cluster.sections)] if cluster.sections else []
        for number, (coverage, codes) in enumerate(wholes):
            rows += [(cluster.id, number, coverage, code) for code in codes]
        if not wholes:
            rows.append((cluster.id, 0, "section", ""))
    return pd.DataFrame(rows, columns=["cluster", "definition", "coverage", "industry"])


def _cluster(name: str, entry: object, where: str) -> Cluster:
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        msg = f"{where}: an id is small letters, digits and _, such as [it]."
        raise ConfigError(msg)
    fields = _table(entry, where, _KEYS)
    industries = _table(fields.get("industries", {}), f"{where}, industries", _INDUSTRIES)
    occupations = _table(fields.get("occupations", {}), f"{where}, occupations", _OCCUPATIONS)
    wholes = {
        key: tuple(
            _industries(codes, f"{where}, industries.{key}")
            for codes in _list(industries.get(key, []), f"{where}, industries.{key}")
        )
        for key in ("exact", "near")
    }
    return Cluster(
        id=name,
        name=_texts(fields, "name", where),
        note=_texts(fields, "note", where),
        exact=wholes["exact"],
        near=wholes["near"],
        sections=_sections(industries.get("sections", []), f"{where}, industries.sections"),
        vocational=_codes(fields.get("vocational", []), f"{where}, vocational"),
        **{
            key: _occupations(occupations.get(key, []), digits, f"{where}, occupations.{key}")
            for key, digits in _OCCUPATIONS.items()
        },
    )


def _table(entry: object, where: str, known: Iterable[str]) -> dict[str, Any]:
    if not isinstance(entry, dict):
        msg = f"{where}: {entry!r} is not a table. Its keys are: {', '.join(known)}."
        raise ConfigError(msg)
    for key in entry:
        if key not in known:
            near = difflib.get_close_matches(key, list(known), n=1)
            hint = f' Did you mean "{near[0]}"?' if near else ""
            msg = f'{where}: no key "{key}".{hint} The keys are: {", ".join(known)}.'
            raise ConfigError(msg)
    return entry


def _texts(fields: dict[str, Any], key: str, where: str) -> dict[str, str]:
    texts = _table(fields.get(key, {}), f"{where}, {key}", _LANGUAGES)
    for language in _LANGUAGES:
        text = texts.get(language)
        if not isinstance(text, str) or not text.strip():
            msg = f'{where}, {key}.{language}: no text. Write: {key}.{language} = "..."'
            raise ConfigError(msg)
    return dict(texts)


def _list(entry: object, where: str) -> list[Any]:
    if not isinstance(entry, list):
        msg = f"{where}: {entry!r} is not a list. Write it in [ ]."
        raise ConfigError(msg)
    return entry


def _codes(entry: object, where: str) -> tuple[str, ...]:
    codes = _list(entry, where)
    for code in codes:
        if not isinstance(code, str):
            msg = f'{where}: {code!r} is not a text. Write codes in quotation marks: "{code}".'
            raise ConfigError(msg)
    repeated = [code for number, code in enumerate(codes) if code in codes[:number]]
    if repeated:
        msg = f"{where}: {repeated[0]} stands twice. Take one out, or it would count twice."
        raise ConfigError(msg)
    return tuple(codes)


def _industries(entry: object, where: str) -> tuple[str, ...]:
    codes = _codes(entry, where)
    if not codes:
        msg = f"{where}: an empty list is no definition. Take it out."
        raise ConfigError(msg)
    for code in codes:
        if not re.fullmatch(r"\d{2,5}", code):
            bare = code.replace(".", "")
            hint = f'Write "{bare}".' if re.fullmatch(r"\d{2,5}", bare) else "Sections go below."
            msg = f'{where}: "{code}" is not 2 to 5 digits of SNI 2007. {hint}'
            raise ConfigError(msg)
        if code[:2] not in _divisions():
            near = _nearest(code[:2], _divisions())
            msg = (
                f"{where}: SNI 2007 has no division {code[:2]}, so no {code}. "
                f"Did you mean {near}{code[2:]}?"
            )
            raise ConfigError(msg)
    within = [(code, other) for code in codes for other in codes if code != other]
    nested = [pair for pair in within if pair[0].startswith(pair[1])]
    if nested:
        msg = (
            f"{where}: {nested[0][0]} is part of {nested[0][1]}. Take one out, or it counts twice."
        )
        raise ConfigError(msg)
    return codes


def _sections(entry: object, where: str) -> tuple[str, ...]:
    codes = _codes(entry, where)
    for code in codes:
        for letter in re.split(r"[+-]", code):
            if letter not in _SECTIONS:
                msg = (
                    f'{where}: "{code}" is no section of SNI 2007. Sections are A to U, or as the '
                    "open tables have them together: B+C, D+E, M+N, R-U."
                )
                raise ConfigError(msg)
    return codes


def _occupations(entry: object, digits: int, where: str) -> tuple[str, ...]:
    codes = _codes(entry, where)
    for code in codes:
        if len(code) != digits or not is_occupation(code):
            known = occupation_labels() if digits == 4 else occupation_prefixes()
            near = _nearest(code, (one for one in known if len(one) == digits))
            label = f"{near} {occupation_labels().get(near, '')}".strip()
            msg = (
                f'{where}: "{code}" is no code of {digits} digits in SSYK 2012. '
                f"Did you mean {label}?"
            )
            raise ConfigError(msg)
    return codes


def _nearest(code: str, known: Iterable[str]) -> str:
    """Find the code that begins alike for longest; then the one that looks most like it."""

    def likeness(other: str) -> tuple[int, float, str]:
        pairs = zip(code, other, strict=False)
        alike = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        return alike, difflib.SequenceMatcher(None, code, other).ratio(), other

    return max(known, key=likeness)


def _divisions() -> frozenset[str]:
    return frozenset(
        f"{number:02d}"
        for first, last in _SECTIONS.values()
        for number in range(first, last + 1)
        if number not in _NO_DIVISIONS
    )
