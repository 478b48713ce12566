"""Reading the catalogue: every fault of every file is found before anything is raised."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd
import tomli
from pydantic import BaseModel, ValidationError

from regionstudy.catalogue.model import Domain, Indicator, Unit
from regionstudy.errors import ConfigError

__all__ = ["Catalogue"]

_DOMAINS = "domains.toml"
_UNITS = "units.toml"
_COLUMNS = ["id", "title_sv", "title_en", "domain", "source"]
# What the loader adds to an entry: a file that sets one of these would be overruled in silence.
_GIVEN = ("id", "domain", "symbol")

_Model = TypeVar("_Model", bound=BaseModel)


class Catalogue(Mapping[str, Indicator]):
    """
    The indicators by id, in the order of domains and files.

    Parameters
    ----------
    indicators : mapping of str to Indicator
        The entries.
    domains : mapping of str to Domain
        The domains in the order in which pages show them.
    units : mapping of str to Unit
        The units.

    Examples
    --------
    >>> catalogue = Catalogue.load()
    >>> catalogue["rents"].unit
    'sek_per_m2'
    >>> catalogue["net_migration_rate"].role
    'outcome'
    """

    def __init__(
        self,
        indicators: Mapping[str, Indicator],
        *,
        domains: Mapping[str, Domain],
        units: Mapping[str, Unit],
    ) -> None:
        self._indicators = dict(indicators)
        self.domains = dict(domains)
        self.units = dict(units)

    @classmethod
    def load(cls, folder: Path | str | None = None) -> Catalogue:
        """
        Read and check a catalogue.

        Parameters
        ----------
        folder : path-like, optional
            A folder with ``domains.toml``, ``units.toml`` and a file a domain; the package's
            own without it.

        Returns
        -------
        Catalogue
            The checked catalogue.

        Raises
        ------
        ConfigError
            Naming file, entry, key and remedy of every fault.
        """
        where = Path(__file__).parent if folder is None else Path(folder)
        faults: list[str] = []
        domains = {
            key: found
            for key, table in _read(where / _DOMAINS, faults).items()
            if (found := _check(Domain, {"id": key, "title": table}, _DOMAINS, key, faults))
        }
        units = {
            key: unit
            for key, table in _read(where / _UNITS, faults).items()
            if (unit := _check(Unit, _merge({"id": key}, table), _UNITS, key, faults))
        }
        indicators: dict[str, Indicator] = {}
        places: dict[str, str] = {}
        for domain in domains:
            name = f"{domain}.toml"
            for key, table in _read(where / name, faults).items():
                if key in places:
                    faults.append(f"{name}, {key}: stands in {places[key]} too. Keep one of them.")
                    continue
                places[key] = name
                indicator = _read_indicator(key, table, name, domain, units, faults)
                if indicator is not None:
                    indicators[key] = indicator
        if faults:
            raise ConfigError(f"{where}: " + "\n".join(faults))
        return cls(indicators, domains=domains, units=units)

    def __getitem__(self, key: str) -> Indicator:
        try:
            return self._indicators[key]
        except KeyError:
            raise ConfigError(self._unknown(key)) from None

    def get(self, key: str, default: Any = None) -> Any:
        """
        Give an indicator, or a default where there is none.

        Parameters
        ----------
        key : str
            The indicator's id.
        default : object, optional
            What to give instead.

        Returns
        -------
        Indicator or object
            The entry, or `default`.
        """
        return self._indicators.get(key, default)

    def __contains__(self, key: object) -> bool:
        return key in self._indicators

    def __iter__(self) -> Iterator[str]:
        return iter(self._indicators)

    def __len__(self) -> int:
        return len(self._indicators)

    def __repr__(self) -> str:
        return f"Catalogue({len(self)} indicators in {len(self.domains)} domains)"

    def _repr_html_(self) -> str:
        return self.frame().to_html(index=False, max_rows=20, escape=True)

    def _ipython_key_completions_(self) -> list[str]:
        return list(self._indicators)

    def frame(self) -> pd.DataFrame:
        """
        Give the whole catalogue as a table.

        Returns
        -------
        DataFrame, shape (indicators, 14)
            A row an indicator: id, titles, domain, source (or "formula"), unit, decimals,
            direction, role, groups, first and last period, licence, certainty, origin.
        """
        rows = [
            {
                "id": item.id,
                "title_sv": item.title.sv,
                "title_en": item.title.en,
                "domain": item.domain,
                "source": _source_text(item),
                "unit": item.unit,
                "decimals": item.decimals,
                "direction": item.direction,
                "role": item.role,
                "groups": ", ".join(item.groups),
                "first_period": item.first_period or "",
                "last_period": item.last_period or "",
                "licence": item.licence,
                "certainty": item.certainty,
                "origin": item.origin,
            }
            for item in self._indicators.values()
        ]
        return pd.DataFrame(rows)

    def search(self, text: str) -> pd.DataFrame:
        """
        Find indicators by words of their id, titles, labels, descriptions, domain or source.

        Parameters
        ----------
        text : str
            One or more words, in any case, in Swedish or English; all must occur.

        Returns
        -------
        DataFrame
            Columns ``id``, ``title_sv``, ``title_en``, ``domain``, ``source``; those whose
            id, title or label has all the words come first.

        Examples
        --------
        >>> Catalogue.load().search("hyra KVADRATMETER")["id"].tolist()
        ['rents', 'rents_new']
        """
        words = text.casefold().split()
        near: list[Indicator] = []
        far: list[Indicator] = []
        for item in self._indicators.values():
            head = " ".join(
                [item.id, item.title.sv, item.title.en, item.label.sv, item.label.en]
            ).casefold()
            domain = self.domains[item.domain].title
            rest = " ".join(
                [
                    item.description.sv,
                    item.description.en,
                    domain.sv,
                    domain.en,
                    _source_text(item),
                ]
            ).casefold()
            if all(word in head for word in words):
                near.append(item)
            elif all(word in head or word in rest for word in words):
                far.append(item)
        rows = [
            (item.id, item.title.sv, item.title.en, item.domain, _source_text(item))
            for item in near + far
        ]
        return pd.DataFrame(rows, columns=_COLUMNS, dtype="str")

    def _unknown(self, key: object) -> str:
        near = difflib.get_close_matches(str(key), self._indicators, n=1, cutoff=0.5)
        hint = f'Did you mean "{near[0]}"?' if near else "See: regionstudy search TEXT"
        return f'No indicator "{key}" in the catalogue. {hint}'


def _source_text(item: Indicator) -> str:
    return str(item.source) if item.source is not None else "formula"


def _read(path: Path, faults: list[str]) -> dict[str, Any]:
    try:
        return tomli.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        faults.append(f"{path.name}: is missing. Put it back, or install regionstudy again.")
    except UnicodeDecodeError as error:
        faults.append(f"{path.name}: is not UTF-8 text ({error.reason}). Save it as UTF-8.")
    except OSError as error:
        faults.append(f"{path.name}: can not be read ({error.strerror}). Check its permissions.")
    except tomli.TOMLDecodeError as error:
        faults.append(
            f"{path.name}: not valid TOML: {error}. Mend that line; texts need quotation marks."
        )
    return {}


def _merge(given: dict[str, Any], table: object) -> object:
    return {**table, **given} if isinstance(table, dict) else table


def _read_indicator(
    key: str,
    table: object,
    name: str,
    domain: str,
    units: Mapping[str, Unit],
    faults: list[str],
) -> Indicator | None:
    if not isinstance(table, dict):
        faults.append(
            f"{name}, {key}: stands outside any entry. Put it under a line [indicator_id]."
        )
        return None
    faults += [
        f"{name}, {key}, {word}: follows from where the entry stands. Take the line out."
        for word in _GIVEN
        if word in table
    ]
    unit = units.get(str(table.get("unit", "")))
    if unit is None and "unit" in table:
        near = difflib.get_close_matches(str(table["unit"]), units, n=1)
        hint = f'Did you mean "{near[0]}"?' if near else f"Add it to {_UNITS}."
        faults.append(f'{name}, {key}, unit: no unit "{table["unit"]}". {hint}')
    given = {
        "id": key,
        "domain": domain,
        "symbol": {"sv": "", "en": ""} if unit is None else unit.symbol,
        "label": table.get("label", table.get("title", {"sv": key, "en": key})),
    }
    return _check(Indicator, {**table, **given}, name, key, faults)


def _check(
    model: type[_Model], table: object, name: str, key: str, faults: list[str]
) -> _Model | None:
    try:
        return model.model_validate(table)
    except ValidationError as error:
        for fault in error.errors():
            path = ".".join(str(part) for part in fault["loc"])
            where = f"{name}, {key}, {path}" if path else f"{name}, {key}"
            faults.append(f"{where}: {_problem(model, fault)}")
        return None


def _problem(model: type[BaseModel], fault: Any) -> str:
    kind, last = fault["type"], str(fault["loc"][-1]) if fault["loc"] else ""
    if kind == "missing":
        return f"is missing. Add the line: {last} = ..."
    if kind == "extra_forbidden":
        near = difflib.get_close_matches(last, model.model_fields, n=1)
        hint = f'Did you mean "{near[0]}"?' if near else "Take the line out."
        return f"is no key of an entry. {hint}"
    message = str(fault["msg"]).removeprefix("Value error, ")
    return f"{message}. Got: {fault['input']!r}." if kind != "value_error" else f"{message}."
