from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regionstudy.analysis.competence import replacement, stated_needs
from regionstudy.errors import DataError

BANDS = ("-29", "30-39", "40-49", "50-59", "60-")


def staff(counts: dict[str, float], occupation: str = "251") -> pd.DataFrame:
    return pd.DataFrame(
        {
            "occupation": occupation,
            "age_band": list(counts),
            "headcount": list(counts.values()),
            "status": ["suppressed" if np.isnan(one) else "" for one in counts.values()],
        }
    )


def test_replacement_by_hand():
    # 20 aged 60+, a fifth of whom retire: 4. Then 20 - 4 + 40 / 10 = 20, of whom 4 retire;
    # the 50-59 are then 40 - 4 + 10 / 10 = 37. Then 20 - 4 + 3.7 = 19.7, of whom 3.94 retire.
    found = replacement(
        staff({"40-49": 10, "50-59": 40, "60-": 20}),
        base_year=2025,
        years=[2026, 2027, 2028],
        exit_share=(0.2, 0.2, 0.2),
    )
    assert found["value"].to_list() == pytest.approx([4.0, 4.0, 3.94])
    assert found["low"].equals(found["value"])
    assert set(found["rests_on"]) == {"member assumption"}


def test_range_is_the_least_and_the_most_of_three_shares():
    found = replacement(
        staff({"60-": 100}), base_year=2025, years=[2026, 2030], exit_share=(0.1, 0.2, 0.5)
    )
    # In 2030, 0.5 * 0.5**4 of those who are left are fewer than 0.1 * 0.9**4.
    first, last = found.iloc[0], found.iloc[1]
    assert (first["low"], first["value"], first["high"]) == pytest.approx((10, 20, 50))
    assert last["low"] == pytest.approx(100 * 0.5**5)
    assert last["value"] == pytest.approx(100 * 0.2 * 0.8**4)
    assert last["high"] == pytest.approx(100 * 0.2 * 0.8**4)


def test_hidden_band_hides_from_the_year_it_counts():
    hidden = staff({"30-39": float("nan"), "40-49": 10, "50-59": 40, "60-": 20})
    found = replacement(hidden, base_year=2025, years=range(2026, 2031), exit_share=(0.1, 0.2, 0.3))
    # Two years up to 50-59, one more until they are 60.
    assert found["status"].to_list() == ["", "", "", "suppressed", "suppressed"]
    assert found["value"].isna().to_list() == [False, False, False, True, True]


def test_number_beside_suppressed_is_not_used():
    leaked = staff({"60-": 4}).assign(status="suppressed")
    found = replacement(leaked, base_year=2025, years=[2026], exit_share=(0.1, 0.2, 0.3))
    assert found["value"].isna().all()
    assert found["status"].to_list() == ["suppressed"]


def test_margin_over_occupations_is_kept_though_a_part_is_hidden():
    both = pd.concat([staff({"60-": float("nan")}), staff({"60-": 50}, "total")])
    found = replacement(both, base_year=2025, years=[2026], exit_share=(0.1, 0.2, 0.3))
    total = found.set_index("occupation").loc["total"]
    assert total["value"] == pytest.approx(10)
    assert total["status"] == ""


@settings(max_examples=25)
@given(
    counts=st.lists(st.integers(0, 500), min_size=5, max_size=5),
    share=st.floats(0.01, 0.99),
    horizon=st.integers(1, 30),
)
def test_no_more_retire_than_were_there(counts, share, horizon):
    found = replacement(
        staff(dict(zip(BANDS, map(float, counts), strict=True))),
        base_year=2025,
        years=range(2026, 2026 + horizon),
        exit_share=(share, share, share),
    )
    assert (found["value"] >= 0).all()
    assert found["value"].sum() <= sum(counts) + 1e-6


@settings(max_examples=25)
@given(
    first=st.lists(st.integers(0, 99), min_size=5, max_size=5),
    second=st.lists(st.integers(0, 99), min_size=5, max_size=5),
)
def test_replacement_of_a_sum_is_the_sum_of_replacements(first, second):
    parts = [
        staff(dict(zip(BANDS, map(float, one), strict=True)), name)
        for one, name in ((first, "251"), (second, "261"))
    ]
    whole = staff(
        dict(zip(BANDS, (float(a + b) for a, b in zip(first, second, strict=True)), strict=True)),
        "total",
    )
    found = replacement(
        pd.concat([*parts, whole]),
        base_year=2025,
        years=range(2026, 2031),
        exit_share=(0.1, 0.2, 0.3),
    )
    by = {name: rows["value"].to_numpy() for name, rows in found.groupby("occupation")}
    assert np.allclose(by["251"] + by["261"], by["total"])


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"years": [2025]}, "must come after the figures' year, 2025"),
        ({"years": []}, "must come after"),
        ({"exit_share": (0.3, 0.2, 0.1)}, "exit_share=.* is not three shares"),
        ({"exit_share": (0.1, 0.2, 1.2)}, "from 0 to 1 in order"),
    ],
)
def test_replacement_refuses(changed, message):
    options = {"base_year": 2025, "years": [2026], "exit_share": (0.1, 0.2, 0.3)} | changed
    with pytest.raises(DataError, match=message):
        replacement(staff({"60-": 9}), **options)


def test_unknown_band_is_refused_by_name():
    with pytest.raises(DataError, match='age band "65-"; the bands are: -29, 30-39'):
        replacement(staff({"65-": 9}), base_year=2025, years=[2026], exit_share=(0.1, 0.2, 0.3))


def test_needs_are_summed_over_occupations():
    needs = pd.DataFrame(
        {
            "occupation": ["251", "261", "251"],
            "year": [2027, 2027, 2028],
            "scenario": "middle",
            "headcount": [8, 3, 5],
        }
    )
    found = stated_needs(needs).set_index(["occupation", "year"])["value"]
    assert found[("total", 2027)] == 11
    assert found[("total", 2028)] == 5
    assert len(found) == 5


@pytest.mark.parametrize(("status", "said"), [("suppressed", "suppressed"), ("..", "..")])
def test_sum_over_a_hidden_or_missing_need_is_no_smaller_sum(status, said):
    needs = pd.DataFrame(
        {
            "occupation": ["251", "261"],
            "year": 2027,
            "scenario": "middle",
            "headcount": [8.0, float("nan")],
            "status": ["", status],
        }
    )
    total = stated_needs(needs).set_index("occupation").loc["total"]
    assert np.isnan(total["value"])
    assert total["status"] == said


def test_needs_refuse_a_repeated_row():
    needs = pd.DataFrame(
        {"occupation": ["251"] * 2, "year": 2027, "scenario": "low", "headcount": [1, 2]}
    )
    with pytest.raises(DataError, match="needs has 1 repeated rows"):
        stated_needs(needs)
