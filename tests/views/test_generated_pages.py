"""
Whole pages on a GENERATED country, fetched through the real engine and never published.

What is expected is counted from the country's own moves, commuters and jobs.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from tests.views.generated_country import (
    COUNTY,
    GROWS_TO,
    PUBLIC,
    SECTIONS,
    SHRINKING,
    SHRINKS_TO,
    TIED,
    YEARS,
    county_matrix,
    draw_country,
)
from tests.views.generated_study import FETCHED, PAGES, generated_study
from tests.views.notebooks import GeneratedSnapshot, results

from regionstudy import views
from regionstudy.figures.shown import KeyFigures, StudyFigure, Table
from regionstudy.figures.statements import Note
from regionstudy.geography import label, municipalities_in, name
from regionstudy.report import SiteSettings, build
from regionstudy.study import Study
from regionstudy.words import Words

if TYPE_CHECKING:
    from pathlib import Path

    from tests.views.generated_country import Country

HOME, NEWEST = "2281", YEARS[-1]


@pytest.fixture(scope="session")
def country(study: Study) -> Country:
    residents = study.indicators("population", periods=["2024"]).set_index("region")["value"]
    return draw_country(residents)


@pytest.fixture(scope="session")
def folder(repository: Path, country: Country, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generated_study(repository, tmp_path_factory.mktemp("generated"), country)


@pytest.fixture(scope="session")
def fetched(folder: Path) -> Study:
    return Study.load(folder)


@pytest.fixture(scope="session")
def shown(repository: Path, fetched: Study) -> dict[str, list[Any]]:
    """What both notebooks show, as they stand."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Study, "load", classmethod(lambda *_, **__: fetched))
        return {
            page: [
                one
                for one in results(repository / "notebooks" / f"{page}.ipynb", patch)
                if one is not None
            ]
            for page in PAGES
        }


@pytest.fixture(scope="session")
def figures(shown: dict[str, list[Any]]) -> dict[str, Any]:
    every = [one for page in shown.values() for one in page]
    return {one.content.id: one.content for one in every if isinstance(one, StudyFigure)}


def sv(text: Any) -> str:
    return text.render("sv").replace("\xa0", " ").replace("\u202f", " ")


def held(fetched: Study, indicator: str) -> pd.DataFrame:
    frame = fetched.observations(indicator)
    return frame[frame["period"].isin(YEARS)]


def test_the_pages_have_every_section_that_the_embedded_figures_lack(figures):
    assert set(figures) >= {
        "gross-rates", "moving-out", "county-flows", "county-grid", "county-chord",
        "county-ties", "leavers",
        "cluster-it", "cluster-law", "cluster-archives", "cluster-finance", "public-jobs",
        "functional-regions",
    }  # fmt: skip


def test_no_line_says_that_something_is_to_be_fetched_yet(shown):
    told = [sv(one.text) for page in shown.values() for one in page if isinstance(one, Note)]
    assert not [text for text in told if "fetch" in text or "studien än" in text], told


def test_all_that_rests_on_made_up_figures_says_so(fetched, shown):
    """Each source line of a fetched series names the fake service and says GENERERADE."""
    for page in shown.values():
        for one in page:
            body = one.content if isinstance(one, StudyFigure) else one
            for source in getattr(body, "sources", ()):
                for lang in ("sv", "en"):
                    line = source.text.render(lang)
                    assert ("via localhost" in line) == ("GENERERADE" in line), line
    for indicator in FETCHED:
        facts = fetched.snapshot.provenance(indicator)
        assert "GENERERADE" in facts["table"]
        assert "via localhost" in facts["publisher"]
    assert fetched.settings.title.sv.startswith("GENERERADE")
    assert fetched.settings.title.en.startswith("GENERATED")


def test_gross_rates_are_the_moves_on_the_mean_population(country, figures):
    came, left = country.domestic(NEWEST)
    place = country.areas.index(HOME)
    own = country.codes.index(HOME)
    people = country.people[own].sum(axis=(0, 1))[-2:].mean()
    told = sv(figures["gross-rates"].title)
    for counted in (came, left):
        rate = f"{1000 * counted[place].sum() / people:.1f}".replace(".", ",")
        assert rate in told
    abroad = [one[own].sum() for one in country.abroad[NEWEST]]
    assert f"från utlandet kom {1000 * abroad[0] / people:.1f}".replace(".", ",") in told


def test_every_region_and_age_has_the_moves_that_were_drawn(country, fetched):
    came, _ = country.domestic(NEWEST)
    rows = held(fetched, "migration_in_domestic")
    rows = rows[(rows["period"] == NEWEST) & (rows["age"] != "total")]
    wide = rows.pivot_table(index="region", columns=["age", "sex"], values="value")
    ages = [str(age) if age < 100 else "100+" for age in range(101)]
    for number, sex in enumerate(("1", "2")):
        table = wide.loc[country.areas, [(age, sex) for age in ages]].to_numpy()
        assert (table == came[:, :, number]).all()


def test_domestic_net_migration_of_all_municipalities_is_zero_at_every_age(fetched):
    parts = [
        held(fetched, one).query("region.str.len() == 4").groupby(["period", "age"])["value"].sum()
        for one in ("migration_in_domestic", "migration_out_domestic")
    ]
    assert (parts[0] - parts[1]).abs().max() == 0
    assert parts[0].loc[(NEWEST, "total")] == 300_000


def test_margins_of_the_matrix_are_the_counties_gross_moves(country, fetched):
    flows = held(fetched, "migration_county_matrix")
    for end, indicator in (
        ("origin", "migration_out_domestic"), ("destination", "migration_in_domestic")
    ):  # fmt: skip
        rows = held(fetched, indicator)
        rows = rows[(rows["age"] == "total") & rows["region"].str.len().eq(2)]
        gross = rows[rows["region"] != "00"].groupby(["region", "period"])["value"].sum()
        margin = flows.groupby([end, "period"])["value"].sum()
        assert margin.rename_axis(["region", "period"]).equals(gross)


def test_the_grid_and_the_leavers_are_counted_from_the_matrix(country, figures):
    counties = [area for area in country.areas if len(area) == 2 and area != "00"]
    matrix = county_matrix(country, counties)
    own = counties.index(COUNTY)
    newest = matrix[:, :, -1]
    told = sv(figures["county-grid"].title)
    assert f"{newest[own].max():.0f}" in told
    assert f"{newest[:, own].max():.0f}" in told
    net = np.abs(newest.sum(axis=1) - newest.sum(axis=0)).sum() / 2
    share = f"{100 * net / newest.sum():.1f}".replace(".", ",")
    said = [sv(one) for one in figures["county-grid"].paragraphs]
    assert f"ändrade {share} procent" in said[0]
    left = pd.Series(matrix[own].sum(axis=1), index=counties).sort_values(ascending=False)
    first = 100 * left.head(3).sum() / left.sum()
    assert f"flyttade {first:.0f} procent till {sv(label(left.index[0]))}" in sv(
        figures["leavers"].title
    )


def test_the_chord_has_the_seven_counties_with_most_moves_both_ways(country, figures):
    counties = [area for area in country.areas if len(area) == 2 and area != "00"]
    newest = county_matrix(country, counties)[:, :, -1]
    own = counties.index(COUNTY)
    both = np.sort(newest[own] + newest[:, own])[::-1]
    assert f"7 län står för {100 * both[:7].sum() / both.sum():.0f} procent" in sv(
        figures["county-chord"].title
    )


def test_the_tie_that_was_put_in_is_found_and_no_other(figures):
    content = figures["county-ties"]
    assert sv(label(TIED[1])) in sv(content.title)
    assert [str(row[0]) for row in content.table.rows if row[2] > 0] == [sv(label(TIED[1]))]


def test_only_the_cluster_that_was_made_to_shrink_sounds_the_alarm(country, figures, shown):
    for one in ("it", "law", "archives"):
        assert sv(figures[f"cluster-{one}"].title).startswith("Inget larm")
    jobs = country.jobs[:, [code.startswith(COUNTY) for code in country.codes]]
    finance = jobs[:, :, :, SECTIONS.index(SHRINKING)].sum(axis=(1, 2))
    assert finance[1] / finance[0] == pytest.approx(SHRINKS_TO, abs=0.01)
    everywhere = country.jobs[:, :, :, SECTIONS.index(SHRINKING)].sum(axis=(1, 2))
    assert 1 < everywhere[1] / everywhere[0] < GROWS_TO
    table = next(
        one for one in shown["04_work_and_clusters"]
        if isinstance(one, Table) and sv(one.title).startswith("Larm i Västernorrlands län")
    )  # fmt: skip
    row = next(row for row in table.table.rows if sv(row[0]).startswith("Bank"))
    assert "larm" in sv(row[1])
    assert float(row[2]) == pytest.approx(100 * (finance[1] / finance[0] - 1), abs=0.1)


def test_public_jobs_are_all_less_those_of_business(country, figures):
    jobs = country.jobs[1].sum(axis=(1, 2))
    share = np.linspace(*PUBLIC, len(country.codes))
    inside = np.array([code.startswith(COUNTY) for code in country.codes])
    own = 100 * (jobs * share)[inside].sum() / jobs[inside].sum()
    assert sv(figures["public-jobs"].title).startswith(f"{own:.0f} procent av jobben")


def test_the_functional_region_is_closed_as_it_says(country, figures):
    content = figures["functional-regions"]
    named = {str(row[0]): sv(row[1]) for row in content.table.rows}
    ours = [code for code in country.codes if "pendling" in named.get(name(code), "")]
    place = [country.codes.index(code) for code in ours]
    assert HOME in ours
    employed = country.residents[1].sum(axis=(1, 2))
    away = country.commuters.copy()
    np.fill_diagonal(away, 0.0)
    inside = employed[place].sum() - away[place].sum() + away[np.ix_(place, place)].sum()
    jobs = employed - away.sum(axis=1) + away.sum(axis=0)
    said = sv(content.paragraphs[0])
    assert f"{100 * inside / employed[place].sum():.0f} procent av de sysselsatta" in said
    assert f"{100 * inside / jobs[place].sum():.0f} procent av jobben" in said
    assert inside / employed[place].sum() >= 2 / 3
    assert "60 FA-regioner" in sv(content.paragraphs[1])


def test_a_slice_of_the_matrix_is_no_division_and_the_command_is_given(study):
    told = views.functional_regions_map(study)
    assert isinstance(told, Note)
    text = sv(told.text)
    assert "bara pendlare till 5 kommuner (Kalix, Älvsbyn, Luleå, Piteå och Boden)" in text
    assert "regionstudy fetch --indicator commuting_matrix" in text
    told = views.public_jobs_map(study)
    assert "regionstudy fetch --indicator employed_by_sector_owner" in sv(told.text)


def test_a_whole_matrix_without_employed_residents_says_what_is_missing(fetched, study):
    whole = GeneratedSnapshot(
        study.snapshot, put={"commuting_matrix": fetched.observations("commuting_matrix")}
    )
    other = Study.load(study.folder)
    other.snapshot = whole
    told = views.functional_regions_map(other)
    assert isinstance(told, Note)
    assert "inte sysselsatta efter bostad i alla kommuner samma år" in sv(told.text)


def test_ages_appear_by_themselves_once_they_are_there(fetched, study):
    # GENERATED: of the occupations of IT, a third is 55 or older here and a fifth elsewhere.
    rows = [
        (region, "2024", "total", occupation, age, value)
        for region, values in (("22", (20.0, 20.0, 20.0)), ("00", (200.0, 200.0, 100.0)))
        for occupation in ("131", "251", "351")
        for age, value in zip(("16-34", "35-54", "55-64"), values, strict=True)
    ]
    columns = ["region", "period", "sex", "occupation", "age", "value"]
    ages = pd.DataFrame(rows, columns=columns).assign(indicator="occupation_by_age", status="")
    facts = {"publisher": "GENERATED", "table": "YREG57"}
    ages.attrs["provenance"] = {"occupation_by_age": facts}
    older = Study.load(study.folder)
    snapshot = GeneratedSnapshot(study.snapshot, put={"occupation_by_age": ages})
    snapshot.provenance = lambda one: facts  # type: ignore[attr-defined]
    older.snapshot = snapshot
    table = views.preserve_table(older, views.regional_jobs(older))
    it = next(row for row in table.table.rows if sv(row[0]) == "IT")
    assert [float(cell) for cell in it[-2:]] == pytest.approx([100 / 3, 20.0], abs=0.1)
    assert "Åldrarna inom klustren saknas" not in sv(table.table.caption)


def test_without_ages_the_table_says_what_is_missing(study):
    table = views.preserve_table(study, views.regional_jobs(study))
    assert "Åldrarna inom klustren saknas också" in sv(table.table.caption)
    signals = {sv(row[0]): sv(row[1]) for row in table.table.rows}
    # By section J the county lost, and by K it did not; the other two do not show.
    assert signals["IT"].startswith("larm")
    assert signals["Juridik"] == signals["Arkiv"] == "syns inte"
    # What shrinks is the whole section, and the title says so.
    assert "inom information och kommunikation (där IT ingår)" in sv(table.title)
    archives = next(row for row in table.table.rows if sv(row[0]) == "Arkiv")
    assert archives[4].status == "."
    # Places of Data/It granted in the seven municipalities, as their rows have them.
    rows = study.observations("yh_places")
    inside = rows["region"].isin(municipalities_in("22")) & (rows["education"] == "Data/It")
    rows = rows[inside & (rows["measure"] == "places_granted")]
    granted = rows[rows["period"].isin(["2023", "2024", "2025"])]["value"].sum() / 3
    people = study.indicators("population", periods=["2025"])
    size = people[people["region"].isin(municipalities_in("22"))]["value"].sum()
    it = next(row for row in table.table.rows if sv(row[0]) == "IT")
    assert float(it[4]) == pytest.approx(1e5 * granted / size, abs=0.05)


def test_the_site_is_built_and_both_pages_and_languages_say_generated(folder, tmp_path):
    titles = Words(sv="GENERERADE siffror, bara ett prov", en="GENERATED figures, only a trial")
    report = build(folder, out=tmp_path / "site", settings=SiteSettings(title=titles), lang="both")
    assert "2 notebooks" in report.summary()
    for lang, word in (("sv", "GENERERADE"), ("en", "GENERATED")):
        for page in PAGES:
            text = (tmp_path / "site" / lang / f"{page}.html").read_text(encoding="utf-8")
            heading = re.search(r"<header.*?</header>", text, flags=re.DOTALL)
            assert heading is not None
            assert word in heading[0]
            assert "GENERERADE siffror:" in text


def test_key_numbers_are_of_the_newest_fetched_year(country, shown):
    keys = next(one for one in shown["04_work_and_clusters"] if isinstance(one, KeyFigures))
    jobs = country.jobs[1, [code.startswith(COUNTY) for code in country.codes]].sum()
    first = sv(keys.items[0].value)
    assert first.replace(" ", "") == f"{jobs:.0f}"
