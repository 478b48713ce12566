"""One series of net migration from 1968 on, with its gap and its breaks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from regionstudy.analysis.checks import require_columns, require_unique
from regionstudy.analysis.trends import segments, with_gaps
from regionstudy.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["long_series"]

_COLUMNS = ["region", "period", "value", "status"]


def long_series(parts: Mapping[str, pd.DataFrame], *, breaks: Iterable[str] = ()) -> pd.DataFrame:
    """
    Join the parts of a long series without hiding where they meet, or do not.

    Years between the parts have rows without a value, so that a line stops there. No year is
    taken from two parts, and none is made up.

    Parameters
    ----------
    parts : mapping of str to DataFrame
        By source, the oldest first: ``region``, ``period`` (years), ``value``, ``status``;
        one flow, age and sex each, in today's division (recode old codes first).
    breaks : iterable of str, default ()
        First years under a new definition or protection ("2025" for CKM).

    Returns
    -------
    DataFrame
        A row a region and year from its first to its last: ``region``, ``period``,
        ``value``, ``status``, ``source`` ("" in a gap), ``segment`` (0, 1, ...; <NA> in a
        gap) and ``cut`` (why the row begins a segment: "break", "missing", "absent" or
        "source"; "" elsewhere). ``attrs["provenance"]`` is that of all parts.

    Raises
    ------
    DataError
        If there is no part or an empty one, a column is absent, rows repeat, a region and
        year stand in two parts, a region of an earlier part is in no later one (an old
        code), or a period is no year.

    Examples
    --------
    >>> old = pd.DataFrame({"region": "2281", "period": ["1995", "1996"],
    ...     "value": [100.0, -50.0], "status": ""})
    >>> new = pd.DataFrame({"region": "2281", "period": ["1998"], "value": [20.0], "status": ""})
    >>> long_series({"old": old, "new": new})[["period", "value", "source", "cut"]]
      period  value source     cut
    0   1995  100.0    old
    1   1996  -50.0    old
    2   1997    NaN
    3   1998   20.0    new  absent
    """
    if not parts:
        raise DataError("parts is empty; give the older and the newer figures by their names.")
    named = []
    for name, part in parts.items():
        require_columns(part, _COLUMNS, name=name)
        if part.empty:
            raise DataError(f"{name} has no rows; fetch it, or leave it out of parts.")
        require_unique(part, ["region", "period"], name=name)
        text = {column: part[column].astype(str) for column in ("region", "period")}
        named.append(part[_COLUMNS].assign(**text, source=name).astype({"status": object}))
    _require_successors(named)
    joined = pd.concat(named, ignore_index=True)
    both = joined[joined.duplicated(["region", "period"], keep=False)]
    if not both.empty:
        first = both.iloc[0]
        held = ", ".join(
            both.loc[
                (both["region"] == first["region"]) & (both["period"] == first["period"]), "source"
            ]
        )
        msg = (
            f"Region {first['region']} has {first['period']} in {held}; leave the year out of all "
            "but one, and mark the break."
        )
        raise DataError(msg)
    filled = with_gaps(joined[_COLUMNS])
    cut = segments(joined[_COLUMNS], breaks=breaks)[["region", "period", "cut"]]
    origin = joined[["region", "period", "source"]]
    cut = cut.merge(origin, on=["region", "period"], how="left", validate="one_to_one")
    # Two sources that meet without a gap still meet: the line must show where.
    before = cut.groupby("region")["source"].shift()
    meets = before.notna() & (before != cut["source"]) & (cut["cut"] == "")
    cut["cut"] = cut["cut"].mask(meets, "source")
    cut["segment"] = (cut["cut"] != "").groupby(cut["region"]).cumsum().astype("Int64")
    result = filled
    for told in (origin, cut[["region", "period", "segment", "cut"]]):
        result = result.merge(told, on=["region", "period"], how="left", validate="one_to_one")
    result[["source", "cut"]] = result[["source", "cut"]].fillna("")
    result = result[[*_COLUMNS, "source", "segment", "cut"]]
    result.attrs["provenance"] = {
        key: told
        for part in parts.values()
        for key, told in part.attrs.get("provenance", {}).items()
    }
    return result


def _require_successors(named: list[pd.DataFrame]) -> None:
    newest = set(named[-1]["region"])
    for part in named[:-1]:
        ended = sorted(set(part["region"]) - newest)
        if ended:
            more = f" and {len(ended) - 5} more" if len(ended) > 5 else ""
            msg = (
                f"{part['source'].iloc[0]} has the regions {', '.join(ended[:5])}{more}, which "
                f"{named[-1]['source'].iloc[0]} lacks; recode old codes to today's with "
                "regionstudy.geography.recode, or leave them out."
            )
            raise DataError(msg)
