"""What notebook 05 finds about education: sentences and titles, computed from frames."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from regionstudy.figures.content import Measure
from regionstudy.figures.provenance import period_text
from regionstudy.words import Message, Words, texts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from regionstudy.words import Text

__all__ = [
    "age_span",
    "change_title",
    "education_title",
    "level_answer",
    "measure",
    "rise_answer",
    "sexes_sentence",
    "standard_title",
    "text",
    "yh_field",
]

_FIELDS = (
    "Data/It",
    "Ekonomi, Administration Och Försäljning",
    "Friskvård Och Kroppsvård",
    "Hotell, Restaurang Och Turism",
    "Hälso- Och Sjukvård Samt Socialt Arbete",
    "Journalistik Och Information",
    "Juridik",
    "Kultur, Media Och Design",
    "Lantbruk, Djurvård, Trädgård, Skog Och Fiske",
    "Pedagogik Och Undervisning",
    "Samhällsbyggnad Och Byggteknik",
    "Säkerhetstjänster",
    "Teknik Och Tillverkning",
    "Transporttjänster",
    "Övrigt",
    "total",
)


text = texts_of("education")


def yh_field(name: str) -> Text:
    """
    Name a field of higher vocational education.

    Parameters
    ----------
    name : str
        As the publisher writes it.

    Returns
    -------
    Text
        Its name in both languages; the publisher's own where it is new.

    Examples
    --------
    >>> yh_field("Juridik").render("en"), yh_field("Rymd").render("en")
    ('law', 'Rymd')
    """
    return text(f"yh.{name}") if name in _FIELDS else Words(name, name)


def measure(what: str, unit: str, periods: Iterable[str], **params: Any) -> Measure:
    """
    Write the line above a picture.

    Parameters
    ----------
    what, unit : str
        Rest of the ids after ``education.measure.`` and ``education.unit.``.
    periods : iterable of str
        The periods shown.
    **params
        Values for the fields of both.

    Returns
    -------
    Measure
        Its name, unit and period.
    """
    shown = period_text(pd.Series(list(periods), dtype=str))
    return Measure(text(f"measure.{what}", **params), text(f"unit.{unit}", **params), shown)


def age_span(ages: Sequence[int]) -> str:
    """
    Write a span of ages.

    Parameters
    ----------
    ages : sequence of int
        Lowest and highest age.

    Returns
    -------
    str
        Such as "25–64".
    """
    return f"{ages[0]}–{ages[-1]}"


def level_answer(
    row: pd.Series[Any], *, country: float, place: Text | str, ages: Sequence[int], period: str
) -> Message:
    """
    Say how many have long education, and what of the difference the ages make.

    Parameters
    ----------
    row : Series
        A row of `regionstudy.analysis.education.standardised_shares`.
    country : float
        The country's share in per cent.
    place : Text or str
        The region.
    ages : sequence of int
        Lowest and highest age.
    period : str
        The year.

    Returns
    -------
    Message
        The sentence.
    """
    told = {**_parts(row, country), "place": place, "ages": age_span(ages), "period": period}
    return text(f"answer_{_cause(row, country)}", **told)


def standard_title(row: pd.Series[Any], *, country: float, place: Text | str) -> Message:
    """
    Say whether the region differs from the country for its ages.

    Parameters
    ----------
    row : Series
        A row of `regionstudy.analysis.education.standardised_shares`.
    country : float
        The country's share in per cent.
    place : Text or str
        The region.

    Returns
    -------
    Message
        The title.
    """
    return text(f"standard_{_cause(row, country)}", place=place, **_parts(row, country))


def _parts(row: pd.Series[Any], country: float) -> dict[str, float]:
    return {
        "value": row["crude"],
        "standardised": row["standardised"],
        "country": country,
        "difference": abs(row["crude"] - country),
        "by_age": abs(row["age_effect"]),
    }


def _cause(row: pd.Series[Any], country: float) -> str:
    """Name how ages and education share a difference, at the one decimal that is shown."""
    crude = round(row["crude"], 1) - round(country, 1)
    by_age, gap = round(row["age_effect"], 1), round(row["gap"], 1)
    if round(crude, 1) == 0:
        return "same"
    if by_age * crude <= 0:
        # The ages pull the other way, or not at all.
        return "despite"
    return "partly" if gap * crude > 0 else "wholly"


def rise_answer(lines: pd.DataFrame, *, place: Text | str, rank: int, peers: int) -> Message:
    """
    Say how the share with post-secondary education has moved beside the peers'.

    Parameters
    ----------
    lines : DataFrame
        ``period``, ``value`` and ``value_median``, in order of time; two rows or more.
    place : Text or str
        The home municipality.
    rank, peers : int
        Its place among so many, itself among them; 1 is the highest share.

    Returns
    -------
    Message
        The sentence.
    """
    first, last = lines.iloc[0], lines.iloc[-1]
    return text(
        "answer_rise",
        place=place,
        first=first["value"],
        value=last["value"],
        start=first["period"],
        end=last["period"],
        change=last["value"] - first["value"],
        median_change=last["value_median"] - first["value_median"],
        rank=rank,
        peers=peers,
    )


def education_title(shares: pd.DataFrame, *, place: Text | str) -> Message:
    """
    Name the age at which the region differs most from the country.

    Parameters
    ----------
    shares : DataFrame
        ``age``, ``value`` and ``compare`` in per cent; a row at least has both.
    place : Text or str
        The region.

    Returns
    -------
    Message
        The title.
    """
    gap = (shares["value"] - shares["compare"]).abs()
    widest = shares.assign(gap=gap).dropna(subset="gap").sort_values("gap", kind="stable").iloc[-1]
    told = {"value": widest["value"], "country": widest["compare"]}
    return text("education_title", age=widest["age"], place=place, **told)


def sexes_sentence(sexes: pd.DataFrame, *, region: str, country: str = "00") -> Message | None:
    """
    Set women and men of the youngest ages beside each other, here and in the country.

    Parameters
    ----------
    sexes : DataFrame
        ``region``, ``age``, ``sex`` ("1" men, "2" women) and ``share`` in per cent; empty
        where the sexes are not told apart.
    region, country : str
        The two regions' codes.

    Returns
    -------
    Message or None
        The sentence; None where one of the four shares is missing.
    """
    if sexes.empty:
        return None
    age = str(sexes["age"].min())
    shares = sexes[sexes["age"] == age].set_index(["region", "sex"])["share"]
    wanted = {
        "women": (region, "2"),
        "men": (region, "1"),
        "country_women": (country, "2"),
        "country_men": (country, "1"),
    }
    told = {one: float(shares.get(key, float("nan"))) for one, key in wanted.items()}
    if any(pd.isna(share) for share in told.values()):
        return None
    return text("sexes", age=age.replace("-", "–"), **told)


def change_title(changes: pd.DataFrame, *, place: Text | str, start: str, end: str) -> Message:
    """
    Name the age at which the region's own share has changed most.

    Parameters
    ----------
    changes : DataFrame
        ``age``, ``value`` (percentage points) and ``end`` (the newer share in per cent); a
        row at least has a value.
    place : Text or str
        The region.
    start, end : str
        The years.

    Returns
    -------
    Message
        The title.
    """
    known = changes.dropna(subset="value")
    most = known.assign(size=known["value"].abs()).sort_values("size", kind="stable").iloc[-1]
    told = {"age": most["age"], "value": most["end"], "change": most["value"]}
    return text("change_title", place=place, start=start, end=end, **told)
