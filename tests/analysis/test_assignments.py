"""Which assignments are open on a day, and which ads are the same thing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regionstudy.analysis.assignments import ads_by_occupation, counted_by, merged, on_day
from regionstudy.errors import DataError
from regionstudy.sources.jobtech_ads import AD_COLUMNS, read_ads

if TYPE_CHECKING:
    from pathlib import Path

# The recorded ad: an employer's number, its title, and its times.
NUMBER, TITLE = "5569616161", "Trafikledare sökes till växande transportföretag i Abisko/Kiruna"


@pytest.fixture(scope="module")
def recorded(shared: Path) -> dict[str, Any]:
    path = shared / "recordings" / "jobtech" / "platsannonser_expected_after_conversion.json"
    hit: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["hits"]["hits"][0]["_source"]
    return hit


def ads(*hits: dict[str, Any]) -> pd.DataFrame:
    return read_ads(list(hits), url="https://example.org", what="A recorded ad")


def assignment(**changed: Any) -> dict[str, Any]:
    row = {
        "org_id": "one", "org_number": "556961-6161", "title": TITLE, "theme": "Trafik",
        "cluster": "it", "occupation": "4323", "municipality": "2584", "remote_share": 0.0,
        "opens": pd.Timestamp("2018-10-15"), "closes": pd.Timestamp("2019-04-15"),
        "url": "https://one.example",
    }  # fmt: skip
    return row | changed


def frame(*rows: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=list(assignment()))


def test_an_assignment_is_open_on_its_last_day_and_gone_the_day_after():
    rows = frame(
        assignment(title="gone", closes=pd.Timestamp("2019-04-14")),
        assignment(title="last day"),
        assignment(title="no end", closes=pd.NaT),
        assignment(title="to come", opens=pd.Timestamp("2019-04-16"), closes=pd.NaT),
    )
    found = on_day(rows, day="2019-04-15")
    states = {"last day": "open", "no end": "open", "to come": "coming"}
    assert dict(zip(found["title"], found["state"], strict=True)) == states
    assert (found.attrs["expired"], found.attrs["day"]) == (1, "2019-04-15")


@pytest.mark.parametrize("day", ["", "2026-13-01", "tomorrow", "25/11 2026"])
def test_a_day_that_is_none_is_refused(day):
    with pytest.raises(DataError, match='is no day; write it as "2026-11-25"'):
        on_day(frame(assignment()), day=day)


def test_an_assignment_that_closes_before_it_opens_is_named():
    rows = frame(assignment(title="Bakvänt", opens=pd.Timestamp("2020-01-01")))
    with pytest.raises(DataError, match='"Bakvänt" closes before it opens; mend its dates'):
        on_day(rows, day="2019-01-01")


def test_a_recorded_ad_of_the_same_employer_title_and_time_is_the_assignment(recorded):
    found = merged(frame(assignment()), ads(recorded))
    assert found[["source", "ads", "title", "theme"]].to_numpy().tolist() == [
        ["both", "22884504", TITLE, "Trafik"]
    ]


@pytest.mark.parametrize(
    "changed",
    [
        {"org_number": "5569616169"},  # another employer
        {"org_number": None},
        {"title": "Kock till restaurang"},  # another assignment
        {"opens": pd.Timestamp("2019-05-01"), "closes": pd.NaT},  # another time
        {"opens": pd.Timestamp("2018-01-01"), "closes": pd.Timestamp("2018-10-04")},
    ],
)  # fmt: skip
def test_what_differs_in_one_of_them_stands_beside(recorded, changed):
    found = merged(frame(assignment(**changed)), ads(recorded))
    assert found["source"].tolist() == ["member", "ad"]
    ad = found.iloc[1]
    assert (ad["employer"], ad["municipality"], ad["occupation"], ad["closes"]) == (
        "Fazer Food Services AB", "2584", "4323", pd.Timestamp("2019-04-15"),
    )  # fmt: skip
    # What the ad does not say is missing, not empty and not 0.
    assert ad[["theme", "cluster", "remote_share"]].isna().all()


@pytest.mark.parametrize(("days", "source"), [(14, "both"), (15, "member")])
def test_times_meet_within_fourteen_days(recorded, days, source):
    closes = pd.Timestamp("2018-10-19") - pd.Timedelta(days=days)
    rows = frame(assignment(opens=pd.Timestamp("2018-01-01"), closes=closes))
    assert merged(rows, ads(recorded))["source"].iloc[0] == source


def test_a_shortened_title_is_enough_with_the_same_occupation_and_municipality(recorded):
    short = "Trafikledare Abisko och tunnelbanan Kiruna"  # 3 of 5 words
    alike = frame(assignment(title=short))
    elsewhere = frame(assignment(title=short, municipality="2281"))
    assert merged(alike, ads(recorded))["source"].tolist() == ["both"]
    assert merged(elsewhere, ads(recorded))["source"].tolist() == ["member", "ad"]


def test_an_ad_published_again_is_one(recorded):
    again = recorded | {"id": "99", "publication_date": "2018-11-19T00:00:00"}
    other = recorded | {"id": "98", "headline": "Bussförare"}
    found = merged(frame(), ads(recorded, again, other))
    assert found["source"].tolist() == ["ad", "ad"]
    assert found["ads"].tolist() == ["99", "98"]
    assert merged(frame(assignment()), ads(recorded, again))["ads"].tolist() == ["22884504,99"]


def test_ads_of_sole_traders_are_never_taken_for_one_another(recorded):
    person = recorded["employer"] | {"organization_number": "8001011234"}
    pair = [recorded | {"id": one, "employer": person} for one in ("1", "2")]
    found = merged(frame(assignment(org_number="8001011234")), ads(*pair))
    assert found["source"].tolist() == ["member", "ad", "ad"]


@settings(max_examples=25)
@given(st.permutations(range(4)), st.integers(0, 4))
def test_no_row_is_lost_and_none_is_added(order, held):
    titles = ["Arkivarie i stad", "Jurist på tinget", "Testare av appar", "Utreda lagen nu"]
    numbers = [f"55696161{n}1" for n in range(4)]
    pairs = list(zip(titles, numbers, strict=True))
    rows = frame(*(assignment(title=a, org_number=b) for a, b in pairs[:held]))
    offered = pd.DataFrame(
        [
            {
                "id": str(n), "title": pairs[n][0], "employer": "E", "region": "2281",
                "organisation_number": pairs[n][1], "occupation": "2512", "link": "",
                "published": pd.Timestamp("2019-01-01"), "deadline": pd.Timestamp("2019-02-01"),
            }
            for n in order
        ],
        columns=list(AD_COLUMNS),
    )  # fmt: skip
    found = merged(rows, offered)
    assert len(found) == 4
    assert (found["source"] == "both").sum() == held
    assert sorted(found["title"]) == sorted(titles)


def test_inputs_are_not_changed(recorded):
    rows, offered = frame(assignment()), ads(recorded)
    before = rows.copy(), offered.copy()
    merged(rows, offered)
    on_day(rows, day="2019-01-01")
    pd.testing.assert_frame_equal(rows, before[0])
    pd.testing.assert_frame_equal(offered, before[1])


def test_counts_by_theme_and_cluster_add_up_and_a_missing_theme_is_counted():
    rows = frame(
        assignment(theme="A", remote_share=1.0),
        assignment(theme="A", remote_share=0.5, org_id="two"),
        assignment(theme=None, remote_share=None),
    )
    found = counted_by(rows, ["theme", "cluster"])
    assert found[["theme", "assignments", "organisations"]].to_numpy().tolist() == [
        ["A", 2, 2], ["", 1, 1],
    ]  # fmt: skip
    assert found["remote"].tolist()[0] == 1
    assert pd.isna(found["remote"].tolist()[1])  # nobody said: not 0


def test_ads_of_finer_occupations_are_summed_and_a_hole_makes_the_sum_unknown():
    rows = frame(*(assignment(occupation=code) for code in ("251", "2512", "2622", "2615", "2512")))
    counted = pd.DataFrame(
        [
            ("2281", "2511", 3.0, ""), ("2281", "2512", 4.0, ""), ("2280", "2512", 1.0, ""),
            ("2281", "2615", None, ".."), ("2280", "2615", 2.0, ""), ("2281", "total", 99.0, ""),
        ],
        columns=["region", "occupation", "value", "status"],
    )  # fmt: skip
    found = ads_by_occupation(rows, counted).set_index("occupation")
    assert found["assignments"].to_dict() == {"2512": 2, "251": 1, "2615": 1, "2622": 1}
    assert found["ads"].drop("2615").to_dict() == {"2512": 5.0, "251": 8.0, "2622": 0.0}
    assert pd.isna(found.loc["2615", "ads"])
    assert found.loc["2615", "ads_status"] == ".."


@pytest.mark.parametrize("function", [on_day, counted_by, ads_by_occupation])
def test_a_missing_column_is_named(function):
    more: dict[Any, dict[str, Any]] = {
        on_day: {"day": "2026-11-25"}, counted_by: {"columns": ["theme"]},
        ads_by_occupation: {"ads": pd.DataFrame()},
    }  # fmt: skip
    with pytest.raises(DataError, match="assignments lacks the column"):
        function(pd.DataFrame({"x": [1]}), **more[function])
