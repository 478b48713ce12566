"""Where an indicator's figures come from, and what is asked of the source."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

__all__ = [
    "Cell",
    "Contents",
    "Entry",
    "JobTechSource",
    "KoladaSource",
    "OtherSource",
    "ScbSource",
    "ScbTable",
    "Source",
]

Cell = str | tuple[str, ...]


class Entry(BaseModel):
    """A table of the catalogue's files; a key that it does not know is a fault."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Contents(Entry):
    """
    One contents of a table: a figure among those that the table holds.

    Parameters
    ----------
    code : str
        The code it is known by; empty where only its text is known.
    text : str
        The publisher's own Swedish text, by which the code is checked; empty where no
        metadata has been seen, so that the code is taken unchecked and said so.
    name : str
        What it is called in the store, where an indicator takes several.
    """

    code: str = ""
    text: str = ""
    name: Annotated[str, Field(pattern=r"^[a-z0-9_]*$")] = ""

    @model_validator(mode="after")
    def _require_either(self) -> Contents:
        if not (self.code or self.text):
            msg = "needs a code or a text"
            raise ValueError(msg)
        return self


class ScbTable(Entry):
    """
    One table of Statistics Sweden's database, in the v2 interface, and what is asked of it.

    Parameters
    ----------
    id : str
        Such as "TAB638".
    years : str
        The span used, such as "1968-2024" or "2025-"; empty where not verified.
    contents : tuple of Contents
        The indicator's own contents first; only that is fetched, unless they have names.
        Empty where the table has but one.
    measure : str
        The breakdown that the contents' names become, such as "flow".
    select : mapping
        Values or selection expressions by variable; these become breakdowns. A variable not
        named is taken at its published total, or summed over by the service. Regions and
        periods are chosen by `Indicator.levels` and `years`.
    fixed : mapping of str to str
        The one value of each variable that the indicator is of, or "total" where a variable
        must be chosen; no breakdown.
    codelists : mapping of str to str
        Groupings and value sets by variable.
    breakdowns : mapping of str to str
        The store's names of variables, where not the usual ones ("Kon" is "sex").
    copies : mapping of str to str
        Breakdowns that repeat a column, such as a matrix's "origin" the "region".
    words : tuple of str
        Variables whose texts, in lower case, are the codes in the store.
    recode : mapping of str to mapping
        The store's codes by breakdown, from the table's (or its texts, for `words`).
    factor : float
        What values are multiplied by to be in the indicator's unit.
    """

    id: Annotated[str, Field(pattern=r"^TAB\d+$")]
    years: Annotated[str, Field(pattern=r"^(\d{4}|(\d{4})?-(\d{4})?)?$")] = ""
    contents: tuple[Contents, ...] = ()
    measure: Annotated[str, Field(pattern=r"^[a-z_]*$")] = ""
    select: dict[str, Cell] = {}
    fixed: dict[str, str] = {}
    codelists: dict[str, str] = {}
    breakdowns: dict[str, str] = {}
    copies: dict[str, str] = {}
    words: tuple[str, ...] = ()
    recode: dict[str, dict[str, str]] = {}
    factor: float = 1.0

    @model_validator(mode="after")
    def _require_names(self) -> ScbTable:
        named = [one for one in self.contents if one.name]
        if bool(named) != bool(self.measure):
            msg = "measure and the names of contents belong together: give both or neither"
            raise ValueError(msg)
        return self


class ScbSource(Entry):
    """
    Statistics Sweden's database.

    Parameters
    ----------
    kind : {"scb"}
        Says that it is this one.
    tables : tuple of ScbTable
        The v2 tables in the order of their years; empty where the v2 id is not known.
    v1 : str
        The path in the older interface, kept as documentation.
    """

    kind: Literal["scb"]
    tables: tuple[ScbTable, ...] = ()
    v1: str = ""

    def __str__(self) -> str:
        where = ", ".join(table.id for table in self.tables) or self.v1
        return f"SCB {where}".strip()


class KoladaSource(Entry):
    """
    A key figure of Kolada.

    Parameters
    ----------
    kind : {"kolada"}
        Says that it is this one.
    kpi : str
        The key figure's id, empty where only its title is known.
    title : str
        Kolada's title, where it is not the indicator's.
    sexes : bool
        Whether women and men are published beside the total.
    """

    kind: Literal["kolada"]
    kpi: Annotated[str, Field(pattern=r"^([NU]\d{5})?$")] = ""
    title: str = ""
    sexes: bool = False

    def __str__(self) -> str:
        return f"Kolada {self.kpi or self.title}".strip()


class JobTechSource(Entry):
    """
    Arbetsförmedlingen's job ads, counted.

    Parameters
    ----------
    kind : {"jobtech"}
        Says that it is this one.
    count : {"published", "open"}
        The ads published in a month, or those open on the day of asking.
    """

    kind: Literal["jobtech"]
    count: Literal["published", "open"]

    def __str__(self) -> str:
        return "JobTech"


class OtherSource(Entry):
    """
    A publisher whose service regionstudy does not fetch from.

    Parameters
    ----------
    kind : {"other"}
        Says that it is this one.
    publisher, title : str
        Who publishes it, and under which name.
    """

    kind: Literal["other"]
    publisher: str
    title: str = ""

    def __str__(self) -> str:
        return f"{self.publisher} {self.title}".strip()


Source = Annotated[
    ScbSource | KoladaSource | JobTechSource | OtherSource, Field(discriminator="kind")
]
