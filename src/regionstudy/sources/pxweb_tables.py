"""What a PxWeb service says of itself and of a table, as typed values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from regionstudy.errors import ConfigError
from regionstudy.sources.selection import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "Codelist",
    "Limits",
    "Table",
    "TableMetadata",
    "Variable",
]


@dataclass(frozen=True, slots=True)
class Limits:
    """
    What a service allows, and in which languages it answers.

    Parameters
    ----------
    cells : int
        The most cells a request may ask for; 0 where the service does not say.
    calls : int
        The most calls in `seconds`; 0 where the service does not say, which is no licence.
    seconds : float
        The length of the call window.
    languages : tuple of str
        Language codes, the service's own first.
    licence : str
        The licence of the figures.
    references : mapping of str to str
        How the source is to be named, by language.
    version : str
        The version of the interface.
    """

    cells: int
    calls: int
    seconds: float
    languages: tuple[str, ...] = ()
    licence: str = ""
    references: Mapping[str, str] = field(default_factory=dict)
    version: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """
    A table as the service's list has it: which periods it spans, and when it was updated.

    Parameters
    ----------
    id, label : str
        Its id and title.
    updated : str
        The publisher's stamp, in UTC; empty where there is none.
    first_period, last_period : str
        Such as "1968", "2024K3", "2024M05"; empty where there are none.
    time_unit : str
        Annual, Quarterly, Monthly, Weekly or Other.
    variables : tuple of str
        The variables' names.
    source : str
        Who publishes it.
    discontinued : bool
        Whether the service says that no new figures come. Tables freeze without saying so.
    path : tuple of str
        Labels of the subjects it stands under.
    """

    id: str
    label: str
    updated: str = ""
    first_period: str = ""
    last_period: str = ""
    time_unit: str = ""
    variables: tuple[str, ...] = ()
    source: str = ""
    discontinued: bool = False
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Variable:
    """
    One variable of a table.

    Parameters
    ----------
    code, label : str
        Its code and name.
    codes : tuple of str
        Its values, in the service's order.
    labels : mapping of str to str
        Their texts.
    elimination : bool
        Whether it may be left out.
    role : {"time", "metric", ""}
        Time, contents, or neither.
    codelists : mapping of str to str
        Groupings and value sets that may be chosen instead, with their names.
    texts : mapping of str to str
        Of contents: the longer name.
    units : mapping of str to str
        Of contents: the unit.
    notes : tuple of str
        The publisher's notes to the variable and to its values.
    """

    code: str
    label: str
    codes: tuple[str, ...]
    labels: Mapping[str, str] = field(default_factory=dict)
    elimination: bool = False
    role: str = ""
    codelists: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TableMetadata:
    """
    A table's variables and notes.

    Parameters
    ----------
    id, label : str
        The table's id and title.
    variables : tuple of Variable
        In the service's order.
    updated : str
        The publisher's stamp; empty where there is none.
    source : str
        Who publishes it.
    notes : tuple of str
        The publisher's notes to the table.
    discontinued : bool
        Whether the service says that no new figures come.
    """

    id: str
    label: str
    variables: tuple[Variable, ...]
    updated: str = ""
    source: str = ""
    notes: tuple[str, ...] = ()
    discontinued: bool = False

    def variable(self, code: str) -> Variable:
        """
        Find a variable by its code, in upper or lower case; "time" is the time variable.

        Parameters
        ----------
        code : str
            The code.

        Returns
        -------
        Variable
            The variable.

        Raises
        ------
        ConfigError
            If the table has none; the nearest is named.
        """
        wanted = code.casefold()
        for one in self.variables:
            if one.code.casefold() == wanted or (wanted == "time" and one.role == "time"):
                return one
        labels = {one.code: one.label for one in self.variables}
        shown = ", ".join(f"{code} ({label})" for code, label in labels.items())
        hint = nearest(code, labels, labels=labels)
        msg = f'{self.id} has no variable "{code}".{hint} Its variables are {shown}.'
        raise ConfigError(msg)

    def with_role(self, role: str) -> Variable | None:
        """
        Find the variable of time or of contents.

        Parameters
        ----------
        role : {"time", "metric"}
            Which.

        Returns
        -------
        Variable or None
            The first one; None where the table has none.
        """
        return next((one for one in self.variables if one.role == role), None)


@dataclass(frozen=True, slots=True)
class Codelist:
    """
    A grouping ("agg_") or a value set ("vs_") of a variable.

    Parameters
    ----------
    id, label : str
        Its id and name.
    kind : {"Aggregation", "Valueset"}
        Whether its values are sums of others.
    codes : tuple of str
        Its own values.
    labels : mapping of str to str
        Their texts.
    members : mapping of str to tuple of str
        The variable's values that each of them is made of.
    """

    id: str
    label: str
    kind: str
    codes: tuple[str, ...]
    labels: Mapping[str, str] = field(default_factory=dict)
    members: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
