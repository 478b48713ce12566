"""What is done to a file's figures before they enter the store."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regionstudy.errors import DataError
from regionstudy.store.extract_plan import Series
from regionstudy.store.tidying import (
    add_totals,
    apply_series,
    blank_zeros,
    recode_period,
    require_codes,
)


def _file(**columns: object) -> pd.DataFrame:
    """Make a file as read: every column is text."""
    rows = {
        "region": ["2281", "2281"],
        "indicator": "persons",
        "period": "2022",
        "sex": ["1", "2"],
        "value": ["10", "20"],
        "status": "",
    }
    return pd.DataFrame(rows | columns).astype("str")


def _apply(frame: pd.DataFrame, **series: object) -> pd.DataFrame:
    entry = Series.model_validate({"read": ["persons"], "into": "population", **series})
    return apply_series(frame, entry, file="persons.csv")


@pytest.mark.parametrize(
    ("given_as", "stored"),
    [
        ("2024", "2024"),
        ("2022-08", "2022M08"),
        ("2024M05", "2024M05"),
        ("2024K3", "2024K3"),
        ("2018/2019", "2019"),
        ("1999/2000", "2000"),
    ],
)
def test_periods_are_written_as_the_store_does(given_as: str, stored: str) -> None:
    assert recode_period(given_as) == stored


@pytest.mark.parametrize(
    "wrong", ["latest", "ca2021", "2024-13", "2024M13", "2024K5", "24", "", "2018/2020"]
)
def test_what_is_no_period_is_refused(wrong: str) -> None:
    with pytest.raises(DataError, match=r"is not a period\. Write"):
        recode_period(wrong)


def test_a_series_becomes_observations_of_our_id() -> None:
    rows = _apply(_file())
    assert list(rows.columns) == ["region", "indicator", "period", "sex", "value", "status"]
    assert set(rows["indicator"]) == {"population"}
    assert rows["value"].tolist() == [10.0, 20.0]


def test_codes_breakdowns_and_units_are_made_ours() -> None:
    frame = _file(sex=["all", "2"], value=["0.5", "0.25"])
    rows = _apply(
        frame, rename={"sex": "gender"}, replace={"gender": {"all": "total"}}, factor=100.0
    )
    assert rows["gender"].tolist() == ["total", "2"]
    assert rows["value"].tolist() == [50.0, 25.0]


def test_the_files_name_can_become_a_breakdown() -> None:
    frame = _file(indicator=["inmigration", "outmigration"], sex="")
    rows = _apply(frame, read=["inmigration", "outmigration"], name_as="flow")
    assert rows["flow"].tolist() == ["inmigration", "outmigration"]
    assert "sex" not in rows


def test_an_empty_breakdown_beside_a_filled_one_is_the_total() -> None:
    rows = _apply(_file(sex=["1", ""]))
    assert rows["sex"].tolist() == ["1", "total"]


def test_periods_and_codes_are_chosen() -> None:
    frame = _file(period=["2021", "2022"])
    assert _apply(frame, periods=["2022", "2023"])["period"].tolist() == ["2022"]
    assert _apply(frame, keep={"sex": "1"}, drop=["sex"])["value"].tolist() == [10.0]


def test_rows_that_the_file_lost_are_missing_not_absent() -> None:
    frame = _file(region=["2281", "0114"], sex=["1", "2"])
    rows = _apply(frame, complete=True).set_index(["region", "sex"])
    assert len(rows) == 4
    assert rows.loc[("0114", "1"), "status"] == ".."
    assert rows.loc[("2281", "1"), "value"] == 10.0


def test_a_word_among_the_values_is_refused() -> None:
    with pytest.raises(DataError, match=r"persons\.csv: a value is not a number.*many"):
        _apply(_file(value=["many", "1"]))


def test_a_breakdown_that_is_not_there_is_named() -> None:
    with pytest.raises(DataError, match=r"persons\.csv: persons has no breakdown age; it has sex"):
        _apply(_file(), drop=["age"])


def test_a_sum_over_a_missing_part_is_missing() -> None:
    parts = pd.DataFrame(
        {
            "region": ["2281", "2281", "0114", "0114"],
            "sex": ["1", "2", "1", "2"],
            "value": [1.0, 2.0, 3.0, None],
            "status": ["", "", "", ".."],
        }
    )
    totals = add_totals(parts, over=["sex"]).query("sex == 'total'").set_index("region")
    assert totals.loc["2281", "value"] == 3.0
    assert pd.isna(totals.loc["0114", "value"])
    assert totals["status"].tolist() == ["", ".."]


@given(values=st.lists(st.integers(0, 10**6), min_size=6, max_size=6))
def test_totals_of_totals_are_the_sum_of_all_parts(values: list[int]) -> None:
    parts = pd.DataFrame(
        {
            "region": "2281",
            "sex": ["1", "1", "1", "2", "2", "2"],
            "age": ["0", "1", "2"] * 2,
            "value": [float(value) for value in values],
            "status": "",
        }
    )
    whole = add_totals(parts, over=["sex", "age"])
    assert len(whole) == 3 * 4
    both = whole.query("sex == 'total' and age == 'total'")
    assert both["value"].tolist() == [float(sum(values))]


def test_only_zeros_before_the_municipality_are_blanked() -> None:
    frame = pd.DataFrame(
        {
            "region": ["0330", "0330", "2281", "0140", "1535", "1443"],
            "period": ["2001", "2003", "2001", "1998", "1994", "1994"],
            "value": [0.0, 0.0, 0.0, 7724.0, 0.0, 0.0],
            "status": "",
        }
    )
    blanked = blank_zeros(frame)
    # 0330 Knivsta 2003; 1535 and 1443 are Bollebygd, 1995, before and after it was renumbered.
    assert blanked["status"].tolist() == ["..", "", "", "", "..", ".."]
    assert blanked["value"].isna().tolist() == [True, False, False, False, True, True]
    assert frame["value"].notna().all()


@pytest.mark.parametrize(
    ("region", "period", "division"),
    [
        ("1917", "2006", None),
        ("0331", "2007", None),
        ("0331", "1998", 2019),
        ("11", "1996", None),
        ("1283", "1968", 1996),
        ("00", "2024", None),
    ],
)
def test_codes_of_their_time_are_accepted(region: str, period: str, division: int | None) -> None:
    frame = pd.DataFrame({"region": [region], "period": [period], "status": [""]})
    require_codes(frame, division=division, file="a.csv")


@pytest.mark.parametrize(
    ("region", "period", "division"),
    [
        ("1917", "2007", None),
        ("0331", "2006", None),
        ("11", "1997", None),
        ("0330", "2002", None),
        ("2281 ", "2024", None),
        ("FA42", "2024", None),
    ],
)
def test_codes_of_another_time_are_refused(region: str, period: str, division: int | None) -> None:
    frame = pd.DataFrame({"region": [region], "period": [period], "status": [""]})
    with pytest.raises(DataError, match=rf"a\.csv: not region codes of their year: {region} \("):
        require_codes(frame, division=division, file="a.csv")


def test_a_wrong_code_gets_the_nearest_one() -> None:
    frame = pd.DataFrame({"region": ["18O"], "period": ["2024"], "status": [""]})
    with pytest.raises(DataError, match=r"18O \(2024\)\. Did you mean 0180\?"):
        require_codes(frame, division=None, file="a.csv")


def test_destinations_are_checked_too() -> None:
    frame = pd.DataFrame(
        {"region": ["2281"], "destination": ["9999"], "period": ["2024"], "status": [""]}
    )
    with pytest.raises(DataError, match=r"9999 \(2024\)"):
        require_codes(frame, division=None, file="a.csv")


def test_an_unknown_status_is_refused() -> None:
    frame = pd.DataFrame({"region": ["2281"], "period": ["2024"], "status": ["x"]})
    with pytest.raises(DataError, match=r'a\.csv: unknown status "x"'):
        require_codes(frame, division=None, file="a.csv")
