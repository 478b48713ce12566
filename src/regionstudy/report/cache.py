"""What earlier builds left behind: shown results and finished sites, by what they rest on."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import platform
import shutil
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["Cache", "fingerprint", "package_files", "versions"]

_PACKAGE = Path(__file__).parents[1]
# What a page's content and look can depend on besides our own files.
_LIBRARIES = (
    "babel",
    "geopandas",
    "ipykernel",
    "jinja2",
    "mistune",
    "nbclient",
    "nbconvert",
    "nh3",
    "numpy",
    "pandas",
    "plotly",
    "pyarrow",
    "regionstudy",
    "scipy",
    "shapely",
)
_RUNNING = ("execute.py", "fork_server.py", "forked_kernels.py", "kernels.py")
_KEPT_SITES = 4
_KEPT_RESULTS = 60


def versions() -> dict[str, str]:
    """
    Give the versions of Python and of the libraries that pages rest on.

    Returns
    -------
    dict of str to str
        By name.
    """
    return dict(_versions())


@cache
def _versions() -> dict[str, str]:
    # Every page names some of them, and each has a file of metadata to be read.
    found = {"python": platform.python_version()}
    for name in _LIBRARIES:
        with contextlib.suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


@cache
def package_files(*, drawing: bool) -> tuple[Path, ...]:
    """
    List the package's own files.

    Parameters
    ----------
    drawing : bool
        Whether to include those that only make pages of results: all of ``report`` but the
        modules that run notebooks.

    Returns
    -------
    tuple of Path
        Sorted; neither compiled files nor the study files that come with a wheel.
    """
    found = []
    for folder, folders, names in os.walk(_PACKAGE):
        folders[:] = [name for name in folders if name not in ("__pycache__", "study_files")]
        found += [Path(folder, name) for name in names]
    report = _PACKAGE / "report"
    if not drawing:
        found = [
            path
            for path in found
            if path.name != "report.po" and (report not in path.parents or path.name in _RUNNING)
        ]
    return tuple(sorted(found))


def fingerprint(files: Iterable[Path], *facts: object) -> str:
    """
    Make one key of files' contents and other facts.

    Parameters
    ----------
    files : iterable of Path
        Files, and folders of which every file counts. One that is absent counts as absent.
    *facts : object
        Whatever else decides, as JSON can hold it.

    Returns
    -------
    str
        A SHA-256 in hexadecimals.
    """
    made = hashlib.sha256()
    for given in files:
        inside = sorted(p for p in given.rglob("*") if p.is_file()) if given.is_dir() else [given]
        for path in inside:
            made.update(f"\0{path.name}\0".encode())
            with contextlib.suppress(FileNotFoundError):
                made.update(hashlib.sha256(path.read_bytes()).digest())
    made.update(json.dumps(facts, sort_keys=True).encode())
    return made.hexdigest()


class Cache:
    """
    The cache of one study folder.

    A cache is a convenience: an entry that is broken counts as absent.

    Parameters
    ----------
    study : Path
        The study folder; the cache is its ``.regionstudy/cache``.
    used : bool, default True
        Whether anything is taken from it or left in it.
    """

    def __init__(self, study: Path, *, used: bool = True) -> None:
        self._folder = study / ".regionstudy" / "cache"
        self._used = used

    def results(self, key: str) -> dict[str, Any] | None:
        """
        Give a run notebook.

        Parameters
        ----------
        key : str
            From `fingerprint`.

        Returns
        -------
        dict or None
            The notebook as JSON; None where it is not kept.
        """
        if not self._used:
            return None
        path = self._folder / "results" / f"{key}.json"
        try:
            found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        with contextlib.suppress(OSError):
            os.utime(path)  # so that what is used is kept longest
        return found

    def keep_results(self, key: str, notebook: Mapping[str, Any]) -> None:
        """
        Keep a run notebook.

        Parameters
        ----------
        key : str
            From `fingerprint`.
        notebook : mapping
            The notebook as JSON.

        Raises
        ------
        OSError
            If it can not be written.
        """
        if not self._used:
            return
        path = self._folder / "results" / f"{key}.json"
        self._prepare(path.parent)
        aside = path.with_suffix(f".{os.getpid()}")
        try:
            text = json.dumps(notebook, ensure_ascii=False, separators=(",", ":"))
            aside.write_text(text, encoding="utf-8")
            aside.replace(path)
        finally:
            aside.unlink(missing_ok=True)
        _keep_newest(path.parent, _KEPT_RESULTS)

    def site(self, key: str) -> tuple[Path, tuple[str, ...]] | None:
        """
        Give a finished site and what its build had to note.

        Parameters
        ----------
        key : str
            From `fingerprint`.

        Returns
        -------
        tuple of Path and notes, or None
            Its folder, every file as it was written; None where it is not kept whole.
        """
        if not self._used:
            return None
        folder = self._folder / "sites" / key
        try:
            kept = json.loads((folder / "kept.json").read_text("utf-8"))
            files: dict[str, str] = kept["files"]
            whole = all(_checksum(folder / "site" / name) == sum_ for name, sum_ in files.items())
        except (OSError, ValueError):
            return None
        if not whole:
            return None
        with contextlib.suppress(OSError):
            os.utime(folder)
        return folder / "site", tuple(kept["notes"])

    def keep_site(self, key: str, site: Path, *, notes: Iterable[str]) -> None:
        """
        Keep a finished site.

        Parameters
        ----------
        key : str
            From `fingerprint`.
        site : Path
            Its folder.
        notes : iterable of str
            What its build had to note.

        Raises
        ------
        OSError
            If it can not be written.
        """
        if not self._used:
            return
        folder = self._folder / "sites" / key
        self._prepare(folder.parent)
        aside = folder.with_suffix(f".{os.getpid()}")
        try:
            shutil.copytree(site, aside / "site")
            files = sorted(path for path in (aside / "site").rglob("*") if path.is_file())
            listed = {p.relative_to(aside / "site").as_posix(): _checksum(p) for p in files}
            kept = json.dumps({"files": listed, "notes": list(notes)})
            (aside / "kept.json").write_text(kept, encoding="utf-8")
            shutil.rmtree(folder, ignore_errors=True)
            aside.replace(folder)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
        _keep_newest(folder.parent, _KEPT_SITES)

    def _prepare(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        # Ours alone to write, and never part of a commit.
        ignore = self._folder.parent / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n", encoding="utf-8")


def _checksum(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _keep_newest(folder: Path, count: int) -> None:
    entries = sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
    for entry in entries[count:]:
        if entry.is_dir():
            shutil.rmtree(entry, ignore_errors=True)
        else:
            entry.unlink(missing_ok=True)
