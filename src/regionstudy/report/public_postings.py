"""Assignments as schema.org has them: a `JobPosting` that search engines read."""

from __future__ import annotations

import datetime as dt
from html import escape
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from regionstudy.words import Message

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["job_posting"]

_SWEDEN = ZoneInfo("Europe/Stockholm")


def job_posting(
    card: Mapping[str, Any], *, lang: str, day: str, fictitious: bool, address: str = ""
) -> dict[str, Any]:
    """
    Describe one assignment for search engines.

    Parameters
    ----------
    card : mapping
        A card of a page, in one language.
    lang : {"sv", "en"}
        The language.
    day : str
        The ISO day that the study looks from: an assignment that opens later was told of then.
    fictitious : bool
        Whether it is made up; the description begins with that.
    address : str, default ""
        The whole address of its page, where it has one.

    Returns
    -------
    dict
        JSON-LD; only what the member has said. Text from members is escaped in the
        description, which is HTML by definition, and nowhere else.

    References
    ----------
    Google, Job posting structured data: developers.google.com/search/docs/appearance.
    """
    posting: dict[str, Any] = {
        "@context": "https://schema.org/",
        "@type": "JobPosting",
        "title": card["title"],
        "description": _description(card, lang, fictitious=fictitious),
        "identifier": {
            "@type": "PropertyValue",
            "name": card["organisation"],
            "value": card["id"],
        },
        "datePosted": min(day, card["opens"]) if card["opens"] else day,
        "hiringOrganization": {"@type": "Organization", "name": card["organisation"]},
        "jobLocation": {
            "@type": "Place",
            "address": {
                "@type": "PostalAddress",
                "addressLocality": card["place"],
                "addressRegion": card["county"],
                "addressCountry": "SE",
            },
        },
        "directApply": False,
    }
    if card["closes"]:
        end = dt.datetime.combine(dt.date.fromisoformat(card["closes"]), dt.time(23, 59, 59))
        posting["validThrough"] = end.replace(tzinfo=_SWEDEN).isoformat()
    if card["remote_share"] == 1:
        posting["jobLocationType"] = "TELECOMMUTE"
        posting["applicantLocationRequirements"] = {"@type": "Country", "name": "Sweden"}
    if card["competences"]:
        posting["skills"] = ", ".join(card["competences"])
    if card["occupation_code"]:
        posting["occupationalCategory"] = f"{card['occupation_code']} {card['occupation']}".strip()
    if card["cluster"]:
        posting["industry"] = card["cluster"]
    if address:
        posting["url"] = address
    return posting


def _description(card: Mapping[str, Any], lang: str, *, fictitious: bool) -> str:
    parts = [
        Message("words.fictitious").render(lang) + "." if fictitious else "",
        Message(
            "public.description",
            {"title": card["title"], "organisation": card["organisation"], "place": card["place"]},
        ).render(lang),
        Message("public.theme", {"theme": card["theme"]}).render(lang) if card["theme"] else "",
        Message("public.competences", {"list": card["competences"]}).render(lang)
        if card["competences"]
        else "",
        Message("public.remote", {"remote": card["remote"]}).render(lang),
        Message("public.period", {"period": card["period"]}).render(lang) if card["period"] else "",
    ]
    return "".join(f"<p>{escape(part)}</p>" for part in parts if part)
