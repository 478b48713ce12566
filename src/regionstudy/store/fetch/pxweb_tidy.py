"""A PxWeb table's answers, made tidy in the store's own terms."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from regionstudy.errors import ConfigError
from regionstudy.sources.faults import source_error
from regionstudy.sources.pxweb_periods import period_of
from regionstudy.sources.selection import total_code
from regionstudy.store.observations import STATUSES, WITHOUT_VALUE
from regionstudy.store.tidying import blank_zeros

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from regionstudy.catalogue import Indicator
    from regionstudy.catalogue.source import ScbTable

__all__ = ["Reading", "observe"]

_HOW = {
    "sv": "Hämtad från SCB:s API (PxWeb, version 2).",
    "en": "Fetched from SCB's API (PxWeb, version 2).",
}
_NOISE = {
    "sv": "Talen bär litet slumpbrus (CKM); summor av delar stämmer inte med totalen.",
    "en": "The figures carry small random noise (CKM); parts do not add up to the total.",
}
_MARKED = {
    "sv": "{n} tal bär ett märke hos utgivaren ({symbols}); talen står som de är.",
    "en": "{n} figures carry a mark of the publisher's ({symbols}); they stand as they are.",
}
_SUMMED = {
    "sv": "Summerad av tjänsten över {variables}.",
    "en": "Summed by the service over {variables}.",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """
    How a table's answers become observations.

    Parameters
    ----------
    indicator : Indicator
        What they are observations of.
    table : ScbTable
        What was asked.
    columns : mapping of str to str
        The store's column of each variable that is kept.
    time, metric : str
        The variables of time and of contents; no contents is "".
    measures : mapping of str to str
        The names of contents, where several are taken.
    query : str
        What was asked, for a source line.
    licence : str
        The figures' licence.
    """

    indicator: Indicator
    table: ScbTable
    columns: Mapping[str, str]
    time: str
    metric: str
    measures: Mapping[str, str]
    query: str
    licence: str


def observe(
    reading: Reading, answers: Sequence[pd.DataFrame]
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """
    Turn a table's answers into observations in the store's terms.

    Parameters
    ----------
    reading : Reading
        How.
    answers : sequence of DataFrame
        From `PxWeb.run`, all that the table was asked for.

    Returns
    -------
    observed : DataFrame
        Observations of the indicator.
    facts : dict
        A provenance segment's texts, days and address.

    Raises
    ------
    SourceError
        If the table was updated between two answers.
    ConfigError
        If texts that are to be codes are not unique.
    """
    stamps = sorted({str(answer.attrs["updated"]) for answer in answers})
    if len(stamps) > 1:
        raise source_error(
            f"it was updated while it was asked for: its answers are of {' and '.join(stamps)}",
            what=f"Table {reading.table.id}",
            url=str(answers[0].attrs["url"]),
            status=200,
            remedy="Run the same command again: what is older is asked for anew.",
        )
    names = {code: _store_codes(reading, answers, code) for code in reading.columns}
    frames = [_observations(reading, answer, names) for answer in answers]
    observed = blank_zeros(pd.concat(frames, ignore_index=True))
    attrs = answers[0].attrs
    summed = sorted({name for answer in answers for name in answer.attrs["eliminated"]})
    notes = [_NOISE] if attrs["perturbed"] else []
    if summed:
        shown = ", ".join(summed)
        notes.append({lang: text.format(variables=shown) for lang, text in _SUMMED.items()})
    if marked := _marks(answers):
        told = {"n": sum(marked.values()), "symbols": ", ".join(sorted(marked))}
        notes.append({lang: text.format(**told) for lang, text in _MARKED.items()})
    facts = {
        "publisher": "SCB",
        "table": f"{reading.table.id} {attrs['label']}".strip(),
        "query": reading.query,
        "how": dict(_HOW),
        "retrieved": min(str(answer.attrs["retrieved"]) for answer in answers)[:10],
        "updated": attrs["updated"] or None,
        "licence": reading.licence,
        "note": {lang: " ".join(note[lang] for note in notes) for lang in ("sv", "en")},
        "url": str(attrs["url"]).partition("/data")[0],
    }
    return observed, facts


def _observations(
    reading: Reading, answer: pd.DataFrame, names: Mapping[str, Mapping[str, str]]
) -> pd.DataFrame:
    out: dict[str, Any] = {
        column: _renamed(answer[code], names[code]) for code, column in reading.columns.items()
    }
    periods = answer[reading.time].cat.categories
    out["period"] = _renamed(answer[reading.time], {code: period_of(code) for code in periods})
    if reading.measures:
        out[reading.table.measure] = _renamed(answer[reading.metric], reading.measures)
    out |= {column: out[original] for column, original in reading.table.copies.items()}
    out["value"] = answer["value"] * reading.table.factor
    # A mark on a published figure is no status of the store's; the figure stands.
    symbols = answer["status"].cat.categories
    status = _renamed(answer["status"], {one: "" for one in symbols if one not in STATUSES})
    out["status"] = status.mask(answer["value"].notna() & status.isin(WITHOUT_VALUE), "")
    frame = pd.DataFrame(out).assign(indicator=reading.indicator.id)
    first = ["region", "indicator", "period"]
    others = [column for column in frame.columns if column not in (*first, "value", "status")]
    return frame[[*first, *others, "value", "status"]]


def _marks(answers: Sequence[pd.DataFrame]) -> Counter[str]:
    """Count the symbols on published figures that have no meaning in the store."""
    found: Counter[str] = Counter()
    for answer in answers:
        marks = answer.loc[answer["value"].notna(), "status"].astype("str")
        found.update(marks[~marks.isin(STATUSES) | marks.isin(WITHOUT_VALUE)].tolist())
    return found


def _store_codes(reading: Reading, answers: Sequence[pd.DataFrame], code: str) -> dict[str, str]:
    """Give the store's code of each of a variable's codes, seen over all answers together."""
    labels: dict[str, str] = {}
    for answer in answers:
        known = answer.attrs["labels"].get(code, {})
        labels |= {one: known.get(one, one) for one in answer[code].cat.categories}
    codes = list(labels)
    # One answer may hold only one of several totals ("tot16+", "tot20+"): none is the whole.
    total = total_code(codes, labels)
    names = {one: "total" if one == total else one for one in codes}
    if code in reading.table.words:
        names = {
            one: name if name == "total" else labels[one].lower() for one, name in names.items()
        }
        if len(set(names.values())) != len(names):
            msg = (
                f"{reading.table.id}: two values of {code} have the same text, so that texts can "
                f"not be its codes. Take {code} out of words in the catalogue."
            )
            raise ConfigError(msg)
    recode = reading.table.recode.get(reading.columns[code], {})
    return {one: recode.get(name, name) for one, name in names.items()}


def _renamed(codes: pd.Series, names: Mapping[str, str]) -> pd.Series[str]:
    """Rename a categorical column's codes, once a category instead of once a row."""
    categories = [names.get(code, code) for code in codes.cat.categories]
    return pd.Series(pd.Index(categories, dtype="str").take(codes.cat.codes.to_numpy()))
