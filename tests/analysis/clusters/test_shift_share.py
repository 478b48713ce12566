from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regionstudy.analysis.clusters import shift_share, shift_share_by_industry
from regionstudy.errors import DataError

from .conftest import yearly

# What REAT calls the parts; "net" is its net total shift.
NAMES = {
    "total": "Growth (t1-t)",
    "national": "National share",
    "mix": "Industrial mix",
    "regional": "Regional share",
    "allocation": "Allocation effect",
    "net": "Net total shift",
}
WORDS = {"classic": "Dunn", "esteban": "Esteban", "gerfin": "Gerfin"}
METHODS = ["classic", "esteban", "homothetic", "gerfin"]


def row(frame: pd.DataFrame, region: str, **options) -> pd.Series:
    found = shift_share(frame, **options).set_index("region")
    return found.loc[region]


def agree(found: pd.Series, wanted: dict[str, float]) -> None:
    columns = {name: title for name, title in NAMES.items() if title in wanted and name in found}
    assert len(columns) >= 3
    for name, title in columns.items():
        assert found[name] == pytest.approx(wanted[title], rel=1e-9, abs=1e-12), name


@pytest.mark.parametrize("method", WORDS)
@pytest.mark.parametrize("region", ["A", "B", "C"])
def test_textbook_regions_are_the_oracles(textbook, expected, method, region):
    frame = textbook[textbook["period"] != "2002"]
    found = row(frame, region, start="2000", end="2001", method=method)
    agree(found, expected(f"FK2013_{region}", "shift", f"shift.method={WORDS[method]}"))


@pytest.mark.parametrize("method", WORDS)
def test_freiburg_is_the_oracles(freiburg, expected, method):
    found = row(freiburg, "Freiburg", start="2008", end="2014", method=method)
    agree(found, expected("Freiburg_2008_2014", "shift", f"shift.method={WORDS[method]}"))


@pytest.mark.parametrize("method", WORDS)
def test_goettingens_ends_are_the_oracles(goettingen, expected, method):
    found = row(goettingen, "Goettingen", start="2008", end="2017", method=method)
    case = "Goettingen_2008_2017_comparative_static"
    agree(found, expected(case, "shift", f"shift.method={WORDS[method]}"))


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ({"method": "classic"}, "shift.method=Dunn"),
        ({"method": "esteban"}, "shift.method=Esteban"),
        ({"method": "gerfin"}, "shift.method=Gerfin;gerfin.shifts=mean"),
        ({"method": "gerfin", "gerfin_years": "sum"}, "shift.method=Gerfin;gerfin.shifts=sum"),
    ],
)
def test_yearly_parts_put_together_are_the_oracles(
    goettingen, textbook, expected, method, arguments
):
    found = row(goettingen, "Goettingen", start="2008", end="2017", dynamic=True, **method)
    agree(found, expected("Goettingen_2008_2017", "shiftd", arguments))
    region = textbook[textbook["region"].isin(["00", "A"])]
    found = row(region, "A", start="2000", end="2002", dynamic=True, **method)
    agree(found, expected("FK2013_A_dynamic_2000_2002", "shiftd", arguments))


def test_each_years_parts_are_the_oracles(goettingen, expected):
    wanted = expected("Goettingen_2008_2017", "shiftd.year", "shift.method=Dunn")
    for year in range(2008, 2017):
        found = row(goettingen, "Goettingen", start=str(year), end=str(year + 1))
        step = f"|{year}-{year + 1}"
        agree(found, {k.removesuffix(step): v for k, v in wanted.items() if k.endswith(step)})


@pytest.mark.parametrize("method", ["classic", "esteban"])
def test_parts_by_industry_follow_the_textbook_where_the_package_errs(textbook, method):
    # MANIFEST, quirks: by industry REAT counts the mix as national and has no allocation.
    frame = textbook[textbook["region"].isin(["00", "A"]) & (textbook["period"] != "2002")]
    found = shift_share_by_industry(frame, start="2000", end="2001", method=method)
    by_industry = found.set_index("industry")
    # Industry 1 by hand: 90 to 100, nation 400 to 440, all 1,100 to 1,265 (+15 %).
    assert by_industry.loc["1", "national"] == pytest.approx(90 * 0.15)
    assert by_industry.loc["1", "mix"] == pytest.approx(90 * (0.10 - 0.15))
    own = by_industry.loc["1", "regional"] + by_industry.loc["1"].get("allocation", 0.0)
    assert own == pytest.approx(100 - 90 * 1.1)
    # Homothetic jobs: 180 in the region, 400 of the nation's 1,100.
    if method == "esteban":
        ahead = 100 / 90 - 1.1
        assert by_industry.loc["1", "regional"] == pytest.approx(180 * 400 / 1100 * ahead)
    whole = row(frame, "A", start="2000", end="2001", method=method)
    for name in found.columns.drop(["region", "industry", "status"]):
        assert by_industry[name].sum() == pytest.approx(whole[name], rel=1e-9, abs=1e-12)


def test_regional_part_by_industry_is_the_oracles(freiburg, expected):
    found = shift_share_by_industry(freiburg, start="2008", end="2014").set_index("industry")
    wanted = expected("Freiburg_2008_2014", "shifti", "shift.method=Dunn")
    for industry, parts in found.iterrows():
        assert parts["regional"] == pytest.approx(wanted[f"Regional share|{industry}"], rel=1e-9)
        # The package's "national share" is national and mix together.
        both = parts["national"] + parts["mix"]
        assert both == pytest.approx(wanted[f"National share|{industry}"], rel=1e-9)


def test_homothetic_parts_by_hand():
    # The country 100 + 100 to 110 + 150 (+30 %); the region 30 + 10 to 36 + 12 (+20 %).
    frame = yearly(
        {
            "2020": {"00": [100.0, 100.0], "1": [30.0, 10.0]},
            "2021": {"00": [110.0, 150.0], "1": [36.0, 12.0]},
        },
        industries=["J", "K"],
    )
    found = row(frame, "1", start="2020", end="2021", method="homothetic")
    assert found["national"] == pytest.approx(12.0)
    # Arcelus: 40 (20 % - 30 %).
    assert found["regional"] == pytest.approx(-4.0)
    # Homothetic jobs 20 and 20, ahead by 20 - 10 and 20 - 50 percent: 2 - 6, less -4.
    assert found["regional_mix"] == pytest.approx(0.0, abs=1e-12)
    assert found["allocation"] == pytest.approx(10 * 0.1 - 10 * -0.3)
    assert found["mix"] == pytest.approx(30 * (0.1 - 0.3) + 10 * (0.5 - 0.3))
    assert found["total"] == 8.0


def test_published_totals_leave_what_industries_lack_in_the_residual():
    frame = yearly(
        {
            "2020": {"00": [300.0, 690.0, 1000.0], "1": [6.0, 4.0, 12.0]},
            "2021": {"00": [360.0, 730.0, 1100.0], "1": [9.0, 4.0, 16.0]},
        },
        industries=["J", "K", "total"],
    )
    found = row(frame, "1", start="2020", end="2021", totals="published")
    assert found["total"] == 4.0
    assert found["national"] == pytest.approx(1.2)
    assert found["mix"] == pytest.approx(6 * 0.1 + 4 * (730 / 690 - 1.1))
    assert found["regional"] == pytest.approx((9 - 6 * 1.2) + (4 - 4 * 730 / 690))
    parts = found[["national", "mix", "regional", "residual"]].sum()
    assert parts == pytest.approx(4.0)
    assert row(frame, "1", start="2020", end="2021")["residual"] == 0.0


def test_industry_that_starts_from_nothing_in_the_region_is_its_own():
    frame = yearly(
        {
            "2020": {"00": [300.0, 700.0], "1": [0.0, 10.0]},
            "2021": {"00": [330.0, 770.0], "1": [5.0, 10.0]},
        },
        industries=["J", "K"],
    )
    found = row(frame, "1", start="2020", end="2021")
    assert found[["national", "mix", "regional", "total"]].tolist() == pytest.approx([1, 0, 4, 5])
    # Esteban-Marquillas multiplies the region's own growth, which has no meaning from 0.
    assert row(frame, "1", start="2020", end="2021", method="esteban")["status"] == "."


@pytest.mark.parametrize("method", METHODS)
def test_growth_from_nought_in_the_country_is_missing_and_not_infinite(method):
    frame = yearly(
        {
            "2020": {"00": [0.0, 700.0], "1": [0.0, 10.0], "2": [0.0, 4.0]},
            "2021": {"00": [30.0, 770.0], "1": [5.0, 10.0], "2": [0.0, 4.0]},
        },
        industries=["J", "K"],
    )
    found = shift_share(frame, start="2020", end="2021", method=method).set_index("region")
    # Arcelus's regional part is the whole's lead, which needs no industry.
    by_industry = "regional_mix" if method == "homothetic" else "regional"
    assert np.isnan(found.loc["1", by_industry])
    assert found.loc["1", "status"] == "."
    # Who has none of it at either end has nothing to part.
    assert found.loc["2", "status"] == ""
    assert not np.isinf(found.drop(columns="status").to_numpy(dtype=float)).any()


@pytest.mark.parametrize("method", METHODS)
def test_suppressed_part_leaves_all_that_holds_it_missing(method):
    frame = yearly(
        {
            "2020": {"00": [300.0, 700.0], "1": [6.0, 4.0], "2": [3.0, 3.0]},
            "2021": {"00": [360.0, 740.0], "1": [9.0, 4.0], "2": [3.0, 4.0]},
        },
        industries=["J", "K"],
    )
    frame["status"] = ""
    frame.loc[2, "status"] = ".."
    found = shift_share(frame, start="2020", end="2021", method=method).set_index("region")
    assert found.loc["1", "status"] == ".."
    assert found.loc["1", ["mix", "regional", "total"]].isna().all()
    assert found.loc["2", "status"] == ""
    assert found.loc["2"].notna().all()


YEARS = {
    "2020": {"00": [300.0, 700.0], "1": [6.0, 4.0], "2": [3.0, 3.0]},
    "2022": {"00": [360.0, 740.0], "1": [9.0, 4.0], "2": [3.0, 4.0]},
}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"end": "2023"}, "employed lacks the year 2023; it has: 2020, 2022"),
        ({"dynamic": True}, "lacks the year 2021; .* With dynamic=True every year is needed"),
        ({"start": "2022", "end": "2020"}, "start=2022 is not before end=2020; swap them"),
        ({"method": "dunn"}, 'method="dunn" is not known; use one of: classic, esteban'),
        ({"gerfin_years": "last"}, 'gerfin_years="last" is not known; use one of: mean, sum'),
        ({"reference": "0"}, 'no rows of the reference "0"'),
    ],
)
def test_years_and_words_that_are_not_there_are_named(options, message):
    frame = yearly(YEARS, industries=["J", "K"])
    with pytest.raises(DataError, match=message):
        shift_share(frame, **{"start": "2020", "end": "2022"} | options)


def test_frames_that_cannot_be_compared_are_refused():
    frame = yearly(YEARS, industries=["J", "K"])
    years = {"start": "2020", "end": "2022"}
    changed = frame[(frame["region"] != "2") | (frame["period"] == "2020")]
    with pytest.raises(DataError, match=r"Region 2 has rows in 2020 but none in 2022\. Was the"):
        shift_share(changed, **years)
    with pytest.raises(DataError, match=r"Region 2 has rows in 2020 but none in 2022\. Was the"):
        shift_share_by_industry(changed, **years)
    recoded = frame.assign(
        industry=frame["industry"].where(
            (frame["period"] == "2020") | (frame["industry"] == "J"), "L"
        )
    )
    with pytest.raises(
        DataError, match=r"Industry K has rows in 2020 but none in 2022 \(as have 1"
    ):
        shift_share(recoded, **years)
    without = frame[(frame["region"] != "00") | (frame["period"] == "2020")]
    with pytest.raises(DataError, match="Region 00 has rows in 2020 but none in 2022"):
        shift_share(without, **years)
    with pytest.raises(DataError, match="employed lacks the column period"):
        shift_share(frame.drop(columns="period"), **years)
    with pytest.raises(DataError, match='period "2020K1", which is not a year'):
        shift_share(frame.assign(period=frame["period"] + "K1"), **years)
    with pytest.raises(
        DataError, match='method="gerfin" is not known; use one of: classic, esteban'
    ):
        shift_share_by_industry(frame, **years, method="gerfin")


def test_years_given_as_numbers_or_categories_are_the_same():
    frame = yearly(YEARS, industries=["J", "K"])
    plain = shift_share(frame, start="2020", end="2022")
    numbered = frame.astype({"period": int})
    pd.testing.assert_frame_equal(shift_share(numbered, start="2020", end="2022"), plain)
    coded = frame.astype({"period": "category"})
    pd.testing.assert_frame_equal(shift_share(coded, start="2020", end="2022"), plain)


@st.composite
def changes(draw) -> pd.DataFrame:
    industries, years = draw(st.integers(1, 4)), draw(st.integers(2, 4))
    count = st.integers(1, 5_000).map(float)
    cells = st.lists(count, min_size=industries, max_size=industries)
    table = {
        str(2020 + step): {region: draw(cells) for region in ("00", "1", "2")}
        for step in range(years)
    }
    return yearly(table, industries=[str(number) for number in range(industries)])


@settings(deadline=None, max_examples=40)
@given(frame=changes(), method=st.sampled_from(METHODS), dynamic=st.booleans())
def test_parts_add_up_to_the_change(frame, method, dynamic):
    end = frame["period"].max()
    found = shift_share(
        frame, start="2020", end=end, method=method, dynamic=dynamic, gerfin_years="product"
    ).set_index("region")
    whole = frame.groupby(["region", "period"])["value"].sum()
    names = ["national", "mix", "regional", "regional_mix", "allocation"]
    parts = found[[name for name in names if name in found]]
    for region in ("1", "2"):
        first, last = whole[region, "2020"], whole[region, end]
        # Parts may be thousands of times the change: what is lost is relative to them.
        size = parts.loc[region].abs().max()
        if method == "gerfin":
            assert found.loc[region, "total"] == pytest.approx(last / first, rel=1e-10)
            assert parts.loc[region].prod() == pytest.approx(last / first, rel=1e-10)
        else:
            assert found.loc[region, "total"] == pytest.approx(last - first, abs=1e-9)
            assert parts.loc[region].sum() == pytest.approx(last - first, abs=1e-9 * (1 + size))


@settings(deadline=None, max_examples=40)
@given(frame=changes())
def test_country_against_itself_has_neither_mix_nor_regional_part(frame):
    same = frame[frame["region"] == "00"]
    twin = pd.concat([same, same.assign(region="1")], ignore_index=True)
    found = shift_share(twin, start="2020", end=frame["period"].max()).iloc[0]
    assert found["mix"] == pytest.approx(0.0, abs=1e-8)
    assert found["regional"] == pytest.approx(0.0, abs=1e-8)


@settings(deadline=None, max_examples=40)
@given(frame=changes(), method=st.sampled_from(METHODS), seed=st.integers(0, 9))
def test_order_of_rows_does_not_matter(frame, method, seed):
    options = {"start": "2020", "end": frame["period"].max(), "method": method}
    shuffled = frame.sample(frac=1, random_state=seed)
    pd.testing.assert_frame_equal(shift_share(frame, **options), shift_share(shuffled, **options))


def test_published_totals_tell_the_change_where_an_industry_is_hidden():
    frame = yearly(
        {
            "2020": {"00": [300.0, 700.0, 1000.0], "1": [6.0, 4.0, 10.0]},
            "2021": {"00": [360.0, 740.0, 1100.0], "1": [9.0, 4.0, 13.0]},
        },
        industries=["J", "K", "total"],
    ).assign(status="")
    frame.loc[(frame["region"] == "1") & (frame["industry"] == "K"), "status"] = ".."
    found = row(frame, "1", start="2020", end="2021", totals="published")
    assert (found["total"], found["status"]) == (3.0, "..")
    assert found["national"] == pytest.approx(1.0)
    assert found[["mix", "regional", "residual"]].isna().all()
    by_sum = row(frame, "1", start="2020", end="2021")
    assert by_sum[["national", "mix", "regional", "total"]].isna().all()
