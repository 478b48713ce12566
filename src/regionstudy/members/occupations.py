"""Occupation codes, SSYK 2012: what is a code, and what it is called."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["is_occupation", "occupation_labels", "occupation_prefixes"]


@cache
def occupation_labels() -> Mapping[str, str]:
    """
    Give the unit groups of SSYK 2012 that job ads use, with their Swedish names.

    Returns
    -------
    mapping of str to str
        The four-digit codes and their names. Arbetsförmedlingen merges some of Statistics
        Sweden's unit groups (managers' levels 1 and 2), so that 400 of them stand here.

    Notes
    -----
    ``ssyk2012.csv`` holds codes and names from JobTech's taxonomy (Apache-2.0).
    """
    text = (files(__package__) / "ssyk2012.csv").read_text(encoding="utf-8")
    return {row["code"]: row["label_sv"] for row in csv.DictReader(text.splitlines())}


@cache
def occupation_prefixes() -> frozenset[str]:
    """
    Give every group of SSYK 2012 above the unit groups.

    Returns
    -------
    frozenset of str
        The codes of the 10 major, 46 sub-major and 147 minor groups.
    """
    return frozenset(code[:digits] for code in occupation_labels() for digits in (1, 2, 3))


def is_occupation(code: str) -> bool:
    """
    Tell whether a text is a code of SSYK 2012 at any of its four levels.

    Parameters
    ----------
    code : str
        The text.

    Returns
    -------
    bool
        Whether it is a code. Where job ads merge the unit groups of a minor group, any
        fourth digit is accepted, since the list does not hold Statistics Sweden's own.

    Examples
    --------
    >>> [is_occupation(code) for code in ("2512", "251", "2599", "1211", "")]
    [True, True, False, True, False]
    """
    if code in occupation_prefixes() or code in occupation_labels():
        return True
    return len(code) == 4 and code[3] in "123456789" and code[:3] in _merged()


@cache
def _merged() -> frozenset[str]:
    labels = occupation_labels()
    sizes: dict[str, int] = {}
    for code in labels:
        sizes[code[:3]] = sizes.get(code[:3], 0) + 1
    return frozenset(group for group, size in sizes.items() if size == 1 and group + "0" in labels)
