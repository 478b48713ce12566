"""The gap: need less supply, in three scenarios, with its band and what it lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from regionstudy.analysis.competence.terms import (
    EVERY,
    NEED,
    SCENARIOS,
    SUPPLY,
    SUPPRESSED,
    TERMS,
    TOTAL,
    check_terms,
)
from regionstudy.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["STATES", "gap"]

# What can be said of a group: a shortage or a surplus beyond the band, a balance within it, at
# most so many (supply is missing), nothing for want of figures, nothing since they are hidden.
STATES = ("shortage", "balance", "surplus", "at_most", "missing", "suppressed")
_KEYS = ("occupation", "year")
_LEVEL = "scenario"
_FINE, _MISSING, _HIDDEN = 0, 1, 2
_STATUS = np.array(["", "..", SUPPRESSED], dtype=object)


def gap(
    terms: pd.DataFrame,
    *,
    by: Sequence[str] = _KEYS,
    draws: int = 1000,
    seed: int = 1,
    level: float = 0.9,
) -> pd.DataFrame:
    """
    Set need against supply: ``gap = (needs + replacement) - (graduates + ... + moves)``.

    A term without a row is missing, never 0. Supply is never negative, so that need less the
    supply that is known (``remaining``) is the most that the gap can be while a part of supply
    is missing; it is the gap itself where nothing is. Where a part is suppressed, so is the sum.

    The band comes from `draws` of every term: its assumption from a triangular distribution
    over its range (one draw for all groups, since an assumption that is wrong is wrong
    everywhere), and then, for all but stated needs, the count from a Poisson distribution.

    Parameters
    ----------
    terms : DataFrame
        Rows as `stated_needs`, `replacement` and the supply's functions give them. Occupations
        may be of any depth, as long as all terms have the same.
    by : sequence of str, default ("occupation", "year")
        The groups: any of these, or neither. Over occupations a term's rows of "total" are
        taken where it has them, since a margin may be published though its parts are not.
    draws : int, default 1000
        How many draws.
    seed : int, default 1
        Of the generator of random numbers.
    level : float, default 0.9
        Share of draws within the band.

    Returns
    -------
    DataFrame
        A row a group and scenario of need: the keys of `by`, ``scenario``, ``need``,
        ``need_status``, ``known_supply``, ``supply``, ``supply_status``, ``remaining``,
        ``low``, ``high`` (its band), ``gap``, ``status``, ``state`` (one of `STATES`) and
        ``absent`` (the terms of supply that are missing, with spaces between).

    Raises
    ------
    DataError
        If `terms` cannot be used, or an option is unknown or out of range.

    References
    ----------
    JCGM 101:2008, Evaluation of measurement data, Supplement 1: Propagation of distributions
    using a Monte Carlo method.

    Examples
    --------
    >>> from regionstudy.analysis.competence import stated_needs, counted_elsewhere
    >>> needs = stated_needs(pd.DataFrame({"occupation": ["251"], "year": [2027],
    ...     "scenario": ["middle"], "headcount": [8]}))
    >>> none = pd.concat(counted_elsewhere(term, occupations=["251"], years=[2027],
    ...     rests_on="assumption") for term in ("replacement", "returners", "commuters", "moves"))
    >>> found = gap(pd.concat([needs, none]), by=["occupation"])
    >>> found.loc[found["occupation"] == "251", ["remaining", "state", "absent"]].values.tolist()
    [[8.0, 'at_most', 'graduates in_movers']]
    """
    _check_options(by, draws, level)
    check_terms(terms)
    if "occupation" not in by:
        terms = _over_occupations(terms)
    cells = _by_scenario(terms)
    groups = cells.drop_duplicates([*by, _LEVEL])[[*by, _LEVEL]]
    # In order before anything is drawn, so that the order of rows is irrelevant.
    groups = groups.sort_values([*by, _LEVEL], key=_in_order, ignore_index=True)
    size = len(groups)
    rng = np.random.default_rng(seed)
    need, supply = _Side(size), _Side(size)
    absent = np.full(size, "", dtype=object)
    # What any term has a row for; where a term lacks it, it is missing from the term's sum.
    keys = [*_KEYS, _LEVEL]
    pair_of = cells.groupby(keys, sort=False, observed=True).ngroup().to_numpy()
    pairs = cells.drop_duplicates(keys)[keys].reset_index(drop=True)
    group_of = _group_of_pairs(pairs, groups, by)
    for term in TERMS:
        rows = (cells["term"] == term).to_numpy()
        part = _sums(cells[rows], pair_of[rows], len(pairs), group_of, size)
        # One draw a term, taken whether it has rows or not, so that others keep theirs.
        part.chances = rng.random(draws)
        part.counted = term != "needs"
        (need if term in NEED else supply).add(part)
        if term in SUPPLY:
            gone = part.code == _MISSING
            absent[gone] = np.char.add(absent[gone].astype(str), f" {term}")
    drawn = need.draw(draws, rng) - supply.draw(draws, rng)
    return _told(groups, need, supply, absent, drawn, level)


class _Part:
    """One term's sums over groups: figures, range, what is missing, and how it is drawn."""

    def __init__(self, numbers: NDArray[np.float64], code: NDArray[np.int8]) -> None:
        self.numbers = numbers
        self.code = code
        self.chances: NDArray[np.float64] = np.empty(0)
        self.counted = False


class _Side:
    """Need or supply, added up term by term."""

    def __init__(self, size: int) -> None:
        self.known = np.zeros(size)
        self.code = np.zeros(size, dtype=np.int8)
        self.any = np.zeros(size, dtype=bool)
        self.parts: list[_Part] = []

    def add(self, part: _Part) -> None:
        self.parts.append(part)
        value = part.numbers[1]
        self.known += value
        self.any |= (value > 0) | (part.code == _FINE)
        np.maximum(self.code, part.code, out=self.code)

    def draw(self, draws: int, rng: np.random.Generator) -> NDArray[np.float64]:
        # Supply is the same in every scenario of need: what is alike is drawn once.
        stacked = np.concatenate([part.numbers for part in self.parts])
        alike, at = np.unique(stacked, axis=1, return_inverse=True)
        sure, mean = np.zeros((2, draws, alike.shape[1]))
        for part, (low, mode, high) in zip(
            self.parts, alike.reshape(len(self.parts), 3, -1), strict=True
        ):
            drawn = _triangular(part.chances[:, np.newaxis], low, mode, high)
            # A sum of Poisson counts is one of the sum of their means.
            if part.counted:
                mean += drawn
            else:
                sure += drawn
        return np.asarray((sure + rng.poisson(mean))[:, at.ravel()])


def _told(
    groups: pd.DataFrame,
    need: _Side,
    supply: _Side,
    absent: NDArray[Any],
    drawn: NDArray[np.float64],
    level: float,
) -> pd.DataFrame:
    """Write both sides, the gap, and what can be said of it."""
    hidden = (need.code == _HIDDEN) | (supply.code == _HIDDEN)
    unknown = (need.code != _FINE) | ~supply.any
    shown = ~hidden & (need.code == _FINE)
    remaining = np.where(shown, need.known - supply.known, np.nan)
    tails = [(1 - level) / 2, (1 + level) / 2]
    band = np.quantile(drawn, tails, axis=0)
    # The band of skewed parts need not hold their sum; what is shown must.
    low = np.where(shown, np.minimum(band[0], remaining), np.nan)
    high = np.where(shown, np.maximum(band[1], remaining), np.nan)
    whole = shown & (supply.code == _FINE)
    code = np.where(hidden, _HIDDEN, np.where(whole, _FINE, _MISSING))
    state = np.select(
        [hidden, unknown, high < 0, ~whole, low > 0],
        ["suppressed", "missing", "surplus", "at_most", "shortage"],
        "balance",
    )
    return groups.assign(
        need=np.where(need.code == _FINE, need.known, np.nan),
        need_status=_STATUS[need.code],
        known_supply=np.where(supply.code == _HIDDEN, np.nan, supply.known),
        supply=np.where(supply.code == _FINE, supply.known, np.nan),
        supply_status=_STATUS[supply.code],
        remaining=remaining,
        low=low,
        high=high,
        gap=np.where(whole, remaining, np.nan),
        status=_STATUS[code],
        state=state,
        absent=pd.Series(absent, dtype="str").str.strip().to_numpy(),
    )


def _over_occupations(terms: pd.DataFrame) -> pd.DataFrame:
    """Take each term's margin where it has one; say of it what occupations with needs lack."""
    margin = terms["occupation"] == TOTAL
    held = set(terms.loc[margin, "term"])
    keys = list(_KEYS)
    parts = terms[~margin]
    wanted = parts.loc[parts["term"] == "needs", keys].drop_duplicates()
    there = parts[parts["status"].astype(str) != ".."][["term", *keys]].drop_duplicates()
    asked = wanted.merge(pd.DataFrame({"term": list(SUPPLY)}), how="cross")
    found = asked.merge(there, on=["term", *keys], how="left", indicator=True, validate="1:1")
    lacks = found.loc[found["_merge"] == "left_only", ["term", "year"]].drop_duplicates()
    kept = terms[margin | ~terms["term"].isin(held)].assign(occupation=TOTAL)
    marked = kept.merge(lacks, on=["term", "year"], how="left", indicator=True, validate="m:1")
    partial = (marked["_merge"] == "both") & (marked["status"].astype(str) != SUPPRESSED)
    # The figure is kept, as the part of supply that is known.
    status = marked["status"].astype(str).mask(partial, "..")
    return marked.drop(columns="_merge").assign(status=status)


def _by_scenario(terms: pd.DataFrame) -> pd.DataFrame:
    """Give a term that does not vary once a scenario."""
    varies = terms["scenario"] != EVERY
    there = [one for one in SCENARIOS if (terms["scenario"] == one).any()] or list(SCENARIOS)
    same = [terms[~varies].assign(scenario=one) for one in there]
    return pd.concat([terms[varies], *same], ignore_index=True)


def _group_of_pairs(pairs: pd.DataFrame, groups: pd.DataFrame, by: Sequence[str]) -> NDArray[Any]:
    keys = [*by, _LEVEL]
    numbered = groups.assign(_at=np.arange(len(groups)))
    found = pairs.merge(numbered, on=keys, how="left", validate="many_to_one")
    return found["_at"].to_numpy()


def _sums(
    rows: pd.DataFrame,
    pair: NDArray[Any],
    pairs: int,
    group_of: NDArray[Any],
    size: int,
) -> _Part:
    """Add a term up over groups; what a pair lacks marks its group."""
    code = np.full(pairs, _MISSING, dtype=np.int8)
    numbers = np.zeros((3, pairs))
    status = rows["status"].astype(str).to_numpy()
    code_of = np.where(status == SUPPRESSED, _HIDDEN, np.where(status == "..", _MISSING, _FINE))
    # Several rows fall on one pair where parts stand for a margin; the worst rules.
    given = np.full(pairs, -1, dtype=np.int8)
    np.maximum.at(given, pair, code_of.astype(np.int8))
    code[given >= 0] = given[given >= 0]
    for place, name in enumerate(("low", "value", "high")):
        figures = np.nan_to_num(rows[name].to_numpy(dtype=float, na_value=np.nan))
        np.add.at(numbers[place], pair, figures)
    summed = np.stack(
        [np.bincount(group_of, weights=one, minlength=size).astype(float) for one in numbers]
    )
    worst = np.zeros(size, dtype=np.int8)
    np.maximum.at(worst, group_of, code)
    return _Part(summed, worst)


def _triangular(
    chances: NDArray[np.float64],
    low: NDArray[np.float64],
    mode: NDArray[np.float64],
    high: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Give quantiles of triangular distributions; a range of no width is its mode."""
    drawn = np.broadcast_to(mode, (len(chances), len(mode))).copy()
    wide = high > low
    low, mode, high = low[wide], mode[wide], high[wide]
    width = high - low
    rising = low + np.sqrt(chances * (width * (mode - low)))
    falling = high - np.sqrt((1 - chances) * (width * (high - mode)))
    drawn[:, wide] = np.where(chances < (mode - low) / width, rising, falling)
    return drawn


def _in_order(column: pd.Series[Any]) -> pd.Series[Any]:
    if column.name != _LEVEL:
        return column
    return column.map({one: place for place, one in enumerate(SCENARIOS)})


def _check_options(by: Sequence[str], draws: int, level: float) -> None:
    strange = [one for one in by if one not in _KEYS]
    if strange:
        msg = f'by has "{strange[0]}"; use any of: {", ".join(_KEYS)}.'
        raise DataError(msg)
    if draws < 1:
        msg = f"draws={draws}: give 1 or more."
        raise DataError(msg)
    if not 0 < level < 1:
        msg = f"level={level} is not a share between 0 and 1, such as 0.9."
        raise DataError(msg)
