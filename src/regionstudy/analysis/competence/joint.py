"""What organisations could recruit together: small needs of the same occupation."""

from __future__ import annotations

import pandas as pd

from regionstudy.analysis.checks import require_columns, require_unique
from regionstudy.errors import DataError

__all__ = ["joint_recruitment"]


def joint_recruitment(needs: pd.DataFrame, *, few: int = 3) -> pd.DataFrame:
    """
    Add up needs that are small in each organisation and could be recruited for together.

    Parameters
    ----------
    needs : DataFrame
        ``org_id``, ``occupation``, ``headcount``: what each needs over the same years, in one
        scenario. Stated needs are an organisation's own facts, not persons.
    few : int, default 3
        The most that an organisation needs for its need to count as small.

    Returns
    -------
    DataFrame
        An occupation a row that two organisations or more need few of, the most persons
        first: ``occupation``, ``organisations`` (how many), ``org_ids`` (with spaces
        between), ``headcount`` (persons together), ``needed`` (all that is needed of the
        occupation, the large needs too).

    Raises
    ------
    DataError
        If a column is absent, a row repeated or `few` is less than 1.

    Examples
    --------
    >>> needs = pd.DataFrame({"org_id": ["a", "b", "c"], "occupation": "251",
    ...     "headcount": [2, 1, 9]})
    >>> joint_recruitment(needs).to_numpy().tolist()
    [['251', 2, 'a b', 3.0, 12.0]]
    """
    keys = ["org_id", "occupation"]
    require_columns(needs, [*keys, "headcount"], name="needs")
    require_unique(needs, keys, name="needs")
    if few < 1:
        msg = f"few={few}: give 1 or more persons."
        raise DataError(msg)
    rows = needs[needs["headcount"] > 0].sort_values(keys)
    small = rows[rows["headcount"] <= few].groupby("occupation", observed=True)
    found = pd.DataFrame(
        {
            "organisations": small.size(),
            "org_ids": small["org_id"].agg(" ".join),
            "headcount": small["headcount"].sum().astype(float),
        }
    )
    needed = rows.groupby("occupation", observed=True)["headcount"].sum().astype(float)
    found["needed"] = needed.reindex(found.index)
    found = found[found["organisations"] > 1].rename_axis("occupation").reset_index()
    return found.sort_values(
        ["headcount", "occupation"], ascending=[False, True], ignore_index=True
    )
