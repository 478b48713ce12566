"""Jobs of clusters, and the part of them that members have."""

from __future__ import annotations

import numpy as np
import pandas as pd

from regionstudy.analysis.checks import require_columns, require_unique
from regionstudy.analysis.clusters.cube import TOTALS
from regionstudy.analysis.statuses import MISSING, NOT_APPLICABLE, severity, words
from regionstudy.errors import DataError

__all__ = ["COVERAGE", "cluster_totals", "members_share"]

COVERAGE = ("exact", "near", "section", "none", "total")
_HIDDEN = ("suppressed", "hidden")


def cluster_totals(employed: pd.DataFrame, clusters: pd.DataFrame) -> pd.DataFrame:
    """
    Add the industries of each cluster up, as finely as the figures allow.

    Of a cluster's definitions the first is used whose codes all stand in the frame.
    ``coverage`` says what it is: "exact", "near" (a little more or less), "section" (only
    wider sections are there, which hold more besides; how much of them is the cluster, the
    figures do not say), or "none" (not visible in these figures).

    The result can be given to the other functions, with ``totals="published"``: clusters may
    overlap, and are not all there is, so that their sum is no whole.

    Parameters
    ----------
    employed : DataFrame
        ``region``, ``industry`` (SNI 2007, with or without full stops, or sections),
        ``value``, optionally ``status`` and others such as ``period``, which are kept apart.
    clusters : DataFrame
        ``cluster``, ``definition`` (the lowest is tried first), ``coverage``, ``industry``, as
        `regionstudy.cluster_definitions.industry_definitions` gives them.

    Returns
    -------
    DataFrame
        The columns of `employed`, with the cluster's id as ``industry``, ``status`` and
        ``coverage`` (one of `COVERAGE`); a row for every cluster and combination of the
        others, and the rows of a total of all industries as they were. NaN with ".." where an
        industry of it is missing or has no row, and where coverage is "none".

    Raises
    ------
    DataError
        If a column is absent, rows repeat, or a cluster is called as a total is.

    Examples
    --------
    >>> jobs = pd.DataFrame({"region": "22", "industry": ["J", "K", "total"],
    ...     "value": [3490., 3461., 118089.]})
    >>> clusters = pd.DataFrame({"cluster": ["it", "it", "it", "law"], "definition": [0, 0, 1, 0],
    ...     "coverage": ["near", "near", "section", "near"], "industry": ["62", "63", "J", "6910"]})
    >>> cluster_totals(jobs, clusters)[["industry", "value", "coverage", "status"]]
      industry     value coverage status
    0       it    3490.0  section
    1      law       NaN     none     ..
    2    total  118089.0    total
    """
    require_columns(employed, ["region", "industry", "value"], name="employed")
    require_columns(clusters, ["cluster", "definition", "coverage", "industry"], name="clusters")
    keys = [name for name in employed.columns if name not in ("industry", "value", "status")]
    rows = employed.assign(industry=employed["industry"].astype(str).str.replace(".", ""))
    require_unique(rows, [*keys, "industry"], name="employed")
    taken = sorted(set(clusters["cluster"].astype(str)) & set(TOTALS))
    if taken:
        msg = f'clusters has a cluster "{taken[0]}", which is what totals are called; rename it.'
        raise DataError(msg)
    code = severity(rows["status"]) if "status" in rows.columns else np.int8(0)
    rows["severity"] = np.where(rows["value"].isna(), MISSING, code)
    rows["value"] = rows["value"].where(rows["severity"] < MISSING)
    used = _definitions(clusters, set(rows["industry"]))
    # Every cluster for every region and year: what has no row is missing, and shown as such.
    everywhere = rows[keys].drop_duplicates()
    found = everywhere.merge(used[["cluster", "coverage", "codes"]].drop_duplicates(), how="cross")
    parts = rows.merge(used[["cluster", "industry"]], on="industry", validate="many_to_many")
    summed = parts.groupby(["cluster", *keys], observed=True, as_index=False).agg(
        value=("value", "sum"), given=("value", "count"), severity=("severity", "max")
    )
    found = found.merge(summed, on=["cluster", *keys], how="left", validate="one_to_one")
    whole = (found["coverage"] != "none") & (found["given"] == found["codes"])
    found["value"] = found["value"].where(whole)
    found["severity"] = found["severity"].where(whole, MISSING)
    totals = rows[rows["industry"].isin(TOTALS)]
    result = pd.concat(
        [found.rename(columns={"cluster": "industry"}), totals.assign(coverage="total")],
        ignore_index=True,
    )
    result["status"] = words(result["severity"].to_numpy(dtype=np.int8))
    result["coverage"] = pd.Categorical(result["coverage"], categories=list(COVERAGE))
    order = [name for name in employed.columns if name != "status"]
    result = result.sort_values([*keys, "industry"], kind="stable", ignore_index=True)
    result = result[[*order, "status", "coverage"]]
    result.attrs = dict(employed.attrs)
    return result


def members_share(staff: pd.DataFrame, employed: pd.DataFrame) -> pd.DataFrame:
    """
    Set members' staff beside all jobs of the cluster.

    What the protection of persons hid stays hidden: a sum over a suppressed count is
    suppressed, and is never made up from a total less the others. The two counts are not of
    one kind: members count their own staff at a date, the register the employed of November.

    Parameters
    ----------
    staff : DataFrame
        A protected release, such as ``members.release`` gives: ``region``, ``industry`` (the
        cluster), ``headcount``, ``status`` ("suppressed" where hidden). Rows of one cluster and
        region, of several organisations say, are added up; totals must not stand among them.
    employed : DataFrame
        ``region``, ``industry`` (the cluster), ``value`` and optionally ``status`` and
        ``coverage``, of one year (`cluster_totals`).

    Returns
    -------
    DataFrame
        ``region``, ``industry``, ``members``, ``employed``, ``share`` (0 to 1), ``coverage``
        where given, ``status``: "suppressed" where members' count is hidden, ".." where the
        official one is missing, "." where the share has no meaning, for there are no jobs or
        fewer than the members', so that the two do not count the same.

    Raises
    ------
    DataError
        If a column is absent, rows of `employed` repeat, a count is negative, or `staff` holds
        totals among its parts.

    Examples
    --------
    >>> staff = pd.DataFrame({"region": "22", "industry": ["it", "it", "law"],
    ...     "headcount": [40., 60., float("nan")], "status": ["", "", "suppressed"]})
    >>> jobs = pd.DataFrame({"region": "22", "industry": ["it", "law"], "value": [2000., 300.]})
    >>> members_share(staff, jobs)[["industry", "members", "employed", "share", "status"]]
      industry  members  employed  share      status
    0       it    100.0    2000.0   0.05
    1      law      NaN     300.0    NaN  suppressed
    """
    require_columns(staff, ["region", "industry", "headcount", "status"], name="staff")
    require_columns(employed, ["region", "industry", "value"], name="employed")
    keys = ["region", "industry"]
    official = employed.assign(**{key: employed[key].astype(str) for key in keys})
    require_unique(official, keys, name="employed")
    for name, counts in (("staff", staff["headcount"]), ("employed", employed["value"])):
        if (counts < 0).any():
            msg = f"{name} has {counts.min():g} persons in a row; a count is never negative."
            raise DataError(msg)
    _require_no_totals(staff)
    hidden = staff["status"].astype(str).isin(_HIDDEN) | staff["headcount"].isna()
    counted = pd.DataFrame(
        {
            **{key: staff[key].astype(str) for key in keys},
            "members": staff["headcount"].where(~hidden),
            "hidden": hidden,
        }
    ).groupby(keys, as_index=False, sort=True)
    summed = counted.agg(members=("members", "sum"), hidden=("hidden", "any"))
    summed["members"] = summed["members"].where(~summed["hidden"])
    code = severity(official["status"]) if "status" in official.columns else np.int8(0)
    official["severity"] = np.where(official["value"].isna(), MISSING, code)
    official["employed"] = official["value"].where(official["severity"] < MISSING)
    extra = [name for name in ("coverage",) if name in official.columns]
    joined = summed.merge(
        official[[*keys, "employed", "severity", *extra]],
        on=keys,
        how="left",
        validate="one_to_one",
    )
    worst = joined["severity"].fillna(MISSING).to_numpy(dtype=np.int8)
    known = ~joined["hidden"] & (worst < MISSING)
    no_part = known & ((joined["employed"] <= 0) | (joined["members"] > joined["employed"]))
    joined["share"] = (joined["members"] / joined["employed"]).where(known & ~no_part)
    status = pd.Series(words(np.where(no_part, NOT_APPLICABLE, worst).astype(np.int8))).astype(str)
    joined["status"] = status.mask(joined["hidden"], "suppressed")
    result = joined[[*keys, "members", "employed", "share", *extra, "status"]]
    result.attrs = {**staff.attrs, **employed.attrs}
    return result


def _definitions(clusters: pd.DataFrame, held: set[str]) -> pd.DataFrame:
    """Keep each cluster's first definition that is there in full; one without, as "none"."""
    there = clusters.assign(held=clusters["industry"].isin(held))
    by_definition = there.groupby(["cluster", "definition"])["held"]
    there["whole"] = by_definition.transform("all")
    first = there[there["whole"]].groupby("cluster")["definition"].min()
    chosen = there[there["definition"] == there["cluster"].map(first)].copy()
    chosen["codes"] = chosen.groupby("cluster")["industry"].transform("size")
    absent = sorted(set(clusters["cluster"]) - set(chosen["cluster"]))
    none = pd.DataFrame({"cluster": absent, "coverage": "none", "industry": "", "codes": 0}).astype(
        {"cluster": str, "coverage": str, "industry": str}
    )
    kept = chosen[["cluster", "coverage", "industry", "codes"]]
    return pd.concat([kept, none], ignore_index=True) if absent else kept


def _require_no_totals(staff: pd.DataFrame) -> None:
    for name in staff.columns.drop(["headcount", "status"]):
        column = staff[name]
        if pd.api.types.is_numeric_dtype(column.dtype):
            continue
        if (column.astype(str) == "total").any():
            msg = (
                f'staff has rows of the total of {name}; leave them out (staff["{name}"] != '
                '"total"), or persons would be counted twice.'
            )
            raise DataError(msg)
