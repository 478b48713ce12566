"""
The call window of a service: at most so many calls in so many seconds.

The service counts a call when it arrives, which is some time after it was sent. A window
that counts from the sending is therefore broken now and then by calls that travelled at
different speeds, and the answer is 429. Here a call holds its place until `seconds` after
its answer began to arrive: the service cannot have counted it later than that. The clock
is the machine's monotonic one, which all processes share and which nobody sets.
"""

from __future__ import annotations

import sqlite3
import threading
import time
import weakref
from contextlib import contextmanager
from typing import TYPE_CHECKING

from regionstudy.errors import ConfigError, SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["CallWindow", "known_window", "shared_window"]

# A call whose answer is slow, or whose process was killed, has arrived within this time
# (the connect time-out) or never will.
_ARRIVES_WITHIN_S = 10.0
# After a restart the clock begins anew; places held longer than this are from before it.
_LONGEST_PAUSE_S = 600.0

# The windows of this process, by address: clients without a common file share them.
_windows: dict[str, CallWindow] = {}
_windows_lock = threading.Lock()


class CallWindow:
    """
    A sliding window over the calls to one service, exact across threads and processes.

    Parameters
    ----------
    calls : int
        How many calls the service takes in any `seconds`.
    seconds : float
        The window's length.
    store : Path, optional
        A SQLite file that all processes asking the same service share. Without it the
        window holds for the threads of this process.

    Raises
    ------
    ConfigError
        If `calls` or `seconds` is not positive.

    Examples
    --------
    >>> window = CallWindow(2, 0.01)
    >>> for _ in range(3):
    ...     window.begin()
    ...     window.end()
    """

    def __init__(self, calls: int, seconds: float, *, store: Path | None = None) -> None:
        if calls < 1 or not seconds > 0:
            msg = (
                f"A call window of {calls} calls in {seconds} s lets no call through. "
                f"Give at least 1 call and a time above 0."
            )
            raise ConfigError(msg)
        self.calls = calls
        self.seconds = seconds
        self.store = store
        self._lock = threading.Lock()
        self._of_thread = threading.local()
        with self._translated():
            if store is not None:
                store.parent.mkdir(parents=True, exist_ok=True)
            self._database = sqlite3.connect(
                store or ":memory:", timeout=60, isolation_level=None, check_same_thread=False
            )
            weakref.finalize(self, self._database.close)
            # A place lost in a power cut is no harm: by then the call is long past.
            self._database.execute("PRAGMA synchronous = OFF")
            self._database.execute(
                "CREATE TABLE IF NOT EXISTS calls (id INTEGER PRIMARY KEY, until REAL NOT NULL)"
            )

    def begin(self) -> None:
        """Wait for a free place and take it for a call of this thread."""
        while (wait := self._take()) > 0:
            # A call under way may end sooner than foreseen, and its place be free sooner.
            time.sleep(min(wait, self.seconds / 4))

    def end(self) -> None:
        """Say that this thread's call was answered or failed: its place is free `seconds` on."""
        place = getattr(self._of_thread, "place", None)
        if place is None:
            return
        self._of_thread.place = None
        free = time.monotonic() + self.seconds
        with self._transaction() as database:
            database.execute(
                "UPDATE calls SET until = min(until, ?) WHERE id = ?",
                (free, place),
            )

    def pause(self, seconds: float) -> None:
        """
        Let no call through for a while, because the service asked for it.

        Parameters
        ----------
        seconds : float
            How long, from now; ten minutes at most.
        """
        until = time.monotonic() + min(seconds, _LONGEST_PAUSE_S)
        with self._transaction() as database:
            database.executemany("INSERT INTO calls (until) VALUES (?)", [(until,)] * self.calls)

    def _take(self) -> float:
        """Take a place, or tell how many seconds remain until one may be free."""
        with self._transaction() as database:
            now = time.monotonic()
            latest = now + _LONGEST_PAUSE_S + _ARRIVES_WITHIN_S + self.seconds
            database.execute("DELETE FROM calls WHERE until <= ? OR until > ?", (now, latest))
            ends = [
                until for (until,) in database.execute("SELECT until FROM calls ORDER BY until")
            ]
            if len(ends) >= self.calls:
                return float(ends[len(ends) - self.calls] - now)
            cursor = database.execute(
                "INSERT INTO calls (until) VALUES (?)", (now + _ARRIVES_WITHIN_S + self.seconds,)
            )
            self._of_thread.place = cursor.lastrowid
        return 0.0

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock, self._translated():
            # IMMEDIATE: the file is locked for other processes before anything is counted.
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield self._database
            except BaseException:
                self._database.execute("ROLLBACK")
                raise
            self._database.execute("COMMIT")

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            msg = f"The call window's file {self.store} cannot be used: {error}."
            remedy = "Free space on the disk, or remove the file if it is damaged."
            raise SourceError(msg, remedy=remedy) from error


def shared_window(url: str, calls: int, seconds: float, *, store: Path | None = None) -> CallWindow:
    """
    Give the window that all clients of a service share.

    Parameters
    ----------
    url : str
        The service's address.
    calls : int
        How many calls it takes in any `seconds`.
    seconds : float
        The window's length.
    store : Path, optional
        The file that processes share. Without it the clients of this process share one.

    Returns
    -------
    CallWindow
        Without a file the same for each client, and a new one where the service's limits
        have changed.

    Raises
    ------
    ConfigError
        If `calls` or `seconds` is not positive.
    SourceError
        If the file cannot be used.
    """
    if store is not None:
        return CallWindow(calls, seconds, store=store)
    with _windows_lock:
        window = _windows.get(url)
        if window is None or (window.calls, window.seconds) != (calls, seconds):
            window = _windows[url] = CallWindow(calls, seconds)
        return window


def known_window(url: str) -> CallWindow | None:
    """
    Give the window in which this process has asked a service, if it has.

    Parameters
    ----------
    url : str
        The service's address.

    Returns
    -------
    CallWindow or None
        The window without a file; None before the first call to `shared_window`.
    """
    with _windows_lock:
        return _windows.get(url)
