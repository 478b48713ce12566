"""Where the study's figures come from, and what it lacks, as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from regionstudy.figures import answer, table
from regionstudy.figures.content import Column
from regionstudy.store import status_table
from regionstudy.words import Message, Words, format_date, format_period

if TYPE_CHECKING:
    from collections.abc import Callable

    from regionstudy.figures.shown import Answer, Table
    from regionstudy.study import Study

__all__ = ["break_table", "missing_table", "source_answer", "source_table"]


def source_answer(study: Study) -> Answer:
    """
    Say how many series there are, when they were read, and how many were copied by hand.

    Parameters
    ----------
    study : Study
        The study.

    Returns
    -------
    Answer
        Two sentences.
    """
    held = study.snapshot.summary()
    told = {
        "n": len(held),
        "retrieved": str(study.snapshot.retrieved),
        "transcribed": int(held["transcribed"].sum()),
        "newest": held["last"].str[:4].max(),
        "lacking": int((_status(study)["state"] == "missing").sum()),
    }
    return answer(Message("study.source_count", told), Message("study.source_lack", told))


def source_table(study: Study) -> Table:
    """
    List every series of the store with its source.

    Parameters
    ----------
    study : Study
        The study.

    Returns
    -------
    Table
        A row a series: what, publisher and table, periods, retrieved, licence, how it was had.
    """
    rows = [_source_row(study, one) for one in study.snapshot.summary().itertuples()]
    columns = [
        Column("title", Message("study.col_title")),
        Column("source", Message("study.col_source")),
        Column("periods", Message("study.col_periods")),
        Column("retrieved", Message("study.col_retrieved")),
        Column("licence", Message("study.col_licence")),
        Column("transcribed", Message("study.col_how")),
        Column("id", Message("study.col_id")),
    ]
    return table(pd.DataFrame(rows), columns=columns, title=Message("study.sources_title"))


def missing_table(study: Study) -> Table:
    """
    List what the catalogue has but the store lacks, and what would fetch it.

    Parameters
    ----------
    study : Study
        The study.

    Returns
    -------
    Table
        A row an indicator.
    """
    absent = _status(study)
    absent = absent[absent["state"] == "missing"].copy()
    titles = zip(absent["title_sv"], absent["title_en"], strict=True)
    absent["title"] = pd.Series([Words(sv=sv, en=en) for sv, en in titles], absent.index)
    domains = [study.catalogue.domains[domain].title for domain in absent["domain"]]
    absent["domain"] = pd.Series(domains, absent.index)
    columns = [
        Column("domain", Message("study.col_domain")),
        Column("title", Message("study.col_title")),
        Column("command", Message("study.col_command")),
    ]
    return table(absent, columns=columns, title=Message("study.missing_title", {"n": len(absent)}))


def break_table(study: Study) -> Table:
    """
    List the breaks of the series that the store holds.

    Parameters
    ----------
    study : Study
        The study.

    Returns
    -------
    Table
        A row a break.
    """
    held = set(study.snapshot.indicators)
    rows = [
        {"title": entry.label, "period": item.period, "note": item.note}
        for entry in study.catalogue.values()
        if entry.id in held or entry.formula
        for item in entry.breaks
    ]
    columns = [
        Column("title", Message("study.col_title")),
        Column("period", Message("study.col_from")),
        Column("note", Message("study.col_note")),
    ]
    return table(pd.DataFrame(rows), columns=columns, title=Message("study.breaks_title"))


def _source_row(study: Study, series: Any) -> dict[str, Any]:
    given = study.snapshot.provenance(series.indicator)
    entry = study.catalogue.get(series.indicator)
    return {
        "title": series.indicator if entry is None else entry.title,
        "id": series.indicator,
        "source": f"{given['publisher']}: {given['table'] or '–'}",
        "periods": _both(lambda lang: _span(series.first, series.last, lang)),
        "retrieved": _both(lambda lang: format_date(str(series.retrieved), lang=lang)),
        "licence": str(given["licence"]),
        "transcribed": Message("study.by_hand" if series.transcribed else "study.by_file"),
    }


def _status(study: Study) -> pd.DataFrame:
    return status_table(study.snapshot, study.catalogue, today=study.snapshot.retrieved)


def _span(first: str, last: str, lang: str) -> str:
    ends = dict.fromkeys(format_period(period, lang=lang) for period in (first, last))
    return "–".join(ends)


def _both(write: Callable[[str], str]) -> Words:
    return Words(sv=write("sv"), en=write("en"))
