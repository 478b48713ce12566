"""How far two ways of dividing the same municipalities into regions agree."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from regionstudy.errors import DataError

__all__ = ["Agreement", "compare_divisions"]


@dataclass(frozen=True, eq=False, slots=True)
class Agreement:
    """
    Two divisions held against one another.

    Parameters
    ----------
    adjusted_rand : float
        1 where both are the same, near 0 where they agree as two random ones would,
        of the pairs of municipalities that both put together or both apart.
    mutual_information : float
        What one says about the other, from 0 to 1 (normalised by the mean entropy).
    together : float
        Of the pairs that `other` puts together, the share that `one` does too; NaN
        where it puts none together.
    overlaps : DataFrame
        ``one``, ``other`` (names of regions), ``municipalities`` (how many they have in
        common), each pair that has any, the largest first.
    """

    adjusted_rand: float
    mutual_information: float
    together: float
    overlaps: pd.DataFrame


def compare_divisions(one: pd.Series, other: pd.Series) -> Agreement:
    """
    Compare two divisions of the same municipalities.

    Parameters
    ----------
    one, other : Series of str
        The region that each municipality (index) belongs to, such as
        ``members.set_index("region")["centre"]`` and the published FA regions. What the
        regions are called does not matter.

    Returns
    -------
    Agreement
        Measures and overlaps.

    Raises
    ------
    DataError
        If a municipality repeats, or stands in only one of the two.

    References
    ----------
    Hubert and Arabie (1985), Journal of Classification 2, 193-218.

    Examples
    --------
    >>> ours = pd.Series(["2281", "2281", "2281", "2284"], index=["2262", "2281", "2260", "2284"])
    >>> given = pd.Series(["S", "S", "Å", "Ö"], index=["2262", "2281", "2260", "2284"])
    >>> found = compare_divisions(ours, given)
    >>> round(found.adjusted_rand, 3), found.together
    (0.333, 1.0)
    """
    # A second to import, and only here.
    from sklearn.metrics import (  # type: ignore[import-untyped]
        adjusted_rand_score,
        normalized_mutual_info_score,
    )

    for name, division in (("one", one), ("other", other)):
        if division.index.has_duplicates:
            code = division.index[division.index.duplicated()][0]
            msg = f"{name} has {code} twice; a municipality belongs to one region."
            raise DataError(msg)
    lonely = one.index.symmetric_difference(other.index)
    if len(lonely):
        codes = ", ".join(str(code) for code in lonely[:5])
        msg = f"{len(lonely)} municipalities stand in one division only: {codes}; leave them out."
        raise DataError(msg)
    ours = one.astype(str)
    theirs = other.reindex(one.index).astype(str)
    both = pd.DataFrame({"one": ours, "other": theirs})
    overlaps = both.groupby(["one", "other"], as_index=False).size()
    overlaps = overlaps.rename(columns={"size": "municipalities"}).sort_values(
        ["municipalities", "one", "other"], ascending=[False, True, True], ignore_index=True
    )
    joint = overlaps["municipalities"]
    sizes = theirs.value_counts()
    pairs = float((sizes * (sizes - 1)).sum())
    return Agreement(
        adjusted_rand=float(adjusted_rand_score(ours, theirs)),
        mutual_information=float(normalized_mutual_info_score(ours, theirs)),
        together=float((joint * (joint - 1)).sum()) / pairs if pairs else float("nan"),
        overlaps=overlaps,
    )
