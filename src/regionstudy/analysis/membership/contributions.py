"""What members offer each other and what they ask for, matched."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment

from regionstudy.analysis.checks import require_columns

__all__ = ["Matches", "match_contributions"]


@dataclass(frozen=True, slots=True)
class Matches:
    """
    Offers and wishes, paired.

    Parameters
    ----------
    pairs : DataFrame
        A row a pair, the likest first: ``wanted_by``, ``wanted``, ``offered_by``, ``offered``,
        ``likeness`` (0-1; 1 where the words are the same).
    wanted, offered : DataFrame
        What is left without a partner: ``org_id``, ``competence``.
    """

    pairs: pd.DataFrame
    wanted: pd.DataFrame
    offered: pd.DataFrame


def match_contributions(contributions: pd.DataFrame, *, least: float = 0.75) -> Matches:
    """
    Pair what members want with what others offer, so that the sum of likeness is greatest.

    Likeness is that of the words: twice the letters in common over the letters of both
    (Ratcliff and Obershelp), without regard to capitals. One offer serves one wish.

    Parameters
    ----------
    contributions : DataFrame
        ``org_id``, ``competence``, ``kind`` ("offered" or "wanted"); repeated rows count once.
    least : float, default 0.75
        Pairs less alike than this are none.

    Returns
    -------
    Matches
        Pairs, and what has no partner. Nobody is paired with itself.

    Raises
    ------
    DataError
        If a column is absent.

    References
    ----------
    Crouse (2016), IEEE Trans. Aerospace and Electronic Systems 52(4), 1679-1696, for the
    assignment; Ratcliff and Metzener (1988), Dr. Dobb's Journal 13(7), for likeness.

    Examples
    --------
    >>> rows = pd.DataFrame({"org_id": ["a", "b"], "competence": ["Juridik", "juridik"],
    ...     "kind": ["wanted", "offered"]})
    >>> match_contributions(rows).pairs.loc[0, ["wanted_by", "offered_by"]].tolist()
    ['a', 'b']
    """
    columns = ["org_id", "competence"]
    require_columns(contributions, [*columns, "kind"], name="contributions")
    rows = contributions.drop_duplicates([*columns, "kind"])
    wanted, offered = (
        rows.loc[rows["kind"] == kind, columns].reset_index(drop=True)
        for kind in ("wanted", "offered")
    )
    likeness = _likeness(wanted["competence"], offered["competence"])
    own = wanted["org_id"].to_numpy()[:, np.newaxis] == offered["org_id"].to_numpy()
    likeness[own | (likeness < least)] = 0.0
    down, across = linear_sum_assignment(likeness, maximize=True)
    paired = likeness[down, across] > 0
    down, across = down[paired], across[paired]
    asks, gives = wanted.iloc[down], offered.iloc[across]
    pairs = pd.DataFrame(
        {
            "wanted_by": asks["org_id"].to_numpy(),
            "wanted": asks["competence"].to_numpy(),
            "offered_by": gives["org_id"].to_numpy(),
            "offered": gives["competence"].to_numpy(),
            "likeness": likeness[down, across],
        }
    )
    return Matches(
        pairs=pairs.sort_values(
            ["likeness", "wanted", "wanted_by"],
            ascending=[False, True, True],
            kind="stable",
            ignore_index=True,
        ),
        wanted=_but(wanted, down),
        offered=_but(offered, across),
    )


def _but(rows: pd.DataFrame, paired: np.ndarray) -> pd.DataFrame:
    return rows[~rows.index.isin(paired)].reset_index(drop=True)


def _likeness(wanted: pd.Series, offered: pd.Series) -> np.ndarray:
    down, asks = pd.factorize(wanted.str.casefold().str.strip())
    across, gives = pd.factorize(offered.str.casefold().str.strip())
    # Each pair of different words is compared once, however many members use them.
    unique = np.zeros((len(asks), len(gives)))
    matcher = difflib.SequenceMatcher(autojunk=False)
    for column, give in enumerate(gives):
        matcher.set_seq2(give)
        for row, ask in enumerate(asks):
            matcher.set_seq1(ask)
            unique[row, column] = matcher.ratio()
    return unique[np.ix_(down, across)]
