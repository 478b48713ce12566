"""Reading a snapshot: lazily, verified, and with its provenance."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from regionstudy.errors import DataError
from regionstudy.store import Snapshot, write_snapshot

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any


@pytest.fixture
def folder(tmp_path: Path, rents: pd.DataFrame, source: Callable[..., dict[str, Any]]) -> Path:
    """A snapshot of one indicator."""
    write_snapshot({"rents": rents}, {"rents": source()}, tmp_path / "snapshot")
    return tmp_path / "snapshot"


def test_opening_reads_no_figures(folder: Path) -> None:
    shutil.rmtree(folder / "observations")
    snapshot = Snapshot.open(folder)
    assert snapshot.indicators == ("rents",)
    assert snapshot.retrieved == dt.date(2026, 11, 24)
    assert snapshot.summary()["rows"].tolist() == [3]


def test_observations_are_those_that_were_written(folder: Path) -> None:
    frame = Snapshot.open(folder).observations("rents")
    assert list(frame.columns) == ["region", "indicator", "period", "value", "status"]
    assert frame["value"].dtype == "float64"
    assert frame["status"].dtype == pd.CategoricalDtype(["", "..", ".", "-", "p", "r", "i"])
    cell = frame.query("region == '0114'")
    assert cell["status"].tolist() == [".."]
    assert cell["value"].isna().all()


def test_periods_and_regions_are_chosen(folder: Path) -> None:
    snapshot = Snapshot.open(folder)
    assert snapshot.observations("rents", periods=["2021"])["value"].tolist() == [1090.0]
    assert snapshot.observations("rents", regions=["0114"])["period"].tolist() == ["2022"]
    assert snapshot.observations("rents", periods=["2022"], regions=["2281"])["value"].tolist() == [
        1118.0
    ]


def test_each_frame_is_a_new_one(folder: Path) -> None:
    snapshot = Snapshot.open(folder)
    first = snapshot.observations("rents")
    first.loc[:, "value"] = 0.0
    first.attrs["provenance"]["rents"]["publisher"] = "nobody"
    second = snapshot.observations("rents")
    assert second["value"].max() == 1118.0
    assert second.attrs["provenance"]["rents"]["publisher"] == "SCB"


def test_provenance_has_the_agreed_keys(embedded: Snapshot) -> None:
    keys = {
        "publisher", "source", "table", "query", "how", "retrieved", "updated", "licence",
        "checksum", "note", "transcribed", "url", "division", "segments",
    }  # fmt: skip
    for indicator in embedded.indicators:
        facts = embedded.provenance(indicator)
        assert set(facts) == keys, indicator
        assert facts["retrieved"] == "2026-11-24"
        assert facts["checksum"].startswith("sha256:")
        assert set(facts["how"]) == set(facts["note"]) == {"sv", "en"}
        assert "API" in facts["how"]["en"]
        assert facts["segments"]


def test_segments_say_which_rows_come_from_which_file(embedded: Snapshot) -> None:
    facts = embedded.provenance("population_by_age")
    rows = {one["file"]: one["rows"] for one in facts["segments"]}
    assert sum(rows.values()) == len(embedded.observations("population_by_age"))
    assert next(iter(rows)) == "kolada_population_1998_2019.csv.gz"
    # 290 municipalities, 2020-2024.
    assert rows["population_total_2020_2025.csv"] == 290 * 5
    typed = [one["file"] for one in facts["segments"] if one["transcribed"]]
    assert typed == ["lulea_panel_vasternorrland_2002_2024.csv"]
    assert facts["transcribed"] is True


def test_provenance_travels_with_the_frame(embedded: Snapshot) -> None:
    frame = embedded.observations("rents", periods=["2022"])
    facts = frame.attrs["provenance"]["rents"]
    assert facts["table"] == "BO0406E/BO0406Tab01"
    assert facts["updated"] == "2022-09-30"


def test_summary_counts_what_is_there(embedded: Snapshot) -> None:
    row = embedded.summary().set_index("indicator").loc["dwellings_completed"]
    assert row[["first", "last"]].tolist() == ["2011", "2024"]
    assert row[["periods", "country", "county", "municipality"]].tolist() == [14, 1, 21, 290]
    assert row[["rows", "missing"]].tolist() == [312 * 14, 0]


def test_checksum_changes_with_any_figure(
    folder: Path, tmp_path: Path, rents: pd.DataFrame, source: Callable[..., dict[str, Any]]
) -> None:
    changed = rents.assign(value=rents["value"].mask(rents["period"] == "2021", 1091.0))
    write_snapshot({"rents": changed}, {"rents": source()}, tmp_path / "other")
    assert Snapshot.open(folder).checksum != Snapshot.open(tmp_path / "other").checksum
    write_snapshot({"rents": rents}, {"rents": source()}, tmp_path / "other")
    assert Snapshot.open(folder).checksum == Snapshot.open(tmp_path / "other").checksum


@pytest.mark.parametrize("damage", ["flipped", "truncated"])
def test_a_damaged_file_is_refused_with_both_checksums(folder: Path, damage: str) -> None:
    file = folder / "observations" / "rents.parquet"
    content = bytearray(file.read_bytes())
    content[40] ^= 1
    file.write_bytes(content if damage == "flipped" else content[:-10])
    snapshot = Snapshot.open(folder)
    expected = r"rents\.parquet: .*expected \d+ bytes, sha256:\w{64}; got \d+ bytes, sha256:\w{64}"
    with pytest.raises(
        DataError, match=expected + r".*git checkout .*snapshot.*regionstudy import"
    ):
        snapshot.observations("rents")


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "observations" / "rents.parquet").unlink()
    with pytest.raises(DataError, match=r"rents\.parquet: .*can not be read.*git checkout"):
        Snapshot.open(folder).observations("rents")


def test_rows_that_are_not_those_described_are_refused(folder: Path) -> None:
    file = folder / "datapackage.json"
    package = json.loads(file.read_text(encoding="utf-8"))
    package["resources"][0]["rows"] = 4
    file.write_text(json.dumps(package), encoding="utf-8")
    with pytest.raises(DataError, match=r"rents\.parquet: 3 rows, 4 described.*regionstudy import"):
        Snapshot.open(folder).observations("rents")


@pytest.mark.parametrize("content", ["{", "[]", '{"resources": [{"name": "rents"}]}', "7"])
def test_a_broken_description_is_refused(folder: Path, content: str) -> None:
    (folder / "datapackage.json").write_text(content, encoding="utf-8")
    with pytest.raises(
        DataError, match=r"datapackage\.json: the description.*broken.*git checkout"
    ):
        Snapshot.open(folder)


def test_no_snapshot_names_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"nothing.*there is no snapshot.*regionstudy import"):
        Snapshot.open(tmp_path / "nothing")


def test_a_snapshot_left_aside_by_a_killed_write_is_read_there(folder: Path) -> None:
    good = Snapshot.open(folder).checksum
    folder.rename(folder.with_name("snapshot.previous"))
    assert Snapshot.open(folder).checksum == good


def test_an_id_without_figures_suggests_the_nearest_and_the_command(folder: Path) -> None:
    with pytest.raises(
        DataError, match=r'no figures of "rent".*nearest.*rents.*fetch --indicator rent`'
    ):
        Snapshot.open(folder).observations("rent")


def test_description_is_a_data_package(embedded: Snapshot) -> None:
    package = json.loads((embedded.path / "datapackage.json").read_text(encoding="utf-8"))
    # The required and the recommended properties of Frictionless Data Package v2.
    assert package["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert dt.datetime.fromisoformat(package["created"]).tzinfo is not None
    assert {"name", "title", "licenses", "sources", "resources"} <= set(package)
    for resource in package["resources"]:
        assert (embedded.path / resource["path"]).stat().st_size == resource["bytes"]
        assert {"name", "path", "format", "mediatype", "hash", "sources", "licenses"} <= set(
            resource
        )
        fields = {field["name"]: field["type"] for field in resource["schema"]["fields"]}
        assert fields["value"] == "number"
        assert set(resource["schema"]["primaryKey"]) == set(fields) - {"value", "status"}
        assert all(licence.get("name") for licence in resource["licenses"])


def test_snapshot_is_small(embedded: Snapshot) -> None:
    size = sum(file.stat().st_size for file in embedded.path.rglob("*") if file.is_file())
    assert size < 3_000_000
