"""
The composite index against a pandas loop over the same variants: ratios of one run.

Run it with ``python -m benchmarks.composite`` in the checkout.
"""

from __future__ import annotations

import math
import multiprocessing
import resource
import shutil
import statistics
import subprocess
import time
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from regionstudy.analysis.composite import RankIntervals, build_index, uncertainty

if TYPE_CHECKING:
    from collections.abc import Callable

RUNS = 5
DRAWS = 10_000
LOOPED = 50
REGIONS = 290
INDICATORS = 50
# Choices fixed in the index itself, and those that are drawn.
NOMINAL = {"treatment": None, "normalisation_options": {"range": (1, 100)}}
DRAWN: dict[str, Any] = {
    "imputations": [None],
    "treatments": [None],
    "normalisations": ["minmax", "zscore", "rank"],
    "aggregations": ["arithmetic", "geometric"],
    "weight_noise": 0.25,
    "leave_one_out": True,
}
# COINr's example index (51 units, 49 indicators, four levels), made anew as for each draw.
COINR = """
suppressMessages(library(COINr)); coin <- build_example_coin(quietly = TRUE)
cat(system.time(for (k in 1:10) coin <- Regen(coin, quietly = TRUE))[["elapsed"]] / 10)
"""


def main() -> None:
    structure, values = make_structure(), make_values(REGIONS)
    seconds, found = best_of(RUNS, lambda: draw(values, structure))
    peak = peak_mebibytes()
    a_draw = loop_seconds(values, structure, found)
    build, _ = best_of(50, lambda: build_index(values, structure))
    copeland, _ = best_of(1, lambda: draw(values, structure, aggregations=["copeland"]))
    gaps = values.mask(np.random.default_rng(2).random(values.shape) < 0.05)
    gappy, _ = best_of(1, lambda: draw(gaps, structure))
    print(f"{DRAWS:,} variants x {REGIONS} regions x {INDICATORS} indicators x 3 levels")
    report(f"{DRAWS:,} variants, s", seconds, 0.5)
    report("peak of the process, MiB", peak, 1024)
    report("the same with 5 % gaps, s", gappy)
    report("Copeland, s", copeland, 10)
    report("build_index, ms", build * 1000, 5)
    print(f"pandas loop {a_draw * 1000:.2f} ms a draw ({LOOPED} of them, ranks equal)")
    report("ours / pandas loop", seconds / (a_draw * DRAWS), 1 / 100)
    # The quickest loop of the prototypes (../shared/FINDINGS.md), kept as a fixed mark.
    report("ours / a loop of 1.9 ms", seconds / (0.0019 * DRAWS))
    report_coinr(seconds / DRAWS)
    report_growth(structure)


def report(what: str, figure: float, most: float | None = None) -> None:
    goal = "" if most is None else f"(at most {most:.3f}) {'ok' if figure <= most else 'TOO MUCH'}"
    print(f"{what:28} {figure:9.4f}  {goal}".rstrip())


def make_structure() -> pd.DataFrame:
    """Give an index of two parts, eight domains and fifty indicators, unequal in weight."""
    rows = [("index", "", 1), *((f"part{k}", "index", 1 + k) for k in range(2))]
    rows += [(f"domain{k}", f"part{k % 2}", 1 + k % 3) for k in range(8)]
    rows += [(f"indicator{k}", f"domain{k % 8}", 1 + k % 4) for k in range(INDICATORS)]
    structure = pd.DataFrame(rows, columns=["id", "parent", "weight"])
    less_attracts = structure["id"].isin([f"indicator{k}" for k in range(0, INDICATORS, 7)])
    return structure.assign(direction=np.where(less_attracts, -1, 1))


def make_values(regions: int) -> pd.DataFrame:
    """Draw indicators that are correlated as those of a country's regions are."""
    generator = np.random.default_rng(1)
    common = generator.normal(size=(regions, 1))
    numbers = 50 + 10 * (0.5 * common + generator.normal(size=(regions, INDICATORS)))
    codes = [f"{region:05d}" for region in range(regions)]
    return pd.DataFrame(numbers, index=codes, columns=[f"indicator{k}" for k in range(INDICATORS)])


def draw(
    values: pd.DataFrame, structure: pd.DataFrame, *, draws: int = DRAWS, **other: Any
) -> RankIntervals:
    return uncertainty(values, structure, draws=draws, seed=1, nominal=NOMINAL, **DRAWN | other)


def best_of(runs: int, function: Callable[[], Any]) -> tuple[float, Any]:
    """Time the quickest of some runs: the others waited for the machine."""
    quickest, result = math.inf, None
    for _ in range(runs):
        start = time.perf_counter()
        result = function()
        quickest = min(quickest, time.perf_counter() - start)
    return quickest, result


def peak_mebibytes() -> float:
    """Measure the memory of a process that imports, draws and keeps the ranks."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_peak_of_a_fresh_process)


def _peak_of_a_fresh_process() -> float:
    draw(make_values(REGIONS), make_structure())
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def loop_seconds(values: pd.DataFrame, structure: pd.DataFrame, found: RankIntervals) -> float:
    """Time a loop that knows the short cut of effective weights; hold its ranks against ours."""
    nodes = structure.set_index("id")
    x = values * nodes["direction"].loc[values.columns]
    # Made once, as anyone would: the loop pays for weights, means and ranks alone.
    scores = {
        "minmax": (x - x.min()) / (x.max() - x.min()) * 99 + 1,
        "zscore": (x - x.mean()) / x.std() * 10 + 100,
        "rank": x.rank(method="min"),
    }
    logarithms = {name: frame.map(math.log) for name, frame in scores.items()}
    parent = nodes["parent"].drop("index")
    parents = parent.to_dict()
    words = found.choices[["normalisation", "aggregation", "left_out"]].astype(str)
    times = []
    for number in range(LOOPED):
        normalisation, aggregation, left_out = words.iloc[number].tolist()
        start = time.perf_counter()
        weights = found.weights.iloc[number].copy()
        if left_out:
            weights[left_out] = 0.0
        share = weights / weights.groupby(parent).transform("sum")
        part, top = share.index.map(parents), share.index.map(parents).map(parents)
        effective = share * share.reindex(part).fillna(1).array * share.reindex(top).fillna(1).array
        summed = (scores if aggregation == "arithmetic" else logarithms)[normalisation]
        index = summed.dot(effective[summed.columns])
        ranks = index.rank(ascending=False, method="min")
        times.append(time.perf_counter() - start)
        if ranks.tolist() != found.ranks.iloc[number].tolist():
            raise AssertionError(f"The loop's ranks of draw {number} differ from ours.")
    return statistics.median(times)


def report_coinr(ours: float) -> None:
    if shutil.which("Rscript") is None:
        print(
            "COINr: no R here. Its cost as ../shared/ANCHORS.md has it (vignette sensitivity.Rmd):"
        )
        print("  the index made anew for every draw, 600 times for N = 100 and 4 factors; no time.")
        return
    answer = subprocess.run(["Rscript", "-e", COINR], capture_output=True, text=True, check=False)
    if answer.returncode:
        print(f"COINr: {answer.stderr.strip().splitlines()[-1]}")
        return
    theirs = float(answer.stdout)
    print(f"COINr {theirs * 1000:.1f} ms a draw (51 regions x 49 indicators)")
    report("ours / COINr", ours / theirs, 1 / 50)


def report_growth(structure: pd.DataFrame) -> None:
    """Print how time grows: a slope of 1 in logarithms is growth in proportion."""
    regions = {count: make_values(count) for count in (REGIONS, 100 * REGIONS)}

    def seconds(count: int, draws: int) -> float:
        return best_of(2, lambda: draw(regions[count], structure, draws=draws))[0]

    times = [seconds(count, 1000) for count in regions]
    print(", ".join(f"{n:,} regions {t:.2f} s" for n, t in zip(regions, times, strict=True)))
    report("slope, regions 1 to 100", math.log(times[1] / times[0]) / math.log(100), 1.1)
    few, many = seconds(REGIONS, DRAWS), seconds(REGIONS, 5 * DRAWS)
    report("slope, draws 1 to 5", math.log(many / few) / math.log(5), 1.1)


if __name__ == "__main__":
    main()
