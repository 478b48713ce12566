from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regionstudy.analysis.migration import sum_ages
from regionstudy.errors import DataError


def counts(values: dict[str, float], *, period: str = "2024") -> pd.DataFrame:
    frame = pd.DataFrame({"age": list(values), "value": list(values.values()), "status": ""})
    return frame.assign(region="2281", period=period)


@given(
    values=st.lists(st.integers(0, 500), min_size=101, max_size=101),
    low=st.integers(0, 99),
    width=st.integers(0, 40),
)
@settings(max_examples=15, deadline=None)
def test_years_of_age_sum_to_the_band(values, low, width):
    high = min(low + width, 99)
    ages = [*map(str, range(100)), "100+"]
    frame = counts(dict(zip(ages, map(float, values), strict=True)))
    found = sum_ages(frame, bands={"band": (low, high)})
    assert found["value"].tolist() == [sum(values[low : high + 1])]


def test_published_groups_are_laid_side_by_side_and_never_added_to_their_years():
    frame = counts({"20": 1.0, "21": 1.0, "20-24": 10.0, "20-29": 25.0, "25-29": 14.0, "30": 3.0})
    found = sum_ages(frame, bands={"20-30": (20, 30), "20-29": (20, 29)}).set_index("age")
    assert found["value"].to_dict() == {"20-29": 25.0, "20-30": 28.0}
    assert found["cells"].to_dict() == {"20-29": 1, "20-30": 2}


def test_open_group_belongs_to_the_oldest():
    frame = counts({"99": 2.0, "100+": 1.0, "total": 3.0})
    assert sum_ages(frame, bands={"99+": (99, 100)})["value"].tolist() == [3.0]
    assert sum_ages(frame, bands={"99": (99, 99)})["value"].tolist() == [2.0]


def test_year_whose_ages_do_not_make_the_band_up_has_no_row():
    frame = pd.concat([counts({"20": 1.0, "21": 2.0}), counts({"20-24": 9.0}, period="2025")])
    found = sum_ages(frame, bands={"20-21": (20, 21)})
    assert found["period"].tolist() == ["2024"]


def test_age_without_a_row_is_missing_not_nobody():
    both = pd.concat([counts({"20": 1.0, "21": 2.0}), counts({"20": 1.0}).assign(region="2262")])
    found = sum_ages(both, bands={"20-21": (20, 21)}).set_index("region")
    assert np.isnan(found.loc["2262", "value"])
    assert found["status"].to_dict() == {"2262": "..", "2281": ""}


@pytest.mark.parametrize(
    ("bands", "message"),
    [
        ({"20-26": (20, 26)}, 'Band "20-26" .* is not made up by the ages of any year'),
        ({"back": (24, 20)}, "is no range of ages"),
    ],
)
def test_impossible_band_is_refused(bands, message):
    with pytest.raises(DataError, match=message):
        sum_ages(counts({"20-24": 9.0, "25-29": 8.0}), bands=bands)
