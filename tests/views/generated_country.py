"""
A GENERATED country: moves, commuters and jobs drawn at random, that fit one another.

Every move is drawn as one, with origin, destination, age and sex, so that what leaves comes
somewhere: gross flows are the margins of the matrix, and domestic nets sum to zero. Places and
regions are Sweden's; no figure is. What is put into Västernorrland by design stands at the top.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from tests.sources.pxweb_tables import FakeVariable, FilledTable

from regionstudy.analysis.migration import model_rates
from regionstudy.geography import name, regions

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

YEARS = ("2023", "2024")
RESIDENT_YEARS = ("2022", *YEARS)
AGES = (*map(str, range(100)), "100+")
SECTIONS = (
    "A", "B+C", "D+E", "F", "G", "H", "I", "J", "K", "L", "M+N", "O", "P", "Q", "R+S+T+U", "US",
)  # fmt: skip
# Parts of the sections, as a finer table would have them: shares of J, M+N, O, R-U and K.
FINER = {
    "62": ("J", 0.6), "63": ("J", 0.2), "6910": ("M+N", 0.1), "8423": ("O", 0.2),
    "9101": ("R+S+T+U", 0.05), "64": ("K", 0.5), "65": ("K", 0.3), "66": ("K", 0.2),
}  # fmt: skip
# Finance falls by a fifth in the county within a year, and grows elsewhere.
COUNTY, SHRINKING, SHRINKS_TO, GROWS_TO = "22", "K", 0.8, 1.02
# Of all jobs, those outside the business sector: from a fifth to two, by municipality.
PUBLIC = (0.2, 0.4)
# The county's own exchange with Jämtland is three times what size and distance give.
TIED, TIES = ("22", "23"), 3.0
_MOVES = 300_000
_LEAVING = {
    "a1": 0.02, "alpha1": 0.1, "a2": 0.14, "alpha2": 0.11, "mu2": 20.5, "lambda2": 0.5, "c": 0.004
}  # fmt: skip


@dataclass
class Country:
    """
    What is drawn, by municipality in the order of `codes`.

    `moves` has a column a move of each year (origin, destination, age, sex); `jobs` and
    `residents` are shaped (year, municipality, sex, section), `commuters` (from, to).
    """

    codes: list[str]
    people: Numbers
    moves: dict[str, NDArray[np.int64]]
    abroad: dict[str, Numbers]
    commuters: Numbers
    jobs: Numbers
    residents: Numbers
    areas: list[str] = field(init=False)

    def __post_init__(self) -> None:
        counties = sorted({code[:2] for code in self.codes})
        self.areas = ["00", *sorted([*counties, *self.codes])]

    def summed(self, figures: Numbers) -> Numbers:
        """Add municipalities (the first axis) up to the areas that tables have."""
        place = {code: number for number, code in enumerate(self.codes)}
        return np.stack(
            [
                figures[place[area]]
                if area in place
                else figures[[n for n, one in enumerate(self.codes) if _inside(one, area)]].sum(0)
                for area in self.areas
            ]
        )

    def domestic(self, year: str) -> tuple[Numbers, Numbers]:
        """Count who came and who left, by area, age and sex; moves inside an area are none."""
        origin, destination, age, sex = self.moves[year]
        counts = []
        for end, other in ((destination, origin), (origin, destination)):
            across = np.zeros((len(self.areas), len(AGES), 2))
            row = {area: number for number, area in enumerate(self.areas)}
            own = np.array([row[code] for code in self.codes])
            county = np.array([row[code[:2]] for code in self.codes])
            np.add.at(across, (own[end], age, sex), 1.0)
            apart = county[end] != county[other]
            np.add.at(across, (county[end[apart]], age[apart], sex[apart]), 1.0)
            np.add.at(across, (np.zeros(len(end), dtype=int), age, sex), 1.0)
            counts.append(across)
        return counts[0], counts[1]


def draw_country(residents: Mapping[str, float]) -> Country:
    """Draw it, always the same, about as many in each municipality as real residents."""
    draw = np.random.default_rng(20261125)
    shapes = regions("municipality").sort_values("region")
    codes = shapes["region"].tolist()
    x, y = (np.asarray(one) / 1000 for one in (shapes.centroid.x, shapes.centroid.y))
    away = np.hypot(x[:, None] - x, y[:, None] - y)
    np.fill_diagonal(away, np.inf)
    size = np.array([residents[code] for code in codes])
    pull = size[:, None] * size[None, :] / away**1.1
    county = np.array([code[:2] for code in codes])
    for one, other in (TIED, TIED[::-1]):
        pull[np.ix_(county == one, county == other)] *= TIES
    ages = np.arange(len(AGES), dtype=float)
    chance = model_rates(ages, _LEAVING)
    chance /= chance.sum()
    moves, abroad = {}, {}
    for year in YEARS:
        pairs = draw.choice(pull.size, _MOVES, p=(pull / pull.sum()).ravel())
        who = draw.choice(len(AGES), _MOVES, p=chance), draw.integers(2, size=_MOVES)
        moves[year] = np.stack([pairs // len(codes), pairs % len(codes), *who])
        both = 0.004 * size[:, None, None] * chance[:, None] / 2
        abroad[year] = np.stack([draw.poisson(both * times, (len(codes), 101, 2)) * 1.0
                                 for times in (1.5, 1.0)])  # fmt: skip
    alive = np.where(ages < 60, 1.0, np.exp(-((ages - 60) ** 2) / 500))
    share = alive / alive.sum() / 2
    people = draw.poisson(
        size[:, None, None, None] * share[:, None, None],
        (len(codes), len(AGES), 2, len(RESIDENT_YEARS)),
    )
    commuters = draw.poisson(0.2 * size[:, None] * _near(away, size)).astype(float)
    employed = np.round(0.48 * size)
    held = employed - commuters.sum(axis=1) + commuters.sum(axis=0)
    mix = draw.lognormal(0, 0.5, (len(codes), 2, len(SECTIONS)))
    mix *= np.linspace(1.5, 0.5, len(SECTIONS))
    mix[:, :, -1] *= 0.05
    mix /= mix.sum(axis=(1, 2), keepdims=True)
    jobs = np.round(np.stack([held[:, None, None] * mix] * len(YEARS)))
    here = np.where(county == COUNTY, SHRINKS_TO, GROWS_TO)
    jobs[1, :, :, SECTIONS.index(SHRINKING)] = np.round(
        jobs[0, :, :, SECTIONS.index(SHRINKING)] * here[:, None]
    )
    residents = np.stack([np.round(employed[:, None, None] * mix)] * len(YEARS))
    return Country(codes, people.astype(float), moves, abroad, commuters, jobs, residents)


def country_tables(country: Country) -> list[FilledTable]:
    """Lay the country out as the tables that the catalogue asks for."""
    counties = [area for area in country.areas if len(area) == 2 and area != "00"]
    moves, matrix = _migration(country), _between_counties(country, counties)
    return [
        moves,
        matrix,
        # The tables of 2025 and on, which have no year yet.
        replace(moves, id="TAB6640"),
        replace(matrix, id="TAB6672"),
        _table("TAB638", "Folkmängd", _people(country), Region=country.areas,
               Alder=_TOTAL_LAST, Kon=("1", "2"), ContentsCode={"BE0101N1": "Folkmängd"},
               Tid=RESIDENT_YEARS),
        _table("TAB1830", "Pendlare", np.stack([country.commuters] * len(YEARS), axis=-1),
               Bostadskommun=country.codes, Arbetsstallekommun=country.codes,
               ContentsCode={"000000QT": "Pendlare"}, Tid=YEARS),
        _jobs(country),
        _sectors(country),
    ]  # fmt: skip


def county_matrix(country: Country, counties: Sequence[str]) -> Numbers:
    """Count moves between counties, by origin, destination and year."""
    place = {code: number for number, code in enumerate(counties)}
    of = np.array([place[code[:2]] for code in country.codes])
    matrix = np.zeros((len(counties), len(counties), len(YEARS)))
    for number, year in enumerate(YEARS):
        origin, destination, *_ = country.moves[year]
        np.add.at(matrix[:, :, number], (of[origin], of[destination]), 1.0)
    matrix[np.arange(len(counties)), np.arange(len(counties))] = 0.0
    return matrix


_TOTAL_LAST = {**{age: f"{age} år" for age in AGES}, "tot": "totalt ålder"}
_PLACES = ("Region", "UtflyttningsL", "InflyttningsL", "Bostadskommun", "Arbetsstallekommun")
_SEXES = {"1": "män", "2": "kvinnor", "1+2": "totalt"}


def _migration(country: Country) -> FilledTable:
    contents = {
        "BE0101AU": "Inflyttningar", "BE0101AV": "Utflyttningar", "BE0101AX": "Invandringar",
        "BE0101AY": "Utvandringar", "BE0101AZ": "Flyttningsöverskott",
        "BE0101A1": "Invandringsöverskott", "BE0101A2": "Inrikes inflyttningar",
        "BE0101A3": "Inrikes utflyttningar", "BE0101A4": "Inrikes flyttningsöverskott",
    }  # fmt: skip
    years = []
    for year in YEARS:
        came, left = country.domestic(year)
        into, out = (country.summed(one) for one in country.abroad[year])
        cells = (came + into, left + out, into, out, came + into - left - out, into - out,
                 came, left, came - left)  # fmt: skip
        years.append(np.stack([_with_total(one, axis=1) for one in cells], axis=-1))
    return _table("TAB1212", "Flyttningar", np.stack(years, axis=-1), Region=country.areas,
                  Alder=_TOTAL_LAST, Kon=("1", "2"), ContentsCode=contents,
                  Tid=YEARS)  # fmt: skip


def _between_counties(country: Country, counties: Sequence[str]) -> FilledTable:
    return _table("TAB4409", "Flyttningar mellan län", county_matrix(country, counties),
                  UtflyttningsL=counties, InflyttningsL=counties,
                  ContentsCode={"000000OW": "Flyttningar"}, Tid=YEARS)  # fmt: skip


def _people(country: Country) -> Numbers:
    return _with_total(country.summed(country.people), axis=1)[:, :, :, None, :]


def _jobs(country: Country) -> FilledTable:
    codes = {one: one for one in SECTIONS} | {"A-U+US": "totalt"} | {one: one for one in FINER}
    contents = {
        "000002XH": "sysselsatta efter arbetsställets belägenhet",
        "000002XI": "sysselsatta efter bostadens belägenhet",
    }
    parts = []
    for by in (country.jobs, country.residents):
        figures = np.stack([country.summed(one) for one in by], axis=-1)
        figures = np.concatenate([figures, figures.sum(axis=1, keepdims=True)], axis=1)
        finer = [
            np.round(figures[:, :, SECTIONS.index(whole)] * share)[:, :, None]
            for whole, share in FINER.values()
        ]
        total = figures.sum(axis=2, keepdims=True)
        parts.append(np.concatenate([figures, total, *finer], axis=2))
    cells = np.stack(parts, axis=3).swapaxes(1, 2)
    return _table("TAB3204", "Sysselsatta efter näringsgren", cells, Region=country.areas,
                  SNI2007=codes, Kon=_SEXES, ContentsCode=contents, Tid=YEARS)  # fmt: skip


def _sectors(country: Country) -> FilledTable:
    months = [f"{year}M12" for year in YEARS]
    share = np.linspace(*PUBLIC, len(country.codes))
    parts = [one.sum(axis=(1, 2)) for one in country.jobs]
    every = np.stack([country.summed(one) for one in parts], axis=-1)
    business = np.stack([country.summed(np.round(one * (1 - share))) for one in parts], axis=-1)
    cells = np.stack([every, business], axis=1)[:, :, None, :]
    sectors = {"010": "totalt", "030": "näringslivet"}
    return _table("TAB2597", "Sysselsatta efter sektor", cells, Region=country.areas,
                  ArbetsSektor=sectors, ContentsCode={"000005F4": "sysselsatta"},
                  Tid=months)  # fmt: skip


def _table(table: str, label: str, filled: Numbers, **axes: Any) -> FilledTable:
    roles = {"ContentsCode": "metric", "Tid": "time"}
    variables = [
        FakeVariable(code, code, _named(code, values), role=roles.get(code, ""))
        for code, values in axes.items()
    ]
    for variable in variables:
        if variable.code == "Kon":
            variable.elimination, variable.elimination_code = True, "1+2" * ("1+2" in axes["Kon"])
    size = tuple(len(one.values) for one in variables)
    return FilledTable(table, f"GENERERADE siffror: {label}", variables,
                       filled=filled.reshape(size))  # fmt: skip


def _named(variable: str, values: Mapping[str, str] | Sequence[str]) -> dict[str, str]:
    if isinstance(values, dict):
        return dict(values)
    return {code: name(code) if variable in _PLACES else code for code in values}


def _with_total(cells: Numbers, *, axis: int) -> Numbers:
    return np.concatenate([cells, cells.sum(axis=axis, keepdims=True)], axis=axis)


def _near(away: Numbers, size: Numbers) -> Numbers:
    """Share commuters out over the places near, a hundredth part as many at 100 km."""
    draws = size * np.exp(-away / 22)
    return draws / (draws.sum(axis=1, keepdims=True) + size.mean())


def _inside(code: str, area: str) -> bool:
    return area == "00" or code.startswith(area)
