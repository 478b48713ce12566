from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regionstudy.analysis.clusters import commuting_balance
from regionstudy.errors import DataError


def counts(regions: list[str], values: list[float], **columns) -> pd.DataFrame:
    return pd.DataFrame({"region": regions, "value": values}).assign(**columns)


def test_countys_balance_by_hand(by_workplace, by_residence):
    # MANIFEST's file: 118,089 jobs and 118,160 employed residents in 2025.
    found = commuting_balance(by_workplace, by_residence)
    row = found.set_index(["region", "industry", "period"]).loc[("22", "total", "2025")]
    assert (row["workplace"], row["residence"], row["balance"]) == (118089, 118160, -71)
    assert row["ratio"] == pytest.approx(118089 / 118160)
    assert (found["status"] == "").all()
    assert len(found) == 2 * 17 * 6


def test_missing_or_absent_side_leaves_the_balance_missing():
    workplace = counts(["1", "2", "3"], [5.0, np.nan, 7.0], status=["", "..", ""])
    residence = counts(["1", "2"], [4.0, 3.0], status=["", "p"])
    found = commuting_balance(workplace, residence)
    assert found["status"].tolist() == ["", "..", ".."]
    assert found["balance"].isna().tolist() == [False, True, True]
    assert found["residence"].isna().tolist() == [False, False, True]


def test_nobody_living_there_has_a_balance_but_no_ratio():
    found = commuting_balance(counts(["1"], [5.0]), counts(["1"], [0.0])).iloc[0]
    assert (found["balance"], found["status"]) == (5.0, ".")
    assert np.isnan(found["ratio"])


def test_sources_of_both_travel():
    workplace, residence = counts(["1"], [5.0]), counts(["1"], [4.0])
    workplace.attrs["provenance"] = {"employed_workplace_by_industry": {}}
    residence.attrs["provenance"] = {"employed_residence_by_industry": {}}
    assert set(commuting_balance(workplace, residence).attrs["provenance"]) == {
        "employed_workplace_by_industry",
        "employed_residence_by_industry",
    }


def test_frames_that_do_not_match_are_refused():
    one = counts(["1"], [5.0])
    with pytest.raises(
        DataError, match="workplace has the breakdowns region, sex, residence region"
    ):
        commuting_balance(one.assign(sex="1"), one)
    with pytest.raises(DataError, match="residence has 1 repeated rows, first at region 1"):
        commuting_balance(one, pd.concat([one, one]))
    with pytest.raises(DataError, match="residence has -5 persons in region 1"):
        commuting_balance(one, one.assign(value=-5.0))
    with pytest.raises(DataError, match="workplace lacks the column value"):
        commuting_balance(one.drop(columns="value"), one)
    with pytest.raises(
        DataError, match="have no row in common; compare the codes and years of reg"
    ):
        commuting_balance(one, one.assign(region="2"))


@settings(deadline=None, max_examples=40)
@given(flows=st.lists(st.integers(0, 999), min_size=9, max_size=9))
def test_balances_sum_to_zero_where_nobody_crosses_the_border(flows):
    table = np.array(flows, dtype=float).reshape(3, 3)  # from (rows) where one lives to work
    codes = ["1", "2", "3"]
    found = commuting_balance(counts(codes, table.sum(axis=0)), counts(codes, table.sum(axis=1)))
    assert found["balance"].sum() == 0
