"""What notebook 03 finds about migration by year and age: sentences computed from frames."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from regionstudy.errors import DataError
from regionstudy.geography import label
from regionstudy.words import Message, texts_of

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = [
    "ages_answer",
    "ages_title",
    "cohorts_title",
    "map_title",
    "net_answer",
    "net_title",
    "young_title",
]


_message = texts_of("notebooks.migration")


def _row(frame: pd.DataFrame, **keys: str) -> pd.Series[Any]:
    chosen = frame
    for column, key in keys.items():
        chosen = chosen[chosen[column].astype(str) == key]
    if len(chosen) != 1:
        where = ", ".join(f"{column} {key}" for column, key in keys.items())
        msg = (
            f"A sentence on migration needs one row with {where}, but the frame has {len(chosen)}."
        )
        raise DataError(msg)
    return pd.Series(chosen.iloc[0])


def _more(number: float) -> Message:
    return _message("more" if number >= 0 else "fewer")


def net_answer(levels: pd.DataFrame, *, home: str, peers: Collection[str]) -> Message | None:
    """
    Say whether the home region gains by migration, and how peers fare.

    Parameters
    ----------
    levels : DataFrame
        Net migration as `regionstudy.analysis.migration.interval` gives it: ``region``,
        ``mean``, ``low``, ``high``, ``first``, ``last``.
    home : str
        Code of the home region.
    peers : collection of str
        Codes of the regions compared with.

    Returns
    -------
    Message or None
        The sentence; None where the home region has no interval.
    """
    own = _row(levels, region=home)
    if pd.isna(own["low"]):
        return None
    among = levels.loc[levels["region"].isin(list(peers)), "mean"].dropna()
    kind = "net_gain" if own["low"] > 0 else "net_loss" if own["high"] < 0 else "net_unclear"
    return _message(
        kind,
        place=label(home),
        mean=own["mean"],
        size=abs(own["mean"]),
        low=own["low"],
        high=own["high"],
        first=own["first"],
        last=own["last"],
        median=among.median(),
        n=len(among),
    )


def ages_answer(
    schedule: pd.DataFrame, *, region: str, leaving: str, returning: str
) -> Message | None:
    """
    Say how many leave in the years of leaving, and come in those of returning.

    Parameters
    ----------
    schedule : DataFrame
        As `regionstudy.analysis.migration.age_schedule` gives it, by bands.
    region : str
        Code of the region or group.
    leaving, returning : str
        The two bands, as named in ``age``.

    Returns
    -------
    Message or None
        The sentence; None where either rate is missing.
    """
    left, back = (_row(schedule, region=region, age=band) for band in (leaving, returning))
    rates = [left["rate_per_1000_year"], back["rate_per_1000_year"]]
    if pd.isna(rates).any():
        return None
    return _message(
        "ages",
        place=label(region),
        leaving=leaving.replace("-", "–"),
        returning=returning.replace("-", "–"),
        left=abs(rates[0]),
        left_word=_more(rates[0]),
        back=abs(rates[1]),
        back_word=_more(rates[1]),
        left_country=left["country_rate"],
        back_country=back["country_rate"],
        first=str(int(left["period"]) - int(left["years"])),
        last=left["period"],
    )


def ages_title(profile: pd.DataFrame, *, region: str) -> Message:
    """
    Name the ages of the greatest loss and gain.

    Parameters
    ----------
    profile : DataFrame
        ``age`` (single years) and ``value`` of one region.
    region : str
        Its code.

    Returns
    -------
    Message
        The title.
    """
    ordered = profile.dropna(subset=["value"]).sort_values("value", kind="stable")
    low, high = ordered.iloc[0], ordered.iloc[-1]
    return _message(
        "ages_title",
        place=label(region),
        low_age=low["age"],
        low=low["value"],
        high_age=high["age"],
        high=high["value"],
    )


def cohorts_title(turning: pd.DataFrame, *, region: str, from_age: int) -> Message:
    """
    Say when the region's cohorts turn, and how large they are in the end.

    Parameters
    ----------
    turning : DataFrame
        As `regionstudy.analysis.migration.turning_points` gives it.
    region : str
        Code of the region or group.
    from_age : int
        The age that sizes are compared with.

    Returns
    -------
    Message
        The title.
    """
    row = _row(turning, region=region)
    if pd.isna(row["last_share"]):
        return _message("cohorts_missing", place=label(region))
    change = 100 * (row["last_share"] - 1)
    return _message(
        "cohorts_falling" if pd.isna(row["turns_at"]) else "cohorts_turning",
        place=label(region),
        lowest_age=str(int(row["lowest_age"])),
        last_age=str(int(row["last_age"])),
        from_age=str(from_age),
        change=abs(change),
        word=_message("larger" if change >= 0 else "smaller"),
    )


def net_title(compared: pd.DataFrame, *, home: str) -> Message:
    """
    Give the newest net migration of the home region beside its peers' median.

    Parameters
    ----------
    compared : DataFrame
        As `regionstudy.analysis.trends.compare_with` gives it.
    home : str
        Code of the home region.

    Returns
    -------
    Message
        The title.
    """
    newest = compared.sort_values("period").iloc[-1]
    return _message(
        "net_title",
        place=label(home),
        value=newest["value"],
        median=newest["median"],
        period=newest["period"],
    )


def young_title(levels: pd.DataFrame, *, region: str) -> Message:
    """
    Count the municipalities that gain or lose young adults beyond doubt.

    Parameters
    ----------
    levels : DataFrame
        Of the region's municipalities, as `regionstudy.analysis.migration.interval`
        gives it; one without an interval counts as unclear.
    region : str
        Code of the region.

    Returns
    -------
    Message
        The title.
    """
    gain, loss = int((levels["low"] > 0).sum()), int((levels["high"] < 0).sum())
    if len(levels) == 1:
        kind = "young_gain" if gain else "young_loss" if loss else "young_unclear"
        row = levels.iloc[0]
        return _message(kind, place=label(region), first=row["first"], last=row["last"])
    return _message(
        "young_title",
        place=label(region),
        gain=gain,
        loss=loss,
        n=len(levels),
        unclear=len(levels) - gain - loss,
        first=str(levels["first"].min()),
        last=str(levels["last"].max()),
    )


def map_title(levels: pd.DataFrame, *, region: str, inside: Collection[str]) -> Message:
    """
    Count the municipalities with fewer young adults through migration.

    Parameters
    ----------
    levels : DataFrame
        Of all municipalities, as `regionstudy.analysis.migration.interval` gives it; one
        without a mean is not counted.
    region : str
        Code of the region.
    inside : collection of str
        Codes of its municipalities.

    Returns
    -------
    Message
        The title.
    """
    known = levels[levels["mean"].notna()]
    here = known[known["region"].isin(list(inside))]
    one = len(here) == 1
    left = bool((here["mean"] < 0).any())
    return _message(
        "map_title_one" if one else "map_title",
        word=_message("map_more_left" if left else "map_more_came"),
        place=label(region),
        loss=int((known["mean"] < 0).sum()),
        n=len(known),
        loss_here=int((here["mean"] < 0).sum()),
        n_here=len(here),
        first=str(levels["first"].min()),
        last=str(levels["last"].max()),
    )
