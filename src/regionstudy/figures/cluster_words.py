"""What notebook 04 finds about work: sentences and titles, computed from frames."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from regionstudy.figures.cluster_captions import capitalised, industry, text
from regionstudy.figures.values import joined

if TYPE_CHECKING:
    from collections.abc import Sequence

    from regionstudy.words import Message, Text, Words

__all__ = [
    "balance_title",
    "growth_answer",
    "growth_title",
    "nearest_title",
    "outcomes",
    "shift_extremes",
    "shift_title",
    "strengths_answer",
    "strengths_title",
    "trend_title",
]

# So many industries are named in a sentence; the picture has them all.
_NAMED = 2


def outcomes(quotients: pd.DataFrame) -> pd.Series[str]:
    """
    Say of each industry whether its share surely differs from the country's.

    Parameters
    ----------
    quotients : DataFrame
        ``lq``, ``low``, ``high`` as
        `regionstudy.analysis.clusters.location_quotient_intervals` gives them.

    Returns
    -------
    Series of str
        "over", "under", "unclear" (the interval holds 1) or "missing".
    """
    found = pd.Series("unclear", index=quotients.index)
    found = found.mask(quotients["low"] > 1, "over").mask(quotients["high"] < 1, "under")
    return found.mask(quotients["lq"].isna(), "missing")


def strengths_answer(quotients: pd.DataFrame, *, place: Text | str, period: str) -> Message:
    """
    Name the industries whose share of jobs is surely larger, and surely smaller, here.

    Parameters
    ----------
    quotients : DataFrame
        Of one region and period: ``industry``, ``lq``, ``low``, ``high``.
    place : Text or str
        The region.
    period : str
        The period.

    Returns
    -------
    Message
        The sentence, with up to two of each, farthest from the country's share first.
    """
    outcome = outcomes(quotients)
    over = quotients[outcome == "over"].sort_values("lq", ascending=False)
    under = quotients[outcome == "under"].sort_values("lq")
    told = {
        "place": place,
        "period": period,
        "over": _items(over["industry"], over["lq"]),
        "under": _items(under["industry"], under["lq"]),
        "n_over": len(over),
        "n_under": len(under),
        "n": len(quotients),
    }
    kinds = {(True, True): "both", (True, False): "over", (False, True): "under"}
    return text(f"answer_{kinds.get((len(over) > 0, len(under) > 0), 'none')}", **told)


def _items(codes: pd.Series[str], quotients: pd.Series[float]) -> list[Message]:
    pairs = list(zip(codes, quotients, strict=True))[:_NAMED]
    return [text("item", industry=industry(code), value=100 * (lq - 1)) for code, lq in pairs]


def strengths_title(
    quotients: pd.DataFrame, *, place: Text | str, marked: Sequence[str] = ()
) -> Words:
    """
    Say of the clusters' industries whether they are surely larger or smaller than in the country.

    Parameters
    ----------
    quotients : DataFrame
        As `strengths_answer` takes them.
    place : Text or str
        The region.
    marked : sequence of str
        The industries that clusters are part of; without them, all are counted.

    Returns
    -------
    Words
        The title; an industry without a figure is among those that one cannot say.
    """
    outcome = outcomes(quotients)
    if not marked:
        counts = outcome.value_counts()
        over, under = int(counts.get("over", 0)), int(counts.get("under", 0))
        told: dict[str, Any] = {"place": place, "over": over, "under": under, "n": len(quotients)}
        return capitalised(text("strengths_title", unclear=len(quotients) - over - under, **told))
    own = quotients["industry"].isin(list(marked))
    parts = []
    for kind in ("over", "under", "unclear"):
        chosen = outcome == kind
        if kind == "unclear":
            chosen |= outcome == "missing"
        rows = quotients[own & chosen]
        if kind == "unclear":
            items = [industry(code) for code in rows["industry"]]
        else:
            items = _items(rows["industry"], rows["lq"])
        if items:
            parts.append(text(f"strengths_{kind}", list=items, place=place))
    return capitalised(joined(parts, "; "))


def growth_answer(
    total: pd.Series[Any],
    *,
    place: Text | str,
    start: str,
    end: str,
    alarms: Sequence[Text] | None,
) -> Message:
    """
    Say whether jobs grow, whether surely apart from the country's, and what alarms sound.

    Parameters
    ----------
    total : Series
        The row of all jobs: ``growth_percent``, ``reference_growth_percent``, ``low``,
        ``high`` (of the relative growth), as
        `regionstudy.analysis.clusters.shrinkage_alarm` gives them.
    place : Text or str
        The region.
    start, end : str
        The years compared.
    alarms : sequence of Text or None
        What shrinks faster than the country's beyond chance; None where no cluster is
        visible, so that nothing can be said.

    Returns
    -------
    Message
        The sentence.
    """
    direction = "grows" if total["growth_percent"] >= 0 else "shrinks"
    pace = "slower" if total["high"] < 1 else "faster" if total["low"] > 1 else "same"
    growth = text(
        f"answer_{direction}_{pace}",
        place=place,
        growth=total["growth_percent"],
        country=total["reference_growth_percent"],
        start=start,
        end=end,
    )
    if alarms is None:
        return text("answer_plain", growth=growth)
    return text("answer_alarm" if alarms else "answer_no_alarm", growth=growth, list=list(alarms))


def shift_title(parts: pd.Series[Any], *, place: Text | str, start: str, end: str) -> Message:
    """
    Set the change in jobs beside what the country's pace would have given.

    Parameters
    ----------
    parts : Series
        A row of `regionstudy.analysis.clusters.shift_share`.
    place : Text or str
        The region.
    start, end : str
        The years compared.

    Returns
    -------
    Message
        The title.
    """
    told = {"total": parts["total"], "national": parts["national"]}
    return text("shift_title", place=place, start=start, end=end, **told)


def shift_extremes(by_industry: pd.DataFrame) -> Message | None:
    """
    Name the industries that add most and least to the region's own part.

    Parameters
    ----------
    by_industry : DataFrame
        ``industry``, ``regional``, as
        `regionstudy.analysis.clusters.shift_share_by_industry` gives them, of one region.

    Returns
    -------
    Message or None
        The sentence; None where fewer than two industries have a figure.
    """
    ordered = by_industry.dropna(subset="regional").sort_values("regional", kind="stable")
    if len(ordered) < 2:
        return None
    worst, best = ordered.iloc[0], ordered.iloc[-1]
    return text(
        "shift_best",
        best=industry(best["industry"]),
        most=best["regional"],
        worst=industry(worst["industry"]),
        least=worst["regional"],
    )


def growth_title(standing: pd.DataFrame, *, place: Text | str) -> Message:
    """
    Count the large industries that gain and that lose, and how many surely.

    Parameters
    ----------
    standing : DataFrame
        Of one region, as `regionstudy.analysis.clusters.portfolio` gives it.
    place : Text or str
        The region.

    Returns
    -------
    Message
        The title.
    """
    up, down = (standing["group"] == f"strong_{one}" for one in ("gaining", "losing"))
    return text(
        "growth_title",
        place=place,
        n_up=int(up.sum()),
        n_down=int(down.sum()),
        firm_up=int((up & standing["firm"]).sum()),
        firm_down=int((down & standing["firm"]).sum()),
    )


def trend_title(
    row: pd.Series[Any], *, cluster: Text, place: Text | str, start: str, end: str
) -> Message:
    """
    Say how a cluster's jobs have changed, and whether the alarm sounds.

    Parameters
    ----------
    row : Series
        A row of `regionstudy.analysis.clusters.shrinkage_alarm`.
    cluster : Text
        What is counted: the cluster, or the group of industries that holds it.
    place : Text or str
        The region.
    start, end : str
        The years compared.

    Returns
    -------
    Message
        The title.
    """
    kind = str(row["signal"])
    if kind == "none" and row["high"] < 1:
        kind = "slower"
    elif kind == "none" and row["low"] > 1:
        kind = "faster"
    return text(
        f"trend_{kind}",
        cluster=capitalised(cluster) if kind in ("faster", "missing") else cluster,
        place=place,
        size=abs(row["growth_percent"]),
        growth=row["growth_percent"],
        country=row["reference_growth_percent"],
        start=start,
        end=end,
    )


def balance_title(value: float, *, place: Text | str, period: str) -> Message:
    """
    Say whether the region has more jobs than employed residents.

    Parameters
    ----------
    value : float
        Jobs less employed residents.
    place : Text or str
        The region.
    period : str
        The period.

    Returns
    -------
    Message
        The title.
    """
    kind = "balance_in" if value >= 0 else "balance_out"
    return text(kind, value=value, place=place, period=period)


def nearest_title(found: pd.DataFrame, *, place: Text | str) -> Message:
    """
    Name the industries nearest to those that the region is strong in.

    Parameters
    ----------
    found : DataFrame
        As `regionstudy.analysis.clusters.next_industries` gives it, without rows that lack
        a density.
    place : Text or str
        The region.

    Returns
    -------
    Message
        The title.
    """
    named = [industry(code) for code in found["industry"].head(_NAMED)]
    return text("nearest_title", place=place, list=named)
