"""Offers and wishes, paired as by hand."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regionstudy.analysis.membership import match_contributions
from regionstudy.errors import DataError


def rows(*given: tuple[str, str, str]) -> pd.DataFrame:
    return pd.DataFrame(given, columns=["org_id", "competence", "kind"])


def test_nobody_is_paired_with_itself_and_the_rest_stays():
    found = match_contributions(
        rows(
            ("a", "Juridik", "wanted"),
            ("a", "juridik", "offered"),
            ("b", "Arkivvård", "offered"),
            ("c", "arkivvård ", "wanted"),
        )
    )
    assert found.pairs[["wanted_by", "offered_by", "likeness"]].values.tolist() == [["c", "b", 1.0]]
    assert found.wanted["org_id"].tolist() == ["a"]
    assert found.offered["competence"].tolist() == ["juridik"]


def test_the_sum_of_likeness_is_greatest_not_the_first_pair():
    # "testledning" is likest to itself, and either offer would do for "testledare".
    found = match_contributions(
        rows(
            ("a", "testledare", "wanted"),
            ("b", "testledning", "wanted"),
            ("c", "testledning", "offered"),
            ("d", "testledarskap", "offered"),
        )
    )
    pairs = {(pair.wanted_by, pair.offered_by) for pair in found.pairs.itertuples()}
    assert pairs == {("a", "d"), ("b", "c")}


def test_words_that_are_not_alike_are_no_pair():
    found = match_contributions(rows(("a", "Juridik", "wanted"), ("b", "Drift", "offered")))
    assert found.pairs.empty
    assert len(found.wanted) == len(found.offered) == 1


def test_one_side_may_be_empty():
    found = match_contributions(rows(("a", "Juridik", "wanted")))
    assert found.pairs.empty
    assert found.offered.empty


@given(
    st.lists(
        st.tuples(
            st.sampled_from("abc"), st.sampled_from(["it", "lag", "arkiv"]),
            st.sampled_from(["offered", "wanted"]),
        ),
        max_size=12,
    )
)  # fmt: skip
def test_each_wish_and_offer_is_paired_once_or_left(given):
    frame = rows(*given)
    found = match_contributions(frame)
    unique = frame.drop_duplicates()
    assert len(found.pairs) + len(found.wanted) == (unique["kind"] == "wanted").sum()
    assert len(found.pairs) + len(found.offered) == (unique["kind"] == "offered").sum()
    assert (found.pairs["wanted_by"] != found.pairs["offered_by"]).all()


def test_a_missing_column_is_named():
    with pytest.raises(DataError, match="contributions lacks the column kind"):
        match_contributions(pd.DataFrame({"org_id": ["a"], "competence": ["it"]}))
