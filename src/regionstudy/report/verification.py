"""Proving a site: that it is as it was built, from this study, and comes out so again."""

from __future__ import annotations

import datetime as dt
import filecmp
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from regionstudy.report.build import build
from regionstudy.report.cache import fingerprint, package_files, versions
from regionstudy.report.stamp import checksums, read_stamp
from regionstudy.report.writing import MARK

if TYPE_CHECKING:
    from collections.abc import Mapping

    from regionstudy.report.settings import SiteSettings

__all__ = ["Difference", "verify"]

_CHANGED = "is not as it was built"


@dataclass(frozen=True, slots=True)
class Difference:
    """
    One thing that is not as the site's stamp says.

    Parameters
    ----------
    file : str
        The file, by its name within the site or the study.
    problem : str
        What is wrong with it.
    remedy : str
        What to do.
    """

    file: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}: {self.problem}. {self.remedy}"


def verify(
    site: Path,
    study: Path,
    *,
    settings: SiteSettings,
    rebuild: bool = True,
    progress: bool = True,
) -> list[Difference]:
    """
    Prove a site against the study that it was made of.

    First each file of the site is held against its checksum in the stamp, then the study's
    figures, member data, settings and notebooks against theirs. Where all is as it was, the
    notebooks are run anew, without any cache, and each page compared with what comes out.

    Parameters
    ----------
    site : Path
        The site's folder.
    study : Path
        The study folder.
    settings : SiteSettings
        As for `regionstudy.report.build`.
    rebuild : bool, default True
        Whether to build it again; without, only checksums are compared.
    progress : bool, default True
        Show a progress bar on stderr while building.

    Returns
    -------
    list of Difference
        What is not as the stamp says; empty where the site is proven.

    Raises
    ------
    ReportError
        If there is no site, or it can not be built again.
    """
    stamp = read_stamp(site)
    found = [
        *_compared(
            stamp["files"],
            {name: sum_ for name, sum_ in checksums(site, [site]).items() if name != MARK},
            "Do not pass this site on; build it again.",
        ),
        *_study(stamp, study, settings),
    ]
    if found or not rebuild:
        return found
    with tempfile.TemporaryDirectory(prefix="regionstudy-") as folder:
        again = Path(folder, "site")
        build(
            study,
            out=again,
            settings=settings,
            lang="both" if len(stamp["languages"]) > 1 else stamp["languages"][0],
            region=stamp["parameters"].get("region"),
            single=any(name.startswith("single/") for name in stamp["files"]),
            built=dt.datetime.fromisoformat(stamp["built"]),
            cached=False,
            progress=progress,
        )
        # A PDF holds the time it was printed; it is as true as the page it was printed from.
        compared = [name for name in stamp["files"] if not name.endswith(".pdf")]
        _, differing, absent = filecmp.cmpfiles(site, again, compared, shallow=False)
    return [
        Difference(
            name,
            "comes out otherwise when built again from the same figures",
            "Tell the developers, and build it again.",
        )
        for name in sorted([*differing, *absent])
    ]


def _study(stamp: Mapping[str, Any], study: Path, settings: SiteSettings) -> list[Difference]:
    """Tell what has changed in the study, and in what built the site."""
    notebooks = [study / "notebooks" / name for name in stamp["notebooks"]]
    now = checksums(study, [study / "data", *settings.inputs, *notebooks])
    found = _compared(
        stamp["inputs"], now, "Build the site again, or verify it against the study it is of."
    )
    package = fingerprint([*package_files(drawing=False), *package_files(drawing=True)])
    if package != stamp["package"]:
        found.append(
            Difference(
                "regionstudy",
                "the package is another than the one that built the site",
                "Install that version, or build the site again.",
            )
        )
    here = versions()
    for name, version in stamp["versions"].items():
        if here.get(name) != version:
            found.append(
                Difference(
                    name,
                    f"is {here.get(name, 'not installed')}, but the site was built with {version}",
                    "Install that version, or build the site again.",
                )
            )
    return found


def _compared(then: Mapping[str, str], now: Mapping[str, str], remedy: str) -> list[Difference]:
    found = []
    for name in sorted({*then, *now}):
        if name not in now:
            found.append(Difference(name, "is gone", remedy))
        elif name not in then:
            found.append(Difference(name, "was not there when the site was built", remedy))
        elif then[name] != now[name]:
            found.append(Difference(name, _CHANGED, remedy))
    return found
