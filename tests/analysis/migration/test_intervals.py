from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from regionstudy.analysis.migration import interval
from regionstudy.errors import DataError


def yearly(values: list[float], **columns) -> pd.DataFrame:
    periods = [str(2015 + step) for step in range(len(values))]
    return pd.DataFrame(
        {"region": "2281", "period": periods, "value": values, "status": "", **columns}
    )


def test_interval_of_five_years_is_that_of_the_t_table():
    # Mean 3, s = sqrt(2.5), t(4; 0.975) = 2.776 in any table: 3 ± 2.776 * 0.70711 = 3 ± 1.963.
    row = interval(yearly([1.0, 2.0, 3.0, 4.0, 5.0])).iloc[0]
    assert row["mean"] == 3.0
    assert row["low"] == pytest.approx(3 - 1.963, abs=5e-4)
    assert row["high"] == pytest.approx(3 + 1.963, abs=5e-4)
    assert (row["n"], row["first"], row["last"]) == (5, "2015", "2019")


def test_wider_level_gives_wider_interval():
    # t(4; 0.995) = 4.604.
    row = interval(yearly([1.0, 2.0, 3.0, 4.0, 5.0]), level=0.99).iloc[0]
    assert row["high"] == pytest.approx(3 + 4.604 * np.sqrt(0.5), abs=5e-4)


def test_one_year_has_a_mean_but_no_interval():
    row = interval(yearly([1.0])).iloc[0]
    assert row["mean"] == 1.0
    assert np.isnan(row["low"])
    assert np.isnan(row["high"])


def test_missing_year_leaves_the_mean_missing():
    row = interval(yearly([1.0, np.nan, 3.0])).iloc[0]
    assert row["status"] == ".."
    assert row[["mean", "low", "high"]].isna().all()


def test_what_the_interval_is_not_travels_with_it():
    frame = yearly([1.0, 2.0])
    frame.attrs["notes"] = ["cohort_method"]
    assert interval(frame).attrs["notes"] == ["cohort_method", "interval_between_years"]
    assert frame.attrs["notes"] == ["cohort_method"]


def test_years_are_counted_once_and_the_level_is_a_share():
    with pytest.raises(DataError, match="level=95 is not a share between 0 and 1"):
        interval(yearly([1.0]), level=95)
    with pytest.raises(DataError, match="values has 1 repeated rows, first at region 2281"):
        interval(yearly([1.0, 2.0], period="2015"))
