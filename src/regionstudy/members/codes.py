"""Codes in a member sheet: municipalities, regions, occupations and fields of education."""

from __future__ import annotations

import difflib
from functools import cache
from typing import TYPE_CHECKING

from regionstudy.geography.codes import nearest_match, region_list
from regionstudy.members.educations import education_labels, is_education
from regionstudy.members.findings import Reading, told, wrong
from regionstudy.members.occupations import (
    is_occupation,
    occupation_labels,
    occupation_prefixes,
)
from regionstudy.members.schema import Column, match_key

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from regionstudy.words import Message

__all__ = ["read_code"]

# Letters that fingers and text recognition put where a digit belongs.
_LOOKALIKES = str.maketrans("OoIlSB", "001158")


def read_code(text: str, column: Column) -> Reading:
    """
    Read a cell that should hold a code.

    Parameters
    ----------
    text : str
        The cell, not empty.
    column : Column
        The column it stands in; its `codes` name the list.

    Returns
    -------
    Reading
        The code, with what was mended; or the problem with its remedy.
    """
    return _READERS[column.codes](text)


def _read_municipality(text: str) -> Reading:
    return _read_region(text, _regions("municipality"), "not_municipality")


def _read_any_region(text: str) -> Reading:
    known = _regions("municipality") | _regions("county")
    return _read_region(text, known, "not_region")


def _read_region(text: str, names: Mapping[str, str], otherwise: str) -> Reading:
    # The template's lists show code and name together: "2281 Sundsvall".
    first = text.split(maxsplit=1)[0]
    for candidate in (text, first):
        if candidate in names:
            return Reading(value=candidate)
    padded = [code for code in (text.zfill(n) for n in (2, 4)) if code in names]
    if text.isdecimal() and len(padded) == 1:
        code = padded[0]
        return Reading(value=code, repair=told("zero_lost", code=f"{code} {names[code]}"))
    by_name = {match_key(place): code for code, place in names.items()}
    code = by_name.get(match_key(text), "")
    if code:
        return Reading(value=code, repair=told("read_as", code=f"{code} {names[code]}"))
    near = nearest_match(first) or nearest_match(text)
    return wrong(
        otherwise,
        hint=told("did_you_mean", meant=f"{near} {names[near]}") if near in names else "",
        letter=_letter_among(first),
    )


def _letter_among(code: str) -> Message | str:
    """Say which sign of a code is a letter, where one took the place of a digit."""
    letters = [sign for sign in code if not sign.isdigit()]
    if len(letters) != 1 or letters[0].translate(_LOOKALIKES) == letters[0]:
        return ""
    return told("letter_in_code", place=str(code.index(letters[0]) + 1), letter=letters[0])


def _read_occupation(text: str) -> Reading:
    first = text.split(maxsplit=1)[0]
    for candidate in (text, first):
        if is_occupation(candidate):
            return Reading(value=candidate)
    if first.isdigit() and len(first) < 4:
        padded = [first.zfill(n) for n in range(len(first) + 1, 5) if is_occupation(first.zfill(n))]
        if len(padded) == 1:
            return Reading(value=padded[0], repair=told("zero_lost", code=padded[0]))
    labels = occupation_labels()
    digits = first.translate(_LOOKALIKES)
    by_name = {match_key(label): code for code, label in labels.items()}
    near = [digits] if is_occupation(digits) else []
    near = near or [
        by_name[name] for name in difflib.get_close_matches(match_key(text), by_name, 1, 0.75)
    ]
    valid = [*labels, *occupation_prefixes()]
    near = near or difflib.get_close_matches(first, sorted(valid), n=1, cutoff=0.7)
    shown = " ".join((near[0], labels.get(near[0], ""))).strip() if near else ""
    return wrong("not_occupation", hint=told("did_you_mean", meant=shown) if near else "")


def _read_education(text: str) -> Reading:
    first = text.split(maxsplit=1)[0].lower()
    if is_education(first):
        return Reading(value=first)
    labels = education_labels()
    if first.isdecimal() and len(first) < 3:
        padded = [first.zfill(n) for n in (2, 3) if is_education(first.zfill(n))]
        if len(padded) == 1:
            return Reading(value=padded[0], repair=told("zero_lost", code=padded[0]))
    by_name = {match_key(label): code for code, label in labels.items()}
    near = difflib.get_close_matches(match_key(text), by_name, 1, 0.75)
    codes = [by_name[name] for name in near] or difflib.get_close_matches(first, labels, 1, 0.6)
    shown = f"{codes[0]} {labels[codes[0]]}" if codes else ""
    return wrong("not_education", hint=told("did_you_mean", meant=shown) if codes else "")


@cache
def _regions(level: str) -> dict[str, str]:
    return {code: region.name for code, region in region_list().items() if region.level == level}


_READERS: Mapping[str, Callable[[str], Reading]] = {
    "education": _read_education,
    "municipality": _read_municipality,
    "occupation": _read_occupation,
    "region": _read_any_region,
}
