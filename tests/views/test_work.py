"""Notebook 04 on published and on GENERATED figures: what is missing is said, nothing fails."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from tests.views.notebooks import GeneratedSnapshot, results

from regionstudy import views
from regionstudy.figures.shown import Answer, KeyFigures, Note, StudyFigure, Table
from regionstudy.geography import municipalities_in
from regionstudy.study import Study

SECTIONS = [*"AFGHIJKLOPQ", "B+C", "D+E", "M+N", "R-U", "US"]
# Whole definitions of the clusters in data/clusters.toml, of two and of four digits.
FINER = ["62", "63", "6910", "8423", "9101", "64", "65", "66"]
WORKPLACE, RESIDENCE = "employed_workplace_by_industry", "employed_residence_by_industry"
COUNTRY = "00"


def generated(codes: list[str], *, seed: int) -> pd.DataFrame:
    """Jobs drawn at random: every municipality, and counties and country as their sums."""
    random = np.random.default_rng(seed)
    inside = sorted(municipalities_in(COUNTRY))
    index = pd.MultiIndex.from_product(
        [inside, ["2020", "2022", "2024"], ["1", "2"], codes],
        names=["region", "period", "sex", "industry"],
    )
    size = random.lognormal(6, 1, len(inside)).repeat(len(index) // len(inside))
    frame = pd.DataFrame({"value": random.poisson(size)}, index=index).reset_index()
    keys = ["region", "period", "sex", "industry"]
    for cut in (2, 0):
        sums = frame[frame["region"].str.len() == 4]
        sums = sums.assign(region=sums["region"].str[:cut] if cut else COUNTRY)
        frame = pd.concat([frame, sums.groupby(keys, as_index=False)["value"].sum()])
    for column, kept in (("sex", codes), ("industry", SECTIONS)):
        rows = frame[frame["industry"].isin(kept)]
        rest = [key for key in keys if key != column]
        sums = rows.groupby(rest, as_index=False)["value"].sum().assign(**{column: "total"})
        frame = pd.concat([frame, sums], ignore_index=True)
    return frame.assign(value=frame["value"].astype(float), status="")


def with_source(frame: pd.DataFrame, indicator: str) -> pd.DataFrame:
    frame = frame.assign(indicator=indicator)
    note = {"sv": "GENERATED: påhittade tal.", "en": "GENERATED: made-up figures."}
    frame.attrs["provenance"] = {indicator: {"publisher": "GENERATED", "note": note}}
    return frame


@pytest.fixture(scope="module")
def finer() -> dict[str, pd.DataFrame]:
    return {
        WORKPLACE: with_source(generated(SECTIONS + FINER, seed=1), WORKPLACE),
        RESIDENCE: with_source(generated(SECTIONS + FINER, seed=2), RESIDENCE),
    }


def load(repository, *, region=None, put=None, out=()) -> Study:
    study = Study.load(repository, region=region)
    put = put or {}
    study.snapshot = GeneratedSnapshot(study.snapshot, put=put, out=out)
    return study


@pytest.fixture(scope="module")
def jobs(study):
    return views.regional_jobs(study)


def sv(text: Any) -> str:
    return text.render("sv").replace("\xa0", " ")


def row_of(table: Any, name: str) -> tuple[Any, ...]:
    return next(row for row in table.table.rows if sv(row[0]) == name)


def notebook_results(repository, monkeypatch, study: Study) -> list[Any]:
    """Run the code cells of notebook 04 as they stand, on a study already loaded."""
    monkeypatch.setattr(Study, "load", classmethod(lambda _, **__: study))
    shown = results(repository / "notebooks" / "04_work_and_clusters.ipynb", monkeypatch)
    return [one for one in shown if one is not None]


def test_shares_and_growth_are_those_worked_by_hand(study, jobs):
    """J: 3,490 of 118,089 against 245,311 of 5,273,734; 115,492 x 266,085 / 5,007,649 = 6,137."""
    content = views.strengths_chart(study, jobs).content
    assert row_of(content, "Information och kommunikation")[1] == -36
    shift = views.shift_chart(study, jobs).content
    assert [row[1] for row in shift.table.rows] == [6137, -388, -3152, 2597]
    table = views.industry_table(jobs)
    assert row_of(table, "Handel")[1:4] == (11155, 9.4, 11.6)
    # The open figures have no sexes of the country: that column is left out, not filled.
    assert [column.key for column in table.table.columns][-1] == "women"


def test_clusters_that_do_not_show_are_named_and_get_no_figure(study, jobs):
    shown = views.cluster_trends(study, jobs)
    assert [type(one) for one in shown] == [StudyFigure, StudyFigure, Note]
    assert "Larm: information och kommunikation (där IT ingår)" in sv(shown[0].content.title)
    assert "Inget larm: finans och försäkring" in sv(shown[1].content.title)
    assert "juridik och arkiv" in sv(shown[2].text)


def test_member_figures_say_that_they_are_made_up(study, jobs):
    table = views.members_table(study, jobs)
    assert table.fictitious
    assert sv(table.table.caption).startswith("Medlemsuppgifterna är påhittade")
    assert sv(row_of(table, "Juridik")[2]) == "syns inte i siffrorna"
    assert row_of(table, "Juridik")[4].value is None


def test_a_cluster_with_a_hidden_organisation_is_hidden_whole(repository, jobs):
    study = Study.load(repository)
    counts = pd.DataFrame(
        {
            "org_id": ["a", "b", "c", "total"],
            "municipality": "total",
            "headcount": [40.0, np.nan, 60.0, 103.0],
            "status": ["", "suppressed", "", ""],
        }
    )
    counts.attrs.update(fictitious=True, year="2025", threshold=5)
    facts = pd.DataFrame({"org_id": ["a", "b", "c"], "cluster": ["it", "it", "finance"]})
    study.__dict__["members"] = SimpleNamespace(release=lambda _: counts, organisations=facts)
    table = views.members_table(study, jobs)
    hidden, shown = row_of(table, "IT"), row_of(table, "Bank, pension och försäkring")
    assert (hidden[1].value, hidden[1].status) == (None, "hidden")
    assert hidden[4].value is None
    assert shown[1] == 60
    assert "103" not in str(table.payload())


def test_without_definitions_the_page_has_no_clusters_and_says_so(study, jobs):
    bare = replace(jobs, clusters={})
    for shown in (*views.cluster_trends(study, bare), views.members_table(study, bare)):
        assert "Inga kluster är beskrivna" in sv(shown.text)
    assert "kluster" not in sv(views.work_answer(study, bare).sentences[1].text)
    title = sv(views.strengths_chart(study, bare).content.title)
    assert title.startswith("8 av 15 branscher har säkert större andel")


def test_organisations_of_no_known_cluster_are_counted_aloud(study, jobs):
    bare = replace(jobs, clusters={"it": jobs.clusters["it"]})
    table = views.members_table(study, bare)
    assert len(table.table.rows) == 1
    # The example has 24 organisations, 7 of them in IT.
    assert "som inte räknas med: 17." in sv(table.table.caption)


def test_staff_outside_the_region_is_left_out(repository, jobs):
    study = Study.load(repository)
    counts = pd.DataFrame(
        {
            "org_id": ["a", "a", "a"],
            "municipality": ["2281", "0180", "total"],
            "headcount": [40.0, 500.0, 540.0],
            "status": "",
        }
    )
    counts.attrs.update(fictitious=True, year="2025", threshold=5)
    facts = pd.DataFrame({"org_id": ["a"], "cluster": ["it"]})
    study.__dict__["members"] = SimpleNamespace(release=lambda _: counts, organisations=facts)
    assert row_of(views.members_table(study, jobs), "IT")[1] == 40


def test_the_next_industries_wait_for_figures_and_then_appear(repository, study, jobs, finer):
    waiting = views.nearest_table(study, jobs)
    assert isinstance(waiting, Note)
    assert "minst 10 kommuner eller län" in sv(waiting.text)
    fetched = load(repository, put=finer)
    table = views.nearest_table(fetched, views.regional_jobs(fetched))
    assert isinstance(table, Table)
    assert "290 kommuner" in sv(table.table.caption)
    density = [row[2] for row in table.table.rows]
    assert density == sorted(density, reverse=True)


def test_finer_figures_show_clusters_by_their_own_codes(repository, finer):
    study = load(repository, put=finer)
    jobs = views.regional_jobs(study)
    assert (jobs.region, jobs.start, jobs.end) == ("22", "2020", "2024")
    # No job counts twice: sections alone make up the page, finer codes the clusters.
    assert not set(jobs.jobs["industry"]) & set(FINER)
    shown = views.cluster_trends(study, jobs)
    assert len(shown) == 4
    assert all(isinstance(one, StudyFigure) for one in shown)


def test_a_municipality_with_figures_is_shown_itself_and_an_fa_region_is_added_up(
    repository, finer
):
    own = views.regional_jobs(load(repository, region="2281", put=finer))
    assert (own.region, own.wider) == ("2281", False)
    study = load(repository, region="FA42", put=finer)
    added = views.regional_jobs(study)
    assert (added.region, added.wider) == ("FA42", False)
    parts = finer[WORKPLACE]
    parts = parts[
        parts["region"].isin(list(study.region))
        & (parts["sex"] == "total")
        & (parts["industry"] == "J")
        & (parts["period"] == "2024")
    ]
    row = added.jobs.query("region == 'FA42' and industry == 'J' and period == '2024'")
    assert row["value"].item() == parts["value"].sum()


def test_a_municipality_without_figures_shows_its_county_and_says_so(repository):
    study = Study.load(repository, region="2281")
    jobs = views.regional_jobs(study)
    assert (jobs.region, jobs.wider) == ("22", True)
    notes = [sv(note) for note in views.strengths_chart(study, jobs).content.notes]
    assert "Siffrorna gäller Västernorrlands län; jobb efter bransch saknas för Sundsvall." in notes


def test_a_suppressed_industry_is_missing_and_the_sum_is_not_told(repository, finer):
    holed = finer[WORKPLACE].copy()
    holed.attrs = finer[WORKPLACE].attrs
    cell = (holed["region"] == "22") & (holed["industry"] == "K") & (holed["period"] == "2024")
    holed.loc[cell, "value"] = np.nan
    holed["status"] = holed["status"].mask(cell, "..")
    study = load(repository, put={**finer, WORKPLACE: holed})
    jobs = views.regional_jobs(study)
    value = row_of(views.strengths_chart(study, jobs).content, "Finans och försäkring")[1]
    assert (value.value, value.status) == (None, "..")
    assert isinstance(views.shift_chart(study, jobs), Note)
    assert isinstance(views.growth_chart(study, jobs), StudyFigure)


def test_one_year_alone_gives_no_growth(repository, finer):
    year = {key: frame[frame["period"] == "2024"] for key, frame in finer.items()}
    study = load(repository, put=year)
    jobs = views.regional_jobs(study)
    assert jobs.found
    assert not jobs.dated
    for shown in (views.shift_chart(study, jobs), views.growth_chart(study, jobs)):
        assert "Bara ett år (2024)" in sv(shown.text)
    assert isinstance(views.strengths_chart(study, jobs), StudyFigure)
    assert len(views.work_answer(study, jobs).sentences) == 1


@pytest.mark.parametrize("region", [None, "23", "2281"])
def test_the_notebook_runs_whole_on_generated_figures(repository, monkeypatch, finer, region):
    study = load(repository, region=region, put=finer)
    results = notebook_results(repository, monkeypatch, study)
    kinds = [type(one) for one in results]
    assert kinds[:2] == [Answer, KeyFigures]
    # No sectors and no whole matrix of commuters are here; a study of another region has no
    # members. All else has its figure.
    assert kinds.count(Note) == (2 if region is None else 3)
    told = [note for one in results if isinstance(one, StudyFigure) for note in one.content.notes]
    assert any("GENERATED" in sv(note) for note in told)


def test_the_notebook_says_what_is_missing_instead_of_failing(repository, monkeypatch):
    out = {
        *(WORKPLACE, RESIDENCE, "out_commuter_share", "in_commuters_per_1000"),
    }
    results = notebook_results(repository, monkeypatch, load(repository, out=out))
    first, *others = results
    assert sv(first.sentences[0].text).startswith("Går inte att säga för Västernorrlands län")
    assert not first.sentences[0].index
    assert {type(one) for one in others} == {Note}
    assert all(sv(one.text) and one.text.render("en") for one in others)


@pytest.mark.parametrize("region", [None, "23", "FA42"])
def test_the_notebook_runs_on_the_published_figures(repository, monkeypatch, region):
    study = Study.load(repository, region=region)
    results = notebook_results(repository, monkeypatch, study)
    maps = [one for one in results if isinstance(one, StudyFigure) and "commut" in one.content.id]
    assert len(maps) == 2
    ids = [one.content.id for one in results if isinstance(one, StudyFigure)]
    assert len(ids) == len(set(ids))
