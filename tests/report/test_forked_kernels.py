"""Forking kernels: apart from each other, gone with the build, and never needed."""

from __future__ import annotations

import os
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from regionstudy.report import build, forked_kernels
from regionstudy.report.forked_kernels import ForkServer

QUIET = {"progress": False}
PARENT = """
import os, sys
import regionstudy
print("parent", os.getppid(), "regionstudy.views" in sys.modules)
"""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux alone")


def _parents(study, cells, **options):
    """Build two notebooks; give what each says of its parent."""
    folder = study(
        a=[*cells.question(), cells.code(PARENT)], b=[*cells.question(), cells.code(PARENT)]
    )
    build(folder, out=folder / "site", settings=cells.settings, **QUIET, **options)
    pages = [(folder / "site" / f"{name}.html").read_text(encoding="utf-8") for name in "ab"]
    return [page.partition("parent ")[2].partition("<")[0].split() for page in pages]


def _kernel(server: ForkServer, folder: Path, name: str) -> forked_kernels.ForkedKernel:
    return server.fork(["-f", str(folder / f"{name}.json")], cwd=str(folder), env=os.environ)


def _until(holds, seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_notebooks_find_imported_what_they_need(study, cells):
    (one, imported), (other, imported_there) = _parents(study, cells)
    assert one == other != str(os.getpid())
    assert imported == imported_there == "True"


def test_notebooks_without_the_package_load_nothing_of_it(study, cells, monkeypatch):
    monkeypatch.setattr(sys.modules[__name__], "PARENT", PARENT.replace("import regionstudy", ""))
    assert _parents(study, cells) == [[str(os.getpid()), "False"]] * 2


def test_where_the_system_can_not_fork_kernels_are_started(study, cells, monkeypatch):
    monkeypatch.setattr(forked_kernels.sys, "platform", "darwin")
    assert _parents(study, cells) == [[str(os.getpid()), "False"]] * 2


def test_where_the_server_fails_kernels_are_started(study, cells, monkeypatch):
    monkeypatch.setattr(forked_kernels, "_SERVE", "raise SystemExit")
    assert _parents(study, cells) == [[str(os.getpid()), "False"]] * 2


def test_kernel_that_ends_leaves_the_others(tmp_path):
    with ForkServer() as server:
        one, other = (_kernel(server, tmp_path, name) for name in ("one", "other"))
        os.kill(one.pid, signal.SIGKILL)
        assert one.wait() == one.poll() == 0
        assert other.poll() is None
        _until((tmp_path / "other.json").exists)  # it went on to listen
        assert _kernel(server, tmp_path, "third").poll() is None


def test_kernel_leads_a_group_of_its_own_in_the_folder_asked_for(tmp_path):
    with ForkServer() as server:
        kernel = server.fork(["-f", "k.json"], cwd=str(tmp_path), env={"ONLY": "this"})
        assert os.getpgid(kernel.pid) == os.getsid(kernel.pid) == kernel.pid
        assert Path(f"/proc/{kernel.pid}/cwd").resolve() == tmp_path.resolve()


def test_kernels_end_with_the_server(tmp_path):
    with ForkServer() as server:
        kernel = _kernel(server, tmp_path, "one")
        assert kernel.poll() is None
    _until(lambda: kernel.poll() is not None, seconds=10)
    _until(lambda: not Path(f"/proc/{kernel.pid}").exists(), seconds=10)


def test_signals_reach_the_kernel_and_none_reaches_an_ended_one(tmp_path):
    with ForkServer() as server:
        kernel = _kernel(server, tmp_path, "one")
        kernel.terminate()
        assert kernel.wait() == 0
        kernel.kill()


def test_ended_server_is_told(tmp_path):
    server = ForkServer()
    with server:
        pass
    with pytest.raises(OSError):  # noqa: PT011 (whichever the system gives; the caller's cue)
        _kernel(server, tmp_path, "late")


def test_notebooks_find_the_members_read_before_they_were_forked(study, cells, repository):
    shown = "import regionstudy.members.reading as r\nprint('parent', *(p.name for p in r._known))"
    folder = study(a=[*cells.question(), cells.code(shown)])
    workbook = repository / "data" / "members" / "example.xlsx"
    settings = replace(cells.settings, inputs=(workbook, folder / "absent.xlsx"))
    build(folder, out=folder / "site", settings=settings, **QUIET)
    page = (folder / "site" / "a.html").read_text(encoding="utf-8")
    assert page.partition("parent ")[2].partition("<")[0].split() == ["example.xlsx"]
