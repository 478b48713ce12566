"""Why a region stands where it does: parts add up, and a needed value is really enough."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from regionstudy.analysis.composite import (
    build_index,
    decompose_change,
    explain_gap,
    needed_to_climb,
)
from regionstudy.errors import ConfigError, DataError

STRUCTURE = pd.DataFrame(
    {
        "id": ["jobs", "rent", "index"],
        "parent": ["index", "index", ""],
        "weight": [3.0, 1.0, 1.0],
        "direction": [1, -1, 1],
    }
)
# Min-max: jobs 0, 50, 100; rent (low is good) 100, 50, 0; index 25, 50, 75.
VALUES = pd.DataFrame(
    {"jobs": [10.0, 20.0, 30.0], "rent": [4.0, 6.0, 8.0]}, index=["2260", "2262", "2281"]
)
PLAIN = {"treatment": None}


def test_a_gap_is_split_by_hand():
    index = build_index(VALUES, STRUCTURE, **PLAIN)
    gap = explain_gap(index, region="2281", peers=["2260", "2262", "2281"])
    # Own 75 + 0, peers' mean 18.75 + 18.75: jobs +56.25, rent -18.75.
    assert gap["effect"].to_dict() == pytest.approx({"jobs": 56.25, "rent": -18.75})
    assert gap["kind"].tolist() == ["strength", "weakness"]
    assert gap["peers"].to_dict() == pytest.approx({"jobs": 25.0, "rent": 75.0})


@pytest.mark.parametrize(
    ("aggregation", "total"),
    [("arithmetic", lambda x: x), ("geometric", np.log), ("harmonic", lambda x: 1 / x)],
)
def test_effects_add_up_to_the_gap_on_their_scale(aggregation, total):
    index = build_index(
        VALUES,
        STRUCTURE,
        aggregation=aggregation,
        normalisation_options={"range": (1, 100)},
        **PLAIN,
    )
    gap = explain_gap(index, region="2281", peers=["2260", "2262"])
    scores = total(index.scores["index"])
    expected = scores["2281"] - scores[["2260", "2262"]].mean()
    assert gap["effect"].sum() == pytest.approx(expected)
    assert gap.loc["jobs", "kind"] == "strength"
    assert gap.loc["rent", "kind"] == "weakness"


@pytest.mark.parametrize("power", [-2.0, 0.5, 2.0])
def test_ahead_is_a_strength_whatever_the_power_of_the_mean(power):
    index = build_index(
        VALUES,
        STRUCTURE,
        aggregation="generalised",
        aggregation_options={"power": power},
        normalisation_options={"range": (1, 100)},
        **PLAIN,
    )
    gap = explain_gap(index, region="2281", peers=["2260", "2262"])
    scores = index.scores["index"] ** power
    assert gap["effect"].sum() == pytest.approx(scores["2281"] - scores[["2260", "2262"]].mean())
    assert gap["kind"].tolist() == ["strength", "weakness"]
    assert gap.index.tolist() == ["jobs", "rent"]


def test_a_needed_value_by_hand():
    # 2262 needs 75 to draw level with 2281 (ties share the better rank): 2/3 of the way in
    # jobs gives 0.75 * 83.33 + 12.5 = 75; the lowest rent gives 37.5 + 25 = 62.5 only.
    found = needed_to_climb(VALUES, STRUCTURE, region="2262", **PLAIN)
    assert found.loc["jobs", "needed"] == pytest.approx(20 + 10 * 2 / 3)
    assert found.loc["jobs", "rank"] == 1
    assert found.loc["jobs", "share"] == pytest.approx(2 / 3)
    assert np.isnan(found.loc["rent", "needed"])
    assert found["reachable"].to_dict() == {"jobs": True, "rent": False}


def test_the_first_cannot_climb_and_wrong_names_are_named():
    with pytest.raises(DataError, match="'2281' is number 1 and cannot climb 1"):
        needed_to_climb(VALUES, STRUCTURE, region="2281", **PLAIN)
    with pytest.raises(ConfigError, match="places=0: give at least 1"):
        needed_to_climb(VALUES, STRUCTURE, region="2262", places=0)
    with pytest.raises(ConfigError, match="'index' is an aggregate"):
        needed_to_climb(VALUES, STRUCTURE, region="2262", indicators=["index"])
    with pytest.raises(ConfigError, match="'2299' is no region of the index"):
        needed_to_climb(VALUES, STRUCTURE, region="2299")
    index = build_index(VALUES, STRUCTURE, **PLAIN)
    with pytest.raises(ConfigError, match="none is given besides the region itself"):
        explain_gap(index, region="2281", peers=["2281"])


def test_change_is_split_by_hand_and_adds_up():
    after = VALUES.copy()
    after.loc["2262", "jobs"] = 25.0  # own change alone: +25 * 0.75
    found = decompose_change(VALUES, after, STRUCTURE, region="2262", **PLAIN).loc["index"]
    assert found["own"] == pytest.approx(18.75)
    assert found["others"] == pytest.approx(0.0)

    # The best doubles its distance: 2262 falls to 25 of 100 in jobs though nothing changed there.
    after = VALUES.copy()
    after.loc["2281", "jobs"] = 50.0
    found = decompose_change(VALUES, after, STRUCTURE, region="2262", **PLAIN).loc["index"]
    assert found["own"] == pytest.approx(0.0)
    assert found["others"] == pytest.approx(-18.75)


def test_own_and_others_add_up_when_all_change():
    after = pd.DataFrame(
        {"jobs": [12.0, 28.0, 27.0], "rent": [5.0, 4.0, 9.0]}, index=["2260", "2262", "2281"]
    )
    found = decompose_change(VALUES, after.iloc[::-1], STRUCTURE, region="2262", **PLAIN)
    for prefix in ("", "rank_"):
        np.testing.assert_allclose(
            found[f"{prefix}own"] + found[f"{prefix}others"], found[f"{prefix}change"], atol=1e-12
        )
    assert found.loc["index", "rank_after"] == 1


def test_years_with_other_regions_are_refused():
    with pytest.raises(DataError, match="'2281' is in one of them only"):
        decompose_change(VALUES, VALUES.drop(index="2281"), STRUCTURE, region="2262")
