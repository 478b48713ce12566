"""From educations to occupations: counts parted by the shares of a crosswalk."""

from __future__ import annotations

import numpy as np
import pandas as pd

from regionstudy.analysis.checks import require_columns, require_unique
from regionstudy.errors import DataError

__all__ = ["to_occupations"]


def to_occupations(counts: pd.DataFrame, *, crosswalk: pd.DataFrame) -> pd.DataFrame:
    """
    Part counts by education into occupations.

    Each education goes by the longest code of the crosswalk that it begins with: "481a" by
    "481" where it stands there, else by "48". What the shares leave over works in other
    occupations, and counts nowhere.

    Parameters
    ----------
    counts : DataFrame
        ``education`` (SUN 2020) and the numbers to part; other columns are kept.
    crosswalk : DataFrame
        ``education``, ``occupation``, ``share`` (0-1), a row a pair; the shares of an
        education add up to 1 at most.

    Returns
    -------
    DataFrame
        The rows of `counts` once an occupation, with ``occupation`` and ``share``. Rows whose
        education the crosswalk does not hold are left out; ``attrs["unmatched"]`` lists them.

    Raises
    ------
    DataError
        If a column is absent, a pair repeated, or shares are not between 0 and 1 or add up to
        more.

    Examples
    --------
    >>> key = pd.DataFrame({"education": ["48", "48"], "occupation": ["251", "351"],
    ...     "share": [0.7, 0.2]})
    >>> counts = pd.DataFrame({"education": ["481", "999"], "value": [50.0, 9.0]})
    >>> found = to_occupations(counts, crosswalk=key)
    >>> found[["occupation", "value", "share"]].to_numpy().tolist()
    [['251', 50.0, 0.7], ['351', 50.0, 0.2]]
    >>> found.attrs["unmatched"]
    ('999',)
    """
    require_columns(counts, ["education"], name="counts")
    require_columns(crosswalk, ["education", "occupation", "share"], name="crosswalk")
    require_unique(crosswalk, ["education", "occupation"], name="crosswalk")
    sums = crosswalk.groupby("education")["share"].sum()
    if not crosswalk["share"].between(0, 1).all() or (sums > 1 + 1e-9).any():
        over = sums.index[sums > 1 + 1e-9]
        where = f"of education {over[0]} add up to {sums[over[0]]:.2f}" if len(over) else "are off"
        msg = f"crosswalk: the shares {where}; shares lie between 0 and 1, and add up to 1 at most."
        raise DataError(msg)
    codes = pd.Index(counts["education"].astype(str).unique())
    held = frozenset(sums.index)
    # A code has few signs, so that its beginnings are tried from the longest, all codes at once.
    match = pd.Series(pd.NA, index=codes, dtype="object")
    for length in range(max(map(len, codes), default=0), 0, -1):
        start = codes.str[:length]
        match = match.mask(match.isna() & np.isin(start, list(held)), start)
    match = match.dropna()
    matched = counts.assign(_by=counts["education"].astype(str).map(match)).dropna(subset="_by")
    found = matched.drop(columns=["occupation", "share"], errors="ignore").merge(
        crosswalk.rename(columns={"education": "_by"})[["_by", "occupation", "share"]],
        on="_by",
        validate="many_to_many",
    )
    found = found.drop(columns="_by")
    found.attrs = dict(counts.attrs) | {"unmatched": tuple(sorted(set(codes) - set(match.index)))}
    return found
