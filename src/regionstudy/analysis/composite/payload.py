"""Pack an index for a page that weighs it anew, and evaluate what was packed."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from regionstudy.analysis.composite.aggregate import aggregate, methods_by_level
from regionstudy.analysis.composite.means import power_of
from regionstudy.analysis.composite.ranks import rank_rows
from regionstudy.analysis.composite.registry import name_some, nearest
from regionstudy.analysis.composite.structure import Tree, read_structure
from regionstudy.analysis.composite.variants import root_scores
from regionstudy.errors import ConfigError, DataError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from regionstudy.analysis.composite.index import Index
    from regionstudy.analysis.composite.values import Array

__all__ = ["evaluate_payload", "what_if_payload"]

# What a browser weighs anew within a frame, and counts ranks of in 16 bits.
MOST_REGIONS = 1024
# A multiplier is one byte, from 0 (1 - noise) to 255 (1 + noise).
TOP_BYTE = 255


def what_if_payload(
    index: Index,
    *,
    home: str,
    peers: Sequence[str] | None = None,
    draws: int = 200,
    seed: int,
    noise: float = 0.25,
    coverage: float = 0.9,
    decimals: int = 3,
) -> dict[str, Any]:
    """
    Pack an index so that a page can weigh it anew without Python.

    Parameters
    ----------
    index : Index
        An index of one year whose aggregates are means (arithmetic, geometric, harmonic or
        generalised).
    home : str
        The home region.
    peers : sequence of str, optional
        Regions that the home is ranked among too (it is one of them, named or not); all
        where none are given.
    draws : int, default 200
        How many noisy sets of weights the intervals rest on.
    seed : int
        Start of the random numbers: the same seed gives the same payload.
    noise : float, default 0.25
        In a draw each weight, at every level, is multiplied by a number between 1 - noise
        and 1 + noise.
    coverage : float, default 0.9
        Share of the draws between the ends of an interval (0.9: from 5 to 95 %).
    decimals : int, default 3
        Decimals that are kept of the normalised values.

    Returns
    -------
    dict
        What JSON can hold. ``regions``, ``nodes`` (the indicators, then the aggregates, the
        index last), ``children`` and ``powers`` (a row an aggregate; positions in ``nodes``,
        power of the mean, 0 for the geometric), ``weights`` (of the nodes below the index),
        ``values`` (region by region, in units of 10^-decimals; null where missing),
        ``home`` and ``peers`` (positions in ``regions``), and the noise: ``multipliers`` is
        a byte a draw and node below the index, in base64; byte b stands for
        1 + noise * (2b/255 - 1).

    Raises
    ------
    ConfigError
        If an option is out of range, a region unknown, or an aggregation no mean.
    DataError
        If the index holds several periods or too many regions, was made with
        ``min_available``, or a value rounds to 0 or less under a mean that needs more.

    Examples
    --------
    >>> from regionstudy.analysis.composite import build_index
    >>> structure = pd.DataFrame({"id": ["jobs", "rent", "index"],
    ...     "parent": ["index", "index", ""], "weight": [1, 1, 1], "direction": [1, -1, 1]})
    >>> values = pd.DataFrame({"jobs": [60.0, 70.0, 80.0], "rent": [8.0, 6.0, 5.0]},
    ...     index=["2281", "2262", "2284"])
    >>> payload = what_if_payload(build_index(values, structure), home="2281", seed=1)
    >>> payload["values"]
    [0, 0, 50000, 66667, 100000, 100000]
    """
    _check_options(draws, noise, coverage, decimals)
    tree = read_structure(index.structure)
    regions = _read_regions(index)
    _require_plain(index)
    powers = _powers(index, tree)
    scaled = np.rint(index.normalised[list(tree.indicators)].to_numpy() * 10**decimals)
    if any(power != 1 for power in powers):
        _require_positive(scaled, regions, tree)
    place = {name: k for k, name in enumerate(tree.nodes)}
    drawn = np.random.default_rng(seed).integers(
        0, TOP_BYTE, size=(draws, len(tree.nodes) - 1), dtype=np.uint8, endpoint=True
    )
    return {
        "regions": regions,
        "home": _positions(regions, [home], "home")[0],
        "peers": _positions(regions, regions if peers is None else [*peers, home], "peers"),
        "nodes": list(tree.nodes),
        "children": [[place[one] for one in parts] for parts in tree.children.values()],
        "powers": powers,
        "weights": [tree.weight[name] for name in tree.nodes[:-1]],
        "decimals": decimals,
        "values": [None if one != one else int(one) for one in scaled.ravel().tolist()],
        "draws": draws,
        "seed": seed,
        "noise": noise,
        "coverage": coverage,
        "multipliers": base64.b64encode(drawn.tobytes()).decode("ascii"),
    }


def evaluate_payload(
    payload: Mapping[str, Any], *, weights: Mapping[str, float] | None = None
) -> pd.DataFrame:
    """
    Compute scores, ranks and intervals from a payload, as the page's script does.

    Parameters
    ----------
    payload : mapping
        From `what_if_payload`, or read from its JSON.
    weights : mapping of str to float, optional
        Weights on any scale, by node; the others keep the payload's. Siblings are weighed
        against each other, so give a node's siblings too where the scale is another.

    Returns
    -------
    DataFrame, index region
        ``score``, ``rank``, ``low``, ``high`` (among all regions) and ``peer_rank``,
        ``peer_low``, ``peer_high`` (missing for who is no peer). The intervals are quantiles
        over the draws, from the noise of the weights alone. A missing value is left out and
        the other weights are scaled up, as in `build_index`; where all that weighs something
        is missing, so are score and rank.

    Raises
    ------
    ConfigError
        If a node is unknown, a weight is no number of 0 or more, or all siblings' are 0.

    Examples
    --------
    >>> payload = {"regions": ["2281", "2262"], "home": 0, "peers": [0, 1], "decimals": 0,
    ...     "nodes": ["jobs", "rent", "index"], "children": [[0, 1]], "powers": [1],
    ...     "weights": [1, 1], "values": [90, 0, 50, 80], "draws": 1, "noise": 0.0,
    ...     "coverage": 0.9, "multipliers": "AAA="}
    >>> evaluate_payload(payload, weights={"jobs": 3})["rank"].tolist()
    [1.0, 2.0]
    """
    structure = _structure_of(payload, weights or {})
    tree = read_structure(structure)
    regions, indicators = payload["regions"], list(tree.indicators)
    numbers = np.array(payload["values"], dtype=np.float64) / 10 ** payload["decimals"]
    x = pd.DataFrame(numbers.reshape(len(regions), -1), index=regions, columns=indicators)
    powers = dict(zip(tree.aggregates, payload["powers"], strict=True))
    methods, options = _methods_of(tree, powers)
    score = aggregate(x, structure, method=methods, **options)[tree.root].to_numpy()
    varied = root_scores(
        x.to_numpy(), tree, _drawn_weights(payload, tree), methods=methods, options=options
    )
    peers = np.array(payload["peers"], dtype=np.intp)
    ends = (0.5 - payload["coverage"] / 2, 0.5 + payload["coverage"] / 2)
    frame = pd.DataFrame({"score": score}, index=pd.Index(regions, name="region"))
    for prefix, among in (("", np.arange(len(regions))), ("peer_", peers)):
        found = np.full((3, len(regions)), np.nan)
        found[0, among] = rank_rows(score[None, among])[0]
        ranks = rank_rows(np.ascontiguousarray(varied[:, among]))
        found[1:, among] = np.quantile(ranks, ends, axis=0)
        found[:, np.isnan(score)] = np.nan
        frame[[f"{prefix}{name}" for name in ("rank", "low", "high")]] = found.T
    return frame


def _check_options(draws: int, noise: float, coverage: float, decimals: int) -> None:
    if draws < 1:
        raise ConfigError(f"draws={draws}: give at least 1.")
    if not 0 <= noise < 1:
        raise ConfigError(f"noise={noise}: give a share from 0 to below 1, such as 0.25.")
    if not 0 < coverage <= 1:
        raise ConfigError(f"coverage={coverage}: give a share above 0 and at most 1, such as 0.9.")
    if not 0 <= decimals <= 6:
        raise ConfigError(f"decimals={decimals}: give a number from 0 to 6.")


def _read_regions(index: Index) -> list[str]:
    found = index.normalised.index
    if found.nlevels > 1:
        raise DataError(
            f"The index runs over {name_some(found.names)}, and a page weighs one year. "
            "Build it of one year's values."
        )
    if len(found) > MOST_REGIONS:
        raise DataError(
            f"The index has {len(found)} regions, and a page weighs {MOST_REGIONS} at most. "
            "Build it of larger regions."
        )
    return [str(one) for one in found]


def _require_plain(index: Index) -> None:
    """Refuse an index that is more than the means of its normalised values."""
    again = aggregate(
        index.normalised, index.structure, method=index.aggregation, **index.aggregation_options
    )
    if not np.allclose(again, index.scores, rtol=1e-9, atol=1e-12, equal_nan=True):
        raise DataError(
            "The index's scores are not the means of its normalised values, perhaps because it "
            "was made with min_available, which a page does not know. Build it without."
        )


def _powers(index: Index, tree: Tree) -> list[float]:
    options = index.aggregation_options
    words = methods_by_level(index.aggregation, tree, options)
    found = []
    for node in tree.aggregates:
        word = words[tree.level[node] - 2]
        power = power_of(word, options.get("power"))
        if power is None:
            raise ConfigError(
                f"'{node}' is joined by '{word}', which a page can not weigh anew. Build the index "
                "with the arithmetic, geometric, harmonic or generalised mean."
            )
        found.append(power)
    return found


def _require_positive(scaled: Array, regions: Sequence[str], tree: Tree) -> None:
    # Also where the weight is 0 now: a slider may give it one.
    bad = np.argwhere(scaled <= 0)
    if len(bad):
        row, column = bad[0]
        raise DataError(
            f"'{tree.indicators[column]}' is 0 or less, as rounded, in region '{regions[row]}', "
            "and the index's mean needs more. Normalise with range=(1, 100)."
        )


def _positions(regions: Sequence[str], chosen: Sequence[str], what: str) -> list[int]:
    place = {name: k for k, name in enumerate(regions)}
    unknown = [one for one in chosen if one not in place]
    if unknown:
        raise ConfigError(
            f"{what}: {name_some(unknown)} is no region of the index.{nearest(unknown[0], regions)}"
        )
    return [place[one] for one in dict.fromkeys(chosen)]


def _structure_of(payload: Mapping[str, Any], weights: Mapping[str, float]) -> pd.DataFrame:
    nodes = payload["nodes"]
    unknown = [one for one in weights if one not in nodes[:-1]]
    if unknown:
        raise ConfigError(
            f"weights: {name_some(unknown)} is no node below the index."
            f"{nearest(unknown[0], nodes[:-1])} Choose among {name_some(nodes[:-1], limit=12)}."
        )
    first = len(nodes) - len(payload["children"])
    parent = [""] * len(nodes)
    for number, parts in enumerate(payload["children"], start=first):
        for one in parts:
            parent[one] = nodes[number]
    given = dict(zip(nodes, [*payload["weights"], 1.0], strict=True)) | dict(weights)
    return pd.DataFrame(
        {"id": nodes, "parent": parent, "weight": list(given.values()), "direction": 1}
    )


def _methods_of(tree: Tree, powers: Mapping[str, float]) -> tuple[tuple[str, ...], dict[str, Any]]:
    """Name each level's mean, from the bottom up."""
    by_level = {tree.level[node]: power for node, power in powers.items()}
    words = {1.0: "arithmetic", 0.0: "geometric", -1.0: "harmonic"}
    methods = tuple(words.get(by_level[level], "generalised") for level in sorted(by_level))
    # An index has one power for all its generalised means.
    other = [power for power in by_level.values() if power not in words]
    return methods, {"power": other[0]} if other else {}


def _drawn_weights(payload: Mapping[str, Any], tree: Tree) -> Array:
    """Weights of all nodes in each draw, shape (draws, nodes)."""
    drawn = np.frombuffer(base64.b64decode(payload["multipliers"]), dtype=np.uint8)
    multipliers = 1 + payload["noise"] * (2 * drawn.astype(np.float64) / TOP_BYTE - 1)
    weights = np.tile([tree.weight[name] for name in tree.nodes], (payload["draws"], 1))
    weights[:, :-1] *= multipliers.reshape(payload["draws"], -1)
    return weights
