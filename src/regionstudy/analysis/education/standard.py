"""Shares at the same mix of ages: is a region's education low, or only its people older?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtri

from regionstudy.analysis.checks import require_columns, require_unique
from regionstudy.analysis.statuses import MISSING, severity, words
from regionstudy.errors import ConfigError, DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

__all__ = ["standardised_shares"]


def standardised_shares(
    profile: pd.DataFrame,
    *,
    reference: str = "00",
    strata: Sequence[str] = ("age",),
    level: float = 0.95,
) -> pd.DataFrame:
    """
    Standardise shares directly to the reference's mix of ages.

    With ``p[r, a]`` the share of age `a` in region `r` and ``w[a]`` the age's part of the
    reference's persons, ``standardised[r] = sum_a w[a] p[r, a]``: the share that the region
    would have, had it the reference's ages and its own education at each of them. The crude
    difference is then parted exactly:
    ``crude[r] - crude[ref] = (crude[r] - standardised[r]) + (standardised[r] - crude[ref])``,
    what the ages make (``age_effect``) and what remains (``gap``).

    The interval is that of chance (``var = sum_a w[a]^2 p (1 - p) / n``, normal): registers
    count everyone, but in a small municipality a few persons more or less move a share.

    Parameters
    ----------
    profile : DataFrame
        ``region``, the `strata`, ``persons``, ``holders``, ``status`` and ``period`` where
        there is one, as `attainment` gives them.
    reference : str, default "00"
        The region whose persons are the standard.
    strata : sequence of str, default ("age",)
        Columns that the mix is of; ("age", "sex") holds both alike.
    level : float, default 0.95
        Coverage of the interval, between 0 and 1.

    Returns
    -------
    DataFrame, a row a region (and period)
        ``crude``, ``standardised``, ``low``, ``high`` (per cent), ``age_effect`` and ``gap``
        (percentage points) and ``status``. NaN with ".." where a stratum is missing or has
        nobody, here or in the reference: no share can then be told at the reference's ages.

    Raises
    ------
    DataError
        If a column is absent, rows repeat, or the reference has no row of a stratum.
    ConfigError
        If `level` is not between 0 and 1.

    References
    ----------
    Kitagawa (1955), J. American Statistical Association 50(272), 1168-1194 (components of a
    difference between rates). Breslow & Day (1987), Statistical Methods in Cancer Research II,
    IARC, ch. 2 (direct standardisation, its variance).

    Examples
    --------
    >>> import pandas as pd
    >>> people = pd.DataFrame({"region": ["00", "00", "2260", "2260"],
    ...     "age": ["25-34", "55-64"] * 2, "persons": [500.0, 500.0, 20.0, 80.0],
    ...     "holders": [200.0, 100.0, 6.0, 16.0], "status": ""})
    >>> found = standardised_shares(people).set_index("region").loc["2260"]
    >>> [round(float(found[one]), 6) for one in ("crude", "standardised", "age_effect", "gap")]
    [22.0, 25.0, -3.0, -5.0]
    """
    if not 0 < level < 1:
        msg = f"level={level!r} is no coverage; give a number between 0 and 1, such as 0.95."
        raise ConfigError(msg)
    strata, keys = list(strata), ["region", "period"]
    require_columns(profile, ["region", *strata, "persons", "holders", "status"], name="profile")
    dated = "period" in profile.columns
    given = profile if dated else profile.assign(period="")
    require_unique(given, [*keys, *strata], name="profile")
    weights = _weights(given, strata, reference)
    # The reference's strata stand for each region, so that one it lacks leaves a gap.
    regions = given[keys].drop_duplicates()
    grid = regions.merge(weights, on="period", validate="many_to_many")
    columns = [*keys, *strata, "persons", "holders", "status"]
    rows = grid.merge(given[columns], on=[*keys, *strata], how="left", validate="one_to_one")
    persons = rows["persons"].where(rows["persons"] > 0)
    share = rows["holders"] / persons
    status = rows["status"].astype(object).fillna("..")
    unknown = share.isna() | rows["weight"].isna()
    rows["severity"] = np.where(unknown, MISSING, severity(status))
    rows["standardised"] = rows["weight"] * share
    rows["variance"] = rows["weight"] ** 2 * share * (1 - share) / persons
    found = rows.groupby(keys, sort=True, as_index=False).agg(
        persons=("persons", "sum"),
        holders=("holders", "sum"),
        standardised=("standardised", "sum"),
        variance=("variance", "sum"),
        severity=("severity", "max"),
    )
    known = found["severity"] < MISSING
    found["crude"] = (100 * found["holders"] / found["persons"]).where(known)
    found["standardised"] = (100 * found["standardised"]).where(known)
    reach = 100 * ndtri(0.5 + level / 2) * np.sqrt(found["variance"])
    found["low"] = (found["standardised"] - reach).clip(lower=0)
    found["high"] = (found["standardised"] + reach).clip(upper=100)
    found["age_effect"] = found["crude"] - found["standardised"]
    own = found.loc[found["region"] == reference, ["period", "crude"]]
    own = own.rename(columns={"crude": "standard"})
    found = found.merge(own, on="period", validate="many_to_one")
    found["gap"] = found["standardised"] - found["standard"]
    found["status"] = words(found["severity"].where(known, MISSING).to_numpy(dtype=np.int8))
    keys = keys if dated else ["region"]
    result = found[[*keys, "crude", "standardised", "low", "high", "age_effect", "gap", "status"]]
    result.attrs = dict(profile.attrs)
    return result


def _weights(profile: pd.DataFrame, strata: list[str], reference: str) -> pd.DataFrame:
    """Give each stratum's part of the reference's persons."""
    marks = ["period", *strata]
    own = profile.loc[profile["region"] == reference, [*marks, "persons"]]
    every = profile[marks].drop_duplicates()
    beside = every.merge(own, on=marks, how="left", indicator=True, validate="one_to_one")
    lacking = beside.loc[beside["_merge"] == "left_only", marks]
    if len(lacking):
        where = ", ".join(f"{mark} {one}" for mark, one in lacking.iloc[0].items() if one)
        msg = (
            f'The reference "{reference}" has no row of {where}; leave such rows out, or '
            "standardise to another region."
        )
        raise DataError(msg)
    groups = own.groupby("period")["persons"]
    # With one stratum missing, no stratum's part of the whole is known.
    known = groups.transform("count") == groups.transform("size")
    weight = own["persons"] / groups.transform("sum")
    return own.assign(weight=weight.where(known))[[*marks, "weight"]]
