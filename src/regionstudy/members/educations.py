"""Codes of education, SUN 2020: which fields there are, and what they are called."""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["education_labels", "is_education"]


@cache
def education_labels() -> Mapping[str, str]:
    """
    Give the fields of SUN 2020 of one to three digits, with their Swedish names.

    Returns
    -------
    mapping of str to str
        The codes of 10 broad, 26 narrower and 117 detailed fields, and their names.

    Notes
    -----
    ``sun2020.csv`` holds codes and names from JobTech's taxonomy of 2021 (Apache-2.0).
    """
    text = (files(__package__) / "sun2020.csv").read_text(encoding="utf-8")
    return {row["code"]: row["label_sv"] for row in csv.DictReader(text.splitlines())}


def is_education(code: str) -> bool:
    """
    Tell whether a text is a field's code of SUN 2020 at any of its four levels.

    Parameters
    ----------
    code : str
        The text.

    Returns
    -------
    bool
        Whether it is a code. The fourth sign is a letter; the list does not hold the fields
        of that level, so that any letter is accepted.

    Examples
    --------
    >>> [is_education(code) for code in ("4", "48", "481", "481a", "471", "48a", "")]
    [True, True, True, True, False, False, False]
    """
    return bool(re.fullmatch(r"\d{1,3}|\d{3}[a-z]", code)) and code[:3] in education_labels()
