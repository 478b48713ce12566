"""Municipalities, their net migration, and weights between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from regionstudy.analysis.spatial import Weights, weights
from regionstudy.geography import regions

if TYPE_CHECKING:
    import geopandas as gpd


@pytest.fixture(scope="session")
def municipalities() -> gpd.GeoDataFrame:
    return regions("municipality")


@pytest.fixture(scope="session")
def borders(municipalities: gpd.GeoDataFrame) -> Weights:
    return weights(municipalities)


@pytest.fixture(scope="session")
def tied(municipalities: gpd.GeoDataFrame) -> Weights:
    return weights(municipalities, islands="tie")


@pytest.fixture(scope="session")
def net_2024(net_rate: pd.DataFrame) -> pd.DataFrame:
    """Net migration per 1,000 in 2024, all 290 municipalities."""
    frame = net_rate[(net_rate["period"] == "2024") & (net_rate["region"].str.len() == 4)]
    frame = frame[frame["region"] != "0000"]
    return frame[["region", "value", "status"]].reset_index(drop=True)


@pytest.fixture(scope="session")
def made_up(municipalities: gpd.GeoDataFrame) -> pd.Series:
    """A figure that differs in every municipality and grows to the north, drawn once."""
    north = municipalities.geometry.centroid.y.to_numpy()
    noise = np.random.default_rng(7).normal(size=len(north))
    return pd.Series((north - north.mean()) / north.std() + noise, index=municipalities["region"])
