"""The reference packages' worked results, read once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture(scope="session")
def asem(shared: Path) -> Callable[[str], pd.DataFrame]:
    """Read one of COINr's ASEM tables, its first column as the index."""
    folder = shared / "oracles" / "asem"

    def read(name: str) -> pd.DataFrame:
        # "NA" would be Namibia in a country code; an empty cell alone is missing.
        frame = pd.read_csv(folder / f"{name}.csv", keep_default_na=False, na_values=[""])
        return frame.set_index(frame.columns[0])

    return read


@pytest.fixture(scope="session")
def meta(asem: Callable[[str], pd.DataFrame]) -> pd.DataFrame:
    """COINr's description of the ASEM indicators and aggregates, a row a node."""
    meta = asem("00_iMeta").reset_index().rename(columns={"iCode": "id"})
    return meta[meta["Type"].isin(["Indicator", "Aggregate"])].reset_index(drop=True)


@pytest.fixture(scope="session")
def structure(meta: pd.DataFrame) -> pd.DataFrame:
    """The ASEM structure in our columns."""
    return pd.DataFrame(
        {
            "id": meta["id"],
            "parent": meta["Parent"],
            "weight": meta["Weight"],
            "direction": meta["Direction"],
        }
    )


@pytest.fixture(scope="session")
def custom_structure(structure: pd.DataFrame, asem: Callable[[str], pd.DataFrame]) -> pd.DataFrame:
    """The ASEM structure with the made-up weights of the oracle."""
    weights = asem("weights_custom")["Weight"]
    return structure.assign(weight=structure["id"].map(weights))


@pytest.fixture(scope="session")
def direction(structure: pd.DataFrame, meta: pd.DataFrame) -> pd.Series:
    """Direction of each ASEM indicator."""
    leaves = meta["Type"] == "Indicator"
    return structure[leaves].set_index("id")["direction"]


@pytest.fixture(scope="session")
def compind(shared: Path) -> Callable[[str], pd.DataFrame]:
    """Read one of Compind's tables, its first column as the index."""
    folder = shared / "oracles" / "compind"

    def read(name: str) -> pd.DataFrame:
        frame = pd.read_csv(folder / f"{name}.csv", keep_default_na=False, na_values=[""])
        return frame.set_index(frame.columns[0])

    return read
