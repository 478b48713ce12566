"""What a fetched frame must be before it may enter the snapshot."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from regionstudy.errors import DataError
from regionstudy.store.fetch.validate import require_valid

from .entries import entry, kpi

NAN = float("nan")


def frame(**changed: Any) -> pd.DataFrame:
    """Three sound observations, some of whose columns are others."""
    usual = {
        "region": ["00", "22", "2281"],
        "indicator": "residents",
        "period": ["2024", "2024K3", "2024M05"],
        "sex": ["total", "1", "2"],
        "value": [1.0, 0.0, NAN],
        "status": ["", "-", ".."],
    }
    return pd.DataFrame({**usual, **changed})


def check(rows: pd.DataFrame, **entry_: Any) -> None:
    """Check rows against an entry."""
    require_valid(rows, entry(source=kpi("N01951"), **entry_), name="TAB638")


def test_sound_rows_pass() -> None:
    check(frame())


@pytest.mark.parametrize("status", ["", "-", "p", "r", "i"])
def test_each_status_of_a_value_passes(status: str) -> None:
    check(frame(value=[1.0, 2.0, 3.0], status=status))


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"region": ["00", "22", "9999"]}, r"region should be a region of country.*got 9999"),
        ({"region": ["00", "22", "FA42"]}, r"region should be a region of country.*got FA42"),
        ({"region": ["00", "22", "281"]}, r"region should be.*got 281"),
        (
            {"period": ["2024", "2024", "24"]},
            r"period should be a period such as 2024, 2024K3 or 2024M05, got 24",
        ),
        (
            {"period": ["2024K5", "2024", "2024M05"]},
            r"period should be a period such as 2024, 2024K3 or 2024M05, got 2024K5",
        ),
        (
            {"period": ["2024M13", "2024", "2024M05"]},
            r"period should be a period such as 2024, 2024K3 or 2024M05, got 2024M13",
        ),
        ({"status": ["", "-", ":"]}, r'status should be one of "", "\.\.", .*got :'),
        (
            {"value": [NAN, 0.0, NAN]},
            r'1 rows should have no value exactly where their status is "\.\." or "\.", '
            r"the first region=00 .*value=nan status=",
        ),
        (
            {"value": [1.0, 0.0, 3.0]},
            r"1 rows should have no value exactly .*, "
            r"the first region=2281 .*period=2024M05 sex=2 value=3\.0 status=\.\.",
        ),
        ({"value": [-1.0, 0.0, NAN]}, r"value should be 0 or more, got -1"),
        ({"sex": ["total", "", "2"]}, r"sex should be a code, got "),
        ({"indicator": "others"}, r"indicator should be residents, got others"),
        ({"value": ["1", "0", "3"]}, r"value should be dtype"),
        (
            {"region": "2281", "period": "2024", "sex": "1"},
            r"3 rows should have a key of their own, "
            r"the first region=2281 indicator=residents period=2024 sex=1 value=1\.0",
        ),
    ],
)
def test_each_rule_says_what_it_wants_and_got(changed: dict[str, Any], message: str) -> None:
    pattern = rf"residents: the figures of TAB638 do not fit the catalogue: .*(?:{message})"
    with pytest.raises(DataError, match=pattern):
        check(frame(**changed))


def test_a_level_that_the_entry_lacks_is_refused() -> None:
    with pytest.raises(DataError, match=r"a region of municipality, got 00, 22"):
        check(frame(), levels=("municipality",))


def test_a_former_municipality_is_a_region() -> None:
    check(frame(region=["00", "22", "1917"]))  # Heby, in Västmanland until 2007


@pytest.mark.parametrize("column", ["origin", "destination"])
def test_where_people_move_to_must_be_a_region(column: str) -> None:
    check(frame(**{column: ["2281", "0180", "22"]}))
    with pytest.raises(DataError, match=rf"{column} should be a region that the code list has"):
        check(frame(**{column: ["2281", "0180", "Mars"]}))


def test_everything_wrong_is_named_at_once() -> None:
    rows = frame(region=["99", "22", "2281"], period=["2024", "x", "2024"], value=[-2.0, 0.0, NAN])
    with pytest.raises(DataError) as caught:
        check(rows)
    told = str(caught.value)
    assert "got 99" in told
    assert "got x" in told
    assert "got -2.0" in told
    assert told.endswith("Correct its entry, or report that the service has changed.")


def test_no_more_than_three_cases_are_shown() -> None:
    rows = pd.concat([frame(period=str(n)) for n in range(5)], ignore_index=True)
    with pytest.raises(DataError, match=r"got 0, 1, 2 and 2 more"):
        check(rows)


@pytest.mark.parametrize(
    ("entry_", "changed"),
    [
        ({"name": "net_moves"}, {"indicator": "net_moves"}),
        ({"unit": "percent"}, {}),
        ({}, {"flow": ["a", "b", "c"]}),
    ],
)
def test_what_may_be_less_than_nothing_passes(
    entry_: dict[str, Any], changed: dict[str, Any]
) -> None:
    rows = frame(value=[-1.0, 0.0, NAN], **changed)
    require_valid(rows, entry(source=kpi("N01951"), **entry_), name="TAB638")


def test_a_column_that_is_missing_is_named() -> None:
    with pytest.raises(DataError, match="the column period is missing"):
        check(frame().drop(columns="period"))


def test_a_table_without_any_figure_is_refused() -> None:
    with pytest.raises(DataError, match=r"TAB638 has no figure: every cell is missing"):
        check(frame(value=[NAN, NAN, NAN], status=["..", ".", ".."]))
