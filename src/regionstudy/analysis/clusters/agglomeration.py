"""Whether an industry gathers in few places, beyond what its few large workplaces explain."""

from __future__ import annotations

import numpy as np
import pandas as pd

from regionstudy.analysis.checks import require_columns, require_unique
from regionstudy.analysis.clusters.coding import nonzero
from regionstudy.analysis.statuses import MISSING, NOT_APPLICABLE, severity, words
from regionstudy.errors import DataError

__all__ = ["cluster_index", "ellison_glaeser"]


def ellison_glaeser(plants: pd.DataFrame, employed: pd.DataFrame) -> pd.DataFrame:
    """
    Measure each industry's agglomeration, less what its workplaces' sizes bring about.

    With s the regions' shares of the industry's jobs, x their shares of all jobs, and z the
    workplaces' shares of the industry's jobs: ``concentration G = Σ (s - x)²``,
    ``herfindahl H = Σ z²`` and ``gamma = (G - (1 - Σ x²) H) / ((1 - Σ x²) (1 - H))``: 0 where
    workplaces lie as if thrown at random, above about 0.05 where they gather. ``z`` is
    ``G - (1 - Σ x²) H`` over its standard deviation under chance.

    Parameters
    ----------
    plants : DataFrame
        A row a workplace: ``industry``, ``region``, ``value`` (its jobs), optionally
        ``status``.
    employed : DataFrame
        All jobs of every region that there is: ``region``, ``value``, optionally ``status``.

    Returns
    -------
    DataFrame
        ``industry``, ``plants``, ``concentration``, ``herfindahl``, ``gamma``, ``z``,
        ``status``. NaN with ".." where a workplace's or a region's jobs are missing; "." for
        a lone workplace, or where there is one region only.

    Raises
    ------
    DataError
        If a column is absent, a region repeats or is not in `employed`, or a count is
        negative.

    References
    ----------
    Ellison & Glaeser (1997), Geographic concentration in U.S. manufacturing industries: a
    dartboard approach, Journal of Political Economy 105(5), 889-927.

    Examples
    --------
    >>> plants = pd.DataFrame({"industry": "62", "region": ["1", "1", "2", "2"],
    ...     "value": [30., 30., 20., 20.]})
    >>> everyone = pd.DataFrame({"region": ["1", "2"], "value": [500., 500.]})
    >>> ellison_glaeser(plants, everyone)[["plants", "concentration", "gamma"]].round(3)
       plants  concentration  gamma
    0       4           0.02 -0.297
    """
    require_columns(plants, ["industry", "region", "value"], name="plants")
    regions = _counts(employed, ["region"], "employed")
    sized = _counts(plants, ["industry", "region"], "plants", unique=False)
    unknown = sorted(set(sized["region"]) - set(regions["region"]))
    if unknown:
        msg = f"plants has the region {unknown[0]}, which employed has not; add its jobs there."
        raise DataError(msg)
    share = regions.set_index("region")["value"] / regions["value"].sum(skipna=False)
    regions_code = int(regions["severity"].max())
    squares, cubes = float((share**2).sum()), float((share**3).sum())
    free = 1 - squares
    rows = []
    for industry, own in sized.groupby("industry", sort=True):
        total = own["value"].sum(skipna=False)
        z = own["value"] / (total or np.nan)
        by_region = z.groupby(own["region"]).sum().reindex(share.index, fill_value=0.0)
        concentration = float(((by_region - share) ** 2).sum(skipna=False))
        herfindahl = float((z**2).sum(skipna=False))
        above = concentration - free * herfindahl
        variance = 2 * (
            herfindahl**2 * (squares - 2 * cubes + squares**2)
            - float((z**4).sum()) * (squares - 4 * cubes + 3 * squares**2)
        )
        sound = free > 1e-12 and herfindahl < 1
        rows.append(
            {
                "industry": industry,
                "plants": len(own),
                "concentration": concentration,
                "herfindahl": herfindahl,
                "gamma": above / (free * (1 - herfindahl)) if sound else np.nan,
                "z": above / np.sqrt(variance) if sound and variance > 0 else np.nan,
                "severity": max(int(own["severity"].max()), regions_code),
            }
        )
    names = ["industry", "plants", "concentration", "herfindahl", "gamma", "z"]
    result = pd.DataFrame(rows, columns=[*names, "severity"])
    return _finish(result, result["gamma"], names, plants)


def cluster_index(
    employed: pd.DataFrame, firms: pd.DataFrame, regions: pd.DataFrame
) -> pd.DataFrame:
    """
    Measure how densely an industry is found in each region, in many workplaces.

    With e jobs in the industry, a area, p population and b workplaces of region j, and their
    sums over the regions: ``((e_ij/a_j) / (e_i/a)) ((e_ij/p_j) / (e_i/p)) / ((e_ij/b_ij) /
    (e_i/b_i))``, density times share, less where few workplaces make it up. 1 is the mean;
    4 or more has been taken for a cluster.

    Parameters
    ----------
    employed, firms : DataFrame
        Jobs and workplaces: ``region``, ``industry``, ``value``, optionally ``status``.
    regions : DataFrame
        ``region``, ``area_km2``, ``population``.

    Returns
    -------
    DataFrame
        ``region``, ``industry``, ``cluster_index``, ``status``, sorted. NaN with ".." where a
        figure of the industry is missing in any region, "." where the region has no workplace
        or no jobs in it.

    Raises
    ------
    DataError
        If a column is absent, rows repeat, a count is negative, a region is not in `regions`,
        or its area or population is not above 0.

    References
    ----------
    Litzenberger & Sternberg (2006), Der Clusterindex: eine Methodik zur Identifizierung
    regionaler Cluster am Beispiel deutscher Industriebranchen, Geographische Zeitschrift
    94(4), 209-224.

    Examples
    --------
    >>> jobs = pd.DataFrame({"region": ["1", "2"], "industry": "62", "value": [30., 10.]})
    >>> firms = jobs.assign(value=[6., 2.])
    >>> regions = pd.DataFrame({"region": ["1", "2"], "area_km2": [10., 10.],
    ...     "population": [100., 100.]})
    >>> cluster_index(jobs, firms, regions)["cluster_index"].tolist()
    [2.25, 0.25]
    """
    require_columns(regions, ["region", "area_km2", "population"], name="regions")
    require_unique(regions, ["region"], name="regions")
    keys = ["region", "industry"]
    joined = _counts(employed, keys, "employed").merge(
        _counts(firms, keys, "firms"),
        on=keys,
        how="outer",
        suffixes=("", "_firms"),
        validate="one_to_one",
    )
    size = regions[["region", "area_km2", "population"]].assign(
        region=regions["region"].astype(str)
    )
    wrong = size[~((size[["area_km2", "population"]] > 0).all(axis=1))]
    if len(wrong):
        first = wrong["region"].iloc[0]
        msg = f"regions has no area or population above 0 for region {first}; give both."
        raise DataError(msg)
    unknown = sorted(set(joined["region"]) - set(size["region"]))
    if unknown:
        msg = f"employed has the region {unknown[0]}, which regions has not; add its area."
        raise DataError(msg)
    # A region without a row of an industry would be missing from its sums unseen.
    grid = size.merge(joined[["industry"]].drop_duplicates(), how="cross")
    joined = grid.merge(joined, on=keys, how="left", validate="one_to_one")
    code = joined[["severity", "severity_firms"]].fillna(MISSING).max(axis=1)
    joined["severity"] = code.groupby(joined["industry"]).transform("max").astype(np.int8)
    sums = joined.groupby("industry")[["value", "value_firms"]].transform("sum")
    area, people = size["area_km2"].sum(), size["population"].sum()
    jobs, workplaces = joined["value"], joined["value_firms"]
    # The three quotients, with e_ij cancelled where it stands above and below.
    density = jobs / joined["area_km2"] * area
    relative = people / joined["population"] * workplaces
    base = nonzero(sums["value"].to_numpy(dtype=float)) * nonzero(
        sums["value_firms"].to_numpy(dtype=float)
    )
    index = density * relative / base
    # The third quotient is 0 by 0 without jobs.
    known = (joined["severity"] < MISSING) & (workplaces > 0) & (jobs > 0)
    joined["cluster_index"] = index.where(known)
    joined = joined.sort_values(keys, ignore_index=True)
    return _finish(joined, joined["cluster_index"], [*keys, "cluster_index"], employed)


def _counts(
    frame: pd.DataFrame, keys: list[str], name: str, *, unique: bool = True
) -> pd.DataFrame:
    """Check counts, and give them with a severity; a hidden number does not count."""
    require_columns(frame, [*keys, "value"], name=name)
    if unique:
        require_unique(frame, keys, name=name)
    if (frame["value"] < 0).any():
        first = frame.loc[frame["value"] < 0].iloc[0]
        msg = (
            f"{name} has {first['value']:g} in region {first['region']}; a count is never negative."
        )
        raise DataError(msg)
    code = severity(frame["status"]) if "status" in frame.columns else np.int8(0)
    code = np.where(frame["value"].isna(), MISSING, code).astype(np.int8)
    rows = frame[keys].astype(str)
    return rows.assign(value=frame["value"].where(code < MISSING), severity=code)


def _finish(
    result: pd.DataFrame, decisive: pd.Series[float], names: list[str], source: pd.DataFrame
) -> pd.DataFrame:
    code = result["severity"].to_numpy(dtype=np.int8)
    code = np.where(decisive.isna() & (code < MISSING), NOT_APPLICABLE, code).astype(np.int8)
    result = result.assign(status=words(code))[[*names, "status"]]
    result.attrs = dict(source.attrs)
    return result
