"""
Reading an answer into typed values; what is not as the service promises is named by its field.

Only the answer is held against the promise here, so that a mistake of our own is never told
as a fault of the service.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    FiniteFloat,
    ValidationError,
    model_validator,
)
from pydantic.alias_generators import to_camel

from regionstudy.sources.faults import CHANGED, source_error

if TYPE_CHECKING:
    from regionstudy.errors import SourceError
    from regionstudy.sources.http import Answer

__all__ = ["Count", "Fields", "Texts", "read_as", "unlike_promised"]

_SHOWN = 60

Count = Annotated[FiniteFloat, Field(ge=0)]
"""A number from 0 that may be written as a text."""

Texts = Annotated[
    tuple[str, ...], BeforeValidator(lambda found: [found] if isinstance(found, str) else found)
]
"""A list of texts; a single text is a list of one."""


class Fields(BaseModel):
    """An object of an answer: a field that is null counts as left out, others are ignored."""

    # The services write maxDataCells where we write max_data_cells.
    model_config = ConfigDict(
        alias_generator=to_camel, coerce_numbers_to_str=True, extra="ignore", frozen=True
    )

    @model_validator(mode="before")
    @classmethod
    def _leave_nulls_out(cls, found: Any) -> Any:
        if not isinstance(found, dict):
            return found
        return {key: part for key, part in found.items() if part is not None}


_Fields = TypeVar("_Fields", bound=Fields)


def read_as(kind: type[_Fields], body: Any, answer: Answer, *, what: str) -> _Fields:
    """
    Read a parsed answer, or a part of it, as the fields that the service promises.

    Parameters
    ----------
    kind : type of Fields
        The fields.
    body : Any
        The parsed answer or a part of it.
    answer : Answer
        The answer, kept for a report.
    what : str
        What was asked for.

    Returns
    -------
    Fields
        The values, typed.

    Raises
    ------
    SourceError
        If a field is missing or holds something else; the answer is in `content`.
    """
    try:
        return kind.model_validate(body)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_context=False)[0]
        problem = _problem(fault["loc"], fault["type"], fault["msg"], fault["input"])
        raise unlike_promised(problem, answer, what=what) from error


def unlike_promised(problem: str, answer: Answer, *, what: str) -> SourceError:
    """
    Say that an answer is not what the service promises, and keep it for the report.

    Parameters
    ----------
    problem : str
        What is wrong, without a full stop.
    answer : Answer
        The answer.
    what : str
        What was asked for.

    Returns
    -------
    SourceError
        To be raised.
    """
    return source_error(
        problem,
        what=what,
        url=answer.url,
        status=answer.status,
        remedy=CHANGED,
        content=answer.content,
    )


def _problem(place: tuple[int | str, ...], kind: str, said: str, found: Any) -> str:
    name = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place)
    name = name.removeprefix(".")
    if not name:
        return f"the answer is a {type(found).__name__}, not an object"
    if kind == "missing":
        there = ", ".join(list(found)[:8]) if isinstance(found, dict) else type(found).__name__
        return f'the answer lacks the field "{name}" (it has: {there})'
    shown = repr(found)
    shown = shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"
    if kind.startswith(("float", "finite")):
        return f'the field "{name}" is no number: {shown}'
    should = said.replace("Input", "it").replace("tuple", "list").replace("dictionary", "object")
    return f'the field "{name}" is {shown}: {should}'
