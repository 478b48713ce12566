"""A study whose snapshot was fetched from a PxWeb of our own: every page of it says GENERATED."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

from tests.sources.pxweb_server import serve_pxweb
from tests.views.generated_country import country_tables

from regionstudy.console.fetch import fetch_figures
from regionstudy.store import Snapshot, write_snapshot

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.views.generated_country import Country

FETCHED = (
    "migration_in_domestic", "migration_out_domestic", "immigration", "emigration",
    "population_by_age", "migration_county_matrix", "commuting_matrix",
    "employed_workplace_by_industry", "employed_residence_by_industry",
    "employed_by_sector_owner",
)  # fmt: skip
# Held in part for other years: made-up jobs would be told to have grown from real ones.
APART = (
    "employed_workplace_by_industry", "employed_residence_by_industry", "commuting_matrix"
)  # fmt: skip
PAGES = ("03_migration_and_return", "04_work_and_clusters")


def generated_study(repository: Path, folder: Path, country: Country) -> Path:
    """Copy the study with two of its pages, and fetch the country into it by the real engine."""
    shutil.copytree(repository / "data", folder / "data")
    (folder / "notebooks").mkdir()
    for page in PAGES:
        shutil.copy(repository / "notebooks" / f"{page}.ipynb", folder / "notebooks")
    settings = folder / "data" / "study.toml"
    told = {"sv": "GENERERADE siffror, bara ett prov", "en": "GENERATED figures, only a trial"}
    text = settings.read_text(encoding="utf-8")
    for lang, title in told.items():
        text = re.sub(rf'^{lang} = ".*"$', f'{lang} = "{title}"', text, flags=re.MULTILINE)
    settings.write_text(text, encoding="utf-8")
    _without(folder / "data" / "snapshot", APART)
    with serve_pxweb() as fake:
        fake.calls, fake.seconds = 1000, 1
        fake.tables.clear()
        for table in country_tables(country):
            fake.put(table)
        fetch_figures(
            folder, sources=("scb",), ids=FETCHED, since=2022, dry_run=False, full=False,
            partial=False, yes=True, offline=False, base_urls=[f"scb={fake.url}"],
        )  # fmt: skip
    return folder


def _without(folder: Path, names: Sequence[str]) -> None:
    """Write the snapshot anew, less some of its indicators."""
    held = Snapshot.open(folder)
    kept = [one for one in held.indicators if one not in names]
    told = {one: dict(held.provenance(one)) for one in kept}
    for facts in told.values():
        # That of a file, which it is written with.
        facts.pop("checksum")
    write_snapshot({one: held.observations(one) for one in kept}, told, folder)
