"""Made-up statistical tables: any variables, and figures by a formula a test can do by hand."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from regionstudy.catalogue import Catalogue
from regionstudy.geography.codes import name, valid_codes
from regionstudy.sources.selection import total_code

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from regionstudy.catalogue import Indicator
    from regionstudy.catalogue.source import ScbTable

_RECORDED = Path(__file__).parent / "recorded_tables"


@dataclass
class FakeVariable:
    """A variable: its values with their texts, and how it behaves when it is not chosen."""

    code: str
    label: str
    values: dict[str, str]
    elimination: bool = False
    # The value that takes over where the variable is left out; without it the values are summed.
    elimination_code: str = ""
    role: str = ""
    # Codelist id to its name and, value by value, its text and members.
    codelists: dict[str, tuple[str, dict[str, tuple[str, list[str]]]]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


@dataclass
class FakeTable:
    """A table whose figures follow from their places: see `figure`."""

    id: str
    label: str
    variables: list[FakeVariable]
    seed: int = 1
    updated: str = "2026-02-24T07:00:00Z"
    time_unit: str = "Annual"
    notes: list[str] = field(default_factory=list)
    discontinued: bool | None = None
    v1_path: str = ""

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(len(variable.values) for variable in self.variables)

    def figure(self, **codes: str) -> tuple[float | None, str]:
        """One cell's value and symbol, by the codes of all variables."""
        places = [list(one.values).index(codes[one.code]) for one in self.variables]
        place = int(np.ravel_multi_index(places, self.shape))
        value, symbol = self.cells(np.array([place]))
        return (None if np.isnan(value[0]) else float(value[0])), str(symbol[0])

    def cells(self, places: NDArray[Any]) -> tuple[NDArray[np.float64], NDArray[np.str_]]:
        """The figures at places of the whole table, and their symbols."""
        return _formula(places, self.seed)

    def figures(
        self, chosen: Mapping[str, Sequence[Sequence[str]]]
    ) -> tuple[NDArray[np.float64], NDArray[np.str_]]:
        """
        The cells of a selection, the last variable fastest.

        `chosen` has for every variable a list of its values, each a list of the codes that are
        summed; a variable that it lacks is left out.
        """
        axes, groups = [], []
        for variable in self.variables:
            order = list(variable.values)
            default = [[variable.elimination_code] if variable.elimination_code else order]
            members = [
                [order.index(code) for code in codes]
                for codes in chosen.get(variable.code, default)
            ]
            axes.append([place for some in members for place in some])
            groups.append([len(some) for some in members])
        places = np.ravel_multi_index(np.ix_(*axes), self.shape)
        values, symbols = self.cells(places)
        for axis, sizes in enumerate(groups):
            if max(sizes) > 1:
                starts = np.cumsum([0, *sizes[:-1]])
                # A sum with a missing part is missing: NaN spreads.
                values = np.add.reduceat(values, starts, axis=axis)
                symbols = np.where(np.isnan(values), "..", "")
        return values.ravel(), symbols.ravel()

    def metadata(self) -> dict[str, Any]:
        """As ``/tables/{id}/metadata`` gives it."""
        body = self._dataset([list(one.values) for one in self.variables], self.variables)
        for variable in self.variables:
            extension = body["dimension"][variable.code]["extension"]
            extension["codelists"] = [
                {"id": name, "label": label, "type": codelist_type(name), "links": []}
                for name, (label, _) in variable.codelists.items()
            ]
        return {**body, "value": []}

    def answer(
        self, chosen: Mapping[str, Sequence[str]], codelists: Mapping[str, str]
    ) -> dict[str, Any]:
        """As ``/tables/{id}/data`` gives it, values in the order they were asked for."""
        there = [one for one in self.variables if one.code in chosen]
        parts = {
            one.code: [self._members(one, code, codelists) for code in chosen[one.code]]
            for one in there
        }
        values, symbols = self.figures(parts)
        body = self._dataset([list(chosen[one.code]) for one in there], there, codelists)
        whole = [None if np.isnan(value) else int(value) for value in values]
        status = {str(place): str(symbols[place]) for place in np.flatnonzero(symbols != "")}
        # The key is left out where there is nothing to say.
        return {**body, "value": whole, **({"status": status} if status else {})}

    def entry(self) -> dict[str, Any]:
        """As the list of tables gives it."""
        time = next((list(one.values) for one in self.variables if one.role == "time"), [""])
        body = {
            "id": self.id,
            "label": self.label,
            "description": "",
            "sortCode": "01",
            "updated": self.updated,
            "firstPeriod": time[0],
            "lastPeriod": time[-1],
            "category": "public",
            "variableNames": [one.label for one in self.variables],
            "source": "SCB",
            "subjectCode": "BE",
            "timeUnit": self.time_unit,
            "paths": [[{"id": "BE", "label": "Befolkning", "sortCode": "Befolkning"}]],
            "links": [],
        }
        return body if self.discontinued is None else {**body, "discontinued": self.discontinued}

    def _members(
        self, variable: FakeVariable, code: str, codelists: Mapping[str, str]
    ) -> list[str]:
        name = codelists.get(variable.code)
        return [code] if name is None else variable.codelists[name][1][code][1]

    def _dataset(
        self,
        codes: list[list[str]],
        variables: list[FakeVariable],
        codelists: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        roles = {
            role: [one.code for one in variables if one.role == role] for role in ("time", "metric")
        }
        return {
            "version": "2.0",
            "class": "dataset",
            "label": self.label,
            "source": "SCB",
            "updated": self.updated,
            "note": self.notes,
            "role": {role: names for role, names in roles.items() if names},
            "id": [one.code for one in variables],
            "size": [len(some) for some in codes],
            "dimension": {
                one.code: _dimension(one, some, (codelists or {}).get(one.code))
                for one, some in zip(variables, codes, strict=True)
            },
            "extension": {
                "px": {"tableid": self.id, "decimals": 0, "language": "sv"},
                "discontinued": self.discontinued,
            },
        }


@dataclass
class FilledTable(FakeTable):
    """A table whose figures are given, one a cell, the last variable fastest."""

    filled: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))

    def cells(self, places: NDArray[Any]) -> tuple[NDArray[np.float64], NDArray[np.str_]]:
        return self.filled.reshape(-1)[places], np.full(places.shape, "", dtype="<U2")


def codelist_type(name: str) -> str:
    return "Aggregation" if name.startswith("agg_") else "Valueset"


def _dimension(
    variable: FakeVariable, codes: list[str], codelist: str | None = None
) -> dict[str, Any]:
    texts = variable.values
    if codelist is not None:
        texts = {code: text for code, (text, _) in variable.codelists[codelist][1].items()}
    category: dict[str, Any] = {
        "index": {code: place for place, code in enumerate(codes)},
        "label": {code: texts[code] for code in codes},
    }
    if variable.role == "metric":
        category["unit"] = {code: {"base": "antal", "decimals": 0} for code in codes}
    body: dict[str, Any] = {
        "label": variable.label,
        "category": category,
        "extension": {"elimination": variable.elimination, "show": "value"},
    }
    return {**body, "note": variable.notes} if variable.notes else body


def _formula(places: NDArray[Any], seed: int) -> tuple[NDArray[np.float64], NDArray[np.str_]]:
    """
    Figures by place in the whole table.

    Every 97th is suppressed, every 101st a true zero, both sent as null with their symbol;
    every 211th is null without one; every 149th is preliminary.
    """
    values = ((places * 7919 + seed * 104729) % 100_003).astype("float64")
    symbols = np.full(places.shape, "", dtype="<U2")
    symbols[places % 149 == 11] = "p"
    for step, first, symbol in ((211, 3, ""), (101, 7, "-"), (97, 5, "..")):
        chosen = places % step == first
        values[chosen], symbols[chosen] = math.nan, symbol
    return values, symbols


def population(
    table: str = "TAB638", *, first: int = 2015, last: int = 2024, seed: int = 1, **other: Any
) -> FakeTable:
    """A small table of the usual kind: mixed levels of regions, no total of civil status."""
    regions = {"00": "Riket", "22": "Västernorrlands län", "2260": "Ånge", "2281": "Sundsvall"}
    municipalities = {code: (text, [code]) for code, text in regions.items() if len(code) == 4}
    groups = {"-1": ("0-1 år", ["1", "0"]), "2+": ("2- år", ["2", "3+"])}
    return FakeTable(
        table,
        f"Folkmängd efter region, civilstånd, ålder, kön och år. År {first}-{last}",
        [
            FakeVariable(
                "Region",
                "region",
                regions,
                elimination=True,
                elimination_code="00",
                codelists={"vs_Kommun": ("kommuner", municipalities)},
            ),
            FakeVariable("Civilstand", "civilstånd", {"OG": "ogifta", "G": "gifta"}, True),
            FakeVariable(
                "Alder",
                "ålder",
                {"0": "0 år", "TotSA": "totalt, samtliga åldrar", "1": "1 år", "2": "2 år"}
                | {"3+": "3+ år"},
                codelists={"agg_Ålder2": ("2-årsklasser", groups)},
            ),
            FakeVariable(
                "Kon",
                "kön",
                {"TotSa": "totalt", "1": "män", "2": "kvinnor"},
                elimination=True,
                elimination_code="TotSa",
            ),
            FakeVariable(
                "ContentsCode",
                "tabellinnehåll",
                {"BE0101N1": "Folkmängd", "BE0101N2": "Folkökning"},
                role="metric",
            ),
            FakeVariable(
                "Tid", "år", {str(year): str(year) for year in range(first, last + 1)}, role="time"
            ),
        ],
        seed=seed,
        v1_path="BE/BE0101/BE0101A/BefolkningNy",
        **other,
    )


def regional(
    table: str,
    label: str,
    *,
    contents: Mapping[str, str],
    first: int,
    last: int,
    breakdowns: Mapping[str, Mapping[str, str]] | None = None,
    **other: Any,
) -> FakeTable:
    """
    A table of all regions of today, by sex and year, and whatever else it is broken down by.

    Values of `breakdowns` that hold a total ("TotSA": "totalt") make their variable eliminable.
    """
    sexes = {"1": "män", "2": "kvinnor", "TotSa": "totalt"}
    parts = {"Kon": sexes} | dict(breakdowns or {})
    years = {str(year): str(year) for year in range(first, last + 1)}
    return FakeTable(
        table,
        label,
        [
            FakeVariable("Region", "region", _regions(), elimination=True, elimination_code="00"),
            *(
                FakeVariable(
                    code,
                    code.casefold(),
                    dict(values),
                    elimination=total_code(list(values), values) is not None,
                    elimination_code=total_code(list(values), values) or "",
                )
                for code, values in parts.items()
            ),
            FakeVariable("ContentsCode", "tabellinnehåll", dict(contents), role="metric"),
            FakeVariable("Tid", "år", years, role="time"),
        ],
        **other,
    )


def catalogue_tables() -> list[FakeTable]:
    """
    Every SCB table that the catalogue names.

    As recorded in ``recorded_tables`` where it was; the others with the variables, contents
    and years that the catalogue asks for.
    """
    tables: dict[str, FakeTable] = {}
    for indicator in Catalogue.load().values():
        source = indicator.source
        for one in source.tables if source is not None and source.kind == "scb" else ():
            recorded = _RECORDED / f"{one.id}.json"
            if recorded.is_file():
                tables[one.id] = recorded_table(json.loads(recorded.read_text(encoding="utf-8")))
            else:
                tables[one.id] = _asked_table(indicator, one, tables.get(one.id))
    return list(tables.values())


def recorded_table(facts: Mapping[str, Any]) -> FakeTable:
    """A table with the variables and values that SCB's has, and made-up figures."""
    variables = [
        FakeVariable(
            one["code"],
            one["label"],
            {code: one["labels"].get(code, code) for code in one["codes"]},
            elimination=one["elimination"],
            elimination_code=total_code(one["codes"], one["labels"]) or "",
            role=one["role"] or "",
            codelists={
                name: (label, {one["codes"][0]: ("alla", list(one["codes"]))})
                for name, label in one.get("codelists", {}).items()
            },
        )
        for one in facts["variables"]
    ]
    # Stamps that were not read are made up, as the figures are.
    stamp = facts["updated"] or FakeTable.updated
    return FakeTable(facts["id"], facts["label"], variables, updated=stamp)


def _asked_table(indicator: Indicator, asked: ScbTable, held: FakeTable | None) -> FakeTable:
    begin, dash, end = asked.years.partition("-")
    first = int(begin or end or 2020)
    last = int(end or (2025 if dash or not begin else begin))
    title = indicator.title.sv
    contents = {
        one.code or f"{asked.id}{place:02}": one.text or f"{title} {one.code}"
        for place, one in enumerate(asked.contents)
    } or {f"{asked.id}AA": title}
    chosen = {
        code: [given] if isinstance(given, str) else list(given)
        for code, given in {**asked.select, **asked.fixed}.items()
    }
    breakdowns = {code: _values(code, listed) for code, listed in chosen.items()}
    if held is not None:
        by_code = {one.code: one.values for one in held.variables}
        contents = dict(held.variables[-2].values) | contents
        years = [int(year) for year in held.variables[-1].values]
        first, last = min(first, *years), max(last, *years)
        for code, values in by_code.items():
            if code not in ("Region", "ContentsCode", "Tid"):
                breakdowns[code] = dict(values) | breakdowns.get(code, {})
    breakdowns.setdefault("Kon", {"1": "män", "2": "kvinnor", "TOT": "totalt"})
    table = regional(
        asked.id, title, contents=contents, first=first, last=last, breakdowns=breakdowns
    )
    for variable in table.variables:
        if variable.code in asked.codelists:
            texts = {code: (text, [code]) for code, text in variable.values.items()}
            variable.codelists[asked.codelists[variable.code]] = ("samma värden", texts)
    return table


def _values(code: str, listed: Sequence[str]) -> dict[str, str]:
    """Values that what is asked for can be chosen among, and a total."""
    lengths = {len(one) for one in listed if one and set(one) == {"?"}}
    if lengths:
        return {region: text for region, text in _regions().items() if len(region) in lengths}
    plain = [one for one in listed if not set(one) & set("*?(") and one != "total"]
    return {one: f"{code} {one}" for one in plain or ["a", "b"]} | {"TOT": "totalt"}


def _regions() -> dict[str, str]:
    return {
        code: name(code)
        for level in ("country", "county", "municipality")
        for code in sorted(valid_codes(level, 2024))
    }
