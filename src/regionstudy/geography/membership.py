"""Which municipalities make up a county, an FA region or a named selection."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from regionstudy.errors import ConfigError
from regionstudy.geography.code_list import region_list
from regionstudy.geography.codes import require_region
from regionstudy.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Selection", "municipalities_in", "selection", "selections"]


@dataclass(frozen=True, slots=True)
class Selection:
    """
    A named set of regions.

    Parameters
    ----------
    id : str
        Its name in ``selections.toml``.
    title : Words
        Its name in text.
    regions : tuple of str
        The codes as they are written there.
    municipalities : tuple of str
        The municipalities that these stand for, in the order of codes.
    """

    id: str
    title: Words
    regions: tuple[str, ...]
    municipalities: tuple[str, ...]


def municipalities_in(codes: str | Iterable[str]) -> tuple[str, ...]:
    """
    Give the municipalities that a region, or several, consist of.

    Parameters
    ----------
    codes : str or iterable of str
        Codes of any level; a municipality stands for itself.

    Returns
    -------
    tuple of str
        Municipality codes, each once, in the order of codes.

    Raises
    ------
    ConfigError
        If a code is not a region of today.

    Examples
    --------
    >>> municipalities_in("FA42")
    ('2260', '2262', '2280', '2281')
    >>> municipalities_in(["2283", "FA42"])
    ('2260', '2262', '2280', '2281', '2283')
    """
    wanted = {require_region(code) for code in ([codes] if isinstance(codes, str) else codes)}
    return tuple(
        sorted(
            one.region
            for one in region_list().values()
            if one.level == "municipality"
            and not wanted.isdisjoint((one.region, one.parent, one.fa_region, "00"))
        )
    )


@cache
def selections() -> dict[str, Selection]:
    """
    Give every named selection, by id.

    Returns
    -------
    dict of str to Selection
        In the order of ``selections.toml``; do not change it.
    """
    text = files("regionstudy.geography").joinpath("data", "selections.toml").read_text("utf-8")
    return {
        key: Selection(
            id=key,
            title=Words(sv=entry["sv"], en=entry["en"]),
            regions=tuple(entry["regions"]),
            municipalities=municipalities_in(entry["regions"]),
        )
        for key, entry in tomllib.loads(text).items()
    }


def selection(name: str) -> Selection:
    """
    Give a named selection of regions.

    Parameters
    ----------
    name : str
        Its id, such as "sundsvall_fa" or "vasternorrland".

    Returns
    -------
    Selection
        Title, codes and municipalities.

    Raises
    ------
    ConfigError
        If there is no such selection.

    Examples
    --------
    >>> selection("sundsvall_fa").municipalities
    ('2260', '2262', '2280', '2281')
    """
    try:
        return selections()[name]
    except KeyError as error:
        msg = f'"{name}" is not a named selection; use one of: {", ".join(selections())}.'
        raise ConfigError(msg) from error
