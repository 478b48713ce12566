"""Official figures as frames, read from the shared files as the store would give them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

if TYPE_CHECKING:
    from pathlib import Path


def read_figures(path: Path) -> pd.DataFrame:
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    frame["value"] = pd.to_numeric(frame["value"].where(frame["value"] != ""))
    frame["status"] = frame["status"].astype("category")
    return frame


@pytest.fixture(scope="session")
def young_adults(shared: Path) -> pd.DataFrame:
    """Population by single year of age 20-30, year end 1998-2019, all municipalities."""
    frame = read_figures(shared / "figures" / "kolada_population_1998_2019.csv.gz")
    return frame[frame["indicator"] == "population_by_age"].reset_index(drop=True)


@pytest.fixture(scope="session")
def total_population(shared: Path) -> pd.DataFrame:
    """Population in all, year end 1998-2025, all municipalities."""
    early = read_figures(shared / "figures" / "kolada_population_1998_2019.csv.gz")
    late = read_figures(shared / "figures" / "population_total_2020_2025.csv")
    columns = ["region", "period", "value", "status"]
    early = early.loc[early["indicator"] == "population_total", columns]
    return pd.concat([early, late[columns]], ignore_index=True)


@pytest.fixture(scope="session")
def all_ages(shared: Path) -> pd.DataFrame:
    """Population by single year of age and sex, a month of 2018 and of 2022."""
    return read_figures(shared / "figures" / "population_age_sex_2018_2022.csv.gz")


@pytest.fixture(scope="session")
def net_rate(shared: Path) -> pd.DataFrame:
    """Net migration per 1,000 at year end, 2014-2025."""
    return read_figures(shared / "figures" / "net_migration_rate_2014_2025.csv.gz")


@pytest.fixture(scope="session")
def natural_rate(shared: Path) -> pd.DataFrame:
    """Births less deaths per 1,000 at year end, 2014-2025."""
    return read_figures(shared / "figures" / "natural_change_rate_2014_2025.csv.gz")
