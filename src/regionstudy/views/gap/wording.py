"""Texts of the competence gap: their ids, and what groups of occupations are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from regionstudy.figures.values import number_text
from regionstudy.members.occupations import occupation_prefixes
from regionstudy.words import Message, texts_of

if TYPE_CHECKING:
    from regionstudy.words import Text

__all__ = ["occupation", "state_text", "text"]


text = texts_of("gap")


def occupation(code: str) -> Message:
    """
    Name a group of occupations, as it stands within a sentence.

    Parameters
    ----------
    code : str
        A minor group of SSYK 2012, "total", or another code, of which the number is given.

    Returns
    -------
    Message
        The name.

    Examples
    --------
    >>> occupation("261").render("sv"), occupation("26").render("en")
    ('jurister', 'occupation 26')
    """
    if code == "total" or (len(code) == 3 and code in occupation_prefixes()):
        return text(f"occupation.{code}")
    return text("occupation_code", code=code)


def state_text(state: str, remaining: float, *, decimals: int = 0) -> Text:
    """
    Write what can be said of a group's gap.

    Parameters
    ----------
    state : str
        One of `regionstudy.analysis.competence.STATES`.
    remaining : float
        Need less the supply that is known.
    decimals : int, default 0
        Decimals of it.

    Returns
    -------
    Text
        Such as "högst 12", "balans" or "för få att visa".
    """
    if state in ("shortage", "surplus"):
        return number_text(remaining, decimals)
    if state == "at_most":
        return text("state.at_most", n=number_text(remaining, decimals))
    return text(f"state.{state}")
