"""JobTech: all ads of a question, none of their persons, and counts that say what they are."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from werkzeug import Request, Response

from regionstudy.errors import SourceError
from regionstudy.sources import jobtech as module
from regionstudy.sources.http import Patience, open_session
from regionstudy.sources.jobtech import JobTech
from regionstudy.sources.jobtech_ads import AD_COLUMNS, read_ads, without_persons
from regionstudy.sources.personal_data import without_contacts, without_identifiers

from .jobtech_server import FakeJobTech, serve_jobtech

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_httpserver import HTTPServer

NOW = dt.datetime(2026, 11, 25, 12, 0, 0)  # noqa: DTZ001 (Swedish time, as the service has it)


@pytest.fixture
def fake(service: HTTPServer, shared: Path) -> FakeJobTech:
    return FakeJobTech(service, shared)


@pytest.fixture
def jobtech(fake: FakeJobTech, monkeypatch: pytest.MonkeyPatch) -> Iterator[JobTech]:
    monkeypatch.setattr(module, "swedish_now", lambda: NOW)
    session = open_session(source="jobtech", patience=Patience(backoff_s=0.0))
    yield JobTech(fake.base_url, fake.taxonomy_url, fake.historical_url, session=session)
    session.close()


def spread(fake: FakeJobTech, number: int, first: str, last: str, **ad: Any) -> None:
    """Publish ads evenly between two times."""
    for time in pd.date_range(first, last, periods=number):
        fake.put(f"{time:%Y-%m-%dT%H:%M:%S}", **ad)


def searches(fake: FakeJobTech) -> list[str]:
    return [url for url in fake.asked if "/search" in url]


# What is read.


def test_a_region_and_an_occupation_may_be_whole_numbers(
    fake: FakeJobTech, jobtech: JobTech
) -> None:
    fake.open.append(fake.recorded)
    assert len(jobtech.search(regions=2584, occupations=4323)) == 1
    counted = jobtech.open_vacancies(regions=2584)
    assert set(counted["region"]) == {"2584"}


def test_the_recorded_ad_is_read(fake: FakeJobTech, jobtech: JobTech) -> None:
    fake.open.append(fake.recorded)
    [ad] = jobtech.search(regions="2584").to_dict(orient="records")
    text = ad.pop("text")
    # ../shared/recordings/jobtech/platsannonser_expected_after_conversion.json
    assert ad == {
        "id": "22884504",
        "title": "Trafikledare sökes till växande transportföretag i Abisko/Kiruna området",
        "employer": "Fazer Food Services AB",
        "organisation_number": "5569616161",
        "region": "2584",
        "county": "25",
        "place": "Kiruna",
        "occupation": "4323",
        "occupation_name": "Trafikledare, vägtrafik",
        "vacancies": 1.0,
        "published": pd.Timestamp("2018-10-19"),
        "deadline": pd.Timestamp("2019-04-15 23:59:59"),
        "link": "https://arbetsformedlingen.se/platsbanken/annonser/22884504",
    }
    assert text.startswith("Vi söker framtidens proffsiga pedagoger till")


def test_no_contact_of_the_recorded_ad_is_anywhere_in_the_frame(
    fake: FakeJobTech, jobtech: JobTech
) -> None:
    fake.recorded["application_contacts"] = [{"name": "Anna Ek", "email": "anna.ek@visit.se"}]
    fake.recorded["headline"] += " – ring Anna Ek 070-123 45 67 eller anna.ek@visit.se"
    fake.recorded["description"]["text"] += (
        "\nAnna leder arbetet. Ring 060-12 34 56! Fackliga företrädare: Bo Al, Unionen."
    )
    fake.open.append(fake.recorded)
    written = jobtech.search().to_csv()
    for trace in ("Anna", "0701234567", "070-123", "060-12", "@", "Bo Al", "emailadress"):
        assert trace not in written
    assert "Trafikledare sökes" in written


def test_how_to_reach_a_person_is_let_go_as_soon_as_an_ad_has_come(fake: FakeJobTech) -> None:
    kept = without_persons(fake.recorded)
    assert kept["employer"] == {
        "name": "Fazer Food Services AB",
        "organization_number": "5569616161",
    }
    assert "application_details" not in kept
    assert list(kept["description"]) == ["text"]
    pd.testing.assert_frame_equal(
        read_ads([kept], url="u", what="w"), read_ads([fake.recorded], url="u", what="w")
    )


def test_ads_come_newest_first_and_say_how_fresh_they_are(
    fake: FakeJobTech, jobtech: JobTech
) -> None:
    fake.put("2026-11-01T08:00:00")
    fake.put("2026-11-24T16:30:00", ssyk="2221")
    ads = jobtech.search(regions="2281")
    assert ads["occupation"].tolist() == ["2221", "2512"]
    assert ads.attrs == {
        "retrieved": "2026-11-25T12:00:00",
        "newest": "2026-11-24T16:30:00",
        "total": 2,
    }
    assert jobtech.newest() == pd.Timestamp("2026-11-24 16:30")


def test_what_an_ad_does_not_say_is_empty_and_never_zero(
    fake: FakeJobTech, jobtech: JobTech
) -> None:
    fake.put(
        "2026-11-01T08:00:00",
        municipality=None,
        county="22",
        vacancies=None,
        application_deadline=None,
        employer=None,
    )
    [ad] = jobtech.search(regions="22").to_dict(orient="records")
    assert (ad["region"], ad["county"], ad["place"]) == ("", "22", "Västernorrlands län")
    assert (ad["employer"], ad["organisation_number"]) == ("", "")
    assert pd.isna(ad["vacancies"])
    assert pd.isna(ad["deadline"])


def test_a_sole_traders_number_is_a_persons_and_left_out(
    fake: FakeJobTech, jobtech: JobTech
) -> None:
    employer = {"name": "Ek Bygg", "organization_number": "8001011234"}
    fake.put("2026-11-01T08:00:00", employer=employer)
    ad = jobtech.search().iloc[0]
    assert (ad["employer"], ad["organisation_number"]) == ("Ek Bygg", "")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Snickare, ring 070-123 45 67", "Snickare, ring"),
        ("Snickare +46 (0)70 123 45 67", "Snickare"),
        ("Snickare 0046 60 12 34 56", "Snickare"),
        ("Snickare (anna.ek@x.co.uk)", "Snickare"),
        ("Snickare anna(at)x.se", "Snickare"),
        ("Snickare 800101-1234", "Snickare"),
        ("Snickare 19800101-1234", "Snickare"),
        # Numbers that name no one stay.
        ("Lärare 75-100 %, 851 70 Sundsvall", "Lärare 75-100 %, 851 70 Sundsvall"),
        ("Lärare 2026-01-15 till 2026-06-12", "Lärare 2026-01-15 till 2026-06-12"),
        ("Konsult till 556961-6161", "Konsult till 556961-6161"),
        ("Ref 2026/0123", "Ref 2026/0123"),
    ],
)
def test_identifiers_are_cut_out_of_titles(text: str, left: str) -> None:
    assert without_identifiers(text) == left


@pytest.mark.parametrize(
    "sentence",
    [
        "Kontakta vår chef Eva Lind.",
        "Vid frågor svarar Eva Lind.",
        "Upplysningar lämnas av Eva Lind.",
        "Jag heter Eva Lind och är chef.",
        "Rekryterande chef: Eva Lind.",
        "Hälsningar Eva Lind.",
        "Questions? Contact Eva Lind.",
        "Nå oss på eva@lind.se.",
        "Växel 060-19 10 00.",
    ],
)
def test_a_sentence_that_names_a_contact_is_dropped_whole(sentence: str) -> None:
    text = f"Vi söker en murare. {sentence} Välkommen!"
    assert without_contacts(text) == "Vi söker en murare.\nVälkommen!"


def test_completions_are_a_table(fake: FakeJobTech, jobtech: JobTech) -> None:
    fake.typeahead = [
        {"value": "sköterska", "found_phrase": "sjuksköterska", "type": "occupation",
         "occurrences": 12},
    ]  # fmt: skip
    assert jobtech.complete("sjuk").to_numpy().tolist() == [
        ["sköterska", "sjuksköterska", "occupation", 12]
    ]
    assert fake.asked == ["/open/complete?q=sjuk"]
    fake.override = lambda _: Response("{}", mimetype="application/json")
    with pytest.raises(SourceError, match='Completions of "sjuk": the answer lacks the field'):
        jobtech.complete("sjuk")


# What is asked.


def test_codes_are_asked_for_by_concept_id_and_never_by_name(
    fake: FakeJobTech, jobtech: JobTech
) -> None:
    fake.put("2018-10-19T00:00:00", municipality="2584", ssyk="4323")
    fake.put("2018-10-19T00:00:00", municipality="2584", ssyk="2512")
    fake.put("2018-10-19T00:00:00", municipality="2281", ssyk="4323")
    found = jobtech.search("trafik", regions=["2584"], occupations="4323")
    assert len(found) == 1
    assert searches(fake) == [
        "/open/search?q=trafik&municipality=biN6_UiL_Qob&occupation-group=957L_kZK_rHZ"
        "&sort=pubdate-asc&offset=0&limit=100"
    ]
    with pytest.raises(SourceError, match="not a region code"):
        jobtech.search(regions="Kiruna")
    with pytest.raises(SourceError, match="no code of SSYK"):
        jobtech.search(occupations="Trafikledare")


def test_a_county_and_the_country_have_parameters_of_their_own(
    fake: FakeJobTech, jobtech: JobTech
) -> None:
    fake.put("2026-11-01T08:00:00", municipality=None, county="25")
    assert len(jobtech.search(regions="25")) == len(jobtech.search(regions="00")) == 1
    asked = searches(fake)
    assert "region=9hXe_F4g_eTG" in asked[0]
    assert "country=i46j_HmG_v64" in asked[1]


def test_days_are_asked_for_from_their_first_to_their_last_second(
    fake: FakeJobTech, jobtech: JobTech
) -> None:
    for time in ("2026-10-31T23:59:59", "2026-11-01T00:00:00", "2026-11-02T23:59:59",
                 "2026-11-03T00:00:00"):  # fmt: skip
        fake.put(time)
        fake.put(time, past=True)
    for found in (
        jobtech.search(since="2026-11-01", until=dt.date(2026, 11, 2)),
        jobtech.historical(since="2026-11-01", until=dt.date(2026, 11, 2)),
    ):
        assert found["published"].dt.day.tolist() == [2, 1]
    assert "historical-from=2026-11-01T00%3A00%3A00" in searches(fake)[1]
    assert "historical-to=2026-11-02T23%3A59%3A59" in searches(fake)[1]


@pytest.mark.parametrize("number", [0, 1, 99, 100, 101, 2100])
def test_all_pages_of_a_question_come(fake: FakeJobTech, jobtech: JobTech, number: int) -> None:
    spread(fake, number, "2026-10-01", "2026-11-20")
    ads = jobtech.search()
    assert ads["id"].nunique() == len(ads) == number
    assert list(ads.columns) == list(AD_COLUMNS)
    assert len(searches(fake)) == max(1, -(-number // 100))


def test_the_newest_come_alone_and_the_frame_says_how_many_there_are(
    fake: FakeJobTech, jobtech: JobTech
) -> None:
    spread(fake, 300, "2026-10-01", "2026-11-20")
    ads = jobtech.search(most=150)
    assert len(ads) == 150
    assert ads["published"].min() > pd.Timestamp("2026-10-25")
    assert ads.attrs["total"] == 300
    assert len(searches(fake)) == 2
    assert len(jobtech.search(most=2100)) == 300
    for most in (0, 2101):
        with pytest.raises(SourceError, match=f"{most} ads were asked for; the service gives 1"):
            jobtech.search(most=most)


@pytest.mark.parametrize("strict", [False, True])
def test_more_than_2100_are_split_by_time_and_none_is_lost(
    fake: FakeJobTech, jobtech: JobTech, strict: bool
) -> None:
    # Whether a time counts as after itself is the service's secret: either will do.
    fake.strict_ends = strict
    spread(fake, 2500, "2026-10-01", "2026-11-20")
    # One exactly where the first halving falls, and some that are older than a year.
    fake.put((NOW - dt.timedelta(days=365) / 2).isoformat())
    spread(fake, 30, "2023-01-01", "2024-06-01")
    assert len(jobtech.search()) == 2531
    offsets = [int(url.split("offset=")[1].split("&")[0]) for url in searches(fake)]
    assert max(offsets) <= 2000


def test_ads_of_one_moment_are_split_by_region_and_occupation(
    fake: FakeJobTech, jobtech: JobTech
) -> None:
    # Past ads carry the day only, so a whole day's ads have the same time.
    for municipality, ssyk, number in (
        ("2281", "2512", 1060),
        ("2281", "2221", 1060),
        ("2282", "2512", 60),
    ):
        for _ in range(number):
            fake.put("2024-03-01T00:00:00", municipality=municipality, ssyk=ssyk, past=True)
    day = {"since": "2024-03-01", "until": "2024-03-01"}
    found = jobtech.historical(regions=["2281", "2282"], occupations=["2512", "2221"], **day)
    assert found.groupby(["region", "occupation"]).size().to_dict() == {
        ("2281", "2221"): 1060,
        ("2281", "2512"): 1060,
        ("2282", "2512"): 60,
    }
    with pytest.raises(SourceError, match="2120 ads were published at 2024-03-01T00:00:00, and at"):
        jobtech.historical(regions="2281", **day)


def test_a_long_list_is_asked_for_in_parts_that_fit_an_address(
    fake: FakeJobTech, jobtech: JobTech
) -> None:
    fake.put("2026-11-01T08:00:00", ssyk="2512")
    fake.put("2026-11-01T08:00:00", ssyk="2221")
    fake.put("2026-11-01T08:00:00", ssyk="9411")
    found = jobtech.search(regions="2281", occupations="2")
    assert sorted(found["occupation"]) == ["2221", "2512"]
    assert max(url.count("occupation-group") for url in searches(fake)) == 50


def test_a_call_that_is_refused_for_its_pace_is_repeated(
    fake: FakeJobTech, jobtech: JobTech
) -> None:
    fake.put("2026-11-01T08:00:00")
    fake.refuse(2)
    assert len(jobtech.search()) == 1


def test_ads_are_never_kept_on_disk_and_the_taxonomy_is(fake: FakeJobTech, tmp_path: Path) -> None:
    fake.recorded["employer"]["email"] = "anna.ek@visit.se"
    fake.open.append(fake.recorded)
    with open_session(source="jobtech", cache=tmp_path) as session:
        for _ in range(2):
            jobtech = JobTech(
                fake.base_url, fake.taxonomy_url, fake.historical_url, session=session
            )
            jobtech.search(regions="2584")
            jobtech.newest()
        kept = b"".join(one.content for one in session.cache.responses.values())
    assert b"biN6_UiL_Qob" in kept
    assert b"anna.ek" not in kept
    assert "Trafikledare sökes".encode() not in kept
    # Two lists of regions once; the search both times.
    assert len(fake.asked) - len(searches(fake)) == 2
    assert len(searches(fake)) == 4


# What is counted.


def test_vacancies_are_counted_by_region_occupation_and_month(
    fake: FakeJobTech, jobtech: JobTech
) -> None:
    fake.put("2026-09-01T00:00:00", ssyk="2512", vacancies=3, past=True, id="a")
    fake.put("2026-09-30T23:59:59", ssyk="2512", vacancies=2, past=True, id="b")
    fake.put("2026-09-30T23:59:59", ssyk="2512", vacancies=2, id="b")  # in both services
    fake.put("2026-10-01T00:00:00", ssyk="2221", vacancies=5, id="c")  # still open
    fake.put("2026-10-02T00:00:00", municipality=None, county="22", vacancies=7, id="d")
    fake.put("2026-08-31T23:59:59", ssyk="2512", vacancies=9, past=True, id="e")
    frame = jobtech.vacancies(regions=["2281", "22"], since="2026M09", until="2026-10-15")
    assert list(frame.columns) == [
        "region", "indicator", "period", "occupation", "value", "status",
    ]  # fmt: skip
    wide = frame[frame["indicator"] == "job_vacancies"].set_index(
        ["region", "period", "occupation"]
    )["value"]
    # By hand from the ads above; the ad that names only its county is the county's.
    assert wide.to_dict() == {
        ("2281", "2026M09", "2512"): 5,
        ("2281", "2026M09", "2221"): 0,
        ("2281", "2026M09", "total"): 5,
        ("2281", "2026M10", "2512"): 0,
        ("2281", "2026M10", "2221"): 5,
        ("2281", "2026M10", "total"): 5,
        ("22", "2026M09", "2512"): 5,
        ("22", "2026M09", "2221"): 0,
        ("22", "2026M09", "total"): 5,
        ("22", "2026M10", "2512"): 7,
        ("22", "2026M10", "2221"): 5,
        ("22", "2026M10", "total"): 12,
    }
    ads = frame[(frame["indicator"] == "job_ads") & (frame["occupation"] == "total")]
    assert ads.set_index(["region", "period"])["value"].to_dict() == {
        ("22", "2026M09"): 2,
        ("22", "2026M10"): 2,
        ("2281", "2026M09"): 2,
        ("2281", "2026M10"): 1,
    }
    assert set(frame["status"]) == {""}
    source = frame.attrs["provenance"]["job_ads"]
    assert (source["publisher"], source["licence"]) == ("Arbetsförmedlingen", "CC0-1.0")


def test_a_month_that_is_not_over_is_preliminary(fake: FakeJobTech, jobtech: JobTech) -> None:
    fake.put("2026-11-02T00:00:00")
    frame = jobtech.vacancies(regions="2281", since="2026M10", until="2026M11")
    assert frame.groupby("period")["status"].unique().map(list).to_dict() == {
        "2026M10": [""],
        "2026M11": ["p"],
    }


def test_one_ad_without_a_number_makes_the_sum_unknown_and_not_smaller(
    fake: FakeJobTech, jobtech: JobTech
) -> None:
    fake.put("2026-10-02T00:00:00", ssyk="2512", vacancies=4)
    fake.put("2026-10-02T00:00:00", ssyk="2512", vacancies=None)
    fake.put("2026-10-02T00:00:00", ssyk="2221", vacancies=1)
    frame = jobtech.vacancies(regions="2281", since="2026M10", until="2026M10")
    cells = frame.set_index(["indicator", "occupation"])[["value", "status"]]
    assert cells.loc[("job_vacancies", "2221")].tolist() == [1.0, ""]
    for occupation in ("2512", "total"):
        assert pd.isna(cells.loc[("job_vacancies", occupation), "value"])
        assert cells.loc[("job_vacancies", occupation), "status"] == ".."
    assert cells.loc[("job_ads", "total")].tolist() == [3.0, ""]


def test_a_place_without_ads_has_none_and_that_is_a_zero(
    fake: FakeJobTech, jobtech: JobTech
) -> None:
    frame = jobtech.vacancies(
        regions="2260", since="2026M10", until="2026M10", occupations=["2512"]
    )
    assert frame[["occupation", "value", "status"]].to_numpy().tolist() == [
        ["2512", 0.0, ""], ["total", 0.0, ""], ["2512", 0.0, ""], ["total", 0.0, ""],
    ]  # fmt: skip


def test_open_vacancies_are_those_of_the_day(fake: FakeJobTech, jobtech: JobTech) -> None:
    fake.put("2026-02-01T00:00:00", vacancies=2)
    fake.put("2026-11-01T00:00:00", vacancies=3)
    fake.put("2026-11-01T00:00:00", vacancies=9, past=True)
    frame = jobtech.open_vacancies(regions=["2281", "00"])
    total = frame[frame["occupation"] == "total"]
    assert total[["region", "indicator", "period", "value"]].to_numpy().tolist() == [
        ["00", "job_ads_open", "2026M11", 2.0],
        ["2281", "job_ads_open", "2026M11", 2.0],
        ["00", "job_vacancies_open", "2026M11", 5.0],
        ["2281", "job_vacancies_open", "2026M11", 5.0],
    ]


# What is never taken in silence.


@pytest.mark.parametrize(
    ("ignored", "told"),
    [
        ("municipality", "an ad in Härnösand came, which was not asked for"),
        ("occupation-group", "an ad for Grundutbildade sjuksköterskor came"),
        ("historical-to", "an ad published 2026-10-05T00:00:00 came"),
    ],
)
def test_a_part_of_the_question_that_is_ignored_is_noticed(
    fake: FakeJobTech, jobtech: JobTech, ignored: str, told: str
) -> None:
    fake.ignored = {ignored}
    where = "2280" if ignored == "municipality" else "2281"
    what = "2221" if ignored == "occupation-group" else "2512"
    when = "2026-10-05T00:00:00" if ignored == "historical-to" else "2026-10-01T00:00:00"
    fake.put(when, municipality=where, ssyk=what, past=True)
    with pytest.raises(SourceError, match=told):
        jobtech.historical(
            regions="2281", occupations="2512", since="2026-10-01", until="2026-10-02"
        )


def test_ads_that_were_announced_and_did_not_come_are_missed(
    fake: FakeJobTech, jobtech: JobTech
) -> None:
    body = json.dumps({"total": {"value": 2}, "hits": [fake.put("2026-11-01T00:00:00")]})
    fake.override = lambda _: Response(body, mimetype="application/json")
    with pytest.raises(SourceError, match="announced 2 ads and gave 1"):
        jobtech.search()


def test_an_ad_taken_down_while_we_read_is_not_missed(fake: FakeJobTech, jobtech: JobTech) -> None:
    spread(fake, 150, "2026-10-01", "2026-11-20")

    def take_down(request: Request) -> None:
        if request.args["offset"] == "100":
            fake.open.pop()

    fake.override = take_down
    assert len(jobtech.search()) == 149


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ([], "lacks total or hits; it has list"),
        ({"total": {"value": 0}}, "lacks total or hits; it has total"),
        ({"total": 5, "hits": []}, "total is 5, and no number stands in its value"),
        ({"total": {"value": "5"}, "hits": []}, "and no number stands in its value"),
        ({"total": {"value": 1}, "hits": None}, "hits are no list of ads"),
        ({"total": {"value": 1}, "hits": ["ad"]}, "hits are no list of ads"),
    ],
)
def test_another_answer_is_refused_and_kept(
    fake: FakeJobTech, jobtech: JobTech, body: Any, told: str
) -> None:
    fake.override = lambda _: Response(json.dumps(body), mimetype="application/json")
    with pytest.raises(SourceError, match=told) as it:
        jobtech.search()
    assert json.loads(it.value.content) == body


def test_a_field_that_was_renamed_is_named() -> None:
    with pytest.raises(SourceError, match="lacks the field headline; it has id, publication_date"):
        read_ads([{"id": "1", "publication_date": "2026-11-01"}], url="u", what="w")
    ad = {"id": "1", "headline": "x", "publication_date": "2026-11-01", "employer": {}}
    with pytest.raises(SourceError, match="none of 10 ads has the field workplace_address, occ"):
        read_ads([ad] * 10, url="u", what="w")
    assert len(read_ads([ad] * 9, url="u", what="w")) == 9


def test_a_date_or_number_that_is_none_is_told() -> None:
    ad = {"id": "1", "headline": "x", "publication_date": "2026-11-01"}
    with pytest.raises(SourceError, match="published is not a time"):
        read_ads([ad | {"publication_date": "igår"}], url="u", what="w")
    with pytest.raises(SourceError, match="number_of_vacancies is not a number"):
        read_ads([ad | {"number_of_vacancies": "flera"}], url="u", what="w")
    with pytest.raises(SourceError, match="a part of an ad has another form"):
        read_ads([ad | {"employer": "Ek Bygg"}], url="u", what="w")


def test_a_part_that_became_a_text_is_told_and_breaks_nothing(
    fake: FakeJobTech, jobtech: JobTech
) -> None:
    hit = {"id": "1", "headline": "x", "publication_date": "2026-11-01T00:00:00"}
    body = json.dumps({"total": {"value": 1}, "hits": [hit | {"workplace_address": "Kiruna"}]})
    fake.override = lambda _: Response(body, mimetype="application/json")
    with pytest.raises(SourceError, match="a part of an ad has another form"):
        jobtech.search()


@pytest.mark.parametrize(
    ("days", "told"),
    [
        ({"since": "2015-12-31", "until": "2026-01-01"}, "has those from 2016 on"),
        ({"since": "2026-02-01", "until": "2026-01-01"}, "2026-02-01 to 2026-01-01 are in the wro"),
        ({"since": "igår", "until": "2026-01-01"}, '"igår" is not a day'),
    ],
)
def test_days_that_cannot_be_asked_for_are_refused(
    fake: FakeJobTech, jobtech: JobTech, days: dict[str, str], told: str
) -> None:
    with pytest.raises(SourceError, match=told):
        jobtech.historical(**days)
    assert fake.asked == []


@pytest.mark.parametrize(
    ("months", "told"),
    [
        (("2026M10", "2026M09"), "2026-10 to 2026-09 are in the wrong order"),
        (("2026M10", "2026M12"), "or have not begun"),
        (("hösten", "2026M10"), '"hösten" is not a month'),
    ],
)
def test_months_that_cannot_be_asked_for_are_refused(
    fake: FakeJobTech, jobtech: JobTech, months: tuple[str, str], told: str
) -> None:
    with pytest.raises(SourceError, match=told):
        jobtech.vacancies(regions="2281", since=months[0], until=months[1])
    assert fake.asked == []


def test_the_services_own_words_reach_the_reader(fake: FakeJobTech, jobtech: JobTech) -> None:
    fake.override = lambda _: Response(
        json.dumps({"errors": {"limit": "not within 0 - 100"}, "message": "Validation failed"}),
        400,
        mimetype="application/json",
    )
    with pytest.raises(SourceError, match=r"Open job ads: .*Validation failed.*HTTP 400"):
        jobtech.search()


def test_a_service_without_ads_has_no_newest(jobtech: JobTech) -> None:
    with pytest.raises(SourceError, match="Open job ads: there are none"):
        jobtech.newest()


def test_the_fake_services_run_by_themselves(shared: Path) -> None:
    with serve_jobtech(shared) as alone:
        alone.put("2026-11-01T00:00:00")
        jobtech = JobTech(alone.base_url, alone.taxonomy_url, alone.historical_url)
        assert len(jobtech.search(regions="2281")) == 1


def test_the_fake_refuses_what_the_service_refuses(fake: FakeJobTech, jobtech: JobTech) -> None:
    # A test of the test: a page too long or a date of another form must fail there too.
    url = f"{fake.base_url}/search"
    session = open_session(source="jobtech")
    for query in ("limit=101", "offset=2001", "published-after=2026-01-01 10:00"):
        assert session.get(f"{url}?{query}").status_code == 400
    session.close()


# Counting without fetching.


def test_open_ads_are_counted_by_occupation_and_none_is_fetched(
    fake: FakeJobTech, jobtech: JobTech
) -> None:
    for ssyk, number in (("2512", 3), ("2511", 1), ("5321", 2)):
        spread(fake, number, "2026-11-01", "2026-11-20", ssyk=ssyk)
    fake.put("2026-11-03T08:00:00", ssyk="2512", municipality="0180")
    assert jobtech.count_open(["2512", "5321", "2222"]) == {"2512": 4, "5321": 2, "2222": 0}
    assert jobtech.count_open("2512", regions="22") == {"2512": 3}
    assert all("limit=0" in path for path in searches(fake))


def test_more_occupations_than_the_service_counts_at_once_are_counted_in_parts(
    fake: FakeJobTech, jobtech: JobTech
) -> None:
    codes = sorted(fake.taxonomy["occupation-group"])[:35]
    for code in codes:
        fake.put("2026-11-03T08:00:00", ssyk=code)
    assert jobtech.count_open(codes) == dict.fromkeys(codes, 1)
    assert len(searches(fake)) == 2


@pytest.mark.parametrize(
    ("stats", "match"),
    [
        ([], "has no counts by occupation-group"),
        ([{"type": "occupation-group", "values": [{"term": "x"}]}], "KeyError 'concept_id'"),
        (
            [{"type": "occupation-group", "values": [{"concept_id": "x_1", "count": 2}]}],
            "group x_1 were counted, which was not asked for",
        ),
    ],
)
def test_counts_in_another_form_are_a_change_of_the_service(
    fake: FakeJobTech, jobtech: JobTech, stats: Any, match: str
) -> None:
    def answer(request: Request) -> Response | None:
        body = {"total": {"value": 2}, "hits": [], "stats": stats}
        searched = request.path == "/open/search"
        return Response(json.dumps(body), mimetype="application/json") if searched else None

    fake.override = answer
    with pytest.raises(SourceError, match=match):
        jobtech.count_open("2512")
