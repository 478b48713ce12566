"""How soon the command line and a study are there: python -m benchmarks.start."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

RUNS = 7


def whole_process(*arguments: str) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
    return time.perf_counter() - start


def main() -> None:
    pairs = [
        (
            whole_process("-m", "regionstudy", "--help"),
            whole_process("-c", "import typer"),
        )
        for _ in range(RUNS)
    ]
    ratio = statistics.median(ours / floor for ours, floor in pairs)
    ours, floor = (statistics.median(times) for times in zip(*pairs, strict=True))
    print(f"--help {ours:.3f} s / import typer {floor:.3f} s = {ratio:.2f} (goal <= 2)")

    import regionstudy.study as study

    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        study.Study.load()
        times.append(time.perf_counter() - start)
    print(f"Study.load() {times[0]:.3f} s, then {statistics.median(times):.3f} s (goal <= 0.15)")


if __name__ == "__main__":
    main()
