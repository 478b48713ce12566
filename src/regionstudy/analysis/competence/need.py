"""What members need: what they state, and those who retire and must be replaced."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from regionstudy.analysis.checks import require_columns, require_unique
from regionstudy.analysis.competence.terms import (
    COLUMNS,
    EVERY,
    SUPPRESSED,
    TOTAL,
    check_range,
)
from regionstudy.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["replacement", "stated_needs"]

_BANDS = ("-29", "30-39", "40-49", "50-59", "60-")
# Ages within a band are taken as even, so that a tenth of it moves into the next each year.
_AGEING = 0.1


def stated_needs(needs: pd.DataFrame) -> pd.DataFrame:
    """
    Lay members' stated needs out as a term, with their sum over occupations.

    Parameters
    ----------
    needs : DataFrame
        ``occupation``, ``year``, ``scenario`` ("low", "middle", "high"), ``headcount``
        (persons to be hired that year) and ``status`` where there is one. An occupation and
        year without a row is missing: nobody said that nobody is needed.

    Returns
    -------
    DataFrame
        Rows of the term "needs"; those of "total" are sums, and suppressed or missing where a
        part is.

    Raises
    ------
    DataError
        If a column is absent or a row repeated.

    Examples
    --------
    >>> needs = pd.DataFrame({"occupation": ["251", "261"], "year": [2027, 2027],
    ...     "scenario": ["middle", "middle"], "headcount": [8, 3]})
    >>> stated_needs(needs)[["occupation", "value"]].to_numpy().tolist()
    [['251', 8.0], ['261', 3.0], ['total', 11.0]]
    """
    keys = ["occupation", "year", "scenario"]
    require_columns(needs, [*keys, "headcount"], name="needs")
    require_unique(needs, keys, name="needs")
    rows = needs[needs["occupation"] != TOTAL]
    value = rows["headcount"].astype(float)
    status = rows["status"].astype(str) if "status" in rows else pd.Series("", index=rows.index)
    status = status.mask(value.isna() & (status == ""), "..")
    rows = rows[keys].assign(value=value.mask(status.isin(["..", SUPPRESSED])), status=status)
    grouped = rows.groupby(["year", "scenario"], observed=True)
    whole = pd.DataFrame(
        {
            "value": grouped["value"].sum().where(grouped["value"].count() == grouped.size()),
            "status": grouped["status"].agg(_worst),
        }
    )
    whole = whole.reset_index().assign(occupation=TOTAL)
    found = pd.concat([rows, whole], ignore_index=True)
    found = found.assign(term="needs", low=found["value"], high=found["value"], rests_on="member")
    return found[list(COLUMNS)].reset_index(drop=True)


def replacement(
    staff: pd.DataFrame,
    *,
    base_year: int,
    years: Sequence[int],
    exit_share: tuple[float, float, float],
) -> pd.DataFrame:
    """
    Count those who retire each year and must be replaced.

    Of those aged 60 and over, `exit_share` retire in a year, and a tenth of each younger band
    moves into the next. Nobody is hired or leaves otherwise: what is counted is those who
    are there now. ``r_t = q n_t(60-)``, ``n_{t+1}(60-) = (1 - q) n_t(60-) + n_t(50-59) / 10``.

    Parameters
    ----------
    staff : DataFrame
        Protected ``occupation``, ``age_band`` (the five of the members' sheet), ``headcount``,
        ``status``, at the end of `base_year`. Margins "total" of occupations are used, those
        of bands are not. A band without a row is 0, as the gate publishes it.
    base_year : int
        The year of the figures.
    years : sequence of int
        The years to count, all later.
    exit_share : tuple of float
        Share of those aged 60 and over who retire in a year: low, middle, high.

    Returns
    -------
    DataFrame
        Rows of the term "replacement", of the occupations in `staff` and "total" where it is
        there. Suppressed from the year on in which a suppressed band counts. ``low`` and
        ``high`` are the least and the most under the three shares.

    Raises
    ------
    DataError
        If a column is absent, a row repeated, an age band unknown, a year not later than
        `base_year`, or the shares are not in order.

    Examples
    --------
    >>> staff = pd.DataFrame({"occupation": "251", "age_band": ["50-59", "60-"],
    ...     "headcount": [40.0, 20.0], "status": ""})
    >>> replacement(staff, base_year=2025, years=[2026, 2027], exit_share=(0.1, 0.2, 0.2))[
    ...     ["value", "low"]].to_numpy().tolist()
    [[4.0, 2.0], [4.0, 2.2]]
    """
    require_columns(staff, ["occupation", "age_band", "headcount", "status"], name="staff")
    require_unique(staff, ["occupation", "age_band"], name="staff")
    check_range(exit_share, name="exit_share")
    unknown = sorted(set(staff["age_band"].astype(str)) - {*_BANDS, TOTAL})
    if unknown:
        msg = f'staff has the age band "{unknown[0]}"; the bands are: {", ".join(_BANDS)}.'
        raise DataError(msg)
    wanted = sorted(set(years))
    if not wanted or wanted[0] <= base_year:
        msg = f"years={wanted[:3]} must come after the figures' year, {base_year}. Give later ones."
        raise DataError(msg)
    cells = staff[staff["age_band"] != TOTAL].set_index(["occupation", "age_band"])
    hidden = cells["status"].astype(str) == SUPPRESSED
    # A number beside "suppressed" must not count, whoever put it there.
    heads = cells["headcount"].astype(float).mask(hidden)
    wide = heads.unstack("age_band", fill_value=0)  # noqa: PD010 - keys are unique
    wide = wide.reindex(columns=list(_BANDS), fill_value=0.0)
    behind = hidden.unstack("age_band", fill_value=False).any(axis=1)  # noqa: PD010
    each = np.stack([_retiring(wide.to_numpy(), base_year, wanted, q) for q in exit_share])
    rows = pd.DataFrame(
        {
            "occupation": np.repeat(wide.index.to_numpy(), len(wanted)),
            "year": np.tile(wanted, len(wide)),
            "value": each[1].ravel(),
            "low": each.min(axis=0).ravel(),
            "high": each.max(axis=0).ravel(),
        }
    )
    why = np.where(np.repeat(behind.to_numpy(), len(wanted)), SUPPRESSED, "..")
    status = np.where(rows["value"].isna(), why, "")
    return rows.assign(
        term="replacement", scenario=EVERY, status=status, rests_on="member assumption"
    )[list(COLUMNS)]


def _retiring(
    heads: NDArray[np.float64], base_year: int, years: Sequence[int], share: float
) -> NDArray[np.float64]:
    """Give who retires, occupations by years; a NaN spreads only into older bands."""
    bands = heads.T.copy()
    found = np.empty((len(heads), len(years)))
    for year in range(base_year + 1, years[-1] + 1):
        gone = share * bands[-1]
        if year in years:
            found[:, years.index(year)] = gone
        older = _AGEING * bands[:-1]
        bands[-1] -= gone
        bands[:-1] -= older
        bands[1:] += older
    return found


def _worst(statuses: pd.Series[str]) -> str:
    """Give what a sum over parts must say."""
    for word in (SUPPRESSED, ".."):
        if (statuses == word).any():
            return word
    return ""
