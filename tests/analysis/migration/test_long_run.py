"""The long series: joined, with its gap, and never with a year twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from regionstudy.analysis.migration import long_series, persons_from_rates
from regionstudy.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path


def yearly(first: int, values: list[float], region: str = "2281") -> pd.DataFrame:
    periods = [str(first + step) for step in range(len(values))]
    return pd.DataFrame({"region": region, "period": periods, "value": values, "status": ""})


@pytest.fixture
def sundsvall(shared: Path, net_rate, total_population) -> dict[str, pd.DataFrame]:
    path = shared / "figures" / "migration_municipality_1968_1996.csv.gz"
    old = pd.read_csv(path, dtype={"region": str, "period": str, "status": str}).fillna(
        {"status": ""}
    )
    old = old[(old["indicator"] == "net_migration") & (old["region"] == "2281")]
    late = persons_from_rates(net_rate, total_population, decimals=2)
    return {"1968-1996": old, "2014-": late[late["region"] == "2281"]}


def test_gap_of_1997_to_2013_is_a_gap(sundsvall):
    found = long_series(sundsvall, breaks=["2025"]).set_index("period")
    gap = found.loc["1997":"2013"]
    assert len(gap) == 17
    assert gap["value"].isna().all()
    assert (gap["status"] == "..").all()
    assert (gap["source"] == "").all()
    assert gap["segment"].isna().all()
    assert found.loc["1968":"1996", "value"].notna().all()
    assert found.loc["2014", "cut"] == "absent"
    assert found.loc["2025", "cut"] == "break"
    assert found["segment"].dropna().unique().tolist() == [0, 1, 2]


def test_sources_that_meet_without_a_gap_are_told_apart():
    found = long_series({"old": yearly(1995, [1.0, 2.0]), "new": yearly(1997, [3.0, 4.0])})
    assert found["cut"].tolist() == ["", "", "source", ""]
    assert found["segment"].tolist() == [0, 0, 1, 1]


def test_missing_year_within_a_source_keeps_its_source():
    old = yearly(1995, [1.0, np.nan, 3.0]).assign(status=["", "..", ""])
    found = long_series({"old": old})
    assert found["source"].tolist() == ["old"] * 3
    assert found["cut"].tolist() == ["", "", "missing"]


def test_provenance_is_that_of_all_parts():
    old, new = yearly(1995, [1.0]), yearly(1997, [3.0])
    old.attrs["provenance"], new.attrs["provenance"] = {"a": {"table": "A"}}, {"b": {"table": "B"}}
    assert set(long_series({"old": old, "new": new}).attrs["provenance"]) == {"a", "b"}


def test_region_that_begins_later_begins_later():
    new = pd.concat([yearly(1996, [1.0]), yearly(2003, [5.0], "0330")])
    found = long_series({"old": yearly(1995, [2.0]), "new": new})
    assert found.loc[found["region"] == "0330", "period"].tolist() == ["2003"]


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({}, "parts is empty"),
        ({"old": yearly(1995, [])}, "old has no rows"),
        (
            {"old": yearly(1995, [1.0, 2.0]), "new": yearly(1996, [9.0])},
            "Region 2281 has 1996 in old, new",
        ),
        (
            {"old": yearly(1995, [1.0], "1263"), "new": yearly(1997, [1.0], "1280")},
            "old has the regions 1263, which new lacks; recode old codes",
        ),
        ({"old": yearly(1995, [1.0]).assign(period="1995K1")}, "not a year"),
        ({"old": pd.concat([yearly(1995, [1.0])] * 2)}, "old has 1 repeated rows"),
        ({"old": yearly(1995, [1.0]).drop(columns="status")}, "old lacks the column status"),
    ],
)
def test_unusable_parts_are_refused(parts, message):
    with pytest.raises(DataError, match=message):
        long_series(parts)
