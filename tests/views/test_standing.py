"""Where the home stands: intervals, target groups, and the choice that matters most."""

from __future__ import annotations

import pytest

from regionstudy import views
from regionstudy.attractiveness import sensitivity_of
from regionstudy.errors import DataError
from regionstudy.study import Study


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
        index = study.composite(target=target)
        assert row[1] == index.ranks.loc[study.home, "index"]
        assert row[2] == pytest.approx(index.intervals.ranks[study.home].median(), abs=0.5)


def test_a_group_without_complete_figures_is_named_and_the_others_stand(study, monkeypatch):
    composite = Study.composite

    def lacking(self, *, target="incomer", **options):
        if target == "student":
            raise DataError("none of its indicators has a complete year")
        return composite(self, target=target, **options)

    monkeypatch.setattr(Study, "composite", lacking)
    shown = views.target_table(study)
    assert [str(row[0]) for row in shown.table.rows] == ["inflyttare", "återvändare"]
    assert "Inget index för studenter" in shown.table.caption.render("sv")
    assert "studenter" not in shown.title.render("sv")


def test_the_table_of_groups_has_their_ranks_in_its_title(study):
    title = views.target_table(study).title.render("sv")
    ranks = [
        study.composite(target=one).ranks.loc[study.home, "index"]
        for one in ("incomer", "returner", "student")
    ]
    assert f"plats {ranks[0]:.0f} för inflyttare" in title
    assert f"plats {ranks[2]:.0f} för studenter av 290" in title


def test_the_choice_that_moves_the_place_most_is_named(study, index):
    found = sensitivity_of(index, study.home, draws=128)
    assert found.region == study.home
    assert set(found.indices.index) == {
        "treatment", "normalisation", "aggregation", "left_out", "weights",
    }  # fmt: skip
    assert "flyttar platsen mest" in str(views.choices_note(study, index).text)
