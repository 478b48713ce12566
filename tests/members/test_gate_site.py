"""What must not leave is nowhere in a built site: pages, scripts, downloads, pictures."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import openpyxl
import pytest

from regionstudy.report import SiteSettings, build
from regionstudy.words import Words

if TYPE_CHECKING:
    from pathlib import Path

NOTEBOOKS = (
    "04_work_and_clusters",
    "05_competence_supply",
    "06_assignments",
    "07_networks",
    "08_membership",
)
CONTACT = "Kanarie Kontaktsdotter"
TITLE = "Kanariefågelns interna uppdrag"
# With a threshold of 5,000 these are small groups, and no other figure is likely to be one.
THRESHOLD = 5000
COUNTS = (4987, 4373, 3911)


@pytest.fixture(scope="module")
def site(tmp_path_factory, repository) -> Path:
    """A site of the members' pages, from a workbook with planted canaries."""
    folder = tmp_path_factory.mktemp("canary")
    shutil.copytree(repository / "data", folder / "data")
    (folder / "notebooks").mkdir()
    paths = [repository / "notebooks" / f"{name}.ipynb" for name in NOTEBOOKS]
    for path in paths:
        shutil.copy(path, folder / "notebooks")
    plant(folder / "data/members/example.xlsx")
    declared = folder / "data/releases.toml"
    text = declared.read_text(encoding="utf-8")
    declared.write_text(text.replace("threshold = 5\n", f"threshold = {THRESHOLD}\n"), "utf-8")
    title = Words(sv="Kanarie", en="Canary")
    report = build(
        folder,
        out=folder / "site",
        settings=SiteSettings(title=title, contact=""),
        lang="both",
        progress=False,
    )
    assert len(report.run) == len(NOTEBOOKS)
    return folder / "site"


def plant(path: Path) -> None:
    """Put into a workbook what must never leave it."""
    book = openpyxl.load_workbook(path)
    staff, moves = book["Personal"], book["Rörlighet"]
    for row, count in zip((2, 3), COUNTS, strict=False):
        staff.cell(row=row, column=5).value = count
    moves.cell(row=2, column=8).value = COUNTS[2]
    seats = book["Nätverksmedlemmar"]
    for row in range(2, seats.max_row + 1):
        seats.cell(row=row, column=3).value = CONTACT
        seats.cell(row=row, column=5).value = "ja"
    assignments = book["Uppdrag"]
    assignments.cell(row=2, column=2).value = TITLE
    assignments.cell(row=2, column=11).value = "nej"
    book.save(path)


def written(count: int) -> re.Pattern[str]:
    """Match a number as it may be written: 4987, 4 987, 4,987 or 4.987, alone."""
    text = str(count)
    return re.compile(rf"(?<![\d.,]){text[0]}[\s\u00a0\u202f,.]?{text[1:]}(?![\d]|[.,]\d)")


def contents(site: Path) -> list[tuple[str, str]]:
    """Read every file of a site, pictures and all, and the names of the files."""
    files = [path for path in sorted(site.rglob("*")) if path.is_file()]
    assert files
    return [(str(p.relative_to(site)), p.read_bytes().decode("utf-8", "replace")) for p in files]


def test_no_contact_and_no_internal_row_is_in_any_file(site):
    for name, text in contents(site):
        for canary in (CONTACT, "Kontaktsdotter", TITLE, "interna uppdrag"):
            assert canary not in name, name
            assert canary not in text, (name, canary)
            assert canary.encode("unicode_escape").decode() not in text, (name, canary)


@pytest.mark.parametrize("count", COUNTS)
def test_no_small_count_is_in_any_page_or_download(site, count):
    pattern = written(count)
    for name, text in contents(site):
        if name.endswith((".html", ".csv", ".json", ".xml", ".graphml", ".md", ".txt")):
            found = pattern.search(shown_text(text))
            assert found is None, (name, text[found.start() - 80 : found.end() + 80])


def shown_text(text: str) -> str:
    """Leave out drawings' coordinates and the library that draws: digits, but no figures."""
    text = re.sub(r'\s(?:d|points|transform|viewBox|style)="[^"]*"', " ", text)
    return re.sub(r"<script[^>]*>(?:(?!</script>).){200000,}?</script>", " ", text, flags=re.DOTALL)


def test_the_search_for_canaries_finds_them_as_they_are_written():
    for text in ("4987", "4\u00a0987 personer", "antal: 4,987.", '"value":4987}', "4.987"):
        assert written(4987).search(text)
    for text in ("14987", "49871", "4987.25", "0.4987"):
        assert not written(4987).search(text)
