"""What would move the home, and what has: years are named, and no newer figure is not a 0."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from regionstudy import views
from regionstudy.attractiveness import change_since
from regionstudy.errors import DataError
from regionstudy.figures.content import Column
from regionstudy.views import moves


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
    assert str(table.table.rows[0][0]).startswith("Inpendlare, per 1\u00a0000, 2021")
    assert "om alla andra står still" in table.title.render("sv")
    assert "Alla 10 indikatorer i indexet, en i taget" in table.table.caption.render("sv")
    shares = [float(str(row[4])) for row in table.table.rows]
    assert shares == sorted(shares)
    assert len(shares) == len(index.values.columns)
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


def test_an_indicator_whose_best_is_not_enough_says_so(study, index):
    rows = views.climb_table(study, index, places=40).table.rows
    assert len(rows) == len(index.values.columns)
    short = [row for row in rows if str(row[2]) == "räcker inte"]
    assert short
    assert all(str(row[3]) == str(row[4]) == "räcker inte" for row in short)
    assert rows[-len(short) :] == tuple(short)


def test_a_domain_without_a_newer_figure_has_words_for_its_change(study, index):
    rows = {row[0].render("sv"): row for row in views.change_table(study, index).table.rows}
    access = rows["Pendling och tillgänglighet"]
    assert [cell.render("sv") for cell in access[3:]] == [
        "ingen nyare siffra",
        "ingen nyare siffra",
        "ingen nyare siffra än 2021",
    ]
    assert access[3].render("en") == "no newer figure"
    assert rows["Arbete"][5].render("sv") == "2023 → 2024"
    # Two years of one domain, told by indicator.
    assert rows["Boende"][5].render("sv").endswith("Hyresrätter: ingen nyare siffra än 2023")
    assert rows["Sammanvägd dragkraft"][5].render("sv") == "nyare för 7 av 10 indikatorer"


def test_every_year_in_the_table_of_change_is_one_that_was_compared(study, index):
    periods = change_since(study, index, study.home, years=3).attrs["periods"]
    told = " ".join(row[5].render("sv") for row in views.change_table(study, index).table.rows)
    for before, after in periods.drop_duplicates().itertuples(index=False):
        word = f"{before} → {after}" if before != after else f"ingen nyare siffra än {after}"
        assert word in told


@pytest.mark.parametrize(
    ("before", "after", "own", "others", "words"),
    [
        (93, 88, 5.5, -10.5, ("inom spannet", "genom de andras ändring, inte den egna")),
        (93, 88, -6.0, 1.0, ("inom spannet", "genom Sundsvalls egen ändring, inte de andras")),
        (93, 88, -2.0, -3.0, ("inom spannet", "genom både den egna ändringen och de andras")),
        (280, 88, -92.0, -100.0, ("utanför spannet", "genom både")),
        (88, 88, 3.0, -3.0, ("Kvar på plats 88 av 290",)),
    ],
)
def test_the_title_weighs_the_move_against_the_span_and_says_whose_it_is(
    study, index, monkeypatch, before, after, own, others, words
):
    change = change_since(study, index, study.home, years=3)
    told = ["rank_before", "rank_after", "rank_change", "rank_own", "rank_others"]
    change.loc["index", told] = [before, after, after - before, own, others]
    monkeypatch.setattr(moves, "change_since", lambda *_, **__: change)
    table = views.change_table(study, index, years=3)
    for word in words:
        assert word in table.title.render("sv")
    assert f"till och med {study.as_of - 3} (då)" in table.table.caption.render("sv")


def test_a_column_of_numbers_may_hold_a_word():
    from regionstudy.figures import table
    from regionstudy.words import Words

    word = Words(sv="ingen nyare siffra", en="no newer figure")
    frame = pd.DataFrame({"x": [1.25, word, np.nan], "x_status": ["", "", ".."]})
    shown = table(frame, columns=[Column("x", word, "number", 1)], title="x")
    assert [row[0] for row in shown.table.rows][:2] == [1.2, word]
    assert shown.table.rows[2][0].status == ".."
