"""``extracts.toml``: what each file of official extracts is, and which ids it feeds."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from regionstudy.errors import ConfigError

__all__ = ["ExtractFile", "Note", "Plan", "Publisher", "Series", "read_plan"]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Note(_Entry):
    """A text in both languages."""

    sv: str
    en: str


class Publisher(_Entry):
    """Who published the figures, where, under which licence."""

    name: str
    url: str
    licence: str


class Series(_Entry):
    """
    Some of a file's series and what becomes of them, in the order of the fields.

    Parameters
    ----------
    read : tuple of str
        The file's own indicator names.
    into : str
        Our id; or else `skip`.
    skip : str
        Why the series are not loaded.
    check_only : bool
        Compare with the figures that are kept, keep none.
    periods : tuple of two str, optional
        First and last period that is read.
    name_as : str
        A breakdown that the file's indicator name becomes.
    rename, replace : mapping
        Breakdowns' new names, and then codes' new names by breakdown.
    factor : float
        What values are multiplied by to be in the catalogue's unit.
    complete : bool
        Rows that the file lacks are added as "..".
    sum_over : tuple of str
        Breakdowns whose parts are exhaustive, so that their sum is added as "total".
    keep : mapping of str to str
        Only rows with this code.
    drop : tuple of str
        Breakdowns that say nothing, taken away.
    add : mapping of str to str
        Breakdowns that are the same in every row.
    rank : int
        Where files hold the same figure, the lowest rank is kept.
    why : str
        The reason of the rank.
    tolerance : float
        How much a cross-checked value may differ.
    publisher, table, division, note
        Where they differ from the file's.
    """

    read: tuple[str, ...] = Field(min_length=1)
    into: str = ""
    skip: str = ""
    check_only: bool = False
    periods: tuple[str, str] | None = None
    name_as: str = ""
    rename: dict[str, str] = {}
    replace: dict[str, dict[str, str]] = {}
    factor: float = 1.0
    complete: bool = False
    sum_over: tuple[str, ...] = ()
    keep: dict[str, str] = {}
    drop: tuple[str, ...] = ()
    add: dict[str, str] = {}
    rank: int = 1
    why: str = ""
    tolerance: float = Field(default=0.0, ge=0)
    publisher: str | None = None
    table: str | None = None
    division: int | None = None
    note: Note | None = None

    @model_validator(mode="after")
    def _goes_somewhere(self) -> Self:
        if bool(self.into) == bool(self.skip):
            msg = f"{', '.join(self.read)}: say either into = an id, or skip = a reason."
            raise ValueError(msg)
        return self


class ExtractFile(_Entry):
    """
    One file: its provenance and its series; or why it is not loaded.

    Parameters
    ----------
    name : str
        The file's name.
    skip : str
        Why the whole file is not loaded.
    publisher : str
        A key of the plan's publishers.
    table, updated, note
        The publisher's table, its stamp, and what a reader must know.
    archive, path : str
        The public repository that it was read from, and the file there.
    transcribed : bool
        Whether it was typed in by hand.
    division : int or None
        The year of the region codes; None is the figure's own.
    series : tuple of Series
        What becomes of it.
    """

    name: str
    skip: str = ""
    publisher: str = ""
    table: str = ""
    updated: str | None = None
    archive: str = ""
    path: str = ""
    transcribed: bool = False
    division: int | None = None
    note: Note | None = None
    series: tuple[Series, ...] = ()

    @model_validator(mode="after")
    def _described(self) -> Self:
        facts = (self.publisher, self.table, self.archive, self.path, self.note, self.series)
        if not self.skip and not all(facts):
            msg = f"{self.name}: needs publisher, table, archive, path, note and series, or skip."
            raise ValueError(msg)
        return self


class Plan(_Entry):
    """Everything in ``extracts.toml``."""

    retrieved: str
    how: dict[str, Note]
    publisher: dict[str, Publisher]
    file: tuple[ExtractFile, ...]

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        ranks: set[tuple[str, int]] = set()
        for file in self.file:
            for series in file.series:
                publisher = series.publisher or file.publisher
                if publisher not in self.publisher:
                    known = ", ".join(self.publisher)
                    msg = f'{file.name}: no publisher "{publisher}"; there are {known}.'
                    raise ValueError(msg)
                place = (series.into, series.rank)
                if series.into and not series.check_only and place in ranks:
                    msg = f"{file.name}: another file has rank {series.rank} for {series.into}."
                    raise ValueError(msg)
                ranks.add(place)
        return self


def read_plan(text: str | None = None) -> Plan:
    """
    Read ``extracts.toml``.

    Parameters
    ----------
    text : str, optional
        TOML to read instead of the package's own file.

    Returns
    -------
    Plan
        The plan, checked.

    Raises
    ------
    ConfigError
        If it is no TOML, or an entry is unknown, missing or contradictory.

    Examples
    --------
    >>> read_plan().publisher["scb"].name
    'SCB'
    """
    name = "extracts.toml"
    if text is None:
        text = files("regionstudy.store").joinpath(name).read_text(encoding="utf-8")
    try:
        entries = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        msg = f"{name}: not TOML: {error}. Mend that line."
        raise ConfigError(msg) from error
    try:
        return Plan.model_validate(entries)
    except ValidationError as error:
        faults = [_fault(entries, one["loc"], one["msg"]) for one in error.errors()]
        msg = f"{name}: {'; '.join(faults[:5])}. Mend the entries; extract_plan.py explains them."
        raise ConfigError(msg) from error


def _fault(entries: dict[str, object], place: tuple[int | str, ...], problem: str) -> str:
    where = ".".join(str(step) for step in place)
    listed = entries.get("file")
    if len(place) > 1 and place[0] == "file" and isinstance(listed, list):
        entry = listed[int(place[1])]
        where = f"{entry.get('name', where) if isinstance(entry, dict) else where}, {where}"
    return f"{where}: {problem}" if where else problem
