"""Running notebooks: this interpreter, the study folder, and clear failures."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from regionstudy.errors import ReportError
from regionstudy.report import build

QUIET = {"progress": False}


def _shown(site: Path, name: str = "01_a") -> str:
    return (site / f"{name}.html").read_text(encoding="utf-8")


def test_kernel_is_this_interpreter_and_works_in_the_study_folder(study, cells):
    folder = study(
        a=[*cells.question(), cells.code("import sys, os\nprint(sys.executable, os.getcwd())")]
    )
    build(folder, out=folder / "site", settings=cells.settings, **QUIET)
    page = _shown(folder / "site", "a")
    assert sys.executable in page
    assert str(folder.resolve()) in page


def test_failing_cell_is_named_with_notebook_number_source_and_message(study, cells):
    folder = study(a=[*cells.question(), cells.code("x = 1"), cells.code("1 / 0")])
    with pytest.raises(
        ReportError,
        match=r"a\.ipynb, cell 4 \[1 / 0\] failed: ZeroDivisionError: division by zero\. "
        "See it run with: regionstudy lab",
    ) as failed:
        build(folder, out=folder / "site", settings=cells.settings, **QUIET)
    assert (failed.value.notebook, failed.value.cell, failed.value.source) == (
        "a.ipynb",
        4,
        "1 / 0",
    )
    assert not (folder / "site").exists()


def test_slow_cell_is_stopped_and_named(study, cells):
    folder = study(a=[*cells.question(), cells.code("import time; time.sleep(60)")])
    with pytest.raises(ReportError, match=r"cell 3 .* took more than 1 seconds"):
        build(folder, out=folder / "site", settings=cells.settings, timeout_s=1, **QUIET)


def test_dead_kernel_is_named(study, cells):
    folder = study(a=[*cells.question(), cells.code("import os; os._exit(3)")])
    with pytest.raises(ReportError, match="ended its kernel"):
        build(folder, out=folder / "site", settings=cells.settings, **QUIET)


def test_file_that_is_no_notebook_is_named(study, cells):
    folder = study(a=cells.question())
    (folder / "notebooks" / "b.ipynb").write_text("{", encoding="utf-8")
    with pytest.raises(ReportError, match=r"b\.ipynb: not a notebook"):
        build(folder, out=folder / "site", settings=cells.settings, **QUIET)


def test_region_reaches_the_parameters_cell_that_sets_it(study, cells):
    tagged = cells.code('region = "22"')
    tagged.metadata["tags"] = ["parameters"]
    folder = study(a=[*cells.question(), tagged, cells.code("print('region is', region)")])
    build(folder, out=folder / "site", settings=cells.settings, region="FA42", **QUIET)
    assert "region is FA42" in _shown(folder / "site", "a")


def test_two_notebooks_run_at_once(study, cells):
    # Each waits until it sees the other's file: in turn, the first would wait in vain.
    wait = (
        "import pathlib, time\npathlib.Path('{0}').touch()\n"
        "end = time.time() + 60\n"
        "while not pathlib.Path('{1}').exists():\n    assert time.time() < end\n"
        "    time.sleep(0.05)"
    )
    folder = study(
        a=[*cells.question(), cells.code(wait.format("a", "b"))],
        b=[*cells.question(), cells.code(wait.format("b", "a"))],
    )
    assert build(folder, out=folder / "site", settings=cells.settings, jobs=2, **QUIET).run == (
        "a.ipynb",
        "b.ipynb",
    )


def _kernels_below(parent: int) -> list[int]:
    """List the running processes below one: a kernel's parent can be one of ours itself."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[1]) == parent and fields[0] != "Z":
                found += [int(entry.name), *_kernels_below(int(entry.name))]
    return found


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs Linux's /proc")
def test_interrupt_stops_kernels_and_keeps_the_previous_site(study, cells, tmp_path):
    folder = study(
        a=[
            *cells.question(),
            cells.code("import pathlib, time\npathlib.Path('at').touch()\ntime.sleep(120)"),
        ]
    )
    site = folder / "site"
    site.mkdir()
    (site / "build.json").write_text("{}", encoding="utf-8")
    (site / "index.html").write_text("before", encoding="utf-8")
    program = tmp_path / "program.py"
    program.write_text(
        "import sys\nfrom regionstudy.report import SiteSettings, build\n"
        "from regionstudy.words import Words\n"
        "try:\n    build(sys.argv[1], out=sys.argv[2], settings=SiteSettings(Words('p', 'p')))\n"
        "except KeyboardInterrupt:\n    sys.exit(130)\n",
        encoding="utf-8",
    )
    running = subprocess.Popen([sys.executable, program, folder, site])
    try:
        end = time.monotonic() + 90
        while not (folder / "at").exists():
            assert time.monotonic() < end, "the cell never began"
            time.sleep(0.1)
        kernels = _kernels_below(running.pid)
        assert kernels
        running.send_signal(signal.SIGINT)
        assert running.wait(timeout=30) == 130
    finally:
        running.kill()
    assert not [pid for pid in kernels if Path("/proc", str(pid)).exists()]
    assert (site / "index.html").read_text(encoding="utf-8") == "before"
    assert sorted(path.name for path in folder.iterdir() if path.name.startswith(".site")) == []
