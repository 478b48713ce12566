"""Assignments as cards: what one shows, and what its public page is made of."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

from regionstudy.figures.assignment_words import period_text, remote_text, text
from regionstudy.figures.content import NO_TEXT, Source, as_text
from regionstudy.figures.links import safe_address
from regionstudy.figures.provenance import is_fictitious
from regionstudy.figures.statements import Shown
from regionstudy.figures.values import require_columns
from regionstudy.words import Message, Text, render

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["Card", "CardGroup", "Cards", "card_id", "cards"]

_TEXTS = (
    *("org_id", "title", "organisation", "municipality", "place", "county", "theme"),
    *("cluster_name", "occupation", "occupation_name", "competences", "state", "url"),
)
# The days come first, so that a row's first two are days.
_COLUMNS = ("opens", "closes", "remote_share", *_TEXTS)
_SLUG = 48


@dataclass(frozen=True, slots=True)
class Card:
    """
    One assignment.

    Parameters
    ----------
    id : str
        The same for the same assignment in every build; letters, digits and hyphens.
    title, organisation, place, county : str
        What it is called, whose it is, the municipality and the county.
    whose : str
        Organisation and municipality on one line.
    theme, cluster, occupation : Text
        In words; empty where not said.
    occupation_code : str
        SSYK 2012; "" where not said.
    competences : tuple of str
        What is asked for.
    remote_share : float or None
        0 to 1.
    remote, period, state_text : Text
        Remote share, dates and state, in words.
    opens, closes : str
        ISO days; "" where not said.
    state : {"open", "coming"}
        Whether it can be sought on the day the study looks from.
    url : str or None
        Where it is sought.
    """

    id: str
    title: str
    organisation: str
    place: str
    county: str
    whose: str
    theme: Text
    cluster: Text
    occupation: Text
    occupation_code: str
    competences: tuple[str, ...]
    remote_share: float | None
    remote: Text
    opens: str
    closes: str
    period: Text
    state: str
    state_text: Text
    url: str | None


@dataclass(frozen=True, slots=True)
class CardGroup:
    """
    The assignments of one theme.

    Parameters
    ----------
    title : Text
        The theme.
    cards : tuple of Card
        Those that close first, first.
    """

    title: Text
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Cards(Shown):
    """
    Assignments as cards, by theme; a build makes a public page of them too.

    Parameters
    ----------
    id : str
        Short name, unique on its page.
    title : Text
        The heading.
    caption : Text
        What to know of them.
    day : str
        The ISO day looked from.
    groups : tuple of CardGroup
        By theme.
    fictitious : bool
        Whether they are made up.
    sources : tuple of Source
        Where they come from.
    """

    kind: ClassVar[str] = "cards"
    id: str
    title: Text
    caption: Text
    day: str
    groups: tuple[CardGroup, ...]
    fictitious: bool
    sources: tuple[Source, ...] = ()

    def _lines(self, lang: str) -> Iterable[tuple[str, str]]:
        yield "h4", render(self.title, lang)
        if self.fictitious:
            yield "p", Message("words.fictitious").render(lang)
        for group in self.groups:
            yield "h5", render(group.title, lang)
            for one in group.cards:
                told = [part for part in (one.whose, render(one.period, lang)) if part]
                yield "p", f"{one.title} – {', '.join(told)}"


def card_id(org_id: str, title: str, municipality: str, opens: str) -> str:
    """
    Name an assignment for addresses: readable, and never that of another.

    Parameters
    ----------
    org_id, title, municipality, opens : str
        What tells an assignment from others in the members' sheet.

    Returns
    -------
    str
        Its title in plain letters, and eight digits of a checksum.

    Examples
    --------
    >>> card_id("arkivet", "Räkna på <b>ål</b>", "2281", "2027-01-01")
    'rakna-pa-b-al-b-49d214a1'
    """
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain)[:_SLUG].strip("-") or "uppdrag"
    key = "\x1f".join((org_id, title, municipality, opens))
    return f"{slug}-{hashlib.sha256(key.encode()).hexdigest()[:8]}"


def cards(
    frame: pd.DataFrame,
    *,
    day: str,
    title: Text | str,
    caption: Text | str = NO_TEXT,
    id: str = "cards",  # noqa: A002 (what every figure calls it)
    sources: Sequence[Source] = (),
) -> Cards:
    """
    Show assignments as cards.

    Parameters
    ----------
    frame : DataFrame, one row an assignment
        ``org_id``, ``title``, ``organisation``, ``municipality``, ``place``, ``county``,
        ``theme``, ``cluster_name`` and ``occupation_name`` (Text or str), ``occupation``,
        ``competences`` (with semicolons between), ``remote_share``, ``opens``, ``closes``,
        ``state`` and ``url``. Addresses that are no links are left out.
    day : str
        The ISO day looked from.
    title : Text or str
        The heading.
    caption : Text or str, optional
        What to know of them.
    id : str, default "cards"
        Short name, unique on its page.
    sources : sequence of Source
        Where they come from.

    Returns
    -------
    Cards
        The displayed result: themes by how many assignments they have, then by name.

    Raises
    ------
    DataError
        If a column is absent.
    """
    require_columns(frame, _COLUMNS, where="Cards")
    rows = frame.assign(**{name: frame[name].where(frame[name].notna(), "") for name in _TEXTS})
    rows = rows.sort_values(["closes", "title", "org_id"], na_position="last")
    sizes = rows["theme"].value_counts()
    # Those without a theme stand last, however many they are.
    order = sorted(sizes.index, key=lambda theme: (theme == "", -sizes[theme], theme.casefold()))
    groups = tuple(
        CardGroup(
            as_text(theme) if theme else text("no_theme"),
            tuple(
                _card(row)
                for row in rows.loc[rows["theme"] == theme, list(_COLUMNS)].itertuples(index=False)
            ),
        )
        for theme in order
    )
    return Cards(
        id=id,
        title=as_text(title),
        caption=as_text(caption),
        day=day,
        groups=groups,
        fictitious=is_fictitious(frame),
        sources=tuple(sources),
    )


def _card(row: Any) -> Card:
    opens, closes = (one.date().isoformat() if pd.notna(one) else "" for one in row[:2])
    remote = None if pd.isna(row.remote_share) else float(row.remote_share)
    asked = (part.strip() for part in row.competences.split(";"))
    return Card(
        id=card_id(row.org_id, row.title, row.municipality, opens),
        title=row.title,
        organisation=row.organisation,
        place=row.place,
        county=row.county,
        whose=_whose(row.organisation, row.place),
        theme=as_text(row.theme),
        cluster=as_text(row.cluster_name),
        occupation=as_text(row.occupation_name),
        occupation_code=row.occupation,
        competences=tuple(part for part in asked if part),
        remote_share=remote,
        remote=remote_text(remote),
        opens=opens,
        closes=closes,
        period=period_text(opens, closes),
        state=row.state,
        state_text=text(f"state.{row.state}"),
        url=safe_address(row.url),
    )


def _whose(organisation: str, place: str) -> str:
    # Many a name ends in its place; once is enough.
    parts = [organisation, "" if place in organisation.replace(",", " ").split() else place]
    return ", ".join(part for part in parts if part)
