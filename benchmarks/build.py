"""
Building the site against its floors: ratios of one run.

Run it with ``python -m benchmarks.build`` in the checkout.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat

from regionstudy.report.execute import read_notebook, run_notebooks

REPOSITORY = Path(__file__).resolve().parents[1]
# As the command line does, with what it knows of the study.
BUILD = """
import sys
from pathlib import Path
from regionstudy.report import build
from regionstudy.settings import read_settings, site_settings
folder = Path(sys.argv[1])
settings = site_settings(folder, read_settings(folder))
build(folder, out=sys.argv[2], settings=settings, lang=sys.argv[3])
"""
# Our figures bypass plotly's renderers; the baseline gets them back.
AS_PLOTLY_SHOWS = """
import plotly.graph_objects as go, plotly.io as pio
from regionstudy.figures.shown import StudyFigure
pio.renderers.default = "notebook"
StudyFigure._ipython_display_ = go.Figure._ipython_display_
"""


def main() -> None:
    cores = len(os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory() as name:
        study = Path(name)
        for part in ("data", "notebooks"):
            shutil.copytree(REPOSITORY / part, study / part)
        (study / "notebooks" / "explore.ipynb").unlink(missing_ok=True)
        paths = sorted((study / "notebooks").glob("*.ipynb"))
        floor = floor_seconds(len(paths), study, cores)
        first = build_seconds(study, "sv")
        second = build_seconds(study, "sv")
        site = bytes_below(study / "site-sv")
        pages = sum(path.stat().st_size for path in (study / "site-sv").glob("*.html"))
        library = (study / "site-sv" / "static" / "plotly.min.js").stat().st_size
        shutil.rmtree(study / ".regionstudy")
        both = build_seconds(study, "both")
        baseline = baseline_bytes(paths, study)
    print(f"{len(paths)} notebooks on {cores} cores")
    print(
        f"floor {floor:.1f} s, first build {first:.1f} s, second {second:.2f} s, both {both:.1f} s"
    )
    print(f"site {site:,} B, of which plotly.js {library:,} B; nbconvert's pages {baseline:,} B")
    report("first build / floor", first / floor, 3.5)
    report("second build / first", second / first, 0.1)
    report("both languages / one", both / first, 1.6)
    report("site / nbconvert's pages", site / baseline, 1 / 5)
    report("without the library", (site - library) / baseline, 1 / 20)
    report("the pages alone", pages / baseline, 1 / 25)


def report(what: str, ratio: float, most: float) -> None:
    print(f"{what:28} {ratio:7.3f}  (at most {most:.3f}) {'ok' if ratio <= most else 'TOO MUCH'}")


def floor_seconds(count: int, folder: Path, cores: int) -> float:
    """Start one kernel and import the libraries, once a notebook, on the cores there are."""
    # Kernels of their own, as any notebook has; what a build shares between them is its gain.
    cell = nbformat.v4.new_code_cell("import geopandas, pandas, plotly.graph_objects")
    empty = {str(number): nbformat.v4.new_notebook(cells=[cell]) for number in range(count)}
    start = time.perf_counter()
    run_notebooks(
        empty,
        folder=folder,
        jobs=cores,
        timeout_s=120,
        parameters={},
        on_cell=lambda _: None,
        meanwhile=lambda: None,
        on_notebook=lambda *_: None,
    )
    return time.perf_counter() - start


def build_seconds(study: Path, lang: str) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", BUILD, study, study / f"site-{lang}", lang], check=True)
    return time.perf_counter() - start


def baseline_bytes(paths: list[Path], study: Path) -> int:
    """Give the size of the same notebooks as nbconvert writes them with plotly's renderer."""
    plain = study / "plain"
    plain.mkdir()
    for path in paths:
        notebook = read_notebook(path)
        notebook.cells.insert(0, nbformat.v4.new_code_cell(AS_PLOTLY_SHOWS))
        nbformat.write(notebook, plain / path.name)
    command = [sys.executable, "-m", "nbconvert", "--execute", "--to", "html", "--log-level", "40"]
    subprocess.run([*command, *plain.glob("*.ipynb")], cwd=study, check=True)
    return sum(path.stat().st_size for path in plain.glob("*.html"))


def bytes_below(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


if __name__ == "__main__":
    main()
