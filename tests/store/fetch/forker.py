"""
Runs ``regionstudy`` in forks of a process that has loaded it: hundreds of runs in a minute.

It reads a job a line from stdin, and answers with the child's pid and then its exit code. A
job can be told to die by SIGKILL at a moment of its own:

- ``event``: before the n-th change of the study folder (a file opened for writing, renamed or
  removed, a folder made or removed);
- ``rename``: before the n-th of those that renames something in the study's data folder;
- ``half``: when the n-th file of the snapshot is half written;
- ``sync``: when the n-th answer is written, and not yet in its place.
"""

from __future__ import annotations

import errno
import functools
import io
import json
import os
import signal
import sys
import traceback
from pathlib import Path
from typing import Any, NoReturn

import filelock  # noqa: F401 (loaded once, for all the forks)
import pandas as pd

import regionstudy.console.connection
import regionstudy.console.fetch
import regionstudy.store.fetch
from regionstudy import cli
from regionstudy.catalogue import Catalogue
from regionstudy.sources.http import Patience
from regionstudy.store.fetch.validate import require_valid

from .entries import entry, kpi

_CHANGES = frozenset({"os.rename", "os.mkdir", "os.remove", "os.rmdir", "shutil.rmtree"})


def _warm_up() -> None:
    """Load what a fetch loads late: the checks, the code list, Parquet."""
    rows = {"region": ["2281"], "indicator": "x", "period": "2024", "value": [1.0], "status": ""}
    frame = pd.DataFrame(rows)
    require_valid(frame, entry("x", source=kpi("N01951")), name="N01951")
    frame.to_parquet(io.BytesIO())


def main() -> None:
    """Serve jobs until stdin ends."""
    for line in sys.stdin:
        job = json.loads(line)
        pid = os.fork()
        if pid == 0:
            _run(job)
        print(pid, flush=True)  # noqa: T201
        _, status = os.waitpid(pid, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)  # noqa: T201


def _run(job: dict[str, Any]) -> NoReturn:
    """Be the command that the job describes; never return."""
    os.chdir(job["folder"])
    for number, place in ((0, os.devnull), (1, job["out"]), (2, job["err"])):
        flags = os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_CREAT | os.O_APPEND
        os.dup2(os.open(place, flags), number)
    # Also where the test's own process lets Ctrl-C pass by.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    load = Catalogue.load
    Catalogue.load = functools.partial(load, job["catalogue"])  # type: ignore[method-assign]
    regionstudy.console.connection.open_clients = functools.partial(
        regionstudy.console.connection.open_clients,
        patience=Patience(connect_s=2, read_s=30, repeats=1, backoff_s=0.0, longest_wait_s=2),
    )
    _prepare(job)
    sys.argv = ["regionstudy", *job["arguments"]]
    code: Any = 0
    try:
        cli.main()
    except SystemExit as end:
        code = end.code or 0
    except BaseException:
        traceback.print_exc()
        code = 1
    # As at the end of any process: threads are waited for, buffers are written.
    import threading

    threading._shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _prepare(job: dict[str, Any]) -> None:
    """Set the trap that the job wants."""
    if at := job.get("event"):
        _die_at_change(job["folder"], at)
    if at := job.get("rename"):
        _die_at_change(f"{job['folder']}/data", at, only="rename")
    if at := job.get("half"):
        _die_in_writing(at)
    if at := job.get("sync"):
        _die_before_sync(at)
    if full := job.get("full"):
        _fill_disk(full)


def _die_in_writing(at: int) -> None:
    left = at
    write = Path.write_bytes

    def write_half(self: Path, content: bytes) -> int:
        nonlocal left
        left -= 1
        if left == 0:
            write(self, content[: len(content) // 2])
            _die()
        return write(self, content)

    Path.write_bytes = write_half  # type: ignore[assignment, method-assign]


def _die_before_sync(at: int) -> None:
    left = at
    sync = os.fsync

    def die(handle: Any) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            _die()
        sync(handle)

    os.fsync = die


def _die_at_change(folder: str, at: int, *, only: str = "") -> None:
    left = at

    def watch(event: str, given: tuple[Any, ...]) -> None:
        nonlocal left
        if event in ("open", *_CHANGES) and _changes(event, given, folder) and only in event:
            left -= 1
            if left == 0:
                _die()

    sys.addaudithook(watch)


def _changes(event: str, given: tuple[Any, ...], folder: str) -> bool:
    """Tell whether something of the study is about to change; of its cache nothing counts."""
    place, *how = given
    if not isinstance(place, str | Path):
        return False
    # Inside a tree that is being removed, names are relative to an open folder.
    relative = not Path(place).is_absolute()
    if not (relative or str(place).startswith(folder)) or "/http" in str(place):
        return False
    if event == "open":
        mode, flags = how
        writes = flags & (os.O_WRONLY | os.O_RDWR) if mode is None else set(mode) & set("wax+")
        return bool(writes)
    return relative or os.path.lexists(place) != (event == "os.mkdir")


def _fill_disk(what: str) -> None:
    """Let the disk be full for answers ("journal") or for the snapshot."""

    def fail(*_: Any) -> NoReturn:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    if what == "journal":
        os.fsync = fail
    else:
        Path.write_bytes = fail  # type: ignore[assignment, method-assign]


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    _warm_up()
    main()
