"""The index set beside migration: figures of the snapshot, and words that claim no more."""

from __future__ import annotations

import dataclasses

import pytest

from regionstudy import views
from regionstudy.errors import ConfigError, DataError
from regionstudy.revealed_pull import OUTCOMES, reveal


@pytest.fixture(scope="module")
def pulls(study):
    return {one: reveal(study, study.composite(target=one)) for one in OUTCOMES}


def test_observed_pull_is_the_mean_of_the_published_rates(study, pulls):
    rates = study.indicators("net_migration_rate", periods=["2023", "2024", "2025"])
    expected = rates.groupby("region")["value"].mean()
    pull = pulls["incomer"].weights.regions["pull"]
    assert len(pull) == 290
    assert pull.loc["2281"] == pytest.approx(expected["2281"], abs=1e-9)


def test_every_indicator_is_known_before_the_outcome(pulls):
    for pull in pulls.values():
        assert (pull.periods < pull.outcome.span[0]).all()
        assert pull.outcome.earlier[1] < pull.outcome.span[0]


@pytest.mark.parametrize("target", list(OUTCOMES))
def test_the_verdict_asks_for_more_than_both_baselines(pulls, target):
    pull = pulls[target]
    wide = pull.weights.scores.pivot_table(index="held_out", columns="predictor", values="r2")
    beats = wide["indicators"] > wide[["same_as_before", "size_and_group"]].max(axis=1)
    assert pull.weights.predicts == bool((beats & (wide["indicators"] > 0)).all())


def test_words_follow_the_verdict(study, pulls):
    for pull in pulls.values():
        for predicts in (True, False):
            weights = dataclasses.replace(pull.weights, predicts=predicts)
            chart = views.prediction_chart(study, dataclasses.replace(pull, weights=weights))
            said = " ".join(text.render("sv") for text in chart.content.paragraphs)
            assert ("ska inte läsas som en prognos" in said) is not predicts
            assert not any(word in said for word in ("orsak", "beror på", "leder till"))


@pytest.mark.parametrize(
    ("target", "group"),
    [("incomer", "Inflyttare"), ("returner", "Återvändare"), ("student", "Studenter")],
)
def test_each_group_is_named_in_the_heading_of_its_part(study, pulls, target, group):
    pull = pulls[target]
    for shown in (
        views.prediction_chart(study, pull).content,
        views.revealed_weights(study, pull).content,
        views.revealed_table(study, pull),
    ):
        assert shown.title.render("sv").startswith(f"{group}: ")


def test_domains_without_figures_before_the_outcome_are_named(study, pulls):
    # Employment by residence begins in 2020, after what the returners are tried against.
    assert pulls["returner"].lacking == ("work",)
    said = views.prediction_chart(study, pulls["returner"]).content.paragraphs[0].render("sv")
    assert "6 av indexets indikatorer, inom Utbildning och kompetens, Boende och Ekonomi" in said
    assert "Utan siffror före 2018, och därför inte med: Arbete." in said
    assert pulls["incomer"].lacking == ()
    said = views.prediction_chart(study, pulls["incomer"]).content.paragraphs[0].render("sv")
    assert "inte med" not in said


def test_the_table_sets_both_ranks_side_by_side(study, pulls):
    rows = views.revealed_table(study, pulls["incomer"]).table.rows
    home = next(row for row in rows if row[0] == "Sundsvall")
    assert home[1] == study.composite().ranks.loc["2281", "index"]
    assert len(rows) == 7


def test_charts_name_predictors_and_indicators(study, pulls):
    chart = views.prediction_chart(study, pulls["returner"])
    assert "indikatorerna förutsäger flyttningen bättre" in chart.layout.title.text
    texts = [note.text for note in chart.layout.annotations]
    assert "utfall" not in texts
    weights = views.revealed_weights(study, pulls["returner"])
    assert "Eftergymnasialt" in weights.layout.title.text


def test_a_group_without_an_outcome_is_refused(study):
    index = dataclasses.replace(study.composite(), target="retired")
    with pytest.raises(ConfigError, match='No outcome is chosen for "retired"; there are: incomer'):
        reveal(study, index)


def test_a_year_that_the_outcome_lacks_is_named(study, monkeypatch):
    index = study.composite()
    outcome = dataclasses.replace(OUTCOMES["incomer"], span=("2023", "2027"))
    monkeypatch.setitem(OUTCOMES, "incomer", outcome)
    with pytest.raises(DataError, match=r"net_migration_rate has no figures of 2026, 2027.*import"):
        reveal(study, index)
