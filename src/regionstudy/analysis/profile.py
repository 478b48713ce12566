"""The home region's pull factors against its peers and the country, strengths first."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from regionstudy.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["GROUPS", "profile"]

GROUPS = ("strength", "middle", "weakness", "context", "missing")
_AMONG = ("peers", "all")


def profile(
    values: pd.DataFrame,
    *,
    home: str,
    peers: Sequence[str],
    directions: Mapping[str, int],
    country: str = "00",
    weights: pd.Series | None = None,
    among: str = "peers",
) -> pd.DataFrame:
    """
    Place the home region on each indicator, and order strengths before weaknesses.

    Rank 1 is the most attractive, whatever the sign of the indicator; ties share the
    lowest rank. The percentile is the share of the other regions that are less
    attractive, equals counted half. A third of it makes the group: strength from
    66.7, weakness below 33.3.

    Parameters
    ----------
    values : DataFrame, shape (regions, indicators)
        Index region codes, columns indicator ids; NaN where missing. A row `country`
        holds the country's published figures and is never ranked.
    home : str
        Code of the home region.
    peers : sequence of str
        Codes of the regions compared with; home counts itself among them.
    directions : mapping of str to int
        +1 where more attracts, -1 where less does, 0 where neither (context).
    country : str, default "00"
        Code of the country's row.
    weights : Series, optional
        By region (population, say): where the country has no published figure, the
        mean of the regions weighted by these, named so in ``country_kind``; none is
        made without.
    among : {"peers", "all"}
        Whose percentile decides group and order.

    Returns
    -------
    DataFrame
        A row an indicator: ``indicator``, ``direction``, ``value``, ``country``,
        ``country_kind`` ("published", "weighted", "" for none), ``median_peers``,
        ``median_all``, ``rank_peers``, ``of_peers``, ``rank_all``, ``of_all``,
        ``percentile_peers``, ``percentile_all`` (0-100, high is attractive),
        ``group`` (one of `GROUPS`). Ordered by percentile, most attractive first;
        then context, then what the home region lacks. Ranks and percentiles are NaN
        for both of these.

    Raises
    ------
    DataError
        If `home` or a peer is not in `values`, a direction is absent or none of
        -1, 0, 1, a region repeats, or no peer but home is left.

    Examples
    --------
    >>> values = pd.DataFrame({"rent": [1118.0, 1200.0, 1300.0], "income": [350.0, 340.0, 360.0]},
    ...     index=["2281", "2180", "2480"])
    >>> profile(values, home="2281", peers=["2180", "2480"], directions={"rent": -1, "income": 1}
    ...     )[["indicator", "rank_peers", "of_peers", "percentile_peers", "group"]]
      indicator  rank_peers  of_peers  percentile_peers     group
    0      rent         1.0         3             100.0  strength
    1    income         2.0         3              50.0    middle
    """
    if among not in _AMONG:
        msg = f'among="{among}" is not known; use one of: {", ".join(_AMONG)}.'
        raise DataError(msg)
    regions = values.drop(index=country, errors="ignore")
    compared = _compared(regions, home, peers)
    sign = _signs(values, directions)
    # Turned so that more is always more attractive; 0 leaves nothing to rank.
    turned = regions.mul(sign.where(sign != 0), axis="columns").astype(float)
    own, turned_own = _row(regions, home), _row(turned, home)
    weighted, kind = _country(values, regions, country, weights)
    result = pd.DataFrame(
        {
            "direction": sign.astype(int),
            "value": own,
            "country": weighted,
            "country_kind": kind,
            "median_peers": regions.loc[[code for code in compared if code != home]].median(),
            "median_all": regions.median(),
        }
    )
    for name, rows in (("peers", turned.loc[compared]), ("all", turned)):
        others = rows.drop(index=home)
        above = others.gt(turned_own).sum()
        equal = others.eq(turned_own).sum()
        count = others.notna().sum()
        known = turned_own.notna()
        result[f"rank_{name}"] = (1.0 + above).where(known)
        result[f"of_{name}"] = regions.loc[rows.index].notna().sum()
        less = count - above - 0.5 * equal
        result[f"percentile_{name}"] = (100 * less / count.where(count > 0)).where(known)
    deciding = result[f"percentile_{among}"]
    result["group"] = np.select(
        [own.isna(), sign == 0, deciding.isna(), deciding >= 200 / 3, deciding < 100 / 3],
        ["missing", "context", "missing", "strength", "weakness"],
        "middle",
    )
    place = result["group"].map({"context": 1, "missing": 2}).fillna(0)
    order = np.lexsort((result.index.astype(str), -deciding.fillna(0.0), place))
    result = result.iloc[order].rename_axis("indicator").reset_index()
    levels = ["value", "country", "country_kind", "median_peers", "median_all"]
    ranks = [f"{what}_{who}" for who in _AMONG for what in ("rank", "of")]
    percentiles = [f"percentile_{who}" for who in _AMONG]
    result = result[["indicator", "direction", *levels, *ranks, *percentiles, "group"]]
    result.attrs = dict(values.attrs)
    return result


def _row(values: pd.DataFrame, region: str) -> pd.Series:
    return pd.Series(values.loc[region].to_numpy(dtype=float), index=values.columns)


def _compared(regions: pd.DataFrame, home: str, peers: Sequence[str]) -> list[str]:
    repeated = regions.index[regions.index.duplicated()]
    if len(repeated):
        msg = f"Region {repeated[0]} stands in values more than once; keep one row a region."
        raise DataError(msg)
    compared = [home, *sorted(set(peers) - {home})]
    unknown = [code for code in compared if code not in regions.index]
    if unknown:
        near = difflib.get_close_matches(unknown[0], [str(code) for code in regions.index], n=1)
        hint = f' Did you mean "{near[0]}"?' if near else ""
        msg = f"values has no row for {', '.join(unknown[:5])}.{hint}"
        raise DataError(msg)
    if len(compared) < 2:
        msg = f"No peers to compare {home} with; give at least one other region."
        raise DataError(msg)
    return compared


def _signs(values: pd.DataFrame, directions: Mapping[str, int]) -> pd.Series:
    absent = [str(name) for name in values.columns if name not in directions]
    if absent:
        msg = f"directions lacks {', '.join(absent[:5])}; give +1, -1 or 0 for each indicator."
        raise DataError(msg)
    sign = pd.Series({name: directions[str(name)] for name in values.columns}, dtype=float)
    wrong = sign[~sign.isin([-1, 0, 1])]
    if not wrong.empty:
        msg = f"The direction of {wrong.index[0]} is {wrong.iloc[0]:g}; it must be +1, -1 or 0."
        raise DataError(msg)
    return sign


def _country(
    values: pd.DataFrame, regions: pd.DataFrame, country: str, weights: pd.Series | None
) -> tuple[pd.Series, pd.Series]:
    """Give the country's figures and their kind; a mean only where weights were given."""
    figure = pd.Series(np.nan, index=values.columns)
    if country in values.index:
        figure = _row(values, country)
    kind = pd.Series(np.where(figure.notna(), "published", ""), index=values.columns, dtype=str)
    if weights is not None:
        # A region without a figure leaves no mean: that of the others is not the country's.
        weight = weights.reindex(regions.index)
        mean = regions.mul(weight, axis="index").sum(skipna=False) / weight.sum(skipna=False)
        fill = figure.isna() & mean.notna()
        figure, kind = figure.where(~fill, mean), kind.where(~fill, "weighted")
    return figure, kind
