"""Entries of a catalogue made up for these tests, and what a fake table should give for them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from regionstudy.catalogue import Indicator
from regionstudy.words import Words

if TYPE_CHECKING:
    import pandas as pd
    from tests.sources.pxweb_tables import FakeTable

    from regionstudy.store.fetch.tasks import Series

LEVELS = ("country", "county", "municipality")


def entry(name: str = "residents", *, source: dict[str, Any], **other: Any) -> Indicator:
    """Make an entry; `other` takes the place of what is usual."""
    text = Words(sv=name, en=name)
    usual: dict[str, Any] = {
        "domain": "people",
        "title": text,
        "label": text,
        "description": text,
        "unit": "persons",
        "symbol": text,
        "decimals": 0,
        "direction": 0,
        "role": "context",
        "levels": LEVELS,
        "update": (2,),
        "licence": "CC0",
        "certainty": "V",
    }
    return Indicator.model_validate({"id": name, **usual, **other, "source": source})


def scb(*tables: dict[str, Any]) -> dict[str, Any]:
    """A source of tables, each with what is asked of `population` tables unless it says so."""
    usual: dict[str, Any] = {
        "contents": [{"code": "BE0101N1", "text": "Folkmängd"}],
        "fixed": {"Civilstand": "OG"},
        "select": {"Alder": ["0", "total"], "Kon": ["1", "2", "total"]},
    }
    return {"kind": "scb", "tables": [{**usual, **table} for table in tables]}


def kpi(name: str, **other: Any) -> dict[str, Any]:
    """A source of a key figure."""
    return {"kind": "kolada", "kpi": name, **other}


def stored(table: FakeTable, **codes: str) -> tuple[float, str]:
    """
    What the store should hold of a fake table's cell, by CONTRACTS.md part 2.

    A null with "-" is a true zero; a null without a symbol is not available.
    """
    value, symbol = table.figure(**codes)
    if value is not None:
        return value, symbol
    return (0.0, "-") if symbol == "-" else (math.nan, symbol or "..")


def observed(series: Series | None) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Ask for a series, and read the answers."""
    assert series is not None
    return series.read([task.run() for task in series.tasks])


def same(value: float, other: float) -> bool:
    """Tell whether two figures are one; missing ones are."""
    return value == other or (math.isnan(value) and math.isnan(other))
