"""What the store's tests share: the embedded snapshot, and small frames."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from regionstudy.store import Snapshot

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture(scope="session")
def embedded(repository: Path) -> Snapshot:
    """The snapshot that is committed."""
    return Snapshot.open(repository / "data" / "snapshot")


@pytest.fixture
def rents() -> pd.DataFrame:
    """Three observations, one of them missing."""
    return pd.DataFrame(
        {
            "region": ["2281", "0114", "2281"],
            "indicator": "rents",
            "period": ["2021", "2022", "2022"],
            "value": [1090.0, float("nan"), 1118.0],
            "status": ["", "..", ""],
        }
    )


@pytest.fixture
def source() -> Callable[..., dict[str, Any]]:
    """Make the provenance of an id."""

    def make(**other: Any) -> dict[str, Any]:
        return {
            "publisher": "SCB",
            "source": "SCB",
            "table": "BO0406E/BO0406Tab01",
            "retrieved": "2026-11-24",
            "licence": "CC0-1.0",
            **other,
        }

    return make
