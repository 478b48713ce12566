"""Reading what a PxWeb v2 service says of itself and of a table; what is missing is an error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import Field

from regionstudy.errors import DataError
from regionstudy.sources.fields import Count, Fields, Texts, read_as, unlike_promised
from regionstudy.sources.jsonstat_dimensions import read_dimensions
from regionstudy.sources.pxweb_tables import Codelist, Limits, Table, TableMetadata, Variable

if TYPE_CHECKING:
    from regionstudy.sources.http import Answer
    from regionstudy.sources.jsonstat_dimensions import Dimension

__all__ = [
    "read_codelist",
    "read_limits",
    "read_metadata",
    "read_table",
]


class _Language(Fields):
    id: str = ""


class _Reference(Fields):
    language: str = ""
    text: str = ""


class _Limits(Fields):
    max_data_cells: Count
    max_calls_per_time_window: Count
    time_window: Count
    default_language: str = ""
    languages: tuple[_Language, ...] = ()
    source_references: tuple[_Reference, ...] = ()
    license: str = ""
    api_version: str = ""


class _Step(Fields):
    id: str = ""
    label: str = ""


class _Table(Fields):
    id: str
    label: str = ""
    updated: str = ""
    first_period: str = ""
    last_period: str = ""
    time_unit: str = ""
    variable_names: tuple[str, ...] = ()
    source: str = ""
    discontinued: bool = False
    paths: tuple[tuple[_Step, ...], ...] = ()


class _TableExtension(Fields):
    discontinued: bool = False


class _Metadata(Fields):
    label: str = ""
    updated: str = ""
    source: str = ""
    note: Texts = ()
    role: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    extension: _TableExtension = _TableExtension()


class _ListName(Fields):
    id: str
    label: str = ""


class _VariableExtension(Fields):
    elimination: bool = False
    codelists: tuple[_ListName, ...] = ()
    alternative_text: dict[str, str] = Field(default_factory=dict)


class _Value(Fields):
    code: str
    label: str = ""
    value_map: tuple[str, ...] = ()


class _Codelist(Fields):
    id: str
    label: str = ""
    type: str = ""
    values: tuple[_Value, ...]


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
        If a limit is missing, or a field holds something else.
    """
    said = read_as(_Limits, body, answer, what="The service's limits")
    languages = [said.default_language, *(one.id for one in said.languages)]
    return Limits(
        cells=int(said.max_data_cells),
        calls=int(said.max_calls_per_time_window),
        seconds=said.time_window,
        languages=tuple(dict.fromkeys(one for one in languages if one)),
        licence=said.license,
        references={one.language: one.text for one in said.source_references},
        version=said.api_version,
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
        If it has no id, or a field holds something else.
    """
    said = read_as(_Table, body, answer, what="A table")
    return Table(
        id=said.id,
        label=said.label,
        updated=said.updated,
        first_period=said.first_period,
        last_period=said.last_period,
        time_unit=said.time_unit,
        variables=said.variable_names,
        source=said.source,
        discontinued=said.discontinued,
        path=tuple(step.label or step.id for step in next(iter(said.paths), [])),
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
        If a dimension is missing or contradicts itself, or a field holds something else.
    """
    what = f"The metadata of {table}"
    said = read_as(_Metadata, body, answer, what=what)
    try:
        dimensions = read_dimensions(body)
    except DataError as error:
        problem = f"the answer cannot be read: {error}".rstrip(".")
        raise unlike_promised(problem, answer, what=what) from error
    roles = {one: role for role, which in said.role.items() for one in which}
    return TableMetadata(
        id=table,
        label=said.label,
        variables=tuple(
            _variable(one, answer, role=roles.get(one.id, ""), what=f"{what}, variable {one.id}")
            for one in dimensions
        ),
        updated=said.updated,
        source=said.source,
        notes=said.note,
        discontinued=said.extension.discontinued,
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
        If its id or values are missing, or a field holds something else.
    """
    name = body.get("id") if isinstance(body, dict) else None
    said = read_as(_Codelist, body, answer, what=f"The codelist {name}" if name else "A codelist")
    values = {one.code: one for one in said.values}
    return Codelist(
        id=said.id,
        label=said.label,
        kind=said.type,
        codes=tuple(values),
        labels={code: one.label or code for code, one in values.items()},
        members={code: one.value_map for code, one in values.items()},
    )


def _variable(dimension: Dimension, answer: Answer, *, role: str, what: str) -> Variable:
    # Its fields are named as they stand in the dimension.
    extension = read_as(_VariableExtension, dimension.extension, answer, what=what)
    of_values = (note for some in dimension.category_notes.values() for note in some)
    return Variable(
        code=dimension.id,
        label=dimension.label,
        codes=tuple(dimension.codes),
        labels=dimension.labels,
        elimination=extension.elimination,
        role=role if role in ("time", "metric") else "",
        codelists={one.id: one.label for one in extension.codelists},
        texts=extension.alternative_text,
        units={code: str(unit.get("base", "")) for code, unit in dimension.units.items()},
        notes=(*dimension.notes, *of_values),
    )
