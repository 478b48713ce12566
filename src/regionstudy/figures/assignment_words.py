"""What notebook 06 says: the answer, dates, remote shares and the headings of its tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from regionstudy.figures.content import NO_TEXT, Column
from regionstudy.words import texts_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from regionstudy.words import Text

__all__ = [
    "assignment_columns",
    "how_many",
    "period_text",
    "remote_text",
    "text",
    "where_sentence",
]


text = texts_of("assignments")


def remote_text(share: float | None) -> Text:
    """
    Say how much of an assignment can be done from elsewhere.

    Parameters
    ----------
    share : float or None
        0 to 1; None where not said.

    Returns
    -------
    Text
        In words.

    Examples
    --------
    >>> [remote_text(share).render("sv") for share in (0.0, 0.4, 1.0, None)]
    ['på plats', '40 % distans', 'helt på distans', 'distans: uppgift saknas']
    """
    if share is None:
        return text("remote.unknown")
    if share in (0, 1):
        return text("remote.none" if share == 0 else "remote.all")
    return text("remote.part", percent=round(100 * share))


def period_text(opens: str, closes: str) -> Text:
    r"""
    Say when an assignment can be sought.

    Parameters
    ----------
    opens, closes : str
        ISO days; "" where not said.

    Returns
    -------
    Text
        In words; empty where neither is said.

    Examples
    --------
    >>> period_text("2027-01-01", "2027-03-15").render("sv").replace("\xa0", " ")
    '1 januari 2027 till 15 mars 2027'
    """
    if opens and closes:
        return text("period.both", opens=opens, closes=closes)
    if closes:
        return text("period.closes", closes=closes)
    return text("period.opens", opens=opens) if opens else NO_TEXT


def how_many(rows: pd.DataFrame, *, day: str, place: Text) -> Text:
    """
    Say how many assignments there are, of how many organisations, and in which theme most.

    Parameters
    ----------
    rows : DataFrame
        Assignments: ``org_id``, ``theme`` and ``state``.
    day : str
        The ISO day looked from.
    place : Text
        The study's region.

    Returns
    -------
    Text
        The sentence.
    """
    coming = int((rows["state"] == "coming").sum())
    told: dict[str, Any] = {
        "n": len(rows),
        "organisations": rows["org_id"].nunique(),
        "open": len(rows) - coming,
        "coming": coming,
        "day": day,
        "place": place,
    }
    if not len(rows):
        return text("answer.none", **told)
    when = "mixed" if 0 < coming < len(rows) else ("coming" if coming else "open")
    number = "one" if len(rows) == 1 else "many"
    return text(f"answer.{when}.{number}", **told)


def where_sentence(rows: pd.DataFrame, *, places: Sequence[str], most: Text, n_most: int) -> Text:
    """
    Say where the assignments are, and how many can be done from anywhere.

    Parameters
    ----------
    rows : DataFrame
        Assignments: ``remote_share``.
    places : sequence of str
        The municipalities that have some.
    most : Text
        That, or those, with most.
    n_most : int
        How many there are in it.

    Returns
    -------
    Text
        The sentence.
    """
    anywhere = int((rows["remote_share"] == 1).sum())
    partly = int(((rows["remote_share"] > 0) & (rows["remote_share"] < 1)).sum())
    silent = int(rows["remote_share"].isna().sum())
    remote = text("where.remote", anywhere=anywhere, partly=partly)
    if silent:
        remote = text("where.remote_silent", anywhere=anywhere, partly=partly, silent=silent)
    where = "one" if len(places) == 1 else "many"
    return text(f"where.{where}", n=len(places), most=most, n_most=n_most, remote=remote)


def assignment_columns(*, ads: bool, states: bool) -> tuple[Column, ...]:
    """
    Give the columns of the table of assignments.

    Parameters
    ----------
    ads : bool
        Whether job ads are among them, so that a column says which is which.
    states : bool
        Whether some are open and some are to come, so that a column says which.

    Returns
    -------
    tuple of Column
        The columns.
    """
    names = ("title", "organisation", "place", "theme", "cluster", "occupation", "competences")
    return (
        *(Column(name, text(f"column.{name}")) for name in names),
        Column("remote", text("column.remote"), "number"),
        *(Column(name, text(f"column.{name}")) for name in ("opens", "closes")),
        *((Column("state", text("column.state")),) if states else ()),
        *((Column("source", text("column.source")),) if ads else ()),
        Column("url", text("column.url"), "link"),
    )
