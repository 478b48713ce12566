"""Importing official extracts: what is read, kept, left out and compared."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from regionstudy.errors import DataError
from regionstudy.store import ImportReport, Snapshot, extracts, import_extracts
from regionstudy.store.extract_plan import read_plan

if TYPE_CHECKING:
    from pathlib import Path

PLAN = """
retrieved = "2026-11-24"
[how]
copied = { sv = "Läst ur {archive}, inte från API:et.", en = "Read from {archive}, not the API." }
transcribed = { sv = "Avskriven ur {archive}.", en = "Typed in from {archive}." }
[publisher.scb]
name = "SCB"
url = "https://www.statistikdatabasen.scb.se/"
licence = "CC0-1.0"
[[file]]
name = "a.csv"
publisher = "scb"
table = "T1"
archive = "some/where"
path = "a.csv"
note = { sv = "A.", en = "A." }
[[file.series]]
read = ["persons"]
into = "population"
rank = 1
why = "First."
[[file.series]]
read = ["area"]
skip = "nothing shows it"
[[file]]
name = "b.csv"
publisher = "scb"
table = "T2"
archive = "some/other"
path = "b.csv"
transcribed = true
note = { sv = "B.", en = "B." }
[[file.series]]
read = ["folk"]
into = "population"
rank = 2
why = "Typed in."
"""
HEADER = "region,indicator,period,value,status\n"
A = HEADER + "2281,persons,2022,99439,\n2280,persons,2022,,..\n0330,persons,2001,0,\n"
A += "2281,area,2022,3.5,\n"
B = HEADER + "2281,folk,2022,99440,\n2262,folk,2022,18000,\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two small files and the plan that describes them."""
    # 0330 in 2001 is a code of no year, so the plan states the division of the codes.
    text = PLAN.replace('table = "T1"', 'table = "T1"\ndivision = 2022')
    monkeypatch.setattr(extracts, "read_plan", lambda: read_plan(text))
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "a.csv").write_text(A, encoding="utf-8")
    (tmp_path / "figures" / "b.csv").write_text(B, encoding="utf-8")
    return tmp_path / "figures"


def test_files_are_joined_by_rank_and_zeros_before_a_municipality_blanked(
    folder: Path, tmp_path: Path
) -> None:
    import_extracts(folder, tmp_path / "snapshot")
    frame = Snapshot.open(tmp_path / "snapshot").observations("population").set_index("region")
    assert frame["value"].dropna().to_dict() == {"2281": 99_439.0, "2262": 18_000.0}
    assert frame["status"].to_dict() == {"2281": "", "2262": "", "2280": "..", "0330": ".."}


def test_the_report_says_what_was_left_out_and_what_differs(folder: Path, tmp_path: Path) -> None:
    seen: list[str] = []
    report = import_extracts(folder, tmp_path / "snapshot", progress=seen.append)
    assert seen == ["a.csv", "b.csv"]
    assert report.files["read"].sum() == 6
    text = report.summary()
    assert "Read 6 rows of 2 files" in text
    assert "left out: a.csv area (1 rows): nothing shows it" in text
    assert '1 zeros of municipalities not yet formed are ".."' in text
    assert "population: b.csv differs from a.csv in 1 of 1 cells, by up to 1" in text


def test_provenance_says_which_part_was_typed_in(folder: Path, tmp_path: Path) -> None:
    import_extracts(folder, tmp_path / "snapshot")
    facts = Snapshot.open(tmp_path / "snapshot").provenance("population")
    assert facts["transcribed"] is True
    assert facts["table"] == "T1; T2"
    assert [one["transcribed"] for one in facts["segments"]] == [False, True]
    assert [one["rows"] for one in facts["segments"]] == [3, 1]
    assert facts["how"]["en"] == "Read from some/where, not the API. Typed in from some/other."


def test_importing_twice_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    import_extracts(folder, tmp_path / "one")
    import_extracts(folder, tmp_path / "two")
    for file in (tmp_path / "one").rglob("*.*"):
        assert (
            file.read_bytes()
            == (tmp_path / "two" / file.relative_to(tmp_path / "one")).read_bytes()
        )


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        ("a.csv", None, r"figures: these files are missing: a\.csv"),
        ("c.csv", A, r"figures: c\.csv is not described in extracts\.toml"),
        ("a.csv", A.replace(",area,", ",ratio,"), r"a\.csv: .*does not say what to do with ratio"),
        ("a.csv", A.replace("2281,area,2022,3.5,\n", ""), r"a\.csv: .*names area, which the file"),
        ("a.csv", A.replace("region,", "code,"), r"a\.csv: the columns region are missing"),
        ("a.csv", A.replace("99439", "many"), r"a\.csv: a value is not a number.*many"),
        ("a.csv", A.replace("2280,", "2285,"), r"a\.csv: not region codes of their year: 2285"),
        ("a.csv", A.replace("2022,99439", "latest,99439"), '"latest" is not a period'),
        ("b.csv", B + "2281,folk,2022,5,\n", r"b\.csv: 1 figures stand twice"),
        ("b.csv", B.replace("18000,", ",?"), r'b\.csv: unknown status "\?"'),
        ("b.csv", B.replace("18000,", ","), "1 rows have a value beside .* or no value"),
        ("b.csv", "", r"b\.csv: can not be read as CSV.*Get the file anew"),
    ],
)
def test_a_wrong_file_is_refused_and_the_snapshot_stays(
    folder: Path, tmp_path: Path, file: str, content: str | None, message: str
) -> None:
    import_extracts(folder, tmp_path / "snapshot")
    before = Snapshot.open(tmp_path / "snapshot").checksum
    if content is None:
        (folder / file).unlink()
    else:
        (folder / file).write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=message):
        import_extracts(folder, tmp_path / "snapshot")
    assert Snapshot.open(tmp_path / "snapshot").checksum == before


def test_a_packed_file_that_is_cut_off_is_refused(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = PLAN.replace('name = "b.csv"', 'name = "b.csv.gz"')
    text = text.replace('table = "T1"', 'table = "T1"\ndivision = 2022')
    monkeypatch.setattr(extracts, "read_plan", lambda: read_plan(text))
    (folder / "b.csv").unlink()
    packed = folder / "b.csv.gz"
    pd.DataFrame({"region": ["2281"] * 9}).to_csv(packed, index=False)
    packed.write_bytes(packed.read_bytes()[:-12])
    with pytest.raises(DataError, match=r"b\.csv\.gz: can not be read as CSV"):
        import_extracts(folder, tmp_path / "snapshot")


@pytest.fixture(scope="session")
def imported(
    shared: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Snapshot, ImportReport]:
    """A fresh import of all the extracts."""
    path = tmp_path_factory.mktemp("import") / "snapshot"
    report = import_extracts(shared / "figures", path)
    return Snapshot.open(path), report


def _described(snapshot: Snapshot) -> dict[str, object]:
    """Give the description without what depends on the Parquet writer's version."""
    package = json.loads((snapshot.path / "datapackage.json").read_text(encoding="utf-8"))
    for resource in package["resources"]:
        del resource["bytes"], resource["hash"]
    return package


def test_the_embedded_snapshot_is_a_fresh_import(
    embedded: Snapshot, imported: tuple[Snapshot, ImportReport]
) -> None:
    fresh, _ = imported
    assert embedded.indicators == fresh.indicators
    assert _described(embedded) == _described(fresh)
    for indicator in fresh.indicators:
        left = embedded.observations(indicator)
        right = fresh.observations(indicator)
        left.attrs, right.attrs = {}, {}
        pd.testing.assert_frame_equal(left, right, check_exact=True)


def test_files_that_hold_the_same_figures_agree(
    imported: tuple[Snapshot, ImportReport],
) -> None:
    _, report = imported
    assert report.checks["differ"].sum() == 0
    assert report.checks["missing_in_one"].sum() == 0
    cells = report.checks.groupby(["indicator", "file"])["cells"].sum()
    # The manifest counts the first five: Kolada against four files, and prices.
    assert cells["population_by_age", "lulea_panel_vasternorrland_2002_2024.csv"] == 126 + 35
    assert cells["population_by_age", "population_age_sex_2019.csv.gz"] == 290 + 3_190
    assert cells["population_by_age", "population_birth_region_2020_2023.csv.gz"] == 290 * 4
    assert cells["population_by_age", "persons_by_household_size_2019.csv"] == 290
    assert cells["house_prices", "house_price_mean_2012_2017.csv"] == 1_740
    # Immigration and in-migration of 21 counties, 1968-1996.
    assert cells["migration_older", "county_population_migration_1968_2021.csv"] == 2 * 21 * 29


def test_every_row_of_every_file_is_accounted_for(
    shared: Path, imported: tuple[Snapshot, ImportReport]
) -> None:
    fresh, report = imported
    files = {one.name for one in (shared / "figures").iterdir() if ".csv" in one.suffixes}
    assert set(report.files["file"]) == files
    quiet = report.files.query("kept == 0 and reason == ''")
    assert quiet.empty
    rows = sum(len(fresh.observations(indicator)) for indicator in fresh.indicators)
    # Kept rows less those that a file of a lower rank also holds.
    doubles = report.checks[~report.checks["file"].isin(_compared_only())]["cells"].sum()
    assert rows == report.files["kept"].sum() - doubles


def _compared_only() -> set[str]:
    return {
        "population_birth_region_2020_2023.csv.gz",
        "municipality_panel_2002_2022.csv.gz",
        "persons_by_household_size_2019.csv",
        "county_population_migration_1968_2021.csv",
    }
