"""
Gross moves appear once they are fetched, and one line says so until then.

Every flow here is GENERATED, in the form that the store gives fetched tables.
"""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from regionstudy.analysis.migration import model_rates
from regionstudy.figures.statements import Note
from regionstudy.geography import municipalities_in
from regionstudy.study import Study
from regionstudy.views import migration as views

MOVES = {
    "migration_in_domestic": 3000.0,
    "migration_out_domestic": 3200.0,
    "immigration": 500.0,
    "emigration": 200.0,
}
MATRIX = "migration_county_matrix"


def provenance(*ids: str) -> dict:
    told = {"publisher": "GENERATED", "source": "GENERATED", "table": "", "licence": "CC0"}
    return {one: {**told, "retrieved": "2026-11-24"} for one in ids}


def published(indicator: str, years=range(2020, 2024)) -> pd.DataFrame:
    """GENERATED: the same moves each year, half of them each sex, no row for the total."""
    rows = [
        ("2281", indicator, str(year), "total", sex, MOVES[indicator] / 2)
        for year in years
        for sex in ("1", "2")
    ]
    columns = ["region", "indicator", "period", "age", "sex", "value"]
    frame = pd.DataFrame(rows, columns=columns).assign(status="")
    frame.attrs["provenance"] = provenance(indicator)
    return frame


@pytest.fixture
def population():
    """GENERATED: a hundred thousand at the end of each year."""
    years = [str(year) for year in range(2019, 2024)]
    return pd.DataFrame({"region": "2281", "period": years, "value": 100_000.0, "status": ""})


def matrix() -> pd.DataFrame:
    """GENERATED: 22 loses 300 to 01 and 40 to 24, and gains 25 from 23."""
    flows = {("22", "01"): 900, ("01", "22"): 600, ("22", "24"): 340, ("24", "22"): 300,
             ("23", "22"): 125, ("22", "23"): 100, ("01", "24"): 50, ("24", "01"): 700}  # fmt: skip
    rows = [
        (origin, origin, destination, year, float(value))
        for (origin, destination), value in flows.items()
        for year in ("2022", "2023")
    ]
    columns = ["region", "origin", "destination", "period", "value"]
    frame = pd.DataFrame(rows, columns=columns).assign(indicator=MATRIX, status="")
    frame.attrs["provenance"] = provenance(MATRIX)
    return frame


def with_figures(study: Study, **frames: pd.DataFrame) -> SimpleNamespace:
    """Give the study as it is once these figures have been fetched."""
    return SimpleNamespace(
        home=study.home,
        settings=study.settings,
        region=study.region,
        regions=study.regions,
        snapshot=SimpleNamespace(indicators=list(frames)),
        observations=frames.__getitem__,
    )


def test_without_gross_flows_one_line_says_so_in_readers_words(study, population):
    made = views.gross_rates_trend(study, population)
    assert isinstance(made, Note)
    for lang, words in (("sv", "finns inte i studien än"), ("en", "is not in the study yet")):
        told = made.text.render(lang)
        assert words in told
        assert "migration_" not in told
    # The line is about flows between counties too, so that none follows it.
    assert views.county_flows(study) is None


def test_one_way_alone_is_no_gross_rate(study, population):
    half = with_figures(study, migration_in_domestic=published("migration_in_domestic"))
    assert isinstance(views.gross_rates_trend(half, population), Note)


def test_fetched_moves_become_rates_on_the_mean_population(study, population):
    whole = with_figures(study, **{one: published(one) for one in MOVES})
    figure = views.gross_rates_trend(whole, population)
    title = figure.content.title.render("sv").replace("\xa0", " ")
    # 3,000 of 100,000 is 30 per 1,000, and so on by hand.
    assert title.startswith("2023 flyttade 30,0 per 1 000 till Sundsvall")
    assert "32,0 därifrån; från utlandet kom 5,0 och dit flyttade 2,0" in title
    assert any("GENERATED" in one.text.render("sv") for one in figure.content.sources)
    assert len(figure.data) >= 4


def test_moves_within_the_country_are_told_alone_where_those_abroad_are_missing(study, population):
    ids = ("migration_in_domestic", "migration_out_domestic")
    half = with_figures(study, **{one: published(one) for one in ids})
    title = views.gross_rates_trend(half, population).content.title.render("en")
    assert title.replace("\xa0", " ").endswith("and 32.0 from there")


def test_a_hidden_count_is_a_gap_and_the_year_before_is_told(study, population):
    frames = {one: published(one) for one in MOVES}
    hidden = frames["migration_in_domestic"]
    hidden.loc[hidden["period"] == "2023", ["value", "status"]] = [np.nan, ".."]
    figure = views.gross_rates_trend(with_figures(study, **frames), population)
    assert figure.content.title.render("sv").startswith("2022 flyttade")


def test_net_flows_between_counties_are_mapped_with_the_greatest_loss_and_gain(study):
    figure = views.county_flows(with_figures(study, **{MATRIX: matrix()}))
    title = figure.content.title.render("sv").replace("\xa0", " ")
    assert "förlorade flest till Stockholms län (300 personer netto)" in title
    assert "vann flest från Jämtlands län (25) 2023" in title
    assert any("GENERATED" in one.text.render("sv") for one in figure.content.sources)


def test_flows_are_missed_in_a_line_of_their_own_where_rates_are_there(study):
    made = views.county_flows(with_figures(study, **{one: published(one) for one in MOVES}))
    assert isinstance(made, Note)
    assert "Mellan vilka län" in made.text.render("sv")


def test_a_county_that_only_loses_is_not_said_to_gain(study):
    flows = matrix()
    flows = flows[flows["origin"] == "22"]
    flows.attrs["provenance"] = provenance(MATRIX)
    title = views.county_flows(study, flows=flows).content.title.render("sv")
    assert "vann inte från något län" in title


def test_the_home_county_is_meant_whatever_the_study_is_about(repository):
    assert "2280" in municipalities_in("22")
    figure = views.county_flows(Study.load(repository, region="2280"), flows=matrix())
    assert "Västernorrlands län" in figure.content.title.render("sv")


LEAVING = {
    "a1": 0.02, "alpha1": 0.1, "a2": 0.14, "alpha2": 0.11, "mu2": 19.5, "lambda2": 0.5, "c": 0.004
}  # fmt: skip


def by_single_age(schedules: dict[str, dict[str, float]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """GENERATED: 40,000 of each age, of whom each region's schedule leaves and comes."""
    ages = np.arange(101)
    moves, people = [], []
    for region, schedule in schedules.items():
        counts = 40_000 * model_rates(ages.astype(float), schedule)
        for indicator in ("migration_in_domestic", "migration_out_domestic"):
            rows = pd.DataFrame({"age": ages.astype(str), "value": counts})
            moves.append(
                rows.assign(region=region, indicator=indicator, period="2023", sex="total")
            )
        for period in ("2022", "2023"):
            rows = pd.DataFrame({"age": ages.astype(str), "value": 40_000.0})
            people.append(rows.assign(region=region, period=period, sex="total"))
    return (pd.concat(part, ignore_index=True).assign(status="") for part in (moves, people))


def test_ages_at_which_most_leave_are_read_off_the_fitted_schedule(study):
    later = {**LEAVING, "mu2": 23.5}
    moves, people = by_single_age({"2281": LEAVING, "00": later})
    figure = views.moving_ages(study, people, moves=moves)
    ages = np.arange(15, 80, 0.01)
    peaks = [ages[model_rates(ages, one).argmax()] for one in (LEAVING, later)]
    told = figure.content.title.render("sv")
    assert f"vid {peaks[0]:.0f} års ålder, i riket vid {peaks[1]:.0f} (2023)" in told
    expected = model_rates(np.arange(20.0, 35), LEAVING).sum()
    said = figure.content.paragraphs[0].render("sv")
    assert f"lämna Sundsvall {expected:.1f}".replace(".", ",") in said
    assert "förklarar 100 procent" in said


def test_ages_are_drawn_only_where_moves_are(study, population):
    assert views.moving_ages(study, population) is None


def test_moves_without_single_ages_give_a_line_and_no_curve(study, population):
    whole = with_figures(study, **{one: published(one) for one in MOVES})
    made = views.moving_ages(whole, population.assign(age="total", sex="total"))
    assert isinstance(made, Note)
    assert "saknas för enskilda åldrar" in made.text.render("sv")
