"""The what-if payload: small, whole, and evaluated as the index it was made from."""

from __future__ import annotations

import base64
import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regionstudy.analysis.composite import (
    aggregate,
    build_index,
    evaluate_payload,
    rank,
    what_if_payload,
)
from regionstudy.errors import ConfigError, DataError

# Three levels; "e" stands right under the index, beside the domains.
STRUCTURE = pd.DataFrame(
    {
        "id": ["a", "b", "c", "d", "e", "w", "x", "y", "index"],
        "parent": ["w", "w", "x", "y", "index", "x", "index", "index", ""],
        "weight": [1.0, 2.0, 1.0, 1.0, 0.5, 3.0, 1.0, 2.0, 1.0],
        "direction": [1, -1, 1, 1, -1, 1, 1, 1, 1],
    }
)
TOP = ["e", "x", "y"]
POSITIVE = {"normalisation_options": {"range": (1, 100)}}


def values(seed: int, rows: int = 12, *, gaps: bool = False) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    codes = [f"{100 + row:04d}" for row in range(rows)]
    frame = pd.DataFrame(rng.normal(50, 10, (rows, 5)), index=codes, columns=list("abcde"))
    if gaps:
        frame.iloc[0, 0] = frame.iloc[3, 2] = frame.iloc[5, 3] = np.nan
    return frame


def index(seed: int = 1, *, gaps: bool = False, rows: int = 12, **options):
    given = {"treatment": None, **options}
    return build_index(values(seed, rows, gaps=gaps), STRUCTURE, **given)


def packed(figures: int = 1, *, gaps: bool = False, **options):
    return what_if_payload(index(figures, gaps=gaps), **{"home": "0101", "seed": 7, **options})


def weighed(weights: dict[str, float]) -> pd.DataFrame:
    new = STRUCTURE["id"].map(weights).fillna(STRUCTURE["weight"])
    return STRUCTURE.assign(weight=new, direction=1)


def test_payload_holds_thousandths_region_by_region_and_null_where_missing():
    structure = pd.DataFrame(
        {"id": ["a", "b", "index"], "parent": ["index", "index", ""], "weight": [2, 1, 1],
         "direction": [1, -1, 1]}
    )  # fmt: skip
    frame = pd.DataFrame({"a": [0.0, 3.0, 1.0], "b": [5.0, np.nan, 7.0]}, index=["01", "02", "03"])
    made = what_if_payload(build_index(frame, structure), home="02", peers=["03"], seed=1)
    # Min-max by hand: a is 0, 100, 33.333...; b, where less is better, 100, missing, 0.
    assert made["values"] == [0, 100_000, 100_000, None, 33_333, 0]
    assert (made["regions"], made["home"], made["peers"]) == (["01", "02", "03"], 1, [2, 1])
    assert made["nodes"] == ["a", "b", "index"]
    assert (made["children"], made["powers"], made["weights"]) == ([[0, 1]], [1], [2, 1])
    scores = evaluate_payload(made)["score"].tolist()
    # The region without b has a alone, with all the weight; not b as 0.
    assert scores == pytest.approx([100 / 3, 100, 22.222])


def test_payload_is_the_same_after_json():
    made = packed(gaps=True)
    again = json.loads(json.dumps(made))
    assert again == made
    pd.testing.assert_frame_equal(evaluate_payload(again), evaluate_payload(made))


@settings(max_examples=25, deadline=None)
@given(
    st.integers(0, 10_000),
    st.tuples(*[st.integers(0, 100)] * 3).filter(any),
    st.booleans(),
)
def test_it_agrees_with_an_index_built_of_the_rounded_values(seed, weights, gaps):
    made = packed(seed, gaps=gaps)
    chosen = dict(zip(TOP, weights, strict=True))
    rounded = index(seed, gaps=gaps).normalised.round(3)
    # Min-max of what runs from 0 to 100 already leaves it as it is.
    try:
        again = build_index(rounded, weighed(chosen), treatment=None)
    except DataError:  # a region lacks all that weighs something
        again = None
    found = evaluate_payload(made, weights=chosen)
    if again is None:
        assert found["score"].isna().any()
        assert found["rank"].isna().equals(found["score"].isna())
    else:
        np.testing.assert_allclose(found["score"], again.scores["index"], rtol=1e-9)
        assert found["rank"].tolist() == again.ranks["index"].tolist()


@pytest.mark.parametrize(
    ("aggregation", "more"),
    [
        ("geometric", {}),
        ("harmonic", {}),
        ("generalised", {"aggregation_options": {"power": 0.5}}),
        (["arithmetic", "geometric", "harmonic"], {}),
        (["generalised", "arithmetic", "geometric"], {"aggregation_options": {"power": -2}}),
    ],
)
@pytest.mark.parametrize("gaps", [False, True])
def test_every_mean_is_that_of_the_index(aggregation, more, gaps):
    built = index(3, gaps=gaps, aggregation=aggregation, **POSITIVE, **more)
    found = evaluate_payload(what_if_payload(built, home="0100", seed=1, decimals=6))
    np.testing.assert_allclose(found["score"], built.scores["index"], atol=1e-5)
    assert found["rank"].tolist() == built.ranks["index"].tolist()


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([0.001, 0.3, 7.0, 1e6]))
def test_the_scale_of_weights_is_irrelevant(seed, scale):
    made = packed(seed, gaps=True)
    first = evaluate_payload(made, weights={"e": 10, "x": 30, "y": 20})
    other = evaluate_payload(made, weights={"e": 10 * scale, "x": 30 * scale, "y": 20 * scale})
    pd.testing.assert_frame_equal(first, other, rtol=1e-9)


@pytest.mark.parametrize("gaps", [False, True])
def test_intervals_are_quantiles_over_indices_with_each_draws_weights(gaps):
    made = packed(5, gaps=gaps, draws=40, noise=0.5, coverage=0.8)
    drawn = np.frombuffer(base64.b64decode(made["multipliers"]), dtype=np.uint8).reshape(40, -1)
    rounded = index(5, gaps=gaps).normalised.round(3)
    ranks = []
    for row in drawn:
        factors = dict(
            zip(made["nodes"], 1 + 0.5 * (2 * row.astype(float) / 255 - 1), strict=False)
        )
        own = STRUCTURE["weight"] * STRUCTURE["id"].map(factors).fillna(1.0)
        scores = aggregate(rounded, STRUCTURE.assign(weight=own, direction=1))
        ranks.append(rank(scores)["index"])
    every = pd.concat(ranks, axis=1)
    found = evaluate_payload(made)
    np.testing.assert_allclose(found["low"], every.quantile(0.1, axis=1))
    np.testing.assert_allclose(found["high"], every.quantile(0.9, axis=1))
    assert (found["low"] < found["high"]).any()


def test_without_noise_the_interval_is_the_rank():
    found = evaluate_payload(packed(noise=0.0))
    for name in ("low", "high"):
        assert found[name].tolist() == found["rank"].tolist()
        assert found[f"peer_{name}"].tolist() == found["peer_rank"].tolist()


def test_multipliers_fill_the_band_of_the_noise_evenly():
    made = packed(draws=2000)
    drawn = np.frombuffer(base64.b64decode(made["multipliers"]), dtype=np.uint8)
    assert len(drawn) == 2000 * (len(STRUCTURE) - 1)
    assert (drawn.min(), drawn.max()) == (0, 255)
    # Even numbers from 0 to 255 have the mean 127.5 and the deviation 73.9.
    assert drawn.mean() == pytest.approx(127.5, abs=4 * 73.9 / np.sqrt(len(drawn)))


def test_the_seed_decides_the_draws_and_nothing_else():
    first, same, other = packed(seed=1), packed(seed=1), packed(seed=2)
    assert first == same
    changed = {name for name in first if first[name] != other[name]}
    assert changed == {"seed", "multipliers"}


def test_peers_are_ranked_among_themselves_and_the_home_is_one_of_them():
    made = packed(home="0105", peers=["0102", "0109", "0100"])
    found = evaluate_payload(made)
    peers = ["0102", "0109", "0100", "0105"]
    assert [made["regions"][one] for one in made["peers"]] == peers
    expected = found.loc[peers, "score"].rank(ascending=False, method="min")
    assert found.loc[peers, "peer_rank"].tolist() == expected.tolist()
    assert found.drop(index=peers)[["peer_rank", "peer_low", "peer_high"]].isna().all(axis=None)


def test_without_peers_all_regions_are():
    found = evaluate_payload(packed())
    assert found["peer_rank"].tolist() == found["rank"].tolist()


def test_a_region_without_anything_that_weighs_has_no_score_and_no_rank():
    frame = values(2)
    frame.loc["0104", "d"] = np.nan  # all there is under y
    built = build_index(frame, STRUCTURE, treatment=None)
    made = what_if_payload(built, home="0104", seed=1)
    found = evaluate_payload(made, weights={"e": 0, "x": 0, "y": 5})
    assert found.loc["0104"].isna().all()
    assert sorted(found["rank"].dropna()) == [float(one) for one in range(1, 12)]


def test_290_regions_and_30_indicators_take_75_kilobytes_at_most():
    rng = np.random.default_rng(1)
    ids = [f"population_change_{one}" for one in range(30)]
    domains = [f"domain_{one}" for one in range(9)]
    structure = pd.DataFrame(
        {
            "id": [*ids, *domains, "index"],
            "parent": [domains[one % 9] for one in range(30)] + ["index"] * 9 + [""],
            "weight": 1.0,
            "direction": 1,
        }
    )
    codes = [f"{one:04d}" for one in range(290)]
    frame = pd.DataFrame(rng.uniform(size=(290, 30)), index=codes, columns=ids)
    made = what_if_payload(build_index(frame, structure), home=codes[0], peers=codes[:23], seed=1)
    assert made["draws"] >= 200
    assert len(json.dumps(made, separators=(",", ":")).encode()) <= 75_000


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ({"draws": 0}, "draws=0: give at least 1"),
        ({"noise": 1}, "noise=1: give a share from 0 to below 1"),
        ({"coverage": 0}, "coverage=0: give a share above 0"),
        ({"decimals": 7}, "decimals=7: give a number from 0 to 6"),
        ({"home": "0199"}, r"home: '0199' is no region of the index\. Did you mean '01"),
        ({"peers": ["0101", "x"]}, "peers: 'x' is no region of the index"),
    ],
)
def test_an_option_out_of_range_is_refused(option, message):
    with pytest.raises(ConfigError, match=message):
        packed(**option)


@pytest.mark.parametrize("method", ["copeland", "mpi", "ampi"])
def test_an_aggregation_that_is_no_mean_is_refused(method):
    scale = {"normalisation": "zscore", "normalisation_options": {"mean": 100, "sd": 10}}
    built = index(aggregation=["arithmetic", "arithmetic", method], **scale)
    with pytest.raises(ConfigError, match=f"'index' is joined by '{method}'.*arithmetic, geom"):
        what_if_payload(built, home="0101", seed=1)


def test_a_value_that_rounds_to_0_is_refused_under_a_geometric_mean():
    built = index(aggregation="geometric", normalisation_options={"range": (0.0001, 100)})
    with pytest.raises(DataError, match=r"'.' is 0 or less, as rounded, in region '01"):
        what_if_payload(built, home="0101", seed=1)


def test_an_index_over_periods_is_refused():
    parts = {period: values(one) for one, period in enumerate(("2023", "2024"))}
    panel = pd.concat(parts, names=["period", "region"]).swaplevel()
    built = build_index(panel, STRUCTURE, treatment=None)
    with pytest.raises(DataError, match="runs over 'region', 'period', and a page weighs one year"):
        what_if_payload(built, home="0101", seed=1)


def test_more_regions_than_a_browser_weighs_in_time_are_refused():
    with pytest.raises(DataError, match="has 1025 regions, and a page weighs 1024 at most"):
        what_if_payload(index(rows=1025), home="0101", seed=1)


def test_an_index_that_hides_thin_domains_is_refused():
    built = index(gaps=True, aggregation_options={"min_available": 0.6})
    with pytest.raises(DataError, match="min_available, which a page does not know"):
        what_if_payload(built, home="0101", seed=1)


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ({"z": 1}, "weights: 'z' is no node below the index"),
        ({"index": 1}, "weights: 'index' is no node below the index"),
        ({"x": -1}, "'x' has the negative weight -1"),
        ({"x": float("nan")}, "'x' has the weight nan"),
        ({"e": 0, "x": 0, "y": 0}, "all weights under 'index' are zero"),
    ],
)
def test_a_wrong_weight_is_refused(weights, message):
    with pytest.raises(ConfigError, match=message):
        evaluate_payload(packed(), weights=weights)
