"""Notebook 05's education on published and on GENERATED figures: what is missing is said."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from tests.views.notebooks import GeneratedSnapshot, results

from regionstudy import views
from regionstudy.errors import ConfigError
from regionstudy.figures.shown import Answer, KeyFigures, Note, StudyFigure
from regionstudy.geography import municipalities_in
from regionstudy.store import Snapshot
from regionstudy.store.write import SnapshotWriter
from regionstudy.study import Study
from regionstudy.words import render

AGES = "education_level_16_95"
LONG = ("eftergymnasial utbildning, 3 år eller mer", "forskarutbildning")
YOUNG = (
    "kol_eligible_vocational",
    "kol_eligible_university_3y",
    "kol_university_2y",
)


def sv(text: Any) -> str:
    return render(text, "sv").replace("\xa0", " ")


def load(repository, *, region=None, put=None, out=()) -> Study:
    study = Study.load(repository, region=region)
    study.snapshot = GeneratedSnapshot(study.snapshot, put=put or {}, out=out)
    return study


@pytest.fixture(scope="module")
def learnt(study):
    return views.attained(study)


@pytest.fixture(scope="module")
def people(shared) -> pd.DataFrame:
    """The file of 2019 as its publisher has it, for sums of our own."""
    path = shared / "figures" / "population_education_age_sex_2019.csv.gz"
    frame = pd.read_csv(path, dtype={"region": str, "sex": str}, keep_default_na=False)
    return frame[frame["age"].isin(["25-34", "35-44", "45-54", "55-64"])]


def share(rows: pd.DataFrame) -> float:
    return 100 * rows.loc[rows["education"].isin(LONG), "value"].sum() / rows["value"].sum()


def test_the_countys_share_at_the_countrys_ages_is_that_of_the_published_counts(learnt, people):
    own = people[people["region"].str[:2] == "22"]
    by_age = {age: share(rows) for age, rows in own.groupby("age")}
    ages = people.groupby("age")["value"].sum()
    standardised = sum(by_age[age] * ages[age] for age in by_age) / ages.sum()
    row = learnt.shares.set_index("region").loc["22"]
    assert row["crude"] == pytest.approx(share(own))
    assert row["standardised"] == pytest.approx(standardised)
    assert row["gap"] == pytest.approx(standardised - share(people))
    assert row["age_effect"] == pytest.approx(share(own) - standardised)


def test_the_answer_says_what_ages_make_of_the_difference(study, learnt):
    said = [sv(one.text) for one in views.education_answer(study, learnt).sentences]
    assert len(said) == 2
    assert said[0] == (
        "Av 25–64-åringarna i Västernorrlands län har 21,7 % lång eftergymnasial utbildning "
        "(2019), mot 28,2 % i riket; åldrarna förklarar 0,3 av de 6,6 procentenheterna."
    )
    # atlas290's file: Sundsvall 33.71 in 2016 and 38.47 in 2025.
    assert said[1].startswith("Sundsvall har gått från 33,7 % med någon eftergymnasial utbildning")
    assert "till 38,5 % 2025, +4,8 procentenheter mot" in said[1]


def test_the_ranking_holds_peers_region_and_country(study, learnt):
    content = views.standard_chart(study, learnt).content
    names = [sv(row[0]) for row in content.table.rows]
    assert len(names) == len(study.peers.members) + 2
    assert {"Sundsvall", "Västernorrlands län", "Riket"} <= set(names)
    values = [row[1] for row in content.table.rows]
    assert values == sorted(values, reverse=True)


def test_education_by_age_is_the_same_from_parts_alone_and_a_gap_stays_a_gap(repository, study):
    """As fetched: no totals of sex or education, but every part of both."""
    published = study.observations(AGES)
    parts = published[
        (published["sex"] != "total")
        & (published["education"] != "total")
        & (published["period"] == "2019")
    ]
    parts.attrs = published.attrs
    fetched = load(repository, put={AGES: parts})
    whole = views.education_chart(views.attained(study)).content.table.rows
    assert views.education_chart(views.attained(fetched)).content.table.rows == whole
    holed = parts.copy()
    holed.loc[(holed["region"] == "2281") & (holed["age"] == "25-34"), "value"] = np.nan
    holed.attrs = published.attrs
    study = load(repository, put={AGES: holed})
    found = views.attained(study)
    shown = views.education_chart(found)
    first, *others = shown.content.table.rows
    assert (first[0], first[1].value, first[1].status) == ("25–34", None, "..")
    assert tuple(others) == whole[1:]
    assert sv(shown.content.title).startswith("Vid 35–44 år")
    # The country is as unknown as its part, so no share can be brought to its ages.
    assert "Går inte att säga" in sv(views.education_answer(study, found).sentences[0].text)


def test_women_and_men_of_the_youngest_ages_are_those_of_the_published_counts(learnt, people):
    young = people[people["age"] == "25-34"]
    told = learnt.sexes[learnt.sexes["age"] == "25-34"].set_index(["region", "sex"])["share"]
    for code, rows in (("00", young), ("22", young[young["region"].str[:2] == "22"])):
        for sex, part in rows.groupby("sex"):
            assert told[(code, sex)] == pytest.approx(share(part))
    (said,) = views.education_chart(learnt).content.paragraphs
    assert sv(said).startswith("Bland 25–34-åringarna har 29 % av kvinnorna och 13 % av männen")


def test_a_year_with_totals_and_one_of_parts_alone_are_both_read(repository, study):
    """As after a fetch: 2019 as embedded, and a newer year of men and women."""
    published = study.observations(AGES)
    parts = published[(published["sex"] != "total") & (published["education"] != "total")]
    both = pd.concat([published, parts.assign(period="2025")], ignore_index=True)
    both.attrs = published.attrs
    found = views.attained(load(repository, put={AGES: both}))
    assert found.period == "2025"
    assert found.shares["crude"].tolist() == views.attained(study).shares["crude"].tolist()
    assert found.history["period"].unique().tolist() == ["2019", "2024", "2025"]


def test_ages_are_whole_groups_of_ten_years(study):
    with pytest.raises(ConfigError, match=r"ages=\(20, 64\) are no whole groups of 10 years"):
        views.attained(study, ages=(20, 64))


def test_the_change_is_from_2019_to_2024_in_the_county(learnt):
    """Files of both years: 6,037 of 29,246 in 2019; ages 25-29 and 30-34 together in 2024."""
    content = views.education_change(learnt).content
    row = next(row for row in content.table.rows if row[0] == "25–34")
    assert row[1] == round(100 * 5974 / 26893 - 100 * 6037 / 29246, 1)
    assert "2024" in sv(content.title)


def test_one_year_alone_gives_no_change_and_says_what_would_bring_more(repository):
    study = Study.load(repository, region="2281")
    shown = views.education_change(views.attained(study))
    assert isinstance(shown, Note)
    assert "bara för ett år i Sundsvall" in sv(shown.text)
    assert "regionstudy fetch --indicator education_level_16_95" in sv(shown.text)


def test_eligibility_shows_a_hidden_share_as_hidden_in_the_source(repository, study):
    """MANIFEST: Sundsvall 83.6 per cent of 1,197; girls of municipal schools 79.4 are not it."""
    rows = views.eligibility_table(study).table.rows
    sundsvall = next(row for row in rows if row[0] == "Sundsvall")
    assert sundsvall[1:3] == (1197, 83.6)
    shares = study.observations("upper_secondary_eligibility").copy()
    cell = (shares["region"] == "2281") & (shares["sex"] == "2")
    shares["value"] = shares["value"].mask(cell)
    shares["status"] = shares["status"].astype(str).mask(cell, "..")
    shares.attrs = study.observations("upper_secondary_eligibility").attrs
    holed = load(repository, put={"upper_secondary_eligibility": shares})
    rows = views.eligibility_table(holed).table.rows
    girls = next(row for row in rows if row[0] == "Sundsvall")[3]
    assert (girls.value, girls.status) == (None, "..")


def test_vocational_places_are_per_inhabitant_and_the_mean_of_all_rounds(study):
    """The file's own counts over the published population, region and country alike."""
    shown = views.vocational_trend(study).content
    places = study.observations("yh_places")
    places = places[(places["measure"] == "places_granted") & (places["education"] == "total")]
    people = study.indicators("population")
    people = people[people["region"].isin(list(study.region))].groupby("period")["value"].sum()
    own = places[places["region"].isin(list(study.region))].groupby("period")["value"].sum()
    rates = 10_000 * own / people[own.index]
    drawn = [row[2] for row in shown.table.rows if sv(row[0]) == "Västernorrlands län"]
    assert drawn == pytest.approx(rates.round(1).tolist(), abs=0.051)
    assert f"har fått {rates.mean():.0f} yrkeshögskoleplatser" in sv(shown.title)
    assert "2020–2025" in sv(shown.title)


def test_a_picture_names_only_the_files_that_it_draws(learnt):
    """Only the counties of 2024 were typed in by hand."""
    drawn = [sv(one.text) for one in views.education_chart(learnt).content.sources]
    assert not any("avskrivna" in line for line in drawn)
    both = [sv(one.text) for one in views.education_change(learnt).content.sources]
    assert any("avskrivna" in line for line in both)


def notebook_results(repository, monkeypatch, study: Study) -> list[Any]:
    monkeypatch.setattr(Study, "load", classmethod(lambda _, **__: study))
    shown = results(repository / "notebooks" / "05_competence_supply.ipynb", monkeypatch)
    return [one for one in shown if one is not None]


def answers(shown: list[Any]) -> list[Answer]:
    return [one for one in shown if isinstance(one, Answer)]


def said_on_education(shown: list[Any]) -> str:
    """What a page that opens with the members' gap says of education, further down."""
    notes = [sv(one.text) for one in shown if isinstance(one, Note)]
    return next(one for one in notes if one.startswith(("Av ", "Går inte att säga")))


def test_each_missing_part_is_one_line_with_its_command(repository, study):
    lines = [*views.transition_trends(study), *views.establishment_results(study)]
    lines += [views.graduates_table(study), views.match_chart(study)]
    assert [type(one) for one in lines] == [Note] * 4
    said = [sv(one.text) for one in lines]
    assert "regionstudy fetch --indicator kol_eligible_vocational --indicator" in said[0]
    assert "regionstudy fetch --indicator kol_established_2y --indicator" in said[1]
    assert "regionstudy describe movers_by_education" in said[2]
    assert "regionstudy fetch --indicator matched_employment" in said[3]


def generated(frame: pd.DataFrame, indicator: str) -> pd.DataFrame:
    frame = frame.assign(indicator=indicator)
    note = {"sv": "GENERATED: påhittade tal.", "en": "GENERATED: made-up figures."}
    frame.attrs["provenance"] = {
        indicator: {
            **dict.fromkeys(("publisher", "source", "table"), "GENERATED"),
            "query": "",
            "how": note,
            "retrieved": "2026-11-25",
            "updated": None,
            "licence": "GENERATED",
            "note": note,
            "transcribed": False,
            "url": None,
        }
    }
    return frame


@pytest.fixture(scope="module")
def fetched() -> dict[str, pd.DataFrame]:
    """What fetch would bring, drawn at random: shares of every municipality, and counts."""
    random = np.random.default_rng(1)
    keys = ["region", "period", "sex"]
    places = [sorted(municipalities_in("00")), ["2022", "2023", "2024"], ["total", "1", "2"]]
    index = pd.MultiIndex.from_product(places, names=keys)
    either = pd.Series(random.uniform(60, 90, len(index)), index).round(1)
    values = {
        "kol_established_2y": either,
        "kol_established_job_2y": (either * random.uniform(0.5, 0.9, len(index))).round(1),
        **{one: pd.Series(random.uniform(20, 90, len(index)), index).round(1) for one in YOUNG},
    }
    frames = {
        one: generated(values[one].rename("value").reset_index().assign(status=""), one)
        for one in values
    }
    levels = pd.MultiIndex.from_product(
        [["00", "22", "23"], ["2022", "2023"], ["total", "gymnasial", "eftergymnasial"]],
        names=["region", "period", "education"],
    )
    match = pd.DataFrame({"value": random.uniform(40, 80, len(levels)).round(1)}, index=levels)
    match = match.reset_index().assign(status="")
    frames["matched_employment"] = generated(match, "matched_employment")
    fields = pd.MultiIndex.from_product(
        [["22", "23"], ["2021-2022"], ["1", "2"], ["Civilingenjör", "Jurist"]],
        names=["region", "period", "sex", "education"],
    )
    graduates = pd.DataFrame({"value": [30.0, 10.0, 20.0, 15.0] * 2}, index=fields)
    graduates = graduates.reset_index().assign(status="", measure="graduates")
    out = graduates.assign(measure="out_movers", value=999.0)
    both = pd.concat([graduates, out], ignore_index=True)
    frames["movers_by_education"] = generated(both, "movers_by_education")
    return frames


@pytest.fixture(scope="module")
def snapshot(repository, fetched, tmp_path_factory) -> Snapshot:
    """The snapshot as fetch would leave it, the GENERATED figures beside the published."""
    held = Snapshot.open(repository / "data" / "snapshot")
    folder = tmp_path_factory.mktemp("generated") / "snapshot"
    with SnapshotWriter(folder) as writer:
        for one, frame in fetched.items():
            writer.add(one, frame, frame.attrs["provenance"][one])
        writer.keep(held)
        writer.replace()
    return Snapshot.open(folder)


@pytest.fixture
def full(repository, snapshot) -> Study:
    study = Study.load(repository)
    study.snapshot = snapshot
    return study


def test_outcomes_of_the_young_appear_once_they_are_fetched(full, fetched):
    going_on = views.transition_trends(full)
    assert [type(one) for one in going_on] == [StudyFigure] * 3
    trend, table = views.establishment_results(full)
    assert isinstance(trend, StudyFigure)
    shares = {
        one: frame.query("region == '2281' and period == '2024' and sex == 'total'")["value"].item()
        for one, frame in fetched.items()
        if one in ("kol_established_2y", "kol_established_job_2y")
    }
    either, job = shares["kol_established_2y"], shares["kol_established_job_2y"]
    values = [row[1] for row in table.table.rows]
    assert values == pytest.approx([job, either - job, 100 - either], abs=0.051)
    assert any("GENERATED" in sv(one.text) for one in table.sources)


def test_what_is_not_yet_fetched_is_said_beside_what_is(full, snapshot):
    lacking = {*YOUNG[:2], "kol_established_2y"}
    full.snapshot = GeneratedSnapshot(snapshot, put={}, out=lacking)
    figure, line = views.transition_trends(full)
    assert isinstance(figure, StudyFigure)
    assert "--indicator kol_eligible_vocational --indicator kol_eligible_u" in sv(line.text)
    assert "kol_university_2y" not in sv(line.text)
    (line,) = views.establishment_results(full)
    assert sv(line.text).endswith("regionstudy fetch --indicator kol_established_2y.")


def test_graduates_are_those_of_the_region_and_of_both_sexes(full):
    table = views.graduates_table(full)
    # 30 men and 20 women; 10 men and 15 women. Those who moved are not graduates.
    assert [row[:2] for row in table.table.rows] == [("Civilingenjör", 50), ("Jurist", 25)]
    assert sv(table.title).startswith("75 examinerades i Västernorrlands län")


def test_match_is_set_beside_the_countrys_level_by_level(full, fetched):
    content = views.match_chart(full).content
    match = fetched["matched_employment"].query("period == '2023'")
    shares = match.pivot_table(index="education", columns="region", values="value")
    gaps = (shares["22"] - shares["00"]).round(1)
    told = {sv(row[0]): row[1] for row in content.table.rows}
    assert told == pytest.approx(
        {"alla utbildningar": gaps["total"], **gaps.drop("total").to_dict()}, abs=0.051
    )


def test_match_of_another_place_only_is_said(repository, snapshot):
    study = Study.load(repository, region="21")
    study.snapshot = snapshot
    assert "siffror finns, men inte för platserna här" in sv(views.match_chart(study).text)


def test_the_notebook_shows_every_section_on_generated_figures(repository, monkeypatch, full):
    shown = notebook_results(repository, monkeypatch, full)
    pictures = [one.content for one in shown if isinstance(one, StudyFigure)]
    drawn = {one.id for one in pictures}
    assert {one.replace("_", "-") for one in YOUNG} <= drawn
    assert "education-match" in drawn
    told = [sv(line.text) for one in pictures for line in one.sources]
    assert sum("GENERATED" in line for line in told) >= len(YOUNG) + 2
    waits = [one for one in shown if isinstance(one, Note) and "siffror saknas" in sv(one.text)]
    assert not [one for one in waits if str(one.text.key).startswith("education.")]


@pytest.mark.parametrize("region", ["23", "FA42"])
def test_another_region_is_told_in_its_own_name(repository, region):
    study = Study.load(repository, region=region)
    found = views.attained(study)
    row = found.shares.set_index("region").loc[region]
    own = found.profile[found.profile["region"].isin(list(study.region))]
    crude = 100 * own["holders"].sum() / own["persons"].sum()
    assert row["crude"] == pytest.approx(crude)
    assert found.place.sv in sv(views.education_answer(study, found).sentences[0].text)
    assert found.place.sv in sv(views.education_table(study, found).table.columns[2].label)


@pytest.mark.parametrize("region", [None, "2281"])
def test_the_notebook_runs_on_the_published_figures(repository, monkeypatch, region):
    shown = notebook_results(repository, monkeypatch, Study.load(repository, region=region))
    (opening,) = answers(shown)
    assert opening.sentences[0].index
    # With members the page opens with their gap, and education is told where it is shown.
    if region is None:
        assert said_on_education(shown).startswith("Av 25–64-åringarna i Västernorrlands län")
    else:
        assert "Sundsvall" in sv(opening.sentences[0].text)
    assert any(isinstance(one, KeyFigures) for one in shown)
    ids = [one.content.id for one in shown if isinstance(one, StudyFigure)]
    assert len(ids) == len(set(ids))
    assert {"education-standard", "education-ages", "education-map"} <= set(ids)
    assert all(one.text.render("en") for one in shown if isinstance(one, Note))


def test_the_notebook_says_what_is_missing_instead_of_failing(repository, monkeypatch):
    out = {AGES, "post_secondary_share", "yh_places", "upper_secondary_eligibility"}
    shown = notebook_results(repository, monkeypatch, load(repository, out=out))
    assert said_on_education(shown).startswith("Går inte att säga för Västernorrlands län")
    drawn = [one.content.id for one in shown if isinstance(one, StudyFigure)]
    assert not [one for one in drawn if one.startswith(("education", "vocational"))]
