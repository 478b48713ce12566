"""The stamp of a site: what it was made of, and what it is, file by file."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from regionstudy.errors import ReportError
from regionstudy.report.cache import fingerprint, package_files, versions
from regionstudy.report.writing import MARK

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

__all__ = ["checksums", "read_stamp", "write_stamp"]

_ENTRIES = {
    "built": str,
    "languages": list,
    "parameters": dict,
    "versions": dict,
    "notebooks": list,
    "package": str,
    "inputs": dict,
    "files": dict,
}


def checksums(folder: Path, files: Iterable[Path]) -> dict[str, str]:
    """
    Give the checksums of files and of all files in folders.

    Parameters
    ----------
    folder : Path
        What names are relative to; a file elsewhere goes by its name alone.
    files : iterable of Path
        Files and folders; one that is absent has no checksum.

    Returns
    -------
    dict of str to str
        SHA-256 in hexadecimals, by name, sorted.
    """
    found = {}
    for given in files:
        inside = given.rglob("*") if given.is_dir() else [given]
        for path in inside:
            if path.is_file():
                own = path.relative_to(folder) if path.is_relative_to(folder) else path.name
                name = own if isinstance(own, str) else own.as_posix()
                found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return dict(sorted(found.items()))


def write_stamp(
    site: Path,
    *,
    study: Path,
    inputs: Sequence[Path],
    notebooks: Sequence[Path],
    languages: Sequence[str],
    parameters: Mapping[str, object],
    built: dt.datetime,
) -> None:
    """
    Write a site's stamp, once all its other files are there.

    Parameters
    ----------
    site : Path
        The site's folder.
    study : Path
        The study folder.
    inputs : sequence of Path
        The files and folders that notebooks read.
    notebooks : sequence of Path
        The notebooks.
    languages : sequence of str
        The languages written.
    parameters : mapping of str to object
        What notebooks were given.
    built : datetime
        When.

    Raises
    ------
    OSError
        If it can not be written.
    """
    stamp = {
        "built": built.isoformat(timespec="seconds"),
        "languages": list(languages),
        "parameters": dict(parameters),
        "versions": versions(),
        "notebooks": [path.name for path in notebooks],
        "package": fingerprint([*package_files(drawing=False), *package_files(drawing=True)]),
        "inputs": checksums(study, [*inputs, *notebooks]),
        "files": checksums(site, [site]),
    }
    text = json.dumps(stamp, ensure_ascii=False, indent=1)
    (site / MARK).write_text(text + "\n", encoding="utf-8", newline="\n")


def read_stamp(site: Path) -> dict[str, Any]:
    """
    Read a site's stamp.

    Parameters
    ----------
    site : Path
        The site's folder.

    Returns
    -------
    dict
        As `write_stamp` wrote it.

    Raises
    ------
    ReportError
        If there is none, or it is not whole.
    """
    path = site / MARK
    try:
        stamp = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        msg = (
            f"{path}: can not be read ({error.strerror}). Name the folder of a site, which "
            "`regionstudy build` makes."
        )
        raise ReportError(msg) from error
    except ValueError as error:
        msg = f"{path}: is no stamp of a site ({error}). Build the site again."
        raise ReportError(msg) from error
    whole = isinstance(stamp, dict) and all(
        isinstance(stamp.get(key), kind) for key, kind in _ENTRIES.items()
    )
    if not whole:
        msg = (
            f"{path}: lacks what a site can be verified by, as sites of earlier versions do. "
            "Build the site again."
        )
        raise ReportError(msg)
    found: dict[str, Any] = stamp
    return found
