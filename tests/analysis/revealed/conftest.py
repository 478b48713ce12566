"""Generated regions, pull and flows whose truth is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

ELASTICITY = -1.2
POPULATION_ELASTICITY = 0.9


@dataclass(frozen=True)
class Flows:
    flows: pd.DataFrame
    distance: pd.DataFrame
    population: pd.Series
    effect: pd.Series
    pull: pd.Series


@pytest.fixture(scope="session")
def make_flows() -> Callable[..., Flows]:
    """Draw Poisson flows between regions on a plane, from a known gravity model."""

    def make(seed: int, *, regions: int = 40, moves: float = 60_000) -> Flows:
        rng = np.random.default_rng(seed)
        codes = pd.Index([f"{2000 + number}" for number in range(regions)], name="region")
        place = rng.uniform(0, 1000, (regions, 2))
        population = pd.Series(np.exp(rng.normal(9.7, 1, regions)), index=codes)
        pull = pd.Series(rng.normal(0, 0.4, regions), index=codes)
        effect = POPULATION_ELASTICITY * np.log(population) + pull
        origin, destination = np.nonzero(~np.eye(regions, dtype=bool))
        away = np.hypot(*(place[origin] - place[destination]).T)
        expected = np.exp(
            0.8 * np.log(population.to_numpy())[origin]
            + effect.to_numpy()[destination]
            + ELASTICITY * np.log(away)
        )
        value = rng.poisson(expected * moves / expected.sum()).astype(float)
        ends = {"origin": codes[origin], "destination": codes[destination]}
        return Flows(
            flows=pd.DataFrame({**ends, "value": value}),
            distance=pd.DataFrame({**ends, "distance": away}),
            population=population,
            effect=effect - effect.mean(),
            pull=pull,
        )

    return make


@pytest.fixture(scope="session")
def make_pull() -> Callable[..., dict[str, Any]]:
    """Draw regions in groups, indicators, and a pull that goes with two of them."""

    def make(
        seed: int,
        *,
        groups: int = 8,
        size: int = 6,
        slopes: tuple[float, ...] = (2.0, -1.0, 0.0),
        noise: float = 1.0,
    ) -> dict[str, Any]:
        rng = np.random.default_rng(seed)
        codes = [f"{g:02d}{r:02d}" for g in range(1, groups + 1) for r in range(1, size + 1)]
        group = pd.Series([code[:2] for code in codes], index=codes)
        local = rng.normal(0, 0.5, (groups, len(slopes))).repeat(size, axis=0)
        indicators = pd.DataFrame(
            local + rng.normal(0, 1, (len(codes), len(slopes))),
            index=codes,
            columns=list("abcdefgh")[: len(slopes)],
        )
        target = indicators @ np.array(slopes) + 3 + rng.normal(0, noise, len(codes))
        return {
            "target": target,
            "indicators": indicators,
            "groups": group,
            "before": pd.Series(rng.normal(0, 1, len(codes)), index=codes),
            "population": pd.Series(np.exp(rng.normal(10, 1, len(codes))), index=codes),
        }

    return make
