"""Small frames that figures are drawn from."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from regionstudy.figures.content import Measure, as_text
from regionstudy.words import Words, use_language

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CODES = ("2281", "2262", "2282", "2280", "2284", "2283", "2260")


@pytest.fixture(autouse=True)
def _swedish() -> Iterator[None]:
    use_language("sv")
    yield
    use_language("sv")


@pytest.fixture
def squares() -> gpd.GeoDataFrame:
    """Seven squares of 10 km in a row, named as the county's municipalities."""
    names = ("Sundsvall", "Timrå", "Kramfors", "Härnösand", "Örnsköldsvik", "Sollefteå", "Ånge")
    shapes = [
        shapely.box(600_000 + 10_000 * i, 6_900_000, 610_000 + 10_000 * i, 6_910_000)
        for i in range(len(CODES))
    ]
    return gpd.GeoDataFrame(
        {"region": CODES, "name": names, "level": "municipality", "parent": "22"},
        geometry=shapes,
        crs="EPSG:3006",
    )


@pytest.fixture
def net() -> pd.DataFrame:
    """A net a region; Kramfors is missing and Ånge protected (its 123.456 may not be seen)."""
    frame = pd.DataFrame(
        {
            "region": CODES,
            "indicator": "net",
            "period": "2024",
            "value": [0.1, 0.7, float("nan"), -0.8, -0.3, -2.6, 123.456],
            "status": ["", "p", "..", "", "", "", "suppressed"],
            "rank": [2.0, 1.0, float("nan"), 4.0, 3.0, 5.0, 77777.0],
            "national": -0.2,
        }
    )
    frame.attrs["provenance"] = {
        "net": {
            "publisher": "SCB",
            "table": "TAB638",
            "retrieved": "2026-11-24",
            "licence": "CC0",
            "transcribed": True,
            "url": "https://www.scb.se/x",
        },
        "other": {"publisher": "Någon annan"},
    }
    return frame


@pytest.fixture
def measure() -> Measure:
    return Measure(
        Words("Flyttnetto", "Net migration"),
        Words("per 100 invånare", "per 100 residents"),
        as_text("2024"),
    )


@pytest.fixture
def bundle() -> Callable[[Any], str]:
    """All that a result hands to Jupyter, as one string to search."""
    return lambda shown: json.dumps(shown._repr_mimebundle_(), ensure_ascii=False)


@pytest.fixture
def texts() -> Callable[[Any], list[dict[str, str]]]:
    """Every {"sv", "en"} of a payload."""

    def found(payload: Any) -> list[dict[str, str]]:
        if isinstance(payload, dict):
            if set(payload) == {"sv", "en"} and all(isinstance(t, str) for t in payload.values()):
                return [payload]
            payload = list(payload.values())
        if isinstance(payload, list):
            return [text for part in payload for text in found(part)]
        return []

    return found
