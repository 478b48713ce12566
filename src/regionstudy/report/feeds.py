"""The assignments as a feed (Atom), for those who follow them in a reader of their own."""

from __future__ import annotations

import datetime as dt
import unicodedata
import uuid
from html import escape
from typing import TYPE_CHECKING, Any

from feedgenerator import Atom1Feed  # type: ignore[import-untyped]

from regionstudy.report.public_texts import summary
from regionstudy.words import Message

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["atom_feed"]

# Ids never change with the address, so that a reader does not see an entry as new.
_IDS = uuid.UUID("6b6b4a2e-3c52-5f0e-9c0a-5d1f0f6f2b11")


def atom_feed(
    cards: Sequence[Mapping[str, Any]],
    *,
    title: str,
    lang: str,
    day: str,
    fictitious: bool,
    base: str = "",
    folder: str = "uppdrag/",
) -> str:
    """
    Write the feed of one language.

    Parameters
    ----------
    cards : sequence of mapping
        Cards of a page, in one language.
    title : str
        The study's name.
    lang : {"sv", "en"}
        The language.
    day : str
        The ISO day that the study looks from, which is when the feed was updated.
    fictitious : bool
        Whether they are made up; the title of the feed and of each entry says so.
    base : str, default ""
        The whole address of the folder that the feed is in; without it, its links are
        relative to the feed and it has none to itself.
    folder : str, default "uppdrag/"
        Where the cards' pages are, seen from the feed.

    Returns
    -------
    str
        Atom 1.0; the newest entries first. The same cards give the same text.
    """
    mark = f"[{Message('words.fictitious').render(lang)}] " if fictitious else ""
    named = Message("public.feed_title", {"study": title}).render(lang)
    feed = Atom1Feed(
        title=_writable(f"{mark}{named}"),
        link=f"{base}index.html",
        description=Message("public.feed_about").render(lang),
        language=lang,
        feed_url=f"{base}feed.xml" if base else None,
        feed_guid=_urn(f"{title} {lang}"),
        author_name=_writable(title),
    )
    seen = _midnight(day)
    told = [(min(_midnight(card["opens"] or day), seen), card) for card in cards]
    for published, card in sorted(told, key=lambda one: (one[0], one[1]["id"]), reverse=True):
        feed.add_item(
            title=_writable(f"{mark}{card['title']}"),
            link=f"{base}{folder}{card['id']}.html",
            # The feed's summaries are HTML, so text has to be written as such.
            description=escape(_writable(summary(card, lang=lang, fictitious=fictitious))),
            author_name=_writable(card["organisation"]),
            unique_id=_urn(f"{card['id']} {lang}"),
            pubdate=published,
            updateddate=seen,
            categories=[_writable(one) for one in (card["theme"], card["cluster"]) if one],
        )
    written: str = feed.writeString("utf-8")
    return written


def _midnight(day: str) -> dt.datetime:
    return dt.datetime.combine(dt.date.fromisoformat(day), dt.time(), tzinfo=dt.UTC)


def _urn(name: str) -> str:
    return uuid.uuid5(_IDS, name).urn


def _writable(text: str) -> str:
    """Leave out the signs that XML can not hold."""
    kept = (
        sign for sign in text if sign in "\t\n" or unicodedata.category(sign) not in ("Cc", "Cs")
    )
    return "".join(sign for sign in kept if ord(sign) & 0xFFFE != 0xFFFE)
