"""Common goals: how far, and how fast it would have to go."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from regionstudy.analysis.checks import require_columns, require_unique, years

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["goal_progress"]


def goal_progress(goals: pd.DataFrame, observed: pd.DataFrame) -> pd.DataFrame:
    """
    Set each goal beside where it stands.

    The way is from the base year's value to the target; the pace so far is the mean change a
    year since the base year, the needed one what it takes from the newest year to the goal's.

    Parameters
    ----------
    goals : DataFrame
        A row a goal: ``goal``, ``base_year``, ``target``, ``year``.
    observed : DataFrame
        ``goal``, ``period`` (years), ``value``.

    Returns
    -------
    DataFrame
        A row a goal, in the order of `goals`: its columns and ``base``, ``now``, ``now_year``,
        ``share`` (of the way, 1 is there; may be negative or above 1), ``pace``,
        ``needed_pace`` (a year), ``state``: "reached", "on_pace", "too_slow", "wrong_way",
        "overdue" (the year has passed), or "missing" (no figure for the base year or after).

    Raises
    ------
    DataError
        If a column is absent, a row repeated or a period no year.

    Examples
    --------
    >>> import pandas as pd
    >>> goals = pd.DataFrame({"goal": ["g"], "base_year": [2020], "target": [10.0], "year": [2030]})
    >>> seen = pd.DataFrame({"goal": "g", "period": ["2020", "2024"], "value": [0.0, 2.0]})
    >>> goal_progress(goals, seen)[["pace", "needed_pace", "state"]].values.tolist()
    [[0.5, 1.3333333333333333, 'too_slow']]
    """
    require_columns(goals, ["goal", "base_year", "target", "year"], name="goals")
    require_columns(observed, ["goal", "period", "value"], name="observed")
    require_unique(goals, ["goal"], name="goals")
    require_unique(observed, ["goal", "period"], name="observed")
    seen = observed.assign(at=years(observed["period"], name="observed"))
    seen = seen[seen["value"].notna()].sort_values("at")
    newest = seen.groupby("goal")[["at", "value"]].last()
    found = goals.reset_index(drop=True)
    base = seen.rename(columns={"value": "base", "at": "base_year"})
    found = found.merge(
        base[["goal", "base_year", "base"]],
        on=["goal", "base_year"],
        how="left",
        validate="one_to_one",
    )
    found["now"] = found["goal"].map(newest["value"])
    found["now_year"] = found["goal"].map(newest["at"])
    way = found["target"] - found["base"]
    done = found["now"] - found["base"]
    found["share"] = (done / way.where(way != 0)).where(way != 0, np.where(done == 0, 1.0, np.nan))
    spent = found["now_year"] - found["base_year"]
    left = found["year"] - found["now_year"]
    found["pace"] = done / spent.where(spent > 0)
    found["needed_pace"] = (found["target"] - found["now"]) / left.where(left > 0)
    # The sign of the way tells which side of the target is good.
    toward = np.sign(way.where(way != 0, 1.0))
    lacking = found["base"].isna() | found["now"].isna()
    there = toward * (found["now"] - found["target"]) >= 0
    found["state"] = np.select(
        [
            lacking,
            there,
            ~(left > 0),
            toward * done < 0,
            toward * (found["pace"] - found["needed_pace"]) >= 0,
        ],
        ["missing", "reached", "overdue", "wrong_way", "on_pace"],
        "too_slow",
    )
    return found
