"""Ready texts about an assignment: for social media, and for the head of its page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from regionstudy.words import Message

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["SHORT", "share_texts", "summary"]

# The shortest limit among the services: X takes 280 signs, and counts a link as 23.
SHORT = 280
_LEAST = 100


def summary(card: Mapping[str, Any], *, lang: str, fictitious: bool) -> str:
    """
    Say in one line what an assignment is.

    Parameters
    ----------
    card : mapping
        A card of a page, in one language.
    lang : {"sv", "en"}
        The language.
    fictitious : bool
        Whether it is made up; then the line begins with that.

    Returns
    -------
    str
        Plain text.
    """
    parts = [
        f"[{Message('words.fictitious').render(lang)}]" if fictitious else "",
        f"{card['whose']}.",
        f"{_capital(card['remote'])}.",
        f"{_capital(card['period'])}." if card["period"] else "",
    ]
    return " ".join(part for part in parts if part)


def share_texts(
    card: Mapping[str, Any], *, lang: str, fictitious: bool, link: str
) -> tuple[str, str]:
    """
    Write two texts to share: one that every service takes, and one with all that is known.

    Parameters
    ----------
    card : mapping
        A card of a page, in one language.
    lang : {"sv", "en"}
        The language.
    fictitious : bool
        Whether it is made up; both texts begin with that.
    link : str
        Where a reader goes on; "" for nowhere.

    Returns
    -------
    tuple of str
        The short text, at most 280 signs with its link, and the long one.
    """
    mark = f"[{Message('words.fictitious').render(lang)}] " if fictitious else ""
    tail = f"\n{link}" if link else ""
    # A link that leaves no room for what it is about stands in the long text alone.
    end = tail if len(tail) <= SHORT - _LEAST else ""
    short = f"{mark}{card['title']}\n{card['whose']}"
    closes = card["closes"]
    if closes:
        apply = Message("public.apply_by", {"closes": closes}).render(lang)
        if len(f"{short}. {apply}{end}") <= SHORT:
            short = f"{short}. {apply}"
    room = SHORT - len(end)
    if len(short) > room:
        short = f"{short[: room - 1].rstrip()}…"
    lines = [
        f"{mark}{card['title']}",
        "",
        summary(card, lang=lang, fictitious=False),
        Message("public.theme", {"theme": card["theme"]}).render(lang) if card["theme"] else "",
        Message("public.competences", {"list": card["competences"]}).render(lang)
        if card["competences"]
        else "",
    ]
    long = "\n".join(line for n, line in enumerate(lines) if line or n == 1)
    return f"{short}{end}", f"{long}{tail}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
