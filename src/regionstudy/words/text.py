"""Texts that know both languages, and the message catalogues behind them."""

from __future__ import annotations

import difflib
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from regionstudy.errors import ConfigError
from regionstudy.words.numbers import format_date, format_list, format_number, format_period

__all__ = [
    "LANGUAGES",
    "Message",
    "Text",
    "Words",
    "current_language",
    "render",
    "texts_of",
    "use_language",
]

LANGUAGES = ("sv", "en")

# The language of what JupyterLab shows; one study is read in one language at a time.
_current = ["sv"]


def use_language(lang: str) -> None:
    """
    Set the language in which texts are shown in JupyterLab.

    Parameters
    ----------
    lang : {"sv", "en"}
        The language.

    Raises
    ------
    ConfigError
        If the language is not one of `LANGUAGES`.
    """
    if lang not in LANGUAGES:
        msg = f'"{lang}" is not a language of the study; use one of: {", ".join(LANGUAGES)}.'
        raise ConfigError(msg)
    _current[0] = lang


def current_language() -> str:
    """
    Give the language in which texts are shown in JupyterLab.

    Returns
    -------
    {"sv", "en"}
        The language, Swedish until `use_language` says otherwise.
    """
    return _current[0]


@dataclass(frozen=True, slots=True)
class Words:
    """
    A text given in both languages.

    Parameters
    ----------
    sv, en : str
        The text in Swedish and in English.

    Examples
    --------
    >>> str(Words(sv="Boende", en="Housing"))
    'Boende'
    """

    sv: str
    en: str

    def render(self, lang: str) -> str:
        """
        Give the text in one language.

        Parameters
        ----------
        lang : {"sv", "en"}
            The language.

        Returns
        -------
        str
            The text.
        """
        return self.sv if lang == "sv" else self.en

    def __str__(self) -> str:
        return self.render(current_language())


@dataclass(frozen=True, slots=True)
class Message:
    """
    A text from the message catalogues, with its parameters.

    Parameters
    ----------
    key : str
        The message id, ``room.what``; its texts stand in ``words/locale/<lang>/<room>.po``.
    params : mapping
        Values for the fields of the text. A field may say how to write its value:
        ``{x:1}`` one decimal, ``{x:+1}`` signed with one decimal, ``{x:period}``,
        ``{x:date}``, ``{x:list}``, ``{x:ordinal}``. A value may itself be a `Text`.

    Examples
    --------
    >>> Message("words.rank_of", {"rank": 21, "n": 290}).render("en")
    '21st of 290'
    """

    key: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def render(self, lang: str) -> str:
        """
        Give the text in one language.

        Parameters
        ----------
        lang : {"sv", "en"}
            The language.

        Returns
        -------
        str
            The text, with its parameters as that language writes them.

        Raises
        ------
        ConfigError
            If no such message exists, or a parameter is not given.
        """
        texts = _catalogue(lang)
        if self.key not in texts:
            near = difflib.get_close_matches(self.key, texts, n=1)
            hint = f' Did you mean "{near[0]}"?' if near else ""
            room = self.key.partition(".")[0]
            msg = f'No text "{self.key}" in words/locale/{lang}/{room}.po.{hint}'
            raise ConfigError(msg)
        try:
            return _Filler(lang).vformat(texts[self.key], (), self.params)
        except KeyError as error:
            msg = f'Text "{self.key}" ({lang}) needs the parameter {error}; give it in params.'
            raise ConfigError(msg) from error

    def __str__(self) -> str:
        return self.render(current_language())


Text = Words | Message


def texts_of(room: str) -> Callable[..., Message]:
    """
    Give a short way to the texts of one room.

    Parameters
    ----------
    room : str
        What their ids begin with, without the full stop.

    Returns
    -------
    callable
        Takes the rest of an id, and values for the fields of its text by name.

    Examples
    --------
    >>> text = texts_of("words")
    >>> text("rank_of", rank=21, n=290).render("en")
    '21st of 290'
    """

    def text(what: str, /, **params: Any) -> Message:
        return Message(f"{room}.{what}", params)

    return text


def render(text: Text | str, lang: str) -> str:
    """
    Give any text in one language.

    Parameters
    ----------
    text : Words, Message or str
        The text; a plain string is the same in every language (names, codes).
    lang : {"sv", "en"}
        The language.

    Returns
    -------
    str
        The text.
    """
    return text if isinstance(text, str) else text.render(lang)


class _Filler(string.Formatter):
    """Fills the fields of a text as one language writes them."""

    def __init__(self, lang: str) -> None:
        self.lang = lang

    def format_field(self, value: Any, spec: str) -> str:
        lang = self.lang
        if spec == "list":
            return format_list([render(item, lang) for item in value], lang=lang)
        if isinstance(value, (Words, Message)):
            value = value.render(lang)
        if spec == "period":
            return format_period(str(value), lang=lang)
        if spec == "date":
            return format_date(value, lang=lang)
        if spec == "ordinal":
            return _ordinal(int(value), lang)
        if spec.lstrip("+").isdigit():
            decimals = int(spec.lstrip("+"))
            return format_number(value, decimals, lang=lang, signed=spec.startswith("+"))
        if isinstance(value, int) and not spec:
            return format_number(value, lang=lang)
        return str(super().format_field(value, spec))


def _ordinal(number: int, lang: str) -> str:
    last, last_two = number % 10, number % 100
    if lang == "sv":
        ending = "a" if last in (1, 2) and last_two not in (11, 12) else "e"
        return f"{number}:{ending}"
    teens = last_two in (11, 12, 13)
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(last, 'th')}"


@cache
def _catalogue(lang: str) -> dict[str, str]:
    from babel.messages.pofile import read_po

    texts: dict[str, str] = {}
    folder = files("regionstudy.words") / "locale" / lang
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if not entry.name.endswith(".po"):
            continue
        with entry.open("rb") as stream:
            for message in read_po(stream, locale=lang):
                if message.id:
                    texts[str(message.id)] = str(message.string)
    return texts
