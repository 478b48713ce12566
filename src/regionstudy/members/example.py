"""Generate the example: a fictitious network in the real municipalities of the region."""

from __future__ import annotations

import io
import os
import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from regionstudy.geography.codes import region_list
from regionstudy.members.template import member_workbook, write_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["generate_example"]

# Names that nobody bears: no authority, bank or firm is meant.
_ORGANISATIONS = (
    ("exempelverket", "Exempelverket", "2281", "archives", "1"),
    ("papperskorgen", "Arkivhuset Papperskorgen", "2281", "archives", "2"),
    ("minnesbanken", "Minnesbanken Exempelarkiv", "2280", "archives", "2"),
    ("gomboda", "Gömboda depå", "2284", "archives", "2"),
    ("registerhyllan", "Registerhyllan", "2283", "archives", "2"),
    ("nollettan", "Nollettan Exempeldata", "2281", "it", "1"),
    ("molntussen", "Molntussen", "2281", "it", "2"),
    ("semikolon", "Semikolon & Söner", "2280", "it", "2"),
    ("testmiljon", "Testmiljön i norr", "2284", "it", "2"),
    ("bitfabriken", "Bitfabriken Exempel", "2262", "it", "2"),
    ("avkodaren", "Avkodaren", "2282", "it", "2"),
    ("paragrafverket", "Paragrafverket", "2281", "law", "1"),
    ("namnden-x", "Nämnden för påhittade ärenden", "2280", "law", "2"),
    ("lagboken", "Lagboken Exempelbyrå", "2281", "law", "2"),
    ("provningen", "Prövningsnämnden i Exempelstad", "2260", "law", "2"),
    ("pensionspasen", "Pensionspåsen", "2281", "finance", "1"),
    ("exempelbanken", "Exempelbanken", "2281", "finance", "2"),
    ("paraplyet", "Paraplyet Försäkring (påhittat)", "2281", "finance", "1"),
    ("sparbossan", "Sparbössan i Exempelviken", "2282", "finance", "2"),
    ("livlinan", "Livlinan Påhittad Pension", "2283", "finance", "2"),
)
# Occupations a cluster lives by, with their share of its staff.
_OCCUPATIONS: dict[str, dict[str, float]] = {
    "archives": {"2622": 0.34, "4410": 0.24, "2512": 0.1, "2421": 0.06, "4119": 0.16, "1230": 0.1},
    "it": {"2512": 0.4, "2511": 0.18, "2514": 0.1, "3512": 0.14, "2516": 0.08, "1310": 0.1},
    "law": {"2615": 0.38, "3359": 0.26, "3342": 0.12, "2512": 0.06, "4119": 0.1, "1230": 0.08},
    "finance": {"3353": 0.2, "3312": 0.22, "3314": 0.16, "2121": 0.06, "2512": 0.2, "4222": 0.16},
}
_AGES = {"-29": 0.15, "30-39": 0.25, "40-49": 0.26, "50-59": 0.22, "60-": 0.12}
_MUNICIPALITIES = ("2260", "2262", "2280", "2281", "2282", "2283", "2284")
_NEED_YEARS = (2026, 2027, 2028, 2029, 2030)
_SCENARIOS = {"low": 0.7, "middle": 1.0, "high": 1.4}
_ASSIGNMENTS = (
    (
        "it",
        "Bygg nästa generations e-tjänst",
        "Digital förvaltning",
        "2512",
        "Python; tillgänglighet",
    ),
    ("it", "Säkra en exempelplattform", "Säkerhet", "2516", "hotanalys; kryptering"),
    ("it", "Testa innan det går fel", "Digital förvaltning", "2514", "testautomatisering"),
    ("archives", "Bevara det digitala minnet", "Bevarande", "2622", "e-arkiv; metadata"),
    ("archives", "Gör hundra hyllmeter sökbara", "Bevarande", "4410", "digitalisering"),
    ("law", "Pröva ärenden med ny lag", "Rättssäkerhet", "2615", "förvaltningsrätt"),
    ("law", "Led ett påhittat lagstiftningsuppdrag", "Rättssäkerhet", "2615", "utredning"),
    ("finance", "Räkna på framtidens pension", "Pension", "2121", "aktuariell matematik; R"),
    ("finance", "Hjälp kunder efter stormen", "Försäkring", "3314", "skadereglering"),
)
_STAFF_YEAR = 2025
# The earliest time that a zip archive can hold; the same in every run.
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


def generate_example(path: str | Path, *, seed: int = 2026) -> Path:
    """
    Write the workbook of a fictitious network, marked as such in its own data.

    Parameters
    ----------
    path : str or Path
        Where to write it; ends in .xlsx.
    seed : int, default 2026
        The same seed gives the same bytes.

    Returns
    -------
    Path
        The file that was written.
    """
    path = Path(path)
    rng = np.random.default_rng(seed)
    workbook = member_workbook(lang="sv", fictitious=True)
    write_rows(workbook, "organisations", _organisations(rng), lang="sv")
    staff = _staff(rng)
    write_rows(workbook, "staff", staff, lang="sv")
    write_rows(workbook, "needs", _needs(staff, rng), lang="sv")
    write_rows(workbook, "assignments", _assignments(rng), lang="sv")
    content = io.BytesIO()
    workbook.save(content)
    aside = path.with_name(f".{path.name}.part")
    aside.write_bytes(_without_times(content.getvalue()))
    os.replace(aside, path)  # noqa: PTH105
    return path


def _organisations(rng: np.random.Generator) -> list[dict[str, Any]]:
    years = rng.integers(2012, 2026, size=len(_ORGANISATIONS))
    return [
        {
            "org_id": org_id,
            "name": f"{name}, {region_list()[municipality].name}",
            "municipality": municipality,
            "level": level,
            "cluster": cluster,
            "joined": f"{year}-01-01",
            # ".example" is set aside for examples (RFC 2606): no such site can exist.
            "website": f"https://{_ascii(org_id)}.example",
        }
        for (org_id, name, municipality, cluster, level), year in zip(
            _ORGANISATIONS, years, strict=True
        )
    ]


def _staff(rng: np.random.Generator) -> list[dict[str, Any]]:
    """Draw each organisation's staff; most work where it sits, some in a second town."""
    rows = []
    for org_id, _, home, cluster, level in _ORGANISATIONS:
        size = int(rng.integers(180, 420) if level == "1" else rng.integers(25, 140))
        others = [code for code in _MUNICIPALITIES if code != home]
        places = [(home, 0.85), (str(rng.choice(others)), 0.12), (str(rng.choice(others)), 0.03)]
        for municipality, part in dict(places).items():
            shares = np.outer(list(_OCCUPATIONS[cluster].values()), list(_AGES.values())).ravel()
            counts = rng.multinomial(round(size * part), shares / shares.sum())
            cells = [(occupation, age) for occupation in _OCCUPATIONS[cluster] for age in _AGES]
            rows += [
                {
                    "org_id": org_id,
                    "municipality": municipality,
                    "occupation": occupation,
                    "age_band": age,
                    "headcount": int(count),
                    "year": _STAFF_YEAR,
                }
                for (occupation, age), count in zip(cells, counts, strict=True)
                if count
            ]
    return rows


def _needs(staff: Sequence[dict[str, Any]], rng: np.random.Generator) -> list[dict[str, Any]]:
    """Need each year a part of today's staff, more in IT, less or more by scenario."""
    sizes: dict[tuple[str, str], int] = {}
    for row in staff:
        key = (row["org_id"], row["occupation"])
        sizes[key] = sizes.get(key, 0) + row["headcount"]
    rows = []
    for (org_id, occupation), size in sizes.items():
        rate = (0.09 if occupation.startswith("25") else 0.05) * rng.uniform(0.6, 1.4)
        for number, year in enumerate(_NEED_YEARS):
            rows += [
                {
                    "org_id": org_id,
                    "occupation": occupation,
                    "year": year,
                    "headcount": round(size * rate * factor * 1.03**number),
                    "scenario": {"low": "låg", "middle": "medel", "high": "hög"}[scenario],
                }
                for scenario, factor in _SCENARIOS.items()
            ]
    return rows


def _assignments(rng: np.random.Generator) -> list[dict[str, Any]]:
    rows = []
    for number, (cluster, title, theme, occupation, competences) in enumerate(_ASSIGNMENTS):
        candidates = [entry for entry in _ORGANISATIONS if entry[3] == cluster]
        org_id, _, municipality, _, _ = candidates[int(rng.integers(len(candidates)))]
        month = int(rng.integers(1, 9))
        rows.append(
            {
                "org_id": org_id,
                "title": title,
                "theme": theme,
                "occupation": occupation,
                "competences": competences,
                "municipality": municipality,
                "remote_share": float(rng.choice([0.0, 0.2, 0.4, 0.5, 1.0])),
                "opens": f"2027-{month:02d}-01",
                "closes": f"2027-{month + 2:02d}-15",
                "url": f"https://{_ascii(org_id)}.example/uppdrag/{number + 1}",
                # Every third is not approved: what is not "yes" must never leave.
                "public": "nej" if number % 3 == 2 else "ja",
            }
        )
    return rows


def _ascii(text: str) -> str:
    return text.translate(str.maketrans("åäöé", "aaoe"))


def _without_times(content: bytes) -> bytes:
    """Repack a workbook so that it does not depend on when it was made."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target,
    ):
        for name in sorted(source.namelist()):
            part = source.read(name)
            if name == "docProps/core.xml":
                part = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2026-01-01T00:00:00Z", part)
            entry = zipfile.ZipInfo(name, date_time=_ZIP_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, part)
    return packed.getvalue()
