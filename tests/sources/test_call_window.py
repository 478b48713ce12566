"""A service never sees more calls in its window than it announced."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from werkzeug import Request, Response

from regionstudy.errors import ConfigError, SourceError
from regionstudy.sources import call_window
from regionstudy.sources.http import CallWindow, Patience, ask, open_session

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_httpserver import HTTPServer


def _within(arrivals: list[float], *, calls: int, seconds: float) -> bool:
    """Tell whether no stretch of `seconds` holds more than `calls` arrivals."""
    arrivals = sorted(arrivals)
    return all(
        later - earlier >= seconds
        for earlier, later in zip(arrivals, arrivals[calls:], strict=False)
    )


def test_threads_that_share_a_session_share_its_window(service: HTTPServer) -> None:
    arrivals: list[float] = []

    def answer(_request: Request) -> Response:
        arrivals.append(time.monotonic())
        # Calls travel at different speeds: some are counted late.
        time.sleep(0.03 * (len(arrivals) % 3))
        return Response("{}", content_type="application/json")

    service.expect_request("/").respond_with_handler(answer)
    with (
        open_session(source="fake", window=CallWindow(5, 0.5)) as session,
        ThreadPoolExecutor(8) as pool,
    ):
        asked = [
            pool.submit(ask, session, "GET", service.url_for("/"), what="Test") for _ in range(17)
        ]
        assert all(answer.result().status == 200 for answer in asked)
    assert len(arrivals) == 17
    assert _within(arrivals, calls=5, seconds=0.5)


def test_processes_that_share_a_file_share_the_window(tmp_path: Path) -> None:
    code = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from regionstudy.sources.call_window import CallWindow\n"
        "window = CallWindow(3, 0.4, store=Path(sys.argv[1]))\n"
        "for _ in range(4):\n"
        "    window.begin()\n"
        "    print(time.monotonic())\n"
        "    window.end()\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "calls.sqlite")]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate(timeout=60)[0] for process in running]
    arrivals = [float(line) for text in said for line in text.split()]
    assert len(arrivals) == 8
    assert _within(arrivals, calls=3, seconds=0.4)


def test_a_place_is_free_a_window_after_the_answer_and_not_after_the_call() -> None:
    window = CallWindow(1, 0.2)
    window.begin()
    time.sleep(0.1)
    window.end()
    answered = time.monotonic()
    window.begin()
    assert time.monotonic() - answered >= 0.2


def test_a_free_place_is_taken_at_once() -> None:
    window = CallWindow(3, 60)
    start = time.monotonic()
    for _ in range(3):
        window.begin()
        window.end()
    assert time.monotonic() - start < 5


def test_the_place_of_a_call_that_never_ended_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(call_window, "_ARRIVES_WITHIN_S", 0.1)
    window = CallWindow(1, 0.1)
    lost = threading.Thread(target=window.begin)
    start = time.monotonic()
    lost.start()
    lost.join()
    window.begin()
    assert 0.2 <= time.monotonic() - start < 5


def test_ending_without_a_call_changes_nothing() -> None:
    window = CallWindow(1, 60)
    window.end()
    window.begin()


def test_a_killed_process_leaves_the_window_in_order(tmp_path: Path) -> None:
    store = tmp_path / "calls.sqlite"
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from regionstudy.sources.call_window import CallWindow\n"
        "window = CallWindow(1_000_000, 0.1, store=Path(sys.argv[1]))\n"
        "while True:\n"
        "    window.begin()\n"
        "    print(flush=True)\n"
    )
    command = [sys.executable, "-c", code, str(store)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.read(20)
        process.kill()
    with sqlite3.connect(store) as database:
        ((taken,),) = database.execute("SELECT count(*) FROM calls").fetchall()
    database.close()
    window = CallWindow(taken + 1, 60, store=store)
    start = time.monotonic()
    window.begin()  # the last free place
    assert time.monotonic() - start < 5


def test_a_pause_holds_every_thread_back() -> None:
    window = CallWindow(5, 0.1)
    window.pause(0.3)
    start = time.monotonic()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: window.begin(), range(2)))
    assert time.monotonic() - start >= 0.3 - 0.01


def test_places_from_before_the_machine_restarted_are_dropped(tmp_path: Path) -> None:
    window = CallWindow(1, 0.1, store=tmp_path / "calls.sqlite")
    with sqlite3.connect(tmp_path / "calls.sqlite") as database:
        database.execute("INSERT INTO calls (until) VALUES (?)", (time.monotonic() + 1e6,))
    database.close()
    start = time.monotonic()
    window.begin()
    assert time.monotonic() - start < 5


def test_a_repeated_call_takes_a_place_again(service: HTTPServer) -> None:
    arrivals: list[float] = []

    def answer(_request: Request) -> Response:
        arrivals.append(time.monotonic())
        status = 503 if len(arrivals) < 4 else 200
        return Response("{}", status=status, content_type="application/json")

    service.expect_request("/").respond_with_handler(answer)
    patience = Patience(backoff_s=0.001)
    with open_session(source="fake", window=CallWindow(2, 0.3), patience=patience) as session:
        ask(session, "GET", service.url_for("/"), what="Test")
    assert len(arrivals) == 4
    assert _within(arrivals, calls=2, seconds=0.3)


def test_an_answer_from_the_cache_takes_no_place(service: HTTPServer, tmp_path: Path) -> None:
    service.expect_request("/").respond_with_json({})
    with open_session(source="fake", cache=tmp_path, window=CallWindow(1, 60)) as session:
        start = time.monotonic()
        for _ in range(5):
            ask(session, "GET", service.url_for("/"), what="Test")
        assert time.monotonic() - start < 10
    assert len(service.log) == 1


@pytest.mark.parametrize(("calls", "seconds"), [(0, 1.0), (-1, 1.0), (1, 0.0), (1, float("nan"))])
def test_a_window_that_lets_nothing_through_is_refused(calls: int, seconds: float) -> None:
    with pytest.raises(ConfigError, match=r"lets no call through\. Give at least 1 call"):
        CallWindow(calls, seconds)


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "calls.sqlite").write_bytes(b"no database" * 1000)
    with pytest.raises(SourceError, match=r"calls\.sqlite cannot be used: .* Free space"):
        CallWindow(1, 1, store=tmp_path / "calls.sqlite")


def test_a_file_that_breaks_while_in_use_is_named_and_let_go(tmp_path: Path) -> None:
    window = CallWindow(1, 1, store=tmp_path / "calls.sqlite")
    with sqlite3.connect(tmp_path / "calls.sqlite") as database:
        database.execute("DROP TABLE calls")
        for _ in range(2):
            with pytest.raises(SourceError, match="cannot be used: no such table"):
                window.begin()
        database.execute("CREATE TABLE calls (id INTEGER PRIMARY KEY, until REAL NOT NULL)")
    database.close()
    window.begin()
