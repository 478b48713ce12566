"""Constructors of the displayed results that hold words and single numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from regionstudy.errors import DataError
from regionstudy.figures.content import NO_TEXT, as_text
from regionstudy.figures.statements import (
    Answer,
    Brief,
    BriefGroup,
    BriefItem,
    KeyFigure,
    KeyFigures,
    Note,
    Sentence,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from regionstudy.words import Text

__all__ = ["answer", "brief", "brief_group", "keyfigure", "keyfigures", "note"]

_STRIPS = (
    {"values", "home", "median"},
    {"line"},
    {"low", "high", "mean", "zero"},
)


def answer(
    *texts: Text | str | None, index: bool | Collection[int] = False, fictitious: bool = False
) -> Answer:
    """
    Answer the page's question.

    Parameters
    ----------
    *texts : Text, str or None
        The sentences in order; None (a sentence that could not be computed) is left out.
    index : bool or collection of int, default False
        Which sentences the start page shows too: all, none, or these, counted from 0.
    fictitious : bool, default False
        Whether they rest on made-up member data.

    Returns
    -------
    Answer
        The displayed result.

    Examples
    --------
    >>> made = answer("Först.", None, "Sedan.", index=[0])
    >>> [(str(s.text), s.index) for s in made.sentences]
    [('Först.', True), ('Sedan.', False)]
    """
    chosen = range(len(texts)) if index is True else (index or ())
    return Answer(
        tuple(
            Sentence(as_text(text), index=number in chosen, fictitious=fictitious)
            for number, text in enumerate(texts)
            if text is not None
        )
    )


def keyfigure(
    label: Text | str,
    value: Text | str,
    *,
    unit: Text | str = NO_TEXT,
    note: Text | str = NO_TEXT,
    index: bool = False,
    strip: Mapping[str, Any] | None = None,
) -> KeyFigure:
    """
    Make one large number, to be shown by `keyfigures`.

    Parameters
    ----------
    label, value : Text or str
        What it is, and the number in words.
    unit, note : Text or str
        Its unit; how sure or how old it is.
    index : bool, default False
        Whether the start page shows it too.
    strip : mapping, optional
        The small picture: ``values``, ``home``, ``median`` (all peers); or ``line``; or
        ``low``, ``high``, ``mean``, ``zero`` (an interval).

    Returns
    -------
    KeyFigure
        The number.

    Raises
    ------
    DataError
        If `strip` has other entries.
    """
    if strip is not None and set(strip) not in _STRIPS:
        msg = (
            f"A key figure's strip has the entries {', '.join(sorted(strip))}; give values, home "
            "and median, or line, or low, high, mean and zero."
        )
        raise DataError(msg)
    return KeyFigure(
        as_text(label), as_text(value), as_text(unit), as_text(note), index=index, strip=strip
    )


def keyfigures(*items: KeyFigure) -> KeyFigures:
    """
    Show a few large numbers.

    Parameters
    ----------
    *items : KeyFigure
        From `keyfigure`.

    Returns
    -------
    KeyFigures
        The displayed result.
    """
    return KeyFigures(items)


def brief_group(
    title: Text | str,
    items: Iterable[tuple[Text | str, Text | str]],
    *,
    tone: Literal["strength", "weakness"],
) -> BriefGroup:
    """
    Make one group of a brief.

    Parameters
    ----------
    title : Text or str
        The heading.
    items : iterable of (label, value)
        The lines.
    tone : {"strength", "weakness"}
        Whether they speak for or against.

    Returns
    -------
    BriefGroup
        The group.
    """
    return BriefGroup(
        as_text(title),
        tone,
        tuple(BriefItem(as_text(label), as_text(value)) for label, value in items),
    )


def brief(*groups: BriefGroup) -> Brief:
    """
    Show a short list beside the page's answer.

    Parameters
    ----------
    *groups : BriefGroup
        From `brief_group`.

    Returns
    -------
    Brief
        The displayed result.
    """
    return Brief(groups)


def note(text: Text | str, *, tone: Literal["missing", "info"] = "info") -> Note:
    """
    Show a line that says what is missing, or what to know.

    Parameters
    ----------
    text : Text or str
        The line.
    tone : {"missing", "info"}
        Which of them.

    Returns
    -------
    Note
        The displayed result.
    """
    return Note(as_text(text), tone)
