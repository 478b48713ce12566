"""JobTech's taxonomy: codes and names are converted, or refused; never passed on unknown."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from werkzeug import Response

from regionstudy.errors import SourceError
from regionstudy.geography import valid_codes
from regionstudy.sources.http import Patience, open_session
from regionstudy.sources.taxonomy import SWEDEN, Taxonomy

from .jobtech_server import FakeJobTech

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_httpserver import HTTPServer


@pytest.fixture
def fake(service: HTTPServer, shared: Path) -> FakeJobTech:
    return FakeJobTech(service, shared)


@pytest.fixture
def taxonomy(fake: FakeJobTech) -> Iterator[Taxonomy]:
    session = open_session(source="jobtech", patience=Patience(backoff_s=0.0))
    yield Taxonomy(fake.taxonomy_url, session=session)
    session.close()


def test_every_county_and_municipality_has_its_recorded_concept(
    taxonomy: Taxonomy, shared: Path
) -> None:
    recorded = json.loads(
        (shared / "recordings" / "jobtech" / "taxonomy_to_concept.json").read_text("utf-8")
    )
    table = taxonomy.regions().set_index("region")["concept"]
    assert set(table.index) == valid_codes("county", 2026) | valid_codes("municipality", 2026)
    # ../shared/recordings/jobtech/platsannonser_expected_after_conversion.json
    assert (table["2584"], table["25"]) == ("biN6_UiL_Qob", "9hXe_F4g_eTG")
    assert recorded["country"]["199"]["conceptId"] == SWEDEN


def test_regions_are_given_by_code(taxonomy: Taxonomy) -> None:
    assert taxonomy.region_concepts(["00", "25", "2584"]) == {
        "00": SWEDEN,
        "25": "9hXe_F4g_eTG",
        "2584": "biN6_UiL_Qob",
    }
    assert taxonomy.region_concepts("2584") == {"2584": "biN6_UiL_Qob"}


def test_a_name_in_place_of_a_code_is_refused_with_the_code(taxonomy: Taxonomy) -> None:
    with pytest.raises(SourceError, match=r'"Sundsvall" is not a region code\. Did you mean 2281'):
        taxonomy.region_concepts("Sundsvall")
    with pytest.raises(SourceError, match="not placed in functional regions such as FA42"):
        taxonomy.region_concepts(["2281", "FA42"])


def test_there_are_the_400_recorded_unit_groups(taxonomy: Taxonomy) -> None:
    groups = taxonomy.occupation_groups()
    assert len(groups) == 400
    one = groups[groups["occupation"] == "4323"].iloc[0]
    assert one["concept"] == "957L_kZK_rHZ"
    assert one["label"] == "Transportledare och transportsamordnare"


def test_a_short_code_stands_for_the_groups_below_it(taxonomy: Taxonomy) -> None:
    below = taxonomy.group_concepts("251")
    assert sorted(below) == ["2511", "2512", "2513", "2514", "2515", "2516", "2519"]
    assert taxonomy.group_concepts(["4323"]) == {"4323": "957L_kZK_rHZ"}


@pytest.mark.parametrize("code", ["2599", "systemutvecklare", "", "25120"])
def test_an_unknown_code_of_occupation_is_refused(taxonomy: Taxonomy, code: str) -> None:
    with pytest.raises(SourceError, match=f'"{code}" is no code of SSYK 2012 that ads use'):
        taxonomy.group_concepts(code)


def test_the_nearest_codes_of_occupation_are_named(taxonomy: Taxonomy) -> None:
    with pytest.raises(SourceError, match=r"Nearest: .*2512 Mjukvaru- och systemutvecklare"):
        taxonomy.group_concepts("25l2")


def test_an_occupation_name_has_the_recorded_unit_group(taxonomy: Taxonomy) -> None:
    found = taxonomy.ssyk(["trafikledare, vägtrafik", "Maskinoperatör, kött"])
    # The ad of platsannonser_expected_after_conversion.json, and occId_2_ssyk2012.json.
    assert found["name"].tolist() == ["trafikledare, vägtrafik", "Maskinoperatör, kött"]
    assert found["concept"].tolist() == ["2sRC_oHm_7XA", "Bb6j_vmM_vFp"]
    assert found["occupation"].tolist() == ["4323", "8161"]


def test_an_unknown_name_of_occupation_is_refused_with_the_nearest(taxonomy: Taxonomy) -> None:
    with pytest.raises(SourceError, match=r"no Trafikledre, vägtrafik.*Nearest: Trafikledare, väg"):
        taxonomy.ssyk("Trafikledre, vägtrafik")
    with pytest.raises(SourceError, match="Search by SSYK code instead"):
        taxonomy.ssyk("xyzzy")


def test_each_list_is_asked_for_once_and_in_the_pinned_version(
    fake: FakeJobTech, taxonomy: Taxonomy
) -> None:
    taxonomy.group_concepts("2512")
    taxonomy.group_concepts("2511")
    taxonomy.ssyk("Maskinoperatör, kött")
    taxonomy.ssyk("Färdigmatlagare")
    assert len(fake.asked) == 2
    assert all("version%3A31" in url for url in fake.asked)


def test_a_session_is_opened_where_none_is_given(fake: FakeJobTech) -> None:
    assert len(Taxonomy(fake.taxonomy_url).occupation_groups()) == 400


def test_a_table_given_out_is_no_way_to_change_what_is_kept(taxonomy: Taxonomy) -> None:
    given = taxonomy.occupation_groups()
    given["occupation"] = ""
    assert taxonomy.group_concepts("4323") == {"4323": "957L_kZK_rHZ"}


def answer(fake: FakeJobTech, body: object, status: int = 200) -> None:
    fake.override = lambda _: Response(json.dumps(body), status, mimetype="application/json")


@pytest.mark.parametrize("status", [200, 400])
def test_an_error_of_the_query_is_told_in_the_services_words(
    fake: FakeJobTech, taxonomy: Taxonomy, status: int
) -> None:
    answer(fake, {"errors": [{"message": "Cannot query field `ssyk_code_2012'"}]}, status)
    with pytest.raises(SourceError, match=f"Cannot query field .ssyk_code_2012.*HTTP {status}"):
        taxonomy.occupation_groups()


@pytest.mark.parametrize(
    "body",
    [{}, [], {"data": None}, {"data": {"concepts": None}}, {"data": {"concepts": [{"id": "x"}]}}],
)
def test_an_answer_without_the_fields_is_refused(
    fake: FakeJobTech, taxonomy: Taxonomy, body: object
) -> None:
    answer(fake, body)
    with pytest.raises(SourceError, match=r"the answer (lacks the field pref|has another form)"):
        taxonomy.occupation_groups()


def test_a_version_without_concepts_is_refused(fake: FakeJobTech, taxonomy: Taxonomy) -> None:
    answer(fake, {"data": {"concepts": []}})
    with pytest.raises(SourceError, match="no ssyk-level-4 with a code in version 31"):
        taxonomy.occupation_groups()
    with pytest.raises(SourceError, match="no occupation-name with a code in version 31"):
        taxonomy.occupation_names()


def test_a_municipality_that_is_missing_is_told(fake: FakeJobTech, taxonomy: Taxonomy) -> None:
    fake.taxonomy = {
        **fake.taxonomy,
        "municipality": {
            code: one for code, one in fake.taxonomy["municipality"].items() if code != "2281"
        },
    }
    with pytest.raises(SourceError, match="1 regions are missing, such as 2281"):
        taxonomy.region_concepts("2282")
