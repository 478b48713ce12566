"""From journalled answers to the new snapshot: made tidy, checked, merged, swapped in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pandas as pd

from regionstudy.errors import DataError, RegionStudyError
from regionstudy.geography import valid_codes
from regionstudy.sources.clients import BASE_URLS
from regionstudy.sources.series import stitch
from regionstudy.store.fetch.refresh import fetched_facts
from regionstudy.store.fetch.report import together
from regionstudy.store.fetch.validate import require_valid
from regionstudy.store.fetch.vintages import merge_vintages, provenance_of
from regionstudy.store.observations import count_levels
from regionstudy.store.write import SnapshotWriter

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from regionstudy.catalogue import Indicator
    from regionstudy.errors import SourceError
    from regionstudy.store.fetch.journal import Journal
    from regionstudy.store.fetch.report import FetchReport
    from regionstudy.store.fetch.tasks import Series
    from regionstudy.store.snapshot import Snapshot

__all__ = ["replace_snapshot"]

_JOINED = {
    "sv": "Tidsseriebrott: från {period} ur {after}, dessförinnan ur {before}.",
    "en": "Series break: from {period} on from {after}, before that from {before}.",
}


def replace_snapshot(
    snapshot: Path,
    held: Snapshot,
    report: FetchReport,
    journal: Journal,
    failures: Mapping[str, SourceError],
    *,
    since: int | None,
    day: dt.date,
    partial: bool,
) -> None:
    """
    Write the new snapshot aside, indicator by indicator, and put it in the old one's place.

    Parameters
    ----------
    snapshot : Path
        The snapshot's folder.
    held : Snapshot
        What it holds.
    report : FetchReport
        With the plan; what is done is written into it.
    journal : Journal
        The answers.
    failures : mapping of str to SourceError
        What went wrong, by the task's key.
    since : int or None
        The first year that was wanted.
    day : date
        The day of the fetch.
    partial : bool
        Whether to go on without indicators whose answers can not be used.

    Raises
    ------
    DataError
        If answers can not be used (without `partial`), or nothing can be written.
    SourceError
        If they can not, and all are so by their source.
    """
    by_indicator: dict[str, list[Series]] = {}
    for one in report.plan.series:
        by_indicator.setdefault(one.indicator.id, []).append(one)
    wrong: dict[str, RegionStudyError] = {}
    with SnapshotWriter(snapshot) as writer:
        for name, series in by_indicator.items():
            lost = [failures[task.key] for one in series for task in one.tasks
                    if task.key in failures]  # fmt: skip
            if lost:
                report.failed[name] = str(lost[0])
                continue
            try:
                observed, facts = _assemble(series, journal)
                if observed.empty:
                    report.plan.left_out[name] = f"no figures from {since} on yet"
                    continue
                require_valid(observed, series[0].indicator, name=series[0].name)
                _require_one_division(held, name, observed)
            except RegionStudyError as error:
                wrong[name] = error
                continue
            _enter(writer, held, series[0].indicator, observed, facts, report,
                   since=since, day=day)  # fmt: skip
        if wrong and not partial:
            raise together(
                wrong,
                "got answers that can not be used",
                remedy="The snapshot is as it was. Keep the other indicators with --partial.",
                kind=DataError,
            )
        report.failed |= {name: str(error) for name, error in wrong.items()}
        if report.fetched:
            writer.keep(held)
            writer.replace()


def _assemble(
    series: Sequence[Series], journal: Journal
) -> tuple[pd.DataFrame, list[dict[str, Any]]]:
    """Make one indicator's observations of its tables' answers, and a segment a table."""
    parts, segments = {}, []
    for one in series:
        observed, facts = one.read([journal.take(task) for task in one.tasks])
        if observed.empty:
            return observed, []
        parts[one.name] = observed
        told = {"name": one.name, "stamp": facts["updated"] or one.stamp}
        segments.append({**facts, **told, "publisher": _publisher(facts)})
    # A series is joined in the order of time, in whatever order the catalogue has its tables.
    first = {name: str(rows["period"].min()) for name, rows in parts.items()}
    parts = {name: parts[name] for name in sorted(parts, key=first.__getitem__)}
    segments.sort(key=lambda segment: first[segment["name"]])
    if len(parts) == 1:
        joined = next(iter(parts.values())).assign(series=series[0].name)
    else:
        joined = stitch(parts, time="period")
        for told, segment in zip(joined.attrs["breaks"], segments[1:], strict=True):
            note = {lang: text.format(**told) for lang, text in _JOINED.items()}
            segment["note"] = {lang: f"{segment['note'][lang]} {note[lang]}".strip()
                               for lang in note}  # fmt: skip
            segment["joined"] = note
    words = [column for column in joined.columns if column != "value"]
    joined = joined.astype(dict.fromkeys(words, "str"))
    for segment in segments:
        mine = joined[joined["series"] == segment["name"]]
        segment |= {
            "file": segment["name"],
            "periods": [str(mine["period"].min()), str(mine["period"].max())],
            "levels": count_levels(mine["region"]),
            "rows": len(mine),
            "transcribed": False,
            "division": None,
            "rank": 0,
            "why": "",
        }
    return joined.drop(columns="series"), segments


def _publisher(facts: Mapping[str, Any]) -> str:
    """Name who published figures, and where they came from if not from the publisher itself."""
    host = urlsplit(str(facts["url"])).netloc
    own = {urlsplit(address).netloc for address in BASE_URLS.values()}
    return str(facts["publisher"]) if host in own else f"{facts['publisher']} via {host}"


def _require_one_division(held: Snapshot, name: str, observed: pd.DataFrame) -> None:
    """Refuse to mix figures of another division of regions with those held of an old one."""
    division = held.provenance(name)["division"] if name in held.indicators else None
    if division is None:
        return
    levels = ("country", "county", "municipality")
    known = frozenset[str]().union(*(valid_codes(level, division) for level in levels))
    other = sorted(set(observed["region"]) - known)
    if other:
        msg = (
            f"{name}: the table gives regions of another division ({', '.join(other[:3])}, …) "
            f"than that of {division}, in which its figures are held; the two can not be joined. "
            f"The figures held stay."
        )
        raise DataError(msg)


def _enter(
    writer: SnapshotWriter,
    held: Snapshot,
    indicator: Indicator,
    observed: pd.DataFrame,
    segments: list[dict[str, Any]],
    report: FetchReport,
    *,
    since: int | None,
    day: dt.date,
) -> None:
    """Merge an indicator's new figures with the ones held, and write both."""
    name = indicator.id
    before = held.observations(name) if name in held.indicators else None
    merged, revised = merge_vintages(before, observed, day=day.isoformat())
    provenance = provenance_of(
        merged, segments, held.provenance(name) if before is not None else None
    )
    stamps = {one["name"]: one["stamp"] for one in segments}
    provenance["fetched"] = fetched_facts(indicator, stamps, since=since, day=day.isoformat())
    writer.add(name, merged.drop(columns="fresh"), provenance)
    earlier = held.revisions_of(name)
    if len(revised):
        writer.revise(name, revised if earlier is None else _after(earlier, revised))
    report.fetched[name] = len(observed)
    report.joined[name] = [one["joined"]["en"] for one in segments if "joined" in one]
    report.revised[name] = len(revised)


def _after(earlier: pd.DataFrame, revised: pd.DataFrame) -> pd.DataFrame:
    both = pd.concat([earlier, revised], ignore_index=True)
    words = [column for column in both.columns if column not in ("value", "value_now")]
    return both.fillna(dict.fromkeys(words, "total"))
