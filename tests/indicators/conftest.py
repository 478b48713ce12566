"""A small store and a catalogue that tests fill with what they need."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from regionstudy.catalogue import Catalogue, Indicator

STATUSES = ["", "..", ".", "-", "p", "r", "i"]


class FakeSnapshot:
    """What `compute` asks of the store, held in memory."""

    def __init__(self, frames: dict[str, pd.DataFrame]) -> None:
        self.frames = frames
        self.indicators = tuple(sorted(frames))

    def observations(self, indicator: str, *, periods=None, regions=None) -> pd.DataFrame:
        return self.frames[indicator].copy()

    def provenance(self, indicator: str) -> dict[str, Any]:
        return {"publisher": "SCB", "table": indicator.upper()}


def _observe(rows: list[tuple[Any, ...]], *breakdowns: str) -> pd.DataFrame:
    """Rows of (region, period, breakdowns ..., value[, status]) as the store gives them."""
    width = 3 + len(breakdowns)
    full = [row if len(row) > width else (*row, "" if row[-1] == row[-1] else "..") for row in rows]
    frame = pd.DataFrame(full, columns=["region", "period", *breakdowns, "value", "status"])
    frame["value"] = frame["value"].astype("float64")
    frame["status"] = pd.Categorical(frame["status"], categories=STATUSES)
    return frame.assign(indicator="x")


def _entry(name: str, **keys: Any) -> Indicator:
    """One catalogue entry; observed unless a formula is given."""
    table = {"id": "TAB1"}
    source = None if "formula" in keys else {"kind": "scb", "tables": [table]}
    words = {"sv": name, "en": name}
    return Indicator.model_validate(
        {
            "id": name,
            "domain": "people",
            "title": words,
            "label": words,
            "description": words,
            "symbol": words,
            "unit": "persons",
            "decimals": 0,
            "direction": 0,
            "role": "context",
            "levels": ["municipality"],
            "update": "none",
            "licence": "CC0",
            "certainty": "V",
            "source": source,
            **keys,
        }
    )


@pytest.fixture(scope="session")
def observe():
    """Make observations: rows of (region, period, breakdowns ..., value[, status])."""
    return _observe


@pytest.fixture(scope="session")
def entry():
    """Make one catalogue entry; observed unless a formula is given."""
    return _entry


@pytest.fixture(scope="session")
def study():
    """Build a store and its catalogue: frames by id, and further entries."""

    def build(frames: dict[str, pd.DataFrame], *entries: Indicator):
        known = {item.id: item for item in entries}
        for name in frames:
            known.setdefault(name, _entry(name))
        catalogue = Catalogue(known, domains={}, units={})
        return {"snapshot": FakeSnapshot(frames), "catalogue": catalogue}

    return build
