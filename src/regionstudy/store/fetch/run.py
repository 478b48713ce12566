"""Asking: tasks run side by side, each answer journalled, and a bar that says how far it is."""

from __future__ import annotations

from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)

from regionstudy.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from regionstudy.store.fetch.journal import Journal
    from regionstudy.store.fetch.tasks import Task

__all__ = ["run_tasks"]

# As many as a service of ours answers at once without its call window being the limit.
_AT_ONCE = 4


def run_tasks(tasks: Sequence[Task], journal: Journal) -> dict[str, SourceError]:
    """
    Ask whatever the journal does not hold.

    A fault of one task does not stop the others, so that as much as possible is journalled;
    but a service that is down is not asked again and again.

    Parameters
    ----------
    tasks : sequence of Task
        The tasks, each once.
    journal : Journal
        Where answers go.

    Returns
    -------
    dict of str to SourceError
        What went wrong, by the task's key.

    Raises
    ------
    DataError
        If an answer can not be kept.
    """
    pending = [task for task in tasks if not journal.holds(task)]
    failures: dict[str, SourceError] = {}
    if not pending:
        return failures
    with _Bar(tasks, pending) as bar:
        sources = dict.fromkeys(task.source for task in pending)
        pools = {source: ThreadPoolExecutor(_AT_ONCE) for source in sources}
        down: dict[str, str] = {}
        try:
            waiting: dict[Future[None], Task] = {
                pools[task.source].submit(_ask, task, journal, down): task for task in pending
            }
            while waiting:
                done, _ = wait(waiting, return_when=FIRST_COMPLETED)
                for future in done:
                    task = waiting.pop(future)
                    try:
                        future.result()
                    except SourceError as error:
                        failures[task.key] = error
                        if _is_down(error):
                            down.setdefault(task.source, str(error))
                    bar.advance(task)
        finally:
            # After Ctrl-C too: what has not begun need not be asked for any more.
            for pool in pools.values():
                pool.shutdown(wait=False, cancel_futures=True)
    return failures


def _ask(task: Task, journal: Journal, down: dict[str, str]) -> None:
    if task.source in down:
        raise SourceError(f"{task.what}: not asked, since the service fails: {down[task.source]}")
    journal.keep(task, task.run())


def _is_down(error: SourceError) -> bool:
    """Tell a service that fails from one that answers no."""
    return bool(error.url) and (error.status is None or error.status == 429 or error.status >= 500)


class _Bar:
    """A bar on stderr: requests, figures a second, and how long it will take."""

    def __init__(self, tasks: Sequence[Task], pending: Sequence[Task]) -> None:
        console = Console(stderr=True)
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=16),
            MofNCompleteColumn(),
            TextColumn("requests, {task.fields[rate]} figures/s,"),
            TimeRemainingColumn(compact=True),
            TextColumn("left"),
            console=console,
            disable=not console.is_terminal,
            transient=True,
        )
        calls = sum(task.calls for task in tasks)
        done = calls - sum(task.calls for task in pending)
        self._cells = 0
        self._bar = self._progress.add_task("fetch", total=calls, completed=done, rate="0")

    def advance(self, task: Task) -> None:
        self._cells += task.cells
        elapsed = self._progress.tasks[0].elapsed or 1e-9
        self._progress.update(
            self._bar,
            advance=task.calls,
            description=task.what[:20],
            rate=f"{self._cells / elapsed:,.0f}",
        )

    def __enter__(self) -> _Bar:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()
