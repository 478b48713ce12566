"""Writing a snapshot: the whole of it aside, then swapped in, so that the last one survives."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from regionstudy.errors import DataError
from regionstudy.store.observations import (
    STATUSES,
    breakdowns,
    count_levels,
    key_columns,
    tidy_observations,
)
from regionstudy.store.snapshot import PACKAGE, PREVIOUS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Self

    import pandas as pd

    from regionstudy.store.snapshot import Snapshot

__all__ = ["SnapshotWriter", "recover", "write_snapshot"]

_FOLDER = "observations"
_REVISIONS = "revisions"
_LICENCES = {
    "CC0-1.0": {
        "name": "CC0-1.0",
        "path": "https://creativecommons.org/publicdomain/zero/1.0/",
        "title": "CC0 1.0",
    }
}
_REASONS = {
    errno.ENOSPC: ("the disk is full", "Make room and try again."),
    errno.EDQUOT: ("the disk quota is used up", "Make room and try again."),
    errno.EACCES: ("no permission to write there", "Ask for it, or choose another study folder."),
    errno.EPERM: ("no permission to write there", "Ask for it, or choose another study folder."),
    errno.EROFS: ("the disk can only be read", "Choose a study folder on another disk."),
}


def write_snapshot(
    frames: Mapping[str, pd.DataFrame],
    provenance: Mapping[str, Mapping[str, Any]],
    path: Path | str,
) -> None:
    """
    Write a whole snapshot; whatever fails, the last good one stays.

    Parameters
    ----------
    frames : mapping of str to DataFrame
        Observations by indicator id.
    provenance : mapping of str to mapping
        Where each indicator's figures come from; the keys of `Snapshot.provenance`, of which
        ``publisher``, ``source``, ``retrieved`` and ``licence`` must be there.
    path : path-like
        The snapshot's folder; replaced as a whole.

    Raises
    ------
    DataError
        If a frame is no observation frame, provenance is missing, or writing fails (full disk,
        no permission, ...), naming what, where and the remedy.
    """
    with SnapshotWriter(path) as writer:
        for indicator in sorted(frames):
            writer.add(indicator, frames[indicator], provenance.get(indicator, {}))
        writer.replace()


class SnapshotWriter:
    """
    Writes a snapshot aside, indicator by indicator, and then puts it in the last one's place.

    Used as a context manager: left without `replace`, nothing has happened.

    Parameters
    ----------
    path : path-like
        The snapshot's folder.
    """

    def __init__(self, path: Path | str) -> None:
        self._folder = Path(path)
        self._aside: Path | None = None
        self._resources: dict[str, dict[str, Any]] = {}
        self._revisions: dict[str, dict[str, Any]] = {}

    def add(self, indicator: str, frame: pd.DataFrame, provenance: Mapping[str, Any]) -> None:
        """
        Write an indicator's observations.

        Parameters
        ----------
        indicator : str
            The id.
        frame : DataFrame
            Its observations.
        provenance : mapping
            Where they come from; see `write_snapshot`.

        Raises
        ------
        DataError
            As `write_snapshot`.
        """
        tidy = tidy_observations(frame, indicator=indicator)
        missing = {"publisher", "source", "retrieved", "licence"} - set(provenance)
        if missing:
            shown = ", ".join(sorted(missing))
            msg = f"{indicator}: its provenance lacks {shown}. Say where it is from."
            raise DataError(msg)
        content = _encode(tidy)
        place = f"{_FOLDER}/{indicator}.parquet"
        self._write(place, content)
        self._resources[indicator] = _resource(indicator, tidy, provenance, place, content)

    def revise(self, indicator: str, revised: pd.DataFrame) -> None:
        """
        Write the cells of an indicator that were others before.

        Parameters
        ----------
        indicator : str
            The id.
        revised : DataFrame
            All of its earlier vintages; see `Snapshot.revisions`.
        """
        content = _encode(revised)
        place = f"{_REVISIONS}/{indicator}.parquet"
        self._write(place, content)
        self._revisions[indicator] = {"path": place, "rows": len(revised), **_sums(content)}

    def keep(self, snapshot: Snapshot) -> None:
        """
        Take over, file by file, what a snapshot holds and has not been written anew.

        Parameters
        ----------
        snapshot : Snapshot
            The one to be replaced.

        Raises
        ------
        DataError
            If one of its files is missing or not the one described, or writing fails.
        """
        for mine, theirs in (
            (self._resources, snapshot.resources),
            (self._revisions, snapshot.revised),
        ):
            for indicator, resource in theirs.items():
                if indicator not in mine:
                    self._write(str(resource["path"]), snapshot.verified(resource))
                    mine[indicator] = dict(resource)

    def replace(self) -> None:
        """
        Put what was written in the place of the last snapshot.

        Raises
        ------
        DataError
            If it can not be: the last one stands.
        """
        resources = [self._resources[one] for one in sorted(self._resources)]
        package = _package(resources)
        if self._revisions:
            package["revisions"] = dict(sorted(self._revisions.items()))
        described = json.dumps(package, ensure_ascii=False, indent=1) + "\n"
        self._write(PACKAGE, described.encode())
        with self._explained():
            assert self._aside is not None
            _swap(self._aside, self._folder)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        # Also after Ctrl-C: what was written aside is of no use to anyone.
        if self._aside is not None:
            shutil.rmtree(self._aside, ignore_errors=True)

    def _write(self, place: str, content: bytes) -> None:
        with self._explained():
            if self._aside is None:
                self._folder.parent.mkdir(parents=True, exist_ok=True)
                recover(self._folder)
                prefix = _aside_prefix(self._folder)
                made = tempfile.mkdtemp(prefix=prefix, dir=self._folder.parent)
                self._aside = Path(made)
                self._aside.chmod(0o755)
            file = self._aside / place
            file.parent.mkdir(exist_ok=True)
            file.write_bytes(content)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            what, remedy = _REASONS.get(
                error.errno or 0,
                (error.strerror or str(error), "Check the folder and try again."),
            )
            msg = (
                f"{self._folder}: the snapshot could not be written: {what}. {remedy} "
                f"The snapshot before it is unchanged."
            )
            raise DataError(msg) from error


def recover(folder: Path) -> None:
    """
    Put back a snapshot that a killed write left aside, and clear away what it had begun.

    Parameters
    ----------
    folder : Path
        The snapshot's folder.
    """
    for begun in folder.parent.glob(f"{_aside_prefix(folder)}*"):
        shutil.rmtree(begun, ignore_errors=True)
    previous = folder.with_name(folder.name + PREVIOUS)
    if not previous.exists():
        return
    if folder.exists():
        shutil.rmtree(previous)
    else:
        os.replace(previous, folder)  # noqa: PTH105 (the tests make this very call fail)


def _aside_prefix(folder: Path) -> str:
    return f".{folder.name}-"


def _swap(aside: Path, folder: Path) -> None:
    previous = folder.with_name(folder.name + PREVIOUS)
    if not folder.exists():
        os.replace(aside, folder)  # noqa: PTH105
        return
    # A folder can not be renamed onto one that has files: two renames, and back if cut off.
    try:
        os.replace(folder, previous)  # noqa: PTH105
        os.replace(aside, folder)  # noqa: PTH105
    except BaseException:
        if previous.exists() and not folder.exists():
            previous.rename(folder)
        raise
    shutil.rmtree(previous, ignore_errors=True)


def _encode(frame: pd.DataFrame) -> bytes:
    import pyarrow as pa  # type: ignore[import-untyped]
    import pyarrow.parquet as pq  # type: ignore[import-untyped]

    numbers = [column for column in ("value", "value_now") if column in frame.columns]
    columns = {
        column: pa.array(frame[column].astype("str")).cast(pa.string())
        for column in frame.columns
        if column not in numbers
    }
    for column in numbers:
        columns[column] = pa.array(frame[column], pa.float64(), from_pandas=True)
    table = pa.table({column: columns[column] for column in frame.columns})
    sink = pa.BufferOutputStream()
    # No schema of pandas or Arrow inside, one row group: the same rows give the same bytes.
    pq.write_table(
        table,
        sink,
        compression="zstd",
        compression_level=19,
        use_dictionary=True,
        row_group_size=max(len(frame), 1),
        store_schema=False,
    )
    return bytes(sink.getvalue())


def _resource(
    indicator: str,
    frame: pd.DataFrame,
    provenance: Mapping[str, Any],
    place: str,
    content: bytes,
) -> dict[str, Any]:
    periods = sorted(frame["period"].unique())
    publisher = {"title": provenance["publisher"], "path": provenance.get("url")}
    fields = [{"name": column, "type": "string"} for column in frame.columns if column != "value"]
    fields.insert(list(frame.columns).index("value"), {"name": "value", "type": "number"})
    return {
        "name": indicator,
        "path": place,
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        **_sums(content),
        "sources": [{key: text for key, text in publisher.items() if text}],
        "licenses": [_licence(provenance["licence"])],
        "schema": {"fields": fields, "primaryKey": key_columns(frame)},
        "indicator": indicator,
        "rows": len(frame),
        "missing": int(frame["value"].isna().sum()),
        "periods": {
            "first": periods[0] if periods else "",
            "last": periods[-1] if periods else "",
            "periods": len(periods),
        },
        "levels": count_levels(frame["region"]),
        "breakdowns": breakdowns(frame),
        "provenance": dict(provenance),
    }


def _sums(content: bytes) -> dict[str, Any]:
    return {
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
    }


def _package(resources: list[dict[str, Any]]) -> dict[str, Any]:
    sources = {one["sources"][0]["title"]: one["sources"][0] for one in resources}
    licences = {one["licenses"][0]["name"]: one["licenses"][0] for one in resources}
    newest = max((one["provenance"]["retrieved"] for one in resources), default="1970-01-01")
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "regionstudy-snapshot",
        "title": "Official Swedish figures of the regionstudy snapshot",
        "description": "One row a value: region, indicator, period, breakdowns, value, status. "
        f"Status: {', '.join(repr(status) for status in STATUSES)}.",
        # The day of the newest figure, not of writing: the same import gives the same bytes.
        "created": f"{newest}T00:00:00Z",
        "licenses": [licences[name] for name in sorted(licences)],
        "sources": [sources[title] for title in sorted(sources)],
        "resources": resources,
    }


def _licence(name: str) -> dict[str, str]:
    plain = "".join(sign if sign.isalnum() else "-" for sign in name.lower())
    return _LICENCES.get(name, {"name": "-".join(filter(None, plain.split("-"))), "title": name})
