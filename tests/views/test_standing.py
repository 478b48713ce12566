"""Where the home stands: intervals, target groups, ways up, and what changed."""

from __future__ import annotations

import numpy as np
import pytest

from regionstudy import views
from regionstudy.attractiveness import change_since, sensitivity_of
from regionstudy.errors import DataError
from regionstudy.study import Study


@pytest.fixture(scope="module")
def study(repository):
    return Study.load(repository)


@pytest.fixture(scope="module")
def index(study):
    return study.composite()


def test_intervals_hold_their_share_of_the_variants(study, index):
    ranks = index.intervals.ranks[study.home]
    own = views.ranked(study, index).set_index("region").loc[study.home]
    inside = ranks.between(own["rank_low"], own["rank_high"]).mean()
    assert 0.9 <= inside <= 0.95
    assert len(ranks) == 2000


def test_the_index_map_tells_place_interval_and_place_among_peers(study, index):
    figure = views.index_map(study, index)
    tips = [tip for trace in figure.data for tip in (trace.hovertext or ()) if "Sundsvall" in tip]
    own = views.ranked(study, index).set_index("region").loc[study.home]
    for told in (
        f"plats {own['rank']:.0f} av 290",
        f"{own['rank_low']:.0f}–{own['rank_high']:.0f}",
        f"plats {own['peer_rank']:.0f} av 23",
    ):
        assert any(told in tip for tip in tips), tips


def test_every_target_group_has_its_row(study):
    rows = views.target_table(study).table.rows
    assert [str(row[0]) for row in rows] == ["inflyttare", "återvändare", "studenter"]
    for row, target in zip(rows, ("incomer", "returner", "student"), strict=True):
        assert row[1] == study.composite(target=target).ranks.loc[study.home, "index"]


def test_the_value_needed_to_climb_is_enough_and_less_is_not(study, index):
    from regionstudy.analysis.composite import build_index, needed_to_climb

    ways = needed_to_climb(
        index.values, index.structure, region=study.home, places=10, **index.options
    )
    way = ways[ways["reachable"]].iloc[0]
    nominal = index.ranks.loc[study.home, "index"]
    for share, climbs in ((1.001, True), (0.99, False)):
        tried = index.values.copy()
        change = way["needed"] - way["current"]
        tried.loc[study.home, way.name] = way["current"] + share * change
        rank = build_index(tried, index.structure, **index.options).ranks.loc[study.home, "index"]
        assert (rank <= nominal - 10) == climbs


def test_a_table_of_ways_up_names_indicators_with_unit_and_year(study, index):
    table = views.climb_table(study, index, places=10)
    assert str(table.table.rows[0][0]).startswith("Inpendlare, per 1 000, 2021")
    assert "står redan för högt" in str(views.climb_table(study, index, places=200).text)


def test_own_and_others_changes_add_up(study, index):
    change = change_since(study, index, study.home, years=3)
    assert np.allclose(change["own"] + change["others"], change["after"] - change["before"])
    assert change.loc["index", "rank_after"] == pytest.approx(
        change.loc["index", "rank_before"]
        + change.loc["index", "rank_own"]
        + change.loc["index", "rank_others"]
    )


def test_years_without_figures_for_both_are_refused_and_said(study, index):
    with pytest.raises(DataError, match="has complete figures 30 years apart"):
        change_since(study, index, study.home, years=30)
    assert "för 30 år sedan" in str(views.change_table(study, index, years=30).text)


def test_the_choice_that_moves_the_place_most_is_named(study, index):
    found = sensitivity_of(index, study.home, draws=128)
    assert found.region == study.home
    assert set(found.indices.index) == {
        "treatment", "normalisation", "aggregation", "left_out", "weights",
    }  # fmt: skip
    assert "flyttar platsen mest" in str(views.choices_note(study, index).text)
