"""Requests for data: a selection made definite, its cells counted, and split at the limit."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from regionstudy.errors import ConfigError
from regionstudy.sources.selection import TOTAL, as_items, nearest, resolve, total_code
from regionstudy.sources.splitting import split_grid

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from regionstudy.sources.pxweb_tables import Codelist, TableMetadata, Variable
    from regionstudy.sources.selection import Chosen

__all__ = [
    "Choice",
    "Request",
    "choose",
    "halve",
    "plan_requests",
    "resolve_contents",
]

_UNLIMITED = 2**63


@dataclass(frozen=True, slots=True)
class Choice:
    """
    The values asked for of one variable.

    Parameters
    ----------
    variable : str
        The variable's code.
    codes : tuple of str
        Value codes, each once.
    codelist : str
        The codelist that the codes belong to; empty for the variable's own.
    total : str
        The code that was asked for as "total" and is given back so; empty where none was.
    """

    variable: str
    codes: tuple[str, ...]
    codelist: str = ""
    total: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """
    One call for data; it asks for every combination of the values chosen.

    Parameters
    ----------
    table : str
        The table's id.
    choices : tuple of Choice
        A choice for every variable but the eliminated ones.
    eliminated : tuple of str
        Variables left out, over which the service sums; they are given back as "total".
    """

    table: str
    choices: tuple[Choice, ...]
    eliminated: tuple[str, ...] = ()

    @property
    def cells(self) -> int:
        """The number of cells in the answer."""
        return math.prod(len(choice.codes) for choice in self.choices)

    @property
    def values(self) -> dict[str, tuple[str, ...]]:
        """The codes of each variable."""
        return {choice.variable: choice.codes for choice in self.choices}


def plan_requests(
    metadata: TableMetadata,
    selection: Mapping[str, Chosen],
    *,
    limit: int,
    codelists: Mapping[str, Codelist] | None = None,
) -> list[Request]:
    """
    Make the fewest requests for a selection, none above the limit.

    Parameters
    ----------
    metadata : TableMetadata
        The table.
    selection : mapping of str to str, int or iterable of them
        Values and expressions of each variable, as in `selection.resolve`. Contents may be
        chosen by their text. See `choose` for variables that are not named.
    limit : int
        The most cells a request may ask for; 0 where it is not known.
    codelists : mapping of str to Codelist, optional
        Codelists to be used, by variable.

    Returns
    -------
    list of Request
        In the order of the table; each cell is asked for once.

    Raises
    ------
    ConfigError
        As `choose`.

    Examples
    --------
    >>> from regionstudy.sources.pxweb_tables import TableMetadata, Variable
    >>> years = Variable("Tid", "år", ("2022", "2023", "2024"), role="time")
    >>> table = TableMetadata("TAB1", "Folkmängd", (years,))
    >>> [request.cells for request in plan_requests(table, {"Tid": "*"}, limit=2)]
    [2, 1]
    """
    choices, eliminated = choose(metadata, selection, codelists=codelists)
    whole = Request(metadata.id, choices, eliminated)
    sizes = [len(choice.codes) for choice in choices]
    return [
        _part(whole, [(part.start, part.stop) for part in box])
        for box in split_grid(sizes, limit=limit or _UNLIMITED)
    ]


def choose(
    metadata: TableMetadata,
    selection: Mapping[str, Chosen],
    *,
    codelists: Mapping[str, Codelist] | None = None,
) -> tuple[tuple[Choice, ...], tuple[str, ...]]:
    """
    Make a selection definite: a choice for every variable, so that no default applies.

    A variable that may be eliminated, and is not named or asked for as "total", is taken at its
    published total, which holds for perturbed figures too; only where the table has none is it
    left out, and the service sums over it. One that has a single value is taken at that.

    Parameters
    ----------
    metadata : TableMetadata
        The table.
    selection : mapping of str to str, int or iterable of them
        Values and expressions of each variable.
    codelists : mapping of str to Codelist, optional
        Codelists to be used, by variable.

    Returns
    -------
    choices : tuple of Choice
        In the order of the table.
    eliminated : tuple of str
        The variables left out.

    Raises
    ------
    ConfigError
        If a variable, value or codelist is unknown, an expression cannot be read, or a
        variable that must be chosen is not.
    """
    wanted = {metadata.variable(name).code: as_items(chosen) for name, chosen in selection.items()}
    lists = {metadata.variable(name).code: one for name, one in (codelists or {}).items()}
    choices, eliminated = [], []
    for variable in metadata.variables:
        codelist = lists.get(variable.code)
        if variable.code in wanted and _is_eliminated(variable, wanted[variable.code], codelist):
            eliminated.append(variable.code)
        elif variable.code in wanted:
            choices.append(_choice(metadata, variable, wanted[variable.code], codelist))
        elif codelist is not None:
            msg = (
                f"{metadata.id}: a codelist is given for {variable.code}, but no values of it. "
                f'Choose values, or "*" for all of {codelist.id}.'
            )
            raise ConfigError(msg)
        elif len(variable.codes) == 1:
            choices.append(Choice(variable.code, variable.codes))
        elif not variable.elimination:
            shown = ", ".join(f"{code} ({_text(variable, code)})" for code in variable.codes[:3])
            msg = (
                f"{metadata.id}: {variable.code} ({variable.label}) must be chosen. It has "
                f'{len(variable.codes)} values: {shown} and so on; "*" takes them all.'
            )
            raise ConfigError(msg)
        elif (total := total_code(variable.codes, variable.labels)) is not None:
            choices.append(Choice(variable.code, (total,), total=total))
        else:
            eliminated.append(variable.code)
    return tuple(choices), tuple(eliminated)


def resolve_contents(metadata: TableMetadata, label: str, *, code: str = "") -> str:
    """
    Find the code of a contents by its text, which stays where codes change.

    Parameters
    ----------
    metadata : TableMetadata
        The table.
    label : str
        The contents' text, short or long, in upper or lower case.
    code : str, optional
        The code it should have.

    Returns
    -------
    str
        The code it has.

    Raises
    ------
    ConfigError
        If no contents, or more than one, has this text, or it has another code than `code`.
    """
    variable = metadata.with_role("metric")
    if variable is None:
        msg = f"{metadata.id} has no variable of contents, so none can be called {label!r}."
        raise ConfigError(msg)
    wanted = _plain(label)
    short = [one for one in variable.codes if _plain(_text(variable, one)) == wanted]
    long = [one for one in variable.codes if _plain(variable.texts.get(one, "")) == wanted]
    found = short or long
    labels = {one: _text(variable, one) for one in variable.codes}
    shown = "; ".join(f"{one} ({text})" for one, text in list(labels.items())[:8])
    if len(found) != 1:
        problem = f"{len(found)} contents are" if found else "no contents is"
        hint = "" if found else nearest(label, labels, labels=labels)
        msg = f'{metadata.id}: {problem} called "{label}".{hint} There are {shown}.'
        raise ConfigError(msg)
    if code and code != found[0]:
        msg = (
            f'{metadata.id}: "{label}" has the code {found[0]}, not {code}. Check that it is '
            f"still the same figure, then correct the catalogue. There are {shown}."
        )
        raise ConfigError(msg)
    return found[0]


def halve(request: Request) -> tuple[Request, Request] | None:
    """
    Cut a request that was refused for its size in two, along its longest variable.

    Parameters
    ----------
    request : Request
        The request.

    Returns
    -------
    tuple of two Request, or None
        The halves; None where a single cell is asked for.
    """
    sizes = [len(choice.codes) for choice in request.choices]
    longest = max(sizes, default=1)
    if longest == 1:
        return None
    where, middle = sizes.index(longest), (longest + 1) // 2
    spans = [(0, size) for size in sizes]
    first, last = spans.copy(), spans.copy()
    first[where], last[where] = (0, middle), (middle, longest)
    return _part(request, first), _part(request, last)


def _is_eliminated(variable: Variable, items: Sequence[str], codelist: Codelist | None) -> bool:
    """Tell whether "total" is asked for where only the service's own sum gives it."""
    return (
        codelist is None
        and variable.elimination
        and [item.casefold() for item in items] == [TOTAL]
        and TOTAL not in map(str.casefold, variable.codes)
        and total_code(variable.codes, variable.labels) is None
    )


def _choice(
    metadata: TableMetadata,
    variable: Variable,
    items: Sequence[str],
    codelist: Codelist | None,
) -> Choice:
    codes, labels = variable.codes, variable.labels
    if codelist is not None:
        codes, labels = codelist.codes, codelist.labels
    elif variable.role == "metric":
        items = [_contents(metadata, variable, item) for item in items]
    found = resolve(
        items,
        codes=codes,
        variable=f"{metadata.id}: {variable.code}",
        time=variable.role == "time",
        labels=labels,
    )
    asked = any(item.casefold() == TOTAL for item in items) and TOTAL not in codes
    total = total_code(codes, labels) if asked else None
    return Choice(variable.code, found, codelist.id if codelist else "", total or "")


def _contents(metadata: TableMetadata, variable: Variable, item: str) -> str:
    if item.casefold() in {code.casefold() for code in variable.codes}:
        return item
    texts = {_plain(text) for text in (*variable.labels.values(), *variable.texts.values())}
    # A text may hold a bracket too ("Medelvärde (tkr)"); what is no text is an expression.
    if any(sign in item for sign in "*?(") and _plain(item) not in texts:
        return item
    return resolve_contents(metadata, item)


def _part(request: Request, spans: list[tuple[int, int]]) -> Request:
    choices = []
    for choice, (start, stop) in zip(request.choices, spans, strict=True):
        codes = choice.codes[start:stop]
        total = choice.total if choice.total in codes else ""
        choices.append(replace(choice, codes=codes, total=total))
    return replace(request, choices=tuple(choices))


def _text(variable: Variable, code: str) -> str:
    return variable.labels.get(code, code)


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
