"""Sentences: direction, doubt and what is missing; never a cause."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regionstudy.errors import DataError
from regionstudy.figures import sentences as say
from regionstudy.words import Words

NET = {"measure": "nettot", "unit": "per 100 och år"}


def test_rank_is_told_with_its_span():
    told = say.rank_sentence("Sundsvall", measure="nettot", rank=21, n=23, low=14, high=22)
    assert told.render("en") == "Sundsvall is 21st of 23 on nettot, but the span is 14 to 22."
    told = say.rank_sentence("Sundsvall", measure="nettot", rank=1, n=23, low=1, high=1)
    assert told.render("sv") == "Sundsvall är på plats 1 av 23 i nettot, hur man än räknar."
    told = say.rank_sentence("Sundsvall", measure="nettot", rank=2, n=23)
    assert told.render("sv") == "Sundsvall är på plats 2 av 23 i nettot."


@pytest.mark.parametrize("rank", [None, math.nan])
def test_rank_that_is_missing_is_said_to_be(rank):
    told = say.rank_sentence("Ånge", measure="nettot", rank=rank, n=23)
    assert told.render("sv") == "Ånge: nettot går inte att säga (uppgift saknas)."


@pytest.mark.parametrize("ranks", [{"rank": 24}, {"rank": 0}, {"rank": 3, "low": 4, "high": 5}])
def test_impossible_rank_is_refused(ranks):
    with pytest.raises(DataError, match="needs 1 <= low <= rank <= high <= n"):
        say.rank_sentence("Ånge", measure="nettot", n=23, **ranks)


@given(st.floats(-9, 9), st.floats(0, 5), st.floats(0, 5))
def test_only_an_interval_off_zero_is_called_sure(value, below, above):
    low, high = value - below, value + above
    told = say.interval_sentence("X", value=value, low=low, high=high, **NET).render("sv")
    assert ("säkert över noll" in told) == (low > 0)
    assert ("säkert under noll" in told) == (high < 0)
    assert ("rymmer både plus och minus" in told) == (low <= 0 <= high)


def test_interval_that_is_none_is_refused():
    with pytest.raises(DataError, match="An interval needs low <= value <= high"):
        say.interval_sentence("X", value=1.0, low=None, high=2.0, **NET)
    told = say.interval_sentence("X", value=None, low=None, high=None, **NET)
    assert "går inte att säga" in told.render("sv")


@pytest.mark.parametrize(
    ("values", "sv"),
    [
        ([10.0, 12.5], "ökade med 2,5 enheter mellan 2020 och 2024, från 10,0 till 12,5"),
        ([12.5, 10.0], "minskade med 2,5 enheter"),
        ([10.0, 10.04], "är oförändrad mellan 2020 och 2024, 10,0 enheter"),
    ],
)
def test_change_knows_its_direction(values, sv):
    series = pd.DataFrame({"period": ["2020", "2024"], "value": values})
    told = say.change_sentence(series, name="X", measure="andelen", unit="enheter")
    assert sv in told.render("sv")


def test_change_starts_and_ends_with_figures_that_are_there():
    series = pd.DataFrame(
        {
            "period": ["2024", "2020", "2021", "2025"],
            "value": [3.0, float("nan"), 2.0, 9.0],
            "status": ["", "..", "", "suppressed"],
        }
    )
    told = say.change_sentence(series, name="X", measure="andelen", unit="enheter").render("sv")
    assert "mellan 2021 och 2024, från 2,0 till 3,0" in told
    told = say.change_sentence(series[:1], name="X", measure="andelen", unit="enheter")
    assert "går inte att säga" in told.render("sv")


def test_strongest_domain_names_all_that_share_the_place():
    labels = {key: Words(key, key) for key in ("work", "housing", "people")}
    ranks = {"work": 3.0, "housing": 3.0, "people": 20.0}
    told = say.strongest_domain(ranks, name="X", labels=labels, among="23 kommuner")
    assert told.render("sv") == (
        "Bland 23 kommuner står X bäst i work och housing (plats 3) och sämst i people (plats 20)."
    )
    told = say.strongest_domain({"work": 3.0}, name="X", labels=labels, among="23 kommuner")
    assert told.render("sv") == "Bland 23 kommuner står X lika i work (plats 3)."
    told = say.strongest_domain({"work": math.nan}, name="X", labels=labels, among="23 kommuner")
    assert "går inte att säga" in told.render("sv")


def test_age_of_figures_is_told():
    assert say.newest_figure(pd.Series(["2024", "2024"])).render("sv") == "Siffrorna är från 2024."
    with pytest.raises(DataError, match="There is no period to tell the age of"):
        say.newest_figure(pd.Series([], dtype="str"))
