"""Moves as they are published, named by where people came from or went to."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from regionstudy.analysis.checks import require_columns, require_unique, years
from regionstudy.analysis.statuses import MISSING, severity, words
from regionstudy.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["KINDS", "read_moves"]

# From near to far; "domestic" is the first two together, "all" that and "abroad".
KINDS = ("own_county", "other_counties", "domestic", "abroad", "all")
_COMPONENTS_ID = "population_change_components"
_INDICATORS = {
    "migration_in_domestic": ("domestic", "in"),
    "migration_out_domestic": ("domestic", "out"),
    "immigration": ("abroad", "in"),
    "emigration": ("abroad", "out"),
    "migration_in_total": ("all", "in"),
}
# The texts of SCB's table, in lower case as the store keeps them.
_COMPONENTS = {
    "inflyttningar från kommuner inom länet": ("own_county", "in"),
    "inflyttningar från övriga län": ("other_counties", "in"),
    "invandringar": ("abroad", "in"),
    "samtliga inflyttningar": ("all", "in"),
    "utflyttningar till kommuner inom länet": ("own_county", "out"),
    "utflyttningar till övriga län": ("other_counties", "out"),
    "utvandringar": ("abroad", "out"),
    "samtliga utflyttningar": ("all", "out"),
}
# Older tables have one id, and tell the flows apart in a column.
_FLOWS_IDS = ("migration_older", "migration_flows")
_FLOWS = {
    "domestic_inmigration": ("domestic", "in"),
    "immigration": ("abroad", "in"),
    "inmigration": ("all", "in"),
    "domestic_outmigration": ("domestic", "out"),
    "emigration": ("abroad", "out"),
    "outmigration": ("all", "out"),
}
# In the order in which they are tried; -1 takes a part off.
_SUMS = (
    ("domestic", {"own_county": 1, "other_counties": 1}),
    ("all", {"domestic": 1, "abroad": 1}),
    ("domestic", {"all": 1, "abroad": -1}),
)
_KEYS = ["region", "period", "age", "sex", "kind", "flow"]


def read_moves(observations: pd.DataFrame) -> pd.DataFrame:
    """
    Name published moves by kind (from or to where) and flow (in or out).

    ``domestic = own_county + other_counties`` (or ``all - abroad``) and ``all = domestic +
    abroad``, each only where it is not published itself; both sexes likewise. So figures
    that carry noise (CKM, from 2025) are added up only where nothing else is to be had,
    and ``cells`` says how many of them a figure is made of.

    Parameters
    ----------
    observations : DataFrame
        Observations of "migration_in_domestic", "migration_out_domestic", "immigration",
        "emigration" and "migration_in_total" (any of them), of
        "population_change_components", or of "migration_older" and "migration_flows":
        ``region``, ``indicator``, ``period`` (years), ``value``, ``status`` and, where there
        are any, ``age``, ``sex`` ("1", "2", "total"), ``component`` and ``flow`` (nets in it
        are left out). A breakdown that a row lacks is its total.

    Returns
    -------
    DataFrame
        ``region``, ``period``, ``age``, ``sex``, ``kind`` (see `KINDS`), ``flow`` ("in",
        "out"), ``value``, ``cells``, ``status``. A sum is NaN with ".." where a part is
        missing; a kind that no row is of is left out.

    Raises
    ------
    DataError
        If a column is absent, a period is no year, an indicator or all components are
        unknown, a number is negative, rows repeat, or both sources are mixed.

    Examples
    --------
    >>> moves = pd.DataFrame({"region": "2281", "period": "2019", "value": [3000.0, 900.0],
    ...     "indicator": ["migration_in_domestic", "immigration"], "status": ""})
    >>> read_moves(moves)[["kind", "flow", "value", "cells"]]
           kind flow   value  cells
    0  domestic   in  3000.0      1
    1    abroad   in   900.0      1
    2       all   in  3900.0      2
    """
    require_columns(
        observations, ["region", "indicator", "period", "value", "status"], name="moves"
    )
    years(observations["period"], name="moves")
    named = _named(observations)
    negative = named[named["value"] < 0]
    if not negative.empty:
        first = negative.iloc[0]
        msg = (
            f"moves holds {first['value']:g} persons ({first['kind']}, {first['flow']}) for region "
            f"{first['region']} in {first['period']}; a gross flow is never negative."
        )
        raise DataError(msg)
    require_unique(named, _KEYS, name="moves")
    code = np.where(named["value"].isna(), MISSING, severity(named["status"]))
    rows = named.assign(severity=code, cells=1)[[*_KEYS, "value", "cells", "severity"]]
    rows = _add_sum(rows, "sex", "total", {"1": 1, "2": 1})
    for whole, parts in _SUMS:
        rows = _add_sum(rows, "kind", whole, parts)
    known = rows["severity"] < MISSING
    result = rows.assign(
        value=rows["value"].where(known),
        status=words(rows["severity"].to_numpy(dtype=np.int8)),
        order=rows["kind"].map({kind: place for place, kind in enumerate(KINDS)}),
    )
    result = result.sort_values(
        ["region", "period", "age", "sex", "order", "flow"], ignore_index=True
    )[[*_KEYS, "value", "cells", "status"]]
    result.attrs = dict(observations.attrs)
    return result


def _named(observations: pd.DataFrame) -> pd.DataFrame:
    indicator = observations["indicator"].astype(str)
    found = set(indicator.unique())
    text, meaning = indicator, _INDICATORS
    for ids, column, read in (
        ((_COMPONENTS_ID,), "component", _COMPONENTS),
        (_FLOWS_IDS, "flow", _FLOWS),
    ):
        if found & set(ids):
            _require_only(found, ids)
            text, meaning = _told_by(observations, column, read), read
    if meaning is _INDICATORS:
        _require_known(found)
    kept = text.isin(list(meaning))
    rows = observations[kept]
    given = text[kept]
    return pd.DataFrame(
        {
            "region": rows["region"].astype(str),
            "period": rows["period"].astype(str),
            "age": _or_total(rows, "age"),
            "sex": _or_total(rows, "sex"),
            "kind": given.map({name: kind for name, (kind, _) in meaning.items()}),
            "flow": given.map({name: flow for name, (_, flow) in meaning.items()}),
            "value": rows["value"].astype(float),
            "status": rows["status"],
        }
    ).reset_index(drop=True)


def _require_only(found: set[str], ids: tuple[str, ...]) -> None:
    if found - set(ids):
        msg = (
            f"moves mixes {', '.join(sorted(found & set(ids)))} with "
            f"{', '.join(sorted(found - set(ids)))}, which may count the same people; give one of "
            "them, and join their rates afterwards."
        )
        raise DataError(msg)


def _told_by(
    observations: pd.DataFrame, column: str, meaning: Mapping[str, tuple[str, str]]
) -> pd.Series:
    require_columns(observations, [column], name="moves")
    text = observations[column].astype(str).str.lower()
    if not text.isin(list(meaning)).any():
        shown = ", ".join(sorted(text.unique())[:5]) or "none"
        msg = (
            f"moves has no {column} that counts moves (found: {shown}); expected such as "
            f'"{next(iter(meaning))}".'
        )
        raise DataError(msg)
    return text


def _require_known(found: set[str]) -> None:
    unknown = sorted(found - set(_INDICATORS))
    if unknown:
        near = difflib.get_close_matches(unknown[0], list(_INDICATORS), n=1)
        hint = f' Did you mean "{near[0]}"?' if near else ""
        msg = (
            f"moves holds the indicator {', '.join(unknown[:5])}, which is no gross flow; give "
            f"{', '.join((*_INDICATORS, _COMPONENTS_ID, *_FLOWS_IDS))}.{hint}"
        )
        raise DataError(msg)


def _or_total(rows: pd.DataFrame, column: str) -> pd.Series:
    if column not in rows.columns:
        return pd.Series("total", index=rows.index, dtype=str)
    return rows[column].astype(object).fillna("total").astype(str).replace("", "total")


def _add_sum(rows: pd.DataFrame, column: str, whole: str, parts: Mapping[str, int]) -> pd.DataFrame:
    """Add rows of a whole where its parts are all given and it is not itself."""
    others = [key for key in _KEYS if key != column]
    given = rows[rows[column].isin(list(parts))]
    summed = (
        given.assign(value=given["value"] * given[column].map(dict(parts)).astype(float))
        .groupby(others, as_index=False, observed=True)
        .agg(
            value=("value", "sum"),
            cells=("cells", "sum"),
            severity=("severity", "max"),
            given=(column, "size"),
        )
    )
    summed = summed[summed.pop("given") == len(parts)].assign(**{column: whole})
    # Noise (CKM) can make a difference fall below 0, which is then no count.
    summed = summed[~(summed["value"] < 0)]
    published = rows.loc[rows[column] == whole, others]
    told = summed.merge(published, on=others, how="left", indicator=True, validate="one_to_one")
    new = told.loc[told["_merge"] == "left_only", rows.columns]
    return pd.concat([rows, new], ignore_index=True)
