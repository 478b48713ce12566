"""Old series in today's codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from regionstudy.errors import DataError
from regionstudy.geography.code_list import FIRST_YEAR, Region, former_regions, region_list
from regionstudy.geography.codes import name, nearest_match, valid_codes
from regionstudy.words import Words

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

__all__ = ["GROSS_FLOWS", "blank_before_formed", "recode"]

# A move from one of the merged counties to another is counted in each of them, and in
# neither once they are one county: the sum is too large by a number nobody published.
# Immigration and emigration cross the country's border, and in nets such moves cancel.
GROSS_FLOWS = frozenset(
    {"domestic_inmigration", "domestic_outmigration", "inmigration", "outmigration"}
)

# The weakest part names the sum: imputed before preliminary before revised.
_WEAKEST_FIRST = ("i", "p", "r", "")

_VASTRA_GOTALAND = Words(
    sv="Summan för Västra Götalands län före 1998 räknar med Habo och Mullsjö, "
    "som därefter hör till Jönköpings län.",
    en="The sum for Västra Götaland County before 1998 includes Habo and Mullsjö, "
    "which belong to Jönköping County since.",
)
_HEBY = Words(
    sv="Heby räknas till Västmanlands län till och med 2006 och därefter till Uppsala län; "
    "de två länens serier är inte jämförbara över årsskiftet 2006/2007.",
    en="Heby counts in Västmanland County until 2006 and in Uppsala County since; the two "
    "counties' series are not comparable across the turn of 2006/2007.",
)


def recode(frame: pd.DataFrame, *, year: int = 1996) -> pd.DataFrame:
    """
    Write a frame of old region codes in today's codes.

    Municipalities were renumbered one to one. Counties were merged: 11 and 12 (Malmöhus)
    into 12 Skåne, and 14 (Göteborgs och Bohus), 15 and 16 into 14 Västra Götaland. Their
    rows are added where every part is published; else the sum is "..". That is right for
    counts only: a frame of rates or shares must not hold the merged counties. Gross flows
    of merged counties (`GROSS_FLOWS`, looked for in ``flow`` and ``indicator``) become
    "..", since moves inside a county vanish at county level while nets add up.

    Parameters
    ----------
    frame : DataFrame, shape (n, k)
        Observations with ``region``, ``value`` and ``status``; one row a key, where the
        key is every other column.
    year : int, default 1996
        The division that the codes are of, as on 1 January of that year.

    Returns
    -------
    DataFrame, shape (m <= n, k)
        A new frame in today's codes; municipalities keep their rows' order, the merged
        counties' sums come last. ``attrs["recoded"]`` maps each code that is new to the
        old ones, ``attrs["recoding_notes"]`` (tuple of Words) says where the territory is
        not today's.

    Raises
    ------
    DataError
        If a column is absent, a code was not valid in `year`, or a key repeats.

    Examples
    --------
    >>> old = pd.DataFrame({"region": ["1917", "2281"], "period": "1996",
    ...     "value": [-12.0, -202.0], "status": ""})
    >>> recode(old)
      region period  value status
    0   0331   1996  -12.0
    1   2281   1996 -202.0
    """
    _require_columns(frame, ("region", "value", "status"))
    _require_valid(frame["region"], year)
    key = [column for column in frame.columns if column not in ("value", "status")]
    _require_unique(frame, key)

    successors = _successors(frame["region"].unique(), year)
    merged = frame["region"].isin({one.region for one in _former(year) if one.level == "county"})
    kept = frame.loc[~merged].assign(
        region=lambda rows: rows["region"].replace(successors).astype("str")
    )
    parts = frame.loc[merged]
    pieces = [kept, _merge_counties(parts, key, year)] if len(parts) else [kept]
    recoded = pd.concat(pieces, ignore_index=True)[list(frame.columns)]
    recoded["value"] = recoded["value"].astype(float)
    if isinstance(frame["status"].dtype, pd.CategoricalDtype):
        categories = list(dict.fromkeys([*frame["status"].cat.categories, ".."]))
        recoded["status"] = pd.Categorical(recoded["status"].astype("object"), categories)
    recoded.attrs = dict(frame.attrs)
    recoded.attrs["recoded"] = _origins(successors)
    recoded.attrs["recoding_notes"] = _notes(set(frame["region"]), year)
    return recoded


def blank_before_formed(frame: pd.DataFrame) -> pd.DataFrame:
    """
    Turn the zeros of municipalities that did not exist yet into "not applicable".

    SCB's series of 1968-1996 write 0 for Gnesta and Trosa before 1992 and for Bollebygd
    and Lekeberg before 1995: no municipality, not no migration.

    Parameters
    ----------
    frame : DataFrame
        Observations with ``region``, ``period``, ``value`` and ``status``; today's or old
        codes.

    Returns
    -------
    DataFrame
        A new frame, with NaN and "." in those rows.

    Raises
    ------
    DataError
        If a column is absent, or such a row holds a figure other than 0.

    Examples
    --------
    >>> old = pd.DataFrame({"region": ["0461", "0461"], "period": ["1991", "1992"],
    ...     "value": [0.0, 591.0], "status": ""})
    >>> blank_before_formed(old)["value"].tolist()
    [nan, 591.0]
    """
    _require_columns(frame, ("region", "period", "value", "status"))
    formed = frame["region"].map(_formed()).fillna(FIRST_YEAR)
    before = frame["period"].astype("str").str[:4].astype(int) < formed
    filled = frame.loc[before & frame["value"].fillna(0).ne(0)]
    if len(filled):
        first = filled.iloc[0]
        msg = (
            f"{first['region']} did not exist in {first['period']}, yet the frame holds "
            f"{first['value']} for it ({len(filled)} such rows). Check the codes: were they "
            f"recoded, and is the period right?"
        )
        raise DataError(msg)
    blanked = frame.copy()
    blanked["value"] = blanked["value"].astype(float).mask(before)
    status = blanked["status"].astype("object").mask(before, ".")
    if isinstance(frame["status"].dtype, pd.CategoricalDtype):
        categories = list(dict.fromkeys([*frame["status"].cat.categories, "."]))
        blanked["status"] = pd.Categorical(status, categories)
    else:
        blanked["status"] = status.astype(frame["status"].dtype)
    return blanked


def _former(year: int) -> list[Region]:
    return [one for one in former_regions().values() if one.valid_in(year)]


def _successors(codes: Iterable[str], year: int) -> dict[str, str]:
    former = {one.region: one.successor for one in _former(year)}
    return {code: former[code] for code in codes if code in former}


def _origins(successors: dict[str, str]) -> dict[str, tuple[str, ...]]:
    origins: dict[str, tuple[str, ...]] = {}
    for old, new in sorted(successors.items()):
        origins[new] = (*origins.get(new, ()), old)
    return origins


def _formed() -> dict[str, int]:
    """Give the first year of the municipalities formed since 1968, under every code."""
    renumbered = {one.successor: one for one in former_regions().values()}
    formed: dict[str, int] = {}
    for one in [*region_list().values(), *former_regions().values()]:
        if one.level != "municipality":
            continue
        first = renumbered.get(one.region, one).valid_from
        if first:
            formed[one.region] = int(first[:4])
    return formed


def _merge_counties(parts: pd.DataFrame, key: list[str], year: int) -> pd.DataFrame:
    former = {one.region: one.successor for one in _former(year) if one.level == "county"}
    needed = pd.Series(former).value_counts()
    summed = parts.assign(region=parts["region"].map(former))
    rank = {status: place for place, status in enumerate(_WEAKEST_FIRST)}
    status = summed["status"].astype("object")
    # "-" is a published nothing: it is a zero in the sum, and shows only if all are.
    summed["nothing"] = status.eq("-")
    summed["rank"] = status.replace("-", "").map(rank).astype(float)
    summed["published"] = summed["value"].notna() & summed["rank"].notna()
    groups = summed.groupby(key, sort=False, dropna=False, observed=True)
    sums = groups.agg(
        value=("value", "sum"),
        published=("published", "sum"),
        nothing=("nothing", "all"),
        rank=("rank", "min"),
    ).reset_index()
    whole = sums["published"].eq(sums["region"].map(needed))
    for column in ("flow", "indicator"):
        if column in sums:
            whole &= ~sums[column].isin(GROSS_FLOWS)
    sums["value"] = sums["value"].astype(float).where(whole)
    named = sums["rank"].map(dict(enumerate(_WEAKEST_FIRST))).mask(sums["nothing"], "-")
    sums["status"] = named.where(whole, "..")
    return sums.drop(columns=["published", "nothing", "rank"])


def _notes(codes: set[str], year: int) -> tuple[Words, ...]:
    notes = []
    if year < 1998 and codes & {"14", "15", "16", "06"}:
        notes.append(_VASTRA_GOTALAND)
    if year < 2007 and codes & {"03", "19"}:
        notes.append(_HEBY)
    return tuple(notes)


def _require_columns(frame: pd.DataFrame, columns: Iterable[str]) -> None:
    absent = [column for column in columns if column not in frame.columns]
    if absent:
        msg = f"The frame lacks {', '.join(absent)}; it has {', '.join(map(str, frame.columns))}."
        raise DataError(msg)


def _require_valid(regions: pd.Series[str], year: int) -> None:
    valid = frozenset().union(
        *(valid_codes(level, year) for level in ("country", "county", "municipality"))
    )
    unknown = sorted(str(code) for code in set(regions.dropna()) - valid)
    if regions.isna().any():
        unknown.insert(0, "(missing)")
    if not unknown:
        return
    shown = "; ".join(_explain(code) for code in unknown[:5])
    more = f"; and {len(unknown) - 5} more" if len(unknown) > 5 else ""
    msg = f"Not a region code of {year}: {shown}{more}. Give the year of the codes' division."
    raise DataError(msg)


def _explain(code: str) -> str:
    if code in region_list() and region_list()[code].valid_from:
        return f'"{code}" {name(code)} (since {region_list()[code].valid_from})'
    if code in former_regions():
        return f'"{code}" {former_regions()[code].name} (until {former_regions()[code].valid_to})'
    match = nearest_match(code)
    return f'"{code}" (nearest: {match} {name(match)})' if match else f'"{code}"'


def _require_unique(frame: pd.DataFrame, key: list[Hashable] | list[str]) -> None:
    twice = frame.duplicated(key, keep=False)
    if twice.any():
        row = frame.loc[twice, key].iloc[0]
        shown = ", ".join(f"{column} {value}" for column, value in row.items())
        msg = f"{int(twice.sum())} rows share their key, the first: {shown}. One row a key, please."
        raise DataError(msg)
