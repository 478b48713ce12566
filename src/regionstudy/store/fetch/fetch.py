"""The fetch: choose, plan, ask, check, merge, and replace the snapshot when all is there."""

from __future__ import annotations

import datetime as dt
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from regionstudy.errors import ConfigError, DataError, RegionStudyError, SourceError
from regionstudy.geography import valid_codes
from regionstudy.sources.series import stitch
from regionstudy.store.fetch.journal import Journal
from regionstudy.store.fetch.plan import HUGE_CELLS, make_plan
from regionstudy.store.fetch.refresh import Asked, choose, fetched_facts
from regionstudy.store.fetch.run import run_tasks
from regionstudy.store.fetch.validate import require_valid
from regionstudy.store.fetch.vintages import merge_vintages, provenance_of
from regionstudy.store.observations import count_levels
from regionstudy.store.snapshot import Snapshot
from regionstudy.store.write import SnapshotWriter, recover

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    import pandas as pd

    from regionstudy.catalogue import Indicator
    from regionstudy.sources.clients import Clients
    from regionstudy.store.fetch.plan import FetchPlan
    from regionstudy.store.fetch.tasks import Series

__all__ = ["FetchReport", "fetch"]

_JOINED = {
    "sv": "Tidsseriebrott: från {period} ur {after}, dessförinnan ur {before}.",
    "en": "Series break: from {period} on from {after}, before that from {before}.",
}


@dataclass
class FetchReport:
    """
    What a fetch did.

    Parameters
    ----------
    plan : FetchPlan
        What it set out to do.
    fetched : dict of str to int
        Figures brought, by indicator.
    revised : dict of str to int
        Cells that the publisher had changed since, by indicator.
    failed : dict of str to str
        What went wrong, by indicator; only where the rest was wanted nevertheless.
    joined : dict of str to list of str
        Where tables were joined to one series, by indicator.
    """

    plan: FetchPlan
    fetched: dict[str, int] = field(default_factory=dict)
    revised: dict[str, int] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    joined: dict[str, list[str]] = field(default_factory=dict)

    def summary(self) -> str:
        """
        Sum up what was done.

        Returns
        -------
        str
            A few lines.
        """
        told = [f"note: {note}" for one in self.plan.series for note in one.told]
        lines = list(dict.fromkeys(told))
        lines += [f"note: {name}: {text}" for name, texts in self.joined.items() for text in texts]
        lines += [f"{name}: failed: {why}" for name, why in self.failed.items()]
        left = [name for name in self.plan.left_out if name not in self.failed]
        if left:
            lines.append(f"Left out (regionstudy fetch --dry-run says why): {', '.join(left)}.")
        unchanged, not_due = len(self.plan.unchanged), len(self.plan.not_due)
        if unchanged or not_due:
            lines.append(f"{unchanged} indicators have nothing new, {not_due} are not due yet.")
        if not self.fetched:
            return "\n".join([*lines, "Nothing was fetched; the snapshot is as it was."])
        revised = sum(self.revised.values())
        lines.append(
            f"{len(self.fetched)} indicators fetched, {sum(self.fetched.values()):,} figures; "
            f"{revised:,} figures were revised by their publisher"
            + (" (regionstudy status --changes)." if revised else ".")
        )
        return "\n".join(lines)


def fetch(
    snapshot: Path,
    work: Path,
    indicators: Sequence[Indicator],
    clients: Clients,
    *,
    regions: Sequence[str],
    since: int | None = None,
    named: bool = False,
    dry_run: bool = False,
    partial: bool = False,
    yes: bool = False,
    today: dt.date | None = None,
    waiting: Callable[[str], AbstractContextManager[object]] = nullcontext,
) -> FetchReport:
    """
    Bring indicators from the live services into the snapshot.

    Cut off at any point, it goes on where it stopped when called again, and the last good
    snapshot stands: answers are journalled as they come, and the snapshot is replaced as a
    whole when everything is there.

    Parameters
    ----------
    snapshot : Path
        The snapshot's folder.
    work : Path
        A folder for the journal and the lock.
    indicators : sequence of Indicator
        What is wanted.
    clients : Clients
        The services.
    regions : sequence of str
        The municipalities in which job ads are counted.
    since : int, optional
        The first year wanted; all years without it.
    named : bool, default False
        Whether the user named these indicators: then each publisher is asked for news.
    dry_run : bool, default False
        Whether to plan only.
    partial : bool, default False
        Whether to keep what came although something failed.
    yes : bool, default False
        Whether an indicator of more than 10 million cells is meant.
    today : date, optional
        The day, if another than it is.
    waiting : callable, optional
        Given what is waited for, a context manager that shows it meanwhile.

    Returns
    -------
    FetchReport
        What was planned and done.

    Raises
    ------
    ConfigError
        If a question does not fit its source or is huge (without `partial` or `yes`).
    SourceError
        If a service fails or answers otherwise than it was asked.
    DataError
        If what came does not fit the catalogue, it can not be written, or another fetch runs.
    """
    day = today or dt.datetime.now(tz=dt.UTC).date()
    with _alone(work):
        recover(snapshot)
        held = Snapshot.open(snapshot)
        asked = Asked(work / "asked.json")
        known = [one for one in indicators if one.source is not None]
        with waiting("Asking the services what they have"):
            choice = choose(known, held, clients, asked=asked, named=named, since=since, today=day)
            plan = make_plan(
                choice.fetch, clients, regions=regions, since=since, today=day, refresh=not dry_run
            )
        plan.unchanged, plan.not_due = choice.unchanged, choice.not_due
        report = FetchReport(plan)
        if dry_run:
            return report
        _require_sound(plan, partial=partial, yes=yes)
        report.failed |= {name: str(error) for name, error in plan.faults.items()}
        journal = Journal(work / "answers")
        with clients.uncached():
            failures = run_tasks(plan.tasks, journal)
        if failures and not partial:
            raise _incomplete(failures, len(plan.tasks))
        with waiting("Checking what came, and joining it with what was held"):
            _replace(
                snapshot, held, report, journal, failures, since=since, day=day, partial=partial
            )
        if not report.failed:
            journal.drop()
        return report


def _require_sound(plan: FetchPlan, *, partial: bool, yes: bool) -> None:
    if plan.huge and not yes:
        shown = ", ".join(f"{name} ({cells:,})" for name, cells in plan.huge.items())
        msg = (
            f"More than {HUGE_CELLS:,} figures each: {shown}. Take fewer years with --since, or "
            f"say --yes if they are meant."
        )
        raise ConfigError(msg)
    if plan.faults and not partial:
        raise _together(
            plan.faults,
            "can not be asked for as the catalogue has them",
            remedy="No figures were asked for. Take the other indicators with --partial.",
            kind=ConfigError,
        )


def _incomplete(failures: Mapping[str, SourceError], tasks: int) -> SourceError:
    first = next(iter(failures.values()))
    return SourceError(
        f"{len(failures)} of {tasks} requests failed, the first so: {first}",
        url=first.url,
        status=first.status,
        remedy="The snapshot is as it was. Run the same command again: it goes on where it "
        "stopped; or keep what came with --partial.",
        content=first.content,
    )


def _together(
    wrong: Mapping[str, RegionStudyError],
    problem: str,
    *,
    remedy: str,
    kind: type[RegionStudyError],
) -> RegionStudyError:
    """Make one error of what is wrong with some indicators: of their source, if all are."""
    told = " ".join(f"({name}) {error}" for name, error in wrong.items())
    msg = f"{len(wrong)} indicator{'s' * (len(wrong) > 1)} {problem}: {told}"
    sources = [error for error in wrong.values() if isinstance(error, SourceError)]
    if len(sources) < len(wrong):
        return kind(f"{msg} {remedy}")
    first = next((error for error in sources if error.content), sources[0])
    return SourceError(
        msg, url=first.url, status=first.status, remedy=remedy, content=first.content
    )


def _replace(
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
    """Write the new snapshot aside, indicator by indicator, and put it in the old one's place."""
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
                require_valid(observed, series[0].indicator, name=series[0].name)
                _require_one_division(held, name, observed)
            except RegionStudyError as error:
                wrong[name] = error
                continue
            _enter(writer, held, series[0].indicator, observed, facts, report,
                   since=since, day=day)  # fmt: skip
        if wrong and not partial:
            raise _together(
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
        parts[one.name] = observed
        segments.append({**facts, "name": one.name, "stamp": facts["updated"] or one.stamp})
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
    import pandas as pd

    both = pd.concat([earlier, revised], ignore_index=True)
    words = [column for column in both.columns if column not in ("value", "value_now")]
    return both.fillna(dict.fromkeys(words, "total"))


@contextmanager
def _alone(work: Path) -> Iterator[None]:
    """Let no second fetch into the same study; a killed one's lock ends with it."""
    from filelock import FileLock, Timeout

    try:
        work.mkdir(parents=True, exist_ok=True)
        lock = FileLock(work / "lock", blocking=False)
        lock.acquire()
    except Timeout as error:
        msg = f"{work}: another fetch of this study is running. Wait for it to end, or stop it."
        raise DataError(msg) from error
    except OSError as error:
        msg = f"{work}: can not be written to ({error.strerror or error}). Ask for permission."
        raise DataError(msg) from error
    try:
        yield
    finally:
        lock.release()
