"""Draw the rows of the fictitious network, sheet by sheet."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from regionstudy.geography.codes import region_list

__all__ = ["example_rows"]

Rows = list[dict[str, Any]]

_STAFF_YEARS = (2024, 2025)
_NEED_YEARS = (2026, 2027, 2028, 2029, 2030)
_MOBILITY_YEARS = (2022, 2023, 2024, 2025)
_PROGRAMME_YEARS = (2023, 2024, 2025, 2026)
_SCENARIOS = {"low": 0.7, "middle": 1.0, "high": 1.4}
# Of the staff, a year: hired from outside, and gone.
_HIRED, _LEFT = 0.08, 0.065


@dataclass(frozen=True)
class _Organisation:
    """One organisation of the network."""

    org_id: str
    name: str
    municipality: str
    cluster: str
    level: str
    offices: tuple[str, ...]


def example_rows(seed: int) -> dict[str, Rows]:
    """
    Draw every sheet of the fictitious network.

    Parameters
    ----------
    seed : int
        The same seed gives the same rows.

    Returns
    -------
    dict of str to list of dict
        The rows by sheet; a dict a row, with values as frames hold them.
    """
    rng = np.random.default_rng(seed)
    staff = _staff(rng)
    newest = [row for row in staff if row["year"] == _STAFF_YEARS[-1]]
    sizes = _sizes(newest)
    return {
        "organisations": _organisations(rng, newest),
        "staff": staff,
        "needs": _needs(sizes, rng),
        "assignments": _assignments(rng),
        "mobility": _mobility(sizes, rng),
        "programmes": _programmes(rng),
        "networks": _networks(),
        "network_members": _network_members(),
        "participation": _participation(rng),
        "contributions": _contributions(rng),
    }


@cache
def _facts() -> dict[str, Any]:
    return tomllib.loads((files(__package__) / "example.toml").read_text(encoding="utf-8"))


@cache
def _members() -> tuple[_Organisation, ...]:
    return tuple(
        _Organisation(org_id, name, municipality, group["cluster"], level, tuple(offices))
        for group in _facts()["organisations"]
        for org_id, name, municipality, level, offices in group["members"]
    )


def _organisations(rng: np.random.Generator, staff: Rows) -> Rows:
    years = rng.integers(2012, 2025, size=len(_members()))
    sizes = dict.fromkeys((one.org_id for one in _members()), 0)
    for row in staff:
        sizes[row["org_id"]] += row["headcount"]
    return [
        {
            "org_id": one.org_id,
            "name": f"{one.name}, {region_list()[one.municipality].name}",
            "municipality": one.municipality,
            "level": one.level,
            "cluster": one.cluster,
            "joined": f"{year}-01-01",
            # ".example" is set aside for examples (RFC 2606): no such site can exist.
            "website": _website(one.org_id),
            "fee": (40_000 if one.level == "1" else 12_000) + sizes[one.org_id] // 50 * 1_000,
        }
        for one, year in zip(_members(), years, strict=True)
    ]


def _staff(rng: np.random.Generator) -> Rows:
    """Draw each organisation's staff: most at its seat, some at other offices, a few alone."""
    rows: Rows = []
    for one in _members():
        large = one.level == "1"
        places = {one.municipality: int(rng.integers(220, 560) if large else rng.integers(45, 160))}
        for office in one.offices:
            few = office.endswith("!")
            drawn = rng.integers(1, 5) if few else rng.integers(*((20, 80) if large else (8, 30)))
            places[office.rstrip("!")] = int(drawn)
        occupations, ages = _facts()["occupations"][one.cluster], _facts()["ages"]
        shares = np.outer(list(occupations.values()), list(ages.values())).ravel()
        cells = [(occupation, age) for occupation in occupations for age in ages]
        for municipality, size in places.items():
            for year in _STAFF_YEARS:
                grown = max(1, round(size * (1.02 if year == _STAFF_YEARS[-1] else 1.0)))
                counts = rng.multinomial(grown, shares / shares.sum())
                rows += [
                    {
                        "org_id": one.org_id,
                        "municipality": municipality,
                        "occupation": occupation,
                        "age_band": age,
                        "headcount": int(count),
                        "year": year,
                    }
                    for (occupation, age), count in zip(cells, counts, strict=True)
                    if count
                ]
    return rows


def _sizes(staff: Rows) -> dict[tuple[str, str], int]:
    sizes: dict[tuple[str, str], int] = {}
    for row in staff:
        key = (row["org_id"], row["occupation"])
        sizes[key] = sizes.get(key, 0) + row["headcount"]
    return sizes


def _needs(sizes: dict[tuple[str, str], int], rng: np.random.Generator) -> Rows:
    """Need each year a part of today's staff, more in IT, less or more by scenario."""
    rows: Rows = []
    for (org_id, occupation), size in sizes.items():
        rate = (0.09 if occupation.startswith("25") else 0.05) * rng.uniform(0.6, 1.4)
        rows += [
            {
                "org_id": org_id,
                "occupation": occupation,
                "year": year,
                "headcount": round(size * rate * factor * 1.03**number),
                "scenario": scenario,
                # One member shows its needs to the analyst alone.
                "public": "no" if org_id == "semikolon" else None,
            }
            for number, year in enumerate(_NEED_YEARS)
            for scenario, factor in _SCENARIOS.items()
        ]
    return rows


def _assignments(rng: np.random.Generator) -> Rows:
    rows: Rows = []
    listed = [(cluster, *row) for cluster, many in _facts()["assignments"].items() for row in many]
    for number, (cluster, title, theme, occupation, competences) in enumerate(listed):
        candidates = [one for one in _members() if one.cluster == cluster]
        one = candidates[int(rng.integers(len(candidates)))]
        # Every ninth has closed already.
        year, month = (2026, 2) if number % 9 == 8 else (2027, int(rng.integers(1, 9)))
        rows.append(
            {
                "org_id": one.org_id,
                "title": title,
                "theme": theme,
                "occupation": occupation,
                "competences": competences,
                "municipality": one.municipality,
                "remote_share": float(rng.choice([0.0, 0.2, 0.4, 0.5, 1.0])),
                "opens": f"{year}-{month:02d}-01",
                "closes": f"{year}-{month + 2:02d}-15",
                "url": f"{_website(one.org_id)}/uppdrag/{number + 1}",
                # Every third is not approved: what is not "yes" must never leave.
                "public": "no" if number % 3 == 2 else "yes",
            }
        )
    return rows


def _mobility(sizes: dict[tuple[str, str], int], rng: np.random.Generator) -> Rows:
    counts: dict[tuple[Any, ...], int] = {}
    origins, shares = zip(*_facts()["origins"].items(), strict=True)
    probabilities = np.array(shares) / sum(shares)
    peers = {
        occupation: sorted({org for org, code in sizes if code == occupation})
        for _, occupation in sizes
    }
    for (org_id, occupation), size in sizes.items():
        for year in _MOBILITY_YEARS:
            for kind, rate in (("hire", _HIRED), ("leave", _LEFT)):
                for region in rng.choice(origins, rng.poisson(size * rate), p=probabilities):
                    key = _outside(org_id, str(region), kind, rng)
                    counts[*key, occupation, year] = counts.get((*key, occupation, year), 0) + 1
            others = [one for one in peers[occupation] if one != org_id]
            for other in rng.choice(others, rng.poisson(size * 0.008)) if others else ():
                kind = "loan" if rng.random() < 0.4 else "move"
                key = (org_id, str(other), kind, None, None, occupation, year)
                counts[key] = counts.get(key, 0) + 1
    names = ("from_org", "to_org", "kind", "from_region", "returned", "occupation", "year")
    return [dict(zip(names, key, strict=True), headcount=n) for key, n in counts.items()]


def _outside(org_id: str, region: str, kind: str, rng: np.random.Generator) -> tuple[Any, ...]:
    """Say of one who came from outside whether home again; of one who left nobody knows."""
    if kind == "leave":
        return (org_id, "outside", kind, region, None)
    came_home = not region.startswith("22") and rng.random() < 0.3
    return ("outside", org_id, kind, region, "yes" if came_home else "no")


def _programmes(rng: np.random.Generator) -> Rows:
    rows: Rows = []
    for org_id, name, education, occupation, places, stays in _facts()["programmes"]["rows"]:
        for year in _PROGRAMME_YEARS:
            # This year's are not examined yet; whether last year's stayed is known in a year.
            graduates = int(rng.binomial(places, 0.75)) if year < 2026 else None
            stayed = int(rng.binomial(graduates, stays)) if graduates and year < 2025 else None
            rows.append(
                {
                    "org_id": org_id,
                    "name": name,
                    "education": education,
                    "occupation": occupation,
                    "year": year,
                    "places": places,
                    "graduates": graduates,
                    "stayed": stayed,
                }
            )
    return rows


def _networks() -> Rows:
    names = ("network_id", "name", "theme", "kind", "website")
    return [
        dict(zip(names, (*row[:4], _website(row[0])), strict=True))
        for row in _facts()["networks"]["rows"]
    ]


def _network_members() -> Rows:
    numbers = {one.org_id: number for number, one in enumerate(_members(), 1)}
    return [
        {
            "network_id": row[0],
            "org_id": org_id,
            # One person of a member sits in most of its networks, a second in some.
            "contact": f"Kontaktperson {numbers[org_id]:02d}{'b' if place % 4 == 3 else 'a'} (påhittad)",  # noqa: E501
            "role": "ordförande" if place == 0 else "ledamot",
        }
        for row in _facts()["networks"]["rows"]
        for place, org_id in enumerate(row[4].split())
    ]


def _participation(rng: np.random.Generator) -> Rows:
    facts = _facts()["participation"]
    habits = {one.org_id: float(rng.uniform(0.55, 1.0)) for one in _members()}
    rows: Rows = []
    for year in facts["years"]:
        for meeting, day, levels in facts["meetings"]:
            date = f"{year}-{day}"
            for one in _members():
                if one.level not in levels:
                    continue
                silent = date > facts["silent_since"].get(one.org_id, "9999")
                came = not silent and rng.random() < habits[one.org_id]
                rows.append(
                    {
                        "meeting": meeting,
                        "date": date,
                        "org_id": one.org_id,
                        "attended": "yes" if came else "no",
                    }
                )
    return rows


def _contributions(rng: np.random.Generator) -> Rows:
    rows: Rows = []
    for one in _members():
        for kind, competences in _facts()["contributions"][one.cluster].items():
            chosen = rng.choice(competences, int(rng.integers(1, 3)), replace=False)
            rows += [
                {"org_id": one.org_id, "competence": str(competence), "kind": kind}
                for competence in chosen
            ]
    return rows


def _website(name: str) -> str:
    return f"https://{name.translate(str.maketrans('åäöé', 'aaoe'))}.example"
