"""The answer on competence: how many are needed, how many there are, and the gap."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from regionstudy.figures import answer, keyfigure, keyfigures
from regionstudy.figures.content import NO_TEXT
from regionstudy.figures.values import joined, number_text
from regionstudy.views.gap.wording import occupation, text
from regionstudy.words import Message

if TYPE_CHECKING:
    import pandas as pd

    from regionstudy.figures.shown import Answer, KeyFigures
    from regionstudy.figures.statements import KeyFigure
    from regionstudy.views.gap.facts import CompetenceFacts
    from regionstudy.words import Text

__all__ = ["gap_answer", "gap_numbers", "term_list"]

_MIDDLE = "middle"


def gap_answer(facts: CompetenceFacts | None) -> Answer | None:
    """
    Answer whether competence is enough: need, known supply and gap, and where it is largest.

    Parameters
    ----------
    facts : CompetenceFacts or None
        From `competence_facts`.

    Returns
    -------
    Answer or None
        Two sentences, the first for the start page too; None without members, which
        `terms_table` says.
    """
    if facts is None:
        return None
    whole = middle(facts.whole)
    told = {
        **{key: whole[key] for key in ("need", "known_supply", "remaining", "low", "high")},
        "span": facts.span,
        "absent": term_list(str(whole["absent"])),
    }
    if math.isnan(whole["need"]):
        return answer(text(f"answer.no_need_{whole['state']}", **told), fictitious=facts.fictitious)
    first = text(f"answer.{whole['state']}", **told)
    return answer(first, _second(facts, whole), index=[0], fictitious=facts.fictitious)


def gap_numbers(
    facts: CompetenceFacts | None, *, beside: KeyFigures | None = None
) -> KeyFigures | None:
    """
    Show need, retirements, known supply and gap as large numbers, before the page's others.

    Parameters
    ----------
    facts : CompetenceFacts or None
        From `competence_facts`.
    beside : KeyFigures, optional
        The page's other large numbers: a page has one row of them, by that name.

    Returns
    -------
    KeyFigures or None
        The numbers; without members those beside alone.
    """
    if facts is None:
        return beside
    whole = middle(facts.whole)
    by = facts.whole.set_index("scenario")
    parts = facts.term_values(_MIDDLE)
    span = {"low": by["need"].min(), "high": by["need"].max()}
    # Where even the need is unknown, so is the gap, whatever supply there is.
    gap_key = whole["state"] if not math.isnan(whole["remaining"]) else "unknown"
    band = {"low": whole["low"], "high": whole["high"]}
    items = [
        ("need", whole["need"], text("number.need_note", **span)),
        ("replacement", parts["replacement"], text("number.replacement_note")),
        ("supply", whole["known_supply"], _supply_note(whole)),
        ("gap", whole["remaining"], text(f"number.gap_note.{gap_key}", **band)),
    ]
    mark = [Message("words.fictitious")] if facts.fictitious else []
    return keyfigures(
        *(_number(what, value, joined([*mark, said], ": ")) for what, value, said in items),
        *(beside.items if beside is not None else ()),
    )


def term_list(terms: str) -> list[Text]:
    """
    Name terms within a sentence.

    Parameters
    ----------
    terms : str
        Terms with spaces between.

    Returns
    -------
    list of Text
        Their names.
    """
    return [text(f"within.{term}") for term in terms.split()]


def middle(found: pd.DataFrame) -> pd.Series[Any]:
    """
    Give the row of the middle scenario.

    Parameters
    ----------
    found : DataFrame
        A row a scenario.

    Returns
    -------
    Series
        That of the middle one, or the first where there is none.
    """
    chosen = found[found["scenario"] == _MIDDLE]
    return (chosen if len(chosen) else found).iloc[0]


def _number(what: str, value: float, note_text: Text) -> KeyFigure:
    shown: Text = text("unknown") if math.isnan(value) else number_text(float(value))
    unit = NO_TEXT if math.isnan(value) else text("unit.persons")
    return keyfigure(text(f"number.{what}"), shown, unit=unit, note=note_text)


def _supply_note(whole: pd.Series[Any]) -> Text:
    if whole["state"] == "suppressed":
        return text("state.suppressed")
    if not whole["absent"]:
        return text("number.supply_whole")
    return text("number.supply_note", absent=term_list(str(whole["absent"])))


def _second(facts: CompetenceFacts, whole: pd.Series[Any]) -> Text | None:
    """Name the groups with the largest gap, and what the sum lacks."""
    found = facts.by_occupation
    found = found[(found["scenario"] == _MIDDLE) & (found["remaining"] > 0)]
    top = found.sort_values(["remaining", "occupation"], ascending=[False, True]).head(3)
    listed = [
        text("item", name=occupation(str(code)), n=value)
        for code, value in zip(top["occupation"], top["remaining"], strict=True)
    ]
    absent = term_list(str(whole["absent"])) if whole["state"] == "at_most" else []
    if listed and absent:
        return text("answer.largest_without", list=listed, absent=absent)
    if listed:
        return text("answer.largest", list=listed)
    return text("answer.without", absent=absent) if absent else None
