"""The newest complete year of each indicator."""

from __future__ import annotations

import pandas as pd
import pytest

from regionstudy.errors import DataError
from regionstudy.indicators import newest

NAN = float("nan")


def frame(rows: list[tuple[str, str, str, float, str]]) -> pd.DataFrame:
    result = pd.DataFrame(rows, columns=["region", "indicator", "period", "value", "status"])
    return result.astype({"status": "category"})


ROWS = frame(
    [
        ("2281", "complete", "2023", 1.0, ""),
        ("2262", "complete", "2023", 2.0, "p"),
        ("2281", "complete", "2024", 3.0, ""),
        ("2262", "complete", "2024", NAN, ".."),
        ("2281", "old", "2015", 1.0, ""),
        ("2262", "old", "2015", 1.0, ""),
        ("2281", "partial", "2024", 5.0, ""),
        ("2281", "future", "2030", 1.0, ""),
        ("2262", "future", "2030", 1.0, ""),
        ("0114", "elsewhere", "2024", 1.0, ""),
    ]
)


def test_newest_period_with_every_region_is_chosen():
    selection = newest(ROWS, regions=["2281", "2262"], as_of=2025)
    assert selection.periods.to_dict() == {"complete": "2023"}
    assert selection.values.loc["2281", "complete"] == 1
    assert selection.status.loc["2262", "complete"] == "p"


def test_regions_keep_the_order_asked_for():
    selection = newest(ROWS, regions=["2281", "2262"], as_of=2025)
    assert selection.values.index.tolist() == ["2281", "2262"]


def test_what_is_dropped_is_named_with_reason_and_newest_period():
    selection = newest(ROWS, regions=["2281", "2262"], as_of=2025)
    assert selection.dropped.to_dict("list") == {
        "id": ["old", "partial", "future", "elsewhere"],
        "reason": ["too_old", "partial", "no_figures", "no_figures"],
        "period": ["2015", "2024", "", ""],
    }


def test_indicators_without_any_figures_are_dropped_by_name():
    rows = ROWS.copy()
    rows.attrs["missing"] = {"never_fetched": {}}
    dropped = newest(rows, regions=["2281"], as_of=2025).dropped
    assert dropped.set_index("id").loc["never_fetched", "reason"] == "no_figures"


def test_years_is_counted_back_from_as_of():
    regions = ["2281", "2262"]
    assert "old" not in newest(ROWS, regions=regions, years=9, as_of=2025).values
    assert "old" in newest(ROWS, regions=regions, years=10, as_of=2025).values


def test_one_region_alone_uses_its_own_newest_period():
    selection = newest(ROWS, regions=["2281"], as_of=2025)
    assert selection.periods["complete"] == "2024"
    assert selection.values.columns.tolist() == ["complete", "partial"]


def test_recent_but_partial_is_told_from_old():
    rows = frame(
        [
            ("2281", "votes", "2018", 1.0, ""),
            ("2262", "votes", "2018", 1.0, ""),
            ("2281", "votes", "2022", 1.0, ""),
            ("2262", "votes", "2022", NAN, ".."),
        ]
    )
    dropped = newest(rows, regions=["2281", "2262"], as_of=2026).dropped
    assert dropped.to_dict("list") == {"id": ["votes"], "reason": ["partial"], "period": ["2022"]}


def test_nothing_left_gives_empty_tables():
    selection = newest(ROWS, regions=["1480"], as_of=2025)
    assert selection.values.shape == (1, 0)
    assert len(selection.dropped) == 5


def test_two_rows_of_one_place_are_an_error():
    with pytest.raises(DataError, match="old, region 2281, period 2015: two rows"):
        newest(pd.concat([ROWS, ROWS.iloc[[4]]]), regions=["2281"], as_of=2025)
