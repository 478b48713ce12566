"""What an entry of the catalogue may hold; every key of the TOML files is checked against it."""

from __future__ import annotations

import html
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, field_validator, model_validator

from regionstudy.catalogue.cycle import PERIOD
from regionstudy.catalogue.source import Cell, Entry, Source
from regionstudy.words import Words, current_language

__all__ = [
    "Break",
    "Domain",
    "Indicator",
    "Unit",
]

Role = Literal["pull", "outcome", "context"]
Group = Literal["incomer", "returner", "student"]
Need = Literal["competence", "clusters", "mobility"]
Level = Literal[
    "country",
    "county",
    "fa_region",
    "municipality",
    "regso",
    "deso",
    "locality",
    "metropolitan_area",
    "university",
]
Cycle = Literal["monthly", "quarterly", "election", "closed", "none"]


def _read_words(value: object) -> object:
    if isinstance(value, Words):
        return value
    if not isinstance(value, dict) or set(value) != {"sv", "en"}:
        msg = "must have a text in both languages: sv and en"
        raise ValueError(msg)
    for lang, text in value.items():
        if not isinstance(text, str):
            msg = f"the {lang} text must stand in quotation marks"
            raise ValueError(msg)
    return Words(**value)


def _read_period(value: object) -> object:
    if not isinstance(value, str) or not PERIOD.fullmatch(value):
        msg = 'must be a period such as "2024", "2024K3" or "2024M05"'
        raise ValueError(msg)
    return value


BothLanguages = Annotated[Words, BeforeValidator(_read_words)]
Period = Annotated[str, BeforeValidator(_read_period)]


class Unit(Entry):
    """
    A unit of measurement: its symbol stands beside a number, its name explains it.

    Parameters
    ----------
    id : str
        The key, such as "per_1000".
    symbol, name : Words
        Short and full, in both languages.
    """

    id: str
    symbol: BothLanguages
    name: BothLanguages


class Domain(Entry):
    """
    A domain of pull factors, one file of the catalogue.

    Parameters
    ----------
    id : str
        The key, and the file's name without ``.toml``.
    title : Words
        What it is called, in both languages.
    """

    id: str
    title: BothLanguages


class Break(Entry):
    """
    A break in a series: `period` can not be compared with the one before it.

    Parameters
    ----------
    period : str
        The first period after the break.
    note : Words
        What changed.
    """

    period: Period
    note: BothLanguages


class Indicator(Entry):
    """
    One indicator of the catalogue.

    Parameters
    ----------
    id : str
        The key, as used everywhere in the study.
    domain : str
        The id of its domain: the file it stands in.
    title : Words
        The source's own title in Swedish; ours in English.
    label : Words
        A short name for figures; the title where the entry has none.
    description : Words
        What it is, for whom, and its traps.
    unit : str
        The key of its unit in ``units.toml``.
    symbol : Words
        What stands beside a number: the unit's symbol.
    decimals : int
        How many to show.
    direction : {1, -1, 0}
        Whether more attracts, less attracts, or neither.
    role : {"pull", "outcome", "context"}
        An outcome is what an index is compared with, never an ingredient.
    groups : tuple of str
        Target groups: incomer, returner, student.
    needs : tuple of str
        Which need of the study it serves: competence, clusters, mobility.
    levels : tuple of str
        The kinds of region it is published for.
    update : tuple of int or str
        The months in which new figures come, or monthly, quarterly, election, closed, none.
    first_period, last_period : str or None
        Known ends of the series; None where not verified or where it goes on.
    breaks : tuple of Break
        Where the series breaks.
    licence : str
        The figures' licence.
    certainty : {"V", "V1", "V2", "V?", "U"}
        How sure the ids are: verified; only the v1 path; only the v2 id; approximate; not.
    origin : {"catalogue", "regionstudy"}
        From the indicator list the study was planned with, or added by us.
    cell : mapping
        The breakdown cell that stands for the whole where no total is published; a list is summed.
    source : ScbSource, KoladaSource, JobTechSource, OtherSource or None
        Where observed figures come from.
    formula, estimate : str
        How it is computed from others; the estimate is used where neither formula nor source
        has a figure, and is marked "i".
    note : str
        What whoever fetches it should know.
    """

    id: str
    domain: str
    title: BothLanguages
    label: BothLanguages
    description: BothLanguages
    unit: str
    symbol: BothLanguages
    decimals: Annotated[int, Field(ge=0, le=6)]
    direction: Literal[-1, 0, 1]
    role: Role
    groups: tuple[Group, ...] = ()
    needs: tuple[Need, ...] = ()
    levels: Annotated[tuple[Level, ...], Field(min_length=1)]
    update: Cycle | tuple[Annotated[int, Field(ge=1, le=12)], ...]
    first_period: Period | None = None
    last_period: Period | None = None
    breaks: tuple[Break, ...] = ()
    licence: str
    certainty: Literal["V", "V1", "V2", "V?", "U"]
    origin: Literal["catalogue", "regionstudy"] = "catalogue"
    cell: dict[str, Cell] = Field(default_factory=dict)
    source: Source | None = None
    formula: str = ""
    estimate: str = ""
    note: str = ""

    @field_validator("title", "description")
    @classmethod
    def _require_text(cls, words: Words) -> Words:
        if not (words.sv.strip() and words.en.strip()):
            msg = "must not be empty in either language"
            raise ValueError(msg)
        return words

    @model_validator(mode="after")
    def _require_origin_of_figures(self) -> Indicator:
        if self.source is None and not self.formula:
            msg = "needs a [source] or a formula; with both, the formula's figures come first"
            raise ValueError(msg)
        if self.role == "pull" and self.direction == 0:
            msg = 'a pull factor needs direction 1 or -1; with direction 0 its role is "context"'
            raise ValueError(msg)
        return self

    @property
    def fetchable(self) -> bool:
        """Whether its figures can be fetched: a live service has them, under a known id."""
        source = self.source
        if source is None or source.kind == "other":
            return False
        if source.kind == "scb":
            return bool(source.tables)
        return source.kind == "jobtech" or bool(source.kpi)

    def _repr_html_(self) -> str:
        lang = current_language()
        rows = [(name, html.escape(text)) for name, text in self._facts(lang) if text]
        body = "".join(
            f"<tr><th {_LEFT}>{name}</th><td {_LEFT}>{text}</td></tr>" for name, text in rows
        )
        title = html.escape(self.title.render(lang))
        return f"<table><caption><b>{title}</b> (<code>{self.id}</code>)</caption>{body}</table>"

    def _facts(self, lang: str) -> list[tuple[str, str]]:
        names = _FACTS[lang]
        breaks = "; ".join(f"{item.period}: {item.note.render(lang)}" for item in self.breaks)
        values: dict[str, Any] = {
            "description": self.description.render(lang),
            "unit": self.symbol.render(lang),
            "direction": _DIRECTIONS[lang][self.direction],
            "role": _ROLES[lang][self.role],
            "source": str(self.source or ""),
            "formula": self.formula,
            "estimate": self.estimate,
            "breaks": breaks,
            "licence": self.licence,
            "certainty": self.certainty,
        }
        return [(names[key], value) for key, value in values.items()]


_LEFT = 'style="text-align:left"'
_FACTS = {
    "sv": {
        "description": "Vad",
        "unit": "Enhet",
        "direction": "Riktning",
        "role": "Roll",
        "source": "Källa",
        "formula": "Formel",
        "estimate": "Skattning",
        "breaks": "Tidsseriebrott",
        "licence": "Licens",
        "certainty": "Säkerhet",
    },
    "en": {
        "description": "What",
        "unit": "Unit",
        "direction": "Direction",
        "role": "Role",
        "source": "Source",
        "formula": "Formula",
        "estimate": "Estimate",
        "breaks": "Series breaks",
        "licence": "Licence",
        "certainty": "Certainty",
    },
}
_DIRECTIONS = {
    "sv": {1: "mer drar", -1: "mindre drar", 0: "beskrivande"},
    "en": {1: "more attracts", -1: "less attracts", 0: "descriptive"},
}
_ROLES = {
    "sv": {"pull": "dragningsfaktor", "outcome": "utfall", "context": "sammanhang"},
    "en": {"pull": "pull factor", "outcome": "outcome", "context": "context"},
}
