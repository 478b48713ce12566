"""The what-if panel of the embedded study: the index's own place, and the same each time."""

from __future__ import annotations

import json

from regionstudy import views
from regionstudy.analysis.composite import evaluate_payload


def test_panel_shows_the_place_that_the_index_gives(study, index):
    panel = views.what_if(study, index)
    own = next(row for row in panel.rows if row.home)
    assert own.rank == index.ranks.loc[study.home, index.root]
    assert own.low <= own.rank <= own.high
    ranks = index.scores.loc[list(study.peers.members), index.root].rank(ascending=False)
    assert f"Plats {ranks[study.home]:.0f} av {len(ranks)}" in panel.headline[2].render("sv")


def test_there_is_a_slider_a_domain_named_by_the_catalogue(study, index):
    panel = views.what_if(study, index)
    assert [one.id for one in panel.sliders] == index.domains
    titles = [study.catalogue.domains[one].title for one in index.domains]
    assert [one.label for one in panel.sliders] == titles
    assert panel.sources


def test_the_same_study_gives_the_same_panel(study, index):
    first, again = (json.dumps(views.what_if(study, index).payload()) for _ in range(2))
    assert first == again
    other = views.what_if(study, index, seed=2).payload()
    assert json.dumps(other) != first


def test_other_noise_and_words_are_passed_on(study, index):
    panel = views.what_if(study, index, noise=0.0, draws=201, title="Pröva", id="egen")
    assert (panel.model["noise"], panel.model["draws"], panel.id) == (0.0, 201, "egen")
    assert str(panel.title) == "Pröva"
    found = evaluate_payload(panel.model)
    assert found["low"].equals(found["rank"])


def test_the_narrower_span_says_what_it_varies_and_names_the_other(study, index):
    panel = views.what_if(study, index)
    assert "när bara vikterna varierar" in panel.headline[1].render("sv")
    own = views.ranked(study, index).set_index("region").loc[study.home]
    span = f"{own['rank_low']:.0f}–{own['rank_high']:.0f}"
    assert any(span in note.render("sv") for note in panel.notes)
