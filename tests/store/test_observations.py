"""What an observation frame must be."""

from __future__ import annotations

import pandas as pd
import pytest

from regionstudy.errors import DataError
from regionstudy.store.observations import tidy_observations


def test_tidying_leaves_its_input_alone(rents: pd.DataFrame) -> None:
    before = rents.copy(deep=True)
    tidy_observations(rents, indicator="rents")
    pd.testing.assert_frame_equal(rents, before)


def test_codes_keep_their_zeros(rents: pd.DataFrame) -> None:
    assert "0114" in set(tidy_observations(rents, indicator="rents")["region"])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"indicator": "prices"}, "rents: the rows belong to prices"),
        ({"period": "2021"}, "rents: 2 rows share their key.*region 2281, .*period 2021"),
        ({"region": None}, "rents: region is missing in some rows"),
        ({"value": "many"}, "rents: a value is not a number"),
        ({"status": "?"}, r'rents: unknown status "\?"\. Use one of'),
        ({"status": ""}, r'rents: 1 rows have a value beside.*0114 2022 \(value nan, status ""\)'),
        ({"value": 0.0}, r'the first at 0114 2022 \(value 0\.0, status "\.\."\)'),
    ],
)
def test_a_wrong_frame_is_refused(
    rents: pd.DataFrame, change: dict[str, object], message: str
) -> None:
    with pytest.raises(DataError, match=message):
        tidy_observations(rents.assign(**change), indicator="rents")


def test_an_absent_column_is_named(rents: pd.DataFrame) -> None:
    with pytest.raises(DataError, match="rents: the observations lack the columns status"):
        tidy_observations(rents.drop(columns="status"), indicator="rents")
