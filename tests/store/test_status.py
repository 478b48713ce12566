"""What the store holds, how old it is, and what is missing."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from regionstudy.catalogue import Catalogue
from regionstudy.store import Snapshot, status_table, write_snapshot

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pandas as pd

TODAY = dt.date(2026, 11, 25)


@pytest.fixture(scope="module")
def table(repository: Path) -> pd.DataFrame:
    """The status of the embedded snapshot, by indicator."""
    snapshot = Snapshot.open(repository / "data" / "snapshot")
    return status_table(snapshot, Catalogue.load(), today=TODAY).set_index("indicator")


def test_every_indicator_has_one_row(table: pd.DataFrame) -> None:
    assert set(table.index) == set(Catalogue.load())
    assert table.index.is_unique


def test_held_series_say_what_they_cover_and_their_age(table: pd.DataFrame) -> None:
    row = table.loc["net_migration_rate"]
    assert row[["state", "first", "last", "municipality"]].tolist() == [
        "figures", "2014", "2025", 290,
    ]  # fmt: skip
    # From 31 December 2025 to 25 November 2026.
    assert row["age_days"] == 329
    assert not row["overdue"]


def test_a_series_past_its_cycle_is_overdue_and_a_closed_one_is_not(table: pd.DataFrame) -> None:
    assert table.loc["rents", "last"] == "2022"
    assert table.loc["rents", "overdue"]
    assert not table.loc["migration_older", "overdue"]
    # Ends in 2024 by the catalogue and goes on in population_ckm.
    assert not table.loc["population_by_age", "overdue"]


def test_what_has_no_figures_says_why_and_what_would_fetch_it(table: pd.DataFrame) -> None:
    row = table.loc["migration_net_domestic"]
    assert row["state"] == "missing"
    assert "not among the embedded figures; published by SCB" in row["reason"]
    assert row["command"] == "regionstudy fetch --indicator migration_net_domestic"
    missing = table[table["state"] == "missing"]
    assert missing["reason"].ne("").all()
    assert missing["rows"].isna().all()


def test_a_source_without_a_service_has_no_command(table: pd.DataFrame) -> None:
    row = table.loc["forecast_competence"]
    assert "no service that regionstudy fetches from" in row["reason"]
    assert row["command"] == ""


def test_a_formula_is_no_gap(table: pd.DataFrame) -> None:
    assert table.loc["rental_share", "state"] == "formula"
    assert table.loc["rental_share", "command"] == ""


def test_an_id_that_the_catalogue_lacks_is_told_last(
    tmp_path: Path, rents: pd.DataFrame, source: Callable[..., dict[str, Any]]
) -> None:
    write_snapshot({"own": rents.assign(indicator="own")}, {"own": source()}, tmp_path / "s")
    last = status_table(Snapshot.open(tmp_path / "s"), Catalogue.load(), today=TODAY).iloc[-1]
    assert last["indicator"] == "own"
    assert last["reason"] == "held, but not in the catalogue"
