"""Assignments that can be sought on a day: which are open, and which ad is which assignment."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

import pandas as pd

from regionstudy.analysis.checks import require_columns
from regionstudy.errors import DataError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

__all__ = ["ads_by_occupation", "counted_by", "merged", "on_day"]

_MEMBER = ("org_number", "title", "occupation", "municipality", "opens", "closes")
_AD = (
    *("id", "title", "employer", "organisation_number", "region", "occupation"),
    *("published", "deadline", "link"),
)
# Titles of one assignment are this alike: so much of the shorter one's words, or of its letters.
# With the same occupation and municipality less is enough, for employers shorten a long title.
_ALIKE, _ALIKE_IN_OCCUPATION = 0.85, 0.6
# An ad is published some days before or after its assignment opens.
_SLACK = pd.Timedelta(days=14)
_WORD = re.compile(r"\w+")


def on_day(assignments: pd.DataFrame, *, day: dt.date | str) -> pd.DataFrame:
    """
    Keep the assignments that can be sought on a day, or that will open after it.

    Parameters
    ----------
    assignments : DataFrame
        With ``opens`` and ``closes`` (datetime64); a missing one sets no limit.
    day : date or str
        The day looked from, so that the same data give the same answer on any other day.

    Returns
    -------
    DataFrame
        Without those that closed before `day`; the last day is still open. ``state`` is "open"
        or "coming". ``attrs`` holds ``day`` and ``expired``, the number left out.

    Raises
    ------
    DataError
        If a column is absent, `day` is no day, or an assignment closes before it opens.

    Examples
    --------
    >>> rows = pd.DataFrame({"opens": pd.to_datetime(["2026-10-01", "2026-12-01", None]),
    ...     "closes": pd.to_datetime(["2026-11-24", "2026-12-31", "2026-11-25"])})
    >>> on_day(rows, day="2026-11-25")["state"].to_dict()
    {1: 'coming', 2: 'open'}
    """
    require_columns(assignments, ["opens", "closes"], name="assignments")
    now = _day(day)
    backwards = assignments[assignments["closes"] < assignments["opens"]]
    if len(backwards):
        name = str(backwards.iloc[0].get("title", backwards.index[0]))
        msg = f'The assignment "{name}" closes before it opens; mend its dates in the workbook.'
        raise DataError(msg)
    kept = assignments[~(assignments["closes"] < now)]
    coming = (kept["opens"] > now).map({True: "coming", False: "open"})
    kept = kept.assign(state=coming.astype("str"))
    kept.attrs = {
        **assignments.attrs,
        "day": now.date().isoformat(),
        "expired": len(assignments) - len(kept),
    }
    return kept


def merged(assignments: pd.DataFrame, ads: pd.DataFrame) -> pd.DataFrame:
    """
    Set members' assignments and job ads side by side, each thing that is sought once.

    An ad is the same as an assignment where the employer has the same organisation number,
    the times meet within 14 days, and the titles are alike: 85 per cent of the shorter
    title's words or of all letters, or 60 per cent where occupation and municipality are the
    same too. Ads of one employer with one title, occupation and municipality are one.

    Parameters
    ----------
    assignments : DataFrame
        Members' rows: ``org_number``, ``title``, ``occupation``, ``municipality``, ``opens``,
        ``closes``, and whatever else.
    ads : DataFrame
        Rows as `regionstudy.sources.jobtech_ads.read_ads` gives them.

    Returns
    -------
    DataFrame
        The columns of `assignments`, then ``source`` ("member", "both" or "ad"), ``employer``
        and ``ads`` (the ids of its ads, by comma). Members' rows first, as they stood, with
        their own words; then the ads that no member has told of, the newest first: their
        ``title``, ``occupation``, ``municipality``, ``opens``, ``closes``, ``org_number`` and,
        where there is such a column, ``url``. What an ad does not say is missing.

    Raises
    ------
    DataError
        If a column is absent.
    """
    require_columns(assignments, _MEMBER, name="assignments")
    require_columns(ads, _AD, name="ads")
    own = assignments.reset_index(drop=True)
    offered = ads.drop_duplicates("id").sort_values(["published", "id"], ascending=False)
    offered = offered.reset_index(drop=True)
    pairs = _pairs(own, offered)
    held = pairs.groupby("row")["id"].agg(lambda ids: ",".join(sorted(ids)))
    listed = held.reindex(own.index).astype("str")
    rows = own.assign(
        source=listed.notna().map({True: "both", False: "member"}).astype("str"),
        employer="",
        ads=listed.fillna(""),
    )
    rest = offered[~offered["id"].isin(list(pairs["id"]))]
    made = pd.concat([rows, _of_ads(rest, rows.columns)], ignore_index=True)
    made.attrs = dict(assignments.attrs)
    return made


def counted_by(assignments: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """
    Count assignments, organisations and those that can be done from anywhere.

    Parameters
    ----------
    assignments : DataFrame
        With `columns`, ``org_id`` and ``remote_share`` (0 to 1).
    columns : sequence of str
        What to count by, such as theme and cluster; a missing word is "".

    Returns
    -------
    DataFrame
        `columns`, ``assignments``, ``organisations`` and ``remote`` (those with a remote share
        of 1; NaN where none of them says how large its share is), most assignments first.

    Raises
    ------
    DataError
        If a column is absent.
    """
    require_columns(assignments, [*columns, "org_id", "remote_share"], name="assignments")
    given = {column: assignments[column].fillna("").astype("str") for column in columns}
    rows = assignments.assign(
        **given,
        remote=assignments["remote_share"].eq(1).where(assignments["remote_share"].notna()),
    )
    rows["remote"] = rows["remote"].astype("float64")
    found = rows.groupby(list(columns), as_index=False).agg(
        assignments=("org_id", "size"),
        organisations=("org_id", "nunique"),
        remote=("remote", lambda given: given.sum(min_count=1)),
    )
    return found.sort_values(
        ["assignments", *columns], ascending=[False, *(True for _ in columns)], ignore_index=True
    )


def ads_by_occupation(assignments: pd.DataFrame, ads: pd.DataFrame) -> pd.DataFrame:
    """
    Set the number of open job ads beside the assignments of each occupation.

    Parameters
    ----------
    assignments : DataFrame
        With ``occupation`` (SSYK 2012, one to four digits).
    ads : DataFrame
        Observations of the ads open in some municipalities at one time: ``region``,
        ``occupation`` ("total" and SSYK 2012), ``value`` and ``status``.

    Returns
    -------
    DataFrame
        ``occupation``, ``assignments``, ``ads`` and ``ads_status``: all ads whose code begins
        with the occupation's, in all of the municipalities. "..", without a number, where one
        of the parts is missing; 0 where the count was made and holds no such occupation.

    Raises
    ------
    DataError
        If a column is absent.
    """
    require_columns(assignments, ["occupation"], name="assignments")
    require_columns(ads, ["region", "occupation", "value", "status"], name="ads")
    asked = assignments.loc[assignments["occupation"].fillna("") != "", "occupation"]
    counts = asked.value_counts().rename("assignments").rename_axis("occupation").reset_index()
    by_group = ads[ads["occupation"] != "total"].groupby("occupation")["value"]
    known = by_group.sum().where(by_group.count() == by_group.size())
    sums = {
        code: known[known.index.str.startswith(code)].sum(skipna=False)
        for code in counts["occupation"]
    }
    counts["ads"] = counts["occupation"].map(sums).astype("float64")
    counts["ads_status"] = counts["ads"].isna().map({True: "..", False: ""}).astype("str")
    return counts.sort_values(
        ["assignments", "occupation"], ascending=[False, True], ignore_index=True
    )


def _day(day: dt.date | str) -> pd.Timestamp:
    found = pd.to_datetime(str(day), format="%Y-%m-%d", errors="coerce")
    if pd.isna(found):
        msg = f'day="{day}" is no day; write it as "2026-11-25".'
        raise DataError(msg)
    return found


def _pairs(own: pd.DataFrame, offered: pd.DataFrame) -> pd.DataFrame:
    """Give each ad that is an assignment, with the row it is most like."""
    left = own[list(_MEMBER)].assign(row=own.index, number=_digits(own["org_number"]))
    right = offered.assign(number=_digits(offered["organisation_number"]))
    pairs = left[left["number"] != ""].merge(
        right, on="number", suffixes=("", "_ad"), validate="many_to_many"
    )
    early = pairs["deadline"] + _SLACK < pairs["opens"]
    late = pairs["published"] - _SLACK > pairs["closes"]
    pairs = pairs[~early & ~late]
    titles = zip(pairs["title"], pairs["title_ad"], strict=True)
    alike = pd.Series([_likeness(*both) for both in titles], index=pairs.index, dtype="float64")
    same = pairs["occupation"].fillna("").ne("") & pairs["occupation"].eq(pairs["occupation_ad"])
    same &= pairs["municipality"].eq(pairs["region"])
    pairs = pairs.assign(alike=alike)[(alike >= _ALIKE) | (same & (alike >= _ALIKE_IN_OCCUPATION))]
    best = pairs.sort_values(["alike", "row"], ascending=[False, True], kind="stable")
    return best.drop_duplicates("id")[["row", "id"]]


def _of_ads(ads: pd.DataFrame, columns: pd.Index) -> pd.DataFrame:
    number = _digits(ads["organisation_number"])
    again = ads.assign(number=number, words=ads["title"].map(_plain)).duplicated(
        ["number", "words", "occupation", "region"]
    )
    # Without an employer's number, two ads of one title may be of two employers.
    kept = ads[~again | (number == "")]
    told = {
        "org_number": kept["organisation_number"],
        "title": kept["title"],
        "occupation": kept["occupation"],
        "municipality": kept["region"],
        "opens": kept["published"].dt.normalize(),
        "closes": kept["deadline"].dt.normalize(),
        "employer": kept["employer"],
        "source": pd.Series("ad", index=kept.index, dtype="str"),
        "ads": kept["id"],
    }
    if "url" in columns:
        told["url"] = kept["link"]
    return pd.DataFrame(told).reindex(columns=columns)


def _digits(numbers: pd.Series) -> pd.Series:
    # "16" stands before the ten digits of a company where a number has twelve.
    plain = numbers.fillna("").astype("str").str.replace(r"\D", "", regex=True)
    return plain.str[-10:].where(plain.str.len().isin([10, 12]), "")


def _plain(title: str) -> str:
    return " ".join(_WORD.findall(title.casefold()))


def _likeness(one: str, other: str) -> float:
    first, second = _plain(one), _plain(other)
    fewer, more = sorted((set(first.split()), set(second.split())), key=len)
    letters = SequenceMatcher(None, first, second, autojunk=False).ratio()
    # One word alone ("jurist") stands in many titles.
    return max(letters, len(fewer & more) / len(fewer)) if len(fewer) > 1 else letters
