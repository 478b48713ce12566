"""What ``regionstudy fetch`` does: which indicators are meant, and where the study lies."""

from __future__ import annotations

import difflib
from contextlib import contextmanager
from typing import TYPE_CHECKING

from regionstudy.catalogue import Catalogue
from regionstudy.console.connection import connect, own_study
from regionstudy.console.messages import waiting
from regionstudy.errors import ConfigError, SourceError
from regionstudy.geography import municipalities_in
from regionstudy.indicators.formula import parse
from regionstudy.settings import read_settings
from regionstudy.store.fetch import fetch

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from regionstudy.catalogue import Indicator

__all__ = ["fetch_figures"]

SOURCES = ("scb", "kolada", "jobtech")


def fetch_figures(
    study: Path | None,
    *,
    sources: Sequence[str],
    ids: Sequence[str],
    since: int | None,
    dry_run: bool,
    full: bool,
    partial: bool,
    yes: bool,
    offline: bool,
    base_urls: Iterable[str],
) -> str:
    """
    Refresh a study's snapshot from the live services, or say what that would take.

    Parameters
    ----------
    study : Path or None
        A study folder; None for the one stood in.
    sources : sequence of str
        Only these sources; all without any.
    ids : sequence of str
        Only these indicators, and those that they are computed from; all without any.
    since : int or None
        The first year wanted.
    dry_run, partial, yes : bool
        As in `regionstudy.store.fetch.fetch`.
    full : bool
        Whether a dry run writes each request as a command line.
    offline : bool
        Whether no service may be asked.
    base_urls : iterable of str
        The values of ``--base-url``.

    Returns
    -------
    str
        The plan, or what was done.

    Raises
    ------
    ConfigError
        If there is no study here, an id or source is unknown, or services are needed offline.
    SourceError, DataError
        As `regionstudy.store.fetch.fetch`.
    """
    if offline and not dry_run:
        msg = "fetch asks the services, and --offline forbids it. Leave --offline out."
        raise ConfigError(msg)
    catalogue = Catalogue.load()
    if study is not None and str(study) in catalogue and not study.is_dir():
        msg = f"{study} is an indicator, not a study's folder. Write: --indicator {study}"
        raise ConfigError(msg)
    folder = own_study(study)
    if folder is None:
        msg = (
            "There is no study here to fetch into. Go into a study's folder or name it, or make "
            "one with: regionstudy new FOLDER --region 22"
        )
        raise ConfigError(msg)
    settings = read_settings(folder)
    wanted = _chosen(catalogue, ids, sources)
    work = folder / ".regionstudy" / "fetch"
    with (
        connect(folder, offline=offline, base_urls=base_urls) as clients,
        _answer_kept(work / "answer-as-it-came.txt"),
    ):
        report = fetch(
            folder / "data" / "snapshot",
            work,
            wanted,
            clients,
            regions=municipalities_in(settings.region),
            since=since,
            named=bool(ids),
            dry_run=dry_run,
            partial=partial,
            yes=yes,
            waiting=waiting,
        )
    if dry_run:
        return report.plan.text(full=full)
    left = report.plan.left_out
    if ids and left and not (report.fetched or report.plan.unchanged):
        told = " ".join(f"({name}) {why}." for name, why in left.items())
        msg = f"Nothing could be fetched of what was named: {told}"
        raise ConfigError(msg)
    return report.summary()


@contextmanager
def _answer_kept(file: Path) -> Iterator[None]:
    """Where a service answers what it does not promise, keep the answer for a report of it."""
    try:
        yield
    except SourceError as error:
        if error.status != 200 or not error.content:
            raise
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(error.content)
        raise SourceError(
            str(error),
            url=error.url,
            status=error.status,
            remedy=f"The answer as it came is in {file}: send it along with the report.",
            what=error.what,
            content=error.content,
        ) from error


def _chosen(catalogue: Catalogue, ids: Sequence[str], sources: Sequence[str]) -> list[Indicator]:
    """Give the observed indicators that are meant: a computed one stands for its parts."""
    for source in sources:
        if source not in SOURCES:
            near = difflib.get_close_matches(source, SOURCES, n=1)
            hint = f' Did you mean "{near[0]}"?' if near else ""
            msg = f'There is no source "{source}".{hint} Choose among {", ".join(SOURCES)}.'
            raise ConfigError(msg)
    wanted = dict.fromkeys(part for one in ids or catalogue for part in _parts(catalogue, one))
    kinds = {one: getattr(catalogue[one].source, "kind", "") for one in wanted}
    chosen = [catalogue[one] for one in wanted if not sources or kinds[one] in sources]
    if ids and not chosen:
        told = ", ".join(f"{one} ({kind})" for one, kind in kinds.items())
        msg = f"None of what was named is of {' or '.join(sources)}: {told}. Leave --source out."
        raise ConfigError(msg)
    return chosen


def _parts(catalogue: Catalogue, name: str) -> list[str]:
    formula = catalogue[name].formula
    if not formula:
        return [name]
    return [
        leaf for part in parse(formula, known=catalogue).names for leaf in _parts(catalogue, part)
    ]
