"""The terms that a competence gap is made of: their names, sides and frames."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from regionstudy.analysis.checks import require_columns, require_unique
from regionstudy.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

__all__ = [
    "COLUMNS",
    "EVERY",
    "GROUNDS",
    "NEED",
    "SCENARIOS",
    "SUPPLY",
    "SUPPRESSED",
    "TERMS",
    "TOTAL",
    "check_range",
    "check_terms",
    "counted_elsewhere",
    "spread",
]

NEED = ("needs", "replacement")
SUPPLY = ("graduates", "in_movers", "returners", "commuters", "moves")
TERMS = NEED + SUPPLY
SCENARIOS = ("low", "middle", "high")
# The scenario of a term that does not depend on it.
EVERY = "every"
TOTAL = "total"
SUPPRESSED = "suppressed"
COLUMNS = (
    "term",
    "occupation",
    "year",
    "scenario",
    "value",
    "low",
    "high",
    "status",
    "rests_on",
)
_KEYS = ["term", "occupation", "year", "scenario"]
# What a term may rest on; several are written with a space between.
GROUNDS = ("member", "official", "assumption")


def check_terms(terms: pd.DataFrame) -> None:
    """
    Check a frame of terms.

    Parameters
    ----------
    terms : DataFrame
        The columns of `COLUMNS`.

    Raises
    ------
    DataError
        If a column is absent, a word unknown, a row repeated, a figure negative, a range not
        around its value, or a figure missing without a status that says so.
    """
    require_columns(terms, COLUMNS, name="terms")
    require_unique(terms, _KEYS, name="terms")
    _require_words(terms["term"], TERMS, "term")
    _require_words(terms["scenario"], (*SCENARIOS, EVERY), "scenario")
    _require_words(terms["rests_on"].str.split().explode(), GROUNDS, "rests_on")
    mixed = terms.groupby("term")["scenario"].agg(
        lambda one: EVERY in set(one) and len(set(one)) > 1
    )
    if mixed.any():
        msg = (
            f'terms has {mixed.index[mixed][0]} both by scenario and for "{EVERY}", which would '
            "count it twice. Keep one of them."
        )
        raise DataError(msg)
    numbers = terms[["low", "value", "high"]].to_numpy(dtype=float, na_value=np.nan)
    known = ~np.isnan(numbers[:, 1])
    fit = np.isnan(numbers).any(axis=1) | (np.diff(numbers, axis=1) >= -1e-9).all(axis=1)
    wrong = known & ~(fit & ~np.isnan(numbers).any(axis=1))
    for at, what, remedy in (
        (known & (numbers < 0).any(axis=1), "a negative figure", "Counts are 0 or more."),
        (wrong, "a range that does not hold its value", "Give low <= value <= high."),
        (
            ~known & terms["status"].astype(str).isin(["", "-"]).to_numpy(),
            "no figure, but no status that says why",
            'Write ".." or "suppressed".',
        ),
        (
            known & terms["status"].astype(str).isin(["..", SUPPRESSED]).to_numpy(),
            "a figure that its status says is not there",
            "Take the figure out.",
        ),
    ):
        if at.any():
            first = terms.loc[at, _KEYS].iloc[0]
            where = ", ".join(f"{key} {first[key]}" for key in _KEYS)
            msg = f"terms has {what} at {where}. {remedy}"
            raise DataError(msg)


def check_range(given: tuple[float, float, float], *, name: str) -> None:
    """
    Check an assumed share with its range.

    Parameters
    ----------
    given : tuple of float
        Low, middle, high.
    name : str
        What it is called in the message.

    Raises
    ------
    DataError
        If they are not in order, or not between 0 and 1.
    """
    low, middle, high = given
    if not 0 <= low <= middle <= high <= 1:
        msg = f"{name}={given} is not three shares from 0 to 1 in order: low, middle, high."
        raise DataError(msg)


def spread(rows: pd.DataFrame, years: Iterable[int]) -> pd.DataFrame:
    """
    Repeat yearly rows for each year of a horizon.

    Parameters
    ----------
    rows : DataFrame
        Rows without ``year``.
    years : iterable of int
        The years.

    Returns
    -------
    DataFrame
        Each row once a year, ordered as `rows` within each.
    """
    return rows.merge(pd.DataFrame({"year": list(years)}), how="cross")


def counted_elsewhere(
    term: str,
    *,
    occupations: Iterable[str],
    years: Iterable[int],
    rests_on: str,
) -> pd.DataFrame:
    """
    Say of a term that it adds nothing, since another holds it or it cancels out.

    Such a 0 is known, unlike a term that is missing: moves between members fill one post by
    leaving another, and needs may be stated with the replacement of those who retire in them.

    Parameters
    ----------
    term : str
        One of `TERMS`.
    occupations : iterable of str
        The occupations.
    years : iterable of int
        The years.
    rests_on : str
        What says so: "member", "official", "assumption", or several with spaces between.

    Returns
    -------
    DataFrame
        A row an occupation and year with 0 and the status "-" (nothing to report).

    Examples
    --------
    >>> rows = counted_elsewhere("moves", occupations=["251"], years=[2027], rests_on="member")
    >>> rows[["term", "value", "status"]].to_numpy().tolist()
    [['moves', 0.0, '-']]
    """
    rows = spread(pd.DataFrame({"occupation": list(occupations)}), years)
    return rows.assign(
        term=term, scenario=EVERY, value=0.0, low=0.0, high=0.0, status="-", rests_on=rests_on
    )[list(COLUMNS)]


def _require_words(found: pd.Series[str], known: Collection[str], column: str) -> None:
    strange = sorted(set(found.astype(str)) - set(known))
    if strange:
        msg = f'terms has the {column} "{strange[0]}"; use one of: {", ".join(known)}.'
        raise DataError(msg)
