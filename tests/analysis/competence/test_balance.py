from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from tests.analysis.competence.conftest import rows

from regionstudy.analysis.competence import (
    SCENARIOS,
    SUPPLY,
    TERMS,
    counted_elsewhere,
    gap,
    graduates,
    members_share,
    replacement,
    returners,
    stated_needs,
)
from regionstudy.errors import DataError


def nothing(*terms: str, occupations: tuple[str, ...] = ("251",), years: tuple[int, ...] = (2027,)):
    """Terms that are known to add nothing."""
    return [
        counted_elsewhere(term, occupations=occupations, years=years, rests_on="assumption")
        for term in terms
    ]


def one(frame: pd.DataFrame, **keys: object) -> pd.Series:
    for key, value in keys.items():
        frame = frame[frame[key] == value]
    assert len(frame) == 1
    return frame.iloc[0]


def test_gap_of_a_small_region_by_hand(crosswalk):
    # Two occupations, two years. Staff: 251 has 50 aged 60+ and none younger; 261 has 30.
    staff = pd.DataFrame(
        {
            "occupation": ["251", "261", "total"],
            "age_band": "60-",
            "headcount": [50.0, 30.0, 80.0],
            "status": "",
        }
    )
    needs = pd.DataFrame(
        [
            (occupation, year, scenario, heads)
            for occupation, stated in {"251": (10, 20, 30), "261": (4, 5, 6)}.items()
            for year in (2026, 2027)
            for scenario, heads in zip(SCENARIOS, stated, strict=True)
        ],
        columns=["occupation", "year", "scenario", "headcount"],
    )
    study = pd.DataFrame(
        {
            "org_id": "skolan",
            "name": ["Data", "Juridik"],
            "education": ["481", "380"],
            "occupation": "",
            "year": 2025,
            "graduates": [80.0, 20.0],
            "stayed": [40.0, 10.0],
        }
    )
    years = [2026, 2027]
    whole = staff.drop(columns="age_band")
    terms = pd.concat(
        [
            stated_needs(needs),
            replacement(staff, base_year=2025, years=years, exit_share=(0.2, 0.2, 0.2)),
            graduates(
                study,
                years=years,
                crosswalk=crosswalk,
                stay_share=(0.1, 0.1, 0.1),
                recruited=members_share(["251", "261"], assumed=(0.5, 0.5, 0.5)),
            ),
            returners(whole, hires=8.0, years=years),
            *nothing(
                "in_movers",
                "commuters",
                "moves",
                occupations=("251", "261", "total"),
                years=(2026, 2027),
            ),
        ]
    )
    found = gap(terms)
    # 251 in 2026: 20 stated and 50 / 5 retire = 30. 40 stayed, half of them developers, half
    # of those won = 10; and 8 * 50 / 80 = 5 return. 30 - 15 = 15.
    cell = one(found, occupation="251", year=2026, scenario="middle")
    assert (cell["need"], cell["supply"], cell["gap"]) == pytest.approx((30, 15, 15))
    # 2027: 40 are left at 60+, 8 of whom retire.
    assert one(found, occupation="251", year=2027, scenario="high")["gap"] == pytest.approx(
        30 + 8 - 15
    )
    # 261 in 2026, low: 4 + 6 - (10 * 0.8 * 0.5 = 4) - (8 * 30 / 80 = 3) = 3.
    assert one(found, occupation="261", year=2026, scenario="low")["gap"] == pytest.approx(3)
    # The whole of both years, middle: 50 + (10 + 8 + 6 + 4.8) - 2 * (14 + 8).
    total = one(gap(terms, by=()), scenario="middle")
    assert total["gap"] == pytest.approx(50 + 28.8 - 44)
    assert total["state"] == "shortage"


def test_absent_term_leaves_the_gap_missing_and_says_at_most():
    terms = pd.concat([rows("needs", 20), rows("graduates", 4), *nothing("replacement", "moves")])
    cell = gap(terms).iloc[0]
    assert np.isnan(cell["gap"])
    assert np.isnan(cell["supply"])
    assert cell["status"] == cell["supply_status"] == ".."
    assert (cell["need"], cell["known_supply"], cell["remaining"]) == (20, 4, 16)
    assert cell["state"] == "at_most"
    assert cell["absent"] == "in_movers returners commuters"


def test_missing_row_and_missing_status_say_the_same():
    said = pd.concat([rows("needs", 20), *nothing("replacement", "moves"), rows("graduates", None)])
    unsaid = pd.concat([rows("needs", 20), *nothing("replacement", "moves")])
    pd.testing.assert_frame_equal(gap(said), gap(unsaid))


def test_surplus_is_certain_though_supply_is_missing():
    terms = pd.concat([rows("needs", 2), rows("graduates", 90), *nothing("replacement")])
    assert gap(terms).iloc[0]["state"] == "surplus"


def test_suppressed_part_suppresses_every_sum_over_it():
    hidden = rows("replacement", None, status="suppressed")
    other = pd.concat(
        [
            rows("needs", 5, occupation="261"),
            rows("graduates", 1, occupation="261"),
            *nothing("replacement", occupations=("261",)),
        ]
    )
    terms = pd.concat([rows("needs", 20), hidden, other, rows("graduates", 4)])
    cell = one(gap(terms), occupation="251")
    assert cell["state"] == cell["status"] == "suppressed"
    numbers = ["need", "remaining", "gap", "low", "high"]
    assert cell[numbers].isna().all()
    assert one(gap(terms), occupation="261")["state"] == "at_most"
    whole = gap(terms, by=["year"]).iloc[0]
    assert whole["state"] == "suppressed"
    assert whole[numbers].isna().all()


def test_suppressed_supply_is_not_shown_as_its_known_rest():
    terms = pd.concat(
        [
            rows("needs", 20),
            rows("graduates", 4),
            rows("returners", None, status="suppressed"),
            *nothing("replacement", "in_movers", "commuters", "moves"),
        ]
    )
    cell = gap(terms).iloc[0]
    assert cell[["known_supply", "supply", "remaining", "gap", "low"]].isna().all()
    assert (cell["need"], cell["state"]) == (20, "suppressed")


def test_published_margin_is_used_where_a_part_is_hidden():
    terms = pd.concat(
        [
            rows("needs", 20),
            rows("needs", 20, occupation="total"),
            rows("replacement", None, status="suppressed"),
            rows("replacement", 6, occupation="total"),
            *nothing(*SUPPLY, occupations=("251", "total")),
        ]
    )
    assert one(gap(terms), occupation="251")["state"] == "suppressed"
    assert gap(terms, by=["year"]).iloc[0]["gap"] == 26


def test_total_says_what_an_occupation_lacks():
    terms = pd.concat(
        [
            *(rows("needs", 10, occupation=one) for one in ("251", "261")),
            rows("needs", 20, occupation="total"),
            *(rows("graduates", 4, occupation=one) for one in ("251", "total")),
            *nothing(
                "replacement",
                "in_movers",
                "returners",
                "commuters",
                "moves",
                occupations=("251", "261", "total"),
            ),
        ]
    )
    whole = gap(terms, by=["year"]).iloc[0]
    assert (whole["known_supply"], whole["remaining"]) == (4, 16)
    assert (whole["absent"], whole["state"]) == ("graduates", "at_most")
    assert np.isnan(whole["gap"])


def test_need_without_any_figure_of_supply_has_no_gap():
    cell = gap(pd.concat([rows("needs", 20), *nothing("replacement")])).iloc[0]
    assert (cell["need"], cell["state"]) == (20, "missing")


def test_occupation_without_stated_needs_has_no_figures():
    terms = pd.concat([rows("replacement", 6), *nothing(*SUPPLY)])
    cell = gap(terms).iloc[0]
    assert cell["state"] == "missing"
    assert np.isnan(cell["need"])


def test_balance_is_told_apart_from_no_figures():
    terms = pd.concat(
        [
            rows("needs", 10),
            rows("graduates", 10),
            *nothing("replacement", "in_movers", "returners", "commuters", "moves"),
        ]
    )
    cell = gap(terms).iloc[0]
    assert (cell["gap"], cell["state"], cell["status"]) == (0, "balance", "")


def test_band_of_a_count_is_that_of_poisson():
    terms = pd.concat(
        [
            rows("needs", 30),
            rows("graduates", 9),
            *nothing("replacement", "in_movers", "returners", "commuters", "moves"),
        ]
    )
    cell = gap(terms, draws=40_000).iloc[0]
    assert cell["low"] == 30 - stats.poisson(9).ppf(0.95)
    assert cell["high"] == 30 - stats.poisson(9).ppf(0.05)


def test_band_of_an_assumption_is_triangular():
    terms = pd.concat([rows("needs", 20_000, low=10_000, high=60_000), *nothing(*TERMS[1:])])
    cell = gap(terms, draws=40_000).iloc[0]
    drawn = stats.triang(c=0.2, loc=10_000, scale=50_000)
    # Half a per cent: the standard error of a 5 % quantile of 40,000 draws is about a third.
    assert cell["low"] == pytest.approx(drawn.ppf(0.05), rel=0.01)
    assert cell["high"] == pytest.approx(drawn.ppf(0.95), rel=0.01)


def test_wrong_assumption_is_wrong_in_every_occupation():
    # Were each occupation's draw its own, the band of the sum would be ten times narrower.
    many = [f"{code:03d}" for code in range(100, 200)]
    wide = [rows("needs", 200, low=100, high=300, occupation=code) for code in many]
    terms = pd.concat([*wide, *nothing(*TERMS[1:], occupations=tuple(many))])
    whole = gap(terms, by=["year"], draws=4000).iloc[0]
    single = gap(terms, draws=4000).iloc[0]
    assert whole["high"] - whole["low"] == pytest.approx(100 * (single["high"] - single["low"]))


def test_occupations_may_be_of_four_digits():
    terms = pd.concat(
        [
            *(rows("needs", heads, occupation=code) for code, heads in (("2512", 8), ("2514", 3))),
            *nothing(*TERMS[1:], occupations=("2512", "2514")),
        ]
    )
    assert gap(terms).set_index("occupation")["gap"].to_dict() == {"2512": 8, "2514": 3}


def test_same_seed_same_answer_and_rows_in_any_order():
    terms = pd.concat(
        [
            rows("needs", 20, low=1.5, high=39.5),
            rows("graduates", 4, low=1, high=9),
            *nothing("replacement"),
        ]
    )
    first = gap(terms, seed=7)
    pd.testing.assert_frame_equal(first, gap(terms.iloc[::-1], seed=7))
    assert not first.equals(gap(terms, seed=8))


@st.composite
def regions(draw: st.DrawFn) -> pd.DataFrame:
    """Up to three occupations in two years, each figure there, missing or suppressed."""
    occupations = ["251", "261", "262"][: draw(st.integers(1, 3))]
    cells = [(term, SCENARIOS if term == "needs" else ("every",)) for term in TERMS]
    keys = [
        (term, occupation, year, scenario)
        for term, scenarios in cells
        for occupation in occupations
        for year in (2026, 2027)
        for scenario in scenarios
    ]
    # Mostly figures, so that whole gaps are met, too.
    figures = st.one_of(*[st.integers(0, 200)] * 8, st.sampled_from(["..", "suppressed"]))
    drawn = draw(st.lists(figures, min_size=len(keys), max_size=len(keys)))
    made = pd.DataFrame(keys, columns=["term", "occupation", "year", "scenario"])
    made["value"] = [float(one) if isinstance(one, int) else np.nan for one in drawn]
    made["low"] = made["high"] = made["value"]
    made["status"] = ["" if isinstance(one, int) else one for one in drawn]
    return made.assign(rests_on="member")


@settings(max_examples=15)
@given(terms=regions())
def test_need_less_supply_is_the_gap_and_parts_add_up(terms):
    cells = gap(terms, draws=20)
    known = cells["gap"].notna()
    assert np.allclose(
        cells.loc[known, "need"] - cells.loc[known, "supply"], cells.loc[known, "gap"]
    )
    assert (known == (cells["status"] == "")).all()
    told = cells["remaining"].notna()
    rest = cells.loc[told, "need"] - cells.loc[told, "known_supply"]
    assert np.allclose(rest, cells.loc[told, "remaining"])
    assert (cells.loc[told, "low"] <= cells.loc[told, "remaining"]).all()
    assert (cells.loc[told, "high"] >= cells.loc[told, "remaining"]).all()
    for by in (["year"], ["occupation"], []):
        keys = [*by, "scenario"]
        parts = cells.groupby(keys)["gap"]
        expected = parts.sum().where(parts.count() == parts.size()).reset_index()
        both = gap(terms, by=by, draws=20).merge(expected, on=keys, validate="1:1")
        assert np.allclose(both["gap_x"], both["gap_y"], equal_nan=True)


@settings(max_examples=15)
@given(terms=regions())
def test_sum_over_a_suppressed_part_is_never_told(terms):
    keys = ["occupation", "year", "scenario"]
    cells = gap(terms, draws=20)
    hidden = terms[terms["status"] == "suppressed"]
    every = hidden[hidden["scenario"] == "every"].drop(columns="scenario")
    touched = pd.concat(
        [hidden[keys], every.merge(pd.DataFrame({"scenario": list(SCENARIOS)}), how="cross")[keys]]
    ).drop_duplicates()
    met = cells.merge(touched[touched["scenario"] != "every"], on=keys, validate="1:1")
    assert set(met["state"]) <= {"suppressed"}
    assert met[["remaining", "gap", "low", "high"]].isna().all(axis=None)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"term": "luck"}, 'the term "luck"; use one of: needs, replacement'),
        ({"scenario": "best"}, 'the scenario "best"'),
        ({"rests_on": "rumour"}, 'the rests_on "rumour"'),
        ({"value": -1.0, "low": -1.0}, "a negative figure at term graduates"),
        ({"low": 9.0}, "a range that does not hold its value"),
        ({"high": float("nan")}, "a range that does not hold its value"),
        ({"value": float("nan")}, "no figure, but no status that says why"),
        ({"status": "suppressed"}, "a figure that its status says is not there"),
    ],
)
def test_terms_that_cannot_be_used_are_named(changed, message):
    terms = pd.concat([rows("needs", 9), rows("graduates", 4).assign(**changed)])
    with pytest.raises(DataError, match=message):
        gap(terms)


def test_term_by_scenario_and_for_every_one_is_refused():
    terms = pd.concat([rows("needs", 9), rows("needs", 4, scenario="every")])
    with pytest.raises(DataError, match='needs both by scenario and for "every"'):
        gap(terms)


def test_repeated_row_and_absent_column_are_refused():
    with pytest.raises(DataError, match="terms has 1 repeated rows"):
        gap(pd.concat([rows("needs", 9), rows("needs", 9)]))
    with pytest.raises(DataError, match="terms lacks the column rests_on"):
        gap(rows("needs", 9).drop(columns="rests_on"))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"by": ["region"]}, 'by has "region"; use any of: occupation, year'),
        ({"draws": 0}, "draws=0: give 1 or more"),
        ({"level": 90}, "level=90 is not a share"),
    ],
)
def test_options_are_checked(options, message):
    with pytest.raises(DataError, match=message):
        gap(rows("needs", 9), **options)
