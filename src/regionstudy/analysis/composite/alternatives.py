"""Say which choices behind an index may vary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from regionstudy.analysis.composite.registry import nearest
from regionstudy.errors import ConfigError

__all__ = ["POSITIVE", "Alternatives", "as_pair", "as_words", "read_alternatives"]

Alternative = str | None | tuple[str, Mapping[str, Any]]
# Options that keep every common combination possible: a geometric mean needs values above 0.
POSITIVE: dict[str, dict[str, Any]] = {
    "minmax": {"range": (1, 100)},
    "zscore": {"mean": 100, "sd": 10},
}


@dataclass(frozen=True, kw_only=True)
class Alternatives:
    """
    What may vary from one variant of an index to the next.

    Parameters
    ----------
    imputations, treatments : sequence
        Words, ``(word, options)`` pairs, or None for none.
    normalisations : sequence
        Words or pairs. Without options "minmax" runs from 1 to 100 and "zscore" has mean
        100 and standard deviation 10, so that geometric means exist.
    aggregations : sequence
        Words, pairs, or a tuple of words, one a level.
    weight_noise : float
        Each weight is multiplied by a number between 1 - noise and 1 + noise.
    leave_one_out : bool
        Whether a variant may leave an indicator out; none is as likely as any one.
    """

    imputations: Sequence[Alternative] = (None, "median")
    treatments: Sequence[Alternative] = ("winsorise", None)
    normalisations: Sequence[Alternative] = ("minmax", "zscore", "rank")
    aggregations: Sequence[Any] = ("arithmetic", "geometric")
    weight_noise: float = 0.25
    leave_one_out: bool = True

    def __post_init__(self) -> None:
        if not 0 <= self.weight_noise < 1:
            raise ConfigError(
                f"weight_noise={self.weight_noise}: give a share from 0 to below 1, such as 0.25."
            )
        for name in ("imputations", "treatments", "normalisations", "aggregations"):
            if isinstance(getattr(self, name), str) or not len(getattr(self, name)):
                raise ConfigError(f"{name}: give a list with at least one alternative.")


def read_alternatives(given: Mapping[str, Any]) -> Alternatives:
    """
    Check what may vary.

    Parameters
    ----------
    given : mapping
        Fields of `Alternatives`; the others keep their defaults.

    Returns
    -------
    Alternatives
        What may vary.

    Raises
    ------
    ConfigError
        If a name is unknown or a value out of range.
    """
    known = [field.name for field in fields(Alternatives)]
    for name in given:
        if name not in known:
            raise ConfigError(
                f"'{name}' is nothing that can vary.{nearest(name, known)} "
                f"Choose among {', '.join(known)}."
            )
    return Alternatives(**given)


def as_pair(given: Any) -> tuple[Any, dict[str, Any]]:
    """
    Split an alternative into its word(s) and options.

    Parameters
    ----------
    given : str, tuple or None
        A word, words (one a level), a pair with options, or None for none.

    Returns
    -------
    tuple
        Word or words ("" for none), and options.
    """
    if given is None:
        return "", {}
    if isinstance(given, tuple) and len(given) == 2 and not isinstance(given[1], str):
        return given[0], dict(given[1])
    return given, {}


def as_words(word: Any) -> str | list[str]:
    """
    Give an aggregation as `aggregate` takes it.

    Parameters
    ----------
    word : str or sequence of str
        One for all levels, or one a level.

    Returns
    -------
    str or list of str
        The same.
    """
    return word if isinstance(word, str) else list(word)
