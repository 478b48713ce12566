"""Look a word up among the methods that are known, or say which would do."""

from __future__ import annotations

import difflib
import functools
import inspect
from typing import TYPE_CHECKING, Any, TypeVar

from regionstudy.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

__all__ = ["check_options", "find", "name_some", "nearest"]

T = TypeVar("T")


def nearest(word: object, known: Iterable[object]) -> str:
    """
    Phrase the known word that resembles a mistaken one most.

    Parameters
    ----------
    word : object
        What was asked for.
    known : iterable
        What exists.

    Returns
    -------
    str
        " Did you mean 'x'?", or "" where nothing resembles `word`.
    """
    close = difflib.get_close_matches(str(word), [str(name) for name in known], n=1)
    return f" Did you mean '{close[0]}'?" if close else ""


def name_some(names: Iterable[object], *, limit: int = 5) -> str:
    """
    List the first few names, then how many more there are.

    Parameters
    ----------
    names : iterable
        What to list.
    limit : int, default 5
        How many to name.

    Returns
    -------
    str
        For instance ``'a', 'b' and 3 more``.
    """
    every = [f"'{name}'" for name in names]
    more = len(every) - limit
    return ", ".join(every[:limit]) + (f" and {more} more" if more > 0 else "")


def find(registry: Mapping[str, T], word: str, what: str) -> T:
    """
    Look a method up by its word.

    Parameters
    ----------
    registry : mapping of str to T
        The methods there are.
    word : str
        The one asked for.
    what : str
        What it is a method of, for the message ("normalisation").

    Returns
    -------
    T
        The method.

    Raises
    ------
    ConfigError
        If the word is unknown; the message lists those that are known.
    """
    if word in registry:
        return registry[word]
    raise ConfigError(
        f"'{word}' is no {what}.{nearest(word, registry)} Choose one of {', '.join(registry)}."
    )


def check_options(
    function: Callable[..., Any], options: Mapping[str, Any], *, word: str, what: str
) -> None:
    """
    Refuse options that a method does not have.

    Parameters
    ----------
    function : callable
        The method; its keyword-only parameters are its options.
    options : mapping of str to object
        The options that were given.
    word, what : str
        The method's word and kind, for the message.

    Raises
    ------
    ConfigError
        If an option is unknown, or one without a default is missing.
    """
    parameters = _options_of(function)
    for name in options:
        if name not in parameters:
            takes = ", ".join(parameters) or "none"
            raise ConfigError(
                f"{what} '{word}' has no option '{name}'.{nearest(name, parameters)} "
                f"Its options: {takes}."
            )
    for name, parameter in parameters.items():
        if parameter.default is parameter.empty and name not in options:
            raise ConfigError(f"{what} '{word}' needs the option '{name}'. Give {name}=….")


@functools.cache  # reading a signature costs as much as a step of the method
def _options_of(function: Callable[..., Any]) -> dict[str, inspect.Parameter]:
    return {
        name: parameter
        for name, parameter in inspect.signature(function).parameters.items()
        if parameter.kind is parameter.KEYWORD_ONLY
    }
