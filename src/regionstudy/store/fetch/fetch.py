"""The fetch: choose, plan, ask, and replace the snapshot when all is there."""

from __future__ import annotations

import datetime as dt
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING

from regionstudy.errors import ConfigError, DataError, SourceError
from regionstudy.store.fetch.journal import Journal
from regionstudy.store.fetch.plan import HUGE_CELLS, make_plan
from regionstudy.store.fetch.refresh import Asked, choose
from regionstudy.store.fetch.replace import replace_snapshot
from regionstudy.store.fetch.report import FetchReport, together
from regionstudy.store.fetch.run import run_tasks
from regionstudy.store.snapshot import Snapshot
from regionstudy.store.write import recover

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from regionstudy.catalogue import Indicator
    from regionstudy.sources.clients import Clients
    from regionstudy.store.fetch.plan import FetchPlan

__all__ = ["fetch"]


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
            replace_snapshot(
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
        raise together(
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
