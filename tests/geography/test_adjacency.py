"""Neighbours, against borders known from any map of Sweden."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regionstudy.errors import ConfigError
from regionstudy.geography import municipalities_in, neighbours, surroundings
from regionstudy.geography.code_list import region_list

MUNICIPALITIES = sorted(r.region for r in region_list().values() if r.level == "municipality")


def _of(code, level="municipality"):
    pairs = neighbours(level)
    return pairs.loc[pairs["region"] == code, "neighbour"].tolist()


@pytest.mark.parametrize("level", ["county", "fa_region", "municipality"])
def test_neighbours_are_mutual_and_never_oneself(level):
    pairs = neighbours(level)
    there = set(zip(pairs["region"], pairs["neighbour"], strict=True))
    assert len(there) == len(pairs)
    assert there == {(other, one) for one, other in there}
    assert all(one != other for one, other in there)


def test_sundsvall_borders_on_its_neighbours():
    around = set(_of("2281"))
    # Nordanstig, Ånge, Timrå, Ragunda and Bräcke; not Kramfors nor Örnsköldsvik.
    assert {"2132", "2260", "2262", "2303", "2305"} <= around
    assert around.isdisjoint({"2282", "2284"})


def test_norrbotten_borders_on_vasterbotten_alone():
    assert _of("25", "county") == ["24"]


@pytest.mark.parametrize("island", ["0980", "1407"], ids=["Gotland", "Öckerö"])
def test_an_island_has_no_neighbours(island):
    assert _of(island) == []
    assert surroundings(island) == (island,)


def test_the_country_has_no_neighbours():
    assert neighbours("country").empty


def test_the_frame_is_the_callers_own():
    pairs = neighbours("county")
    pairs["region"] = "changed"
    assert "changed" not in set(neighbours("county")["region"])


def test_surroundings_of_a_county_reach_into_the_next_ones():
    around = surroundings("22")
    assert set(municipalities_in("22")) < set(around)
    # Along the coast Nordanstig in the south and Nordmaling in the north; inland Bräcke.
    assert {"2132", "2401", "2305"} <= set(around)
    assert "2180" not in around


@given(
    home=st.sets(st.sampled_from(MUNICIPALITIES), min_size=1, max_size=4),
    steps=st.integers(0, 3),
)
def test_a_step_more_never_loses_a_region(home, steps):
    near, far = surroundings(home, steps=steps), surroundings(home, steps=steps + 1)
    assert home <= set(near) <= set(far)
    assert list(near) == sorted(near)


def test_no_step_is_the_home_alone():
    assert surroundings("FA42", steps=0) == municipalities_in("FA42")


def test_negative_steps_are_refused():
    with pytest.raises(ConfigError, match="steps=-1 is negative"):
        surroundings("22", steps=-1)
