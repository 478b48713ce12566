from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from regionstudy.errors import DataError
from regionstudy.figures import migration_captions as captions
from regionstudy.figures import migration_history as history
from regionstudy.figures import migration_words as words


def levels(**rows: tuple[float, float, float]) -> pd.DataFrame:
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=["mean", "low", "high"])
    frame.index = frame.index.str.removeprefix("r")
    return frame.rename_axis("region").reset_index().assign(first="2015", last="2019")


@pytest.mark.parametrize(
    ("home", "sv", "en"),
    [
        ((2.0, 1.0, 3.0), "Sundsvall vann 2,0 invånare per 1 000", "Sundsvall gained 2.0"),
        ((-2.0, -3.0, -1.0), "Sundsvall förlorade 2,0 invånare", "Sundsvall lost 2.0"),
        ((0.5, -1.0, 2.0), "inte går att säga om kommunen vinner", "one cannot say whether"),
    ],
)
def test_answer_says_gain_or_loss_only_where_the_interval_excludes_zero(home, sv, en):
    frame = levels(r2281=home, r2180=(4.0, 3.0, 5.0), r2480=(6.0, 5.0, 7.0))
    told = words.net_answer(frame, home="2281", peers=["2180", "2480"])
    assert sv in told.render("sv").replace("\xa0", " ")
    assert en in told.render("en")
    assert "medianen i 2 jämförbara kommuner var +5,0" in told.render("sv")


def test_answer_is_left_out_where_there_is_no_interval():
    frame = levels(r2281=(1.0, np.nan, np.nan), r2180=(4.0, 3.0, 5.0))
    assert words.net_answer(frame, home="2281", peers=["2180"]) is None


def schedule(left: float, back: float) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "region": "22",
            "age": ["18-24", "27-40"],
            "period": "2022",
            "years": 4,
            "rate_per_1000_year": [left, back],
            "country_rate": [12.0, 10.0],
        }
    )


def test_ages_are_told_as_fewer_and_more_with_the_country_beside():
    told = words.ages_answer(schedule(-23.5, 4.8), region="22", leaving="18-24", returning="27-40")
    text = told.render("sv").replace("\xa0", " ")
    assert "fylla 18–24 år 23,5 färre per 1 000 och år 2018–2022" in text
    assert "27–40 år 4,8 fler; i riket var det +12,0 och +10,0" in text


def test_ages_without_a_rate_are_not_told():
    frame = schedule(np.nan, 4.8)
    assert words.ages_answer(frame, region="22", leaving="18-24", returning="27-40") is None


def test_sentence_on_a_region_that_is_not_there_is_an_error():
    with pytest.raises(DataError, match="one row with region 22, age 20-24, but the frame has 0"):
        words.ages_answer(schedule(1, 1), region="22", leaving="20-24", returning="27-40")


def test_title_names_the_ages_of_greatest_loss_and_gain_and_skips_missing_ones():
    profile = pd.DataFrame({"age": ["19", "21", "30"], "value": [np.nan, -44.6, 9.9]})
    told = words.ages_title(profile, region="22").render("en")
    assert "lowest at the age of 21 (−45 per" in told
    assert "highest at 30 (+10)" in told


@pytest.mark.parametrize(
    ("turns", "last", "expected"),
    [
        (24.0, 0.9, "minst vid 24 års ålder, och vid 30 är den 10,0 procent mindre än vid 20"),
        (24.0, 1.05, "5,0 procent större än vid 20"),
        (np.nan, 0.8, "inte börjat växa igen vid 30 års ålder; då är den 20,0 procent mindre"),
        (np.nan, np.nan, "går inte att följa: uppgifter saknas"),
    ],
)
def test_cohorts_turn_or_have_not_turned_yet(turns, last, expected):
    row = {"lowest_age": 24.0, "last_age": 30, "last_share": last, "turns_at": turns}
    turning = pd.DataFrame([{"region": "22", **row}])
    assert expected in words.cohorts_title(turning, region="22", from_age=20).render("sv")


def test_municipalities_are_counted_as_sure_only_beside_zero():
    frame = levels(
        r2281=(1.0, -1.0, 3.0), r2283=(-2.0, -3.0, -1.0), r2262=(1.0, 0.5, 2.0), r2260=(0, 0, 0)
    )
    told = words.young_title(frame, region="22").render("en")
    assert "Of 4 municipalities in Västernorrland County, 1 gained" in told
    assert "1 lost them; for 2 one cannot say" in told


def test_map_counts_losses_in_the_country_and_here_without_the_missing():
    frame = levels(r2281=(1.0, 0, 0), r2283=(-2.0, 0, 0), r0180=(-1.0, 0, 0), r0330=(np.nan, 0, 0))
    told = words.map_title(frame, region="22", inside=["2281", "2283"]).render("sv")
    assert told.startswith("2 av landets 3 kommuner")
    assert told.endswith("var det 1 av 2")


def test_flows_are_added_up_within_each_unbroken_span():
    pieces = pd.DataFrame(
        {
            "segment": [0, 0, 1],
            "period": ["1995", "1996", "2014"],
            "value": [-700.0, -809.0, 300.0],
        }
    )
    told = history.flows_title(pieces, region="22").render("sv").replace("\xa0", " ")
    assert "−1 509 personer 1995–1996 och +300 personer 2014–2014" in told


def gross(periods: dict[str, tuple[float | None, float | None]]) -> pd.DataFrame:
    rows = [
        {"period": period, "flow": flow, "value": value}
        for period, values in periods.items()
        for flow, value in zip(("inmigration", "outmigration"), values, strict=True)
        if value is not None
    ]
    return pd.DataFrame(rows)


def test_gross_flows_are_those_of_the_last_year_with_both():
    told = history.gross_title(gross({"1996": (3143, 3124), "2002": (3000, None)}), home="2281")
    assert "1996 flyttade 3 143 personer till Sundsvall och 3 124 därifrån; senare år saknar" in (
        told.render("sv").replace("\xa0", " ")
    )
    whole = history.gross_title(gross({"1996": (3143, 3124)}), home="2281")
    assert "saknar" not in whole.render("sv")
    with pytest.raises(DataError, match="No year has both in- and out-migration of 2281"):
        history.gross_title(gross({"2002": (3000, None)}), home="2281")


def test_population_change_is_told_in_parts_from_the_year_before_the_first():
    total = pd.DataFrame(
        [
            {
                "region": "2281",
                "first": "2021",
                "last": "2025",
                "end": 98962.0,
                "change": -477.0,
                "natural": -874.0,
                "net_migration": 296.0,
            }
        ]
    )
    told = history.population_title(total, home="2281").render("en")
    assert "98,962 residents in 2025, −477 since 2020" in told
    assert "births less deaths gave −874 and migration +296" in told


def test_newest_net_migration_is_set_beside_the_median():
    compared = pd.DataFrame({"period": ["2025", "2024"], "value": [1.84, 9], "median": [2.76, 9]})
    told = words.net_title(compared, home="2281").render("sv")
    assert "var +1,8 per" in told
    assert "2025, mot +2,8" in told


def test_each_note_of_the_analysis_has_words_once():
    frames = [pd.DataFrame(), pd.DataFrame()]
    frames[0].attrs["notes"] = ["cohort_method", "deaths_ignored"]
    frames[1].attrs["notes"] = ["deaths_ignored", "interval_between_years"]
    told = captions.notes(*frames, also=["gap"])
    assert len(told) == 4
    assert all(note.render(lang) for note in told for lang in ("sv", "en"))


def test_lines_keep_names_statuses_and_the_sources_of_all():
    own = pd.DataFrame({"period": ["2024"], "value": [1.0], "status": ["p"]})
    own.attrs["provenance"] = {"a": {}}
    median = pd.DataFrame({"period": ["2024"], "value": [2.0]})
    median.attrs["provenance"] = {"b": {}}
    frame = captions.named_lines({"2281": own, "median": median})
    assert frame["region"].tolist() == ["2281", "median"]
    assert [str(name) for name in frame["name"]] == ["Sundsvall", "jämförbara, median"]
    assert frame["status"].tolist() == ["p", ""]
    assert set(frame.attrs["provenance"]) == {"a", "b"}


def test_key_numbers_leave_out_what_has_no_interval():
    population = pd.DataFrame(
        {"region": "2281", "period": ["2024", "2025"], "value": [99048.0, 98962.0]}
    )
    found = captions.key_numbers(
        levels(r2281=(0.6, -0.9, 2.1)),
        levels(r2281=(1.2, np.nan, np.nan)),
        population,
        home="2281",
    ).payload()
    values = [re.sub("\xa0", " ", item["value"]["sv"]) for item in found["items"]]
    assert values == ["+0,6", "98 962"]
    assert found["items"][1]["note"]["sv"] == "−86 sedan 2024."


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ((1.0, 0.5, 1.5), "Sundsvall vann säkert unga vuxna 2015–2019"),
        ((-1.0, -1.5, -0.5), "Sundsvall förlorade säkert unga vuxna 2015–2019"),
        ((0.1, -1.0, 1.2), "Det går inte att säga om Sundsvall vann eller förlorade"),
        ((0.1, np.nan, np.nan), "Det går inte att säga om Sundsvall vann eller förlorade"),
    ],
)
def test_one_municipality_is_not_counted_but_told(row, expected):
    assert expected in words.young_title(levels(r2281=row), region="2281").render("sv")


def test_map_of_one_municipality_says_what_it_had():
    both = levels(r2281=(-1.0, -2.0, 0.0), r2180=(1.0, 0.0, 2.0))
    told = words.map_title(both, region="2281", inside=["2281"]).render("sv")
    assert "1 av landets 2 kommuner" in told
    assert told.endswith("Sundsvall hade det")
    other = words.map_title(both, region="2180", inside=["2180"]).render("sv")
    assert other.endswith("hade det inte")


def test_years_of_a_joined_series_stay_with_their_own_source():
    years = pd.DataFrame({"period": ["1996", "2014"], "value": [1.0, 2.0], "source": ["a", "b"]})
    years.attrs["provenance"] = {"a": {}, "b": {}}
    made = captions.named_lines({"FA42": years, "2281": years})
    assert made["indicator"].tolist() == ["a", "b"] * 2
    assert made["name"].iloc[0] == "FA Sundsvall"
