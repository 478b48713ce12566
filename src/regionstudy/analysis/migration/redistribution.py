"""How far moves redistribute people: net in proportion to gross."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from regionstudy.analysis.migration.flows import net_migration
from regionstudy.analysis.migration.streams import breakdowns_of
from regionstudy.analysis.statuses import MISSING, NOT_APPLICABLE, severity, words

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["effectiveness", "system_effectiveness"]


def effectiveness(flows: pd.DataFrame) -> pd.DataFrame:
    """
    Give each region's migration effectiveness: net in proportion to all moves.

    ``MEI_i = 100 * (D_i - O_i) / (D_i + O_i)`` with D in- and O out-migration: from -100,
    where all leave, to 100; near 0 people come and go in equal numbers, however many.

    Parameters
    ----------
    flows : DataFrame
        As `net_migration` takes them.

    Returns
    -------
    DataFrame
        As `net_migration` gives it, with ``effectiveness``: NaN with "." where nobody came
        or left, and ".." where a flow is missing.

    Raises
    ------
    DataError
        See `net_migration`.

    References
    ----------
    Stillwell, Bell, Blake, Duke-Williams & Rees (2000), Net migration and migration
    effectiveness: a comparison between Australia and the United Kingdom, 1976-96, part 1,
    J. Population Research 17(1), 17-38.

    Examples
    --------
    >>> import pandas as pd
    >>> flows = pd.DataFrame({"origin": ["22", "01"], "destination": ["01", "22"],
    ...     "value": [30.0, 20.0]})
    >>> effectiveness(flows)[["region", "effectiveness"]]
      region  effectiveness
    0     01           20.0
    1     22          -20.0
    """
    counted = net_migration(flows.drop(columns="region", errors="ignore"))
    turnover = counted["inmigration"] + counted["outmigration"]
    counted["effectiveness"] = 100 * counted["net_migration"] / turnover.where(turnover > 0)
    status = counted.pop("status")
    counted["status"] = status.mask(turnover == 0, ".")
    return counted


def system_effectiveness(flows: pd.DataFrame) -> pd.DataFrame:
    """
    Give the effectiveness of a whole system of regions: how far moves redistribute people.

    ``MEI = 100 * Σ|D_i - O_i| / Σ(D_i + O_i)``: 0 where every region gets back as many as it
    loses, 100 where no region both gains and loses.

    Parameters
    ----------
    flows : DataFrame
        As `net_migration` takes them.

    Returns
    -------
    DataFrame
        A row for each combination of breakdowns: those, ``moves`` (persons),
        ``redistributed`` (Σ|net| / 2), ``effectiveness``, ``status``. NaN with ".." where any
        flow is missing, "." where nobody moved.

    Raises
    ------
    DataError
        See `net_migration`.

    References
    ----------
    Bell et al. (2002), Cross-national comparison of internal migration: issues and
    measures, J. Royal Statistical Society A 165(3), 435-464.

    Examples
    --------
    >>> import pandas as pd
    >>> flows = pd.DataFrame({"origin": ["22", "01"], "destination": ["01", "22"],
    ...     "value": [30.0, 20.0]})
    >>> system_effectiveness(flows)[["moves", "redistributed", "effectiveness"]]
       moves  redistributed  effectiveness
    0   50.0           10.0           20.0
    """
    kept = breakdowns_of(flows)
    counted = net_migration(flows.drop(columns="region", errors="ignore"))
    rows = counted.assign(
        whole="",
        gross=counted["inmigration"] + counted["outmigration"],
        net=counted["net_migration"].abs(),
        severity=severity(counted["status"]),
    )
    sums = rows.groupby(["whole", *kept], as_index=False, observed=True).agg(
        moves=("gross", "sum"), redistributed=("net", "sum"), severity=("severity", "max")
    )
    known = sums["severity"] < MISSING
    sums[["moves", "redistributed"]] = (sums[["moves", "redistributed"]] / 2).where(known)
    sums["effectiveness"] = 100 * sums["redistributed"] / sums["moves"].where(sums["moves"] > 0)
    nobody = known & (sums["moves"] == 0)
    sums["status"] = words(sums["severity"].mask(nobody, NOT_APPLICABLE).to_numpy(dtype=np.int8))
    result = sums[[*kept, "moves", "redistributed", "effectiveness", "status"]]
    result.attrs = dict(flows.attrs)
    return result
