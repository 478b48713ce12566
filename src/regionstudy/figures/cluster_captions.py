"""What stands around notebook 04's pictures: names of industries, measures, caveats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from regionstudy.figures.content import Column, Measure
from regionstudy.figures.provenance import period_text
from regionstudy.words import LANGUAGES, Message, Words, texts_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from regionstudy.words import Text

__all__ = [
    "capitalised",
    "industry",
    "industry_columns",
    "measure",
    "members_columns",
    "text",
    "within_sentence",
]

# The sections of SNI 2007, and as open tables have them together, that texts name.
_INDUSTRIES = frozenset("ABCDEFGHIJKLMNOPQRSTU") | {"B+C", "D+E", "M+N", "R-U", "US"}


text = texts_of("clusters")


def industry(code: str) -> Message:
    """
    Name an industry, as it stands within a sentence.

    Parameters
    ----------
    code : str
        A section of SNI 2007, or several as open tables have them together ("M+N"). Of a
        finer code the number is given.

    Returns
    -------
    Message
        The name.

    Examples
    --------
    >>> industry("B+C").render("sv"), industry("62").render("en")
    ('tillverkning och utvinning', 'industry 62')
    """
    if code in _INDUSTRIES:
        return text(f"industry.{code}")
    return text("industry_code", code=code)


def capitalised(words: Text) -> Words:
    """
    Begin a text with a capital, as the first word of a row or a title.

    Parameters
    ----------
    words : Text
        The text.

    Returns
    -------
    Words
        The same, its first letter large.

    Examples
    --------
    >>> capitalised(industry("G")).sv
    'Handel'
    """
    return Words(*(said[:1].upper() + said[1:] for said in map(words.render, LANGUAGES)))


def within_sentence(words: Text) -> Words:
    """
    Begin a name with a small letter, unless it is an abbreviation.

    Parameters
    ----------
    words : Text
        The name.

    Returns
    -------
    Words
        The same, as it stands within a sentence.

    Examples
    --------
    >>> within_sentence(Words("Arkiv", "Archives")).en, within_sentence(Words("IT", "IT")).sv
    ('archives', 'IT')
    """

    def lowered(said: str) -> str:
        return said if said[1:2].isupper() else said[:1].lower() + said[1:]

    return Words(*(lowered(words.render(lang)) for lang in LANGUAGES))


def measure(what: str, unit: str, periods: Iterable[str], **params: Any) -> Measure:
    """
    Write the line above a picture.

    Parameters
    ----------
    what, unit : str
        Rest of the ids after ``clusters.measure.`` and ``clusters.unit.``.
    periods : iterable of str
        The periods shown.
    **params
        Values for the fields of both.

    Returns
    -------
    Measure
        Its name, unit and period.
    """
    shown = period_text(pd.Series(list(periods), dtype=str))
    return Measure(text(f"measure.{what}", **params), text(f"unit.{unit}", **params), shown)


def industry_columns() -> tuple[Column, ...]:
    """
    Give the columns of the table of industries.

    Returns
    -------
    tuple of Column
        Industry, jobs, shares, changes and the share of women, here and in the country.
    """
    shares = ("share", "country_share", "growth", "country_growth", "women", "country_women")
    return (
        Column("name", text("column.industry")),
        Column("jobs", text("column.jobs"), "number"),
        *(
            Column(key, text(f"column.{key}"), "number", 1, signed=key.endswith("growth"))
            for key in shares
        ),
    )


def members_columns() -> tuple[Column, ...]:
    """
    Give the columns of the table of members' staff.

    Returns
    -------
    tuple of Column
        Cluster, members' staff, what it is set against, the jobs there, the share.
    """
    return (
        Column("name", text("column.cluster")),
        Column("members", text("column.members"), "number"),
        Column("group", text("column.group")),
        Column("employed", text("column.group_jobs"), "number"),
        Column("share", text("column.members_share"), "number", 1),
    )
