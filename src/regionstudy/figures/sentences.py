"""
Sentences about figures, which know direction, doubt and what is missing.

Each gives a `Message`, so the same sentence is read in both languages. None names a cause:
figures show what is, not why. A sentence that can not be said is said so, never left empty.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd

from regionstudy.errors import DataError
from regionstudy.figures.values import joined, number_text, require_columns, status_text, visible
from regionstudy.words import LANGUAGES, Message, Text, Words, format_period

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "change_sentence",
    "interval_sentence",
    "missing_sentence",
    "newest_figure",
    "rank_sentence",
    "strongest_domain",
]


def rank_sentence(
    name: Text | str,
    *,
    measure: Text | str,
    rank: float | None,
    n: int,
    low: float | None = None,
    high: float | None = None,
) -> Message:
    """
    Say on which place a region is, and how sure that is.

    Parameters
    ----------
    name : Text or str
        The region.
    measure : Text or str
        What is ranked, to stand after "i" and "on": "flyttnetto", "net migration".
    rank : float or None
        Its place, 1 the best; None or NaN where it has no value.
    n : int
        Of how many.
    low, high : float, optional
        The best and the worst place it may have.

    Returns
    -------
    Message
        The sentence.

    Raises
    ------
    DataError
        If the ranks are not 1 <= low <= rank <= high <= n.

    Examples
    --------
    >>> print(rank_sentence("Sundsvall", measure="flyttnetto", rank=21, n=23, low=14, high=22))
    Sundsvall är på plats 21 av 23 i flyttnetto, men spannet är 14 till 22.
    """
    if _absent(rank):
        return missing_sentence(name, measure=measure)
    spans = [float(x) for x in (1, low, rank, high, n) if not _absent(x)]  # type: ignore[arg-type]
    if spans != sorted(spans):
        msg = f"A rank needs 1 <= low <= rank <= high <= n, but got {low}, {rank}, {high} of {n}."
        raise DataError(msg)
    told = {"name": name, "measure": measure, "rank": int(rank or 0), "n": n}
    if _absent(low) or _absent(high):
        return Message("figures.say.rank", told)
    if low == high:
        return Message("figures.say.rank_sure", told)
    return Message("figures.say.rank_span", {**told, "low": int(low or 0), "high": int(high or 0)})


def interval_sentence(
    name: Text | str,
    *,
    measure: Text | str,
    unit: Text | str,
    value: float | None,
    low: float | None,
    high: float | None,
    decimals: int = 1,
) -> Message:
    """
    Say whether a net is a gain or a loss, or that it can not be told.

    Parameters
    ----------
    name : Text or str
        The region.
    measure, unit : Text or str
        What is measured, and in what: "flyttnettot", "per 100 och år".
    value : float or None
        The net.
    low, high : float or None
        Its interval.
    decimals : int, default 1
        Decimals of all three.

    Returns
    -------
    Message
        The sentence; an interval across zero holds both plus and minus, and is said to.

    Raises
    ------
    DataError
        If value is given without an interval around it.

    Examples
    --------
    >>> print(interval_sentence("Sundsvall", measure="nettot", unit="per 100 och år",
    ...     value=0.1, low=-0.9, high=1.1).render("sv"))
    Sundsvall: nettot är +0,1 per 100 och år, men felmarginalen (−0,9 till +1,1) rymmer både
    plus och minus.
    """
    if _absent(value):
        return missing_sentence(name, measure=measure)
    around = [math.nan if x is None else float(x) for x in (low, value, high)]
    if not around[0] <= around[1] <= around[2]:
        msg = f"An interval needs low <= value <= high, but got {low}, {value}, {high}."
        raise DataError(msg)
    numbers = {
        key: number_text(float(number or 0), decimals, signed=True)
        for key, number in (("value", value), ("low", low), ("high", high))
    }
    kind = "gain" if around[0] > 0 else "loss" if around[2] < 0 else "unclear"
    told = {"name": name, "measure": measure, "unit": unit, **numbers}
    return Message(f"figures.say.interval_{kind}", told)


def change_sentence(
    series: pd.DataFrame,
    *,
    name: Text | str,
    measure: Text | str,
    unit: Text | str,
    decimals: int = 1,
) -> Message:
    """
    Say how much a figure has changed between the first and the last period.

    Parameters
    ----------
    series : DataFrame, one row a period
        ``period``, ``value``, ``status`` of one region.
    name : Text or str
        The region.
    measure, unit : Text or str
        What is measured, and in what.
    decimals : int, default 1
        Decimals; what rounds to no change is called unchanged.

    Returns
    -------
    Message
        The sentence, with both values and periods.

    Raises
    ------
    DataError
        If a column is absent.

    Examples
    --------
    >>> years = pd.DataFrame({"period": ["2020", "2024"], "value": [11.0, 9.5]})
    >>> print(change_sentence(years, name="Ånge", measure="Andelen", unit="procentenheter"))
    Andelen i Ånge minskade med 1,5 procentenheter mellan 2020 och 2024, från 11,0 till 9,5.
    """
    require_columns(series, ["period", "value"], where="A sentence of change")
    there = series.assign(**visible(series)).dropna(subset=["value"]).sort_values("period")
    if len(there) < 2:
        return missing_sentence(name, measure=measure)
    first, last = there.iloc[0], there.iloc[-1]
    change = round(float(last["value"]), decimals) - round(float(first["value"]), decimals)
    told = {
        "name": name,
        "measure": measure,
        "unit": unit,
        "change": number_text(abs(change), decimals),
        "start": _period(first["period"]),
        "end": _period(last["period"]),
        "from": number_text(float(first["value"]), decimals),
        "to": number_text(float(last["value"]), decimals),
    }
    kind = "same" if round(change, decimals) == 0 else "up" if change > 0 else "down"
    return Message(f"figures.say.change_{kind}", told)


def strongest_domain(
    ranks: Mapping[str, float], *, name: Text | str, labels: Mapping[str, Text], among: Text | str
) -> Message:
    """
    Say in which domain a region stands best, and in which worst.

    Parameters
    ----------
    ranks : mapping of str to float
        Each domain's rank, 1 the best; NaN where it has none.
    name : Text or str
        The region.
    labels : mapping of str to Text
        The domains' names.
    among : Text or str
        The regions that it is ranked among, to stand after "bland" and "among".

    Returns
    -------
    Message
        The sentence; domains that share the best place are all named.

    Examples
    --------
    >>> labels = {"work": Words("arbete", "work"), "housing": Words("boende", "housing")}
    >>> strongest_domain({"work": 30, "housing": 210}, name="Sundsvall", labels=labels,
    ...     among="290 kommuner").render("sv")
    'Bland 290 kommuner står Sundsvall bäst i arbete (plats 30) och sämst i boende (plats 210).'
    """
    there = pd.Series(dict(ranks), dtype=float).dropna()
    if there.empty:
        return missing_sentence(name, measure=Message("figures.say.domains"))
    best = [labels[str(key)] for key in there.index[there == there.min()]]
    worst = [labels[str(key)] for key in there.index[there == there.max()]]
    told = {"name": name, "best": best, "best_rank": int(there.min()), "among": among}
    if there.min() == there.max():
        return Message("figures.say.domain_all", told)
    return Message("figures.say.domain", {**told, "worst": worst, "worst_rank": int(there.max())})


def newest_figure(periods: pd.Series[str]) -> Message:
    """
    Say how old the figures of a page are.

    Parameters
    ----------
    periods : Series of str
        The period of each figure that is used.

    Returns
    -------
    Message
        The sentence, with the newest and the oldest period.

    Raises
    ------
    DataError
        If there are no periods.

    Examples
    --------
    >>> newest_figure(pd.Series(["2021", "2025", "2024"])).render("sv")
    'Nyaste siffran är från 2025, äldsta från 2021.'
    """
    if periods.dropna().empty:
        msg = "There is no period to tell the age of; give those of the figures that are used."
        raise DataError(msg)
    newest, oldest = str(periods.dropna().max()), str(periods.dropna().min())
    if newest == oldest:
        return Message("figures.say.one_period", {"newest": _period(newest)})
    return Message("figures.say.newest", {"newest": _period(newest), "oldest": _period(oldest)})


def missing_sentence(name: Text | str, *, measure: Text | str, status: str = "..") -> Message:
    """
    Say that there is no figure.

    Parameters
    ----------
    name : Text or str
        The region.
    measure : Text or str
        What is measured.
    status : str, default ".."
        Why: "..", "." or "hidden".

    Returns
    -------
    Message
        The sentence.

    Examples
    --------
    >>> missing_sentence("Ånge", measure="nettot").render("sv")
    'Ånge: nettot går inte att säga (uppgift saknas).'
    """
    return Message(
        "figures.say.missing", {"name": name, "measure": measure, "status": status_text(status)}
    )


def _absent(number: float | None) -> bool:
    return number is None or math.isnan(number)


def _period(period: object) -> Words:
    return joined([Words(*(format_period(str(period), lang=lang) for lang in LANGUAGES))])
