"""
How soon flows between all municipalities are loaded, filtered and drawn; all GENERATED.

Run it with ``python -m benchmarks.flows`` in the checkout. No such matrix is open, so
84,100 pairs x 20 years are made up here, and nothing of them is kept.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from regionstudy.analysis import migration
from regionstudy.figures.flows import flow_map
from regionstudy.geography import regions

YEARS = [str(year) for year in range(2005, 2025)]
HOME = "2281"
GOAL = 1.0
ROUNDS = 5
PARTS = ("loaded and filtered", "netted", "drawn")


def main() -> None:
    municipalities = regions("municipality")
    codes = municipalities["region"].tolist()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "flows.parquet")
        generated(codes).to_parquet(path)
        times = [timed(path, municipalities) for _ in range(ROUNDS)]
    for part, seconds in zip(PARTS, zip(*times, strict=True), strict=True):
        report(f"{part}, s", statistics.median(seconds))
    report("all three, s", statistics.median(sum(one) for one in times), most=GOAL)
    report("the first time, s", sum(times[0]))


def report(what: str, figure: float, *, most: float | None = None) -> None:
    goal = "" if most is None else f"(at most {most:.3f}) {'ok' if figure <= most else 'TOO MUCH'}"
    print(f"{what:28} {figure:9.4f}  {goal}".rstrip())


def generated(codes: list[str]) -> pd.DataFrame:
    draw = np.random.default_rng(1)
    pairs = len(codes) ** 2
    frame = pd.DataFrame(
        {
            "origin": pd.Categorical.from_codes(
                np.repeat(np.arange(len(codes)), len(codes)), codes
            ),
            "destination": pd.Categorical.from_codes(
                np.tile(np.arange(len(codes)), len(codes)), codes
            ),
        }
    )
    every = pd.concat([frame] * len(YEARS), ignore_index=True)
    every["period"] = pd.Categorical.from_codes(np.repeat(np.arange(len(YEARS)), pairs), YEARS)
    return every.assign(
        value=draw.poisson(4.0, len(every)).astype(float),
        status=pd.Categorical.from_codes(np.zeros(len(every), dtype=np.int8), [""]),
    )


def timed(path: Path, municipalities: pd.DataFrame) -> tuple[float, float, float]:
    started = time.perf_counter()
    flows = pd.read_parquet(path)
    flows = flows[flows["period"] == YEARS[-1]]
    loaded = time.perf_counter()
    nets = migration.net_flows(flows)
    netted = time.perf_counter()
    flow_map(nets, regions=municipalities, title="GENERATED", region=HOME)._repr_mimebundle_()
    return loaded - started, netted - loaded, time.perf_counter() - netted


if __name__ == "__main__":
    main()
