from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regionstudy.analysis.competence import (
    commuter_share,
    commuters,
    graduates,
    in_movers,
    members_share,
    returners,
    stated_needs,
    to_occupations,
)
from regionstudy.errors import DataError

NAN = float("nan")


def programmes(*given: dict[str, object]) -> pd.DataFrame:
    row = {
        "org_id": "skolan",
        "name": "Systemutveckling",
        "education": "481",
        "occupation": "",
        "year": 2024,
        "graduates": 40.0,
        "stayed": NAN,
    }
    return pd.DataFrame([row | one for one in given])


def everyone(*occupations: str) -> pd.DataFrame:
    return members_share(list(occupations), assumed=(1.0, 1.0, 1.0))


def test_graduates_by_hand(crosswalk):
    # 40 and 60 graduates in two years: 50 a year, half of whom work as developers; half of
    # them stay (a fifth at least, four fifths at most); members win a tenth of those.
    found = graduates(
        programmes({}, {"year": 2025, "graduates": 60.0}),
        years=[2027, 2028],
        crosswalk=crosswalk,
        stay_share=(0.2, 0.5, 0.8),
        recruited=members_share(["251"], assumed=(0.1, 0.1, 0.1)),
    )
    own = found[found["occupation"] == "251"]
    assert own["year"].to_list() == [2027, 2028]
    assert own["value"].to_list() == pytest.approx([1.25, 1.25])
    assert own["low"].to_list() == pytest.approx([0.5, 0.5])
    assert own["high"].to_list() == pytest.approx([2.0, 2.0])
    assert set(own["rests_on"]) == {"member assumption"}


def test_programmes_own_figure_of_who_stayed_beats_the_assumption(crosswalk):
    found = graduates(
        programmes({"occupation": "251", "stayed": 30.0}),
        years=[2027],
        crosswalk=crosswalk,
        stay_share=(0.1, 0.1, 0.1),
        recruited=everyone("251"),
    )
    assert found["value"].to_list() == found["low"].to_list() == pytest.approx([30.0, 30.0])


def test_years_of_who_stayed_give_the_share_and_its_range(crosswalk):
    # 30 of 40 and 10 of 60 stayed: 40 of 100 together, from a sixth to three quarters; a mean
    # of 50 graduates in the three years, of the last of which nothing is known yet.
    found = graduates(
        programmes(
            {"occupation": "251", "stayed": 30.0},
            {"occupation": "251", "year": 2025, "graduates": 60.0, "stayed": 10.0},
            {"occupation": "251", "year": 2026, "graduates": 50.0},
        ),
        years=[2027],
        crosswalk=crosswalk,
        stay_share=(0.1, 0.1, 0.1),
        recruited=everyone("251"),
    )
    row = found.set_index("occupation").loc["251"]
    assert (row["low"], row["value"], row["high"]) == pytest.approx((50 / 6, 20, 37.5))
    assert row["rests_on"] == "member assumption"  # whom members recruit is assumed


def test_programme_without_graduates_is_counted_not_zero(crosswalk):
    found = graduates(
        programmes({}, {"name": "Ny", "graduates": NAN}, {"name": "Okänd", "education": "99"}),
        years=[2027],
        crosswalk=crosswalk,
        stay_share=(0.5, 0.5, 0.5),
        recruited=everyone("251", "351"),
    )
    assert found.attrs == {"without": 1, "unmatched": ("99",)}
    assert set(found["occupation"]) == {"251", "351", "total"}


def test_total_of_graduates_is_their_sum(crosswalk):
    found = graduates(
        programmes({}, {"name": "Juridik", "education": "380", "graduates": 10.0}),
        years=[2027],
        crosswalk=crosswalk,
        stay_share=(0.1, 0.5, 0.9),
        recruited=everyone("251", "261", "351"),
    ).set_index("occupation")["value"]
    assert found["total"] == pytest.approx(found.drop("total").sum())
    assert found["total"] == pytest.approx(0.5 * (40 * 0.75 + 10 * 0.8))


def test_more_who_stayed_than_graduated_is_refused(crosswalk):
    with pytest.raises(DataError, match="Systemutveckling, 2024: 50 stayed of 40 graduates"):
        graduates(
            programmes({"stayed": 50.0}),
            years=[2027],
            crosswalk=crosswalk,
            stay_share=(0.1, 0.5, 0.9),
            recruited=everyone("251"),
        )


def test_no_programme_gives_no_row(crosswalk):
    found = graduates(
        programmes({}).iloc[:0],
        years=[2027],
        crosswalk=crosswalk,
        stay_share=(0.1, 0.5, 0.9),
        recruited=everyone("251"),
    )
    assert found.empty


def test_in_movers_by_hand(crosswalk):
    movers = pd.DataFrame({"education": "48", "period": ["2023", "2024"], "value": [100.0, 140.0]})
    recruited = members_share(["251"], assumed=(0.1, 0.2, 0.3))
    found = in_movers(movers, years=[2027], crosswalk=crosswalk, recruited=recruited)
    own = found.set_index("occupation").loc["251"]
    # Half of 120 in the mean, members winning a fifth: 12; a tenth of 50, three tenths of 70.
    assert (own["low"], own["value"], own["high"]) == pytest.approx((5, 12, 21))
    assert own["rests_on"] == "official assumption"


def test_year_of_in_movers_with_a_missing_part_is_no_smaller_year(crosswalk):
    key = pd.concat(
        [crosswalk, pd.DataFrame({"education": ["46"], "occupation": ["251"], "share": [1.0]})]
    )
    movers = pd.DataFrame(
        {
            "education": ["48", "46", "48", "46"],
            "period": ["2023", "2023", "2024", "2024"],
            "value": [100.0, 10.0, 100.0, NAN],
        }
    )
    found = in_movers(movers, years=[2027], crosswalk=key, recruited=everyone("251"))
    assert found.set_index("occupation").loc["251", "value"] == pytest.approx(60)


def test_returners_are_hidden_where_staff_or_hires_are():
    staff = pd.DataFrame(
        {
            "occupation": ["251", "261", "total"],
            # A number beside "suppressed" is not used.
            "headcount": [30.0, 10.0, 40.0],
            "status": ["", "suppressed", ""],
        }
    )
    found = returners(staff, hires=8.0, years=[2027]).set_index("occupation")
    assert found["value"].to_dict() == pytest.approx(
        {"251": 6.0, "261": NAN, "total": 8.0}, nan_ok=True
    )
    assert found["status"].to_dict() == {"251": "", "261": "suppressed", "total": ""}
    hidden = returners(staff, hires=NAN, years=[2027])
    assert set(hidden["status"]) == {"suppressed"}


def test_returners_need_the_margin():
    staff = pd.DataFrame({"occupation": ["251"], "headcount": [3.0], "status": ""})
    with pytest.raises(DataError, match='staff lacks the row "total"'):
        returners(staff, hires=2.0, years=[2027])


def flows(*given: tuple[str, str, str, float]) -> pd.DataFrame:
    return pd.DataFrame(given, columns=["origin", "destination", "period", "value"])


def test_commuters_of_two_municipalities_by_hand():
    found = commuter_share(
        flows(
            ("2281", "2281", "2023", 80.0),
            ("2262", "2262", "2023", 10.0),
            ("2101", "2281", "2023", 10.0),
            ("2281", "2281", "2024", 70.0),
            ("2262", "2262", "2024", 5.0),
            ("2262", "2281", "2024", 5.0),
            ("2101", "2262", "2024", 20.0),
            ("2281", "2101", "2024", 99.0),
        ),
        inside=["2281", "2262"],
    )
    # Moves within the region and out of it are no commuters into it.
    assert found == pytest.approx((0.1, 0.2, 0.2))


@pytest.mark.parametrize(
    "given",
    [
        [("2281", "2281", "2024", 9.0), ("2101", "2281", "2024", 1.0)],
        [("2101", "2281", "2024", 1.0), ("2101", "2262", "2024", 1.0)],
        [("2281", "2281", "2024", 9.0), ("2262", "2262", "2024", 1.0)],
        [],
    ],
)
def test_slice_that_lacks_a_part_of_the_region_tells_no_share(given):
    assert commuter_share(flows(*given), inside=["2281", "2262"]) is None


def test_commuters_fill_a_share_of_the_middle_need():
    needs = stated_needs(
        pd.DataFrame(
            {
                "occupation": "251",
                "year": 2027,
                "scenario": ["low", "middle", "high"],
                "headcount": [10, 20, 40],
            }
        )
    )
    found = commuters(needs, share=(0.05, 0.1, 0.2)).set_index("occupation")
    assert found.loc["251", ["low", "value", "high"]].to_list() == pytest.approx([1, 2, 4])
    assert found.loc["total", "value"] == pytest.approx(2)


def test_members_share_is_official_where_both_figures_are_there():
    found = members_share(
        ["251", "261", "351"],
        assumed=(0.1, 0.2, 0.3),
        staff=pd.DataFrame(
            {
                "occupation": ["251", "261", "351"],
                "headcount": [50.0, NAN, 4.0],
                "status": ["", "suppressed", "suppressed"],
            }
        ),
        employed=pd.DataFrame({"occupation": ["251", "261", "351"], "value": [200.0, 90.0, 10.0]}),
    ).set_index("occupation")
    assert found["ground"].to_dict() == {
        "251": "official",
        "261": "assumption",
        "351": "assumption",
    }
    assert found["value"].to_list() == pytest.approx([0.25, 0.2, 0.2])


def test_members_share_is_never_above_all():
    found = members_share(
        ["251"],
        assumed=(0.1, 0.2, 0.3),
        staff=pd.DataFrame({"occupation": ["251"], "headcount": [300.0], "status": ""}),
        employed=pd.DataFrame({"occupation": ["251"], "value": [200.0]}),
    )
    assert found["value"].to_list() == [1.0]


def test_longest_code_decides(crosswalk):
    key = pd.concat(
        [crosswalk, pd.DataFrame({"education": ["481"], "occupation": ["133"], "share": [1.0]})]
    )
    counts = pd.DataFrame({"education": ["481a", "482"], "value": [1.0, 1.0]})
    found = to_occupations(counts, crosswalk=key)
    pairs = set(zip(found["education"], found["occupation"], strict=True))
    assert pairs == {("481a", "133"), ("482", "251"), ("482", "351")}


@settings(max_examples=25)
@given(values=st.lists(st.floats(0, 1e6), min_size=1, max_size=9))
def test_parts_add_up_to_what_the_shares_hold(values):
    key = pd.DataFrame(
        {"education": ["4", "4"], "occupation": ["251", "351"], "share": [0.75, 0.25]}
    )
    counts = pd.DataFrame(
        {"education": [f"4{number}" for number in range(len(values))], "value": values}
    )
    found = to_occupations(counts, crosswalk=key)
    assert np.isclose((found["value"] * found["share"]).sum(), sum(values))


def test_shares_beyond_all_are_refused():
    key = pd.DataFrame({"education": "4", "occupation": ["251", "351"], "share": [0.75, 0.5]})
    with pytest.raises(DataError, match=r"shares of education 4 add up to 1\.25"):
        to_occupations(pd.DataFrame({"education": ["4"]}), crosswalk=key)
    with pytest.raises(DataError, match="shares are off"):
        to_occupations(pd.DataFrame({"education": ["4"]}), crosswalk=key.assign(share=[-0.5, 0.5]))
