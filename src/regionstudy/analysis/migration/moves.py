"""Moves as they are published, named by where people came from or went to."""

from __future__ import annotations

import difflib

import numpy as np
import pandas as pd

from regionstudy.analysis.checks import require_columns, require_unique, years
from regionstudy.analysis.statuses import MISSING, severity, words
from regionstudy.errors import DataError

__all__ = ["KINDS", "read_moves"]

# From near to far; "domestic" and "all" are sums of those before them.
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
_SUMS = {"domestic": ("own_county", "other_counties"), "all": ("domestic", "abroad")}
_KEYS = ["region", "period", "age", "sex", "kind", "flow"]


def read_moves(observations: pd.DataFrame) -> pd.DataFrame:
    """
    Name published moves by kind (from or to where) and flow (in or out).

    ``domestic = own_county + other_counties`` and ``all = domestic + abroad``, each only
    where it is not published itself; both sexes likewise. So figures that carry noise
    (CKM, from 2025) are summed only where nothing else is to be had, and ``cells`` says
    how many of them a figure is the sum of.

    Parameters
    ----------
    observations : DataFrame
        Observations of "migration_in_domestic", "migration_out_domestic", "immigration",
        "emigration" and "migration_in_total" (any of them), or of
        "population_change_components": ``region``, ``indicator``, ``period`` (years),
        ``value``, ``status`` and, where there are any, ``age``, ``sex`` ("1", "2",
        "total") and ``component``. A breakdown that a row lacks is its total.

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
    rows = _add_sum(rows, "sex", "total", ("1", "2"))
    for whole, parts in _SUMS.items():
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
    if _COMPONENTS_ID in found:
        if found != {_COMPONENTS_ID}:
            msg = (
                f"moves mixes {_COMPONENTS_ID} with {', '.join(sorted(found - {_COMPONENTS_ID}))}, "
                "which count the same people; give one of them."
            )
            raise DataError(msg)
        require_columns(observations, ["component"], name="moves")
        text = observations["component"].astype(str).str.lower()
        meaning = _COMPONENTS
        if not text.isin(list(meaning)).any():
            shown = ", ".join(sorted(text.unique())[:5]) or "none"
            msg = (
                f"moves has no component that counts moves (found: {shown}); "
                f'expected such as "{next(iter(meaning))}".'
            )
            raise DataError(msg)
    else:
        text, meaning = indicator, _INDICATORS
        unknown = sorted(found - set(meaning))
        if unknown:
            near = difflib.get_close_matches(unknown[0], list(meaning), n=1)
            hint = f' Did you mean "{near[0]}"?' if near else ""
            msg = (
                f"moves holds the indicator {', '.join(unknown[:5])}, which is no gross flow; "
                f"give {', '.join(meaning)}, or {_COMPONENTS_ID}.{hint}"
            )
            raise DataError(msg)
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


def _or_total(rows: pd.DataFrame, column: str) -> pd.Series:
    if column not in rows.columns:
        return pd.Series("total", index=rows.index, dtype=str)
    return rows[column].astype(object).fillna("total").astype(str).replace("", "total")


def _add_sum(rows: pd.DataFrame, column: str, whole: str, parts: tuple[str, ...]) -> pd.DataFrame:
    """Add rows of a whole where its parts are all given and it is not itself."""
    others = [key for key in _KEYS if key != column]
    summed = (
        rows[rows[column].isin(parts)]
        .groupby(others, as_index=False, observed=True)
        .agg(
            value=("value", "sum"),
            cells=("cells", "sum"),
            severity=("severity", "max"),
            given=(column, "size"),
        )
    )
    summed = summed[summed.pop("given") == len(parts)].assign(**{column: whole})
    published = rows.loc[rows[column] == whole, others]
    told = summed.merge(published, on=others, how="left", indicator=True, validate="one_to_one")
    new = told.loc[told["_merge"] == "left_only", rows.columns]
    return pd.concat([rows, new], ignore_index=True)
