"""The kinds of displayed result that hold words and numbers, without a picture."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from regionstudy.figures.content import (
    MIME,
    Cell,
    Column,
    MemberRelease,
    Source,
    TableBody,
    as_json,
)
from regionstudy.figures.values import value_text
from regionstudy.words import (
    Message,
    Text,
    Words,
    current_language,
    format_number,
    format_period,
    render,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = [
    "Answer",
    "Brief",
    "BriefGroup",
    "BriefItem",
    "KeyFigure",
    "KeyFigures",
    "Note",
    "Sentence",
    "Shown",
    "Table",
    "cell_text",
]


class Shown:
    """What every kind can do: give its payload, and show itself in JupyterLab."""

    __slots__ = ()
    kind: ClassVar[str]

    def payload(self) -> dict[str, Any]:
        """
        Give the result as JSON, every text in both languages.

        Returns
        -------
        dict
            ``kind`` and the kind's own entries.
        """
        return {"kind": self.kind, **as_json(self)}

    def _lines(self, lang: str) -> Iterable[tuple[str, str]]:
        """Give (HTML element, text) pairs for JupyterLab; texts are escaped afterwards."""
        raise NotImplementedError

    def _html(self, lang: str) -> str:
        return "".join(f"<{tag}>{escape(text)}</{tag}>" for tag, text in self._lines(lang))

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        lang = current_language()
        return {
            MIME: self.payload(),
            "text/html": f'<div lang="{lang}">{self._html(lang)}</div>',
            "text/plain": "\n".join(text for _, text in self._lines(lang)),
        }


@dataclass(frozen=True, slots=True)
class Sentence:
    """
    One sentence of an answer.

    Parameters
    ----------
    text : Text
        The sentence.
    index : bool
        Whether the start page shows it too.
    fictitious : bool
        Whether it rests on made-up member data.
    """

    text: Text
    index: bool = False
    fictitious: bool = False


@dataclass(frozen=True, slots=True)
class Answer(Shown):
    """
    The answer to the page's question, which opens the page.

    Parameters
    ----------
    sentences : tuple of Sentence
        In reading order.
    """

    kind: ClassVar[str] = "answer"
    sentences: tuple[Sentence, ...]

    def _lines(self, lang: str) -> Iterable[tuple[str, str]]:
        return [("p", render(sentence.text, lang)) for sentence in self.sentences]


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """
    One large number.

    Parameters
    ----------
    label, value, unit, note : Text
        What it is, the number, its unit, and how sure or how old it is.
    index : bool
        Whether the start page shows it too.
    strip : mapping or None
        What the small picture draws: ``values``, ``home`` and ``median``; or ``line``; or
        ``low``, ``high``, ``mean`` and ``zero``.
    """

    label: Text
    value: Text
    unit: Text
    note: Text
    index: bool = False
    strip: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class KeyFigures(Shown):
    """
    A few large numbers.

    Parameters
    ----------
    items : tuple of KeyFigure
        In reading order.
    """

    kind: ClassVar[str] = "keyfigures"
    items: tuple[KeyFigure, ...]

    def _lines(self, lang: str) -> Iterable[tuple[str, str]]:
        for item in self.items:
            yield "p", render(item.label, lang)
            yield "h3", f"{render(item.value, lang)} {render(item.unit, lang)}"
            yield "p", render(item.note, lang)


@dataclass(frozen=True, slots=True)
class BriefItem:
    """
    One line of a brief.

    Parameters
    ----------
    label, value : Text
        What, and how it stands.
    """

    label: Text
    value: Text


@dataclass(frozen=True, slots=True)
class BriefGroup:
    """
    What speaks for, or against.

    Parameters
    ----------
    title : Text
        The heading.
    tone : {"strength", "weakness"}
        Which of them.
    items : tuple of BriefItem
        The lines.
    """

    title: Text
    tone: Literal["strength", "weakness"]
    items: tuple[BriefItem, ...]


@dataclass(frozen=True, slots=True)
class Brief(Shown):
    """
    The short list beside a page's answer.

    Parameters
    ----------
    groups : tuple of BriefGroup
        In reading order.
    """

    kind: ClassVar[str] = "brief"
    groups: tuple[BriefGroup, ...]

    def _lines(self, lang: str) -> Iterable[tuple[str, str]]:
        for group in self.groups:
            yield "h4", render(group.title, lang)
            for item in group.items:
                yield "div", f"{render(item.label, lang)}: {render(item.value, lang)}"


@dataclass(frozen=True, slots=True)
class Note(Shown):
    """
    A line that says what is missing, or what to know.

    Parameters
    ----------
    text : Text
        The line.
    tone : {"missing", "info"}
        Which of them.
    """

    kind: ClassVar[str] = "note"
    text: Text
    tone: Literal["missing", "info"] = "info"

    def _lines(self, lang: str) -> Iterable[tuple[str, str]]:
        return [("p", render(self.text, lang))]


@dataclass(frozen=True, slots=True)
class Table(Shown):
    """
    A table of its own.

    Parameters
    ----------
    title : Text
        The heading.
    sources : tuple of Source
        Where its figures come from.
    fictitious : bool
        Whether it rests on made-up member data.
    table : TableBody
        The content.
    filterable : bool
        Whether a page's reader can search, filter, sort and download it.
    releases : tuple of MemberRelease
        The released member tables that it rests on.
    """

    kind: ClassVar[str] = "table"
    title: Text
    sources: tuple[Source, ...]
    fictitious: bool
    table: TableBody
    filterable: bool = False
    releases: tuple[MemberRelease, ...] = ()

    def _lines(self, lang: str) -> Iterable[tuple[str, str]]:
        yield "h4", render(self.title, lang)
        if self.fictitious:
            yield "p", Message("words.fictitious").render(lang)
        yield "p", "\t".join(render(column.label, lang) for column in self.table.columns)
        for row in self.table.rows:
            yield "div", "\t".join(self._cells(row, lang))
        for source in self.sources:
            yield "small", render(source.text, lang)

    def _cells(self, row: tuple[Any, ...], lang: str) -> list[str]:
        columns = self.table.columns
        return [cell_text(cell, column, lang) for cell, column in zip(row, columns, strict=True)]

    def _html(self, lang: str) -> str:
        head = "".join(f"<th>{escape(render(c.label, lang))}</th>" for c in self.table.columns)
        body = "".join(
            "<tr>"
            + "".join(f"<td>{escape(text)}</td>" for text in self._cells(row, lang))
            + "</tr>"
            for row in self.table.rows
        )
        mark = f"<p>{escape(Message('words.fictitious').render(lang))}</p>"
        sources = "".join(f"<p>{escape(render(s.text, lang))}</p>" for s in self.sources)
        return (
            f"<h4>{escape(render(self.title, lang))}</h4>{mark if self.fictitious else ''}"
            f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{sources}"
        )


def cell_text(cell: Any, column: Column, lang: str) -> str:
    """
    Write one cell of a table as plain text.

    Parameters
    ----------
    cell : str, float, Text or Cell
        The cell.
    column : Column
        Its column.
    lang : {"sv", "en"}
        The language.

    Returns
    -------
    str
        The text; a missing or hidden number as a word.
    """
    if isinstance(cell, Cell):
        text = value_text(cell.value, cell.status, decimals=column.decimals, signed=column.signed)
        return text.render(lang)
    if isinstance(cell, (Words, Message)):
        return cell.render(lang)
    if column.kind == "number" and not isinstance(cell, str):
        return format_number(cell, column.decimals, lang=lang, signed=column.signed)
    return format_period(str(cell), lang=lang) if column.kind == "period" else str(cell)
