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
from regionstudy.study import Study
from regionstudy.words import render

AGES = "education_level_16_95"
LONG = ("eftergymnasial utbildning, 3 år eller mer", "forskarutbildning")
YOUNG = (
    "kol_eligible_university_3y",
    "kol_university_2y",
    "kol_established_2y",
    "kol_established_job_2y",
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
        "Av 25–64-åringarna i Västernorrlands län har 21,7 % minst tre års eftergymnasial "
        "utbildning (2019), mot 28,2 % i riket. Åldrarna förklarar 0,3 av de 6,6 "
        "procentenheterna: med rikets åldrar vore andelen 22,0 %."
    )
    # atlas290's file: Sundsvall 33.71 in 2016 and 38.47 in 2025.
    assert said[1].startswith("I Sundsvall hade 38,5 % av 16–74-åringarna")
    assert "+4,8 procentenheter sedan 2016" in said[1]


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


def test_ages_are_whole_groups_of_ten_years(study):
    with pytest.raises(ConfigError, match=r"ages=\(20, 64\) are no whole groups of 10 years"):
        views.attained(study, ages=(20, 64))


def test_the_change_sets_2024_beside_2019_in_the_county(learnt):
    """MANIFEST's files: in 2024 those of 25-29 and of 30-34 make up 25-34."""
    content = views.education_change(learnt).content
    row = next(row for row in content.table.rows if row[0] == "25–34")
    assert row[1] == round(100 * 5974 / 26893)
    assert "2024" in sv(content.title)


def notebook_results(repository, monkeypatch, study: Study) -> list[Any]:
    monkeypatch.setattr(Study, "load", classmethod(lambda _, **__: study))
    shown = results(repository / "notebooks" / "05_competence_supply.ipynb", monkeypatch)
    return [one for one in shown if one is not None]


def test_each_missing_part_is_one_line_with_its_command(repository, study):
    lines = [*views.transition_trends(study), *views.establishment_results(study)]
    lines += [views.graduates_table(study), views.match_chart(study)]
    assert [type(one) for one in lines] == [Note] * 4
    said = [sv(one.text) for one in lines]
    assert "regionstudy fetch --indicator kol_eligible_university_3y --indicator" in said[0]
    assert "regionstudy fetch --indicator kol_established_2y --indicator" in said[1]
    assert "regionstudy describe movers_by_education" in said[2]
    assert "regionstudy fetch --indicator matched_employment" in said[3]


@pytest.mark.parametrize("region", [None, "23", "FA42", "2281"])
def test_the_notebook_runs_on_the_published_figures(repository, monkeypatch, region):
    shown = notebook_results(repository, monkeypatch, Study.load(repository, region=region))
    assert [type(one) for one in shown[:3]] == [Answer, KeyFigures, StudyFigure]
    ids = [one.content.id for one in shown if isinstance(one, StudyFigure)]
    assert len(ids) == len(set(ids))
    assert "education-map" in ids
    assert all(one.text.render("en") for one in shown if isinstance(one, Note))


def test_the_notebook_says_what_is_missing_instead_of_failing(repository, monkeypatch):
    out = {AGES, "post_secondary_share", "yh_places", "upper_secondary_eligibility"}
    first, *others = notebook_results(repository, monkeypatch, load(repository, out=out))
    assert sv(first.sentences[0].text).startswith("Går inte att säga för Västernorrlands län")
    assert not first.sentences[0].index
    assert not any(isinstance(one, StudyFigure) for one in others)
