"""Reading what a PxWeb v2 service says of itself and of a table; what is missing is an error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from regionstudy.errors import DataError
from regionstudy.sources.faults import source_error
from regionstudy.sources.jsonstat_dimensions import read_dimensions
from regionstudy.sources.pxweb_tables import Codelist, Limits, Table, TableMetadata, Variable

if TYPE_CHECKING:
    from regionstudy.errors import SourceError
    from regionstudy.sources.http import Answer
    from regionstudy.sources.jsonstat_dimensions import Dimension

__all__ = [
    "read_codelist",
    "read_limits",
    "read_metadata",
    "read_table",
    "required",
    "required_number",
]


def required(body: Any, key: str, answer: Answer, *, what: str) -> Any:
    """
    Take a field that the service promises.

    Parameters
    ----------
    body : Any
        The parsed answer or a part of it.
    key : str
        The field.
    answer : Answer
        The answer, kept for a report if the field is missing.
    what : str
        What was asked for.

    Returns
    -------
    Any
        The field's value.

    Raises
    ------
    SourceError
        If the field is missing; the answer is in `content`.
    """
    if isinstance(body, dict) and key in body:
        return body[key]
    there = ", ".join(list(body)[:8]) if isinstance(body, dict) else type(body).__name__
    problem = f'the answer lacks the field "{key}" (it has: {there})'
    raise _unlike_promised(problem, answer, what=what)


def required_number(body: Any, key: str, answer: Answer, *, what: str) -> float:
    """
    Take a field that the service promises to be a number.

    Parameters
    ----------
    body : Any
        The parsed answer or a part of it.
    key : str
        The field.
    answer : Answer
        The answer, kept for a report if the field is missing.
    what : str
        What was asked for.

    Returns
    -------
    float
        The number.

    Raises
    ------
    SourceError
        If the field is missing or no number; the answer is in `content`.
    """
    value = required(body, key, answer, what=what)
    try:
        return float(value)
    except (TypeError, ValueError) as error:
        problem = f'the field "{key}" is no number: {value!r}'
        raise _unlike_promised(problem, answer, what=what) from error


def read_limits(body: Any, answer: Answer) -> Limits:
    """
    Read a v2 service's configuration.

    Parameters
    ----------
    body : Any
        The parsed answer.
    answer : Answer
        The answer, for errors.

    Returns
    -------
    Limits
        What it allows.

    Raises
    ------
    SourceError
        If a limit is missing.
    """
    what = "The service's limits"
    own = str(body.get("defaultLanguage") or "") if isinstance(body, dict) else ""
    cells, calls, seconds = (
        required_number(body, key, answer, what=what)
        for key in ("maxDataCells", "maxCallsPerTimeWindow", "timeWindow")
    )
    others = [str(one.get("id") or "") for one in body.get("languages") or []]
    references = body.get("sourceReferences") or []
    return Limits(
        cells=int(cells),
        calls=int(calls),
        seconds=seconds,
        languages=tuple(dict.fromkeys(one for one in (own, *others) if one)),
        licence=str(body.get("license") or ""),
        references={str(one.get("language")): str(one.get("text")) for one in references},
        version=str(body.get("apiVersion") or ""),
    )


def read_table(body: Any, answer: Answer) -> Table:
    """
    Read one entry of a v2 service's list of tables.

    Parameters
    ----------
    body : Any
        The entry.
    answer : Answer
        The answer it stands in, for errors.

    Returns
    -------
    Table
        The table.

    Raises
    ------
    SourceError
        If it has no id.
    """
    name = str(required(body, "id", answer, what="A table"))
    first_path: list[dict[str, Any]] = next(iter(body.get("paths") or []), [])
    return Table(
        id=name,
        label=str(body.get("label") or ""),
        updated=str(body.get("updated") or ""),
        first_period=str(body.get("firstPeriod") or ""),
        last_period=str(body.get("lastPeriod") or ""),
        time_unit=str(body.get("timeUnit") or ""),
        variables=tuple(map(str, body.get("variableNames") or [])),
        source=str(body.get("source") or ""),
        discontinued=bool(body.get("discontinued")),
        path=tuple(str(step.get("label") or step.get("id") or "") for step in first_path),
    )


def read_metadata(body: Any, answer: Answer, *, table: str) -> TableMetadata:
    """
    Read a table's metadata, which v2 gives as a JSON-stat dataset without values.

    Parameters
    ----------
    body : Any
        The parsed answer.
    answer : Answer
        The answer, for errors.
    table : str
        The table's id.

    Returns
    -------
    TableMetadata
        The table's variables and notes.

    Raises
    ------
    SourceError
        If a dimension is missing or contradicts itself.
    """
    try:
        dimensions = read_dimensions(body if isinstance(body, dict) else {})
    except DataError as error:
        problem = f"the answer cannot be read: {error}".rstrip(".")
        raise _unlike_promised(problem, answer, what=f"The metadata of {table}") from error
    roles = {one: role for role, which in (body.get("role") or {}).items() for one in which}
    variables = [_variable(one, role=str(roles.get(one.id, ""))) for one in dimensions]
    notes = body.get("note") or []
    return TableMetadata(
        id=table,
        label=str(body.get("label") or ""),
        variables=tuple(variables),
        updated=str(body.get("updated") or ""),
        source=str(body.get("source") or ""),
        notes=tuple(map(str, [notes] if isinstance(notes, str) else notes)),
        discontinued=bool((body.get("extension") or {}).get("discontinued")),
    )


def read_codelist(body: Any, answer: Answer) -> Codelist:
    """
    Read a codelist.

    Parameters
    ----------
    body : Any
        The parsed answer.
    answer : Answer
        The answer, for errors.

    Returns
    -------
    Codelist
        Its values and what they are made of.

    Raises
    ------
    SourceError
        If its id or values are missing.
    """
    name = str(required(body, "id", answer, what="A codelist"))
    what = f"The codelist {name}"
    values = {
        str(required(one, "code", answer, what=what)): one
        for one in required(body, "values", answer, what=what)
    }
    return Codelist(
        id=name,
        label=str(body.get("label") or ""),
        kind=str(body.get("type") or ""),
        codes=tuple(values),
        labels={code: str(one.get("label") or code) for code, one in values.items()},
        members={code: tuple(map(str, one.get("valueMap") or [])) for code, one in values.items()},
    )


def _variable(dimension: Dimension, *, role: str) -> Variable:
    extension = dimension.extension
    of_values = (note for some in dimension.category_notes.values() for note in some)
    lists = extension.get("codelists") or []
    return Variable(
        code=dimension.id,
        label=dimension.label,
        codes=tuple(dimension.codes),
        labels=dimension.labels,
        elimination=bool(extension.get("elimination")),
        role=role if role in ("time", "metric") else "",
        codelists={str(one["id"]): str(one.get("label") or "") for one in lists},
        texts=dict(extension.get("alternativeText") or {}),
        units={code: str(unit.get("base", "")) for code, unit in dimension.units.items()},
        notes=(*dimension.notes, *of_values),
    )


def _unlike_promised(problem: str, answer: Answer, *, what: str) -> SourceError:
    return source_error(
        problem,
        what=what,
        url=answer.url,
        status=answer.status,
        remedy="The service may have changed; report it with the answer.",
        content=answer.content,
    )
