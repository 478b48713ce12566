from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from pandas.testing import assert_frame_equal

from regionstudy.analysis.migration import cohort_net_migration, cohort_rates, interval
from regionstudy.errors import DataError

# Sundsvall (2281) at year end, read off kolada_population_1998_2019.csv.gz by eye.
AGED_20_TO_29_IN_1998 = [1092, 1217, 1180, 1271, 1292, 1304, 1308, 1305, 1280, 1266]
AGED_21_TO_30_IN_1999 = [1130, 1204, 1151, 1265, 1236, 1285, 1289, 1283, 1270, 1262]


def people(values: np.ndarray, *, first_year: int = 2000, first_age: int = 20) -> pd.DataFrame:
    """A frame of shape (regions, years, ages) as observations."""
    index = pd.MultiIndex.from_product(
        [
            [f"{number:04d}" for number in range(values.shape[0])],
            [str(first_year + number) for number in range(values.shape[1])],
            [str(first_age + number) for number in range(values.shape[2])],
        ],
        names=["region", "period", "age"],
    )
    return pd.DataFrame({"value": values.ravel(), "status": ""}, index=index).reset_index()


@st.composite
def populations(draw):
    shape = draw(st.tuples(st.integers(1, 4), st.integers(2, 4), st.integers(3, 6)))
    return draw(arrays(float, shape, elements=st.integers(0, 5000).map(float)))


def test_sundsvalls_cohorts_of_1998_are_followed_to_1999(young_adults):
    net = cohort_net_migration(young_adults[young_adults["region"] == "2281"])
    year = net[net["period"] == "1999"]
    by_hand = [
        after - before
        for before, after in zip(AGED_20_TO_29_IN_1998, AGED_21_TO_30_IN_1999, strict=True)
    ]
    assert year["age"].tolist() == list(range(21, 31))
    assert year["net"].tolist() == by_hand
    assert (year["status"] == "").all()


def test_sundsvalls_rate_of_1999_is_the_hand_calculation(young_adults):
    rates = cohort_rates(cohort_net_migration(young_adults[young_adults["region"] == "2281"]))
    year = rates[rates["period"] == "1999"].iloc[0]
    before, after = sum(AGED_20_TO_29_IN_1998), sum(AGED_21_TO_30_IN_1999)
    assert year["net"] == after - before == -140
    assert year["mean_population"] == (before + after) / 2
    assert year["rate_per_1000_year"] == pytest.approx(1000 * -140 / 12445, rel=1e-12)
    assert year["age"] == "21-30"


@pytest.mark.parametrize(
    ("region", "mean", "low", "high"), [("2281", 0.1, -0.9, 1.1), ("2283", -2.6, None, None)]
)
def test_mean_and_interval_of_2015_to_2019_are_those_worked_out_for_the_look(
    young_adults, region, mean, low, high
):
    # shared/look/index.html, per 100 and year: Sundsvall +0,1 (-0,9 to +1,1), Sollefteå -2,6.
    rates = cohort_rates(cohort_net_migration(young_adults[young_adults["region"] == region]))
    found = interval(rates[rates["period"] >= "2015"], value="rate_per_1000_year")
    found = found.loc[0, ["mean", "low", "high"]].astype(float) / 10
    assert round(found["mean"], 1) == mean
    if low is not None:
        assert (round(found["low"], 1), round(found["high"], 1)) == (low, high)


def test_every_municipality_is_counted_each_year_or_said_to_be_missing(young_adults):
    rates = cohort_rates(cohort_net_migration(young_adults))
    assert rates.groupby("region").size().eq(21).all()
    assert rates["region"].nunique() == 290
    unknown = rates["rate_per_1000_year"].isna()
    assert (rates.loc[unknown, "status"] != "").all()
    # Nykvarn (1999) and Knivsta (2003) were formed within the period; nothing else lacks figures.
    assert set(rates.loc[unknown, "region"]) == {"0140", "0330"}


def test_cohorts_are_not_followed_across_changed_borders(young_adults):
    uppsala = young_adults[young_adults["region"] == "0380"]
    net = cohort_net_migration(uppsala, breaks={"0380": ["2003"]})
    across = net[net["period"] == "2003"]
    assert across["net"].isna().all()
    assert (across["status"] == "..").all()
    assert net.loc[net["period"] != "2003", "net"].notna().all()


def test_four_years_are_followed_as_four_years(all_ages):
    # Sundsvall, men and women: 541 + 467 aged 20 in 2018, 522 + 456 aged 24 in 2022.
    net = cohort_net_migration(all_ages[all_ages["region"] == "2281"], low=20, high=20)
    row = net.iloc[0]
    assert (row["age"], row["years"], row["start"], row["end"]) == (24, 4, 1008.0, 978.0)
    assert row["net"] == -30.0
    rate = cohort_rates(net)["rate_per_1000_year"].iloc[0]
    assert rate == pytest.approx(1000 * -30 / (4 * 993))


def test_sexes_are_kept_apart_when_asked(all_ages):
    net = cohort_net_migration(
        all_ages[all_ages["region"] == "2281"], low=20, high=20, by=["sex"]
    ).set_index("sex")
    assert net["net"].to_dict() == {"1": 522.0 - 541.0, "2": 456.0 - 467.0}


def test_published_total_of_sexes_is_taken_before_their_sum():
    frame = people(np.array([[[100.0, 0.0], [0.0, 90.0]]]))
    both = pd.concat(
        [frame.assign(sex="1"), frame.assign(sex="total", value=frame["value"] + 7)],
        ignore_index=True,
    )
    net = cohort_net_migration(both, low=20, high=20)
    assert (net["start"].iloc[0], net["end"].iloc[0]) == (107.0, 97.0)


def test_one_sex_alone_is_not_both():
    frame = people(np.array([[[100.0, 0.0], [0.0, 90.0]], [[50.0, 0.0], [0.0, 40.0]]]))
    both = pd.concat(
        [frame.assign(sex="1"), frame[frame["region"] == "0000"].assign(sex="2")],
        ignore_index=True,
    )
    net = cohort_net_migration(both, low=20, high=20).set_index("region")
    assert net.loc["0000", "net"] == -20.0
    assert np.isnan(net.loc["0001", "net"])
    assert net.loc["0001", "status"] == ".."


def test_missing_part_leaves_net_rate_and_mean_missing_not_zero():
    frame = people(np.array([[[10.0, 11.0, 12.0], [9.0, 10.0, 13.0]]]))
    frame.loc[frame["age"].eq("21") & frame["period"].eq("2001"), ["value", "status"]] = [
        np.nan,
        "..",
    ]
    net = cohort_net_migration(frame, low=20, high=21)
    assert net["status"].tolist() == ["..", ""]
    assert np.isnan(net["net"].iloc[0])
    assert net["net"].iloc[1] == 2.0
    rate = cohort_rates(net).iloc[0]
    assert rate["status"] == ".."
    assert rate[["net", "mean_population", "rate_per_1000_year"]].isna().all()


def test_absent_row_is_missing_too():
    frame = people(np.array([[[10.0, 11.0], [9.0, 10.0]], [[10.0, 11.0], [9.0, 10.0]]]))
    frame = frame[~(frame["region"].eq("0001") & frame["period"].eq("2001"))]
    net = cohort_net_migration(frame, low=20, high=20).set_index("region")
    assert net["status"].to_dict() == {"0000": "", "0001": ".."}


def test_preliminary_part_makes_the_whole_preliminary():
    frame = people(np.array([[[10.0, 11.0], [9.0, 10.0]]]))
    frame["status"] = frame["status"].where(frame["period"] != "2001", "p")
    net = cohort_net_migration(frame, low=20, high=20)
    assert net["status"].tolist() == ["p"]
    assert cohort_rates(net)["status"].tolist() == ["p"]


def test_empty_cohort_has_no_rate():
    rate = cohort_rates(cohort_net_migration(people(np.zeros((1, 2, 2))), low=20, high=20))
    assert rate["net"].tolist() == [0.0]
    assert rate["rate_per_1000_year"].isna().all()
    assert rate["status"].tolist() == ["."]


@given(values=populations())
@settings(max_examples=40, deadline=None)
def test_net_over_ages_and_regions_is_what_the_totals_differ_by(values):
    frame = people(values)
    ages = values.shape[2]
    net = cohort_net_migration(frame, low=20, high=20 + ages - 2)
    for year in range(values.shape[1] - 1):
        total = net.loc[net["period"] == str(2001 + year), "net"].sum()
        assert total == values[:, year + 1, 1:].sum() - values[:, year, :-1].sum()


@given(values=populations(), seed=st.integers(0, 1000))
@settings(max_examples=25, deadline=None)
def test_order_of_rows_is_irrelevant(values, seed):
    frame = people(values)
    shuffled = frame.sample(frac=1, random_state=seed)
    assert_frame_equal(
        cohort_rates(cohort_net_migration(frame)), cohort_rates(cohort_net_migration(shuffled))
    )


@given(values=populations(), hole=st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_missing_figure_is_missing_wherever_it_is_used_and_nowhere_else(values, hole):
    whole = cohort_net_migration(people(values))
    values = values.copy()
    values.ravel()[hole % values.size] = np.nan
    holed = cohort_net_migration(people(values).assign(status=""))
    used = holed[["start", "end"]].isna().any(axis=1)
    assert holed["net"].isna().equals(used)
    assert (holed.loc[used, "status"] == "..").all()
    assert_frame_equal(holed[~used], whole[~used])


def test_input_is_not_changed(young_adults):
    frame = young_adults[young_adults["region"] == "2281"]
    before = frame.copy(deep=True)
    cohort_net_migration(frame)
    assert_frame_equal(frame, before)


@pytest.mark.parametrize(
    ("high", "first_year", "expected"),
    [
        (29, 2005, {"cohort_method", "immigration_included", "deaths_ignored"}),
        (
            29,
            2015,
            {"cohort_method", "immigration_included", "deaths_ignored", "refugees_2015_2016"},
        ),
        (70, 2005, {"cohort_method", "immigration_included", "deaths_included_above_45"}),
    ],
)
def test_what_must_be_said_beside_the_figures_travels_with_them(high, first_year, expected):
    frame = people(np.full((1, 2, 60), 10.0), first_year=first_year)
    frame.attrs["provenance"] = {"population_by_age": {"publisher": "SCB"}}
    rates = cohort_rates(cohort_net_migration(frame, high=high))
    assert set(rates.attrs["notes"]) == expected
    assert rates.attrs["provenance"]["population_by_age"]["publisher"] == "SCB"
    assert "notes" not in frame.attrs


def test_bands_may_overlap_and_are_named():
    net = cohort_net_migration(people(np.full((1, 2, 10), 10.0)), low=20, high=28)
    rates = cohort_rates(net, bands={"young": (21, 24), "most": (21, 28)})
    assert rates.set_index("age")["mean_population"].to_dict() == {"young": 40.0, "most": 80.0}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda f: f.drop(columns="age"), "population lacks the column age; it has: region"),
        (lambda f: f.assign(age="20-24"), "no single years of age .found: 20-24"),
        (lambda f: f[f["period"] == "2000"], "holds one year only .2000."),
        (lambda f: f.assign(period="2000K1"), '"2000K1", which is not a year'),
        (lambda f: pd.concat([f, f]), "4 repeated rows, first at region 0000, period 2000, age 20"),
        (
            lambda f: pd.concat([f.assign(origin="a"), f.assign(origin="b")]),
            "Choose one value of origin first",
        ),
        (lambda f: f.assign(age=f["age"].replace({"20": "40", "21": "41"})), "ages 40-41"),
    ],
)
def test_frame_that_cannot_be_followed_is_named(change, message):
    frame = people(np.array([[[10.0, 11.0], [9.0, 10.0]]]))
    with pytest.raises(DataError, match=message):
        cohort_net_migration(change(frame))


def test_ages_must_ascend():
    with pytest.raises(DataError, match="low=30 and high=20 are no range"):
        cohort_net_migration(people(np.ones((1, 2, 2))), low=30, high=20)


def test_band_without_ages_is_named():
    net = cohort_net_migration(people(np.ones((1, 2, 5))))
    with pytest.raises(DataError, match=r'Band "old" .60-69. has no ages; the cohorts are 21-30'):
        cohort_rates(net, bands={"old": (60, 69)})
