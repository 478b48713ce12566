"""Long post-secondary education by age: the region, its home, the peers and the country."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from regionstudy.analysis.education import attainment, standardised_shares
from regionstudy.analysis.migration import sum_ages, sum_regions
from regionstudy.errors import ConfigError
from regionstudy.geography import label, municipalities_in
from regionstudy.store.segments import join_segments

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from regionstudy.study import Study
    from regionstudy.words import Words

__all__ = ["COUNTRY", "PEERS", "Attained", "attained", "either"]

AGES = "education_level_16_95"
COUNTRY, PEERS, TOTAL = "00", "peers", "total"
# At least three years; a doctorate is a level of its own.
LONG = ("eftergymnasial utbildning, 3 år eller mer", "forskarutbildning")
SEXES = ("1", "2")
_SPAN = 10


@dataclass(frozen=True)
class Attained:
    """
    Who has long post-secondary education, and what of it the ages make.

    Parameters
    ----------
    region, home : str
        Codes of the study's region and home municipality.
    period : str
        The newest year with figures of every municipality; "" where there is none.
    ages : tuple of int
        Lowest and highest age, both in it.
    profile : DataFrame
        By region and age: every municipality, the study's region, the country ("00") and the
        home's peers together ("peers"), as `regionstudy.analysis.education.attainment` gives it.
    shares : DataFrame
        The same regions' shares at the country's ages, as
        `regionstudy.analysis.education.standardised_shares` gives them.
    history : DataFrame
        The study's region by age in every year with figures of it.
    sexes : DataFrame
        The study's region and the country by age and sex in `period`; empty where the sexes
        are not told apart.
    """

    region: str
    home: str
    period: str = ""
    ages: tuple[int, int] = (25, 64)
    profile: pd.DataFrame = field(default_factory=pd.DataFrame)
    shares: pd.DataFrame = field(default_factory=pd.DataFrame)
    history: pd.DataFrame = field(default_factory=pd.DataFrame)
    sexes: pd.DataFrame = field(default_factory=pd.DataFrame)

    @property
    def found(self) -> bool:
        """Whether there are figures of every municipality."""
        return bool(self.period)

    @property
    def place(self) -> Words:
        """What the study's region is called."""
        return label(self.region)


def attained(study: Study, *, ages: tuple[int, int] = (25, 64)) -> Attained:
    """
    Work out once for a page who has long post-secondary education.

    Parameters
    ----------
    study : Study
        The study.
    ages : tuple of int, default (25, 64)
        Lowest and highest age, both in it: whole groups of ten years.

    Returns
    -------
    Attained
        The shares, by age and at the country's ages; without figures where there are none.

    Raises
    ------
    ConfigError
        If `ages` are no whole groups of ten years.
    DataError
        If the published ages do not make the groups up.
    """
    bands = _bands(ages)
    region, home = study.settings.region, study.home
    if AGES not in study.snapshot.indicators:
        return Attained(region, home, ages=ages)
    observed = study.observations(AGES)
    provenance = observed.attrs.get("provenance", {})
    observed = observed[observed["age"] != TOTAL].drop(columns="indicator")
    observed = observed.astype({"age": str, "education": str, "sex": str})
    counts = sum_ages(either(observed, "sex").drop(columns="sex"), bands=bands)
    counts = counts.drop(columns="cells")
    everyone = municipalities_in(COUNTRY)
    inside = counts[counts["region"].isin(everyone)]
    held = inside.groupby("period")["region"].nunique()
    complete = held.index[held == len(everyone)]
    if not len(complete):
        return Attained(region, home, ages=ages)
    period = str(complete.max())
    groups = {COUNTRY: everyone, region: study.region, PEERS: study.peers.others}
    newest = counts[counts["period"] == period]
    profile = attainment(_with_groups(newest, groups), levels=LONG)
    profile = profile[profile["region"].isin([*everyone, *groups])].reset_index(drop=True)
    profile.attrs["provenance"] = _of_periods(provenance, [period])
    parts = counts[counts["region"].isin([region, *study.region])]
    own = [
        _with_groups(part, {region: study.region})
        for _, part in parts.groupby("period")
        if region in set(part["region"]) or set(study.region) <= set(part["region"])
    ]
    history = attainment(pd.concat(own, ignore_index=True), levels=LONG)
    history = history[history["region"] == region].reset_index(drop=True)
    history.attrs["provenance"] = _of_periods(provenance, history["period"].unique())
    shares = standardised_shares(profile, reference=COUNTRY)
    apart = observed[(observed["period"] == period) & observed["sex"].isin(SEXES)]
    sexes = pd.DataFrame()
    if set(apart["sex"]) == set(SEXES):
        groups.pop(PEERS)
        apart = sum_ages(apart, bands=bands).drop(columns="cells")
        sexes = attainment(_with_groups(apart, groups), levels=LONG)
        sexes = sexes[sexes["region"].isin(list(groups))].reset_index(drop=True)
    return Attained(region, home, period, ages, profile, shares, history, sexes)


def either(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    """
    Keep the totals of a breakdown, or sum its parts where no total is published.

    Parameters
    ----------
    rows : DataFrame
        Observations.
    column : str
        The breakdown.

    Returns
    -------
    DataFrame
        Its total alone, as published, or summed where only parts are.
    """
    keys = [one for one in rows.columns if one not in (column, "value", "status")]
    whole = rows[rows[column] == TOTAL]
    # One year may have a published total and another only its parts.
    beside = rows[keys].merge(whole[keys], on=keys, how="left", indicator="found")
    parts = rows[(beside["found"] == "left_only").to_numpy()]
    if parts.empty:
        return whole
    # As of regions: a sum over a missing part, or over one without a row, is missing.
    named = parts.astype({column: str}).rename(columns={"region": "place", column: "region"})
    summed = sum_regions(named, groups={TOTAL: sorted(named["region"].unique())})
    summed = summed.rename(columns={"region": column, "place": "region"})[list(rows.columns)]
    return pd.concat([whole, summed], ignore_index=True) if len(whole) else summed


def _of_periods(provenance: dict[str, Any], periods: Iterable[str]) -> dict[str, Any]:
    """Name only the files that the periods come from: another may be typed in by hand."""
    found = {}
    for one, entry in provenance.items():
        parts = [
            part
            for part in entry.get("segments", ())
            if any(part["periods"][0] <= period <= part["periods"][1] for period in periods)
        ]
        found[one] = entry | join_segments(parts) if parts else entry
    return found


def _bands(ages: tuple[int, int]) -> dict[str, tuple[int, int]]:
    low, high = ages
    if high <= low or (high - low + 1) % _SPAN:
        msg = (
            f"ages=({low}, {high}) are no whole groups of {_SPAN} years; give such as "
            f"ages=({low}, {low + 4 * _SPAN - 1})."
        )
        raise ConfigError(msg)
    starts = range(low, high, _SPAN)
    return {f"{one}-{one + _SPAN - 1}": (one, one + _SPAN - 1) for one in starts}


def _with_groups(counts: pd.DataFrame, groups: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Add the groups that are not published themselves: a published total is never a sum."""
    held = set(counts["region"].unique())
    wanted = {code: list(of) for code, of in groups.items() if code not in held}
    if not wanted:
        return counts
    return pd.concat([counts, sum_regions(counts, groups=wanted)], ignore_index=True)
