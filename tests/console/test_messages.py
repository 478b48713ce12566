"""Warnings on the command line, and the line that says that something is waited for."""

from __future__ import annotations

import datetime as dt
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from requests_cache import CachedSession

from regionstudy.console.messages import waiting
from regionstudy.sources.http import open_session

if TYPE_CHECKING:
    import pytest

    from .conftest import Shell

SAY = """
import logging, warnings
from regionstudy.console.messages import show_warnings_as_lines
show_warnings_as_lines()
show_warnings_as_lines()
warnings.warn("Åldern\\n är gammal.", UserWarning)
logging.getLogger("regionstudy.x").warning("Took %d\\nparts.", 3)
logging.getLogger("regionstudy.x").info("nothing")
"""


def test_warnings_and_the_log_are_one_line_each_on_stderr() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SAY], capture_output=True, text=True, encoding="utf-8", check=True
    )
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        "regionstudy: warning: Åldern är gammal.",
        "regionstudy: warning: Took 3 parts.",
    ]


def test_an_old_answer_taken_for_a_new_one_is_said_on_one_line(shell: Shell) -> None:
    assert shell("search", "folkmängd", "--source", "scb").returncode == 0
    cache = Path(shell.environment["XDG_CACHE_HOME"]) / "regionstudy" / "http"
    with open_session(source="scb", cache=cache) as session:
        assert isinstance(session, CachedSession)
        session.cache.reset_expiration(dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    done = shell("search", "folkmängd", "--source", "scb", offline=True)
    assert done.returncode == 0
    assert "TAB638" in done.stdout
    lines = done.stderr.splitlines()
    assert lines
    assert all(line.startswith("regionstudy: warning: ") for line in lines)
    assert all("not asked for anew, because of --offline" in line for line in lines)


def test_a_pipe_gets_no_line_of_waiting(capsys: pytest.CaptureFixture[str]) -> None:
    with waiting("Asking SCB"):
        pass
    assert capsys.readouterr().err == ""


def test_a_terminal_is_told_what_is_waited_for() -> None:
    parent, child = pty.openpty()
    code = (
        "import time; from regionstudy.console.messages import waiting\n"
        "with waiting('Asking SCB'): time.sleep(0.3)"
    )
    environment = os.environ | {"TERM": "xterm"}
    subprocess.run([sys.executable, "-c", code], stderr=child, env=environment, check=True)
    os.close(child)
    shown = os.read(parent, 65536).decode()
    os.close(parent)
    assert "Asking SCB …" in shown
