"""What is about persons in a job ad's free text, and is taken out before anyone sees it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["is_sole_trader", "without_contacts", "without_identifiers"]

_EMAIL = r"[\w.+-]{1,64}\s?(?:@|\(at\)|\[at\])\s?[\w-]+(?:\.[\w-]+)+"
# A Swedish number begins with 0, +46 or 0046; blanks, hyphens and a "(0)" stand inside it.
_PHONE = r"(?<![\w.])(?:\+46|0046|0)[\s\-–/]*(?:\(0\))?(?:[\s\-–/()]*\d){6,11}(?!\d)"
# Ten or twelve digits whose middle is a month: a person, never a company.
_PERSON_NUMBER = r"(?<!\d)(?:19|20)?\d{2}[01]\d[0-3]\d[-+\s]?\d{4}(?!\d)"
_IDENTIFIER = re.compile(f"{_EMAIL}|{_PHONE}|{_PERSON_NUMBER}", re.IGNORECASE)
# Words beside which ads name a person.
_CONTACT = re.compile(
    r"\b(?:kontakta|kontaktpersoner?|kontaktuppgifter|besvaras|upplysningar|frågor|"
    r"(?:rekryterande|ansvarig|tillträdande) chef|rekryteringsansvarig|rekryterare|"
    r"fackliga?|ring|ringa|mejla|maila|jag heter|heter jag|mitt namn|hälsningar|"
    r"contact|questions|my name is|regards)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-ZÅÄÖ0-9\"”*•-])|\n+")
_BLANKS = re.compile(r"[ \t]{2,}")
_EDGES = " \t-–,;:/()"


def without_identifiers(text: str, *, names: Iterable[str] = ()) -> str:
    """
    Take e-mail addresses, telephone and personal identity numbers and names out of a line.

    Parameters
    ----------
    text : str
        A title, or another short text.
    names : iterable of str
        Names of persons, as the ad gives them elsewhere.

    Returns
    -------
    str
        The rest of it.

    Examples
    --------
    >>> without_identifiers("Snickare sökes, ring 070-123 45 67")
    'Snickare sökes, ring'
    >>> without_identifiers("Lärare 75-100 %, Sundsvall")
    'Lärare 75-100 %, Sundsvall'
    """
    rest = _IDENTIFIER.sub("", text)
    for name in names:
        if name.strip():
            rest = re.sub(re.escape(name.strip()), "", rest, flags=re.IGNORECASE)
    return _BLANKS.sub(" ", rest).strip() if rest == text else _BLANKS.sub(" ", rest).strip(_EDGES)


def without_contacts(text: str, *, names: Iterable[str] = ()) -> str:
    r"""
    Drop each sentence of an ad that tells whom to reach, and how.

    Names elsewhere in a text cannot be told from other words for certain: show an ad's own
    page instead where the whole text matters.

    Parameters
    ----------
    text : str
        The ad's text.
    names : iterable of str
        Names of its contacts, as the ad gives them elsewhere.

    Returns
    -------
    str
        The sentences that are left, one a line.

    Examples
    --------
    >>> without_contacts("Vi söker en murare. Frågor besvaras av Anna Ek, anna@ek.se. Välkommen!")
    'Vi söker en murare.\nVälkommen!'
    """
    parts = [part for name in names for part in (name, *name.split()) if len(part) > 2]
    pattern = "|".join(rf"\b{re.escape(part)}\b" for part in parts)
    named = re.compile(pattern or r"(?!)", re.IGNORECASE)
    kept = [
        sentence.strip()
        for sentence in _SENTENCE.split(text)
        if not (_IDENTIFIER.search(sentence) or _CONTACT.search(sentence) or named.search(sentence))
    ]
    return "\n".join(sentence for sentence in kept if sentence)


def is_sole_trader(organisation_number: str) -> bool:
    """
    Tell whether an organisation number is a person's identity number.

    Parameters
    ----------
    organisation_number : str
        Ten or twelve digits, with or without a hyphen.

    Returns
    -------
    bool
        True for a sole trader: a company's third digit is 2 or more, since it is no month.

    Examples
    --------
    >>> is_sole_trader("5569616161"), is_sole_trader("800101-1234"), is_sole_trader("198001011234")
    (False, True, True)
    """
    digits = re.sub(r"\D", "", organisation_number)[-10:]
    return len(digits) == 10 and digits[2] in "01"
