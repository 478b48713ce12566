"""Answers on disk as they come: whole or not at all."""

from __future__ import annotations

import datetime as dt
import errno
import os
import time
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from regionstudy.errors import DataError
from regionstudy.store.fetch.journal import Journal
from regionstudy.store.fetch.tasks import Task

DAY = dt.timedelta(days=1)


def task(key: str = "a", *, source: str = "scb", good_for: dt.timedelta | None = None) -> Task:
    """A task that no test runs."""
    return Task(source, key, "a thing", 1, 1, "curl", pd.DataFrame, good_for)


@pytest.fixture
def answer() -> pd.DataFrame:
    """An answer as a client gives it: categories, missing values, and facts beside them."""
    frame = pd.DataFrame(
        {"Region": pd.Categorical(["2281", "0114"]), "value": [1.5, float("nan")],
         "status": pd.Categorical(["", ".."])}
    )  # fmt: skip
    frame.attrs = {"updated": "2026-02-24T07:00:00Z", "labels": {"Region": {"2281": "Sundsvall"}}}
    return frame


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    """A journal that holds nothing yet."""
    return Journal(tmp_path / "answers")


def test_an_answer_comes_back_as_it_was_kept(journal: Journal, answer: pd.DataFrame) -> None:
    journal.keep(task(), answer)
    again = Journal(journal.folder)
    assert again.holds(task())
    taken = again.take(task())
    pd.testing.assert_frame_equal(taken, answer)
    assert taken.attrs == answer.attrs


def test_another_key_or_source_is_another_answer(journal: Journal, answer: pd.DataFrame) -> None:
    journal.keep(task(), answer)
    assert not journal.holds(task("b"))
    assert not journal.holds(task(source="kolada"))


@pytest.mark.parametrize(
    ("good_for", "age", "held"),
    [
        (None, dt.timedelta(days=400), True),
        (DAY, dt.timedelta(hours=23), True),
        (DAY, dt.timedelta(hours=25), False),
        (DAY, dt.timedelta(days=-300), True),  # the clock has been set back since
    ],
)
def test_an_answer_is_good_for_as_long_as_its_task_says(
    journal: Journal,
    answer: pd.DataFrame,
    good_for: dt.timedelta | None,
    age: dt.timedelta,
    held: bool,
) -> None:
    asked = task(good_for=good_for)
    journal.keep(asked, answer)
    [file] = journal.folder.iterdir()
    then = time.time() - age.total_seconds()
    os.utime(file, (then, then))
    assert journal.holds(asked) == held


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (errno.ENOSPC, "No space left on device. Make room"),
        (errno.EACCES, "Permission denied. Make room or ask for permission"),
    ],
)
@pytest.mark.parametrize("step", ["to_parquet", "fsync", "replace", "mkstemp"])
def test_a_disk_that_fails_leaves_no_half_answer(
    journal: Journal,
    answer: pd.DataFrame,
    monkeypatch: pytest.MonkeyPatch,
    code: int,
    told: str,
    step: str,
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise OSError(code, os.strerror(code))

    of: dict[str, Any] = {"to_parquet": pd.DataFrame, "fsync": os, "replace": Path,
                          "mkstemp": __import__("tempfile")}  # fmt: skip
    monkeypatch.setattr(of[step], step, fail)
    with pytest.raises(DataError, match=rf"answers: an answer could not be kept: {told}.*goes on"):
        journal.keep(task(), answer)
    monkeypatch.undo()
    assert list(journal.folder.iterdir()) == []
    assert not journal.holds(task())


def test_ctrl_c_leaves_no_half_answer(
    journal: Journal, answer: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", stop)
    with pytest.raises(KeyboardInterrupt):
        journal.keep(task(), answer)
    assert list(journal.folder.iterdir()) == []


def test_a_broken_answer_is_named(journal: Journal, answer: pd.DataFrame) -> None:
    journal.keep(task(), answer)
    [file] = journal.folder.iterdir()
    file.write_bytes(file.read_bytes()[:-20])
    with pytest.raises(DataError, match=rf"{file.name}: a kept answer can not be read.*Delete it"):
        journal.take(task())


def test_a_dropped_journal_holds_nothing(journal: Journal, answer: pd.DataFrame) -> None:
    journal.keep(task(), answer)
    journal.drop()
    assert not journal.holds(task())
    journal.drop()  # nothing there is no fault
