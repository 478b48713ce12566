"""What the region supplies: graduates who stay, in-movers, those who return."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from regionstudy.analysis.checks import require_columns, require_unique
from regionstudy.analysis.competence.crosswalk import to_occupations
from regionstudy.analysis.competence.terms import (
    COLUMNS,
    EVERY,
    GROUNDS,
    SUPPRESSED,
    TOTAL,
    check_range,
    spread,
)
from regionstudy.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "graduates",
    "in_movers",
    "members_share",
    "returners",
]

_RANGE = ("low", "value", "high")


def graduates(
    programmes: pd.DataFrame,
    *,
    years: Sequence[int],
    crosswalk: pd.DataFrame,
    stay_share: tuple[float, float, float],
    recruited: pd.DataFrame,
) -> pd.DataFrame:
    """
    Count graduates who stay in the region and whom members can recruit, each year.

    The mean of a programme's years is taken to go on. The share of them who stay is the
    programme's own where it gives any (all its years together; the least and the most of them
    are its range), else `stay_share`.

    Parameters
    ----------
    programmes : DataFrame
        ``org_id``, ``name``, ``education`` (SUN 2020), ``occupation`` (SSYK 2012, missing or
        "" where the programme names none: `crosswalk` then parts it), ``year``,
        ``graduates``, ``stayed`` (missing where not known).
    years : sequence of int
        The years to count.
    crosswalk : DataFrame
        As `to_occupations` takes it.
    stay_share : tuple of float
        Share of graduates who stay: low, middle, high.
    recruited : DataFrame
        As `members_share` gives it: the part of the region's supply that members can win.

    Returns
    -------
    DataFrame
        Rows of the term "graduates" by occupation, and their sum. ``attrs["without"]`` counts
        the programmes without a figure of graduates, ``attrs["unmatched"]`` the educations
        that the crosswalk does not hold; neither is counted.

    Raises
    ------
    DataError
        If a column is absent, more stayed than graduated, or shares are not in order.
    """
    keys = ["org_id", "name", "education", "occupation"]
    require_columns(programmes, [*keys, "year", "graduates", "stayed"], name="programmes")
    check_range(stay_share, name="stay_share")
    rows = programmes.assign(
        **{key: programmes[key].astype(object).where(programmes[key].notna(), "") for key in keys},
        **{key: programmes[key].astype(float) for key in ("graduates", "stayed")},
    )
    over = rows["stayed"] > rows["graduates"]
    if over.any():
        first = rows.loc[over].iloc[0]
        msg = (
            f"programmes: {first['name']}, {first['year']}: {first['stayed']:.0f} stayed of "
            f"{first['graduates']:.0f} graduates. Mend one of them in the members' workbook."
        )
        raise DataError(msg)
    counted = rows[rows["graduates"].notna()]
    yearly = _stayed(counted, keys, stay_share)
    named = yearly["occupation"] != ""
    parted = to_occupations(yearly[~named], crosswalk=crosswalk)
    whole = pd.concat([yearly[named].assign(share=1.0), parted], ignore_index=True)
    for name in _RANGE:
        whole[name] = whole[name] * whole["share"]
    # Where a share of the crosswalk or who stayed is assumed, so is the figure.
    assumed = whole["assumed"] | (whole.index >= int(named.sum()))
    sums = whole.assign(assumed=assumed).groupby("occupation", as_index=False)
    found = _recruited(sums.agg(dict.fromkeys(_RANGE, "sum") | {"assumed": "any"}), recruited)
    base = found["assumed"].map({True: "member assumption", False: "member"})
    found = found.assign(rests_on=_grounds(base, found["ground"]))
    terms = _term("graduates", found, years)
    uncounted = set(map(tuple, rows[keys].to_numpy())) - set(map(tuple, counted[keys].to_numpy()))
    terms.attrs = {"without": len(uncounted), "unmatched": parted.attrs["unmatched"]}
    return terms


def in_movers(
    movers: pd.DataFrame,
    *,
    years: Sequence[int],
    crosswalk: pd.DataFrame,
    recruited: pd.DataFrame,
) -> pd.DataFrame:
    """
    Count in-movers by occupation, and whom of them members can recruit, each year.

    The mean of the years given is taken to go on; the least and the most of them are its range.

    Parameters
    ----------
    movers : DataFrame
        Official ``education``, ``period``, ``value`` and ``status``: those who move into the
        region in a year. Those who return are among them.
    years : sequence of int
        The years to count.
    crosswalk : DataFrame
        As `to_occupations` takes it.
    recruited : DataFrame
        As `members_share` gives it.

    Returns
    -------
    DataFrame
        Rows of the term "in_movers" by occupation, and their sum; an occupation of which an
        education lacks a figure is "..". ``attrs["unmatched"]`` as in `to_occupations`.

    Raises
    ------
    DataError
        If a column is absent or a row repeated.
    """
    require_columns(movers, ["education", "period", "value"], name="movers")
    require_unique(movers, ["education", "period"], name="movers")
    parted = to_occupations(movers, crosswalk=crosswalk)
    parts = (parted["value"].astype(float) * parted["share"]).groupby(
        [parted["occupation"], parted["period"]]
    )
    # A year with a missing part is no year to build upon, and not a smaller one.
    yearly = parts.sum().where(parts.count() == parts.size()).groupby("occupation")
    whole = pd.DataFrame({"low": yearly.min(), "value": yearly.mean(), "high": yearly.max()})
    found = _recruited(whole.reset_index(), recruited)
    base = pd.Series("official assumption", index=found.index)
    found = found.assign(rests_on=_grounds(base, found["ground"]))
    terms = _term("in_movers", found, years)
    terms.attrs = {"unmatched": parted.attrs["unmatched"]}
    return terms


def returners(staff: pd.DataFrame, *, hires: float, years: Sequence[int]) -> pd.DataFrame:
    """
    Spread those whom members hired and who returned to the region over occupations.

    They are few, so that only their sum is published; each occupation gets its share of the
    staff. The year's number is taken to go on.

    Parameters
    ----------
    staff : DataFrame
        Protected ``occupation``, ``headcount``, ``status``, with the margin "total".
    hires : float
        Hires in a year of persons who returned, as published; NaN where suppressed.
    years : sequence of int
        The years to count.

    Returns
    -------
    DataFrame
        Rows of the term "returners" by occupation, and "total"; suppressed where the hires or
        the occupation's staff are.

    Raises
    ------
    DataError
        If a column or the margin is absent, or a row repeated.

    Examples
    --------
    >>> staff = pd.DataFrame({"occupation": ["251", "261", "total"],
    ...     "headcount": [30.0, 10.0, 40.0], "status": ""})
    >>> returners(staff, hires=8, years=[2027])["value"].to_list()
    [6.0, 2.0, 8.0]
    """
    require_columns(staff, ["occupation", "headcount", "status"], name="staff")
    require_unique(staff, ["occupation"], name="staff")
    shown = _shown(staff)
    whole = shown[staff["occupation"] == TOTAL]
    if whole.empty:
        msg = 'staff lacks the row "total", which shares are of. Keep the release\'s margins.'
        raise DataError(msg)
    value = hires * shown / float(whole.iloc[0])
    rows = pd.DataFrame(dict.fromkeys(_RANGE, value)).assign(
        occupation=staff["occupation"].to_numpy(), rests_on="member assumption"
    )
    rows["status"] = np.where(rows["value"].isna(), SUPPRESSED, "")
    return _rows("returners", rows, years)


def members_share(
    occupations: Sequence[str],
    *,
    assumed: tuple[float, float, float],
    staff: pd.DataFrame | None = None,
    employed: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """
    Tell which part of the region's supply members can recruit, by occupation.

    It is members' part of all who have the occupation in the region where both figures are
    there, and `assumed` elsewhere: other employers want the same persons.

    Parameters
    ----------
    occupations : sequence of str
        The occupations.
    assumed : tuple of float
        The part where figures lack: low, middle, high.
    staff : DataFrame, optional
        Protected ``occupation``, ``headcount``, ``status`` of the members' staff.
    employed : DataFrame, optional
        Official ``occupation``, ``value``: all employed in the region.

    Returns
    -------
    DataFrame
        ``occupation``, ``low``, ``value``, ``high``, ``ground`` ("official" or "assumption").

    Raises
    ------
    DataError
        If the shares are not in order, or an occupation is repeated.
    """
    check_range(assumed, name="assumed")
    rows = pd.DataFrame({"occupation": list(occupations)}).drop_duplicates(ignore_index=True)
    share = pd.Series(np.nan, index=rows.index)
    if staff is not None and employed is not None:
        require_columns(staff, ["occupation", "headcount", "status"], name="staff")
        require_unique(staff, ["occupation"], name="staff")
        require_unique(employed, ["occupation"], name="employed")
        own = _shown(staff).set_axis(staff["occupation"])
        every = employed.set_index("occupation")["value"].astype(float)
        share = rows["occupation"].map(own / every.where(every > 0)).clip(upper=1.0)
    known = share.notna()
    ranged = {name: share.where(known, part) for name, part in zip(_RANGE, assumed, strict=True)}
    return rows.assign(**ranged, ground=np.where(known, "official", "assumption"))


def _shown(staff: pd.DataFrame) -> pd.Series[float]:
    """Give headcounts; a number beside "suppressed" must not count, whoever put it there."""
    heads = staff["headcount"].astype(float)
    return heads.mask(staff["status"].astype(str) == SUPPRESSED)


def _recruited(supply: pd.DataFrame, recruited: pd.DataFrame) -> pd.DataFrame:
    """Keep members' part of a supply, of the occupations that a part is given for."""
    require_columns(recruited, ["occupation", *_RANGE, "ground"], name="recruited")
    both = supply.merge(
        recruited, on="occupation", how="inner", suffixes=("", "_part"), validate="one_to_one"
    )
    won = {name: both[name] * both[f"{name}_part"] for name in _RANGE}
    return both.drop(columns=[f"{name}_part" for name in _RANGE]).assign(**won)


def _stayed(
    counted: pd.DataFrame, keys: list[str], assumed: tuple[float, float, float]
) -> pd.DataFrame:
    """Give each programme's graduates who stay in a year, and whether that is assumed."""
    said = counted[counted["stayed"].notna() & (counted["graduates"] > 0)]
    own = (said["stayed"] / said["graduates"]).groupby([said[key] for key in keys])
    sums = said.groupby(keys)[["stayed", "graduates"]].sum()
    share = pd.DataFrame(
        {"low": own.min(), "value": sums["stayed"] / sums["graduates"], "high": own.max()}
    )
    mean = counted.groupby(keys)["graduates"].mean()
    share = share.reindex(mean.index)
    known = share["value"].notna()
    parts = {
        name: mean * share[name].where(known, part)
        for name, part in zip(_RANGE, assumed, strict=True)
    }
    return pd.DataFrame(parts).assign(assumed=~known).reset_index()


def _term(term: str, found: pd.DataFrame, years: Sequence[int]) -> pd.DataFrame:
    """Make rows of a yearly supply, with the sum over its occupations."""
    found = found.assign(status=np.where(found["value"].isna(), "..", ""))
    if found.empty:
        return _rows(term, found, years)
    whole = found[list(_RANGE)].sum(skipna=False)
    words = {word for one in found["rests_on"] for word in one.split()}
    total = pd.DataFrame([whole]).assign(
        occupation=TOTAL,
        rests_on=" ".join(sorted(words, key=GROUNDS.index)),
        status=np.where(np.isnan(whole["value"]), "..", ""),
    )
    return _rows(term, pd.concat([found, total], ignore_index=True), years)


def _rows(term: str, found: pd.DataFrame, years: Sequence[int]) -> pd.DataFrame:
    rows = spread(found, years).assign(term=term, scenario=EVERY)
    return rows[list(COLUMNS)].reset_index(drop=True)


def _grounds(base: pd.Series[str], last: pd.Series[str]) -> pd.Series[str]:
    """Write what figures rest on, each word once."""
    pairs = zip(base, last, strict=True)
    words = [held if one in held.split() else f"{held} {one}" for held, one in pairs]
    return pd.Series(words, index=base.index, dtype="str")
