"""
Location quotients and shift-share against a groupby-apply: ratios of one run.

Run it with ``python -m benchmarks.clusters`` in the checkout.
"""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from regionstudy.analysis.clusters import location_quotients, shift_share

if TYPE_CHECKING:
    from collections.abc import Callable

RUNS = 7
REGIONS = 290
INDUSTRIES = 800
YEARS = 15
START, END = "2010", str(2010 + YEARS - 1)


def main() -> None:
    employed = make_employed()
    print(f"{REGIONS} regions x {INDUSTRIES} industries x {YEARS} years: {len(employed):,} rows")
    quotients, ours = best_of(RUNS, lambda: location_quotients(employed))
    parts, found = best_of(RUNS, lambda: shift_share(employed, start=START, end=END))
    yearly, _ = best_of(RUNS, lambda: shift_share(employed, start=START, end=END, dynamic=True))
    report("location quotients, s", quotients)
    report("shift-share, s", parts)
    report("shift-share of each year, s", yearly)
    report("both, s", quotients + parts, most=0.25)
    slow_quotients, theirs = best_of(1, lambda: quotients_by_apply(employed))
    slow_parts, theirs_parts = best_of(1, lambda: parts_by_apply(employed))
    agree(ours["lq"], theirs["lq"], "quotients")
    for name in ("national", "mix", "regional"):
        agree(found[name], theirs_parts[name], name)
    print(f"groupby-apply {slow_quotients:.2f} s and {slow_parts:.2f} s, the same figures")
    report("apply / ours, quotients", slow_quotients / quotients, least=20)
    report("apply / ours, shift-share", slow_parts / parts, least=20)
    both = (slow_quotients + slow_parts) / (quotients + parts)
    report("apply / ours, both", both, least=20)


def make_employed() -> pd.DataFrame:
    """Draw jobs that add up to the country's, in categories as the store keeps codes."""
    generator = np.random.default_rng(1)
    size = generator.lognormal(3, 1, (REGIONS, 1, 1)) * generator.lognormal(
        0, 1, (1, INDUSTRIES, 1)
    )
    growth = np.exp(generator.normal(0, 0.02, (1, 1, YEARS)).cumsum(axis=2))
    jobs = 1.0 + generator.poisson(size * growth)
    cube = np.concatenate([jobs.sum(axis=0, keepdims=True), jobs])
    labels = {
        "region": ["00", *(f"{1000 + number}" for number in range(REGIONS))],
        "industry": [f"{10000 + number}" for number in range(INDUSTRIES)],
        "period": [str(2010 + number) for number in range(YEARS)],
    }
    places = np.indices(cube.shape, dtype=np.int16)
    columns: dict[str, Any] = {
        name: pd.Categorical.from_codes(codes.reshape(-1), categories)
        for (name, categories), codes in zip(labels.items(), places, strict=True)
    }
    return pd.DataFrame({**columns, "value": cube.reshape(-1)})


def quotients_by_apply(employed: pd.DataFrame) -> pd.DataFrame:
    """Give the quotients as one would write them first: a function for each region and year."""
    nation = employed[employed["region"] == "00"].set_index(["period", "industry"])["value"]
    share = nation / nation.groupby("period", observed=True).transform("sum")

    def quotient(rows: pd.DataFrame) -> pd.DataFrame:
        own = rows["value"] / rows["value"].sum()
        return rows.assign(lq=own.to_numpy() / share.loc[rows["period"].iloc[0]].to_numpy())

    regions = employed[employed["region"] != "00"]
    grouped = regions.groupby(["region", "period"], observed=True)[regions.columns.tolist()]
    found = grouped.apply(quotient).reset_index(drop=True)
    return found.sort_values(["region", "industry", "period"], ignore_index=True)


def parts_by_apply(employed: pd.DataFrame) -> pd.DataFrame:
    """Give the parts of shift-share the same way: a function for each region."""
    nation = employed[employed["region"] == "00"].pivot_table(
        index="industry", columns="period", values="value", observed=True
    )
    all_growth = nation[END].sum() / nation[START].sum()
    growth = nation[END] / nation[START]

    def parts(rows: pd.DataFrame) -> pd.Series:
        before = rows[rows["period"] == START].set_index("industry")["value"]
        after = rows[rows["period"] == END].set_index("industry")["value"]
        return pd.Series(
            {
                "national": before.sum() * (all_growth - 1),
                "mix": (before * (growth - all_growth)).sum(),
                "regional": (before * (after / before - growth)).sum(),
            }
        )

    ends = employed["period"].isin([START, END])
    regions = employed[ends & (employed["region"] != "00")]
    grouped = regions.groupby("region", observed=True)[regions.columns.tolist()]
    return grouped.apply(parts).reset_index()


def best_of(runs: int, function: Callable[[], Any]) -> tuple[float, Any]:
    """Time the quickest of some runs: the others waited for the machine."""
    quickest, result = math.inf, None
    for _ in range(runs):
        start = time.perf_counter()
        result = function()
        quickest = min(quickest, time.perf_counter() - start)
    return quickest, result


def agree(ours: pd.Series, theirs: pd.Series, what: str) -> None:
    if not np.allclose(ours, theirs, rtol=1e-9, atol=1e-6):
        raise AssertionError(f"The {what} of groupby-apply differ from ours.")


def report(
    what: str, figure: float, *, most: float | None = None, least: float | None = None
) -> None:
    goal = ""
    if most is not None:
        goal = f"(at most {most:.3f}) {'ok' if figure <= most else 'TOO MUCH'}"
    if least is not None:
        goal = f"(at least {least:.0f}) {'ok' if figure >= least else 'TOO LITTLE'}"
    print(f"{what:28} {figure:9.4f}  {goal}".rstrip())


if __name__ == "__main__":
    main()
