"""What the statuses of several figures say together about a figure made of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["MISSING", "NOT_APPLICABLE", "severity", "words"]

# From harmless to fatal. "-" (nothing to report) is a true 0, so a sum over it is published;
# "." in a part leaves the whole as unknown as ".." does.
_SEVERITY = {"": 0, "-": 0, "r": 1, "p": 2, "i": 3, "..": 4, ".": 4, "hidden": 4, "suppressed": 4}
_WORDS = np.array(["", "r", "p", "i", "..", "."], dtype=object)
MISSING = 4
NOT_APPLICABLE = 5


def severity(status: pd.Series) -> NDArray[np.int8]:
    """
    Rank statuses, so that the status of a whole is the maximum over its parts.

    Parameters
    ----------
    status : Series of str or category
        Statuses of observations.

    Returns
    -------
    ndarray of int8
        0 published, 1 revised, 2 preliminary, 3 estimated, `MISSING` not available;
        a symbol that is not known counts as `MISSING`.

    Examples
    --------
    >>> severity(pd.Series(["", "p", ".."])).tolist()
    [0, 2, 4]
    """
    codes, symbols = pd.factorize(status.astype(str))
    ranks = np.array([_SEVERITY.get(str(symbol), MISSING) for symbol in symbols], dtype=np.int8)
    return ranks[codes] if len(ranks) else np.zeros(0, dtype=np.int8)


def words(severities: NDArray[np.int8]) -> pd.Categorical:
    """
    Write severities as statuses again.

    Parameters
    ----------
    severities : ndarray of int, any shape
        As `severity` gives them; `NOT_APPLICABLE` becomes ".".

    Returns
    -------
    Categorical
        Statuses, flattened.

    Examples
    --------
    >>> list(words(np.array([0, 2, 4], dtype=np.int8)))
    ['', 'p', '..']
    """
    return pd.Categorical(_WORDS[np.ravel(severities)], categories=list(_WORDS))
