"""Streams between regions: as a matrix, and the net of the two between each pair."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from regionstudy.analysis.checks import require_columns
from regionstudy.analysis.migration.flows import require_gross
from regionstudy.analysis.statuses import MISSING, NOT_APPLICABLE, severity, words
from regionstudy.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["ENDS", "breakdowns_of", "flow_matrix", "net_flows", "read_streams"]

ENDS = ["origin", "destination"]


def read_streams(flows: pd.DataFrame, kept: Sequence[str]) -> pd.DataFrame:
    """
    Check flows, leave out who stays, and rank their statuses.

    Parameters
    ----------
    flows : DataFrame
        ``origin``, ``destination``, ``value``, optionally ``status``.
    kept : sequence of str
        Breakdowns to keep.

    Returns
    -------
    DataFrame
        ``origin``, ``destination``, the breakdowns, ``value``, ``severity`` (see
        `regionstudy.analysis.statuses`).

    Raises
    ------
    DataError
        If a column is absent, or see `require_gross`.
    """
    require_columns(flows, [*ENDS, "value", *kept], name="flows")
    require_gross(flows, kept)
    code = severity(flows["status"]) if "status" in flows.columns else 0
    rows = pd.DataFrame(
        {
            **{name: _as_text(flows[name]) for name in (*ENDS, *kept)},
            "value": flows["value"].astype(float),
            "severity": np.where(flows["value"].isna(), MISSING, code),
        }
    )
    return rows[rows["origin"] != rows["destination"]].reset_index(drop=True)


def _as_text(column: pd.Series) -> pd.Series:
    # Only each different code is written as text: ten times as fast for categories.
    codes, names = pd.factorize(column, use_na_sentinel=False)
    return pd.Series(pd.Index(names).astype(str).take(codes), index=column.index)


def breakdowns_of(flows: pd.DataFrame) -> list[str]:
    """
    Name the columns of flows that tell rows of one pair apart.

    Parameters
    ----------
    flows : DataFrame
        Flows.

    Returns
    -------
    list of str
        Such as "period" and "age".
    """
    ends = (*ENDS, "region", "indicator", "value", "status")
    return [name for name in flows.columns if name not in ends]


def flow_matrix(flows: pd.DataFrame, *, regions: Sequence[str] | None = None) -> pd.DataFrame:
    """
    Lay flows of one period out as a matrix, origins down and destinations across.

    Parameters
    ----------
    flows : DataFrame
        ``origin``, ``destination``, ``value`` (persons), optionally ``status``; one period
        and group. A pair without a row is a pair that nobody moved between.
    regions : sequence of str, optional
        The regions and their order; without it, all that `flows` names, by code.

    Returns
    -------
    DataFrame, shape (regions, regions)
        Persons. NaN on the diagonal, as who stays is no migrant, and where a flow is
        missing; ``attrs["missing_pairs"]`` counts the latter. Row sums are
        out-migration and column sums in-migration, where none is missing.

    Raises
    ------
    DataError
        If a column is absent, a pair repeats (several periods?), a flow is negative, or
        `regions` names one that `flows` does not, or repeats.

    Examples
    --------
    >>> flows = pd.DataFrame({"origin": ["22", "01"], "destination": ["01", "22"],
    ...     "value": [30.0, 20.0]})
    >>> flow_matrix(flows)
    destination    01    22
    origin
    01            NaN  20.0
    22           30.0   NaN
    """
    rows = read_streams(flows, [])
    found = pd.unique(pd.concat([rows["origin"], rows["destination"]]))
    codes = sorted(found) if regions is None else list(regions)
    _require_regions(codes, found)
    place = pd.Series(np.arange(len(codes)), index=codes)
    inside = rows[rows["origin"].isin(codes) & rows["destination"].isin(codes)]
    persons = np.zeros((len(codes), len(codes)))
    at = (place[inside["origin"]].to_numpy(), place[inside["destination"]].to_numpy())
    known = (inside["severity"] < MISSING).to_numpy()
    persons[at] = np.where(known, inside["value"].to_numpy(dtype=float), np.nan)
    np.fill_diagonal(persons, np.nan)
    result = pd.DataFrame(
        persons,
        index=pd.Index(codes, name="origin", dtype=str),
        columns=pd.Index(codes, name="destination", dtype=str),
    )
    result.attrs = {**flows.attrs, "missing_pairs": int((~known).sum())}
    return result


def _require_regions(codes: Sequence[str], found: Sequence[str]) -> None:
    repeated = sorted({code for code in codes if list(codes).count(code) > 1})
    if repeated:
        raise DataError(f"regions names {', '.join(repeated[:5])} twice; name each once.")
    strange = [code for code in codes if code not in set(found)]
    if strange:
        near = difflib.get_close_matches(strange[0], sorted(found), n=1)
        hint = f' Did you mean "{near[0]}"?' if near else ""
        msg = f"regions names {', '.join(strange[:5])}, which no flow starts from or ends in.{hint}"
        raise DataError(msg)


def net_flows(flows: pd.DataFrame) -> pd.DataFrame:
    """
    Net the two streams between each pair of regions, in the direction that gains.

    The effectiveness of a pair is ``100 * |net| / (there + back)``: 100 where all go one
    way, 0 where as many go back.

    Parameters
    ----------
    flows : DataFrame
        ``origin``, ``destination``, ``value``, optionally ``status`` and breakdowns such as
        ``period``. A pair without a row is a pair that nobody moved between.

    Returns
    -------
    DataFrame
        A row a pair and breakdown, largest net first: ``origin``, ``destination`` (of the net,
        by code where it is 0 or missing), the breakdowns, ``value`` (the net, never negative),
        ``there``, ``back`` (gross), ``effectiveness`` (NaN with "." where nobody moved),
        ``status``. NaN with ".." where either stream is missing.

    Raises
    ------
    DataError
        If a column is absent, a flow repeats, or a flow is negative.

    References
    ----------
    Shryock, Siegel & Associates (1976), The Methods and Materials of Demography, ch. 21
    (effectiveness of net stream migration).

    Examples
    --------
    >>> flows = pd.DataFrame({"origin": ["22", "01"], "destination": ["01", "22"],
    ...     "value": [30.0, 20.0]})
    >>> net_flows(flows)[["origin", "destination", "value", "effectiveness"]]
      origin destination  value  effectiveness
    0     22          01   10.0           20.0
    """
    kept = breakdowns_of(flows)
    rows = read_streams(flows, kept)
    ends, codes = pd.factorize(pd.concat([rows["origin"], rows["destination"]]), sort=True)
    origin, destination = ends[: len(rows)], ends[len(rows) :]
    group = rows.groupby(kept, sort=True).ngroup().to_numpy() if kept else 0
    low, high = np.minimum(origin, destination), np.maximum(origin, destination)
    # A number for each pair and breakdown: faster to match than three columns of text.
    number = (group * len(codes) + low) * len(codes) + high
    _, first, pair = np.unique(number, return_index=True, return_inverse=True)
    up = origin < destination
    # A stream without a row is one that nobody took.
    streams = np.zeros((2, len(first)))
    severities = np.zeros((2, len(first)), dtype=np.int8)
    streams[np.where(up, 0, 1), pair] = rows["value"].to_numpy()
    severities[np.where(up, 0, 1), pair] = rows["severity"].to_numpy()
    streams[severities >= MISSING] = np.nan
    there, back = streams
    code = severities.max(axis=0)
    turned = back > there
    names = np.asarray(codes, dtype=object)
    result = rows[kept].iloc[first].reset_index(drop=True)
    result = result.assign(
        origin=pd.Series(np.where(turned, names[high[first]], names[low[first]]), dtype=str),
        destination=pd.Series(np.where(turned, names[low[first]], names[high[first]]), dtype=str),
        value=np.abs(there - back),
        there=np.where(turned, back, there),
        back=np.where(turned, there, back),
    )
    gross = result["there"] + result["back"]
    result["effectiveness"] = 100 * result["value"] / gross.where(gross > 0)
    nobody = (gross == 0).to_numpy()
    result["status"] = words(np.where(nobody, NOT_APPLICABLE, code).astype(np.int8))
    result = result.sort_values(["value", *ENDS], ascending=[False, True, True], kind="stable")
    columns = [*ENDS, *kept, "value", "there", "back", "effectiveness", "status"]
    result = result[columns].reset_index(drop=True)
    result.attrs = dict(flows.attrs)
    return result
