"""Asking: what is asked, what goes on when something fails, and what stops."""

from __future__ import annotations

import io
import threading
import time
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from regionstudy.errors import DataError, SourceError
from regionstudy.store.fetch import run
from regionstudy.store.fetch.journal import Journal
from regionstudy.store.fetch.run import run_tasks
from regionstudy.store.fetch.tasks import Task

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ANSWER = pd.DataFrame({"value": [1.0]})


class Service:
    """Counts the calls, and fails as told."""

    def __init__(self, error: BaseException | None = None, *, wait: float = 0.0) -> None:
        self.error = error
        self.wait = wait
        self.calls = 0
        self._lock = threading.Lock()

    def __call__(self) -> pd.DataFrame:
        with self._lock:
            self.calls += 1
        time.sleep(self.wait)
        if self.error is not None:
            raise self.error
        return ANSWER


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    """A journal that holds nothing yet."""
    return Journal(tmp_path / "answers")


def task(key: str, ask: Callable[[], pd.DataFrame], *, source: str = "scb") -> Task:
    """A task of one call."""
    return Task(source, key, f"thing {key}", 1, 1, "curl", ask)


def test_what_the_journal_holds_is_not_asked_for(journal: Journal) -> None:
    service = Service()
    tasks = [task(key, service) for key in "abc"]
    journal.keep(tasks[1], ANSWER)
    assert run_tasks(tasks, journal) == {}
    assert service.calls == 2
    assert all(journal.holds(one) for one in tasks)
    assert run_tasks(tasks, journal) == {}
    assert service.calls == 2


def test_one_fault_does_not_stop_the_others(journal: Journal) -> None:
    refused = Service(SourceError("a: no such value", url="http://x", status=400))
    well = Service()
    tasks = [task("a", refused), *(task(key, well) for key in "bcdefg")]
    assert run_tasks(tasks, journal) == {"a": refused.error}
    assert all(journal.holds(one) for one in tasks[1:])


@pytest.mark.parametrize("status", [None, 429, 500, 503])
def test_a_service_that_is_down_is_not_asked_again_and_again(
    journal: Journal, status: int | None
) -> None:
    down = Service(SourceError("it is down.", url="http://x", status=status), wait=0.02)
    other = Service(wait=0.02)
    tasks = [
        *(task(f"a{n}", down) for n in range(40)),
        *(task(f"b{n}", other, source="kolada") for n in range(8)),
    ]
    failures = run_tasks(tasks, journal)
    assert set(failures) == {f"a{n}" for n in range(40)}
    assert down.calls <= 12, "those under way, and no more"
    assert other.calls == 8, "another service is none of its business"
    told = [
        one for one in map(str, failures.values()) if "not asked, since the service fails" in one
    ]
    assert len(told) == 40 - down.calls
    assert all(one.endswith("fails: it is down.") for one in told)


def test_a_service_that_answers_no_goes_on_being_asked(journal: Journal) -> None:
    refuses = Service(SourceError("no.", url="http://x", status=404))
    run_tasks([task(str(n), refuses) for n in range(20)], journal)
    assert refuses.calls == 20


def test_an_answer_that_can_not_be_kept_stops_all(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise DataError("the disk is full")

    monkeypatch.setattr(Journal, "keep", full)
    service = Service(wait=0.01)
    with pytest.raises(DataError, match="the disk is full"):
        run_tasks([task(str(n), service) for n in range(100)], journal)
    assert service.calls < 50


def test_ctrl_c_asks_for_nothing_more(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    service = Service(wait=0.01)
    waits = 0
    wait = run.wait

    def interrupted(*given: object, **options: object) -> object:
        nonlocal waits
        waits += 1
        if waits == 3:
            raise KeyboardInterrupt
        return wait(*given, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(run, "wait", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run_tasks([task(str(n), service) for n in range(200)], journal)
    time.sleep(0.1)
    asked = service.calls
    time.sleep(0.1)
    assert service.calls == asked < 100


def test_a_source_is_asked_four_things_at_once(journal: Journal) -> None:
    now, most = 0, 0
    lock = threading.Lock()

    def ask() -> pd.DataFrame:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        time.sleep(0.02)
        with lock:
            now -= 1
        return ANSWER

    run_tasks([task(str(n), ask) for n in range(12)], journal)
    assert most == 4


def test_nothing_is_shown_where_there_is_no_terminal(
    journal: Journal, capfd: pytest.CaptureFixture[str]
) -> None:
    run_tasks([task("a", Service())], journal)
    assert capfd.readouterr() == ("", "")


def test_the_bar_counts_requests_and_figures(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = io.StringIO()
    console = run.Console

    def terminal(**_: object) -> object:
        return console(file=screen, force_terminal=True, width=120)

    monkeypatch.setattr(run, "Console", terminal)
    tasks = [task(key, Service(wait=0.2)) for key in "abcde"]
    journal.keep(tasks[0], ANSWER)
    run_tasks(tasks, journal)
    shown = screen.getvalue()
    assert "1/5" in shown, "what the journal holds counts as done"
    assert "requests" in shown
    assert "figures/s" in shown
