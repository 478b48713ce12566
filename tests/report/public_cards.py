"""Cards as a notebook shows them, with what a member should never have written."""

from __future__ import annotations

from typing import Any

import pandas as pd

from regionstudy.figures.assignment_cards import cards

# Each would run, leave the page or be worked out if a text were taken for anything else.
EVIL = "</script><img src=x onerror=alert(1)>"
FORMULA = '=HYPERLINK("https://evil.example","klicka")'


def frame(*rows: dict[str, Any]) -> pd.DataFrame:
    """Assignments as `regionstudy.views.open_assignments` names them."""
    plain: dict[str, Any] = {
        "org_id": "arkivet", "title": "Bevara minnet", "organisation": "Arkivet Exempel",
        "municipality": "2281", "place": "Sundsvall", "county": "Västernorrlands län",
        "theme": "Bevarande", "cluster_name": "Arkiv", "occupation": "2622",
        "occupation_name": "Arkivarier", "competences": "e-arkiv; metadata", "remote_share": 0.4,
        "opens": pd.Timestamp("2026-11-01"), "closes": pd.Timestamp("2027-03-15"),
        "state": "open", "url": "https://arkivet.example/1",
    }  # fmt: skip
    made = pd.DataFrame([plain | row for row in rows])
    for day in ("opens", "closes"):
        made[day] = pd.to_datetime(made[day])
    return made


def payload(*rows: dict[str, Any], fictitious: bool = True, **about: Any) -> dict[str, Any]:
    """The payload of cards; without rows, of three that are told apart below."""
    if not rows:
        rows = (
            {},
            {"title": "Räkna pensioner", "remote_share": 1.0, "theme": "Pension",
             "opens": "2027-01-01", "url": "mailto:jobb@pension.example"},
            {"title": "Utan mer", "remote_share": None, "theme": None, "closes": None,
             "opens": None, "competences": "", "occupation": "", "occupation_name": "",
             "cluster_name": "", "url": None},
        )  # fmt: skip
    made = frame(*rows)
    made.attrs["fictitious"] = fictitious
    options = {"day": "2026-11-25", "title": "Ett kort för varje uppdrag", "id": "kort"} | about
    return cards(made, **options).payload()


def evil_payload() -> dict[str, Any]:
    """Every text that a member can write, written by somebody who means harm."""
    texts = ("org_id", "title", "organisation", "theme", "cluster_name", "competences")
    return payload(
        dict.fromkeys(texts, EVIL) | {"url": "javascript:alert(1)"},
        dict.fromkeys(texts, FORMULA) | {"url": 'https://a.example/"onmouseover="alert(1)'},
        {"title": "\x0b\x00\ufffe\u202eomvänt", "url": "https://scb.se@evil.example/"},
    )
