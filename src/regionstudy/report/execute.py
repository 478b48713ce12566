"""Running notebooks: each in a kernel of this interpreter, several at a time."""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import queue
import tempfile
import threading
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from regionstudy.errors import ReportError
from regionstudy.report.kernels import kernel_environment, kernel_manager

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from nbformat import NotebookNode

    from regionstudy.report.forked_kernels import ForkServer

__all__ = ["read_notebook", "run_notebooks"]

# A message shows so much of a cell; the error's `source` holds all of it.
_SHOWN_SOURCE = 160
# How often the end of all is looked for while nothing is handed over.
_LOOK_S = 0.05


def read_notebook(path: Path) -> NotebookNode:
    """
    Read a notebook.

    Parameters
    ----------
    path : Path
        An ``.ipynb`` file.

    Returns
    -------
    NotebookNode
        The notebook, in format 4.

    Raises
    ------
    ReportError
        If the file can not be read as a notebook.
    """
    try:
        found: NotebookNode = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, nbformat.ValidationError) as error:
        first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        msg = f"{path.name}: not a notebook ({first}). Open and save it with: regionstudy lab"
        raise ReportError(msg, notebook=path.name) from error
    return found


def run_notebooks(
    notebooks: Mapping[str, NotebookNode],
    *,
    folder: Path,
    jobs: int,
    timeout_s: float,
    parameters: Mapping[str, object],
    on_cell: Callable[[str], None],
    meanwhile: Callable[[], object],
    on_notebook: Callable[[str, NotebookNode], object],
    server: ForkServer | None = None,
) -> dict[str, NotebookNode]:
    """
    Run notebooks and give them back with what they show.

    Parameters
    ----------
    notebooks : mapping of str to NotebookNode
        By file name; they are not changed.
    folder : Path
        The working folder of the kernels.
    jobs : int
        How many run at once.
    timeout_s : float
        Seconds that a cell may take.
    parameters : mapping of str to object
        Set after the cell tagged ``parameters``, where that cell sets them too.
    on_cell : callable
        Told a notebook's name after each of its code cells.
    meanwhile : callable
        Called once while the kernels work.
    on_notebook : callable
        Given a notebook's name and what it shows, while others still run. It is not called for
        those that end last.
    server : ForkServer, optional
        Forks the kernels, where it can. Without it, each is started by itself.

    Returns
    -------
    dict of str to NotebookNode
        The run notebooks, in the order given.

    Raises
    ------
    ReportError
        If a cell fails or takes too long, or a kernel dies. The other kernels are stopped.
    KeyboardInterrupt
        If the user interrupts; every kernel is stopped first.
    """
    ended: queue.SimpleQueue[tuple[str, NotebookNode]] = queue.SimpleQueue()
    with tempfile.TemporaryDirectory(prefix="regionstudy-") as profile:
        started = _Started(
            _run_all(
                notebooks,
                folder=folder,
                jobs=jobs,
                timeout_s=timeout_s,
                parameters=parameters,
                on_cell=on_cell,
                env=kernel_environment(profile),
                server=server,
                ended=ended,
            )
        )
        try:
            meanwhile()
            while not started.over:
                with contextlib.suppress(queue.Empty):
                    on_notebook(*ended.get(timeout=_LOOK_S))
            found: dict[str, NotebookNode] = started.result()
            return found
        finally:
            started.stop()


class _Started:
    """
    A coroutine at work in a thread of its own.

    nbclient takes the interrupt signal for itself in the main thread, and would swallow
    Ctrl-C; there, the main thread gets it and stops the work.
    """

    def __init__(self, work: Any) -> None:
        self._loop = asyncio.new_event_loop()
        self._over = threading.Event()
        self._answer: Any = None
        self._error: BaseException | None = None
        self._task: asyncio.Task[Any] | None = None
        self._thread = threading.Thread(target=self._run, args=(work,), name="notebooks")
        self._thread.start()

    def _run(self, work: Any) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._task = self._loop.create_task(work)
            self._answer = self._loop.run_until_complete(self._task)
        except BaseException as error:
            self._error = error
        finally:
            # nbclient leaves its watch over a failed kernel pending, and says so at the end.
            left = asyncio.all_tasks(self._loop)
            for task in left:
                task.cancel()
            self._loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            self._loop.close()
            self._over.set()

    @property
    def over(self) -> bool:
        return self._over.is_set()

    def result(self) -> Any:
        self._over.wait()
        if self._error is not None:
            raise self._error
        return self._answer

    def stop(self) -> None:
        task = self._task
        if not self._over.is_set() and task is not None:
            with contextlib.suppress(RuntimeError):  # over since the line above
                self._loop.call_soon_threadsafe(task.cancel)
        self._thread.join()


async def _run_all(
    notebooks: Mapping[str, NotebookNode],
    *,
    jobs: int,
    ended: queue.SimpleQueue[tuple[str, NotebookNode]],
    **options: Any,
) -> dict[str, NotebookNode]:
    places = asyncio.Semaphore(jobs)

    async def in_turn(name: str, notebook: NotebookNode) -> NotebookNode:
        async with places:
            run = await _run_one(name, notebook, **options)
        ended.put((name, run))
        return run

    try:
        async with asyncio.TaskGroup() as group:
            tasks = {name: group.create_task(in_turn(name, nb)) for name, nb in notebooks.items()}
    except BaseExceptionGroup as failed:
        # The others were stopped because of the first.
        raise failed.exceptions[0] from failed.exceptions[0].__cause__
    return {name: task.result() for name, task in tasks.items()}


async def _run_one(
    name: str,
    notebook: NotebookNode,
    *,
    folder: Path,
    timeout_s: float,
    parameters: Mapping[str, object],
    on_cell: Callable[[str], None],
    env: Mapping[str, str],
    server: ForkServer | None,
) -> NotebookNode:
    run: NotebookNode = nbformat.from_dict(notebook)  # type: ignore[no-untyped-call]
    at = _set_parameters(run, parameters)
    current = [0]

    def cell_starts(*, cell_index: int, **_: object) -> None:
        current[0] = cell_index

    manager = kernel_manager(PurePath(name).stem, env=env, server=server)
    client = NotebookClient(
        run,
        km=manager,
        timeout=timeout_s,
        startup_timeout=120,
        shutdown_kernel="immediate",
        record_timing=False,
        store_widget_state=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(folder)}},
        on_cell_start=cell_starts,
        on_cell_executed=lambda **_: on_cell(name),
    )
    try:
        await client.async_execute(cleanup_kc=True, env=dict(env))
    except (CellExecutionError, CellTimeoutError, DeadKernelError, RuntimeError) as error:
        raise _failure(name, run, current[0], at, error, timeout_s) from error
    finally:
        # The kernel is shut down here; at exit nbclient would look for it in vain.
        atexit.unregister(client._cleanup_kernel)
        if manager.has_kernel:
            await manager.shutdown_kernel(now=True)
    if at is not None:
        del run.cells[at]
    return run


def _set_parameters(notebook: NotebookNode, parameters: Mapping[str, object]) -> int | None:
    """Insert a cell that sets parameters; give its index, None where none applies."""
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type == "code" and "parameters" in cell.metadata.get("tags", []):
            lines = cell.source.splitlines()
            own = {line.partition("=")[0].partition(":")[0].strip() for line in lines}
            chosen = [f"{key} = {value!r}" for key, value in parameters.items() if key in own]
            if not chosen:
                return None
            own_cell = nbformat.v4.new_code_cell("\n".join(chosen))  # type: ignore[no-untyped-call]
            notebook.cells.insert(index + 1, own_cell)
            return index + 1
    return None


def _failure(
    name: str,
    notebook: NotebookNode,
    index: int,
    at: int | None,
    error: Exception,
    timeout_s: float,
) -> ReportError:
    source = notebook.cells[index].source if index < len(notebook.cells) else ""
    number = index + 1 - (at is not None and index >= at)
    shown = " ".join(source.split())
    shown = shown if len(shown) <= _SHOWN_SOURCE else shown[:_SHOWN_SOURCE] + "…"
    if isinstance(error, CellTimeoutError):
        what = f"took more than {timeout_s:g} seconds. Make it do less, or allow more time"
    elif isinstance(error, CellExecutionError):
        what = f"failed: {error.ename}: {error.evalue}".rstrip(". ")
    elif isinstance(error, DeadKernelError):
        what = "ended its kernel (often for want of memory). Run fewer at once: --jobs 1"
    else:
        what = f"could not be run: {error}".rstrip(". ")
    msg = f"{name}, cell {number} [{shown}] {what}. See it run with: regionstudy lab"
    return ReportError(msg, notebook=name, cell=number, source=source)
