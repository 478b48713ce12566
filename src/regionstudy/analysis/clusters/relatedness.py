"""Which industries are found in the same regions, and which of them a region lacks."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from regionstudy.analysis.clusters.coding import nonzero, statuses
from regionstudy.analysis.clusters.cube import Jobs, read_jobs
from regionstudy.analysis.clusters.quotients import quotient_arrays
from regionstudy.analysis.statuses import MISSING
from regionstudy.errors import DataError

if TYPE_CHECKING:
    from typing import TypeAlias

    from numpy.typing import NDArray

    Array: TypeAlias = NDArray[np.float64]

__all__ = ["next_industries", "relatedness", "relatedness_density"]

# With fewer regions, one of them moves a conditional probability by more than a tenth.
_FEWEST = 10


def relatedness(
    employed: pd.DataFrame,
    *,
    reference: str = "00",
    totals: str = "sum",
    threshold: float = 1.0,
    fewest: int = _FEWEST,
) -> pd.DataFrame:
    """
    Measure how often two industries are strong in the same regions.

    A region is strong in an industry (revealed comparative advantage) where its location
    quotient reaches `threshold`. The proximity of industries i and j is the smaller of the
    two conditional probabilities, ``min(P(i | j), P(j | i))``: the regions strong in both
    over the regions strong in the commoner one. It tells of company, not of cause.

    Parameters
    ----------
    employed : DataFrame
        ``region``, ``industry``, ``value``, optionally ``status``, of one period; regions of
        one level.
    reference : str, default "00"
        Region compared with.
    totals : {"sum", "published"}
        What all jobs are (`location_quotients`).
    threshold : float, default 1
        The location quotient from which a region is strong.
    fewest : int, default 10
        Regions below which nothing is told.

    Returns
    -------
    DataFrame
        ``industry``, ``other`` (a row each way, never itself), ``proximity`` (0 to 1),
        ``both`` (regions strong in both), ``regions`` (those that it was told from),
        ``status``. Regions with a missing quotient are left out, and named in
        ``attrs["left_out"]``. "." where no region is strong in one of the two.

    Raises
    ------
    DataError
        If the frame cannot be used (`location_quotients`), has several periods, fewer than
        `fewest` whole regions, or `threshold` is not above 0.

    References
    ----------
    Hidalgo, Klinger, Barabási & Hausmann (2007), The product space conditions the development
    of nations, Science 317(5837), 482-487.

    Examples
    --------
    >>> jobs = pd.DataFrame({"region": ["00", "1", "2", "3"] * 3,
    ...     "industry": ["J"] * 4 + ["K"] * 4 + ["L"] * 4,
    ...     "value": [8., 4., 4., 0., 6., 4., 1., 1., 10., 2., 2., 6.]})
    >>> relatedness(jobs, fewest=3).query("industry == 'J'")[["other", "proximity", "both"]]
      other  proximity  both
    0     K        0.5     1
    1     L        0.0     0
    """
    jobs, strong, whole, _ = _strong(employed, reference, totals, threshold, fewest)
    proximity, both = _proximity(strong[whole])
    count = len(jobs.industries.names)
    apart = ~np.eye(count, dtype=bool)
    row, column = np.nonzero(apart)
    values = proximity[apart]
    result = pd.DataFrame(
        {
            "industry": jobs.industries.at(row),
            "other": jobs.industries.at(column),
            "proximity": values,
            "both": both[apart].astype(np.int64),
            "regions": int(whole.sum()),
            "status": statuses(np.where(np.isnan(values), MISSING + 1, 0).astype(np.int8)),
        }
    )
    result.attrs = {**employed.attrs, "left_out": _left_out(jobs, whole)}
    return result


def relatedness_density(
    employed: pd.DataFrame,
    *,
    reference: str = "00",
    totals: str = "sum",
    threshold: float = 1.0,
    fewest: int = _FEWEST,
) -> pd.DataFrame:
    """
    Measure how near each industry is to what a region is strong in already.

    ``density_ir = Σ_j φ_ij x_jr / Σ_j φ_ij`` over the other industries j, where φ is the
    proximity (`relatedness`) and x is 1 where region r is strong in j. 1 says that the region
    is strong in all that keeps company with i, 0 that it is in none.

    Parameters
    ----------
    employed, reference, totals, threshold, fewest
        As `relatedness` takes them.

    Returns
    -------
    DataFrame
        ``region``, ``industry``, ``lq``, ``strong`` (bool), ``density``, ``status``. NaN with
        ".." where the region lacks a quotient (``strong`` is False there); "." where the
        industry keeps company with no other.

    Raises
    ------
    DataError
        As `relatedness`.

    References
    ----------
    Hidalgo et al. (2007), Science 317(5837), 482-487; Neffke, Henning & Boschma (2011), How do
    regions diversify over time?, Economic Geography 87(3), 237-265.

    Examples
    --------
    >>> jobs = pd.DataFrame({"region": ["00", "1", "2", "3"] * 3,
    ...     "industry": ["J"] * 4 + ["K"] * 4 + ["L"] * 4,
    ...     "value": [8., 4., 4., 0., 6., 4., 1., 1., 10., 2., 2., 6.]})
    >>> relatedness_density(jobs, fewest=3)[["region", "industry", "density", "status"]].head(3)
      region industry  density status
    0      1        J      1.0
    1      1        K      1.0
    2      1        L      NaN      .
    """
    jobs, strong, whole, quotient = _strong(employed, reference, totals, threshold, fewest)
    proximity, _ = _proximity(strong[whole])
    # What no region is strong in keeps no company, and none keeps company with it.
    near = np.where(np.isnan(proximity), 0.0, proximity)
    np.fill_diagonal(near, 0.0)
    density = strong @ near / nonzero(near.sum(axis=0))
    known = whole[:, np.newaxis]
    code = np.where(known, np.where(np.isnan(density), MISSING + 1, 0), MISSING)
    result = pd.DataFrame(
        {
            **jobs.keys("region", "industry"),
            "lq": quotient.reshape(-1),
            "strong": (strong.astype(bool) & known).reshape(-1),
            "density": np.where(known, density, np.nan).reshape(-1),
            "status": statuses(code.astype(np.int8)),
        }
    )
    result.attrs = {**employed.attrs, "left_out": _left_out(jobs, whole)}
    return result


def next_industries(
    employed: pd.DataFrame,
    *,
    region: str,
    reference: str = "00",
    totals: str = "sum",
    threshold: float = 1.0,
    fewest: int = _FEWEST,
) -> pd.DataFrame:
    """
    Order the industries that a region is not strong in by how near they are to its own.

    What is near is likelier to grow, as regions have diversified in the past; it is no
    forecast, and says nothing of whether the industry is worth having.

    Parameters
    ----------
    employed : DataFrame
        As `relatedness` takes it.
    region : str
        The region.
    reference, totals, threshold, fewest
        As `relatedness` takes them.

    Returns
    -------
    DataFrame
        ``rank`` (1 is nearest; ties share the lowest), ``industry``, ``density``,
        ``mean_density`` (of all regions for that industry), ``lq``, ``nearest`` (the
        industries of the region that it keeps company with, up to three, nearest first,
        joined by ", "), ``status``; the nearest first, those without density last.

    Raises
    ------
    DataError
        As `relatedness`; also if there is no such region, or it lacks a figure.

    Examples
    --------
    >>> jobs = pd.DataFrame({"region": ["00", "1", "2", "3"] * 3,
    ...     "industry": ["J"] * 4 + ["K"] * 4 + ["L"] * 4,
    ...     "value": [8., 4., 4., 0., 6., 4., 1., 1., 10., 2., 2., 6.]})
    >>> next_industries(jobs, region="2", fewest=3)[["industry", "density", "nearest"]]
      industry  density nearest
    0        K      1.0       J
    1        L      NaN
    """
    density = relatedness_density(
        employed, reference=reference, totals=totals, threshold=threshold, fewest=fewest
    )
    codes = density["region"].astype(str)
    if region not in set(codes):
        near = difflib.get_close_matches(region, sorted(set(codes)), n=1)
        hint = f' Did you mean "{near[0]}"?' if near else ""
        msg = f'employed has no rows of the region "{region}".{hint}'
        raise DataError(msg)
    if region in density.attrs["left_out"]:
        msg = (
            f"Region {region} lacks a figure, so that it cannot be told what it is strong in. "
            'Use wider industries, or totals="published" where only the sum is missing.'
        )
        raise DataError(msg)
    own = density[codes == region].drop(columns="region")
    mean = density.groupby("industry", observed=True)["density"].mean()
    own["mean_density"] = own["industry"].map(mean).astype(float)
    company = relatedness(
        employed, reference=reference, totals=totals, threshold=threshold, fewest=fewest
    )
    held = set(own.loc[own["strong"], "industry"].astype(str))
    company = company[company["other"].astype(str).isin(held) & (company["proximity"] > 0)]
    company = company.sort_values(["proximity", "other"], ascending=[False, True], kind="stable")
    nearest = company.groupby("industry", observed=True)["other"].agg(
        lambda others: ", ".join(others.astype(str).head(3))
    )
    lacking = own[~own["strong"]].copy()
    lacking["nearest"] = lacking["industry"].astype(str).map(nearest).fillna("").astype(str)
    lacking["rank"] = lacking["density"].rank(ascending=False, method="min")
    lacking = lacking.sort_values(["density", "industry"], ascending=[False, True])
    names = ["rank", "industry", "density", "mean_density", "lq", "nearest", "status"]
    result = lacking[names].reset_index(drop=True)
    result.attrs = dict(density.attrs)
    return result


def _strong(
    employed: pd.DataFrame, reference: str, totals: str, threshold: float, fewest: int
) -> tuple[Jobs, Array, NDArray[np.bool_], Array]:
    """Tell where regions are strong (1.0, else 0.0), and which regions are whole."""
    if not threshold > 0:
        msg = f"threshold={threshold} is not above 0; 1 is the reference's share."
        raise DataError(msg)
    jobs = read_jobs(employed, reference=reference, totals=totals)
    if len(jobs.periods.names) > 1:
        first, last = jobs.periods.names[0], jobs.periods.names[-1]
        msg = f"employed has the periods {first} to {last}; choose one of them first."
        raise DataError(msg)
    quotient, code = quotient_arrays(jobs)
    quotient, code = quotient[..., 0], code[..., 0]
    # An industry that the reference lacks has no quotient anywhere: no region is strong in it.
    lacking = (jobs.base[:, 0] == 0) & (jobs.base_code[:, 0] < MISSING)
    whole = np.asarray((~np.isnan(quotient) | lacking).all(axis=1) & (code != MISSING).all(axis=1))
    if whole.sum() < fewest:
        msg = (
            f"employed has {int(whole.sum())} regions with every figure beside {reference}; "
            f"relatedness needs at least {fewest}, of one level. Fetch more regions, or use wider "
            "industries, which are suppressed less."
        )
        raise DataError(msg)
    return jobs, (quotient >= threshold).astype(float), whole, quotient


def _proximity(strong: Array) -> tuple[Array, Array]:
    """Give the smaller conditional probability of each pair, and how many regions share it."""
    both = strong.T @ strong
    count = np.diagonal(both)
    rarer = np.minimum(count[:, np.newaxis], count)
    commoner = np.maximum(count[:, np.newaxis], count)
    return np.where(rarer > 0, both / nonzero(commoner), np.nan), both


def _left_out(jobs: Jobs, whole: NDArray[np.bool_]) -> list[str]:
    return [str(name) for name in jobs.regions.names[~whole]]
