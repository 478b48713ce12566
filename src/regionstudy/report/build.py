"""From a study folder to a site: run what is new, write the pages, replace the old site."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import time
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from regionstudy.errors import ConfigError, ReportError
from regionstudy.report.cache import Cache, fingerprint, package_files, versions
from regionstudy.report.forked_kernels import ForkServer
from regionstudy.report.lean import without_grammars
from regionstudy.report.printing import find_browser, print_pages
from regionstudy.report.stamp import write_stamp
from regionstudy.report.writing import replaced
from regionstudy.words import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from nbformat import NotebookNode

    from regionstudy.report.settings import SiteSettings

__all__ = ["BuildReport", "build"]

_EXPLORATORY = "explore"


@dataclass(frozen=True, slots=True)
class BuildReport:
    """
    What a build did.

    Parameters
    ----------
    index : Path
        The start page.
    pages : int
        How many pages the site has.
    run : tuple of str
        Notebooks that were run; the others' results were kept from earlier.
    seconds : float
        How long it took.
    warnings : tuple of str
        What the analyst should look at.
    """

    index: Path
    pages: int
    run: tuple[str, ...]
    seconds: float
    warnings: tuple[str, ...] = ()

    def summary(self) -> str:
        """
        Say it in a few lines.

        Returns
        -------
        str
            The start page's path, the time, and warnings.
        """
        what = f"ran {len(self.run)} notebooks" if self.run else "nothing had changed"
        lines = [f"{self.index}: {self.pages} pages in {self.seconds:.1f} s ({what})"]
        return "\n".join([*lines, *(f"Note: {told}" for told in self.warnings)])


def build(
    study_folder: Path | str,
    *,
    out: Path | str,
    settings: SiteSettings,
    lang: Literal["sv", "en", "both"] = "sv",
    jobs: int | None = None,
    region: str | None = None,
    notebooks: Sequence[Path] | None = None,
    timeout_s: float = 600.0,
    progress: bool = True,
    single: bool = False,
    pdf: bool = False,
    built: dt.datetime | None = None,
    cached: bool = True,
) -> BuildReport:
    """
    Run a study's notebooks and write its offline site.

    Parameters
    ----------
    study_folder : path-like
        Holds ``notebooks/`` and ``data/``; kernels work in it.
    out : path-like
        The site's folder, which is replaced all at once; on any failure it stays as it was.
    settings : SiteSettings
        The study's name and contact.
    lang : {"sv", "en", "both"}, default "sv"
        The language. With "both", notebooks run once and ``sv/`` and ``en/`` are written.
    jobs : int, optional
        How many notebooks run at once; without it, one a core.
    region : str, optional
        Given to notebooks whose cell tagged ``parameters`` sets ``region``.
    notebooks : sequence of Path, optional
        The notebooks; without it, all in ``notebooks/`` by name, but ``explore``.
    timeout_s : float, default 600
        Seconds that a cell may take.
    progress : bool, default True
        Show a progress bar on stderr.
    single : bool, default False
        Whether to write each page once more as one file that can be sent, in ``single/``.
    pdf : bool, default False
        Whether to print each page to a PDF beside it, which needs a browser.
    built : datetime, optional
        The time that pages say they were built; without it, now.
    cached : bool, default True
        Whether what earlier builds left behind may be used, and this one leaves anything.

    Returns
    -------
    BuildReport
        What was done.

    Raises
    ------
    ConfigError
        If `lang` or `jobs` is wrong.
    ReportError
        If there is nothing to build, a notebook fails, or `out` can not be written.
    """
    began = time.perf_counter()
    if lang not in (*LANGUAGES, "both"):
        msg = f'"{lang}" is not a language of the site; use sv, en or both.'
        raise ConfigError(msg)
    if jobs is not None and jobs < 1:
        msg = f"--jobs {jobs}: at least one notebook must run at a time."
        raise ConfigError(msg)
    folder, out = Path(study_folder).resolve(), Path(out)
    paths = _notebooks(folder) if notebooks is None else list(notebooks)
    parameters = {} if region is None else {"region": region}
    inputs = [folder / "data", *settings.inputs]
    base = fingerprint([*package_files(drawing=False), *inputs], versions(), parameters)
    keys = {path: fingerprint([path], base) for path in paths}
    languages = LANGUAGES if lang == "both" else (lang,)
    said = (settings.title.sv, settings.title.en, settings.contact, settings.public_url)
    facts = (list(keys.values()), languages, single, pdf, *said)
    site_key = fingerprint(package_files(drawing=True), *facts)

    if pdf:
        # Said before a minute's work, not after.
        find_browser()
    cache = Cache(folder, used=cached)
    with replaced(out) as aside:
        kept = cache.site(site_key)
        if kept is not None:
            site, notes = kept
            shutil.copytree(site, aside, dirs_exist_ok=True)
            pages = sum(1 for _ in aside.rglob("*.html"))
            return BuildReport(out / "index.html", pages, (), time.perf_counter() - began, notes)
        made, run = _results(
            cache,
            keys,
            folder=folder,
            jobs=jobs or _cores(),
            timeout_s=timeout_s,
            parameters=parameters,
            progress=progress,
            members=settings.inputs,
            languages=languages,
        )
        with without_grammars():
            from regionstudy.report.site import write_site

        built = built or dt.datetime.now(tz=dt.UTC)
        written = write_site(
            aside, made, languages=languages, settings=settings, now=built, single=single
        )
        if pdf:
            _print(aside, languages, progress=progress)
        write_stamp(
            aside,
            study=folder,
            inputs=inputs,
            notebooks=paths,
            languages=languages,
            parameters=parameters,
            built=built,
        )
        notes = written.warnings
        notes += _kept(partial(cache.keep_site, site_key, aside, notes=notes))
    seconds = time.perf_counter() - began
    return BuildReport(out / "index.html", written.pages, run, seconds, notes)


def _print(site: Path, languages: Sequence[str], *, progress: bool) -> None:
    """Print the pages of every language, with a bar."""
    from regionstudy.report.progress import Progress

    folders = [site / lang for lang in languages] if len(languages) > 1 else [site]
    pages = sorted(page for folder in folders for page in folder.glob("*.html"))
    with Progress(len(pages), of="PDF", shown=progress) as bar:
        print_pages(pages, on_page=lambda page: bar.advance(page.name))


def _notebooks(folder: Path) -> list[Path]:
    found = sorted((folder / "notebooks").glob("*.ipynb"))
    found = [path for path in found if path.stem != _EXPLORATORY]
    if not found:
        msg = f"{folder / 'notebooks'}: no notebooks to build pages from."
        raise ReportError(msg)
    return found


def _cores() -> int:
    # The cores this process may use, which can be fewer than there are.
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _results(
    cache: Cache,
    keys: Mapping[Path, str],
    *,
    folder: Path,
    jobs: int,
    timeout_s: float,
    parameters: Mapping[str, object],
    progress: bool,
    members: Sequence[Path],
    languages: Sequence[str],
) -> tuple[dict[str, Mapping[str, Any]], tuple[str, ...]]:
    """Give what each notebook shows, from the cache where it is there; and which were run."""
    made: dict[str, Mapping[str, Any]] = {}
    for path, key in keys.items():
        kept = cache.results(key)
        if kept is not None:
            made[path.name] = kept
    new = [path for path in keys if path.name not in made]
    if new:
        run = _run(
            new,
            folder=folder,
            jobs=min(jobs, len(new)),
            timeout_s=timeout_s,
            parameters=parameters,
            progress=progress,
            members=members,
            languages=languages,
        )
        from regionstudy.report.outputs import slimmed

        for path in new:
            made[path.name] = slimmed(run[path.name])
            _kept(partial(cache.keep_results, keys[path], made[path.name]))
    return {path.name: made[path.name] for path in keys}, tuple(path.name for path in new)


def _run(
    paths: Sequence[Path],
    *,
    progress: bool,
    members: Sequence[Path],
    languages: Sequence[str],
    **options: Any,
) -> dict[str, NotebookNode]:
    """Run notebooks, whose libraries load in one process while ours load in this one."""
    # Without the package, a kernel of its own has less to load.
    ours = any(p.is_file() and b"import regionstudy" in p.read_bytes() for p in paths)
    with ForkServer(members) if ours else nullcontext() as server:
        with without_grammars():
            from regionstudy.report.execute import read_notebook, run_notebooks
        from regionstudy.report.progress import Progress

        read = {path.name: read_notebook(path) for path in paths}
        cells = sum(c.cell_type == "code" for notebook in read.values() for c in notebook.cells)
        with Progress(cells, of="notebooks", shown=progress) as bar:
            return run_notebooks(
                read,
                on_cell=bar.advance,
                meanwhile=_load_drawing,
                on_notebook=partial(_lay_out_maps, languages=languages),
                server=server,
                **options,
            )


def _load_drawing() -> None:
    """Load what writes the pages, and the shapes of the maps, while the kernels work."""
    from regionstudy.report.shapes import polygons, region_paths
    from regionstudy.report.site import load_templates

    load_templates()
    polygons("municipality")
    region_paths("municipality")


def _lay_out_maps(name: str, notebook: NotebookNode, *, languages: Sequence[str]) -> None:
    """Place the labels of a notebook's maps while others run: writing its page finds them."""
    from regionstudy.report.outputs import slimmed
    from regionstudy.report.pages import read_page
    from regionstudy.report.svg import lay_out

    for lang in languages:
        for figure in read_page(slimmed(notebook), name=name, lang=lang).figures:
            for panel in figure["body"].get("maps", ()):
                lay_out(panel)


def _kept(keep: Callable[[], None]) -> tuple[str, ...]:
    """Keep something for the next build; where that fails, this build is as good."""
    try:
        keep()
    except OSError as error:
        return (f"The next build starts anew, for its cache can not be written ({error}).",)
    return ()
