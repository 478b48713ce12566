"""What `regionstudy status --changes` tells of revisions."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import numpy as np
import pytest

from regionstudy.console.status import changes_of, changes_text
from regionstudy.store import Snapshot
from regionstudy.store.fetch.vintages import merge_vintages
from regionstudy.store.write import SnapshotWriter

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def study(repository: Path, tmp_path: Path) -> Path:
    """A study whose house prices of Ånge and Sundsvall 2023 have been revised."""
    (tmp_path / "data").mkdir()
    for part in ("study.toml", "snapshot"):
        of = repository / "data" / part
        (shutil.copytree if of.is_dir() else shutil.copy)(of, tmp_path / "data" / part)
    held = Snapshot.open(tmp_path / "data" / "snapshot")
    before = held.observations("house_prices")
    now = before.assign(status=before["status"].astype("str"))
    ange = now["region"].eq("2260") & now["period"].eq("2023")
    sundsvall = now["region"].eq("2281") & now["period"].eq("2023")
    now.loc[sundsvall, "value"] *= 1.25
    now.loc[ange, ["value", "status"]] = [np.nan, ".."]
    merged, revised = merge_vintages(before, now, day="2026-11-25")
    with SnapshotWriter(held.path) as writer:
        writer.add("house_prices", merged.drop(columns="fresh"), held.provenance("house_prices"))
        writer.revise("house_prices", revised)
        writer.keep(held)
        writer.replace()
    return tmp_path


def test_each_revision_has_its_earlier_and_its_present_value(study: Path) -> None:
    revised = changes_of(study).set_index("region")
    assert sorted(revised.index) == ["2260", "2281"]
    assert revised.loc["2281", "change"] == pytest.approx(25)
    assert revised.loc["2260", "status_now"] == ".."
    assert np.isnan(revised.loc["2260", "value_now"])


def test_the_text_counts_revisions_and_tells_the_largest(study: Path) -> None:
    text = changes_text(changes_of(study))
    assert "The 2 largest of 2 revisions" in text
    assert "+25.0 %" in text
    assert ".." in text


def test_what_was_not_rewritten_stays_byte_for_byte(study: Path, repository: Path) -> None:
    old = Snapshot.open(repository / "data" / "snapshot").resources
    new = Snapshot.open(study / "data" / "snapshot").resources
    assert {name: one["hash"] for name, one in new.items() if name != "house_prices"} == {
        name: one["hash"] for name, one in old.items() if name != "house_prices"
    }


def test_a_snapshot_without_revisions_says_so(repository: Path) -> None:
    assert (
        changes_text(changes_of(repository)) == "No figure has been revised since it was fetched."
    )
