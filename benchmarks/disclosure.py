"""
Linked tables of persons protected and proved: seconds, and a ratio to one pass of the solver.

Run it with ``python -m benchmarks.disclosure`` in the checkout.

Three tables of 24 organisations, 7 municipalities, 50 occupations (of 10 groups) and 5 age
bands: 10,000 cells with their margins. The floor is one linear programme over the hidden cells,
solved once by scipy's HiGHS: no attack that proves anything can do with less.
"""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
from scipy.optimize import linprog

from regionstudy.members.disclosure import LinkedTable
from regionstudy.members.disclosure.attack import demands, find_leaks, find_narrow
from regionstudy.members.disclosure.hiding import hide
from regionstudy.members.disclosure.linked import link

SHAPE = (24, 7, 50, 5)
NAMES = ("organisation", "municipality", "occupation", "age_band")
THRESHOLD = 5
TABLES = (
    LinkedTable("by_organisation", ("organisation", "occupation", "age_band")),
    LinkedTable("by_municipality", ("municipality", "occupation", "age_band")),
    LinkedTable("by_cluster", ("cluster", "major", "age_band")),
)
GROUPINGS = {"cluster": "organisation", "major": "occupation"}


def main() -> None:
    rows = make_rows()
    start, busy = time.perf_counter(), time.process_time()
    linked = link(rows, TABLES, groupings=GROUPINGS)
    system = linked.system
    hidden, _ = hide(system, threshold=THRESHOLD, width=THRESHOLD)
    protected = time.perf_counter() - start
    leaks = attack(system, hidden)
    total, busy = time.perf_counter() - start, time.process_time() - busy
    if leaks:
        raise AssertionError(f"{leaks} cells leak.")
    small = int(system.small(THRESHOLD).sum())
    print(
        f"{len(system.counts):,} cells in {len(TABLES)} tables, {small} of them small; "
        f"{int(hidden.sum()):,} hidden, "
        f"{100 * system.counts[hidden].sum() / system.counts.sum():.1f} % of the persons counted"
    )
    floor = one_programme(system, hidden)
    report("protected, s", protected)
    report("protected and proved, s", total, most=10)
    report("of it the processor's, s", busy)
    report("one linear programme, s", floor)
    report("all / one programme", total / floor)


def make_rows() -> pd.DataFrame:
    """Draw skewed counts, as staff tables hold: many small, some 0, a few large."""
    rng = np.random.default_rng(1)
    counts = rng.poisson(rng.gamma(0.3, 10, SHAPE)).ravel()
    places = np.indices(SHAPE).reshape(len(SHAPE), -1)
    rows = pd.DataFrame(
        {
            name: np.array([f"{number:02d}" for number in range(size)])[place]
            for name, size, place in zip(NAMES, SHAPE, places, strict=True)
        }
    )
    rows = rows.assign(
        cluster=rows["organisation"].str[-1:],
        major=rows["occupation"].str[:1],
        headcount=counts.astype(float),
    )
    return rows[counts > 0]


def attack(system, hidden) -> int:
    """Attack every hidden cell anew, with other directions than those that protected it."""
    rng = np.random.default_rng(99)
    small = np.flatnonzero(system.small(THRESHOLD))
    leaks = sum(
        len(find_leaks(system, hidden, small, demand, threshold=THRESHOLD, rng=rng))
        for demand in demands(system, THRESHOLD)
    )
    every = np.flatnonzero(hidden)
    narrow, _, _ = find_narrow(
        system, hidden, every, least=1, width=THRESHOLD, threshold=THRESHOLD, rng=rng
    )
    return leaks + len(narrow)


def one_programme(system, hidden) -> float:
    """Bound the sum of all small cells once, in the same run."""
    cells = np.flatnonzero(hidden)
    sums = system.sums[:, cells]
    sums = sums[np.diff(sums.indptr) > 0]
    start = time.perf_counter()
    answer = linprog(
        system.small(THRESHOLD)[cells].astype(float),
        A_eq=sums,
        b_eq=sums @ system.counts[cells],
        bounds=(1, None),
        method="highs",
    )
    seconds = time.perf_counter() - start
    if answer.status != 0:
        raise AssertionError(answer.message)
    return seconds


def report(what: str, figure: float, *, most: float | None = None) -> None:
    goal = ""
    if most is not None:
        goal = f"(at most {most:.0f}) {'ok' if figure <= most else 'TOO MUCH'}"
    print(f"{what:28} {figure:9.3f}  {goal}".rstrip())


if __name__ == "__main__":
    main()
