"""How fast and how lean JSON-stat is decoded: python -m benchmarks.decode."""

from __future__ import annotations

import gc
import random
import statistics
import subprocess
import sys
import time
import tracemalloc
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from collections.abc import Callable

RUNS = 9
SHAPE = {"Region": 290, "Alder": 25, "Kon": 2, "ContentsCode": 1, "Tid": 10}
MISSING = 0.03
DECIMALS = {"whole numbers": 0.0, "four in five whole": 0.2}


def dataset(*, decimals: float = 0.0, years: int = SHAPE["Tid"], seed: int = 1) -> bytes:
    """Write 14,500 cells a year as SCB's service does, with ".." where null."""
    chance = random.Random(seed)
    shape = SHAPE | {"Tid": years}
    cells = 14_500 * years
    value: list[float | None] = [
        chance.randrange(60_000) if chance.random() >= decimals else chance.randrange(1_000) / 10
        for _ in range(cells)
    ]
    for cell in chance.sample(range(cells), int(cells * MISSING)):
        value[cell] = None
    codes = {name: [f"{name}{code:04}" for code in range(size)] for name, size in shape.items()}
    body = {
        "version": "2.0",
        "class": "dataset",
        "id": list(shape),
        "size": list(shape.values()),
        "role": {"time": ["Tid"], "metric": ["ContentsCode"]},
        "dimension": {
            name: {
                "label": name.lower(),
                "category": {
                    "index": {code: place for place, code in enumerate(codes[name])},
                    "label": {code: f"In words {code}" for code in codes[name]},
                },
            }
            for name in shape
        },
        "value": value,
        "status": {str(cell): ".." for cell, number in enumerate(value) if number is None},
    }
    return orjson.dumps(body)


def ours(payload: bytes) -> Any:
    from regionstudy.sources.jsonstat import decode

    return decode(payload)


def pxwebpy(payload: bytes) -> Any:
    import pandas as pd
    from pxweb._internal.functions import unpack_table_data

    return pd.DataFrame(unpack_table_data(orjson.loads(payload)))


def pyjstat(payload: bytes) -> Any:
    from pyjstat import pyjstat as peer

    return peer.Dataset.read(payload.decode()).write("dataframe")


def seconds(function: Callable[[bytes], Any], payload: bytes) -> float:
    """Take the processor's time: what else runs on the machine counts less."""
    gc.collect()
    start = time.process_time()
    function(payload)
    return time.process_time() - start


def speed(kind: str, decimals: float) -> None:
    payload = dataset(decimals=decimals)
    ours(payload)
    taken: dict[str, list[float]] = {"ours": [], "orjson.loads": [], "pxwebpy": [], "pyjstat": []}
    for run in range(RUNS):  # in turns, so that a busy moment strikes all
        taken["orjson.loads"].append(seconds(orjson.loads, payload))
        taken["ours"].append(seconds(ours, payload))
        if run % 3 == 0:
            taken["pxwebpy"].append(seconds(pxwebpy, payload))
        if run == 0:
            taken["pyjstat"].append(seconds(pyjstat, payload))
    median = {name: statistics.median(times) for name, times in taken.items()}
    mine = median["ours"]
    print(f"decode of 145,000 cells, {kind}: {mine * 1e3:.1f} ms")
    for name, least in (("pxwebpy", 20), ("pyjstat", 50)):
        ratio = median[name] / mine
        verdict = "ok" if ratio >= least else "TOO MUCH"
        print(
            f"  {name} {median[name] * 1e3:.0f} ms: {ratio:.0f}x ours (goal >= {least}x) {verdict}"
        )
    judge(
        f"  ours / orjson.loads ({median['orjson.loads'] * 1e3:.1f} ms)",
        mine / median["orjson.loads"],
        3,
    )


def judge(what: str, ratio: float, most: float) -> None:
    verdict = "ok" if ratio <= most else "TOO MUCH"
    print(f"{what}: {ratio:.2f}x (goal <= {most}x) {verdict}")


def peak_of_objects(function: Callable[[bytes], Any], payload: bytes) -> int:
    """Measure the most that Python, numpy and pandas held at once."""
    gc.collect()
    tracemalloc.start()
    function(payload)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def peak_of_process(function: str, years: int) -> float:
    """Measure by how much a fresh process grows at its highest, in MB."""
    code = f"""
import orjson
from benchmarks import decode as bench
function = orjson.loads if {function!r} == "orjson.loads" else bench.ours
payload = bench.dataset(years={years})
function(bench.dataset(years=1))
with open("/proc/self/clear_refs", "w") as file:
    file.write("5")
def high_water(name):
    with open("/proc/self/status") as file:
        return int(next(line.split()[1] for line in file if line.startswith(name)))
before = high_water("VmRSS")
kept = function(payload)
print((high_water("VmHWM") - before) / 1024)
"""
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return float(done.stdout)


def memory() -> None:
    payload = dataset()
    ours(payload)
    peaks = [peak_of_objects(function, payload) for function in (ours, orjson.loads)]
    judge(
        f"peak of objects {peaks[0] / 2**20:.1f} MB / orjson.loads {peaks[1] / 2**20:.1f} MB",
        peaks[0] / peaks[1],
        1.3,
    )
    ten = {years: peak_of_objects(ours, dataset(years=years)) / years for years in (5, 10, 40)}
    judge("peak a cell, 580,000 cells / 72,500 cells", ten[40] / ten[5], 1.1)
    grown = {
        name: statistics.median(peak_of_process(name, 40) for _ in range(3))
        for name in ("ours", "orjson.loads")
    }
    judge(
        f"growth of a process, 580,000 cells: {grown['ours']:.0f} MB / "
        f"orjson.loads {grown['orjson.loads']:.0f} MB",
        grown["ours"] / grown["orjson.loads"],
        1.3,
    )


def main() -> None:
    for kind, decimals in DECIMALS.items():
        speed(kind, decimals)
    memory()


if __name__ == "__main__":
    main()
